"""Keeps batches of unique codes: what a code belongs to. How often it was used, the counters say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.arrays import int2s, int4s, texts, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.promotions.catalogue import SQL


class Batch(Struct, frozen=True):
    """A batch of unique codes."""

    id: UUID
    name: str
    pattern: str
    wanted: int
    """Codes that are made with it; others may be issued with purchases."""
    uses: int
    """How often each code may be used."""
    member_uses: int | None
    """How often each member may use codes of the batch."""
    valid_from: datetime | None
    valid_until: datetime | None
    """Half-open."""
    stopped_at: datetime | None
    created_at: datetime
    created_by: str
    job: UUID | None


class Presented(Struct, frozen=True, gc=False):
    """A code that was presented, where it is one: its batch, and between when it is good."""

    id: UUID
    batch: UUID
    name: str
    uses: int
    member_uses: int | None
    valid_from: datetime | None
    valid_until: datetime | None
    stopped_at: datetime | None
    owner: UUID | None = None
    """The one member who may use it; None: whoever brings it."""
    tax_rate: str | None = None
    """Per cent, of a single-purpose voucher: its tax was due when it was given out."""


async def create(tx: Transaction, program: UUID, batch: Batch) -> bool:
    """Enter a batch; False when there is one of that name already."""
    row = await fetch_one(
        tx,
        SQL.create_batch,
        (
            program, batch.id, batch.name, batch.pattern, batch.wanted, batch.uses, batch.member_uses,
            batch.valid_from, batch.valid_until, batch.created_at, batch.created_by, batch.job,
        ),
    )  # fmt: skip
    return row is not None


async def add(tx: Transaction, program: UUID, batch: UUID, codes: Sequence[tuple[UUID, int]]) -> int:
    """Enter codes (id, number) that are not there yet; how many were new."""
    columns = (
        int2s([ids.home(code) for code, _ in codes]),
        uuids([code for code, _ in codes]),
        int4s([serial for _, serial in codes]),
    )
    return (await tx.execute(SQL.add_codes, (program, batch, *columns))).rowcount


async def issue(tx: Sender, program: UUID, codes: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """Enter codes (id, batch, purchase) that came with purchases."""
    columns = (
        int2s([ids.home(code) for code, _, _ in codes]),
        uuids([code for code, _, _ in codes]),
        uuids([batch for _, batch, _ in codes]),
        uuids([purchase for _, _, purchase in codes]),
    )
    await tx.execute(SQL.issue_codes, (program, *columns))


async def made(tx: Transaction, batch: UUID) -> tuple[int, int]:
    """How many numbered codes a batch has, and the number after the greatest."""
    row = await fetch_one(tx, SQL.codes_made, (batch,))
    assert row is not None, "an aggregate has a row"
    return row[0], row[1]


async def serials(tx: Transaction, batch: UUID, after: int, limit: int) -> list[int]:
    """The numbers of a batch's codes, in their order."""
    return [row[0] for row in await fetch_all(tx, SQL.serials, (batch, after, limit))]


async def find(tx: Transaction, program: UUID, batch: UUID) -> Batch | None:
    """One batch."""
    row = await fetch_one(tx, SQL.find_batch, (program, batch))
    return Batch(*row) if row else None


async def named(tx: Transaction, program: UUID) -> dict[str, Batch]:
    """All batches by name."""
    return {row[1]: Batch(*row) for row in await fetch_all(tx, SQL.batches, (program, None, None, None))}


async def ask_named(tx: Sender, program: UUID, names: Sequence[str]) -> Rows:
    """Ask for the batches of these names; see `by_name`."""
    return await tx.execute(SQL.batches_named, (program, texts(names)))


async def by_name(asked: Rows) -> dict[str, Batch]:
    """Those that there are, by name."""
    return {row[1]: Batch(*row) for row in await asked.fetchall()}


async def page(tx: Transaction, program: UUID, after: UUID | None, limit: int) -> list[Batch]:
    """Batches in the order they were made."""
    return [Batch(*row) for row in await fetch_all(tx, SQL.batches, (program, after, after, limit))]


async def latest(tx: Transaction, program: UUID, before: UUID | None, limit: int) -> list[Batch]:
    """Batches, the one made last first."""
    return [Batch(*row) for row in await fetch_all(tx, SQL.latest_batches, (program, before, before, limit))]


async def stop(tx: Transaction, program: UUID, batch: UUID, at: datetime) -> bool:
    """No code of it counts any more; False when there is no such batch."""
    return await fetch_one(tx, SQL.stop_batch, (at, program, batch)) is not None


async def look_up(tx: Sender, program: UUID, presented: Sequence[UUID]) -> Rows:
    """Ask what these codes are; see `found`."""
    return await tx.execute(SQL.look_up_codes, (program, uuids(presented)))


async def found(asked: Rows) -> dict[UUID, Presented]:
    """Those that are codes of the program, by their id."""
    return {row[0]: Presented(*row) for row in await asked.fetchall()}
