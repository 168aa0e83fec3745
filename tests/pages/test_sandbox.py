"""The sandbox at a button: made once with a key that is shown once, then made as the program is now."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.make_sandbox import office_sandbox
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, member_with_card, publish
from tests.api.test_sandbox_copies import rows_of
from tests.conftest import START
from tests.pages.conftest import Visitor, token

SANDBOX = "/backoffice/setup/sandbox"
KEPT = ("audit", "audit_head", "request_key", "outbox", "staff_session", "session", "webhook_cursor")
"""What moves on of itself while somebody looks at pages; none of it is a book."""


@pytest.fixture
async def visitor(client: httpx.AsyncClient, database: Database) -> Visitor:
    """The owner of a live program with a member, goods and a promotion."""
    made = await create_program(
        database, NewProgram("Dzintars", "EUR", "Europe/Riga", ("lv", "en")), at=START
    )
    keys = {}
    for scope in ("till", "issuer", "manage", "read"):
        _, keys[scope] = await create_key(database, made.program.id, NewKey((scope,)), at=START)
    live = Api(client, made.program, keys, database)
    await live.post("/v1/products", {"products": [{"sku": "tea", "name": "Tea", "price": 100}]})
    await publish(live, MEMBER_POINTS)
    await member_with_card(live)
    visitor = Visitor(live)
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("owner")
    return visitor


async def asked(visitor: Visitor, key: str, path: str) -> Any:
    """A reading call with the sandbox's key."""
    answer = await visitor.client.get(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def key_on(page: str) -> str:
    """The key that a page shows."""
    found = re.search(r'value="(test_[0-9a-z]{32})"', page)
    assert found, page
    return found[1]


async def test_the_key_is_shown_once_a_double_click_repeats_it_and_the_copy_follows_the_program(
    visitor: Visitor, administrator_url: str
) -> None:
    live = visitor.api
    before = rows_of(administrator_url, live.program.id)
    csrf = token((await visitor.client.get(SANDBOX)).text)
    clicks = [await visitor.client.post(SANDBOX, data={"csrf": csrf, "request": "a" * 32}) for _ in range(2)]
    key = key_on(clicks[0].text)
    assert key_on(clicks[1].text) == key
    assert key not in (await visitor.client.get(SANDBOX)).text
    made = await asked(visitor, key, "/v1/program")
    assert (made["name"], made["id"]) == (
        "Dzintars (sandbox)", ids.show("prg", office_sandbox(live.program.id)),
    )  # fmt: skip
    assert [one["sku"] for one in (await asked(visitor, key, "/v1/products"))["items"]] == ["tea"]
    copied = rows_of(administrator_url, office_sandbox(live.program.id))
    for books in ("member", "card", "person", "posting", "entry", "lot", "purchase", "consent", "code"):
        assert copied.get(books, []) == [], books
    assert len(copied["api_key"]) == 1
    assert "Dzintars (sandbox)" in (await visitor.client.get("/backoffice/programs")).text
    after = rows_of(administrator_url, live.program.id)
    assert {name: rows for name, rows in after.items() if name not in KEPT} == {
        name: rows for name, rows in before.items() if name not in KEPT
    }


async def test_made_anew_it_is_as_the_program_is_now_and_what_was_tried_in_it_stays(
    visitor: Visitor, administrator_url: str
) -> None:
    live = visitor.api
    key = key_on((await visitor.act(SANDBOX, page=SANDBOX)).text)
    box = Api(visitor.client, live.program, {"manage": key, "till": key, "issuer": key, "read": key})
    own = await publish(box, {**MEMBER_POINTS, "name": "Tried here"})
    member, _ = await member_with_card(box)
    there = {one["document"]["name"]: one["id"] for one in (await box.get("/v1/promotions")).json()["items"]}
    copied = there[MEMBER_POINTS["name"]]
    old = (await live.get("/v1/promotions")).json()["items"][0]["id"]
    await live.post(f"/v1/promotions/{old}/stop", {})
    await publish(live, {**MEMBER_POINTS, "name": "The new one"})
    await live.post("/v1/products", {"products": [{"sku": "tea", "name": "Green tea", "price": 120}]})
    await live.patch("/v1/program", {"settings": {"late_days": 3}})
    before = rows_of(administrator_url, live.program.id)
    again = await visitor.act(SANDBOX, page=SANDBOX)
    assert again.headers["location"].startswith(SANDBOX)
    assert "test_" not in again.text
    found = (await box.get("/v1/promotions")).json()["items"]
    status = {one["document"]["name"]: one["status"] for one in found}
    assert status == {MEMBER_POINTS["name"]: "stopped", "Tried here": "live", "The new one": "live"}
    assert {copied, own} <= {one["id"] for one in found}
    assert (await box.get("/v1/products")).json()["items"][0]["price"] == 120
    program = (await box.get("/v1/program")).json()
    assert (program["settings"]["late_days"], program["name"]) == (3, "Dzintars (sandbox)")
    assert (await box.get(f"/v1/members/{member}")).status_code == 200
    third = await visitor.act(SANDBOX, page=SANDBOX)
    assert third.status_code == 303
    assert len((await box.get("/v1/promotions")).json()["items"]) == 3, "nothing is copied twice"
    after = rows_of(administrator_url, live.program.id)
    assert {name: rows for name, rows in after.items() if name not in KEPT} == {
        name: rows for name, rows in before.items() if name not in KEPT
    }


async def test_a_sandbox_has_no_sandbox(api: Api) -> None:
    visitor = Visitor(api)
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("owner")
    assert "You are looking at a sandbox already." in (await visitor.client.get(SANDBOX)).text
    refused = await visitor.act(SANDBOX, page=SANDBOX)
    assert refused.status_code == 409
