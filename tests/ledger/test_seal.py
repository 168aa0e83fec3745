"""Sealing: nothing is left out, whatever is changed afterwards is found and named, and facts can be proved."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from regulars import ids
from regulars.db.pool import Database
from regulars.flows import seal_ledger as sealing
from regulars.flows.seal_ledger import EpochMissing, StillOpen, begin_epoch, seal_ledger
from regulars.flows.verify_ledger import prove, verify_ledger
from regulars.ledger.seal import (
    EMPTY_ROOT,
    GENESIS,
    Proof,
    Report,
    block_hash,
    inclusion_path,
    leaf_of,
    merkle_root,
    next_block,
    proves,
)
from tests.conftest import START
from tests.ledger.desk import PTS, Desk

MINUTE = timedelta(minutes=1)


@dataclass
class Vault(Desk):
    """A desk whose books are sealed, and somebody who tampers with them."""

    administrator_url: str = ""

    async def seal(self) -> sealing.Sealed:
        return await seal_ledger(self.database, self.program, self.at)

    async def verify(self) -> Report:
        return await verify_ledger(self.database, self.program, self.at)

    async def tamper(self, statement: str) -> None:
        async with await psycopg.AsyncConnection.connect(
            self.administrator_url, autocommit=True
        ) as connection:
            # As a superuser may: without foreign keys.
            await connection.execute("SET session_replication_role = replica")
            cursor = await connection.execute(statement.encode(), {"program": self.program})
            assert cursor.rowcount == 1


@pytest.fixture
def vault(database: Database, program: UUID, administrator_url: str) -> Vault:
    vault = Vault(administrator_url)
    Desk.__init__(vault, database, program, START)
    return vault


async def filled(vault: Vault) -> tuple[UUID, UUID]:
    """Three postings in two blocks; the pool, and the posting that spent."""
    pool = await vault.open()
    await vault.give(pool, 100)
    async with vault.page(pool) as page:
        spent = vault.begin(page)
        page.spend(PTS, 30, START)
    assert await vault.seal() == sealing.Sealed(blocks=1, facts=2)
    await vault.give(pool, 5)
    assert await vault.seal() == sealing.Sealed(blocks=1, facts=1)
    return pool, spent


def test_the_merkle_tree_is_that_of_rfc_6962() -> None:
    # The vectors of certificate transparency's reference implementation.
    data = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in data]
    assert merkle_root([]) == EMPTY_ROOT
    assert merkle_root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle_root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert [step.hex()[:8] for step in inclusion_path(leaves, 0)] == ["96a296d2", "5f083f0a", "6b47aaf2"]


@pytest.mark.fast
async def test_what_is_committed_is_sealed_once_and_the_whole_chain_verifies(vault: Vault) -> None:
    await filled(vault)
    assert not await vault.seal()
    report = await vault.verify()
    assert (report.whole, report.blocks, report.facts, report.unsealed) == (True, 2, 3, 0)
    assert report.head != GENESIS


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE posting SET effective_at = effective_at - interval '1 day'", "a sealed fact was changed"),
        ("UPDATE entry SET amount = 29", "a sealed fact was changed"),
        ("UPDATE draw SET amount = 29", "a sealed fact was changed"),
        ("DELETE FROM draw", "a sealed fact was changed"),
        ("DELETE FROM posting", "a sealed fact is gone"),
    ],
)
async def test_a_fact_that_was_changed_is_found_and_named(vault: Vault, statement: str, what: str) -> None:
    _, spent = await filled(vault)
    column = "id" if "posting " in f"{statement} " else "posting"
    await vault.tamper(f"{statement} WHERE program = %(program)s AND {column} = '{spent}'")
    report = await vault.verify()
    assert [(broken.height, broken.what, broken.fact) for broken in report.broken] == [
        (1, what, ("posting", 7, spent))
    ]


async def test_a_lot_that_was_made_larger_or_added_is_found_by_its_posting(vault: Vault) -> None:
    pool, _ = await filled(vault)
    await vault.tamper("UPDATE lot SET amount = 500 WHERE program = %(program)s AND amount = 100")
    (broken,) = (await vault.verify()).broken
    assert (broken.height, broken.what) == (1, "a sealed fact was changed")
    await vault.tamper("UPDATE lot SET amount = 100 WHERE program = %(program)s AND amount = 500")
    await vault.tamper(
        f"INSERT INTO lot (program, home, id, pool, currency, posting, n, amount, earned_at, active_at)"
        f" SELECT program, home, gen_random_uuid(), '{pool}', 'PTS', posting, n, 9, earned_at, active_at"
        " FROM lot WHERE program = %(program)s AND amount = 5"
    )
    (broken,) = (await vault.verify()).broken
    assert (broken.height, broken.what) == (2, "a sealed fact was changed")


async def test_what_may_change_by_itself_does_not_break_the_seal(vault: Vault) -> None:
    pool, _ = await filled(vault)
    async with vault.page(pool) as page:
        page.hold(ids.new(), None, {PTS: 70}, START, START + MINUTE)
    assert (await vault.verify()).whole


async def test_a_fact_slipped_into_a_sealed_range_is_found_and_named(vault: Vault) -> None:
    await filled(vault)
    await vault.tamper(
        "INSERT INTO posting SELECT program, home, gen_random_uuid(), pool, kind, purchase, related,"
        " effective_at, recorded_at, actor, reason, xid FROM posting WHERE program = %(program)s LIMIT 1"
    )
    (broken,) = (await vault.verify()).broken
    assert (broken.what, broken.fact and broken.fact[0]) == (
        "a fact is missing from a sealed range",
        "posting",
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE block SET root = sha256('') WHERE height = 1",
            "the members do not lead to the block's root",
        ),
        ("UPDATE block SET sealed_at = now() WHERE height = 1", "the block's header was changed"),
        ("UPDATE block SET hash = sha256('') WHERE height = 1", "the block's header was changed"),
        ("DELETE FROM block WHERE height = 1", "the block does not follow the one before"),
        (
            "DELETE FROM block_member WHERE height = 1 AND place = 0",
            "the block's list of members was changed",
        ),
        (
            "UPDATE block_member SET leaf = sha256('') WHERE height = 1 AND place = 0",
            "a sealed fact was changed",
        ),
    ],
)
async def test_a_block_that_was_changed_is_found_and_named(
    vault: Vault, statement: str, expected: str
) -> None:
    await filled(vault)
    await vault.tamper(f"{statement} AND program = %(program)s")
    report = await vault.verify()
    assert report.broken[0].what == expected


async def test_a_transaction_in_flight_holds_the_sealing_up_and_leaves_no_gap(vault: Vault) -> None:
    pool, other = await vault.open(), await vault.open()
    written, enough = asyncio.Event(), asyncio.Event()

    async def linger() -> None:
        async with vault.page(pool) as page:
            vault.begin(page)
            vault.earn(page, 1)
            written.set()
            await enough.wait()

    lingering = asyncio.create_task(linger())
    await written.wait()
    await vault.give(other, 2)
    assert not await vault.seal()
    vault.at = START + 2 * MINUTE
    run = await vault.seal()
    assert run.facts == 0
    assert run.held_up is not None
    assert run.held_up.since == START
    assert run.held_up.process is not None
    enough.set()
    await lingering
    assert (await vault.seal()).facts == 2
    report = await vault.verify()
    assert (report.whole, report.facts, report.held_up) == (True, 2, None)


async def test_many_sealers_at_once_seal_every_fact_once(vault: Vault) -> None:
    pool = await vault.open()

    async def write() -> None:
        for _ in range(10):
            await vault.give(pool, 1)
            await asyncio.sleep(0)

    async def seal() -> int:
        return sum([(await seal_ledger(vault.database, vault.program, START)).facts for _ in range(10)])

    *_, first, second, third = await asyncio.gather(write(), write(), seal(), seal(), seal())
    last = (await vault.seal()).facts
    assert first + second + third + last == 20
    report = await vault.verify()
    assert (report.whole, report.facts) == (True, 20)


async def test_a_long_backlog_is_sealed_in_blocks_that_never_divide_a_transaction(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BLOCK_FACTS_MAX", 4)
    monkeypatch.setattr(sealing, "RUN_FACTS_MAX", 7)
    pools = [await vault.open() for _ in range(9)]
    for size in (3, 3, 9, 1):
        async with vault.pages(*pools[:size]) as pages:
            for page in pages:
                vault.begin(page)
                vault.earn(page, 1)
    assert await vault.seal() == sealing.Sealed(blocks=3, facts=16)
    async with vault.database.transaction(vault.program) as tx:
        rows = await (await tx.execute("SELECT members FROM block ORDER BY height")).fetchall()
    assert [members for (members,) in rows] == [6, 9, 1]
    assert (await vault.verify()).whole


async def test_a_fact_can_be_proved_to_anyone_and_the_proof_of_another_does_not_pass(vault: Vault) -> None:
    _, spent = await filled(vault)
    proof = await prove(vault.database, vault.program, ("posting", 7, spent))
    assert proof is not None
    assert proves(proof)
    assert not proves(replace(proof, leaf=leaf_of("posting", ["another"])))
    assert not proves(replace(proof, place=1 - proof.place))
    assert not proves(replace(proof, path=()))
    assert not proves(replace(proof, path=(*proof.path, bytes(32))))
    header = replace(proof.block.header, members=3)
    assert not proves(replace(proof, block=replace(proof.block, header=header)))
    assert await prove(vault.database, vault.program, ("posting", 7, ids.new())) is None


def test_every_place_of_trees_of_every_size_is_proved() -> None:
    for size in range(1, 18):
        leaves = [leaf_of("posting", [number]) for number in range(size)]
        block = next_block(ids.new(), None, leaves, 9, START)
        for place in range(size):
            path = inclusion_path(leaves, place)
            assert proves(Proof(("posting", 1, ids.new()), leaves[place], place, path, block))


async def test_a_new_epoch_is_chained_to_the_last_block_and_sealing_goes_on(vault: Vault) -> None:
    pool, _ = await filled(vault)
    await vault.give(pool, 1)
    marker = await begin_epoch(vault.database, vault.program, START)
    assert (marker.header.epoch, marker.header.height, marker.header.members) == (2, 4, 0)
    await vault.give(pool, 2)
    assert (await vault.seal()).facts == 1
    report = await vault.verify()
    assert (report.whole, report.blocks, report.facts) == (True, 5, 5)


async def test_an_epoch_does_not_begin_while_a_fact_is_in_flight(vault: Vault) -> None:
    pool = await vault.open()
    async with vault.database.transaction(vault.program) as tx:
        await tx.execute("SELECT pg_current_xact_id()")
        await vault.give(pool, 1)
        with pytest.raises(StillOpen):
            await begin_epoch(vault.database, vault.program, START)
    assert (await vault.verify()).blocks == 0


async def test_a_database_restored_without_an_epoch_says_so_and_begins_one(vault: Vault) -> None:
    pool, _ = await filled(vault)
    # As in a dump: numbers of transactions far above those of the new server, in the blocks and in the facts.
    await vault.give(pool, 3)
    far = 2**50
    last = await vault_last(vault)
    moved = replace(last, header=replace(last.header, xid_until=far))
    await vault.tamper(
        f"UPDATE block SET xid_until = {far}, hash = '\\x{block_hash(moved.header).hex()}'"
        " WHERE program = %(program)s AND height = 2"
    )
    await vault.tamper(
        f"UPDATE posting SET xid = {far + 5} WHERE program = %(program)s AND id = (SELECT max(id::text)::uuid"
        " FROM posting WHERE program = %(program)s)"
    )
    with pytest.raises(EpochMissing):
        await vault.seal()
    marker = await begin_epoch(vault.database, vault.program, START)
    assert (marker.header.epoch, marker.header.height) == (2, 4)
    await vault.give(pool, 4)
    assert (await vault.seal()).facts == 1
    report = await vault.verify()
    assert (report.whole, report.facts, report.unsealed) == (True, 5, 0)


async def vault_last(vault: Vault):
    async with vault.database.transaction(vault.program) as tx:
        block = await sealing.last_block(tx, vault.program)
    assert block is not None
    return block


PURCHASE = (
    "INSERT INTO purchase (program, home, id, pool, partner, store, till, cashier, receipt_number, request, held,"
    " purchased_at, recorded_at, currency, gross, discount, paid_with_points, payable, turnover, earned, spent,"
    " document) VALUES (%(program)s, 7, %(id)s, %(pool)s, %(id)s, %(id)s, '', '', '', 'r', true, %(at)s, %(at)s,"
    " 'EUR', 100, 0, 0, 100, 100, 0, 0, 'held')"
)
CONFIRMATION = (
    "INSERT INTO confirmation (program, home, purchase, recorded_at, gross, discount, paid_with_points, payable,"
    " turnover, earned, spent, document) VALUES (%(program)s, 7, %(id)s, %(at)s, 90, 0, 0, 90, 90, 0, 0, 'sold')"
)
RETURN = (
    "INSERT INTO goods_return (program, home, id, purchase, store, request, returned_at, recorded_at, money_back,"
    " gross_back, discount_back, turnover_back, points_back, points_taken, document, pool, purchased_at)"
    " VALUES (%(program)s, 7, %(other)s, %(id)s, %(id)s, 'q', %(at)s, %(at)s, 90, 90, 0, 90, 0, 0, 'back',"
    " %(pool)s, %(at)s)"
)
VOIDING = (
    "INSERT INTO voiding (program, home, purchase, reason, voided_at, pool, purchased_at)"
    " VALUES (%(program)s, 7, %(id)s, 'gave up', %(at)s, %(pool)s, %(at)s)"
)


async def test_purchases_confirmations_returns_and_voidings_are_sealed_by_the_hash_of_their_documents(
    vault: Vault,
) -> None:
    pool, purchase, other = await vault.open(), ids.new(7), ids.new(7)
    named = {"program": vault.program, "id": purchase, "other": other, "pool": pool, "at": START}
    for statement in (PURCHASE, CONFIRMATION, RETURN, VOIDING):
        async with vault.database.transaction(vault.program) as tx:
            await tx.execute(statement.encode(), named)
    assert (await vault.seal()).facts == 4
    assert (await vault.verify()).whole
    for table, column, fact in (
        ("purchase", "id", ("purchase", 7, purchase)),
        ("confirmation", "purchase", ("confirmation", 7, purchase)),
        ("goods_return", "id", ("return", 7, other)),
    ):
        await vault.tamper(
            f"UPDATE {table} SET document = document || 'x' WHERE program = %(program)s AND {column} = '{fact[2]}'"
        )
        assert (await vault.verify()).broken[-1].fact in {fact, ("confirmation", 7, purchase)}
    await vault.tamper("DELETE FROM voiding WHERE program = %(program)s")
    assert {broken.fact for broken in (await vault.verify()).broken} == {
        ("purchase", 7, purchase),
        ("confirmation", 7, purchase),
        ("return", 7, other),
        ("voiding", 7, purchase),
    }
