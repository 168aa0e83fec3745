"""Visits of the rights of a paid membership that stop counting after a pause: what they took is hers again, once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.entitled import LOUNGE, book, come, entitle, left
from tests.api.entitled import act as on_visit
from tests.api.shop import buy, member_with_card, record, set_clock, take_back
from tests.api.test_membership_rights import visits_left
from tests.api.test_membership_sales import plan_line, sell
from tests.api.test_memberships import NOON, act, begin, plan
from tests.api.test_merging import merge

RIGHTS: dict[str, Any] = {"rights": [{"code": "lounge", "uses": 5}]}
BOOKING: dict[str, Any] = {"opens": "06:00", "closes": "22:00", "no_show": "gives_back"}
NEXT_DAY = "2026-03-02T12:00:00+02:00"


@pytest.fixture
async def lounge(shop: Api) -> Api:
    """A program where a month of `beans` brings five visits of the lounge, which are booked, and is an article."""
    await entitle(shop, {**LOUNGE, "quotas": [], "booking": BOOKING})
    await plan(shop, sku="bean-club", **RIGHTS)
    return shop


async def booked(api: Api, member: str) -> str:
    """A visit that is booked for the next day; its id."""
    answer = await book(api, member, NEXT_DAY)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def used(api: Api, member: str) -> str:
    """A visit that is made now; its id."""
    answer = await come(api, member)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def free(api: Api, visit: str, scope: str = "till") -> None:
    """A visit is cancelled or withdrawn, which must succeed."""
    answer = await on_visit(api, visit, "cancel", scope)
    assert answer.status_code == 200, answer.text


async def rest(api: Api, membership: str) -> None:
    """A membership is paused and goes on."""
    await act(api, membership, "pauses")
    await act(api, membership, "resumptions")


@pytest.mark.parametrize("pauses", [1, 2])
async def test_a_visit_that_is_cancelled_after_a_pause_is_hers_again_to_the_end_of_the_period(
    lounge: Api, pauses: int
) -> None:
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    visit = await booked(lounge, member)

    for _ in range(pauses):
        await rest(lounge, made["id"])
    resumed = await left(lounge, member)
    await free(lounge, visit)
    cancelled = await left(lounge, member)
    await set_clock(lounge, "2026-03-31T23:59:59+03:00")
    last_day = await left(lounge, member)
    await act(lounge, made["id"], "renewals", reference="r-2")
    await set_clock(lounge, "2026-04-02T00:00:00+03:00")

    assert (resumed, cancelled, last_day) == (4, 5, 5)
    assert await left(lounge, member) == 5  # of April: nothing of March is left


async def test_a_visit_that_is_missed_after_a_pause_is_hers_again_where_it_is_given_back(lounge: Api) -> None:
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    await booked(lounge, member)

    await rest(lounge, made["id"])
    await set_clock(lounge, NOON.format("03-03"))

    assert await left(lounge, member) == 5


async def test_a_use_that_is_withdrawn_after_a_pause_is_hers_again(lounge: Api) -> None:
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    visit = await used(lounge, member)

    await rest(lounge, made["id"])
    await free(lounge, visit, "manage")

    assert await left(lounge, member) == 5


async def test_all_uses_of_a_period_that_were_booked_before_a_pause_come_back_with_their_guests(
    shop: Api,
) -> None:
    await entitle(shop, {**LOUNGE, "quotas": [], "booking": BOOKING, "guests": {"from_quota": 4}})
    await plan(shop, **RIGHTS)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    alone = await booked(shop, member)
    party = (await book(shop, member, NEXT_DAY, guests=3)).json()["id"]

    await rest(shop, made["id"])
    await free(shop, party)
    with_party = await left(shop, member)
    await free(shop, alone)

    assert with_party == 4
    assert await left(shop, member) == 5


async def test_what_came_back_after_a_pause_is_counted_once_by_the_next_one(lounge: Api) -> None:
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    first = await booked(lounge, member)

    await rest(lounge, made["id"])
    await free(lounge, first)
    visits = [await used(lounge, member) for _ in range(5)]
    used_up = await left(lounge, member)
    await rest(lounge, made["id"])
    for visit in visits:
        await free(lounge, visit, "manage")
    all_free = await left(lounge, member)
    await rest(lounge, made["id"])

    assert (used_up, all_free) == (0, 5)
    assert await left(lounge, member) == 5


async def test_a_period_that_was_paid_back_gives_nothing_back_also_where_it_was_bought_again(
    lounge: Api,
) -> None:
    member, card = await member_with_card(lounge)
    made = await begin(lounge, member)
    second = (await record(lounge, buy("r-2", card, [plan_line()])))["id"]
    await sell(lounge, member, second)
    of_march = [await booked(lounge, member) for _ in range(5)]
    of_april = await booked(lounge, member)

    await take_back(lounge, second, "b-2", (1, "1"))
    await rest(lounge, made["id"])
    await free(lounge, of_april)
    paid_back = await visits_left(lounge, member)
    await act(lounge, made["id"], "renewals", reference="r-3")
    again = await booked(lounge, member)
    await free(lounge, of_march[0])
    await free(lounge, again)

    assert paid_back == 0
    assert await left(lounge, member) == 5 + 1


async def test_a_visit_that_is_cancelled_in_a_pause_or_after_the_end_gives_nothing_before_it_goes_on(
    lounge: Api,
) -> None:
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    first, second, third = [await booked(lounge, member) for _ in range(3)]

    await rest(lounge, made["id"])
    await act(lounge, made["id"], "pauses")
    await free(lounge, first)
    resting = await visits_left(lounge, member)
    await act(lounge, made["id"], "resumptions")
    resumed = await left(lounge, member)
    await act(lounge, made["id"], "cancellations", when="now")
    await free(lounge, second)

    assert (resting, resumed) == (0, 3)
    assert await visits_left(lounge, member) == 0
    assert (await on_visit(lounge, third, "cancel")).status_code == 200


async def test_a_visit_that_a_duplicate_booked_is_the_survivors_again_after_a_pause(lounge: Api) -> None:
    (anna, _), (twin, _) = await member_with_card(lounge), await member_with_card(lounge)
    made = await begin(lounge, twin)
    visit = await booked(lounge, twin)
    await merge(lounge, anna, twin)

    await rest(lounge, made["id"])
    resumed = await left(lounge, anna)
    await free(lounge, visit)

    assert resumed == 4
    assert await left(lounge, anna) == 5


async def test_a_visit_of_another_plan_gives_nothing_back_after_the_change(lounge: Api) -> None:
    await plan(lounge, "big", price=9_000, club="big", rights=[{"code": "lounge", "uses": 8}])
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    visit = await booked(lounge, member)

    await rest(lounge, made["id"])
    await act(lounge, made["id"], "changes", plan="big", reference="r-2")
    await free(lounge, visit)

    assert await left(lounge, member) == 8


async def test_visits_that_are_cancelled_while_the_membership_goes_on_are_neither_lost_nor_doubled(
    lounge: Api,
) -> None:
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    visits = [await booked(lounge, member) for _ in range(4)]

    for visit in visits:
        await act(lounge, made["id"], "pauses")
        await asyncio.gather(free(lounge, visit), act(lounge, made["id"], "resumptions"))

    assert await left(lounge, member) == 5
