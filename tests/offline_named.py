"""Cases by hand for every kind that a till calculates without the line: what it means at its edges, and how promotions
stand beside one another. Each list is a file of vectors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from regulars.promotions.model import DEFAULT_GROUPS, GroupRule, Rules
from tests.offline_kit import Case, basket, excluding, goods, percent, promotion

TENTH = percent("10")
COFFEE, BREAD, MILK = {"skus": ["coffee"]}, {"skus": ["bread"]}, {"skus": ["milk"]}
BREAKFAST = basket(
    goods("coffee", 699, "2", categories=["drinks/coffee"], brand="Rio", cost=400,
          attributes={"roast": "dark", "bio": True}),
    goods("bread", 189, "3", categories=["bread"], tags=["fresh"], tax_rate="0.12", regular_price=219),
    goods("milk", 119, categories=["dairy"], tags=["fresh", "own"], brand="Lido", tax_rate="0.12", minimum_price=110),
    goods("apples", 149, "0.325", categories=["fruit"], unit="kg", tax_rate="0.12"),
)  # fmt: skip
ALIKE = basket(goods("coffee", 100, "7"), goods("bread", 33, "2"), goods("milk", 101))
ODD = basket(goods("coffee", 0, "3", gross=1000), goods("bread", 0, "2", gross=333), goods("milk", 7))
"""Lines whose pieces do not cost the same to the cent."""
for one in ODD["lines"][:2]:
    del one["unit_price"]
BASKETS = {"breakfast": BREAKFAST, "alike": ALIKE, "odd": ODD}


def groups(items: Any = "best", whole: Any = "best", **fields: Any) -> tuple[GroupRule, ...]:
    """Two groups on pieces and two on the basket."""
    return (
        GroupRule("items", "item", items),
        GroupRule("more", "item", items, fields.get("more", ())),
        GroupRule("basket", "basket", whole, fields.get("basket", ())),
        GroupRule("last", "basket", whole, fields.get("last", ())),
    )


def conditions() -> Iterator[Case]:
    """A tenth off under each condition, where it just holds and where it just does not."""
    for what, condition, places in (
        ("amount", {"kind": "basket_amount"}, (2131, 2132, 2133)),
        ("amount of goods", {"kind": "basket_amount", "goods": {"tags": ["fresh"]}}, (685, 686, 687)),
    ):
        for side, amount in product(("minimum", "maximum"), places):
            yield _under(f"{what}: {side} {amount}", {**condition, side: amount})
    yield from _left_and_original()
    for side, quantity in product(("minimum", "maximum"), ("6.324", "6.325", "6.326")):
        yield _under(f"quantity: {side} {quantity}", {"kind": "quantity", side: quantity})
    for unit, minimum in product(("kg", "l"), ("0.325", "0.326")):
        yield _under(f"weight: {minimum} {unit}", {"kind": "quantity", "minimum": minimum, "unit": unit})
    for what, condition in _of_goods():
        yield _under(what, condition)
    for what, condition in _of_place():
        yield _under(what, condition)
    for what, condition in _composed():
        yield _under(what, condition)


def _under(what: str, *found: dict[str, Any], at: str | None = None) -> Case:
    bought = {**BREAKFAST, "payments": [{"method": "card"}, {"method": "gift"}], "channel": "shop"}
    if at is not None:
        bought["at"] = at
    return Case(what, [promotion("items", TENTH, conditions=list(found))], bought)


def _left_and_original() -> Iterator[Case]:
    """The basket is 21.32 and, after a half off the coffee, 14.33."""
    half = promotion("items", percent("50", goods=COFFEE))
    for price, minimum in product(("left", "original"), (1433, 1434, 2132, 2133)):
        condition = {"kind": "basket_amount", "minimum": minimum, "price": price}
        whole = promotion("basket", {"kind": "basket_percent", "percent": "5"}, conditions=[condition])
        yield Case(f"amount {price}: {minimum}", [half, whole], BREAKFAST)


def _of_goods() -> Iterator[tuple[str, dict[str, Any]]]:
    for lists in ({"skus": ["tea", "milk"]}, {"categories": ["drinks"]}, {"categories": ["/drinks/coffee/"]},
                  {"categories": ["drink"]}, {"tags": ["own"]}, {"brands": ["Rio", "None"]},
                  {"attributes": {"roast": ["dark"]}}, {"attributes": {"bio": ["true"]}},
                  {"attributes": {"bio": ["false"]}},
                  {"tags": ["fresh"], "reduced": "only"}, {"tags": ["own"], "reduced": "only"},
                  {"categories": ["bread"], "reduced": "not"},
                  {"tags": ["fresh"], "except": {"skus": ["bread", "milk"]}},
                  {"tags": ["fresh"], "except": {"brands": ["Lido"]}}):  # fmt: skip
        yield f"products: {lists}", {"kind": "products", "goods": lists}
    both = {"skus": ["coffee"], "categories": ["bread"], "tags": ["vegan"]}
    for count in (2, 3):
        yield f"products: {count} different", {"kind": "products", "goods": both, "count": count}
    yield "products: all", {"kind": "products", "goods": both, "match": "all"}
    found = {"skus": ["coffee", "milk"]}
    yield "products: all are there", {"kind": "products", "goods": found, "match": "all"}
    for first, second in (("2", "1"), ("2", "4"), ("3", "3"), ("2", "4.001")):
        parts = [{"goods": COFFEE, "quantity": first}, {"goods": {"tags": ["fresh"]}, "quantity": second}]
        yield f"bundle: {first} and {second}", {"kind": "bundle", "parts": parts}
    for quantity in ("3", "4"):
        parts = [{"goods": BREAD}, {"goods": {"tags": ["fresh"]}, "quantity": quantity}]
        yield f"bundle of the same lines: 1 and {quantity}", {"kind": "bundle", "parts": parts}
    for are in ("absent", "everything"):
        yield f"reduced goods: {are}", {"kind": "reduced_goods", "are": are}


def _of_place() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "store: this", {"kind": "store", "stores": ["riga-1", "riga-2"]}
    yield "store: another", {"kind": "store", "stores": ["riga-2"]}
    yield "store: of its group", {"kind": "store", "stores": ["riga-2"], "groups": ["centre"]}
    yield "partner: this", {"kind": "partner", "partners": ["bakery"]}
    yield "partner: another", {"kind": "partner", "partners": ["petrol"]}
    for kind, name, here in (
        ("till", "tills", "1"),
        ("channel", "channels", "shop"),
        ("payment_method", "methods", "gift"),
    ):
        yield f"{kind}: this", {"kind": kind, name: ["other", here]}
        yield f"{kind}: another", {"kind": kind, name: ["other"]}


def _composed() -> Iterator[tuple[str, dict[str, Any]]]:
    yes, no = {"kind": "till", "tills": ["1"]}, {"kind": "till", "tills": ["2"]}
    for kind, first, second in product(("and", "or", "not"), (yes, no), (yes, no)):
        name = f"{kind}: {first is yes} {second is yes}"
        yield name, {"kind": kind, "of": [first, second]}
    yield "not in a store", {"kind": "not", "of": [{"kind": "store", "stores": ["riga-1"]}]}
    deep = {"kind": "or", "of": [no, {"kind": "and", "of": [yes, {"kind": "not", "of": [no]}]}]}
    yield "three levels deep", deep


def moments() -> Iterator[Case]:
    """Windows, hours and recurrences on the store's wall clock, each side of their edges."""
    for at in ("2026-11-15T23:59:59.999999+02:00", "2026-11-16T00:00:00+02:00", "2026-11-22T23:59:59+02:00",
               "2026-11-23T00:00:00+02:00", "2026-11-16T00:00:00+05:00"):  # fmt: skip
        fields = {"from": "2026-11-16T00:00:00", "until": "2026-11-23T00:00:00"}
        yield Case(f"from and until: {at}", [promotion("items", TENTH, **fields)], {**BREAKFAST, "at": at})
        yield _under(
            f"dates: {at}",
            {"kind": "dates", "windows": [fields, {**fields, "until": "2026-11-17T00:00:00"}]},
            at=at,
        )
    day = {"kind": "hours", "weekdays": [5], "from": "08:00", "until": "18:30"}
    night = {"kind": "hours", "weekdays": [5], "from": "22:00", "until": "02:00"}
    for clock in ("07:59:59", "08:00:00", "18:29:59", "18:30:00"):
        yield _under(f"hours: Friday {clock}", day, at=f"2026-11-20T{clock}+02:00")
    for at in (
        "2026-11-20T21:59",
        "2026-11-20T22:00",
        "2026-11-21T01:59",
        "2026-11-21T02:00",
        "2026-11-20T01:00",
    ):
        yield _under(f"hours past midnight: {at}", night, at=f"{at}:00+02:00")
    yield _under("hours: every day", {"kind": "hours"}, at="2026-11-22T23:59:59+02:00")
    for condition, at in product(
        ({"days": [31]}, {"days": [28, 29]}, {"first": 3}, {"last": 1}, {"last": 28}, {"nth": [1], "weekdays": [1]},
         {"nth": [-1], "weekdays": [6, 7]}, {"nth": [5], "weekdays": [6]}),
        ("2026-02-28", "2028-02-29", "2026-03-02", "2026-10-31"),
    ):  # fmt: skip
        yield _under(
            f"monthly: {condition} on {at}", {"kind": "monthly", **condition}, at=f"{at}T12:00:00+02:00"
        )
    late = {"kind": "monthly", "last": 1, "from": "23:00", "until": "01:00"}
    for at in ("2026-11-30T23:30", "2026-12-01T00:30", "2026-12-01T01:30"):
        yield _under(f"monthly past midnight: {at}", late, at=f"{at}:00+02:00")
    for weeks, at in product(
        (1, 2, 3), ("2026-11-19", "2026-11-20", "2026-11-27", "2026-12-04", "2027-01-01")
    ):
        condition = {"kind": "every_weeks", "weeks": weeks, "start": "2026-11-20"}
        yield _under(f"every {weeks} weeks: {at}", condition, at=f"{at}T12:00:00+02:00")
    other = {"kind": "every_weeks", "weeks": 2, "start": "2026-11-20", "weekdays": [1, 7]}
    for at in ("2026-11-22", "2026-11-23", "2026-11-30", "2026-12-06"):
        yield _under(f"every two weeks on other days: {at}", other, at=f"{at}T12:00:00+02:00")


