"""Every named statement: it can be prepared on the migrated schema, it is used, and the hot ones look up by key."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

import regulars
from regulars.db.pool import Database
from regulars.db.queries import blocks

SOURCE = Path(regulars.__file__).parent
FILES = sorted(
    path for path in SOURCE.rglob("*.sql") if "migrations" not in path.parts and path.name != "schema.sql"
)
HOT = {
    "flows/standing.sql": {"resolve", "first_answers", "purchases_before", "keep", "claim"},
    "flows/spending.sql": {"spent_by_member"},
    "flows/facts.sql": {
        "turnover",
        "visits",
        "last_purchases",
        "accounts",
        "consents",
        "marks",
        "activations",
    },
    "promotions/queries.sql": {
        "uses",
        "claim",
        "claim_over_slices",
        "claims_of",
        "end_holds",
        "look_up_codes",
        "batches_named",
        "used_of_total",
    },
    "ledger/queries.sql": {"lock", "pages"},
    "flows/make_snapshot.sql": {"spenders"},
    "purchases/offline/queries.sql": {"copies", "used", "risked", "conflicts", "gaps", "devices_of_stores"},
    "programs/deliveries.sql": {"take_lanes", "first_waiting", "next_waiting", "by_id", "page", "replay_one"},
}
_PLACE = re.compile(r"%(\((\w+)\))?[sbt]|%%")


def statements() -> list[tuple[str, str, str]]:
    return [
        (str(path.relative_to(SOURCE)), name, text)
        for path in FILES
        for name, text in blocks(path.read_text(encoding="utf-8")).items()
    ]


def numbered(text: str) -> str:
    """The statement with $1, $2 … for its places."""
    named: dict[str, int] = {}
    count = 0

    def place(match: re.Match[str]) -> str:
        nonlocal count
        if match[0] == "%%":
            return "%"
        if match[2] and match[2] in named:
            return f"${named[match[2]]}"
        count += 1
        if match[2]:
            named[match[2]] = count
        return f"${count}"

    return _PLACE.sub(place, text)


@pytest.mark.parametrize(("file", "name", "text"), statements(), ids=lambda value: str(value)[:40])
def test_a_statement_can_be_prepared(administrator_url: str, file: str, name: str, text: str) -> None:
    with psycopg.connect(administrator_url) as connection:
        connection.execute(f"PREPARE tried AS {numbered(text)}".encode())
        row = connection.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE name = 'tried'"
        ).fetchone()
    assert row == (1,), f"{file} {name}"


def test_no_statement_is_unused() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    unused = [
        f"{file} {name}"
        for file, name, _ in statements()
        if file != "ledger/checks.sql"  # which `ledger.check` runs from the first to the last
        and not re.search(rf"\bSQL\.{name}\b", code)
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("file", "name", "text"),
    [s for s in statements() if s[1] in HOT.get(s[0], set())],
    ids=lambda v: str(v)[:30],
)
async def test_a_hot_statement_reads_no_whole_table_even_when_planned_on_empty_ones(
    database: Database, file: str, name: str, text: str
) -> None:
    prepared = numbered(text)
    places = len(set(re.findall(r"\$(\d+)", prepared)))
    async with database.transaction(None) as tx:
        await tx.execute(f"PREPARE hot AS {prepared}".encode())
        arguments = f"({', '.join(['NULL'] * places)})" if places else ""
        rows = await (await tx.execute(f"EXPLAIN EXECUTE hot{arguments}".encode())).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert not re.findall(r"Seq Scan on (\w+)|Hash Join|Merge Join", plan), plan
    conditions = re.findall(r"Index Cond: (.*)", plan)
    assert [c for c in conditions if re.fullmatch(r"\(program = \S+\)", c)] == [], plan
    assert (len(conditions) > 0) == (name not in ("claim", "keep"))
