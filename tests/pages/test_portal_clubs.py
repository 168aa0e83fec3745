"""The member's clubs and events: joining, invitations, booking, the waiting list, giving back, and a calendar file."""

from __future__ import annotations

import re

import pytest

from regulars.db.pool import Database
from regulars.portal.occasions import calendar_file
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.seating import act, booked, club, let_in, members, occasion
from tests.api.shop import balance, give
from tests.conftest import START
from tests.pages.portal import Portal, Statements, furnish, portal_of, words
from tests.pages.test_portal import STATEMENTS_MAX

__all__ = ["api", "client", "letters", "shop"]


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """Somebody with 600 points."""
    await furnish(shop)
    made = await portal_of(shop, database)
    await give(shop, made.member, 600)
    return made


async def send(portal: Portal, path: str, what: str, **fields: str) -> str:
    """Send a form of a page; what the next page says."""
    page = (await portal.get(path)).text
    nonce = re.search(r'name="nonce" value="([0-9a-f]+)"', page)
    booking = re.search(r'name="booking" value="(bkg_\w+)"', page)
    if booking:
        fields.setdefault("booking", booking[1])
    answer = await portal.post(path, act=what, nonce=nonce[1] if nonce else "", **fields)
    if answer.status_code != 303:
        return words(answer.text)
    return words((await portal.get(answer.headers["location"].removeprefix(portal.home))).text)


async def test_a_program_without_clubs_shows_no_corner(portal: Portal) -> None:
    assert "Clubs and events" not in words((await portal.get("/offers")).text)
    await club(portal.api)
    assert "Clubs and events Join in, and book a seat" in words((await portal.get("/offers")).text)


async def test_a_club_is_joined_and_left(portal: Portal) -> None:
    await club(portal.api, texts={"en": "We taste what is new."})
    assert "Clubs to join Tasters 0 members" in words((await portal.get("/clubs")).text)
    said = await send(portal, "/clubs/tasters", "join")
    assert "You are in. Tasters You are in it since 1 Mar 2026" in said
    said = await send(portal, "/clubs/tasters", "leave")
    assert "You left the club. Its offers end for you now." in said
    assert "Clubs to join Tasters 0 members" in said


async def test_an_invitation_is_accepted_or_declined_and_a_code_lets_in(portal: Portal) -> None:
    for code in ("tasters", "readers", "walkers"):
        await club(portal.api, code, entry="invitation", names={"en": code.capitalize()})
    for code in ("tasters", "readers"):
        await portal.api.post(f"/v1/members/{portal.member}/clubs/{code}/invite")
    shown = words((await portal.get("/clubs")).text)
    assert "You are invited Readers 0 members Tasters 0 members" in shown
    assert "Walkers" not in shown
    assert "You are in." in await send(portal, "/clubs/tasters", "join")
    assert "The invitation is declined." in await send(portal, "/clubs/readers", "decline")
    link = (await portal.api.post("/v1/clubs/walkers/links", {"uses": 1})).json()["code"]
    page = (await portal.get(f"/clubs/walkers?link={link}")).text
    assert f'value="{link}"' in page
    assert "This code is not good, or was used up." in await send(
        portal, "/clubs/walkers", "join", link="nonsense"
    )
    assert "You are in." in await send(portal, "/clubs/walkers", "join", link=link)


async def test_a_seat_is_booked_paid_shown_as_a_code_and_given_back(portal: Portal) -> None:
    price = {"currency": "PTS", "points": 100}
    await occasion(portal.api, price=price, confirm_hours=24, seats_per_booking=2, place="Miera iela 3")
    shown = words((await portal.get("/clubs")).text)
    assert "Events to come Coffee evening Fri 20 Mar, 18:00 · Miera iela 3 2 seats left" in shown
    said = await send(portal, "/events/evening", "book", seats="2")
    assert "Your seat is booked." in said
    assert "2 seats are yours" in said
    assert "200 points come back to you." in said
    assert (await balance(portal.api, portal.member))["available"] == 400
    assert "Your booking is given back." in await send(portal, "/events/evening", "cancel")
    assert (await balance(portal.api, portal.member))["available"] == 600


async def test_the_waiting_list_says_her_place_and_asks_for_a_yes(portal: Portal) -> None:
    await occasion(portal.api, seats=1, confirm_hours=6)
    first, second = await members(portal.api, 2)
    taken = await booked(portal.api, first)
    before = await booked(portal.api, second)
    assert "You are on the waiting list: place 2." in await send(portal, "/events/evening", "book")
    await act(portal.api, before["id"], "cancel")
    await act(portal.api, taken["id"], "cancel")
    shown = words((await portal.get("/events/evening")).text)
    assert "A seat is free for you. Say yes by 1 Mar 2026 17:00." in shown
    assert "1 seat is yours" in await send(portal, "/events/evening", "confirm")


async def test_another_ones_booking_cannot_be_given_back(portal: Portal) -> None:
    await occasion(portal.api)
    (other,) = await members(portal.api, 1)
    theirs = await booked(portal.api, other)
    answer = await portal.post("/events/evening", act="cancel", nonce="0", booking=theirs["id"])
    assert answer.status_code == 404


async def test_an_event_of_a_club_is_not_shown_to_others(portal: Portal) -> None:
    await club(portal.api)
    await occasion(portal.api, clubs=["tasters"])
    assert (await portal.get("/events/evening")).status_code == 404
    await let_in(portal.api, portal.member)
    assert (await portal.get("/events/evening")).status_code == 200


async def test_the_calendar_file_is_what_a_calendar_reads(portal: Portal) -> None:
    await occasion(portal.api)
    answer = await portal.get("/events/evening/calendar")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20260320T160000Z\r\nDTEND:20260320T190000Z\r\nSUMMARY:Coffee evening\r\n" in answer.text
    long = calendar_file("x", "ā; " * 60, "A, B\nC", START, START, START)
    assert "LOCATION:A\\, B\\nC\r\n" in long
    assert max(len(line.encode()) for line in long.split("\r\n")) <= 75
    assert "ā\\; " * 60 in long.replace("\r\n ", "")


@pytest.mark.parametrize("path", ["/clubs", "/clubs/tasters", "/events/evening"])
async def test_every_page_is_shown_in_five_languages_with_few_statements(
    portal: Portal, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        await club(portal.api, f"club-{n}")
        await occasion(portal.api, f"event-{n}")
        await booked(portal.api, portal.member, f"event-{n}")
    await club(portal.api)
    await occasion(portal.api)
    for language in ("en", "lv", "ru", "et", "hu"):
        counted = Statements(monkeypatch)
        page = await portal.get(f"{path}?lang={language}")
        assert page.status_code == 200
        # Clubs and events are two reads of their own; what there is of them does not count.
        assert len(counted.sent) <= STATEMENTS_MAX + 6 * (path == "/clubs"), (path, counted.sent)
