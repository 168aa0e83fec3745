"""Decides one purchase on one standing: prices it, does it to the member's page, and words the answer.

Pure but for ids, so that preview, record, confirm and explanation decide alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from regulars.errors import (
    CardBlocked,
    CardUnassigned,
    Fault,
    InsufficientPoints,
    NotFound,
    PriceChanged,
    ProofRequired,
    SpendingInDoubt,
)
from regulars.flows import answering, booking, earning_cap, gift_tender, knowing, spending, vouchers
from regulars.flows import words as program_words
from regulars.flows.claims import NONE, NOTHING_TAKEN, Allowance, Scarcity, Taken
from regulars.flows.gift_tender import NO_CARDS, Cards
from regulars.flows.incoming import Incoming, basket
from regulars.flows.knowing import Done
from regulars.flows.known_programs import Known
from regulars.flows.party import Party
from regulars.members.model import Customer
from regulars.promotions import engine
from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Standing
from regulars.promotions.outcome import LineOutcome, Outcome
from regulars.purchases import documents
from regulars.purchases.journal import Row, Totals
from regulars.purchases.kept import Document, KeptLine, KeptPiece, KeptSpend, KeptVoucher
from regulars.purchases.model import Difference, PurchaseAnswer, PurchaseRequest, Warned
from regulars.units import allocate

UNUSABLE = frozenset({"blocked", "replaced", "closed"})


class Decision(Struct, frozen=True):
    """One decided purchase: what is answered, and what is to be written."""

    answer: PurchaseAnswer
    document: Document
    totals: Totals
    taken: Taken = NOTHING_TAKEN
    """Of use limits, budgets and codes."""
    activated: frozenset[UUID] = frozenset()
    """Offers that the member chose at the till."""
    short: dict[str, int] = {}
    """As sold: points that the member did not have, by currency; the store bears them."""


def customer_of(
    incoming: Incoming, found: Customer | None, known: Known
) -> tuple[Customer | None, list[Warned]]:
    """The customer that counts. Raises NotFound, CardBlocked or CardUnassigned; as sold these become warnings."""
    sent = incoming.sent
    as_sold = sent.pricing == "as_sold"
    if incoming.unrecognised:
        return None, [Warned(incoming.unrecognised, "The customer was not recognised; nothing was earned.")]
    if incoming.key.kind == "none":
        return None, []
    where = "/" + incoming.key.kind
    problem: NotFound | CardBlocked | CardUnassigned | None = None
    if found is None:
        problem = NotFound(
            f"No member of this program has this {incoming.key.kind}.",
            errors=[Fault(where, "leads to nobody", "unknown_" + incoming.key.kind)],
        )
    elif found.card_status in UNUSABLE:
        problem = CardBlocked(
            f"This card is {found.card_status}; nothing was written.",
            errors=[Fault(where, f"is {found.card_status}", "card_" + (found.card_status or ""))],
        )
    elif found.member is None and known.program.settings.unassigned_cards == "refuse":
        problem = CardUnassigned(errors=[Fault(where, "belongs to nobody yet", "card_unassigned")])
    if problem is None:
        return found, []
    if not as_sold:
        raise problem
    return None, [Warned(problem.errors[0].code, problem.detail)]


def decide(
    incoming: Incoming,
    known: Known,
    party: Party,
    warnings: list[Warned],
    at: datetime,
    purchase: UUID | None,
    *,
    live: Live | None = None,
    standing: Standing | None = None,
    hold: UUID | None = None,
    captured: UUID | None = None,
    scarcity: Scarcity | None = None,
    held: Sequence[KeptVoucher] = (),
    cards: Cards = NO_CARDS,
) -> Decision:
    """Price a purchase and do it to the party's page; `purchase` None for a preview (its page is thrown away).

    `scarcity`: what there is of limits and codes; the purchase takes from it. None: as `standing` says.
    `held`: the vouchers that the hold drew. `cards`: the gift cards that it names, which it is paid with.
    `hold`: reserve instead of spending, under this id. For a confirmation: `captured`, the hold that it ends, with
    the promotions (`live`) and the `standing` of then. Raises InsufficientPoints, ProofRequired, PriceChanged; then
    nothing was done to the page, nor to the pages of gift cards.
    """
    if live is None:
        live = known.base_live if incoming.late else known.live
    asked = basket(incoming, known)
    if captured is None:
        warnings = [*warnings, *spending.require_role(incoming, party.customer)]
    if standing is None:
        standing = _standing(incoming, party, known, live, at)
    allowance = taken = None
    if scarcity is not None and (live.limited or incoming.codes):
        allowance = Allowance(incoming, party.customer, known, live, scarcity)
        standing = allowance.before(standing)
    settings = known.program.settings
    rules = earning_cap.rules_for(known.rules, settings, standing)
    outcome = engine.evaluate(
        live, asked, standing, rules, allowance.leftovers if allowance is not None else None
    )
    warnings = [*warnings, *_short(incoming, outcome, standing), *earning_cap.warnings(settings, standing)]
    if allowance is not None:
        standing = allowance.after(standing)
        taken = allowance.taken(outcome)
        warnings += allowance.warnings(taken)
    if captured is None:
        _require_proof(incoming, known, party, outcome, at)
        warnings += spending.require_limit(incoming, party.customer, known, party.spent_of, outcome.spent)
    words = known.words[language_of(incoming, party, known)]
    kept_lines = _kept_lines(incoming, outcome, known)
    paid = gift_tender.pay(incoming, cards, kept_lines, outcome, known, at)
    warnings += paid.warnings
    expected = incoming.sent.expect
    surprised = expected is not None and not (
        expected.payable in (None, outcome.payable - paid.amount)
        and expected.spent in (None, sum(spent.worth for spent in outcome.spent) + paid.amount)
    )
    page = party.page
    if surprised and page is not None:
        page = page.copy()
    earned = booking.earnings_of(incoming, known, outcome, at)
    if page is not None:
        earned = booking.book(incoming, known, live, page, outcome, earned, at, purchase, hold, captured)
    answer = answering.answer_of(
        incoming, known, live, party.customer, page, outcome, earned, warnings, words, at,
        allowance.refused if allowance is not None else (),
    )  # fmt: skip
    if incoming.sent.pricing == "as_sold":
        answer = structs.replace(answer, differences=_differences(live, asked, standing, known, outcome))
    answer = allowance.told(answer, outcome) if allowance is not None else answer
    if paid.amount:
        answer = gift_tender.with_payments(answer, paid, known.program.base_currency, at)
    if surprised:
        raise PriceChanged(extra={"quote": answer})
    by_card = gift_tender.book(incoming, paid, known, at, purchase, hold)
    totals = _totals(incoming, known, outcome, paid.amount)
    activated = _activated(party, asked, known)
    _move_on(incoming, party, known, outcome, Done(incoming.sent.purchased_at, totals.turnover, activated))
    if allowance is not None and taken is not None:
        allowance.count(taken)
    issued: tuple[KeptVoucher, ...] = ()
    if outcome.grants and purchase is not None:
        issued = vouchers.drawn(incoming, outcome, scarcity.scarce if scarcity is not None else NONE, held)
        if hold is None:
            answer = structs.replace(answer, issued=vouchers.views(issued))
    document = Document(
        request=_without_identity(incoming),
        language=words.language,
        version=known.version,
        answer=answer,
        lines=kept_lines,
        earned=tuple(earned),
        spent=(
            *[KeptSpend(s.currency, s.amount, s.worth, s.line_worth, s.line_amount) for s in outcome.spent],
            *by_card,
        ),
        tax_on_top=not known.rules.prices_include_tax,
        standing=msgspec.to_builtins(standing),
        rate=(incoming.rate.numerator, incoming.rate.denominator) if incoming.rate else None,
        late=incoming.late,
        recheck=_rechecked(live, outcome) if live.rechecking else (),
        vouchers=issued,
    )
    return Decision(answer, document, totals, taken or NOTHING_TAKEN, activated, outcome.short)


def _rechecked(live: Live, outcome: Outcome) -> tuple[UUID, ...]:
    """Of the promotions that gave something, those whose conditions a return asks again."""
    gave = {award.promotion for line in outcome.lines for award in line.awards}
    gave.update([earning.promotion for earning in outcome.earned])
    return tuple(sorted(gave & live.rechecking))


def language_of(incoming: Incoming, party: Party, known: Known) -> str:
    """The language of the request, else the member's, else the program's."""
    member = party.customer.language if party.customer else ""
    return program_words.chosen(known.program.languages, incoming.language, member)


def row(incoming: Incoming, party: Party, decision: Decision, purchase: UUID, answer: PurchaseAnswer) -> Row:
    """The purchase as it is written."""
    sent, customer = incoming.sent, party.customer
    document = structs.replace(decision.document, answer=answering.without_name(answer))
    return Row(
        id=purchase,
        pool=party.pool,
        member=customer.member if customer else None,
        card=customer.card if customer else None,
        partner=incoming.store.partner,
        store=incoming.store.id,
        till=sent.till,
        cashier=sent.cashier,
        receipt_number=sent.receipt_number,
        request=sent.id,
        held=answer.status == "held",
        purchased_at=sent.purchased_at,
        currency=sent.currency,
        totals=decision.totals,
        document=documents.pack(document),
    )


def _standing(incoming: Incoming, party: Party, known: Known, live: Live, at: datetime) -> Standing:
    customer, page = party.customer, party.page
    if customer is None or page is None:
        return Standing()
    asked = {spend.currency for spend in incoming.sent.spend if spend.currency is not None}
    if incoming.sent.offers:
        asked |= live.price_currencies
    elif live.stamps:
        asked |= live.stamps
    available = {currency: page.available(currency, at) for currency in asked}
    fields: dict[str, Any] = {}
    if live.needs.more:
        zone, purchased_at = known.program.time_zone, incoming.sent.purchased_at
        bases = known.bases if known.ladders else None
        fields = knowing.told(live.needs, customer, party.facts, party.done, purchased_at, zone, bases)
    return Standing(
        member=True,
        may_spend=customer.member is not None and customer.role != "earner",
        purchases=party.purchases,
        available=spending.within_limit(incoming, customer, known, party.spent_of, available),
        **fields,
    )


def _short(incoming: Incoming, outcome: Outcome, standing: Standing) -> list[Warned]:
    if not outcome.short:
        return []
    if incoming.sent.pricing == "as_sold":
        return [
            Warned("insufficient_points", f"{amount} {currency} were no longer there.", amount)
            for currency, amount in outcome.short.items()
        ]
    currency, missing = next(iter(outcome.short.items()))
    place = next(i for i, spend in enumerate(incoming.sent.spend) if spend.currency == currency)
    available = standing.available.get(currency, 0) if standing.may_spend else 0
    raise InsufficientPoints(
        f"{available} {currency} are available, {missing} fewer than asked for; nothing was written.",
        errors=[Fault(f"/spend/{place}/amount", f"only {available} are available", "insufficient_points")],
        extra={"available": available, "currency": currency},
    )


def _proof_matters(known: Known, outcome: Outcome) -> bool:
    """Whether something is spent that is worth something: stamps are taken as a discount is given."""
    return any(not known.rules.currencies[spent.currency].stamps for spent in outcome.spent)


def _require_proof(incoming: Incoming, known: Known, party: Party, outcome: Outcome, at: datetime) -> None:
    if not _proof_matters(known, outcome) or incoming.sent.pricing == "as_sold" or incoming.proved:
        return
    settings, customer = known.program.settings, party.customer
    lock = customer.spending_locked_until if customer is not None else None
    if lock is not None and lock > at and not incoming.unlocked:
        raise SpendingInDoubt(math.ceil((lock - at).total_seconds()))
    if customer is not None and customer.unproved and settings.confirm_before_spending:
        raise ProofRequired(
            "This member's phone or email was not confirmed yet; a code that is sent to it does.",
            extra={"kinds": ["otp"], "unconfirmed": True},
        )
    by_phone = incoming.key.kind in ("phone", "email") or (
        incoming.key.kind == "member" and not incoming.caller.scopes & {"manage", "issuer"}
    )
    if by_phone and settings.proof_for_phone:
        raise ProofRequired(
            "A phone number or email recognises a member but does not prove who spends.",
            extra={"kinds": ["otp", "dynamic", "pin"]},
        )
    limit = settings.proof_above_a_day
    if incoming.key.kind != "card" or limit is None:
        return
    if party.spent_today + _worth_spent(incoming, known, outcome) > limit:
        raise ProofRequired(
            "More than the program allows a day with a card alone.",
            extra={"kinds": ["otp", "dynamic", "pin"]},
        )


def _kept_lines(incoming: Incoming, outcome: Outcome, known: Known) -> tuple[KeptLine, ...]:
    """The lines with their share of each rate's tax, by largest remainder on what is taxed."""
    reduced = [0] * len(outcome.lines)
    if known.rules.points_as == "price_reduction":
        for spent in outcome.spent:
            reduced = [a + b for a, b in zip(reduced, spent.line_worth, strict=True)]
    taxed = [line.net - points for line, points in zip(outcome.lines, reduced, strict=True)]
    tax = [0] * len(taxed)
    for of_rate in outcome.taxes:
        places = [i for i, line in enumerate(incoming.lines) if line.tax_rate == of_rate.rate]
        for place, part in zip(places, allocate(of_rate.tax, [taxed[i] for i in places]), strict=True):
            tax[place] = part
    return tuple(
        [
            KeptLine(
                line.number, sent.quantity, line.gross, line.discount, line.net, part, _kept_pieces(line)
            )
            for line, sent, part in zip(outcome.lines, incoming.lines, tax, strict=True)
        ]
    )


