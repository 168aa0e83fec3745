"""Reads activities: those of a member, and those that wait for a decision. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.errors import NotFound
from regulars.flows import activity_views
from regulars.flows.activity_views import ActivityRecord
from regulars.members import reading
from regulars.members.vault import Vault
from regulars.purchases import activity_reads
from regulars.purchases.activity_log import Activity

LAST = UUID(int=2**128 - 1)
FIRST = UUID(int=0)


class ActivityPage(Struct, frozen=True):
    """Activities; `next` is the cursor of those that follow."""

    items: tuple[ActivityRecord, ...]
    next: str | None


async def activities_of(
    database: Database, vault: Vault, member: UUID, before: UUID | None, limit: int
) -> ActivityPage:
    """What a member did, and whoever was merged into her, the latest recorded first. Raises NotFound, VaultLocked."""
    program = vault.program
    async with database.transaction(program) as tx:
        found = await reading.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        members = [found.id, *await reading.alias_ids(tx, program, found.id)]
        rows = await activity_reads.of_members(tx, program, members, before or LAST, limit + 1)
    return _page(vault, rows, limit)


async def waiting_activities(
    database: Database, vault: Vault, after: UUID | None, limit: int
) -> ActivityPage:
    """What waits for a decision, the longest first. Raises VaultLocked."""
    async with database.transaction(vault.program) as tx:
        rows = await activity_reads.waiting(tx, vault.program, after or FIRST, limit + 1)
    return _page(vault, rows, limit)


async def read_activity(database: Database, vault: Vault, activity: UUID) -> ActivityRecord:
    """One of them. Raises NotFound, VaultLocked."""
    async with database.transaction(vault.program) as tx:
        found = await activity_reads.find(tx, vault.program, activity)
    if found is None:
        raise NotFound("There is no such activity in this program.")
    return activity_views.record(vault, found)


def _page(vault: Vault, rows: Sequence[Activity], limit: int) -> ActivityPage:
    following = ids.show("act", rows[limit - 1].id) if len(rows) > limit else None
    return ActivityPage(tuple(activity_views.record(vault, one) for one in rows[:limit]), following)
