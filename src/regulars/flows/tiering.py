"""Reads what ladders measure, and lets members climb: a batch's purchases one by one, others after they were written.

read = await tiering.ask(burst, known, spans)      within the pipeline that locks the pools
...
found = await tiering.answered(read)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock, ids
from regulars.db import queries
from regulars.db.arrays import instants, int2s, int4s, texts, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction, fetch_all
from regulars.flows.facts import Facts
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.flows.pricing import Decision
from regulars.members import tier_marks, tiers
from regulars.members.ladders import Ladder
from regulars.members.model import Customer
from regulars.members.terms import Calendar, Span, period
from regulars.members.tier_marks import Taken
from regulars.members.tiers import Measures, Present, Step
from regulars.programs.model import Program
from regulars.purchases.model import MemberView, PurchaseAnswer

SQL = queries.load("regulars.flows", "tiering.sql")


class Laddered(Protocol):
    """A program with its ladders."""

    @property
    def program(self) -> Program: ...
    @property
    def ladders(self) -> dict[str, Ladder]: ...


class LaddersOf(Struct, frozen=True):
    """A program with its ladders, where nothing else of it is remembered."""

    program: Program
    ladders: dict[str, Ladder]


async def ladders_of(tx: Transaction, program: Program) -> LaddersOf:
    """The ladders as they stand in the database."""
    found = await tier_marks.newest(tx, program.id)
    return LaddersOf(program, {one.ladder.code: one.ladder for one in found})


class Climber(Struct, frozen=True):
    """A member who may take steps, with the pool that is measured."""

    member: UUID
    pool: UUID
    joined: datetime | None


class Asked(Struct, frozen=True):
    """What is measured: on which ladder, of whom, in which span."""

    place: int
    climber: Climber
    ladder: str
    span: Span


class Read(Struct, frozen=True):
    """What there was in the span, and the tier that the member has, or had last."""

    asked: Asked
    measures: Measures
    days: frozenset[date]
    present: Present


def calendar_of(known: Laddered, climber: Climber) -> Calendar:
    """By what a member's days and years are reckoned."""
    return Calendar(clock.zone(known.program.time_zone), climber.joined)


def at_instant(known: Laddered, place: int, climber: Climber, at: datetime) -> list[Asked]:
    """Every ladder of the program, in the period that an instant falls into."""
    calendar = calendar_of(known, climber)
    return [
        Asked(place, climber, ladder.code, period(ladder.document, calendar, at))
        for ladder in known.ladders.values()
    ]


async def ask(tx: Sender, known: Laddered, wanted: Sequence[Asked]) -> Rows:
    """Ask for all of it in one statement; see `answered`."""
    measures = frozenset[tuple[str, str]]().union(*[ladder.measures for ladder in known.ladders.values()])
    kinds = {kind for kind, _ in measures}
    return await tx.execute(
        SQL.measures,
        (
            known.program.id,
            known.program.time_zone,
            bool(kinds - {"currency"}),
            "visit_days" in kinds,
            texts(sorted({currency for _, currency in measures if currency})),
            int4s(list(range(len(wanted)))),
            int2s([ids.home(one.climber.pool) for one in wanted]),
            uuids([one.climber.pool for one in wanted]),
            int2s([ids.home(one.climber.member) for one in wanted]),
            uuids([one.climber.member for one in wanted]),
            texts([one.ladder for one in wanted]),
            instants([one.span.since for one in wanted]),
            instants([one.span.until for one in wanted]),
        ),
    )


async def answered(rows: Rows, wanted: Sequence[Asked]) -> list[Read]:
    """What was asked for, in its order."""
    found: list[Read | None] = [None] * len(wanted)
    for n, spend, purchases, days, currencies, amounts, *mark in await rows.fetchall():
        on = frozenset[date](days or ())
        sums: dict[str, int] = dict(zip(currencies or (), amounts or (), strict=True))
        found[n] = Read(
            wanted[n], Measures(spend or 0, purchases or 0, len(on), sums), on, tier_marks.present(*mark)
        )
    return [one for one in found if one is not None]


async def read(tx: Transaction, known: Laddered, wanted: Sequence[Asked]) -> list[Read]:
    """What was reached in each span."""
    return await answered(await ask(tx, known, wanted), wanted) if wanted else []


