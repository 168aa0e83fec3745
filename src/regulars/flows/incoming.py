"""Reads a purchase that came in: whose it is said to be, where and when it was made, what was bought.

Everything that can be wrong with a receipt by itself, or by the program's register, is told here, before any lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock, ids
from regulars.db.requests import Request
from regulars.errors import (
    CurrencyUnknown,
    Fault,
    Forbidden,
    InvalidValue,
    PurchasedInTheFuture,
    Unprocessable,
    WrongIdKind,
    found_by,
    refuse_together,
)
from regulars.flows import sold_offline
from regulars.flows.known_programs import Known
from regulars.flows.paid_with import card_numbers, taken_out
from regulars.members import dynamic_code, identity, numbers
from regulars.programs.model import Caller, Store
from regulars.promotions import code_text
from regulars.promotions.code_text import Mint, mint_of
from regulars.promotions.model import Basket, Line, Spend
from regulars.purchases import receipt
from regulars.purchases.model import PurchaseRequest
from regulars.purchases.offline.judging import Sold
from regulars.purchases.receipt import ReceiptLine
from regulars.units import Ratio

EARLY_MINUTES_MAX = 10
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""No till's receipt is older; instants near the year 1 cannot be told in every time zone."""


class Key(Struct, frozen=True, gc=False):
    """What the customer is recognised by, normalised: phones and emails only as their blind index."""

    kind: str
    """card, phone, email or member; `none` for an anonymous purchase."""
    number: str | None = None
    digest: bytes | None = None
    member: UUID | None = None


ANONYMOUS = Key("none")


class SentCode(Struct, frozen=True, gc=False):
    """A code as it was presented, and the id under which a unique one is kept."""

    text: str
    id: UUID


class Tender(Struct, frozen=True, gc=False):
    """A gift card that a purchase is to be paid with: where it stands, its code's id, and how it may be shown."""

    place: int
    code: UUID
    shown: str
    amount: int | None
    """Minor units of the base money; None: as much as may be."""
    hold: UUID | None = None
    """Of the hold that is confirmed."""


class Incoming(Struct, frozen=True):
    """A purchase that makes sense by itself."""

    sent: PurchaseRequest
    request: Request | None
    """None for a preview."""
    caller: Caller
    language: str | None
    key: Key
    store: Store
    lines: tuple[ReceiptLine, ...]
    rate: Ratio | None
    """Minor units of base money per minor unit of the purchase's currency; None in base money."""
    late: bool
    """Older than the key's allowance: base earning only."""
    unrecognised: str = ""
    """As sold: why the card or phone that was sent leads to nobody (its code)."""
    imported: bool = False
    """From a file: as late as it may be, it gets the offers of its time."""
    codes: tuple[SentCode, ...] = ()
    tenders: tuple[Tender, ...] = ()
    """Gift cards that it is to be paid with."""
    mint: Mint | None = None
    """For vouchers that are issued with it."""
    proved: bool = False
    """It came with a proof of who spends, which was right."""
    unlocked: bool = False
    """Somewhere this member's spending is locked; not where this purchase is made."""
    instruments: tuple[bytes, ...] = ()
    """What it was paid with: keyed hashes of what the terminal said."""
    offline: Sold | None = None
    """By which device it was made without the line."""
    spendable_max: int | None = None
    """Made without the line: so many points the member pays at the most, the rest the store; None: no such bound."""


def read(
    known: Known,
    secret: bytes,
    caller: Caller,
    sent: PurchaseRequest,
    at: datetime,
    *,
    request: Request | None = None,
    language: str | None = None,
    imported: bool = False,
    rates: dict[str, Ratio] | None = None,
) -> Incoming:
    """A purchase that came in at the instant `at`. Raises Problems of status 422 and 403.

    The store must be known (see `missing_store`); `rates`: the program's rates of exchange at the purchase.
    """
    program = known.program
    sold = None
    if sent.offline is not None:
        sold, sent = sold_offline.read(sent, at)
    lines, key, unrecognised, rate = require_sense(known, secret, sent, at, rates or {})
    if sold is not None:
        sold = sold_offline.with_allowance(known, secret, sent, sold, key.number)
        sent = sold_offline.without_token(sent)
    instruments: tuple[bytes, ...] = ()
    if sent.payments:
        payments, instruments = taken_out(known.vault.index, sent.payments)
        sent = structs.replace(sent, payments=payments)
    late = at - sent.purchased_at > timedelta(days=program.settings.late_days)
    return Incoming(
        sent=sent,
        request=request,
        caller=caller,
        language=language,
        key=key,
        store=program.stores[store_code(caller, known, sent.store)],
        lines=lines,
        rate=rate,
        late=late and not imported,
        unrecognised=unrecognised,
        imported=imported,
        codes=_codes(sent, mint_of(secret, program.id)) if sent.codes else (),
        tenders=_tenders(sent, mint_of(secret, program.id)) if sent.spend else (),
        mint=mint_of(secret, program.id),
        instruments=instruments,
        offline=sold,
    )


