"""What a member has of the program's entitlements: her quotas, what she was given, what she used. Gives and takes back.

Whoever writes on these has locked her pool: that is what keeps two visits from taking the same use.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db import outbox
from regulars.db.outbox import Note
from regulars.db.pool import Transaction
from regulars.flows.known_programs import Known
from regulars.flows.marked import hers_of
from regulars.members import reading
from regulars.members.model import Member
from regulars.programs.model import Program
from regulars.rewards import allowances, entitlement_book, terms
from regulars.rewards.allowances import Grant, Holding, Taken
from regulars.rewards.entitlement_book import Given, Origin
from regulars.rewards.entitlements import Entitlement


class Holder(Struct, frozen=True):
    """A member, what she is marked with at an instant, and whoever was merged into her."""

    member: Member
    marks: frozenset[tuple[str, str]]
    """Kind and code; tiers as `ladder/tier`, those that everybody has among them."""
    whose: tuple[UUID, ...]


class Held(Struct, frozen=True):
    """What a holder was given and has used: entitlement → grants, and what visits took."""

    grants: dict[str, list[Grant]]
    taken: dict[str, list[Taken]]


async def holder_of(tx: Transaction, known: Known, member: Member, at: datetime) -> Holder:
    """The member as entitlements see her at an instant."""
    program = known.program.id
    hers = await hers_of(tx, known, member.id, at)
    aliases = await reading.alias_ids(tx, program, member.id)
    return Holder(member, hers.marks, (member.id, *aliases))


async def held(tx: Transaction, program: Program, whose: Sequence[UUID], code: str | None = None) -> Held:
    """What these members were given and have used, of one entitlement or of all."""
    grants: dict[str, list[Grant]] = {}
    for one in await entitlement_book.grants(tx, program.id, whose, code):
        grants.setdefault(one.code, []).append(one.grant)
    return Held(grants, await entitlement_book.taken(tx, program.id, whose, code))


def holding(program: Program, holder: Holder, had: Held, code: str, document: Entitlement) -> Holding:
    """All that decides on one entitlement of hers."""
    zone = clock.zone(program.time_zone)
    return Holding(
        document=document,
        quota=allowances.quota_of(document, holder.marks),
        enrolled_on=holder.member.enrolled_at.astimezone(zone).date(),
        grants=had.grants.get(code, ()),
        taken=had.taken.get(code, ()),
        zone=zone,
    )


async def grant(
    tx: Transaction,
    program: Program,
    member: UUID,
    code: str,
    *,
    uses: int,
    days: int | None,
    cause: str,
    origin: Origin,
    by: str,
    at: datetime,
) -> bool:
    """Give a member uses of an entitlement, to the end of so many days (None: without end).

    `cause` names what they come with: the same one gives her no second time; False then.
    """
    ends_at = terms.ends(days, at, clock.zone(program.time_zone))
    given = Given(member, code, cause, uses, at, ends_at, origin, by)
    row = await (await entitlement_book.give(tx, program.id, [given], at)).fetchone()
    if row is None:
        return False
    told = {"entitlement": code, "uses": uses, "until": ends_at.isoformat() if ends_at else None}
    await outbox.note(tx, program.id, [Note("entitlement.granted", member, member, at, told)])
    return True


async def take_back(
    tx: Transaction, program: Program, member: UUID, code: str, *, cause: str, at: datetime
) -> bool:
    """Take back what a cause gave, where nothing of it was used or is booked. Her pool must be locked.

    False: it was used, taken back before, or never given; what was used stands.
    """
    return await entitlement_book.end_grants(tx, program.id, [(member, code, cause)], at) == 1


def purchase_cause(purchase: UUID, promotion: UUID) -> str:
    """What names the uses that a promotion gave with a purchase."""
    return f"{ids.show('pur', purchase)}/{ids.show_promotion(promotion)}"
