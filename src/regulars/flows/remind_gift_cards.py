"""Reminds members of money that ends soon on the gift cards that they keep: once for each end, those who agreed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.clock import zone
from regulars.db import queries
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.reminding import remind_member
from regulars.i18n import Language
from regulars.rewards import keeping

SQL = queries.load("regulars.flows", "remind_gift_cards.sql")
AT_ONCE = 100
_FIRST = UUID(int=0)


class Ending(Struct, frozen=True):
    """Money on a card that a member keeps, and its end."""

    member: UUID
    card: UUID
    ends: datetime
    amount: int
    """Minor units of the base money, held ones among them."""


async def remind_gift_cards(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Write the reminders that are due at the program's instant `at`. How many cards were looked at."""
    known = await programs.fresh(program)
    days = known.program.settings.gift_card_remind_days
    if not days:
        return 0
    until = at + timedelta(days=days)
    total, place = 0, (-1, _FIRST, _FIRST)
    while True:
        home, member, card = place
        asked = {
            "program": program, "home": home, "member": member, "card": card,
            "after": at, "until": until, "limit": AT_ONCE,
        }  # fmt: skip
        async with database.transaction(program) as tx:
            ending = [Ending(*row) for row in await fetch_all(tx, SQL.ending, asked)]
        for one in ending:
            await _remind(database, known, one, at)
        total += len(ending)
        if len(ending) < AT_ONCE:
            return total
        place = (ids.home(ending[-1].member), ending[-1].member, ending[-1].card)


async def _remind(database: Database, known: Known, ending: Ending, at: datetime) -> None:
    """Note that she is reminded, and write the message where she agreed; one transaction."""

    async def work(tx: Transaction) -> None:
        if await keeping.remind(tx, known.program.id, ending.member, ending.card, ending.ends):
            await remind_member(
                tx, known, ending.member, lambda language: _said(known, ending, language),
                purpose="gift_card_ends", at=at,
            )  # fmt: skip

    await database.run(known.program.id, work)


def _said(known: Known, ending: Ending, language: Language) -> tuple[str, str]:
    last = ending.ends - timedelta(microseconds=1)
    text = language.gettext("{program}: {money} on your gift card can be spent until {day}.").format(
        program=known.program.name,
        money=language.money(ending.amount, known.program.base_currency),
        day=language.short_date(last, zone(known.program.time_zone)),
    )
    return text, language.gettext("Money on your gift card ends soon")
