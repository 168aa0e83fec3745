"""Sells prepaid packs of visits, lets a visit be used, and pays back what is left. A pack is a lot of the books."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, structs

from regulars import clock, ids
from regulars.contradictions import refuse
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InsufficientPoints, InvalidValue, NotFound, StateConflict
from regulars.flows import prepaid_receipts, sharing
from regulars.flows.gift_sales import PaidLine, Seller
from regulars.flows.grace import open_pages
from regulars.flows.memberships import Reference, Why
from regulars.flows.named_store import named_store
from regulars.flows.packs_back import left_of
from regulars.flows.prepaid_receipts import LineNumber, ShownId
from regulars.ledger import book
from regulars.members import reading as members
from regulars.members.model import Member
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program, Store
from regulars.rewards import membership_book, pack_book
from regulars.rewards.pack_book import Kind, Pack, Sold
from regulars.rewards.packs import PackDocument, contradictions, worth_left
from regulars.rewards.plans import Code
from regulars.units import Ratio

REFERENCE_MAX = 100
StoreCode = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class NewPack(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/packs`."""

    pack: Code
    reference: Reference | None = None
    """Of the payment, where no receipt of the program has it."""
    store: StoreCode | None = None
    purchase: ShownId | None = None
    """The receipt that paid for it, and its `line`: one piece of the pack's article, which pays for one pack."""
    line: LineNumber | None = None


