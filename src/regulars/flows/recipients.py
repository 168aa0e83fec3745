"""Finds to whom a member would send points, by a phone or a card number, and says as little of her as can be."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database
from regulars.errors import InvalidCardNumber, InvalidValue
from regulars.ledger import passing
from regulars.ledger.passing import RateInForce
from regulars.members import identity, numbers, reading
from regulars.members.model import Identifier
from regulars.members.vault import Vault
from regulars.programs.model import Program


class Recipient(Struct, frozen=True):
    """A member, and the first letter of her name: enough to see whether it is whom one means."""

    member: UUID
    letter: str


async def find_recipient(database: Database, program: Program, vault: Vault, text: str) -> Recipient | None:
    """Whose phone or card number this is; None: nobody's, or it is none."""
    wanted = _identifier(program, text)
    if wanted is None:
        return None
    async with database.transaction(program.id) as tx:
        found = (await reading.find(tx, program.id, vault, [wanted])).get(0)
    if found is None or found.member is None or found.erased:
        return None
    return Recipient(found.member, found.name[:1].upper())


async def open_rates(database: Database, program: UUID) -> list[RateInForce]:
    """At what currencies are changed into one another just now."""
    async with database.transaction(program) as tx:
        return [one for one in await passing.rates(tx, program) if not one.rate.stopped]


def _identifier(program: Program, text: str) -> Identifier | None:
    try:
        return Identifier("card", numbers.check(text, program.settings))
    except InvalidCardNumber:
        pass
    try:
        region = identity.region(program.time_zone, program.languages)
        return Identifier("phone", identity.phone(text, region))
    except InvalidValue:
        return None
