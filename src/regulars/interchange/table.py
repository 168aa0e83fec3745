"""Reads a table row by row, as texts, from CSV, Excel or Parquet; which of the three it is, its content says.

What was assumed on the way (the encoding, the delimiter, the sheet) stands in `assumed`, to be told to whoever sent
the file. Nothing here knows the database.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, Protocol

from regulars.errors import Unprocessable
from regulars.interchange.cells import plain

Format = Literal["csv", "xlsx", "parquet"]
COLUMNS_MAX = 500
CELL_CHARACTERS_MAX = 10_000
ROWS_MAX = 2_000_000


class UnreadableTable(Unprocessable):
    """A file that is no table, or one that does not end."""

    code, title = "unreadable_table", "The file cannot be read as a table."


class Row(NamedTuple):
    """A row of the file: its number as an editor shows it (the heading of a CSV is row 1), and its cells."""

    number: int
    cells: dict[str, str]


class Record(NamedTuple):
    """A row as it stands: a text for each column, perhaps fewer."""

    number: int
    cells: list[str]


class Table(Protocol):
    """A table that was opened. `position` of `total` says, in one unit, how much of it was read."""

    format: Format
    columns: tuple[str, ...]
    assumed: dict[str, str]
    position: int
    total: int

    def records(self) -> Iterator[Record]:
        """Every row that is not empty. Raises UnreadableTable."""
        ...


class Source:
    """Where a table's bytes are: a file on disk, or in memory."""

    def __init__(self, content: bytes | Path):
        self._content = content
        self.size = len(content) if isinstance(content, bytes) else content.stat().st_size

    def open(self) -> BinaryIO:
        """From the beginning, to be closed by the caller."""
        if isinstance(self._content, bytes):
            return io.BytesIO(self._content)
        return self._content.open("rb")

    def for_readers(self) -> BinaryIO | str:
        """What a library opens, and closes, by itself: a path, or bytes."""
        return io.BytesIO(self._content) if isinstance(self._content, bytes) else str(self._content)

    def head(self, count: int) -> bytes:
        """The first bytes."""
        with self.open() as file:
            return file.read(count)


def open_table(source: Source, *, languages: tuple[str, ...] = (), encoding: str | None = None) -> Table:
    """The table in these bytes. Raises UnreadableTable, NotInstalled where a part is missing.

    `languages` of the program decide between encodings that cannot be told apart otherwise; `encoding` names one.
    """
    from regulars.interchange import csv_table, parquet_table, xlsx_table

    head = source.head(8)
    if not source.size:
        raise UnreadableTable("The file is empty.")
    if head.startswith(b"PAR1"):
        return parquet_table.ParquetTable(source)
    if head.startswith(b"PK\x03\x04"):
        return xlsx_table.XlsxTable(source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UnreadableTable("This is an old Excel file (.xls): save it as .xlsx or as CSV.")
    if b"\x00" in source.head(4096) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableTable("This is neither a CSV nor an Excel nor a Parquet file.")
    return csv_table.CsvTable(source, languages=languages, encoding=encoding)


def heading(names: list[str]) -> tuple[str, ...]:
    """The columns' names. Raises UnreadableTable for none, too many, or one twice."""
    found = [name.strip().removeprefix("\ufeff") for name in names]
    while found and not found[-1]:
        found.pop()
    if not any(found):
        raise UnreadableTable("The first row has no names of columns.")
    if len(found) > COLUMNS_MAX:
        raise UnreadableTable(f"The file has more than {COLUMNS_MAX} columns.")
    twice = sorted({name for name in found if name and found.count(name) > 1})
    if twice:
        raise UnreadableTable(f"The file has columns twice: {', '.join(twice)}.")
    if any(len(name) > 200 for name in found):
        raise UnreadableTable("A column's name is longer than 200 characters.")
    return tuple(found)


def record(number: int, cells: list[str], columns: int) -> Record | None:
    """A row as it is handed on; None for an empty one. Raises UnreadableTable for too many or too long cells."""
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return None
    if len(cells) > columns:
        raise UnreadableTable(f"Row {number} has more cells than the heading.")
    if any(len(cell) > CELL_CHARACTERS_MAX for cell in cells):
        raise UnreadableTable(f"Row {number} has a cell of more than {CELL_CHARACTERS_MAX} characters.")
    cells = [plain(cell) for cell in cells]
    if any("\x00" in cell for cell in cells):
        raise UnreadableTable(f"Row {number} has a NUL character.")
    return Record(number, cells)


def named(columns: tuple[str, ...], one: Record) -> Row:
    """A row with its cells by column; empty ones are left out."""
    return Row(
        one.number, {name: cell for name, cell in zip(columns, one.cells, strict=False) if name and cell}
    )
