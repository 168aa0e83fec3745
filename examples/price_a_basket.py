"""Price a basket with the library alone: no database, no server.

PYTHONPATH=src python examples/price_a_basket.py
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.promotions import engine
from regulars.promotions.document import parse
from regulars.promotions.index import Live
from regulars.promotions.model import (
    DEFAULT_GROUPS,
    Basket,
    Currency,
    Line,
    Revision,
    Rules,
    Spend,
    Standing,
)
from regulars.promotions.wording import English, benefits_text, refusal_text

BOOKS = {"categories": ["books"], "label": {"en": "books"}}
DOCUMENTS = (
    {
        "name": "Members' three per cent",
        "group": "items",
        "conditions": [{"kind": "member"}],
        "benefits": [{"kind": "line_percent", "percent": "3"}],
    },
    {
        "name": "Coffee week",
        "group": "items",
        "benefits": [{"kind": "line_percent", "percent": "15", "goods": {"categories": ["drinks/coffee"]}}],
    },
    {
        "name": "Readers' reward",
        "group": "basket",
        "conditions": [{"kind": "basket_amount", "minimum": 1500, "goods": BOOKS}],
        "benefits": [{"kind": "basket_amount_off", "amount": 200, "goods": BOOKS}],
    },
    {
        "name": "A point for each euro",
        "group": "points",
        "benefits": [{"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100}],
    },
    {
        "name": "Double points on Saturdays",
        "group": "points",
        "conditions": [{"kind": "hours", "weekdays": [6]}],
        "benefits": [{"kind": "points_multiplier", "currency": "PTS", "factor": "2"}],
    },
)

live = Live.build(
    [Revision(UUID(int=number), 1, parse(document)) for number, document in enumerate(DOCUMENTS, 1)],
    DEFAULT_GROUPS,
)
rules = Rules("EUR", {"PTS": Currency("PTS")})
saturday = datetime.fromisoformat("2026-11-21T10:03:00+02:00")
basket = Basket(
    currency="EUR",
    lines=(
        Line(1, "coffee-beans", 2000, 1780, 890, categories=("drinks/coffee",), tax_rate=210_000),
        Line(2, "cheese", 325, 423, 1300, categories=("dairy",), tax_rate=210_000),
        Line(3, "novel", 1000, 880, 880, categories=("books",), tax_rate=50_000),
    ),
    at=saturday,
    local=saturday,
    store="riga-1",
    spend=(Spend("PTS", 300),),
)
member = Standing(member=True, purchases=12, available={"PTS": 640})

words = English()
outcome, verdicts = engine.explain(live, basket, member, rules)

print("line   gross  discount     net")
for line in outcome.lines:
    print(f"{line.number:>4}{line.gross:>8}{line.discount:>10}{line.net:>8}")
print(
    f"\ngross {words.money(outcome.gross, 'EUR')}, discount {words.money(outcome.discount, 'EUR')}, ", end=""
)
print(f"paid with points {words.money(outcome.paid_with_points, 'EUR')}, ", end="")
print(f"to pay {words.money(outcome.payable, 'EUR')}")
for tax in outcome.taxes:
    print(f"tax {tax.rate / 10_000:g} % of {words.money(tax.base, 'EUR')}: {words.money(tax.tax, 'EUR')}")
print(f"earned {words.points(sum(earning.amount for earning in outcome.earned), 'PTS')}")

print("\nwhy")
for verdict in verdicts:
    promotion = live.by_id[verdict.promotion]
    gives = benefits_text(promotion.benefits, words, "EUR")
    print(f"  {promotion.name('en')} ({gives}): {verdict.status}", end="")
    if verdict.refusal is None:
        got = (
            words.points(verdict.earned["PTS"], "PTS")
            if verdict.earned
            else words.money(verdict.discount, "EUR")
        )
        print(f", {got} on lines {', '.join(map(str, verdict.lines))}")
    else:
        print(f". {refusal_text(verdict.refusal, promotion.name('en'), promotion.benefits, words, 'EUR')}")
