"""Reads a member's postings with running balance, newest first, a page at a time. Writes nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, field

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CurrencyUnknown, InvalidValue, NotFound
from regulars.ledger import statement
from regulars.ledger.model import PostingKind
from regulars.ledger.statement import Cursor, Movement
from regulars.members import accounts, reading
from regulars.programs.model import Program
from regulars.rewards import gift_cards

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)
_cursors = msgspec.json.Decoder(Cursor)


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of a statement: recorded at `from` or later and before `to`, each a day or an instant."""

    since: Annotated[str, Meta(max_length=40)] | None = field(name="from", default=None)
    until: Annotated[str, Meta(max_length=40)] | None = field(name="to", default=None)
    currency: Annotated[str, Meta(max_length=16)] | None = None
    limit: Annotated[int, Meta(ge=1, le=statement.LIMIT_MAX)] = 50
    cursor: Annotated[str, Meta(max_length=400)] | None = None


class MovementView(Struct, frozen=True):
    """What one posting changed in one currency, and what stood in the account after it."""

    posting: str
    kind: PostingKind
    purchase: str | None
    effective_at: datetime
    """When it happened."""
    recorded_at: datetime
    """When it was written."""
    by: str
    reason: str
    currency: str
    change: int
    """Points added, below zero taken."""
    debt_change: int
    balance: int
    """All points after it, those pending, held, and expired but not posted yet among them."""
    debt: int


class StatementView(Struct, frozen=True):
    """Movements, newest first; `next` is the cursor of the older ones."""

    items: tuple[MovementView, ...]
    next: str | None


async def read_statement(database: Database, program: Program, member: UUID, asked: Asked) -> StatementView:
    """A part of the member's statement. Raises NotFound, InvalidValue, CurrencyUnknown."""

    async def pool(tx: Transaction) -> UUID:
        found = await reading.member(tx, program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        return found.pool

    return await _read(database, program, asked, pool)


async def read_account_statement(
    database: Database, program: Program, account: UUID, asked: Asked
) -> StatementView:
    """A part of a shared account's statement. Raises as `read_statement`."""

    async def pool(tx: Transaction) -> UUID:
        if await accounts.read(tx, program.id, account) is None:
            raise NotFound("There is no such account.")
        return account

    return await _read(database, program, asked, pool)


async def read_gift_card_statement(
    database: Database, program: Program, card: UUID, asked: Asked
) -> StatementView:
    """A part of a gift card's statement, in minor units of the base money. Raises as `read_statement`."""

    async def pool(tx: Transaction) -> UUID:
        if await gift_cards.find(tx, program.id, card) is None:
            raise NotFound("There is no such gift card.")
        return card

    return await _read(database, program, asked, pool)


async def _read(
    database: Database, program: Program, asked: Asked, pool_of: Callable[[Transaction], Awaitable[UUID]]
) -> StatementView:
    since = instant_of(asked.since, program, "?from") or BEGINNING
    until = instant_of(asked.until, program, "?to") or END
    cursor = _cursor(asked.cursor) if asked.cursor is not None else None
    if asked.currency is not None and asked.currency not in program.currencies:
        raise CurrencyUnknown("?currency", asked.currency)
    async with database.transaction(program.id) as tx:
        pool = await pool_of(tx)
        part = await statement.statement(
            tx,
            program.id,
            ids.home(pool),
            pool,
            since=since,
            until=until,
            currency=asked.currency,
            cursor=cursor,
            limit=asked.limit,
        )
    following = base64.urlsafe_b64encode(msgspec.json.encode(part.next)).decode() if part.next else None
    return StatementView(tuple(movement_view(movement) for movement in part.items), following)


def movement_view(movement: Movement) -> MovementView:
    """A movement as it is answered."""
    return MovementView(
        posting=ids.show("pst", movement.posting),
        kind=movement.kind,
        purchase=ids.show("pur", movement.purchase) if movement.purchase else None,
        effective_at=movement.effective_at,
        recorded_at=movement.recorded_at,
        by=movement.actor,
        reason=movement.reason,
        currency=movement.currency,
        change=movement.change,
        debt_change=movement.debt_change,
        balance=movement.balance,
        debt=movement.debt,
    )


def instant_of(text: str | None, program: Program, pointer: str) -> datetime | None:
    """A day, which begins at the program's midnight, or an instant with its offset. Raises InvalidValue."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-03-01") else None
        instant = clock.midnight(day, program.time_zone) if day else datetime.fromisoformat(text)
        if instant.tzinfo is not None and abs(instant - BEGINNING) < timedelta(days=365 * 5000):
            return instant
    except (ValueError, OverflowError):
        pass
    raise InvalidValue(pointer, "is a day, as 2026-03-01, or an instant with its offset")


def _cursor(text: str) -> Cursor:
    try:
        return _cursors.decode(base64.urlsafe_b64decode(text))
    except (msgspec.MsgspecError, binascii.Error, ValueError) as error:
        raise InvalidValue("?cursor", "is not a cursor that this list gave") from error
