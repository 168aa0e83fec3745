"""Writes tables as CSV (RFC 4180) so that a spreadsheet takes no cell for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MEDIA_TYPE = "text/csv"
"""The server adds the charset."""


def safe_cell(text: str) -> str:
    """What others typed, with a leading ' where a spreadsheet would run it."""
    return "'" + text if text.startswith(DANGEROUS) else text


def decimal(amount: int, scale: int) -> Decimal:
    """Minor units as a spreadsheet reads them: a point before the decimals, no spaces; `scale`: how many decimals."""
    return Decimal(amount).scaleb(-scale)


def rows_as_csv(rows: Iterable[Iterable[str | int | Decimal]]) -> bytes:
    """Lines of a table, divided by commas in every language; texts are made safe, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode()
