"""What is kept of a request cannot be tried out by whoever has the database alone, and older hashes still count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from psycopg.sql import SQL, Identifier

from regulars import ids
from regulars.db import requests
from regulars.flows.activity_sent import NewActivity
from tests.api.conftest import SECRET, Api
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish, refused
from tests.conftest import START

PHONE = "+37120000077"


async def kept(shop: Api, table: str, plain: bytes | None = None) -> list[bytes]:
    """The hashes that a table keeps of requests; `plain`: in the place of all of them this one is kept first."""
    assert shop.database is not None
    async with shop.database.transaction(shop.program.id) as tx:
        if plain is not None:
            await tx.execute(SQL("UPDATE {} SET digest = %s").format(Identifier(table)), (plain,))
        rows = await (await tx.execute(SQL("SELECT digest FROM {}").format(Identifier(table)))).fetchall()
    return [bytes(row[0]) for row in rows]


@pytest.fixture
def body() -> dict[str, Any]:
    return {"phone": PHONE}


async def test_nobody_finds_out_by_trying_which_phone_was_enrolled(shop: Api, body: dict[str, Any]) -> None:
    made = await shop.post("/v1/members", body, key="enrol-once")
    assert made.status_code == 201, made.text
    guessed = requests.digest("POST /v1/members", body)
    assert guessed not in await kept(shop, "request_key")


async def test_a_request_of_before_is_answered_again_and_another_one_under_its_key_is_refused(
    shop: Api, body: dict[str, Any]
) -> None:
    made = await shop.post("/v1/members", body, key="enrol-once")
    plain = requests.digest("POST /v1/members", body)
    assert await kept(shop, "request_key", plain) == [plain]
    again = await shop.post("/v1/members", body, key="enrol-once")
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    other = await shop.post("/v1/members", {"phone": "+37120000078"}, key="enrol-once")
    assert refused(other) == (409, "request_key_reused", None)


async def test_a_purchase_by_a_phone_is_kept_under_the_secret_and_one_of_before_is_answered_again(
    shop: Api, body: dict[str, Any]
) -> None:
    await publish(shop, MEMBER_POINTS)
    assert (await shop.post("/v1/members", body)).status_code == 201
    bought = buy("r-1", None, [line(1, 500)], phone=PHONE)
    first = await shop.post("/v1/purchases", bought, scope="till")
    assert first.status_code == 201, first.text
    plain = requests.digest("POST /v1/purchases", bought)
    assert plain not in await kept(shop, "request_key")
    await kept(shop, "request_key", plain)
    again = await shop.post("/v1/purchases", bought, scope="till")
    assert again.json()["id"] == first.json()["id"]
    other = await shop.post("/v1/purchases", buy("r-1", None, [line(1, 600)], phone=PHONE), scope="till")
    assert refused(other) == (409, "request_key_reused", None)


async def test_what_is_kept_of_an_activity_does_not_tell_what_was_written(shop: Api) -> None:
    member, _ = await member_with_card(shop)
    kind = {"names": {"en": "Review"}, "fields": [{"name": "text", "type": "text"}]}
    assert (await shop.call("PUT", "/v1/activity-kinds/review", kind)).is_success
    told = {"id": "t-1", "kind": "review", "happened_at": START.isoformat(), "data": {"text": "Anna"}}
    first = await shop.post(f"/v1/members/{member}/events", told, scope="issuer")
    assert first.status_code == 201, first.text
    again = await shop.post(f"/v1/members/{member}/events", told, scope="issuer")
    assert again.json()["id"] == first.json()["id"]
    later = {**told, "happened_at": (START - timedelta(days=1)).isoformat()}
    changed = await shop.post(f"/v1/members/{member}/events", later, scope="issuer")
    assert refused(changed) == (409, "request_key_reused", None)
    body = msgspec.to_builtins(msgspec.convert(told, NewActivity))
    guessed = requests.digest(f"activity {ids.read('mem', member)}", body)
    under_the_secret = requests.secret_digest(SECRET, f"activity {ids.read('mem', member)}", body)
    assert await kept(shop, "activity_key") == [bytes(under_the_secret)]
    assert guessed != under_the_secret
