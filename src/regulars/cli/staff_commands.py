"""What can be said about staff on the command line: `regulars staff add`, `invite`, `list`, `remove`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from regulars.cli.places import Place

OUT = Console()
PLACE = Place()
Where = Annotated[Place, Parameter(name="*")]
Program = Annotated[str | None, Parameter(help="The program's id (prg_…), if there are several.")]
Roles = Annotated[
    str,
    Parameter(
        help="Comma-separated: owner, marketing, service, finance, shop_manager, partner_user, analyst, auditor."
    ),
]
Stores = Annotated[str, Parameter(help="Codes of the stores that a shop manager sees, comma-separated.")]
Partner = Annotated[str, Parameter(help="Code of the partner whose figures a partner's user sees.")]
staff = App(name="staff", help="Say who runs a program: its first owner, and whoever lost every way in.")


@staff.command
def add(
    email: str,
    *,
    name: Annotated[str, Parameter(help="As she is called.")],
    roles: Roles = "owner",
    stores: Stores = "",
    partner: Partner = "",
    program: Program = None,
    place: Where = PLACE,
) -> int:
    """Add a person with a password that is made up and shown only now; the first owner of a program comes so."""
    from regulars.cli.staff import add as run

    with place.reached() as url:
        return run(url, program, email, name, _split(roles), _split(stores), partner, OUT)


@staff.command
def invite(
    email: str,
    *,
    roles: Roles = "owner",
    stores: Stores = "",
    partner: Partner = "",
    address: Annotated[
        str, Parameter(help="Where the back office is reached; without it what the program names.")
    ] = "",
    program: Program = None,
    place: Where = PLACE,
) -> int:
    """Print a link with which somebody joins; for one of the staff, a link with which she sets a new password."""
    from regulars.cli.staff import invite as run

    with place.reached() as url:
        return run(url, program, email, _split(roles), _split(stores), partner, address, place.secret(), OUT)


@staff.command(name="list")
def list_staff(*, program: Program = None, place: Where = PLACE) -> int:
    """List the staff of a program with their roles."""
    from regulars.cli.staff import list_staff as run

    with place.reached() as url:
        return run(url, program, OUT)


@staff.command
def remove(email: str, *, program: Program = None, place: Where = PLACE) -> int:
    """Take a person out of a program; her sessions in it end at once. The last owner stays."""
    from regulars.cli.staff import remove as run

    with place.reached() as url:
        return run(url, program, email, OUT)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