def _kept_pieces(line: LineOutcome) -> tuple[KeptPiece, ...]:
    return tuple([KeptPiece(piece.quantity, piece.gross, piece.net) for piece in line.pieces])


def _totals(incoming: Incoming, known: Known, outcome: Outcome, by_card: int) -> Totals:
    with_points = outcome.payable + outcome.paid_with_points + outcome.points_reduction
    counted = with_points if known.program.settings.turnover_counts == "paid_and_points" else outcome.payable
    # The charge for delivery is no turnover: it does not come back with goods.
    counted -= outcome.delivery - sum([award.amount for award in outcome.delivery_awards])
    points = known.program.points
    main = points.code if points else ""
    return Totals(
        gross=outcome.gross,
        discount=outcome.discount,
        paid_with_points=outcome.paid_with_points + outcome.points_reduction,
        payable=outcome.payable - by_card,
        turnover=incoming.rate.half_up(counted) if incoming.rate else counted,
        earned=sum(e.amount for e in outcome.earned if e.currency == main),
        spent=sum(s.amount for s in outcome.spent if s.currency == main),
    )


def _differences(
    live: Live, asked: Basket, standing: Standing, known: Known, sold: Outcome
) -> tuple[Difference, ...]:
    ours = engine.evaluate(
        live, structs.replace(asked, as_sold=False, sold_discounts=(), spend=()), standing, known.rules
    )
    return tuple(
        Difference(line.number, line.discount, other.discount)
        for line, other in zip(sold.lines, ours.lines, strict=True)
        if line.discount != other.discount
    )


