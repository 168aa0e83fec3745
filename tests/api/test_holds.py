"""Holds over the API: prices and points are fixed, and a hold ends once."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database, fetch_all
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    earning_member,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)

TEN_OFF = {"name": "Ten off", "group": "items", "benefits": [{"kind": "line_percent", "percent": "10"}]}


def held(request: str, card: str | None, points: int | str | None = None, **more: Any) -> dict[str, Any]:
    """A purchase of 2 × 10.00 and 5.00 that is held."""
    wish = {} if points is None else {"spend": [{"currency": "PTS", "amount": points}]}
    return buy(request, card, [line(1, 1000, "2"), line(2, 500)], hold=True, **wish, **more)


async def confirm(api: Api, purchase: str, body: Any = None, **options: Any) -> Any:
    """Confirm a hold."""
    return await api.post(f"/v1/purchases/{purchase}/confirm", body or {}, scope="till", **options)


@pytest.mark.fast
async def test_a_hold_reserves_the_points_and_earns_nothing_until_it_is_confirmed(shop: Api) -> None:
    member, card = await earning_member(shop)
    await give(shop, member, 1000)

    hold = await record(shop, held("h-1", card, 500))
    while_held = await balance(shop, member)
    confirmed = await confirm(shop, hold["id"])

    assert (hold["status"], hold["held_until"], hold["payable"]) == ("held", "2026-03-01T09:15:00Z", 2000)
    assert hold["member"]["available"] == 500
    assert while_held == {"available": 500, "pending": 0, "held": 500, "debt": 0}
    assert confirmed.status_code == 200
    answer = confirmed.json()
    assert (answer["id"], answer["status"], answer["payable"]) == (hold["id"], "recorded", 2000)
    assert answer["member"] == {**hold["member"], "available": 520, "expiring": [
        {"amount": 520, "at": "2027-03-01T22:00:00Z"}]}  # fmt: skip
    assert "held_until" not in answer
    assert await balance(shop, member) == {"available": 520, "pending": 0, "held": 0, "debt": 0}


async def test_what_is_held_cannot_be_spent_by_another_purchase(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 600)
    await record(shop, held("h-1", card, 500))

    wish = [{"currency": "PTS", "amount": 101}]
    answer = await shop.post("/v1/purchases", buy("r-1", card, [line(1, 1000)], spend=wish), scope="till")

    assert refused(answer) == (409, "insufficient_points", "/spend/0/amount")
    assert answer.json()["available"] == 100


async def test_a_hold_keeps_its_prices_when_the_promotion_is_stopped(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    promotion = await publish(shop, TEN_OFF)
    _, card = await member_with_card(shop)
    hold = await record(shop, held("h-1", card))
    await shop.post(f"/v1/promotions/{promotion}/stop")
    await settle(shop, earn_on="without_tax", points_as="price_reduction")

    confirmed = (await confirm(shop, hold["id"])).json()

    assert (confirmed["discount"], confirmed["payable"]) == (250, 2250)
    assert [e["amount"] for e in confirmed["earned"]] == [18, 4]


async def test_a_part_is_confirmed_with_the_promotions_of_the_hold_and_the_rest_released(shop: Api) -> None:
    points = await publish(shop, MEMBER_POINTS)
    promotion = await publish(shop, TEN_OFF)
    member, card = await member_with_card(shop)
    await give(shop, member, 2000)
    hold = await record(shop, held("h-1", card, 2000))
    await shop.post(f"/v1/promotions/{promotion}/stop")
    better = {**TEN_OFF, "name": "Half", "benefits": [{"kind": "line_percent", "percent": "50"}]}
    await publish(shop, better)

    confirmed = (await confirm(shop, hold["id"], {"lines": [line(1, 1000)]})).json()

    assert (hold["discount"], hold["payable"]) == (250, 250)
    assert (confirmed["gross"], confirmed["discount"], confirmed["paid_with_points"], confirmed["payable"]) == (
        1000, 100, 900, 0)  # fmt: skip
    assert await balance(shop, member) == {"available": 1100, "pending": 0, "held": 0, "debt": 0}
    explained = (await shop.get(f"/v1/purchases/{hold['id']}/explanation")).json()["promotions"]
    assert {e["promotion"]: (e["status"], e["discount"]) for e in explained} == {
        promotion: ("applied", 100), points: ("refused", 0)}  # fmt: skip


APART: tuple[dict[str, Any], ...] = (
    {"kind": "delivery", "price": 0},
    {"kind": "voucher", "voucher": "fivers", "cost": 500},
    {"kind": "gift", "options": [{"sku": "cup"}], "cost": 150},
    {"kind": "entitlement", "code": "lounge", "count": 2, "days": 90},
    {
        "kind": "message",
        "text": {"lv": "Nogaršojiet jauno maizi!", "en": "Taste our new bread!"},
        "to": "cashier",
    },
    {"kind": "message", "text": {"en": "Bread is new."}, "to": "receipt"},
)


async def all_apart(shop: Api) -> list[str]:
    """Promotions that give one thing each, on no line, where the receipt has a code; the codes."""
    await settle(shop, groups=[{"name": "apart", "stage": "basket", "rule": "all"}])
    await shop.post("/v1/code-batches", {"name": "fivers", "count": 0, "pattern": "V-########"})
    made = await shop.post("/v1/code-batches", {"name": "summer", "count": 2, "pattern": "S-########"})
    for benefit in APART:
        condition = {"kind": "code", "batch": "summer"}
        document = {
            "name": benefit["kind"],
            "group": "apart",
            "conditions": [condition],
            "benefits": [benefit],
        }
        await publish(shop, document)
    return made.json()["codes"]


@pytest.mark.parametrize("lapsed", [False, True])
async def test_a_part_keeps_what_the_hold_gave_on_no_line_and_the_code_that_it_rested_on(
    shop: Api, lapsed: bool
) -> None:
    codes = await all_apart(shop)
    _, card = await member_with_card(shop)
    body = buy("h-1", card, [line(1, 1000, "2")], delivery=500, codes=codes[:1], hold=True)
    hold = await record(shop, body)
    if lapsed:
        await set_clock(shop, "2026-03-01T12:00:00+02:00")

    confirmed = (await confirm(shop, hold["id"], {"lines": [line(1, 1000)]})).json()
    again = await record(shop, buy("r-1", card, [line(1, 1000)], delivery=500, codes=codes[:1]))

    assert hold["delivery"]["net"] == confirmed["delivery"]["net"] == 0
    assert (confirmed["gross"], confirmed["discount"], confirmed["payable"]) == (1500, 500, 1000)
    assert (len(hold["issued"]), len(confirmed["issued"])) == (0, 1)
    assert confirmed["gifts"] == hold["gifts"]
    assert confirmed["entitlements"] == hold["entitlements"]
    assert confirmed["messages"] == hold["messages"]
    assert confirmed["messages"] == {"cashier": ["Nogaršojiet jauno maizi!"], "receipt": ["Bread is new."]}
    assert (again["delivery"]["net"], [one["code"] for one in again["refusals"]]) == (500, ["code_used"])


async def test_what_was_given_on_no_line_is_not_given_where_the_final_lines_do_not_earn_it(shop: Api) -> None:
    from_twenty = {"kind": "basket_amount", "minimum": 2000}
    free = {"name": "Free", "group": "basket", "conditions": [from_twenty], "benefits": [APART[0]]}
    await publish(shop, free)
    hold = await record(shop, buy("h-1", None, [line(1, 1000, "2")], delivery=500, hold=True))
    confirmed = (await confirm(shop, hold["id"], {"lines": [line(1, 1000)]})).json()
    assert (hold["delivery"]["net"], confirmed["delivery"]["net"], confirmed["payable"]) == (0, 500, 1500)


@pytest.mark.parametrize("first", [{}, {"hold": True}])
async def test_the_delivery_of_a_hold_is_no_turnover_either(
    shop: Api, database: Database, first: dict[str, Any]
) -> None:
    _, card = await member_with_card(shop)
    half = {"name": "Half", "group": "basket", "benefits": [{"kind": "delivery", "percent": "50"}]}
    await publish(shop, half)
    bought = await record(shop, buy("r-1", card, [line(1, 1000)], delivery=500, **first))
    if first:
        assert (await confirm(shop, bought["id"])).status_code == 200
    await take_back(shop, bought["id"], "b-1", (1, "1"))
    async with database.transaction(shop.program.id) as tx:
        rows = await fetch_all(
            tx,
            "SELECT coalesce(c.turnover, p.turnover), r.turnover_back FROM purchase p"
            " LEFT JOIN confirmation c ON (c.program, c.home, c.purchase) = (p.program, p.home, p.id)"
            " JOIN goods_return r ON (r.program, r.home, r.purchase) = (p.program, p.home, p.id)",
        )
    assert rows == [(1000, 1000)]


async def test_a_part_of_a_hold_of_more_points_than_there_was_to_pay_is_confirmed(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 4000)
    await settle(shop, proof_above_a_day=None)
    hold = await record(shop, held("h-1", card, 3000))

    confirmed = await confirm(shop, hold["id"], {"lines": [line(2, 500)]})

    assert hold["paid_with_points"] == 2500
    assert confirmed.status_code == 200, confirmed.text
    assert (confirmed.json()["paid_with_points"], confirmed.json()["payable"]) == (500, 0)
    assert (await balance(shop, member))["available"] == 3500


async def test_a_weighed_line_is_confirmed_with_less_than_was_held(shop: Api) -> None:
    hold = await record(shop, buy("h-1", None, [line(1, 1659, "45.5", tax_rate="0.21")], hold=True))

    confirmed = (
        await confirm(shop, hold["id"], {"lines": [line(1, 1659, "38.721", tax_rate="0.21")]})
    ).json()

    assert (hold["payable"], confirmed["payable"]) == (75_485, 64_238)  # 754.845 and 642.381…
    assert confirmed["taxes"] == [{"rate": "0.21", "base": 53_089, "tax": 11_149}]


@pytest.mark.parametrize(
    ("lines", "pointer"),
    [
        ([line(3, 100)], "/lines/0"),
        ([{**line(1, 1000), "sku": "other"}], "/lines/0"),
        ([line(1, 1000, "2.001")], "/lines/0/quantity"),
        ([line(1, 1001, "2")], "/lines/0/unit_price"),
        ([{"line": 1, "sku": "sku-1", "quantity": "1", "gross": 2001}], "/lines/0/gross"),
        ([line(1, 1000), line(1, 1000)], "/lines/1/line"),
        ([], "/lines"),
    ],
)
async def test_a_confirmation_only_takes_away(shop: Api, lines: list[dict[str, Any]], pointer: str) -> None:
    hold = await record(shop, held("h-1", None))

    answer = await confirm(shop, hold["id"], {"lines": lines})

    assert refused(answer) == (422, "invalid_value", pointer)
    assert (await shop.get(f"/v1/purchases/{hold['id']}")).json()["status"] == "held"


async def test_how_it_was_paid_is_kept_when_it_is_confirmed(shop: Api) -> None:
    hold = await record(shop, held("h-1", None))

    answer = await confirm(shop, hold["id"], {"payments": [{"method": "card", "amount": 2500}]})

    assert answer.status_code == 200


@pytest.mark.fast
async def test_a_hold_is_resolved_once(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 1000)
    first, second = await record(shop, held("h-1", card, 500)), await record(shop, held("h-2", card, 500))

    confirmed = await confirm(shop, first["id"])
    again = await confirm(shop, first["id"])
    voided = await shop.post(f"/v1/purchases/{second['id']}/void", {}, scope="till")
    too_late = await confirm(shop, second["id"])

    assert (confirmed.status_code, voided.status_code) == (200, 200)
    assert refused(again) == (409, "state_conflict", None)
    assert refused(too_late) == (409, "state_conflict", None)
    assert await balance(shop, member) == {"available": 500, "pending": 0, "held": 0, "debt": 0}


async def test_what_was_recorded_at_once_cannot_be_confirmed(shop: Api) -> None:
    recorded = await record(shop, buy("r-1", None, [line(1, 100)]))

    assert refused(await confirm(shop, recorded["id"])) == (409, "state_conflict", None)


async def test_a_confirmation_sent_twice_gets_the_first_answer_without_a_name_once_erased(shop: Api) -> None:
    member, card = await member_with_card(shop)
    hold = await record(shop, held("h-1", card))

    first = await confirm(shop, hold["id"], key="confirm-1")
    again = await confirm(shop, hold["id"], key="confirm-1")
    other = await confirm(shop, hold["id"], {"payments": []}, key="confirm-1")
    await shop.delete(f"/v1/members/{member}")
    erased = await confirm(shop, hold["id"], key="confirm-1")

    assert first.json()["member"]["name"] == "Anna K."
    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (
        200, first.json(), "true")  # fmt: skip
    assert refused(other) == (409, "request_key_reused", None)
    assert erased.json() == first.json() | {"member": first.json()["member"] | {"name": ""}}


async def test_the_held_request_again_gets_the_held_answer_also_after_it_was_confirmed(shop: Api) -> None:
    body = held("h-1", None)
    hold = await record(shop, body)
    await confirm(shop, hold["id"])

    again = await shop.post("/v1/purchases", body, scope="till")

    assert (again.status_code, again.json()) == (201, hold)


async def test_an_anonymous_purchase_is_held_confirmed_and_voided_too(shop: Api) -> None:
    first, second = await record(shop, held("h-1", None)), await record(shop, held("h-2", None))

    confirmed = await confirm(shop, first["id"])
    voided = await shop.post(f"/v1/purchases/{second['id']}/void", {}, scope="till")

    assert (confirmed.status_code, voided.status_code) == (200, 200)
    shown = [(await shop.get(f"/v1/purchases/{p['id']}")).json()["status"] for p in (first, second)]
    assert shown == ["recorded", "voided"]


@pytest.mark.fast
async def test_a_hold_lapses_by_the_sandboxs_clock_and_frees_the_points(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 500)
    hold = await record(shop, held("h-1", card, 500, hold_seconds=60))

    await set_clock(shop, "2026-03-01T09:00:59Z")
    before = await balance(shop, member), (await shop.get(f"/v1/purchases/{hold['id']}")).json()["status"]
    await set_clock(shop, "2026-03-01T09:01:00Z")
    after = await balance(shop, member), (await shop.get(f"/v1/purchases/{hold['id']}")).json()["status"]

    assert before == ({"available": 0, "pending": 0, "held": 500, "debt": 0}, "held")
    assert after == ({"available": 500, "pending": 0, "held": 0, "debt": 0}, "voided")


async def test_a_lapsed_hold_is_confirmed_when_everything_can_be_claimed_again(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    promotion = await publish(shop, TEN_OFF)
    member, card = await member_with_card(shop)
    await give(shop, member, 500)
    hold = await record(shop, held("h-1", card, 500))
    await shop.post(f"/v1/promotions/{promotion}/stop")
    await set_clock(shop, "2026-03-02T09:00:00Z")

    confirmed = (await confirm(shop, hold["id"])).json()

    assert (confirmed["discount"], confirmed["paid_with_points"], confirmed["payable"]) == (250, 500, 1750)
    assert sum(e["amount"] for e in confirmed["earned"]) == 17
    assert await balance(shop, member) == {"available": 17, "pending": 0, "held": 0, "debt": 0}
    assert (await shop.get(f"/v1/purchases/{hold['id']}")).json()["status"] == "recorded"


@pytest.mark.parametrize("points", [500, "max"])
async def test_a_lapsed_hold_whose_points_are_gone_is_hold_lapsed(shop: Api, points: int | str) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 500)
    hold = await record(shop, held("h-1", card, points))
    await set_clock(shop, "2026-03-01T09:15:00Z")
    await record(shop, buy("r-1", card, [line(1, 1)], spend=[{"currency": "PTS", "amount": 1}]))

    answer = await confirm(shop, hold["id"])

    assert refused(answer) == (409, "hold_lapsed", None)
    assert await balance(shop, member) == {"available": 499, "pending": 0, "held": 0, "debt": 0}


async def test_a_lapsed_hold_takes_no_more_points_than_it_held(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 500)
    hold = await record(shop, held("h-1", card, "max"))
    await set_clock(shop, "2026-03-01T09:15:00Z")
    await give(shop, member, 500)

    confirmed = (await confirm(shop, hold["id"])).json()

    assert (confirmed["paid_with_points"], confirmed["payable"]) == (500, 2000)


async def test_a_lapsed_hold_that_was_voided_stays_void(shop: Api) -> None:
    hold = await record(shop, held("h-1", None))
    await set_clock(shop, "2026-03-01T10:00:00Z")
    voided = await shop.post(f"/v1/purchases/{hold['id']}/void", {}, scope="till")

    answer = await confirm(shop, hold["id"])

    assert voided.json() == {"id": hold["id"], "request": "h-1", "status": "voided"}
    assert refused(answer) == (409, "state_conflict", None)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"hold": False, "hold_seconds": 60}, "/hold_seconds"),
        ({"hold_seconds": 0}, "/hold_seconds"),
        ({"hold_seconds": 30 * 86400 + 1}, "/hold_seconds"),
        ({"hold_seconds": 601}, "/hold_seconds"),
        ({"pricing": "as_sold"}, "/hold"),
    ],
)
async def test_a_hold_that_makes_no_sense_is_refused(shop: Api, more: dict[str, Any], pointer: str) -> None:
    await settle(shop, hold_seconds=300, hold_seconds_max=600)

    answer = await shop.post("/v1/purchases", {**held("h-1", None), **more}, scope="till")

    assert refused(answer) == (422, "invalid_value", pointer)


async def test_points_held_past_their_date_are_captured_and_those_released_get_the_grace(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 500)
    await set_clock(shop, "2027-02-28T09:00:00Z")
    week = {"hold_seconds": 7 * 86400, "purchased_at": "2027-02-28T09:00:00Z"}
    first = await record(shop, held("h-1", card, 200, **week))
    second = await record(shop, held("h-2", card, 200, **week))
    await set_clock(shop, "2027-03-03T09:00:00Z")  # their date was 1 March, 22:00

    expired = await balance(shop, member)
    confirmed = await confirm(shop, first["id"])
    await shop.post(f"/v1/purchases/{second['id']}/void", {}, scope="till")

    assert expired == {"available": 0, "pending": 0, "held": 400, "debt": 0}
    assert confirmed.json()["paid_with_points"] == 200
    answer = (await shop.get(f"/v1/members/{member}/balance")).json()["currencies"][0]
    assert (answer["available"], answer["expiring"]) == (200, [{"amount": 200, "at": "2027-04-02T09:00:00Z"}])
