"""Confirms a held purchase: captures what was held, whole or, when fewer goods went, in part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, structs

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import (
    GiftCardUnusable,
    HoldLapsed,
    InsufficientPoints,
    InvalidValue,
    StateConflict,
    refuse_together,
)
from regulars.flows import (
    answering,
    booking,
    entitled_by_purchase,
    gift_cards,
    gift_tender,
    giving_back,
    pricing,
    spending,
    tiering,
    vouchers,
)
from regulars.flows.incoming import ANONYMOUS, Incoming
from regulars.flows.known_programs import Known, KnownPrograms, as_decided, group_rules
from regulars.flows.open_purchase import Opened, buys_elsewhere, open_purchase, told_again
from regulars.flows.paid_with import card_numbers, taken_out
from regulars.flows.party import Party
from regulars.flows.pricing import Decision
from regulars.flows.quest_acts import followed
from regulars.ledger import book
from regulars.members import instruments
from regulars.members.instruments import Paid
from regulars.programs.model import Caller
from regulars.promotions import catalogue
from regulars.promotions.benefits.handing import Message
from regulars.promotions.index import Live, Promotion
from regulars.promotions.model import Standing
from regulars.purchases import documents, journal, receipt
from regulars.purchases.journal import Totals
from regulars.purchases.kept import Document
from regulars.purchases.model import LINES_MAX, Payment, PurchaseLine, SpendRequest
from regulars.purchases.receipt import ReceiptLine
from regulars.texts import said
from regulars.units import Ratio


class Confirmation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/purchases/{id}/confirm`: the final lines when they are fewer or smaller than held."""

    lines: Annotated[tuple[PurchaseLine, ...], Meta(min_length=1, max_length=LINES_MAX)] | None = None
    payments: Annotated[tuple[Payment, ...], Meta(max_length=20)] | None = None
    """How it was paid, instead of what was said when it was held."""


async def confirm_purchase(
    database: Database,
    programs: KnownPrograms,
    caller: Caller,
    request: Request,
    purchase: UUID,
    confirmation: Confirmation,
) -> Answer:
    """Confirm a hold in one transaction. Raises NotFound, StateConflict, HoldLapsed, InvalidValue."""
    vault = (await programs.of(request.program)).vault
    refuse_together(list(card_numbers(confirmation.payments or ())))
    payments, paid_with = taken_out(vault.index, confirmation.payments or ())
    if paid_with:
        confirmation = structs.replace(confirmation, payments=payments)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return await told_again(tx, vault, first)
        opened = await open_purchase(tx, programs, request.program, purchase)
        decision = await _decide(tx, opened, caller, confirmation, request.at)
        answer = answering.finished(decision.answer, purchase, "recorded")
        document = structs.replace(decision.document, answer=answering.without_name(answer))
        await book.write(tx, request.program, opened.pages)
        answer = await followed(
            tx, opened.known, opened.customer, document, answer, opened.purchase.store,
            opened.purchase.purchased_at, purchase, request.at,
        )  # fmt: skip
        document = structs.replace(document, answer=answering.without_name(answer))
        await journal.confirm(
            tx, request.program, purchase, request.at, decision.totals, documents.pack(document)
        )
        answer = await tiering.climbed(
            tx, opened.known, opened.customer, answer, document.language,
            opened.purchase.purchased_at, request.at, purchase,
        )  # fmt: skip
        await vouchers.issue(tx, request.program, {purchase: decision.document.vouchers})
        if opened.customer is not None and opened.customer.member is not None:
            given = entitled_by_purchase.of(
                opened.known.program, answer, purchase, opened.customer.member, opened.purchase.purchased_at,
                caller.by,
            )  # fmt: skip
            await entitled_by_purchase.give(tx, request.program, given, request.at)
        if confirmation.payments is not None:
            await _note_instruments(tx, request.program, opened, paid_with)
        await requests.keep(tx, request, 200, msgspec.json.encode(answering.without_name(answer)))
        return Answer(200, msgspec.json.encode(answering.with_claim_code(answer, purchase, vault)))

    return await database.run(request.program, work)


async def _note_instruments(
    tx: Transaction, program: UUID, opened: Opened, paid_with: Sequence[bytes]
) -> None:
    """What it was paid with after all, instead of what was said when it was held."""
    held = opened.purchase
    if held.document.request.payments:
        await instruments.withdraw(tx, program, held.id)
    if paid_with:
        paid = [Paid(held.id, one, held.member, held.purchased_at) for one in paid_with]
        await instruments.note(tx, program, paid)


