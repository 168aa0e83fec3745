"""Referrals under many callers: each reward once, no cap or budget passed, no circle closed; red without its guard."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from regulars.db.pool import Transaction, fetch_one
from regulars.flows import sharing
from regulars.ledger import passing
from regulars.members import reading, referral_book
from tests.api.referring import code_of, put_program
from tests.api.shop import member_with_card
from tests.races import referrals
from tests.races.acts import Houses


async def unlocked(tx: Transaction, program: Any, member: UUID, *_: UUID) -> Any:
    """A member as she is, whoever changes her."""
    return await reading.member(tx, program.id, member)


async def test_two_rounds_at_once_reward_a_friend_once(houses: Houses) -> None:
    await referrals.two_rounds_at_once(houses)


async def test_two_rounds_at_once_take_back_once(houses: Houses) -> None:
    await referrals.two_rounds_that_take_back_at_once(houses)


async def test_two_friends_at_once_do_not_pass_the_cap(houses: Houses) -> None:
    await referrals.two_friends_meet_one_cap(houses)


async def test_two_referrers_at_once_do_not_pass_the_budget(houses: Houses) -> None:
    await referrals.two_referrers_meet_one_budget(houses)


async def test_a_return_while_a_round_rewards_leaves_nothing(houses: Houses) -> None:
    await referrals.a_round_and_a_return_at_once(houses)


@pytest.mark.parametrize("first", ["purchase", "round"])
async def test_what_the_referrer_pays_with_while_a_round_waits_is_seen_by_it_or_comes_after_it(
    houses: Houses, first: str
) -> None:
    await referrals.a_round_and_the_referrers_purchase_at_once(houses, first=first)


async def test_of_two_who_name_one_another_one_is_brought(houses: Houses) -> None:
    await referrals.two_name_one_another(houses)


async def test_two_transfers_at_once_do_not_pass_the_day(houses: Houses) -> None:
    await referrals.send_up_to_a_day(houses)


async def test_a_transfer_is_taken_back_or_spent_and_never_both(houses: Houses) -> None:
    await referrals.take_back_and_spend(houses)


@pytest.mark.full
async def test_without_the_lock_two_transfers_pass_the_day(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, honest = asyncio.Barrier(2), passing.passed_since

    async def read_alike(*asked: Any) -> int:
        found = await honest(*asked)
        await both.wait()
        return found

    async def locked(*_: Any) -> None:
        return

    monkeypatch.setattr(passing, "passed_since", read_alike)
    monkeypatch.setattr(sharing, "lock_pools", locked)
    monkeypatch.setattr(sharing, "locked_member", unlocked)
    with pytest.raises(AssertionError):
        await referrals.send_up_to_a_day(houses, locking=False)


async def test_a_code_that_many_ask_for_at_once_is_one(houses: Houses) -> None:
    api = houses.at(0)
    await put_program(api)
    anna, _ = await member_with_card(api)
    assert len(set(await asyncio.gather(*[code_of(houses.at(n % 2), anna) for n in range(6)]))) == 1


@pytest.mark.full
async def test_without_the_guard_in_the_write_the_budget_is_passed(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looked_first(
        tx: Transaction, program: UUID, referrer: UUID, period: str, wanted: int, most: int
    ) -> bool:
        key = (program, referrer, period)
        asked = "SELECT used FROM referral_use WHERE program = %s AND referrer = %s AND period = %s"
        row = await fetch_one(tx, asked, key)
        if (row[0] if row else 0) + wanted > most:
            return False
        named = {
            "program": program, "home": 0 if referrer == program else referrer.int & 1023, "referrer": referrer,
            "period": period, "wanted": wanted, "most": 2**62,
        }  # fmt: skip
        await tx.execute(referral_book.SQL.use, named)
        return True

    monkeypatch.setattr(referral_book, "_use", looked_first)
    with pytest.raises(AssertionError):
        await referrals.two_referrers_meet_one_budget(houses)


@pytest.mark.full
async def test_without_the_lock_two_close_a_circle(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    both, honest = asyncio.Barrier(2), referral_book.refer

    async def refer(*asked: Any) -> bool:
        await both.wait()
        return await honest(*asked)

    monkeypatch.setattr(sharing, "locked_member", unlocked)
    monkeypatch.setattr(referral_book, "refer", refer)
    with pytest.raises(AssertionError):
        await referrals.two_name_one_another(houses)


@pytest.mark.full
async def test_without_what_was_given_being_read_again_the_key_still_gives_once(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(tx: Transaction, program: UUID, friends: Any) -> dict[UUID, set[int]]:
        return {one: set() for one in friends}

    monkeypatch.setattr(referral_book, "steps_of", never)
    await referrals.two_rounds_at_once(houses)
