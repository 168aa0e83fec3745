"""Tiers for any ladder and any sums: more never lowers, and what is decided twice is decided alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from regulars.members import tiers
from regulars.members.ladders import Ladder, LadderDocument, PeriodKind, Requirement, Tier
from regulars.members.terms import Calendar, judged, period
from regulars.members.tiers import Measures, Present

CALENDAR = Calendar(ZoneInfo("Europe/Riga"), datetime(2021, 5, 17, tzinfo=UTC))
instants = st.datetimes(datetime(2022, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
sums = st.builds(
    Measures, spend=st.integers(0, 50), purchases=st.integers(0, 20), visit_days=st.integers(0, 20)
)
requirements = st.builds(
    Requirement, measure=st.sampled_from(["spend", "purchases", "visit_days"]), at_least=st.integers(1, 40)
)
ways = st.lists(st.lists(requirements, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple)

PERIODS: list[tuple[PeriodKind, Literal["rest_and_next_period", "days", "forever"]]] = [
    ("calendar_year", "rest_and_next_period"),
    ("membership_year", "rest_and_next_period"),
    ("rolling", "days"),
    ("lifetime", "forever"),
]


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Any ladder of up to four tiers, whatever its thresholds."""
    based = draw(st.booleans())
    steps = draw(st.lists(ways, min_size=1, max_size=3))
    found = [Tier("base")] if based else []
    found += [Tier(f"t{n}", way) for n, way in enumerate(steps)]
    kind, validity = draw(st.sampled_from(PERIODS))
    document = LadderDocument(
        tuple(found),
        period=kind,
        period_days=90 if kind == "rolling" else 0,
        validity=validity,
        valid_days=60 if validity == "days" else 0,
        downgrade=draw(st.sampled_from(["one_step", "by_balance", "to_base"])),
        grace_days=0 if validity == "forever" else draw(st.integers(0, 40)),
    )
    return Ladder("any", 1, document)


def more(one: Measures, other: Measures) -> Measures:
    return Measures(
        one.spend + other.spend, one.purchases + other.purchases, one.visit_days + other.visit_days
    )


@given(ladders(), sums, sums, instants)
def test_more_of_anything_never_lowers(
    ladder: Ladder, some: Measures, further: Measures, at: datetime
) -> None:
    rank = tiers.qualified(ladder, some)
    higher = tiers.qualified(ladder, more(some, further))
    step = tiers.earn(ladder, Present(), some, at, CALENDAR)
    beyond = tiers.earn(ladder, Present(), more(some, further), at, CALENDAR)

    assert higher >= rank
    assert step is None or (beyond is not None and ladder.rank(beyond.tier) >= ladder.rank(step.tier))


@given(ladders(), sums, instants)
def test_what_was_decided_is_not_decided_again(ladder: Ladder, some: Measures, at: datetime) -> None:
    step = tiers.earn(ladder, Present(), some, at, CALENDAR)
    if step is None:
        return
    now = Present(step.tier, step.since, step.until, step.gained, step.detail, False)

    assert tiers.earn(ladder, now, some, at, CALENDAR) is None
    assert tiers.undo(ladder, now, some, some, at, CALENDAR) is None
    assert step.until is None or step.until > at


@given(ladders(), sums, sums, instants)
def test_a_review_is_never_better_for_who_reached_less(
    ladder: Ladder, some: Measures, further: Measures, at: datetime
) -> None:
    first = tiers.earn(ladder, Present(), more(some, further), at, CALENDAR)
    if first is None or first.until is None:
        return
    held = Present(first.tier, first.since, first.until, first.gained, first.detail, False)
    less, better = [
        tiers.review(ladder, held, reached, reached, CALENDAR) for reached in (some, more(some, further))
    ]

    assert ladder.rank(better.tier) >= ladder.rank(less.tier)
    assert better.reason == "kept"
    # A term follows upon the one before, without a gap and without end in the past.
    assert better.since == first.until
    assert better.until is not None
    assert better.until > first.until


@given(ladders(), instants)
def test_an_instant_lies_in_its_period_and_the_judged_one_ends_with_the_term(
    ladder: Ladder, at: datetime
) -> None:
    span = period(ladder.document, CALENDAR, at)
    assert span.since <= at < span.until
    if ladder.document.validity != "forever":
        over = judged(ladder.document, CALENDAR, at + timedelta(days=400))
        assert over.until >= at + timedelta(days=400)
