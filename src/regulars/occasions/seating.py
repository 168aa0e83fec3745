"""Decides who may book, who is next when seats come free, and what a booking may become. Pure.

The waiting list is gone through in its order, and each who fits into what is free moves up: a group is never split, and
one who does not fit keeps her number while those behind her who do go ahead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.audience import Hers
from regulars.occasions.model import Occasion, OccasionDocument, State

Hindrance = Literal["called_off", "over", "not_yet", "not_for_member"]
Ended = Literal["cancelled", "lapsed"]
_FROM: dict[State, frozenset[State]] = {
    "offered": frozenset({"waiting"}),
    "booked": frozenset({"waiting", "offered"}),
    "attended": frozenset({"booked"}),
    "cancelled": frozenset({"waiting", "offered", "booked"}),
    "lapsed": frozenset({"waiting", "offered"}),
}


class Guest(Struct, frozen=True):
    """What is asked of who books."""

    hers: Hers
    in_company: bool


class Waiting(Struct, frozen=True):
    """Somebody on the waiting list."""

    booking: UUID
    member: UUID
    seats: int


def hindrance(occasion: Occasion, guest: Guest, at: datetime) -> Hindrance | None:
    """Why this member may not book at this instant; None: she may."""
    if occasion.called_off_at is not None:
        return "called_off"
    if at >= occasion.document.last_booking:
        return "over"
    if not meant_for(occasion.document, guest):
        return "not_for_member"
    since = occasion.document.bookable_from
    return "not_yet" if since is not None and at < since else None


def meant_for(document: OccasionDocument, guest: Guest) -> bool:
    """Whether she is among those who may come: of every list that is not empty she has one, and a company if needed."""
    return guest.hers.among(tiers=document.tiers) and still_meant_for(document, guest)


def still_meant_for(document: OccasionDocument, guest: Guest) -> bool:
    """Whether she keeps what she has booked: who leaves the club or the company loses it, a tier that ended does not
    take it away."""
    return guest.hers.among(clubs=document.clubs) and (guest.in_company or not document.companies_only)


def next_up(waiting: Iterable[Waiting], free: int) -> list[Waiting]:
    """Who moves up into `free` seats, in the order of the list: the first who fits, then the next who does."""
    found: list[Waiting] = []
    for one in waiting:
        if one.seats <= free:
            found.append(one)
            free -= one.seats
    return found


def confirm_by(document: OccasionDocument, at: datetime) -> datetime | None:
    """Until when somebody who moves up has to say yes; None: the seat is hers at once."""
    if not document.confirm_hours:
        return None
    return min(at + timedelta(hours=document.confirm_hours), document.starts_at)


def may_follow(before: State, after: State) -> bool:
    """Whether a booking in the state `before` may go on to `after`."""
    return before in _FROM.get(after, frozenset())
