"""Sells gift cards, puts money on them, finds, blocks and renews them; each in one transaction.

A card's code is made from the installation's secret, the card and a number, and kept nowhere: a table that is stolen
holds nothing that could be paid with, and whoever may see a code can be shown it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, structs

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import gift_sales, gift_terms
from regulars.flows.gift_sales import Seller
from regulars.flows.gift_tender import Card, Cards, currency_of, found_cards
from regulars.flows.grace import open_pages
from regulars.flows.incoming import Incoming, masked
from regulars.flows.known_programs import Known
from regulars.flows.open_purchase import Opened
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.promotions import code_text
from regulars.purchases.model import Code, DecimalString, LongText
from regulars.rewards import gift_cards
from regulars.rewards.gift_cards import GiftCard, Purpose
from regulars.units import AMOUNT_MAX, Ratio

PATTERN = "####-####-####-####"
"""78 bits: nobody guesses one."""
Money = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
ShownId = Annotated[str, Meta(max_length=64)]
LineNumber = Annotated[int, Meta(ge=1, le=100_000)]


class NewGiftCard(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/gift-cards`: a card that was sold, and what is on it."""

    amount: Money
    """Minor units of the base money."""
    purpose: Purpose | None = None
    """For tax: `single` where the goods' rate is certain, so that tax is due now; `multi`: when it is paid with.

    Left out with the `tax_rate`: as the setting `gift_cards.tax_percent` says.
    """
    tax_rate: DecimalString | None = None
    """Of a single-purpose card; it pays for goods of this rate only."""
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    """Until when this money may be spent; left out: as long as the setting `gift_cards.valid_days` says."""
    reason: LongText = ""
    purchase: ShownId | None = None
    """The receipt that paid for it; a till's key has to say."""
    line: LineNumber | None = None
    """Its line: one gift card, which pays for one card's money once."""


