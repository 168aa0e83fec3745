"""The page of points: where they came from and went to, what members have, and when it expires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from litestar import Response

from regulars.analytics import days, points
from regulars.analytics.home import worth
from regulars.analytics.points import Points
from regulars.backoffice.days import PERIODS, Filter, read_filter
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.errors import NotFound
from regulars.programs.model import CurrencySpec
from regulars.web.pages import script_data, with_query
from regulars.web.tables import rows_as_csv

pages = Pages()
THE_BEGINNING = date(1970, 1, 1)
"""Before anything moved."""


@pages.get("/points", needs="books.read")
async def points_page(visit: Visit) -> Response[Any]:
    """Where points came from and went to, what members have, and when it expires."""
    currency, chosen, found, mark = await _read(visit)
    today = (await visit.now()).astimezone(visit.zone).date()
    language = visit.language
    return visit.page(
        "points",
        found=found,
        mark=mark,
        chosen=chosen,
        today=today,
        currency=currency,
        currencies=spendable(visit),
        periods=[(n, today - timedelta(days=n - 1)) for n in PERIODS],
        say=lambda amount: language.points(amount, currency.names, scale=currency.scale),
        signed=lambda amount: language.points(amount, {}, scale=currency.scale, signed=True),
        worth_of=lambda amount: language.money(
            worth(visit.program, {currency.code: amount}), visit.program.base_currency
        ),
        beginning=THE_BEGINNING,
        lead=_lead(currency, chosen.first, chosen.last),
        charts=script_data(_charts(visit, currency, found)),
    )


def _lead(currency: CurrencySpec, first: date, last: date) -> Callable[..., str]:
    """Where the rows of a figure are: of a kind, on these days or on those that are named."""

    def lead(kind: str = "", since: date = first, until: date = last) -> str:
        query = {"kind": kind, "currency": currency.code, "from": since.isoformat(), "to": until.isoformat()}
        return with_query(f"{ROOT}/points/movements", query)

    return lead


@pages.get("/points.csv", needs="books.read")
async def points_csv(visit: Visit) -> Response[Any]:
    """The same days for a spreadsheet, in the currency's smallest unit."""
    currency, chosen, found, _ = await _read(visit)
    head = ["day", "currency", "given", "otherwise", "spent", "taken_back", "expired", "outstanding"]
    rows = [
        [str(day), currency.code, m.given, m.otherwise, m.spent, m.taken, m.expired, left]
        for day, m, left in found.days
    ]
    name = f"points-{chosen.first}-{chosen.last}.csv"
    return visit.file(name, rows_as_csv([head, *rows]), "text/csv")


@pages.get("/points/expiring.csv", needs="books.read")
async def expiring_csv(visit: Visit) -> Response[Any]:
    """What expires on which day, for a spreadsheet."""
    currency, _, found, _ = await _read(visit)
    rows = [[str(day), currency.code, amount] for day, amount in found.expiring]
    return visit.file("expiring.csv", rows_as_csv([["day", "currency", "amount"], *rows]), "text/csv")


async def _read(visit: Visit) -> tuple[CurrencySpec, Filter, Points, days.Mark]:
    """Raises NotFound where the program has no points."""
    known = spendable(visit)
    wanted = visit.query.get("currency")
    currency = next((one for one in known if one.code == wanted), known[0] if known else None)
    if currency is None:
        raise NotFound("This program has no points yet.")
    today = (await visit.now()).astimezone(visit.zone).date()
    chosen = read_filter(visit.query, today, ())
    async with visit.database.transaction(visit.program.id, analytical=True) as tx:
        found = await points.read(tx, visit.program.id, currency.code, chosen.first, chosen.last, today)
        return currency, chosen, found, await days.mark(tx, visit.program.id)


def spendable(visit: Visit) -> list[CurrencySpec]:
    """Those that members can spend, points before cashback."""
    known = [one for one in visit.program.currencies.values() if one.kind != "qualifying"]
    return sorted(known, key=lambda one: (one.kind != "points", one.code))


def _charts(visit: Visit, currency: CurrencySpec, found: Points) -> dict[str, Any]:
    _, language = visit.language.gettext, visit.language
    unit = language.points_name(5, currency.names) or currency.code
    soon = found.expiring[:60]
    lead = _lead(currency, found.days[0][0], found.days[-1][0])
    charts = [
        {"id": "chart-outstanding", "labels": [language.day(row[0]) for row in found.days], "scale": currency.scale,
         "links": [lead("", day, day) for day, _, _ in found.days],
         "unit": unit, "series": [{"name": _("Outstanding"), "type": "line", "colour": "--chart-points",
                                   "values": [row[2] for row in found.days]}]},
        {"id": "chart-expiring", "labels": [language.short_date(row[0]) for row in soon], "scale": currency.scale,
         "links": [lead("expiring", day, day) for day, _ in soon],
         "unit": unit, "series": [{"name": _("Expiring"), "type": "bar", "colour": "--chart-points",
                                   "values": [row[1] for row in soon]}]},
    ]  # fmt: skip
    return {"locale": str(language.locale).replace("_", "-"), "charts": charts}
