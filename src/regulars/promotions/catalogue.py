"""Keeps promotions: drafts that are edited, revisions that are frozen, and which of them are live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from regulars import ids
from regulars.db import outbox, queries
from regulars.db.arrays import int4s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.promotions import document
from regulars.promotions.model import Revision
from regulars.promotions.reviewing import Said

SQL = queries.load("regulars.promotions")


class Promotion(Struct, frozen=True):
    """A promotion's row: its draft and what became of it."""

    id: UUID
    status: str
    revision: int
    draft: dict[str, Any] | None
    created_at: datetime
    draft_version: int
    """Counts up with each edit; 0 where there never was a draft."""
    drafted_at: datetime | None
    drafted_by: str | None
    said: str | None
    """What was said last about this version of the draft: see `reviewing`."""


class Head(Struct, frozen=True, gc=False):
    """What a list of promotions says of one; see `Promotion`."""

    id: UUID
    status: str
    revision: int
    created_at: datetime
    drafted: bool
    said: str | None
    document: dict[str, Any] | None
    """Of one that is not live: what is to be seen of it, without benefits and messages."""


class Published(Struct, frozen=True):
    """A revision as it was published."""

    revision: int
    document: dict[str, Any]
    changes: list[Any]
    published_at: datetime
    published_by: str
    accepted: list[str]
    """Codes of the linter's warnings that were accepted with it."""


class Event(Struct, frozen=True):
    """What was done with a promotion: published, stopped, resumed."""

    kind: str
    revision: int
    at: datetime
    by: str
    accepted: list[str]


async def live(tx: Transaction, program: UUID) -> list[Revision]:
    """The live revisions of a program."""
    return [_revision(row) for row in await fetch_all(tx, SQL.live, (program,))]


async def frozen(tx: Transaction, program: UUID, wanted: Sequence[tuple[UUID, int]]) -> list[Revision]:
    """Revisions by promotion and number, live or not."""
    columns = (uuids([promotion for promotion, _ in wanted]), int4s([number for _, number in wanted]))
    return [_revision(row) for row in await fetch_all(tx, SQL.frozen, (*columns, program))]


async def live_at(tx: Transaction, program: UUID, version: int) -> list[Revision]:
    """The revisions that were live at a version of the program."""
    return [_revision(row) for row in await fetch_all(tx, SQL.live_at, (program, version))]


async def create(
    tx: Transaction, program: UUID, promotion: UUID, draft: dict[str, Any], by: str, at: datetime
) -> None:
    """A new promotion with a draft."""
    await tx.execute(SQL.create, (program, promotion, Jsonb(draft), at, by, at))


async def edit(
    tx: Transaction,
    program: UUID,
    promotion: UUID,
    draft: dict[str, Any],
    by: str,
    at: datetime,
    expected: int | None = None,
) -> int | None:
    """Replace the draft; its version. None when there is no such promotion, or its draft is not the one `expected`."""
    columns = (Jsonb(draft), at, by, program, promotion, expected, expected)
    row = await fetch_one(tx, SQL.edit, columns)
    return row[0] if row else None


async def review(tx: Transaction, program: UUID, promotion: UUID, said: Said) -> bool:
    """Keep what was said about a version of a draft; False when somebody said something at the same time."""
    columns = (program, promotion, said.draft_version, said.step, said.kind, said.comment, said.by, said.at)
    return await fetch_one(tx, SQL.review, columns) is not None


async def reviews(tx: Transaction, program: UUID, promotion: UUID, limit: int = 100) -> list[Said]:
    """What was said about its drafts, the latest first."""
    return [Said(*row) for row in await fetch_all(tx, SQL.reviews, (program, promotion, limit))]


async def publish(
    tx: Transaction,
    program: UUID,
    promotion: UUID,
    frozen: dict[str, Any],
    changes: list[Any],
    by: str,
    at: datetime,
) -> int:
    """Freeze a document as the next revision and make it live; its number."""
    row = await fetch_one(tx, SQL.publish, (program, promotion))
    assert row is not None, "the promotion was read in this transaction"
    await tx.execute(SQL.freeze, (program, promotion, row[0], Jsonb(frozen), Jsonb(changes), at, by))
    return row[0]


async def set_status(
    tx: Transaction, program: UUID, promotion: UUID, expected: str, status: str
) -> int | None:
    """Stop or resume; its live revision, None when it was not in the expected state."""
    row = await fetch_one(tx, SQL.set_status, (status, program, promotion, expected))
    return row[0] if row else None


async def note(
    tx: Transaction,
    program: UUID,
    promotion: UUID,
    event: UUID,
    kind: str,
    revision: int,
    version: int,
    at: datetime,
    by: str,
    accepted: Sequence[str] = (),
) -> None:
    """Write down what was done with a promotion, the program's version from which it counts, and the warnings
    that were accepted (codes)."""
    columns = (program, promotion, event, kind, revision, version, at, by, list(accepted))
    await tx.execute(SQL.note, columns)
    told = {"promotion": ids.show("prm", promotion), "revision": revision, "version": version}
    await outbox.note(tx, program, [outbox.Note(f"promotion.{kind}", promotion, None, at, told)])


async def find(tx: Transaction, program: UUID, promotion: UUID, *, lock: bool = False) -> Promotion | None:
    """One promotion; locked against other editors where asked."""
    row = await fetch_one(tx, SQL.find_locked if lock else SQL.find, (program, promotion))
    return Promotion(*row) if row else None


async def page(tx: Transaction, program: UUID, after: UUID | None, limit: int) -> list[Promotion]:
    """Promotions in the order they were made."""
    return [Promotion(*row) for row in await fetch_all(tx, SQL.page, (program, after, after, limit))]


async def heads(tx: Transaction, program: UUID, limit: int) -> list[Head]:
    """The heads of all promotions, the latest made first. An analytical transaction is needed."""
    return [Head(*row) for row in await fetch_all(tx, SQL.heads, (program, limit))]


async def drafts(tx: Transaction, program: UUID, limit: int) -> list[Promotion]:
    """Promotions that have a draft, the latest made first."""
    return [Promotion(*row) for row in await fetch_all(tx, SQL.drafts, (program, limit))]


async def revisions(tx: Transaction, program: UUID, promotion: UUID) -> list[Published]:
    """Every revision, the newest first."""
    return [Published(*row) for row in await fetch_all(tx, SQL.revisions, (program, promotion))]


async def events(tx: Transaction, program: UUID, promotion: UUID, limit: int = 200) -> list[Event]:
    """What was done with it, the latest first."""
    return [Event(*row) for row in await fetch_all(tx, SQL.events, (program, promotion, limit))]


def _revision(row: Any) -> Revision:
    return Revision(promotion=row[0], number=row[1], document=document.parse(row[2]), published_at=row[3])
