"""Reads what a statement on paper says: how much there is, what expires first, what happened. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue
from regulars.flows.movement_names import names_in_books
from regulars.flows.read_member import BalanceView, balance_of, profile_of
from regulars.flows.read_statement import BEGINNING, END, instant_of
from regulars.ledger import statement
from regulars.ledger.statement import Cursor, Movement
from regulars.members.vault import Vault
from regulars.programs.model import Program

MOVEMENTS_MAX = 2000
"""The latest ones: more than sixty pages nobody reads."""


class PaperStatement(Struct, frozen=True):
    """A member's statement at one moment of the database."""

    name: str
    language: str
    balance: BalanceView
    movements: tuple[Movement, ...]
    """Newest first."""
    more: bool
    """Whether older ones of the same time were left out."""
    since: datetime | None
    until: datetime | None
    at: datetime
    named: dict[str, dict[str, str]] = {}
    """What earned something, as it stands in the books, with its names by language."""


async def read_paper_statement(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    since: str | None,
    until: str | None,
    at: datetime,
) -> PaperStatement:
    """The statement recorded from `since` and before `until`: days or instants. Raises NotFound, InvalidValue."""
    begin, end = instant_of(since, program, "?from"), instant_of(until, program, "?to")
    if begin is not None and end is not None and begin >= end:
        raise InvalidValue("?to", "is not after the beginning")
    async with database.transaction(program.id) as tx:
        profile = await profile_of(tx, program, vault, member)
        balance = await balance_of(tx, program, profile.pool, at)
        movements, more = await _movements(tx, program.id, profile.pool, begin or BEGINNING, end or END)
        named = await names_in_books(tx, program, movements)
    return PaperStatement(
        profile.person.name, profile.language, balance, movements, more, begin, end, at, named
    )


async def _movements(
    tx: Transaction, program: UUID, pool: UUID, since: datetime, until: datetime
) -> tuple[tuple[Movement, ...], bool]:
    found: list[Movement] = []
    cursor: Cursor | None = None
    while len(found) < MOVEMENTS_MAX:
        part = await statement.statement(
            tx,
            program,
            ids.home(pool),
            pool,
            since=since,
            until=until,
            cursor=cursor,
            limit=statement.LIMIT_MAX,
        )
        found += part.items
        cursor = part.next
        if cursor is None:
            break
    return tuple(found[:MOVEMENTS_MAX]), cursor is not None
