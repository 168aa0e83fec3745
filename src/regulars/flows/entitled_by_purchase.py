"""Gives the uses of entitlements that promotions grant with a purchase, and takes unused ones back with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars import clock, ids
from regulars.db import outbox
from regulars.db.burst import Sender
from regulars.db.outbox import Note
from regulars.db.pool import Transaction
from regulars.flows.entitlements import purchase_cause
from regulars.members import reading
from regulars.members.model import Customer
from regulars.programs.model import Program
from regulars.purchases.model import PurchaseAnswer
from regulars.rewards import entitlement_book, terms
from regulars.rewards.entitlement_book import Given


def of(
    program: Program, answer: PurchaseAnswer, purchase: UUID, member: UUID, purchased_at: datetime, by: str
) -> list[Given]:
    """What a purchase gives its member, one for each promotion and entitlement; from the purchase on."""
    if not answer.entitlements:
        return []
    zone = clock.zone(program.time_zone)
    found: dict[tuple[str, str], Given] = {}
    for one in answer.entitlements:
        before = found.get((one.promotion, one.code))
        found[one.promotion, one.code] = Given(
            member=member,
            code=one.code,
            cause=purchase_cause(purchase, ids.read("prm", one.promotion)),
            uses=one.count + (before.uses if before else 0),
            starts_at=purchased_at,
            ends_at=terms.ends(one.days, purchased_at, zone),
            origin="promotion",
            by=by,
        )
    return list(found.values())


async def give(tx: Sender, program: UUID, given: Sequence[Given], at: datetime) -> None:
    """Write what purchases give, in one statement; and tell it."""
    if not given:
        return
    await entitlement_book.give(tx, program, given, at)
    notes = [
        Note("entitlement.granted", one.member, one.member, at,
             {"entitlement": one.code, "uses": one.uses, "until": one.ends_at.isoformat() if one.ends_at else None})
        for one in given
    ]  # fmt: skip
    await outbox.note(tx, program, notes)


async def take_back(
    tx: Transaction,
    program: Program,
    customer: Customer | None,
    answer: PurchaseAnswer,
    purchase: UUID,
    at: datetime,
) -> None:
    """Void what a purchase gave and is wholly unused; what was used or is booked stands. Her pool is locked."""
    if not answer.entitlements or customer is None or customer.member is None:
        return
    whose = [customer.member, *await reading.alias_ids(tx, program.id, customer.member)]
    causes = {
        (member, one.code, purchase_cause(purchase, ids.read("prm", one.promotion)))
        for one in answer.entitlements
        for member in whose
    }
    await entitlement_book.end_grants(tx, program.id, sorted(causes), at)
