"""Points that are passed on twice at once: one balance is given once, and a day's limit is one limit for both."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from regulars.flows import sharing
from tests.api.conftest import Api
from tests.api.shop import give, member_with_card, settle
from tests.races.acts import Houses, at_once, outcomes
from tests.races.test_guards import must_go_red, unlocked
from tests.races.test_memberships import unlocked_member

__all__ = ["unlocked"]
SEVERAL = 6


async def have(api: Api, member: str, currency: str = "PTS") -> int:
    """What a member may spend of a currency."""
    found = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"]
    return next(one["available"] for one in found if one["currency"] == currency)


async def open_ways(api: Api, a_day: int | None = None) -> None:
    """A charity, and miles for points at 2 for 1; a day has so many points to be changed, and as many to be sent."""
    await api.post("/v1/partners", {"code": "shelter", "name": "Shelter"})
    await api.post("/v1/currencies", {"code": "MIL", "kind": "points", "worth": "0.01"})
    await api.call("PUT", "/v1/points-rates/PTS/MIL", {"give": 2, "get": 1, "a_day": a_day})
    await settle(api, passing={"charities": ["shelter"], "a_day": a_day, "donations": {"a_day": a_day}})


async def with_points(houses: Houses, amount: int, a_day: int | None = None) -> tuple[Api, str]:
    """A program in which points can be passed on, and a member with so many of them."""
    api = houses.at(0)
    await open_ways(api, a_day)
    member, _ = await member_with_card(api)
    await give(api, member, amount)
    return api, member


async def several(houses: Houses, path: str, **body: Any) -> dict[str, int]:
    """What becomes of SEVERAL calls that are alike, at once: outcome → how often."""
    return outcomes(await at_once([houses.at(n).post(path, body) for n in range(SEVERAL)]))


async def donate_one_balance(houses: Houses) -> None:
    """300 points, and six donations of 300 of them: one is made, and the charity is owed it once."""
    api, member = await with_points(houses, 300)

    done = await several(
        houses, f"/v1/members/{member}/donations", charity="shelter", currency="PTS", amount=300
    )

    assert done == {"201": 1, "409 insufficient_points": SEVERAL - 1}
    assert await have(api, member) == 0
    given = (await api.get("/v1/donations")).json()["items"]
    assert [(one["amount"], one["donations"]) for one in given] == [(300, 1)]
    await houses.require_good_books()


async def exchange_one_balance(houses: Houses) -> None:
    """300 points, and six exchanges of 300 of them: 150 miles come of it, once."""
    api, member = await with_points(houses, 300)

    done = await several(houses, f"/v1/members/{member}/exchanges", currency="PTS", target="MIL", amount=300)

    assert done == {"201": 1, "409 insufficient_points": SEVERAL - 1}
    assert [await have(api, member, code) for code in ("PTS", "MIL")] == [0, 150]
    await houses.require_good_books()


async def exchange_up_to_the_days_limit(houses: Houses) -> None:
    """5,000 points, and six exchanges of 200 where a day has 500: two are made."""
    api, member = await with_points(houses, 5000, a_day=500)

    done = await several(houses, f"/v1/members/{member}/exchanges", currency="PTS", target="MIL", amount=200)

    assert done == {"201": 2, "409 passing_limit": SEVERAL - 2}
    assert [await have(api, member, code) for code in ("PTS", "MIL")] == [4600, 200]
    await houses.require_good_books()


async def donate_and_exchange_one_balance(houses: Houses) -> None:
    """300 points, all of them to be given and all of them to be changed: one of the two is done."""
    api, member = await with_points(houses, 300)

    answers = await at_once([
        houses.at(0).post(f"/v1/members/{member}/donations", {"charity": "shelter", "currency": "PTS", "amount": 300}),
        houses.at(1).post(f"/v1/members/{member}/exchanges", {"currency": "PTS", "target": "MIL", "amount": 300}),
    ])  # fmt: skip

    assert outcomes(answers) == {"201": 1, "409 insufficient_points": 1}
    assert await have(api, member) == 0
    await houses.require_good_books()


async def send_up_to_the_days_limit(houses: Houses) -> None:
    """1,000 points, and six transfers of 100 where a day has 250: two arrive."""
    api, giver = await with_points(houses, 1000, a_day=250)
    taker, _ = await member_with_card(api)

    done = await several(houses, f"/v1/members/{giver}/transfers", to=taker, currency="PTS", amount=100)

    assert done == {"201": 2, "409 passing_limit": SEVERAL - 2}
    assert [await have(api, one) for one in (giver, taker)] == [800, 200]
    await houses.require_good_books()


async def donate_up_to_the_days_limit(houses: Houses) -> None:
    """1,000 points, and six donations of 100 where a day has 250: two are made."""
    api, giver = await with_points(houses, 1000, a_day=250)

    done = await several(
        houses, f"/v1/members/{giver}/donations", charity="shelter", currency="PTS", amount=100
    )

    assert done == {"201": 2, "409 passing_limit": SEVERAL - 2}
    assert await have(api, giver) == 800
    await houses.require_good_books()


ACTS = [
    donate_up_to_the_days_limit,
    donate_one_balance,
    exchange_one_balance,
    exchange_up_to_the_days_limit,
    donate_and_exchange_one_balance,
    send_up_to_the_days_limit,
]


@pytest.mark.parametrize("act", ACTS)
async def test_points_are_passed_on_once_and_within_the_limits(houses: Houses, act: Any) -> None:
    await act(houses)


@pytest.mark.full
@pytest.mark.parametrize("act", ACTS)
async def test_without_the_lock_on_the_members_pool_it_goes_wrong(
    houses: Houses, unlocked: None, administrator_url: str, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    # The constraint on lots would refuse by itself what is drawn twice.
    with psycopg.connect(administrator_url) as owner:
        owner.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS lot_check")
    monkeypatch.setattr(sharing, "locked_member", unlocked_member)

    await must_go_red(houses, act(houses))
