"""A file of receipts, one row for each line of a receipt, the rows of a receipt together: CSV, Excel or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from regulars.cli.table_file import TableFile
from regulars.flows.imports import receipt_rows
from regulars.flows.imports.receipt_rows import Read
from regulars.interchange.table import Row


class ReceiptsFile(TableFile):
    """A file of receipts."""

    def __init__(self, path: Path):
        super().__init__(path, known=receipt_rows.COLUMNS.__contains__, needed=receipt_rows.NEEDED)

    def receipts(self, currency: str, zone: str, pricing: str) -> Iterator[Read]:
        """Every receipt. An instant without an offset is of the time zone; `currency` where the column is empty."""
        for rows in self.groups():
            yield receipt_rows.read(rows, currency, zone, pricing)

    def groups(self) -> Iterator[tuple[Row, ...]]:
        """The rows of every receipt, unread. Raises Refused for unknown or missing columns."""
        return receipt_rows.grouped(self.rows())
