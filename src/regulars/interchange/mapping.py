"""Decides which column of a file is which field of ours, and how its cells are converted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from regulars.errors import Fault, Unprocessable
from regulars.interchange import conversions, fields
from regulars.interchange.conversions import Context
from regulars.interchange.fields import Kind
from regulars.interchange.table import Record, Row

Text = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class Target(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a column is."""

    field: Name
    """One of ours; "" leaves the column out."""
    convert: Annotated[str, Meta(max_length=100)] = ""
    """How its cells are turned into what the field takes: `money`, `date:dmy`, `consent:email/marketing`, …"""


class Mapping(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which column is which field. Columns that it does not name are called as our fields are, or left out."""

    columns: Annotated[dict[Name, Target | Name], Meta(max_length=500)] = {}
    """Their name → ours, or a field with a conversion."""
    constants: Annotated[dict[Name, Text], Meta(max_length=50)] = {}
    """Fields that are the same in every row where no column says otherwise."""

    def target(self, column: str) -> Target | None:
        """What a column is; None where nothing is said of it."""
        found = self.columns.get(column)
        return Target(found) if isinstance(found, str) else found


class CellFault(Struct, frozen=True):
    """A cell that cannot be converted."""

    column: str
    detail: str


class Reader:
    """Reads rows of one file by one mapping."""

    def __init__(self, kind: Kind, mapping: Mapping, columns: Sequence[str], context: Context):
        """Raises Unprocessable where the mapping does not fit the file or lacks what a row needs."""
        self._context = context
        self._constants = {name: text for name, text in mapping.constants.items() if text}
        self._targets = resolved(kind, mapping, columns)
        self._joins = {
            target.field: found.join
            for _, _, target in self._targets
            if (found := fields.field(kind, target.field)) is not None
        }

    def row(self, record: Record) -> tuple[Row, tuple[CellFault, ...]]:
        """The row with its cells by field, and what could not be converted."""
        cells = dict(self._constants)
        said: set[str] = set()
        faults: list[CellFault] = []
        for place, column, target in self._targets:
            text = record.cells[place] if place < len(record.cells) else ""
            if not text:
                continue
            if target.convert:
                try:
                    text = conversions.convert(target.convert, text, self._context)
                except ValueError as error:
                    faults.append(CellFault(column, str(error)))
                    continue
                if not text:
                    continue
            if target.field in said:
                text = cells[target.field] + self._joins[target.field] + text
            said.add(target.field)
            cells[target.field] = text
        return Row(record.number, cells), tuple(faults)

    def column_of(self, field: str) -> str:
        """What the file calls a field; the field's own name where no column is it."""
        return next((column for _, column, target in self._targets if target.field == field), field)


def resolved(kind: Kind, mapping: Mapping, columns: Sequence[str]) -> list[tuple[int, str, Target]]:
    """(place, column, what it is) of every column that counts. Raises Unprocessable with all that is wrong."""
    found: list[tuple[int, str, Target]] = []
    faults = [
        Fault(_pointer(column), f"the file has no column {column!r}", "unknown_column")
        for column in mapping.columns
        if column not in columns
    ]
    faults += [
        Fault(f"/mapping/constants/{name}", f"there is no field {name!r}", "unknown_column")
        for name in mapping.constants
        if fields.field(kind, name) is None
    ]
    for place, column in enumerate(columns):
        if not column:
            continue
        target = mapping.target(column) or _as_called(kind, column)
        if target is None:
            faults.append(
                Fault(
                    _pointer(column),
                    f"{column!r} is not known: say what it is, or leave it out",
                    "unknown_column",
                )
            )
        elif target.field:
            faults += _faults_of(kind, column, target)
            found.append((place, column, target))
    by_field: dict[str, str] = {}
    for _, column, target in found:
        first = by_field.setdefault(target.field, column)
        known = fields.field(kind, target.field)
        if first != column and known is not None and not known.join:
            faults.append(Fault(_pointer(column), f"{first!r} and {column!r} cannot both be {target.field}"))
    for choice in fields.NEEDED[kind]:
        if not any(name in by_field or mapping.constants.get(name) for name in choice):
            faults.append(
                Fault("/mapping", f"a column is needed that is {' or '.join(choice)}", "missing_field")
            )
    if faults:
        raise Unprocessable(faults[0].detail, errors=faults)
    return found


def _as_called(kind: Kind, column: str) -> Target | None:
    return Target(column) if fields.field(kind, column) is not None else None


def _faults_of(kind: Kind, column: str, target: Target) -> list[Fault]:
    if fields.field(kind, target.field) is None:
        return [Fault(_pointer(column), f"there is no field {target.field!r}", "unknown_column")]
    wrong = conversions.check(target.convert) if target.convert else None
    return [Fault(_pointer(column), wrong)] if wrong else []


def _pointer(column: str) -> str:
    return "/mapping/columns/" + column.replace("~", "~0").replace("/", "~1")


def decode(document: str | bytes) -> Mapping:
    """A mapping as it was kept."""
    return msgspec.json.decode(document, type=Mapping)
