"""Writes tables as CSV, Excel or Parquet, rows by rows, so that memory does not grow with them.

Excel's writer keeps its sheet in a folder of its own, which nobody else may read and which is gone with the writer.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from regulars.errors import NotInstalled
from regulars.interchange.cells import harmless
from regulars.interchange.table import Format

Kind = Literal["text", "number", "instant", "yes_no"]
Cell = str | int | bool | datetime | None
PIECE = 1 << 20
SHEET_ROWS_MAX = 1_048_576
GROUP_ROWS = 20_000
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


class Column(NamedTuple):
    """A column of a table."""

    name: str
    kind: Kind = "text"


class TableWriter(Protocol):
    """Writes one table. `taken` gives the bytes that are ready, and forgets them."""

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows."""
        ...

    def taken(self) -> bytes:
        """The bytes that came since."""
        ...

    def end(self) -> Iterator[bytes]:
        """What is left, piece by piece."""
        ...

    def close(self) -> None:
        """Give up, or be done: nothing is left on disk."""
        ...


def writer(format_: Format, columns: Sequence[Column]) -> TableWriter:
    """A writer of that format. Raises NotInstalled."""
    return {"csv": CsvWriter, "xlsx": XlsxWriter, "parquet": ParquetWriter}[format_](columns)


class _Sink(io.RawIOBase):
    """Where a writer writes; `taken` gives what came."""

    def __init__(self) -> None:
        self._parts = bytearray()
        self._place = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._parts += content
        self._place += len(content)
        return len(content)

    def tell(self) -> int:
        return self._place

    def taken(self) -> bytes:
        """What came since."""
        found = bytes(self._parts)
        self._parts.clear()
        return found


class CsvWriter:
    """CSV (RFC 4180), UTF-8, divided by commas."""

    def __init__(self, columns: Sequence[Column]):
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; texts are made harmless, numbers stay numbers."""
        self._writer.writerows([_as_text(cell) for cell in row] for row in rows)

    def taken(self) -> bytes:
        """The bytes that came since."""
        found = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return found

    def end(self) -> Iterator[bytes]:
        """What is left."""
        yield self.taken()

    def close(self) -> None:
        """Nothing is open."""


class XlsxWriter:
    """A workbook; beyond the rows that a sheet can have, it goes on in another."""

    def __init__(self, columns: Sequence[Column]):
        try:
            import xlsxwriter
        except ImportError as error:
            raise NotInstalled("Excel files need an extra: `pip install 'regulars[data]'`.") from error
        self._columns = columns
        self._folder = tempfile.TemporaryDirectory(prefix="regulars-", ignore_cleanup_errors=True)
        self._path = Path(self._folder.name) / "table.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": self._folder.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book: Any = xlsxwriter.Workbook(str(self._path), options)
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._bold = self._book.add_format({"bold": True})
        self._sheet: Any = None
        self._row = 0
        self._begin()

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows."""
        for row in rows:
            if self._row == SHEET_ROWS_MAX:
                self._begin()
            for place, cell in enumerate(row):
                self._put(place, cell)
            self._row += 1

    def taken(self) -> bytes:
        """A workbook comes as a whole, at the end."""
        return b""

    def end(self) -> Iterator[bytes]:
        """The whole workbook, piece by piece."""
        self._book.close()
        with self._path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def close(self) -> None:
        """Delete what was written on the way."""
        self._folder.cleanup()

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, harmless(column.name), self._bold)
        self._row = 1

    def _put(self, place: int, cell: Cell) -> None:
        if isinstance(cell, bool):
            self._sheet.write_boolean(self._row, place, cell)
        elif isinstance(cell, int) and abs(cell) < 10**15:
            self._sheet.write_number(self._row, place, cell)
        elif isinstance(cell, datetime):
            # A spreadsheet knows no offsets: instants are in UTC.
            plain = cell.astimezone(UTC).replace(tzinfo=None)
            self._sheet.write_datetime(self._row, place, plain, self._instant)
        elif cell is not None and cell != "":
            self._sheet.write_string(self._row, place, harmless(str(cell))[:32_767])


class ParquetWriter:
    """Parquet, compressed, with the columns' types."""

    def __init__(self, columns: Sequence[Column]):
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError as error:
            raise NotInstalled("Parquet files need an extra: `pip install 'regulars[parquet]'`.") from error
        types = {
            "text": pyarrow.string(),
            "number": pyarrow.int64(),
            "instant": pyarrow.timestamp("us", "UTC"),
            "yes_no": pyarrow.bool_(),
        }
        self._arrow: Any = pyarrow
        self._schema = pyarrow.schema([(column.name, types[column.kind]) for column in columns])
        self._sink = _Sink()
        self._writer: Any = parquet.ParquetWriter(
            pyarrow.PythonFile(self._sink, mode="w"), self._schema, compression="zstd"
        )
        self._waiting: list[Sequence[Cell]] = []

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; they are written in groups."""
        self._waiting += rows
        if len(self._waiting) >= GROUP_ROWS:
            self._flush()

    def taken(self) -> bytes:
        """The bytes that came since."""
        return self._sink.taken()

    def end(self) -> Iterator[bytes]:
        """What is left."""
        self._flush()
        self._writer.close()
        yield self._sink.taken()

    def close(self) -> None:
        """Nothing is on disk."""

    def _flush(self) -> None:
        if self._waiting:
            columns = [list(column) for column in zip(*self._waiting, strict=True)]
            arrays = [
                self._arrow.array(values, type=field.type)
                for values, field in zip(columns, self._schema, strict=True)
            ]
            self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
            self._waiting = []


def _as_text(cell: Cell) -> str | int:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return harmless(cell) if isinstance(cell, str) else cell
