"""Says by what name a member knows what gave her points without buying: the books have it in one language only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from regulars import i18n
from regulars.db.pool import Database, Transaction
from regulars.flows.activity_kinds import reason_of
from regulars.flows.read_statement import MovementView
from regulars.games import plays, quest_book, replies, tickets
from regulars.i18n import N_
from regulars.ledger.statement import Movement
from regulars.programs.model import Program
from regulars.purchases import activity_log
from regulars.texts import said

Names = dict[str, str]
BY_FRIENDS = N_("Bringing friends")


async def names_of_movements(
    database: Database, program: Program, movements: Sequence[Movement | MovementView]
) -> dict[str, Names]:
    """As `names_in_books`, in a transaction of its own."""
    async with database.transaction(program.id) as tx:
        return await names_in_books(tx, program, movements)


async def names_in_books(
    tx: Transaction, program: Program, movements: Sequence[Movement | MovementView]
) -> dict[str, Names]:
    """What stands as the reason of these movements → the names of what gave them, by language.

    Looked for in activities, challenges, games, surveys and draws, in this order, while a reason has no name.
    """
    missing = {one.reason for one in movements if one.kind in ("bonus", "reversal") and one.reason}
    named: dict[str, Names] = {}
    if program.name in missing:  # stands with what a referral gave
        named[program.name] = {code: i18n.language(code).gettext(BY_FRIENDS) for code in program.languages}
    for read in _READS:
        if missing <= named.keys():
            break
        for reason, names in await read(tx, program):
            if reason in missing:
                named.setdefault(reason, names)
    return named


async def _activities(tx: Transaction, program: Program) -> list[tuple[str, Names]]:
    kinds = (await activity_log.newest(tx, program.id)).values()
    return [(reason_of(one.document, one.code, program), one.document.names) for one in kinds]


async def _challenges(tx: Transaction, program: Program) -> list[tuple[str, Names]]:
    begun = await quest_book.newest(tx, program.id)
    return _titled(program, [one.quest.document.names for one in begun])


async def _games(tx: Transaction, program: Program) -> list[tuple[str, Names]]:
    return _titled(program, [one.document.names for one in await plays.every(tx, program.id)])


async def _surveys(tx: Transaction, program: Program) -> list[tuple[str, Names]]:
    return _titled(program, [one.document.names for one in await replies.every(tx, program.id)])


async def _draws(tx: Transaction, program: Program) -> list[tuple[str, Names]]:
    return _titled(program, [one.document.names for one in await tickets.every(tx, program.id)])


def _titled(program: Program, found: Sequence[Names]) -> list[tuple[str, Names]]:
    """Each with the name that stands in the books: that of the program's own language."""
    return [(said(names, program.languages[0]), names) for names in found]


Read = Callable[[Transaction, Program], Awaitable[list[tuple[str, Names]]]]
_READS: tuple[Read, ...] = (_activities, _challenges, _games, _surveys, _draws)
