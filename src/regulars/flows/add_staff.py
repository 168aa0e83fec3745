"""Adds a person to those who run a program: the first owner, the demo's staff; others come by invitation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import StateConflict
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.programs.roles import Role
from regulars.programs.staff import passwords, people


async def add_staff(
    database: Database,
    program: Program,
    *,
    email: str,
    name: str,
    password: str,
    roles: Sequence[Role],
    at: datetime,
    stores: Sequence[UUID] = (),
    partner: UUID | None = None,
    language: str = "",
) -> str:
    """The new person's id; without a language of her own she reads the program's first.

    Raises InvalidValue for a bad address or password, StateConflict where she is known.
    """
    email = people.normal_email(email)
    passwords.check(password, (email, name, program.name))
    kept = await passwords.hashed(password)
    language = language or program.languages[0]

    async def work(tx: Transaction) -> UUID:
        staff = await people.add(tx, email, name, language, kept, at)
        if staff is None:
            raise StateConflict("Somebody has this address already.")
        await people.give_post(tx, program.id, staff, roles, at, stores=stores, partner=partner)
        change = Change("staff.added", ids.show("stf", staff), after={"roles": list(roles)})
        await trail.record(tx, program.id, change, at)
        return staff

    return ids.show("stf", await database.run(program.id, work))
