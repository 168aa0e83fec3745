"""Keeps the people who run programs, and what each may do in which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import InvalidValue
from regulars.programs.roles import Role
from regulars.programs.staff.model import Colleague, Person, Post, SealedSecret

SQL = queries.load("regulars.programs.staff")
NAME_MAX = 120
_EMAIL = re.compile(r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}$")


def normal_email(text: str, pointer: str = "/email") -> str:
    """The address as it is kept. Raises InvalidValue."""
    email = text.strip().lower()
    if not _EMAIL.match(email):
        raise InvalidValue(pointer, "is not an email address")
    return email


def own_name(text: str, pointer: str = "/name") -> str:
    """A person's name as it is kept. Raises InvalidValue."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise InvalidValue(pointer, "is not a name of 1 to 120 characters")
    return name


async def add(
    tx: Transaction,
    email: str,
    name: str,
    language: str,
    password: str,
    at: datetime,
    *,
    subject: str | None = None,
    proven: bool = False,
) -> UUID | None:
    """Keep a new person; None: the address is somebody's already. `proven`: it is known that it is hers."""
    values = {
        "id": ids.new(), "email": email, "name": name, "language": language, "password": password,
        "subject": subject, "proven": at if proven else None, "at": at,
    }  # fmt: skip
    row = await fetch_one(tx, SQL.add_person, values)
    return row[0] if row else None


async def by_email(tx: Transaction, email: str) -> Person | None:
    """The person of an address in normal form."""
    return _person(await fetch_one(tx, SQL.person_by_email, (email,)))


async def by_id(tx: Transaction, staff: UUID) -> Person | None:
    """The person of an id."""
    return _person(await fetch_one(tx, SQL.person, (staff,)))


async def by_subject(tx: Transaction, subject: str) -> Person | None:
    """The person whom the company's own sign-in means."""
    return _person(await fetch_one(tx, SQL.person_by_subject, (subject,)))


async def set_password(
    tx: Transaction, staff: UUID, password: str, *, proven_at: datetime | None = None
) -> None:
    """Keep another password's hash. `proven_at`: the link to do so came by her mailbox.

    That does not prove whose a second factor or a passkey is which stands beside the password: while there is one, the
    account stays unproven, and goes to whom the company's own sign-in means without it.
    """
    await tx.execute(SQL.set_password, {"password": password, "proven": proven_at, "id": staff})


async def describe(tx: Transaction, staff: UUID, name: str, language: str) -> None:
    """Keep her name and language."""
    await tx.execute(SQL.describe, (name, language, staff))


async def set_subject(tx: Transaction, staff: UUID, subject: str, at: datetime) -> bool:
    """From now on the company's own sign-in means her. False: it means somebody, or her, already."""
    return await fetch_one(tx, SQL.set_subject, {"subject": subject, "id": staff, "at": at}) is not None


async def disown(tx: Transaction, staff: UUID) -> None:
    """Take away every way in that was set before it was known whose address it is."""
    await tx.execute(SQL.disown, (staff,))
    await tx.execute(SQL.remove_passkeys, (staff,))
    await tx.execute(SQL.drop_recovery_codes, (staff,))


async def give_post(
    tx: Transaction,
    program: UUID,
    staff: UUID,
    roles: Iterable[Role],
    at: datetime,
    *,
    stores: Iterable[UUID] = (),
    partner: UUID | None = None,
) -> bool:
    """Say what a person does in a program from now on. False: something was said already, and stays."""
    values = {
        "program": program, "staff": staff, "roles": list(roles), "stores": list(stores), "partner": partner, "at": at,
    }  # fmt: skip
    return await fetch_one(tx, SQL.add_post, values) is not None


async def change_post(tx: Transaction, staff: UUID, post: Post) -> bool:
    """Say anew what a person does. False: she is the last owner and would be none, or she does nothing there.

    The owners are locked first, so that two who step down at once do so one after the other.
    """
    await fetch_all(tx, SQL.lock_owners, (post.program,))
    values = {
        "program": post.program, "staff": staff, "roles": list(post.roles), "stores": list(post.stores),
        "partner": post.partner,
    }  # fmt: skip
    return await fetch_one(tx, SQL.change_post, values) is not None


async def remove_post(tx: Transaction, program: UUID, staff: UUID) -> bool:
    """Take a person out of a program, and end her sessions in it. False as for `change_post`."""
    await fetch_all(tx, SQL.lock_owners, (program,))
    key = {"program": program, "staff": staff}
    if await fetch_one(tx, SQL.remove_post, key) is None:
        return False
    await tx.execute(SQL.end_sessions_in_program, key)
    return True


async def posts(tx: Transaction, staff: UUID) -> list[Post]:
    """What she does in which programs, the oldest first."""
    rows = await fetch_all(tx, SQL.posts_of_person, (staff,))
    return [
        Post(program, tuple(roles), frozenset(stores), partner) for program, roles, stores, partner in rows
    ]


async def colleagues(tx: Transaction, program: UUID, staff: UUID | None = None) -> list[Colleague]:
    """Everybody who does something in a program, by name; with `staff` that person alone."""
    rows = await fetch_all(tx, SQL.colleagues, {"program": program, "staff": staff})
    return [
        Colleague(
            row[0], row[1], row[2], Post(row[3], tuple(row[4]), frozenset(row[5]), row[6]), row[7], row[8],
            row[9], row[10],
        )
        for row in rows
    ]  # fmt: skip


def _person(row: Any) -> Person | None:
    if row is None:
        return None
    staff, email, name, language, password, generation, key, sealed, *rest = row
    totp = None if sealed is None else SealedSecret(generation, bytes(key), bytes(sealed))
    return Person(staff, email, name, language, password, totp, *rest)
