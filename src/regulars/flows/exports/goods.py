"""Exports of products, stores, promotions and codes."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars import ids
from regulars.assortment import reading as assortment
from regulars.flows.exports.pages import ROWS_AT_ONCE, Asked, Export, Rows, fixed
from regulars.flows.issue_codes import list_batches, read_codes
from regulars.flows.publish_promotion import list_promotions
from regulars.flows.register_store import list_stores
from regulars.i18n import N_
from regulars.interchange.writing import Column

PROMOTIONS_AT_ONCE = 50


async def _product_columns(asked: Asked) -> tuple[Column, ...]:
    names = [Column(f"name.{language}") for language in asked.known.program.languages]
    return (
        Column("sku"), Column("name"), Column("price", "number"), Column("barcode"), Column("categories"),
        Column("tags"), Column("brand"), Column("unit"), Column("cost", "number"), Column("tax_rate"), *names,
    )  # fmt: skip


async def _products(asked: Asked, after: Any) -> tuple[Rows, Any]:
    async with asked.database.transaction(asked.program) as tx:
        found = await assortment.page(tx, asked.program, after or "", ROWS_AT_ONCE)
    rows: Rows = [
        (
            one.sku, one.name, one.price, one.barcode, ";".join(one.categories), ";".join(one.tags), one.brand,
            one.unit, one.cost, one.tax_rate, *(one.names.get(language) for language in asked.known.program.languages),
        )
        for one in found
    ]  # fmt: skip
    return rows, found[-1].sku if len(found) == ROWS_AT_ONCE else None


async def _stores(asked: Asked, after: Any) -> tuple[Rows, Any]:
    page = await list_stores(asked.database, asked.program, after or "", ROWS_AT_ONCE)
    rows: Rows = [
        (
            one.code, one.name, one.partner, one.time_zone, ";".join(one.groups), one.address,
            one.location.latitude if one.location else None, one.location.longitude if one.location else None,
            ";".join(one.tills),
        )
        for one in page.items
    ]  # fmt: skip
    return rows, page.next


async def _promotions(asked: Asked, after: Any) -> tuple[Rows, Any]:
    cursor = ids.read("prm", after) if after else None
    page = await list_promotions(asked.database, asked.program, cursor, PROMOTIONS_AT_ONCE)
    rows: Rows = [
        (one.id, one.status, one.revision, one.created_at, _json(one.document), _json(one.draft))
        for one in page.items
    ]
    return rows, page.next


async def _codes(asked: Asked, after: Any) -> tuple[Rows, Any]:
    """Codes batch by batch; the place is (batch, last number of it, next batch)."""
    secret = asked.known.vault.keyring.secret
    batch, number = after or ("", -1)
    if number == -1:
        cursor = ids.read("cbt", batch) if batch else None
        listed = await list_batches(asked.database, asked.program, cursor, 1)
        if not listed.items:
            return [], None
        batch = listed.items[0].id
    page = await read_codes(
        asked.database, secret, asked.program, ids.read("cbt", batch), number, ROWS_AT_ONCE
    )
    rows: Rows = [(batch, code) for code in page.items]
    return rows, (batch, int(page.next) if page.next else -1)


def _json(document: Any) -> str | None:
    return None if document is None else msgspec.json.encode(document).decode()


GOODS = (
    Export("products", N_("Products"), _product_columns, _products),
    Export(
        "stores",
        N_("Stores"),
        fixed(*map(Column, (
            "code", "name", "partner", "time_zone", "groups", "address", "latitude", "longitude", "tills",
        ))),
        _stores,
    ),
    Export(
        "promotions",
        N_("Promotions"),
        fixed(
            Column("promotion"), Column("status"), Column("revision", "number"), Column("created_at", "instant"),
            Column("document"), Column("draft"),
        ),
        _promotions,
    ),
    Export("codes", N_("Codes"), fixed(Column("batch"), Column("code")), _codes, needs="codes.write"),
)  # fmt: skip
