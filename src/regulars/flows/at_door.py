"""Finds the booking of whoever stands at an event's door, by the card that she shows. Reads only."""

from __future__ import annotations

from uuid import UUID

from regulars.db.pool import Database
from regulars.errors import CardBlocked, CardUnassigned, NotFound
from regulars.flows.known_programs import Known
from regulars.members import reading
from regulars.occasions import register
from regulars.occasions.model import State

_FIRST: tuple[State, ...] = ("booked", "attended", "offered", "waiting")
"""Of several bookings the one that opens the door; then what says best why it stays shut."""


async def booking_at_door(database: Database, known: Known, code: str, card: str) -> UUID:
    """The booking of an event that belongs to a card's member, by its number or its dynamic code.

    Raises NotFound, InvalidCardNumber, CardBlocked, CardUnassigned.
    """
    program = known.program
    sought = reading.identifier("card", card, program.settings, None, "/card")
    async with database.transaction(program.id) as tx:
        customer = (await reading.find(tx, program.id, known.vault, [sought])).get(0)
        if customer is None or customer.erased or customer.card_status == "closed":
            raise NotFound("Nobody was found.")
        if customer.card_status == "blocked":
            raise CardBlocked
        if customer.member is None:
            raise CardUnassigned
        everybody = [customer.member, *await reading.alias_ids(tx, program.id, customer.member)]
        booked = [
            one
            for one in await register.of_members(tx, program.id, everybody)
            if one.booking.occasion == code and one.standing.state in _FIRST
        ]
    if not booked:
        raise NotFound("This member has not booked this event.")
    return min(booked, key=lambda one: _FIRST.index(one.standing.state)).booking.id
