"""A café's program by the library alone: a best group, a budget that runs out, points for goods, reasons in words.

PYTHONPATH=src python examples/a_cafe.py
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.promotions import engine, linter
from regulars.promotions.document import parse
from regulars.promotions.index import Live
from regulars.promotions.limits import Buyer, BuyerLeftovers, Uses, claims, given
from regulars.promotions.linter import Surroundings
from regulars.promotions.model import DEFAULT_GROUPS, Basket, Currency, Line, Revision, Rules, Standing
from regulars.promotions.wording import English, benefits_text, refusal_text

COFFEE = {"categories": ["drinks/coffee"], "label": {"en": "coffee"}}
CAKE = {"categories": ["bakery/cake"], "label": {"en": "cake"}}
DOCUMENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "Coffee and cake",
        "group": "items",
        "benefits": [
            {"kind": "bundle_price", "components": [{"goods": COFFEE}, {"goods": CAKE}], "price": 550}
        ],
    },
    {
        "name": "Three coffees for two",
        "group": "items",
        "benefits": [{"kind": "n_for_m", "pieces": 3, "pay": 2, "goods": COFFEE}],
    },
    {
        "name": "Opening week: a fifth off cake, 3.00 in all",
        "group": "items",
        "benefits": [{"kind": "line_percent", "percent": "20", "goods": CAKE}],
        "limits": [{"per": "total", "amount": 300}],
    },
    {
        "name": "A stamp for each coffee",
        "group": "points",
        "conditions": [{"kind": "member"}],
        "benefits": [{"kind": "points_per_unit", "currency": "STAMPS", "goods": COFFEE}],
    },
    {
        "name": "A coffee for nine stamps",
        "group": "items",
        "benefits": [
            {"kind": "points_price", "currency": "STAMPS", "points": 9, "price": 0, "goods": COFFEE}
        ],
    },
)
FREE_COFFEE = UUID(int=5)

words = English()
rules = Rules("EUR", {"STAMPS": Currency("STAMPS")})
revisions = [Revision(UUID(int=number), 1, parse(document)) for number, document in enumerate(DOCUMENTS, 1)]
live = Live.build(revisions, DEFAULT_GROUPS)
morning = datetime.fromisoformat("2026-11-23T09:15:00+02:00")


def line(number: int, sku: str, category: str, price: int, pieces: int) -> Line:
    """Whole pieces of a product."""
    return Line(number, sku, pieces * 1000, price * pieces, price, categories=(category,))


def coffee(number: int, pieces: int) -> Line:
    return line(number, "coffee", "drinks/coffee", 300, pieces)


def cake(number: int, pieces: int) -> Line:
    return line(number, "cake", "bakery/cake", 400, pieces)


print("what each would be said to give")
for promotion in live.promotions:
    print(f"  {promotion.name('en')}: {benefits_text(promotion.benefits, words, 'EUR')}")

uses = Uses({})
people = (
    ("Anna buys four coffees and a cake", (coffee(1, 4), cake(2, 1)), Standing(member=True), ()),
    ("Bruno buys three cakes", (cake(1, 3),), Standing(), ()),
    ("Celma buys two cakes", (cake(1, 2),), Standing(), ()),
    (
        "Dainis spends his stamps",
        (coffee(1, 1),),
        Standing(member=True, available={"STAMPS": 11}),
        (FREE_COFFEE,),
    ),
)
for who, lines, standing, offers in people:
    basket = Basket("EUR", lines, morning, morning, store="cafe", offers=offers)
    buyer = Buyer(morning.date(), store=UUID(int=100), partner=UUID(int=101))
    left = BuyerLeftovers(uses, buyer, sum(one.gross for one in lines), reduce=True)
    outcome, verdicts = engine.explain(live, basket, standing, rules, left)
    uses.take(claims(given(outcome), live, buyer, None))
    print(f"\n{who}: {words.money(outcome.gross, 'EUR')}, to pay {words.money(outcome.payable, 'EUR')}")
    for verdict in verdicts:
        promotion = live.by_id[verdict.promotion]
        if verdict.refusal is not None:
            reason = refusal_text(verdict.refusal, promotion.name("en"), promotion.benefits, words, "EUR")
            print(f"  – {reason}")
            continue
        got = [words.money(verdict.discount, "EUR")] if verdict.discount else []
        got += [words.points(amount, currency) for currency, amount in verdict.earned.items()]
        print(f"  + {promotion.name('en')}: {', '.join(got)}")

print("\nwhat the linter says of a draft")
draft = parse(
    {
        "name": "Cake for nothing",
        "group": "items",
        "benefits": [{"kind": "line_percent", "percent": "100", "goods": CAKE}],
    }
)
around = Surroundings(live, rules, morning.replace(tzinfo=None))
for finding in linter.lint(draft, around, words):
    print(f"  {finding.severity}: {finding.sentence}")
