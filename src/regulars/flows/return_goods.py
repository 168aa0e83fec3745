"""Takes goods back: money, the original lots of the points spent, and the very points that those units had earned."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, structs

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Forbidden, InvalidValue, StateConflict
from regulars.flows import answering, decided, giving_back
from regulars.flows.beside_goods import Beside, beside_goods
from regulars.flows.desk import on_behalf
from regulars.flows.gift_cards_back import gift_cards_back
from regulars.flows.gift_sales import Posted
from regulars.flows.incoming import EARLY_MINUTES_MAX, store_code
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.open_purchase import Opened, open_purchase, told_again
from regulars.flows.prepaid_receipts import require_whole
from regulars.flows.undoing import undone
from regulars.ledger import book, moving
from regulars.ledger.page import Page
from regulars.programs.model import Caller, Store
from regulars.promotions import counters, engine
from regulars.promotions.counters import Back
from regulars.purchases import documents, journal, returns
from regulars.purchases.delivery import NO_DELIVERY
from regulars.purchases.journal import ReturnRow
from regulars.purchases.kept import Document
from regulars.purchases.model import TaxView
from regulars.purchases.plan import ReturnPlan
from regulars.purchases.returning import (
    CardBackView,
    GivenBackView,
    ReturnAnswer,
    ReturnedLine,
    ReturnPiece,
    ReturnRequest,
    TakenBackView,
)
from regulars.purchases.withdrawals import withdrawing
from regulars.units import Ratio, format_quantity


class Booked(Struct, frozen=True):
    """What a return did to the books."""

    given_back: tuple[GivenBackView, ...]
    taken_back: tuple[TakenBackView, ...]
    to_cards: tuple[CardBackView, ...] = ()


async def return_goods(
    database: Database,
    programs: KnownPrograms,
    caller: Caller,
    request: Request,
    purchase: UUID,
    sent: ReturnRequest,
) -> Answer:
    """Record a return in one transaction. Raises NotFound, StateConflict, AlreadyReturned, Unprocessable."""
    vault = (await programs.of(request.program)).vault

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request, "return")
        if first is not None:
            return await told_again(tx, vault, first)
        opened = await open_purchase(tx, programs, request.program, purchase)
        returned = ids.new(opened.purchase.home)
        answer, row, backs = await _give_back(tx, opened, caller, sent, request.at, returned)
        await book.write(tx, request.program, opened.pages)
        await journal.give_back(tx, request.program, request.at, row)
        await counters.give_back(tx, request.program, "return", request.at, backs)
        answer = await undone(tx, opened, answer, request.at)
        told = {"return": answer.id, "money_back": answer.money_back, "currency": answer.currency}
        await on_behalf.tell_returned(tx, caller, request, purchase, told, sent.reason)
        await requests.keep(tx, request, 201, msgspec.json.encode(answering.without_name(answer)))
        return Answer(201, msgspec.json.encode(answer))

    return await database.run(request.program, work)


async def preview_return(
    database: Database,
    programs: KnownPrograms,
    caller: Caller,
    purchase: UUID,
    sent: ReturnRequest,
    at: datetime,
) -> ReturnAnswer:
    """What a return would give; nothing is locked or written. Raises as `return_goods`."""
    async with database.transaction(caller.program) as tx:
        opened = await open_purchase(tx, programs, caller.program, purchase, lock=False)
        answer, _, _ = await _give_back(tx, opened, caller, sent, at, None)
    return answer


async def _give_back(
    tx: Transaction,
    opened: Opened,
    caller: Caller,
    sent: ReturnRequest,
    at: datetime,
    identifier: UUID | None,
) -> tuple[ReturnAnswer, ReturnRow, list[Back]]:
    store = _store(opened, caller, sent)
    _require_time(opened, sent, at)
    state = opened.state(at)
    if state in ("held", "voided"):
        raise StateConflict(f"This purchase is {state}; only what was recorded can come back.")
    document = opened.purchase.document
    plan = returns.plan(document, opened.returned, returns.wanted(sent.lines), opened.layers)
    await require_whole(tx, opened, sent.lines)
    if document.recheck:
        failing = await _failing(tx, opened, caller, plan)
        plan = withdrawing(document, plan, opened.returned, opened.layers, failing)
    actor = f"{caller.by}/{sent.cashier}" if sent.cashier else caller.by
    record = identifier is not None
    posted = Posted("return", min(sent.returned_at, at), at, actor, sent.reason, store.partner)
    booked = await book_back(tx, opened, plan, posted, record=record)
    back = _came_back(opened, plan)
    backs = await _limits_back(tx, opened, back, identifier or UUID(int=0))
    beside = await beside_goods(tx, opened, plan, back, posted, record=record)
    answer = _answer(opened, sent, plan, booked, beside, backs, at)
    if identifier is not None:
        answer = structs.replace(answer, id=ids.show("ret", identifier), status="recorded")
    return answer, _row(opened, plan, booked, sent, store, identifier or UUID(int=0), answer), backs


def _answer(
    opened: Opened,
    sent: ReturnRequest,
    plan: ReturnPlan,
    booked: Booked,
    beside: Beside,
    backs: list[Back],
    at: datetime,
) -> ReturnAnswer:
    """What is answered to a preview."""
    document, delivery = opened.purchase.document, beside.delivery
    gross, discount = plan.gross + delivery.charge, plan.discount + delivery.discount
    return ReturnAnswer(
        request=sent.id,
        purchase=ids.show("pur", opened.purchase.id),
        status="previewed",
        currency=document.request.currency,
        gross=gross,
        discount=discount,
        net=gross - discount,
        money_back=plan.money + beside.money,
        taxes=_taxes(document, plan),
        lines=tuple(
            ReturnedLine(
                line.line,
                format_quantity(line.quantity),
                line.gross,
                line.discount,
                line.net,
                line.money,
                line.points_worth,
                tuple([ReturnPiece(piece, format_quantity(part)) for piece, part in line.pieces]) or UNSET,
                line.card_worth or UNSET,
            )
            for line in plan.lines
        ),
        points_back=booked.given_back,
        taken_back=booked.taken_back,
        member=answering.member_view(
            opened.known, opened.customer, opened.page if opened.customer else None, at
        ),
        returned_at=sent.returned_at,
        limits_back=tuple([giving_back.back_view(back) for back in backs]),
        withdrawn=plan.withdrawn,
        delivery=delivery if delivery != NO_DELIVERY else UNSET,
        used_vouchers=beside.used_vouchers,
        gift_cards_back=booked.to_cards or UNSET,
        packs_back=beside.packs or UNSET,
        memberships_back=beside.memberships or UNSET,
    )


async def _failing(tx: Transaction, opened: Opened, caller: Caller, plan: ReturnPlan) -> frozenset[UUID]:
    """Of the promotions that ask for it, those whose conditions do not hold for what is kept."""
    then = await decided.then(tx, opened)
    kept = then.kept(caller, _came_back(opened, plan))
    if kept is None:
        return frozenset()
    _, verdicts = engine.explain(then.live, kept, then.standing, then.known.rules)
    refused = [verdict.promotion for verdict in verdicts if verdict.status == "refused"]
    return frozenset(refused).intersection(then.document.recheck)


def _came_back(opened: Opened, plan: ReturnPlan) -> dict[int, int]:
    """Line → thousandths that came back, with this return."""
    back: dict[int, int] = {line.line: line.quantity for line in plan.lines}
    for (line, _), quantity in opened.returned.items():
        back[line] = back.get(line, 0) + quantity
    return back


async def _limits_back(tx: Transaction, opened: Opened, back: dict[int, int], returned: UUID) -> list[Back]:
    """What this return gives back of limits and codes, if the program's setting says so."""
    if opened.known.program.settings.limits_on_return == "keep":
        return []
    purchase = opened.purchase
    return await giving_back.of_return(
        tx, opened.known.program.id, purchase.id, purchase.document, back, returned
    )


