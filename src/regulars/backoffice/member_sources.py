"""The page of sources: where new members come from, and how many of them have bought; and the same as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from litestar import Response
from msgspec import Struct
from msgspec.structs import replace

from regulars.backoffice.days import PERIODS, Filter, read_filter, seen
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.backoffice.words_of_desk import SOURCES
from regulars.flows.member_sources import SOURCES_MAX, SourceCount, Sources, member_sources
from regulars.i18n import N_
from regulars.web.pages import with_query
from regulars.web.tables import rows_as_csv

pages = Pages()
GROUPS = {
    "": N_("Everything"),
    "source": N_("How"),
    "tag": N_("Tag"),
    "partner": N_("Partner"),
    "store": N_("Store"),
}
"""By what the rows are put together."""
HEADINGS = ("source", "tag", "partner", "store", "members", "left", "bought")


class Row(Struct, frozen=True):
    """A row of the table: what brought these members (None: not told apart), and how many they are."""

    source: str | None
    tag: str | None
    partner: str | None
    store: str | None
    members: int
    left: int
    bought: int

    @property
    def share(self) -> float:
        """The part of them who have bought."""
        return self.bought / self.members


@pages.get("/members/sources", needs="home.read")
async def sources_page(visit: Visit) -> Response[Any]:
    """Members who joined on these days by source, tag, partner and store, and the part that has bought."""
    chosen, found = await _read(visit)
    today = (await visit.now()).astimezone(visit.zone).date()
    by = visit.query.get("by", "")
    by = by if by in GROUPS else ""
    return visit.page(
        "member_sources",
        chosen=chosen,
        by=by,
        groups=GROUPS,
        today=today,
        periods=[(n, today - timedelta(days=n - 1)) for n in PERIODS],
        rows=together(found.items, by),
        total=sum(one.members for one in found.items),
        bought=sum(one.bought for one in found.items),
        left=sum(one.left for one in found.items),
        full=len(found.items) == SOURCES_MAX,
        sources=SOURCES,
        stores=visit.program.stores,
        partners=visit.program.partners,
        link=_link(chosen, by),
    )


@pages.get("/members/sources.csv", needs="home.read")
async def sources_csv(visit: Visit) -> Response[Any]:
    """The same days for a spreadsheet: a row for each source, tag, partner and store."""
    chosen, found = await _read(visit)
    rows = [
        [one.source, one.tag, one.partner or "", one.store or "", one.members, one.left, one.bought]
        for one in found.items
    ]
    name = f"sources-{chosen.first}-{chosen.last}.csv"
    return visit.file(name, rows_as_csv([HEADINGS, *rows]), "text/csv")


def together(items: Iterable[SourceCount], by: str) -> list[Row]:
    """The rows put together by one of GROUPS, the most members first."""
    rows: dict[tuple[str | None, ...], Row] = {}
    for one in items:
        row = Row(
            source=one.source if by in ("", "source") else None,
            tag=one.tag if by in ("", "tag") else None,
            partner=one.partner or "" if by in ("", "partner") else None,
            store=one.store or "" if by in ("", "store") else None,
            members=one.members,
            left=one.left,
            bought=one.bought,
        )
        key = (row.source, row.tag, row.partner, row.store)
        if (same := rows.get(key)) is not None:
            row = replace(
                row,
                members=row.members + same.members,
                left=row.left + same.left,
                bought=row.bought + same.bought,
            )
        rows[key] = row
    return sorted(rows.values(), key=lambda row: -row.members)


async def _read(visit: Visit) -> tuple[Filter, Sources]:
    """Who joined from the first to the last day, by the program's calendar, at the stores that are seen."""
    today = (await visit.now()).astimezone(visit.zone).date()
    chosen = read_filter(visit.query, today, visit.stores)
    since, until = (_begins(visit, day) for day in (chosen.first, chosen.last + timedelta(days=1)))
    return chosen, await member_sources(
        visit.database, visit.program, since, until, seen(visit, chosen.store)
    )


def _begins(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(), visit.zone).astimezone(UTC)


def _link(chosen: Filter, by: str) -> Callable[[Row], str | None]:
    """Where the very members of a row are listed; None where the list cannot tell them from others."""

    def link(row: Row) -> str | None:
        named = {"source": row.source, "tag": row.tag, "store": row.store}.get(by)
        if not named:
            return None
        days = {"joined_from": chosen.first.isoformat(), "joined_to": chosen.last.isoformat()}
        return with_query(f"{ROOT}/members/list", days | {"store": chosen.store, by: named})

    return link
