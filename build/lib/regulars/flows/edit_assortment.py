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
        return await requests.keep(tx, request, 200, msgspec.json.encode(Upserted(len(products))))

    return await database.run(request.program, work)


async def upsert_products(database: Database, program: UUID, products: Sequence[Product]) -> int:
    """The same for the command line; how many products there were."""

    async def work(tx: Transaction) -> int:
        await shelf.upsert(tx, program, products)
        return len(products)

    return await database.run(program, work)
