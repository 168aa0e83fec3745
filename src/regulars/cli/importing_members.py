"""Imports members from a file, batch by batch; what is wrong is listed row by row in another file.

A member is known by her external id, else phone, email or card, so that running an import again changes nothing. How
far it came stands in a small file beside the members, so that the next run begins there; that file only saves time.
"""

from __future__ import annotations

import csv
import gc
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from regulars.cli.members_file import MemberFault, MembersFile, ReadMember, fault_of, read
from regulars.cli.places import Place, Refused
from regulars.cli.registering import program_id, with_database
from regulars.db.pool import Database
from regulars.errors import Fault
from regulars.flows.import_members import Outcome, import_members
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.questionnaires import read_questionnaire

BATCH_MAX = 5000
ACTOR = "import"


class ImportOfMembers(NamedTuple):
    """What was asked for."""

    file: Path
    program: str
    mapping: tuple[str, ...]
    """`theirs=ours`, one for each column that is called otherwise; `theirs=` leaves one out."""
    dry_run: bool
    errors: Path
    batch: int

    @property
    def cursor(self) -> Path:
        """Where it stands how far the import came."""
        return self.file.with_name(self.file.name + ".cursor")


class Cursor(Struct, frozen=True):
    """How far an import came: in which program, of which file (its size and time of change), called how."""

    program: str
    size: int
    changed: int
    mapping: tuple[str, ...]
    members: int


def run(url: str, place: Place, wanted: ImportOfMembers, out: Console) -> int:
    """Import the file; 0 when every member is there, 1 when some are faulty. Raises Refused."""
    if not 1 <= wanted.batch <= BATCH_MAX:
        raise Refused(f"--batch is 1 to {BATCH_MAX}.")
    file = MembersFile(wanted.file, _names(wanted.mapping))
    keyring = place.keyring()
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=out) as bar:
        one = _Run(wanted, file, bar, bar.add_task("Members", total=file.total))

        async def work(database: Database) -> None:
            programs = KnownPrograms(database, keyring)
            await one.whole(database, programs, await programs.of(program_id(wanted.program)))

        begun = time.monotonic()
        with _calm_collector():
            with_database(url, work)
        bar.update(one.task, completed=file.total)
    return one.tell(out, time.monotonic() - begun)


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
        self._whole = 0 if wanted.dry_run else _came(wanted)
        self._unbroken = True
        self._counts: Counter[str] = Counter()
        self._faults: list[MemberFault] = []

    async def whole(self, database: Database, programs: KnownPrograms, known: Known) -> None:
        """Read and enter, batch by batch, from where it was left."""
        asked = await read_questionnaire(database, known.program.id)
        kinds = {question.code: question.kind for question in asked.questions}
        batch: list[ReadMember] = []
        for place, row in enumerate(self._file.rows()):
            if place < self._whole:
                self._counts["skipped"] += 1
                continue
            batch.append(read(row, known.program.time_zone, kinds))
            if len(batch) == self._wanted.batch:
                await self._take(database, known, batch, await programs.now(known.program.id))
                batch = []
        if batch:
            await self._take(database, known, batch, await programs.now(known.program.id))

    async def _take(
        self, database: Database, known: Known, batch: Sequence[ReadMember], at: datetime
    ) -> None:
        faults = [fault for one in batch for fault in one.faults]
        good = [(one.row, one.member) for one in batch if one.member is not None]
        outcomes = await import_members(
            database,
            known.program,
            known.vault,
            [member for _, member in good],
            ACTOR,
            at=at,
            dry_run=self._wanted.dry_run,
        )
        for (row, _), outcome in zip(good, outcomes, strict=True):
            faults += _faults_of(row, outcome)
            if outcome.problem is None:
                self._counts["repeated" if outcome.repeated else "entered"] += 1
        self._faults += faults
        self._counts["faulty"] += len({fault.row for fault in faults})
        # The next run begins at the first batch with a fault: what was mended in the file is read again.
        self._unbroken = self._unbroken and not faults
        if self._unbroken and not self._wanted.dry_run:
            self._whole += len(batch)
            _note(self._wanted, self._whole)
        self._bar.update(self.task, completed=self._file.position)

    def tell(self, out: Console, seconds: float) -> int:
        """Say what was done; the exit code."""
        _write_faults(self._wanted.errors, self._faults)
        entered, faulty = self._counts["entered"], self._counts["faulty"]
        there = self._counts["repeated"] + self._counts["skipped"]
        verb = "would be entered" if self._wanted.dry_run else "entered"
        pace = f" ({entered / seconds:,.0f} a second)" if entered and seconds > 1 else ""
        out.print(
            f"{entered} members {verb}{pace}, {there} were there already, {faulty} faulty.", highlight=False
        )
        if faulty:
            out.print(f"What is wrong stands in {self._wanted.errors}.", markup=False, soft_wrap=True)
        return 1 if faulty else 0


def _faults_of(row: int, outcome: Outcome) -> list[MemberFault]:
    problem = outcome.problem
    if problem is None:
        return []
    faults = problem.errors or (Fault("", problem.detail, problem.code),)
    return [fault_of(row, fault) for fault in faults]


def _names(mapping: Sequence[str]) -> Mapping[str, str]:
    """Their column → ours. Raises Refused."""
    names: dict[str, str] = {}
    for one in mapping:
        theirs, equals, ours = one.partition("=")
        if not equals or not theirs.strip():
            raise Refused(f"--mapping {one} is not THEIRS=OURS.")
        names[theirs.strip()] = ours.strip()
    return names


def _came(wanted: ImportOfMembers) -> int:
    """How many rows of this very file are in the program already."""
    try:
        cursor = msgspec.json.decode(wanted.cursor.read_bytes(), type=Cursor)
    except (OSError, msgspec.MsgspecError):
        return 0
    return cursor.members if cursor == _cursor(wanted, cursor.members) else 0


def _note(wanted: ImportOfMembers, members: int) -> None:
    draft = wanted.cursor.with_name(wanted.cursor.name + ".new")
    draft.write_bytes(msgspec.json.encode(_cursor(wanted, members)))
    draft.replace(wanted.cursor)


def _cursor(wanted: ImportOfMembers, members: int) -> Cursor:
    state = wanted.file.stat()
    return Cursor(wanted.program, state.st_size, state.st_mtime_ns, wanted.mapping, members)


def _write_faults(path: Path, faults: Sequence[MemberFault]) -> None:
    """The list of faults; the one of an earlier run is taken away when there are none."""
    if not faults:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MemberFault._fields)
        writer.writerows(faults)
