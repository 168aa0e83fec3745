"""Short ways to write programs, promotions and baskets in the tests of the engine."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from regulars.promotions import engine
from regulars.promotions.document import parse
from regulars.promotions.index import Live
from regulars.promotions.kinds import KINDS, Kinds
from regulars.promotions.model import (
    DEFAULT_GROUPS,
    Basket,
    Currency,
    GroupRule,
    Line,
    Revision,
    Rules,
    Standing,
)
from regulars.promotions.outcome import Outcome, Refusal, Verdict
from regulars.units import Ratio

RIGA = timezone(timedelta(hours=2))
AT = datetime(2026, 11, 21, 10, 3, tzinfo=RIGA)
"""A Saturday."""

CURRENCIES = {
    "PTS": Currency("PTS"),
    "MILES": Currency("MILES", worth=Ratio(1, 3)),
    "BACK": Currency("BACK", scale=2),
    "STAMPS": Currency("STAMPS", spendable=False),
}
RULES = Rules("EUR", CURRENCIES)
ANYBODY = Standing()
MEMBER = Standing(member=True, purchases=3, available={"PTS": 1000, "MILES": 500, "BACK": 2000})


def line(number: int, price: int, quantity: int = 1, **fields: Any) -> Line:
    """`quantity` whole pieces at `price` each."""
    fields = {"sku": f"sku-{number}", "gross": price * quantity, "unit_price": price, **fields}
    return Line(number=number, quantity=quantity * 1000, **fields)


def basket(*lines: Line, **fields: Any) -> Basket:
    fields = {"currency": "EUR", "at": AT, "local": AT, "store": "riga-1", **fields}
    return Basket(lines=lines, **fields)


def promotion(group: str, *benefits: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": "A promotion", "group": group, "benefits": list(benefits), **fields}


def percent(percent: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "line_percent", "percent": percent, **fields}


def live_of(
    *documents: dict[str, Any], groups: tuple[GroupRule, ...] = DEFAULT_GROUPS, kinds: Kinds = KINDS
) -> Live:
    """The documents as live promotions with the ids 1, 2, 3 …"""
    revisions = [Revision(UUID(int=i), 1, parse(raw, kinds)) for i, raw in enumerate(documents, 1)]
    return Live.build(revisions, groups, kinds)


def price(
    live: Live, one: Basket, standing: Standing = MEMBER, rules: Rules = RULES
) -> tuple[Outcome, dict[int, Verdict]]:
    """The outcome, after seeing that the explanation reproduces it, and the verdicts by number of promotion."""
    outcome = engine.evaluate(live, one, standing, rules)
    explained, verdicts = engine.explain(live, one, standing, rules)
    assert explained == outcome
    assert len(verdicts) == len(live.promotions)
    return outcome, {verdict.promotion.int: verdict for verdict in verdicts}


def refusal_of(conditions: list[dict[str, Any]], one: Basket, standing: Standing = MEMBER) -> Refusal | None:
    """The refusal of 10 % off under these conditions; None when it applied."""
    live = live_of(promotion("items", percent("10"), conditions=conditions))
    _, verdicts = price(live, one, standing)
    return verdicts[1].refusal


def code_of(condition: dict[str, Any], one: Basket, standing: Standing = MEMBER) -> str | None:
    """The code of that refusal."""
    found = refusal_of([condition], one, standing)
    return found.code if found else None


def discounts(outcome: Outcome) -> list[int]:
    return [line.discount for line in outcome.lines]


def points(outcome: Outcome, currency: str = "PTS") -> int:
    return sum(earning.amount for earning in outcome.earned if earning.currency == currency)
