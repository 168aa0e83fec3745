"""What the doors of the back office note is forgotten when it counts no more, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tests.conftest import START

from regulars.db.pool import Database, fetch_all
from regulars.flows.staff_account import prune_staff
from regulars.programs.staff import attempts, factors, invitations, people, sessions

DAY = timedelta(days=1)


async def left(database: Database, table: str) -> int:
    async with database.transaction(None) as tx:
        return len(await fetch_all(tx, f"SELECT 1 FROM {table}".encode()))


async def test_what_ended_is_forgotten_and_what_lasts_is_kept(database: Database, program: UUID) -> None:
    async with database.transaction(None) as tx:
        staff = await people.add(tx, "vija@shop.example", "Vija", "lv", "", START)
        assert staff is not None
        for at in (START, START + 3 * DAY):
            await attempts.claim(tx, attempts.subject(b"s", "address", str(at)), attempts.OF_A_PERSON, at)
            await factors.ask(tx, "passkey_sign_in", None, at)
            await sessions.begin(
                tx, staff, program=None, stage="in", method="password", agent="", address="", at=at
            )
        await invitations.give(tx, "forgotten", program, "vija@shop.example", None, START)
        await invitations.give(tx, "invitation", program, "ilze@shop.example", None, START)
    await prune_staff(database, START + 3 * DAY + timedelta(minutes=5))
    tables = ("staff_attempt", "staff_question", "staff_session", "staff_invitation", "staff")
    assert [await left(database, table) for table in tables] == [1, 1, 1, 1, 1]