def benefits() -> Iterator[Case]:
    """Each benefit alone, on goods that cost the same to the cent, that do not, and that are weighed."""
    for (name, bought), (what, benefit) in product(BASKETS.items(), (*_of_lines(), *_of_groups())):
        yield Case(f"{what}: {name}", [promotion("items", benefit)], bought)
    for (name, bought), (what, benefit) in product(BASKETS.items(), _of_basket()):
        yield Case(f"{what}: {name}", [promotion("basket", benefit)], bought)


def _of_lines() -> Iterator[tuple[str, dict[str, Any]]]:
    for text in ("10", "33.3333", "100", "0.0001"):
        yield f"line_percent {text}", percent(text)
    for shape in ({"cap": 100}, {"cap_per_line": 31}, {"round_to": 5}, {"round_to": 50, "rounding": "down"},
                  {"cap": 90, "cap_per_line": 40, "round_to": 10}, {"round_to": 100_000}):  # fmt: skip
        yield f"line_percent {shape}", percent("15", **shape)
    yield "line_amount", {"kind": "line_amount", "amount": 40}
    yield "line_amount once", {"kind": "line_amount", "amount": 500, "each": "purchase"}
    yield "line_amount above all", {"kind": "line_amount", "amount": 10**12, "each": "purchase"}
    yield "line_amount capped", {"kind": "line_amount", "amount": 40, "cap": 111, "cap_per_line": 50}
    yield "line_price", {"kind": "line_price", "price": 99}
    yield "line_price 0", {"kind": "line_price", "price": 0, "goods": {"skus": ["milk", "apples"]}}


