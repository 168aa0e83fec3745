"""A club that paid memberships give: none shortens what another one or she herself holds, and its seats go with it."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api
from tests.api.seating import booked, club, join, occasion, stands
from tests.api.shop import member_with_card, set_clock
from tests.api.test_memberships import act, begin, clubs, plan


async def until(api: Api, member: str, code: str = "beans") -> list[str | None]:
    """When the marks of a club that she has now end."""
    found = (await api.get(f"/v1/members/{member}/marks")).json()["items"]
    return [one["until"] for one in found if (one["kind"], one["code"]) == ("club", code)]


async def mark(api: Api, member: str, **body: Any) -> None:
    """Mark her as another system does, which must succeed."""
    put = await api.call("PUT", f"/v1/members/{member}/marks", {"kind": "club", "code": "beans", **body})
    assert put.status_code == 200, put.text


YEAR = "2027-03-05T22:00:00Z"  # a year from 1 March 2026 and five days of grace, in Riga
MONTH = "2026-04-05T21:00:00Z"


async def test_a_shorter_plan_that_begins_does_not_shorten_the_club_of_a_longer_one(shop: Api) -> None:
    await plan(shop, "yearly", period="year")
    await plan(shop)
    member, _ = await member_with_card(shop)

    yearly = await begin(shop, member, plan="yearly")
    monthly = await begin(shop, member, reference="r-2")
    both = await until(shop, member)
    await act(shop, monthly["id"], "pauses")
    paused = await until(shop, member)
    await act(shop, monthly["id"], "resumptions")
    await act(shop, yearly["id"], "cancellations", when="now")
    month_left = await until(shop, member)
    await act(shop, monthly["id"], "cancellations", when="now")

    assert both == paused == [YEAR]
    assert month_left == [MONTH]
    assert await clubs(shop, member) == []


async def test_a_club_that_she_joined_herself_is_hers_after_the_membership(shop: Api) -> None:
    await club(shop, "beans")
    await plan(shop)
    member, _ = await member_with_card(shop)
    assert (await join(shop, member, "beans")).status_code == 200

    made = await begin(shop, member)
    while_paid = await until(shop, member)
    await act(shop, made["id"], "pauses")
    paused = await until(shop, member)
    await act(shop, made["id"], "resumptions")
    await act(shop, made["id"], "cancellations", when="now")

    assert while_paid == paused == await until(shop, member) == [None]


async def test_a_mark_with_a_nearer_end_is_longer_while_it_is_paid_and_has_its_own_end_again(
    shop: Api,
) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    await mark(shop, member, until="2026-03-20T12:00:00Z")

    made = await begin(shop, member)
    while_paid = await until(shop, member)
    await act(shop, made["id"], "cancellations", when="now")

    assert while_paid == [MONTH]
    assert await until(shop, member) == ["2026-03-20T12:00:00Z"]


async def test_what_another_system_says_of_a_club_while_it_is_paid_is_hers_afterwards(shop: Api) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)

    await mark(shop, member)
    await act(shop, made["id"], "cancellations", when="now")

    assert await until(shop, member) == [None]


async def test_a_period_that_is_paid_back_shortens_the_club_to_what_is_paid(shop: Api) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await act(shop, made["id"], "renewals", reference="r-2")

    two = await until(shop, member)
    await act(shop, made["id"], "pauses")
    await set_clock(shop, "2026-03-03T12:00:00+02:00")
    await act(shop, made["id"], "resumptions")

    assert two == ["2026-05-05T21:00:00Z"]
    assert await until(shop, member) == ["2026-05-07T21:00:00Z"]


async def test_seats_at_events_of_the_club_go_with_the_membership_and_the_next_moves_up(shop: Api) -> None:
    await club(shop, "beans")
    await plan(shop)
    await occasion(shop, clubs=["beans"], seats=1)
    paying, joined = [(await member_with_card(shop))[0] for _ in range(2)]
    made = await begin(shop, paying)
    await join(shop, joined, "beans")
    seat, waiting = await booked(shop, paying), await booked(shop, joined)

    await act(shop, made["id"], "cancellations", when="now")

    assert [waiting["state"], (await stands(shop, seat["id"]))[0]] == ["waiting", "cancelled"]
    assert await stands(shop, waiting["id"]) == ("booked", None)


async def test_seats_go_with_a_membership_that_nobody_renews_and_with_a_pause(shop: Api) -> None:
    await club(shop, "beans")
    await plan(shop)
    late = {"starts_at": "2026-04-20T18:00:00+03:00", "ends_at": "2026-04-20T21:00:00+03:00"}
    await occasion(shop, clubs=["beans"], **late)
    lapsing, pausing = [(await member_with_card(shop))[0] for _ in range(2)]
    await begin(shop, lapsing)
    rested = await begin(shop, pausing)
    first, second = await booked(shop, lapsing), await booked(shop, pausing)

    await act(shop, rested["id"], "pauses")
    after_pause = [(await stands(shop, one["id"]))[0] for one in (first, second)]
    await set_clock(shop, "2026-04-06T00:00:00+03:00")

    assert after_pause == ["booked", "cancelled"]
    assert (await stands(shop, first["id"]))[0] == "cancelled"


async def test_a_seat_stays_where_another_membership_or_she_herself_holds_the_club(shop: Api) -> None:
    await club(shop, "beans")
    await plan(shop)
    await plan(shop, "yearly", period="year")
    await occasion(shop, clubs=["beans"])
    two_plans, joined = [(await member_with_card(shop))[0] for _ in range(2)]
    await join(shop, joined, "beans")
    await begin(shop, two_plans, plan="yearly")
    ending = [await begin(shop, one) for one in (two_plans, joined)]
    seats = [await booked(shop, one) for one in (two_plans, joined)]

    for one in ending:
        await act(shop, one["id"], "cancellations", when="now")

    assert [(await stands(shop, one["id"]))[0] for one in seats] == ["booked", "booked"]