def require_sense(
    known: Known, secret: bytes, sent: PurchaseRequest, at: datetime, rates: dict[str, Ratio]
) -> tuple[tuple[ReceiptLine, ...], Key, str, Ratio | None]:
    """What a purchase says, wherever it was made: lines, customer, why nobody is recognised, rate. Raises as `read`.

    All that is wrong with it is told at once.
    """
    program = known.program
    found: list[Unprocessable] = []
    lines = found_by(receipt.lines, sent, among=found)
    rate = rates.get(sent.currency) if sent.currency != program.base_currency else None
    found += _faults(known, sent, at, rate)
    unrecognised = ""
    try:
        key = _key(known, secret, sent)
    except Unprocessable as problem:
        key, unrecognised = ANONYMOUS, problem.code
        if sent.pricing != "as_sold":
            found.append(problem)
    refuse_together(found)
    assert lines is not None, "lines without a fault are read"
    return lines, key, unrecognised, rate


def _faults(known: Known, sent: PurchaseRequest, at: datetime, rate: Ratio | None) -> Iterable[Unprocessable]:
    """What does not fit the program, besides the lines and the customer."""
    program = known.program
    if sent.purchased_at < EARLIEST:
        yield InvalidValue("/purchased_at", f"lies before {EARLIEST.year}")
    if sent.purchased_at > at + timedelta(minutes=EARLY_MINUTES_MAX) and sent.offline is None:
        yield PurchasedInTheFuture()
    if sent.hold_seconds is not None and sent.hold_seconds > program.settings.hold_seconds_max:
        yield InvalidValue("/hold_seconds", "is longer than this program allows")
    if sent.currency != program.base_currency and rate is None:
        yield CurrencyUnknown("/currency", sent.currency)
    yield from card_numbers(sent.payments)
    wrong: list[Unprocessable] = []
    for place, choice in enumerate(sent.choices):
        found_by(ids.read, "prm", choice.promotion, f"/choices/{place}/promotion", among=wrong)
    yield from wrong
    for place, offer in enumerate(sent.offers if sent.pricing != "as_sold" else ()):
        if ids.is_of_another_kind("off", offer):
            yield WrongIdKind("off", offer, f"/offers/{place}")
    for place, spend in enumerate(sent.spend):
        if spend.gift_card is not None:
            if sent.currency != program.base_currency:
                detail = "gift cards pay in the program's base money only"
                yield InvalidValue(f"/spend/{place}/gift_card", detail)
            continue
        currency = program.currencies.get(spend.currency or "")
        if currency is None or currency.kind not in ("points", "money"):
            yield CurrencyUnknown(f"/spend/{place}/currency", spend.currency or "")


def store_code(caller: Caller, known: Known, sent: str | None) -> str:
    """The code of the store that a call is about: the key's own where it has one. Raises Forbidden, Unprocessable."""
    if caller.store is not None:
        own = next((s.code for s in known.program.stores.values() if s.id == caller.store), None)
        if own is None or sent not in (None, own):
            raise Forbidden("This key belongs to another store.")
        return own
    if sent is None:
        raise Unprocessable(
            "/store is required: this key belongs to no store",
            errors=[Fault("/store", "is required", "missing_field")],
        )
    if sent not in known.program.stores:
        raise InvalidValue("/store", f"the program has no store {sent!r}")
    store = known.program.stores[sent]
    if not caller.serves(store):
        raise Forbidden("This key belongs to another partner.")
    return sent


def missing_store(caller: Caller, known: Known, sent: str | None) -> str | None:
    """The code of a store that the program does not know and, by its settings, registers at the first purchase.

    It becomes the operator's: a partner's key registers none.
    """
    if caller.store is not None or caller.partner is not None or sent is None or sent in known.program.stores:
        return None
    return sent if known.program.settings.unknown_stores == "register" else None


