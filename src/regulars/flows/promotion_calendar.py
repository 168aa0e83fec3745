"""Says which promotions run on which days of a month: those that are live, and drafts if asked for. Reads only."""

from __future__ import annotations

import asyncio
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.errors import InvalidValue
from regulars.flows import words as program_words
from regulars.flows.known_programs import Known
from regulars.promotions import catalogue, document
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.model import Document
from regulars.promotions.schedule import Bar, bars, first_day

DRAFTS_MAX = 500
YEARS = range(1970, 9990)


class Scheduled(Struct, frozen=True):
    """A promotion in a month."""

    promotion: str
    name: str
    group: str
    state: Literal["running", "planned", "ended", "draft"]
    """By its window, at the present instant; a draft has not begun."""
    since: datetime | None
    """Its window, on the wall clock of the stores."""
    until: datetime | None
    bars: tuple[Bar, ...]
    """Days in a row, with the hours of each; hours are half-open, and a night counts to both of its days."""


class Calendar(Struct, frozen=True):
    """What runs in a month, those that begin first before the others."""

    month: str
    first: date
    last: date
    today: date
    """In the program's time zone."""
    items: tuple[Scheduled, ...]
    next: str | None = None


class Shown(NamedTuple):
    """The rows of a calendar that are in view, and how many there are."""

    calendar: Calendar
    every: int


class Wanted(NamedTuple):
    """A promotion that may run in the month."""

    promotion: UUID
    document: Document
    conditions: Sequence[Condition]
    is_draft: bool


EVERY_ROW = slice(None)


async def promotion_calendar(
    database: Database,
    known: Known,
    month: str,
    at: datetime,
    language: str | None,
    *,
    drafts: bool = False,
    rows: slice = EVERY_ROW,
) -> Shown:
    """A month as `2026-12`; empty: the present one. Of `rows` alone the days are told. Raises InvalidValue."""
    program = known.program
    now = at.astimezone(clock.zone(program.time_zone)).replace(tzinfo=None)
    first, last = _month(month or f"{now:%Y-%m}")
    wanted = [Wanted(p.id, p.document, p.conditions, False) for p in known.live.promotions]
    if drafts:
        async with database.transaction(program.id) as tx:
            found = await catalogue.drafts(tx, program.id, DRAFTS_MAX)
        parsed = [(one.id, document.parse(one.draft)) for one in found if one.draft is not None]
        wanted += [Wanted(promotion, one, document.build(one).conditions, True) for promotion, one in parsed]
    spoken = program_words.chosen(program.languages, language, "")
    # Thousands of promotions by thirty days: in a thread, so that tills are served meanwhile.
    items, every = await asyncio.to_thread(_scheduled, wanted, first, last, now, spoken, rows)
    return Shown(Calendar(f"{first:%Y-%m}", first, last, now.date(), items), every)


def _scheduled(
    wanted: Iterable[Wanted], first: date, last: date, now: datetime, language: str, rows: slice
) -> tuple[tuple[Scheduled, ...], int]:
    """These rows of all in their order, and how many there are: of the others the first day is enough."""
    ordered = sorted(
        (
            (day, one.is_draft, _name(one.document, language), one.promotion, one)
            for one in wanted
            if (day := first_day(one.document, one.conditions, first, last)) is not None
        ),
        key=lambda row: row[:4],
    )
    return tuple(_row(one, first, last, now, language) for *_, one in ordered[rows]), len(ordered)


def _row(wanted: Wanted, first: date, last: date, now: datetime, language: str) -> Scheduled:
    document = wanted.document
    return Scheduled(
        ids.show("prm", wanted.promotion),
        _name(document, language),
        document.group,
        "draft" if wanted.is_draft else _state(document, now),
        document.valid_from,
        document.valid_until,
        tuple(bars(document, wanted.conditions, first, last)),
    )


def _name(document: Document, language: str) -> str:
    return document.names.get(language) or document.name


def _state(one: Document, now: datetime) -> Literal["running", "planned", "ended"]:
    if one.valid_from is not None and now < one.valid_from:
        return "planned"
    return "ended" if one.valid_until is not None and now >= one.valid_until else "running"


def _month(text: str) -> tuple[date, date]:
    """Its first and last day. Raises InvalidValue."""
    year, _, month = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and month.isascii() and month.isdigit()):
        raise InvalidValue("?month", "A month as 2026-12 is needed")
    if int(year) not in YEARS or not 1 <= int(month) <= 12 or len(month) != 2:
        raise InvalidValue("?month", "A month as 2026-12 is needed")
    first = date(int(year), int(month), 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])
