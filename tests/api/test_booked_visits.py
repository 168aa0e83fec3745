"""Visits that are booked: a use and a place in a slot, check-in, cancelling in time, and who does not come."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.entitled import LOUNGE, act, book, come, gold_member, has, left, used_up
from tests.api.shop import refused, set_clock

BOOKED: dict[str, Any] = {
    **LOUNGE,
    "booking": {"opens": "09:00", "closes": "12:00", "capacity": 3, "cancel_hours": 2},
}
NEXT_DAY = "2026-03-02T10:00:00+02:00"


async def test_a_booking_reserves_a_use_and_a_place_and_becomes_a_use_at_check_in(shop: Api) -> None:
    member = await gold_member(shop, BOOKED)

    booked = await book(shop, member, NEXT_DAY, guests=1)
    hers = await has(shop, member)
    day = {"store": "riga-1", "day": "2026-03-02"}
    slots = (await shop.get("/v1/entitlements/lounge/slots", **day)).json()["items"]
    too_early = await act(shop, booked.json()["id"], "check-in")
    await set_clock(shop, "2026-03-02T10:20:00+02:00")
    came = await act(shop, booked.json()["id"], "check-in")
    again = await act(shop, booked.json()["id"], "check-in")

    assert (booked.status_code, booked.json()["state"], booked.json()["uses"]) == (201, "booked", 2)
    assert (hers["left"], [one["at"] for one in hers["bookings"]]) == (0, ["2026-03-02T08:00:00Z"])
    assert [(one["at"], one["free"]) for one in slots] == [
        ("2026-03-02T07:00:00Z", 3), ("2026-03-02T08:00:00Z", 1), ("2026-03-02T09:00:00Z", 3),
    ]  # fmt: skip
    assert refused(too_early)[:2] == (409, "state_conflict")
    assert (came.status_code, came.json()["state"], came.json()["cost"]) == (200, "used", 5000)
    assert refused(again)[:2] == (409, "state_conflict")
    assert await left(shop, member) == 0


async def test_a_booking_takes_from_the_period_of_its_day(shop: Api) -> None:
    member = await gold_member(shop, {**BOOKED, "quotas": [{"uses": 1}], "period": "month"})

    april = await book(shop, member, "2026-04-01T10:00:00+03:00")

    assert april.status_code == 201
    assert await left(shop, member) == 1
    assert used_up(await book(shop, member, "2026-04-02T10:00:00+03:00"))[2] == "2026-05-01T00:00:00+03:00"


async def test_cancelled_in_time_use_and_place_come_back_later_only_staff_may(shop: Api) -> None:
    member = await gold_member(shop, BOOKED)
    first, second = [(await book(shop, member, NEXT_DAY)).json()["id"] for _ in range(2)]

    cancelled = await act(shop, first, "cancel")
    twice = await act(shop, first, "cancel")
    come_anyway = await act(shop, first, "check-in")
    await set_clock(shop, "2026-03-02T08:30:00+02:00")
    late = await act(shop, second, "cancel")
    by_staff = await act(shop, second, "cancel", scope="manage")

    assert (cancelled.json()["state"], cancelled.json()["uses"]) == ("cancelled", 0)
    assert refused(twice)[:2] == (409, "state_conflict")
    assert refused(come_anyway)[:2] == (409, "state_conflict")
    assert refused(late)[:2] == (409, "too_late_to_cancel")
    assert by_staff.status_code == 200
    assert await left(shop, member) == 2
    day = {"store": "riga-1", "day": "2026-03-02"}
    slots = (await shop.get("/v1/entitlements/lounge/slots", **day)).json()["items"]
    assert [one["free"] for one in slots] == [3, 3, 3]


async def test_a_full_slot_and_a_time_that_is_none_are_refused(shop: Api) -> None:
    member = await gold_member(shop, {**BOOKED, "quotas": [{"uses": 9}]})
    await book(shop, member, NEXT_DAY, guests=1)

    full = await book(shop, member, NEXT_DAY, guests=1)
    fits = await book(shop, member, NEXT_DAY)
    between = await book(shop, member, "2026-03-02T10:30:00+02:00")
    over = await book(shop, member, "2026-03-01T09:00:00+02:00")
    far = await book(shop, member, "2026-07-01T10:00:00+03:00")

    assert refused(full)[:2] == (409, "slot_full")
    assert fits.status_code == 201
    assert [refused(one) for one in (between, over, far)] == [(422, "invalid_value", "/at")] * 3
    assert await left(shop, member) == 6


@pytest.mark.parametrize(("policy", "after"), [("takes", 1), ("gives_back", 2)])
async def test_who_does_not_come_loses_the_use_or_has_it_back_by_policy(
    shop: Api, policy: str, after: int
) -> None:
    member = await gold_member(shop, {**BOOKED, "booking": {**BOOKED["booking"], "no_show": policy}})
    booked = (await book(shop, member, NEXT_DAY)).json()["id"]

    await set_clock(shop, "2026-03-02T23:59:59+02:00")
    still = await has(shop, member)
    await set_clock(shop, "2026-03-03T00:00:00+02:00")

    assert [one["id"] for one in still["bookings"]] == [booked]
    assert await left(shop, member) == after
    assert (await has(shop, member))["bookings"] == []
    assert refused(await act(shop, booked, "check-in"))[:2] == (409, "state_conflict")
    missed = (await shop.get("/v1/entitlement-uses")).json()["items"]
    assert [(one["state"], one["cost"]) for one in missed] == [("missed", 0)]


async def test_a_use_by_mistake_is_taken_back_by_who_manages_only(shop: Api) -> None:
    member = await gold_member(shop)
    use = (await come(shop, member)).json()["id"]

    by_till = await act(shop, use, "cancel")
    by_staff = await act(shop, use, "cancel", scope="manage")

    assert refused(by_till)[:2] == (409, "state_conflict")
    assert by_staff.json()["state"] == "cancelled"
    assert await left(shop, member) == 2
    assert (await shop.get("/v1/entitlement-costs", **{"from": "2026-03-01", "until": "2026-03-01"})).json()[
        "cost"
    ] == 0


async def test_an_erasure_gives_the_place_in_the_slot_back(shop: Api) -> None:
    member = await gold_member(shop, BOOKED)
    await book(shop, member, NEXT_DAY)

    erased = await shop.delete(f"/v1/members/{member}")

    assert erased.is_success, erased.text
    day = {"store": "riga-1", "day": "2026-03-02"}
    slots = (await shop.get("/v1/entitlements/lounge/slots", **day)).json()["items"]
    assert [one["free"] for one in slots] == [3, 3, 3]


async def test_who_asks_for_her_data_gets_every_visit_and_what_she_was_given(shop: Api) -> None:
    member = await gold_member(shop, BOOKED)
    await shop.post(
        f"/v1/members/{member}/entitlements/lounge/grants", {"uses": 1, "reason": "a late flight"}
    )
    await come(shop, member)
    await act(shop, (await book(shop, member, NEXT_DAY)).json()["id"], "cancel")

    exported = (await shop.get(f"/v1/members/{member}/export")).json()["entitlements"]

    assert [(one["entitlement"], one["uses"], one["origin"]) for one in exported["given"]] == [
        ("lounge", 1, "staff")
    ]
    assert [(one["state"], one["store"]) for one in exported["visits"]] == [
        ("cancelled", "riga-1"), ("used", "riga-1"),
    ]  # fmt: skip
