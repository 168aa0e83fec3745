"""Finds products for a till or a builder: by words, by barcode, by SKU, or page by page."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.assortment import reading
from regulars.assortment.model import Product
from regulars.db.pool import Database


class ProductPage(Struct, frozen=True):
    """Products; `next` is where the list of all goes on (a search answers its best at once)."""

    items: tuple[Product, ...]
    next: str | None


async def find_products(
    database: Database,
    program: UUID,
    *,
    query: str | None = None,
    barcode: str | None = None,
    sku: str | None = None,
    after: str = "",
    limit: int = 20,
) -> ProductPage:
    """Products by the first of barcode, SKU and query that is given; without one the whole list by SKU."""
    async with database.transaction(program) as tx:
        if barcode is not None:
            found = await reading.by_barcode(tx, program, barcode)
            return ProductPage((found,) if found else (), None)
        if sku is not None:
            return ProductPage(tuple((await reading.by_skus(tx, program, [sku])).values()), None)
        if query is not None:
            return ProductPage(tuple(await reading.search(tx, program, query, limit)), None)
        page = await reading.page(tx, program, after, limit + 1)
    return ProductPage(tuple(page[:limit]), page[limit - 1].sku if len(page) > limit else None)
