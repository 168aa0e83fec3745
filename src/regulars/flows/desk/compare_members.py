"""Reads two members side by side before they are merged: what each has, and what would become of it. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound
from regulars.flows.known_programs import Known
from regulars.flows.read_member import BalanceView, balance_of
from regulars.members import merging, reading, twins
from regulars.members.merging import Went
from regulars.members.model import Card, Person
from regulars.members.reading import Profile


class Side(Struct, frozen=True):
    """One of the two."""

    profile: Profile
    cards: tuple[Card, ...]
    balance: BalanceView
    """Of her own account: that is what moves."""


class Compared(Struct, frozen=True):
    """The two, and the person that the survivor would be."""

    survivor: Side
    duplicate: Side | None
    """None: none was chosen yet."""
    person: Person
    went: Went
    alike: tuple[tuple[UUID, Person], ...]
    """Others of the same name and birthday."""


async def compare_members(
    database: Database, known: Known, survivor: UUID, duplicate: UUID | None, at: datetime
) -> Compared:
    """The two as they are. Raises NotFound, InvalidValue where they are one member already."""
    async with database.transaction(known.program.id) as tx:
        first = await _side(tx, known, survivor, at)
        second = await _side(tx, known, duplicate, at) if duplicate is not None else None
        others = await twins.of(tx, known.program.id, first.profile.id) if second is None else []
        persons = await reading.persons(tx, known.program.id, known.vault, others) if others else {}
    if second is None:
        return Compared(first, None, first.profile.person, Went(), tuple(persons.items()))
    if second.profile.id == first.profile.id:
        raise InvalidValue("/with", "is this very member already")
    person, went = merging.united(first.profile.person, second.profile.person)
    return Compared(first, second, person, went, ())


async def _side(tx: Transaction, known: Known, member: UUID, at: datetime) -> Side:
    profile = await reading.profile(tx, known.program.id, known.vault, member)
    if profile is None:
        raise NotFound("There is no such member.")
    cards = await reading.cards_of(tx, known.program.id, profile.id)
    return Side(profile, cards, await balance_of(tx, known.program, profile.own, at))
