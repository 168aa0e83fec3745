"""What can be said about cards on the command line: `regulars cards issue`, `regulars cards sheet`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console

from regulars.cli.places import Place

OUT = Console()
PLACE = Place()
Where = Annotated[Place, Parameter(name="*")]
cards = App(name="cards", help="Make cards that belong to nobody yet, and set them for a printer.")


@cards.command
def issue(
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    count: Annotated[int, Parameter(help="How many, up to 1,000,000.")],
    csv: Annotated[Path | None, Parameter(help="A file for their numbers, for a card maker.")] = None,
    place: Where = PLACE,
) -> int:
    """Issue a batch of cards, each with a number of its own. If it is stopped, the worker goes on with it."""
    from regulars.cli.cards import issue as run

    with place.reached() as url:
        return run(url, program, count, csv, OUT)


@cards.command
def sheet(
    batch: Annotated[str, Parameter(help="The batch's id (crb_…).")],
    folder: Annotated[Path, Parameter(help="Where the PDF files go, 1,000 cards in each.")] = Path(),
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    layout: Annotated[
        Literal["a4", "single"],
        Parameter(help="Ten on a sheet with crop marks, or a page for each side with its bleed."),
    ] = "a4",
    code: Annotated[
        Literal["qr", "code128", "ean13", "pdf417", "aztec"], Parameter(help="The code on the card.")
    ] = "code128",
    back: Annotated[bool, Parameter(negative="--no-back", help="Print the back too.")] = True,
    place: Where = PLACE,
) -> int:
    """Set a batch's cards for a printer, as PDF: 85.6 × 54 mm with 3 mm of bleed."""
    from regulars.cli.cards import sheet as run

    with place.reached() as url:
        return run(url, program, batch, folder, layout, code, back=back, out=OUT)
