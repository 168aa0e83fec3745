"""Exports of products, stores, promotions with their revisions, and codes with their states."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars import ids
from regulars.assortment import reading as assortment
from regulars.db import queries
from regulars.db.pool import fetch_all
from regulars.flows.exports.pages import FIRST, ROWS_AT_ONCE, Asked, Export, Rows, fixed
from regulars.flows.issue_codes import list_batches
from regulars.flows.publish_promotion import list_promotions
from regulars.flows.redemption_views import voucher_state
from regulars.flows.register_store import list_stores
from regulars.i18n import N_
from regulars.interchange.writing import Column
from regulars.promotions import code_text, codes
from regulars.promotions.codes import Batch

SQL = queries.load("regulars.flows.exports", "exports.sql")
PROMOTIONS_AT_ONCE = 50
REVISIONS_AT_ONCE = 50


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
    named = {
        "program": asked.program,
        "batch": ids.read("cbt", batch),
        "serial": number,
        "limit": ROWS_AT_ONCE,
    }
    async with asked.database.transaction(asked.program) as tx:
        one = await codes.find(tx, asked.program, named["batch"])
        found = await fetch_all(tx, SQL.code_states, named)
    if one is None:
        return [], (batch, -1)
    rows = await asyncio.to_thread(_with_texts, code_text.key_of(secret, asked.program), one, found, asked.at)
    return rows, (batch, found[-1][0] if len(found) == ROWS_AT_ONCE else -1)


def _with_texts(key: bytes, batch: Batch, found: Sequence[Any], at: datetime) -> Rows:
    window = (batch.valid_from, batch.valid_until)
    return [
        (
            ids.show("cbt", batch.id), code_text.numbered(key, batch.id, batch.pattern, serial),
            voucher_state(used, batch.uses, batch.stopped_at, voided, blocked, window, at), used, batch.uses,
            batch.valid_from, batch.valid_until, blocked, voided, why,
        )
        for serial, voided, why, blocked, used in found
    ]  # fmt: skip


async def _revisions(asked: Asked, after: Any) -> tuple[Rows, Any]:
    promotion, revision = after or (FIRST, 0)
    named = {
        "program": asked.program,
        "promotion": promotion,
        "revision": revision,
        "limit": REVISIONS_AT_ONCE,
    }
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.promotion_revisions, named)
    found: Rows = [(ids.show("prm", row[0]), *row[1:]) for row in rows]
    return found, (rows[-1][0], rows[-1][1]) if len(rows) == REVISIONS_AT_ONCE else None


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
    Export(
        "promotion_revisions",
        N_("Revisions of promotions"),
        fixed(
            Column("promotion"), Column("revision", "number"), Column("published_at", "instant"),
            Column("published_by"), Column("document"), Column("changes"),
        ),
        _revisions,
    ),
    Export(
        "codes",
        N_("Codes"),
        fixed(
            Column("batch"), Column("code"), Column("state"), Column("used", "number"), Column("uses", "number"),
            Column("valid_from", "instant"), Column("valid_until", "instant"), Column("blocked_at", "instant"),
            Column("voided_at", "instant"), Column("void_reason"),
        ),
        _codes,
        needs="codes.write",
    ),
)  # fmt: skip
