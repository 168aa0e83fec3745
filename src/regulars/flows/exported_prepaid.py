"""What a person's data hold of what she paid for ahead, and of how regularly she came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Transaction
from regulars.flows.membership_plans import MembershipShown, shown
from regulars.flows.packs import PackView, view
from regulars.games import rhythms
from regulars.games.rhythms import Absence
from regulars.rewards import membership_book, pack_book


class ExportedPrepaid(Struct, frozen=True):
    """Paid memberships with all their acts, packs of visits, and absences that were noticed."""

    memberships: tuple[MembershipShown, ...]
    packs: tuple[PackView, ...]
    absences: tuple[Absence, ...]


async def exported(tx: Transaction, program: UUID, members: Sequence[UUID], at: datetime) -> ExportedPrepaid:
    """All of it, the latest first."""
    memberships = [
        shown(one, await membership_book.steps(tx, program, one.id))
        for one in await membership_book.of(tx, program, members)
    ]
    packs = [view(one) for one in await pack_book.of(tx, program, members, at)]
    return ExportedPrepaid(
        tuple(memberships), tuple(packs), tuple(await rhythms.absences(tx, program, members))
    )
