"""What activity earns: the order does not matter, nothing is lost, no limit is passed, what is taken back was given."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.purchases import accruing
from regulars.purchases.accruing import Count, Slot
from regulars.purchases.activity import EarningRule, Limits
from regulars.units import ONE, Ratio

WORTH = Ratio(1)
DAY = date(2026, 3, 1)
quantities = st.integers(1, 3000).map(lambda n: n * ONE)
limits = st.builds(
    lambda day, month, year: Limits(day, day + month, day + month + year),
    st.integers(1, 20),
    st.integers(0, 40),
    st.integers(0, 40),
)
done = st.lists(st.tuples(st.integers(0, 40), quantities), max_size=25)


def rule(most: Limits) -> EarningRule:
    return EarningRule("PTS", "per", 1, "200", limits=most, carry="day")


def earn(
    by: EarningRule, acts: list[tuple[int, int]], counts: dict[Slot, Count] | None = None
) -> tuple[int, dict[Slot, Count]]:
    """All that these earn one after the other, each on its day."""
    total, state = 0, dict(counts or {})
    for day, quantity in acts:
        accrued = accruing.accrue(by, state, DAY + timedelta(days=day), 0, quantity, WORTH)
        state |= accrued.counts
        total += accrued.amount
    return total, state


def by_hand(most: Limits, acts: list[tuple[int, int]]) -> int:
    """Days first, then months of days, then years of months, each cut at its limit."""
    days: dict[date, int] = {}
    for day, quantity in acts:
        when = DAY + timedelta(days=day)
        days[when] = days.get(when, 0) + quantity
    months: dict[date, int] = {}
    for when, quantity in days.items():
        first = when.replace(day=1)
        got = min(quantity // (200 * ONE), most.day or 10**12)
        months[first] = months.get(first, 0) + got
    return min(sum(min(got, most.month or 10**12) for got in months.values()), most.year or 10**12)


@given(limits, done, st.randoms(use_true_random=False))
def test_any_order_earns_what_the_days_and_months_come_to(most: Limits, acts, chance) -> None:
    shuffled = list(acts)
    chance.shuffle(shuffled)
    assert earn(rule(most), acts)[0] == earn(rule(most), shuffled)[0] == by_hand(most, acts)


@given(limits, done)
def test_what_is_corrected_as_a_whole_leaves_what_the_others_earn(most: Limits, acts) -> None:
    if not acts:
        return
    total, state = earn(rule(most), acts)
    day, quantity = acts[0]
    back = accruing.accrue(rule(most), state, DAY + timedelta(days=day), quantity, 0, WORTH)
    assert back.amount <= 0
    assert total + back.amount == by_hand(most, acts[1:])


@given(done, st.integers(1, 999_999))
def test_a_share_of_many_amounts_is_the_share_of_their_sum(acts, ppm: int) -> None:
    share = EarningRule("CASH", "percent", rate=f"0.{ppm:06d}", carry="year")
    total, _ = earn(share, acts)
    money = sum(quantity for _, quantity in acts) // ONE
    assert total == (2 * money * ppm + 10**6) // (2 * 10**6)


@given(st.integers(-(10**15), 10**15))
def test_a_month_that_is_below_zero_takes_back_what_its_mirror_would_give(quantity: int) -> None:
    monthly = EarningRule("CASH", "percent", rate="0.1", when="monthly")
    slot = Slot("CASH", "month", DAY)
    given_ = accruing.close(monthly, {slot: Count(quantity * ONE)}, DAY, WORTH).amount
    assert given_ == -accruing.close(monthly, {slot: Count(-quantity * ONE)}, DAY, WORTH).amount


@given(limits, limits, done, done)
def test_a_changed_limit_takes_nothing_back_and_gives_nothing_for_what_was_before(
    before: Limits, after: Limits, first, then
) -> None:
    _, state = earn(rule(before), first)
    for day, quantity in then:
        accrued = accruing.accrue(rule(after), state, DAY + timedelta(days=day), 0, quantity, WORTH)
        state |= accrued.counts
        assert 0 <= accrued.amount <= quantity // (200 * ONE) + 1
