"""Rewards and callers at once: exactly what there is is given; and without its guard each race goes red."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from regulars.db.pool import Transaction
from regulars.promotions import vouchers
from regulars.rewards import catalogue, redemptions
from tests.races import rewards
from tests.races.acts import Houses
from tests.races.test_guards import unlocked

__all__ = ["unlocked"]

RACES = [
    rewards.claim_the_last_five,
    rewards.claim_beyond_a_limit,
    rewards.claim_beyond_ones_own_limit,
    rewards.redeem_one_voucher_many_times,
    rewards.cancel_one_many_times,
    rewards.cancel_and_fulfil_at_once,
    rewards.cancel_and_use_a_voucher_at_once,
]
OVERDRAWN = sql.SQL("""
UPDATE reward_stock SET remaining = greatest(remaining - %(quantity)s, 0)
WHERE program = %(program)s AND reward = %(reward)s AND store = %(store)s
RETURNING remaining
""")
UNLIMITED = sql.SQL("""
INSERT INTO reward_use AS u (program, home, holder, reward, period, used)
SELECT i.program, t.home, t.holder, i.reward, t.period, i.quantity
FROM (SELECT %s::uuid AS program, %s::uuid AS reward, %s::bigint AS quantity) AS i
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::integer[], %b::bigint[]) AS t (home, holder, period, most)
ON CONFLICT (program, home, holder, reward, period) DO UPDATE SET used = u.used + excluded.used
WHERE cardinality(%b::uuid[]) + cardinality(%b::integer[]) + cardinality(%b::bigint[]) > 0
RETURNING holder, period
""")


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
async def test_exactly_what_there_is_is_given(houses: Houses, race: Any) -> None:
    await race(houses)


# Each guard is taken away, and the race that rests on it must go red --------------------------------------


async def test_a_voucher_that_is_blocked_meanwhile_is_not_redeemed(houses: Houses) -> None:
    await rewards.block_while_it_is_redeemed(houses)


@pytest.mark.full
async def test_without_the_guard_of_the_stock_more_is_given_than_there_is(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.SQL, "take_stock", OVERDRAWN)
    with pytest.raises(AssertionError):
        await rewards.claim_the_last_five(houses)


@pytest.mark.full
@pytest.mark.parametrize("race", [rewards.claim_beyond_a_limit, rewards.claim_beyond_ones_own_limit])
async def test_without_the_guard_of_the_limit_it_is_passed(
    houses: Houses, monkeypatch: pytest.MonkeyPatch, race: Any
) -> None:
    monkeypatch.setattr(catalogue.SQL, "use", UNLIMITED)
    with pytest.raises(AssertionError):
        await race(houses)


@pytest.mark.full
@pytest.mark.parametrize(
    "race", [rewards.redeem_one_voucher_many_times, rewards.cancel_and_use_a_voucher_at_once]
)
async def test_without_the_claim_of_its_use_a_voucher_counts_twice(
    houses: Houses, monkeypatch: pytest.MonkeyPatch, race: Any
) -> None:
    async def take(*_: Any) -> bool:
        return True

    monkeypatch.setattr(vouchers, "take", take)
    with pytest.raises(AssertionError):
        await race(houses)


@pytest.mark.full
@pytest.mark.parametrize("race", [rewards.cancel_one_many_times, rewards.cancel_and_fulfil_at_once])
async def test_without_the_lock_and_the_key_of_a_step_a_redemption_ends_twice(
    houses: Houses, unlocked: None, monkeypatch: pytest.MonkeyPatch, race: Any
) -> None:
    """Either of the two alone still guards it."""
    honest = redemptions.step

    async def step(tx: Transaction, *arguments: Any) -> bool:
        await honest(tx, *arguments)
        return True

    monkeypatch.setattr(redemptions, "step", step)
    with pytest.raises(AssertionError):
        await race(houses)
