"""What a referral program decides by itself: who is refused, what is due, what is counted where, how a code looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from regulars.members.referrals import (
    ALPHABET,
    NO_END,
    Bought,
    Met,
    ReferralDocument,
    Step,
    caps,
    codes,
    due,
    finished,
    leading_to,
    normal,
    refusal,
)
from regulars.prizes import PointsPrize, Prize

NOW = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
FRIEND, REFERRER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
PRIZE = Prize(points=PointsPrize("PTS", 1))
DOCUMENT = ReferralDocument(
    (Step(1, referrer=PRIZE), Step(2, friend=PRIZE)), least_amount=1000, return_days=14
)
MET = Met(
    friend=FRIEND, referrer=REFERRER, joined_at=NOW, at=NOW, shared_account=False, traces=[], others=[],
    above=[], bought_before=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"referrer": FRIEND}, "self"),
        ({"traces": [(REFERRER, "phone")]}, "same_contact"),
        ({"traces": [(REFERRER, "email")], "shared_account": True}, "same_contact"),
        ({"traces": [(REFERRER, "device")]}, "same_device"),
        ({"traces": [(OTHER, "device")], "others": [OTHER]}, "same_device"),
        ({"traces": [(OTHER, "device")]}, None),
        ({"shared_account": True}, "same_account"),
        ({"above": [OTHER, FRIEND]}, "circle"),
        ({"traces": [(OTHER, "phone")]}, "member_before"),
        ({"bought_before": True}, "member_before"),
        ({"joined_at": NOW - timedelta(seconds=1)}, "member_before"),
    ],
)
def test_the_first_reason_that_applies_is_told(changed: dict[str, object], expected: str | None) -> None:
    assert refusal(DOCUMENT, replace(MET, **changed)) == expected


def test_a_friend_may_name_the_code_as_long_as_the_program_says() -> None:
    week = replace(DOCUMENT, enter_days=7)
    met = replace(MET, joined_at=NOW - timedelta(days=7))
    assert refusal(week, met) is None
    assert refusal(week, replace(met, at=NOW + timedelta(seconds=1))) == "member_before"


def bought(n: int, left: int, days: int) -> Bought:
    """A purchase of so many days ago."""
    return Bought(0, UUID(int=n), NOW - timedelta(days=days), left)


def test_a_step_is_due_for_the_nth_purchase_that_is_large_enough_when_its_window_is_over() -> None:
    small, late, first, second = (
        bought(1, 999, 30),
        bought(2, 5000, 13),
        bought(3, 1000, 20),
        bought(4, 1000, 14),
    )
    found = due(DOCUMENT, [late, second, small, first], (), NOW)
    assert [(one.step.purchases, one.bought.id.int) for one in found] == [(1, 3), (2, 4)]
    assert [one.step.purchases for one in due(DOCUMENT, [first, second], {1}, NOW)] == [2]
    assert due(DOCUMENT, [small, late], (), NOW) == []


def test_what_came_back_whole_never_counts_though_nothing_is_asked_for() -> None:
    free = replace(DOCUMENT, least_amount=0)
    assert due(free, [bought(1, 0, 30)], (), NOW) == []
    assert [one.bought.id.int for one in due(free, [bought(1, 1, 30)], (), NOW)] == [1]


def test_a_referral_is_finished_when_all_is_given_or_the_last_window_is_over() -> None:
    assert finished(DOCUMENT, {1, 2}, NOW, NOW)
    assert not finished(DOCUMENT, {1}, NOW - timedelta(days=14, seconds=-1), NOW)
    assert finished(DOCUMENT, {1}, NOW - timedelta(days=14), NOW)


def test_caps_are_counted_by_the_programs_calendar() -> None:
    capped = replace(DOCUMENT, a_month=2, ever=9)
    assert caps(capped, NOW, ZoneInfo("Europe/Riga")) == [("2026-04", 2), ("2026", NO_END), ("ever", 9)]


def test_a_code_is_the_same_each_time_another_for_everybody_and_read_however_it_is_typed() -> None:
    first = next(codes(b"key", FRIEND))
    assert first == next(codes(b"key", FRIEND))
    assert (len(first), set(first) <= set(ALPHABET)) == (8, True)
    made = {next(codes(b"key", UUID(int=n))) for n in range(1000)}
    assert len(made) == 1000
    assert next(codes(b"other key", FRIEND)) != first
    assert normal(f" {first[:4].lower()}-{first[4:]} ") == first


def test_what_leads_to_a_step_is_what_counted_up_to_it() -> None:
    bought = [
        Bought(0, UUID(int=n), NOW + timedelta(hours=n), left)
        for n, left in enumerate((1000, 999, 1000, 1000))
    ]
    at = NOW + timedelta(days=20)
    steps = due(DOCUMENT, bought, (), at)
    assert [[one.id.int for one in leading_to(DOCUMENT, bought, step, at)] for step in steps] == [[0], [0, 2]]
