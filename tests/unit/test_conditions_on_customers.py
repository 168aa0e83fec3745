"""Conditions on who buys and what she did before: when they hold, with which code they fail, and how they are said."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.promotions_kit import (
    ANYBODY,
    AT,
    RULES,
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
from regulars.promotions.conditions.logic import could_hold
from regulars.promotions.conditions.person import full_months, near_birthday, years_completed
from regulars.promotions.document import check, parse
from regulars.promotions.model import DEFAULT_GROUPS, Standing
from regulars.promotions.reads import (
    Birthday,
    Needs,
    Streak,
    Window,
)
from regulars.promotions.scene import Scene
from regulars.promotions.wording import English, refusal_text

ONE = basket(line(1, 1_000))
YEAR = {"period": "days", "days": 365}

CASES: list[tuple[dict[str, Any], dict[str, Any], str | None, str]] = [
    # condition, what is known of the member, code, sentence
    ({"kind": "nth_purchase", "number": 10}, {"purchases": 9}, None, ""),
    ({"kind": "nth_purchase", "number": 10}, {"purchases": 19}, None, ""),
    ({"kind": "nth_purchase", "number": 10}, {"purchases": 16}, "not_nth_purchase",
     "3 more purchases, and you get 10 % off"),
    ({"kind": "nth_purchase", "number": 10, "every": False}, {"purchases": 9}, None, ""),
    ({"kind": "nth_purchase", "number": 10, "every": False}, {"purchases": 19}, "not_nth_purchase",
     "Only on purchase number 10: 10 % off"),
    ({"kind": "visits", "days": 30, "minimum": 3}, {"visits": {"days_30": 9, "days_30_distinct": 3}}, None, ""),
    ({"kind": "visits", "days": 30, "minimum": 3}, {"visits": {"days_30": 9, "days_30_distinct": 2}},
     "too_few_visits", "Only from 3 visits in the last 30 days: 10 % off"),
    ({"kind": "visits", "days": 30, "maximum": 2, "counting": "purchases"},
     {"visits": {"days_30": 3, "days_30_distinct": 1}}, "too_many_visits",
     "Only up to 2 visits in the last 30 days: 10 % off"),
    ({"kind": "visit_streak", "visits": 4, "within_days": 30}, {"visits": {"streak_4_30_0": 4}}, None, ""),
    ({"kind": "visit_streak", "visits": 4, "within_days": 30}, {"visits": {"streak_4_30_0": 1}}, "streak_too_short",
     "3 more visits, each within 30 days, and on the next one you get 10 % off"),
    ({"kind": "visit_streak", "visits": 4, "within_days": 30, "freezes": 1}, {"visits": {"streak_4_30_1": 3}},
     "streak_too_short", "1 more visit within 30 days, and on the next one you get 10 % off"),
    ({"kind": "last_purchase", "minimum": 90}, {"days_since": 90}, None, ""),
    ({"kind": "last_purchase", "minimum": 90}, {"days_since": 89}, "bought_too_recently",
     "Only after a break of 90 days: 10 % off"),
    ({"kind": "last_purchase", "maximum": 7}, {"days_since": 8}, "bought_too_long_ago",
     "Only within 7 days after the last purchase: 10 % off"),
    ({"kind": "last_purchase", "maximum": 7}, {}, "no_purchase_before",
     "Only from the second purchase on: 10 % off"),
    ({"kind": "turnover", "minimum": 100_000, "window": YEAR}, {"turnover": {"days_365": 100_000}}, None, ""),
    ({"kind": "turnover", "minimum": 100_000, "window": YEAR}, {"turnover": {"days_365": 99_999}},
     "turnover_below_minimum", "€0.01 more to spend within 365 days to get 10 % off"),
    ({"kind": "turnover", "maximum": 0}, {"turnover": {"lifetime": 1}}, "turnover_above_maximum",
     "Only up to €0.00 spent since you joined: 10 % off"),
    ({"kind": "account_kind", "kinds": ["company", "household"]}, {"account": "household"}, None, ""),
    ({"kind": "account_kind", "kinds": ["company"]}, {"account": "card"}, "account_kind_not_included",
     "Only for companies: 10 % off"),
    ({"kind": "language", "languages": ["lv"]}, {"language": "lv"}, None, ""),
    ({"kind": "language", "languages": ["lv"]}, {"language": "en"}, "language_not_included",
     "Only for customers whose language is Latvian: 10 % off"),
    ({"kind": "tier", "ladder": "status", "tiers": ["gold"]}, {"tiers": {"status": "gold"}}, None, ""),
    ({"kind": "tier", "ladder": "status", "tiers": ["gold"]}, {"tiers": {"pilots": "gold"}}, "tier_not_included",
     "Only for gold customers: 10 % off"),
    ({"kind": "club", "clubs": ["wine"]}, {"clubs": frozenset({"wine"})}, None, ""),
    ({"kind": "club", "clubs": ["wine"]}, {}, "not_in_club", "Only for the club wine: 10 % off"),
    ({"kind": "audience", "audiences": ["vip"]}, {"audiences": frozenset({"vip"})}, None, ""),
    ({"kind": "audience", "audiences": ["vip"]}, {"audiences": frozenset({"lapsed"})}, "not_in_audience",
     "For chosen customers only: 10 % off"),
    ({"kind": "consent", "channel": "sms"}, {"consents": frozenset({"sms/marketing"})}, None, ""),
    ({"kind": "consent", "channel": "sms"}, {"consents": frozenset({"sms/service"})}, "consent_missing",
     "Only for customers who agreed to text messages: 10 % off"),
    ({"kind": "birthday", "before": 3}, {"birthday": {"3/0": True}}, None, ""),
    ({"kind": "birthday", "before": 3}, {"birthday": {"3/0": False}}, "not_near_birthday",
     "Only up to 3 days before the birthday: 10 % off"),
    ({"kind": "birthday"}, {}, "birthday_unknown", "Tell us your birthday to get 10 % off"),
    ({"kind": "age", "minimum": 18}, {"of_age": {"18": True}}, None, ""),
    ({"kind": "age", "minimum": 18}, {"of_age": {"18": False}}, "below_age", "Only from 18 years of age: 10 % off"),
    ({"kind": "age", "maximum": 25}, {"of_age": {"26": True}}, "above_age", "Only up to 25 years of age: 10 % off"),
    ({"kind": "age", "minimum": 18}, {}, "age_unknown", "Your age must be known: 10 % off"),
    ({"kind": "membership_age", "minimum": 30}, {"enrolled": date(2026, 10, 22)}, None, ""),
    ({"kind": "membership_age", "minimum": 31}, {"enrolled": date(2026, 10, 22)}, "membership_too_young",
     "Only for members of at least 31 days: 10 % off"),
    ({"kind": "membership_age", "maximum": 1, "unit": "months"}, {"enrolled": date(2026, 9, 21)},
     "membership_too_old", "Only for members of at most 1 month: 10 % off"),
]  # fmt: skip


@pytest.mark.fast
@pytest.mark.parametrize(("condition", "known", "code", "text"), CASES)
def test_what_is_known_of_a_member_decides(
    condition: dict[str, Any], known: dict[str, Any], code: str | None, text: str
) -> None:
    found = refusal_of([condition], ONE, Standing(member=True, **known))
    assert (found and found.code) == code
    if found is not None:
        live = live_of(promotion("items", percent("10"), conditions=[condition]))
        assert refusal_text(found, "A tenth", live.promotions[0].benefits, English(), "EUR") == text
        assert not found.near


@pytest.mark.parametrize("condition", [case[0] for case in CASES[::2]], ids=lambda c: c["kind"])
def test_nobody_who_is_not_recognised_meets_them(condition: dict[str, Any]) -> None:
    assert code_of(condition, ONE, ANYBODY) == "member_required"


def test_the_distance_to_a_turnover_is_in_base_money() -> None:
    condition = {"kind": "turnover", "minimum": 50_000}
    dollars = basket(line(1, 1_000), currency="USD")
    found = refusal_of([condition], dollars, Standing(member=True, turnover={"lifetime": 48_000}))
    assert found is not None
    assert found.missing == {"amount": 2_000, "currency": "EUR"}


PROMOTION = UUID(int=1)


@pytest.mark.parametrize(
    ("chosen", "activated", "member", "code"),
    [
        ((), (), True, "offer_not_activated"),
        ((PROMOTION,), (), True, None),
        ((), (PROMOTION,), True, None),
        ((UUID(int=2),), (UUID(int=3),), True, "offer_not_activated"),
        ((PROMOTION,), (), False, "member_required"),
    ],
)
def test_an_offer_is_activated_by_its_own_promotions_id(
    chosen: tuple[UUID, ...], activated: tuple[UUID, ...], member: bool, code: str | None
) -> None:
    standing = Standing(member=member, offers=frozenset(activated))
    one = basket(line(1, 1_000), offers=chosen)
    assert code_of({"kind": "offer"}, one, standing) == code
    assert (
        code_of({"kind": "or", "of": [{"kind": "offer"}, {"kind": "club", "clubs": ["x"]}]}, one, standing)
        == code
    )
    live = live_of(promotion("items", percent("10"), conditions=[{"kind": "and", "of": [{"kind": "offer"}]}]))
    assert live.offers == {PROMOTION}


@pytest.mark.fast
@pytest.mark.parametrize(
    ("born", "day", "before", "after", "near"),
    [
        (date(1990, 3, 3), date(2026, 3, 3), 0, 0, True),
        (date(1990, 3, 3), date(2026, 3, 2), 0, 0, False),
        (date(1990, 3, 3), date(2026, 2, 28), 3, 0, True),
        (date(1990, 3, 3), date(2026, 2, 27), 3, 0, False),
        (date(1990, 3, 3), date(2026, 3, 6), 0, 3, True),
        (date(1990, 12, 30), date(2027, 1, 2), 0, 3, True),  # over the turn of the year
        (date(1990, 1, 2), date(2026, 12, 30), 3, 0, True),
        (date(2000, 2, 29), date(2026, 2, 28), 0, 0, True),
        (date(2000, 2, 29), date(2026, 3, 1), 0, 0, False),
        (date(2000, 2, 29), date(2028, 2, 28), 0, 0, False),
        (date(2000, 2, 29), date(2028, 2, 29), 0, 0, True),
    ],
)
def test_a_birthday_comes_each_year_and_on_28_february_where_there_is_no_29th(
    born: date, day: date, before: int, after: int, near: bool
) -> None:
    assert near_birthday(born, day, before, after) == near


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2008, 3, 3), date(2026, 3, 2), 17),
        (date(2008, 3, 3), date(2026, 3, 3), 18),
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),
    ],
)
def test_years_are_completed_on_the_birthday(born: date, day: date, years: int) -> None:
    assert years_completed(born, day) == years


@pytest.mark.parametrize(
    ("since", "day", "months"),
    [
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2025, 12, 31), date(2026, 12, 31), 12),
    ],
)
def test_a_month_from_the_31st_is_completed_on_the_last_day_of_a_shorter_one(
    since: date, day: date, months: int
) -> None:
    assert full_months(since, day) == months


def test_the_live_promotions_tell_what_must_be_read_each_thing_once() -> None:
    asked: list[dict[str, Any]] = [
        {"kind": "turnover", "minimum": 1, "window": YEAR},
        {"kind": "not", "of": [{"kind": "turnover", "minimum": 9, "window": YEAR}, {"kind": "offer"}]},
        {"kind": "nth_purchase", "number": 3, "every": False},
        {"kind": "first_purchase"},
        {"kind": "visits", "days": 30, "minimum": 2},
        {"kind": "visit_streak", "visits": 4, "within_days": 30, "freezes": 1},
        {"kind": "age", "minimum": 18, "maximum": 25},
        {"kind": "birthday", "before": 1},
        {"kind": "language", "languages": ["lv"]},
        {"kind": "club", "clubs": ["wine"]},
        {"kind": "code", "codes": ["A"], "batch": "spring"},
    ]
    needs = live_of(*[promotion("items", percent("10"), conditions=[one]) for one in asked]).needs
    assert needs == Needs(
        purchases=3,
        turnover=(Window("days", 365),),
        visits=(30,),
        streaks=(Streak(4, 30, 1),),
        birthdays=(Birthday(1, 0),),
        ages=(18, 26),
        profile=frozenset({"language"}),
        marks=True,
        activations=True,
        code_batches=True,
    )


@pytest.mark.parametrize(
    ("window", "first"),
    [
        (Window(), None),
        (Window("calendar_year"), date(2026, 1, 1)),
        (Window("calendar_month"), date(2026, 11, 1)),
        (Window("days", 1), date(2026, 11, 21)),
        (Window("days", 365), date(2025, 11, 22)),
    ],
)
def test_a_window_ends_with_the_day_of_the_purchase(window: Window, first: date | None) -> None:
    assert window.first_day(AT.date()) == first


def test_a_standing_is_kept_small_and_read_back_the_same() -> None:
    full = Standing(
        member=True, turnover={"days_365": 5}, enrolled=date(2026, 1, 1), birthday={"3/3": True},
        clubs=frozenset({"wine"}), offers=frozenset({PROMOTION}),
    )  # fmt: skip
    kept = msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(full)))
    assert msgspec.convert(kept, Standing) == full
    assert set(kept) == {"member", "turnover", "enrolled", "birthday", "clubs", "offers"}
    assert msgspec.to_builtins(Standing()) == {}


def test_promotions_for_others_are_not_looked_at() -> None:
    documents = [
        promotion("items", percent("5"), conditions=[one])
        for one in (
            {"kind": "tier", "ladder": "status", "tiers": ["gold"]},
            {"kind": "tier", "ladder": "status", "tiers": ["silver"]},
            {"kind": "audience", "audiences": ["vip", "lapsed"]},
            {"kind": "club", "clubs": ["beer"]},
            {"kind": "language", "languages": ["lv"]},
            {"kind": "account_kind", "kinds": ["company"]},
            {"kind": "offer"},
            {"kind": "offer"},
            {"kind": "code", "codes": ["OPEN-UP"]},
            {"kind": "code", "batch": "spring"},
            {"kind": "payment_method", "methods": ["card"]},
            {"kind": "partner", "partners": ["petrol"]},
        )
    ]
    live = live_of(*documents)
    her = Standing(
        member=True, tiers={"status": "gold"}, audiences=frozenset({"vip"}), language="lv", account="person",
        offers=frozenset({UUID(int=8)}),
    )  # fmt: skip

    def seen(standing: Standing, **fields: Any) -> list[int]:
        one = basket(line(1, 1_000), **fields)
        return [
            p.id.int for p in live.candidates(live.products(one.lines), live.keys(one, standing)).promotions
        ]

    assert seen(her, payment_methods=("cash",)) == [1, 3, 5, 8]
    assert seen(her, codes=("open up",), partner="petrol") == [1, 3, 5, 8, 9, 11, 12]
    assert seen(Standing(codes=frozenset({"spring"})), payment_methods=("card",)) == [10, 11]


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        ({"kind": "club", "clubs": ["wine"]}, True),
        ({"kind": "club", "clubs": ["beer"]}, False),
        ({"kind": "basket_amount", "minimum": 5_000}, True),
        ({"kind": "and", "of": [{"kind": "club", "clubs": ["beer"]}, {"kind": "hours"}]}, False),
        ({"kind": "or", "of": [{"kind": "club", "clubs": ["beer"]}, {"kind": "hours"}]}, True),
        ({"kind": "not", "of": [{"kind": "club", "clubs": ["wine"]}]}, False),
        (
            {"kind": "not", "of": [{"kind": "club", "clubs": ["wine"]}, {"kind": "store", "stores": ["a"]}]},
            True,
        ),
    ],
)
def test_before_there_is_a_basket_only_what_looks_at_the_customer_is_judged(
    condition: dict[str, Any], possible: bool
) -> None:
    live = live_of(promotion("items", percent("10"), conditions=[condition]))
    scene = Scene(basket(), Standing(member=True, clubs=frozenset({"wine"})), RULES, ())
    assert could_hold(live.promotions[0].conditions[0], scene) == possible


def test_conditions_on_customers_are_decided_by_the_explanation_alike() -> None:
    live = live_of(*[promotion("items", percent("10"), conditions=[case[0]]) for case in CASES])
    for _, known, _, _ in CASES:
        price(live, ONE, Standing(member=True, **known))


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"kind": "age", "minimum": 30, "maximum": 20}, "Nobody is at least 30 and at most 20 years old."),
        ({"kind": "visits", "days": 3, "minimum": 4}, "There are no 4 different days in 3."),
        ({"kind": "turnover", "minimum": 2, "maximum": 1}, "A turnover of at least 2 and at most 1 does not exist."),
        ({"kind": "last_purchase", "minimum": 9, "maximum": 8},
         "No purchase was at least 9 and at most 8 days ago."),
        ({"kind": "membership_age", "minimum": 9, "maximum": 8},
         "No membership is at least 9 and at most 8 days old."),
    ],
)  # fmt: skip
def test_what_nobody_can_meet_is_refused_in_a_sentence(condition: dict[str, Any], sentence: str) -> None:
    document = parse(promotion("items", percent("10"), conditions=[condition]))
    assert check(document, DEFAULT_GROUPS, {}) == [sentence]


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "turnover", "minimum": 1, "window": {"period": "days"}},
        {"kind": "turnover", "minimum": 1, "window": {"days": 5}},
        {"kind": "turnover", "minimum": 1, "window": {"period": "days", "days": 3661}},
        {"kind": "turnover"},
        {"kind": "visits", "days": 30},
        {"kind": "age"},
        {"kind": "age", "minimum": 151},
        {"kind": "consent", "channel": "pigeon"},
        {"kind": "account_kind", "kinds": ["dog"]},
        {"kind": "tier", "ladder": "status", "tiers": []},
        {"kind": "birthday", "before": 181},
        {"kind": "nth_purchase", "number": 1},
    ],
)
def test_what_makes_no_sense_is_no_document(condition: dict[str, Any]) -> None:
    with pytest.raises(Unprocessable):
        parse(promotion("items", percent("10"), conditions=[condition]))