def _of_groups() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "3 for 2", {"kind": "n_for_m", "pieces": 3, "pay": 2}
    yield "4 for 1, once", {"kind": "n_for_m", "pieces": 4, "pay": 1, "limit": 1}
    for which in ("cheapest", "dearest"):
        yield f"every third, {which}", {"kind": "every_nth", "every": 3, "which": which}
        yield (
            f"two of five, {which}",
            {"kind": "every_nth", "every": 5, "count": 2, "percent": "33.3", "which": which},
        )
        yield f"every second once, {which}", {"kind": "every_nth", "every": 2, "which": which, "limit": 1}
    steps = [{"from": "2", "percent": "5"}, {"from": "3", "percent": "12.5"}, {"from": "7", "percent": "20"}]
    yield "ladder by quantity", {"kind": "ladder", "steps": steps}
    yield (
        "ladder by amount off",
        {"kind": "ladder", "steps": [{"from": "0", "amount": 5}, {"from": "6", "amount": 9}]},
    )
    yield "ladder of prices", {"kind": "ladder", "steps": [{"from": "3", "price": 95}], "goods": COFFEE}
    by_money = [{"from": 500, "percent": "3"}, {"from": 2000, "percent": "7"}]
    yield "ladder by money", {"kind": "ladder", "by": "amount", "steps": by_money}
    yield "buy two get one", {"kind": "buy_get", "buy": 2, "triggers": COFFEE, "goods": BREAD}
    yield "buy get of the same", {"kind": "buy_get", "percent": "50"}
    both = {"skus": ["coffee", "milk"]}
    yield (
        "buy get that overlap",
        {"kind": "buy_get", "triggers": both, "goods": {"skus": ["milk", "bread"]}, "get": 2, "limit": 1},
    )
    pair = [{"goods": COFFEE}, {"goods": BREAD, "count": 2}]
    yield "bundle for a price", {"kind": "bundle_price", "components": pair, "price": 150}
    yield "bundle at a percentage", {"kind": "bundle_price", "components": pair, "percent": "20"}
    yield "bundle once", {"kind": "bundle_price", "components": pair, "price": 100, "limit": 1}
    same = [{"goods": both}, {"goods": {"skus": ["milk", "bread"]}}]
    yield "bundle of what two parts mean", {"kind": "bundle_price", "components": same, "price": 99}
    yield "bundle dearer than its parts", {"kind": "bundle_price", "components": pair, "price": 99_999}


