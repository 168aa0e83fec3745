"""Personal data stand where they may: names, phones, emails and answers are planted, and looked for everywhere else."""

from __future__ import annotations

import asyncio
import logging
import zlib
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from rich.console import Console

from regulars import ids
from regulars.cli.importing_members import ImportOfMembers
from regulars.cli.importing_members import run as import_members
from regulars.cli.places import Place
from regulars.db.pool import Database
from regulars.members import reading, vault, wallet
from regulars.members.vault import Keyring
from regulars.members.wallet import Printed
from tests.api.conftest import SECRET, Api, Letters
from tests.api.games import GOOD, SURVEY
from tests.api.shop import MEMBER_POINTS, buy, line, publish, record, take_back
from tests.conftest import MASTER_KEY, MASTER_KEYS, START

PHONE, NEW_PHONE, STRANGER, IMPORTED = "+37129876501", "+37129876502", "+37129876503", "+37129876504"
CANARIES = {
    "name": "Zvirbulcanary",
    "phone": "29876501",
    "changed phone": "29876502",
    "phone of nobody": "29876503",
    "imported phone": "29876504",
    "email": "canarymail",
    "external id": "crm-canary-77",
    "attribute": "answercanary",
    "birthday": "1987-06-05",
    "imported name": "Importcanary",
    "card of others": "gymcanary",
    "household": "familycanary",
    "company": "companycanary",
    "registration number": "40003canary",
    "account's attribute": "billingcanary",
    "text of an activity": "reviewcanary",
    "answer in a survey": "surveycanary",
    "anonymous answer": "namelesscanary",
}
ROWS = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""


async def played(shop: Api, letters: Letters, database: Database) -> str:
    """Everything that touches a person; her id."""
    await publish(shop, MEMBER_POINTS)
    made = await shop.post(
        "/v1/members",
        {
            "name": "Anna Zvirbulcanary", "phone": PHONE, "email": "canarymail@example.lv",
            "external_id": "crm-canary-77", "birthday": "1987-06-05", "attributes": {"likes": "answercanary"},
        },
    )  # fmt: skip
    assert made.status_code == 201, made.text
    member = made.json()["id"]
    for body in ({"phone": PHONE}, {"email": "canarymail@example.lv"}, {"external_id": "crm-canary-77"}):
        assert (await shop.post("/v1/members/find", body)).status_code == 200
    assert (await shop.post("/v1/members/find", {"phone": STRANGER}, scope="till")).status_code == 404
    assert (await shop.post("/v1/members", {"phone": PHONE, "name": "Anna Zvirbulcanary"})).status_code == 409
    wrong = {"phone": PHONE + "99999999", "email": "canarymail", "name": "Zvirbulcanary\x01"}
    assert (await shop.post("/v1/members", wrong)).status_code == 422
    assert (await shop.post("/v1/members", {"zvirbulcanary": PHONE})).status_code == 422
    await record(shop, buy("r-1", None, [line(1, 500)], phone=PHONE))
    bought = await record(shop, buy("r-2", None, [line(1, 700)], email="canarymail@example.lv", hold=True))
    assert (await shop.post(f"/v1/purchases/{bought['id']}/confirm")).status_code == 200
    unknown = buy("r-3", None, [line(1, 700)], phone=STRANGER)
    assert (await shop.post("/v1/purchases", unknown, scope="till")).status_code == 404
    await take_back(shop, bought["id"], "b-1", (1, "1"))
    asked = await shop.post(f"/v1/members/{member}/challenges", {"purpose": "confirm"}, scope="till")
    assert asked.status_code == 201, asked.text
    await letters.code(PHONE)
    consent = {"channel": "email", "purpose": "marketing", "granted": True}
    assert (await shop.post(f"/v1/members/{member}/consents", consent)).status_code == 201
    changed = await shop.patch(f"/v1/members/{member}", {"phone": NEW_PHONE})
    assert changed.status_code == 200, changed.text
    opened = vault.of(Keyring(SECRET, MASTER_KEYS), shop.program.id)
    async with database.transaction(shop.program.id) as tx:
        card = Printed("gymcanary", "qr", "gymcanary")
        await wallet.add(tx, shop.program.id, opened, ids.read("mem", member), card, START)
    await in_own_words(shop, member)
    for path in ("", "/export", "/balance", "/statement", "/consents", "/cards"):
        assert (await shop.get(f"/v1/members/{member}{path}")).status_code == 200
    return member


