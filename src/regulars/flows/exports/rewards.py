"""Exports of what members hold beside points: vouchers, gift cards, redemptions of rewards. No code stands in them."""

from __future__ import annotations

from typing import Any

from regulars import ids
from regulars.db import queries
from regulars.db.pool import fetch_all
from regulars.flows.exports.pages import FIRST, ROWS_AT_ONCE, Asked, Export, Rows, behind, fixed, place_of
from regulars.flows.gift_cards import shown_code
from regulars.flows.gift_tender import currency_of
from regulars.flows.redemption_views import voucher_state
from regulars.i18n import N_
from regulars.interchange.writing import Column

SQL = queries.load("regulars.flows.exports", "exports.sql")


async def _vouchers(asked: Asked, after: Any) -> tuple[Rows, Any]:
    named = {"program": asked.program, "id": after or FIRST, "limit": ROWS_AT_ONCE}
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.vouchers, named)
    found: Rows = [
        (
            ids.show("vch", code), ids.show("cbt", batch), ids.show("mem", owner) if owner else None,
            ids.show("pur", purchase) if purchase else None, ids.show("rdm", redemption) if redemption else None,
            voucher_state(used, uses, stopped, voided, blocked, (since, until), asked.at), used, uses, since, until,
            blocked, voided, why,
        )
        for (code, batch, owner, purchase, redemption, since, until, uses, stopped, voided, why, blocked, used) in rows
    ]  # fmt: skip
    return found, rows[-1][0] if len(rows) == ROWS_AT_ONCE else None


async def _gift_cards(asked: Asked, after: Any) -> tuple[Rows, Any]:
    base = asked.known.program.base_currency
    named = {"program": asked.program, "currency": currency_of(base), **place_of(after)}
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.gift_cards, named)
    found: Rows = [
        (
            ids.show("gft", card), shown_code(asked.known, card, serial), purpose, tax_rate or None, partner, issued_at,
            blocked_at, base, balance,
        )
        for _, card, serial, purpose, tax_rate, partner, issued_at, blocked_at, balance in rows
    ]  # fmt: skip
    return found, behind(rows)


async def _redemptions(asked: Asked, after: Any) -> tuple[Rows, Any]:
    named = {"program": asked.program, **place_of(after), **asked.window()}
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.redemptions, named)
    found: Rows = [
        (
            ids.show("rdm", redemption), ids.show("rwd", reward), revision, ids.show("mem", member),
            ids.show("acc", pool), *more,
        )
        for _, redemption, reward, revision, member, pool, *more in rows
    ]  # fmt: skip
    return found, behind(rows)


REWARDS = (
    Export(
        "vouchers",
        N_("Vouchers"),
        fixed(
            Column("voucher"), Column("batch"), Column("member"), Column("purchase"), Column("redemption"),
            Column("state"), Column("used", "number"), Column("uses", "number"), Column("valid_from", "instant"),
            Column("valid_until", "instant"), Column("blocked_at", "instant"), Column("voided_at", "instant"),
            Column("void_reason"),
        ),
        _vouchers,
    ),
    Export(
        "gift_cards",
        N_("Gift cards"),
        fixed(
            Column("gift_card"), Column("shown"), Column("purpose"), Column("tax_rate"), Column("partner"),
            Column("issued_at", "instant"), Column("blocked_at", "instant"), Column("currency"),
            Column("balance", "number"),
        ),
        _gift_cards,
    ),
    Export(
        "redemptions",
        N_("Redemptions"),
        fixed(
            Column("redemption"), Column("reward"), Column("revision", "number"), Column("member"), Column("account"),
            Column("store"), Column("quantity", "number"), Column("currency"), Column("points", "number"),
            Column("money", "number"), Column("valid_until", "instant"), Column("redeemed_at", "instant"),
            Column("redeemed_by"), Column("state"), Column("state_since", "instant"),
        ),
        _redemptions,
        filters=("from", "to"),
    ),
)  # fmt: skip
