"""Every ready promotion: it is a document, the linter has nothing against it, and it gives exactly what it says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import Struct, structs
from tests.promotions_kit import AT, RULES, basket, line, live_of

from regulars.i18n import REGIONS
from regulars.programs.template import program_templates
from regulars.promotions import document, engine, linter
from regulars.promotions.document import check, parse
from regulars.promotions.linter import Surroundings
from regulars.promotions.model import DEFAULT_GROUPS, Basket, Currency, Standing
from regulars.promotions.template import LABELS, Template, templates
from regulars.promotions.wording import English, benefits_text, conditions_text

RULES_HERE = structs.replace(
    RULES,
    currencies={
        **RULES.currencies,
        "STAMPS": Currency("STAMPS", spendable=False, stamps=True),
        "CREDIT": Currency("CREDIT", scale=2),
    },
)
BY_CODE = {template.code: template for template in templates()}
POINT_A_EURO = BY_CODE["points-for-spending"].document
ID = UUID(int=1)


def at(hour: int, day: int = 16) -> dict[str, datetime]:
    """That hour of a day in November 2026; the 16th is a Monday."""
    moment = AT.replace(day=day, hour=hour, minute=0)
    return {"at": moment, "local": moment}


COFFEE, CROISSANT = ("drinks/coffee",), ("bakery/croissants",)
ANYTHING = basket(line(1, 1000))
HUNDRED = basket(line(1, 10_000))


class Played(Struct):
    """A basket and a customer, and what comes of it."""

    code: str
    basket: Basket
    standing: dict[str, Any] = {}
    discount: int = 0
    earned: int = 0
    spent: int = 0
    grants: list[str] = []


PLAYED = [
    Played("volume-discount", basket(line(1, 450, 12, sku="ITEM-1")), discount=432),
    Played("volume-discount", basket(line(1, 450, 9, sku="ITEM-1"))),
    Played("partner-discount", basket(line(1, 1000), partner="PARTNER"), {"member": True}, discount=70),
    Played("partner-discount", basket(line(1, 1000), partner="other"), {"member": True}),
    Played("chosen-goods", basket(line(1, 1000, sku="ITEM-2"), line(2, 1000)), discount=150),
    Played("every-purchase", ANYTHING, {"member": True}, discount=30),
    Played("every-purchase", ANYTHING),
    Played("yearly-turnover", ANYTHING, {"member": True, "turnover": {"days_365": 100_000}}, discount=50),
    Played("yearly-turnover", ANYTHING, {"member": True, "turnover": {"days_365": 99_999}}),
    Played("discount-for-points", basket(line(1, 1000, 2, sku="ITEM-1"), offers=(ID,)),
           {"member": True, "available": {"PTS": 400}}, discount=400, spent=400),
    Played("discount-for-points", basket(line(1, 1000, sku="ITEM-1", regular_price=1200), offers=(ID,)),
           {"member": True, "available": {"PTS": 400}}),
    Played("discount-for-points", basket(line(1, 1000, sku="ITEM-1"), offers=(ID,)),
           {"member": True, "available": {"PTS": 399}}),
    Played("money-bonus", ANYTHING, {"member": True}, earned=200),
    Played("money-bonus", basket(line(1, 999)), {"member": True}),
    Played("gift-for-points", basket(line(1, 700, sku="ITEM-1"), offers=(ID,)),
           {"member": True, "available": {"PTS": 250}}, discount=700, spent=250),
    Played("voucher-with-purchase", HUNDRED, {"member": True}, grants=["voucher"]),
    Played("voucher-with-purchase", ANYTHING, {"member": True}),
    Played("points-for-spending", basket(line(1, 1099)), {"member": True}, earned=10),
    Played("three-for-two", basket(line(1, 500, 2, categories=("beauty/shampoo",)),
                                   line(2, 300, 1, categories=("beauty/shampoo",))), discount=300),
    Played("second-half-price", basket(line(1, 1000, categories=("books",)), line(2, 801, categories=("books",))),
           discount=401),
    Played("happy-hour", basket(line(1, 500, categories=("drinks",)), **at(15)), discount=100),
    Played("happy-hour", basket(line(1, 500, categories=("drinks",)), **at(17))),
    Played("evening-bakery", basket(line(1, 155, categories=CROISSANT), **at(19)), discount=47),
    Played("evening-bakery", basket(line(1, 155, categories=CROISSANT), **at(18))),
    Played("birthday", ANYTHING, {"member": True, "birthday": {"3/3": True}}, discount=100),
    Played("birthday", ANYTHING, {"member": True, "birthday": {"3/3": False}}),
    Played("first-purchase", ANYTHING, {"member": True}, earned=200),
    Played("first-purchase", ANYTHING, {"member": True, "purchases": 1}),
    Played("coffee-and-croissant", basket(line(1, 250, categories=COFFEE), line(2, 150, 2, categories=CROISSANT)),
           discount=75),
    Played("lunch-bundle", basket(line(1, 420, categories=("meals/sandwiches",)),
                                  line(2, 180, categories=("drinks/water",))), discount=100),
    Played("stamps", basket(line(1, 250, 3, categories=COFFEE)), {"member": True}, earned=3),
    Played("coffee-for-stamps", basket(line(1, 250, 2, categories=COFFEE), offers=(ID,)),
           {"member": True, "available": {"STAMPS": 9}}, discount=250, spent=9),
    Played("tenth-purchase", ANYTHING, {"member": True, "purchases": 9}, discount=200),
    Played("tenth-purchase", ANYTHING, {"member": True, "purchases": 8}),
    Played("minimum-basket", basket(line(1, 5000)), discount=500),
    Played("minimum-basket", basket(line(1, 4999))),
    Played("accumulated-discount", basket(line(1, 4000)), {"member": True, "turnover": {"lifetime": 48_000}},
           discount=200),
    Played("accumulated-discount", basket(line(1, 4000)), {"member": True, "turnover": {"lifetime": 51_800}},
           discount=280),
    Played("new-member-week", ANYTHING, {"member": True, "enrolled": AT.date() - timedelta(7)}, discount=100),
    Played("new-member-week", ANYTHING, {"member": True, "enrolled": AT.date() - timedelta(8)}),
    Played("win-back", HUNDRED, {"member": True, "days_since": 60}, discount=1500),
    Played("win-back", HUNDRED, {"member": True, "days_since": 59}),
    Played("free-delivery", basket(line(1, 4000), delivery=399), discount=399),
    Played("free-delivery", basket(line(1, 3999), delivery=399)),
    Played("code", basket(line(1, 1000), codes=("welcome10",)), discount=100),
    Played("code", ANYTHING),
    Played("gift-with-purchase", HUNDRED, grants=["gift"]),
    Played("gift-with-purchase", ANYTHING),
    Played("seniors-day", basket(line(1, 1000), **at(12, 18)), {"member": True, "of_age": {"65": True}}, discount=50),
    Played("seniors-day", basket(line(1, 1000), **at(12, 19)), {"member": True, "of_age": {"65": True}}),
]  # fmt: skip


@pytest.mark.scenario("S2")
@pytest.mark.parametrize("played", PLAYED, ids=lambda played: played.code)
def test_a_template_gives_exactly(played: Played) -> None:
    live = live_of(BY_CODE[played.code].document)
    outcome = engine.evaluate(live, played.basket, Standing(**played.standing), RULES_HERE)
    assert outcome.discount == played.discount
    assert sum(earning.amount for earning in outcome.earned) == played.earned
    assert sum(spent.amount for spent in outcome.spent) == played.spent
    assert [grant.kind for grant in outcome.grants] == played.grants


def test_double_points_double_the_points_of_the_weekend() -> None:
    live = live_of(POINT_A_EURO, BY_CODE["weekend-double-points"].document)
    saturday, monday = basket(line(1, 1000)), basket(line(1, 1000), **at(10))
    earned = [
        sum(e.amount for e in engine.evaluate(live, one, Standing(member=True), RULES_HERE).earned)
        for one in (saturday, monday)
    ]
    assert earned == [20, 10]


def test_every_template_is_played() -> None:
    assert {played.code for played in PLAYED} | {"weekend-double-points"} == set(BY_CODE)
    assert [template.place for template in templates()] == list(range(1, len(templates()) + 1))


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.code)
def test_a_template_is_a_document_without_faults_in_all_languages(template: Template) -> None:
    parsed = parse(template.document)
    assert check(parsed, DEFAULT_GROUPS, RULES_HERE.currencies) == []
    assert set(parsed.names) == set(REGIONS)
    terms = document.build(parsed)
    assert benefits_text(terms.benefits, English(), "EUR")
    assert bool(conditions_text(terms.conditions, English(), "EUR")) == bool(terms.conditions)


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.code)
def test_the_linter_has_nothing_against_a_template(template: Template) -> None:
    around = Surroundings(
        live_of(POINT_A_EURO) if template.code == "weekend-double-points" else live_of(),
        RULES_HERE,
        AT.replace(tzinfo=None),
        languages=tuple(REGIONS),
        partners=frozenset({"PARTNER"}),
        code_batches=frozenset({"FIVE"}),
    )
    assert linter.lint(parse(template.document), around, English()) == []


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.code)
def test_the_parameters_of_a_template_lead_to_fields_and_have_names(template: Template) -> None:
    assert template.parameters
    for parameter in template.parameters:
        place: Any = template.document
        for step in parameter.pointer.split("/")[1:]:
            place = place[int(step) if isinstance(place, list) else step]
        assert parameter.label in LABELS


def test_no_label_is_unused() -> None:
    assert {p.label for template in templates() for p in template.parameters} == set(LABELS)


def test_the_points_of_a_template_become_the_programs_own() -> None:
    template = BY_CODE["weekend-double-points"]
    assert template.in_currency("MILES")["benefits"][0]["currency"] == "MILES"
    assert template.in_currency(None) == template.document
    assert BY_CODE["stamps"].in_currency("MILES")["benefits"][0]["currency"] == "STAMPS"


@pytest.mark.scenario("S2")
def test_goods_in_a_list_get_the_listed_discount_and_all_others_that_of_every_purchase() -> None:
    """S2 (d): beside 15 % on a list, 3 % on everything, in one `best` group."""
    live = live_of(BY_CODE["chosen-goods"].document, BY_CODE["every-purchase"].document)
    bought = basket(line(1, 1000, sku="ITEM-1"), line(2, 1000))
    outcome, verdicts = engine.explain(live, bought, Standing(member=True), RULES_HERE)
    assert [one.discount for one in outcome.lines] == [150, 30]
    assert [(v.promotion.int, v.status, v.lines) for v in verdicts] == [
        (1, "applied", (1,)),
        (2, "applied", (2,)),
    ]


def test_every_template_suits_trades_that_there_are_and_what_a_trade_begins_with_suits_it() -> None:
    trades = program_templates()
    for template in templates():
        assert template.trades, template.code
        assert set(template.trades) <= trades.keys(), template.code
    for code, program in trades.items():
        assert all(code in BY_CODE[promotion].trades for promotion in program.promotions), code
