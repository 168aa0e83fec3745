"""Examples that are true: baskets drawn for promotions, priced by the engine alone or beside all that are live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from regulars.promotions import engine
from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.index import Live, Promotion
from regulars.promotions.kinds import KINDS, Kinds
from regulars.promotions.limits import given
from regulars.promotions.linting import moments, ranges
from regulars.promotions.linting.arranging import arrange
from regulars.promotions.linting.branches import Branch, Leaf, branches
from regulars.promotions.linting.choices import choices
from regulars.promotions.linting.finding import Example, ExampleAward, ExampleLine, Surroundings
from regulars.promotions.linting.sketch import Sketch
from regulars.promotions.model import Basket, Document, Revision, Standing
from regulars.promotions.outcome import Outcome, Verdict
from regulars.promotions.words import Words
from regulars.units import ONE, divide_half_up, format_quantity

UNNAMED = UUID(int=2**128 - 1)
"""The id of a promotion that has none yet: it is the youngest."""
RELEVANT_MAX = 300
"""Live promotions beside which an example is priced; of more the first in the order of calculation."""
NAMED_MAX = 3
"""Lines of a basket that a sentence names."""


class Subject(NamedTuple):
    """A promotion that examples are drawn for, with its conditions in the order of its document."""

    id: UUID
    document: Document
    conditions: tuple[Condition, ...]
    benefits: tuple[Benefit, ...]
    ways: tuple[Branch, ...]

    @property
    def since(self) -> datetime | None:
        """From when it counts."""
        return self.document.valid_from

    @property
    def until(self) -> datetime | None:
        """Until when it counts, half-open."""
        return self.document.valid_until


class Case(NamedTuple):
    """A basket with its outcome."""

    sketch: Sketch
    basket: Basket
    standing: Standing
    outcome: Outcome
    verdicts: dict[UUID, Verdict]
    live: Live

    def gave(self, promotion: UUID) -> Verdict | None:
        """What a promotion gave; None: it did not apply."""
        verdict = self.verdicts.get(promotion)
        return verdict if verdict is not None and verdict.status == "applied" else None

    @property
    def applied(self) -> list[Promotion]:
        """The promotions that applied, in their order."""
        return [promotion for promotion in self.live.promotions if self.gave(promotion.id)]


def subject(document: Document, promotion: UUID, kinds: Kinds = KINDS) -> Subject:
    """A document as examples are drawn for it. Raises Unprocessable as `document.build`."""
    conditions = [kinds.condition(raw, f"/conditions/{n}") for n, raw in enumerate(document.conditions)]
    benefits = [kinds.benefit(raw, f"/benefits/{n}") for n, raw in enumerate(document.benefits)]
    return Subject(promotion, document, tuple(conditions), tuple(benefits), tuple(branches(conditions)))


class Cases:
    """Draws and prices examples for one promotion, and for it together with others."""

    def __init__(self, mine: Subject, around: Surroundings):
        self.mine = mine
        self.around = around
        self._beside: dict[tuple[UUID, ...], Live] = {}
        self._others: dict[UUID, Subject] = {}
        self._found: dict[tuple[UUID, ...], Case | None] = {}

    def subject_of(self, other: Promotion) -> Subject:
        """A live promotion as examples are drawn for it."""
        found = self._others.get(other.id)
        if found is None:
            found = self._others[other.id] = subject(other.document, other.id, self.around.live.kinds)
        return found

    def clashes(self, branch: Branch) -> list[tuple[Leaf, Leaf]]:
        """Pairs of conditions that leave nothing between them."""
        return [
            *ranges.clashes(ranges.bounds(branch)),
            *choices(branch, self.around.stores)[1],
        ]

    @cached_property
    def _alone(self) -> Live:
        return self._compiled(())

    def compatible(self, other: Subject) -> bool:
        """Whether a purchase could meet the conditions of both."""
        since = max([one.since for one in (self.mine, other) if one.since is not None], default=None)
        until = min([one.until for one in (self.mine, other) if one.until is not None], default=None)
        for mine in self.mine.ways:
            for way in other.ways:
                both = Branch(mine.must + way.must, mine.must_not + way.must_not)
                if (
                    not self.clashes(both)
                    and moments.first(both, since, until, self.around.now).at is not None
                ):
                    return True
        return False

    def case(self) -> Case | None:
        """A basket that wins the promotion where nothing else is live; None: none was found."""
        return self.together(())

    def together(self, others: Sequence[Subject], around: Surroundings | None = None) -> Case | None:
        """A basket that meets the conditions of the promotion and of the others, priced with the promotion alone.

        It is one that wins the promotion. `around`: other products to choose from. What counts the points of other
        promotions is priced beside them.
        """
        key = tuple(other.id for other in others)
        if around is None and key in self._found:
            return self._found[key]
        found = self._drawn(others, around or self.around)
        if around is None:
            self._found[key] = found
        return found

    def _drawn(self, others: Sequence[Subject], around: Surroundings) -> Case | None:
        everyone = [self.mine, *others]
        since = max([one.since for one in everyone if one.since is not None], default=None)
        until = min([one.until for one in everyone if one.until is not None], default=None)
        for way in self.mine.ways:
            ways = [way, *[other.ways[0] for other in others]]
            whole = Branch(
                tuple(leaf for one in ways for leaf in one.must),
                tuple(leaf for one in ways for leaf in one.must_not),
            )
            moment = moments.first(whole, since, until, self.around.now).at
            if moment is None or (until is not None and moment >= until):
                continue
            sketch = Sketch(around, moment)
            for one, branch in zip(everyone, ways, strict=True):
                arrange(sketch, branch, one.benefits, one.id)
            if others:
                arrange(sketch, whole, (), self.mine.id)
            counting_others = all(benefit.last for benefit in self.mine.benefits)
            case = self.priced(sketch.draw(), beside=counting_others)
            if case.gave(self.mine.id):
                return case
        return None

    def priced(
        self, sketch: Sketch, *, beside: bool, times: int = 1, only: frozenset[str] | None = None
    ) -> Case:
        """A drawn basket (with each line of `only` so many times), with the promotion alone or beside the live ones."""
        return self.of_basket(sketch, sketch.basket(times, only), sketch.standing(), beside=beside)

    def of_basket(self, sketch: Sketch, basket: Basket, standing: Standing, *, beside: bool = False) -> Case:
        """A basket priced with the promotion alone or beside the live ones."""
        live = self._live(basket, standing) if beside else self._alone
        outcome, verdicts = engine.explain(live, basket, standing, self.around.rules)
        return Case(sketch, basket, standing, outcome, {v.promotion: v for v in verdicts}, live)

    def _live(self, basket: Basket, standing: Standing) -> Live:
        """The promotion and the live ones that could apply to this basket."""
        live = self.around.live
        near = live.candidates(live.products(basket.lines), live.keys(basket, standing)).promotions
        others = [promotion for promotion in near if promotion.id != self.mine.id][:RELEVANT_MAX]
        key = tuple(promotion.id for promotion in others)
        if key not in self._beside:
            self._beside[key] = self._compiled(others)
        return self._beside[key]

    def _compiled(self, others: Sequence[Promotion]) -> Live:
        revisions = [Revision(p.id, p.revision, p.document) for p in others]
        mine = Revision(self.mine.id, 1, self.mine.document)
        return Live.build([*revisions, mine], self.around.live.groups, self.around.live.kinds)


def example(case: Case, words: Words) -> Example:
    """The case as it is answered."""
    outcome, basket = case.outcome, case.basket
    lines = tuple(
        ExampleLine(
            line.sku, format_quantity(line.quantity), result.gross, result.discount,
            None if line.cost is None else divide_half_up(line.cost * line.quantity, ONE),
        )
        for line, result in zip(basket.lines, outcome.lines, strict=True)
    )  # fmt: skip
    gave = given(outcome)
    awards = tuple(
        ExampleAward(promotion.name(words.language), gave[promotion.id].amount, _earned(case, promotion.id))
        for promotion in case.live.promotions
        if promotion.id in gave
    )
    return Example(
        lines, case.sketch.wall, case.standing.member, outcome.gross, outcome.discount, outcome.payable, awards,
        basket.store, basket_text(case, words),
    )  # fmt: skip


def basket_text(case: Case, words: Words) -> str:
    """What is in the basket: 2 × coffee for €8.00 and 1 × bun for €1.20."""
    currency = case.basket.currency
    texts = [
        words.gettext("{quantity} × {goods} for {amount}").format(
            quantity=words.number(format_quantity(line.quantity)),
            goods=case.sketch.name(line.sku, words),
            amount=words.money(line.gross, currency),
        )
        for line in case.basket.lines[:NAMED_MAX]
    ]
    more = len(case.basket.lines) - NAMED_MAX
    if more > 0:
        texts.append(words.ngettext("{n} more line", "{n} more lines", more).format(n=more))
    return words.joined(texts)


def _earned(case: Case, promotion: UUID) -> dict[str, int]:
    verdict = case.verdicts.get(promotion)
    return dict(verdict.earned) if verdict is not None else {}
