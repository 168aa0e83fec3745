"""Lists where a member is logged in, and ends it: one session, or all of them at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows.devices import note_revoked
from regulars.members import reading
from regulars.members.access import passkeys, sessions
from regulars.members.access.passkeys import Passkey
from regulars.members.access.sessions import MemberSession
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

NOBODY = UUID(int=0)


class LogIns(Struct, frozen=True):
    """Where a member is logged in, the one seen last first, and the keys she can log in with."""

    sessions: tuple[MemberSession, ...]
    passkeys: tuple[Passkey, ...]


async def list_log_ins(database: Database, program: UUID, member: UUID, at: datetime) -> LogIns:
    """A member's sessions and passkeys."""
    async with database.transaction(program) as tx:
        return LogIns(
            tuple(await sessions.of_member(tx, program, member, at)),
            tuple(await passkeys.of_member(tx, program, member)),
        )


async def end_log_ins(
    database: Database, program: UUID, member: UUID, session: UUID | None, at: datetime
) -> int:
    """End one of her sessions, or every one, and the codes of the phones that were certified in them.

    How many sessions there were. Raises NotFound for a member that there is not.
    """

    async def work(tx: Transaction) -> int:
        found = await reading.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        if session is None:
            ended = await sessions.end_others(tx, program, found.id, NOBODY, at)
        else:
            ended = await sessions.end(tx, program, found.id, session, at)
        if ended.sessions:
            change = Change(
                "member.logged_out", ids.show("mem", found.id), after={"sessions": ended.sessions}
            )
            await trail.record(tx, program, change, at)
        await note_revoked(tx, program, ended.devices, at)
        return ended.sessions

    return await database.run(program, work)


async def drop_passkey(database: Database, program: UUID, member: UUID, passkey: UUID, at: datetime) -> None:
    """Let a passkey of hers open nothing any more. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        if not await passkeys.remove(tx, program, member, passkey, at):
            raise NotFound("There is no such passkey, or no longer.")
        await trail.record(tx, program, Change("member.passkey_removed", ids.show("mem", member)), at)

    await database.run(program, work)
