"""Events with seats over the API: booking, waiting, moving up, paying, the door, and what a leaving does."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api, Letters
from tests.api.seating import act, book, booked, club, let_in, members, occasion, stands
from tests.api.shop import balance, give, member_with_card, refused, set_clock

PAID = {"currency": "PTS", "points": 100}


@pytest.mark.scenario("S20")
async def test_an_event_of_40_seats_fills_and_its_waiting_list_moves_up_by_itself(shop: Api) -> None:
    await occasion(shop, seats=40)
    everybody = await members(shop, 43)
    bookings = [await booked(shop, one) for one in everybody]
    assert [one["state"] for one in bookings] == ["booked"] * 40 + ["waiting"] * 3
    assert [one["waiting_place"] for one in bookings[40:]] == [1, 2, 3]
    assert (await act(shop, bookings[7]["id"], "cancel")).json()["state"] == "cancelled"
    assert [await stands(shop, one["id"]) for one in bookings[40:]] == [
        ("booked", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    shown = (await shop.get("/v1/occasions/evening")).json()
    assert (shown["taken"], shown["free"], shown["waiting"]) == (40, 0, 2)


@pytest.mark.scenario("S20")
async def test_who_leaves_the_club_loses_her_seat_and_keeps_her_points(shop: Api) -> None:
    await club(shop)
    await occasion(shop, seats=1, clubs=["tasters"])
    (leaving, next_one, stranger) = await members(shop, 3)
    for one in (leaving, next_one):
        await let_in(shop, one)
    await give(shop, leaving, 500)
    hers, waiting = await booked(shop, leaving), await booked(shop, next_one)
    assert refused(await book(shop, stranger)) == (409, "not_for_member", None)
    left = await shop.delete(f"/v1/members/{leaving}/clubs/tasters")
    assert [one["standing"] for one in left.json()["items"]] == ["may_join"]
    assert await stands(shop, hers["id"]) == ("cancelled", None)
    assert await stands(shop, waiting["id"]) == ("booked", None)
    assert (await balance(shop, leaving))["available"] == 500
    assert refused(await book(shop, leaving)) == (409, "not_for_member", None)


@pytest.mark.scenario("S20")
async def test_who_leaves_the_company_loses_her_seat(shop: Api) -> None:
    await occasion(shop, seats=1, companies_only=True)
    owner, employee, other = await members(shop, 3)
    made = await shop.post("/v1/accounts", {"kind": "company", "name": "Sprīdis", "owner": owner})
    account = made.json()["id"]
    sharers = {"members": [{"member": one, "role": "earner"} for one in (employee, other)]}
    assert (await shop.post(f"/v1/accounts/{account}/members", sharers)).is_success
    hers, waiting = await booked(shop, employee), await booked(shop, other)
    gone = await shop.delete(f"/v1/accounts/{account}/members/{employee}")
    assert gone.is_success, gone.text
    assert await stands(shop, hers["id"]) == ("cancelled", None)
    assert await stands(shop, waiting["id"]) == ("booked", None)


async def test_a_group_is_not_split_and_who_fits_goes_ahead(shop: Api) -> None:
    await occasion(shop, seats=3, seats_per_booking=3)
    first, second, three, one = await members(shop, 4)
    kept, single = await booked(shop, first, seats=2), await booked(shop, second)
    group, alone = await booked(shop, three, seats=3), await booked(shop, one)
    await act(shop, single["id"], "cancel")
    assert await stands(shop, group["id"]) == ("waiting", 1)
    assert await stands(shop, alone["id"]) == ("booked", None)
    await act(shop, kept["id"], "cancel")
    assert await stands(shop, group["id"]) == ("waiting", 1)
    await act(shop, alone["id"], "cancel")
    assert await stands(shop, group["id"]) == ("booked", None)


async def test_more_seats_let_the_waiting_list_move_up(shop: Api) -> None:
    await occasion(shop, seats=1)
    bookings = [await booked(shop, one) for one in await members(shop, 4)]
    await occasion(shop, seats=3)
    assert [(await stands(shop, one["id"]))[0] for one in bookings] == ["booked"] * 3 + ["waiting"]
    fewer = await shop.call("PUT", "/v1/occasions/evening", {**EVENING_OF_TWO})
    assert refused(fewer) == (422, "contradictory_configuration", "/seats")


async def test_points_are_taken_with_the_seat_and_come_back_with_it(shop: Api) -> None:
    await occasion(
        shop,
        seats=1,
        price=PAID,
        confirm_hours=24,
        cancel_until="2026-03-10T00:00:00+02:00",
        late_cancel="kept",
    )
    rich, next_one = await members(shop, 2)
    await give(shop, rich, 150)
    hers = await booked(shop, rich)
    assert (hers["points"], (await balance(shop, rich))["available"]) == (100, 50)
    waiting = await booked(shop, next_one)
    await act(shop, hers["id"], "cancel")
    assert (await balance(shop, rich))["available"] == 150
    assert await stands(shop, waiting["id"]) == ("offered", None)
    assert refused(await act(shop, waiting["id"], "confirm")) == (409, "insufficient_points", None)
    await give(shop, next_one, 100)
    assert (await act(shop, waiting["id"], "confirm")).json()["state"] == "booked"
    await set_clock(shop, "2026-03-11T10:00:00+02:00")
    assert (await act(shop, waiting["id"], "cancel")).json()["state"] == "cancelled"
    assert (await balance(shop, next_one))["available"] == 0


async def test_who_has_too_few_points_books_nothing(shop: Api) -> None:
    await occasion(shop, price=PAID, waiting_list=False)
    (poor,) = await members(shop, 1)
    await give(shop, poor, 99)
    assert refused(await book(shop, poor)) == (409, "insufficient_points", None)
    assert (await shop.get("/v1/occasions/evening")).json()["taken"] == 0


async def test_seats_that_are_not_said_yes_to_go_to_the_next(shop: Api) -> None:
    await occasion(shop, seats=1, confirm_hours=6)
    bookings = [await booked(shop, one) for one in await members(shop, 3)]
    await act(shop, bookings[0]["id"], "cancel")
    await set_clock(shop, "2026-03-01T18:00:00+02:00")
    assert [(await stands(shop, one["id"]))[0] for one in bookings] == ["cancelled", "lapsed", "offered"]
    assert refused(await act(shop, bookings[1]["id"], "confirm")) == (409, "state_conflict", None)
    assert (await act(shop, bookings[2]["id"], "confirm")).json()["state"] == "booked"


async def test_an_event_that_is_called_off_gives_everything_back(shop: Api) -> None:
    await occasion(shop, seats=1, price=PAID, confirm_hours=24)
    first, second = await members(shop, 2)
    await give(shop, first, 100)
    hers, waiting = await booked(shop, first), await booked(shop, second)
    assert (await shop.post("/v1/occasions/evening/call-off")).json()["called_off_at"] is not None
    assert [(await stands(shop, one["id"]))[0] for one in (hers, waiting)] == ["cancelled", "cancelled"]
    assert (await balance(shop, first))["available"] == 100
    assert refused(await book(shop, second)) == (409, "booking_closed", None)


async def test_the_door_lets_a_card_in_once(shop: Api) -> None:
    await occasion(shop, seats=1)
    (guest, card), (late, other) = await member_with_card(shop), await member_with_card(shop)
    await booked(shop, guest)
    await booked(shop, late)
    door = "/v1/occasions/evening/check-in"
    assert (await shop.post(door, {"card": card}, scope="till")).json()["state"] == "attended"
    assert refused(await shop.post(door, {"card": card}, scope="till")) == (409, "state_conflict", None)
    assert refused(await shop.post(door, {"card": other}, scope="till")) == (409, "state_conflict", None)
    assert refused(await shop.post(door, {}, scope="till")) == (422, "invalid_value", "/card")


async def test_whoever_moves_up_is_written_to_if_she_agreed(shop: Api, letters: Letters) -> None:
    await occasion(shop, seats=1)
    (first,) = await members(shop, 1)
    agreed = {"channel": "sms", "purpose": "marketing", "granted": True}
    made = await shop.post(
        "/v1/members",
        {"phone": "+37120009901", "name": "Zane Liepa", "language": "en", "consents": [agreed]},
    )
    hers = await booked(shop, first)
    await booked(shop, made.json()["id"])
    await act(shop, hers["id"], "cancel")
    (letter,) = await letters.to("+37120009901")
    assert letter["text"] == "Test: you have a seat at “Coffee evening”, 20 Mar 2026 18:00."


async def test_booking_has_its_time(shop: Api) -> None:
    await occasion(
        shop,
        bookable_from="2026-03-05T00:00:00+02:00",
        bookable_until="2026-03-10T00:00:00+02:00",
        waiting_list=False,
    )
    one, two, three = await members(shop, 3)
    assert refused(await book(shop, one)) == (409, "booking_closed", None)
    await set_clock(shop, "2026-03-05T00:00:00+02:00")
    assert (await booked(shop, one))["state"] == "booked"
    assert refused(await book(shop, one)) == (409, "already_booked", None)
    assert refused(await book(shop, one, seats=2)) == (422, "invalid_value", "/seats")
    await booked(shop, two)
    assert refused(await book(shop, three)) == (409, "no_seats_left", None)
    await set_clock(shop, "2026-03-10T00:00:00+02:00")
    assert refused(await book(shop, three)) == (409, "booking_closed", None)


async def test_an_erased_member_frees_her_seat_and_a_merged_one_brings_hers(shop: Api) -> None:
    await occasion(shop, seats=2)
    erased, kept, twin, next_one = await members(shop, 4)
    await booked(shop, erased)
    of_twin = await booked(shop, twin)
    waiting = await booked(shop, next_one)
    assert (await shop.post(f"/v1/members/{kept}/merge", {"member": twin})).is_success
    hers = (await shop.get(f"/v1/members/{kept}/bookings")).json()["items"]
    assert [one["id"] for one in hers] == [of_twin["id"]]
    assert (await shop.delete(f"/v1/members/{erased}")).is_success
    assert await stands(shop, waiting["id"]) == ("booked", None)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"ends_at": "2026-03-20T18:00:00+02:00"}, "/ends_at"),
        ({"bookable_until": "2026-03-20T18:00:01+02:00"}, "/bookable_until"),
        ({"cancel_until": "2026-03-21T00:00:00+02:00"}, "/cancel_until"),
        ({"seats_per_booking": 3}, "/seats_per_booking"),
        ({"price": PAID}, "/confirm_hours"),
        ({"price": {"currency": "NIX", "points": 1}, "confirm_hours": 1}, "/price/currency"),
        ({"clubs": ["nobody"]}, "/clubs/0"),
    ],
)
async def test_contradictions_are_refused(shop: Api, changed: dict, pointer: str) -> None:
    answer = await shop.call("PUT", "/v1/occasions/evening", {**EVENING_OF_TWO, **changed})
    assert refused(answer) == (422, "contradictory_configuration", pointer)
    assert (await shop.get("/v1/occasions")).json()["items"] == []


EVENING_OF_TWO = {
    "names": {"en": "Coffee evening"},
    "starts_at": "2026-03-20T18:00:00+02:00",
    "ends_at": "2026-03-20T21:00:00+02:00",
    "seats": 2,
}
