"""The flows that move points by hand or by the clock: adjustments, transfers, expiry, lapsing holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database
from regulars.db.requests import Answer, Request
from regulars.errors import (
    CurrencyUnknown,
    InsufficientPoints,
    InvalidValue,
    NotFound,
    RequestKeyReused,
)
from regulars.flows.adjust_points import NewAdjustment, adjust_points
from regulars.flows.expire_points import expire_points
from regulars.flows.lapse_holds import lapse_holds
from regulars.flows.transfer_points import NewTransfer, transfer_points
from regulars.programs import reading
from regulars.programs.model import Program
from tests.conftest import START
from tests.ledger.desk import PTS, Desk

DAY = timedelta(days=1)


@pytest.fixture
def desk(database: Database, program: UUID) -> Desk:
    return Desk(database, program, START)


async def member(desk: Desk, home: int = 7) -> UUID:
    """A member whose pool has her own id."""
    pool = await desk.open(home)
    async with desk.database.transaction(desk.program) as tx:
        await tx.execute(
            "INSERT INTO member (program, home, id, pool, language, source, enrolled_at)"
            " VALUES (%s, %s, %s, %s, 'en', 'api', %s)",
            (desk.program, home, pool, pool, START),
        )
    return pool


async def load(desk: Desk) -> Program:
    async with desk.database.transaction(desk.program) as tx:
        return await reading.load(tx, desk.program)


def request(desk: Desk, key: str, body: Any) -> Request:
    return Request(desk.program, desk.program, key, requests.digest("/", msgspec.to_builtins(body)), desk.at)


async def adjust(desk: Desk, who: UUID, amount: int, *, key: str = "a", currency: str = PTS) -> Answer:
    new = NewAdjustment(currency, amount, "apology")
    program = await load(desk)
    return await adjust_points(desk.database, program, request(desk, key, new), "test", who, new)


async def transfer(desk: Desk, who: UUID, to: UUID, amount: int, *, key: str = "t") -> Answer:
    new = NewTransfer(ids.show("mem", to), PTS, amount)
    return await transfer_points(desk.database, await load(desk), request(desk, key, new), "test", who, new)


async def test_an_adjustment_is_done_once_and_a_replay_gets_the_first_answer(desk: Desk) -> None:
    who = await member(desk)
    first, again = await adjust(desk, who, 40), await adjust(desk, who, 40)
    body = msgspec.json.decode(first.body)
    assert (first.status, body["amount"], body["available"], body["id"][:4]) == (201, 40, 40, "pst_")
    assert again == replace(first, replayed=True)
    assert await desk.figures(who) == (40, 0, 0, 0)
    with pytest.raises(RequestKeyReused):
        await adjust(desk, who, 41)
    assert msgspec.json.decode((await adjust(desk, who, -15, key="b")).body)["available"] == 25
    assert await desk.in_order()


async def test_a_refused_adjustment_leaves_no_trace_and_its_key_free(desk: Desk) -> None:
    who = await member(desk)
    await adjust(desk, who, 10)
    with pytest.raises(InsufficientPoints):
        await adjust(desk, who, -11, key="b")
    with pytest.raises(InvalidValue):
        await adjust(desk, who, 0, key="b")
    with pytest.raises(CurrencyUnknown):
        await adjust(desk, who, 1, key="b", currency="NONE")
    with pytest.raises(NotFound):
        await adjust(desk, ids.new(7), 1, key="b")
    assert await desk.figures(who) == (10, 0, 0, 0)
    assert (await adjust(desk, who, -10, key="b")).status == 201


async def test_adjusted_points_expire_at_the_end_of_the_last_day_in_the_programs_time_zone(
    desk: Desk,
) -> None:
    who = await member(desk)
    async with desk.database.transaction(desk.program) as tx:
        await tx.execute("UPDATE currency SET expires_after_days = 1")
    await adjust(desk, who, 10)
    # 2 March, 24:00 in Rīga is 22:00 UTC.
    end = START.replace(day=2, hour=22)
    assert await desk.figures(who, end - timedelta(microseconds=1)) == (10, 0, 0, 0)
    assert await desk.figures(who, end) == (0, 0, 0, 0)


async def test_transferred_points_keep_their_date_and_cannot_be_sent_twice(desk: Desk) -> None:
    giver, taker = await member(desk, 3), await member(desk, 9)
    await desk.give(giver, 30, expires=START + DAY)
    await desk.give(giver, 30)
    first = await transfer(desk, giver, taker, 40)
    assert msgspec.json.decode(first.body)["available"] == 20
    assert (await transfer(desk, giver, taker, 40)).replayed
    assert (await desk.figures(giver), await desk.figures(taker)) == ((20, 0, 0, 0), (40, 0, 0, 0))
    assert await desk.figures(taker, START + DAY) == (10, 0, 0, 0)
    with pytest.raises(InsufficientPoints):
        await transfer(desk, giver, taker, 21, key="u")
    with pytest.raises(InvalidValue):
        await transfer(desk, giver, giver, 1, key="u")
    with pytest.raises(NotFound):
        await transfer(desk, giver, ids.new(4), 1, key="u")
    assert await desk.in_order()


async def test_expiring_twice_changes_nothing_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.flows.expire_points.POOLS_AT_ONCE", 2)
    pools = [await desk.open(home) for home in range(5)]
    for pool in pools:
        await desk.give(pool, 10, expires=START + DAY)
        await desk.give(pool, 1)
    assert await expire_points(desk.database, desk.program, START + DAY - timedelta(microseconds=1)) == 0
    assert await expire_points(desk.database, desk.program, START + DAY) == 50
    assert await expire_points(desk.database, desk.program, START + DAY) == 0
    assert [await desk.figures(pool, START + DAY) for pool in pools] == [(1, 0, 0, 0)] * 5
    assert await desk.in_order()


async def test_what_is_held_does_not_expire_until_it_is_freed(desk: Desk) -> None:
    pool = await desk.open()
    await desk.give(pool, 10, expires=START + DAY)
    async with desk.page(pool) as page:
        page.hold(ids.new(), None, {PTS: 4}, START, START + 3 * DAY)
    assert await expire_points(desk.database, desk.program, START + 2 * DAY) == 6
    assert await desk.figures(pool, START + 2 * DAY) == (0, 0, 4, 0)
    assert await lapse_holds(desk.database, desk.program, START + 2 * DAY) == 0
    assert await lapse_holds(desk.database, desk.program, START + 3 * DAY) == 1
    assert await lapse_holds(desk.database, desk.program, START + 3 * DAY) == 0
    # The program restores what is freed after its date for 30 days.
    desk.grace_days = 30
    assert await desk.figures(pool, START + 3 * DAY) == (4, 0, 0, 0)
    assert await desk.figures(pool, START + 33 * DAY) == (0, 0, 0, 0)
    assert await desk.in_order()
