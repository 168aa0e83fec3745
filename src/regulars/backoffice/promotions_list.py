"""The pages of all promotions: the list, which is narrowed and sorted, and the calendar of a month."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars import ids
from regulars.analytics import promotion_results
from regulars.backoffice.builder_form import Maker
from regulars.backoffice.office import Pages
from regulars.backoffice.promotions_builder import words
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_promotions import STATES
from regulars.errors import InvalidValue
from regulars.flows.promotion_calendar import Shown, promotion_calendar
from regulars.flows.promotions_overview import (
    PROMOTIONS_MAX,
    Listed,
    budgets_left,
    promotions_overview,
)
from regulars.promotions.budgets import Budget
from regulars.promotions.differing import limit_text
from regulars.promotions.schedule import Bar
from regulars.units import money_scale
from regulars.web.tables import decimal, rows_as_csv

pages = Pages()
PAGE = 50
SORTS = ("name", "state", "group", "cost", "from", "made")
_ORDER = ("live", "planned", "in_review", "approved", "returned", "draft", "stopped", "ended")
CSV = "text/csv"


class Found(Struct, frozen=True):
    """The promotions that were asked for, in their order."""

    rows: list[Listed]
    every: int
    """How many there are in all."""
    counts: Mapping[str, int]
    """By state."""
    costs: Mapping[UUID, int] | None
    """What each cost in the stores that she sees; None: not asked for, as they are not sorted by it."""


@pages.get("/promotions", needs="promotions.read")
async def listing(visit: Visit) -> Response[Any]:
    """Every promotion: where it stands, what it cost, what its budget leaves."""
    found = await _found(visit)
    begin = _begin(visit)
    shown = found.rows[begin : begin + PAGE]
    costs = found.costs if found.costs is not None else await _costs(visit, [one.id for one in shown])
    budgets: dict[UUID, tuple[Budget, ...]] = {}
    if visit.staff.stores is None:  # a budget is of all stores
        budgets = await budgets_left(visit.database, visit.known, shown, await visit.now())
    maker = Maker(visit.known, words(visit))
    return visit.page(
        "promotions/list",
        rows=[
            (ids.show("prm", one.id), one, costs.get(one.id, 0), _tightest(budgets.get(one.id, ())))
            for one in shown
        ],
        every=found.every,
        listed_max=PROMOTIONS_MAX,
        found=len(found.rows),
        first=begin == 0,
        next=str(begin + PAGE) if begin + PAGE < len(found.rows) else None,
        counts=found.counts,
        states=STATES,
        group_of=maker.group,
        groups=[(group.name, maker.group(group.name)) for group in visit.program.settings.groups],
        shops=[(store.code, store.name) for store in visit.stores],
        order=_order(visit),
        budget_said=lambda budget: limit_text(budget.limit, words(visit), visit.program.base_currency),
    )


@pages.get("/promotions.csv", needs="promotions.read")
async def listing_csv(visit: Visit) -> Response[Any]:
    """The list, for a spreadsheet."""
    found = await _found(visit)
    costs = found.costs if found.costs is not None else await _costs(visit)
    scale = money_scale(visit.program.base_currency)
    head = ["promotion", "name", "group", "state", "from", "until", f"cost_{visit.program.base_currency}"]
    rows = [
        [ids.show("prm", one.id), one.name, one.document.group, one.state, _wall(one.document.valid_from),
         _wall(one.document.valid_until), decimal(costs.get(one.id, 0), scale)]
        for one in found.rows
    ]  # fmt: skip
    return visit.file("promotions.csv", rows_as_csv([head, *rows]), CSV)


@pages.get("/promotions/calendar", needs="promotions.read")
async def calendar(visit: Visit) -> Response[Any]:
    """Which promotions run on which days of a month."""
    drafts = visit.query.get("drafts") == "1"
    at, begin = await visit.now(), _begin(visit)

    async def shown(month: str) -> Shown:
        code, rows = visit.language.code, slice(begin, begin + PAGE)
        return await promotion_calendar(
            visit.database, visit.known, month, at, code, drafts=drafts, rows=rows
        )

    try:
        found, every = await shown(visit.query.get("month", ""))
    except InvalidValue:
        found, every = await shown("")
    days = [found.first + timedelta(days=n) for n in range((found.last - found.first).days + 1)]
    before, after = found.first - timedelta(days=1), found.last + timedelta(days=1)
    return visit.page(
        "promotions/calendar",
        month=found,
        every=every,
        first=begin == 0,
        next=str(begin + PAGE) if begin + PAGE < every else None,
        days=days,
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}",
        drafts=drafts,
        states={"running": STATES["live"], **STATES},
        hours_said=_hours_said,
    )


async def _found(visit: Visit) -> Found:
    """What the address asks for, in its order."""
    query, stores = visit.query, {store.code for store in visit.stores}
    store = query.get("store", "")
    listed = await promotions_overview(
        visit.database, visit.known, await visit.now(), visit.language.code, store if store in stores else ""
    )
    costs = await _costs(visit) if _order(visit).removeprefix("-") == "cost" else None
    counts = Counter(one.state for one in listed)
    rows = await asyncio.to_thread(_chosen, listed, visit, costs or {})
    return Found(rows, len(listed), counts, costs)


async def _costs(visit: Visit, promotions: Sequence[UUID] | None = None) -> dict[UUID, int]:
    """What these promotions (None: all) cost in the stores that she sees."""
    async with visit.database.transaction(visit.program.id, analytical=True) as tx:
        return await promotion_results.costs(tx, visit.program, visit.staff.stores, promotions)


def _chosen(listed: Sequence[Listed], visit: Visit, costs: Mapping[UUID, int]) -> list[Listed]:
    """Those that the address asks for, sorted."""
    folded = visit.language.sorting_key
    asked, wanted = folded(visit.query.get("q", "").strip())[0], visit.query.get("state", "")
    group, order = visit.query.get("group", ""), _order(visit)
    keys: dict[str, Callable[[Listed], Any]] = {
        "name": lambda one: folded(one.name),
        "state": lambda one: (_ORDER.index(one.state), folded(one.name)),
        "group": lambda one: (one.document.group, one.document.priority, folded(one.name)),
        "cost": lambda one: costs.get(one.id, 0),
        "from": lambda one: str(one.document.valid_from or ""),
        "made": lambda one: one.made,
    }
    rows = [
        one
        for one in listed
        if (not wanted or wanted in (one.state, one.draft))
        and (not group or one.document.group == group)
        and (not asked or asked in folded(one.name)[0])
    ]
    return sorted(rows, key=keys[order.removeprefix("-")], reverse=order.startswith("-"))


def _order(visit: Visit) -> str:
    wanted = visit.query.get("sort", "")
    return wanted if wanted.removeprefix("-") in SORTS else "state"


def _begin(visit: Visit) -> int:
    """At which row the page begins."""
    text = visit.query.get("cursor", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _tightest(budgets: Sequence[Budget]) -> Budget | None:
    """The one of which the largest part is used."""
    return max(budgets, key=lambda budget: budget.share, default=None)


def _hours_said(bar: Bar) -> str:
    """The hours of a bar; empty: the whole day."""
    if len(bar.hours) == 1 and bar.hours[0].since == "00:00" and bar.hours[0].until == "24:00":
        return ""
    return ", ".join(f"{part.since}–{part.until}" for part in bar.hours)


def _wall(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment is not None else ""
