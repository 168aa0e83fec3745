"""The end of the audit trail is witnessed in the sealed ledger: who cuts it off, however thoroughly, is found out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest

from regulars.db.pool import Database
from regulars.flows.read_audit import check_audit, check_entries, witness_audit
from regulars.flows.seal_ledger import seal_ledger
from regulars.flows.verify_ledger import prove, verify_ledger
from regulars.ledger.seal import proves
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from tests.conftest import START

ENTRIES = 5


@pytest.fixture
async def told(database: Database, program: UUID) -> int:
    """The number of the last of some entries, witnessed and sealed."""
    for number in range(ENTRIES):
        async with database.transaction(program) as tx:
            await trail.record(tx, program, Change("program.changed", f"n{number}"), START)
    last = await witness_audit(database, program, START)
    assert last >= ENTRIES
    await seal_ledger(database, program, START)
    return last


def as_owner(database_url: str, program: UUID, *statements: str, values: Sequence[object] = ()) -> None:
    """What the owner of the tables may do, who is no superuser."""
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute("SELECT set_config('regulars.program', %s, false)", (str(program),))
        for statement in statements:
            assert owner.execute(statement.encode(), values if "%s" in statement else None).rowcount > 0, (
                statement
            )


async def test_a_trail_without_a_change_is_witnessed_once(
    database: Database, program: UUID, told: int
) -> None:
    assert await witness_audit(database, program, START) == 0
    chain = await check_audit(database, program)
    assert (chain.whole, chain.entries, chain.witnessed, chain.witnessed_at) == (True, told, told, START)
    report = await verify_ledger(database, program, START)
    assert (report.whole, report.blocks, report.facts, report.unsealed) == (True, 1, 1, 0)


async def test_an_end_that_is_cut_off_with_its_head_is_missed(
    database: Database, database_url: str, program: UUID, told: int
) -> None:
    as_owner(
        database_url, program,
        f"DELETE FROM audit WHERE seq > {told - 2}",
        f"UPDATE audit_head SET seq = {told - 2}",
    )  # fmt: skip
    chain = await check_audit(database, program)
    assert (chain.whole, chain.broken, chain.contradicted, chain.entries) == (False, (), (told,), told - 2)
    seen = await check_entries(database, program, [told - 2])
    assert (seen.whole, seen.broken, seen.contradicted) == (False, (), (told,))


async def test_a_trail_that_grew_again_after_it_was_cut_off_is_not_the_one_that_was(
    database: Database, database_url: str, program: UUID, told: int
) -> None:
    as_owner(
        database_url, program, f"DELETE FROM audit WHERE seq = {told}", f"UPDATE audit_head SET seq = {told - 1}"
    )  # fmt: skip
    async with database.transaction(program) as tx:
        await trail.record(tx, program, Change("program.changed", "another"), START)
    assert await witness_audit(database, program, START) == 0
    chain = await check_audit(database, program)
    assert (chain.whole, chain.broken, chain.contradicted, chain.entries) == (False, (), (told,), told)


async def test_a_whole_trail_that_is_gone_is_missed(
    database: Database, database_url: str, program: UUID, told: int
) -> None:
    as_owner(database_url, program, "DELETE FROM audit WHERE seq > 0", "DELETE FROM audit_head WHERE seq > 0")
    chain = await check_audit(database, program)
    assert (chain.whole, chain.entries, chain.contradicted) == (False, 0, (told,))


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM trail_witness WHERE seq = %s", "a sealed fact is gone"),
        ("UPDATE trail_witness SET seq = 1 WHERE seq = %s", "a sealed fact was changed"),
        ("UPDATE trail_witness SET digest = sha256('') WHERE seq = %s", "a sealed fact was changed"),
    ],
)
async def test_a_witness_that_is_done_away_with_is_missed_by_the_ledger(
    database: Database, database_url: str, program: UUID, told: int, statement: str, what: str
) -> None:
    as_owner(database_url, program, statement, values=(told,))
    report = await verify_ledger(database, program, START)
    assert [(one.height, one.what, one.fact and one.fact[0]) for one in report.broken] == [
        (1, what, "witness")
    ]


async def test_a_witness_is_proved_like_any_fact(database: Database, program: UUID, told: int) -> None:
    async with database.transaction(program) as tx:
        row = await (await tx.execute("SELECT id FROM trail_witness WHERE seq = %s", (told,))).fetchone()
    assert row is not None
    proof = await prove(database, program, ("witness", 0, row[0]))
    assert proof is not None
    assert proves(proof)


async def test_of_the_entries_that_are_shown_a_gap_and_an_edit_are_seen(
    database: Database, database_url: str, program: UUID, told: int
) -> None:
    whole = await check_entries(database, program, [told - 1, told - 2])
    assert (whole.whole, whole.broken) == (True, ())
    as_owner(database_url, program, "UPDATE audit SET why = 'x' WHERE seq = %s", values=(told - 3,))
    assert (await check_entries(database, program, [told - 1])).whole, "neither it nor its neighbour is shown"
    assert (await check_entries(database, program, [told - 3])).broken == (told - 3,)
    as_owner(database_url, program, "DELETE FROM audit WHERE seq = %s", values=(told - 3,))
    assert (await check_entries(database, program, [told - 4])).broken == (told - 3,)
