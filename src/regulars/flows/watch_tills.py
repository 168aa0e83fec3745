"""Looks for what is unusual at the tills among the facts that are new, and keeps it for somebody to look at.

It runs after the purchases, never in their path, over the facts of transactions that have all ended. What it finds
accuses nobody: it says what was seen, how often, and where to look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import sql

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import texts, uuids
from regulars.db.pool import Database, Transaction, fetch_all, fetch_one
from regulars.programs import findings, misses, reading
from regulars.programs.findings import Kind, Seen
from regulars.programs.settings import ProgramSettings
from regulars.purchases import documents

SQL = queries.load("regulars.flows", "watch_tills.sql")
GUESSES_KEPT = timedelta(days=14)
SPENT = ["purchase", "redemption", "donation", "exchange_out", "transfer_out"]
"""Postings by which points leave an account because somebody wants it: paid, claimed for, sent, given away, pooled."""


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
        await misses.prune(tx, program, at.date() - GUESSES_KEPT)
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
    found += await _member_guessing(tx, span, watch.unknown_members_a_day)
    found += await _claims(tx, span, watch.claims_a_week)
    if settings.cashier_members:
        found += await _own_card(tx, span, settings.cashier_members)
    return found


async def _card_often(tx: Transaction, span: dict[str, Any], often: int) -> list[Seen]:
    rows = await fetch_all(tx, SQL.card_often, {**span, "often": often})
    return [
        Seen(
            "card_often", f"{day}/{store}/{customer}", store, till, cashier, member, first, last, count,
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
    """Counts are the points that were given; the money is what was paid with points at tills."""
    given: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for row in await fetch_all(
        tx, SQL.adjusted_and_spent, {**span, "minutes": minutes, "kinds": texts(SPENT)}
    ):
        given[row[0]].append(row)
    return [_given_and_spent(posting, rows) for posting, rows in given.items()]


def _given_and_spent(posting: UUID, rows: list[tuple[Any, ...]]) -> Seen:
    """One finding, at the till of the first receipt that was paid so, else where the first reward was claimed."""
    evidence = [ids.show("pst", posting)]
    for _, _, _, spent, purchase, redemption, *_ in rows:
        shown = ("pur", purchase) if purchase else ("rdm", redemption) if redemption else ("pst", spent)
        evidence.append(ids.show(*shown))
    paid = [row[11] for row in rows if row[4] is not None]
    place = next((row for row in rows if row[4] is not None), None) or next(
        (row for row in rows if row[6] is not None), rows[0]
    )
    _, amount, given_at, _, _, _, store, till, cashier, member, _, _ = place
    return Seen(
        "adjusted_and_spent", str(posting), store, till, cashier, member, given_at, rows[-1][10], amount, evidence,
        amount=sum(paid) if paid else None,
    )  # fmt: skip


async def _code_guessing(tx: Transaction, span: dict[str, Any], most: int) -> list[Seen]:
    """Days at a till on which something new was tried, counted whole, on receipts and in previews and look-ups.

    What was tried in a preview stands on the receipt too, where one was made: the greater count is all there was.
    """
    fresh = set(await _tried(tx, SQL.documents, span))
    looked_at = {
        (one.day, one.store, one.till, one.cashier): one
        for one in await misses.days(tx, span["program"], "code", span["from"], span["until"])
    }
    places = fresh | {(day, store, till, who) for day, store, till, who in looked_at if store is not None}
    tried = await _tried(tx, SQL.documents_of_days, {**span, **_columns(places)}) if places else {}
    found: list[Seen] = []
    for place in sorted(tried.keys() | looked_at.keys(), key=str):
        receipts, missed = tried.get(place, []), looked_at.get(place)
        count = max(sum(n for _, _, n in receipts), missed.count if missed else 0)
        times = [at for _, at, _ in receipts] + ([missed.first, missed.last] if missed else [])
        if count >= most:
            found.append(_guessed("code_guessing", place, count, times, [one for one, _, _ in receipts]))
    return found


async def _member_guessing(tx: Transaction, span: dict[str, Any], most: int) -> list[Seen]:
    """Days at a till on which somebody was looked for in vain, counted whole."""
    return [
        _guessed(
            "member_guessing", (one.day, one.store, one.till, one.cashier), one.count, [one.first, one.last], []
        )
        for one in await misses.days(tx, span["program"], "member", span["from"], span["until"])
        if one.count >= most
    ]  # fmt: skip


def _guessed(
    kind: Kind,
    place: tuple[date, UUID | None, str, str],
    count: int,
    times: list[datetime],
    receipts: list[UUID],
) -> Seen:
    day, store, till, cashier = place
    named = f"{day}/{store or '-'}/{till}/{cashier}"
    return Seen(
        kind, named, store, till, cashier, None, min(times), max(times), count, _receipts(receipts)
    )  # fmt: skip


def _columns(places: Iterable[tuple[date, UUID | None, str, str]]) -> dict[str, Any]:
    rows = list(places)
    return {
        "days": texts([day.isoformat() for day, _, _, _ in rows]),
        "stores": uuids([store for _, store, _, _ in rows]),
        "tills": texts([till for _, _, till, _ in rows]),
        "cashiers": texts([cashier for _, _, _, cashier in rows]),
    }


async def _tried(
    tx: Transaction, query: sql.SQL, named: dict[str, Any]
) -> dict[tuple[date, UUID | None, str, str], list[tuple[UUID, datetime, int]]]:
    """Day, store, till and cashier → receipts with codes that nobody knows, and how many."""
    tried: dict[tuple[date, UUID | None, str, str], list[tuple[UUID, datetime, int]]] = defaultdict(list)
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
