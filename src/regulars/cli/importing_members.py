"""Imports members from a file, batch by batch; what is wrong is listed row by row in another file.

A member is known by her external id, else phone, email or card, so that running an import again changes nothing. How
far it came stands in a small file beside the members, so that the next run begins there; that file only saves time.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from regulars import ids
from regulars.cli import import_notes
from regulars.cli.members_file import MembersFile
from regulars.cli.places import Place, Refused
from regulars.cli.registering import program_id, with_database
from regulars.db.pool import Database
from regulars.flows.imports.imports import report
from regulars.flows.imports.members import Members
from regulars.flows.imports.runs import Asked, open_run
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.interchange.mapping import Mapping
from regulars.interchange.model import DataImport

BATCH_MAX = 5000
BY = "command line"


class ImportOfMembers(NamedTuple):
    """What was asked for."""

    file: Path
    program: str
    mapping: tuple[str, ...]
    """`theirs=ours`, one for each column that is called otherwise; `theirs=` leaves one out."""
    dry_run: bool
    errors: Path
    batch: int


def run(url: str, place: Place, wanted: ImportOfMembers, out: Console) -> int:
    """Import the file; 0 when every member is there, 1 when some are faulty. Raises Refused."""
    if not 1 <= wanted.batch <= BATCH_MAX:
        raise Refused(f"--batch is 1 to {BATCH_MAX}.")
    file = MembersFile(wanted.file, _names(wanted.mapping))
    keyring = place.keyring()
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=out) as bar:
        run_of = _Run(wanted, file, bar, bar.add_task("Members", total=file.total))

        async def work(database: Database) -> tuple[DataImport, list[tuple[int, str, str, str]]]:
            programs = KnownPrograms(database, keyring)
            known = await programs.of(program_id(wanted.program))
            one = await run_of.whole(database, programs, known)
            return one, await _report(database, known.program.id, one)

        begun = time.monotonic()
        with _calm_collector():
            one, faults = with_database(url, work)
        bar.update(run_of.task, completed=file.total)
    return _tell(wanted, one, faults, time.monotonic() - begun, out)


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Garbage in cycles is looked for seldom: what a row makes is freed by counting."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Run:
    """One import."""

    def __init__(self, wanted: ImportOfMembers, file: MembersFile, bar: Progress, task: TaskID):
        self.task = task
        self._wanted = wanted
        self._file = file
        self._bar = bar

    async def whole(self, database: Database, programs: KnownPrograms, known: Known) -> DataImport:
        """Enter all, batch by batch, from where an import that was killed left it. Raises Problems."""
        wanted, program = self._wanted, known.program.id
        # What a dry run knew of its earlier rows went with it: it begins at the first one.
        before = "" if wanted.dry_run else import_notes.came(wanted.file, wanted.program, wanted.mapping).run
        names = Mapping({**_names(wanted.mapping)})
        asked = Asked("members", self._file.on_disk(), names, dry_run=wanted.dry_run, by=BY)
        resumed = ids.read("imp", before) if before else None
        run = await open_run(database, known, asked, ids.new(), await programs.now(program), resumed)
        if not wanted.dry_run:
            shown = ids.show("imp", run.one.id)
            import_notes.note(wanted.file, wanted.program, shown, mapping=wanted.mapping)
        importer = Members()
        rows = islice(self._file.rows(), run.one.done, None)
        while batch := list(islice(rows, wanted.batch)):
            await run.take(importer, batch, await programs.now(program))
            self._bar.update(self.task, completed=self._file.position)
        return await run.end(await programs.now(program))


async def _report(database: Database, program: UUID, one: DataImport) -> list[tuple[int, str, str, str]]:
    """What is wrong, row by row."""
    return [
        (line.line, line.column, line.code, line.detail)
        async for some in report(database, program, one.id)
        for line in some
    ]


def _tell(
    wanted: ImportOfMembers,
    one: DataImport,
    faults: list[tuple[int, str, str, str]],
    seconds: float,
    out: Console,
) -> int:
    """Say what was done; the exit code."""
    import_notes.write_faults(wanted.errors, ("row", "column", "code", "detail"), faults)
    verb = "would be entered" if wanted.dry_run else "entered"
    pace = f" ({one.made / seconds:,.0f} a second)" if one.made and seconds > 1 else ""
    out.print(
        f"{one.made} members {verb}{pace}, {one.repeated} were there already, {one.faulty} faulty.",
        highlight=False,
    )
    if one.made and not wanted.dry_run:
        import_notes.tell_undo(ids.show("imp", one.id), out)
    if one.faulty:
        out.print(f"What is wrong stands in {wanted.errors}.", markup=False, soft_wrap=True)
    return 1 if one.faulty else 0


def _names(mapping: Sequence[str]) -> dict[str, str]:
    """Their column → ours. Raises Refused."""
    names: dict[str, str] = {}
    for one in mapping:
        theirs, equals, ours = one.partition("=")
        if not equals or not theirs.strip():
            raise Refused(f"--mapping {one} is not THEIRS=OURS.")
        names[theirs.strip()] = ours.strip()
    return names