async def climbers(tx: Transaction, program: UUID, members: Iterable[UUID]) -> dict[UUID, Climber]:
    """Those of the members who may climb: not erased, not merged into somebody else."""
    wanted = sorted(set(members))
    homes = int2s([ids.home(member) for member in wanted])
    rows = await fetch_all(tx, SQL.climbers, (program, homes, uuids(wanted)))
    return {row[0]: Climber(*row) for row in rows}


async def climb(
    tx: Transaction,
    known: Laddered,
    members: Iterable[UUID],
    purchased_at: datetime,
    at: datetime,
    purchase: UUID | None = None,
) -> list[Taken]:
    """Members take the steps that what is written allows. Their pools must be locked."""
    if not known.ladders:
        return []
    found = await climbers(tx, known.program.id, members)
    wanted = [
        one for climber in found.values() for one in at_instant(known, 0, climber, min(purchased_at, at))
    ]
    taken = []
    for one in await read(tx, known, wanted):
        step = _earned(known, one, one.measures, one.present, min(purchased_at, at))
        if step is not None:
            taken.append(Taken(one.asked.climber.member, one.asked.ladder, step, one.measures, purchase))
    await tier_marks.write(tx, known.program.id, taken, at)
    return taken


async def climbed(
    tx: Transaction,
    known: Known,
    customer: Customer | None,
    answer: PurchaseAnswer,
    language: str,
    purchased_at: datetime,
    at: datetime,
    purchase: UUID,
) -> PurchaseAnswer:
    """The answer of a purchase that was written otherwise than in a batch, with the tier that it leads to."""
    if not known.ladders or customer is None or customer.member is None:
        return answer
    taken = await climb(tx, known, [customer.member], purchased_at, at, purchase)
    present = await tier_marks.now(tx, known.program.id, customer.member, at)
    tiers_of = {code: one.tier for code, one in present.items() if one.tier is not None}
    return shown(answer, known, tiers_of, taken, language)


def _earned(known: Laddered, one: Read, measures: Measures, present: Present, at: datetime) -> Step | None:
    return tiers.earn(
        known.ladders[one.asked.ladder], present, measures, at, calendar_of(known, one.asked.climber),
        _after(present, at),
    )  # fmt: skip


def _after(present: Present, at: datetime) -> datetime:
    """A step is never dated before the tier that it leaves, or the end of one that is over: a receipt may come late."""
    known = [at if present.since is None else max(at, present.since)]
    if present.reviewed and present.until is not None:
        known.append(present.until)
    return max(known)


class Measuring(Struct, frozen=True):
    """What was asked for a batch."""

    rows: Rows
    wanted: list[Asked]

    async def read(self) -> list[Read]:
        """What was reached, by place and ladder."""
        return await answered(self.rows, self.wanted)


class Bought(Struct, frozen=True):
    """What a purchase of the batch adds to what its pool reached."""

    at: datetime
    day: date
    turnover: int
    currencies: Mapping[str, int]


