"""Random claims, holds, steps and returns: the books stay in order, and stock + claimed is what was supplied."""

from __future__ import annotations

import random

import pytest
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.prizes import act, claim, left, offer
from tests.api.shop import balance, give, member_with_card

from regulars.flows.check_ledger import check_ledger

__all__ = ["api", "client", "letters", "shop"]
ACTS = 40
SUPPLY = 6
POINTS = 1500
PRICE = 250
TAKES = ("held", "claimed", "ready", "shipped", "handed_over")


@pytest.mark.parametrize("seed", [3, 17, 4711])
async def test_whatever_is_claimed_and_given_back_points_and_stock_are_conserved(
    shop: Api, seed: int
) -> None:
    chance = random.Random(seed)
    reward = await offer(shop, SUPPLY, limits=[{"per": "member", "most": 4}])
    members = [(await member_with_card(shop))[0] for _ in range(3)]
    for member in members:
        await give(shop, member, POINTS)
    made: dict[str, str] = {}
    for _ in range(ACTS):
        what = chance.choice(["claim", "claim", "hold", "cancel", "confirm", "ready", "handed_over"])
        if what in ("claim", "hold") or not made:
            answer = await claim(
                shop, chance.choice(members), reward, quantity=chance.choice([1, 1, 2]), hold=what == "hold"
            )
            if answer.is_success:
                made[answer.json()["id"]] = ""
            else:
                assert answer.json()["code"] in ("out_of_stock", "limit_reached", "insufficient_points")
        else:
            one = chance.choice(list(made))
            step = {"state": what} if what in ("ready", "handed_over") else {}
            answer = await act(shop, one, "fulfil" if step else what, **step)
            assert answer.status_code in (200, 409), answer.text
    taken = dict.fromkeys(members, 0)
    for one in made:
        shown = (await shop.get(f"/v1/redemptions/{one}")).json()
        if shown["state"] in TAKES:
            taken[shown["member"]] += shown["quantity"]
    assert await left(shop, reward) == SUPPLY - sum(taken.values())
    for member in members:
        assert taken[member] <= 4
        assert (await balance(shop, member))["available"] == POINTS - PRICE * taken[member]
    assert shop.database is not None
    assert await check_ledger(shop.database, shop.program.id) == ()
