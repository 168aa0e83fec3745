"""Statements with running sums, and balances as of one instant and as known at another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.ledger.statement import Statement, page_of_the_past, statement
from tests.conftest import START
from tests.ledger.desk import PTS, Desk

DAY = timedelta(days=1)
END = START + 100 * DAY


@pytest.fixture
def desk(database: Database, program: UUID) -> Desk:
    return Desk(database, program, START)


async def read(desk: Desk, pool: UUID, **given: Any) -> Statement:
    given = {"since": START - 10 * DAY, "until": END, **given}
    async with desk.database.transaction(desk.program) as tx:
        return await statement(tx, desk.program, 7, pool, **given)


async def past(desk: Desk, pool: UUID, effective_at: datetime, recorded_at: datetime) -> tuple[int, ...]:
    async with desk.database.transaction(desk.program) as tx:
        page = await page_of_the_past(
            tx, desk.program, 7, pool, effective_at=effective_at, recorded_at=recorded_at
        )
    balance = page.balance(PTS, effective_at)
    return balance.available, balance.pending, balance.held, balance.debt


async def a_week(desk: Desk) -> UUID:
    """Day 0: earn 100; day 1: spend 30; day 2: earn 7 miles and 20 points; day 3: 20 points expire."""
    pool = await desk.open()
    await desk.give(pool, 100)
    desk.at = START + DAY
    async with desk.page(pool) as page:
        desk.begin(page, reason="coffee")
        page.spend(PTS, 30, desk.at)
    desk.at = START + 2 * DAY
    async with desk.page(pool) as page:
        desk.begin(page)
        page.earn("MIL", 7, earned_at=desk.at, active_at=desk.at, expires_at=None, issuer=None, funder=None)
        desk.earn(page, 20, expires=START + 3 * DAY)
    desk.at = START + 4 * DAY
    async with desk.page(pool) as page:
        assert page.expire(desk.at) == 20
    return pool


async def test_a_statement_has_the_newest_first_and_what_stood_in_the_account_after_each(desk: Desk) -> None:
    pool = await a_week(desk)
    rows = [(m.kind, m.currency, m.change, m.balance) for m in (await read(desk, pool)).items]
    assert rows == [
        ("expiry", PTS, -20, 70),
        ("purchase", PTS, 20, 90),
        ("purchase", "MIL", 7, 7),
        ("purchase", PTS, -30, 70),
        ("purchase", PTS, 100, 100),
    ]


async def test_a_statement_is_cut_by_dates_and_currency_and_its_sums_begin_before_it(desk: Desk) -> None:
    pool = await a_week(desk)
    cut = await read(desk, pool, since=START + DAY, until=START + 4 * DAY, currency=PTS)
    assert [(m.change, m.balance, m.reason) for m in cut.items] == [(20, 90, ""), (-30, 70, "coffee")]


async def test_pages_of_a_statement_join_without_gap_or_overlap(desk: Desk) -> None:
    pool = await a_week(desk)
    whole = (await read(desk, pool)).items
    cursor, joined = None, []
    while True:
        part = await read(desk, pool, cursor=cursor, limit=2)
        joined.extend(part.items)
        cursor = part.next
        if cursor is None:
            break
    assert tuple(joined) == whole


async def test_debt_stands_in_the_statement_beside_the_points(desk: Desk) -> None:
    pool, purchase = await desk.open(), ids.new()
    lot = await desk.give(pool, 10, purchase=purchase)
    async with desk.page(pool) as page:
        desk.begin(page)
        page.spend(PTS, 10, START)
        desk.begin(page, "return")
        page.admit(page.lot(lot))
        page.take_back(PTS, 10, [lot], "debt", START)
        desk.begin(page)
        desk.earn(page, 4)
    rows = [(m.kind, m.change, m.debt_change, m.balance, m.debt) for m in (await read(desk, pool)).items]
    assert rows == [
        ("debt_payment", -4, -4, 0, 6),
        ("purchase", 4, 0, 4, 10),
        ("return", 0, 10, 0, 10),
        ("purchase", -10, 0, 0, 0),
        ("purchase", 10, 0, 10, 0),
    ]


async def test_a_statement_that_was_printed_never_changes_when_something_is_learned_late(desk: Desk) -> None:
    pool = await a_week(desk)
    printed = await read(desk, pool, until=desk.at + DAY)
    desk.at = START + 6 * DAY
    async with desk.page(pool) as page:
        desk.begin(page, effective_at=START + DAY)
        desk.earn(page, 50, earned=START + DAY, active=START + DAY)
    assert await read(desk, pool, until=START + 5 * DAY) == printed


async def test_a_balance_is_as_of_one_instant_and_as_known_at_another(desk: Desk) -> None:
    pool = await a_week(desk)
    desk.at = START + 6 * DAY
    async with desk.page(pool) as page:
        desk.begin(page, effective_at=START + DAY)
        desk.earn(page, 50, earned=START + DAY, active=START + DAY)
    noon = timedelta(hours=12)
    assert await past(desk, pool, START + noon, END) == (100, 0, 0, 0)
    assert await past(desk, pool, START + DAY + noon, START + 5 * DAY) == (70, 0, 0, 0)
    assert await past(desk, pool, START + DAY + noon, START + 6 * DAY) == (120, 0, 0, 0)
    assert await past(desk, pool, START + 2 * DAY, START + 5 * DAY) == (90, 0, 0, 0)
    assert await past(desk, pool, START + 3 * DAY, START + 3 * DAY) == (70, 0, 0, 0)
    assert await past(desk, pool, START - DAY, END) == (0, 0, 0, 0)


async def test_a_hold_of_the_past_is_held_until_it_ended(desk: Desk) -> None:
    pool, hold = await desk.open(), ids.new()
    await desk.give(pool, 100)
    async with desk.page(pool) as page:
        page.hold(hold, None, {PTS: 40}, START, START + 5 * DAY)
    desk.at = START + 2 * DAY
    async with desk.page(pool) as page:
        desk.begin(page)
        page.capture(hold, {PTS: 25}, desk.at)
    assert await past(desk, pool, START + DAY, END) == (60, 0, 40, 0)
    assert await past(desk, pool, START + 2 * DAY, END) == (75, 0, 0, 0)


async def test_points_spent_by_a_late_receipt_before_they_came_are_owed_until_they_come(desk: Desk) -> None:
    pool = await desk.open()
    desk.at = START + 3 * DAY
    await desk.give(pool, 10)
    async with desk.page(pool) as page:
        desk.begin(page, effective_at=START + DAY)
        page.spend(PTS, 4, desk.at)
    assert await past(desk, pool, START + 2 * DAY, END) == (0, 0, 0, 4)
    assert await past(desk, pool, START + 3 * DAY, END) == (6, 0, 0, 0)
