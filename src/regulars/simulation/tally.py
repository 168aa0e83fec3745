"""Adds up what a change does to receipts, one after the other, and says it in figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.promotions import engine, wording
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.index import Promotion
from regulars.promotions.kinds import KINDS
from regulars.promotions.model import Rules
from regulars.promotions.outcome import Refusal
from regulars.promotions.words import N_, Words
from regulars.simulation.model import (
    DayShare,
    Displaced,
    Given,
    Got,
    Margin,
    Refused,
    StoreShare,
)
from regulars.simulation.outcomes import Compared, Gift, Receipt, compare, quoted, total
from regulars.simulation.variants import Variants

NOTHING = Gift()


class Why(Struct):
    """Receipts that were refused for one reason."""

    sample: Refusal
    """The first of them."""
    receipts: int = 0
    near: int = 0


class Place:
    """A store or a day, as it is added up."""

    __slots__ = ("cost", "got", "receipts")

    def __init__(self) -> None:
        self.receipts = self.got = self.cost = 0


class Tally:
    """All receipts so far."""

    def __init__(self, sides: Variants, rules: Rules):
        self.sides = sides
        self.rules = rules
        self.compared: list[Compared] = []
        """Those on which the change does something."""
        self.receipts = self.left_out = self.suppressed = self.payable_changed = 0
        self.payable_before = self.payable_after = self.cost_before = self.cost_after = 0
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None
        self.members: set[UUID] = set()
        self.stores: dict[str, Place] = {}
        self.days: dict[date, Place] = {}
        self.why: dict[str, Why] = {}
        self.counts_before: Counter[UUID] = Counter()
        self.counts_after: Counter[UUID] = Counter()
        self.lines = self.lines_costed = self.cost = self.margin_before = self.margin_after = 0

    def add(self, receipts: Sequence[Receipt]) -> None:
        """Decide some more receipts."""
        for receipt in receipts:
            if receipt.late:
                self.left_out += 1
            else:
                self._one(compare(receipt, self.sides, self.rules))

    def _one(self, found: Compared) -> None:
        receipt, subject = found.receipt, self.sides.subject
        self.receipts += 1
        self.first_at = min(self.first_at or receipt.at, receipt.at)
        self.last_at = max(self.last_at or receipt.at, receipt.at)
        if receipt.member is not None:
            self.members.add(receipt.member)
        gift = found.after.get(subject)
        cost = gift.cost if gift is not None else 0
        for place in (
            self.stores.setdefault(receipt.store, Place()),
            self.days.setdefault(receipt.day, Place()),
        ):
            place.receipts += 1
            place.got += gift is not None
            place.cost += cost
        self.payable_before += found.payable_before
        self.payable_after += found.payable_after
        self.payable_changed += found.payable_before != found.payable_after
        self.cost_before += sum(one.cost for one in found.before.values())
        self.cost_after += sum(one.cost for one in found.after.values())
        self.counts_before.update(found.before.keys())
        self.counts_after.update(found.after.keys())
        self._costs(found)
        if gift is None:
            self._refused(receipt)
        if gift is not None or found.before != found.after:
            self.compared.append(found)

    def _costs(self, found: Compared) -> None:
        self.lines += len(found.receipt.basket.lines)
        self.lines_costed += found.costed_lines
        self.cost += found.cost
        self.margin_before += found.costed_net_before - found.cost
        self.margin_after += found.costed_net_after - found.cost

    def _refused(self, receipt: Receipt) -> None:
        """Why the promotion gives nothing: judged by itself, and if it would apply then, another one was better."""
        verdict = engine.explain(self.sides.alone, quoted(receipt.basket), receipt.standing, self.rules)[1][0]
        if verdict.refusal is None or verdict.status == "suppressed":
            self.suppressed += 1
            return
        why = self.why.setdefault(verdict.refusal.code, Why(verdict.refusal))
        why.receipts += 1
        why.near += verdict.refusal.near

    # figures ---------------------------------------------------------------------------------------------------

    def got(self) -> Got:
        """Of the promotion that is tried."""
        subject = self.sides.subject
        mine = [one for one in self.compared if subject in one.after]
        return Got(
            receipts=len(mine),
            members=len({one.receipt.member for one in mine} - {None}),
            gross=sum(one.gross for one in mine),
            given=given(total(one.after[subject] for one in mine)),
        )

    def margin(self) -> Margin | None:
        """None where no line has a cost."""
        if not self.lines_costed:
            return None
        return Margin(self.lines, self.lines_costed, self.cost, self.margin_before, self.margin_after)

    def by_store(self) -> tuple[StoreShare, ...]:
        """By the store's code."""
        return tuple(StoreShare(code, p.receipts, p.got, p.cost) for code, p in sorted(self.stores.items()))

    def by_day(self) -> tuple[DayShare, ...]:
        """In the order of the days."""
        return tuple(DayShare(day, p.receipts, p.got, p.cost) for day, p in sorted(self.days.items()))

    def displaced(self, language: str) -> tuple[Displaced, ...]:
        """Every other promotion to which it does something, those that lose most first."""
        touched: dict[UUID, list[Compared]] = {}
        for one in self.compared:
            for promotion in one.before.keys() | one.after.keys():
                if promotion != self.sides.subject and one.before.get(promotion) != one.after.get(promotion):
                    touched.setdefault(promotion, []).append(one)
        found = [self._displaced(promotion, seen, language) for promotion, seen in touched.items()]
        return tuple(
            sorted(found, key=lambda one: (-one.lost, one.after.cost - one.before.cost, one.promotion))
        )

    def _displaced(self, promotion: UUID, seen: Sequence[Compared], language: str) -> Displaced:
        lost = sum(promotion in one.before and promotion not in one.after for one in seen)
        gained = sum(promotion in one.after and promotion not in one.before for one in seen)
        return Displaced(
            promotion=ids.show_promotion(promotion),
            name=self.compiled(promotion).name(language),
            receipts_before=self.counts_before[promotion],
            receipts_after=self.counts_after[promotion],
            lost=lost,
            gained=gained,
            before=given(total(one.before.get(promotion, NOTHING) for one in seen)),
            after=given(total(one.after.get(promotion, NOTHING) for one in seen)),
        )

    def refused(self, words: Words) -> tuple[Refused, ...]:
        """The most frequent reason first."""
        promotion, currency = self.sides.promotion, self.rules.base_currency
        found = [
            Refused(code, _reason(why.sample, promotion, words, currency), why.receipts, why.near)
            for code, why in self.why.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.receipts, one.code)))

    def compiled(self, promotion: UUID) -> Promotion:
        """A promotion of either side."""
        return self.sides.after.by_id.get(promotion) or self.sides.before.by_id[promotion]


