"""Conditions on what is bought: weights, different goods, bundles, attributes, reduced goods, ways to pay."""

from __future__ import annotations

from typing import Any

import pytest
from tests.promotions_kit import (
    ANYBODY,
    MEMBER,
    basket,
    code_of,
    line,
    live_of,
    percent,
    price,
    promotion,
    refusal_of,
)

from regulars.errors import Unprocessable
from regulars.promotions.document import check, parse
from regulars.promotions.model import DEFAULT_GROUPS, Basket, Line
from regulars.promotions.wording import English, conditions_text, refusal_text

GROATS = Line(1, "groats", 1_250, 500, 400, unit="kg")
MILK = line(2, 120, 3, sku="milk", tags=("fresh",))
SHOP = basket(GROATS, MILK)
"""1.25 kg of groats and three cartons of milk."""


def said(condition: dict[str, Any], one: Basket = SHOP) -> str:
    """The sentence for 10 % off that this basket does not get."""
    found = refusal_of([condition], one)
    assert found is not None
    live = live_of(promotion("items", percent("10"), conditions=[condition]))
    return refusal_text(found, "A tenth", live.promotions[0].benefits, English(), "EUR")


def described(condition: dict[str, Any]) -> str:
    """The condition in plain words."""
    live = live_of(promotion("items", percent("10"), conditions=[condition]))
    return conditions_text(live.promotions[0].conditions, English(), "EUR")


@pytest.mark.fast
def test_a_weight_counts_only_what_is_sold_by_it() -> None:
    pound = {"kind": "quantity", "minimum": "2", "unit": "kg"}
    found = refusal_of([pound], SHOP)
    assert found is not None
    assert (found.code, found.missing, found.near) == ("quantity_below_minimum", {"quantity": "0.75"}, True)
    assert said(pound) == "Add another 0.75\u00a0kg of goods to get 10 % off"
    assert code_of({**pound, "minimum": "1.25"}, SHOP) is None
    assert code_of({"kind": "quantity", "maximum": "1.2", "unit": "kg"}, SHOP) == "quantity_above_maximum"
    assert described(pound) == "from 2\u00a0kg of goods"


@pytest.mark.parametrize(("count", "missing"), [(2, None), (3, "1"), (4, "2")])
def test_so_many_different_goods_of_a_list_must_be_there(count: int, missing: str | None) -> None:
    goods = {"skus": ["groats", "milk", "tea", "cake"]}
    found = refusal_of([{"kind": "products", "goods": goods, "count": count}], SHOP)
    assert (found and (found.code, found.missing, found.near)) == (
        None if missing is None else ("products_missing", {"quantity": missing}, True)
    )


def test_of_several_different_goods_the_sentence_names_those_that_lack() -> None:
    condition = {"kind": "products", "goods": {"skus": ["milk", "tea", "cake"]}, "count": 2}
    assert said(condition) == "Add 1 more of tea or cake to get 10 % off"
    assert described(condition) == "with 2 different of milk, tea or cake"


COFFEE_AND_BUNS = {
    "kind": "bundle",
    "parts": [
        {"goods": {"categories": ["coffee"]}},
        {"goods": {"categories": ["bun"]}, "quantity": "2"},
    ],
}


@pytest.mark.parametrize(
    ("coffees", "buns", "lacking", "text"),
    [
        (1, 2, None, ""),
        (5, 2, None, ""),
        (1, 1, "1", "Add 1\u00a0×\u00a0bun to get 10 % off"),
        (0, 1, "2", "Add 1\u00a0×\u00a0coffee and 1\u00a0×\u00a0bun to get 10 % off"),
    ],
)
def test_a_bundle_needs_each_of_its_parts_and_names_what_lacks(
    coffees: int, buns: int, lacking: str | None, text: str
) -> None:
    lines = [line(1, 300, coffees, categories=("coffee",))] if coffees else []
    one = basket(*lines, line(2, 100, buns, categories=("bun",)))
    found = refusal_of([COFFEE_AND_BUNS], one)
    assert (found and (found.code, found.missing, found.near)) == (
        None if lacking is None else ("bundle_incomplete", {"quantity": lacking}, True)
    )
    if lacking is not None:
        assert said(COFFEE_AND_BUNS, one) == text