async def book_back(
    tx: Transaction,
    opened: Opened,
    plan: ReturnPlan,
    posted: Posted,
    *,
    record: bool = True,
) -> Booked:
    """Do a return (or the voiding of what is left) to the page: points come back first, then earned ones are taken.

    In this order a member who spent what she had earned owes less. A preview does not `record`.
    """
    page, at = opened.page, posted.at
    to_cards = await gift_cards_back(tx, opened, plan, posted, record=record)
    if opened.customer is None:
        return Booked((), (), to_cards)
    settings = opened.known.program.settings
    program, purchase = opened.known.program.id, opened.purchase.id
    # Where the account has moved on (a merge, a shared account) the lots that paid lie on the page that it had then.
    paid_from = opened.paid_from or page
    done = await book.of_purchase(tx, program, page, purchase)
    spent = (
        done.spent if paid_from is page else (await book.of_purchase(tx, program, paid_from, purchase)).spent
    )
    for one in {page.pool: page, paid_from.pool: paid_from}.values():
        _begin(one, posted, purchase)
    before = moving.free(paid_from)
    given = []
    for spend in plan.spends:
        if spend.gift_card is not None:
            continue
        # Less where an as-sold receipt paid with points that were not there: those were the store's loss.
        drawn = spent.get(spend.currency, ())
        amount = min(spend.amount, sum(draw.amount for draw in drawn))
        if amount:
            paid_from.give_back(
                spend.currency,
                drawn,
                amount,
                at,
                expired=settings.expired_points_on_return,
                grace_days=settings.grace_days,
                partner=posted.partner,
            )
        given.append(GivenBackView(spend.currency, amount, spend.worth))
    if paid_from is not page and opened.follows:
        moving.move_freed(paid_from, page, before, at, posted.actor, "came back with a return")
        _begin(page, posted, purchase)
    taken = []
    for earning in plan.earnings:
        brought = done.earned.get(earning.currency, ())
        # Where the account has moved since (a card got its person, a merge was undone) other lots continue this one.
        own = [earning.lot, *page.from_elsewhere(brought)] if earning.lot in brought else brought
        parts = page.take_back(earning.currency, earning.amount, own, settings.return_policy, at)
        taken.append(
            TakenBackView(
                earning.currency,
                earning.amount,
                parts.from_own_lots,
                parts.already_expired,
                parts.from_other_lots,
                parts.debt,
                parts.forgone,
            )
        )
    return Booked(tuple(given), _by_currency(taken), to_cards)