def given(gift: Gift) -> Given:
    """A sum as it is answered."""
    return Given(gift.discount, gift.points, gift.points_worth, gift.handed, gift.cost)


_ENGINE = {
    "excluded_by_condition": N_("What it rules out"),
    "outside_period": N_("Outside its period"),
    "products_missing": N_("None of its goods in the basket"),
    "nothing_left": N_("Nothing left to take off"),
    "offer_not_chosen": N_("Not chosen at the till"),
    "insufficient_points": N_("Too few points"),
    "member_required": N_("Without a card"),
}
"""Reasons that are not one condition's own."""


def _reason(refusal: Refusal, promotion: Promotion, words: Words, currency: str) -> str:
    """What was asked for and not met: the condition in words, or the engine's own reason."""
    text = _ENGINE.get(refusal.code)
    if text is None:
        wording.refusal_sentence(refusal, "", words)
        speaker = KINDS.speakers.get(refusal.code)
        for condition in _leaves(promotion.conditions):
            if speaker is not None and isinstance(condition, speaker):
                return condition.describe(words, currency)
    return words.gettext(text) if text is not None else refusal.code


def _leaves(conditions: Sequence[Condition]) -> Iterator[Condition]:
    """All conditions, those inside others too."""
    for condition in conditions:
        yield condition
        yield from _leaves(getattr(condition, "of", ()))
