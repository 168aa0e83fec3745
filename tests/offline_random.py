"""Random programs and baskets of the kinds that a till calculates without the line, the same for the same seed."""

from __future__ import annotations

from random import Random
from typing import Any

from msgspec import structs

from regulars.promotions.model import Excluded, GroupRule, Rules
from tests.offline_kit import Case, basket, excluding, goods, not_for_points, promotion

SKUS = ("a", "b", "c", "d")
CATEGORIES = ("food", "food/bread", "food/dairy", "drinks/coffee", "drinks")
TAGS = ("fresh", "own")
BRANDS = ("Rio", "Lido")
PERCENTS = ("3", "5", "10", "12.5", "33.3333", "50", "100")
TIMES = (
    "2026-11-21T10:03:00+02:00", "2026-11-20T23:59:59+02:00", "2026-11-23T00:00:00+02:00",
    "2026-02-28T12:30:00.5+02:00", "2028-02-29T06:00:00+02:00",
    "2026-03-29T03:30:00+03:00", "2026-12-31T01:15:00+02:00",
)  # fmt: skip
RULES = ("all", "first", "best", "worst")


def case(seed: int) -> Case:
    """A program of up to seven promotions in up to four groups, and a basket of up to six lines."""
    chance = Random(seed)
    groups = _groups(chance)
    documents = [_document(chance, groups) for _ in range(chance.randint(1, 7))]
    lines = [_line(chance) for _ in range(chance.randint(1, 6))]
    bought = basket(
        *lines,
        at=chance.choice(TIMES),
        till=chance.choice(("1", "self-2")),
        channel=chance.choice(("", "shop")),
        payments=chance.choice(([], [{"method": "card"}], [{"method": "cash"}, {"method": "card"}])),
    )
    return Case(f"random {seed}", documents, bought, groups, _rules(chance))


def _groups(chance: Random) -> tuple[GroupRule, ...]:
    items = GroupRule("items", "item", chance.choice(RULES))
    more = GroupRule("more", "item", chance.choice(RULES), ("items",) if chance.random() < 0.4 else ())
    whole = GroupRule("basket", "basket", chance.choice(RULES), ("items",) if chance.random() < 0.3 else ())
    last = GroupRule("last", "basket", chance.choice(RULES), ("basket",) if chance.random() < 0.4 else ())
    return items, more, whole, last


def _rules(chance: Random) -> Rules:
    excluded = excluding(skus=(chance.choice(SKUS),)) if chance.random() < 0.2 else Excluded()
    rules = Rules(
        "EUR",
        {},
        discount_on=chance.choice(("price_left", "price_left", "original_price")),
        prices_include_tax=chance.random() < 0.8,
        line_floor=chance.choice(("zero", "zero", "cost", "minimum")),
        excluded=excluded,
    )
    if chance.random() < 0.6:
        return rules
    return structs.replace(
        rules,
        excluded=structs.replace(excluded, spending=not_for_points(**_some(chance)).spending),
        points_share_max=chance.choice((0, 1, 333_333, 500_000, 1_000_000)),
        points_share_line_max=chance.choice((0, 7, 250_000, 999_999, 1_000_000)),
    )


def _some(chance: Random) -> dict[str, tuple[str, ...]]:
    lists = {"skus": SKUS, "categories": CATEGORIES, "tags": TAGS, "brands": BRANDS}
    name = chance.choice(tuple(lists))
    return {name: (chance.choice(lists[name]),)}


def _document(chance: Random, groups: tuple[GroupRule, ...]) -> dict[str, Any]:
    group = chance.choice(groups[:2] if chance.random() < 0.75 else groups[2:])
    make = _of_pieces if group.stage == "item" else _of_basket
    fields: dict[str, Any] = {"name": f"Promotion {chance.randint(1, 999)}"}
    if chance.random() < 0.15:
        fields["joint"] = True
    if chance.random() < 0.3:
        fields["priority"] = chance.randint(1, 3)
    if chance.random() < 0.2:
        fields["message"] = {"en": "Thank you."}
    if chance.random() < 0.35:
        fields["conditions"] = [_condition(chance) for _ in range(chance.randint(1, 2))]
    return promotion(group.name, *[make(chance) for _ in range(1 if chance.random() < 0.8 else 2)], **fields)


