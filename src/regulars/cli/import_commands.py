"""What can be said about imports on the command line: `regulars import purchases`, `… members`, `… file`, `… undo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console

from regulars.cli.places import Place

OUT = Console()
PLACE = Place()
Where = Annotated[Place, Parameter(name="*")]
imports = App(name="import", help="Bring in what another system recorded.")


@imports.command
def purchases(
    file: Annotated[Path, Parameter(help="A .csv or .parquet file, one line of a receipt per row.")],
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    dry_run: Annotated[bool, Parameter(negative="", help="Check everything, write nothing.")] = False,
    errors: Annotated[
        Path | None, Parameter(help="Where faulty rows are listed; FILE.errors.csv without it.")
    ] = None,
    batch: Annotated[int, Parameter(help="Purchases written together.")] = 128,
    workers: Annotated[
        int | None, Parameter(help="Processes that record; without it as many as cores for a large file.")
    ] = None,
    pricing: Annotated[
        Literal["as_sold", "quote"],
        Parameter(help="Receipts are facts (as_sold), or are priced by the program's promotions (quote)."),
    ] = "as_sold",
    place: Where = PLACE,
) -> int:
    """Import purchases. Running it again changes nothing: a purchase is known by its id.

    Columns: `purchase`, `purchased_at`, `store`, `sku`, `quantity` and one of `unit_price`, `gross` are
    needed; `line`, `till`, `cashier`, `card`, `phone`, `email`, `member`, `currency`, `name`, `discount`,
    `categories` and `tags` (several: separated by `;`), `brand`, `unit`, `tax_rate`, `cost`,
    `regular_price`, `channel` and `receipt_number` may be there. Amounts are minor units; rows of one
    purchase stand together.
    """
    from regulars.cli.importing import Import, run

    wanted = Import(
        file=file,
        program=program,
        dry_run=dry_run,
        errors=errors or file.with_name(file.name + ".errors.csv"),
        batch=batch,
        pricing=pricing,
        workers=workers,
    )
    with place.reached() as url:
        return run(url, place, wanted, OUT)


@imports.command
def members(
    file: Annotated[Path, Parameter(help="A .csv or .parquet file, one member per row.")],
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    mapping: Annotated[
        tuple[str, ...],
        Parameter(
            help="THEIRS=OURS for a column that is called otherwise; THEIRS= leaves it out. May be repeated."
        ),
    ] = (),
    dry_run: Annotated[bool, Parameter(negative="", help="Check everything, write nothing.")] = False,
    errors: Annotated[
        Path | None, Parameter(help="Where faulty rows are listed; FILE.errors.csv without it.")
    ] = None,
    batch: Annotated[int, Parameter(help="Members entered together.")] = 1000,
    place: Where = PLACE,
) -> int:
    """Import members with their cards, balances and consents. Running it again changes nothing.

    Columns, one of the first three or `cards` needed: `phone`, `email`, `external_id`, `name`, `birthday`,
    `language`, `cards`, `balances` (`120`, `120@2027-01-31`, `MILES:120@never`), `consents`
    (`email/marketing@2024-05-01`, `!sms/marketing`: withdrawn), `evidence`, `tag`, `store`, `enrolled_at`
    and `attribute.NAME`. Several cards, balances and consents are separated by `;`.
    """
    from regulars.cli.importing_members import ImportOfMembers, run

    wanted = ImportOfMembers(
        file=file,
        program=program,
        mapping=mapping,
        dry_run=dry_run,
        errors=errors or file.with_name(file.name + ".errors.csv"),
        batch=batch,
    )
    with place.reached() as url:
        return run(url, place, wanted, OUT)


@imports.command
def file(
    file: Annotated[Path, Parameter(help="A .csv, .xlsx or .parquet file.")],
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    kind: Annotated[
        Literal["members", "cards", "balances", "products", "stores", "purchases", "activities"],
        Parameter(help="What its rows are."),
    ],
    mapping: Annotated[
        tuple[str, ...],
        Parameter(help="THEIRS=OURS or THEIRS=OURS|CONVERSION for a column; THEIRS= leaves it out."),
    ] = (),
    preset: Annotated[str | None, Parameter(help="The system whose export it is, e.g. loylap.")] = None,
    saved: Annotated[str | None, Parameter(help="The name of a mapping that was saved before.")] = None,
    save_as: Annotated[str | None, Parameter(help="Keep the mapping under this name.")] = None,
    encoding: Annotated[str | None, Parameter(help="Of a CSV, where its bytes do not tell.")] = None,
    dry_run: Annotated[bool, Parameter(negative="", help="Check everything, write nothing.")] = False,
    errors: Annotated[
        Path | None, Parameter(help="Where faulty rows are listed; FILE.errors.csv without it.")
    ] = None,
    place: Where = PLACE,
) -> int:
    """Import a file of any kind, as the back office does: it stands in the list there, and can be undone.

    docs/importing.md lists the fields of each kind, the conversions, and the systems whose exports are known.
    """
    from regulars.cli.carrying import ImportOfFile, run

    listed = errors or file.with_name(file.name + ".errors.csv")
    wanted = ImportOfFile(file, program, kind, mapping, preset, saved, save_as, encoding, dry_run, listed)
    with place.reached() as url:
        return run(url, place, wanted, OUT)


@imports.command(name="list")
def list_imports(
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    place: Where = PLACE,
) -> int:
    """List what was imported, the newest first."""
    from regulars.cli.carrying import show

    with place.reached() as url:
        return show(url, place, program, OUT)


@imports.command
def undo(
    identifier: Annotated[str, Parameter(name="import", help="The import's id (imp_…).")],
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    place: Where = PLACE,
) -> int:
    """Take an import back. What was used since is kept, and said row by row; then the exit code is 1."""
    from regulars.cli.carrying import undo as work

    with place.reached() as url:
        return work(url, place, program, identifier, OUT)
