"""The pages that find purchases and show one: lines with what was given and why, every promotion, the books."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_desk import PURCHASE_STATES, VERDICTS
from regulars.errors import InvalidValue, NotFound
from regulars.flows.desk.find_purchases import PurchasesFound, Sought, State, find_purchases
from regulars.flows.desk.purchase_sheet import PurchaseSheet, purchase_sheet
from regulars.flows.read_statement import BEGINNING, END
from regulars.i18n import N_
from regulars.purchases.journal import Listed
from regulars.web.movements import kind_words
from regulars.web.tables import rows_as_csv

pages = Pages()
AT_ONCE = 50
ROWS_AT_ONCE = 1000
"""Of a file, which is written page by page."""
HEADINGS = ("id", "purchased_at", "store", "till", "receipt", "request", "member", "currency", "gross", "discount",
            "paid_with_points", "payable", "earned", "spent", "state")  # fmt: skip
DEFAULT_DAYS = 7
DAYS_MAX = 400
"""As many as Home's figures are asked for."""
SEARCHED_DAYS_MAX = 31
"""Where rows have to be looked through: a rare state, a cashier or a till of no one store."""
OTHERWHERE = N_("This receipt is of a store that is not yours.")


class Filter(Struct, frozen=True):
    """What is looked at; it stands in the address. No name, phone or card does."""

    first: date
    last: date
    store: str = ""
    member: str = ""
    receipt: str = ""
    state: str = ""
    cashier: str = ""
    till: str = ""
    ever: bool = False
    """A receipt's number or a member was asked for, and no days: all there ever were."""
    shortened: bool = False
    """The days were too many to look through, so the last ones are shown."""


@pages.get("/purchases", needs="purchases.read")
async def purchases(visit: Visit) -> Response[Any]:
    """Receipts by time, store, member, state, number, cashier and till, the latest first."""
    chosen = read_filter(visit.query, (await visit.now()).astimezone(visit.zone).date())
    found = await _found(visit, chosen, AT_ONCE, visit.query.get("cursor"))
    last = found.items[-1] if found.items else None
    return visit.page(
        "purchases",
        chosen=chosen,
        items=found.items,
        names=found.names,
        next=cursor_of(last.purchased_at, last.id) if found.more and last else None,
        first="cursor" not in visit.query,
        stores={store.id: store for store in visit.program.stores.values()},
        shown_stores=visit.stores,
        states=PURCHASE_STATES,
        points=desk.pointing(visit),
        show=ids.show,
        days_max=SEARCHED_DAYS_MAX,
    )


@pages.get("/purchases.csv", needs="purchases.read")
async def purchases_csv(visit: Visit) -> Response[Any]:
    """The same receipts for a spreadsheet, all of them; amounts in the smallest unit of money and points."""
    chosen = read_filter(visit.query, (await visit.now()).astimezone(visit.zone).date())
    # What is wrong with the filter is answered before anything is sent.
    begun = await _found(visit, chosen, ROWS_AT_ONCE, None)
    stores = {store.id: store.code for store in visit.program.stores.values()}

    async def pieces() -> AsyncIterator[bytes]:
        found = begun
        yield rows_as_csv([HEADINGS])
        while found.items:
            yield rows_as_csv([_row(one, stores.get(one.store, "")) for one in found.items])
            last = found.items[-1]
            if not found.more:
                return
            found = await _found(visit, chosen, ROWS_AT_ONCE, cursor_of(last.purchased_at, last.id))

    return visit.stream(f"purchases-{chosen.first}-{chosen.last}.csv", pieces(), "text/csv")


def _row(one: Listed, store: str) -> list[str | int]:
    return [
        ids.show("pur", one.id), one.purchased_at.isoformat(), store, one.till, one.receipt_number, one.request,
        desk.show("mem", one.member), one.currency, one.gross, one.discount, one.paid_with_points, one.payable,
        one.earned, one.spent, one.status,
    ]  # fmt: skip


