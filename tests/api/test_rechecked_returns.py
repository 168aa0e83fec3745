"""Promotions that ask again on a return: what they gave on goods that are kept is taken back with the threshold."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api
from tests.api.shop import AT, balance, buy, line, member_with_card, publish, record, take_back

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

TEN_OFF_ONE_FROM_FORTY: dict[str, Any] = {
    "name": "10.00 off one piece from 40.00",
    "group": "items",
    "recheck": True,
    "conditions": [{"kind": "basket_amount", "minimum": 4000, "price": "original"}],
    "benefits": [{"kind": "line_amount", "amount": 1000, "each": "purchase"}],
}
HUNDREDTH: dict[str, Any] = {
    "name": "A hundredth off",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "1"}],
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


async def test_of_pieces_what_is_taken_back_is_what_the_kept_ones_had(shop: Api) -> None:
    await publish(shop, TEN_OFF_ONE_FROM_FORTY)
    await publish(shop, HUNDREDTH)
    goods = [line(1, 1000, "3"), line(2, 1500)]

    async def bought(request: str) -> tuple[str, int, int]:
        """A purchase, and the numbers of its free piece and of the two others."""
        recorded = await record(shop, buy(request, None, goods))
        pieces = {piece["net"]: piece["piece"] for piece in recorded["lines"][0]["pieces"]}
        assert sorted(pieces) == [0, 1980]
        return recorded["id"], pieces[0], pieces[1980]

    first, free, dear = await bought("r-1")
    named = {"line": 1, "quantity": "1", "pieces": [{"piece": free, "quantity": "1"}]}
    both = {"id": "b-1", "lines": [named, {"line": 2, "quantity": "1"}], "returned_at": AT}
    free_back = (await shop.post(f"/v1/purchases/{first}/returns", both, scope="till")).json()
    second, free, dear = await bought("r-2")
    dear_back = await take_back(shop, second, "b-2", (1, "2"), (2, "1"))
    third, free, dear = await bought("r-3")
    none_back = await take_back(shop, third, "b-3", (2, "1"))
    dear_later = await take_back(shop, third, "b-4", (1, "2"))
    free_later = await take_back(shop, third, "b-5", (1, "1"))

    # what was taken off the free piece is nearly all of the promotion's on this line
    assert [sum(one["discount"] for one in back["withdrawn"]) for back in (free_back, dear_back, none_back)] == [
        20, 980, 1000]  # fmt: skip
    assert (told(free_back), told(dear_back)) == ((2500, 1035, 1465, 1465), (3500, 1015, 2485, 2485))
    assert [told(back) for back in (none_back, dear_later, free_later)] == [
        (1500, 1015, 485, 485), (2000, 0, 2000, 2000), (1000, 20, 980, 980)]  # fmt: skip
    assert dear_later["lines"][0]["pieces"] == [{"piece": dear, "quantity": "2"}]
