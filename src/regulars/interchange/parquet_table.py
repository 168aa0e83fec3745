"""Reads Parquet, some hundred rows at once, within bounds.

The format writes a text that many rows share once, and how often beside it: a file of some hundred bytes may stand for
gigabytes. So texts are read as they stand there, and what the rows come to is counted before they are written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regulars.errors import NotInstalled
from regulars.interchange.table import ROWS_MAX, Format, Record, Source, UnreadableTable, heading, record

ROWS_AT_ONCE = 1000
UNPACKED_BYTES_MAX = 400_000_000
BYTES_AT_ONCE = 100_000_000
"""So much is read, and handed on, at once where the rows are that large."""
SHARED = {"PLAIN", "RLE", "BIT_PACKED", "PLAIN_DICTIONARY", "RLE_DICTIONARY"}
WIDTHS = {"BOOLEAN": 1, "INT64": 8, "DOUBLE": 8, "INT96": 12}
"""Bytes of a value by its type; a column of fixed texts names their length, all others have 4 beside their text."""


class ParquetTable:
    """A Parquet file."""

    format: Format = "parquet"

    def __init__(self, source: Source):
        self._file = _opened(source)
        metadata = self._file.metadata
        self.position, self.total = 0, metadata.num_rows
        if self.total > ROWS_MAX:
            raise UnreadableTable(f"The file has more than {ROWS_MAX} rows.")
        _refuse_more_than_needed(_said_bytes(metadata))
        self._rows_at_once = _rows_at_once(metadata)
        self.columns = heading(self._file.schema_arrow.names)
        self.assumed: dict[str, str] = {}

    def records(self) -> Iterator[Record]:
        """Every row; the first is number 1. Raises UnreadableTable."""
        import pyarrow.lib

        unpacked = 0
        try:
            for batch in self._file.iter_batches(self._rows_at_once):
                names = batch.schema.names
                size = sum(_unpacked_bytes(column) for column in batch.columns)
                unpacked += size
                _refuse_more_than_needed(unpacked)
                step = max(1, batch.num_rows // (1 + size // BYTES_AT_ONCE))
                for start in range(0, batch.num_rows, step):
                    for cells in batch.slice(start, step).to_pylist():
                        self.position += 1
                        texts = [text_of(cells[name]) for name in names]
                        found = record(self.position, texts, len(self.columns))
                        if found is not None:
                            yield found
        except (pyarrow.lib.ArrowException, OSError) as error:
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
        from pyarrow.parquet import ParquetFile, read_metadata
    except ImportError as error:
        raise NotInstalled("Parquet files need an extra: `pip install 'regulars[parquet]'`.") from error
    try:
        metadata = read_metadata(source.for_readers())
        shared = [
            chunks[0].path_in_schema for chunks in _columns(metadata) if chunks and _read_as_shared(chunks)
        ]
        return ParquetFile(source.for_readers(), read_dictionary=shared)
    except (pyarrow.lib.ArrowException, OSError) as error:
        raise UnreadableTable(f"This is not a Parquet file: {error}") from error


def _columns(metadata: Any) -> list[list[Any]]:
    """For each column, its chunks."""
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    return [[group.column(place) for group in groups] for place in range(metadata.num_columns)]


def _read_as_shared(chunks: list[Any]) -> bool:
    """Whether the texts of a column can be read as they stand; they cannot where they are told by differences."""
    return all(set(chunk.encodings) <= SHARED for chunk in chunks)


def _said_bytes(metadata: Any) -> int:
    """What the file says that it comes to, without the texts that several rows share."""
    said = 0
    for place, chunks in enumerate(_columns(metadata)):
        leaf = metadata.schema.column(place)
        width = leaf.length or WIDTHS.get(leaf.physical_type, 4)
        said += sum(max(chunk.total_uncompressed_size, chunk.num_values * width) for chunk in chunks)
    return said


def _rows_at_once(metadata: Any) -> int:
    """So many rows that texts told by differences stay within bounds, even where each has all text of its chunk."""
    most = 1
    for chunks in _columns(metadata):
        if chunks and chunks[0].physical_type == "BYTE_ARRAY" and not _read_as_shared(chunks):
            most += max(chunk.total_uncompressed_size for chunk in chunks)
    return max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE // most))


def _unpacked_bytes(cells: Any) -> int:
    """What these cells come to when each is written out."""
    import pyarrow
    from pyarrow.compute import call_function

    kind = cells.type
    if isinstance(kind, pyarrow.BaseExtensionType):
        return _unpacked_bytes(cells.storage)
    if pyarrow.types.is_struct(kind):
        return sum(_unpacked_bytes(field) for field in cells.flatten())
    if pyarrow.types.is_map(kind):
        parts = [pyarrow.ListArray.from_arrays(cells.offsets, part) for part in (cells.keys, cells.items)]
        return sum(_unpacked_bytes(part) for part in parts)
    if pyarrow.types.is_nested(kind):
        return cells.nbytes + _unpacked_bytes(cells.flatten())
    if pyarrow.types.is_dictionary(kind):
        if pyarrow.types.is_fixed_size_binary(kind.value_type) or pyarrow.types.is_primitive(kind.value_type):
            return cells.indices.nbytes + len(cells) * kind.value_type.bit_width // 8
        lengths = call_function("binary_length", [cells.dictionary])
        return cells.indices.nbytes + (lengths.take(cells.indices).sum().as_py() or 0)
    return cells.nbytes


def _refuse_more_than_needed(count: int) -> None:
    if count > UNPACKED_BYTES_MAX:
        raise UnreadableTable("The Parquet file unpacks to more than a table can need.")
