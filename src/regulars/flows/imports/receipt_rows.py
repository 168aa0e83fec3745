"""Reads the rows of a receipt, one for each of its lines: a purchase as the API takes it, or what is wrong with them.

Nothing here knows the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from regulars import clock
from regulars.errors import Unprocessable
from regulars.interchange.table import Row
from regulars.purchases import receipt
from regulars.purchases.model import PurchaseRequest

NEEDED = ("purchase", "purchased_at", "store", "sku", "quantity")
PER_PURCHASE = ("store", "till", "cashier", "card", "phone", "email", "member", "channel", "receipt_number")
MORE_ZEROS = re.compile(r"^([0-9]+\.[0-9]{3})0+$")
"""A quantity as other systems write it, 1.0000; a call says at most three decimals."""
PER_LINE = ("sku", "name", "quantity", "brand", "unit", "tax_rate")
PER_LINE_AMOUNTS = ("unit_price", "gross", "discount", "cost", "regular_price")
PER_LINE_LISTS = ("categories", "tags")
OTHERS = ("purchase", "purchased_at", "line", "currency")
COLUMNS = frozenset((*PER_PURCHASE, *PER_LINE, *PER_LINE_AMOUNTS, *PER_LINE_LISTS, *OTHERS))


class RowFault(NamedTuple):
    """What is wrong with a row."""

    row: int
    purchase: str
    code: str
    detail: str


class Read(NamedTuple):
    """A receipt of the file: the purchase, or the faults that keep it from being one."""

    rows: tuple[Row, ...]
    request: PurchaseRequest | None
    faults: tuple[RowFault, ...]


def grouped(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    """The rows of every receipt: those that stand together and name the same purchase."""
    gathered: list[Row] = []
    for row in rows:
        if gathered and row.cells.get("purchase") != gathered[0].cells.get("purchase"):
            yield tuple(gathered)
            gathered = []
        gathered.append(row)
    if gathered:
        yield tuple(gathered)


def read(rows: tuple[Row, ...], currency: str, zone: str, pricing: str) -> Read:
    """One receipt from its rows."""
    first = rows[0]
    name = first.cells.get("purchase", "")
    faults = [
        RowFault(row.number, name, "missing_field", f"{column} is empty")
        for row in rows
        for column in NEEDED
        if column not in row.cells
    ]
    lines: list[dict[str, Any]] = []
    for place, row in enumerate(rows, start=1):
        try:
            lines.append(_line(place, row.cells))
        except ValueError as error:
            faults.append(RowFault(row.number, name, "invalid_value", str(error)))
    document: dict[str, Any] = {
        column: first.cells[column] for column in PER_PURCHASE if column in first.cells
    }
    try:
        document |= {"purchased_at": _instant(first.cells.get("purchased_at", ""), zone)}
    except ValueError:
        faults.append(
            RowFault(first.number, name, "invalid_value", "purchased_at is not an instant (RFC 3339)")
        )
    if faults:
        return Read(rows, None, tuple(faults))
    document |= {
        "id": name,
        "currency": first.cells.get("currency", currency),
        "lines": lines,
        "pricing": pricing,
    }
    try:
        purchase = msgspec.convert(document, PurchaseRequest)
        receipt.lines(purchase)
        return Read(rows, purchase, ())
    except Unprocessable as problem:
        found = [fault_at(rows, f.pointer, name, f.code, f.detail) for f in problem.errors]
        return Read(rows, None, tuple(found))
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$.")
        return Read(rows, None, (fault_at(rows, "/" + path.rstrip("`"), name, "invalid_value", sentence),))


def fault_at(rows: tuple[Row, ...], pointer: str, purchase: str, code: str, detail: str) -> RowFault:
    """A fault with the row that its pointer leads to (`/lines/2/…` or `/lines[2]…`: the third), else the first."""
    parts = pointer.replace("[", "/").replace("]", "").replace(".", "/").split("/")
    row = rows[0]
    if len(parts) > 2 and parts[1] == "lines" and parts[2].isdigit() and int(parts[2]) < len(rows):
        row = rows[int(parts[2])]
    field = parts[-1] if parts[-1] and not parts[-1].isdigit() else ""
    return RowFault(row.number, purchase, code, f"{field}: {detail}" if field else detail)


def _line(place: int, cells: dict[str, str]) -> dict[str, Any]:
    line: dict[str, Any] = {"line": _whole("line", cells["line"]) if "line" in cells else place}
    line |= {column: cells[column] for column in PER_LINE if column in cells}
    if "quantity" in line:
        line["quantity"] = MORE_ZEROS.sub(r"\1", line["quantity"])
    line |= {column: _whole(column, cells[column]) for column in PER_LINE_AMOUNTS if column in cells}
    line |= {
        column: tuple(part.strip() for part in cells[column].split(";") if part.strip())
        for column in PER_LINE_LISTS
        if column in cells
    }
    if "unit_price" not in line and "gross" not in line:
        raise ValueError("one of unit_price and gross is needed")
    return line


def _whole(column: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError(f"{column} is not a whole number (amounts are minor units: 10.50 is 1050)")
    return int(text)


def _instant(text: str, zone: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=clock.zone(zone))
