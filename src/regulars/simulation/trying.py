"""Tries a change of the promotions on one basket: what each promotion does, without and with it. Pure.

Uses the explanation of the very engine that decides purchases; limits count as if nothing had been used yet.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Rules, Standing
from regulars.promotions.outcome import Outcome, Verdict
from regulars.promotions.words import Words
from regulars.simulation.examples import effect, effects, explained, lines
from regulars.simulation.model import Effect, EffectPair, ExampleLine, Given
from regulars.simulation.outcomes import gifts, total
from regulars.simulation.tally import given
from regulars.simulation.variants import Variants


class Side(Struct, frozen=True):
    """A basket on one side of the change. Minor units of its own money; `given` in base money."""

    gross: int
    discount: int
    payable: int
    earned: dict[str, int]
    """Points by currency."""
    given: Given
    """By all promotions together."""


class Mine(Struct, frozen=True):
    """The promotion that is tried: what it does here, and how far it is from doing something."""

    status: str
    effect: Effect
    missing: dict[str, Any]
    """The distance: {"amount": 620, "currency": "EUR"} or {"quantity": "2"}."""
    near: bool
    """A change of this basket could win it."""
    given: Given
    alone: Effect
    """What it would do if no other promotion were live."""


class Tried(Struct, frozen=True):
    """A basket decided without and with a promotion."""

    currency: str
    before: Side
    after: Side
    lines: tuple[ExampleLine, ...]
    promotion: Mine
    promotions: tuple[EffectPair, ...]
    """Every promotion of either side, the one that is tried first."""


def tried(
    sides: Variants, basket: Basket, standing: Standing, names: dict[int, str], rules: Rules, words: Words
) -> Tried:
    """Decide a basket on both sides and say what differs."""
    was, before = explained(sides.before, basket, standing, rules)
    will, after = explained(sides.after, basket, standing, rules)
    _, (alone,) = explained(sides.alone, basket, standing, rules)
    currency = rules.base_currency
    verdict = next(one for one in after if one.promotion == sides.subject)
    gift = gifts(will, sides.after, rules, basket.to_base).get(sides.subject)
    return Tried(
        currency=basket.currency,
        before=_side(was, sides.before, basket, rules),
        after=_side(will, sides.after, basket, rules),
        lines=lines(basket, was, will, names),
        promotion=Mine(
            status=verdict.status,
            effect=effect(verdict, sides.after, words, currency),
            missing=_missing(verdict),
            near=verdict.refusal is not None and verdict.refusal.near,
            given=given(gift) if gift is not None else Given(),
            alone=effect(alone, sides.alone, words, currency),
        ),
        promotions=effects(sides, before, after, words, currency, every=True),
    )


def _missing(verdict: Verdict) -> dict[str, Any]:
    return dict(verdict.refusal.missing) if verdict.refusal is not None else {}


def _side(outcome: Outcome, live: Live, basket: Basket, rules: Rules) -> Side:
    earned: dict[str, int] = {}
    for earning in outcome.earned:
        earned[earning.currency] = earned.get(earning.currency, 0) + earning.amount
    all_gifts = total(gifts(outcome, live, rules, basket.to_base).values())
    return Side(outcome.gross, outcome.discount, outcome.payable, earned, given(all_gifts))
