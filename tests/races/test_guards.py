"""Would the races notice? Each guard is taken away, and the race that rests on it must go red."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import psycopg
import pytest

from regulars.db.pool import fetch_one
from regulars.flows import record_purchases, standing
from regulars.flows.internal_fault import InternalFault
from regulars.flows.record_purchases import PurchaseBook, Recorded
from regulars.ledger import book
from tests.api.shop import buy, line, record
from tests.races import acts, deadlines
from tests.races.acts import Houses
from tests.races.test_purchases import bad_row

pytestmark = pytest.mark.full
__all__ = ["bad_row"]


async def must_go_red(houses: Houses, act: Awaitable[None]) -> None:
    """The act fails, though a purchase by itself succeeds: it is the guard that is missing, and nothing else."""
    with pytest.raises(AssertionError):
        await act
    await record(houses.at(0), buy("alone", None, [line(1, 100)]))


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pools are not locked, and between reading and writing there is time enough for another to read the same."""
    honest = book.write

    async def lock(*_: Any) -> None:
        return

    async def write(*arguments: Any) -> None:
        await asyncio.sleep(0.3)
        await honest(*arguments)

    monkeypatch.setattr(book, "lock", lock)
    monkeypatch.setattr(book, "write", write)


@pytest.mark.parametrize(
    "act",
    [
        acts.confirm_one_hold_many_times,
        acts.confirm_and_void_one_hold,
        acts.return_one_line_many_times,
        deadlines.confirm_while_it_lapses,
        deadlines.return_and_void_at_once,
    ],
)
async def test_without_the_lock_on_the_pool_it_goes_wrong(houses: Houses, unlocked: None, act: Any) -> None:
    await must_go_red(houses, act(houses))


# Without the lock alone the constraint on lots refuses the batch, and its halves read the books again.
async def test_without_lock_and_constraint_more_is_spent_than_there_is(
    houses: Houses, unlocked: None, administrator_url: str
) -> None:
    with psycopg.connect(administrator_url) as owner:
        owner.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS lot_check")

    await must_go_red(houses, acts.spend_one_balance(houses))

    assert await houses.rows("purchase") > 10


async def test_without_lock_and_constraint_points_are_spent_and_expire(
    houses: Houses, unlocked: None, administrator_url: str
) -> None:
    with psycopg.connect(administrator_url) as owner:
        owner.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS lot_check")

    await must_go_red(houses, deadlines.spend_while_it_expires(houses))


async def test_without_the_claim_of_the_key_a_request_is_done_twice(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def claim(*_: Any) -> None:
        return

    monkeypatch.setattr(standing, "claim", claim)

    await must_go_red(houses, acts.send_one_request_many_times(houses))


async def test_without_the_version_in_the_standing_a_stopped_promotion_goes_on(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def version(tx: Any, _: Any) -> Any:
        return await tx.execute("SELECT 0::bigint")

    monkeypatch.setattr(standing, "version", version)

    await must_go_red(houses, acts.publish_and_stop_while_buying(houses))


async def test_without_halving_a_bad_row_spoils_the_batch(
    houses: Houses, bad_row: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = PurchaseBook._record

    async def all_or_nothing(self: PurchaseBook, program: Any, batch: Any, at: Any) -> list[Recorded]:
        try:
            return await honest(self, program, batch, at)
        except psycopg.Error:
            return [Recorded(None, InternalFault())] * len(batch)

    monkeypatch.setattr(record_purchases.PurchaseBook, "_record", all_or_nothing)

    await must_go_red(houses, acts.send_a_batch_with_a_bad_row(houses, 64))


async def test_with_every_guard_in_its_place_the_same_acts_are_green(houses: Houses) -> None:
    async with houses.database.transaction(None) as tx:
        assert await fetch_one(tx, "SELECT 1") == (1,)
    await acts.confirm_and_void_one_hold(houses)
