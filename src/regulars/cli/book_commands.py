"""What can be asked on the command line about books and records: `regulars ledger …`, `regulars audit verify`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from regulars.cli.places import Place

OUT = Console()
PLACE = Place()
Where = Annotated[Place, Parameter(name="*")]
ledger = App(name="ledger", help="Look into the books: do they balance, were they tampered with.")
audit = App(name="audit", help="Look into the audit trail: was an entry changed, taken out, cut off.")


@ledger.command
def check(
    *,
    place: Where = PLACE,
    program: Annotated[str | None, Parameter(help="One program's id (prg_…); without it all.")] = None,
) -> int:
    """Check that the books add up: balances, lots, draws, holds. Exit code 1 where they do not."""
    from regulars.cli.books import check as run

    with place.reached() as url:
        return run(url, program, OUT)


@ledger.command
def verify(
    *,
    place: Where = PLACE,
    program: Annotated[str | None, Parameter(help="One program's id (prg_…); without it all.")] = None,
) -> int:
    """Compute the seal of the ledger again. Exit code 1 where a fact was changed, removed or slipped in."""
    from regulars.cli.books import verify as run

    with place.reached() as url:
        return run(url, program, OUT)


@audit.command(name="verify")
def verify_audit(
    *,
    place: Where = PLACE,
    program: Annotated[str | None, Parameter(help="One program's id (prg_…); without it all.")] = None,
) -> int:
    """Compute the chain of the audit trail again. Exit code 1 where an entry was changed, removed or cut off."""
    from regulars.cli.books import audit as run

    with place.reached() as url:
        return run(url, program, OUT)
