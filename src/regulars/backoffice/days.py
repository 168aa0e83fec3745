"""The day view: what each day brought in each store, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars import i18n
from regulars.analytics import days
from regulars.analytics.days import Days, Figures
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.programs.model import Program, Store
from regulars.units import money_scale
from regulars.web.pages import script_data, with_query
from regulars.web.tables import decimal, rows_as_csv

pages = Pages()
DEFAULT_DAYS = 28
PERIODS = (7, 28, 84, 365)
GROUPS = ("day", "store", "both")
LINES_MAX = 1000
"""More are in the download alone."""


class Filter(Struct, frozen=True):
    """What is looked at; it stands in the address."""

    first: date
    last: date
    store: str
    by: str


@pages.get("/day", needs="home.read")
async def day_view(visit: Visit) -> Response[Any]:
    """What each day brought in each store."""
    program, language = visit.program, visit.language
    today = (await visit.now()).astimezone(visit.zone).date()
    chosen = read_filter(visit.query, today, visit.stores)
    stores = seen(visit, chosen.store)
    async with visit.database.transaction(program.id, analytical=True) as tx:
        daily = await days.read(tx, program, chosen.first, chosen.last, stores, by_store=False)
        found = daily
        if chosen.by != "day":
            found = await days.read(
                tx, program, chosen.first, chosen.last, stores, by_day=chosen.by == "both"
            )
        mark = await days.mark(tx, program.id)
    lines = table(found, chosen, visit)
    return visit.page(
        "day",
        chosen=chosen,
        today=today,
        periods=[(n, today - timedelta(days=n - 1)) for n in PERIODS],
        stores=visit.stores,
        rows=lines[:LINES_MAX],
        left_out=max(0, len(lines) - LINES_MAX),
        total=daily.total,
        mark=mark,
        points_names=program.points.names if program.points else {},
        points_scale=program.points.scale if program.points else 0,
        charts=script_data(_charts(daily, program, language)),
    )


@pages.get("/day.csv", needs="home.read")
async def day_csv(visit: Visit) -> Response[Any]:
    """The same rows, one for each day and store, for a spreadsheet."""
    today = (await visit.now()).astimezone(visit.zone).date()
    chosen = read_filter(visit.query, today, visit.stores)
    async with visit.database.transaction(visit.program.id, analytical=True) as tx:
        found = await days.read(tx, visit.program, chosen.first, chosen.last, seen(visit, chosen.store))
    body = as_csv(found, visit.program)
    return visit.file(f"days-{chosen.first}-{chosen.last}.csv", body, "text/csv")


def typed_day(text: str | None) -> date | None:
    """A day that stands in an address; None: it is none, or so far off that no calendar reaches it."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2200 else None


def read_filter(query: Any, today: date, stores: Iterable[Store]) -> Filter:
    """The filter of an address; what makes no sense in it gives way to the last four weeks of all these stores."""
    last = typed_day(query.get("to")) or today
    first = typed_day(query.get("from")) or last - timedelta(days=DEFAULT_DAYS - 1)
    if not first <= last < first + timedelta(days=days.DAYS_MAX):
        first = last - timedelta(days=DEFAULT_DAYS - 1)
    store = query.get("store", "")
    by = query.get("by", "day")
    known = any(one.code == store for one in stores)
    return Filter(first, last, store if known else "", by if by in GROUPS else "day")


def seen(visit: Visit, code: str) -> frozenset[UUID] | None:
    """The stores whose figures are shown: the one of that code, or all that she may see; None: all there are."""
    if code:
        return frozenset({visit.program.stores[code].id})
    return visit.staff.stores


class Line(Struct, frozen=True):
    """A row of the table."""

    name: str
    second: str
    figures: Figures
    href: str | None
    """Where its purchases are; None where her role does not lead."""


def table(found: Days, chosen: Filter, visit: Visit) -> list[Line]:
    """The rows of the table, the newest first."""
    language, codes = visit.language, visit.program.stores

    def name(code: str) -> str:
        return codes[code].name if code in codes else code

    def purchases(first: date, last: date, store: str) -> str | None:
        if not visit.may("purchases.read"):
            return None
        asked = {"from": first.isoformat(), "to": last.isoformat(), "store": store}
        return with_query(f"{ROOT}/purchases", asked)

    if chosen.by == "store":
        lines = [
            Line(name(code), "", figures, purchases(chosen.first, chosen.last, code))
            for code, figures in found.by_store().items()
        ]
        return sorted(lines, key=lambda line: language.sorting_key(line.name))
    if chosen.by == "both":
        newest_first = sorted(found.rows, key=lambda row: language.sorting_key(name(row.store)))
        newest_first.sort(key=lambda row: row.day, reverse=True)
        return [
            Line(
                language.short_date(row.day),
                name(row.store),
                row.figures,
                purchases(row.day, row.day, row.store),
            )
            for row in newest_first
        ]
    return [
        Line(
            language.short_date(day), language.weekday(day.isoweekday()), f, purchases(day, day, chosen.store)
        )
        for day, f in reversed(found.by_day())
    ]


def as_csv(found: Days, program: Program) -> bytes:
    """A line for each day and store, amounts in the base money; with a mark by which spreadsheets know the letters."""
    money, scale = program.base_currency, money_scale(program.base_currency)
    head = ["day", "store", "store_name", "purchases", "by_members", f"gross_{money}", f"discounts_{money}",
            f"net_{money}", "points_given", "points_spent", "returns", f"paid_back_{money}"]  # fmt: skip
    lines = (
        [row.day.isoformat(), row.store, store.name if store else row.store, f.purchases, f.by_members,
         decimal(f.gross, scale), decimal(f.discount, scale), decimal(f.net, scale), f.earned, f.spent, f.returns,
         decimal(f.money_back, scale)]
        for row in found.rows
        for f, store in [(row.figures, program.stores.get(row.store))]
    )  # fmt: skip
    return "\ufeff".encode() + rows_as_csv([head, *lines])


def _charts(found: Days, program: Program, language: i18n.Language) -> dict[str, Any]:
    by_day = found.by_day()
    series = [
        {"name": language.gettext("Paid after discounts"), "type": "bar", "colour": "--chart-net",
         "values": [figures.net for _, figures in by_day]},
        {"name": language.gettext("Discounts"), "type": "bar", "colour": "--chart-discount", "striped": True,
         "values": [figures.discount for _, figures in by_day]},
    ]  # fmt: skip
    chart = {
        "id": "chart",
        "labels": [language.day(day) for day, _ in by_day],
        "currency": program.base_currency,
        "scale": money_scale(program.base_currency),
        "series": series,
    }
    return {"locale": str(language.locale).replace("_", "-"), "charts": [chart]}
