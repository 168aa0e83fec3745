"""Makes a basket and a customer out of what somebody types, so that a promotion can be tried on them. Writes nothing.

What the assortment knows of a product need not be typed. The customer is a member as she stands, or a made-up one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct, structs

from regulars import clock, ids
from regulars.assortment import reading as shelves
from regulars.assortment.model import Product
from regulars.db.pool import Database, Transaction
from regulars.errors import CurrencyUnknown, InvalidValue, NotFound, Unprocessable
from regulars.flows import incoming
from regulars.flows.customers_then import customers_then
from regulars.flows.grace import open_pages
from regulars.flows.incoming import ANONYMOUS, EARLIEST, Incoming
from regulars.flows.known_programs import Known
from regulars.programs import reading as programs
from regulars.programs.model import Caller, Store
from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Standing
from regulars.promotions.reads import Needs
from regulars.purchases import receipt
from regulars.purchases.model import (
    Amount,
    Choice,
    Code,
    CurrencyCode,
    DecimalString,
    LongText,
    PurchaseLine,
    PurchaseRequest,
    Text,
    WholeNumber,
)
from regulars.purchases.receipt import ReceiptLine
from regulars.units import Ratio

LINES_MAX = 200
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""Instants near the end of the calendar cannot be told in every time zone."""
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Names = Annotated[tuple[Name, ...], Meta(max_length=100)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class TriedLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Goods in a basket: what is left out is as the assortment has it."""

    sku: Code
    quantity: DecimalString = "1"
    unit_price: Amount | None = None
    name: LongText | None = None
    categories: Annotated[tuple[Text, ...], Meta(max_length=20)] | None = None
    tags: Annotated[tuple[Text, ...], Meta(max_length=50)] | None = None
    brand: LongText | None = None
    unit: Annotated[str, Meta(max_length=20)] | None = None
    tax_rate: DecimalString | None = None
    cost: Amount | None = None
    regular_price: Amount | None = None
    minimum_price: Amount | None = None
    attributes: Annotated[dict[Text, LongText | WholeNumber | bool], Meta(max_length=50)] = {}


class TriedPurchase(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A basket that one can edit."""

    lines: Annotated[tuple[TriedLine, ...], Meta(min_length=1, max_length=LINES_MAX)]
    store: Code | None = None
    """None: the first of the program."""
    currency: CurrencyCode | None = None
    """None: the base money."""
    channel: Annotated[str, Meta(max_length=40)] = ""
    till: Annotated[str, Meta(max_length=64)] = ""
    codes: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    payment_methods: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    delivery: Amount = 0
    offers: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    """Promotions that are chosen at the till: `prm_…` or `off_…`; the one that is tried counts as chosen."""
    choices: Annotated[tuple[Choice, ...], Meta(max_length=20)] = ()


class MadeUp(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A member who does not exist. Every window of turnover and visits has the same figure."""

    tiers: Annotated[dict[Name, Name], Meta(max_length=20)] = {}
    turnover: Amount = 0
    visits: Count = 0
    purchases: Count = 0
    days_since: Count | None = None
    language: Annotated[str, Meta(max_length=10)] = ""
    account: Annotated[str, Meta(max_length=20)] = "person"
    birthday: bool = False
    """Whether it is her birthday."""
    age: Annotated[int, Meta(ge=0, le=150)] | None = None
    member_days: Annotated[int, Meta(ge=0, le=36_600)] = 0
    clubs: Names = ()
    audiences: Names = ()
    consents: Names = ()
    """As `email/marketing`."""
    code_batches: Names = ()
    """Of which she presents a free code."""
    points: Annotated[dict[Name, Amount], Meta(max_length=20)] = {}
    """What she may spend, by currency."""
    activated: bool = True
    """Whether she activated every offer that asks for it."""


class Sketch(Struct, frozen=True):
    """A basket and whose it is, ready to be decided."""

    basket: Basket
    standing: Standing
    names: dict[int, str]
    """What the goods are called, by line."""


async def sketch_basket(
    database: Database,
    known: Known,
    tried: TriedPurchase,
    live: Live,
    needs: Needs,
    at: datetime,
    *,
    member: UUID | None = None,
    made_up: MadeUp | None = None,
    chosen: UUID | None = None,
) -> Sketch:
    """The basket as at the instant `at`; `live` and `needs`: what will be decided with it, `chosen`: a promotion that
    the customer chose. Raises InvalidValue, CurrencyUnknown, NotFound.
    """
    if not EARLIEST <= at < LATEST:
        raise InvalidValue("/at", f"An instant from {EARLIEST.year} on and before {LATEST.year} is needed")
    if member is not None and made_up is not None:
        raise InvalidValue("/customer", "Either a member or a made-up customer may be given")
    store, place = _store(known, tried)
    async with database.transaction(known.program.id) as tx:
        products = await shelves.by_skus(tx, known.program.id, [line.sku for line in tried.lines])
        rate = await _rate(tx, known, tried, at)
        standing = Standing()
        if member is not None:
            standing = await _member(tx, known, member, needs, at)
        elif made_up is not None:
            standing = _made_up(made_up, live, needs, at.astimezone(clock.zone(place)).date())
    request = _request(known, tried, products, store, at)
    program = known.program
    was = Incoming(
        sent=request,
        request=None,
        caller=Caller(program.id, program.id, frozenset()),
        language=None,
        key=ANONYMOUS,
        store=store,
        lines=_lines(request),
        rate=rate,
        late=False,
    )
    basket = incoming.basket(was, known)
    methods = tried.payment_methods
    if chosen is not None:
        basket = structs.replace(basket, offers=(*basket.offers, chosen))
    names = {line.line: line.name for line in request.lines if line.name}
    return Sketch(structs.replace(basket, payment_methods=methods), standing, names)


def _lines(request: PurchaseRequest) -> tuple[ReceiptLine, ...]:
    """The lines as a receipt has them. Raises Unprocessable with the fields of the call."""
    try:
        return receipt.lines(request, anonymous_may_spend=True)
    except Unprocessable as problem:
        faults = [structs.replace(fault, pointer=f"/purchase{fault.pointer}") for fault in problem.errors]
        raise Unprocessable(problem.detail, errors=faults) from None


def _store(known: Known, tried: TriedPurchase) -> tuple[Store, str]:
    """The store, and its time zone. Raises InvalidValue."""
    program = known.program
    if tried.store is None:
        first = next(iter(program.stores.values()), None)
        found = first or Store(UUID(int=0), "", "", program.operator, program.time_zone)
        return found, found.time_zone
    if tried.store not in program.stores:
        raise InvalidValue("/purchase/store", f"the program has no store {tried.store!r}")
    return program.stores[tried.store], program.stores[tried.store].time_zone


async def _rate(tx: Transaction, known: Known, tried: TriedPurchase, at: datetime) -> Ratio | None:
    currency = tried.currency or known.program.base_currency
    if currency == known.program.base_currency:
        return None
    rate = await programs.rate_at(tx, known.program.id, currency, at)
    if rate is None:
        raise CurrencyUnknown("/purchase/currency", currency)
    return rate


def _request(
    known: Known, tried: TriedPurchase, products: dict[str, Product], store: Store, at: datetime
) -> PurchaseRequest:
    for place, choice in enumerate(tried.choices):
        ids.read("prm", choice.promotion, f"/purchase/choices/{place}/promotion")
    return PurchaseRequest(
        id="tried",
        purchased_at=at,
        currency=tried.currency or known.program.base_currency,
        lines=tuple(_line(n, line, products.get(line.sku)) for n, line in enumerate(tried.lines)),
        store=store.code or None,
        till=tried.till,
        codes=tried.codes,
        offers=tuple(_offer(text, place) for place, text in enumerate(tried.offers)),
        channel=tried.channel,
        delivery=tried.delivery,
        choices=tried.choices,
    )


def _offer(text: str, place: int) -> str:
    """An offer as tills name it."""
    if text.startswith("off_"):
        return text
    return ids.show("off", ids.read("prm", text, f"/purchase/offers/{place}"))


def _line(place: int, line: TriedLine, product: Product | None) -> PurchaseLine:
    """A line of a receipt. Raises InvalidValue where neither the line nor the assortment has a price."""
    price = line.unit_price if line.unit_price is not None else product.price if product else None
    if price is None:
        where = f"/purchase/lines/{place}/unit_price"
        raise InvalidValue(where, "is needed: the assortment does not know this product")

    def known(typed: Any, shelf: Any, otherwise: Any) -> Any:
        return typed if typed is not None else shelf if product is not None else otherwise

    return PurchaseLine(
        line=place + 1,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=price,
        name=known(line.name, product and product.name, ""),
        categories=known(line.categories, product and product.categories, ()),
        tags=known(line.tags, product and product.tags, ()),
        brand=known(line.brand, product and product.brand, ""),
        unit=known(line.unit, product and product.unit, ""),
        tax_rate=known(line.tax_rate, product and product.tax_rate, "0"),
        cost=known(line.cost, product and product.cost, None),
        regular_price=line.regular_price,
        minimum_price=line.minimum_price,
        attributes=line.attributes,
    )


async def _member(tx: Transaction, known: Known, member: UUID, needs: Needs, at: datetime) -> Standing:
    """A member as she stands, with all that she could spend. Raises NotFound."""
    then = (await customers_then(tx, known, needs, [(member, at)])).get(0)
    if then is None:
        raise NotFound("There is no such member in this program.")
    customer = then.customer
    page = (await open_pages(tx, known.program, [customer.pool]))[customer.pool]
    available = {code: page.available(code, at) for code in known.program.currencies}
    return Standing(member=True, may_spend=customer.role != "earner", available=available, **then.fields)


def _made_up(who: MadeUp, live: Live, needs: Needs, day: date) -> Standing:
    visits = {f"days_{days}": who.visits for days in needs.visits}
    visits |= {one.key: min(who.visits, one.visits) for one in needs.streaks}
    return Standing(
        member=True,
        purchases=who.purchases,
        available=who.points,
        tiers=who.tiers,
        turnover={window.key: who.turnover for window in needs.turnover},
        visits=visits | {f"days_{days}_distinct": min(who.visits, days) for days in needs.visits},
        days_since=who.days_since,
        language=who.language,
        account=who.account,
        enrolled=day - timedelta(days=min(who.member_days, day.toordinal() - 1)),
        birthday={f"{one.before}/{one.after}": who.birthday for one in needs.birthdays},
        of_age={} if who.age is None else {str(years): who.age >= years for years in needs.ages},
        consents=frozenset(who.consents),
        audiences=frozenset(who.audiences),
        clubs=frozenset(who.clubs),
        offers=live.offers if who.activated else frozenset(),
        codes=frozenset(who.code_batches),
    )
