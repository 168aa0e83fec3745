"""Reads a table from a CSV or Parquet file row by row, as texts, with the column names that a caller knows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from regulars.cli.places import Refused

ROWS_AT_ONCE = 5000


class Row(NamedTuple):
    """A row of the file: its number as an editor shows it (the heading of a CSV is row 1), and its cells."""

    number: int
    cells: dict[str, str]


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
        self.position = 0
        self._known = known
        self._needed = needed
        self._names = names or {}
        if not path.is_file():
            raise Refused(f"There is no file {path}.")
        self.parquet = path.suffix.lower() == ".parquet"
        if not self.parquet and path.suffix.lower() != ".csv":
            raise Refused(f"{path.name} is neither .csv nor .parquet.")
        self.total = self._parquet().metadata.num_rows if self.parquet else path.stat().st_size

    def rows(self) -> Iterator[Row]:
        """Every row, with the cells that are not empty. Raises Refused for unknown or missing columns."""
        return self._parquet_rows() if self.parquet else self._csv_rows()

    def _csv_rows(self) -> Iterator[Row]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            try:
                reader = csv.reader(self._counted(file))
                heading = self._heading([name.strip() for name in next(reader, [])])
                for cells in reader:
                    if not any(cells):
                        continue
                    if len(cells) > len(heading):
                        raise Refused(
                            f"Row {reader.line_num} of {self.path.name} has more cells than the heading."
                        )
                    named = {name: cell.strip() for name, cell in zip(heading, cells, strict=False)}
                    yield Row(reader.line_num, {name: cell for name, cell in named.items() if name and cell})
            except UnicodeDecodeError as error:
                raise Refused(f"{self.path.name} is not UTF-8 text: {error.reason}.") from error
            except csv.Error as error:
                raise Refused(f"{self.path.name} is not a CSV file: {error}.") from error

    def _counted(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self.position += len(line.encode())
            yield line

    def _parquet_rows(self) -> Iterator[Row]:
        file = self._parquet()
        heading = self._heading(file.schema_arrow.names)
        for batch in file.iter_batches(ROWS_AT_ONCE):
            for cells in batch.to_pylist():
                self.position += 1
                values = zip(heading, cells.values(), strict=True)
                texts = {name: _text(value) for name, value in values if name and value is not None}
                yield Row(self.position, {name: text for name, text in texts.items() if text})

    def _parquet(self) -> Any:
        try:
            import pyarrow.lib
            from pyarrow.parquet import ParquetFile
        except ImportError as error:
            raise Refused(
                "Parquet files need an extra: install it with `pip install 'regulars[parquet]'`."
            ) from error
        try:
            return ParquetFile(self.path)
        except pyarrow.lib.ArrowInvalid as error:
            raise Refused(f"{self.path.name} is not a Parquet file: {error}") from error

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


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
