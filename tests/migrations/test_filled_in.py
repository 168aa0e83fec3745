"""A database of before: what a migration fills in for old rows is filled in, though row-level security is forced."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from regulars import ids
from regulars.db import migrate as migrating
from regulars.db.migrate import migrate, migrations
from tests.conftest import START, TestServer, _create, _drop

BEFORE = 46
NUMBERS = count(1)


@pytest.fixture
def old_database(server: TestServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """A database at migration 45: the owner's address, and that of one who may do anything."""
    name = f"regulars_filled_{next(NUMBERS)}"
    _create(server, name, None)
    with monkeypatch.context() as before:
        before.setattr(migrating, "migrations", lambda: [m for m in migrations() if m.number < BEFORE])
        migrate(make_conninfo(server.url, dbname=name))
    yield make_conninfo(server.url, dbname=name), make_conninfo(server.administrator_url, dbname=name)
    _drop(server, name)


def program(administrator: psycopg.Connection) -> UUID:
    """A program of before; its id."""
    made = ids.new()
    administrator.execute(
        "INSERT INTO program (id, name, base_currency, time_zone, languages, sandbox, settings, created_at)"
        " VALUES (%s, 'Old', 'EUR', 'Europe/Riga', '{lv}', false, '{}', %s)",
        (made, START),
    )
    return made


def vouchers(administrator: psycopg.Connection, owner: UUID, name: str, document: dict[str, str]) -> None:
    """A batch of vouchers of before."""
    batch = ids.new()
    administrator.execute(
        "INSERT INTO code_batch (program, id, name, pattern, wanted, uses, created_at, created_by)"
        " VALUES (%s, %s, %s, '####', 0, 1, %s, 'x')",
        (owner, batch, name, START),
    )
    administrator.execute(
        "INSERT INTO voucher_definition (program, batch, document, created_at) VALUES (%s, %s, %s, %s)",
        (owner, batch, Jsonb(document), START),
    )


def test_batches_of_single_purpose_vouchers_of_every_program_have_their_rate(
    old_database: tuple[str, str],
) -> None:
    url, administrator_url = old_database
    with psycopg.connect(administrator_url) as administrator:
        for rate in ("21", "5.5"):
            owner = program(administrator)
            vouchers(administrator, owner, "single", {"purpose": "single", "tax_rate": rate})
            vouchers(administrator, owner, "multi", {"purpose": "multi"})
    migrate(url)
    with psycopg.connect(administrator_url) as administrator:
        rows = administrator.execute(
            "SELECT name, tax_rate FROM code_batch ORDER BY name, tax_rate"
        ).fetchall()
    assert rows == [("multi", None), ("multi", None), ("single", "21"), ("single", "5.5")]


def test_a_draft_of_before_versions_were_counted_is_the_first(old_database: tuple[str, str]) -> None:
    url, administrator_url = old_database
    with psycopg.connect(administrator_url) as administrator:
        owner = program(administrator)
        for name, draft, version in (("old", {}, 0), ("new", {}, 3), ("none", None, 0)):
            administrator.execute(
                "INSERT INTO promotion (program, id, draft, draft_version, drafted_at, drafted_by, status, created_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, 'draft', %s)",
                (owner, ids.new(), None if draft is None else Jsonb(draft), version, START, name, START),
            )
    migrate(url)
    with psycopg.connect(administrator_url) as administrator:
        rows = administrator.execute("SELECT drafted_by, draft_version FROM promotion").fetchall()
        forced = administrator.execute(
            "SELECT relname FROM pg_class WHERE relname IN ('promotion', 'code_batch', 'voucher_definition')"
            " AND NOT relforcerowsecurity"
        ).fetchall()
    assert (dict(rows), forced) == ({"old": 1, "new": 3, "none": 0}, [])