def _activated(party: Party, asked: Basket, known: Known) -> frozenset[UUID]:
    """Offers that this purchase activates: of a recognised member, for good."""
    if not asked.offers or party.customer is None or party.customer.member is None:
        return frozenset()
    return known.live.offers.intersection(asked.offers)


def _move_on(incoming: Incoming, party: Party, known: Known, outcome: Outcome, done: Done) -> None:
    """The standing that this purchase leaves is what the party's next one in the batch starts from."""
    party.purchases += 1
    party.done.append(done)
    party.spent_today += _worth_spent(incoming, known, outcome)
    spending.moved_on(party.spent_of, party.customer, outcome.spent)


def _worth_spent(incoming: Incoming, known: Known, outcome: Outcome) -> int:
    """What the points that were spent are worth in base money; those that a promotion costs, by their currency."""
    if not outcome.spent:
        return 0
    worth = sum([spent.worth for spent in outcome.spent])
    prices = [s for s in outcome.spent if s.promotion is not None]
    return (incoming.rate.half_up(worth) if incoming.rate else worth) + sum(
        [known.program.currencies[price.currency].worth.half_up(price.amount) for price in prices]
    )


def _without_identity(incoming: Incoming) -> PurchaseRequest:
    spend = gift_tender.without_codes(incoming.sent.spend) if incoming.tenders else incoming.sent.spend
    return structs.replace(
        incoming.sent, card=None, phone=None, email=None, member=None, proof=None, expect=None, spend=spend
    )
