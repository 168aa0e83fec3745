"""What can be said about certifying a till on the command line: `regulars certify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from regulars.cli.places import Place

OUT = Console()
PLACE = Place()
Where = Annotated[Place, Parameter(name="*")]


def certify(
    *,
    server: Annotated[str, Parameter(help="Where Regulars is served.")] = "http://127.0.0.1:8080",
    listen: Annotated[int, Parameter(help="Port of 127.0.0.1 at which the till finds the stand-in.")] = 8090,
    can: Annotated[
        str, Parameter(help="What the till claims, comma-separated; `--list` says what there is.")
    ] = "",
    driver: Annotated[
        str | None, Parameter(help="A program that works the till; without it a person is told what to do.")
    ] = None,
    only: Annotated[str, Parameter(help="Comma-separated names of situations; without it all.")] = "",
    report: Annotated[Path | None, Parameter(help="A file for the verdicts as JSON.")] = None,
    log: Annotated[Path | None, Parameter(help="The till's own log, which must hold nothing secret.")] = None,
    list_: Annotated[
        bool, Parameter(name="--list", negative="", help="List the situations, and end.")
    ] = False,
    place: Where = PLACE,
) -> int:
    """Certify a till: it is told what to do, the line fails on purpose, and the books of a sandbox judge it.

    The sandbox is that of the key in REGULARS_KEY (test_…, scope manage); without one it is made in this installation.
    Exit code 1 where a situation was failed.
    """
    from regulars.cli.certifying import Wanted, listed
    from regulars.cli.certifying import certify as run

    wanted = Wanted(server, os.environ.get("REGULARS_KEY"), listen, can, driver, only, report, log)
    return listed(OUT) if list_ else run(wanted, place, OUT)
