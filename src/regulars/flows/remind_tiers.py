"""Reminds members of what is still to be reached before their tier ends: once for each end, those who agreed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.arrays import texts
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows import member_tiers
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.member_tiers import TierStanding
from regulars.flows.reminding import remind_member
from regulars.i18n import Language
from regulars.members import reading, tier_marks

SQL = queries.load("regulars.flows", "remind_tiers.sql")
AT_ONCE = 100
_FIRST = UUID(int=0)


class Ending(Struct, frozen=True):
    """A tier that ends."""

    home: int
    member: UUID
    ladder: str
    until: datetime


async def remind_tiers(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Write the reminders that are due at the program's instant `at`. How many members were reminded.

    Whoever has done what keeps her tier hears nothing, nor does who could do nothing for it.
    """
    known = await programs.fresh(program)
    days = known.program.settings.tier_remind_days
    if not days or not known.ladders:
        return 0
    reminded, place = 0, Ending(-1, _FIRST, "", at)
    while True:
        asked = {
            "program": program, "after": at, "until": at + timedelta(days=days), "limit": AT_ONCE,
            "ladders": texts(sorted(known.ladders)), "place": place.until, "home": place.home,
            "member": place.member, "ladder": place.ladder,
        }  # fmt: skip
        async with database.transaction(program) as tx:
            ending = [Ending(*row) for row in await fetch_all(tx, SQL.ending, asked)]
        reminded += sum([await _remind(database, known, one, at) for one in ending])
        if len(ending) < AT_ONCE:
            return reminded
        place = ending[-1]


async def _remind(database: Database, known: Known, ending: Ending, at: datetime) -> bool:
    """Note that she is reminded, and write the message where she agreed; one transaction."""

    async def work(tx: Transaction) -> bool:
        standing = await _short(tx, known, ending, at)
        if standing is None:
            return False
        program = known.program.id
        if not await tier_marks.remind(tx, program, ending.member, ending.ladder, ending.until):
            return False
        return await remind_member(
            tx, known, ending.member, lambda language: _said(known, standing, language, at),
            purpose="tier_ends", at=at,
        )  # fmt: skip

    return await database.run(known.program.id, work)


async def _short(tx: Transaction, known: Known, ending: Ending, at: datetime) -> TierStanding | None:
    """The member on the ladder where something is missing for keeping her tier, in the time that counts for it."""
    member = await reading.member(tx, known.program.id, ending.member)
    if member is None:
        return None
    for one in await member_tiers.standings(tx, known, member, at):
        if one.ladder == ending.ladder and one.until == ending.until and member_tiers.short(one, at):
            return one
    return None


def _said(known: Known, standing: TierStanding, language: Language, at: datetime) -> tuple[str, str]:
    words = known.words[language.code]
    short = member_tiers.short_of(standing, words, known.program, at)
    assert short is not None
    text = language.gettext("{program}: to keep {tier} you need {missing} more by {day}.")
    subject = language.gettext("To keep {tier}").format(tier=short["tier"])
    return text.format(program=known.program.name, **short), subject
