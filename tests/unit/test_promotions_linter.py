"""The linter: what it finds, in which words and how gravely, and that its baskets are priced by the engine."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs
from tests.promotions_kit import RULES, line, live_of, percent, promotion

from regulars.promotions import linter
from regulars.promotions.document import parse
from regulars.promotions.kinds import BENEFITS, CONDITIONS, KINDS, tag_of
from regulars.promotions.linter import Finding, Surroundings
from regulars.promotions.linting.branches import branches
from regulars.promotions.linting.finding import Place
from regulars.promotions.model import DEFAULT_GROUPS, Currency, GroupRule, Line
from regulars.promotions.wording import English

NOW = datetime(2026, 11, 21, 10, 3)
"""A Saturday."""
MONEY_BACK = {"EUR-BACK": Currency("EUR-BACK", scale=2)}
RULES_HERE = structs.replace(RULES, currencies={**RULES.currencies, **MONEY_BACK})
STAGES = {"item": "items", "basket": "basket", "earning": "points"}
COFFEE = {"skus": ["coffee"]}
POINT_A_EURO = promotion(
    "points", {"kind": "points_per_spend", "currency": "PTS"}, name="A point for each euro"
)


def around(
    *live: dict[str, Any], groups: tuple[GroupRule, ...] = DEFAULT_GROUPS, **fields: Any
) -> Surroundings:
    return Surroundings(live_of(*live, groups=groups), **{"rules": RULES_HERE, "now": NOW, **fields})


def ware(sku: str, price: int, cost: int | None = None, **fields: Any) -> Line:
    return line(1, price, sku=sku, cost=cost, **fields)


def lint(document: dict[str, Any], surroundings: Surroundings | None = None) -> list[Finding]:
    return linter.lint(parse(document), surroundings or around(), English())


def only(findings: list[Finding], code: str) -> Finding:
    """The one finding of this code."""
    (found,) = [finding for finding in findings if finding.code == code]
    return found


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.code) for finding in findings]


def conditioned(*conditions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return promotion("items", percent("10"), conditions=list(conditions), **fields)


# every kind ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CONDITIONS, ids=tag_of)
def test_a_basket_is_found_for_every_kind_of_condition(kind: type[Any]) -> None:
    assert lint(conditioned(kind.example), around(partners=frozenset({"petrol-co"}))) == []


@pytest.mark.parametrize("kind", CONDITIONS, ids=tag_of)
def test_a_basket_is_found_where_a_condition_must_not_hold(kind: type[Any]) -> None:
    document = conditioned({"kind": "not", "of": [kind.example]})
    assert lint(document, around(partners=frozenset({"petrol-co"}))) == []


@pytest.mark.parametrize("kind", BENEFITS, ids=tag_of)
def test_a_basket_is_found_for_every_kind_of_benefit(kind: type[Any]) -> None:
    found = lint(promotion(STAGES[kind.stage], kind.example), around(POINT_A_EURO))
    assert codes(found) == ([("note", "overlaps")] if tag_of(kind) == "points_per_spend" else [])


# nobody can win it -----------------------------------------------------------------------------------------

CONTRADICTIONS: list[tuple[list[dict[str, Any]], str]] = [
    ([{"kind": "basket_amount", "minimum": 3000}, {"kind": "basket_amount", "maximum": 2000}],
     "“from €30.00 of goods” and “up to €20.00 of goods” cannot hold together."),
    ([{"kind": "basket_amount", "minimum": 3000, "goods": COFFEE}, {"kind": "basket_amount", "maximum": 2000}],
     "“from €30.00 of coffee” and “up to €20.00 of goods” cannot hold together."),
    ([{"kind": "quantity", "minimum": "3"}, {"kind": "not", "of": [{"kind": "quantity", "minimum": "2"}]}],
     "“from 3 of goods” is asked for, and “from 2 of goods” is ruled out: nobody can meet both."),
    ([{"kind": "store", "stores": ["a", "b"]}, {"kind": "store", "stores": ["c"]}],
     "“in a or b” and “in c” cannot hold together."),
    ([{"kind": "first_purchase"}, {"kind": "last_purchase", "minimum": 90}],
     "“after a break of 90 days” and “on the first purchase” cannot hold together."),
    ([{"kind": "first_purchase"}, {"kind": "turnover", "minimum": 5000}],
     "“from €50.00 spent since you joined” and “on the first purchase” cannot hold together."),
    ([{"kind": "turnover", "minimum": 9000, "window": {"period": "days", "days": 30}},
      {"kind": "turnover", "maximum": 5000}],
     "“from €90.00 spent within 30 days” and “up to €50.00 spent since you joined” cannot hold together."),
    ([{"kind": "age", "minimum": 60}, {"kind": "age", "maximum": 30}],
     "“from 60 years of age” and “up to 30 years of age” cannot hold together."),
    ([{"kind": "tier", "ladder": "status", "tiers": ["gold"]},
      {"kind": "tier", "ladder": "status", "tiers": ["silver"]}],
     "“for gold customers” and “for silver customers” cannot hold together."),
    ([{"kind": "club", "clubs": ["wine"]}, {"kind": "not", "of": [{"kind": "member"}]}],
     "“for the club wine” is asked for, and “for members” is ruled out: nobody can meet both."),
    ([{"kind": "or", "of": [{"kind": "channel", "channels": ["web"]}, {"kind": "channel", "channels": ["app"]}]},
      {"kind": "channel", "channels": ["shop"]}],
     "“by web” and “by shop” cannot hold together."),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "sentence"), CONTRADICTIONS)
def test_conditions_that_leave_nothing_between_them_are_an_error(
    conditions: list[dict[str, Any]], sentence: str
) -> None:
    found = [finding for finding in lint(conditioned(*conditions)) if finding.severity == "error"]
    assert [(finding.code, finding.sentence) for finding in found] == [("contradiction", sentence)]


def test_one_way_out_of_an_alternative_is_enough() -> None:
    shop = {"kind": "channel", "channels": ["shop"]}
    either = {"kind": "or", "of": [{"kind": "channel", "channels": ["web"]}, {"kind": "member"}]}
    assert lint(conditioned(shop, either)) == []


def test_contradictions_of_the_document_itself_are_told_with_their_field() -> None:
    document = promotion("items", percent("10"), funder="acme", **{"from": "2026-12-02T00:00:00"},
                         until="2026-12-01T00:00:00")  # fmt: skip
    assert [(f.severity, f.pointer, f.sentence) for f in lint(document)] == [
        ("error", "/until",
         "It ends at 2026-12-01T00:00:00, which is not after its beginning at 2026-12-02T00:00:00."),
        ("error", "/funder", "There is no partner 'acme' to pay for it."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "window"),
    [
        ([{"kind": "hours", "weekdays": [1]}], ("2026-12-01T00:00:00", "2026-12-05T00:00:00")),
        ([{"kind": "hours", "from": "08:00", "until": "10:00"},
          {"kind": "hours", "from": "10:00", "until": "12:00"}], (None, None)),
        ([{"kind": "monthly", "days": [31]}, {"kind": "monthly", "first": 7}], (None, None)),
        ([{"kind": "dates", "windows": [{"from": "2027-01-01T00:00:00", "until": "2027-01-08T00:00:00"}]}],
         (None, "2026-12-31T00:00:00")),
        ([{"kind": "not", "of": [{"kind": "hours"}]}], (None, None)),
    ],
)  # fmt: skip
def test_a_moment_that_never_comes_is_an_error(
    conditions: list[dict[str, Any]], window: tuple[str | None, str | None]
) -> None:
    document = conditioned(*conditions, **{"from": window[0], "until": window[1]})
    found = only(lint(document), "no_such_time")
    assert found.severity == "error"
    assert found.sentence == "There is no moment at which its days and hours, and its window, all fit."


def test_a_moment_years_ahead_is_found() -> None:
    window = {"from": "2031-05-05T10:00:00", "until": "2031-05-06T00:00:00"}
    assert lint(conditioned({"kind": "dates", "windows": [window]}, {"kind": "hours", "weekdays": [1]})) == []


@pytest.mark.parametrize(
    ("until", "late_days", "severity"),
    [
        ("2026-11-20T00:00:00", 7, "note"),
        ("2026-11-01T00:00:00", 7, "warning"),
        ("2026-11-21T10:04:00", 0, None),
    ],
)
def test_a_window_that_is_over_is_told(until: str, late_days: int, severity: str | None) -> None:
    findings = lint(conditioned(until=until), around(late_days=late_days))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])


# rivals ----------------------------------------------------------------------------------------------------


def test_a_promotion_that_another_always_beats_is_shown_with_the_basket() -> None:
    large = promotion("items", percent("20", goods={"categories": ["drinks"]}), name="Large")
    small = promotion(
        "items", percent("5", goods={"categories": ["drinks/coffee"], "label": {"en": "coffee"}})
    )
    found = only(lint(small, around(large)), "shadowed")
    assert found.severity == "warning"
    assert found.sentence == (
        "“Large” wins wherever this could apply, so nobody would ever get it: 1 × coffee for €10.00."
    )
    assert found.example is not None
    assert (found.example.gross, found.example.discount) == (1000, 200)
    assert [(award.promotion, award.discount) for award in found.example.awards] == [("Large", 200)]


@pytest.mark.parametrize(
    ("rival", "mine"),
    [
        (percent("20", cap=100), percent("5")),
        (percent("20", goods=COFFEE), percent("5")),
        ({"kind": "line_amount", "amount": 100, "each": "purchase"}, percent("5")),
    ],
)
def test_a_rival_that_does_not_always_win_shadows_nobody(rival: dict[str, Any], mine: dict[str, Any]) -> None:
    assert codes(lint(promotion("items", mine), around(promotion("items", rival)))) in (
        [],
        [("note", "overlaps")],
    )


def test_a_rival_of_other_hours_shadows_nobody() -> None:
    saturday = promotion("items", percent("20"), conditions=[{"kind": "hours", "weekdays": [6]}])
    assert codes(lint(promotion("items", percent("5")), around(saturday))) == [("note", "overlaps")]


def test_a_promotion_that_beats_all_of_another_is_told_so() -> None:
    small = promotion("items", percent("5"), name="Small", conditions=[{"kind": "member"}])
    found = only(lint(promotion("items", percent("10")), around(small)), "shadows")
    assert (found.severity, found.sentence) == (
        "note", "It wins wherever “Small” could apply; nobody would get that one any more."
    )  # fmt: skip


def test_alike_promotions_in_a_group_where_all_apply_are_both_given() -> None:
    groups = (GroupRule("items", "item", "all"),)
    live = promotion("items", percent("10", goods=COFFEE), name="First", until="2026-12-24T00:00:00")
    found = only(
        lint(promotion("items", percent("20", goods=COFFEE)), around(live, groups=groups)), "overlaps"
    )
    assert found.sentence == "“First” is alike and runs at the same time: a customer gets both."
    assert found.example is not None
    assert found.example.discount == 300


def test_alike_promotions_of_different_times_are_not_told() -> None:
    before = promotion("items", percent("10"), until="2026-12-01T00:00:00")
    after = promotion("items", percent("20"), **{"from": "2026-12-01T00:00:00"})
    assert lint(after, around(before)) == []


# money -----------------------------------------------------------------------------------------------------


def test_a_price_below_a_known_cost_is_shown() -> None:
    wares = (ware("milk", 100, 95), ware("coffee", 1000, 400))
    found = only(
        lint(promotion("items", percent("10")), around(wares=wares, names={"milk": "Milk"})), "below_cost"
    )
    assert found.severity == "warning"
    assert found.sentence == "“Milk” would be sold for €0.90 and cost us €0.95."
    assert found.example is not None
    (shown,) = found.example.lines
    assert (shown.sku, shown.gross, shown.discount, shown.cost) == ("milk", 100, 10, 95)


def test_a_price_below_cost_together_with_another_promotion_names_it() -> None:
    other = promotion("basket", {"kind": "basket_percent", "percent": "30"}, name="Thirty off all")
    wares = (ware("coffee", 1000, 650),)
    assert lint(promotion("items", percent("20")), around(wares=wares)) == []
    found = only(lint(promotion("items", percent("20")), around(other, wares=wares)), "below_cost")
    assert found.sentence == (
        "Together with “Thirty off all”, “coffee” would be sold for €5.60 and cost us €6.50."
    )


def test_a_floor_at_cost_leaves_nothing_to_say() -> None:
    rules = structs.replace(RULES_HERE, line_floor="cost")
    wares = (ware("milk", 100, 95),)
    assert lint(promotion("items", percent("50")), around(wares=wares, rules=rules)) == []


@pytest.mark.parametrize(
    ("group", "benefit"),
    [
        ("items", percent("100")),
        ("items", {"kind": "line_price", "price": 0, "goods": COFFEE}),
        ("basket", {"kind": "basket_percent", "percent": "100"}),
        ("basket", {"kind": "basket_price", "price": 0}),
    ],
)
def test_goods_for_nothing_without_a_limit_are_a_warning(group: str, benefit: dict[str, Any]) -> None:
    found = only(lint(promotion(group, benefit)), "unbounded")
    assert found.severity == "warning"
    assert found.example is not None
    assert (found.example.gross, found.example.payable) == (100_000, 0)


@pytest.mark.parametrize(
    "document",
    [
        promotion("items", percent("99.99")),
        promotion("items", percent("100", cap=500)),
        promotion("items", percent("100"), limits=[{"per": "member", "period": "day", "uses": 1}]),
        promotion("items", {"kind": "n_for_m", "pieces": 3, "pay": 2}),
        promotion("items", {"kind": "buy_get", "triggers": {"skus": ["phone"]}, "goods": {"skus": ["case"]}}),
        promotion(
            "items", {"kind": "points_price", "currency": "PTS", "points": 250, "price": 0, "goods": COFFEE}
        ),
        promotion("basket", {"kind": "delivery", "price": 0}),
    ],
)
def test_an_ordinary_gift_is_no_warning(document: dict[str, Any]) -> None:
    assert lint(document) == []


def test_a_voucher_worth_more_than_the_purchase_is_a_warning_unless_it_comes_once() -> None:
    benefit = {"kind": "voucher", "voucher": "TEN", "cost": 1000}
    found = only(lint(promotion("basket", benefit)), "unbounded")
    assert found.sentence == (
        "What is handed out costs €10.00, and whoever buys 1 × goods for €10.00 pays €10.00, as often as she likes."
    )
    assert lint(promotion("basket", benefit, conditions=[{"kind": "first_purchase"}])) == []
    assert lint(promotion("basket", benefit, conditions=[{"kind": "basket_amount", "minimum": 5000}])) == []


def test_points_that_are_worth_all_that_is_paid_are_an_error() -> None:
    found = only(lint(promotion("points", {"kind": "cashback", "currency": "BACK", "percent": "100"})),
                 "earn_burn_loop")  # fmt: skip
    assert (found.severity, found.sentence) == (
        "error", "1 × goods for €10.00: the customer pays €10.00 and gets points worth €10.00."
    )  # fmt: skip


def test_points_of_all_live_promotions_are_counted_together() -> None:
    sixty = promotion("points", {"kind": "cashback", "currency": "BACK", "percent": "60"})
    forty = promotion("points", {"kind": "points_per_spend", "currency": "PTS", "points": 40, "per": 100})
    assert lint(forty) == []
    assert codes(lint(forty, around(sixty))) == [("error", "earn_burn_loop")]
    limited = {**forty, "limits": [{"per": "total", "points": 100_000}]}
    assert codes(lint(limited, around(sixty))) == [("warning", "earn_burn_loop")]


def test_many_points_for_one_purchase_are_a_warning_unless_they_come_once() -> None:
    benefit = {"kind": "points_fixed", "currency": "PTS", "points": 1500}
    assert codes(lint(promotion("points", benefit))) == [("warning", "earn_burn_loop")]
    assert lint(promotion("points", benefit, conditions=[{"kind": "first_purchase"}])) == []


def test_a_gift_card_that_points_buy_and_that_brings_points_is_a_warning() -> None:
    rules = structs.replace(RULES_HERE, earn_on_points_part=True)
    wares = (ware("card-50", 5000, tags=("gift-card",)),)
    found = only(lint(POINT_A_EURO, around(wares=wares, rules=rules)), "earn_burn_loop")
    assert (found.severity, found.sentence) == (
        "warning", "“card-50” can be bought with points, and that brings points again."
    )  # fmt: skip
    assert lint(POINT_A_EURO, around(wares=wares)) == []
    besides = promotion("points", {"kind": "points_per_spend", "currency": "PTS",
                                   "goods": {"except": {"tags": ["gift-card"]}}})  # fmt: skip
    assert lint(besides, around(wares=wares, rules=rules)) == []


def test_multipliers_without_a_cap_that_meet_are_a_warning() -> None:
    double = promotion(
        "points", {"kind": "points_multiplier", "currency": "PTS", "factor": "2"}, name="Double"
    )
    weekend = {**double, "name": "Weekend", "conditions": [{"kind": "hours", "weekdays": [6, 7]}]}
    found = only(lint(weekend, around(POINT_A_EURO, double)), "multipliers_stack")
    assert found.sentence == "Together with “Double” the points are 3 ×, and nothing caps them."
    monday = {**double, "conditions": [{"kind": "hours", "weekdays": [1]}]}
    assert codes(lint(weekend, around(POINT_A_EURO, monday))) == []
    capped = promotion("points", {"kind": "points_multiplier", "currency": "PTS", "factor": "2", "cap": 500})
    assert codes(lint(capped, around(POINT_A_EURO, double))) == [("note", "overlaps")]


def test_a_multiplier_with_nothing_to_multiply_is_a_warning() -> None:
    double = promotion("points", {"kind": "points_multiplier", "currency": "PTS", "factor": "2"})
    assert codes(lint(double)) == [("warning", "nothing_to_multiply")]


# what is named ---------------------------------------------------------------------------------------------

STORES = {"riga-1": Place("op", ("centre",)), "riga-2": Place("petrol-co", ())}


def test_stores_groups_and_partners_that_are_not_there_are_told() -> None:
    surroundings = around(stores=STORES, partners=frozenset({"op", "petrol-co"}))
    store = {"kind": "store", "stores": ["rga-1"], "groups": ["suburbs"]}
    partner = {"kind": "partner", "partners": ["acme"]}
    assert [(f.severity, f.sentence, f.pointer) for f in lint(conditioned(store, partner), surroundings)][
        :3
    ] == [
        ("warning", "The program has no store rga-1 yet.", "/conditions/0/stores"),
        ("warning", "No store belongs to the group suburbs.", "/conditions/0/groups"),
        ("warning", "The program has no partner acme.", "/conditions/1/partners"),
    ]


def test_a_store_that_may_still_come_is_a_note() -> None:
    store = {"kind": "store", "stores": ["riga-1", "riga-3"]}
    assert codes(lint(conditioned(store), around(stores=STORES))) == [("note", "unknown_store")]
    assert codes(lint(conditioned(store), around(stores=STORES, new_stores=False))) == [
        ("warning", "unknown_store")
    ]
    assert codes(lint(conditioned({"kind": "store", "stores": ["riga-3"]}), around(stores={}))) == [
        ("note", "unknown_store")
    ]


def test_a_store_of_another_partner_contradicts() -> None:
    surroundings = around(stores=STORES, partners=frozenset({"op", "petrol-co"}))
    document = conditioned(
        {"kind": "store", "stores": ["riga-1"]}, {"kind": "partner", "partners": ["petrol-co"]}
    )
    assert codes(lint(document, surroundings)) == [("error", "contradiction")]


def test_goods_that_no_product_has_are_told() -> None:
    known = around(goods_known=frozenset({"c:drinks", "c:drinks/coffee", "s:milk"}))
    nothing = lint(promotion("items", percent("5", goods={"categories": ["drink"]})), known)
    assert [(f.severity, f.sentence) for f in nothing] == [
        ("warning", "No product of the assortment has the category drink.")
    ]
    some = lint(promotion("items", percent("5", goods={"categories": ["drinks"], "tags": ["new"]})), known)
    assert [(f.severity, f.sentence) for f in some] == [
        ("note", "No product of the assortment has the tag new.")
    ]


def test_batches_of_codes_that_are_not_there_are_told() -> None:
    known = around(code_batches=frozenset({"SPRING"}))
    asked = lint(conditioned({"kind": "code", "batch": "SUMMER"}), known)
    assert codes(asked) == [("error", "unknown_code_batch")]
    issued = lint(promotion("basket", {"kind": "voucher", "voucher": "FIVE"}), known)
    assert issued[0].sentence == "There is no batch of codes 'FIVE' to issue vouchers from."
    assert lint(conditioned({"kind": "code", "batch": "SPRING"}), known) == []


def test_texts_that_lack_a_language_are_noted() -> None:
    goods = {"skus": ["coffee"], "label": {"en": "coffee"}}
    document = promotion(
        "items", percent("5", goods=goods), names={"en": "A", "lv": "B"}, message={"lv": "Paldies"}
    )
    found = lint(document, around(languages=("lv", "en", "ru")))
    assert [(f.severity, f.pointer, f.sentence) for f in found] == [
        ("note", "/names", "This is not said in Russian."),
        ("note", "/message", "This is not said in English and Russian."),
        ("note", "/benefits/0/goods/label", "This is not said in Latvian and Russian."),
    ]


# the machinery ---------------------------------------------------------------------------------------------


def test_findings_are_ordered_by_severity() -> None:
    document = promotion("items", percent("100"), names={"en": "A"})
    found = lint(document, around(languages=("en", "lv")))
    assert codes(found) == [("warning", "unbounded"), ("note", "text_missing")]


def test_alternatives_are_looked_at_up_to_a_bound() -> None:
    either = {"kind": "or", "of": [{"kind": "member"}, {"kind": "first_purchase"}, {"kind": "offer"}]}
    conditions = [KINDS.condition(raw, "") for raw in [either] * 6]
    assert len(branches(conditions)) == 64


def test_the_promotions_own_earlier_revision_is_no_rival() -> None:
    surroundings = around(promotion("items", percent("50")), promotion=UUID(int=1))
    assert lint(promotion("items", percent("10")), surroundings) == []


def test_the_same_document_gives_the_same_findings() -> None:
    surroundings = around(promotion("items", percent("20")), wares=(ware("milk", 100, 95),))
    document = promotion("items", percent("10"))
    assert lint(document, surroundings) == lint(document, surroundings)
