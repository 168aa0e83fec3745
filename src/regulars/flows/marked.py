"""Reads what a member is marked with, and whether something that is not for everybody is for her."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from regulars import audience, clock
from regulars.audience import EVERYBODY, Audience, Hers
from regulars.db.pool import Transaction
from regulars.flows.known_programs import Known
from regulars.flows.read_member import profile_of
from regulars.members import marks


async def hers_of(
    tx: Transaction, known: Known, member: UUID, at: datetime, birthday: date | None = None
) -> Hers:
    """Her marks at an instant, the tiers that everybody has among them; one statement."""
    found = await marks.of(tx, known.program.id, member, at)
    return audience.marked([(one.kind, one.code) for one in found], known.bases, birthday)


async def takes_part(tx: Transaction, known: Known, wanted: Audience, member: UUID, at: datetime) -> bool:
    """Whether a member is in an audience; of everybody nothing is read. Raises NotFound."""
    if wanted == EVERYBODY:
        return True
    program = known.program
    birthday = None
    if wanted.age_from is not None:
        birthday = (await profile_of(tx, program, known.vault, member)).person.birthday
    hers = await hers_of(tx, known, member, at, birthday)
    return audience.belongs(wanted, hers, at.astimezone(clock.zone(program.time_zone)).date())
