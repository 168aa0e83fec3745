"""Exports of the books: balances with their lots, and postings with their entries."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from regulars import ids
from regulars.db import queries
from regulars.db.pool import fetch_all
from regulars.flows.exports.pages import Asked, Export, Rows, behind, fixed, place_of
from regulars.i18n import N_
from regulars.interchange.writing import Column

SQL = queries.load("regulars.flows.exports", "exports.sql")


async def _lots(asked: Asked, after: Any) -> tuple[Rows, Any]:
    named = {"program": asked.program, "at": asked.at, **place_of(after)}
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.lots, named)
    found: Rows = [
        (
            ids.show("lot", lot), ids.show("mem", member) if member else None, ids.show("acc", pool), currency, left,
            amount, drawn, reserved, earned_at, active_at, expires_at, issuer, funder,
            _decimal(Fraction(numerator, denominator)), ids.show("prm", promotion) if promotion else None,
            ids.show("pur", purchase) if purchase else None,
        )
        for (_, lot, pool, member, currency, left, amount, drawn, reserved, earned_at, active_at, expires_at, issuer,
             funder, numerator, denominator, promotion, purchase) in rows
    ]  # fmt: skip
    return found, behind(rows)


async def _postings(asked: Asked, after: Any) -> tuple[Rows, Any]:
    place = place_of(after)
    named = {"program": asked.program, **place, **asked.window()}
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.postings, named)
    found: Rows = [
        (
            ids.show("pst", posting), ids.show("acc", pool), kind, effective_at, recorded_at, actor, reason,
            ids.show("pur", purchase) if purchase else None, ids.show("pst", related) if related else None, n, currency,
            source, target, amount, partner,
        )
        for (_, posting, pool, kind, effective_at, recorded_at, actor, reason, purchase, related, n, currency, source,
             target, amount, partner) in rows
    ]  # fmt: skip
    postings = len({row[1] for row in rows})
    return found, (rows[-1][0], rows[-1][1]) if postings == place["limit"] else None


def _decimal(cost: Fraction) -> str:
    """At most six decimals, as an import takes them."""
    millionths = round(cost * 1_000_000)
    text = f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"
    return text.rstrip("0").rstrip(".")


BOOKS = (
    Export(
        "balances",
        N_("Balances with their lots"),
        fixed(
            Column("reference"), Column("member"), Column("account"), Column("currency"), Column("points", "number"),
            Column("amount", "number"), Column("drawn", "number"), Column("reserved", "number"),
            Column("earned_at", "instant"), Column("active_at", "instant"), Column("expires_at", "instant"),
            Column("issuer"), Column("funder"), Column("unit_cost"), Column("promotion"), Column("purchase"),
        ),
        _lots,
    ),
    Export(
        "postings",
        N_("Postings"),
        fixed(
            Column("posting"), Column("account"), Column("kind"), Column("effective_at", "instant"),
            Column("recorded_at", "instant"), Column("actor"), Column("reason"), Column("purchase"), Column("related"),
            Column("entry", "number"), Column("currency"), Column("source"), Column("target"),
            Column("amount", "number"), Column("partner"),
        ),
        _postings,
        filters=("from", "to"),
    ),
)  # fmt: skip
