"""The books in the database: what is written, read again, raced for, and refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg import errors

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.expire_points import expire_points
from regulars.ledger import book
from regulars.ledger.check import CHECKS, check
from regulars.ledger.model import Draw, Expiring
from regulars.units import Ratio
from tests.conftest import START, MakeProgram
from tests.ledger.desk import PTS, Desk

DAY = timedelta(days=1)


@pytest.fixture
def desk(database: Database, program: UUID) -> Desk:
    return Desk(database, program, START)


@pytest.mark.fast
async def test_what_was_written_is_read_again_whole(desk: Desk) -> None:
    pool, partner, promotion, purchase = await desk.open(), ids.new(), ids.new(), ids.new()
    async with desk.page(pool) as page:
        desk.begin(page, purchase=purchase, effective_at=START - DAY)
        lot = page.earn(
            PTS, 100, earned_at=START - DAY, active_at=START, expires_at=START + DAY, issuer=partner,
            funder=partner, promotion=promotion, revision=3, purchase=purchase, unit_cost=Ratio(7, 8),
        )  # fmt: skip
        page.spend(PTS, 30, START)
        page.hold(ids.new(), purchase, {PTS: 20}, START, START + timedelta(minutes=15))
        written = page.lot(lot)
    async with desk.page(pool) as page:
        assert page.lot(lot) == written
        assert (written.drawn, written.reserved, written.revision) == (30, 20, 3)
    balance = await desk.balance(pool)
    assert (balance.available, balance.held) == (50, 20)
    assert balance.expiring == (Expiring(50, START + DAY),)
    assert await desk.in_order()


async def test_several_purchases_of_a_pool_fold_over_one_page_and_are_written_at_once(desk: Desk) -> None:
    pools = [await desk.open(home) for home in (900, 3, 3)]
    async with desk.pages(*pools) as pages:
        for page in pages:
            for _ in range(3):
                desk.begin(page)
                if page.available(PTS, START):
                    page.spend(PTS, 4, START)
                desk.earn(page, 10)
    assert [await desk.figures(pool) for pool in pools] == [(22, 0, 0, 0)] * 3
    assert await desk.in_order()


async def test_fifty_at_once_spend_exactly_what_there_is(desk: Desk) -> None:
    pool = await desk.open()
    await desk.give(pool, 100)

    async def spend() -> bool:
        async with desk.page(pool) as page:
            desk.begin(page)
            if page.available(PTS, START) < 7:
                return False
            page.spend(PTS, 7, START)
            return True

    outcomes = await asyncio.gather(*(spend() for _ in range(50)))
    assert sum(outcomes) == 14
    assert await desk.figures(pool) == (2, 0, 0, 0)
    assert await desk.in_order()


async def test_two_writers_who_lock_the_same_pools_in_other_orders_never_deadlock(desk: Desk) -> None:
    pools = [await desk.open(home) for home in (5, 4, 9)]

    async def both(order: list[UUID]) -> None:
        async with desk.pages(*order) as pages:
            for page in pages:
                desk.begin(page)
                desk.earn(page, 1)

    await asyncio.gather(*(both(pools if n % 2 else pools[::-1]) for n in range(20)))
    assert [await desk.figures(pool) for pool in pools] == [(20, 0, 0, 0)] * 3


async def test_an_expiry_and_a_purchase_race_for_the_last_points_and_one_of_them_gets_them(
    desk: Desk,
) -> None:
    pools = [await desk.open(home) for home in range(8)]
    for pool in pools:
        await desk.give(pool, 10, expires=START + DAY)

    async def spend(pool: UUID) -> int:
        # Decided a moment before midnight, written whenever the lock is had.
        before = START + DAY - timedelta(seconds=1)
        async with desk.page(pool) as page:
            amount = page.available(PTS, before)
            if amount:
                page.begin("purchase", effective_at=before, recorded_at=before, actor="test")
                page.spend(PTS, amount, before)
            return amount

    *spent, expired = await asyncio.gather(
        *(spend(pool) for pool in pools), expire_points(desk.database, desk.program, START + DAY)
    )
    assert sum(spent) + expired == 80
    assert await desk.in_order()


async def test_a_hold_that_was_resolved_cannot_be_resolved_again(desk: Desk) -> None:
    pool, hold = await desk.open(), ids.new()
    await desk.give(pool, 10)
    async with desk.page(pool) as page:
        page.hold(hold, None, {PTS: 10}, START, START + DAY)
    async with desk.database.transaction(desk.program) as tx:
        stale = (await (await book.ask(tx, desk.program, [7], [pool], grace_days=0)).pages())[pool]
    async with desk.page(pool) as page:
        page.release(hold, START)
    stale.release(hold, START)
    with pytest.raises((errors.UniqueViolation, errors.CheckViolation)):
        async with desk.database.transaction(desk.program) as tx:
            await book.write(tx, desk.program, [stale])
    assert await desk.figures(pool) == (10, 0, 0, 0)
    assert await desk.in_order()


async def test_a_page_read_before_another_write_cannot_overdraw_a_lot(desk: Desk) -> None:
    pool = await desk.open()
    await desk.give(pool, 10)
    async with desk.database.transaction(desk.program) as tx:
        stale = (await (await book.ask(tx, desk.program, [7], [pool], grace_days=0)).pages())[pool]
    async with desk.page(pool) as page:
        desk.begin(page)
        page.spend(PTS, 6, START)
    desk.begin(stale)
    stale.spend(PTS, 6, START)
    with pytest.raises(errors.CheckViolation):
        async with desk.database.transaction(desk.program) as tx:
            await book.write(tx, desk.program, [stale])
    assert await desk.figures(pool) == (4, 0, 0, 0)


async def test_what_a_purchase_earned_and_spent_is_found_for_its_return(desk: Desk) -> None:
    pool, purchase, other = await desk.open(), ids.new(), ids.new()
    old = await desk.give(pool, 40)
    async with desk.page(pool) as page:
        desk.begin(page, purchase=purchase)
        page.spend(PTS, 40, START)
        new = desk.earn(page, 25, purchase=purchase)
        desk.begin(page, purchase=other)
        page.spend(PTS, 25, START)
    async with desk.page(pool) as page:
        done = await book.of_purchase(desk.tx, desk.program, page, purchase)
        assert (done.earned, done.spent) == ({PTS: (new,)}, {PTS: (Draw(old, 40),)})
        desk.begin(page, "return", purchase=purchase)
        page.give_back(PTS, done.spent[PTS], 15, START, expired="expire", grace_days=0)
        assert page.take_back(PTS, 10, done.earned[PTS], "debt", START).from_other_lots == 10
    async with desk.page(pool) as page:
        done = await book.of_purchase(desk.tx, desk.program, page, purchase)
        assert done.spent == {PTS: (Draw(old, 25),)}
    assert await desk.figures(pool) == (5, 0, 0, 0)
    assert await desk.in_order()


async def test_a_posting_is_read_as_it_stands_and_reversed(desk: Desk) -> None:
    pool = await desk.open()
    async with desk.page(pool) as page:
        posting = desk.begin(page, "adjustment", reason="apology")
        page.adjust(PTS, 30, START)
    async with desk.page(pool) as page:
        original = await book.recorded(desk.tx, desk.program, 7, posting)
        assert original is not None
        assert original.posting.reason == "apology"
        desk.begin(page, "reversal", related=posting)
        page.reverse(original, START)
        assert await book.recorded(desk.tx, desk.program, 7, ids.new()) is None
    assert await desk.figures(pool) == (0, 0, 0, 0)
    assert await desk.in_order()


@pytest.mark.parametrize(
    "table", ["posting", "entry", "draw", "reservation", "resolution", "block", "block_member"]
)
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET home = 1"])
async def test_the_application_cannot_change_a_fact(desk: Desk, table: str, act: str) -> None:
    statement = act.format(table) if table != "block" else act.format(table).replace("home", "height")
    with pytest.raises(errors.InsufficientPrivilege):
        async with desk.database.transaction(desk.program) as tx:
            await tx.execute(statement.encode())


async def test_the_application_cannot_delete_a_lot_or_a_hold(desk: Desk) -> None:
    for table in ("lot", "hold", "account", "pool"):
        with pytest.raises(errors.InsufficientPrivilege):
            async with desk.database.transaction(desk.program) as tx:
                await tx.execute(f"DELETE FROM {table}".encode())


async def test_another_programs_pages_are_empty(desk: Desk, make_program: MakeProgram) -> None:
    pool = await desk.open()
    await desk.give(pool, 10)
    stranger = Desk(desk.database, await make_program("Other"), START)
    assert await stranger.figures(pool) == (0, 0, 0, 0)
    async with desk.database.transaction(stranger.program) as tx:
        asked = await book.ask(tx, desk.program, [7], [pool], grace_days=0)
        assert (await asked.pages())[pool].currencies() == ()


async def test_reading_without_a_lock_sees_one_state_while_others_write(desk: Desk) -> None:
    pool = await desk.open()
    await desk.give(pool, 100)
    done = asyncio.Event()
    seen: set[int] = set()

    async def write() -> None:
        for _ in range(25):
            hold = ids.new()
            async with desk.page(pool) as page:
                page.hold(hold, None, {PTS: 40}, START, START + DAY)
            async with desk.page(pool) as page:
                page.release(hold, START)
        done.set()

    async def read() -> None:
        while not done.is_set():
            available, _, held, _ = await desk.figures(pool)
            seen.add(available + held)

    await asyncio.gather(write(), read())
    assert seen == {100}


async def test_pages_are_written_in_a_pipeline_without_waiting(desk: Desk) -> None:
    pools = [await desk.open(home) for home in range(20)]
    async with desk.database.connection() as connection, connection.pipeline():
        await connection.execute("BEGIN")
        await connection.execute("SELECT set_config('regulars.program', %s, true)", (str(desk.program),))
        homes = [ids.home(pool) for pool in pools]
        await book.lock(connection, desk.program, homes, pools)
        pending = await book.ask(connection, desk.program, homes, pools, grace_days=0)
        pages = await pending.pages()
        for page in pages.values():
            desk.begin(page)
            desk.earn(page, 5)
        await book.write(connection, desk.program, pages.values())
        await connection.execute("COMMIT")
    assert [await desk.figures(pool) for pool in pools] == [(5, 0, 0, 0)] * 20


async def test_every_rule_of_the_books_finds_what_breaks_it(desk: Desk, administrator_url: str) -> None:
    pool = await desk.open()
    await desk.give(pool, 100)
    async with desk.page(pool) as page:
        page.hold(ids.new(), None, {PTS: 10}, START, START + DAY)
        desk.begin(page)
        page.spend(PTS, 15, START)
    damages = {
        "lot_drawn": "UPDATE lot SET drawn = drawn + 1 WHERE program = %(program)s",
        "lot_reserved": "UPDATE lot SET reserved = reserved + 1 WHERE program = %(program)s",
        "account_balance": "UPDATE account SET balance = balance + 1 WHERE program = %(program)s",
        "account_debt": "UPDATE account SET debt = debt + 1 WHERE program = %(program)s",
        "hold_open": "UPDATE hold SET open = false WHERE program = %(program)s",
        "hold_captured": "WITH bare AS (UPDATE hold SET open = false WHERE program = %(program)s RETURNING id)"
        " INSERT INTO resolution (program, home, hold, kind, posting, resolved_at)"
        " SELECT d.program, d.home, bare.id, 'capture', d.posting, now() FROM bare, draw AS d"
        " WHERE d.program = %(program)s AND d.amount = 15",
        "entry_covered": "UPDATE entry SET amount = amount + 1 WHERE program = %(program)s",
        "entry_pool": "UPDATE entry SET pool = gen_random_uuid() WHERE program = %(program)s",
        "lot_pool": "UPDATE lot SET pool = gen_random_uuid() WHERE program = %(program)s",
        "draw_pool": "UPDATE lot SET currency = 'MIL' WHERE program = %(program)s",
        "posting_empty": "INSERT INTO posting SELECT program, home, gen_random_uuid(), pool, kind, purchase,"
        " related, effective_at, recorded_at, actor, reason, xid FROM posting WHERE program = %(program)s",
        "transfer_balanced": "UPDATE entry SET source = 'transfer'"
        " WHERE source = 'issued' AND program = %(program)s",
        "given_back": "WITH named AS (UPDATE posting SET purchase = id WHERE program = %(program)s)"
        " UPDATE draw SET amount = -amount WHERE program = %(program)s",
    }
    for rule, damage in damages.items():
        async with await psycopg.AsyncConnection.connect(administrator_url) as connection:
            await connection.execute(damage.encode(), {"program": desk.program})
            await connection.execute("SELECT set_config('regulars.program', %s, true)", (str(desk.program),))
            found = {finding.check for finding in await check(connection, desk.program)}
            await connection.rollback()
        assert rule in found, rule
    assert CHECKS.keys() - damages.keys() == {"lot_overdrawn"}, "which a constraint of the table stops"
    assert await desk.in_order()