async def _decide(
    tx: Transaction, opened: Opened, caller: Caller, confirmation: Confirmation, at: datetime
) -> Decision:
    purchase = opened.purchase
    if not purchase.held or purchase.confirmed:
        raise StateConflict("This purchase is not held: it was recorded already.")
    if purchase.void_reason is not None or purchase.resolution == "release":
        raise StateConflict("This hold was voided.")
    assert purchase.hold is not None, "a held purchase has a hold"
    document = purchase.document
    known = await as_decided(tx, opened.known, document.version)
    given = _given_by(document, known.base_live if document.late else known.live)
    revisions = await catalogue.frozen(tx, known.program.id, given)
    live = Live.build(revisions, group_rules(known.program.settings))
    alive = opened.page.is_held(purchase.hold, at)
    if not alive and await buys_elsewhere(tx, known.program.id, purchase):
        raise HoldLapsed("The hold has lapsed, and its account has changed since; send the receipt as sold.")
    if not alive and opened.customer is not None and opened.customer.card_status in pricing.UNUSABLE:
        status = opened.customer.card_status
        raise HoldLapsed(f"The hold has lapsed, and its card is {status} by now; send the receipt as sold.")
    incoming = _incoming(opened, caller, document, confirmation)
    reserved = await giving_back.reserved(tx, known.program.id, purchase.id, live, at)
    if reserved is None:
        raise HoldLapsed("The hold has lapsed, and others have used it up since; send the receipt as sold.")
    party = Party(purchase.pool, purchase.home, opened.customer, opened.page if opened.customer else None)
    captured = purchase.hold if alive else None
    if not alive and document.spent:
        party.spent_of = await spending.today_of(tx, known, party.customer, at)
    standing = _standing_of(document, opened, captured, at)
    if opened.customer is None:
        _end_empty_hold(opened, captured, at)
    if confirmation.lines is None and (alive or (opened.customer is None and not opened.cards)):
        gift_tender.capture(incoming, document.spent, opened.cards, known, at, purchase.id)
        return _as_held(known, live, party, incoming, document, purchase.id, captured, at)
    cards = await gift_cards.held_cards(tx, opened)
    try:
        decision = pricing.decide(
            incoming, known, party, [], at, purchase.id, live=live, standing=standing, captured=captured,
            scarcity=giving_back.of_hold(reserved), held=document.vouchers, cards=cards,
        )  # fmt: skip
    except (InsufficientPoints, GiftCardUnusable) as problem:
        raise HoldLapsed(
            "The hold has lapsed, and the points are no longer there; send the receipt as sold."
        ) from problem
    applied = [promotion for promotion, _ in _given_by(decision.document, live)]
    batches = frozenset[str]().union(*[live.code_batches.get(promotion, ()) for promotion in applied])
    await giving_back.give_back_surplus(
        tx, known.program.id, purchase.id, reserved, decision.taken, batches, at
    )
    return structs.replace(decision, document=structs.replace(decision.document, promotions=tuple(given)))


def _end_empty_hold(opened: Opened, captured: UUID | None, at: datetime) -> None:
    """An anonymous purchase holds no points, but its hold ends once like any other."""
    if captured is not None:
        opened.page.begin("purchase", effective_at=at, recorded_at=at, actor="", purchase=opened.purchase.id)
        opened.page.capture(captured, {}, at)
    else:
        opened.page.lapse(at)


def _given_by(document: Document, live: Live) -> list[tuple[UUID, int]]:
    """The promotions that gave something with a purchase, whatever it was, and their revisions.

    `live`: those that it was decided with.
    """
    answer = document.answer
    awards = [award for line in answer.lines for award in line.awards]
    awards += answer.delivery.awards if answer.delivery is not UNSET else ()
    given = {ids.read("prm", award.promotion): award.revision for award in awards}
    given.update({earning.promotion: earning.revision for earning in document.earned})
    handed = {ids.read("prm", one.promotion) for one in (*(answer.gifts or ()), *(answer.entitlements or ()))}
    handed.update([voucher.promotion for voucher in document.vouchers])
    for promotion in live.promotions:
        if promotion.id in handed or _spoke(promotion, document):
            given.setdefault(promotion.id, promotion.revision)
    return sorted(given.items())


def _spoke(promotion: Promotion, document: Document) -> bool:
    """Whether something that a promotion says was said with a purchase: of messages only their text is kept."""
    told = document.answer.messages
    return any(
        said(benefit.text, document.language) in (told.cashier if benefit.to == "cashier" else told.receipt)
        for benefit in promotion.benefits
        if isinstance(benefit, Message)
    )


