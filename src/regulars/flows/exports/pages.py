"""What an export is given page by page, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars.db.pool import Database
from regulars.flows.exports.filtering import ExportFilter
from regulars.flows.known_programs import Known
from regulars.interchange.writing import Cell, Column
from regulars.programs.roles import Permission

ROWS_AT_ONCE = 1000
FIRST = UUID(int=0)
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
Rows = list[Sequence[Cell]]


class Asked(NamedTuple):
    """Of which program, what, and as of when."""

    database: Database
    known: Known
    filter: ExportFilter
    at: datetime

    @property
    def program(self) -> UUID:
        """Its id."""
        return self.known.program.id

    def window(self) -> dict[str, datetime]:
        """From when, and until when."""
        return {"from": self.filter.from_ or EARLIEST, "to": self.filter.to or LATEST}


Page = Callable[[Asked, Any], Awaitable[tuple[Rows, Any]]]
"""Rows after a place (None: from the beginning), and the place behind them; None: that was all."""


class Export(NamedTuple):
    """A kind of export."""

    kind: str
    title: str
    columns: Callable[[Asked], Awaitable[tuple[Column, ...]]]
    page: Page
    personal: bool = False
    """Whether somebody can be recognised by what stands in it."""
    filters: tuple[str, ...] = ()
    needs: Permission = "data.export"
    """What a person's role must allow to have it written, and to download it."""


def fixed(*columns: Column) -> Callable[[Asked], Awaitable[tuple[Column, ...]]]:
    """Columns that are always the same."""

    async def these(asked: Asked) -> tuple[Column, ...]:
        return columns

    return these


def place_of(after: Any) -> dict[str, Any]:
    """(home, id) of the last row as parameters."""
    home, identifier = after or (-1, FIRST)
    return {"home": home, "id": identifier, "limit": ROWS_AT_ONCE}


def behind(rows: Sequence[Sequence[Any]]) -> tuple[int, UUID] | None:
    """The place behind a page by (home, id); None where it was the last."""
    return (rows[-1][0], rows[-1][1]) if len(rows) == ROWS_AT_ONCE else None
