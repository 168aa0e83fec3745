"""Reasons and benefits in plain words."""

from __future__ import annotations

from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from tests.promotions_kit import ANYBODY, MEMBER, basket, line, live_of, percent, price, promotion

from regulars.promotions.kinds import KINDS
from regulars.promotions.model import Basket, Standing
from regulars.promotions.wording import English, benefits_text, conditions_text, refusal_text

BOOKS = {"categories": ["books"], "label": {"en": "books", "lv": "grāmatas"}}
SHOP = basket(line(1, 880, categories=("books",)))


def said(
    condition: dict[str, Any] | None, one: Basket = SHOP, standing: Standing = MEMBER, **fields: Any
) -> str:
    """The sentence for 15 % off under this condition."""
    conditions = [condition] if condition else []
    live = live_of(promotion("items", percent("15"), conditions=conditions, **fields))
    _, verdicts = price(live, one, standing)
    refusal = verdicts[1].refusal
    assert refusal is not None
    return refusal_text(refusal, "A promotion", live.promotions[0].benefits, English(), "EUR")


@pytest.mark.fast
def test_what_is_missing_is_said_with_the_amount_the_goods_and_the_gain() -> None:
    assert (
        said({"kind": "basket_amount", "minimum": 1500, "goods": BOOKS})
        == "Add €6.20 of books to get 15 % off"
    )


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"kind": "basket_amount", "minimum": 1500}, "Add goods for €6.20 to get 15 % off"),
        ({"kind": "basket_amount", "maximum": 500}, "For baskets up to €5.00: 15 % off"),
        ({"kind": "quantity", "minimum": "2"}, "Add 1 more item to get 15 % off"),
        ({"kind": "quantity", "minimum": "3"}, "Add 2 more items to get 15 % off"),
        ({"kind": "quantity", "minimum": "2.5", "goods": BOOKS}, "Add 1.5 more of books to get 15 % off"),
        ({"kind": "quantity", "maximum": "0.5"}, "For at most 0.5 of goods: 15 % off"),
        ({"kind": "products", "goods": {"skus": ["tea", "cake"]}}, "Add tea or cake to get 15 % off"),
        (
            {"kind": "products", "goods": {"skus": ["tea", "cake"]}, "match": "all"},
            "Add tea and cake to get 15 % off",
        ),
        ({"kind": "store", "stores": ["a", "b"]}, "In a or b only: 15 % off"),
        ({"kind": "hours", "weekdays": [1, 2]}, "Monday and Tuesday: 15 % off"),
        ({"kind": "hours", "from": "17:00", "until": "19:00"}, "every day from 17:00 until 19:00: 15 % off"),
        ({"kind": "first_purchase"}, "On the first purchase only: 15 % off"),
        ({"kind": "not", "of": [{"kind": "member"}]}, "Not for this purchase: 15 % off"),
    ],
)
def test_the_reason_of_each_kind(condition: dict[str, Any], text: str) -> None:
    assert said(condition) == text


def test_reasons_that_are_not_a_conditions() -> None:
    assert said({"kind": "member"}, standing=ANYBODY) == "With a card or a phone number: 15 % off"
    assert said(None, until="2026-11-21T09:00:00") == "Until 21 November 2026 09:00: 15 % off"
    assert said(None, one=basket(line(1, 0))) == "There is nothing left to take off: 15 % off"


def test_benefits_and_conditions_are_described_in_short() -> None:
    live = live_of(
        promotion(
            "points",
            {"kind": "points_per_spend", "currency": "PTS", "per": 100, "goods": BOOKS},
            {"kind": "points_fixed", "currency": "PTS", "points": 50},
            conditions=[{"kind": "member"}, {"kind": "basket_amount", "minimum": 3000}],
        )
    )
    found = live.promotions[0]
    assert benefits_text(found.benefits, English(), "EUR") == "1 point for each €1.00 of books and 50 points"
    assert conditions_text(found.conditions, English(), "EUR") == "for members and from €30.00 of goods"


@pytest.mark.parametrize(
    ("benefit", "text"),
    [
        (
            {"kind": "line_percent", "percent": "12.5", "cap": 300, "goods": BOOKS},
            "12.5 % off books, at most €3.00",
        ),
        ({"kind": "line_amount", "amount": 50, "goods": BOOKS}, "€0.50 off each of books"),
        ({"kind": "line_amount", "amount": 50, "each": "purchase"}, "€0.50 off goods"),
        ({"kind": "basket_amount_off", "amount": 500}, "€5.00 off"),
        ({"kind": "points_multiplier", "currency": "PTS", "factor": "2"}, "2 × points"),
        ({"kind": "cashback", "currency": "BACK", "percent": "10"}, "10 % back"),
    ],
)
def test_the_sentence_of_each_benefit(benefit: dict[str, Any], text: str) -> None:
    assert benefits_text([KINDS.benefit(benefit, "")], English(), "EUR") == text


def test_every_sentence_can_be_extracted_for_translation() -> None:
    keywords = {"gettext": None, "ngettext": (1, 2), "N_": None}
    found = {str(message[2]) for message in extract_from_dir("src/regulars/promotions", keywords=keywords)}
    assert "Add {amount} of {goods} to get {give}" in found
    assert "('Add {n} more item to get {give}', 'Add {n} more items to get {give}')" in found
    assert "Amount of the basket" in found
