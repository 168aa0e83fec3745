"""Keeps referrals: the program's document, codes, who brought whom, what was given for it and taken back.

"Once" is a primary key everywhere: a friend is brought once, a step given once and taken back once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import byteas, int2s, texts, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members import referrals
from regulars.members.identity import BlindIndex
from regulars.members.model import Person
from regulars.members.referrals import CODE, NO_END, Reason, ReferralDocument, TraceKind, Withheld

SQL = queries.load("regulars.members", "referrals.sql")
BUDGET = "budget"
_document = msgspec.json.Decoder(ReferralDocument)
FIRST = UUID(int=0)
Trace = tuple[TraceKind, bytes]
"""A kind and 32 bytes: the keyed hash of a phone, an email or a device."""


class Revision(Struct, frozen=True):
    """The referral program as it counts now."""

    number: int
    document: ReferralDocument
    since: datetime


class Referral(Struct, frozen=True):
    """Who brought whom."""

    friend: UUID
    referrer: UUID
    code: str
    refused: Reason | None
    referred_at: datetime
    until: datetime
    """Half-open: what the friend buys later counts for nothing."""


class OpenReferral(Struct, frozen=True):
    """A referral that may still come to something."""

    home: int
    friend: UUID
    referrer: UUID
    referred_at: datetime
    until: datetime


class GivenStep(Struct, frozen=True):
    """A step as it was given."""

    friend: UUID
    purchases: int
    bought_at: int
    purchase: UUID
    referrer: UUID
    to_friend: bool
    to_referrer: bool
    withheld: Withheld | None
    cost: int
    least: int
    given_at: datetime


class Standing(Struct, frozen=True):
    """A step that was not taken back, and of which purchase how much must stand."""

    home: int
    friend: UUID
    purchases: int
    bought_at: int
    purchase: UUID
    least: int
    given_at: datetime


class GivenMilestone(Struct, frozen=True):
    """A milestone as it was given."""

    friends: int
    cost: int
    taken_back: bool


class Told(Struct, frozen=True):
    """A line of what is held of a member: `code`, `was_brought` or `brought`."""

    kind: str
    code: str
    at: datetime
    refused: str | None


async def newest(tx: Transaction, program: UUID) -> Revision | None:
    """The referral program; None: there never was one."""
    row = await fetch_one(tx, SQL.newest, (program, CODE))
    return Revision(row[0], _document.decode(row[1]), row[2]) if row else None


async def add(
    tx: Transaction, program: UUID, document: ReferralDocument, at: datetime, author: str
) -> Revision:
    """Enter the next revision."""
    written = msgspec.json.encode(document).decode()
    row = await fetch_one(tx, SQL.add, (program, CODE, written, at, author))
    assert row is not None
    return Revision(row[0], document, at)


async def code_of(tx: Transaction, program: UUID, index: BlindIndex, member: UUID, at: datetime) -> str:
    """A member's own code, made where she has none: by hash, so that two at once make the same."""
    row = await fetch_one(tx, SQL.code_of, (program, member))
    if row is not None:
        return row[0]
    for code in referrals.codes(index.key, member):
        await tx.execute(SQL.make_code, (program, code, ids.home(member), member, at))
        if await owner_of(tx, program, code) == member:
            return code
    raise AssertionError("a hundred codes in a row belong to others")


async def owner_of(tx: Transaction, program: UUID, code: str) -> UUID | None:
    """Whose code it is."""
    row = await fetch_one(tx, SQL.owner_of, (program, referrals.normal(code)))
    return row[0] if row else None


def traces(index: BlindIndex, person: Person, device: str | None) -> list[Trace]:
    """What tells later that somebody was here: keyed hashes of phone, email and device."""
    found: list[Trace] = [
        (kind, index.digest(kind, value)) for kind, value in person.identifiers if kind != "external_id"
    ]
    if device:
        found.append(("device", hmac.digest(index.key, b"device\0" + device.encode(), hashlib.sha256)))
    return found


