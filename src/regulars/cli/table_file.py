"""A table in a file that a command was given, row by row, with the column names that a caller knows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from regulars.cli.places import Refused
from regulars.errors import Problem
from regulars.flows.imports.data_files import NAME_MAX
from regulars.flows.imports.runs import DiskFile
from regulars.interchange.table import Row, Source, Table, named, open_table

_KINDS = {".csv": "a CSV", ".xlsx": "an Excel", ".parquet": "a Parquet"}


class TableFile:
    """A file of rows; `total` and `position` say in the same unit how much there is and how much was read."""

    def __init__(
        self,
        path: Path,
        *,
        known: Callable[[str], bool],
        needed: Sequence[str] = (),
        names: Mapping[str, str] | None = None,
    ):
        """`known` says which columns there may be, `names` what a column of the file is called here ("": left out)."""
        self.path = path
        self._known = known
        self._needed = needed
        self._names = names or {}
        if not path.is_file():
            raise Refused(f"There is no file {path}.")
        if path.suffix.lower() not in _KINDS:
            raise Refused(f"{path.name} is neither .csv nor .xlsx nor .parquet.")
        self._table = self._opened()
        self.parquet = self._table.format == "parquet"
        self.total = self._table.total

    @property
    def position(self) -> int:
        """How much was read."""
        return self._table.position

    def on_disk(self) -> DiskFile:
        """What is kept of it when its rows are imported."""
        with self.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").digest()
        size = self.path.stat().st_size
        return DiskFile(self.path.name[:NAME_MAX], self._table.format, size, digest, self._table.columns)

    def rows(self) -> Iterator[Row]:
        """Every row, with the cells that are not empty. Raises Refused for unknown or missing columns."""
        self._table = self._opened()
        heading = tuple(self._heading(self._table.columns))
        try:
            for record in self._table.records():
                yield named(heading, record)
        except Problem as problem:
            raise Refused(f"{self.path.name}: {problem.detail}") from problem

    def _opened(self) -> Table:
        try:
            table = open_table(Source(self.path))
        except Problem as problem:
            raise Refused(f"{self.path.name}: {problem.detail}") from problem
        if self.path.suffix.lower() != f".{table.format}":
            raise Refused(f"{self.path.name} is not {_KINDS[self.path.suffix.lower()]} file.")
        return table

    def _heading(self, names: Sequence[str]) -> list[str]:
        """What the columns are called here. Raises Refused."""
        strange = [name for name in self._names if name not in names]
        if strange:
            raise Refused(f"{self.path.name} has no columns {', '.join(strange)} to be named otherwise.")
        heading = [self._names.get(name, name) for name in names]
        unknown = [name for name, own in zip(names, heading, strict=True) if own and not self._known(own)]
        if unknown:
            raise Refused(
                f"{self.path.name} has columns that are not known: {', '.join(unknown)}. See --help."
            )
        missing = [name for name in self._needed if name not in heading]
        if missing:
            raise Refused(f"{self.path.name} lacks the columns {', '.join(missing)}. See --help.")
        twice = {name for name in heading if name and heading.count(name) > 1}
        if twice:
            raise Refused(f"{self.path.name} has columns twice: {', '.join(sorted(twice))}.")
        return heading
