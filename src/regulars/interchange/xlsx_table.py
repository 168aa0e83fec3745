"""Reads the first sheet of an Excel file (.xlsx) that has something in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from regulars.errors import NotInstalled
from regulars.interchange.table import Format, Record, Source, UnreadableTable, heading, record
from regulars.interchange.xlsx_bounds import within_bounds


class XlsxTable:
    """A sheet of an Excel file."""

    format: Format = "xlsx"

    def __init__(self, source: Source):
        self._sheet, name = _sheet(source)
        self._rows = iter(enumerate(self._sheet.iter_rows(), start=1))
        self.position, self.total = 0, self._sheet.total_height
        first = next(((number, row) for number, row in self._rows if any(cell != "" for cell in row)), None)
        if first is None:
            raise UnreadableTable("The Excel file has no sheet with rows in it.")
        self.columns = heading([text_of(cell) for cell in first[1]])
        self.assumed = {"sheet": name}

    def records(self) -> Iterator[Record]:
        """Every row below the heading, once."""
        for number, row in self._rows:
            self.position = number
            found = record(number, [text_of(cell) for cell in row], len(self.columns))
            if found is not None:
                yield found
        self.position = self.total


def text_of(value: Any) -> str:
    """A cell as text: dates as ISO 8601, whole numbers without a point."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _sheet(source: Source) -> tuple[Any, str]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise NotInstalled("Excel files need an extra: `pip install 'regulars[data]'`.") from error
    try:
        book = CalamineWorkbook.from_object(within_bounds(source))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                return sheet, name
    except CalamineError as error:
        raise UnreadableTable(f"The Excel file cannot be read: {error}.") from error
    raise UnreadableTable("The Excel file has no sheet with rows in it.")