class NewVisit(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/visits`."""

    currency: Annotated[str, Meta(min_length=2, max_length=16)]
    visits: Annotated[int, Meta(ge=1, le=100)] = 1
    """How many are used at once: she and who comes with her."""
    reason: Why = ""


class PackRefund(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/packs/{id}/refunds`."""

    reason: Why = ""


class PackKindView(Struct, frozen=True):
    """A pack that can be bought, and what is owed on those that were."""

    code: str
    revision: int
    since: datetime
    document: PackDocument
    sold: int
    left: int
    """Visits that were paid for and not used yet."""
    liability: int
    """What those are worth by the price that was paid, minor units of base money."""


class PackKinds(Struct, frozen=True):
    """The packs of a program, by code."""

    items: tuple[PackKindView, ...]
    next: str | None = None


class PackView(Struct, frozen=True):
    """A pack that a member bought."""

    id: str
    member: str
    code: str
    currency: str
    visits: int
    left: int
    price: int
    expires_at: datetime | None
    sold_at: datetime
    refunded: int | None
    """What was paid back, minor units of base money; null: nothing was."""


class Packs(Struct, frozen=True):
    """The packs of a member, the latest first."""

    items: tuple[PackView, ...]
    next: str | None = None


class VisitUsed(Struct, frozen=True):
    """Visits that were used."""

    posting: str
    currency: str
    used: int
    left: int


async def list_kinds(database: Database, program: UUID, at: datetime) -> PackKinds:
    """`GET /v1/packs`."""
    async with database.transaction(program) as tx:
        kinds = await pack_book.kinds(tx, program)
        owed = {one.code: one for one in await pack_book.liability(tx, program, at)}
    return PackKinds(tuple(_kind_view(kind, owed.get(kind.code)) for kind in kinds))


async def packs_on_sale(database: Database, program: UUID) -> tuple[Kind, ...]:
    """The packs that tills sell by an article, by code."""
    async with database.transaction(program) as tx:
        kinds = await pack_book.kinds(tx, program)
    return tuple(one for one in kinds if one.document.sku is not None and not one.document.stopped)


async def put_kind(
    database: Database, program: UUID, code: str, document: PackDocument, by: str, at: datetime
) -> PackKindView:
    """The pack as changed; the same document again changes nothing. Raises Contradiction."""

    async def work(tx: Transaction) -> PackKindView:
        await registry.current(
            tx, program
        )  # locks it: two changes at once are two revisions, one after the other
        of = await reading.load(tx, program)
        kinds = {currency.code: currency.kind for currency in of.currencies.values()}
        sold = await pack_book.kinds(tx, program)
        others = {one.document.sku for one in sold if one.code != code and not one.document.stopped}
        others |= {one.document.sku for one in await membership_book.plans(tx, program)}
        taken = {sku for sku in (*of.settings.gift_card_skus, *others) if sku is not None}
        refuse(contradictions(document, of.languages[0], kinds, taken))
        before = {one.code: one for one in sold}.get(code)
        owed = {one.code: one for one in await pack_book.liability(tx, program, at)}
        if before is not None and before.document == document:
            return _kind_view(before, owed.get(code))
        revision = await pack_book.add_kind(tx, program, code, document, at, by)
        was = None if before is None else msgspec.to_builtins(before.document)
        await trail.record(tx, program, Change("pack.changed", code, was, msgspec.to_builtins(document)), at)
        since = before.since if before else at
        return _kind_view(Kind(code, revision, since, document), owed.get(code))

    return await database.run(program, work)


async def sell_pack(
    database: Database,
    program: Program,
    request: Request,
    by: str,
    member: UUID,
    new: NewPack,
    seller: Seller | None = None,
) -> Answer:
    """201 with the pack. `seller`: whose key asks, where the line of a receipt may pay.

    Raises NotFound, InvalidValue; StateConflict where the receipt was not paid, or its line paid for a pack before.
    """
    paid = prepaid_receipts.paid_by(new.reference, new.purchase, new.line)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        at, place = request.at, named_store(program, seller.caller if seller is not None else None, new.store)
        kind = {one.code: one for one in await pack_book.kinds(tx, program.id)}.get(new.pack)
        if kind is None or kind.document.stopped:
            raise InvalidValue("/pack", "there is no such pack on sale")
        line = None
        if paid is not None:
            line = await prepaid_receipts.line_for(tx, seller, program.id, paid, kind.document.sku, at)
        else:
            prepaid_receipts.require_receipt(seller, kind.document.sku)
            if new.reference is None:
                raise InvalidValue("/reference", "of the payment is needed, or the line that paid")
        found = await sharing.locked_member(tx, program, member)
        pack = _sold(found, kind, place, new, line, by, at)
        if line is not None and paid is not None:
            await prepaid_receipts.note_sale(tx, program.id, found, paid, line, "pack", pack.id, at)
        shown = await _enter(tx, program, pack, kind.document.valid_days)
        await trail.record(tx, program.id, Change("pack.sold", shown.member, after=shown), at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(shown))

    return await database.run(program.id, work)


def _sold(
    member: Member,
    kind: Kind,
    place: Store | None,
    new: NewPack,
    line: PaidLine | None,
    by: str,
    at: datetime,
) -> Pack:
    """The pack at the price that was paid for it; its lot is not there yet."""
    store = place.id if place is not None else None
    price, reference = kind.document.price, new.reference or ""
    if line is not None:
        receipt = line.opened.purchase
        price, reference, store = line.worth, receipt.request[:REFERENCE_MAX], receipt.store
    identifier = ids.new(ids.home(member.pool))
    return Pack(
        identifier, member.id, member.pool, kind.code, kind.revision, kind.document.currency,
        kind.document.visits, price, identifier, reference, store, at, by,
    )  # fmt: skip


async def _enter(tx: Transaction, program: Program, pack: Pack, valid_days: int) -> PackView:
    """Put its visits into the books, to the end of so many days, and enter it. Its pool is locked."""
    at = pack.sold_at
    last = at.astimezone(clock.zone(program.time_zone)).date() + timedelta(days=valid_days)
    expires_at = clock.midnight(last + timedelta(days=1), program.time_zone)
    page = (await open_pages(tx, program, [pack.pool]))[pack.pool]
    page.begin(
        "bonus", effective_at=at, recorded_at=at, actor=pack.sold_by, related=pack.id, reason=pack.reference
    )
    lot = page.earn(
        pack.currency, pack.visits, earned_at=at, active_at=at, expires_at=expires_at,
        issuer=program.operator, funder=program.operator, unit_cost=Ratio(pack.price, pack.visits),
    )  # fmt: skip
    await book.write(tx, program.id, [page])
    entered = structs.replace(pack, lot=lot)
    await pack_book.sell(tx, program.id, entered)
    return view(Sold(entered, pack.visits, expires_at, None))


async def use_visit(
    database: Database, program: Program, request: Request, by: str, member: UUID, new: NewVisit
) -> Answer:
    """201: so many visits are used, of the packs that end first. Raises NotFound, InvalidValue, InsufficientPoints."""
    currency = program.currencies.get(new.currency)
    if currency is None or currency.kind != "visits":
        raise InvalidValue("/currency", "is none of visits")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        found = await sharing.locked_member(tx, program, member)
        page, at = (await open_pages(tx, program, [found.pool]))[found.pool], request.at
        if new.visits > page.available(currency.code, at):
            raise InsufficientPoints
        posting = page.begin("redemption", effective_at=at, recorded_at=at, actor=by, reason=new.reason)
        page.spend(currency.code, new.visits, at)
        await book.write(tx, program.id, [page])
        left = page.available(currency.code, at)
        used = VisitUsed(ids.show("pst", posting), currency.code, new.visits, left)
        await trail.record(tx, program.id, Change("visit.used", ids.show("mem", found.id), after=used), at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(used))

    return await database.run(program.id, work)


async def refund_pack(
    database: Database, program: Program, request: Request, by: str, pack: UUID, new: PackRefund
) -> Answer:
    """200 with the pack: what is left of it is gone, and paid back by its share of the price, rounded half up.

    Raises NotFound, and StateConflict where nothing is left, or it was paid back before.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        one = await pack_book.find(tx, program.id, pack)
        if one is None:
            raise NotFound("There is no such pack.")
        hers, at = await sharing.locked_member(tx, program, one.member, one.pool, erased=True), request.at
        pages = await open_pages(tx, program, sorted({one.pool, hers.pool}))
        found = await left_of(tx, program.id, pages.values(), one, at)
        if found is None or not found.visits:
            raise StateConflict("Nothing is left of this pack.")
        page, left = found.page, found.visits
        expires_at = page.lot(found.lots[0]).expires_at
        amount = worth_left(one.price, one.visits, left)
        if not await pack_book.refund(tx, program.id, one.id, left, amount, new.reason, at, by):
            raise StateConflict("This pack was paid back before.")
        page.begin(
            "cancellation", effective_at=at, recorded_at=at, actor=by, related=one.id, reason=new.reason
        )
        page.take_back(one.currency, left, found.lots, "only_pending", at)
        await book.write(tx, program.id, [page])
        shown = view(Sold(one, 0, expires_at, amount))
        told = Change("pack.refunded", shown.member, after=shown, why=new.reason)
        await trail.record(tx, program.id, told, at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(shown))

    return await database.run(program.id, work)


async def packs_of(database: Database, program: UUID, member: UUID, at: datetime) -> Packs:
    """`GET /v1/members/{id}/packs`. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await members.member(tx, program, member)
        if found is None:
            raise NotFound("There is no such member.")
        everybody = [found.id, *await members.alias_ids(tx, program, found.id)]
        return Packs(tuple(view(one) for one in await pack_book.of(tx, program, everybody, at)))


def _kind_view(kind: Kind, owed: pack_book.Liability | None) -> PackKindView:
    sums = (owed.sold, owed.left, owed.worth) if owed is not None else (0, 0, 0)
    return PackKindView(kind.code, kind.revision, kind.since, kind.document, *sums)


def view(sold: Sold) -> PackView:
    """A pack as it is answered."""
    one = sold.pack
    return PackView(
        ids.show("pck", one.id), ids.show("mem", one.member), one.code, one.currency, one.visits, sold.left,
        one.price, sold.expires_at, one.sold_at, sold.refunded,
    )  # fmt: skip