def test_what_counts_for_one_part_of_a_bundle_does_not_count_for_another() -> None:
    drinks = {"goods": {"categories": ["drinks"]}, "quantity": "2"}
    tea = {"goods": {"categories": ["drinks/tea"]}, "quantity": "1"}
    condition = {"kind": "bundle", "parts": [drinks, tea]}
    two_teas = basket(line(1, 200, 2, categories=("drinks/tea",)))
    tea_and_two = basket(line(1, 200, 1, categories=("drinks/tea",)), line(2, 150, 2, categories=("drinks",)))

    found = refusal_of([condition], two_teas)

    assert found is not None
    assert (found.code, found.missing) == ("bundle_incomplete", {"quantity": "1"})
    assert code_of(condition, tea_and_two) is None


@pytest.mark.fast
@pytest.mark.parametrize(
    ("attributes", "goods", "there"),
    [
        ({"colour": "red"}, {"attributes": {"colour": ["red", "blue"]}}, True),
        ({"colour": "green"}, {"attributes": {"colour": ["red", "blue"]}}, False),
        ({"size": 42, "vegan": True}, {"attributes": {"size": ["42"]}}, True),
        ({"size": 42, "vegan": True}, {"attributes": {"vegan": ["true"]}}, True),
        ({"vegan": False}, {"attributes": {"vegan": ["true"]}}, False),
        ({"colour": "red"}, {"skus": ["sku-1"], "except": {"attributes": {"colour": ["red"]}}}, False),
    ],
)
def test_goods_are_named_by_any_attribute_that_lines_carry(
    attributes: dict[str, Any], goods: dict[str, Any], there: bool
) -> None:
    shirt = line(1, 1_000, attributes=attributes)
    found = code_of({"kind": "products", "goods": goods}, basket(shirt)) if "skus" not in goods else None
    live = live_of(promotion("items", percent("10", goods=goods)))
    assert (price(live, basket(shirt))[0].discount > 0) == there
    assert found == (None if there or "skus" in goods else "products_missing")


def test_two_lines_of_one_product_differ_by_their_attributes_and_by_being_reduced() -> None:
    red = promotion("items", percent("10", goods={"attributes": {"colour": ["red"]}, "reduced": "not"}))
    lines = [
        line(1, 1_000, sku="shirt", attributes={"colour": "red"}),
        line(2, 1_000, sku="shirt", attributes={"colour": "blue"}),
        line(3, 1_000, sku="shirt", attributes={"colour": "red"}, regular_price=1_200),
        line(4, 1_000, sku="shirt", attributes={"colour": "red"}, regular_price=1_000),
    ]
    outcome, _ = price(live_of(red), basket(*lines))
    assert [one.discount for one in outcome.lines] == [100, 0, 0, 100]


def test_reduced_goods_may_be_meant_alone() -> None:
    live = live_of(promotion("items", percent("10", goods={"reduced": "only"})))
    outcome, _ = price(live, basket(line(1, 1_000), line(2, 800, regular_price=1_000)))
    assert [one.discount for one in outcome.lines] == [0, 80]


@pytest.mark.parametrize(
    ("are", "lines", "code"),
    [
        ("absent", [line(1, 100)], None),
        ("absent", [line(1, 100), line(2, 100, regular_price=101)], "reduced_goods_present"),
        ("everything", [line(1, 100, regular_price=101)], None),
        ("everything", [line(1, 100, regular_price=101), line(2, 100)], "goods_not_reduced"),
    ],
)
def test_a_basket_with_or_of_reduced_goods(are: str, lines: list[Line], code: str | None) -> None:
    assert code_of({"kind": "reduced_goods", "are": are}, basket(*lines)) == code


