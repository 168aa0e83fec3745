"""What an export says of a person's referrals and of the points that she passed on; of others it names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Transaction
from regulars.ledger import passing
from regulars.ledger.passing import PassedBy
from regulars.members import referral_book
from regulars.members.referral_book import Told


class ExportedReferrals(Struct, frozen=True):
    """Her code, that she was brought, and when she brought somebody; points that she passed on, the latest first."""

    referrals: tuple[Told, ...]
    passed_on: tuple[PassedBy, ...]


async def exported(tx: Transaction, program: UUID, members: Sequence[UUID]) -> ExportedReferrals:
    """Of a person and whoever was merged into her."""
    told = await referral_book.told_of(tx, program, members)
    return ExportedReferrals(tuple(told), tuple(await passing.passed_by(tx, program, members)))
