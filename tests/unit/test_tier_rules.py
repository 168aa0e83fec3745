"""Which tier a member has, by the pure rules alone: terms, keeping, falling, grace, undoing, what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from regulars.members import terms, tiers
from regulars.members.ladders import Ladder, LadderDocument
from regulars.members.terms import Calendar
from regulars.members.tiers import Before, Detail, Measures, Present

RIGA = Calendar(ZoneInfo("Europe/Riga"), datetime(2024, 2, 29, 10, tzinfo=UTC))
NOON = datetime(2026, 3, 1, 10, tzinfo=UTC)
END_OF_2026, END_OF_2027 = datetime(2026, 12, 31, 22, tzinfo=UTC), datetime(2027, 12, 31, 22, tzinfo=UTC)


def ladder(**change: Any) -> Ladder:
    """Bronze for everybody, silver from 100, gold from 300, platinum from 1000, black by invitation."""
    steps = (("silver", 100), ("gold", 300), ("platinum", 1000))
    of = [
        {"code": "bronze"},
        *({"code": code, "ways": [[{"measure": "spend", "at_least": n}]]} for code, n in steps),
        {"code": "black", "invitation_only": True},
    ]
    return Ladder("status", 1, msgspec.convert({"tiers": of} | change, LadderDocument))


def gold(until: datetime | None = END_OF_2026, **change: Any) -> Present:
    """Gold that was earned, until then."""
    held = Present("gold", datetime(2025, 6, 1, tzinfo=UTC), until, "earned", reviewed=False)
    return msgspec.structs.replace(held, **change)


def spent(amount: int) -> Measures:
    return Measures(spend=amount)


def reviewed(of: Ladder, present: Present, amount: int) -> tuple[str | None, datetime | None, str]:
    step = tiers.review(of, present, spent(amount), spent(0), RIGA)
    return step.tier, step.until, step.reason


@pytest.mark.parametrize(
    ("change", "until"),
    [
        ({}, END_OF_2027),
        ({"grace_days": 31}, datetime(2028, 1, 31, 22, tzinfo=UTC)),
        # Who joined on 29 February has her year begin on the first of March where there is none.
        ({"period": "membership_year"}, datetime(2028, 2, 28, 22, tzinfo=UTC)),
        (
            {"period": "rolling", "period_days": 30, "validity": "days", "valid_days": 10},
            datetime(2026, 3, 11, 22, tzinfo=UTC),
        ),
        ({"period": "lifetime", "validity": "forever"}, None),
    ],
)
def test_a_tier_lasts_as_long_as_its_ladder_says(change: dict[str, Any], until: datetime | None) -> None:
    step = tiers.earn(ladder(**change), Present(), spent(300), NOON, RIGA)

    assert step is not None
    assert (step.before, step.tier, step.until, step.reason) == ("bronze", "gold", until, "earned")


def test_a_membership_year_goes_from_anniversary_to_anniversary() -> None:
    of = ladder(period="membership_year").document

    assert terms.period(of, RIGA, datetime(2026, 2, 28, 21, tzinfo=UTC)) == terms.Span(
        datetime(2025, 2, 28, 22, tzinfo=UTC), datetime(2026, 2, 28, 22, tzinfo=UTC)
    )
    assert terms.period(of, RIGA, datetime(2028, 2, 28, 22, tzinfo=UTC)).since == datetime(
        2028, 2, 28, 22, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("change", "amount", "expected"),
    [
        ({}, 300, ("gold", END_OF_2027, "kept")),
        ({}, 1000, ("platinum", END_OF_2027, "earned")),
        ({}, 100, ("silver", END_OF_2027, "lowered")),
        ({}, 0, ("bronze", None, "lowered")),
        ({"downgrade": "one_step"}, 0, ("silver", END_OF_2027, "lowered")),
        ({"downgrade": "to_base"}, 100, ("bronze", None, "lowered")),
        ({"soft_landing": True}, 0, ("silver", END_OF_2027, "lowered")),
    ],
)
def test_what_follows_upon_a_tier_whose_time_is_over(
    change: dict[str, Any], amount: int, expected: tuple[str | None, datetime | None, str]
) -> None:
    assert reviewed(ladder(**change), gold(), amount) == expected


def test_who_landed_softly_falls_the_next_time_as_the_ladder_says() -> None:
    of = ladder(soft_landing=True)
    landed = tiers.review(of, gold(), spent(0), spent(0), RIGA)
    silver = Present(landed.tier, landed.since, landed.until, landed.gained, landed.detail)
    platinum = gold(tier="platinum", detail=Detail(landed=True))

    assert landed.detail.landed
    assert reviewed(of, silver, 0) == ("bronze", None, "lowered")
    assert reviewed(of, platinum, 0) == ("bronze", None, "lowered")


def test_in_its_days_of_grace_what_is_bought_still_counts_for_the_year_that_ended() -> None:
    of = ladder(grace_days=10)
    until = datetime(2027, 1, 10, 22, tzinfo=UTC)

    span = terms.judged(of.document, RIGA, until)

    assert (span.since, span.until) == (datetime(2025, 12, 31, 22, tzinfo=UTC), until)
    # Kept by 2026, it lasts to the end of 2027 and its grace.
    assert reviewed(of, gold(until), 300)[:2] == ("gold", datetime(2028, 1, 10, 22, tzinfo=UTC))


def test_a_tier_given_by_hand_falls_to_what_was_bought_unless_the_match_was_met() -> None:
    match = msgspec.convert([[{"measure": "purchases", "at_least": 2}]], type=LadderMatch)
    given = Present("black", NOON, END_OF_2026, None, Detail(match=match), reviewed=False)
    of = ladder()

    missed = tiers.review(of, given, spent(150), Measures(purchases=1), RIGA)
    met = tiers.review(of, given, spent(150), Measures(purchases=2), RIGA)

    assert (missed.tier, missed.reason) == ("silver", "lowered")
    assert (met.tier, met.until, met.reason) == ("black", END_OF_2027, "kept")
    assert tiers.earn(of, given, spent(2000), NOON, RIGA) is None  # nothing that is bought is above it


LadderMatch = tuple[tiers.Way, ...]


def test_a_tier_of_before_whose_time_is_not_over_goes_on() -> None:
    before = Before("silver", END_OF_2027, None)
    step = tiers.review(ladder(), gold(detail=Detail(before)), spent(0), spent(0), RIGA)

    assert (step.tier, step.until, step.gained, step.reason) == ("silver", END_OF_2027, None, "restored")


@pytest.mark.parametrize(
    ("then", "now", "before", "expected"),
    [
        (300, 0, None, None),  # still enough in the year in which it was gained
        (200, 300, None, None),  # and anew in this one
        (200, 200, None, ("silver", "undone")),
        (0, 0, None, ("bronze", "undone")),
        (0, 0, Before("silver", END_OF_2027, "kept"), ("silver", "undone")),
        (0, 0, Before("silver", datetime(2026, 1, 1, tzinfo=UTC), "kept"), ("bronze", "undone")),
    ],
)
def test_a_return_undoes_what_rested_on_it(
    then: int, now: int, before: Before | None, expected: tuple[str, str] | None
) -> None:
    present = gold(detail=Detail(before))
    step = tiers.undo(ladder(), present, spent(then), spent(now), NOON, RIGA)

    assert (step and (step.tier, step.reason)) == expected


def test_a_tier_that_was_kept_or_given_is_not_undone_by_a_return() -> None:
    for gained in ("kept", None):
        assert tiers.undo(ladder(), gold(gained=gained), spent(0), spent(0), NOON, RIGA) is None


def test_whose_tier_is_over_and_not_looked_at_waits_for_that() -> None:
    over = gold(datetime(2026, 2, 1, tzinfo=UTC))

    assert tiers.earn(ladder(), over, spent(100), NOON, RIGA) is None
    looked_at = msgspec.structs.replace(over, reviewed=True)
    step = tiers.earn(ladder(), looked_at, spent(100), NOON, RIGA)
    assert step is not None
    assert (step.tier, step.detail.before) == ("silver", None)


def test_of_several_ways_the_nearest_stands_first_and_is_as_far_as_its_last_part() -> None:
    ways = msgspec.convert(
        [
            [{"measure": "spend", "at_least": 1000}, {"measure": "visit_days", "at_least": 10}],
            [{"measure": "purchases", "at_least": 4}],
        ],
        type=LadderMatch,
    )
    found = tiers.on_ways(ways, Measures(spend=900, purchases=1, visit_days=2))

    assert [one.permille for one in found] == [250, 200]
    assert [part.missing for part in found[1].parts] == [100, 8]
    assert found[0].parts[0].missing == 3