def _of_basket() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "basket_percent", {"kind": "basket_percent", "percent": "7.5"}
    yield "basket_percent capped", {"kind": "basket_percent", "percent": "50", "cap": 123}
    yield (
        "basket_percent of goods",
        {"kind": "basket_percent", "percent": "33.3333", "goods": {"skus": ["bread", "milk"]}},
    )
    yield "basket_amount_off", {"kind": "basket_amount_off", "amount": 333}
    yield "basket_amount_off of all", {"kind": "basket_amount_off", "amount": 10**9}
    yield "basket_price", {"kind": "basket_price", "price": 500}
    yield "basket_price above", {"kind": "basket_price", "price": 50_000}
    yield "message", {"kind": "message", "text": {"en": "Hello.", "lv": "Labdien."}, "to": "cashier"}
    yield "message for goods", {"kind": "message", "text": {"en": "Warm it."}, "goods": {"skus": ["bread"]}}


def together() -> Iterator[Case]:
    """Promotions of one group, of several, and beside joint ones."""
    rules = ("all", "first", "best", "worst")
    rivals = {
        "percentages": [TENTH, percent("12", goods=COFFEE), percent("12", goods=COFFEE)],
        "an amount once": [TENTH, {"kind": "line_amount", "amount": 250, "each": "purchase"}],
        "a cap": [percent("50", cap=120), percent("20"), percent("12.5", goods=BREAD)],
        "three for two": [{"kind": "n_for_m", "pieces": 3, "pay": 2}, percent("25", goods=COFFEE)],
        "a ladder": [{"kind": "ladder", "steps": [{"from": "5", "percent": "15"}]}, TENTH,
                     percent("14.9", goods=COFFEE)],
        "bundles": [
            {"kind": "bundle_price", "components": [{"goods": COFFEE}, {"goods": BREAD}], "price": 90}, TENTH,
            {"kind": "buy_get", "triggers": COFFEE, "goods": MILK, "percent": "80"},
        ],
    }  # fmt: skip
    for rule, (what, benefits_of), (name, bought) in product(rules, rivals.items(), BASKETS.items()):
        documents = [promotion("items", one, name=f"No. {n}") for n, one in enumerate(benefits_of, 1)]
        yield Case(f"{rule} of {what}: {name}", documents, bought, groups(rule))
    for rule in rules:
        documents = [promotion("items", *benefits_of) for benefits_of in rivals.values()]
        yield Case(f"{rule} of all these", documents, BREAKFAST, groups(rule))
        yield from _of_baskets(rule)
    yield from _in_order()


