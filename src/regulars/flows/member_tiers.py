"""Reads which tiers a member has, what is missing for the next, what keeps the present one, and how it came to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows import tiering
from regulars.flows.known_programs import Known
from regulars.flows.pricing import Decision
from regulars.flows.tiering import Asked, Climber, Laddered, Read
from regulars.i18n import ProgramWords
from regulars.members import reading, tier_marks, tiers
from regulars.members.ladders import Ladder
from regulars.members.model import Customer, Member
from regulars.members.terms import INSTANT, Span, judged
from regulars.members.tier_marks import TierChange
from regulars.members.tiers import Measures, Progress
from regulars.programs.model import Program
from regulars.purchases.model import PurchaseAnswer


class Part(Struct, frozen=True):
    """One thing that a way asks for."""

    measure: str
    currency: str | None
    reached: int
    """Minor units of base money, units of the currency, purchases or days."""
    at_least: int
    missing: int


class Way(Struct, frozen=True):
    """One way: all of its parts are needed."""

    parts: tuple[Part, ...]
    permille: int
    """How far on it, by the part that is furthest behind."""


class NextTier(Struct, frozen=True):
    """The next tier that can be reached by buying."""

    tier: str
    missing: tuple[Part, ...]
    """What is still to come on the nearest way."""
    ways: tuple[Way, ...]
    """The nearest first; one is enough."""


class KeptBy(Struct, frozen=True):
    """What has to be reached for the tier to stay beyond its end."""

    since: datetime
    until: datetime
    reached: bool
    ways: tuple[Way, ...]


class TierStanding(Struct, frozen=True):
    """A member on one ladder."""

    ladder: str
    tier: str | None
    since: datetime | None
    """Null: the lowest tier, which everybody has."""
    until: datetime | None
    """Half-open; null: it does not end."""
    next: NextTier | None
    keep: KeptBy | None
    """Null: nothing has to be done for it."""


class ExportedTierChange(Struct, frozen=True):
    """A change of a member's tier."""

    ladder: str
    before: str | None
    tier: str | None
    at: datetime
    until: datetime | None
    reason: str
    measures: Measures
    purchase: str | None
    recorded_at: datetime


class TierChanges(Struct, frozen=True):
    """The changes of a member's tiers, the newest first, a thousand at the most."""

    items: tuple[ExportedTierChange, ...]
    next: str | None = None


class OnLadders(Struct, frozen=True):
    """A member's tiers with how they came to be."""

    tiers: tuple[TierStanding, ...]
    history: tuple[TierChange, ...]
    """The newest first."""


async def standings(tx: Transaction, of: Laddered, member: Member, at: datetime) -> tuple[TierStanding, ...]:
    """A member on every ladder of the program, by its code; nothing without ladders."""
    if not of.ladders:
        return ()
    climber = Climber(member.id, member.pool, member.enrolled_at)
    return await _standings(tx, of, await _reached(tx, of, climber, at), at)


async def _reached(tx: Transaction, of: Laddered, climber: Climber, at: datetime) -> list[Read]:
    return await tiering.read(tx, of, tiering.at_instant(of, 0, climber, at))


async def _standings(
    tx: Transaction, of: Laddered, reads: Sequence[Read], at: datetime
) -> tuple[TierStanding, ...]:
    keeping = [span for one in reads if (span := _keeping(of, one, at)) is not None]
    kept = {one.asked.ladder: one for one in await tiering.read(tx, of, keeping)}
    return tuple(
        _standing(of.ladders[one.asked.ladder], one, kept.get(one.asked.ladder), at) for one in reads
    )


async def on_ladders(tx: Transaction, of: Laddered, member: Member, at: datetime) -> OnLadders:
    """The same with the history."""
    if not of.ladders:
        return OnLadders((), ())
    return OnLadders(
        await standings(tx, of, member, at), await tier_marks.history(tx, of.program.id, member.id)
    )


async def changes_of(
    tx: Transaction, program: UUID, members: Sequence[UUID]
) -> tuple[ExportedTierChange, ...]:
    """The history of a person, for her to take along."""
    found = [one for member in members for one in await tier_marks.history(tx, program, member)]
    return tuple(
        ExportedTierChange(
            one.ladder,
            one.before,
            one.tier,
            one.at,
            one.until,
            one.reason,
            one.measures,
            None if one.purchase is None else ids.show("pur", one.purchase),
            one.recorded_at,
        )
        for one in found
    )


