"""Keeps counters of limits and codes, and the claims that they are sums of. The guard of a limit is in its write.

Rows are always locked in the order of `Counter.place`. A hot total may be kept in slices: while there is room in the
batch's own slice only that one is touched, otherwise all of them in their order, so that the last cent is neither
refused nor passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.arrays import instants, int2s, int4s, int8s, texts, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.promotions.catalogue import SQL
from regulars.promotions.limits import Claim, Counter, shares

Kind = Literal["claim", "renewal", "confirmation", "return", "release", "void", "cancellation"]
HOLDS_AT_ONCE = 256


class Read(Struct, frozen=True):
    """Counters as they were read, and what each slice of a sliced one had."""

    used: dict[Counter, int]
    slices: dict[tuple[Counter, int], int]


NOTHING_READ = Read({}, {})


class Held(Struct, frozen=True, gc=False):
    """What a purchase has of a counter."""

    counter: Counter
    amount: int
    claimed: int
    """Before goods came back."""
    first: int
    """When it was recorded or held."""


class Noted(Struct, frozen=True, gc=False):
    """A claim as it is written down, with the purchase that makes it."""

    purchase: UUID
    counter: Counter
    amount: int
    act: UUID | None = None
    """The code that is cancelled; otherwise the purchase itself."""


class Back(Struct, frozen=True, gc=False):
    """What a purchase gives back, by which act: the return's id, otherwise its own."""

    purchase: UUID
    counter: Counter
    act: UUID
    amount: int


async def ask(tx: Sender, program: UUID, wanted: Iterable[tuple[UUID, int]]) -> Rows:
    """Ask for all counters of these holders in these periods; see `read`."""
    ordered = sorted(set(wanted))
    columns = (
        int2s([ids.home(holder) for holder, _ in ordered]),
        uuids([holder for holder, _ in ordered]),
        int4s([period for _, period in ordered]),
    )
    return await tx.execute(SQL.uses, (program, *columns))


async def read(asked: Rows) -> Read:
    """What was asked for; a counter that nobody has used yet is not there."""
    used: dict[Counter, int] = {}
    slices: dict[tuple[Counter, int], int] = {}
    for holder, period, promotion, rule, part, amount in await asked.fetchall():
        counter = Counter(holder, period, promotion, rule)
        used[counter] = used.get(counter, 0) + amount
        slices[counter, part] = amount
    return Read(used, slices)


class Claiming:
    """Claims that were sent and are on their way."""

    def __init__(self, asked: Sequence[Rows]):
        self._asked = asked

    async def granted(self) -> dict[Counter, int]:
        """What the batch got of each counter: all that it wanted, or what was left."""
        found: dict[Counter, int] = {}
        for asked in self._asked:
            for holder, period, promotion, rule, granted in await asked.fetchall():
                counter = Counter(holder, period, promotion, rule)
                found[counter] = found.get(counter, 0) + granted
        return found


async def claim(tx: Sender, program: UUID, wanted: Mapping[Counter, Claim], read: Read, own: int) -> Claiming:
    """Claim what a batch wants, each counter once. `own`: a number that says which slice the batch takes from."""
    single: list[tuple[Claim, int, int]] = []
    spread: list[tuple[Claim, int, int]] = []
    for claim in sorted(wanted.values(), key=lambda one: one.counter.place):
        if claim.slices == 1:
            single.append((claim, 0, claim.cap))
            continue
        caps = shares(claim.cap, claim.slices)
        part = own % claim.slices
        if caps[part] - read.slices.get((claim.counter, part), 0) >= claim.amount:
            single.append((claim, part, caps[part]))
        else:
            spread += [(claim, place, most) for place, most in enumerate(caps)]
    asked: list[Rows] = []
    if single:
        asked.append(await tx.execute(SQL.claim, (program, *_columns(single))))
    if spread:
        columns = _columns(spread)
        await tx.execute(SQL.open_slices, (program, *columns))
        asked.append(await tx.execute(SQL.claim_over_slices, (program, *columns)))
    return Claiming(asked)


def _columns(rows: Sequence[tuple[Claim, int, int]]) -> tuple[Any, ...]:
    counters = [claim.counter for claim, _, _ in rows]
    return (
        int2s([ids.home(counter.holder) for counter in counters]),
        uuids([counter.holder for counter in counters]),
        int4s([counter.period for counter in counters]),
        uuids([counter.promotion for counter in counters]),
        texts([counter.rule for counter in counters]),
        int2s([part for _, part, _ in rows]),
        int8s([claim.amount for claim, _, _ in rows]),
        int8s([most for _, _, most in rows]),
    )


async def move(tx: Sender, program: UUID, amounts: Mapping[Counter, int]) -> None:
    """Raise counters by over-use, or lower them by claims that are wanted no more. No guard: nothing is refused."""
    ordered = sorted((item for item in amounts.items() if item[1]), key=lambda item: item[0].place)
    if not ordered:
        return
    await tx.execute(
        SQL.move,
        (
            program,
            int2s([ids.home(counter.holder) for counter, _ in ordered]),
            uuids([counter.holder for counter, _ in ordered]),
            int4s([counter.period for counter, _ in ordered]),
            uuids([counter.promotion for counter, _ in ordered]),
            texts([counter.rule for counter, _ in ordered]),
            int8s([amount for _, amount in ordered]),
        ),
    )