def _goods(chance: Random) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {}
    found: dict[str, Any] = {}
    lists = {"skus": SKUS, "categories": CATEGORIES, "tags": TAGS, "brands": BRANDS}
    name = chance.choice(("skus", "skus", "categories", "tags", "brands"))
    found[name] = sorted(chance.sample(lists[name], chance.randint(1, len(lists[name]) - 1)))
    if chance.random() < 0.2:
        found["except"] = {"skus": [chance.choice(SKUS)]}
    if chance.random() < 0.1:
        found["reduced"] = chance.choice(("only", "not"))
    return found


def _meant(chance: Random, name: str = "goods") -> dict[str, Any]:
    found = _goods(chance)
    return {name: found} if found else {}


def _line(chance: Random) -> dict[str, Any]:
    price = chance.choice((1, 7, 99, 100, 189, 333, 1000, chance.randint(1, 2500)))
    weighed = chance.random() < 0.2
    quantity = f"0.{chance.randint(1, 999):03d}" if weighed else str(chance.choice((1, 1, 2, 3, 4, 5)))
    more: dict[str, Any] = {}
    if chance.random() < 0.3:
        more["cost"] = price * chance.randint(0, 110) // 100
    if chance.random() < 0.2:
        more["minimum_price"] = price * chance.randint(0, 90) // 100
    if chance.random() < 0.2:
        more["regular_price"] = price + chance.randint(-20, 50) if price > 20 else price + 1
    if chance.random() < 0.1:
        more["discount"] = price // 10 if not weighed else 0
    return goods(
        chance.choice(SKUS), price, quantity, categories=[chance.choice(CATEGORIES)],
        tags=sorted(chance.sample(TAGS, chance.randint(0, 2))), brand=chance.choice(("", *BRANDS)),
        unit="kg" if weighed else "", tax_rate=chance.choice(("0.21", "0.12", "0", "0.055")), **more,
    )  # fmt: skip


def _shape(chance: Random) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    if chance.random() < 0.25:
        shape["cap"] = chance.choice((1, 50, 137, 1000))
    if chance.random() < 0.15:
        shape["cap_per_line"] = chance.choice((3, 40, 100))
    if chance.random() < 0.15:
        shape["round_to"] = chance.choice((5, 10, 99))
        shape["rounding"] = chance.choice(("half_up", "down"))
    return shape


def _limit(chance: Random) -> dict[str, Any]:
    return {"limit": chance.randint(1, 3)} if chance.random() < 0.3 else {}


def _of_pieces(chance: Random) -> dict[str, Any]:
    kind = chance.choice(
        ("line_percent", "line_percent", "line_amount", "line_price", "n_for_m", "every_nth", "ladder", "buy_get",
         "bundle_price")
    )  # fmt: skip
    found: dict[str, Any] = {"kind": kind, **_meant(chance)}
    if kind == "line_percent":
        return found | {"percent": chance.choice(PERCENTS)} | _shape(chance)
    if kind == "line_amount":
        if chance.random() < 0.4:
            return found | {"amount": chance.choice((1, 50, 333)), "each": "purchase"}
        return found | {"amount": chance.choice((1, 20, 150))} | _shape(chance)
    if kind == "line_price":
        return found | {"price": chance.choice((0, 79, 150, 900))} | _shape(chance)
    if kind == "n_for_m":
        pieces = chance.randint(2, 4)
        return found | {"pieces": pieces, "pay": chance.randint(1, pieces - 1)} | _limit(chance)
    return found | _of_groups(chance, kind)


def _of_groups(chance: Random, kind: str) -> dict[str, Any]:
    if kind == "every_nth":
        every = chance.randint(1, 4)
        fields = {"every": every, "count": chance.randint(1, every), "percent": chance.choice(PERCENTS)}
        return fields | {"which": chance.choice(("cheapest", "dearest"))} | _limit(chance)
    if kind == "ladder":
        if chance.random() < 0.5:
            steps = [
                {"from": str(n), "percent": p}
                for n, p in ((chance.randint(1, 2), "5"), (4, "12.5"), (7, "20"))
            ]
            return {"steps": steps[: chance.randint(1, 3)]}
        how = chance.choice(({"amount": 30}, {"price": 90}, {"percent": "7"}))
        return {"by": "amount", "steps": [{"from": chance.choice((0, 500, 1500)), **how}]}
    if kind == "buy_get":
        fields = {
            "buy": chance.randint(1, 3),
            "get": chance.randint(1, 2),
            "percent": chance.choice(PERCENTS),
        }
        return fields | _meant(chance, "triggers") | _limit(chance)
    parts = [{"goods": _goods(chance), "count": chance.randint(1, 2)} for _ in range(chance.randint(1, 3))]
    cost = chance.choice(({"price": chance.choice((0, 199, 700))}, {"percent": chance.choice(PERCENTS)}))
    return {"components": parts, **cost} | _limit(chance)