def with_store(known: Known, code: str) -> Known:
    """The program as if it had that store already: a preview must not enter it, but has to price something there."""
    program = known.program
    store = Store(UUID(int=0), code, code, program.operator, program.time_zone)
    return structs.replace(known, program=structs.replace(program, stores={**program.stores, code: store}))


def basket(incoming: Incoming, known: Known) -> Basket:
    """The purchase as the engine sees it."""
    sent, store = incoming.sent, incoming.store
    partner = next((p.code for p in known.program.partners.values() if p.id == store.partner), "")
    as_sold = sent.pricing == "as_sold"
    return Basket(
        currency=sent.currency,
        lines=tuple(_line(line) for line in incoming.lines),
        at=sent.purchased_at,
        local=sent.purchased_at.astimezone(clock.zone(store.time_zone)),
        store=store.code,
        store_groups=store.groups,
        partner=partner,
        till=sent.till,
        channel=sent.channel,
        codes=sent.codes,
        offers=tuple([offer for text in sent.offers if (offer := chosen_offer(text)) is not None]),
        payment_methods=tuple(payment.method for payment in sent.payments),
        spend=tuple(
            Spend(spend.currency or "", None if spend.amount == "max" else spend.amount)
            for spend in sent.spend
            if spend.gift_card is None
        ),
        as_sold=as_sold,
        sold_discounts=tuple(line.sent.discount for line in incoming.lines) if as_sold else (),
        to_base=incoming.rate,
        delivery=sent.delivery,
        choices={ids.read("prm", choice.promotion): choice.sku for choice in sent.choices}
        if sent.choices
        else {},
        day=None if store.time_zone == known.program.time_zone else _day(sent, known),
    )


@lru_cache(maxsize=20_000)
def chosen_offer(text: str) -> UUID | None:
    """The promotion that an `off_…` id names; None when it is no such id."""
    try:
        return ids.read("off", text)
    except WrongIdKind:
        return None


def _day(sent: PurchaseRequest, known: Known) -> date:
    """The day of the purchase in the program's time zone."""
    return sent.purchased_at.astimezone(clock.zone(known.program.time_zone)).date()


def _line(line: ReceiptLine) -> Line:
    sent = line.sent
    return Line(
        number=sent.line,
        sku=sent.sku,
        quantity=line.quantity,
        gross=line.gross,
        unit_price=line.unit_price,
        categories=sent.categories,
        tags=sent.tags,
        brand=sent.brand,
        attributes=sent.attributes,
        regular_price=sent.regular_price or 0,
        cost=sent.cost,
        tax_rate=line.tax_rate,
        minimum_price=sent.minimum_price,
        unit=sent.unit,
    )


def _codes(sent: PurchaseRequest, mint: Mint) -> tuple[SentCode, ...]:
    """The codes, each once."""
    codes = [SentCode(text, mint.id_of(text)) for text in sent.codes]
    return tuple({code.id: code for code in codes}.values())


def masked(code: str) -> str:
    """A gift card's code as it may be kept and shown: its last four characters."""
    return f"…{code_text.normalise(code)[-4:]}"


def _tenders(sent: PurchaseRequest, mint: Mint) -> tuple[Tender, ...]:
    """The gift cards among what it is paid with. Raises InvalidValue where one stands twice."""
    found: dict[UUID, Tender] = {}
    for place, spend in enumerate(sent.spend):
        if spend.gift_card is None:
            continue
        code = mint.id_of(spend.gift_card)
        if code in found:
            raise InvalidValue(f"/spend/{place}/gift_card", "stands twice")
        amount = None if spend.amount == "max" else spend.amount
        found[code] = Tender(place, code, masked(spend.gift_card), amount)
    return tuple(found.values())


def _key(known: Known, secret: bytes, sent: PurchaseRequest) -> Key:
    program = known.program
    if sent.card is not None:
        number = dynamic_code.card_in(sent.card)
        return Key("card", number=numbers.check(number, program.settings))
    if sent.phone is not None:
        number = identity.phone(sent.phone, identity.region(program.time_zone, program.languages))
        return Key("phone", digest=identity.of(secret, program.id).digest("phone", number))
    if sent.email is not None:
        address = identity.email(sent.email)
        return Key("email", digest=identity.of(secret, program.id).digest("email", address))
    if sent.member is not None:
        return Key("member", member=ids.read("mem", sent.member, "/member"))
    return ANONYMOUS