async def note_traces(tx: Transaction, program: UUID, member: UUID, seen: Sequence[Trace]) -> None:
    """Remember what was seen with a member."""
    if seen:
        columns = (texts([kind for kind, _ in seen]), byteas([digest for _, digest in seen]))
        await tx.execute(SQL.note_traces, (program, ids.home(member), member, *columns))


async def seen_with(tx: Transaction, program: UUID, seen: Sequence[Trace]) -> list[tuple[UUID, str]]:
    """With which members these were seen before, and what it was."""
    columns = (texts([kind for kind, _ in seen]), byteas([digest for _, digest in seen]))
    rows = await fetch_all(tx, SQL.seen_with, (program, *columns))
    return [(row[0], row[1]) for row in rows]


async def refer(tx: Transaction, program: UUID, new: Referral) -> bool:
    """Enter who brought whom; False: the friend was brought before."""
    home = ids.home(new.friend)
    row = (
        program, home, new.friend, new.referrer, new.code, new.refused, new.referred_at, new.until,
    )  # fmt: skip
    if await fetch_one(tx, SQL.refer, row) is None:
        return False
    if new.refused is None:
        await tx.execute(SQL.open, (program, home, new.friend))
    return True


async def referral_of(tx: Transaction, program: UUID, friend: UUID) -> Referral | None:
    """Who brought this member."""
    row = await fetch_one(tx, SQL.referral_of, (program, ids.home(friend), friend))
    return Referral(*row) if row else None


async def friends_of(tx: Transaction, program: UUID, referrer: UUID) -> list[UUID]:
    """Whom a member brought, but for those who were refused; the first thousand."""
    return [row[0] for row in await fetch_all(tx, SQL.friends_of, (program, referrer))]


async def were_together(tx: Transaction, program: UUID, member: UUID, other: UUID) -> bool:
    """Whether two members are, or ever were, in one household or company."""
    named = {"program": program, "member": member, "other": other}
    return await fetch_one(tx, SQL.were_together, named) is not None


