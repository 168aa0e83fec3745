"""Returns beside the goods: the charge for delivery comes back, the cost of vouchers that were used is kept back."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database, fetch_all
from tests.api.conftest import Api
from tests.api.shop import buy, give, giving_back, line, member_with_card, publish, record, settle, take_back
from tests.api.test_codes import FIVER, SPENT, fivers, issue, present, require_order

HALF_DELIVERY: dict[str, Any] = {
    "name": "Half the delivery",
    "group": "basket",
    "benefits": [{"kind": "delivery", "percent": "50"}],
}


async def delivered(shop: Api, **more: Any) -> dict[str, Any]:
    """Goods for 10.00 and 20.00, delivered for 3.99."""
    return await record(shop, buy("r-1", None, [line(1, 1000), line(2, 2000)], delivery=399, **more))


async def listed(shop: Api) -> list[str]:
    """The states of all purchases, the latest first."""
    return [one["status"] for one in (await shop.get("/v1/purchases")).json()["items"]]


# delivery --------------------------------------------------------------------------------------------------


async def test_the_delivery_is_paid_back_with_the_last_of_the_goods(shop: Api) -> None:
    bought = await delivered(shop)
    path = f"/v1/purchases/{bought['id']}/returns/preview"

    first = await take_back(shop, bought["id"], "b-1", (1, "1"))
    previewed = (await shop.post(path, giving_back("b-2", (2, "1")), scope="till")).json()
    between = await listed(shop)
    last = await take_back(shop, bought["id"], "b-2", (2, "1"))

    assert (first["gross"], first["money_back"], "delivery" in first) == (1000, 1000, False)
    assert last["delivery"] == previewed["delivery"] == {"charge": 399, "discount": 0, "net": 399}
    assert (last["gross"], last["discount"], last["net"], last["money_back"]) == (2399, 0, 2399, 2399)
    assert previewed["money_back"] == 2399
    assert first["money_back"] + last["money_back"] == bought["payable"]
    assert (between, await listed(shop)) == (["partly_returned"], ["returned"])


async def test_by_setting_the_delivery_comes_back_in_proportion_to_the_cent(shop: Api) -> None:
    await settle(shop, delivery_on_partial_return="proportional")
    body = buy("r-1", None, [line(1, 1000, "3")], delivery=100)
    bought = await record(shop, body)
    parts = [await take_back(shop, bought["id"], f"b-{n}", (1, "1")) for n in range(3)]
    assert [part["delivery"]["net"] for part in parts] == [33, 34, 33]
    assert [part["money_back"] for part in parts] == [1033, 1034, 1033]


async def test_what_was_taken_off_the_delivery_is_not_paid_back(shop: Api) -> None:
    await publish(shop, HALF_DELIVERY)
    await settle(shop, delivery_on_partial_return="proportional")
    bought = await delivered(shop)
    assert (bought["discount"], bought["payable"]) == (200, 3199)
    first = await take_back(shop, bought["id"], "b-1", (1, "1"))
    last = await take_back(shop, bought["id"], "b-2", (2, "1"))
    assert first["delivery"] == {"charge": 133, "discount": 67, "net": 66}
    assert last["delivery"] == {"charge": 266, "discount": 133, "net": 133}
    assert (first["money_back"], last["money_back"]) == (1066, 2133)


async def test_another_setting_between_two_returns_pays_nothing_twice(shop: Api) -> None:
    await settle(shop, delivery_on_partial_return="proportional")
    bought = await record(shop, buy("r-1", None, [line(1, 1000, "4")], delivery=400))
    first = await take_back(shop, bought["id"], "b-1", (1, "2"))
    await settle(shop, delivery_on_partial_return="keep")
    second = await take_back(shop, bought["id"], "b-2", (1, "1"))
    last = await take_back(shop, bought["id"], "b-3", (1, "1"))
    assert [one["money_back"] for one in (first, second, last)] == [2200, 1000, 1200]
    assert "delivery" not in second


async def test_delivery_comes_back_in_money_and_is_no_turnover(shop: Api, database: Database) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 3000)
    wish = [{"currency": "PTS", "amount": 1000}]
    body = buy("r-1", card, [line(1, 3000)], delivery=399, spend=wish)
    bought = await record(shop, body)
    back = await take_back(shop, bought["id"], "b-1", (1, "1"))
    assert (bought["payable"], back["money_back"]) == (2399, 2399)
    assert [(one["amount"], one["worth"]) for one in back["points_back"]] == [(1000, 1000)]
    async with database.transaction(shop.program.id) as tx:
        rows = await fetch_all(
            tx,
            "SELECT p.turnover, r.turnover_back, r.gross_back, r.money_back FROM purchase p JOIN goods_return r"
            " ON (r.program, r.home, r.purchase) = (p.program, p.home, p.id)",
        )
    assert rows == [(2000, 2000, 3399, 2399)]


# vouchers --------------------------------------------------------------------------------------------------


async def bought_and_used(shop: Api, lines: list[dict[str, Any]], used: int = 1) -> dict[str, Any]:
    """A purchase from 50.00 that brought two vouchers of 5.00, of which so many were used."""
    await fivers(shop)
    bought = await record(shop, buy("r-1", None, lines))
    for number in range(used):
        taken, _ = await present(shop, f"u-{number}", bought["issued"][number]["code"])
        assert taken == 500
    return bought


@pytest.mark.parametrize(
    ("setting", "kept", "money"), [("keep_cost", 500, 4500), ("promotion_bears", 0, 5000)]
)
async def test_the_cost_of_a_used_voucher_is_kept_back_or_its_promotion_bears_it(
    shop: Api, database: Database, setting: str, kept: int, money: int
) -> None:
    await settle(shop, used_vouchers_on_return=setting)
    bought = await bought_and_used(shop, [line(1, 5000)])
    path = f"/v1/purchases/{bought['id']}/returns/preview"

    previewed = (await shop.post(path, giving_back("b-1", (1, "1")), scope="till")).json()
    back = await take_back(shop, bought["id"], "b-1", (1, "1"))

    (one,) = back["used_vouchers"]
    assert (one["voucher"], one["cost"], one["kept_back"]) == (bought["issued"][0]["voucher"], 500, kept)
    assert (back["gross"], back["net"], back["money_back"]) == (5000, 5000, money)
    assert (previewed["used_vouchers"], previewed["money_back"]) == (back["used_vouchers"], money)
    assert (await present(shop, "u-9", bought["issued"][1]["code"]))[1][-1] == "code_used"
    await require_order(shop, database)


async def test_a_preview_of_a_return_leaves_the_vouchers_good(shop: Api) -> None:
    bought = await bought_and_used(shop, [line(1, 5000)])
    path = f"/v1/purchases/{bought['id']}/returns/preview"
    await shop.post(path, giving_back("b-1", (1, "1")), scope="till")
    assert (await present(shop, "u-9", bought["issued"][1]["code"]))[0] == 500


async def test_the_cost_is_kept_back_once_with_the_last_goods_as_far_as_the_money_reaches(shop: Api) -> None:
    bought = await bought_and_used(shop, [line(1, 4300), line(2, 700)], used=2)
    first = await take_back(shop, bought["id"], "b-1", (1, "1"))
    last = await take_back(shop, bought["id"], "b-2", (2, "1"))
    assert (first["money_back"], first["used_vouchers"]) == (4300, [])
    assert [(one["cost"], one["kept_back"]) for one in last["used_vouchers"]] == [(500, 500), (500, 200)]
    assert (last["net"], last["money_back"]) == (700, 0)


async def test_a_voucher_whose_own_purchase_came_back_was_not_used(shop: Api) -> None:
    bought = await bought_and_used(shop, [line(1, 5000)], used=0)
    code = bought["issued"][0]["code"]
    used = await record(shop, buy("u-1", None, [line(1, 1000)], codes=[code]))
    await take_back(shop, used["id"], "b-1", (1, "1"))
    back = await take_back(shop, bought["id"], "b-2", (1, "1"))
    assert (back["used_vouchers"], back["money_back"]) == ([], 5000)


async def test_of_a_voucher_for_several_times_the_times_that_were_used_are_kept_back(shop: Api) -> None:
    await issue(shop, name="fivers", count=0, pattern="V-########", uses=3)
    await publish(shop, {**FIVER, "benefits": [{"kind": "voucher", "voucher": "fivers", "cost": 1000}]})
    await publish(shop, SPENT)
    bought = await record(shop, buy("r-1", None, [line(1, 5000)]))
    for number in range(2):
        assert (await present(shop, f"u-{number}", bought["issued"][0]["code"]))[0] == 500
    back = await take_back(shop, bought["id"], "b-1", (1, "1"))
    assert [one["kept_back"] for one in back["used_vouchers"]] == [667]


@pytest.mark.parametrize(
    ("setting", "voided", "again"),
    [("promotion_bears", False, 0), ("keep_cost", False, 500), ("keep_cost", True, 0)],
)
async def test_a_used_voucher_that_nobody_paid_for_is_not_good_again_when_its_use_comes_back(
    shop: Api, database: Database, setting: str, voided: bool, again: int
) -> None:
    await settle(shop, used_vouchers_on_return=setting)
    await fivers(shop)
    bought = await record(shop, buy("r-1", None, [line(1, 5000)]))
    (first, second) = [one["code"] for one in bought["issued"]]
    used = await record(shop, buy("u-1", None, [line(1, 1000)], codes=[first]))
    held = await record(shop, buy("u-2", None, [line(1, 1000)], codes=[second], hold=True))
    assert [used["discount"], held["discount"]] == [500, 500]

    if voided:
        answer = await shop.post(f"/v1/purchases/{bought['id']}/void", {}, scope="till")
        assert answer.status_code == 200, answer.text
    else:
        await take_back(shop, bought["id"], "b-1", (1, "1"))
    await take_back(shop, used["id"], "b-2", (1, "1"))
    assert (await shop.post(f"/v1/purchases/{held['id']}/void", {}, scope="till")).status_code == 200

    for n, code in enumerate((first, second)):
        assert (await present(shop, f"u-{n + 5}", code))[0] == again
    await require_order(shop, database)


async def test_in_another_money_the_cost_is_kept_back_at_the_rate_of_the_purchase(shop: Api) -> None:
    await fivers(shop)
    rate = {"currency": "USD", "rate": "0.8", "valid_from": "2026-01-01T00:00:00Z"}
    assert (await shop.post("/v1/exchange-rates", rate)).status_code == 201
    bought = await record(shop, buy("r-1", None, [line(1, 10_000)], currency="USD"))
    assert (await present(shop, "u-1", bought["issued"][0]["code"]))[0] == 500
    back = await take_back(shop, bought["id"], "b-1", (1, "1"))
    assert [(one["cost"], one["kept_back"]) for one in back["used_vouchers"]] == [(625, 625)]
    assert back["money_back"] == 9375


async def test_a_void_keeps_nothing_back(shop: Api) -> None:
    bought = await bought_and_used(shop, [line(1, 5000)])
    voided = await shop.post(f"/v1/purchases/{bought['id']}/void", {}, scope="till")
    assert voided.json() == {"id": bought["id"], "request": "r-1", "status": "voided"}
    assert (await present(shop, "u-9", bought["issued"][1]["code"]))[1][-1] == "code_used"
