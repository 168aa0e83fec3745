"""Keeps the products of a program: whole products in, in bulk, each replacing the one of its SKU."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from psycopg import errors as database_errors

from regulars.assortment.model import Product
from regulars.assortment.reading import SQL
from regulars.assortment.words import words_of
from regulars.db import arrays
from regulars.db.pool import Transaction
from regulars.errors import Fault, StateConflict, Unprocessable
from regulars.units import PPM, parse_rate


def faults(products: Sequence[Product]) -> list[Fault]:
    """What is wrong with the meaning of a bulk change, with pointers below `/products`."""
    found: list[Fault] = []
    skus: dict[str, int] = {}
    barcodes: dict[str, int] = {}
    for place, product in enumerate(products):
        if skus.setdefault(product.sku, place) != place:
            found.append(Fault(f"/products/{place}/sku", f"{product.sku} stands twice in this request."))
        if product.barcode and barcodes.setdefault(product.barcode, place) != place:
            found.append(
                Fault(f"/products/{place}/barcode", f"{product.barcode} stands twice in this request.")
            )
        try:
            if parse_rate(product.tax_rate) > PPM:
                found.append(Fault(f"/products/{place}/tax_rate", "A tax rate is at most 1 (100 %)."))
        except ValueError:
            found.append(
                Fault(
                    f"/products/{place}/tax_rate",
                    "A tax rate is a plain number with at most 6 decimals, as 0.21 for 21 %.",
                )
            )
    return found


async def upsert(tx: Transaction, program: UUID, products: Sequence[Product]) -> None:
    """Enter or replace products with the words they are found by.

    Raises Unprocessable with a fault per field, StateConflict where a barcode belongs to another product.
    """
    if wrong := faults(products):
        raise Unprocessable(wrong[0].detail, errors=wrong)
    if not products:
        return
    ordered = sorted(products, key=lambda product: product.sku)
    skus = arrays.texts([product.sku for product in ordered])
    # Barcodes that wander from one product to another within a request must be free before they are given.
    await tx.execute(SQL.release_barcodes, (program, skus))
    try:
        await tx.execute(SQL.upsert_products, (program, *_columns(ordered)))
    except database_errors.UniqueViolation as error:
        raise StateConflict(
            "One of these barcodes belongs to another product of the program; nothing was changed."
        ) from error
    await tx.execute(SQL.forget_words, (program, skus))
    pairs = [(word, product.sku) for product in ordered for word in words_of(product)]
    await tx.execute(
        SQL.insert_words,
        (program, arrays.texts([word for word, _ in pairs]), arrays.texts([sku for _, sku in pairs])),
    )


async def remove(tx: Transaction, program: UUID, sku: str) -> None:
    """Take a product out, with the words it is found by."""
    await tx.execute(SQL.forget_words, (program, arrays.texts([sku])))
    await tx.execute(SQL.remove_product, (program, sku))


def _columns(products: Sequence[Product]) -> tuple[arrays.Column, ...]:
    return (
        arrays.texts([p.sku for p in products]),
        arrays.texts([p.name for p in products]),
        arrays.texts([_json(p.names) for p in products]),
        arrays.texts([p.barcode for p in products]),
        arrays.texts([_json(p.categories) for p in products]),
        arrays.texts([_json(p.tags) for p in products]),
        arrays.texts([p.brand for p in products]),
        arrays.texts([p.unit for p in products]),
        arrays.int8s([p.price for p in products]),
        arrays.int8s([p.cost for p in products]),
        arrays.int4s([parse_rate(p.tax_rate) for p in products]),
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
