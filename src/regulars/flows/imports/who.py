"""Reads from a row whom it is about: by the other system's id, phone, email, card or member's id, exactly one."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.db.pool import Transaction
from regulars.errors import InvalidValue
from regulars.flows.known_programs import Known
from regulars.interchange.table import Row
from regulars.members import identity, reading
from regulars.members.model import Customer, Identifier

ORDER = ("external_id", "member", "phone", "email", "card")


def identifier(row: Row, known: Known, kinds: Sequence[str] = ORDER) -> Identifier:
    """The first of these that the row has, normalised. Raises Unprocessable."""
    program = known.program
    for kind in kinds:
        text = row.cells.get(kind)
        if text:
            region = identity.region(program.time_zone, program.languages)
            return reading.identifier(kind, text, program.settings, region, f"/{kind}")
    raise InvalidValue("", f"Give one of {', '.join(kinds)}.")


async def found(tx: Transaction, known: Known, asked: Sequence[Identifier]) -> list[Customer | InvalidValue]:
    """Whom they lead to, each in its place; a fault where to nobody, or to somebody who was erased."""
    there = await reading.find(tx, known.program.id, known.vault, asked)
    answers: list[Customer | InvalidValue] = []
    for place, one in enumerate(asked):
        customer = there.get(place)
        if customer is None:
            answers.append(InvalidValue(f"/{one.kind}", "leads to no member of the program"))
        elif customer.erased:
            answers.append(InvalidValue(f"/{one.kind}", "leads to a member who was erased"))
        else:
            answers.append(customer)
    return answers