def read_filter(query: Mapping[str, str], today: date) -> Filter:
    """The filter of an address; what makes no sense in it gives way to the last seven days."""
    last = desk.day(query.get("to")) or today
    first = desk.day(query.get("from")) or last - timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        first = last
    state, member = query.get("state", ""), query.get("member", "")
    texts = {name: query.get(name, "").strip()[:64] for name in ("store", "receipt", "cashier", "till")}
    by_key = bool(texts["receipt"] or member)
    searched = bool(state not in ("", "recorded") or texts["cashier"] or texts["till"]) and not by_key
    most = SEARCHED_DAYS_MAX if searched else DAYS_MAX
    shortened = (last - first).days >= most
    if shortened:
        first = last - timedelta(days=most - 1)
    return Filter(
        first,
        last,
        member=member,
        state=state if state in get_args(State) else "",
        shortened=shortened,
        ever=by_key and not (query.get("from") or query.get("to")),
        **texts,
    )


async def _found(visit: Visit, chosen: Filter, limit: int, cursor: str | None) -> PurchasesFound:
    since, until = (BEGINNING, END) if chosen.ever else desk.days(visit, chosen.first, chosen.last)
    sought = Sought(
        stores=_stores(visit, chosen.store),
        since=since,
        until=until,
        days=None if chosen.ever else (chosen.first, chosen.last),
        member=ids.read("mem", chosen.member, "?member") if chosen.member else None,
        receipt_number=chosen.receipt,
        state=cast("State", chosen.state) if chosen.state else None,
        cashier=chosen.cashier,
        till=chosen.till,
        after=after_of(cursor) if cursor else None,
    )
    names = visit.may("members.read")
    return await find_purchases(visit.database, visit.known, sought, limit, at=await visit.now(), names=names)


def _stores(visit: Visit, code: str) -> frozenset[UUID] | None:
    """Those that may be seen and were asked for; None: all."""
    if not code:
        return visit.staff.stores
    store = visit.program.stores.get(code)
    if store is None or (visit.staff.stores is not None and store.id not in visit.staff.stores):
        return frozenset()
    return frozenset({store.id})


@pages.get("/purchases/{id}", needs="purchases.read")
async def purchase(visit: Visit) -> Response[Any]:
    """One receipt: its lines, what was given and why, what came back, and what it did to the books."""
    return await sheet_page(visit)


@pages.get("/purchases/{id}/panel", needs="purchases.read")
async def panel(visit: Visit) -> Response[Any]:
    """The receipt in short, to be looked at beside a list."""
    return visit.part("purchase_panel_part", **await _context(visit))


async def sheet_page(visit: Visit, **more: Any) -> Response[Any]:
    """The receipt's page, with what an act on it shows beside."""
    return visit.page("purchase", **(await _context(visit) | more))


async def _context(visit: Visit) -> dict[str, Any]:
    sheet = await read_sheet(visit)
    who = await desk.naming(visit, [one.actor for one in sheet.movements])
    order = {"applied": 0, "suppressed": 1, "refused": 2}
    return {
        "sheet": sheet,
        "one": sheet.shown,
        "answer": sheet.shown.answer,
        "id": sheet.shown.id,
        "here": f"/backoffice/purchases/{sheet.shown.id}",
        "store": visit.program.stores[sheet.shown.store],
        "states": PURCHASE_STATES,
        "verdicts": VERDICTS,
        "promotions": sorted(sheet.promotions, key=lambda one: (order[one.status], one.name)),
        "bought": {line.line: line for line in sheet.shown.lines},
        "points": desk.pointing(visit),
        "kind": lambda kind: kind_words(visit.language, kind),
        "who": who,
        "show": ids.show,
        "can_mail": "email" in visit.state.post_office.channels,
        "preview": None,
        "sent": visit.form_fields(),
    }


async def read_sheet(visit: Visit) -> PurchaseSheet:
    """The purchase of the address. Raises NotFound, also where it is of a store that she may not see."""
    found = await purchase_sheet(
        visit.database,
        visit.state.known,
        desk.caller(visit),
        desk.read_id(visit, "pur"),
        desk.spoken(visit),
        await visit.now(),
    )
    store = visit.program.stores[found.shown.store]
    if visit.staff.stores is not None and store.id not in visit.staff.stores:
        raise NotFound(OTHERWHERE)
    return found


def cursor_of(at: datetime, purchase: UUID) -> str:
    """Where the next page begins."""
    return base64.urlsafe_b64encode(f"{at.isoformat()} {purchase.hex}".encode()).decode().rstrip("=")


def after_of(cursor: str) -> tuple[datetime, UUID]:
    """Raises InvalidValue for what is no cursor."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, purchase = text.partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(hex=purchase)
    except (binascii.Error, ValueError):
        raise InvalidValue("?cursor", "is not a cursor of this list") from None