async def accounts_of(tx: Transaction, program: UUID, members: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Member → the shared accounts that she is or ever was in; whoever was in none is missing."""
    found: dict[UUID, set[UUID]] = {}
    for member, account in await fetch_all(tx, SQL.accounts_of, (program, uuids(list(members)))):
        found.setdefault(member, set()).add(account)
    return found


async def next_open(
    tx: Transaction, program: UUID, home: int, friend: UUID, limit: int
) -> list[OpenReferral]:
    """Referrals that may still come to something, by home and friend, after these."""
    rows = await fetch_all(tx, SQL.next_open, (program, home, friend, limit))
    return [OpenReferral(*row) for row in rows]


async def close(tx: Transaction, program: UUID, friend: UUID) -> None:
    """It can come to nothing more."""
    await tx.execute(SQL.close, (program, ids.home(friend), friend))


async def steps_of(tx: Transaction, program: UUID, friends: Iterable[UUID]) -> dict[UUID, set[int]]:
    """Friend → after which of her purchases it was given, whatever became of it."""
    wanted = list(friends)
    columns = (int2s([ids.home(one) for one in wanted]), uuids(wanted), program)
    found: dict[UUID, set[int]] = {one: set() for one in wanted}
    for friend, purchases in await fetch_all(tx, SQL.steps_of, columns):
        found[friend].add(purchases)
    return found


async def note_step(tx: Transaction, program: UUID, new: GivenStep) -> bool:
    """Enter a step; False: it was given before, by whoever was quicker."""
    row = (
        program, ids.home(new.friend), new.friend, new.purchases, new.bought_at, new.purchase, new.referrer,
        new.to_friend, new.to_referrer, new.withheld, new.cost, new.least, new.given_at,
    )  # fmt: skip
    return await fetch_one(tx, SQL.note_step, row) is not None


async def step(tx: Transaction, program: UUID, friend: UUID, purchases: int) -> GivenStep:
    """A step as it was given."""
    row = await fetch_one(tx, SQL.step, (program, ids.home(friend), friend, purchases))
    assert row is not None, "it was given"
    return GivenStep(*row)


async def steps_given(
    tx: Transaction, program: UUID, since: datetime, friend: UUID, purchases: int, limit: int
) -> list[Standing]:
    """Steps given after (since, friend, purchases), in that order, that were not taken back."""
    named = {"program": program, "since": since, "friend": friend, "purchases": purchases, "limit": limit}
    return [Standing(*row) for row in await fetch_all(tx, SQL.steps_given, named)]


async def note_milestone(
    tx: Transaction, program: UUID, referrer: UUID, friends: int, cost: int, at: datetime
) -> bool:
    """Enter a milestone; False: it was given before."""
    row = (program, ids.home(referrer), referrer, friends, cost, at)
    return await fetch_one(tx, SQL.note_milestone, row) is not None


async def milestones_of(tx: Transaction, program: UUID, referrer: UUID) -> list[GivenMilestone]:
    """What a referrer was given for her n-th friends."""
    rows = await fetch_all(tx, SQL.milestones_of, (program, ids.home(referrer), referrer))
    return [GivenMilestone(*row) for row in rows]


async def take_back(tx: Transaction, program: UUID, member: UUID, kind: str, n: int, at: datetime) -> bool:
    """Enter that a step of a friend, or a milestone of a referrer, is taken back; False: it was."""
    row = (program, ids.home(member), member, kind, n, at)
    return await fetch_one(tx, SQL.take_back, row) is not None


async def friends_that_stand(tx: Transaction, program: UUID, referrer: UUID) -> int:
    """How many friends of a referrer have bought, and it stands."""
    row = await fetch_one(tx, SQL.friends_that_stand, (program, referrer))
    assert row is not None
    return row[0]


async def use(tx: Transaction, program: UUID, referrer: UUID, wanted: Sequence[tuple[str, int]]) -> bool:
    """Count one reward in each of these (period, most), or in none of them."""
    taken: list[str] = []
    for period, most in wanted:
        if not await _use(tx, program, referrer, period, 1, most):
            await give_back_use(tx, program, referrer, taken)
            return False
        taken.append(period)
    return True


async def spend_budget(tx: Transaction, program: UUID, cost: int, budget: int | None) -> bool:
    """Take so much of the budget (minor units of base money), or nothing; without an end it is counted all the same."""
    most = budget if budget is not None else NO_END
    return not cost or await _use(tx, program, program, BUDGET, cost, most)


async def give_back_use(
    tx: Transaction, program: UUID, referrer: UUID, periods: Iterable[str], amount: int = 1
) -> None:
    """Let go of what was counted."""
    for period in periods:
        await tx.execute(SQL.give_back_use, (amount, program, _home(program, referrer), referrer, period))


async def give_back_budget(tx: Transaction, program: UUID, cost: int) -> None:
    """The budget has it again."""
    if cost:
        await give_back_use(tx, program, program, [BUDGET], cost)


async def told_of(tx: Transaction, program: UUID, members: Sequence[UUID]) -> list[Told]:
    """What is held of members, the earliest first."""
    everybody = list(members)
    named = {
        "program": program,
        "homes": int2s([ids.home(one) for one in everybody]),
        "members": uuids(everybody),
    }
    return [Told(*row) for row in await fetch_all(tx, SQL.told_of, named)]


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes away what leads to her and what tells that she was here."""
    key = (program, ids.home(member), member)
    await tx.execute(SQL.forget_code, key)
    await tx.execute(SQL.forget_traces, key)


async def follow(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> None:
    """A merge: what was seen with the duplicate was seen with the survivor."""
    key = (ids.home(survivor), survivor, program, ids.home(duplicate), duplicate)
    await tx.execute(SQL.follow_codes, key)


async def _use(tx: Transaction, program: UUID, referrer: UUID, period: str, wanted: int, most: int) -> bool:
    named = {
        "program": program, "home": _home(program, referrer), "referrer": referrer, "period": period,
        "wanted": wanted, "most": most,
    }  # fmt: skip
    return await fetch_one(tx, SQL.use, named) is not None


def _home(program: UUID, referrer: UUID) -> int:
    """The budget is the program's: its row lives in the first home."""
    return 0 if referrer == program else ids.home(referrer)
