"""Promotions that ask again on a return: what they gave on goods that are kept is taken back with the threshold."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api
from tests.api.shop import balance, buy, line, member_with_card, publish, record, take_back

FROM_FIFTY: dict[str, Any] = {
    "name": "A tenth off from 50.00",
    "group": "basket",
    "recheck": True,
    "conditions": [{"kind": "basket_amount", "minimum": 5000}],
    "benefits": [{"kind": "basket_percent", "percent": "10"}],
}
POINTS_FROM_FIFTY: dict[str, Any] = {
    "name": "Fifty points from 50.00",
    "group": "points",
    "recheck": True,
    "conditions": [{"kind": "basket_amount", "minimum": 5000, "price": "original"}],
    "benefits": [{"kind": "points_fixed", "currency": "PTS", "points": 50}],
}


def told(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    """gross, discount, net and money_back of a return."""
    return answer["gross"], answer["discount"], answer["net"], answer["money_back"]


async def test_a_return_below_the_threshold_takes_the_discount_of_what_is_kept_back(shop: Api) -> None:
    promotion = await publish(shop, FROM_FIFTY)
    recorded = await record(shop, buy("r-1", None, [line(1, 3000, tax_rate="0.21"), line(2, 1000, "3")]))
    assert (recorded["discount"], recorded["payable"]) == (600, 5400)

    first = await take_back(shop, recorded["id"], "b-1", (1, "1"))

    # line 1 had cost 27.00; the 3.00 off the three that are kept go with the threshold: they cost 30.00 now
    assert told(first) == (3000, 600, 2400, 2400)
    assert first["withdrawn"] == [{"promotion": promotion, "line": 2, "discount": 300}]
    taxes = {tax["rate"]: (tax["base"], tax["tax"]) for tax in first["taxes"]}
    assert taxes == {"0.21": (2231, 469), "0": (-300, 0)}

    second = await take_back(shop, recorded["id"], "b-2", (2, "1"))
    third = await take_back(shop, recorded["id"], "b-3", (2, "2"))
    assert told(second) == (1000, 0, 1000, 1000)
    assert told(third) == (2000, 0, 2000, 2000)
    assert second["withdrawn"] == third["withdrawn"] == []


async def test_a_return_that_keeps_the_threshold_gives_back_in_proportion(shop: Api) -> None:
    await publish(shop, FROM_FIFTY)
    recorded = await record(shop, buy("r-1", None, [line(1, 3000, "2"), line(2, 1000)]))
    answer = await take_back(shop, recorded["id"], "b-1", (2, "1"))
    assert told(answer) == (1000, 100, 900, 900)
    assert answer["withdrawn"] == []


async def test_no_more_is_kept_back_than_comes_back(shop: Api) -> None:
    await publish(shop, FROM_FIFTY)
    recorded = await record(shop, buy("r-1", None, [line(1, 4900), line(2, 100)]))
    first = await take_back(shop, recorded["id"], "b-1", (2, "1"))
    assert told(first) == (100, 100, 0, 0)
    assert [one["discount"] for one in first["withdrawn"]] == [90]
    rest = await take_back(shop, recorded["id"], "b-2", (1, "1"))
    # paid were 45.00, nothing came back before: all of it comes back now
    assert told(rest) == (4900, 400, 4500, 4500)


async def test_points_for_a_threshold_go_with_it_once(shop: Api) -> None:
    await publish(shop, POINTS_FROM_FIFTY)
    member, card = await member_with_card(shop)
    recorded = await record(shop, buy("r-1", card, [line(1, 3000), line(2, 2000)]))
    assert (await balance(shop, member))["available"] == 50

    first = await take_back(shop, recorded["id"], "b-1", (2, "1"))
    assert [(one["line"], one["points"]) for one in first["withdrawn"]] == [(1, 30)]
    assert [taken["amount"] for taken in first["taken_back"]] == [50]
    assert (await balance(shop, member))["available"] == 0

    second = await take_back(shop, recorded["id"], "b-2", (1, "1"))
    assert second["taken_back"] == []
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}


async def test_a_voided_rest_gives_back_what_was_withdrawn(shop: Api) -> None:
    await publish(shop, FROM_FIFTY)
    _, card = await member_with_card(shop)
    recorded = await record(shop, buy("r-1", card, [line(1, 3000), line(2, 3000)]))
    preview = await shop.post(
        f"/v1/purchases/{recorded['id']}/returns/preview",
        {"id": "b-1", "lines": [{"line": 1, "quantity": "1"}], "returned_at": "2026-03-01T11:00:00+02:00"},
        scope="till",
    )
    assert told(preview.json()) == (3000, 600, 2400, 2400)
    await take_back(shop, recorded["id"], "b-1", (1, "1"))
    answer = await shop.post(f"/v1/purchases/{recorded['id']}/void", {"reason": "mistake"}, scope="till")
    assert answer.status_code == 200, answer.text