def _as_held(
    known: Known,
    live: Live,
    party: Party,
    incoming: Incoming,
    document: Document,
    purchase: UUID,
    captured: UUID | None,
    at: datetime,
) -> Decision:
    """Exactly what was held: prices, discounts and points were fixed then."""
    earned = document.earned
    answer = document.answer
    page = party.page
    if page is not None and captured is not None:
        booking.begin(page, incoming, at, purchase)
        amounts = {
            spent.currency: spent.amount for spent in document.spent if spent.amount and not spent.gift_card
        }
        page.capture(captured, amounts, at, incoming.store.partner)
        earned = tuple(booking.book_earnings(incoming, known, live, page, earned, at, purchase))
    answer = structs.replace(
        answer,
        member=answering.member_view(known, party.customer, page, at),
        issued=vouchers.views(document.vouchers),
    )
    return Decision(
        answer,
        structs.replace(document, request=incoming.sent, earned=earned),
        totals_of(document, known),
    )


def totals_of(document: Document, known: Known) -> Totals:
    """The sums of a kept purchase."""
    answer = document.answer
    worth = answer.paid_with_points + answer.points_reduction
    with_points = known.program.settings.turnover_counts == "paid_and_points"
    counted = answer.payable + (answer.paid_with_gift_cards or 0) + (worth if with_points else 0)
    # The charge for delivery is no turnover: it does not come back with goods.
    counted -= answer.delivery.net if answer.delivery is not UNSET else 0
    points = known.program.points
    main = points.code if points else ""
    return Totals(
        gross=answer.gross,
        discount=answer.discount,
        paid_with_points=worth,
        payable=answer.payable,
        turnover=Ratio(*document.rate).half_up(counted) if document.rate else counted,
        earned=sum(e.amount for e in document.earned if e.currency == main),
        spent=sum(s.amount for s in document.spent if s.currency == main),
    )


def _incoming(opened: Opened, caller: Caller, document: Document, confirmation: Confirmation) -> Incoming:
    purchase, program = opened.purchase, opened.known.program
    # As many points as were held, whatever had been asked for ("max", or more than was to pay).
    spend = tuple(
        [SpendRequest(s.amount, s.currency) for s in document.spent if s.amount and not s.gift_card]
        + [one for one in document.request.spend if one.gift_card is not None]
    )
    sent = structs.replace(document.request, spend=spend)
    if confirmation.lines is not None:
        sent = structs.replace(sent, lines=confirmation.lines)
    if confirmation.payments is not None:
        sent = structs.replace(sent, payments=confirmation.payments)
    lines = receipt.lines(sent, anonymous_may_spend=True)
    if confirmation.lines is not None:
        _require_within(document, lines)
    return Incoming(
        sent=sent,
        request=None,
        caller=caller,
        language=document.language,
        key=ANONYMOUS,
        store=next(store for store in program.stores.values() if store.id == purchase.store),
        lines=lines,
        rate=Ratio(*document.rate) if document.rate else None,
        late=document.late,
        tenders=gift_tender.held(document.spent),
    )


def _require_within(held: Document, final: Sequence[ReceiptLine]) -> None:
    """A confirmation takes away: each final line is a held one, of at most its quantity and its price."""
    skus = {line.line: line.sku for line in held.request.lines}
    before = {line.line: line for line in held.lines}
    for place, line in enumerate(final):
        old = before.get(line.sent.line)
        if old is None or skus[old.line] != line.sent.sku:
            raise InvalidValue(
                f"/lines/{place}", "is not one of the held lines; a confirmation only takes away"
            )
        if line.quantity > old.quantity:
            raise InvalidValue(f"/lines/{place}/quantity", "is more than was held")
        if line.gross > old.gross:
            name = "gross" if line.sent.gross is not None else "unit_price"
            raise InvalidValue(f"/lines/{place}/{name}", "comes to more than was held")


def _standing_of(document: Document, opened: Opened, captured: UUID | None, at: datetime) -> Standing | None:
    """The standing of the hold, with what it reserved as what may be spent."""
    if not document.standing:
        return None
    standing = msgspec.convert(document.standing, Standing)
    if captured is not None:
        available = opened.page.held(captured)
    else:
        available = {currency: opened.page.available(currency, at) for currency in standing.available}
    return structs.replace(standing, available=available)
