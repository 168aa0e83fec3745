"""Scarce things and callers at once: exactly what there is is given; and without its guard each race goes red."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql

from regulars.flows import claims, giving_back
from regulars.ledger import book
from regulars.promotions import catalogue, counters
from tests.races import scarce
from tests.races.acts import Houses


@pytest.mark.scenario("S4")
async def test_a_hundred_tills_give_a_budget_to_the_cent(houses: Houses) -> None:
    await scarce.spend_a_budget(houses)


async def test_a_hundred_tills_give_a_budget_in_slices_to_the_cent(houses: Houses) -> None:
    await scarce.spend_a_budget(houses, slices=8)


async def test_a_hundred_tills_and_a_promotion_that_refuses_the_last_bit(houses: Houses) -> None:
    await scarce.refuse_the_last_bit(houses)


async def test_a_use_limit_is_never_passed_and_never_left_over(houses: Houses) -> None:
    await scarce.use_up_a_limit(houses)


async def test_one_member_at_many_tills(houses: Houses) -> None:
    await scarce.use_up_one_members_limit(houses)


async def test_a_unique_code_is_used_once(houses: Houses) -> None:
    await scarce.use_one_code(houses)


async def test_batches_that_cross_a_budget_together(houses: Houses) -> None:
    await scarce.cross_a_budget_by_batches(houses)


async def test_a_purchase_that_is_voided_many_times_gives_back_once(houses: Houses) -> None:
    await scarce.void_one_purchase_many_times(houses)


async def test_a_hold_is_confirmed_while_it_lapses(houses: Houses) -> None:
    await scarce.confirm_while_it_lapses(houses)


async def test_a_hold_lapses_and_is_voided_while_others_want_what_it_has(houses: Houses) -> None:
    await scarce.lapse_and_void_and_use(houses)


async def test_a_piece_that_comes_back_many_times_gives_back_once(houses: Houses) -> None:
    await scarce.return_one_line_many_times(houses)


async def test_what_was_read_long_before_the_claim_does_no_harm(houses: Houses, slow: None) -> None:
    await scarce.spend_a_budget(houses, slices=8)


# Each guard is taken away, and the race that rests on it must go red --------------------------------------


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading what is left and claiming it each application waits for the other to have read the same.

    It waits half a second at the most: the other may have nothing left to sell.
    """
    honest = claims.claim
    both = asyncio.Barrier(2)

    async def late(*arguments: Any) -> Any:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 0.5)
        return await honest(*arguments)

    monkeypatch.setattr(claims, "claim", late)


UNGUARDED = sql.SQL("""
INSERT INTO limit_use AS u (program, home, holder, period, promotion, rule, slice, used, granted, cap)
SELECT %s, home, holder, period, promotion, rule, slice, amount, amount, cap
FROM unnest(%b::smallint[], %b::uuid[], %b::integer[], %b::uuid[], %b::text[], %b::smallint[], %b::bigint[],
    %b::bigint[]) AS t (home, holder, period, promotion, rule, slice, amount, cap)
ON CONFLICT (program, home, holder, period, promotion, rule, slice) DO UPDATE
SET granted = excluded.granted, used = u.used + excluded.granted, cap = excluded.cap
RETURNING holder, period, promotion, rule, granted
""")


@pytest.mark.full
@pytest.mark.parametrize(
    "act",
    [scarce.spend_a_budget, scarce.use_up_a_limit, scarce.use_one_code, scarce.cross_a_budget_by_batches],
)
async def test_without_the_guard_in_the_claim_more_is_given_than_there_is(
    houses: Houses, slow: None, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    monkeypatch.setattr(catalogue.SQL, "claim", UNGUARDED)

    with pytest.raises(AssertionError):
        await act(houses)


@pytest.mark.full
@pytest.mark.parametrize("act", [scarce.spend_a_budget, scarce.use_one_code])
async def test_when_nobody_reads_what_was_granted_more_is_given_than_there_is(
    houses: Houses, slow: None, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    honest = claims.claim

    async def deaf(tx: Any, program: Any, wanted: Any, *rest: Any) -> Any:
        await honest(tx, program, wanted, *rest)
        return {counter: claim.amount for counter, claim in wanted.items()}

    monkeypatch.setattr(claims, "claim", deaf)

    with pytest.raises(AssertionError):
        await act(houses)


@pytest.mark.full
async def test_without_the_guard_in_the_slices_a_sliced_budget_is_passed(
    houses: Houses, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.SQL, "claim", UNGUARDED)
    monkeypatch.setattr(catalogue.SQL, "claim_over_slices", UNGUARDED)

    with pytest.raises(AssertionError):
        await scarce.spend_a_budget(houses, slices=8)


@pytest.mark.full
async def test_without_the_key_of_a_give_back_and_the_lock_it_comes_back_twice(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = counters.give_back

    async def again(tx: Any, program: Any, kind: Any, at: Any, backs: Any) -> None:
        await asyncio.sleep(0.3)
        renamed = [counters.Back(b.purchase, b.counter, uuid4(), b.amount) for b in backs]
        await honest(tx, program, kind, at, renamed)

    async def unlocked(*_: Any) -> None:
        return

    monkeypatch.setattr(counters, "give_back", again)
    monkeypatch.setattr(book, "lock", unlocked)

    with pytest.raises(AssertionError):
        await scarce.void_one_purchase_many_times(houses)


@pytest.mark.full
async def test_without_the_end_of_the_hold_in_one_write_a_confirmed_purchase_loses_what_it_has(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind(*_: Any) -> bool:
        return True

    monkeypatch.setattr(giving_back.counters, "end_hold", blind)

    with pytest.raises(AssertionError):
        await scarce.confirm_while_it_lapses(houses)
