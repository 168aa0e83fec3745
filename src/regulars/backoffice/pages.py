"""The back office's first pages: where it begins, and the day view with its download."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get
from litestar.response import Redirect
from msgspec import Struct

from regulars import i18n
from regulars.analytics import days
from regulars.analytics.days import Days, Figures
from regulars.programs.model import Program
from regulars.units import money_scale
from regulars.web import pages
from regulars.web.tables import safe_cell

HttpRequest = Request[Any, Any, Any]
DEFAULT_DAYS = 28
PERIODS = (7, 28, 84, 365)
GROUPS = ("day", "store", "both")


class Filter(Struct, frozen=True):
    """What is looked at; it stands in the address."""

    first: date
    last: date
    store: str
    by: str


@get("/backoffice", include_in_schema=False)
async def backoffice(request: HttpRequest) -> Redirect:
    """The back office begins with the day view."""
    del request
    return Redirect("/backoffice/day", status_code=303)


@get("/backoffice/day", include_in_schema=False)
async def day_view(request: HttpRequest) -> Response[Any]:
    """What each day brought in each store."""
    visitor = await pages.visitor(request, "manage", "read")
    if visitor is None:
        return pages.to_sign_in(request)
    program = visitor.program
    today = (await request.app.state.known.now(program.id)).astimezone(ZoneInfo(program.time_zone)).date()
    chosen = read_filter(request.query_params, program, today)
    found = await _read(request, program, chosen)
    language = pages.language_of(request, program)
    return pages.page(
        request,
        "backoffice/day.html",
        visitor=visitor,
        chosen=chosen,
        today=today,
        periods=[(n, today - timedelta(days=n - 1)) for n in PERIODS],
        stores=sorted(program.stores.values(), key=lambda s: language.sorting_key(s.name)),
        rows=table(found, chosen.by, program, language),
        total=found.total,
        points_names=program.points.names if program.points else {},
        points_scale=program.points.scale if program.points else 0,
        chart=pages.script_data(_chart(found, program, language)),
    )


@get("/backoffice/day.csv", include_in_schema=False)
async def day_csv(request: HttpRequest) -> Response[Any]:
    """The same rows, one for each day and store, for a spreadsheet."""
    visitor = await pages.visitor(request, "manage", "read")
    if visitor is None:
        return pages.to_sign_in(request)
    program = visitor.program
    today = (await request.app.state.known.now(program.id)).astimezone(ZoneInfo(program.time_zone)).date()
    chosen = read_filter(request.query_params, program, today)
    found = await _read(request, program, chosen)
    return Response(
        as_csv(found, program),
        media_type="text/csv; charset=utf-8",
        headers={
            **pages.SECURITY_HEADERS,
            "Content-Disposition": f'attachment; filename="days-{chosen.first}-{chosen.last}.csv"',
        },
    )


def read_filter(query: Any, program: Program, today: date) -> Filter:
    """The filter of an address; what makes no sense in it gives way to the last four weeks of all stores."""
    last = _day(query.get("to")) or today
    first = _day(query.get("from")) or last - timedelta(days=DEFAULT_DAYS - 1)
    if not first <= last < first + timedelta(days=days.DAYS_MAX):
        first = last - timedelta(days=DEFAULT_DAYS - 1)
    store = query.get("store", "")
    by = query.get("by", "day")
    return Filter(first, last, store if store in program.stores else "", by if by in GROUPS else "day")


def table(found: Days, by: str, program: Program, language: i18n.Language) -> list[tuple[str, str, Figures]]:
    """The rows of the table: what a row is called, a second name where there is one, and its figures."""

    def name(code: str) -> str:
        store = program.stores.get(code)
        return store.name if store else code

    if by == "store":
        rows = [(name(code), "", figures) for code, figures in found.by_store().items()]
        return sorted(rows, key=lambda row: language.sorting_key(row[0]))
    if by == "both":
        newest_first = sorted(found.rows, key=lambda row: language.sorting_key(name(row.store)))
        newest_first.sort(key=lambda row: row.day, reverse=True)
        return [(language.short_date(row.day), name(row.store), row.figures) for row in newest_first]
    return [
        (language.short_date(day), language.weekday(day.isoweekday()), f)
        for day, f in reversed(found.by_day())
    ]


def as_csv(found: Days, program: Program) -> str:
    """Semicolons would depend on the reader's language: commas, a header, amounts as plain decimals."""
    scale = money_scale(program.base_currency)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    money = program.base_currency
    writer.writerow(
        ["day", "store", "store_name", "purchases", "by_members", f"gross_{money}", f"discounts_{money}",
         f"net_{money}", "points_given", "points_spent", "returns", f"paid_back_{money}"]
    )  # fmt: skip
    for row in found.rows:
        f = row.figures
        store = program.stores.get(row.store)
        writer.writerow(
            [row.day.isoformat(), safe_cell(row.store), safe_cell(store.name if store else row.store), f.purchases,
             f.by_members, _decimal(f.gross, scale), _decimal(f.discount, scale), _decimal(f.net, scale), f.earned,
             f.spent, f.returns, _decimal(f.money_back, scale)]
        )  # fmt: skip
    return "\ufeff" + out.getvalue()


async def _read(request: HttpRequest, program: Program, chosen: Filter) -> Days:
    async with request.app.state.database.transaction(program.id) as tx:
        return await days.read(tx, program.id, program.base_currency, chosen.first, chosen.last, chosen.store)


def _chart(found: Days, program: Program, language: i18n.Language) -> dict[str, Any]:
    by_day = found.by_day()
    return {
        "days": [language.day(day) for day, _ in by_day],
        "net": [figures.net for _, figures in by_day],
        "discount": [figures.discount for _, figures in by_day],
        "scale": money_scale(program.base_currency),
        "currency": program.base_currency,
        "locale": str(language.locale).replace("_", "-"),
        "names": {
            "net": language.gettext("Paid after discounts"),
            "discount": language.gettext("Discounts"),
        },
    }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _decimal(amount: int, scale: int) -> str:
    sign, digits = "-" if amount < 0 else "", f"{abs(amount):0{scale + 1}d}"
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else sign + digits


routes: list[Any] = [backoffice, day_view, day_csv]
