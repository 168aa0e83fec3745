"""Keeps what the codes of voucher batches are worth, how long they last and whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.db.arrays import uuids
from regulars.db.pool import Transaction, fetch_all
from regulars.rewards.catalogue import SQL
from regulars.rewards.model import Definition

_decoder = msgspec.json.Decoder(Definition)
BATCHES_MAX = 500


class Defined(Struct, frozen=True):
    """A batch's definition, and the promotion by which its codes count in a purchase."""

    document: Definition
    promotion: UUID | None


async def define(
    tx: Transaction, program: UUID, batch: UUID, document: Definition, promotion: UUID | None, at: datetime
) -> None:
    """Say what the codes of a batch are; it is never said anew."""
    text = msgspec.json.encode(document).decode()
    await tx.execute(SQL.define, (program, batch, text, promotion, at))


async def of(tx: Transaction, program: UUID, batches: Iterable[UUID]) -> dict[UUID, Defined]:
    """The definitions of those of these batches that are vouchers."""
    rows = await fetch_all(tx, SQL.definitions, (program, uuids(list(batches))))
    return {batch: Defined(_decoder.decode(text), promotion) for batch, text, promotion in rows}


async def latest(tx: Transaction, program: UUID) -> dict[UUID, Defined]:
    """Voucher batches, the latest first; at most 500."""
    rows = await fetch_all(tx, SQL.defined, (program, BATCHES_MAX))
    return {batch: Defined(_decoder.decode(text), promotion) for batch, text, promotion in rows}
