"""Keeps which offers members activated: once for each promotion, for as long as it lives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.arrays import int2s, uuids
from regulars.db.burst import Sender
from regulars.db.pool import Transaction, fetch_all
from regulars.members.reading import SQL


async def activate(tx: Sender, program: UUID, wanted: Sequence[tuple[UUID, UUID]], at: datetime) -> None:
    """Enter (member, promotion); what was activated before keeps its instant."""
    await tx.execute(
        SQL.activate_offers,
        (
            program,
            at,
            int2s([ids.home(member) for member, _ in wanted]),
            uuids([member for member, _ in wanted]),
            uuids([promotion for _, promotion in wanted]),
        ),
    )


async def activated(tx: Transaction, program: UUID, member: UUID) -> dict[UUID, datetime]:
    """Promotion → when the member activated it."""
    rows = await fetch_all(tx, SQL.activations_of, (program, ids.home(member), member))
    return dict(rows)
