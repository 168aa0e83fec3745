"""Receipts that were made without the line: nothing is lost, nobody pays for what she did not let be spent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars import ids
from regulars.db.burst import Burst
from regulars.db.pool import Database
from regulars.ledger.check import check
from regulars.purchases import documents
from regulars.purchases.model import SoldOffline
from regulars.purchases.offline import devices
from tests.api.conftest import Api
from tests.api.shop import (
    AT,
    balance,
    buy,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    settle,
)
from tests.api.tills import Till, conflicts, seen_at_the_store, till_of


async def spender(shop: Api, points: int) -> tuple[str, str]:
    """A member who bought at riga-1 and has points; id and card."""
    member, card = await member_with_card(shop)
    await give(shop, member, points)
    await seen_at_the_store(shop, card)
    return member, card


async def send(shop: Api, *receipts: dict[str, Any]) -> list[dict[str, Any]]:
    """Send receipts as a till does after an outage; their items."""
    answer = await shop.post("/v1/purchases/batch", {"purchases": list(receipts)}, scope="till")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def available(shop: Api, member: str) -> int:
    """Points that the member may use."""
    return (await balance(shop, member))["available"]


async def shortfalls(database: Database, shop: Api) -> list[int]:
    """Points that the store bears, posting by posting."""
    async with database.transaction(shop.program.id) as tx:
        rows = await (
            await tx.execute(
                "SELECT e.amount FROM entry e WHERE e.source = 'issued' AND e.target = 'redeemed' ORDER BY e.amount"
            )
        ).fetchall()
        assert await check(tx, shop.program.id) == ()
    return [row[0] for row in rows]


@pytest.mark.fast
async def test_what_was_spent_within_the_allowance_is_booked_once_and_nothing_is_reported(
    shop: Api, database: Database
) -> None:
    member, card = await spender(shop, 1500)
    till = await till_of(shop)
    assert till.allowance(card) == {**(till.allowance(card) or {}), "amount": 1500, "proved": 1500}
    receipts = [till.sold(card, 300), till.sold(card, 700), till.sold(None)]

    first = await send(shop, *receipts)
    again = await send(shop, *receipts)

    assert [item["status"] for item in first] == [201, 201, 201]
    assert [item["answer"]["warnings"] for item in first] == [[], [], []]
    assert [item["replayed"] for item in first + again] == [False] * 3 + [True] * 3
    assert await available(shop, member) == 500
    assert await shortfalls(database, shop) == []
    assert await conflicts(shop) == []
    device = (await shop.get(f"/v1/till/devices/{till.device}", scope="till")).json()
    assert device["counter"] == 3


async def test_beyond_the_allowance_the_store_pays(shop: Api, database: Database) -> None:
    member, card = await spender(shop, 5000)
    till = await till_of(shop)

    items = await send(shop, till.sold(card, 1800, price=3000), till.sold(card, 900, price=3000))

    assert [item["answer"]["payable"] for item in items] == [1200, 2100]
    assert await available(shop, member) == 3000
    assert await shortfalls(database, shop) == [700]
    assert sorted(await conflicts(shop)) == [("over_allowance", 700), ("shortfall", 700)]


async def test_what_was_spent_elsewhere_meanwhile_is_the_stores_loss(shop: Api, database: Database) -> None:
    member, card = await spender(shop, 1000)
    till = await till_of(shop)
    await record(shop, buy("r-1", card, [line(1, 900)], spend=[{"currency": "PTS", "amount": 800}]))

    await send(shop, till.sold(card, 500))

    assert await available(shop, member) == 0
    assert await shortfalls(database, shop) == [300]
    assert await conflicts(shop) == [("shortfall", 300)]


@pytest.mark.parametrize("how", ["none", "made up", "of another card", "of another device", "changed"])
async def test_points_that_nobody_let_be_spent_stay_with_the_member(
    shop: Api, database: Database, how: str
) -> None:
    member, card = await spender(shop, 1000)
    _, other = await spender(shop, 1000)
    till, second = await till_of(shop), await till_of(shop)
    right = (till.allowance(card) or {})["token"]
    token = {
        "none": None,
        "made up": "AAAA",
        "of another card": (till.allowance(other) or {})["token"],
        "of another device": (second.allowance(card) or {})["token"],
        "changed": right[:12] + ("A" if right[12] != "A" else "B") + right[13:],
    }[how]

    (item,) = await send(shop, till.sold(card, 400, offline={"allowance": token}))

    assert (item["status"], item["answer"]["payable"]) == (201, 600)
    assert await available(shop, member) == 1000
    assert await shortfalls(database, shop) == [400]
    assert sorted(await conflicts(shop)) == [("allowance_forged", 400), ("shortfall", 400)]


async def test_a_counter_that_comes_twice_is_recorded_twice_and_told(shop: Api) -> None:
    till = await till_of(shop)

    items = await send(
        shop, till.sold(None, counter=1), till.sold(None, counter=1), till.sold(None, counter=2)
    )

    assert [item["status"] for item in items] == [201, 201, 201]
    assert await conflicts(shop) == [("counter_reused", 0)]


async def test_a_gap_is_open_until_what_is_missing_comes(shop: Api) -> None:
    till = await till_of(shop)
    early, late = till.sold(None, counter=2), till.sold(None, counter=5)

    await send(shop, late)
    assert await conflicts(shop) == [("counter_gap", 4)]
    await send(shop, early)
    assert await conflicts(shop) == [("counter_gap", 2), ("counter_gap", 1)]
    (device,) = (await shop.get("/v1/till/devices", scope="read")).json()["items"]
    assert (device["counter"], device["receipts"], device["missing"]) == (5, 2, 3)
    await send(shop, *[till.sold(None, counter=n) for n in (1, 3, 4)])
    assert await conflicts(shop) == []


async def test_more_at_one_till_than_the_program_risks_is_told(shop: Api) -> None:
    await settle(shop, offline={"spend_per_till": 1000})
    cards = [(await spender(shop, 600))[1] for _ in range(2)]
    till = await till_of(shop)

    await send(shop, *[till.sold(card, 600) for card in cards])

    assert await conflicts(shop) == [("over_till_total", 200)]


async def test_an_allowance_and_a_snapshot_that_are_too_old_are_judged_by_the_time_of_the_receipt(
    shop: Api, database: Database
) -> None:
    member, card = await spender(shop, 1000)
    till = await till_of(shop)
    in_time, too_late = later(AT, days=2, hours=23), later(AT, days=3, minutes=1)
    await shop.post("/v1/sandbox/clock", {"now": later(AT, days=5)})

    await send(shop, till.sold(card, 100, purchased_at=in_time))
    assert await conflicts(shop) == []
    await send(shop, till.sold(card, 100, purchased_at=too_late))

    assert sorted(await conflicts(shop)) == [("allowance_expired", 100), ("snapshot_old", 0)]
    assert await available(shop, member) == 800
    assert await shortfalls(database, shop) == []


async def test_a_clock_that_is_wrong_is_set_right_and_no_receipt_is_lost_for_it(shop: Api) -> None:
    till = await till_of(shop)
    told = till.sold(None, purchased_at=later(AT, minutes=50), offline={"clock_skew_seconds": 3600})
    untold = till.sold(None, purchased_at=later(AT, days=400))
    behind = till.sold(None, purchased_at=later(AT, minutes=-90), offline={"clock_skew_seconds": -3600})
    right = till.sold(None, purchased_at=later(AT, minutes=-1), offline={"clock_skew_seconds": 30})

    items = await send(shop, told, untold, behind, right)

    assert [item["status"] for item in items] == [201] * 4
    shown = [await purchase_time(shop, item) for item in items]
    minutes = [round((at - datetime.fromisoformat(AT)).total_seconds() / 60, 1) for at in shown]
    assert minutes == [-10, 0, -30, -1.5]
    assert sorted(await conflicts(shop)) == [
        ("clock_wrong", -3600), ("clock_wrong", 3600), ("clock_wrong", 400 * 86_400),
    ]  # fmt: skip


async def test_instants_and_ids_that_no_calendar_reaches_break_nothing(shop: Api) -> None:
    till = await till_of(shop, fetch=False)
    far = {"snapshot": "snp_7" + "z" * 25, "clock_skew_seconds": -(10**9)}

    (first, last) = await send(
        shop,
        till.sold(None, purchased_at="0001-01-01T00:00:00+14:00", offline={"clock_skew_seconds": 10**9}),
        till.sold(None, purchased_at="9999-12-31T23:59:59-14:00", offline=far),
    )
    report = await shop.get("/v1/till/conflicts", scope="read", to="0001-01-01T00:00:00Z")

    assert (first["status"], last["status"], report.status_code) == (201, 201, 200)
    assert report.json() == {"items": [], "gaps": [], "sums": [], "next": None}


async def test_a_price_that_is_not_ours_is_told(shop: Api) -> None:
    await publish(
        shop, {"name": "Ten off", "group": "items", "benefits": [{"kind": "line_percent", "percent": "10"}]}
    )
    till = await till_of(shop)

    await send(shop, till.sold(None))

    assert await conflicts(shop) == [("price_differs", 100)]


async def test_a_receipt_of_a_device_that_nobody_registered_is_recorded(shop: Api) -> None:
    till = await till_of(shop, fetch=False)
    lost = Till(shop, till.device[:-2] + "zz")

    (item,) = await send(shop, lost.sold(None))

    assert item["status"] == 201
    assert await conflicts(shop) == [("device_unknown", 0)]
    found = (await shop.get("/v1/till/devices", scope="read")).json()["items"]
    assert [(one["registered"], one["counter"]) for one in found] == [(True, 0), (False, 1)]


async def test_a_device_of_another_store_lets_nobody_spend_and_keeps_its_counters(
    shop: Api, database: Database
) -> None:
    member, card = await spender(shop, 1000)
    till = await till_of(shop)
    await shop.post("/v1/stores", {"code": "liepaja", "name": "Liepāja", "tills": ["1"]})

    (item,) = await send(shop, {**till.sold(card, 400), "store": "liepaja", "till": "1"})

    assert item["status"] == 201
    assert await available(shop, member) == 1000
    assert await shortfalls(database, shop) == [400]
    assert sorted(await conflicts(shop)) == [
        ("allowance_forged", 400), ("device_unknown", 0), ("shortfall", 400),
    ]  # fmt: skip
    device = (await shop.get(f"/v1/till/devices/{till.device}", scope="till")).json()
    assert device["counter"] == 0


async def test_a_blocked_card_spends_nothing_and_the_store_bears_it(shop: Api, database: Database) -> None:
    member, card = await spender(shop, 1000)
    till = await till_of(shop)
    await shop.post("/v1/cards/block", {"number": card})

    (item,) = await send(shop, till.sold(card, 400))

    assert [one["code"] for one in item["answer"]["warnings"]] == ["card_blocked", "insufficient_points"]
    assert await available(shop, member) == 1000
    assert await shortfalls(database, shop) == [400]
    assert await conflicts(shop) == [("shortfall", 400)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"pricing": "quote"}, "/offline"),
        ({"hold": True}, "/hold"),
        ({"offline": {"device": "pur_1", "counter": 1}}, "/offline/device"),
        ({"offline": {"device": "dev_1", "counter": 0}}, "/offline/counter"),
    ],
)
async def test_a_receipt_that_contradicts_itself_is_refused_and_leaves_no_trace(
    shop: Api, changes: dict[str, Any], pointer: str
) -> None:
    till = await till_of(shop, fetch=False)

    answer = await shop.post("/v1/purchases", {**till.sold(None), **changes}, scope="till")

    assert (refused(answer)[0], refused(answer)[2]) == (422, pointer)
    assert (await shop.get("/v1/purchases", scope="till")).json()["items"] == []


async def test_the_report_is_by_store_kind_and_page(shop: Api) -> None:
    till = await till_of(shop, fetch=False)
    await send(shop, *[till.sold(None, counter=1) for _ in range(4)])

    first = (await shop.get("/v1/till/conflicts", scope="read", limit=2, store="riga-1")).json()
    second = (await shop.get("/v1/till/conflicts", scope="read", limit=2, cursor=first["next"])).json()

    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    assert first["sums"] == [{"store": "riga-1", "kind": "counter_reused", "count": 3, "amount": 0}]
    assert second["sums"] == []
    assert len({one["purchase"] for one in first["items"] + second["items"]}) == 3
    assert await conflicts(shop, kind="shortfall") == []
    assert await conflicts(shop, store="elsewhere") == []


async def test_a_purchase_with_the_line_sends_no_statement_about_devices(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    honest = Burst.execute

    async def heard(burst: Burst, query: Any, params: Any = None, /) -> Any:
        sent.append(query)
        return await honest(burst, query, params)

    monkeypatch.setattr(Burst, "execute", heard)
    about_devices = [id(query) for query in vars(devices.SQL).values()]

    await record(shop, buy("r-1", None, [line(1, 100)]))
    with_the_line, plain = [query for query in sent if id(query) in about_devices], len(sent)
    sent.clear()
    till = await till_of(shop, fetch=False)
    await send(shop, till.sold(None))

    assert (with_the_line, plain > 5) == ([], True)
    assert len([query for query in sent if id(query) in about_devices]) == 4


async def test_neither_card_nor_token_is_kept_with_the_receipt(shop: Api, database: Database) -> None:
    _, card = await spender(shop, 1000)
    till = await till_of(shop)
    token = (till.allowance(card) or {})["token"]

    (item,) = await send(shop, till.sold(card, 100))

    async with database.transaction(shop.program.id) as tx:
        rows = await (
            await tx.execute(
                "SELECT document FROM purchase WHERE id = %s", (ids.read("pur", item["answer"]["id"]),)
            )
        ).fetchall()
        kept = documents.unpack(rows[0][0]).request
    assert (kept.card, kept.offline) == (None, SoldOffline(till.device, 1, till.snapshot["id"]))
    assert token not in item["answer"]


def later(instant: str, **more: int) -> str:
    """An instant after another."""
    return (datetime.fromisoformat(instant) + timedelta(**more)).isoformat()


async def purchase_time(shop: Api, item: dict[str, Any]) -> datetime:
    """When a receipt was sold, as it was recorded."""
    shown = (await shop.get(f"/v1/purchases/{item['answer']['id']}", scope="till")).json()
    return datetime.fromisoformat(shown["purchased_at"])
