"""Finds products: by the beginnings of words, by barcode, by SKU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from regulars.assortment.model import Product
from regulars.assortment.words import LAST, terms
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.units import format_rate

SQL = queries.load("regulars.assortment")


async def search(tx: Transaction, program: UUID, query: str, limit: int = 20) -> list[Product]:
    """Products that have, for each word of the query, a word beginning with it; by name. None for no word."""
    wanted = terms(query)
    if not wanted:
        return []
    rows = await fetch_all(
        tx,
        SQL.search,
        {
            "program": program,
            "from": arrays.texts(wanted),
            "until": arrays.texts([term + LAST for term in wanted]),
            "count": len(wanted),
            "limit": limit,
        },
    )
    return [_product(row) for row in rows]


async def by_barcode(tx: Transaction, program: UUID, barcode: str) -> Product | None:
    """The product with this barcode."""
    row = await fetch_one(tx, SQL.by_barcode, (program, barcode))
    return _product(row) if row else None


async def by_skus(tx: Transaction, program: UUID, skus: Sequence[str]) -> dict[str, Product]:
    """Those of these products that there are, by SKU."""
    rows = await fetch_all(tx, SQL.by_skus, (program, arrays.texts(skus)))
    return {row[0]: _product(row) for row in rows}


async def locked(tx: Transaction, program: UUID, skus: Sequence[str]) -> dict[str, Product]:
    """As `by_skus`; nobody changes them until the transaction ends."""
    rows = await fetch_all(tx, SQL.lock_products, (program, arrays.texts(skus)))
    return {row[0]: _product(row) for row in rows}


async def page(tx: Transaction, program: UUID, after: str = "", limit: int = 100) -> list[Product]:
    """Products by SKU, those after `after`."""
    return [_product(row) for row in await fetch_all(tx, SQL.page, (program, after, limit))]


async def count(tx: Transaction, program: UUID) -> int:
    """How many products there are."""
    row = await fetch_one(tx, SQL.count_products, (program,))
    assert row is not None, "a count has a row"
    return row[0]


async def meant(
    tx: Transaction,
    program: UUID,
    *,
    skus: Sequence[str] = (),
    categories: Sequence[str] = (),
    tags: Sequence[str] = (),
    brands: Sequence[str] = (),
    everything: bool = False,
    limit: int = 100,
) -> list[Product]:
    """Products that a list names (a category with all below it), or any; first those with the smallest margin."""
    wanted = {
        "program": program, "everything": everything, "limit": limit, "skus": list(skus), "brands": list(brands),
        "tags": list(tags), "categories": [path.strip("/") for path in categories],
    }  # fmt: skip
    return [_product(row) for row in await fetch_all(tx, SQL.meant, wanted)]


async def facets(tx: Transaction, program: UUID) -> set[tuple[str, str]]:
    """(category, tag or brand; its name) of all that products have; empty where there are no products."""
    return {(row[0], row[1]) for row in await fetch_all(tx, SQL.facets, (program,))}


def _product(row: Sequence[Any]) -> Product:
    sku, name, names, barcode, categories, tags, brand, unit, price, cost, tax_rate = row
    return Product(
        sku=sku,
        name=name,
        price=price,
        names=names,
        barcode=barcode,
        categories=tuple(categories),
        tags=tuple(tags),
        brand=brand,
        unit=unit,
        cost=cost,
        tax_rate=format_rate(tax_rate),
    )
