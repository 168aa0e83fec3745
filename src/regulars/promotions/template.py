"""Ready promotions to begin from: a document, and which of its fields one would change first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, cast

import msgspec
from msgspec import Struct

from regulars.promotions.words import N_

LABELS = {
    "amount": N_("Amount"),
    "batch": N_("Batch of codes that the vouchers come from"),
    "cap": N_("At most per purchase"),
    "codes": N_("Codes"),
    "components": N_("Parts of the bundle"),
    "cost": N_("Cost of one"),
    "currency": N_("Currency"),
    "days": N_("Days"),
    "days_after": N_("Days after"),
    "days_before": N_("Days before"),
    "factor": N_("Times"),
    "from": N_("From"),
    "gifts": N_("Gifts to choose from"),
    "goods": N_("On these goods"),
    "minimum": N_("At least"),
    "number": N_("Number"),
    "paid": N_("To be paid"),
    "partners": N_("Partners"),
    "per": N_("For each"),
    "percent": N_("Per cent"),
    "pieces": N_("Pieces"),
    "points": N_("Points"),
    "price": N_("Price"),
    "steps": N_("Steps"),
    "stock": N_("How many there are"),
    "triggers": N_("Goods to be bought"),
    "until": N_("Until"),
    "uses": N_("So many times"),
    "weekdays": N_("Weekdays"),
    "years": N_("Years of age"),
}
"""What parameters are called."""


class Parameter(Struct, frozen=True, forbid_unknown_fields=True):
    """A field that one would change: a JSON pointer into the document, and a key of `LABELS`."""

    pointer: str
    label: str


class Template(Struct, frozen=True, forbid_unknown_fields=True):
    """A ready promotion."""

    code: str
    place: int
    """In the list."""
    trades: tuple[str, ...]
    """Codes of the trades that it suits, as ready programs name them."""
    document: dict[str, Any]
    parameters: tuple[Parameter, ...]

    def in_currency(self, points: str | None) -> dict[str, Any]:
        """The document with the program's own points instead of PTS."""
        changed = self.document if points is None else _replaced(self.document, points)
        return cast(dict[str, Any], changed)


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """All of them, in their order; read once."""
    folder = resources.files("regulars.promotions").joinpath("templates")
    files = [path for path in folder.iterdir() if path.name.endswith(".json")]
    found = [msgspec.json.decode(path.read_bytes(), type=Template) for path in files]
    return tuple(sorted(found, key=lambda template: template.place))


def _replaced(value: object, points: str) -> object:
    if isinstance(value, Mapping):
        items = cast(Mapping[str, object], value).items()
        return {
            name: points if name == "currency" and inner == "PTS" else _replaced(inner, points)
            for name, inner in items
        }
    if isinstance(value, list):
        return [_replaced(inner, points) for inner in cast(list[object], value)]
    return value
