"""A person's own account: her name and language, and where she is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import i18n
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound
from regulars.flows import staff_trail
from regulars.programs.staff import attempts, factors, invitations, people, sessions
from regulars.programs.staff.factors import StaffPasskey
from regulars.programs.staff.model import Person, StaffSession


class Account(Struct, frozen=True):
    """What a person sees of herself."""

    person: Person
    sessions: Sequence[StaffSession]
    passkeys: Sequence[StaffPasskey]
    recovery_codes: int
    """How many are left."""


async def read_account(database: Database, staff: UUID, at: datetime) -> Account:
    """Her account."""
    async with database.transaction(None) as tx:
        person = await people.by_id(tx, staff)
        assert person is not None, "people are never deleted"
        return Account(
            person,
            await sessions.of_person(tx, staff, at),
            await factors.passkeys_of(tx, staff),
            await factors.recovery_codes_left(tx, staff),
        )


async def describe(database: Database, staff: UUID, name: str, language: str) -> None:
    """Keep her name and language. Raises InvalidValue."""
    own = people.own_name(name)
    if language not in i18n.COMPLETE:
        raise InvalidValue("/language", "is not a language that there is")

    async def work(tx: Transaction) -> None:
        before = await people.by_id(tx, staff)
        assert before is not None, "people are never deleted"
        await people.describe(tx, staff, own, language)
        if before.name != own:
            await staff_trail.note(tx, before, "renamed", None, own)

    await database.run(None, work)


async def end_session(database: Database, staff: UUID, session: UUID) -> None:
    """End one of her sessions. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        if not await sessions.end(tx, staff, session):
            raise NotFound("There is no such session, or it has ended.")

    await database.run(None, work)


async def end_other_sessions(database: Database, staff: UUID, kept: bytes) -> int:
    """End her sessions but the one of that digest; how many there were."""
    return await database.run(None, lambda tx: sessions.end_all(tx, staff, kept))


async def prune_staff(database: Database, at: datetime) -> None:
    """Forget ended sessions, tries that count no more, links that ended, and questions that nobody answered."""

    async def work(tx: Transaction) -> None:
        await sessions.prune(tx, at)
        await attempts.prune(tx, at)
        await invitations.prune(tx, at)
        await factors.prune_questions(tx, at)

    await database.run(None, work)
