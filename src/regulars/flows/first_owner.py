"""Lets the first owner in: a one-time address where there is nobody yet, and her account behind it."""

from __future__ import annotations

from datetime import datetime

from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict
from regulars.flows.sign_in_staff import Arrival, Browser, enter
from regulars.programs.founding import plans
from regulars.programs.staff import passwords, people


async def first_door(database: Database, at: datetime) -> str | None:
    """A one-time address for the first owner (its secret part); None: there is somebody already."""

    async def work(tx: Transaction) -> str | None:
        return await plans.open_door(tx, at) if await plans.nobody_yet(tx) else None

    return await database.run(None, work)


async def require_open(database: Database, token: str, at: datetime) -> None:
    """Raises NotFound for an address that lets nobody in, or no longer."""
    async with database.transaction(None) as tx:
        if not await plans.door_is_open(tx, token, at):
            raise NotFound("This address was used already, or is too old.")


async def enter_first(
    database: Database,
    secret: bytes,
    token: str,
    *,
    name: str,
    email: str,
    password: str,
    language: str,
    browser: Browser,
    at: datetime,
) -> Arrival:
    """The first owner is there and signed in. The address is used up.

    Raises InvalidValue for a bad address or password, NotFound for an address that lets nobody in.
    """
    email = people.normal_email(email)
    passwords.check(password, (email, name))
    kept = await passwords.hashed(password)

    async def work(tx: Transaction) -> Arrival:
        if not await plans.pass_door(tx, token, at):
            raise NotFound("This address was used already, or is too old.")
        staff = await people.add(tx, email, name, language, kept, at)
        if staff is None:
            raise StateConflict("Somebody has this address already.")
        await plans.make_founder(tx, staff)
        person = await people.by_id(tx, staff)
        assert person is not None
        return Arrival("in", await enter(tx, secret, person, "password", browser, at), staff)

    return await database.run(None, work)
