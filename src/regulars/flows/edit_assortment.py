"""Changes the assortment: products in bulk, each replacing the one of its SKU, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.assortment import shelf
from regulars.assortment.model import Product
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

NAMED_MAX = 50
"""Of so many products at once the audit trail names each."""


class Upserted(Struct, frozen=True):
    """How many products were entered or replaced."""

    products: int


async def upsert_products_once(database: Database, request: Request, products: Sequence[Product]) -> Answer:
    """`POST /v1/products`.

    Raises Unprocessable with a fault per product, StateConflict for a barcode in use.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        await shelf.upsert(tx, request.program, products)
        await trail.record(tx, request.program, _change(products), request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(Upserted(len(products))))

    return await database.run(request.program, work)


async def upsert_products(database: Database, program: UUID, products: Sequence[Product]) -> int:
    """The same for the command line; how many products there were."""

    async def work(tx: Transaction) -> int:
        await shelf.upsert(tx, program, products)
        await trail.record(tx, program, _change(products))
        return len(products)

    return await database.run(program, work)


def _change(products: Sequence[Product]) -> Change:
    some = [product.sku for product in products[:NAMED_MAX]]
    return Change(
        "products.entered", some[0] if len(products) == 1 else f"{len(products)} products", after=some
    )
