"""Reads Parquet, some thousands of rows at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regulars.errors import NotInstalled
from regulars.interchange.table import ROWS_MAX, Format, Record, Source, UnreadableTable, heading, record

ROWS_AT_ONCE = 5000
UNPACKED_BYTES_MAX = 2_000_000_000


class ParquetTable:
    """A Parquet file."""

    format: Format = "parquet"

    def __init__(self, source: Source):
        self._file = _opened(source)
        metadata = self._file.metadata
        self.position, self.total = 0, metadata.num_rows
        if self.total > ROWS_MAX:
            raise UnreadableTable(f"The file has more than {ROWS_MAX} rows.")
        sizes = [metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups)]
        if sum(sizes) > UNPACKED_BYTES_MAX:
            raise UnreadableTable("The Parquet file unpacks to more than a table can need.")
        self.columns = heading(self._file.schema_arrow.names)
        self.assumed: dict[str, str] = {}

    def records(self) -> Iterator[Record]:
        """Every row; the first is number 1. Raises UnreadableTable."""
        import pyarrow.lib

        try:
            for batch in self._file.iter_batches(ROWS_AT_ONCE):
                names = batch.schema.names
                for cells in batch.to_pylist():
                    self.position += 1
                    texts = [text_of(cells[name]) for name in names]
                    found = record(self.position, texts, len(self.columns))
                    if found is not None:
                        yield found
        except pyarrow.lib.ArrowException as error:
            raise UnreadableTable(f"The Parquet file is damaged: {error}") from error


def text_of(value: Any) -> str:
    """A value as text: lists divided by `;`, dates as ISO 8601, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(text_of(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).strip()


def _opened(source: Source) -> Any:
    try:
        import pyarrow.lib
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise NotInstalled("Parquet files need an extra: `pip install 'regulars[parquet]'`.") from error
    try:
        return ParquetFile(source.for_readers())
    except (pyarrow.lib.ArrowException, OSError) as error:
        raise UnreadableTable(f"This is not a Parquet file: {error}") from error
