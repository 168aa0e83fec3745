"""Tells the audit trail what staff do with their own accounts: sign in, are refused, change how they sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import pool
from regulars.db.actors import Actor
from regulars.db.pool import Database, Transaction
from regulars.programs import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.staff import people
from regulars.programs.staff.model import Person

QUIET = timedelta(minutes=15)
Refused = Literal["wrong_password", "wrong_code", "has_to_wait"]


class Browser(Struct, frozen=True):
    """From where somebody signs in."""

    agent: str
    """What kind of browser it is."""
    address: str
    """The network address."""
    known_for: UUID | None = None
    """The person who was signed in here before, as its signed cookie says."""
    id: str = ""
    """Its own, by that cookie."""


async def note(
    tx: Transaction,
    person: Person,
    what: str,
    browser: Browser | None,
    after: Any = None,
    program: UUID | None = None,
) -> None:
    """An entry `staff.<what>` in every program that she has a post in; with `program` in that one alone.

    The transaction must be one of no program, and is afterwards: an account is a person's in all programs.
    """
    address, agent = (browser.address, browser.agent) if browser is not None else ("", "")
    shown = ids.show("stf", person.id)
    actor = Actor("staff", shown, person.name, address, agent)
    wanted = (
        [program] if program is not None else [post.program for post in await people.posts(tx, person.id)]
    )
    for one in sorted(wanted):
        await pool.enter(tx, one)
        await trail.record(tx, one, Change(f"staff.{what}", shown, after=after), actor=actor)
    await pool.enter(tx, None)


async def note_refused(database: Database, person: Person | None, why: Refused, browser: Browser) -> None:
    """That somebody tried to sign in as this person; of an address that nobody has there is nothing to tell.

    That she has to wait is told once in a quarter of an hour: a stranger could fill the trail with it.
    """
    if person is None:
        return
    action = "kept_waiting" if why == "has_to_wait" else "sign_in_refused"

    async def work(tx: Transaction) -> None:
        for post in sorted(await people.posts(tx, person.id), key=lambda post: post.program):
            await pool.enter(tx, post.program)
            since = (await reading.program_clock(tx, post.program)).now - QUIET
            subject = ids.show("stf", person.id)
            if why == "has_to_wait" and await trail.told_since(tx, f"staff.{action}", subject, since):
                continue
            await note(tx, person, action, browser, why, post.program)

    await database.run(None, work)
