"""A sandbox of a live program: the same rules, a key of its own, and no way at all to the live program."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import psycopg
import pytest
from msgspec import Struct

from regulars import ids
from regulars.app import ENDPOINTS
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.web import openapi, reference
from tests.api.conftest import Api
from tests.api.quests import THREE_VISITS, put_badge, put_quest
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish, record, refused
from tests.api.tiers import BY_SPENDING
from tests.conftest import START

REFERENCE = reference.Reference(ENDPOINTS, openapi.document(ENDPOINTS))
CALLS = [(one.method, one.path, one.id) for one in REFERENCE.operations.values()]
ID = re.compile(r"\b[a-z]{3}_[0-9a-z]{26}\b")


class Pair(Struct):
    """A live program with something of everything in it, and the key of its sandbox."""

    live: Api
    key: str
    answer: dict[str, Any]
    ids: dict[str, str]
    """An id of the live program, by its prefix."""
    card: str


@pytest.fixture
async def pair(client: httpx.AsyncClient, database: Database) -> Pair:
    """Both of this test alone."""
    new = NewProgram("Dzintars", "EUR", "Europe/Riga", ("lv", "en"), {"late_days": 3})
    made = await create_program(database, new, at=START)
    keys = {}
    for scope in ("till", "issuer", "manage", "read"):
        _, keys[scope] = await create_key(database, made.program.id, NewKey((scope,)), at=START)
    live = Api(client, made.program, keys)
    await live.post("/v1/stores", {"code": "riga-1", "name": "Teika", "groups": ["centre"]})
    await live.post("/v1/currencies", {"code": "STAMPS", "kind": "points", "names": {}})
    promotion = await publish(live, MEMBER_POINTS)
    member, card = await member_with_card(live)
    now = (await live.get("/v1/sandbox/clock")).json().get("now")
    bought = await record(live, buy("r-1", card, [line(1, 1000)], **({"purchased_at": now} if now else {})))
    hook = (await live.post("/v1/webhooks", {"address": "https://crm.example/"})).json()["id"]
    batch = (
        await live.post("/v1/code-batches", {"name": "spring", "pattern": "S-####-####", "count": 2})
    ).json()
    goods = {
        "sku": "sku-1",
        "name": "Coffee",
        "price": 340,
        "categories": ["drinks/hot"],
        "barcode": "4006381333931",
    }
    await live.post("/v1/products", {"products": [goods]})
    await live.call("PUT", "/v1/ladders/status", BY_SPENDING)
    await put_badge(live)
    await put_quest(live, "visits", THREE_VISITS, prizes=[{"badge": "explorer"}])
    account = (await live.post("/v1/accounts", {"kind": "company", "name": "SIA Ozols"})).json()
    cards = (await live.get(f"/v1/members/{member}/cards")).json()["items"]
    found = {"prm": promotion, "mem": member, "crd": cards[0]["id"], "pur": bought["id"], "whs": hook,
             "cbt": batch.get("id", ""), "acc": account.get("id", "")}  # fmt: skip
    answer = await live.post("/v1/program/sandbox", key="box-1")
    assert answer.status_code == 201, answer.text
    return Pair(live, answer.json()["key"]["key"], answer.json(), {k: v for k, v in found.items() if v}, card)


async def asked(pair: Pair, method: str, path: str, body: Any = None) -> httpx.Response:
    """A call with the sandbox's key."""
    headers = {"Authorization": f"Bearer {pair.key}", "Idempotency-Key": f"box-{method}-{path}"[:200]}
    return await pair.live.client.request(method, path, json=body, headers=headers)


def rows_of(administrator_url: str, program: Any) -> dict[str, list[str]]:
    """Every row of a program, whatever the table, as text."""
    columns = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
    with psycopg.connect(administrator_url) as connection:
        tables = connection.execute(f"{columns} AND column_name = 'program'").fetchall()
        return {
            table: sorted(
                row[0]
                for row in connection.execute(
                    f"SELECT t::text FROM {table} AS t WHERE program = %s".encode(),
                    (program,),
                )
            )
            for (table,) in tables
        }


