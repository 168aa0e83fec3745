"""Home: how the program is doing, in a period and against the one before, with every figure's way to its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response

from regulars import ids
from regulars.analytics import home
from regulars.analytics.home import Asked, Home
from regulars.backoffice import figures
from regulars.backoffice.days import PERIODS, read_filter, seen
from regulars.backoffice.figures import MEMBERS, MOVEMENTS, Figure, Words
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.flows.failing_rounds import failing_rounds
from regulars.programs.roles import Permission
from regulars.units import money_scale
from regulars.web.pages import script_data
from regulars.web.tables import rows_as_csv

pages = Pages()
NOTHING: Mapping[str, str] = {}
TOP = 8
"""Stores and promotions shown."""
_NEEDED: dict[str, Permission] = {
    "/purchases": "purchases.read",
    "/promotions": "promotions.read",
    MOVEMENTS: "books.read",
}


@pages.get("", needs="home.read")
async def home_page(visit: Visit) -> Response[Any]:
    """How the program is doing: sales, members, points and what they cost."""
    asked, found = await _read(visit)
    words = Words(visit.program, visit.language)
    link = _links(visit, asked)
    names = {store.code: store.name for store in visit.program.stores.values()}
    top = found.promotions[:TOP]
    return visit.page(
        "home",
        failing=await failing_rounds(visit.database, visit.program.id) if visit.may("setup.read") else (),
        asked=asked,
        found=found,
        words=words,
        periods=[(n, asked.today - timedelta(days=n - 1)) for n in PERIODS],
        store=_store(visit),
        sections=[
            (visit.language.gettext("Sales"), "sales", figures.of_sales(found, words, link)),
            (visit.language.gettext("Members"), "members", figures.of_members(found, words, link)),
            (visit.language.gettext("Points and cost"), "cost", figures.of_points(found, words, link)),
        ],
        summed=asked.stores is not None and len(asked.stores) > 1,
        buckets=[(one, *_bucket_links(one, link)) for one in figures.buckets(found)],
        today=link("/purchases", first=asked.today, last=asked.today, state="recorded"),
        stores=[
            (names.get(row.store, row.store), row.figures, link("/day", store=row.store))
            for row in found.stores[:TOP]
        ],
        stores_most=figures.greatest([row.figures.net for row in found.stores]),
        promotions=[(one, one.cost(visit.program), _promotion_link(visit, one)) for one in top],
        promotions_most=figures.greatest([one.cost(visit.program) for one in top]),
        charts=script_data(_charts(found, words, link)),
        with_filter=lambda path: _address(path, asked.first, asked.last, _store(visit)),
    )


@pages.get("/home.csv", needs="home.read")
async def home_csv(visit: Visit) -> Response[Any]:
    """The same figures, for a spreadsheet: amounts in minor units, shares as parts of one."""
    asked, found = await _read(visit)
    words = Words(visit.program, visit.language)
    every: list[Figure] = []
    for part in (figures.of_sales, figures.of_members, figures.of_points):
        every += part(found, words, lambda *_, **__: None)
    scale, money = (
        money_scale(visit.program.base_currency),
        {"sales", "returns", "discounts", "cost", "liability"},
    )
    head = ["figure", "name", "from", "to", "value", "value_before", "unit"]
    rows = [
        [one.code, one.name, str(asked.first), str(asked.last), _plain(one.plain, scale if one.code in money else 0),
         _plain(one.plain_before, scale if one.code in money else 0),
         visit.program.base_currency if one.code in money else "share" if one.code.endswith("_share") else ""]
        for one in every
    ]  # fmt: skip
    return visit.file(f"home-{asked.first}-{asked.last}.csv", rows_as_csv([head, *rows]), "text/csv")


@pages.get("/figures/promotions.csv", needs="home.read")
async def promotions_csv(visit: Visit) -> Response[Any]:
    """What every promotion gave in the period, the dearest first."""
    asked, found = await _read(visit)
    program = visit.program
    scale, money = money_scale(program.base_currency), program.base_currency
    points = program.points.code if program.points else ""
    head = ["promotion", "name", "from", "to", "purchases", "by_members", f"sales_{money}", f"discount_{money}",
            "points", f"cost_{money}"]  # fmt: skip
    rows = [
        [ids.show("prm", one.promotion), one.name or "", str(asked.first), str(asked.last), one.purchases,
         one.by_members, _plain(one.net, scale), _plain(one.kept(money), scale), one.kept(points),
         _plain(one.cost(program), scale)]
        for one in found.promotions
    ]  # fmt: skip
    name = f"promotions-{asked.first}-{asked.last}.csv"
    return visit.file(name, rows_as_csv([head, *rows]), "text/csv")


async def _read(visit: Visit) -> tuple[Asked, Home]:
    today = (await visit.now()).astimezone(visit.zone).date()
    chosen = read_filter(visit.query, today, visit.stores)
    asked = Asked(chosen.first, chosen.last, today, seen(visit, chosen.store), visit.staff.stores is None)
    async with visit.database.transaction(visit.program.id, analytical=True) as tx:
        return asked, await home.read(tx, visit.program, asked)


def _links(visit: Visit, asked: Asked) -> Callable[..., str | None]:
    """Where the rows of a figure are, of the same stores and days, or of those that are named; None where her role does
    not lead."""

    def link(
        path: str,
        *,
        store: str | None = None,
        first: date | None = None,
        last: date | None = None,
        **query: str,
    ) -> str | None:
        needed = _NEEDED.get(path)
        if needed is not None and not visit.may(needed):
            return None
        store = _store(visit) if store is None else store
        if path == MEMBERS and "bought" not in query:
            return f"{ROOT}{path}?{urlencode(query | ({'store': store} if store else {}))}"
        return _address(path, first or asked.first, last or asked.last, store, query)

    return link


def _store(visit: Visit) -> str:
    """The code of the store that is looked at, if it is one that she may see."""
    code = visit.query.get("store", "")
    return code if any(store.code == code for store in visit.stores) else ""


def _address(path: str, first: date, last: date, store: str, more: Mapping[str, str] = NOTHING) -> str:
    query = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        **({"store": store} if store else {}),
        **more,
    }
    return f"{ROOT}{path}?{urlencode(query)}"


def _promotion_link(visit: Visit, one: home.Given) -> str | None:
    if one.name is None or not visit.may("promotions.read"):
        return None
    return f"{ROOT}/promotions/{ids.show('prm', one.promotion)}"


def _bucket_links(
    one: figures.Bucket, link: Callable[..., str | None]
) -> tuple[str | None, str | None, str | None]:
    """Where a day's or a week's rows are: its purchases, who was active at its end, who joined in it."""
    return (
        link("/purchases", first=one.first, last=one.last, state="recorded"),
        figures.active_link(link, one.last, home.ACTIVE_DAYS),
        link(MEMBERS, joined_from=one.first.isoformat(), joined_to=one.last.isoformat()),
    )


def _charts(found: Home, words: Words, link: Callable[..., str | None]) -> dict[str, Any]:
    """What the page's charts are drawn from, and where each point of them leads; the same stands in the table below."""
    _, language, program = words.language.gettext, words.language, words.program
    parts = figures.buckets(found)
    labels = [language.day(one.last) for one in parts]
    leads = [_bucket_links(one, link) for one in parts]
    purchases, active = [to for to, _, _ in leads], [to for _, to, _ in leads]
    money = {"currency": program.base_currency, "scale": money_scale(program.base_currency)}
    total = [one.figures for one in parts]
    points = program.points
    charts: list[dict[str, Any]] = [
        {"id": "chart-sales", "labels": labels, "links": purchases, **money, "series": [
            _bars(_("With a card"), "--chart-net", [f.card_gross - f.card_discount for f in total]),
            _bars(_("Without"), "--chart-other",
                  [f.net - (f.card_gross - f.card_discount) for f in total], striped=True),
        ]},
        {"id": "chart-members", "labels": labels, "links": active, "scale": 0, "unit": _("Members"), "series": [
            {"name": _("Active members"), "type": "line", "colour": "--chart-members",
             "values": [one.active for one in parts]},
        ]},
        {"id": "chart-cost", "labels": labels, "links": purchases, **money, "series": [
            _bars(_("Discounts"), "--chart-discount", [f.discount - f.discount_back for f in total]),
            _bars(_("Points given, at their worth"), "--chart-points",
                  [figures.cost(program, f) - f.discount + f.discount_back for f in total], striped=True),
        ]},
    ]  # fmt: skip
    if points is not None and found.asked.whole and found.books[points.code].expiring:
        days = [found.asked.today + timedelta(days=n) for n in range(home.EXPIRING_DAYS)]
        expiring = found.books[points.code].expiring
        charts.append({
            "id": "chart-expiring", "labels": [language.day(day) for day in days], "scale": points.scale,
            "unit": _("Points"),
            "links": [
                link(MOVEMENTS, store="", first=day, last=day, kind="expiring", currency=points.code) for day in days
            ],
            "series": [_bars(_("Expiring"), "--chart-points", [expiring.get(day, 0) for day in days])],
        })  # fmt: skip
    return {"locale": str(language.locale).replace("_", "-"), "charts": charts}


def _bars(name: str, colour: str, values: list[int], *, striped: bool = False) -> dict[str, Any]:
    return {"name": name, "type": "bar", "colour": colour, "values": values, "striped": striped}


def _plain(value: float | int | None, scale: int) -> str:
    """As a spreadsheet reads it: a point before the decimals, no spaces."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    sign, digits = "-" if value < 0 else "", f"{abs(value):0{scale + 1}d}"
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else sign + digits
