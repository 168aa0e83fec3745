"""The command line: what can be said, and how it ends (0 done, 1 something is wrong, 2 wrong use).

Every command imports what it needs when it runs, so that a start is quick and `--help` needs nothing.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

from regulars.cli.book_commands import audit, ledger
from regulars.cli.card_commands import cards
from regulars.cli.certify_command import certify
from regulars.cli.import_commands import imports
from regulars.cli.places import Place, Refused
from regulars.cli.staff_commands import staff

PLACE = Place()
OUT = Console()
ERRORS = Console(stderr=True)

app = App(
    name="regulars",
    help="An open-source customer loyalty platform: cards and phones at the till, explained promotions, "
    "double-entry points.",
    help_epilogue="Add `--debug` to any command to see the traceback of an error. "
    "Exit codes: 0 done, 1 something is wrong, 2 wrong use or bad input.",
    version=lambda: version("regulars"),
    result_action="return_value",
)
program = App(name="program", help="Make programs.")
key = App(name="key", help="Make API keys.")
promotions = App(name="promotions", help="Carry promotions between programs and files, check them, try them.")
figures = App(name="figures", help="Keep what the back office shows: sums of the facts by day.")
vault = App(name="vault", help="Look after the master keys under which members' personal data is sealed.")
for group in (audit, ledger, imports, program, key, promotions, vault, figures, cards, staff):
    app.command(group)
app.command(certify)

Where = Annotated[Place, Parameter(name="*")]


@app.command
def start(
    *,
    place: Where = PLACE,
    port: Annotated[int, Parameter(help="Port to listen at.")] = 8080,
    host: Annotated[
        str | None, Parameter(help="Address to listen at; 127.0.0.1, and with --tls every one.")
    ] = None,
    tls: Annotated[
        bool, Parameter(negative="", help="Serve https, with a certificate of our own: for tablets.")
    ] = False,
    reset: Annotated[bool, Parameter(negative="", help="Erase the database first.")] = False,
    demo: Annotated[bool, Parameter(negative="--no-demo", help="Load the demo program once.")] = True,
    workers: Annotated[int, Parameter(help="Processes that serve requests.")] = 1,
) -> int:
    """Start everything: the database, the demo, the server and the worker; Ctrl-C stops it all."""
    from regulars.cli.starting import Start
    from regulars.cli.starting import start as run

    address = host or ("0.0.0.0" if tls else "127.0.0.1")  # noqa: S104
    return run(Start(place, address, port, reset, tls, demo, workers), OUT)


@app.command
def serve(
    *,
    place: Where = PLACE,
    port: Annotated[int, Parameter(help="Port to listen at.")] = 8080,
    host: Annotated[str, Parameter(help="Address to listen at.")] = "127.0.0.1",
    workers: Annotated[int, Parameter(help="Processes that serve requests.")] = 1,
    tls: Annotated[bool, Parameter(negative="", help="Serve https with a certificate of our own.")] = False,
) -> int:
    """Serve the API and the pages, on a database that is there and migrated."""
    from regulars.cli.certificates import certificate
    from regulars.cli.serving import serve as run

    run(place, host, port, workers, certificate(place.data) if tls else None)
    return 0


@app.command
def worker(*, place: Where = PLACE) -> int:
    """Run the scheduled jobs: expiry, lapsing holds, sealing the ledger, pruning."""
    from regulars.cli.serving import work

    work(place)
    return 0


@app.command
def migrate(
    *,
    place: Where = PLACE,
    phase: Annotated[
        Literal["pre", "post"], Parameter(help="`pre` before new code starts, `post` after old code is gone.")
    ] = "post",
) -> int:
    """Bring the database to this version."""
    from regulars.cli.vault import sealer
    from regulars.db.migrate import migrate as run

    with place.reached() as url:
        applied = run(url, phase, sealer(place, url))
    for name in applied:
        OUT.print(f"applied {name}", highlight=False)
    if not applied:
        OUT.print("The database is up to date.")
    return 0


@app.command
def demo(*, place: Where = PLACE) -> int:
    """Load the demo program, Dzintars, once: real grocery receipts, invented people.

    Goes on where it was stopped.
    """
    from regulars.cli.demo.loading import load

    with place.reached() as url:
        return load(url, place, OUT)


@app.command(name="export")
def export_data(
    kind: Annotated[
        str, Parameter(help="members, tiers, balances, postings, purchases, returns, vouchers, settings, …")
    ],
    *,
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    format_: Annotated[
        Literal["csv", "xlsx", "parquet"], Parameter(name="--format", help="As what it is written.")
    ] = "csv",
    output: Annotated[Path | None, Parameter(help="Where to write; KIND.FORMAT without it.")] = None,
    since: Annotated[str | None, Parameter(help="Only from this instant on (RFC 3339).")] = None,
    until: Annotated[str | None, Parameter(help="And only before this one.")] = None,
    place: Where = PLACE,
) -> int:
    """Take out everything of a kind; who took out what stays on record."""
    from regulars.cli.carrying import export as work

    wanted = {name: value for name, value in (("from", since), ("to", until)) if value is not None}
    with place.reached() as url:
        return work(url, place, program, {"kind": kind, "format": format_, "filter": wanted}, output, OUT)


@program.command(name="create")
def create_program(
    name: str,
    *,
    currency: Annotated[str, Parameter(help="Base money, ISO 4217.")],
    time_zone: Annotated[str, Parameter(help="For example Europe/Riga.")],
    languages: Annotated[str, Parameter(help="Comma-separated, the program's own first: lv,ru,en.")],
    sandbox: Annotated[
        bool, Parameter(negative="", help="A program to try things in, with a clock of its own.")
    ] = False,
    template: Annotated[
        str | None,
        Parameter(help="Begin with settings, questionnaire, wordings and live promotions: grocery or cafe."),
    ] = None,
    json: Annotated[bool, Parameter(negative="", help="Print JSON.")] = False,
    place: Where = PLACE,
) -> int:
    """Make a program; prints it and its first key, which is shown only now."""
    from regulars.cli.registering import create_program as run

    with place.reached() as url:
        return run(
            url, name, currency, time_zone, languages,
            sandbox=sandbox, as_json=json, out=OUT, template=template,
        )  # fmt: skip


@program.command(name="sandbox")
def create_sandbox(
    program: Annotated[str, Parameter(help="The program's id (prg_…).")],
    *,
    json: Annotated[bool, Parameter(negative="", help="Print JSON.")] = False,
    place: Where = PLACE,
) -> int:
    """Make a sandbox of a program: its settings, stores and live promotions, and no members.

    Prints it and its first key, which is shown only now and cannot reach the program.
    """
    from regulars.cli.registering import create_sandbox as run

    with place.reached() as url:
        return run(url, program, secret=place.secret(), as_json=json, out=OUT)


@key.command(name="create")
def create_key(
    program: Annotated[str | None, Parameter(help="The program's id (prg_…).")] = None,
    *,
    scopes: Annotated[str, Parameter(help="Comma-separated: manage, till, issuer, read, partner.")] = "till",
    store: Annotated[str | None, Parameter(help="Code of the one store where it may be used.")] = None,
    partner: Annotated[str | None, Parameter(help="Code of the partner for whom it speaks.")] = None,
    name: Annotated[str, Parameter(help="What it is for.")] = "",
    operator: Annotated[bool, Parameter(negative="", help="A key that makes programs over the API.")] = False,
    json: Annotated[bool, Parameter(negative="", help="Print JSON.")] = False,
    place: Where = PLACE,
) -> int:
    """Make an API key; its text is shown only now."""
    from regulars.cli import registering

    if operator == (program is not None):
        raise Refused("Name a program, or say --operator: a key belongs to one program, or to the operator.")
    with place.reached() as url:
        if program is None:
            return registering.create_operator_key(url, name or "operator", as_json=json, out=OUT)
        return registering.create_key(
            url, program, scopes, store=store, partner=partner, name=name, as_json=json, out=OUT
        )


@promotions.command(name="export")
def export_promotions(
    file: Annotated[Path | None, Parameter(help="Where to write; without it to the screen.")] = None,
    *,
    program: Annotated[str | None, Parameter(help="The program's id (prg_…), if there are several.")] = None,
    place: Where = PLACE,
) -> int:
    """Write all promotions of a program as JSON, with the settings and currencies that they are calculated by."""
    from regulars.cli.promotions import export as work

    with place.reached() as url:
        return work(url, program, file, OUT)


@promotions.command(name="import")
def import_promotions(
    file: Annotated[Path, Parameter(help="A document, a list of documents, or an export.")],
    *,
    program: Annotated[str | None, Parameter(help="The program's id (prg_…), if there are several.")] = None,
    place: Where = PLACE,
) -> int:
    """Enter promotions as drafts. What is there already, by its id or else its name, gets a new draft if it differs.

    Running it again changes nothing; nothing is published.
    """
    from regulars.cli.promotions import import_drafts as work

    with place.reached() as url:
        return work(url, program, file, OUT)


@promotions.command(name="lint")
def lint_promotions(
    file: Annotated[Path, Parameter(help="A document, a list of documents, or an export.")],
    *,
    online: Annotated[
        bool, Parameter(negative="", help="Beside what is live in a program, with its products and stores.")
    ] = False,
    program: Annotated[str | None, Parameter(help="That program's id (prg_…), if there are several.")] = None,
    language: Annotated[str | None, Parameter(help="In which language to say it: en, lv.")] = None,
    place: Where = PLACE,
) -> int:
    """Say what speaks against promotions. Without --online the others of the file count as live, and nothing but
    the file is needed. Exit code 1 where something could not be published.
    """
    from regulars.cli.promotions import lint as work

    if not online and program is None:
        return work(None, None, file, language, OUT)
    with place.reached() as url:
        return work(url, program, file, language, OUT)


@promotions.command(name="preview")
def preview_promotions(
    file: Annotated[Path, Parameter(help="A document, a list of documents, or an export.")],
    *,
    receipts: Annotated[
        Path, Parameter(help="A .csv or .parquet file, as `regulars import purchases` reads.")
    ],
) -> int:
    """Price the receipts of a file with promotions, and sum what each of them gives. It needs no database.

    Customers are told apart by their card, phone, email or member; what they bought before is what the file says.
    Limits, budgets, codes, birthdays and marks are not known to a file.
    """
    from regulars.cli.previewing import preview as work

    return work(file, receipts, OUT)


@figures.command(name="rebuild")
def rebuild_figures(
    *,
    place: Where = PLACE,
    program: Annotated[str | None, Parameter(help="One program's id (prg_…); without it all.")] = None,
) -> int:
    """Make the sums that the back office shows anew from the facts: after a restore, or another time zone of a store.

    Everything else goes on meanwhile; the pages say that their figures are incomplete.
    """
    from regulars.cli.figures import rebuild

    with place.reached() as url:
        return rebuild(url, program, OUT)


@vault.command(name="status")
def vault_status(*, place: Where = PLACE) -> int:
    """Say under which master keys how many persons are sealed. Exit code 1 where a key is missing."""
    from regulars.cli.vault import status as work

    with place.reached() as url:
        return work(url, place, OUT)


@vault.command(name="rotate")
def vault_rotate(*, place: Where = PLACE) -> int:
    """Add a new master key and wrap every person's key under it. Stopped half-way, it goes on when said again."""
    from regulars.cli.vault import rotate as work

    with place.reached() as url:
        return work(url, place, OUT)


