"""The people of a club or of an event's bookings by name, for staff who may see who members are. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.flows.booking_views import SeatBooking, booking_views
from regulars.flows.clubs import ClubInvitation, ClubMember
from regulars.flows.known_programs import Known
from regulars.members import clubs, reading
from regulars.members.model import Person
from regulars.occasions import register
from regulars.occasions.model import State

GUESTS_MAX = 2000
NOBODY = Person()


class Guest(Struct, frozen=True):
    """A booking and whose it is; nameless where she was erased, or the reader may not know."""

    booking: SeatBooking
    name: str
    phone: str


class NamedMember(Struct, frozen=True):
    """Somebody in a club, or invited to it."""

    member: ClubMember
    name: str


class ExportedClubs(Struct, frozen=True):
    """What is kept of somebody about clubs and events; in which clubs she is, her marks say."""

    invitations: tuple[ClubInvitation, ...]
    bookings: tuple[SeatBooking, ...]
    """The latest first."""


async def exported_clubs(
    tx: Transaction, program: UUID, members: Sequence[UUID], language: str
) -> ExportedClubs:
    """Of a member and whoever was merged into her."""
    invited = [
        ClubInvitation(ids.show("mem", one.member), one.club, one.invited_at, one.answer, one.answered_at)
        for member in members
        for one in await clubs.invitations(tx, program, member)
    ]
    booked = await register.of_members(tx, program, members, None, GUESTS_MAX)
    return ExportedClubs(tuple(invited), await booking_views(tx, program, booked, language))


async def guests(
    database: Database, known: Known, code: str, states: Sequence[State], language: str, *, named: bool
) -> tuple[Guest, ...]:
    """The bookings of an event in these states, those who wait in the order of the list, at most 2,000."""
    program = known.program.id
    async with database.transaction(program) as tx:
        booked = await register.of_occasion(tx, program, code, states, None, GUESTS_MAX)
        booked.sort(key=lambda one: (one.position or 0, one.booking.id))
        views = await booking_views(tx, program, booked, language)
        whose = list({one.booking.member for one in booked}) if named else []
        persons = await reading.persons(tx, program, known.vault, whose) if whose else {}
    found: list[Guest] = []
    for one, view in zip(booked, views, strict=True):
        person = persons.get(one.booking.member, NOBODY)
        found.append(Guest(view, person.name, person.phone or ""))
    return tuple(found)


async def people_of(
    database: Database, known: Known, code: str, at: datetime, after: UUID | None, limit: int, *, named: bool
) -> tuple[NamedMember, ...]:
    """Who is in a club, by id."""
    program = known.program.id
    async with database.transaction(program) as tx:
        found = await clubs.page(tx, program, code, at, after, limit)
        whose = [one.member for one in found] if named else []
        persons = await reading.persons(tx, program, known.vault, whose) if whose else {}
    return tuple(
        NamedMember(
            ClubMember(ids.show("mem", one.member), one.since, one.way),
            persons.get(one.member, NOBODY).name,
        )
        for one in found
    )
