"""Every kind of condition: when it holds, its code and its distance when it does not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.promotions_kit import (
    ANYBODY,
    AT,
    MEMBER,
    RIGA,
    basket,
    line,
    live_of,
    percent,
    price,
    promotion,
    refusal_of,
)

from regulars.promotions.model import Basket, Standing
from regulars.promotions.reads import NOTHING, Needs
from regulars.units import Ratio


def code(conditions: list[dict[str, Any]], one: Basket, standing: Standing = MEMBER) -> str | None:
    found = refusal_of(conditions, one, standing)
    return found.code if found else None


COFFEE = {"categories": ["drinks/coffee"]}
SHOP = basket(
    line(1, 450, 2, sku="4750001", categories=("drinks/coffee",), tags=("fresh",), brand="Rio"),
    line(2, 100, 3, sku="4750002", categories=("bakery",)),
)
"""Two coffees for 9.00 and three buns for 3.00."""


@pytest.mark.fast
def test_a_basket_below_the_minimum_names_what_is_missing() -> None:
    found = refusal_of([{"kind": "basket_amount", "minimum": 1820}], SHOP)
    assert found is not None
    assert (found.code, found.missing, found.near) == (
        "basket_below_minimum", {"amount": 620, "currency": "EUR"}, True,
    )  # fmt: skip
    assert code([{"kind": "basket_amount", "minimum": 1200}], SHOP) is None


def test_the_amount_of_matching_lines_counts_alone() -> None:
    assert code([{"kind": "basket_amount", "minimum": 900, "goods": COFFEE}], SHOP) is None
    found = refusal_of([{"kind": "basket_amount", "minimum": 1000, "goods": COFFEE}], SHOP)
    assert found is not None
    assert found.missing == {"amount": 100, "currency": "EUR"}


def test_a_basket_above_the_maximum_is_refused_and_is_no_near_miss() -> None:
    found = refusal_of([{"kind": "basket_amount", "maximum": 1199}], SHOP)
    assert found is not None
    assert (found.code, found.near) == ("basket_above_maximum", False)


def test_an_amount_is_judged_before_or_after_earlier_groups() -> None:
    halves = promotion("items", percent("50"))
    for measure, expected in (("left", "refused"), ("original", "applied")):
        low = {"kind": "basket_amount", "minimum": 1200, "price": measure}
        off = promotion("basket", {"kind": "basket_amount_off", "amount": 100}, conditions=[low])
        _, verdicts = price(live_of(halves, off), SHOP)
        assert verdicts[2].status == expected


def test_quantity_counts_units_of_matching_lines() -> None:
    assert code([{"kind": "quantity", "minimum": "5"}], SHOP) is None
    found = refusal_of([{"kind": "quantity", "minimum": "3.5", "goods": COFFEE}], SHOP)
    assert found is not None
    assert (found.code, found.missing) == ("quantity_below_minimum", {"quantity": "1.5"})
    assert code([{"kind": "quantity", "maximum": "4"}], SHOP) == "quantity_above_maximum"


@pytest.mark.parametrize(
    ("goods", "there"),
    [
        ({"skus": ["4750001", "nowhere"]}, True),
        ({"skus": ["nowhere"]}, False),
        ({"categories": ["drinks"]}, True),
        ({"categories": ["drinks/tea"]}, False),
        ({"categories": ["drink"]}, False),
        ({"tags": ["fresh"]}, True),
        ({"brands": ["Rio"]}, True),
        ({"brands": ["rio"]}, False),
        ({"categories": ["drinks"], "except": {"brands": ["Rio"]}}, False),
    ],
)
def test_products_are_found_by_sku_category_tree_tag_and_brand(goods: dict[str, Any], there: bool) -> None:
    found = code([{"kind": "products", "goods": goods}], SHOP)
    assert found == (None if there else "products_missing")


def test_all_of_a_list_must_be_there_and_what_lacks_is_named() -> None:
    condition = {
        "kind": "products",
        "goods": {"skus": ["4750001", "cake"], "tags": ["fresh"]},
        "match": "all",
    }
    found = refusal_of([condition], SHOP)
    assert found is not None
    assert (found.facts["goods"], found.near) == ({"sku": ["cake"]}, True)


def test_a_store_is_named_itself_or_by_its_group() -> None:
    assert code([{"kind": "store", "stores": ["riga-1"]}], SHOP) is None
    assert code([{"kind": "store", "stores": ["riga-2"]}], SHOP) == "store_not_included"
    here = basket(*SHOP.lines, store="riga-9", store_groups=("riga",))
    assert code([{"kind": "store", "groups": ["riga"]}], here) is None


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-11-21T22:00", True),  # a Saturday
        ("2026-11-21T21:59", False),
        ("2026-11-22T01:59", True),  # the window that began on Saturday
        ("2026-11-22T02:00", False),
        ("2026-11-22T22:30", False),  # Sunday's own evening
        ("2026-11-21T00:30", False),  # the night that began on Friday
    ],
)
def test_hours_past_midnight_belong_to_the_day_they_begin(at: str, inside: bool) -> None:
    local = datetime.fromisoformat(at).replace(tzinfo=RIGA)
    one = basket(*SHOP.lines, at=local, local=local)
    condition = {"kind": "hours", "weekdays": [6], "from": "22:00", "until": "02:00"}
    assert code([condition], one) == (None if inside else "outside_hours")


def test_the_stores_wall_clock_counts_and_not_the_instant() -> None:
    assert AT.isoweekday() == 6
    assert code([{"kind": "hours", "weekdays": [6], "from": "10:00", "until": "10:04"}], SHOP) is None
    assert code([{"kind": "hours", "from": "10:04", "until": "24:00"}], SHOP) == "outside_hours"


def test_the_first_purchase_needs_a_member_who_bought_nothing() -> None:
    first = [{"kind": "first_purchase"}]
    assert code(first, SHOP, Standing(member=True)) is None
    assert code(first, SHOP, Standing(member=True, purchases=1)) == "not_first_purchase"
    assert code(first, SHOP, ANYBODY) == "member_required"


def test_what_the_live_promotions_must_know_is_told_to_the_flow() -> None:
    nested = {"kind": "or", "of": [{"kind": "first_purchase"}, {"kind": "member"}]}
    assert live_of(promotion("items", percent("10"), conditions=[nested])).needs == Needs(purchases=1)
    assert live_of(promotion("items", percent("10"))).needs == NOTHING


def test_a_member_is_required_and_showing_a_card_would_do() -> None:
    found = refusal_of([{"kind": "member"}], SHOP, ANYBODY)
    assert found is not None
    assert (found.code, found.near, found.gain) == ("member_required", True, 120)
    assert code([{"kind": "member"}], SHOP) is None


SHUT = {"kind": "store", "stores": ["elsewhere"]}
POOR = {"kind": "basket_amount", "minimum": 2000}
FINE = {"kind": "member"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"kind": "and", "of": [FINE, POOR]}, ("basket_below_minimum", True)),
        ({"kind": "and", "of": [POOR, SHUT]}, ("store_not_included", False)),
        ({"kind": "or", "of": [SHUT, POOR]}, ("basket_below_minimum", True)),
        ({"kind": "or", "of": [SHUT, FINE]}, None),
        ({"kind": "not", "of": [SHUT, POOR]}, None),
        ({"kind": "not", "of": [SHUT, FINE]}, ("excluded_by_condition", False)),
        ({"kind": "not", "of": [{"kind": "not", "of": [FINE]}]}, None),
    ],
)
def test_and_or_not(condition: dict[str, Any], expected: tuple[str, bool] | None) -> None:
    found = refusal_of([condition], SHOP)
    assert (found and (found.code, found.near)) == expected


def test_two_things_missing_are_no_near_miss() -> None:
    cake = {"kind": "products", "goods": {"skus": ["cake"]}}
    found = refusal_of([POOR, cake], SHOP)
    assert found is not None
    assert (found.code, found.near) == ("basket_below_minimum", False)


@pytest.mark.parametrize(
    ("window", "applied"),
    [
        ({"from": "2026-11-21T10:03:00"}, True),
        ({"from": "2026-11-21T10:04:00"}, False),
        ({"until": "2026-11-21T10:03:00"}, False),
        ({"until": "2026-11-21T10:04:00"}, True),
    ],
)
def test_the_window_of_a_promotion_is_half_open_in_store_time(window: dict[str, str], applied: bool) -> None:
    _, verdicts = price(live_of(promotion("items", percent("10"), **window)), SHOP)
    found = verdicts[1].refusal
    assert (found.code if found else None) == (None if applied else "outside_period")


def test_thresholds_and_amounts_are_converted_at_the_rate_of_the_purchase() -> None:
    dollars = basket(line(1, 1099), currency="USD", to_base=Ratio(10, 11))  # 10.99 USD = 9.99 EUR
    found = refusal_of([{"kind": "basket_amount", "minimum": 1000}], dollars)
    assert found is not None
    assert found.missing == {"amount": 1, "currency": "USD"}
    off = live_of(promotion("basket", {"kind": "basket_amount_off", "amount": 100}))
    outcome, _ = price(off, dollars)
    assert outcome.discount == 110
