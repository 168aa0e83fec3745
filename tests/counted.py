"""What the figures' tables should hold, counted by hand: one fact after another, with no regard for speed."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars import ids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows.tally import STORE_DAY
from regulars.purchases.documents import unpack, unpack_return

COUNTED = {
    **{name: f"SELECT store, day, {name} FROM store_day" for name in STORE_DAY},
    "times": "SELECT promotion, store, day, purchases FROM promotion_day",
    "times by members": "SELECT promotion, store, day, by_members FROM promotion_day",
    "sales with": "SELECT promotion, store, day, net FROM promotion_day",
    "given": "SELECT promotion, store, day, currency, amount FROM promotion_day_given",
    "taken back": "SELECT store, day, currency, sum(back)::bigint FROM promotion_day_given GROUP BY 1, 2, 3",
    "visits": "SELECT member, store, day, purchases FROM member_visit",
    "gaps": "SELECT scope, day, gap, second, members FROM visit_gap",
    "enrolled": "SELECT day, source, store, enrolled FROM enrolment_day",
    "members": "SELECT sum(enrolled - gone)::bigint FROM enrolment_day",
    "ledger": "SELECT currency, day, kind, source, target, amount FROM ledger_day",
    "expiry": "SELECT currency, nullif(day, 'infinity'), amount FROM expiry_day",
}
"""Name → the rows as they are kept, the amount last."""
Counts = dict[str, Counter[Any]]
ZONE = ZoneInfo("Europe/Riga")
"""Of the tests' programs."""


async def by_hand(database: Database, program: UUID) -> Counts:
    """The same, from the facts; without rows of nothing."""
    found: Counts = defaultdict(Counter)
    async with database.transaction(program, analytical=True) as tx:
        purchases = await _purchases(tx, found)
        await _returns(tx, found, purchases)
        await _books(tx, found)
    _visits(found, program)
    return {name: Counter({key: n for key, n in found[name].items() if n}) for name in COUNTED}


async def _stores(tx: Transaction) -> dict[UUID, ZoneInfo]:
    return {store: ZoneInfo(zone) for store, zone in await fetch_all(tx, "SELECT id, time_zone FROM store")}


async def _purchases(tx: Transaction, found: Counts) -> dict[UUID, Any]:
    """Those that came about, with the document that stands."""
    zones = await _stores(tx)
    voided = {row[0] for row in await fetch_all(tx, "SELECT purchase FROM voiding")}
    claims = {
        r[0]: r[1:] for r in await fetch_all(tx, "SELECT purchase, member, document FROM purchase_claim")
    }
    confirmed = {r[0]: r[1] for r in await fetch_all(tx, "SELECT purchase, document FROM confirmation")}
    standing: dict[UUID, Any] = {}
    rows = await fetch_all(tx, "SELECT id, store, member, card, held, purchased_at, document FROM purchase")
    for purchase, store, member, card, held, at, document in rows:
        if purchase in voided or (held and purchase not in confirmed):
            continue
        member, packed = claims.get(purchase, (member, confirmed.get(purchase, document)))
        kept = unpack(packed)
        standing[purchase] = kept
        _count(found, (store, at.astimezone(zones[store]).date()), member, member or card, kept)
    return standing


def _count(found: Counts, key: tuple[UUID, date], member: UUID | None, card: Any, kept: Any) -> None:
    answer, base = kept.answer, kept.answer.currency == "EUR"
    found["purchases"][key] += 1
    found["by_members"][key] += member is not None
    found["with_card"][key] += card is not None
    found["in_other_money"][key] += not base
    found["earned"][key] += sum(e.amount for e in kept.earned)
    found["spent"][key] += sum(s.amount for s in kept.spent)
    if base:
        found["gross"][key] += answer.gross
        found["discount"][key] += answer.discount
        found["card_gross"][key] += answer.gross if card else 0
        found["card_discount"][key] += answer.discount if card else 0
    gave = set()
    for line in answer.lines:
        for award in line.awards:
            promotion = ids.read("prm", award.promotion)
            gave.add(promotion)
            found["given"][promotion, *key, answer.currency] += award.amount
    for earning in kept.earned:
        gave.add(earning.promotion)
        found["given"][earning.promotion, *key, earning.currency] += earning.amount
    for promotion in gave:
        found["times"][promotion, *key] += 1
        found["times by members"][promotion, *key] += member is not None
        found["sales with"][promotion, *key] += answer.gross - answer.discount if base else 0
    if member is not None:
        found["visits"][member, *key] += 1


async def _returns(tx: Transaction, found: Counts, purchases: dict[UUID, Any]) -> None:
    zones = await _stores(tx)
    rows = await fetch_all(tx, "SELECT purchase, store, returned_at, document FROM goods_return")
    for purchase, store, at, document in rows:
        if purchase not in purchases:
            continue
        answer, key = unpack_return(document), (store, at.astimezone(zones[store]).date())
        found["returns"][key] += 1
        found["points_taken"][key] += sum(taken.amount for taken in answer.taken_back)
        found["points_back"][key] += sum(given.amount for given in answer.points_back)
        for taken in answer.taken_back:
            found["taken back"][*key, taken.currency] += taken.amount
        by_promotions = [line for line in purchases[purchase].answer.lines if line.awards]
        for line in answer.lines:
            if line.line in [one.line for one in by_promotions]:
                found["taken back"][*key, answer.currency] += line.discount
        if answer.currency == "EUR":
            found["gross_back"][key] += answer.gross
            found["discount_back"][key] += answer.discount
            found["money_back"][key] += answer.money_back


async def _books(tx: Transaction, found: Counts) -> None:
    entries = (
        "SELECT e.currency, p.effective_at, p.kind, e.source, e.target, e.amount"
        " FROM entry e JOIN posting p ON p.id = e.posting"
    )
    for currency, at, *what, amount in await fetch_all(tx, entries):
        found["ledger"][currency, at.astimezone(ZONE).date(), *what] += amount
    for currency, at, left in await fetch_all(tx, "SELECT currency, expires_at, amount - drawn FROM lot"):
        found["expiry"][currency, at.astimezone(ZONE).date() if at else None] += left
    here = "merged_into IS NULL AND erased_at IS NULL"
    members = f"SELECT enrolled_at, source, coalesce(store, program), {here} FROM member"
    for at, source, store, stays in await fetch_all(tx, members.encode()):
        found["enrolled"][at.astimezone(ZONE).date(), source, store] += 1
        found["members"][()] += stays


def _visits(found: Counts, program: UUID) -> None:
    days: dict[tuple[UUID, UUID], set[date]] = defaultdict(set)
    for (member, store, day), purchases in found["visits"].items():
        if purchases:
            days[store, member].add(day)
            days[program, member].add(day)
    for (scope, _), visited in days.items():
        before: date | None = None
        for nth, day in enumerate(sorted(visited), 1):
            gap = min((day - before).days, 401) if before else 0
            found["gaps"][scope, day, gap, nth == 2] += 1
            before = day
