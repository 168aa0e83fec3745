"""`/v1/exports`: everything a program has, as CSV, Excel or Parquet."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.exports.exports import (
    ExportPage,
    ExportView,
    NewExport,
    file_name,
    list_exports,
    open_export,
    read_export,
    start_export,
)
from regulars.web.endpoints import Call, Endpoints, Reply, attachment

calls = Endpoints("exports", whole=True)


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("POST", "/v1/exports", scopes="manage", body=NewExport, answer=ExportView, status=202)
async def create(call: Call[NewExport, Any]) -> Answer:
    """Ask for an export; a job writes it, and its file is kept for `export_files_hours`.

    Kinds: members (with `channel` and `purpose` only those who agree; kept as a hand-over), cards, consents, tiers,
    tier_changes, balances (lots with something left), postings, purchases, lines, returns, products, stores,
    promotions, promotion_revisions, codes, vouchers, gift_cards, redemptions, partners, currencies, settings,
    findings, audit. Who asked for what, how many rows it was and the digest of the file stay. In CSV and Excel a cell
    that a spreadsheet would run begins with `'`.
    """
    return await start_export(
        call.database, await call.request(), call.body, ids.show("key", call.caller.key)
    )


@calls("GET", "/v1/exports", scopes="manage", query=PageQuery, answer=ExportPage)
async def search(call: Call[Any, PageQuery]) -> ExportPage:
    """Exports, the newest first: who took out what."""
    before = ids.read("exp", call.query.cursor, "?cursor") if call.query.cursor else None
    return await list_exports(call.database, call.caller.program, before, call.query.limit)


@calls("GET", "/v1/exports/{id}", scopes="manage", answer=ExportView)
async def show(call: Call[Any, Any]) -> ExportView:
    """An export: how far it is, and where its file is."""
    return await read_export(call.database, call.caller.program, _export(call))


@calls("GET", "/v1/exports/{id}/file", scopes="manage", answer=None, media_type="application/octet-stream")
async def file(call: Call[Any, Any]) -> Reply:
    """The file of an export that is done, streamed."""
    known = await call.known()
    one, pieces = await open_export(call.database, known.vault, _export(call))
    reply = attachment(file_name(one), pieces, "application/octet-stream")
    reply.headers["X-Content-Type-Options"] = "nosniff"
    return reply


def _export(call: Call[Any, Any]) -> UUID:
    return ids.read("exp", call.path["id"])
