"""Imports stores, each replacing what was said of the one of its code; what stood there before is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from regulars.db.pool import Transaction
from regulars.errors import Problem
from regulars.flows.imports.products import converted
from regulars.flows.imports.step import ReadRow, Step, faults_of
from regulars.flows.register_store import NewStore, StoreView, enter_store, store_view
from regulars.interchange.model import RowOutcome
from regulars.interchange.table import Row
from regulars.programs import reading

LISTS = ("groups", "tills")
PLACE = ("latitude", "longitude")


class Stores:
    """The importer of stores."""

    def __init__(self) -> None:
        self._rehearsed: dict[str, NewStore] = {}

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """What was written is in the register."""

    async def take(self, step: Step) -> None:
        """Enter some stores. Raises DoneBefore."""

        async def work(tx: Transaction) -> list[RowOutcome]:
            return [await self._enter(tx, step, one) for one in step.rows]

        await step.write(work)

    async def _enter(self, tx: Transaction, step: Step, one: ReadRow) -> RowOutcome:
        line, program = one.row.number, step.known.program
        if one.faults:
            return step.unread(one)
        try:
            new = read(one.row, program.time_zone)
            there = await reading.stores_by_code(tx, program.id, [new.code])
            before = self._rehearsed.get(new.code) or (as_sent(store_view(there[0])) if there else None)
            if before is not None and _same(before, new):
                return RowOutcome(line, "repeated")
            async with tx.transaction():
                made = await enter_store(tx, await reading.load(tx, program.id), new, step.at)
        except Problem as problem:
            return step.faulty(line, faults_of(problem))
        if step.one.dry_run:
            self._rehearsed[new.code] = new
        note = {"before": _document(before), "after": _document(as_sent(made))}
        return RowOutcome(line, "changed" if before else "made", note=note)


def read(row: Row, zone: str) -> NewStore:
    """A row as a store. Raises Unprocessable with the field at fault."""
    cells = row.cells
    document: dict[str, Any] = {name: text for name, text in cells.items() if name not in (*LISTS, *PLACE)}
    for name in LISTS:
        if name in cells:
            document[name] = [part.strip() for part in cells[name].split(";") if part.strip()]
    if any(name in cells for name in PLACE):
        document["location"] = {name: cells.get(name, "") for name in PLACE}
    new: NewStore = converted(document, NewStore)
    return new if new.time_zone else structs.replace(new, time_zone=zone)


def as_sent(view: StoreView) -> NewStore:
    """A store as it could have been sent, without its tills."""
    return NewStore(
        view.code, view.name, view.partner, view.time_zone, view.groups, view.address, view.location, ()
    )


def _same(before: NewStore, new: NewStore) -> bool:
    return before == structs.replace(new, tills=()) and not new.tills


def _document(store: NewStore | None) -> Any:
    return None if store is None else msgspec.to_builtins(structs.replace(store, tills=()))
