"""Reads what conditions and benefits must know of customers (`Live.needs`), for a whole batch, one statement a fact.

Ask within the pipeline that locks the pools, take the answers after it:

    asked = await facts.ask(tx, known, whose, at)
    ...
    found = await facts.answers(asked)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db import queries
from regulars.db.arrays import instants, int2s, int4s, uuids
from regulars.db.burst import Rows, Sender
from regulars.flows.known_programs import Known
from regulars.members.model import Customer
from regulars.programs.model import Program
from regulars.promotions.reads import Needs, Window

SQL = queries.load("regulars.flows", "facts.sql")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""No purchase is older."""


class Whose(Struct, frozen=True, gc=False):
    """A purchase whose customer must be known, by its place in the batch."""

    place: int
    customer: Customer
    at: datetime
    """Its own time: what was bought later does not count for it."""


class Facts(Struct):
    """What the database knows of a customer before one purchase; nothing of the batch that it is written with."""

    turnover: dict[str, int] = {}
    """By `Window.key`, minor units of base money."""
    purchases: dict[int, int] = {}
    """By days of the window."""
    days: dict[int, frozenset[date]] = {}
    """Those with a purchase, by days of the window."""
    last: datetime | None = None
    account: str = ""
    consents: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    clubs: frozenset[str] = frozenset()
    tiers: dict[str, str] = {}
    offers: frozenset[UUID] = frozenset()


Found = dict[int, Facts]
Put = Callable[[Found, tuple[Any, ...]], None]
Asked = list[tuple[Rows, Put]]
"""Questions that were sent, each with what to do with a row of its answer."""


class _Span(Struct, frozen=True, gc=False):
    """One window of one purchase: it ends at the purchase, both instants included."""

    whose: Whose
    window: Window
    since: datetime


async def ask(tx: Sender, known: Known, whose: Sequence[Whose], at: datetime) -> Asked:
    """Ask for what the live promotions need to know of these purchases' customers at the instant `at`."""
    return await ask_for(tx, known.program, known.live.needs, whose, at)


async def ask_for(tx: Sender, of: Program, needs: Needs, whose: Sequence[Whose], at: datetime) -> Asked:
    """Ask for what anybody needs to know of them, whatever is live."""
    program = of.id
    asked: Asked = []
    if not whose or not needs.more:
        return asked
    if needs.turnover or needs.visit_windows:
        await _ask_windows(tx, of, needs, whose, at, asked)
    if needs.last_purchase:
        rows = [int4s([w.place for w in whose]), *_pools(whose), instants([w.at for w in whose])]
        asked.append((await tx.execute(SQL.last_purchases, (at, program, *rows)), _put_last))
    if "account" in needs.profile:
        rows = [int4s([w.place for w in whose]), *_pools(whose)]
        asked.append((await tx.execute(SQL.accounts, (program, *rows)), _put_account))
    members = [w for w in whose if w.customer.member is not None]
    if members:
        await _ask_members(tx, program, needs, members, asked)
    return asked


async def answers(asked: Asked) -> Found:
    """Place in the batch → what is known of its customer; nothing for a place of which nothing is."""
    found: Found = {}
    for cursor, put in asked:
        for row in await cursor.fetchall():
            put(found, row)
    return found


def since(window: Window, purchased_at: datetime, zone: str) -> datetime:
    """The instant at which a window begins that ends with this purchase."""
    first = window.first_day(purchased_at.astimezone(clock.zone(zone)).date())
    return BEGINNING if first is None or first < BEGINNING.date() else clock.midnight(first, zone)


async def _ask_windows(
    tx: Sender, of: Program, needs: Needs, whose: Sequence[Whose], at: datetime, asked: Asked
) -> None:
    program, zone = of.id, of.time_zone
    if needs.turnover:
        spans = [_Span(w, window, since(window, w.at, zone)) for w in whose for window in needs.turnover]
        cursor = await tx.execute(SQL.turnover, (at, program, *_columns(spans)))
        asked.append((cursor, _put_turnover(spans)))
    if needs.visit_windows:
        windows = [Window("days", days) for days in needs.visit_windows]
        spans = [_Span(w, window, since(window, w.at, zone)) for w in whose for window in windows]
        cursor = await tx.execute(SQL.visits, (at, zone, program, *_columns(spans)))
        asked.append((cursor, _put_visits(spans)))


async def _ask_members(
    tx: Sender, program: UUID, needs: Needs, members: Sequence[Whose], asked: Asked
) -> None:
    places = int4s([w.place for w in members])
    homes, ids_of = int2s([w.customer.home for w in members]), uuids([w.customer.member for w in members])
    key = (program, places, homes, ids_of)
    if needs.consents:
        asked.append((await tx.execute(SQL.consents, key), _put_consent))
    if needs.marks:
        cut = instants([w.at for w in members])
        asked.append((await tx.execute(SQL.marks, (*key, cut)), _put_mark))
    if needs.activations:
        asked.append((await tx.execute(SQL.activations, key), _put_offer))


def _pools(whose: Sequence[Whose]) -> list[Any]:
    pools = [w.customer.pool for w in whose]
    return [int2s([ids.home(pool) for pool in pools]), uuids(pools)]


def _columns(spans: Sequence[_Span]) -> list[Any]:
    return [
        int4s(list(range(len(spans)))),
        *_pools([span.whose for span in spans]),
        instants([span.since for span in spans]),
        instants([span.whose.at for span in spans]),
    ]


def _of(found: Found, place: int) -> Facts:
    facts = found.get(place)
    if facts is None:
        facts = found[place] = Facts()
    return facts


def _put_turnover(spans: Sequence[_Span]) -> Put:
    def put(found: Found, row: tuple[Any, ...]) -> None:
        span = spans[row[0]]
        _of(found, span.whose.place).turnover[span.window.key] = row[1]

    return put


def _put_visits(spans: Sequence[_Span]) -> Put:
    def put(found: Found, row: tuple[Any, ...]) -> None:
        span = spans[row[0]]
        facts = _of(found, span.whose.place)
        facts.purchases[span.window.days] = row[1]
        facts.days[span.window.days] = frozenset(row[2])

    return put


def _put_last(found: Found, row: tuple[Any, ...]) -> None:
    _of(found, row[0]).last = row[1]


def _put_account(found: Found, row: tuple[Any, ...]) -> None:
    _of(found, row[0]).account = row[1]


def _put_consent(found: Found, row: tuple[Any, ...]) -> None:
    facts = _of(found, row[0])
    facts.consents |= {f"{row[1]}/{row[2]}"}


def _put_mark(found: Found, row: tuple[Any, ...]) -> None:
    facts, kind, name = _of(found, row[0]), row[1], row[2]
    if kind == "tier":
        facts.tiers[name] = row[3]
    elif kind == "club":
        facts.clubs |= {name}
    else:
        facts.audiences |= {name}


def _put_offer(found: Found, row: tuple[Any, ...]) -> None:
    facts = _of(found, row[0])
    facts.offers |= {row[1]}
