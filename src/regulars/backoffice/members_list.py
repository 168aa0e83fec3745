"""The list of members behind Home's figures: who joined, who bought, who came again; and the same as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, cast, get_args

from litestar import Response
from msgspec import structs

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.days import seen, typed_day
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_desk import BOUGHT, MEMBER_STATES, SOURCES
from regulars.flows.desk.list_members import (
    Bought,
    MemberRow,
    MembersAsked,
    MembersListed,
    State,
    list_members,
)
from regulars.web.tables import rows_as_csv

pages = Pages()
AT_ONCE = 50
ROWS_AT_ONCE = 1000
"""Of a file, which is written page by page."""
DEFAULT_DAYS = 30
TEXT_MAX = 64
HEADINGS = (
    "member",
    "joined_at",
    "source",
    "tag",
    "store",
    "tiers",
    "state",
    "merged_into",
    "bought_on",
    "bought_in",
)


@pages.get("/members/list", needs="home.read")
async def members_list(visit: Visit) -> Response[Any]:
    """Members by when they joined and bought, by store, tier, source, tag and state, the latest first."""
    asked = await _asked(visit)
    cursor = visit.query.get("cursor")
    found = await _found(visit, asked, AT_ONCE, cursor, names=visit.may("members.read"))
    words = visit.known.words[desk.spoken(visit)]
    return visit.page(
        "members_list",
        asked=asked,
        store=visit.query.get("store", "") if asked.stores is not None else "",
        items=found.items,
        next=found.next,
        first=cursor is None,
        stores={store.id: store for store in visit.program.stores.values()},
        tiers=[
            (f"{code}/{tier.code}", words.named("tier", f"{code}/{tier.code}"))
            for code, ladder in visit.known.ladders.items()
            for tier in ladder.document.tiers
        ],
        tiers_of=lambda one: ", ".join(words.named("tier", f"{ladder}/{tier}") for ladder, tier in one.tiers),
        bought_words=BOUGHT,
        sources=SOURCES,
        states=MEMBER_STATES,
        state_of=_state,
        show=ids.show,
    )


@pages.get("/members/list.csv", needs="data.export")
async def members_list_csv(visit: Visit) -> Response[Any]:
    """The same members for a spreadsheet, all of them, without their names: those are in the export of members."""
    asked = await _asked(visit)
    # What is wrong with the filter is answered before anything is sent.
    begun = await _found(visit, asked, ROWS_AT_ONCE, None, names=False)
    stores = {store.id: store.code for store in visit.program.stores.values()}

    def row(one: MemberRow) -> list[str]:
        return [
            ids.show("mem", one.id), one.joined_at.isoformat(), one.source, one.tag,
            stores.get(one.store, "") if one.store else "",
            ";".join(f"{ladder}/{tier}" for ladder, tier in one.tiers), _state(one), desk.show("mem", one.merged_into),
            one.day.isoformat() if one.day else "", stores.get(one.bought_in, "") if one.bought_in else "",
        ]  # fmt: skip

    async def pieces() -> AsyncIterator[bytes]:
        found = begun
        yield rows_as_csv([HEADINGS])
        while found.items:
            yield rows_as_csv([row(one) for one in found.items])
            if found.next is None:
                return
            found = await _found(visit, asked, ROWS_AT_ONCE, found.next, names=False)

    return visit.stream("members-list.csv", pieces(), "text/csv")


async def _asked(visit: Visit) -> MembersAsked:
    """The filter of an address; what makes no sense in it is left out."""
    query, today = visit.query, (await visit.now()).astimezone(visit.zone).date()
    store, bought, state = query.get("store", ""), query.get("bought", ""), query.get("state", "")
    known = any(one.code == store for one in visit.stores)
    ladder, _, tier = query.get("tier", "").partition("/")
    source = query.get("source", "")
    asked = MembersAsked(
        stores=seen(visit, store if known else ""),
        joined_from=typed_day(query.get("joined_from")),
        joined_to=typed_day(query.get("joined_to")),
        present_on=typed_day(query.get("present_on")),
        source=source if source in SOURCES else "",
        tag=query.get("tag", "").replace("\0", "").strip()[:TEXT_MAX],
        state=cast("State", state) if state in get_args(State) else None,
        ladder=ladder if _is_tier(visit, ladder, tier) else "",
        tier=tier,
        bought=cast("Bought", bought) if bought in get_args(Bought) else None,
    )
    return asked if asked.bought is None else _within(asked, query, today)


def _within(asked: MembersAsked, query: dict[str, str], today: date) -> MembersAsked:
    """With the days on which they bought: the last thirty where none are typed."""
    last = typed_day(query.get("to")) or today
    first = typed_day(query.get("from")) or last - timedelta(days=DEFAULT_DAYS - 1)
    return structs.replace(asked, first=min(first, last), last=last)


def _is_tier(visit: Visit, ladder: str, tier: str) -> bool:
    known = visit.known.ladders.get(ladder)
    return known is not None and any(one.code == tier for one in known.document.tiers)


async def _found(
    visit: Visit, asked: MembersAsked, limit: int, cursor: str | None, *, names: bool
) -> MembersListed:
    return await list_members(
        visit.database, visit.known, asked, limit, at=await visit.now(), names=names, after=cursor
    )


def _state(one: MemberRow) -> str:
    if one.merged_into is not None:
        return "merged"
    return "erased" if one.erased else "present"
