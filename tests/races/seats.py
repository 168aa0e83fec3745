"""What callers do at once to seats and clubs: the last seats, the last place, one booking, one code."""

from __future__ import annotations

import asyncio

from regulars.db.pool import Transaction
from regulars.flows.check_ledger import check_ledger
from tests.api.seating import act, book, booked, club, join, let_in, members, occasion, stands
from tests.api.shop import balance, give
from tests.races.acts import Houses, at_once, outcomes
from tests.waiting import until_others_wait

_EVENT = "SELECT 1 FROM occasion WHERE program = %s FOR UPDATE"


async def require_order(houses: Houses) -> None:
    """Books and seats are in order."""
    assert await check_ledger(houses.database, houses.apps[0].program.id) == ()


async def book_40_seats_60_times(houses: Houses) -> None:
    """60 members at once and 40 seats: 40 are booked, 20 wait with the numbers 1 to 20."""
    api = houses.at(0)
    await occasion(api, seats=40)
    everybody = await members(api, 60)
    answers = await at_once([book(houses.at(n), one) for n, one in enumerate(everybody)])
    assert outcomes(answers) == {"201": 60}
    ended = [await stands(api, one.json()["id"]) for one in answers]
    assert sorted(place for state, place in ended if state == "waiting" and place) == list(range(1, 21))
    assert [state for state, _ in ended].count("booked") == 40
    shown = (await api.get("/v1/occasions/evening")).json()
    assert (shown["taken"], shown["free"], shown["waiting"]) == (40, 0, 20)
    await require_order(houses)


async def book_one_seat_ten_times(houses: Houses) -> None:
    """One member ten times at once: she has one seat, and pays once."""
    api = houses.at(0)
    await occasion(api, seats=10, price={"currency": "PTS", "points": 100}, confirm_hours=1)
    (one,) = await members(api, 1)
    await give(api, one, 1000)
    answers = await at_once([book(houses.at(n), one) for n in range(10)])
    assert outcomes(answers) == {"201": 1, "409 already_booked": 9}
    assert (await balance(api, one))["available"] == 900
    await require_order(houses)


async def cancel_one_many_times(houses: Houses) -> None:
    """Given back ten times at once: the seat and the points are free once."""
    api = houses.at(0)
    await occasion(api, seats=2, price={"currency": "PTS", "points": 100}, confirm_hours=1)
    one, other = await members(api, 2)
    for each in (one, other):
        await give(api, each, 100)
    hers = await booked(api, one)
    await booked(api, other)
    answers = await at_once([act(houses.at(n), hers["id"], "cancel") for n in range(10)])
    assert outcomes(answers) == {"200": 1, "409 state_conflict": 9}
    assert (await balance(api, one))["available"] == 100
    assert (await api.get("/v1/occasions/evening")).json()["taken"] == 1
    await require_order(houses)


async def cancel_and_book_at_once(houses: Houses) -> None:
    """The only seat is given back while another books: she has it, and nobody waits beside it."""
    api = houses.at(0)
    await occasion(api, seats=1)
    one, other = await members(api, 2)
    hers = await booked(api, one)
    async with houses.database.transaction(api.program.id) as tx:
        await _hold(tx, houses)
        giving_back = asyncio.create_task(act(houses.at(1), hers["id"], "cancel"))
        await until_others_wait(tx)
        booking = asyncio.create_task(book(houses.at(0), other))
        await until_others_wait(tx, 2)
    assert outcomes([await booking, await giving_back]) == {"201": 1, "200": 1}
    assert await stands(api, (await booking).json()["id"]) == ("booked", None)
    await require_order(houses)


async def leave_while_a_seat_comes_free(houses: Houses) -> None:
    """She leaves the club while she moves up from the waiting list: she keeps no seat."""
    api = houses.at(0)
    await club(api)
    await occasion(api, seats=1, clubs=["tasters"])
    one, other = await members(api, 2)
    for each in (one, other):
        await let_in(api, each)
    hers, waiting = await booked(api, one), await booked(api, other)
    async with houses.database.transaction(api.program.id) as tx:
        await _hold(tx, houses)
        giving_back = asyncio.create_task(act(houses.at(0), hers["id"], "cancel"))
        await until_others_wait(tx)
        leaving = asyncio.create_task(houses.at(1).delete(f"/v1/members/{other}/clubs/tasters"))
        await until_others_wait(tx, 2)
    assert outcomes([await giving_back, await leaving]) == {"200": 2}
    assert (await stands(api, waiting["id"]))[0] in ("cancelled", "lapsed")
    assert (await api.get("/v1/occasions/evening")).json()["taken"] == 0
    await require_order(houses)


async def check_in_ten_times(houses: Houses) -> None:
    """One booking at ten doors at once: one lets her in."""
    api = houses.at(0)
    await occasion(api, seats=1)
    (one,) = await members(api, 1)
    hers = await booked(api, one)
    door = "/v1/occasions/evening/check-in"
    answers = await at_once(
        [houses.at(n).post(door, {"booking": hers["id"]}, scope="till") for n in range(10)]
    )
    assert outcomes(answers) == {"200": 1, "409 state_conflict": 9}
    await require_order(houses)


async def join_the_last_two_places(houses: Houses) -> None:
    """Eight members at once, and two places: two are in."""
    api = houses.at(0)
    await club(api, places=2)
    everybody = await members(api, 8)
    answers = await at_once([join(houses.at(n), one) for n, one in enumerate(everybody)])
    assert outcomes(answers) == {"200": 2, "409 club_full": 6}
    assert (await api.get("/v1/clubs/tasters")).json()["members"] == 2


async def join_by_one_code(houses: Houses) -> None:
    """Eight members at once with a code for three: three are in."""
    api = houses.at(0)
    await club(api, entry="invitation")
    everybody = await members(api, 8)
    link = (await api.post("/v1/clubs/tasters/links", {"uses": 3})).json()["code"]
    answers = await at_once([join(houses.at(n), one, link=link) for n, one in enumerate(everybody)])
    assert outcomes(answers) == {"200": 3, "409 not_for_member": 5}


async def _hold(tx: Transaction, houses: Houses) -> None:
    await tx.execute(_EVENT, (houses.at(0).program.id,))
