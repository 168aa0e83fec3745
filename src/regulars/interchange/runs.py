"""Keeps runs: imports that the command line does straight from a disk, perhaps by several processes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from regulars.db.pool import Transaction, fetch_one
from regulars.interchange import register
from regulars.interchange.model import DataImport, RowFault, RowOutcome
from regulars.interchange.register import SQL, Lease


async def note(
    tx: Transaction,
    program: UUID,
    one: DataImport,
    lease: Lease,
    rows: int,
    outcomes: Sequence[RowOutcome],
    repeated: int = 0,
) -> bool:
    """Note what became of so many rows, in any order; False when the run is not the lease's any more.

    `repeated`: more of them that were there already.
    """
    counts = register.counts_of(outcomes)
    counts["repeated"] += repeated
    named = {"program": program, "import": one.id, "rows": rows, **counts, **register.lease_columns(lease)}
    if await fetch_one(tx, SQL.count_run, named) is None:
        return False
    await register.note_rows(tx, program, one, outcomes)
    return True


async def take_up(tx: Transaction, program: UUID, identifier: UUID) -> None:
    """Go on with a run whose process was killed: what it made stays made, the rest is counted anew."""
    await tx.execute(SQL.take_up_run, (program, identifier))
    await tx.execute(SQL.forget_faults, (program, identifier))


async def stop(
    tx: Transaction, program: UUID, identifier: UUID, why: str, at: datetime, now: datetime
) -> UUID | None:
    """End a run whose process was killed; its job, or None where there is nothing to end. `now`: the world's time."""
    named = {"program": program, "import": identifier, "why": why, "at": at, "now": now}
    row = await fetch_one(tx, SQL.stop_run, named)
    if row is None:
        return None
    faults = msgspec.json.encode([RowFault("", "stopped", why)]).decode()
    await tx.execute(SQL.fail_begun, (faults, program, identifier))
    return row[0]