def test_goods_say_in_words_whether_they_are_reduced() -> None:
    plain = {"kind": "products", "goods": {"skus": ["tea"], "reduced": "not"}}
    assert described(plain) == "with tea at the regular price"
    colours = {"kind": "products", "goods": {"attributes": {"colour": ["red", "blue"]}, "reduced": "only"}}
    assert described(colours) == "with colour: red or colour: blue at a reduced price"


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        ((), ("payment_method_not_included", True)),
        (("cash",), ("payment_method_not_included", False)),
        (("cash", "bank-card"), None),
    ],
)
def test_a_method_of_payment_may_still_be_chosen_until_it_is_named(
    methods: tuple[str, ...], expected: tuple[str, bool] | None
) -> None:
    one = basket(line(1, 1_000), payment_methods=methods)
    condition = {"kind": "payment_method", "methods": ["bank-card", "bank-app"]}
    found = refusal_of([condition], one, ANYBODY)
    assert (found and (found.code, found.near)) == expected
    if found is not None:
        assert said(condition, one) == "Pay with bank-card or bank-app to get 10 % off"


def test_a_code_is_compared_without_case_spaces_and_hyphens_and_is_told_to_nobody() -> None:
    condition = {"kind": "code", "codes": ["Welcome-10"], "batch": "spring"}
    assert code_of(condition, basket(line(1, 1_000), codes=("welcome 10",))) is None
    assert code_of(condition, basket(line(1, 1_000), codes=("WELCOME1O",))) == "code_missing"
    from_batch = type(MEMBER)(codes=frozenset({"spring"}))
    assert code_of(condition, basket(line(1, 1_000)), from_batch) is None
    found = refusal_of([condition], basket(line(1, 1_000)))
    assert found is not None
    assert (found.facts, found.near) == ({}, False)
    assert said(condition, basket(line(1, 1_000))) == "Only with a code: 10 % off"


@pytest.mark.parametrize(
    ("field", "given", "allowed"),
    [("partner", "petrol", ["petrol"]), ("channel", "web", ["app", "web"]), ("till", "7", ["7"])],
)
def test_partner_channel_and_till(field: str, given: str, allowed: list[str]) -> None:
    condition = {"kind": field, f"{field}s": allowed}
    assert code_of(condition, basket(line(1, 100), **{field: given})) is None
    assert code_of(condition, basket(line(1, 100), **{field: "other"})) == f"{field}_not_included"


CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    (
        {"kind": "products", "goods": {"skus": ["a", "b"]}, "count": 3},
        "3 different goods are asked for, and the lists name 2.",
    ),
    (
        {"kind": "bundle", "parts": [{"goods": {"skus": ["a"]}}, {"goods": {"skus": ["a"]}}]},
        "Two parts of the bundle are the same goods: give one with the whole quantity.",
    ),
]


@pytest.mark.parametrize(("condition", "sentence"), CONTRADICTIONS)
def test_what_can_never_be_is_refused_in_a_sentence(condition: dict[str, Any], sentence: str) -> None:
    document = parse(promotion("items", percent("10"), conditions=[condition]))
    assert check(document, DEFAULT_GROUPS, {}) == [sentence]


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "products", "goods": {"skus": ["a"]}, "match": "all", "count": 2},
        {"kind": "bundle", "parts": [{"goods": {"skus": ["a"]}}]},
        {"kind": "bundle", "parts": [{"goods": {}}, {"goods": {"skus": ["a"]}}]},
        {"kind": "products", "goods": {"skus": ["a"], "except": {"reduced": "only"}}},
        {"kind": "code"},
        {"kind": "code", "codes": ["--"]},
        {"kind": "partner", "partners": []},
    ],
)
def test_what_makes_no_sense_is_no_document(condition: dict[str, Any]) -> None:
    with pytest.raises(Unprocessable):
        parse(promotion("items", percent("10"), conditions=[condition]))
