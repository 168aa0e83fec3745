"""Says on the command line who runs a program: the first owner, and whoever lost every way in."""

from __future__ import annotations

import secrets

from rich.console import Console
from rich.table import Table

from regulars import clock
from regulars.cli.places import Refused
from regulars.cli.registering import the_program, with_database
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.flows.add_staff import add_staff
from regulars.flows.invite_staff import Wanted, post_of
from regulars.flows.invite_staff import invite as invite_flow
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.run_team import read_team, take_out
from regulars.flows.staff_passwords import give_reset_link
from regulars.programs.model import Program
from regulars.programs.staff import people
from regulars.programs.staff.model import Colleague

LOCALHOST = "http://localhost:8080"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def add(
    url: str,
    program: str | None,
    email: str,
    name: str,
    roles: tuple[str, ...],
    stores: tuple[str, ...],
    partner: str,
    out: Console,
) -> int:
    """`regulars staff add`."""
    password = made_up()

    async def work(database: Database) -> None:
        acting, found = await _reached(database, program, "regulars staff add")
        post = post_of(found, roles, stores, partner)
        await add_staff(
            acting, found, email=email, name=name, password=password, roles=post.roles,
            stores=tuple(post.stores), partner=post.partner, at=clock.world(),
        )  # fmt: skip

    with_database(url, work)
    out.print(f"email     {people.normal_email(email)}\npassword  {password}", markup=False, highlight=False)
    out.print("\nThe password is shown only now: it is stored as a digest.", highlight=False)
    return 0


def invite(
    url: str,
    program: str | None,
    email: str,
    roles: tuple[str, ...],
    stores: tuple[str, ...],
    partner: str,
    address: str,
    secret: bytes,
    out: Console,
) -> int:
    """`regulars staff invite`."""

    async def work(database: Database) -> str:
        acting, found = await _reached(database, program, "regulars staff invite")
        at = clock.world()
        base = (address or found.settings.public_address or LOCALHOST).rstrip("/")
        known = await _colleague(database, found, email)
        if known is not None:
            return await give_reset_link(acting, found, None, known.id, address=base, at=at)
        made = await invite_flow(
            acting, found, Wanted(email, roles, stores, partner),
            by=None, by_name=found.name, address=base, secret=secret, mail_at=None, at=at,
        )  # fmt: skip
        return made.link

    out.print(with_database(url, work), markup=False, highlight=False, soft_wrap=True)
    return 0


def list_staff(url: str, program: str | None, out: Console) -> int:
    """`regulars staff list`."""

    async def work(database: Database) -> None:
        _, found = await _reached(database, program, "regulars staff list")
        team = await read_team(database, found.id, clock.world())
        table = Table("name", "email", "roles", "second factor", "since")
        for one in team.people:
            roles = ", ".join(one.post.roles)
            factor = "yes" if one.has_second_factor else "no"
            table.add_row(one.name, one.email, roles, factor, f"{one.since:%Y-%m-%d}")
        for invited in team.invited:
            roles = ", ".join(invited.roles)
            table.add_row("(invited)", invited.email, roles, "", f"until {invited.expires_at:%Y-%m-%d}")
        out.print(table)

    with_database(url, work)
    return 0


def remove(url: str, program: str | None, email: str, out: Console) -> int:
    """`regulars staff remove`."""

    async def work(database: Database) -> str:
        acting, found = await _reached(database, program, "regulars staff remove")
        known = await _colleague(database, found, email)
        if known is None:
            raise Refused(f"Nobody with this address is among the staff of {found.name}.")
        await take_out(acting, found.id, known.id)
        return f"{known.name} is out of {found.name}; the sessions there have ended."

    out.print(with_database(url, work), markup=False, highlight=False)
    return 0


def made_up() -> str:
    """A password that nobody guesses and anybody can type: 78 bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[n : n + 4]) for n in range(0, 16, 4))


async def _reached(database: Database, wanted: str | None, command: str) -> tuple[Database, Program]:
    program = await the_program(database, wanted)
    acting = database.acting(Actor("command", name=command))
    return acting, (await KnownPrograms(database).of(program)).program


async def _colleague(database: Database, program: Program, email: str) -> Colleague | None:
    known = people.normal_email(email)
    team = await read_team(database, program.id, clock.world())
    return next((one for one in team.people if one.email == known), None)