async def note(tx: Sender, program: UUID, kind: Kind, at: datetime, claims: Sequence[Noted]) -> None:
    """Write down what purchases took; once for each purchase, rule and kind, by the table's key."""
    if not claims:
        return
    await tx.execute(
        SQL.note_claims,
        (
            program,
            kind,
            at,
            int2s([ids.home(one.purchase) for one in claims]),
            uuids([one.purchase for one in claims]),
            uuids([one.counter.promotion for one in claims]),
            texts([one.counter.rule for one in claims]),
            uuids([one.act or one.purchase for one in claims]),
            uuids([one.counter.holder for one in claims]),
            int4s([one.counter.period for one in claims]),
            int8s([one.amount for one in claims]),
        ),
    )


async def note_holds(tx: Sender, program: UUID, holds: Mapping[UUID, datetime]) -> None:
    """Remember which purchases hold their claims, and until when."""
    if holds:
        purchases = list(holds)
        columns = (
            int2s([ids.home(one) for one in purchases]),
            uuids(purchases),
            instants(list(holds.values())),
        )
        await tx.execute(SQL.note_holds, (program, *columns))


async def claims_of(tx: Transaction, program: UUID, purchases: Sequence[UUID]) -> dict[UUID, list[Held]]:
    """What each of these purchases took; what was given back whole is there with 0."""
    found: dict[UUID, list[Held]] = {}
    if not purchases:
        return found
    columns = (int2s([ids.home(one) for one in purchases]), uuids(purchases))
    for purchase, promotion, rule, holder, period, *amounts in await fetch_all(
        tx, SQL.claims_of, (program, *columns)
    ):
        counter = Counter(holder, period, promotion, rule)
        found.setdefault(purchase, []).append(Held(counter, *amounts))
    for held in found.values():
        held.sort(key=lambda one: one.counter.place)
    return found


async def give_back(tx: Transaction, program: UUID, kind: Kind, at: datetime, backs: Sequence[Back]) -> None:
    """Give claims back, each once for its act."""
    backs = [back for back in backs if back.amount]
    if not backs:
        return
    await tx.execute(
        SQL.give_back,
        (
            program,
            kind,
            at,
            int2s([ids.home(back.purchase) for back in backs]),
            uuids([back.purchase for back in backs]),
            uuids([back.counter.promotion for back in backs]),
            texts([back.counter.rule for back in backs]),
            uuids([back.act for back in backs]),
            uuids([back.counter.holder for back in backs]),
            int4s([back.counter.period for back in backs]),
            int8s([back.amount for back in backs]),
        ),
    )


async def end_hold(tx: Transaction, program: UUID, purchase: UUID) -> bool:
    """End a purchase's hold on its claims; False when it has none, or when that ended before."""
    return await fetch_one(tx, SQL.end_holds, (program, ids.home(purchase), purchase)) is not None


async def end_lapsed(tx: Transaction, program: UUID, at: datetime) -> list[UUID]:
    """End holds on claims whose time is over, at most `HOLDS_AT_ONCE`; whose they were."""
    return [row[0] for row in await fetch_all(tx, SQL.end_lapsed_holds, (program, at, HOLDS_AT_ONCE))]


async def share_out(
    tx: Transaction, program: UUID, promotion: UUID, caps: Mapping[str, tuple[int, int]]
) -> None:
    """Spread what is used over the slices of each rule (cap, slices), in their order, as a new cap needs it.

    A slice that is above its share while another has room would let the sum pass the cap.
    """
    rows = await fetch_all(tx, SQL.used_of_total, (program, ids.home(promotion), promotion))
    used: dict[tuple[int, str], int] = {}
    for rule, period, _, amount in rows:
        used[period, rule] = used.get((period, rule), 0) + amount
    changed: list[tuple[int, str, int, int]] = []
    for (period, rule), total in used.items():
        most, slices = caps.get(rule, (0, 1))
        if slices == 1:
            continue
        parts: list[int] = []
        for share in shares(most, slices):
            parts.append(min(share, total - sum(parts)))
        parts[0] += total - sum(parts)
        changed += [(period, rule, part, amount) for part, amount in enumerate(parts)]
    if not changed:
        return
    zero = [Claim(Counter(promotion, period, promotion, rule), 0, 0) for period, rule, _, _ in changed]
    opened = [(claim, row[2], 0) for claim, row in zip(zero, changed, strict=True)]
    await tx.execute(SQL.open_slices, (program, *_columns(opened)))
    columns = (
        int4s([row[0] for row in changed]),
        texts([row[1] for row in changed]),
        int2s([row[2] for row in changed]),
        int8s([row[3] for row in changed]),
    )
    await tx.execute(SQL.share_out, (*columns, program, ids.home(promotion), promotion, promotion))


class RuleUse(Struct, frozen=True):
    """How much of one rule of a promotion was used in one period, and by how many holders."""

    rule: str
    period: int
    used: int
    holders: int


async def usage(tx: Transaction, program: UUID, promotion: UUID) -> list[RuleUse]:
    """What was used of a promotion's limits, by rule and period."""
    return [RuleUse(*row) for row in await fetch_all(tx, SQL.usage, (program, promotion))]


async def used_in_all(
    tx: Transaction, program: UUID, wanted: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, str, int], int]:
    """What was used of the limits for all together, by promotion, rule and period, of these (promotion, period)."""
    found: dict[tuple[UUID, str, int], int] = {}
    for holder, period, promotion, rule, _, used in await (await ask(tx, program, wanted)).fetchall():
        if holder == promotion:
            found[promotion, rule, period] = found.get((promotion, rule, period), 0) + used
    return found
