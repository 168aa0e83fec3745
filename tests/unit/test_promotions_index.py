"""A purchase looks only at promotions that could apply to it, and misses none of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.promotions_kit import ANYBODY, RULES, basket, discounts, line, live_of, percent, promotion

from regulars.errors import Contradiction
from regulars.promotions import engine
from regulars.promotions.document import parse
from regulars.promotions.goods import Goods
from regulars.promotions.index import Live
from regulars.promotions.model import DEFAULT_GROUPS, Basket, Revision, Standing
from regulars.promotions.scene import places_of

MILK = {"skus": ["milk"]}


def found(one: Basket, *documents: dict[str, Any]) -> list[int]:
    """The numbers of the promotions that this basket looks at."""
    live = live_of(*documents)
    return [p.id.int for p in live.candidates(live.products(one.lines), live.keys(one, ANYBODY)).promotions]


@pytest.mark.fast
def test_a_basket_sees_the_promotions_of_its_goods_and_those_for_everything() -> None:
    documents = [
        promotion("items", percent("5", goods=MILK)),
        promotion("items", percent("5", goods={"skus": ["beer"]})),
        promotion("items", percent("5")),
        promotion("items", percent("5", goods={"categories": ["dairy"]})),
        promotion("items", percent("5", goods={"except": {"skus": ["milk"]}})),
    ]
    milk = line(1, 100, sku="milk", categories=("dairy/fresh",))
    assert found(basket(milk), *documents) == [1, 3, 4]
    assert found(basket(line(1, 100, sku="beer")), *documents) == [2, 3, 5]


def test_a_store_or_a_weekday_that_does_not_fit_is_not_looked_at() -> None:
    documents = [
        promotion("items", percent("5", goods=MILK), conditions=[{"kind": "store", "stores": ["riga-1"]}]),
        promotion("items", percent("5", goods=MILK), conditions=[{"kind": "store", "stores": ["riga-2"]}]),
        promotion("items", percent("5"), conditions=[{"kind": "store", "groups": ["riga"]}]),
        promotion("items", percent("5"), conditions=[{"kind": "hours", "weekdays": [6]}]),
        promotion("items", percent("5"), conditions=[{"kind": "hours", "weekdays": [7]}]),
        promotion(
            "items",
            percent("5"),
            conditions=[{"kind": "hours", "weekdays": [5], "from": "22:00", "until": "02:00"}],
        ),
    ]
    milk = line(1, 100, sku="milk")
    assert found(basket(milk), *documents) == [1, 4, 6]
    assert found(basket(milk, store="riga-2", store_groups=("riga",)), *documents) == [2, 3, 4, 6]


def test_one_of_two_goods_is_enough_to_come_near() -> None:
    cake = {"kind": "products", "goods": {"skus": ["cake"]}}
    assert found(
        basket(line(1, 100, sku="milk")), promotion("items", percent("5", goods=MILK), conditions=[cake])
    ) == [1]


def test_the_lines_of_goods_are_told_once_and_in_order_whoever_asks_for_them() -> None:
    here, cake = {"kind": "store", "stores": ["riga-1"]}, {"skus": ["cake"]}
    live = live_of(
        promotion("items", percent("5", goods=MILK), conditions=[here]),
        promotion("items", percent("7", goods=MILK)),
        promotion("items", percent("9", goods=MILK), conditions=[{"kind": "products", "goods": cake}]),
    )
    one = basket(
        line(1, 100, sku="milk"), line(2, 100, sku="bread"), line(3, 100, sku="cake"), line(4, 50, sku="milk")
    )
    products = live.products(one.lines)
    marks = {name: Goods(skus=(name,)).mark for name in ("milk", "cake")}
    both = {marks["milk"]: [0, 3], marks["cake"]: [2]}
    assert live.candidates(products, live.keys(one, ANYBODY)).places == both
    assert places_of(products) == both
    plain = live_of(promotion("items", percent("5", goods=MILK), conditions=[here]))
    known = plain.candidates(plain.products(one.lines), plain.keys(one, ANYBODY))
    assert (known.places, known.promotions[0].asks) == ({marks["milk"]: [0, 3]}, frozenset())


def store(code: str) -> dict[str, Any]:
    return {"kind": "store", "stores": [code]}


def seen(one: Basket, *documents: dict[str, Any]) -> tuple[list[int], dict[str, list[int]]]:
    """The numbers of the promotions that this basket looks at, and the places of lines that it knows for them."""
    live = live_of(*documents)
    candidates = live.candidates(live.products(one.lines), live.keys(one, ANYBODY))
    return [p.id.int for p in candidates.promotions], candidates.places


def test_a_gate_that_is_closed_leaves_the_others_of_the_same_goods_as_they_are() -> None:
    here, there, open_to_all = (
        promotion("items", percent("5", goods=MILK), conditions=conditions)
        for conditions in ([store("riga-1")], [store("riga-2")], [])
    )
    milk = Goods(skus=("milk",)).mark
    one = basket(line(1, 100, sku="bread"), line(2, 100, sku="milk"), line(3, 50, sku="milk"))
    assert seen(one, here, there) == ([1], {milk: [1, 2]})
    assert seen(one, there, open_to_all) == ([2], {milk: [1, 2]})
    assert seen(one, there) == ([], {})
    assert seen(basket(line(1, 100, sku="bread")), here, there) == ([], {})


def test_goods_or_a_store_behind_another_gate_are_found_by_either_and_the_gate_is_still_asked() -> None:
    either = {"kind": "or", "of": [{"kind": "products", "goods": MILK}, store("riga-1")]}
    saturdays, sundays = (
        promotion("items", percent("10"), conditions=[either, {"kind": "hours", "weekdays": [day]}])
        for day in (6, 7)
    )
    milk = Goods(skus=("milk",)).mark
    bought, bare = line(1, 100, sku="milk"), line(1, 100, sku="bread")
    assert seen(basket(bought, store="riga-2"), saturdays, sundays) == ([1], {milk: [0]})
    assert seen(basket(bought), saturdays, sundays) == ([1, 2], {milk: [0]})
    assert seen(basket(bare), saturdays, sundays) == ([1, 2], {})
    assert seen(basket(bare, store="riga-2"), saturdays, sundays) == ([], {})
    live = live_of(saturdays, sundays)
    for one, off in ((basket(bought, store="riga-2"), 10), (basket(bare), 10), (basket(bare, store="x"), 0)):
        assert engine.evaluate(live, one, ANYBODY, RULES).discount == off


def test_reduced_goods_are_told_line_by_line_though_the_product_is_one() -> None:
    only, none = ({**MILK, "reduced": which} for which in ("only", "not"))
    documents = [
        promotion("items", percent("10", goods=only), conditions=[store("riga-1")]),
        promotion("items", percent("10", goods=only), conditions=[store("riga-2")]),
        promotion("items", percent("20", goods=none)),
    ]
    reduced = line(1, 100, sku="milk", regular_price=150)
    plain = line(2, 200, sku="milk", regular_price=200)
    marks = {which: Goods(skus=("milk",), reduced=which).mark for which in ("only", "not")}
    both = basket(reduced, plain)
    assert seen(both, *documents) == ([1, 3], {marks["only"]: [0], marks["not"]: [1]})
    assert seen(basket(reduced), *documents) == ([1], {marks["only"]: [0]})
    assert seen(basket(plain), *documents) == ([3], {marks["not"]: [0]})
    assert discounts(engine.evaluate(live_of(*documents), both, ANYBODY, RULES)) == [10, 40]


def test_either_of_two_conditions_is_enough() -> None:
    either = {
        "kind": "or",
        "of": [{"kind": "store", "stores": ["riga-2"]}, {"kind": "products", "goods": MILK}],
    }
    document = promotion("items", percent("5"), conditions=[either])
    assert found(basket(line(1, 100, sku="milk")), document) == [1]
    assert found(basket(line(1, 100), store="riga-2"), document) == [1]
    assert found(basket(line(1, 100)), document) == []


def test_what_is_remembered_of_products_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.promotions.index.MEMORY_MAX", 2)
    live = live_of(promotion("items", percent("5", goods=MILK)))
    for number in range(9):
        live.products([line(1, 100, sku=f"sku-{number}")])
    assert len(live._products) <= 2


def test_a_revision_of_a_group_that_is_not_there_is_a_contradiction() -> None:
    document = parse(promotion("nowhere", percent("5")))
    with pytest.raises(Contradiction):
        Live.build([Revision(UUID(int=1), 1, document)], DEFAULT_GROUPS)
    misplaced = parse(promotion("basket", percent("5")))
    with pytest.raises(Contradiction):
        Live.build([Revision(UUID(int=1), 1, misplaced)], DEFAULT_GROUPS)


def test_who_comes_by_a_key_in_place_of_goods_is_still_asked_for_the_other_key() -> None:
    """The store alone makes it a candidate; the audience that it needs as well is not met by that."""
    either = {
        "kind": "or",
        "of": [{"kind": "products", "goods": MILK}, {"kind": "store", "stores": ["riga-1"]}],
    }
    live = live_of(
        promotion(
            "items", percent("5"), conditions=[either, {"kind": "audience", "audiences": ["neighbours"]}]
        )
    )
    bread = basket(line(1, 1000, sku="bread"))
    neighbour = Standing(member=True, audiences=frozenset({"neighbours"}))
    assert engine.evaluate(live, bread, ANYBODY, RULES).discount == 0
    assert engine.evaluate(live, bread, neighbour, RULES).discount == 50
    assert (
        engine.evaluate(live, basket(line(1, 1000, sku="bread"), store="riga-2"), neighbour, RULES).discount
        == 0
    )