class Climb:
    """The steps of a batch: each purchase adds to what was read, and the next one stands where it left."""

    def __init__(self, known: Known, found: Sequence[Read]) -> None:
        self._known = known
        self._read: dict[int, list[Read]] = {}
        for one in found:
            self._read.setdefault(one.asked.place, []).append(one)
        self._done: dict[UUID, list[Bought]] = {}
        self._present: dict[tuple[UUID, str], Present] = {}
        self.taken: list[Taken] = []

    @staticmethod
    async def ask(
        tx: Sender, known: Known, batch: Sequence[Incoming], customers: Mapping[int, Customer], at: datetime
    ) -> Measuring | None:
        """Ask what the customers of a batch reached, each in the period of its own time; None without ladders."""
        if not known.ladders:
            return None
        wanted: list[Asked] = []
        for place, customer in customers.items():
            if customer.member is not None:
                climber = Climber(customer.member, customer.pool, customer.enrolled_at)
                wanted += at_instant(known, place, climber, min(batch[place].sent.purchased_at, at))
        return Measuring(await ask(tx, known, wanted), wanted) if wanted else None

    def facts(self, place: int, facts: Facts | None, at: datetime) -> Facts:
        """What the engine is told, with the tiers that purchases before this one brought."""
        facts = facts or Facts()
        return structs.replace(facts, tiers={**facts.tiers, **self.tiers(place, at)})

    def tiers(self, place: int, at: datetime) -> dict[str, str]:
        """Ladder → the tier that the customer of a purchase has before it, by the mark alone."""
        found: dict[str, str] = {}
        for one in self._read.get(place, ()):
            present = self._present_of(one)
            if (
                present.tier is not None
                and present.holds(at)
                and (present.since is None or present.since <= at)
            ):
                found[one.asked.ladder] = present.tier
        return found

    def follow(
        self,
        place: int,
        incoming: Incoming,
        decision: Decision,
        answer: PurchaseAnswer,
        purchase: UUID,
        at: datetime,
    ) -> PurchaseAnswer:
        """The answer with the tier that the purchase leads to; one that is only held leads nowhere yet."""
        when = min(incoming.sent.purchased_at, at)
        taken = [] if incoming.sent.hold else self.bought(place, when, decision, purchase)
        return shown(answer, self._known, self.tiers(place, when), taken, decision.document.language)

    def bought(self, place: int, at: datetime, decision: Decision, purchase: UUID) -> list[Taken]:
        """Add a purchase; the steps that it brings, the same member's next one standing on them."""
        steps: list[Taken] = []
        bought = self._bought(at, decision)
        reads = self._read.get(place, ())
        for pool in {one.asked.climber.pool for one in reads}:
            self._done.setdefault(pool, []).append(bought)
        for one in reads:
            measures, present = self._measures(one), self._present_of(one)
            step = _earned(self._known, one, measures, present, bought.at)
            if step is None:
                continue
            member, ladder = one.asked.climber.member, one.asked.ladder
            self._present[member, ladder] = Present(
                step.tier, step.since, step.until, step.gained, step.detail, reviewed=False
            )
            steps.append(Taken(member, ladder, step, measures, purchase))
        self.taken += steps
        return steps

    def _bought(self, at: datetime, decision: Decision) -> Bought:
        currencies: dict[str, int] = {}
        for earning in decision.document.earned:
            currencies[earning.currency] = currencies.get(earning.currency, 0) + earning.amount
        day = at.astimezone(clock.zone(self._known.program.time_zone)).date()
        return Bought(at, day, decision.totals.turnover, currencies)

    def _present_of(self, one: Read) -> Present:
        return self._present.get((one.asked.climber.member, one.asked.ladder), one.present)

    def _measures(self, one: Read) -> Measures:
        span = one.asked.span
        inside = [done for done in self._done[one.asked.climber.pool] if span.since <= done.at < span.until]
        currencies = dict(one.measures.currencies)
        for done in inside:
            for currency, amount in done.currencies.items():
                currencies[currency] = currencies.get(currency, 0) + amount
        return Measures(
            one.measures.spend + sum(done.turnover for done in inside),
            one.measures.purchases + len(inside),
            len(one.days.union(done.day for done in inside)),
            currencies,
        )


def shown(
    answer: PurchaseAnswer, known: Known, tiers_of: Mapping[str, str], taken: Sequence[Taken], language: str
) -> PurchaseAnswer:
    """The answer with the member's tier, and what is said where she has just gained one."""
    if not known.ladders or answer.member is None or answer.member.id is None:
        return answer
    words = known.words[language]
    gained = [words.named("tier", f"{one.ladder}/{one.step.tier}") for one in taken if one.step.tier]
    messages = answer.messages
    if gained:
        messages = structs.replace(
            messages,
            cashier=(*messages.cashier, *[words.gettext("Now {tier}").format(tier=tier) for tier in gained]),
            receipt=(
                *messages.receipt, *[words.gettext("You are {tier} now").format(tier=tier) for tier in gained]
            ),
        )  # fmt: skip
    return structs.replace(
        answer, messages=messages, member=with_tier(answer.member, known, tiers_of, language)
    )


def with_tier(member: MemberView, known: Known, tiers_of: Mapping[str, str], language: str) -> MemberView:
    """The member with the tier that she has on the first ladder by its code."""
    ladder = next(iter(known.ladders), None)
    tier = (known.bases | dict(tiers_of)).get(ladder) if ladder is not None else None
    if tier is None:
        return member
    return structs.replace(
        member, tier=tier, tier_name=known.words[language].named("tier", f"{ladder}/{tier}")
    )


def present_names(known: Known, ladders: Mapping[str, Present], at: datetime) -> dict[str, str]:
    """Ladder → tier at an instant, the lowest that everybody has among them."""
    return known.bases | {
        code: one.tier for code, one in ladders.items() if one.tier is not None and one.holds(at)
    }
