"""The list of what moved members' points and of what will expire: the rows behind the figures of points."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast, get_args

from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.days import typed_day
from regulars.backoffice.office import Pages
from regulars.backoffice.points import spendable
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_desk import MOVED
from regulars.errors import NotFound
from regulars.flows.desk.list_movements import (
    Group,
    Movement,
    MovementsAsked,
    MovementsListed,
    list_expiring,
    list_movements,
)
from regulars.web.movements import kind_words
from regulars.web.tables import rows_as_csv

pages = Pages()
AT_ONCE = 50
ROWS_AT_ONCE = 1000
"""Of a file, which is written page by page."""
DEFAULT_DAYS = 28
EXPIRING_DAYS = 30
EXPIRING = "expiring"
HEADINGS = (
    "at",
    "id",
    "kind",
    "currency",
    "amount",
    "member",
    "store",
    "purchase",
    "promotion",
    "by",
    "reason",
)


@pages.get("/points/movements", needs="books.read")
async def movements(visit: Visit) -> Response[Any]:
    """What moved points on these days, the latest first; or what expires on them, the soonest first."""
    asked, what = await _asked(visit)
    cursor = visit.query.get("cursor")
    found = await _found(visit, asked, what, AT_ONCE, cursor, names=visit.may("members.read"))
    say, stores = desk.pointing(visit), {store.id: store for store in visit.program.stores.values()}
    return visit.page(
        "points_list",
        asked=asked,
        what=what,
        items=found.items,
        names=found.names,
        next=found.next,
        first=cursor is None,
        groups=MOVED,
        currencies=spendable(visit),
        stores=stores,
        promotion_of=lambda one: _promotion(visit, one),
        kind=lambda kind: (
            visit.language.gettext(MOVED[kind]) if kind in MOVED else kind_words(visit.language, kind)
        ),
        amount=lambda one: say(asked.currency, one.amount, signed=what != EXPIRING),
        who=await desk.naming(visit, {one.actor for one in found.items if one.actor}),
        show=ids.show,
    )


@pages.get("/points/movements.csv", needs="books.read")
async def movements_csv(visit: Visit) -> Response[Any]:
    """The same for a spreadsheet, all of them, in the currency's smallest unit.

    Who it was, and what staff wrote of her, is for whoever may see members.
    """
    asked, what = await _asked(visit)
    # What is wrong with the filter is answered before anything is sent.
    begun = await _found(visit, asked, what, ROWS_AT_ONCE, None, names=False)
    stores = {store.id: store.code for store in visit.program.stores.values()}
    named = visit.may("members.read")

    def row(one: Movement) -> list[str | int]:
        return [
            one.at.isoformat(), ids.show("lot" if what == EXPIRING else "pst", one.id), one.kind, asked.currency,
            one.amount, desk.show("mem", one.member) if named else "",
            stores.get(one.store, "") if one.store else "", desk.show("pur", one.purchase),
            desk.show("prm", one.promotion), one.actor, one.reason if named else "",
        ]  # fmt: skip

    async def pieces() -> AsyncIterator[bytes]:
        found = begun
        yield rows_as_csv([HEADINGS])
        while found.items:
            yield rows_as_csv([row(one) for one in found.items])
            if found.next is None:
                return
            found = await _found(visit, asked, what, ROWS_AT_ONCE, found.next, names=False)

    return visit.stream(f"points-{what or 'moved'}-{asked.first}-{asked.last}.csv", pieces(), "text/csv")


async def _asked(visit: Visit) -> tuple[MovementsAsked, str]:
    """The filter of an address, and which movements; what makes no sense in it is left out. Raises NotFound."""
    known, query = spendable(visit), visit.query
    if not known:
        raise NotFound("This program has no points yet.")
    currency = next((one for one in known if one.code == query.get("currency")), known[0])
    today = (await visit.now()).astimezone(visit.zone).date()
    what = query.get("kind", "")
    what = what if what in MOVED else ""
    first, last = typed_day(query.get("from")), typed_day(query.get("to"))
    if what == EXPIRING:
        first = first or today
        last = last or first + timedelta(days=EXPIRING_DAYS - 1)
    else:
        last = last or today
        first = first or last - timedelta(days=DEFAULT_DAYS - 1)
    store = visit.program.stores.get(query.get("store", ""))
    promotion = query.get("promotion")
    asked = MovementsAsked(
        currency=currency.code,
        first=min(first, last),
        last=last,
        group=cast("Group", what) if what in get_args(Group) else None,
        store=store.id if store is not None else None,
        promotion=ids.read("prm", promotion, "?promotion") if promotion else None,
    )
    return asked, what


async def _found(
    visit: Visit, asked: MovementsAsked, what: str, limit: int, cursor: str | None, *, names: bool
) -> MovementsListed:
    listed = list_expiring if what == EXPIRING else list_movements
    return await listed(visit.database, visit.known, asked, limit, names=names, after=cursor)


def _promotion(visit: Visit, one: Movement) -> str:
    """What gave it, by name; empty: nothing did, or what is not live any more."""
    live = visit.known.promotion(one.promotion) if one.promotion is not None else None
    return live.name(desk.spoken(visit)) if live is not None else ""