async def in_own_words(shop: Api, member: str) -> None:
    """What she calls her household, and what she writes; a company is opened twice by one request."""
    household = {"kind": "household", "name": "Familycanary", "attributes": {"flat": "billingcanary"}}
    assert (await shop.post("/v1/accounts", {**household, "owner": member})).status_code == 201
    company = {
        "kind": "company", "name": "SIA Companycanary", "registration_number": "40003canary",
        "attributes": {"billing": "billingcanary 1"},
    }  # fmt: skip
    opened = await shop.post("/v1/accounts", company, key="open-company")
    again = await shop.post("/v1/accounts", company, key="open-company")
    assert (opened.status_code, again.json()) == (201, opened.json())
    shared = f"/v1/accounts/{opened.json()['id']}"
    assert (await shop.patch(shared, {"attributes": {"vat": "billingcanary 2"}})).status_code == 200
    assert (await shop.get(shared)).json()["registration_number"] == "40003canary"
    listed = (await shop.get("/v1/accounts?kind=company")).json()["items"]
    assert [one["name"] for one in listed] == ["SIA Companycanary"]
    kind = {"names": {"en": "Review"}, "fields": [{"name": "text", "type": "text"}]}
    assert (await shop.call("PUT", "/v1/activity-kinds/review", kind)).is_success
    told = {
        "id": "t-1",
        "kind": "review",
        "happened_at": START.isoformat(),
        "data": {"text": "Reviewcanary"},
    }
    sent = await shop.post(f"/v1/members/{member}/events", told, scope="issuer")
    assert sent.status_code == 201, sent.text
    for code, anonymous, word in (("named", False, "surveycanary"), ("secret", True, "namelesscanary")):
        survey = {**SURVEY, "anonymous": anonymous}
        assert (await shop.call("PUT", f"/v1/surveys/{code}", survey)).is_success
        given = {"survey": code, "answers": {**GOOD, "word": word}}
        answered = await shop.post(f"/v1/members/{member}/answers", given)
        assert answered.status_code == 201, answered.text
        results = (await shop.get(f"/v1/surveys/{code}/results")).json()
        assert [one["text"] for one in results["texts"]] == [word]


def imported(url: str, program: str, folder: Path) -> None:
    """A file of members, one of whom cannot be."""
    file = folder / "members.csv"
    file.write_text(f"name,phone\nImportcanary,{IMPORTED}\nImportcanary,{PHONE}12345678\n", encoding="utf-8")
    (folder / "secret").write_bytes(SECRET)
    wanted = ImportOfMembers(file, program, (), False, folder / "errors.csv", 100)
    import_members(url, Place(folder), wanted, Console(file=StringIO()))


def kept(administrator_url: str) -> dict[str, bytes]:
    """Table → everything in it: every row as text, bytes also as they are, and unpacked where they are packed."""
    found: dict[str, bytes] = {}
    with psycopg.connect(administrator_url) as connection:
        for schema, table in connection.execute(ROWS).fetchall():
            every = SQL("SELECT t.*, t::text FROM {} AS t").format(Identifier(schema, table))
            cursor = connection.execute(every)
            texts: list[bytes] = []
            for row in cursor.fetchall():
                texts += [str(row[-1]).encode(), *[part for value in row[:-1] for part in parts(value)]]
            found[f"{schema}.{table}"] = b"\n".join(texts)
    return found


def parts(value: Any) -> list[bytes]:
    if not isinstance(value, bytes):
        return []
    try:
        return [value, zlib.decompress(value)]
    except zlib.error:
        return [value]


def where(places: dict[str, bytes]) -> list[tuple[str, str]]:
    """(place, which canary) of every one that is found, its capitals not counting."""
    return [
        (place, kind)
        for place, text in sorted(places.items())
        for kind, canary in CANARIES.items()
        if canary.casefold().encode() in text.lower()
    ]


async def test_a_person_is_found_nowhere_but_in_the_vault(
    shop: Api,
    letters: Letters,
    database: Database,
    database_url: str,
    administrator_url: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("REGULARS_MASTER_KEY", MASTER_KEY)
    member = await played(shop, letters, database)
    await asyncio.to_thread(imported, database_url, ids.show("prg", shop.program.id), tmp_path)
    measured = (await shop.client.get("/metrics")).content
    logged = capfd.readouterr()
    places = kept(administrator_url)
    assert len(places["public.person"]) > 100, "or the test looks in the wrong place"
    assert b"sku-1" in places["public.purchase"].lower(), "or documents are not unpacked"
    places |= {
        "metrics": measured,
        "output": (logged.out + logged.err).encode(),
        "logs": "\n".join(record.getMessage() for record in caplog.records).encode(),
    }
    assert b"answered" in places["output"], "or the test does not see the log"
    assert where(places) == []
    opened = vault.of(Keyring(SECRET, MASTER_KEYS), shop.program.id)
    async with database.transaction(shop.program.id) as tx:
        profile = await reading.profile(tx, shop.program.id, opened, ids.read("mem", member))
    assert profile is not None
    assert (profile.person.name, profile.person.phone) == ("Anna Zvirbulcanary", NEW_PHONE)


async def test_an_erasure_leaves_nothing_of_whatever_was_played(
    shop: Api, letters: Letters, database: Database
) -> None:
    member = await played(shop, letters, database)
    assert (await shop.delete(f"/v1/members/{member}")).status_code == 200
    certificate = (await shop.get(f"/v1/members/{member}/erasure")).json()["certificate"]
    assert certificate["left"] == {}
    assert {
        "identity", "challenges", "foreign_cards", "likenesses", "open_cards", "household_names", "activity_texts",
        "survey_answers",
    } <= set(certificate["removed"])  # fmt: skip
    async with database.transaction(shop.program.id) as tx:
        rows = await (await tx.execute("SELECT count(*) FROM identifier")).fetchone()
    assert rows == (0,)


def test_the_search_finds_a_canary_in_text_bytes_and_packed_documents() -> None:
    packed = zlib.compress(b'{"name": "Zvirbulcanary"}')
    places = {"text": b"ZVIRBULCANARY", "packed": b"\n".join(parts(packed)), "nothing": b"Zvirbul"}
    assert where(places) == [("packed", "name"), ("text", "name")]
