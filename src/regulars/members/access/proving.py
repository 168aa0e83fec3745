"""Keeps whether a member's phone or email was confirmed, and lets go of all that lets her in when she leaves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.pool import Transaction, fetch_one
from regulars.members.access.sessions import SQL


async def doubt(tx: Transaction, program: UUID, member: UUID) -> None:
    """The member gave a phone or email that she still has to confirm: until then she may not spend."""
    await tx.execute(SQL.doubt_member, (program, ids.home(member), member))


async def confirm(tx: Transaction, program: UUID, member: UUID) -> bool:
    """The member answered a code that was sent to her. False when nothing was to be confirmed."""
    return await fetch_one(tx, SQL.prove_member, (program, ids.home(member), member)) is not None


async def unproved(tx: Transaction, program: UUID, member: UUID) -> bool:
    """Whether the member still has to confirm her phone or email."""
    row = await fetch_one(tx, SQL.is_unproved, (program, ids.home(member), member))
    return bool(row and row[0])


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """Remove what lets a member in or lets her spend: sessions, passkeys, PIN, codes, devices."""
    key = {"program": program, "home": ids.home(member), "member": member}
    await tx.execute(SQL.forget_member, key)


async def prune(tx: Transaction, program: UUID, before: datetime) -> int:
    """Forget codes, counts and sessions that ended before an instant; how many there were."""
    row = await fetch_one(tx, SQL.prune_access, {"program": program, "before": before})
    assert row is not None
    return row[0]
