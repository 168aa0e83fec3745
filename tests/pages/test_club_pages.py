"""The back office's clubs and events: made by a form, served at the desk, at the door, and as a list of guests."""

from __future__ import annotations

import re

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.seating import book, booked, club, let_in, members, occasion, stands
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

CLUBS, EVENTS = f"{OFFICE}/engagement/clubs", f"{OFFICE}/engagement/events"
FORM = {
    "code": "evening", "names-lv": "Kafijas vakars", "names-en": "Coffee evening", "place": "Miera iela 3",
    "starts_at": "2099-03-20T18:00", "ends_at": "2099-03-20T21:00", "seats": "2", "seats_per_booking": "1",
    "waiting_list": "1", "late_cancel": "refused",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_a_club_is_made_its_rule_tried_and_changed(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert "No clubs yet" in text(await visitor.client.get(CLUBS))
    form = {"code": "best", "names-lv": "Labākie", "names-en": "Best", "entry": "rule"}
    refused = await visitor.act(f"{CLUBS}/new", f"{CLUBS}/new", **form)
    assert refused.status_code == 422
    assert 'value="Best"' in refused.text
    rule = {"turnover_at_least": "250.50", "turnover_days": "30"}
    made = await visitor.act(f"{CLUBS}/new", f"{CLUBS}/new", **form, **rule)
    assert made.headers["location"] == f"{CLUBS}/best", text(made)
    shown = text(await visitor.client.get(f"{CLUBS}/best?measure=1"))
    assert "Bought for €250.50 in the last 30 days" in shown
    assert "Tonight 0 would come in and 0 would go; 0 stay." in shown
    edited = (await visitor.client.get(f"{CLUBS}/best/edit")).text
    assert 'value="250.50"' in edited
    changed = await visitor.act(f"{CLUBS}/best/edit", f"{CLUBS}/best/edit", **form, **rule, places="5")
    assert changed.status_code == 303
    assert "0 / 5" in text(await visitor.client.get(f"{CLUBS}/best"))


async def test_the_desk_invites_puts_in_and_takes_out(visitor: Visitor) -> None:
    await club(visitor.api, entry="invitation")
    invited, card = await member_with_card(visitor.api)
    await visitor.as_staff("service")
    page = f"{CLUBS}/tasters"
    asked = await visitor.act(f"{page}/members", page, text=card, act="invite")
    assert asked.status_code == 303, text(asked)
    again = await visitor.act(f"{page}/members", page, text=card, act="invite")
    assert "An invitation waits for this member already." in text(again)
    await visitor.act(f"{page}/members", page, text=card, act="enter")
    assert re.search(r"Anna Kalniņa \d+ \w+ \d+ put in by hand", text(await visitor.client.get(page)))
    of_member = text(await visitor.client.get(f"{OFFICE}/members/{invited}/clubs"))
    assert "Tasters is in it" in of_member
    out = await visitor.act(f"{page}/members", page, act="leave", member=invited)
    assert out.status_code == 303
    assert "Nobody is in it yet." in text(await visitor.client.get(page))


async def test_a_code_that_lets_in_stands_with_its_address(visitor: Visitor) -> None:
    await club(visitor.api, entry="invitation")
    await visitor.as_staff("marketing")
    page = f"{CLUBS}/tasters"
    assert (await visitor.act(f"{page}/links", page, uses="25")).status_code == 303
    shown = text(await visitor.client.get(page))
    assert re.search(rf"/portal/{visitor.api.program.slug}/clubs/tasters\?link=\S{{12}} 0 / 25 no end", shown)


async def test_an_event_is_made_and_changed_and_called_off(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    refused = await visitor.act(f"{EVENTS}/new", f"{EVENTS}/new", **{**FORM, "ends_at": "2099-03-20T17:00"})
    assert refused.status_code == 422
    assert "It ends before it begins." in text(refused)
    made = await visitor.act(f"{EVENTS}/new", f"{EVENTS}/new", **FORM)
    assert made.headers["location"] == f"{EVENTS}/evening", text(made)
    assert "Coffee evening 20 Mar 2099 18:00 0 / 2" in text(await visitor.client.get(EVENTS))
    waiting = [await booked(visitor.api, one) for one in await members(visitor.api, 3)][2]
    edited = (await visitor.client.get(f"{EVENTS}/evening/edit")).text
    assert 'value="2099-03-20T18:00"' in edited
    await visitor.act(f"{EVENTS}/evening/edit", f"{EVENTS}/evening/edit", **{**FORM, "seats": "3"})
    assert await stands(visitor.api, waiting["id"]) == ("booked", None)
    await visitor.act(f"{EVENTS}/evening/call-off", f"{EVENTS}/evening")
    assert await stands(visitor.api, waiting["id"]) == ("cancelled", None)
    assert "called off" in text(await visitor.client.get(EVENTS))


async def test_the_door_lets_a_card_in_once_and_the_desk_books_and_gives_back(visitor: Visitor) -> None:
    await occasion(visitor.api, starts_at="2099-03-20T18:00:00Z", ends_at="2099-03-20T21:00:00Z", seats=1)
    _, card = await member_with_card(visitor.api, "Anna Kalniņa")
    _, other = await member_with_card(visitor.api, "=HYPERLINK(0)")
    await visitor.as_staff("service")
    page = f"{EVENTS}/evening"
    first = await visitor.act(f"{page}/bookings", page, text=card, seats="1")
    assert first.status_code == 303, text(first)
    await visitor.act(f"{page}/bookings", page, text=other, seats="1")
    shown = text(await visitor.client.get(page))
    assert "Anna Kalniņa 1 has a seat" in shown
    assert "1 =HYPERLINK(0) 1 waits" in shown
    file = await visitor.client.get(f"{page}/guests.csv")
    lines = file.text.split("\r\n")
    assert lines[0] == "name,phone,seats,state,waiting_place,booked_at,booking"
    assert [line.split(",")[0] for line in lines[1:3]] == ["Anna Kalniņa", "'=HYPERLINK(0)"]
    assert (await visitor.act(f"{page}/door", page, card=card)).status_code == 303
    assert "These seats were used already." in text(await visitor.act(f"{page}/door", page, card=card))
    assert "This booking has no seat." in text(await visitor.act(f"{page}/door", page, card=other))


async def test_giving_back_for_a_member_lets_the_next_one_move_up(visitor: Visitor) -> None:
    await occasion(visitor.api, starts_at="2099-03-20T18:00:00Z", ends_at="2099-03-20T21:00:00Z", seats=1)
    first, second = await members(visitor.api, 2)
    hers, waiting = await booked(visitor.api, first), await booked(visitor.api, second)
    await visitor.as_staff("service")
    page = f"{EVENTS}/evening"
    back = await visitor.act(f"{page}/bookings", page, act="cancel", booking=hers["id"], reason="she called")
    assert back.status_code == 303, text(back)
    assert await stands(visitor.api, waiting["id"]) == ("booked", None)


async def test_whoever_may_not_know_members_sees_no_names(visitor: Visitor) -> None:
    await club(visitor.api)
    await occasion(visitor.api, starts_at="2099-03-20T18:00:00Z", ends_at="2099-03-20T21:00:00Z")
    (one,) = await members(visitor.api, 1)
    await let_in(visitor.api, one)
    assert (await book(visitor.api, one)).is_success
    await visitor.as_staff("analyst")
    for page in (f"{CLUBS}/tasters", f"{EVENTS}/evening"):
        assert "Kalniņa" not in text(await visitor.client.get(page))
    assert (await visitor.client.get(f"{EVENTS}/evening/guests.csv")).status_code == 403
