"""Keeps what is said of single codes: whose they are, when they end, that they are blocked or used by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.periods import EVER
from regulars.promotions import counters
from regulars.promotions.limits import CODE, Claim, Counter

SQL = queries.load("regulars.promotions", "vouchers.sql")


class Voucher(Struct, frozen=True):
    """A code as it stands."""

    id: UUID
    batch: UUID
    purchase: UUID | None
    redemption: UUID | None
    owner: UUID | None
    valid_from: datetime | None
    valid_until: datetime | None
    """Half-open: the batch's or its own, whichever is earlier."""
    uses: int
    """How often it may be used."""
    stopped_at: datetime | None
    """Its batch was stopped."""
    voided_at: datetime | None
    blocked_at: datetime | None
    used: int


class Given(Struct, frozen=True):
    """A code that came with a redemption."""

    redemption: UUID
    id: UUID
    batch: UUID
    owner: UUID | None
    valid_until: datetime | None
    blocked_at: datetime | None
    used: int


class Ending(Struct, frozen=True):
    """A code that ends soon, and whose it is."""

    id: UUID
    batch: UUID
    owner: UUID
    redemption: UUID | None
    valid_until: datetime


class Act(Struct, frozen=True):
    """What a code is used for outside a purchase."""

    id: UUID
    kind: Literal["redeemed", "cancelled"]
    at: datetime
    by: str
    member: UUID | None = None
    store: UUID | None = None


async def issue(
    tx: Transaction,
    program: UUID,
    batch: UUID,
    redemption: UUID,
    owner: UUID | None,
    valid_until: datetime | None,
    codes: Sequence[UUID],
) -> None:
    """Enter the codes that come with a redemption."""
    ordered = sorted(codes)
    columns = (int2s([ids.home(code) for code in ordered]), uuids(ordered))
    await tx.execute(SQL.issue, (program, batch, redemption, owner, valid_until, *columns))


async def find(tx: Transaction, program: UUID, code: UUID) -> Voucher | None:
    """A code by its id (`code_text.id_of`)."""
    row = await fetch_one(tx, SQL.find, (program, code))
    return Voucher(*row) if row else None


async def of_redemptions(
    tx: Transaction, program: UUID, redemptions: Sequence[UUID]
) -> dict[UUID, list[Given]]:
    """The codes that came with these redemptions."""
    named = {"program": program, "redemptions": uuids(list(redemptions))}
    found: dict[UUID, list[Given]] = {}
    for row in await fetch_all(tx, SQL.of_redemptions, named):
        found.setdefault(row[0], []).append(Given(*row))
    return found


async def take(tx: Transaction, program: UUID, voucher: UUID, batch: UUID, amount: int, most: int) -> bool:
    """Take so many uses of a code; False where there are fewer left: the transaction must end then."""
    counter = Counter(voucher, EVER, batch, CODE)
    wanted = {counter: Claim(counter, amount, most)}
    claiming = await counters.claim(tx, program, wanted, counters.NOTHING_READ, 0)
    return (await claiming.granted()).get(counter, 0) == amount


async def note(tx: Transaction, program: UUID, code: UUID, batch: UUID, amount: int, act: Act) -> None:
    """Write down for what uses of a code were taken."""
    values = (
        program, ids.home(code), code, act.id, act.kind, batch, amount, act.member, act.store, act.at, act.by,
    )  # fmt: skip
    await tx.execute(SQL.note_use, values)


async def block(tx: Transaction, program: UUID, code: UUID, at: datetime) -> bool:
    """It counts no more until it is unblocked; False where it was blocked before."""
    return await fetch_one(tx, SQL.block, (at, program, code)) is not None


async def unblock(tx: Transaction, program: UUID, code: UUID) -> bool:
    """It counts again; False where it was not blocked."""
    return await fetch_one(tx, SQL.unblock, (program, code)) is not None


async def hand_over(tx: Transaction, program: UUID, code: UUID, giver: UUID, taker: UUID) -> bool:
    """It belongs to somebody else from now on; False where it was not the giver's any more."""
    return await fetch_one(tx, SQL.hand_over, (taker, program, code, giver)) is not None


async def follow(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> None:
    """A merge: what belonged to the duplicate belongs to the survivor."""
    await tx.execute(SQL.follow, (survivor, program, duplicate))


async def part(
    tx: Transaction, program: UUID, survivor: UUID, duplicate: UUID, redemptions: Sequence[UUID]
) -> None:
    """A merge is undone: what came with the duplicate's redemptions and is still the survivor's is hers again."""
    named = {"program": program, "back": duplicate, "owner": survivor, "redemptions": list(redemptions)}
    await tx.execute(SQL.part, named)


async def ending(
    tx: Transaction, program: UUID, batches: Sequence[UUID], after: datetime, before: datetime, limit: int
) -> list[Ending]:
    """Codes of these batches that end between two instants and whose owner was not reminded; the first first."""
    asked = (program, after, before, list(batches), limit)
    return [Ending(*row) for row in await fetch_all(tx, SQL.ending, asked)]


async def remind(tx: Transaction, program: UUID, code: UUID, at: datetime) -> bool:
    """Note that the owner is reminded; False where somebody else does."""
    return await fetch_one(tx, SQL.remind, (at, program, code)) is not None


async def owe(tx: Transaction, program: UUID, batch: UUID) -> None:
    """Something of the batch is owed: from now on the uses of its codes are noted for the books."""
    await tx.execute(SQL.owe, (program, batch))


async def tax(tx: Transaction, program: UUID, batch: UUID, rate: str) -> None:
    """The batch's vouchers are single-purpose ones of this rate, per cent: purchases tell their tax."""
    await tx.execute(SQL.tax, (rate, program, batch))


async def touched(
    tx: Transaction, program: UUID, after: tuple[int, UUID], limit: int
) -> list[tuple[int, UUID, list[UUID]]]:
    """Codes whose uses have changed since the books looked: home, code, and the notes of it; the next after one."""
    return [
        (home, code, list(notes))
        for home, code, notes in await fetch_all(tx, SQL.touched, (program, *after, limit))
    ]


async def forget_touched(tx: Transaction, program: UUID, code: UUID, notes: Sequence[UUID]) -> None:
    """The books have looked at it: these notes are done."""
    await tx.execute(SQL.forget_touched, (program, ids.home(code), code, list(notes)))