def _of_baskets(rule: str) -> Iterator[Case]:
    whole = [
        promotion("basket", {"kind": "basket_percent", "percent": "5"}, name="Five"),
        promotion("basket", {"kind": "basket_amount_off", "amount": 100}, name="One euro", priority=50),
        promotion(
            "basket",
            {"kind": "message", "text": {"en": "Hello."}},
            {"kind": "basket_amount_off", "amount": 1},
        ),
        promotion("basket", {"kind": "message", "text": {"en": "Nothing else."}}),
    ]
    yield Case(f"{rule} of baskets", whole, BREAKFAST, groups("best", rule))
    joint = [
        *whole,
        promotion("basket", {"kind": "basket_percent", "percent": "100"}, joint=True, message={"en": "All."}),
    ]
    yield Case(f"{rule} of baskets beside a joint one", joint, ALIKE, groups("best", rule))


def _in_order() -> Iterator[Case]:
    """What earlier groups leave to later ones."""
    first = promotion("items", percent("20", goods=COFFEE), name="First")
    second = promotion("more", percent("50"), name="Second")
    third = promotion("basket", {"kind": "basket_percent", "percent": "10"}, name="Third")
    last = promotion("last", {"kind": "basket_amount_off", "amount": 77}, name="Last")
    everything = [last, third, second, first]
    for what, fields in (
        ("one after the other", {}),
        ("lines that were touched", {"more": ("items",)}),
        ("purchases that were touched", {"basket": ("items",), "last": ("basket",)}),
        ("all of it", {"more": ("items",), "basket": ("more",), "last": ("items", "basket")}),
    ):
        yield Case(f"groups: {what}", everything, BREAKFAST, groups(**fields))
        joint = [*everything[:3], {**first, "joint": True}]
        yield Case(f"groups beside a joint one: {what}", joint, BREAKFAST, groups(**fields))
    clear = [percent("50", goods=COFFEE), percent("10", goods=COFFEE)]
    documents = [*[promotion("items", one) for one in clear], promotion("items", percent("60"), joint=True)]
    yield Case("a joint one beside a clear winner", documents, ALIKE)
    equal = [promotion("items", TENTH, name=f"{place}", priority=place) for place in (3, 1, 2)]
    yield Case("equals: the smallest priority", equal, BREAKFAST)


def settings() -> Iterator[Case]:
    """What a program sets, for promotions that meet its edges."""
    documents = [
        promotion("items", percent("60", goods={"skus": ["coffee", "bread"]})),
        promotion("items", {"kind": "n_for_m", "pieces": 2, "pay": 1}),
        promotion("basket", {"kind": "basket_percent", "percent": "30"}),
    ]
    for floor, on, tax in product(
        ("zero", "cost", "minimum"), ("price_left", "original_price"), (True, False)
    ):
        rules = Rules("EUR", {}, line_floor=floor, discount_on=on, prices_include_tax=tax)
        yield Case(f"floor {floor}, {on}, tax {tax}", documents, BREAKFAST, DEFAULT_GROUPS, rules)
    for what, excluded in (("goods", excluding(skus=("coffee",))), ("tags", excluding(tags=("fresh",)))):
        yield Case(
            f"excluded {what}", documents, BREAKFAST, DEFAULT_GROUPS, Rules("EUR", {}, excluded=excluded)
        )
    marked = {**BREAKFAST, "lines": [{**line, "discount": 11} for line in BREAKFAST["lines"]]}
    yield Case("the till's own mark-downs", documents, marked)
    yield Case("nothing in the basket", documents, basket())
    yield Case("goods for nothing", documents, basket(goods("coffee", 0, "3"), goods("bread", 1)))
    yield Case("no promotion", [], BREAKFAST)
    yield Case(
        "the dearest basket",
        documents,
        basket(goods("coffee", 333_333_333, "2"), goods("bread", 111_111_111, "3")),
    )
    many = basket(*[goods(f"sku-{n}", 100 + n, str(n % 7 + 1), categories=["food"]) for n in range(60)])
    yield Case(
        "sixty lines", [*documents, promotion("items", percent("5", goods={"categories": ["food"]}))], many
    )
    yield from _hard()
    personal = promotion("items", percent("90"), conditions=[{"kind": "member"}])
    yield Case("members' prices are not carried", [personal, documents[0]], BREAKFAST)


