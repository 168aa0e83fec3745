"""Exports of purchases, of their lines, and of returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regulars import ids
from regulars.db import queries
from regulars.db.pool import fetch_all
from regulars.flows.exports.pages import FIRST, ROWS_AT_ONCE, Asked, Export, Rows, behind, fixed, place_of
from regulars.i18n import N_
from regulars.interchange.writing import Column
from regulars.purchases import documents, given

SQL = queries.load("regulars.flows.exports", "exports.sql")


async def _read(asked: Asked, after: Any) -> Sequence[Any]:
    named = {
        "program": asked.program,
        **place_of(after),
        **asked.window(),
        "stores": list(asked.filter.stores),
    }
    async with asked.database.transaction(asked.program) as tx:
        return await fetch_all(tx, SQL.purchases, named)


async def _purchases(asked: Asked, after: Any) -> tuple[Rows, Any]:
    rows = await _read(asked, after)
    found: Rows = [
        (
            ids.show("pur", purchase), request, ids.show("mem", member) if member else None, ids.show("acc", pool),
            store, partner, till, cashier, receipt_number, purchased_at, recorded_at, currency, gross, discount,
            paid_with_points, payable,
            given.read(bytes(document)).points(asked.known.program.points_code) if earned is None else earned,
            spent, held, voided_at,
        )
        for (_, purchase, request, member, pool, store, partner, till, cashier, receipt_number, purchased_at,
             recorded_at, currency, gross, discount, paid_with_points, payable, earned, spent, held, voided_at,
             document)
        in rows
    ]  # fmt: skip
    return found, behind(rows)


async def _lines(asked: Asked, after: Any) -> tuple[Rows, Any]:
    rows = await _read(asked, after)
    found: Rows = []
    for row in rows:
        document = documents.unpack(bytes(row[-1]))
        came_to = {line.line: line for line in document.answer.lines}
        earned: dict[int, int] = {}
        for one in document.answer.earned:
            earned[one.line] = earned.get(one.line, 0) + one.amount
        for line in document.request.lines:
            priced = came_to[line.line]
            found.append(
                (
                    row[2], ids.show("pur", row[1]), ids.show("mem", row[3]) if row[3] else None, row[5], row[7],
                    row[10], row[12], line.line, line.sku, line.name, line.quantity, line.unit_price, priced.gross,
                    priced.discount, priced.net, earned.get(line.line, 0), ";".join(line.categories),
                    ";".join(line.tags), line.brand, line.unit, line.tax_rate, line.cost, row[20],
                )
            )  # fmt: skip
    return found, behind(rows)


async def _returns(asked: Asked, after: Any) -> tuple[Rows, Any]:
    home, purchase, identifier = after or (-1, FIRST, FIRST)
    named = {
        "program": asked.program, "home": home, "purchase": purchase, "id": identifier, "limit": ROWS_AT_ONCE,
        "stores": list(asked.filter.stores), **asked.window(),
    }  # fmt: skip
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.returns, named)
    found: Rows = [
        (
            request, ids.show("ret", one), bought, ids.show("pur", purchase), store, ids.show("acc", pool), *more,
        )
        for _, purchase, one, request, bought, store, pool, *more in rows
    ]  # fmt: skip
    return found, tuple(rows[-1][:3]) if len(rows) == ROWS_AT_ONCE else None


SALES = (
    Export(
        "purchases",
        N_("Purchases"),
        fixed(
            Column("id"), Column("purchase"), Column("member"), Column("account"), Column("store"), Column("partner"),
            Column("till"), Column("cashier"), Column("receipt_number"), Column("purchased_at", "instant"),
            Column("recorded_at", "instant"), Column("currency"), Column("gross", "number"),
            Column("discount", "number"), Column("paid_with_points", "number"), Column("payable", "number"),
            Column("earned", "number"), Column("spent", "number"), Column("held", "yes_no"),
            Column("voided_at", "instant"),
        ),
        _purchases,
        filters=("from", "to", "stores"),
    ),
    Export(
        "lines",
        N_("Lines of purchases"),
        fixed(
            Column("purchase"), Column("id"), Column("member"), Column("store"), Column("till"),
            Column("purchased_at", "instant"), Column("currency"), Column("line", "number"), Column("sku"),
            Column("name"), Column("quantity"), Column("unit_price", "number"), Column("gross", "number"),
            Column("discount", "number"), Column("net", "number"), Column("earned", "number"), Column("categories"),
            Column("tags"), Column("brand"), Column("unit"), Column("tax_rate"), Column("cost", "number"),
            Column("voided_at", "instant"),
        ),
        _lines,
        filters=("from", "to", "stores"),
    ),
    Export(
        "returns",
        N_("Returns"),
        fixed(
            Column("id"), Column("return"), Column("of"), Column("purchase"), Column("store"), Column("account"),
            Column("returned_at", "instant"), Column("recorded_at", "instant"), Column("currency"),
            Column("gross_back", "number"), Column("discount_back", "number"), Column("money_back", "number"),
            Column("points_back", "number"), Column("points_taken", "number"), Column("voided_at", "instant"),
        ),
        _returns,
        filters=("from", "to", "stores"),
    ),
)  # fmt: skip
