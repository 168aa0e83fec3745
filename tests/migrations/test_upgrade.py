"""A database of the release before, with its purchases, claims, holds and merges: upgraded, all of it still works.

`release_0011` was written by that release (migrations 1 to 11): `data.sql` are its rows as pg_dump gives them, and
`told.json` is what its API answered about them. It is not to be written anew: no later release could.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from regulars import ids
from regulars.db import migrate as migrating
from regulars.db.migrate import Seal, migrate, migrations, pending
from regulars.db.plain_people import PlainPerson
from regulars.db.pool import Database
from regulars.flows import own_words
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.known_programs import KnownPrograms
from regulars.members.vault import Keyring
from tests.api.conftest import SCOPES, SECRET, Api, serving
from tests.api.shop import balance, refused, take_back
from tests.api.test_cards import assert_the_books_are_in_order
from tests.conftest import MASTER_KEYS, START, TestServer, _create, _drop

RELEASE = Path(__file__).with_name("release_0011")
TOLD: dict[str, Any] = json.loads((RELEASE / "told.json").read_text(encoding="utf-8"))
BOUGHT = TOLD["purchases"]
KEYRING = Keyring(SECRET, MASTER_KEYS)


def _no_plain_person(plain: PlainPerson) -> tuple[int, bytes, bytes]:
    raise AssertionError(plain)


@pytest.fixture
def upgraded_url(server: TestServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The owner's address of a database that the release before filled, brought to this one."""
    name = "regulars_release_0011"
    _create(server, name, None)
    url, administrator = (make_conninfo(one, dbname=name) for one in (server.url, server.administrator_url))
    with monkeypatch.context() as before:
        before.setattr(migrating, "migrations", lambda: [m for m in migrations() if m.number <= 11])
        migrate(url)
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute((RELEASE / "data.sql").read_bytes())
    assert pending(url) == len(migrations()) - 11
    migrate(url, seal=Seal(_no_plain_person, lambda plain: own_words.seal_plain(KEYRING, plain)))
    assert pending(url) == 0
    yield url
    _drop(server, name)


@pytest.fixture
async def old(upgraded_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    """The old program, asked by the till's old key and by new ones."""
    monkeypatch.setattr(
        "tests.api.conftest._KEYS", count(1_000_000)
    )  # the release before used the first of them
    async with Database(upgraded_url) as database, serving(upgraded_url) as client:
        program = (await KnownPrograms(database).of(ids.read("prg", TOLD["program"]))).program
        keys = {
            scope: (await create_key(database, program.id, NewKey((scope,)), at=START))[1] for scope in SCOPES
        }
        yield Api(client, program, {**keys, "till": TOLD["key"]}, database)


def as_then(now: Any, then: Any) -> Any:
    """What is answered now without the fields that came since; nothing may be missing."""
    if isinstance(then, dict):
        return {name: as_then(now[name], value) for name, value in then.items()}
    if isinstance(then, list):
        return [as_then(one, was) for one, was in zip(now, then, strict=True)]
    return now


async def test_what_the_release_before_answered_is_answered_still(old: Api) -> None:
    assert old.database is not None
    anna = TOLD["anna"]
    receipt = (await old.get(f"/v1/purchases/{BOUGHT['with_card']}", scope="till")).json()
    assert as_then(receipt, TOLD["receipt"]) == TOLD["receipt"]
    statement = (await old.get(f"/v1/members/{anna}/statement")).json()["items"]
    assert as_then(statement, TOLD["statement"]) == TOLD["statement"]
    assert await balance(old, anna) == TOLD["balance"]
    read = (await old.get(f"/v1/members/{anna}")).json()
    assert (read["name"], read["phone"], read["birthday"]) == ("Anna Kalniņa", "+37120000001", "1990-02-03")
    assert (await old.post("/v1/members/find", {"phone": "+37120000002"})).json()["id"] == anna, (
        "her duplicate's"
    )
    said = (await old.get(f"/v1/members/{anna}/consents")).json()["history"]
    assert [(one["channel"], one["granted"]) for one in said] == [("sms", True)]
    await assert_the_books_are_in_order(old, old.database)


async def test_what_was_recorded_before_is_claimed_confirmed_returned_and_unmerged_after(old: Api) -> None:
    assert old.database is not None
    anna, card = TOLD["anna"], TOLD["card"]

    async def claim(which: str) -> Any:
        body = {"card": card, "claim_code": TOLD["claim_codes"][which]}
        return await old.post(f"/v1/purchases/{BOUGHT[which]}/claim", body, scope="till")

    assert refused(await claim("claimed"))[:2] == (409, "already_claimed")
    claimed = await claim("unclaimed")
    assert (claimed.status_code, [one["amount"] for one in claimed.json()["earned"]]) == (201, [30])
    assert (await balance(old, anna))["available"] == TOLD["balance"]["available"] + 30
    confirmed = await old.post(f"/v1/purchases/{BOUGHT['held']}/confirm", {}, scope="till")
    assert confirmed.status_code == 200, confirmed.text
    returned = await take_back(old, BOUGHT["with_card"], "ret-2", (2, "1"))
    assert (returned["status"], [one["line"] for one in returned["lines"]]) == ("recorded", [2])
    parted = await old.post(f"/v1/members/{anna}/unmerge", {"member": TOLD["twin"]})
    assert parted.status_code == 200, parted.text
    assert (await old.get(f"/v1/members/{TOLD['twin']}")).json()["name"] == "Anna Kalnina"
    account = (await old.get(f"/v1/accounts/{TOLD['account']}")).json()
    assert (account["name"], account["kind"]) == ("Kalniņi", "household")
    await assert_the_books_are_in_order(old, old.database)
