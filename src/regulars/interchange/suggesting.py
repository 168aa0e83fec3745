"""Suggests a mapping from the columns' names, in five languages, and from what stands in the first rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regulars.interchange import conversions, fields
from regulars.interchange.conversions import Context
from regulars.interchange.fields import Field, Kind, Taking
from regulars.interchange.mapping import Mapping, Target
from regulars.interchange.table import Record

_CONTEXT = Context(2)
_TRIED: dict[Taking, tuple[str, ...]] = {
    "date": ("", "date:ymd", "date:dmy", "date:mdy"),
    "instant": ("", "instant:ymd", "instant:dmy", "instant:mdy", "unix"),
    "share": ("", "percent"),
}
"""Conversions in the order in which they are tried: the first that reads every cell is taken."""


def suggest(kind: Kind, columns: Sequence[str], samples: Iterable[Record] = ()) -> Mapping:
    """What each column seems to be; those that nothing is known of are left out."""
    rows = list(samples)
    taken: dict[str, str] = {}
    found: dict[str, Target | str] = {}
    for place, column in enumerate(columns):
        if not column:
            continue
        one = _field_of(kind, column)
        if one is None or (one.name in taken and not one.join):
            found[column] = ""
            continue
        taken[one.name] = column
        cells = [row.cells[place] for row in rows if place < len(row.cells) and row.cells[place]]
        convert = _conversion(one, cells)
        found[column] = Target(one.name, convert) if convert else one.name
    return Mapping(found)


def guess_kind(columns: Sequence[str]) -> Kind:
    """Of what the file seems to be: the kind whose needs are met and that knows most of its columns."""

    def score(kind: Kind) -> tuple[bool, int]:
        known = {one.name for column in columns if column and (one := _field_of(kind, column))}
        met = all(any(name in known for name in choice) for choice in fields.NEEDED[kind])
        return met, len(known)

    return max(fields.KINDS, key=score)


def _field_of(kind: Kind, column: str) -> Field | None:
    exact = fields.field(kind, column)
    if exact is not None:
        return exact
    folded = fields.fold(column)
    if not folded:
        return None
    for one in fields.FIELDS[kind]:
        if folded in one.also:
            return one
    return None


def _conversion(one: Field, cells: Sequence[str]) -> str:
    if one.takes == "money":
        # An amount with a point or a comma is in major units; whole numbers throughout are minor units, as ours are.
        return "money" if any(not cell.strip().isdigit() for cell in cells) else ""
    if one.takes == "points":
        return (
            "points" if any(not cell.strip().isdigit() for cell in cells) and _reads("points", cells) else ""
        )
    if one.takes == "list":
        return (
            "list:," if any("," in cell for cell in cells) and not any(";" in cell for cell in cells) else ""
        )
    for name in _TRIED.get(one.takes, ()):
        if _fits(one.takes, name, cells):
            return name
    return ""


def _fits(takes: Taking, name: str, cells: Sequence[str]) -> bool:
    if name:
        return _reads(name, cells)
    if takes == "share":
        return all(_is_share(cell) for cell in cells)
    return all(_is_iso(cell) for cell in cells)


def _reads(name: str, cells: Sequence[str]) -> bool:
    try:
        for cell in cells:
            conversions.convert(name, cell, _CONTEXT)
    except ValueError:
        return False
    return True


def _is_share(cell: str) -> bool:
    try:
        return conversions.decimal_of(cell) <= 1 and "%" not in cell and "," not in cell
    except ValueError:
        return False


def _is_iso(cell: str) -> bool:
    return cell == "never" or (cell[:4].isdigit() and cell[4:5] == "-" and cell[7:8] == "-")