def _begin(page: Page, posted: Posted, purchase: UUID) -> None:
    page.begin(
        posted.kind, effective_at=posted.effective_at, recorded_at=posted.at, actor=posted.actor,
        purchase=purchase, reason=posted.reason,
    )  # fmt: skip


def _by_currency(taken: list[TakenBackView]) -> tuple[TakenBackView, ...]:
    sums: dict[str, TakenBackView] = {}
    for one in taken:
        before = sums.get(one.currency)
        sums[one.currency] = (
            one
            if before is None
            else TakenBackView(
                one.currency,
                before.amount + one.amount,
                before.from_own_lots + one.from_own_lots,
                before.already_expired + one.already_expired,
                before.from_other_lots + one.from_other_lots,
                before.debt + one.debt,
                before.forgone + one.forgone,
            )
        )
    return tuple(sums.values())


def turnover_back(opened: Opened, answer: ReturnAnswer) -> int:
    """What the member's turnover loses, in base money: cumulatively, so that every sequence of returns sums exactly."""
    document = opened.purchase.document
    with_points = opened.known.program.settings.turnover_counts == "paid_and_points"
    counted = _counted(document, answer, with_points)
    if document.rate is None:
        return counted
    before = sum([_counted(document, one.answer, with_points) for one in opened.returns])
    rate = Ratio(*document.rate)
    return rate.half_up(before + counted) - rate.half_up(before)


def _counted(document: Document, answer: ReturnAnswer, with_points: bool) -> int:
    """What of a return was turnover, in the purchase's money: what its goods give back, less what was withdrawn."""
    goods = sum(
        [line.money + (line.gift_cards or 0) + (line.points if with_points else 0) for line in answer.lines]
    )
    return goods - sum([one.discount + (one.tax if document.tax_on_top else 0) for one in answer.withdrawn])


def _row(
    opened: Opened,
    plan: ReturnPlan,
    booked: Booked,
    sent: ReturnRequest,
    store: Store,
    identifier: UUID,
    answer: ReturnAnswer,
) -> ReturnRow:
    points = opened.known.program.points
    main = points.code if points else ""
    return ReturnRow(
        id=identifier,
        purchase=opened.purchase.id,
        store=store.id,
        request=sent.id,
        returned_at=sent.returned_at,
        gross_back=answer.gross,
        money_back=answer.money_back,
        discount_back=answer.discount,
        turnover_back=turnover_back(opened, answer),
        points_back=sum(given.amount for given in booked.given_back if given.currency == main),
        points_taken=sum(taken.amount for taken in booked.taken_back if taken.currency == main),
        document=documents.pack(answering.without_name(answer)),
    )


def _taxes(document: Document, plan: ReturnPlan) -> tuple[TaxView, ...]:
    """The tax that comes back of each rate: on what was taxed, which points as payment do not make less."""
    rates = {line.line: line.tax_rate for line in document.request.lines}
    paying = document.answer.paid_with_points > 0
    sums: dict[str, tuple[int, int]] = {}
    for line in plan.lines:
        base, tax = sums.get(rates[line.line], (0, 0))
        taxed = line.money + line.card_worth + (line.points_worth if paying else 0)
        sums[rates[line.line]] = (base + taxed - line.tax, tax + line.tax)
    for one in plan.withdrawn:
        if one.discount:
            base, tax = sums.get(rates[one.line], (0, 0))
            net = one.discount if plan.tax_on_top else one.discount - one.tax
            sums[rates[one.line]] = (base - net, tax - one.tax)
    return tuple(TaxView(rate, base, tax) for rate, (base, tax) in sums.items())


def _store(opened: Opened, caller: Caller, sent: ReturnRequest) -> Store:
    program, settings = opened.known.program, opened.known.program.settings
    bought_at = next(s for s in program.stores.values() if s.id == opened.purchase.store)
    if sent.store is None and caller.store is None and caller.partner in (None, bought_at.partner):
        return bought_at
    store = program.stores[store_code(caller, opened.known, sent.store)]
    if store.partner != bought_at.partner and not settings.return_at_other_partners:
        raise Forbidden("This program takes goods back at the partner that sold them only.")
    if store.id != bought_at.id and not settings.return_at_other_stores:
        raise Forbidden("This program takes goods back at the store that sold them only.")
    return store


def _require_time(opened: Opened, sent: ReturnRequest, at: datetime) -> None:
    if sent.returned_at > at + timedelta(minutes=EARLY_MINUTES_MAX):
        raise InvalidValue("/returned_at", "lies in the future")
    if sent.returned_at < opened.purchase.purchased_at:
        raise InvalidValue("/returned_at", "lies before the purchase")