async def read_on_ladders(database: Database, of: Laddered, member: UUID, at: datetime) -> OnLadders:
    """A member's tiers and how they came to be. Raises NotFound."""
    async with database.transaction(of.program.id) as tx:
        found = await reading.member(tx, of.program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        return await on_ladders(tx, of, found, at)


async def read_changes(database: Database, program: UUID, member: UUID) -> TierChanges:
    """`GET /v1/members/{id}/tier-changes`. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await reading.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        return TierChanges(await changes_of(tx, program, [found.id]))


def _keeping(of: Laddered, one: Read, at: datetime) -> Asked | None:
    present, ladder = one.present, of.ladders[one.asked.ladder]
    if not present.holds(at) or present.until is None or present.since is None:
        return None
    if present.gained is None:
        if not present.detail.match:
            return None
        span = Span(present.since, present.until)
    else:
        span = judged(ladder.document, tiering.calendar_of(of, one.asked.climber), present.until)
    return Asked(0, one.asked.climber, one.asked.ladder, span)


def _standing(ladder: Ladder, one: Read, kept: Read | None, at: datetime) -> TierStanding:
    present = one.present
    rank = tiers.rank_at(ladder, present, at)
    holding = present.holds(at) and ladder.rank(present.tier) >= 0
    following = tiers.next_tier(ladder, rank)
    coming = None
    if following is not None:
        ways = tiers.on_ways(ladder.tiers[ladder.rank(following)].ways, one.measures)
        missing = tuple(_part(part) for part in ways[0].parts if part.missing)
        coming = NextTier(following, missing, tuple(_way(way) for way in ways))
    keep = None
    if kept is not None and holding:
        asked = present.detail.match if present.gained is None else ladder.tiers[rank].ways
        ways = tiers.on_ways(asked, kept.measures)
        reached = any(way.reached for way in ways)
        span = kept.asked.span
        keep = KeptBy(span.since, span.until, reached, tuple(_way(way) for way in ways)) if ways else None
    return TierStanding(
        ladder.code,
        ladder.at(rank),
        present.since if holding else None,
        present.until if holding else None,
        coming,
        keep,
    )


def _way(way: Progress) -> Way:
    return Way(tuple(_part(part) for part in way.parts), way.permille)


def _part(part: tiers.Missing) -> Part:
    one = part.requirement
    return Part(one.measure, one.currency, part.reached, one.at_least, part.missing)


async def previewed(
    tx: Transaction, known: Known, customer: Customer, decision: Decision, at: datetime
) -> PurchaseAnswer:
    """A preview's answer with the member's tier, and for the cashier how far it is to the next and what keeps it."""
    assert customer.member is not None
    climber = Climber(customer.member, customer.pool, customer.enrolled_at)
    reads = await _reached(tx, known, climber, at)
    present = {one.asked.ladder: one.present for one in reads}
    tiers_of = tiering.present_names(known, present, at)
    answer = tiering.shown(decision.answer, known, tiers_of, (), decision.document.language)
    words = known.words[decision.document.language]
    found = hints(words, known.program, await _standings(tx, known, reads, at), at)
    messages = structs.replace(answer.messages, cashier=(*answer.messages.cashier, *found))
    return structs.replace(answer, messages=messages)


def hints(
    words: ProgramWords, program: Program, tiers: Sequence[TierStanding], at: datetime
) -> tuple[str, ...]:
    """What is missing for the next tier of each ladder, and for keeping the present one, a line each."""
    found: list[str] = []
    for one in tiers:
        if one.next is not None and one.next.missing:
            name = words.named("tier", f"{one.ladder}/{one.next.tier}")
            missing = _amounts(one.next.missing, words, program)
            found.append(words.gettext("To {tier}: {missing}").format(tier=name, missing=missing))
        short = short_of(one, words, program, at)
        if short is not None:
            found.append(words.gettext("To keep {tier}, by {day}: {missing}").format(**short))
    return tuple(found)


def short(one: TierStanding, at: datetime) -> bool:
    """Whether something is missing for keeping the tier.

    As long as the time that counts for it has not begun nothing is: to say so would only worry her.
    """
    return one.keep is not None and not one.keep.reached and one.keep.since <= at


def short_of(one: TierStanding, words: ProgramWords, program: Program, at: datetime) -> dict[str, str] | None:
    """The tier, what is missing on the nearest way for keeping it, and the last day for that; None: nothing is."""
    keep = one.keep
    if keep is None or not short(one, at):
        return None
    zone = clock.zone(program.time_zone)
    missing = tuple(part for part in keep.ways[0].parts if part.missing)
    return {
        "tier": words.named("tier", f"{one.ladder}/{one.tier}"),
        "missing": _amounts(missing, words, program),
        "day": words.spoken.short_date(keep.until - INSTANT, zone),
    }


def _amounts(parts: Sequence[Part], words: ProgramWords, program: Program) -> str:
    return words.joined([amount_of(part, words, program) for part in parts])


def amount_of(part: Part, words: ProgramWords, program: Program, amount: int | None = None) -> str:
    """What is missing of one thing (or that much of it), in words: 12.00 €, 3 segments, 2 purchases, 4 days."""
    number = part.missing if amount is None else amount
    if part.measure == "spend":
        return words.spoken.money(number, program.base_currency)
    if part.measure == "currency":
        return words.points(number, part.currency or "")
    if part.measure == "purchases":
        return words.ngettext("{n} purchase", "{n} purchases", number).format(n=words.spoken.number(number))
    return words.ngettext("{n} day with a purchase", "{n} days with a purchase", number).format(
        n=words.spoken.number(number)
    )