def _of_basket(chance: Random) -> dict[str, Any]:
    kind = chance.choice(("basket_percent", "basket_percent", "basket_amount_off", "basket_price", "message"))
    found: dict[str, Any] = {"kind": kind, **_meant(chance)}
    if kind == "basket_percent":
        cap = {"cap": chance.choice((10, 200))} if chance.random() < 0.3 else {}
        return found | {"percent": chance.choice(PERCENTS)} | cap
    if kind == "basket_amount_off":
        return found | {"amount": chance.choice((1, 99, 500))}
    if kind == "basket_price":
        return found | {"price": chance.choice((0, 500, 1999))}
    return found | {"text": {"en": "Hello."}, "to": chance.choice(("receipt", "cashier"))}


def _condition(chance: Random, depth: int = 0) -> dict[str, Any]:
    kinds = ["basket_amount", "quantity", "products", "bundle", "reduced_goods", "store", "till", "channel",
             "payment_method", "hours", "monthly", "every_weeks", "dates"]  # fmt: skip
    if depth < 2 and chance.random() < 0.25:
        kind = chance.choice(("and", "or", "not"))
        return {"kind": kind, "of": [_condition(chance, depth + 1) for _ in range(chance.randint(1, 2))]}
    kind = chance.choice(kinds)
    return {"kind": kind, **(_when(chance, kind) or _what(chance, kind))}


def _when(chance: Random, kind: str) -> dict[str, Any]:
    hours = chance.choice(({}, {"from": "08:00", "until": "13:00"}, {"from": "22:00", "until": "02:00"}))
    days = sorted(chance.sample(range(1, 8), chance.randint(1, 6)))
    if kind == "hours":
        return {"weekdays": days, **hours}
    if kind == "monthly":
        choices: list[dict[str, Any]] = [
            {"days": [21, 28]}, {"first": 5}, {"last": 3}, {"nth": [3, -1], "weekdays": days},
        ]  # fmt: skip
        return {**chance.choice(choices), **hours}
    if kind == "every_weeks":
        return {"weeks": chance.randint(1, 3), "start": chance.choice(("2026-01-07", "2026-11-20")), **hours}
    if kind == "dates":
        return {"windows": [{"from": "2026-11-01T00:00:00", "until": "2026-12-01T00:00:00"}]}
    return {}


def _what(chance: Random, kind: str) -> dict[str, Any]:
    named = {"skus": sorted(chance.sample(SKUS, 2))}
    if kind == "basket_amount":
        price = {"price": chance.choice(("left", "original"))}
        return {
            chance.choice(("minimum", "maximum")): chance.choice((100, 1000, 3000)),
            **_meant(chance),
            **price,
        }
    if kind == "quantity":
        unit = {"unit": "kg"} if chance.random() < 0.2 else {}
        return {
            chance.choice(("minimum", "maximum")): chance.choice(("0.5", "2", "5")),
            **_meant(chance),
            **unit,
        }
    if kind == "products":
        return {"goods": named, "match": "all"} if chance.random() < 0.3 else {"goods": named}
    if kind == "bundle":
        first, second = ({"goods": {"skus": [sku]}} for sku in chance.sample(SKUS, 2))
        return {"parts": [first, {**second, "quantity": "2"}, {"goods": named}]}
    if kind == "reduced_goods":
        return {"are": chance.choice(("absent", "everything"))}
    if kind == "store":
        return chance.choice(({"stores": ["riga-1"]}, {"groups": ["north"]}, {"groups": ["centre"]}))
    if kind == "till":
        return {"tills": ["self-2"]}
    return {"channels": ["shop"]} if kind == "channel" else {"methods": ["card", "voucher"]}