def _hard() -> Iterator[Case]:
    """What is seldom: searches that end at their bound, a unit of rounding without room, goods that are not there."""
    bought = basket(*[goods(f"sku-{n}", 97 + 131 * n % 509, str(2 + n % 4)) for n in range(10)])
    caps = (("20", 900), ("21.5", 700), ("19", 800), ("23", 650), ("22.3", 500), ("20.9", 410))
    documents = [promotion("items", percent(rate, cap=cap)) for rate, cap in caps]
    documents.append(promotion("items", {"kind": "line_amount", "amount": 300, "each": "purchase"}))
    yield Case("more caps than can be searched", documents, bought)
    grouped = [
        {"kind": "n_for_m", "pieces": 3, "pay": 2},
        {"kind": "ladder", "steps": [{"from": "4", "percent": "22"}]},
    ]
    more = [*documents[:4], *[promotion("items", benefit) for benefit in grouped]]
    yield Case("more pieces than can be searched", more, bought)
    each = promotion("items", {"kind": "every_nth", "every": 1, "percent": "5"})
    no_room = basket(goods("coffee", 4000, cost=3900), goods("bread", 5), goods("milk", 5))
    yield Case(
        "a cent that has no room", [each], no_room, DEFAULT_GROUPS, Rules("EUR", {}, line_floor="cost")
    )
    yield from _rounded_up()
    tea = promotion("items", {"kind": "buy_get", "goods": {"skus": ["tea"]}})
    once = promotion("items", {"kind": "line_amount", "amount": 50, "each": "purchase"})
    pieces = basket(goods("coffee", 8, "2"), goods("bread", 99, "5", discount=9))
    yield Case("goods that are not there cut nothing", [tea, once], pieces, groups("all"))
    drinks = promotion("items", TENTH, conditions=[{"kind": "monthly", "nth": [-1], "weekdays": [7]}])
    for at in ("2026-02-15", "2026-02-22", "2026-03-22", "2026-03-29"):
        yield Case(f"the last Sunday: {at}", [drinks], {**BREAKFAST, "at": f"{at}T12:00:00+02:00"})


def _rounded_up() -> Iterator[Case]:
    """A cent that small lines round up, which no other line may give for them."""
    small = basket(goods("coffee", 2000, cost=1900), goods("bread", 3), goods("milk", 3))
    floor = Rules("EUR", {}, line_floor="cost")
    yield Case("a cent above the floor", [promotion("items", TENTH)], small, DEFAULT_GROUPS, floor)
    whole = {"kind": "basket_percent", "percent": "10"}
    yield Case(
        "a cent above the floor of the whole", [promotion("basket", whole)], small, DEFAULT_GROUPS, floor
    )
    capped = promotion("items", percent("10", cap_per_line=100))
    beyond = basket(goods("coffee", 2000), goods("bread", 3), goods("milk", 3))
    yield Case("a cent above the cap of a line", [capped], beyond)
    most = [promotion("items", percent("90", goods=COFFEE)), promotion("basket", whole)]
    yield Case(
        "a cent below nothing",
        most,
        basket(goods("coffee", 1000), goods("bread", 3), goods("milk", 3)),
        DEFAULT_GROUPS,
        Rules("EUR", {}, discount_on="original_price"),
    )


FILES = {
    "conditions": conditions,
    "moments": moments,
    "benefits": benefits,
    "together": together,
    "settings": settings,
}
