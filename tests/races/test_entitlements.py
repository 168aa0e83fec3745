"""Entitlements and callers at once: exactly what there is is used; and without its guard each race goes red."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from psycopg import sql

from regulars.db.pool import Transaction
from regulars.flows import sharing
from regulars.flows.read_member import member_of
from regulars.members.model import Member
from regulars.programs.model import Program
from regulars.rewards import entitlement_book
from tests.races import entitlements
from tests.races.acts import Houses

RACES = [
    entitlements.use_the_last_of_a_quota,
    entitlements.book_the_last_of_a_slot,
    entitlements.cancel_and_check_in_at_once,
]
OVERBOOKED = sql.SQL("""
INSERT INTO entitlement_slot AS s (program, store, code, at, taken)
VALUES (%(program)s, %(store)s, %(code)s, %(at)s, %(people)s)
ON CONFLICT (program, store, code, at) DO UPDATE SET taken = s.taken + excluded.taken
WHERE %(capacity)s::integer > 0
RETURNING taken
""")
CHECKED_IN_ANYHOW = sql.SQL("""
UPDATE entitlement_use SET state = 'used', ended_at = %(at)s, ended_by = %(by)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s
RETURNING id
""")
ENDED_ANYHOW = sql.SQL("""
UPDATE entitlement_use SET state = %(to)s, counts = %(counts)s, ended_at = %(at)s, ended_by = %(by)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND %(from)s <> ''
RETURNING id
""")


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
async def test_exactly_what_there_is_is_used(houses: Houses, race: Any) -> None:
    await race(houses)


# Each guard is taken away, and the race that rests on it must go red --------------------------------------


@pytest.mark.full
async def test_without_the_lock_on_her_pool_a_use_is_taken_twice(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_read = asyncio.Barrier(2)
    honest = entitlement_book.taken

    async def unlocked(tx: Transaction, program: Program, member: UUID, *_: UUID) -> Member:
        return await member_of(tx, program, member)

    async def taken(*arguments: Any) -> Any:
        found = await honest(*arguments)
        async with asyncio.timeout(10):
            await both_have_read.wait()
        return found

    monkeypatch.setattr(sharing, "locked_member", unlocked)
    monkeypatch.setattr(entitlement_book, "taken", taken)
    with pytest.raises(AssertionError):
        await entitlements.use_the_last_of_a_quota(houses, callers=2)


@pytest.mark.full
async def test_without_the_guard_of_the_slot_more_come_than_there_is_room_for(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entitlement_book.SQL, "take_slot", OVERBOOKED)
    with pytest.raises(AssertionError):
        await entitlements.book_the_last_of_a_slot(houses)


@pytest.mark.full
async def test_without_the_guard_of_its_state_a_booking_is_cancelled_and_used(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entitlement_book.SQL, "check_in", CHECKED_IN_ANYHOW)
    monkeypatch.setattr(entitlement_book.SQL, "end", ENDED_ANYHOW)
    with pytest.raises(AssertionError):
        await entitlements.cancel_and_check_in_at_once(houses)
