"""Receipts that show what a change does, each with the explanation of both sides. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars import ids
from regulars.promotions import engine, wording
from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Rules, Standing
from regulars.promotions.outcome import Outcome, Verdict
from regulars.promotions.words import Words
from regulars.simulation.model import Effect, EffectPair, ExampleLine, ExampleReceipt
from regulars.simulation.outcomes import Compared, quoted
from regulars.simulation.variants import Variants
from regulars.units import format_quantity

EXAMPLES_MAX = 10
DEAREST = 3
"""Of the examples so many are those with the largest difference; the others are spread over the rest."""
ABSENT = Effect("absent")


def chosen(compared: Sequence[Compared], subject: UUID) -> list[Compared]:
    """The receipts to show, the latest first: the dearest ones, and others evenly over the time."""
    shown = [one for one in compared if subject in one.after] or list(compared)
    if len(shown) <= EXAMPLES_MAX:
        return shown
    by_cost = sorted(range(len(shown)), key=lambda place: -_cost(shown[place], subject))
    dearest = by_cost[:DEAREST]
    rest = sorted(by_cost[DEAREST:])
    wanted = EXAMPLES_MAX - DEAREST
    spread = [rest[place * len(rest) // wanted] for place in range(wanted)]
    picked = [shown[place] for place in (*dearest, *spread)]
    return sorted(picked, key=lambda one: one.receipt.at, reverse=True)


def _cost(one: Compared, subject: UUID) -> int:
    return one.after[subject].cost if subject in one.after else 0


def example(found: Compared, sides: Variants, rules: Rules, words: Words) -> ExampleReceipt:
    """One receipt, explained with and without the change."""
    receipt = found.receipt
    basket = quoted(receipt.basket)
    was, before = engine.explain(sides.before, basket, receipt.standing, rules)
    will, after = engine.explain(sides.after, basket, receipt.standing, rules)
    return ExampleReceipt(
        purchase=ids.show("pur", receipt.purchase),
        receipt_number=receipt.receipt_number,
        store=receipt.store,
        purchased_at=receipt.at,
        member=receipt.standing.member,
        currency=basket.currency,
        gross=was.gross,
        payable_before=was.payable,
        payable_after=will.payable,
        lines=lines(basket, was, will, receipt.names),
        promotions=effects(sides, before, after, words, rules.base_currency),
    )


def lines(basket: Basket, was: Outcome, will: Outcome, names: dict[int, str]) -> tuple[ExampleLine, ...]:
    """The lines of a basket with what is taken off on both sides."""
    return tuple(
        ExampleLine(
            line.number,
            line.sku,
            names.get(line.number, ""),
            format_quantity(line.quantity),
            line.gross,
            old.discount,
            new.discount,
        )
        for line, old, new in zip(basket.lines, was.lines, will.lines, strict=True)
    )


def effects(
    sides: Variants,
    before: Sequence[Verdict],
    after: Sequence[Verdict],
    words: Words,
    currency: str,
    *,
    every: bool = False,
) -> tuple[EffectPair, ...]:
    """The promotion that is tried first, then those that do something else than before (or, with `every`, all)."""
    old = {verdict.promotion: effect(verdict, sides.before, words, currency) for verdict in before}
    new = {verdict.promotion: effect(verdict, sides.after, words, currency) for verdict in after}
    found: list[EffectPair] = []
    for promotion in dict.fromkeys([sides.subject, *new, *old]):
        pair = old.get(promotion, ABSENT), new.get(promotion, ABSENT)
        if every or promotion == sides.subject or _differ(*pair):
            compiled = sides.after.by_id.get(promotion) or sides.before.by_id[promotion]
            name = compiled.name(words.language)
            found.append(EffectPair(ids.show_promotion(promotion), name, *pair))
    return tuple(found)


def _differ(before: Effect, after: Effect) -> bool:
    """Whether it gives something else; a promotion that gives nothing either way is the same whatever the reason."""
    gave = "applied" in (before.status, after.status)
    return gave and (before.status, before.discount, before.earned) != (
        after.status,
        after.discount,
        after.earned,
    )


def effect(verdict: Verdict, live: Live, words: Words, currency: str) -> Effect:
    """What one promotion does, in words."""
    promotion = live.by_id[verdict.promotion]
    refusal = verdict.refusal
    if refusal is None:
        text = wording.benefits_text(promotion.benefits, words, currency)
        return Effect(verdict.status, verdict.discount, verdict.earned, None, text)
    name = promotion.name(words.language)
    text = wording.refusal_text(refusal, name, promotion.benefits, words, currency)
    return Effect(verdict.status, verdict.discount, verdict.earned, refusal.code, text)


def explained(
    live: Live, basket: Basket, standing: Standing, rules: Rules
) -> tuple[Outcome, tuple[Verdict, ...]]:
    """The engine's explanation of a basket whose prices are still to be made."""
    return engine.explain(live, quoted(basket), standing, rules)