class TopUp(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/gift-cards/top-up`."""

    code: Code
    amount: Money
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    """Until when this money may be spent; left out: as long as the setting `gift_cards.valid_days` says."""
    purchase: ShownId | None = None
    """The receipt that paid for it; a till's key has to say."""
    line: LineNumber | None = None


class Presenting(Struct, frozen=True, forbid_unknown_fields=True):
    """A gift card by its code, which never stands in an address."""

    code: Code
    store: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    till: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    cashier: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    """Where and by whom it is looked at: unknown codes are counted there."""


class GiftCardNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A gift card by its code or, when that was lost with it, by its id; and why."""

    code: Code | None = None
    gift_card: Annotated[str, Meta(max_length=64)] | None = None
    reason: LongText = ""


class ExpiringMoney(Struct, frozen=True):
    """What can be spent until an instant only."""

    amount: int
    at: datetime


class GiftCardView(Struct, frozen=True):
    """A gift card, and what is on it in minor units of the base money."""

    id: str
    shown: str
    """The end of its code."""
    serial: int
    """How often it got another code."""
    status: Literal["active", "blocked", "empty"]
    currency: str
    available: int
    held: int
    purpose: Purpose
    tax_rate: str | None
    issued_at: datetime
    expiring: tuple[ExpiringMoney, ...]
    code: str | UnsetType = UNSET
    """Only in the answer of the call that made it."""


async def issue_gift_card(
    database: Database, known: Known, request: Request, seller: Seller, new: NewGiftCard
) -> Answer:
    """201 with the card and its code.

    Raises InvalidValue, NotFound; StateConflict where the receipt was not paid; GiftCardSold where its line paid for
    another card.
    """
    program = known.program
    paid = gift_sales.paid_with(seller, new.purchase, new.line)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return _with_code(known, first)
        _require_room(program, new.amount)
        purpose, rate = gift_terms.tax(program, new.purpose, new.tax_rate)
        until = gift_terms.until(program, new.expires_at, request.at)
        identifier, partner = ids.new(), seller.caller.partner or program.operator
        if paid is not None:
            receipt = await gift_sales.receipt_of(tx, seller, program.id, paid, new.amount, request.at)
            await gift_sales.note(tx, program.id, paid, identifier, new.amount, request.at)
            partner = receipt.partner
        card = GiftCard(identifier, 0, purpose, rate, partner, request.at, None)
        await book.open_pools(tx, program.id, [identifier], [ids.home(identifier)], "gift_card", request.at)
        code = code_of(known, card)
        await gift_cards.issue(tx, program.id, card, _mint(known).id_of(code))
        page = Page(identifier, ids.home(identifier))
        _load(page, program, card, new.amount, until, request.at, seller.caller.by, new.reason)
        await book.write(tx, program.id, [page])
        view = gift_card_view(program, card, page, masked(code), request.at)
        await trail.record(
            tx, program.id, Change("gift_card.issued", view.id, after=view, why=new.reason), request.at
        )
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(view))
        return _with_code(known, kept)

    return await database.run(program.id, work)


async def top_up_gift_card(
    database: Database, known: Known, request: Request, seller: Seller, new: TopUp
) -> Answer:
    """200 with the card as it stands then. Raises NotFound, StateConflict, InvalidValue, GiftCardSold."""
    paid = gift_sales.paid_with(seller, new.purchase, new.line)

    async def change(tx: Transaction, card: GiftCard, page: Page) -> Change:
        program = known.program
        until = gift_terms.until(program, new.expires_at, request.at)
        if card.blocked_at is not None:
            raise StateConflict("This gift card is blocked.")
        if paid is not None:
            await gift_sales.receipt_of(tx, seller, program.id, paid, new.amount, request.at)
            await gift_sales.note(tx, program.id, paid, card.id, new.amount, request.at)
        currency = currency_of(program.base_currency)
        _require_room(program, page.available(currency, request.at) + new.amount)
        _load(page, program, card, new.amount, until, request.at, seller.caller.by, "")
        await book.write(tx, program.id, [page])
        return Change("gift_card.topped_up", ids.show("gft", card.id), after={"amount": new.amount})

    return await _change(database, known, request, GiftCardNamed(new.code), change)


async def block_gift_card(
    database: Database, known: Known, request: Request, named: GiftCardNamed, *, blocked: bool
) -> Answer:
    """200 with the card; done again it changes nothing. Raises NotFound, InvalidValue."""

    async def change(tx: Transaction, card: GiftCard, page: Page) -> Change | None:
        program, shown = known.program.id, ids.show("gft", card.id)
        if blocked:
            done = await gift_cards.block(tx, program, card.id, request.at)
            return Change("gift_card.blocked", shown, why=named.reason) if done else None
        done = await gift_cards.unblock(tx, program, card.id)
        return Change("gift_card.unblocked", shown, why=named.reason) if done else None

    return await _change(database, known, request, named, change)


async def renew_gift_card(database: Database, known: Known, request: Request, named: GiftCardNamed) -> Answer:
    """200 with the card and another code; the one of before is good for nothing. Raises NotFound, InvalidValue."""

    async def change(tx: Transaction, card: GiftCard, page: Page) -> Change:
        serial = await gift_cards.next_serial(tx, known.program.id, card.id)
        code = code_of(known, structs.replace(card, serial=serial))
        await gift_cards.keep_code(tx, known.program.id, card.id, serial, _mint(known).id_of(code))
        return Change("gift_card.renewed", ids.show("gft", card.id), why=named.reason)

    return _with_code(known, await _change(database, known, request, named, change))


async def find_gift_card(database: Database, known: Known, code: str, at: datetime) -> GiftCardView:
    """The card of a code. Raises NotFound: there is none, or it got another code."""
    async with database.transaction(known.program.id) as tx:
        card = await named_gift_card(tx, known, GiftCardNamed(code))
        return await _read(tx, known, card, at)


async def read_gift_card(database: Database, known: Known, identifier: UUID, at: datetime) -> GiftCardView:
    """A card by its id. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        card = await gift_cards.find(tx, known.program.id, identifier)
        if card is None:
            raise no_such_card()
        return await _read(tx, known, card, at)


async def presented_cards(database: Database, known: Known, incoming: Incoming) -> Cards:
    """The cards that a purchase names, as they stand now; for a preview, so without a lock."""
    program = known.program
    async with database.transaction(program.id) as tx:
        asked = await gift_cards.ask(tx, program.id, [tender.code for tender in incoming.tenders])
        found = await gift_cards.presented(asked)
        return found_cards(found, await open_pages(tx, program, [one.card.id for one in found.values()]))


async def held_cards(tx: Transaction, opened: Opened) -> Cards:
    """The cards of a purchase that is confirmed, by their ids."""
    found: dict[UUID, Card] = {}
    for identifier, page in opened.cards.items():
        card = await gift_cards.find(tx, opened.known.program.id, identifier)
        assert card is not None, "cards are never taken away"
        found[identifier] = Card(card, True, page)
    return found


async def _change(
    database: Database,
    known: Known,
    request: Request,
    named: GiftCardNamed,
    change: Callable[[Transaction, GiftCard, Page], Awaitable[Change | None]],
) -> Answer:
    """Change one card under the lock of its pool, and tell how it stands then."""
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await named_gift_card(tx, known, named)
        await book.lock(tx, program.id, [ids.home(found.id)], [found.id])
        card = await named_gift_card(tx, known, named)
        page = (await open_pages(tx, program, [card.id]))[card.id]
        done = await change(tx, card, page)
        if done is not None:
            await trail.record(tx, program.id, done, request.at)
        now = await gift_cards.find(tx, program.id, card.id)
        assert now is not None, "cards are never taken away"
        return await requests.keep(
            tx,
            request,
            200,
            msgspec.json.encode(gift_card_view(program, now, page, _shown(known, now), request.at)),
        )

    return await database.run(program.id, work)


async def named_gift_card(tx: Transaction, known: Known, named: GiftCardNamed) -> GiftCard:
    """The card of a code that is in force, or of an id. Raises NotFound, InvalidValue."""
    if (named.code is None) == (named.gift_card is None):
        raise InvalidValue("/code", "a gift card is named by its code or by its id")
    if named.code is None:
        assert named.gift_card is not None, "one of the two was given"
        card = await gift_cards.find(tx, known.program.id, ids.read("gft", named.gift_card, "/gift_card"))
    else:
        code = _mint(known).id_of(named.code)
        found = (await gift_cards.presented(await gift_cards.ask(tx, known.program.id, [code]))).get(code)
        card = found.card if found is not None and found.in_force else None
    if card is None:
        raise no_such_card()
    return card


async def _read(tx: Transaction, known: Known, card: GiftCard, at: datetime) -> GiftCardView:
    page = (await open_pages(tx, known.program, [card.id]))[card.id]
    return gift_card_view(known.program, card, page, _shown(known, card), at)


def _load(
    page: Page,
    program: Program,
    card: GiftCard,
    amount: int,
    expires_at: datetime | None,
    at: datetime,
    actor: str,
    reason: str,
) -> None:
    """What was paid for the card is owed by who sold it."""
    page.begin("top_up", effective_at=at, recorded_at=at, actor=actor, reason=reason)
    page.earn(
        currency_of(program.base_currency),
        amount,
        earned_at=at,
        active_at=at,
        expires_at=expires_at,
        issuer=card.partner,
        funder=card.partner,
        unit_cost=Ratio(1),
    )


def gift_card_view(program: Program, card: GiftCard, page: Page, shown: str, at: datetime) -> GiftCardView:
    """A card as it is answered."""
    balance = page.balance(currency_of(program.base_currency), at)
    empty = not balance.available and not balance.held
    return GiftCardView(
        ids.show("gft", card.id),
        shown,
        card.serial,
        "blocked" if card.blocked_at is not None else "empty" if empty else "active",
        program.base_currency,
        balance.available,
        balance.held,
        card.purpose,
        card.tax_rate or None,
        card.issued_at,
        tuple([ExpiringMoney(one.amount, one.at) for one in balance.expiring]),
    )


def _with_code(known: Known, answer: Answer) -> Answer:
    """The kept answer with the code that it made; the code itself is not kept."""
    view = msgspec.json.decode(answer.body, type=GiftCardView)
    card = ids.read("gft", view.id)
    code = code_text.numbered(_key(known), card, PATTERN, view.serial)
    return structs.replace(answer, body=msgspec.json.encode(structs.replace(view, code=code)))


def code_of(known: Known, card: GiftCard) -> str:
    """The code that is in force."""
    return code_text.numbered(_key(known), card.id, PATTERN, card.serial)


def shown_code(known: Known, card: UUID, serial: int) -> str:
    """The end of a card's code, as it may be shown."""
    return masked(code_text.numbered(_key(known), card, PATTERN, serial))


def _shown(known: Known, card: GiftCard) -> str:
    return shown_code(known, card.id, card.serial)


def _key(known: Known) -> bytes:
    return code_text.key_of(known.vault.keyring.secret, known.program.id)


def _mint(known: Known) -> code_text.Mint:
    return code_text.mint_of(known.vault.keyring.secret, known.program.id)


def _require_room(program: Program, amount: int) -> None:
    most = program.settings.gift_card_most
    if amount > most:
        raise InvalidValue("/amount", f"no more than {most} may be on a gift card of this program")


def no_such_card() -> NotFound:
    """What is said of a code, or an id, that leads to nothing."""
    return NotFound("No gift card of this program has this code.")
