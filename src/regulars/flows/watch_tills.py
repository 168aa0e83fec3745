"""Looks for what is unusual at the tills among the facts that are new, and keeps it for somebody to look at.

It runs after the purchases, never in their path, over the facts of transactions that have all ended. What it finds
accuses nobody: it says what was seen, how often, and where to look.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import texts, uuids
from regulars.db.pool import Database, Transaction, fetch_all, fetch_one
from regulars.programs import findings, reading
from regulars.programs.findings import Seen
from regulars.programs.settings import ProgramSettings
from regulars.purchases import documents

SQL = queries.load("regulars.flows", "watch_tills.sql")


async def watch_tills(database: Database, program: UUID, at: datetime) -> int:
    """Look at what was recorded since the last time; how many findings are new or grew."""
    async with database.transaction(program, analytical=True) as tx:
        locked = await fetch_one(tx, SQL.lock, (program,))
        if locked is None or not locked[0]:
            return 0
        span = await _span(tx, program)
        if span is None:
            return 0
        settings = (await reading.load(tx, program)).settings
        entered = 0
        for seen in await _seen(tx, settings, {**span, "at": at}):
            entered += await findings.enter(tx, program, seen, at)
        await tx.execute(SQL.move, (program, span["until"]))
    return entered


async def _span(tx: Transaction, program: UUID) -> dict[str, Any] | None:
    """From which transaction to which; None: nothing can be new. A restored database is looked at from its end."""
    snapshot = await fetch_one(tx, SQL.snapshot)
    mark = await fetch_one(tx, SQL.mark, (program,))
    assert snapshot is not None
    since, until = mark[0] if mark is not None else 0, snapshot[0]
    if since == until:
        return None
    return {"program": program, "from": min(since, until), "until": until}


async def _seen(tx: Transaction, settings: ProgramSettings, span: dict[str, Any]) -> list[Seen]:
    watch = settings.watch
    found = await _card_often(tx, span, watch.receipts_a_day)
    found += await _returns_soon(tx, span, watch.return_minutes, watch.returns_a_day)
    found += await _returns_share(tx, span, watch.returns_share)
    found += await _adjusted_and_spent(tx, span, watch.adjusted_minutes)
    found += await _code_guessing(tx, span, watch.unknown_codes_a_day)
    found += await _claims(tx, span, watch.claims_a_week)
    if settings.cashier_members:
        found += await _own_card(tx, span, settings.cashier_members)
    return found


async def _card_often(tx: Transaction, span: dict[str, Any], often: int) -> list[Seen]:
    rows = await fetch_all(tx, SQL.card_often, {**span, "often": often})
    return [
        Seen(
            "card_often", f"{day}/{store}/{till}/{customer}", store, till, cashier, member, first, last, count,
            _receipts(purchases), usual=1, amount=amount,
        )
        for day, store, till, cashier, customer, member, first, last, count, amount, purchases in rows
    ]  # fmt: skip


async def _returns_soon(tx: Transaction, span: dict[str, Any], minutes: int, most: int) -> list[Seen]:
    rows = await fetch_all(tx, SQL.returns_soon, {**span, "minutes": minutes, "most": most})
    return [
        Seen(
            "returns_soon", f"{day}/{store}/{cashier}", store, till, cashier, None, first, last, count,
            _receipts(purchases), amount=amount,
        )
        for day, store, till, cashier, first, last, count, amount, purchases in rows
    ]  # fmt: skip


async def _returns_share(tx: Transaction, span: dict[str, Any], times: int) -> list[Seen]:
    """Counts are returns in a thousand receipts."""
    rows = await fetch_all(tx, SQL.returns_share, {**span, "times": times})
    return [
        Seen(
            "returns_share", f"{span['at']:%G-%V}/{store}/{cashier}", store, "", cashier, None, first, last, share,
            _receipts(purchases), usual=usual, amount=money,
        )
        for store, cashier, _, _, money, purchases, first, last, usual, share in rows
    ]  # fmt: skip


async def _adjusted_and_spent(tx: Transaction, span: dict[str, Any], minutes: int) -> list[Seen]:
    """Counts are the points that were given."""
    rows = await fetch_all(tx, SQL.adjusted_and_spent, {**span, "minutes": minutes})
    return [
        Seen(
            "adjusted_and_spent", str(posting), store, till, cashier, member, given_at, spent_at, amount,
            [ids.show("pst", posting), ids.show("pur", purchase)], amount=worth,
        )
        for posting, _, given_at, amount, _, store, till, cashier, member, purchase, spent_at, worth in rows
    ]  # fmt: skip


async def _code_guessing(tx: Transaction, span: dict[str, Any], most: int) -> list[Seen]:
    """Days at a till on which something new was tried, counted whole."""
    fresh = list(await _tried(tx, SQL.documents, span))
    if not fresh:
        return []
    columns = {
        "days": texts([day.isoformat() for day, _, _, _ in fresh]),
        "stores": uuids([store for _, store, _, _ in fresh]),
        "tills": texts([till for _, _, till, _ in fresh]),
        "cashiers": texts([cashier for _, _, _, cashier in fresh]),
    }
    tried = await _tried(tx, SQL.documents_of_days, {**span, **columns})
    return [
        Seen(
            "code_guessing", f"{day}/{store}/{till}/{cashier}", store, till, cashier, None,
            min(at for _, at, _ in found), max(at for _, at, _ in found), sum(n for _, _, n in found),
            _receipts([purchase for purchase, _, _ in found]),
        )
        for (day, store, till, cashier), found in tried.items()
        if sum(n for _, _, n in found) >= most
    ]  # fmt: skip


async def _tried(
    tx: Transaction, query: sql.SQL, named: dict[str, Any]
) -> dict[tuple[date, UUID, str, str], list[tuple[UUID, datetime, int]]]:
    """Day, store, till and cashier → receipts with codes that nobody knows, and how many."""
    tried: dict[tuple[date, UUID, str, str], list[tuple[UUID, datetime, int]]] = defaultdict(list)
    rows = await (await tx.execute(query, named, binary=True)).fetchall()
    for purchase, store, till, cashier, day, at, document in rows:
        kept = documents.unpack(document)
        if not kept.request.codes:
            continue
        unknown = sum(refusal.code == "code_unknown" for refusal in kept.answer.refusals)
        if unknown:
            tried[day, store, till, cashier].append((purchase, at, unknown))
    return tried


async def _claims(tx: Transaction, span: dict[str, Any], most: int) -> list[Seen]:
    rows = await fetch_all(tx, SQL.claims, {**span, "most": most})
    return [
        Seen(
            "claims", f"{span['at']:%G-%V}/{store}/{cashier}/{member}", store, "", cashier, member, first, last,
            count, _receipts(purchases), amount=amount,
        )
        for store, cashier, member, first, last, count, amount, purchases in rows
    ]  # fmt: skip


async def _own_card(tx: Transaction, span: dict[str, Any], own: dict[str, str]) -> list[Seen]:
    columns = {
        "cashiers": texts(list(own)),
        "members": uuids([ids.read("mem", member) for member in own.values()]),
    }
    rows = await fetch_all(tx, SQL.own_card, {**span, **columns})
    return [
        Seen(
            "own_card", f"{day}/{store}/{cashier}", store, till, cashier, member, first, last, count,
            _receipts(purchases), amount=amount,
        )
        for day, store, till, cashier, member, first, last, count, amount, purchases in rows
    ]  # fmt: skip


def _receipts(purchases: list[UUID]) -> list[str]:
    return [ids.show("pur", purchase) for purchase in purchases]
