"""Imports products, each replacing the one of its article number; what stood there before is kept to be restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from regulars.assortment import reading, shelf
from regulars.assortment.model import Product
from regulars.db.pool import Transaction
from regulars.errors import Fault, Problem, StateConflict, Unprocessable
from regulars.flows.imports.step import ReadRow, Step, faults_of
from regulars.interchange.model import RowFault, RowOutcome
from regulars.interchange.table import Row

AMOUNTS = ("price", "cost")
LISTS = ("categories", "tags")
NAME_IN = "name."


class Products:
    """The importer of products."""

    def __init__(self) -> None:
        self._rehearsed: dict[str, Product] = {}

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """What was written is on the shelf."""

    async def take(self, step: Step) -> None:
        """Put some products on the shelf. Raises DoneBefore."""
        products: dict[str, tuple[int, Product]] = {}
        bad: list[RowOutcome] = []
        for one in step.rows:
            if one.faults:
                bad.append(step.unread(one))
                continue
            try:
                product = read(one.row)
            except Problem as problem:
                bad.append(step.faulty(one.row.number, faults_of(problem)))
                continue
            if product.sku in products:
                twice = RowFault("sku", "given_twice", "stands in an earlier row")
                bad.append(step.faulty(one.row.number, [twice]))
                continue
            products[product.sku] = (one.row.number, product)

        async def work(tx: Transaction) -> list[RowOutcome]:
            return [*bad, *await self._put(tx, step, products)]

        outcomes = await step.write(work)
        if step.one.dry_run:
            faulty = {one.line for one in outcomes if one.outcome == "faulty"}
            put = [product for line, product in products.values() if line not in faulty]
            self._rehearsed.update((product.sku, product) for product in put)

    async def _put(
        self, tx: Transaction, step: Step, products: dict[str, tuple[int, Product]]
    ) -> list[RowOutcome]:
        program = step.known.program.id
        former = await reading.locked(tx, program, sorted(products)) if products else {}
        former |= {sku: self._rehearsed[sku] for sku in products if sku in self._rehearsed}
        new = [(line, one) for line, one in products.values() if former.get(one.sku) != one]
        wrong = await _upsert(tx, step, new)
        outcomes: list[RowOutcome] = []
        for line, product in products.values():
            before = former.get(product.sku)
            if line in wrong:
                outcomes.append(step.faulty(line, wrong[line]))
            elif before == product:
                outcomes.append(RowOutcome(line, "repeated"))
            else:
                note = {"before": _document(before), "after": _document(product)}
                outcomes.append(RowOutcome(line, "changed" if before else "made", note=note))
        return outcomes


async def _upsert(
    tx: Transaction, step: Step, wanted: Sequence[tuple[int, Product]]
) -> dict[int, list[RowFault]]:
    """Write them; those that cannot be written are found by halves: line → its faults."""
    if not wanted:
        return {}
    try:
        async with tx.transaction():
            await shelf.upsert(tx, step.known.program.id, [product for _, product in wanted])
        return {}
    except (StateConflict, Unprocessable) as problem:
        if len(wanted) == 1:
            line, _ = wanted[0]
            if isinstance(problem, StateConflict):
                return {line: [RowFault("barcode", problem.code, "belongs to another product")]}
            return {line: [RowFault(f.pointer.rpartition("/")[2], f.code, f.detail) for f in problem.errors]}
    half = len(wanted) // 2
    return await _upsert(tx, step, wanted[:half]) | await _upsert(tx, step, wanted[half:])


def read(row: Row) -> Product:
    """A row as a product. Raises Unprocessable with the field at fault."""
    cells = row.cells
    document: dict[str, Any] = {
        name: text for name, text in cells.items() if name not in (*AMOUNTS, *LISTS) and "." not in name
    }
    for name in AMOUNTS:
        if name in cells:
            if not cells[name].isascii() or not cells[name].isdigit() or len(cells[name]) > 18:
                detail = "is not a whole number of minor units (10.50 is 1050), nor converted as money"
                raise Unprocessable(detail, errors=[_fault(name, detail)])
            document[name] = int(cells[name])
    for name in LISTS:
        if name in cells:
            document[name] = [part.strip() for part in cells[name].split(";") if part.strip()]
    names = {name.removeprefix(NAME_IN): text for name, text in cells.items() if name.startswith(NAME_IN)}
    if names:
        document["names"] = names
    return converted(document, Product)


def converted(document: dict[str, Any], shape: Any) -> Any:
    """A document as a struct. Raises Unprocessable with the field at fault."""
    try:
        return msgspec.convert(document, shape)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$.")
        field = path.rstrip("`").split(".")[0].split("[")[0]
        if not path and "missing required field `" in sentence:
            field, sentence = sentence.split("`")[1], "is needed"
        raise Unprocessable(sentence, errors=[_fault(field, sentence)]) from error


def _fault(field: str, detail: str) -> Fault:
    return Fault(f"/{field}", detail)


def _document(product: Product | None) -> Any:
    return None if product is None else msgspec.to_builtins(product)
