"""Reminds owners of personal vouchers that end soon: once, by a message, those who agreed to messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars.clock import zone
from regulars.db.pool import Database, Transaction
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.reminding import remind_member
from regulars.i18n import Language
from regulars.promotions import vouchers
from regulars.promotions.vouchers import Ending
from regulars.rewards import definitions
from regulars.rewards.model import Definition
from regulars.texts import said

AT_ONCE = 100


async def remind_vouchers(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Write the reminders that are due at the program's instant `at`. How many vouchers were looked at."""
    known = await programs.fresh(program)
    async with database.transaction(program) as tx:
        defined = await definitions.latest(tx, program)
    wanted = {batch: one.document for batch, one in defined.items() if one.document.remind_days is not None}
    total = 0
    for batch, definition in wanted.items():
        until = at + timedelta(days=definition.remind_days or 0)
        while True:
            async with database.transaction(program) as tx:
                ending = await vouchers.ending(tx, program, [batch], at, until, AT_ONCE)
            for one in ending:
                await _remind(database, known, definition, one, at)
            total += len(ending)
            if len(ending) < AT_ONCE:
                break
    return total


async def _remind(
    database: Database, known: Known, definition: Definition, ending: Ending, at: datetime
) -> None:
    """Note that the voucher's owner is reminded, and write the message where she agreed; one transaction."""

    async def work(tx: Transaction) -> None:
        if await vouchers.remind(tx, known.program.id, ending.id, at):
            await remind_member(
                tx, known, ending.owner, lambda language: _said(known, definition, ending, language),
                purpose="voucher_ends", at=at,
            )  # fmt: skip

    await database.run(known.program.id, work)


def _said(known: Known, definition: Definition, ending: Ending, language: Language) -> tuple[str, str]:
    last = ending.valid_until - timedelta(microseconds=1)
    name = said(definition.names, language.code) or language.gettext("Voucher")
    text = language.gettext("{program}: your voucher “{voucher}” is good until {day}.").format(
        program=known.program.name,
        voucher=name,
        day=language.short_date(last, zone(known.program.time_zone)),
    )
    return text, language.gettext("Your voucher ends soon")
