"""Activity under many callers at once; and that each race goes red without what guards it."""

from __future__ import annotations

from typing import Any, LiteralString, cast

import pytest
from psycopg.sql import SQL

from regulars.purchases import activity_log, activity_reads
from tests.races import activity
from tests.races.acts import Houses
from tests.races.test_guards import unlocked

__all__ = ["unlocked"]


async def test_fifty_at_once_earn_no_more_than_the_days_limit(houses: Houses) -> None:
    await activity.reach_the_days_limit_together(houses)


async def test_the_same_id_twenty_times_at_once_is_one_activity(houses: Houses) -> None:
    await activity.send_one_id_many_times(houses)


async def test_the_last_point_of_a_day_goes_to_one_of_two_that_wait(houses: Houses) -> None:
    await activity.wait_for_the_last_points_of_the_day(houses)


async def test_two_decisions_at_once_are_one(houses: Houses) -> None:
    await activity.decide_twice_at_once(houses)


async def test_a_month_that_four_close_at_once_is_given_once(houses: Houses) -> None:
    await activity.close_a_month_twice_at_once(houses)


@pytest.fixture
def unguarded(unlocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the pool is locked, nor are counts and keys written only as they were read."""
    count, claim = activity_log.SQL.put_counts, activity_log.SQL.claim_keys
    blind = count.as_string().replace("WHERE c.n = excluded.n - 1 AND c.closed_at IS NULL", "")
    assert blind != count.as_string()
    again = "ON CONFLICT (program, source, request) DO UPDATE SET home = excluded.home"
    deaf = claim.as_string().replace("ON CONFLICT DO NOTHING", again)
    assert deaf != claim.as_string()
    monkeypatch.setattr(activity_log.SQL, "put_counts", SQL(cast(LiteralString, blind)))
    monkeypatch.setattr(activity_log.SQL, "claim_keys", SQL(cast(LiteralString, deaf)))


@pytest.mark.full
async def test_without_lock_and_guard_more_than_the_days_limit_is_earned(
    houses: Houses, unguarded: None
) -> None:
    with pytest.raises(AssertionError):
        await activity.reach_the_days_limit_together(houses)


@pytest.mark.full
async def test_without_lock_and_key_the_same_id_is_recorded_twice(houses: Houses, unguarded: None) -> None:
    with pytest.raises(AssertionError):
        await activity.send_one_id_many_times(houses)


@pytest.mark.full
async def test_without_the_queues_row_as_a_guard_two_decide(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always(*_: Any) -> bool:
        return True

    monkeypatch.setattr(activity_reads, "stop_waiting", always)
    with pytest.raises(AssertionError):
        await activity.decide_twice_at_once(houses)
