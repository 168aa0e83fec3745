"""The limits of a promotion outside purchases: what speaks against publishing them, and what was used of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.periods import EVER, first_day
from regulars.programs import reading
from regulars.programs.model import Program
from regulars.promotions import catalogue, counters, limits
from regulars.promotions.model import Document, Limit
from regulars.promotions.words import N_, Sentence


class LimitUse(Struct, frozen=True):
    """What was used of one limit in one period, by all its holders together."""

    per: str
    period: str
    measure: str
    """What is counted: uses, points, or amount (minor units of base money)."""
    since: date | None
    """The first day of the period, in the program's time zone; None: a lifetime."""
    limit: int | None
    """As the promotion stands now, for each holder; None: it has no such limit any more."""
    used: int
    left: int | None
    """Of a limit for all together."""
    holders: int
    """How many have used something of it."""


class PromotionUsage(Struct, frozen=True):
    """What a promotion has cost to date, as its limits count it. Holds count until they end."""

    promotion: str
    status: str
    limits: tuple[LimitUse, ...]


async def contradictions(tx: Transaction, program: UUID, promotion: UUID, parsed: Document) -> list[Sentence]:
    """Sentences that say why a document's limits may not be published."""
    found: list[Sentence] = []
    slices: dict[str, int] = {}
    if parsed.limits:
        for published in reversed(await catalogue.revisions(tx, program, promotion)):
            before = msgspec.convert(published.document, Document)
            slices |= {limits.rule_of(limit): limit.slices for limit in before.limits}
    for limit in parsed.limits:
        if slices.get(limits.rule_of(limit), limit.slices) != limit.slices:
            was = slices[limits.rule_of(limit)]
            text = N_("A limit that is counted in {was} slices stays so: its counters are there already.")
            found.append(Sentence(text, was=was))
    return found


async def spread(tx: Transaction, program: UUID, promotion: UUID, parsed: Document) -> None:
    """Spread what was used of sliced limits anew, as the caps of a new revision need it."""
    sliced = {limits.rule_of(one): (limits.cap(one), one.slices) for one in parsed.limits if one.slices > 1}
    if sliced:
        await counters.share_out(tx, program, promotion, sliced)


async def read_usage(database: Database, program: UUID, promotion: UUID, at: datetime) -> PromotionUsage:
    """What was used of a promotion's limits: the present periods, and lifetimes. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await catalogue.find(tx, program, promotion)
        if found is None:
            raise NotFound("There is no such promotion in this program.")
        zone = (await reading.load(tx, program)).time_zone
        used = await counters.usage(tx, program, promotion)
        document = Document("", "", ())
        if found.revision:
            (revision,) = await catalogue.frozen(tx, program, [(promotion, found.revision)])
            document = revision.document
    shown = _shown(used, document, at.astimezone(clock.zone(zone)).date())
    return PromotionUsage(ids.show("prm", promotion), found.status, shown)


async def read_limits(
    database: Database, program: Program, promotion: UUID, document: Document, at: datetime
) -> tuple[LimitUse, ...]:
    """The same for a promotion whose document is at hand."""
    async with database.transaction(program.id) as tx:
        used = await counters.usage(tx, program.id, promotion)
    return _shown(used, document, at.astimezone(clock.zone(program.time_zone)).date())


def _shown(used: Sequence[counters.RuleUse], document: Document, day: date) -> tuple[LimitUse, ...]:
    by_rule = {(use.rule, use.period): use for use in used}
    shown: list[LimitUse] = []
    now = {limits.rule_of(limit): limit for limit in document.limits}
    for rule in dict.fromkeys([*now, *(use.rule for use in used)]):
        period = first_day(rule.split(".")[1], day)
        use = by_rule.get((rule, period), counters.RuleUse(rule, period, 0, 0))
        shown.append(_view(use, now.get(rule)))
    return tuple(shown)


def _view(use: counters.RuleUse, limit: Limit | None) -> LimitUse:
    per, period, measured = use.rule.split(".")
    most = limits.cap(limit) if limit is not None else None
    since = None
    if use.period != EVER:
        since = date(use.period // 10_000, use.period // 100 % 100, use.period % 100)
    left = max(0, most - use.used) if most is not None and per == "total" else None
    return LimitUse(per, period, measured, since, most, use.used, left, use.holders)
