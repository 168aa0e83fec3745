"""Reasons and benefits in plain words: what a promotion gives, and why it did not apply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.goods import goods_text
from regulars.promotions.kinds import KINDS, Kinds
from regulars.promotions.outcome import Refusal
from regulars.promotions.words import English, Words

__all__ = ["English", "Words", "benefits_text", "conditions_text", "refusal_text"]


def benefits_text(benefits: Sequence[Benefit], words: Words, currency: str) -> str:
    """What a promotion gives, short: "15 % off books and 50 points". `currency`: the base money."""
    return words.joined([benefit.describe(words, currency) for benefit in benefits])


def conditions_text(conditions: Sequence[Condition], words: Words, currency: str) -> str:
    """When a promotion gives it: "from €30.00 of goods and for members"; empty when always."""
    return words.joined([condition.describe(words, currency) for condition in conditions])


def refusal_text(
    refusal: Refusal,
    name: str,
    benefits: Sequence[Benefit],
    words: Words,
    currency: str,
    kinds: Kinds = KINDS,
) -> str:
    """One sentence for a refusal: "Add €6.20 of books to get 15 % off".

    `name` is the promotion's, in the language of `words`; `benefits` are its own (`Promotion.benefits`), and without
    them the sentence speaks of the name.
    """
    give = benefits_text(benefits, words, currency) if benefits else name
    return refusal_sentence(refusal, give, words, kinds)


def refusal_sentence(refusal: Refusal, give: str, words: Words, kinds: Kinds = KINDS) -> str:
    """The same, `give` saying already what the promotion gives."""
    speaker = kinds.speakers.get(refusal.code)
    if speaker is not None:
        text = speaker.refusal_text(refusal, give, words)
        if text is not None:
            return text
    for kind in kinds.conditions.values():
        text = kind.refusal_text(refusal, give, words)
        if text is not None:
            kinds.speakers[refusal.code] = kind
            return text
    return _engine_text(refusal, give, words) or words.gettext("{name} does not apply here").format(name=give)


def _engine_text(refusal: Refusal, give: str, words: Words) -> str | None:
    """Reasons that are not a condition's."""
    code, facts = refusal.code, refusal.facts
    if code == "suppressed":
        return words.gettext("Another promotion was better: {give}").format(give=give)
    if code == "nothing_left":
        return words.gettext("There is nothing left to take off: {give}").format(give=give)
    if code == "offer_not_chosen":
        return words.gettext("Choose it at the till: {give}").format(give=give)
    if code == "insufficient_points":
        missing = words.points(refusal.missing["amount"], refusal.missing["currency"])
        return words.gettext("{missing} more are needed: {give}").format(missing=missing, give=give)
    if code == "as_sold":
        return words.gettext("The goods were sold already: {give}").format(give=give)
    if code == "outside_period":
        return _period(facts.get("from"), facts.get("until"), words).format(give=give)
    if code == "products_missing":
        return words.gettext("For {goods} only: {give}").format(
            goods=goods_text(facts["goods"], words), give=give
        )
    return _limit_text(code, facts.get("again"), give, words)


def _limit_text(code: str, again: str | None, give: str, words: Words) -> str | None:
    """Reasons of limits and budgets. `again`: the day (ISO) from which on it is there again."""
    if code == "contended":
        return words.gettext("Just used up at another till: {give}").format(give=give)
    if code == "card_required":
        return words.gettext("With a card only: {give}").format(give=give)
    if code not in ("limit_reached", "budget_exhausted"):
        return None
    if again is not None:
        text = (
            words.gettext("Used as often as it may be, again from {day}: {give}")
            if code == "limit_reached"
            else words.gettext("All given away, again from {day}: {give}")
        )
        return text.format(day=words.full_date(date.fromisoformat(again)), give=give)
    if code == "limit_reached":
        return words.gettext("Used as often as it may be: {give}").format(give=give)
    return words.gettext("All given away: {give}").format(give=give)


def _period(start: str | None, end: str | None, words: Words) -> str:
    """The sentence of a window on the store's wall clock; {give} is left to be filled."""
    first = words.moment(datetime.fromisoformat(start)) if start else ""
    last = words.moment(datetime.fromisoformat(end)) if end else ""
    if not last:
        text = words.gettext("From {from} on: {give}")
    elif not first:
        text = words.gettext("Until {until}: {give}")
    else:
        text = words.gettext("From {from} until {until}: {give}")
    return text.format_map({"from": first, "until": last, "give": "{give}"})
