"""The worker: procrastinate runs as the application's role in its own schema, and one program spares the others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from procrastinate.schema import SchemaManager
from tests.conftest import MASTER_KEY, insert_program

from regulars import settings
from regulars.db.migrate import migrations
from regulars.db.pool import Database, fetch_all
from regulars.flows.failing_rounds import failing_everywhere, failing_rounds
from regulars.jobs import schedule
from regulars.jobs.visiting import RoundFailed, last_midnight, round_of
from regulars.programs.model import Brief


def test_the_migration_holds_the_schema_of_the_installed_procrastinate() -> None:
    (migration,) = [m for m in migrations() if m.name == "procrastinate"]
    assert SchemaManager.get_schema() in migration.text


async def test_a_round_is_deferred_and_done_as_the_applications_role(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def work(database: Database) -> None:
        async with database.transaction(None) as tx:
            seen.append((await fetch_all(tx, "SELECT current_user"))[0][0])

    monkeypatch.setattr(schedule, "SCHEDULE", (("test_round", "* * * * *", work),))
    app = schedule.schedule(database, database_url)
    async with app.open_async():
        await app.configure_task("regulars.test_round").defer_async(timestamp=0)
        await app.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="always")
    assert seen == ["regulars_app"]


async def test_jobs_of_a_killed_worker_are_buried(database: Database, database_url: str) -> None:
    app = schedule.schedule(database, database_url)
    async with app.open_async():
        await app.configure_task("regulars.seal_ledger").defer_async(timestamp=0)
        killed = await app.job_manager.register_worker()
        job = await app.job_manager.fetch_job(queues=None, worker_id=killed)
        assert job is not None
        await app.connector.execute_query_async(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
        assert await schedule.bury_stalled(app) == 1
        assert await schedule.bury_stalled(app) == 0


async def test_a_sandbox_whose_clock_was_set_is_left_to_its_clock(database: Database, program: UUID) -> None:
    sandbox = await insert_program(database, "Sandbox", sandbox=True)
    async with database.transaction(None) as tx:
        await tx.execute("UPDATE program SET clock_at = now() WHERE id = %s", (sandbox,))
    visited: list[UUID] = []

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        visited.append(program)
        return 0

    await round_of(database, "test", visit, by_its_clock=True)
    assert program in visited
    assert sandbox not in visited


async def test_a_program_that_fails_spares_the_others_and_is_reported(
    database: Database, program: UUID
) -> None:
    other = await insert_program(database, "Other")
    visited: list[UUID] = []

    async def visit(database: Database, visiting: UUID, at: datetime) -> int:
        visited.append(visiting)
        if visiting == program:
            raise RuntimeError("broken")
        return 0

    with pytest.raises(RoundFailed, match="test: 1 of"):
        await round_of(database, "test", visit)
    assert {program, other} <= set(visited)


async def test_a_round_that_fails_stands_where_people_look_until_it_works_again(
    database: Database, program: UUID
) -> None:
    other = await insert_program(database, "Other")
    broken = True

    async def visit(database: Database, visiting: UUID, at: datetime) -> int:
        if visiting == program and broken:
            raise RuntimeError("of Anna, +37120000001")
        return 0

    async def failing(of: UUID) -> list[str]:
        return [one.name for one in await failing_rounds(database, of)]

    for _ in range(2):
        with pytest.raises(RoundFailed):
            await round_of(database, "test_shown", visit)
    (told,) = await failing_rounds(database, program)
    assert (told.name, told.since < told.last_at, await failing(other)) == ("test_shown", True, [])
    assert (await failing_everywhere(database))["test_shown"] == 1
    async with database.transaction(program) as tx:
        (row,) = await fetch_all(tx, "SELECT to_jsonb(j)::text FROM job AS j WHERE program = %s", (program,))
    assert ("RuntimeError" in row[0], "Anna" in row[0]) == (True, False)

    broken = False
    await round_of(database, "test_shown", visit)
    assert (await failing(program), "test_shown" in await failing_everywhere(database)) == ([], False)
    broken = True
    with pytest.raises(RoundFailed):
        await round_of(database, "test_shown", visit)
    (again,) = await failing_rounds(database, program)
    assert again.since > told.last_at, "it did work in between"


async def test_every_round_runs_on_programs_without_anything_to_do(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.make_secret(tmp_path / "secret")
    monkeypatch.setenv("REGULARS_DATABASE_URL", database_url)
    monkeypatch.setenv("REGULARS_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("REGULARS_MASTER_KEY", MASTER_KEY)
    await asyncio.gather(*(work(database) for _, _, work in schedule.SCHEDULE))


def test_the_night_begins_at_the_programs_own_midnight() -> None:
    riga = Brief(UUID(int=1), "Riga", "Europe/Riga", False, None)
    at = datetime(2026, 7, 1, 20, 59, tzinfo=UTC)
    assert last_midnight(riga, at) == datetime(2026, 6, 30, 21, tzinfo=UTC)
    assert last_midnight(riga, at.replace(hour=21)) == datetime(2026, 7, 1, 21, tzinfo=UTC)
