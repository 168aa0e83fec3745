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
from regulars.flows import answering, decided, giving_back, vouchers
from regulars.flows.incoming import EARLY_MINUTES_MAX, store_code
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.open_purchase import Opened, open_purchase, told_again
from regulars.ledger import book, moving
from regulars.ledger.model import PostingKind
from regulars.programs.model import Caller, Store
from regulars.promotions import counters, engine
from regulars.promotions.counters import Back
from regulars.purchases import documents, journal, returns
from regulars.purchases.journal import ReturnRow
from regulars.purchases.model import (
    Document,
    GivenBackView,
    ReturnAnswer,
    ReturnedLine,
    ReturnPiece,
    ReturnRequest,
    TakenBackView,
    TaxView,
)
from regulars.purchases.plan import ReturnPlan
from regulars.purchases.withdrawals import withdrawing
from regulars.units import Ratio, format_quantity


class Booked(Struct, frozen=True):
    """What a return did to the books."""

    given_back: tuple[GivenBackView, ...]
    taken_back: tuple[TakenBackView, ...]


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
    if document.recheck:
        failing = await _failing(tx, opened, caller, plan)
        plan = withdrawing(document, plan, opened.returned, opened.layers, failing)
    key = ids.show("key", caller.key)
    booked = await book_back(
        tx,
        opened,
        plan,
        "return",
        effective_at=min(sent.returned_at, at),
        at=at,
        actor=f"{key}/{sent.cashier}" if sent.cashier else key,
        reason=sent.reason,
        partner=store.partner,
    )
    backs = await _limits_back(tx, opened, plan, identifier or UUID(int=0))
    if identifier is not None and document.vouchers:
        back = _came_back(opened, plan)
        if all(back.get(line.line, 0) >= line.quantity for line in document.lines):
            purchase = opened.purchase.id
            await vouchers.cancel(tx, opened.known.program.id, purchase, document.vouchers, at)
    answer = ReturnAnswer(
        request=sent.id,
        purchase=ids.show("pur", opened.purchase.id),
        status="recorded" if identifier else "previewed",
        currency=document.request.currency,
        gross=plan.gross,
        discount=plan.discount,
        net=plan.gross - plan.discount,
        money_back=plan.money,
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
    )
    if identifier is not None:
        answer = structs.replace(answer, id=ids.show("ret", identifier))
    return answer, _row(opened, plan, booked, sent, store, identifier or UUID(int=0), answer), backs


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


async def _limits_back(tx: Transaction, opened: Opened, plan: ReturnPlan, returned: UUID) -> list[Back]:
    """What this return gives back of limits and codes, if the program's setting says so."""
    if opened.known.program.settings.limits_on_return == "keep":
        return []
    purchase, back = opened.purchase, _came_back(opened, plan)
    return await giving_back.of_return(
        tx, opened.known.program.id, purchase.id, purchase.document, back, returned
    )


async def book_back(
    tx: Transaction,
    opened: Opened,
    plan: ReturnPlan,
    kind: PostingKind,
    *,
    effective_at: datetime,
    at: datetime,
    actor: str,
    reason: str,
    partner: UUID,
) -> Booked:
    """Do a return (or the voiding of what is left) to the page: points come back first, then earned ones are taken.

    In this order a member who spent what she had earned owes less.
    """
    page = opened.page
    if opened.customer is None:
        return Booked((), ())
    settings = opened.known.program.settings
    program, purchase = opened.known.program.id, opened.purchase.id
    # Where the account has moved on (a merge, a shared account) the lots that paid lie on the page that it had then.
    paid_from = opened.paid_from or page
    done = await book.of_purchase(tx, program, page, purchase)
    spent = (
        done.spent if paid_from is page else (await book.of_purchase(tx, program, paid_from, purchase)).spent
    )
    for one in opened.pages:
        one.begin(
            kind, effective_at=effective_at, recorded_at=at, actor=actor, purchase=purchase, reason=reason
        )
    before = moving.free(paid_from)
    given = []
    for spend in plan.spends:
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
                partner=partner,
            )
        given.append(GivenBackView(spend.currency, amount, spend.worth))
    if paid_from is not page and opened.follows:
        moving.move_freed(paid_from, page, before, at, actor, "came back with a return")
        page.begin(
            kind, effective_at=effective_at, recorded_at=at, actor=actor, purchase=purchase, reason=reason
        )
    taken = []
    for earning in plan.earnings:
        brought = done.earned.get(earning.currency, ())
        # Where the account has moved since, with a card that got its person, other lots continue this one.
        own = [earning.lot] if earning.lot in brought else brought
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
    return Booked(tuple(given), _by_currency(taken))


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


def turnover_back(opened: Opened, plan: ReturnPlan) -> int:
    """What the member's turnover loses, in base money."""
    document = opened.purchase.document
    worth = sum(spend.worth for spend in plan.spends)
    counted = plan.money + (
        worth if opened.known.program.settings.turnover_counts == "paid_and_points" else 0
    )
    return Ratio(*document.rate).half_up(counted) if document.rate else counted


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
        gross_back=plan.gross,
        money_back=plan.money,
        discount_back=plan.discount,
        turnover_back=turnover_back(opened, plan),
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
        taxed = line.money + (line.points_worth if paying else 0)
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
