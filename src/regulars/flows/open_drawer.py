"""Notes that a cash drawer is opened without a sale: by whom, where and why; the pulse itself is sent afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars.db.pool import Database
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the drawer is opened."""

    reason: Annotated[
        str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$(?!\n)")
    ]


async def note_opening(
    database: Database, program: UUID, store: str, till: str, cashier: str, opening: Opening, at: datetime
) -> None:
    """Enter it into the audit trail, in the name of who acts: before it opens, so that none is left out."""
    change = Change("drawer.opened", f"{store}/{till}", after={"cashier": cashier}, why=opening.reason)
    await database.run(program, lambda tx: trail.record(tx, program, change, at))
