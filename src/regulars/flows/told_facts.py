"""Reads facts of a range of transactions as events: purchases, returns, postings, consents, vouchers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all
from regulars.programs.event_data import (
    ConsentData,
    PointsData,
    PurchaseData,
    ReturnData,
    VoidedData,
    VoucherData,
)
from regulars.programs.events import POINTS_TYPES, Event, event_id
from regulars.programs.model import Program
from regulars.purchases import documents

SQL = queries.load("regulars.flows", "tell_events.sql")
VOUCHERS = ("voucher.issued", "voucher.redeemed")


class Span(Struct, frozen=True):
    """The transactions from one number to another, the latter not among them."""

    program: UUID
    start: int
    until: int
    sealed: int
    """Facts in blocks up to this one were told before the database was restored."""
    empty: bool = False


class Places(Struct, frozen=True):
    """What stores and partners are called, and whose each store is."""

    stores: dict[UUID, str]
    partners: dict[UUID, str]
    partner_of: dict[UUID, UUID]

    @classmethod
    def of(cls, program: Program) -> Places:
        """Those of a program."""
        return cls(
            {store.id: code for code, store in program.stores.items()},
            {partner.id: code for code, partner in program.partners.items()},
            {store.id: store.partner for store in program.stores.values()},
        )

    def store(self, store: UUID) -> str:
        """Its code; its id where it was taken out of the register."""
        return self.stores.get(store) or ids.show("sto", store)

    def partner(self, partner: UUID) -> str:
        """Its code; its id where it was taken out of the register."""
        return self.partners.get(partner) or ids.show("par", partner)


class _Place(NamedTuple):
    """Of whom and where a purchase was."""

    member: UUID | None
    store: UUID
    partner: UUID


async def read(tx: Transaction, places: Places, span: Span, *, vouchers: bool) -> list[Event]:
    """The facts as events, in no order. `vouchers`: codes too, which take a look into each purchase."""
    asked = {"program": span.program, "from": span.start, "until": span.until, "sealed": span.sealed}
    found = await _purchases(tx, asked, places, vouchers=vouchers)
    found += [_voided(row, places) for row in await fetch_all(tx, SQL.voidings, asked)]
    found += [_returned(row, places) for row in await fetch_all(tx, SQL.returns, asked)]
    found += await _postings(tx, asked)
    found += [_consent(row) for row in await fetch_all(tx, SQL.consents, asked)]
    return found


async def _purchases(
    tx: Transaction, asked: dict[str, Any], places: Places, *, vouchers: bool
) -> list[Event]:
    wide = {**asked, "documents": vouchers}
    found: list[Event] = []
    good: dict[UUID, Event] = {}
    issued: list[Event] = []
    for xid, purchase, member, card, *place, held, at, recorded_at, currency, gross, discount, with_points, payable, \
            earned, spent, document in await fetch_all(tx, SQL.purchases, wide):  # fmt: skip
        amounts = (currency, gross, discount, with_points, payable, earned, spent)
        kind = "purchase.held" if held else "purchase.recorded"
        event = _purchase(kind, xid, purchase, member, card, place, at, recorded_at, amounts, places)
        found.append(event)
        if not held:
            good[purchase] = event
            issued += _issued(event, purchase, document)
    for xid, purchase, member, card, *place, at, recorded_at, currency, gross, discount, with_points, payable, \
            earned, spent, document in await fetch_all(tx, SQL.confirmations, wide):  # fmt: skip
        amounts = (currency, gross, discount, with_points, payable, earned, spent)
        event = _purchase(
            "purchase.confirmed", xid, purchase, member, card, place, at, recorded_at, amounts, places
        )
        found.append(event)
        good[purchase] = event
        issued += _issued(event, purchase, document)
    redeemed = await _redeemed(tx, asked["program"], good) if vouchers and good else []
    return [*found, *issued, *redeemed]


def _purchase(
    kind: str,
    xid: int,
    purchase: UUID,
    member: UUID | None,
    card: UUID | None,
    place: list[Any],
    purchased_at: datetime,
    recorded_at: datetime,
    amounts: tuple[Any, ...],
    places: Places,
) -> Event:
    store, partner, till, receipt_number = place
    shown = ids.show("pur", purchase)
    where = (places.store(store), places.partner(partner), till, receipt_number)
    data = PurchaseData(shown, ids.show("crd", card) if card else None, *where, purchased_at, *amounts)
    return _event(kind, xid, purchase, member or purchase, member, recorded_at, data, store, partner)


def _issued(event: Event, purchase: UUID, document: bytes | None) -> list[Event]:
    if document is None:
        return []
    return [
        _voucher("voucher.issued", event, purchase, code.id, voucher.batch)
        for voucher in documents.unpack(document).vouchers
        for code in voucher.codes
    ]


async def _redeemed(tx: Transaction, program: UUID, good: dict[UUID, Event]) -> list[Event]:
    rows = await fetch_all(tx, SQL.codes_used, _named(program, good))
    return [
        _voucher("voucher.redeemed", good[purchase], purchase, code, batch) for purchase, batch, code in rows
    ]


def _voucher(kind: str, of: Event, purchase: UUID, code: UUID, batch: UUID) -> Event:
    data = VoucherData(ids.show("vch", code), ids.show("cbt", batch), ids.show("pur", purchase))
    return Event(
        event_id(purchase, kind, data.voucher, subject=of.subject),
        kind,
        of.subject,
        of.member,
        of.occurred_at,
        msgspec.json.encode(data),
        of.xid,
        of.store,
        of.partner,
    )


def _voided(row: Iterable[Any], places: Places) -> Event:
    xid, purchase, member, store, partner, purchased_at, voided_at = row
    data = VoidedData(ids.show("pur", purchase), places.store(store), places.partner(partner), purchased_at)
    return _event(
        "purchase.voided", xid, purchase, member or purchase, member, voided_at, data, store, partner
    )


def _returned(row: Iterable[Any], places: Places) -> Event:
    xid, returned, purchase, member, store, partner, returned_at, recorded_at, *amounts = row
    money_back, discount_back, points_back, points_taken = amounts
    data = ReturnData(
        ret=ids.show("ret", returned),
        purchase=ids.show("pur", purchase),
        store=places.store(store),
        partner=places.partner(partner),
        returned_at=returned_at,
        money_back=money_back,
        discount_back=discount_back,
        points_back=points_back,
        points_taken=points_taken,
    )
    return _event(
        "return.recorded", xid, returned, member or purchase, member, recorded_at, data, store, partner
    )


async def _postings(tx: Transaction, asked: dict[str, Any]) -> list[Event]:
    rows = await fetch_all(tx, SQL.postings, asked)
    purchases = {row[3] for row in rows if row[3] is not None}
    places = {
        purchase: _Place(*place)
        for purchase, *place in await fetch_all(tx, SQL.purchases_named, _named(asked["program"], purchases))
    }
    told: dict[tuple[UUID, str, str], list[Any]] = {}
    for row in rows:  # a posting may come back to a currency: one event for each, not for each run of entries
        told.setdefault((row[1], row[8], _points_type(row)), []).append(row)
    return [event for entries in told.values() for event in _points(entries, places)]


def _points_type(row: Any) -> str:
    kind, source, target = row[2], row[9], row[10]
    if kind == "purchase":
        return "points.spent" if (source, target) == ("points", "redeemed") else "points.earned"
    return POINTS_TYPES.get(kind, "points.adjusted")


def _points(entries: list[Any], places: dict[UUID, _Place]) -> list[Event]:
    """The one event of a posting's entries in one currency; none where its points and debt stay."""
    xid, posting, kind, purchase, pool, pool_kind, effective_at, recorded_at, currency, *_, owner = entries[0]
    points = debt = 0
    for entry in entries:
        _, _, _, _, _, _, _, _, _, source, target, amount, *_ = entry
        points += amount * ((target == "points") - (source == "points"))
        debt += amount * ((source == "debt") - (target == "debt"))
    if points == debt == 0:
        return []
    place = places.get(purchase)
    member = place.member if place is not None else owner
    came_in = next((entry for entry in entries if entry[12] is not None), None)
    told = _points_type(entries[0])
    data = PointsData(
        posting=ids.show("pst", posting),
        kind=kind,
        currency=currency,
        amount=points,
        debt=debt,
        effective_at=effective_at,
        purchase=ids.show("pur", purchase) if purchase else None,
        account=ids.show("acc", pool) if pool_kind in ("household", "company") else None,
        active_at=came_in[12] if came_in else None,
        expires_at=came_in[13] if came_in else None,
    )
    where = (place.store, place.partner) if place is not None else (None, None)
    subject = member or purchase or pool
    identifier = event_id(posting, told, currency, subject=subject)
    encoded = msgspec.json.encode(data)
    return [Event(identifier, told, subject, member, recorded_at, encoded, xid, *where)]


def _consent(row: Iterable[Any]) -> Event:
    xid, consent, member, channel, purpose, granted, pending, at, confirmed = row
    data = ConsentData(ids.show("cns", consent), channel, purpose, granted, pending)
    return _event(
        "consent.confirmed" if confirmed else "consent.recorded", xid, consent, member, member, at, data
    )


def _event(
    kind: str,
    xid: int,
    fact: UUID,
    subject: UUID,
    member: UUID | None,
    at: datetime,
    data: Struct,
    store: UUID | None = None,
    partner: UUID | None = None,
) -> Event:
    identifier = event_id(fact, kind, subject=subject)
    return Event(identifier, kind, subject, member, at, msgspec.json.encode(data), xid, store, partner)


def _named(program: UUID, purchases: Iterable[UUID]) -> dict[str, Any]:
    wanted = list(purchases)
    return {
        "program": program,
        "homes": arrays.int2s([ids.home(purchase) for purchase in wanted]),
        "ids": arrays.uuids(wanted),
    }