async def test_the_sandbox_has_the_same_rules_and_nobody_in_it(pair: Pair) -> None:
    program = pair.answer["program"]
    assert (program["sandbox"], program["name"], pair.key[:5]) == (True, "Dzintars (sandbox)", "test_")
    assert program["settings"]["late_days"] == 3
    stores = (await asked(pair, "GET", "/v1/stores")).json()["items"]
    assert [(one["code"], one["name"], one["groups"]) for one in stores] == [("riga-1", "Teika", ["centre"])]
    currencies = (await asked(pair, "GET", "/v1/currencies")).json()["items"]
    assert [one["code"] for one in currencies] == ["PTS", "STAMPS"]
    promotions = (await asked(pair, "GET", "/v1/promotions")).json()["items"]
    assert [(one["status"], one["document"]["name"]) for one in promotions] == [
        ("live", MEMBER_POINTS["name"])
    ]
    (coffee,) = (await asked(pair, "GET", "/v1/products")).json()["items"]
    assert (coffee["sku"], coffee["price"], coffee["barcode"]) == ("sku-1", 340, "4006381333931")
    (batch,) = (await asked(pair, "GET", "/v1/code-batches")).json()["items"]
    assert (batch["name"], batch["pattern"], batch["count"]) == ("spring", "S-####-####", 0)
    assert (await asked(pair, "GET", f"/v1/code-batches/{batch['id']}/codes")).json()["items"] == []
    (ladder,) = (await asked(pair, "GET", "/v1/ladders")).json()["items"]
    assert (ladder["code"], ladder["document"]["tiers"]) == (
        "status",
        [{"code": "bronze"}, *BY_SPENDING["tiers"][1:]],
    )
    (quest,) = (await asked(pair, "GET", "/v1/challenges")).json()["items"]
    assert (quest["code"], quest["document"]["prizes"]) == ("visits", [{"badge": "explorer"}])
    anna = await asked(pair, "POST", "/v1/members", {"phone": "+37120000001"})
    assert anna.status_code == 201, "whoever is a member of the live program is nobody here"
    sold = buy(
        "s-1", anna.json()["cards"][0]["number"], [line(1, 1000)], purchased_at="2026-11-20T11:00:00+02:00"
    )
    sold["purchased_at"] = (await asked(pair, "GET", "/v1/sandbox/clock")).json()["now"]
    bought = await asked(pair, "POST", "/v1/purchases", sold)
    assert bought.json()["earned"][0]["amount"] == 10


async def test_a_replay_repeats_the_sandbox_and_its_key(pair: Pair) -> None:
    again = await pair.live.post("/v1/program/sandbox", key="box-1")
    assert (again.status_code, again.json()) == (201, pair.answer)
    other = await pair.live.post("/v1/program/sandbox", key="box-2")
    assert other.json()["program"]["id"] != pair.answer["program"]["id"]


async def test_a_sandbox_has_no_sandbox_and_only_a_manager_makes_one(pair: Pair) -> None:
    assert refused(await asked(pair, "POST", "/v1/program/sandbox")) == (409, "state_conflict", None)
    for scope in ("till", "issuer", "read"):
        answer = await pair.live.post("/v1/program/sandbox", scope=scope)
        assert refused(answer) == (403, "scope_missing", None)


async def test_the_test_key_neither_sees_nor_changes_anything_live_by_any_call(
    pair: Pair, administrator_url: str
) -> None:
    before = rows_of(administrator_url, pair.live.program.id)
    assert sum(len(rows) for rows in before.values()) > 20
    mine = set(ID.findall(json.dumps(pair.answer)))
    theirs = set(pair.ids.values()) | {ids.show("prg", pair.live.program.id)}
    reached = []
    for method, declared, operation in CALLS:
        path = declared.replace("{code}", "status")  # a code is the program's own word, and no id of anybody
        if path in ("/v1/program/sandbox", "/v1/sandbox/clock") and method == "POST":
            continue
        example = REFERENCE.operations[operation].example
        body = json.loads(example) if example else None
        for live_id in pair.ids.values() if "{" in path else ("",):
            answer = await asked(pair, method, re.sub(r"\{\w+\}", live_id, path), body)
            assert answer.status_code < 500 or answer.status_code == 503, f"{method} {path}: {answer.text}"
            if live_id and answer.status_code < 300:
                reached.append((method, path, live_id))
            said = set(ID.findall(answer.text)) if answer.status_code < 300 else set()
            assert not said & (theirs - mine), f"{method} {path} tells of the live program"
    assert reached == []
    assert rows_of(administrator_url, pair.live.program.id) == before


async def test_a_live_member_or_card_named_in_a_body_is_nobody(pair: Pair) -> None:
    receipt = buy("x-1", pair.card, [line(1, 100)])
    receipt["purchased_at"] = (await asked(pair, "GET", "/v1/sandbox/clock")).json()["now"]
    assert (await asked(pair, "POST", "/v1/purchases", receipt)).status_code in (404, 422)
    named = {**receipt, "id": "x-2", "member": pair.ids["mem"]}
    del named["card"]
    assert (await asked(pair, "POST", "/v1/purchases/preview", named)).status_code == 404
    assert (await asked(pair, "POST", "/v1/members/find", {"card": pair.card})).status_code in (404, 422)
