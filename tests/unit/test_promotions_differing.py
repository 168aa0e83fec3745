"""Two documents of a promotion, and what differs, in sentences; and what a second person may say about a draft."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import Struct
from tests.promotions_kit import CURRENCIES, percent, promotion

from regulars.errors import SecondPersonNeeded, StateConflict
from regulars.promotions.differing import Difference, differences
from regulars.promotions.document import parse
from regulars.promotions.kinds import BENEFITS, CONDITIONS, tag_of
from regulars.promotions.reviewing import Act, Said, budget, needs_second_person, require_turn
from regulars.promotions.wording import English

WORDS = English()
GROUPS = {"item": "items", "basket": "basket", "earning": "points"}
BASE = promotion("items", percent("10"), name="Bread")


def differ(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Difference]:
    return differences(parse(before) if before else None, parse(after), WORDS, "EUR")


def said(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str]:
    return [one.sentence for one in differ(before, after)]


def test_the_same_document_differs_in_nothing_also_where_parts_change_places() -> None:
    two = {**BASE, "conditions": [{"kind": "member"}, {"kind": "first_purchase"}]}
    assert said(two, {**two, "conditions": [{"kind": "first_purchase"}, {"kind": "member"}]}) == []
    assert said(BASE, {**BASE, "priority": 100, "joint": False}) == []


def test_what_comes_goes_and_changes_is_said_in_the_words_of_its_kind() -> None:
    before = {**BASE, "conditions": [{"kind": "member"}, {"kind": "basket_amount", "minimum": 3000}]}
    after = {
        **BASE,
        "conditions": [{"kind": "basket_amount", "minimum": 5000}, {"kind": "store", "stores": ["riga-1"]}],
        "benefits": [percent("15"), percent("5", goods={"tags": ["fresh"]})],
    }
    found = differ(before, after)
    assert [(one.change, one.pointer, one.sentence) for one in found] == [
        ("changed", "/conditions/0", "This condition changes: from €30.00 of goods → from €50.00 of goods."),
        ("added", "/conditions/1", "New condition: in riga-1."),
        ("removed", "/conditions/0", "This condition is gone: for members."),
        ("changed", "/benefits/0", "It gives something else: 10 % off → 15 % off."),
        ("added", "/benefits/1", "It also gives 5 % off fresh."),
    ]
    (field,) = found[0].fields
    assert (field.name, field.label, field.before, field.after) == ("minimum", "At least", "30.00", "50.00")


def test_what_words_do_not_show_is_named_by_its_field() -> None:
    before = {**BASE, "conditions": [{"kind": "code", "codes": ["ONE"]}]}
    after = {**BASE, "conditions": [{"kind": "code", "codes": ["ONE", "TWO"]}]}
    assert said(before, after) == ["Code presented: Codes changed."]
    goods = [percent("10", goods={"skus": list("abcd")}), percent("10", goods={"skus": list("abcde")})]
    (found,) = differ(promotion("items", goods[0]), promotion("items", goods[1]))
    assert found.sentence == "Percentage off goods: On these goods · Products changed."
    assert (found.fields[0].before, found.fields[0].after) == ("a, b, c, d", "a, b, c, d, e")


def test_the_document_s_own_fields_and_texts() -> None:
    after = {
        **BASE, "name": "Rye bread", "group": "basket", "from": "2026-12-01T00:00:00", "priority": 5, "joint": True,
        "names": {"lv": "Rudzu maize"}, "on_last": "refuse",
    }  # fmt: skip
    before = {**BASE, "message": {"en": "Enjoy!"}}
    assert said(before, after) == [
        "Name of the promotion: Bread → Rye bread.",
        "Name in each language (Latvian): – → Rudzu maize.",
        "Group: items → basket.",
        "Place in its group: 100 → 5.",
        "Stands beside all others: no → yes.",
        "From: – → 1 December 2026 00:00.",
        "Line on the receipt (English): Enjoy! → –.",
        "On the last bit of a budget: – → Give nothing.",
    ]


def test_limits_and_budgets() -> None:
    before = {
        **BASE,
        "limits": [{"per": "member", "period": "day", "uses": 1}, {"per": "total", "amount": 100_000}],
    }
    after = {
        **BASE,
        "limits": [
            {"per": "total", "amount": 200_000},
            {"per": "member", "period": "day", "uses": 1},
            {"per": "store", "period": "week", "uses": 50},
        ],
    }
    assert said(before, after) == [
        "This limit changes: All together, in all: €1,000.00 → All together, in all: €2,000.00.",
        "New limit: Each store, each week: 50 times.",
    ]
    assert said(after, {**after, "limits": after["limits"][:2]}) == [
        "This limit is gone: Each store, each week: 50 times."
    ]
    sliced = {**BASE, "limits": [{"per": "total", "amount": 200_000, "slices": 8}]}
    whole = {**BASE, "limits": [{"per": "total", "amount": 200_000}]}
    assert said(whole, sliced) == ["This limit is counted in 8 parts: All together, in all: €2,000.00."]


@pytest.mark.parametrize("kind", CONDITIONS, ids=tag_of)
def test_every_kind_of_condition_is_said_when_it_comes(kind: type[Any]) -> None:
    (found,) = differ(BASE, {**BASE, "conditions": [kind.example]})
    assert found.sentence == f"New condition: {found.after}."
    assert found.after


@pytest.mark.parametrize("kind", BENEFITS, ids=tag_of)
def test_every_kind_of_benefit_is_said_when_everything_is_new(kind: type[Any]) -> None:
    new = promotion(GROUPS[kind.stage], kind.example)
    found = differ(None, new)
    assert found[0].sentence == f"It also gives {found[0].after}."
    assert [one.pointer for one in found] == ["/benefits/0", "/name"]


# a second person ---------------------------------------------------------------------------------------------


class Settings(Struct, frozen=True):
    publish_budget_limit: int | None = None


def second(limit: int | None, **fields: Any) -> bool:
    return needs_second_person(parse({**BASE, **fields}), Settings(limit), CURRENCIES)


def test_a_budget_above_the_limit_or_none_at_all_needs_a_second_person() -> None:
    total = {"per": "total", "amount": 50_000}
    assert [second(None), second(50_000), second(50_000, limits=[total])] == [False, True, False]
    assert second(49_999, limits=[total])
    assert second(50_000, limits=[{"per": "member", "amount": 1}, {"per": "total", "uses": 10}])


def test_a_budget_of_each_month_counts_as_often_as_months_may_begin_in_the_window() -> None:
    monthly = [{"per": "total", "period": "month", "amount": 10_000}]
    assert second(10**9, limits=monthly)
    window = {"from": "2026-12-15T00:00:00", "until": "2027-01-15T00:00:00"}
    assert budget(parse({**BASE, "limits": monthly, **window}), CURRENCIES) == 30_000
    assert not second(30_000, limits=monthly, **window)


def test_a_budget_in_points_counts_at_their_worth() -> None:
    points = {"kind": "points_fixed", "currency": "MILES", "points": 10}
    document = parse(promotion("points", points, limits=[{"per": "total", "points": 1000}]))
    assert budget(document, CURRENCIES) == 334


def test_who_asks_does_not_decide_and_nobody_decides_unasked() -> None:
    asked = Said(1, 1, "asked", "", "key_a", datetime(2026, 11, 1, tzinfo=UTC))
    require_turn("ask", [], "key_a")
    require_turn("approve", [asked], "key_b")
    require_turn("return", [asked], "key_b")
    require_turn("withdraw", [asked], "key_a")
    not_hers: list[tuple[Act, str]] = [("approve", "key_a"), ("return", "key_a"), ("withdraw", "key_b")]
    for act, by in not_hers:
        with pytest.raises(SecondPersonNeeded):
            require_turn(act, [asked], by)
    not_now: list[tuple[Act, list[Said]]] = [("approve", []), ("ask", [asked])]
    for act, so_far in not_now:
        with pytest.raises(StateConflict):
            require_turn(act, so_far, "key_b")
