"""Tills that sold without the line: the devices, what is missing of their receipts, and what did not agree."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars import clock
from regulars.backoffice.days import typed_day
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.backoffice.words_of_offline import CONFLICTS, conflict_text
from regulars.flows import offline_conflicts, till_devices
from regulars.flows.offline_conflicts import ConflictView, Mark
from regulars.flows.till_devices import TillDeviceCounted
from regulars.programs.model import Store
from regulars.purchases.offline.judging import Kind
from regulars.units import money_scale
from regulars.web.tables import decimal, rows_as_csv

pages = Pages()
AT_ONCE = 50
CSV_AT_ONCE = 200
DEVICES_MAX = 200
REPORT_DAYS = 28
HEADINGS = (
    "recorded_at", "sold_at", "store", "device", "counter", "kind", "amount", "seconds", "missing", "purchase",
)  # fmt: skip


class Shown(Struct, frozen=True):
    """A conflict as it is read."""

    one: ConflictView
    title: str
    tone: str
    text: str
    store: str
    href: str | None


class Borne(Struct, frozen=True):
    """What a store bore of points that were not there."""

    store: str
    receipts: int
    amount: int


class Asked(Struct, frozen=True):
    """Which part of the report."""

    stores: list[Store]
    store: str
    first: date
    last: date
    since: datetime
    until: datetime
    kind: Kind | None


@pages.get("/review/offline", needs="review.read")
async def report(visit: Visit) -> Response[Any]:
    """Devices, gaps and conflicts of the chosen stores and days."""
    asked = await _asked(visit)
    found = await offline_conflicts.list_conflicts(
        visit.database, visit.program, asked.stores, asked.since, asked.until,
        kind=asked.kind, before=_mark(visit.query.get("cursor")), limit=AT_ONCE,
    )  # fmt: skip
    devices = await till_devices.list_devices(visit.database, visit.program, asked.stores, limit=DEVICES_MAX)
    language = visit.language
    return visit.page(
        "tills_offline",
        asked=asked,
        stores=[("", language.gettext("all"))] + [(store.code, store.name) for store in visit.stores],
        kinds=[("", language.gettext("all"))]
        + [(code, language.gettext(title)) for code, (title, _) in CONFLICTS.items()],
        devices=sorted(devices.items, key=lambda one: (one.store, one.till, one.id)),
        names={store.code: store.name for store in visit.stores},
        tone=_tone,
        items=[_shown(visit, one) for one in (*found.gaps, *found.items)],
        borne=[
            Borne(_name(visit, one.store), one.count, one.amount)
            for one in found.sums
            if one.kind == "shortfall"
        ],
        next=_cursor(found.next),
        first=visit.query.get("cursor") is None,
    )


@pages.get("/review/offline.csv", needs="review.read")
async def as_csv(visit: Visit) -> Response[Any]:
    """All conflicts of the chosen stores and days."""
    asked = await _asked(visit)
    rows: list[tuple[Any, ...]] = [HEADINGS]
    mark: Mark | None = None
    while True:
        found = await offline_conflicts.list_conflicts(
            visit.database, visit.program, asked.stores, asked.since, asked.until,
            kind=asked.kind, before=mark, limit=CSV_AT_ONCE,
        )  # fmt: skip
        rows += [_row(visit, one) for one in (*found.gaps, *found.items)]
        mark = found.next
        if mark is None:
            break
    body = rows_as_csv(rows)
    return visit.file(f"tills-offline-{asked.first}-{asked.last}.csv", body, "text/csv")


async def _asked(visit: Visit) -> Asked:
    query, zone = visit.query, visit.program.time_zone
    today = (await visit.now()).astimezone(visit.zone).date()
    last = typed_day(query.get("to")) or today
    first = typed_day(query.get("from")) or last - timedelta(days=REPORT_DAYS - 1)
    if first > last:
        first = last
    code, kind = query.get("store", ""), query.get("kind")
    return Asked(
        [store for store in visit.stores if code in ("", store.code)],
        code,
        first,
        last,
        clock.midnight(first, zone),
        clock.midnight(last + timedelta(days=1), zone),
        next((one for one in get_args(Kind) if one == kind), None),
    )


def _shown(visit: Visit, one: ConflictView) -> Shown:
    title, tone = CONFLICTS[one.kind]
    return Shown(
        one,
        visit.language.gettext(title),
        tone,
        conflict_text(one, visit.program.base_currency, visit.language),
        _name(visit, one.store),
        f"{ROOT}/purchases/{one.purchase}" if visit.may("purchases.read") else None,
    )


def _row(visit: Visit, one: ConflictView) -> tuple[Any, ...]:
    return (
        one.recorded_at.isoformat(), one.made_at.isoformat(), one.store, one.device, one.counter, one.kind,
        decimal(one.amount, money_scale(visit.program.base_currency)), one.seconds, one.missing, one.purchase,
    )  # fmt: skip


def _tone(device: TillDeviceCounted) -> str:
    return "warning" if device.missing or not device.registered else "good"


def _name(visit: Visit, code: str) -> str:
    store = visit.program.stores.get(code)
    return store.name if store is not None else code


def _cursor(mark: Mark | None) -> str | None:
    return f"{mark[0].isoformat()}~{mark[1].hex}" if mark is not None else None


def _mark(text: str | None) -> Mark | None:
    """Where the list goes on; from its beginning where the address was mistyped."""
    at, _, conflict = (text or "").partition("~")
    try:
        instant = datetime.fromisoformat(at)
        return (instant, UUID(conflict)) if instant.tzinfo is not None else None
    except ValueError:
        return None