@vault.command(name="index-names")
def vault_index_names(*, place: Where = PLACE) -> int:
    """Let every member be found by her name in the back office; the worker does it by itself after an update."""
    from regulars.cli.vault import index_names_of_all as work

    with place.reached() as url:
        return work(url, place, OUT)


@vault.command(name="retire")
def vault_retire(
    generation: Annotated[int, Parameter(help="The generation that nobody is sealed under any more.")],
    *,
    place: Where = PLACE,
) -> int:
    """Say that an old master key is not needed any more; refused while somebody is sealed under it."""
    from regulars.cli.vault import retire as work

    with place.reached() as url:
        return work(url, place, generation, OUT)


def run(arguments: list[str]) -> int:
    """Do what the arguments say; the exit code. Errors are sentences on the error output."""
    debug = "--debug" in arguments
    tokens = [argument for argument in arguments if argument != "--debug"]
    try:
        result = app(tokens, exit_on_error=False, error_console=ERRORS)
    except CycloptsError:
        return 2
    except KeyboardInterrupt as interrupt:
        note = str(interrupt)
        ERRORS.print("Stopped." if not note else f"Stopped; {note}.", highlight=False)
        return 130
    except Exception as error:  # noqa: BLE001 – the last stop before the user
        if debug:
            ERRORS.print_exception(show_locals=False)
        sentence, code = explained(error)
        ERRORS.print(f"regulars: {sentence}", markup=False, highlight=False, soft_wrap=True)
        return code
    return result if isinstance(result, int) else 0


def explained(error: Exception) -> tuple[str, int]:
    """An error as a sentence, and its exit code."""
    from regulars.errors import Problem
    from regulars.settings import SettingsMissing

    if isinstance(error, Refused):
        return str(error), error.code
    if isinstance(error, Problem):
        details = [f"{fault.pointer.lstrip('/')}: {fault.detail}" for fault in error.errors]
        return "\n  ".join(["Nothing was done:", *details]) if len(details) > 1 else error.detail, 2
    if isinstance(error, SettingsMissing):
        return str(error), 2
    name = type(error).__name__
    if name in ("MigrationRefused", "VaultLocked") or any(
        base.__name__ == "LauncherError" for base in type(error).__mro__
    ):
        return str(error), 1
    if any(base.__module__.startswith("psycopg") for base in type(error).__mro__):
        first = str(error).strip().splitlines()
        return f"The database said: {first[0] if first else name}", 1
    return f"Something went wrong that should not: {name}: {error} (add --debug for the traceback)", 1


def main() -> None:
    """The entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
