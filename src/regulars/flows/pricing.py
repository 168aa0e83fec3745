"""Decides one purchase on one standing: prices it, does it to the member's page, and words the answer.

Pure but for ids: nothing here reads the clock or the database, so that preview, record, confirm and explanation
decide alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from msgspec import UNSET, Struct, structs

from regulars import clock, ids
from regulars.errors import (
    CardBlocked,
    CardUnassigned,
    Fault,
    InsufficientPoints,
    NotFound,
    PriceChanged,
    ProofRequired,
)
from regulars.flows import words as program_words
from regulars.flows.incoming import Incoming, basket
from regulars.flows.known_programs import Known
from regulars.i18n import ProgramWords
from regulars.ledger.page import Page
from regulars.members.model import Customer
from regulars.programs.model import CurrencySpec
from regulars.promotions import engine, wording
from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Earning, Outcome, Refusal, Standing, Validity
from regulars.purchases import documents
from regulars.purchases.journal import Row, Totals
from regulars.purchases.model import (
    AwardView,
    Difference,
    Document,
    EarnedView,
    ExpiringView,
    KeptEarning,
    KeptLine,
    KeptSpend,
    LineView,
    MemberView,
    Messages,
    PurchaseAnswer,
    PurchaseRequest,
    RefusalView,
    ReturnAnswer,
    SpentView,
    TaxView,
    Warned,
)
from regulars.units import allocate, format_rate

Told = TypeVar("Told", PurchaseAnswer, ReturnAnswer)
UNUSABLE = frozenset({"blocked", "replaced", "closed"})
show_promotion: Callable[[UUID], str] = lru_cache(maxsize=20_000)(
    lambda promotion: ids.show("prm", promotion)
)


class Party(Struct):
    """Whose purchase it is, as it stands when the purchase is decided; moves on with each purchase of a batch."""

    pool: UUID
    home: int
    customer: Customer | None
    page: Page | None
    """None for the preview of an anonymous purchase: it touches no account."""
    purchases: int = 0
    spent_today: int = 0
    """Worth of the points spent on the program's present day, in minor units of base money."""


class Decision(Struct, frozen=True):
    """One decided purchase: what is answered, and what is to be written."""

    answer: PurchaseAnswer
    document: Document
    totals: Totals


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
) -> Decision:
    """Price a purchase and do it to the party's page; `purchase` None for a preview (its page is thrown away).

    `hold`: reserve instead of spending, under this id. For a confirmation: `captured`, the hold that it ends, with
    the promotions (`live`) and the `standing` of then. Raises InsufficientPoints, ProofRequired, PriceChanged; then
    nothing was done to the page.
    """
    if live is None:
        live = known.base_live if incoming.late else known.live
    asked = basket(incoming, known)
    if standing is None:
        standing = _standing(incoming, party, at)
    outcome = engine.evaluate(live, asked, standing, known.rules)
    warnings = [*warnings, *_short(incoming, outcome, standing)]
    if captured is None:
        _require_proof(incoming, known, party, outcome)
    words = known.words[language_of(incoming, party, known)]
    kept_lines = _kept_lines(incoming, outcome, known)
    expected = incoming.sent.expect
    surprised = expected is not None and not (
        expected.payable in (None, outcome.payable)
        and expected.spent in (None, sum(spent.worth for spent in outcome.spent))
    )
    page = party.page
    if surprised and page is not None:
        page = page.copy()
    earned = _earned(incoming, known, outcome, at)
    if page is not None:
        earned = _book(incoming, known, live, page, outcome, earned, at, purchase, hold, captured)
    answer = _answer(incoming, known, live, party, page, outcome, earned, warnings, words, at)
    if incoming.sent.pricing == "as_sold":
        answer = structs.replace(answer, differences=_differences(live, asked, standing, known, outcome))
    if surprised:
        raise PriceChanged(extra={"quote": answer})
    _move_on(incoming, party, outcome)
    document = Document(
        request=_without_identity(incoming),
        language=words.language,
        version=known.version,
        answer=answer,
        lines=kept_lines,
        earned=tuple(earned),
        spent=tuple(
            KeptSpend(s.currency, s.amount, s.worth, s.line_worth, s.line_amount) for s in outcome.spent
        ),
        tax_on_top=not known.rules.prices_include_tax,
        standing=structs.asdict(standing),
        rate=(incoming.rate.numerator, incoming.rate.denominator) if incoming.rate else None,
        late=incoming.late,
    )
    return Decision(answer, document, _totals(incoming, known, outcome))


def language_of(incoming: Incoming, party: Party, known: Known) -> str:
    """The language of the request, else the member's, else the program's."""
    member = party.customer.language if party.customer else ""
    return program_words.chosen(known.program.languages, incoming.language, member)


def row(incoming: Incoming, party: Party, decision: Decision, purchase: UUID, answer: PurchaseAnswer) -> Row:
    """The purchase as it is written."""
    sent, customer = incoming.sent, party.customer
    document = structs.replace(decision.document, answer=without_name(answer))
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


def without_name(answer: Told) -> Told:
    """The answer as it is stored: the member's name is filled in at reading, so that an erasure reaches it."""
    if answer.member is None or not answer.member.name:
        return answer
    return structs.replace(answer, member=structs.replace(answer.member, name=""))


def with_name(answer: Told, customer: Customer | None) -> Told:
    """A stored answer as it is told: with the name of the member whom it names, if that is who was found."""
    shown = answer.member
    if shown is None or shown.id is None or customer is None or customer.member is None:
        return answer
    if shown.id != ids.show("mem", customer.member) or not customer.name:
        return answer
    return structs.replace(answer, member=structs.replace(shown, name=short_name(customer.name)))


def short_name(name: str) -> str:
    """First name and initial: enough to greet somebody, too little to find her. Remarks in brackets are no name."""
    parts = re.sub(r"\([^)]*\)", " ", name).split() or [""]
    return f"{parts[0]} {parts[-1][0]}." if len(parts) > 1 else parts[0]


def _standing(incoming: Incoming, party: Party, at: datetime) -> Standing:
    customer, page = party.customer, party.page
    if customer is None or page is None:
        return Standing()
    asked = {spend.currency for spend in incoming.sent.spend if spend.currency is not None}
    return Standing(
        member=True,
        may_spend=customer.member is not None,
        purchases=party.purchases,
        available={currency: page.available(currency, at) for currency in asked},
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


def _require_proof(incoming: Incoming, known: Known, party: Party, outcome: Outcome) -> None:
    worth = sum(spent.worth for spent in outcome.spent)
    if not worth or incoming.sent.pricing == "as_sold":
        return
    settings = known.program.settings
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
    in_base = incoming.rate.half_up(worth) if incoming.rate else worth
    if party.spent_today + in_base > limit:
        raise ProofRequired(
            "More than the program allows a day with a card alone.",
            extra={"kinds": ["otp", "dynamic", "pin"]},
        )


def _earned(incoming: Incoming, known: Known, outcome: Outcome, at: datetime) -> list[KeptEarning]:
    """One for each promotion and currency, with its share on each line."""
    found: dict[tuple[str, UUID], tuple[Earning, list[int], list[int]]] = {}
    for earning in outcome.earned:
        if not earning.amount:
            continue
        key = (earning.currency, earning.promotion)
        entry = found.get(key)
        if entry is None:
            entry = found[key] = (earning, [], [])
        entry[1].append(earning.line)
        entry[2].append(earning.amount)
    earned = []
    for (code, promotion), (first, lines, amounts) in found.items():
        active_at, expires_at = validity(known.program.currencies[code], first.validity, incoming, known, at)
        earned.append(
            KeptEarning(
                code, promotion, first.revision, None, active_at, expires_at, tuple(lines), tuple(amounts)
            )
        )
    return earned


def validity(
    currency: CurrencySpec, own: Validity | None, incoming: Incoming, known: Known, at: datetime
) -> tuple[datetime, datetime | None]:
    """From when and until when points may be used: days of the program's time zone, the last day included."""
    zone = known.program.time_zone
    earned_on = incoming.sent.purchased_at.astimezone(clock.zone(zone)).date()
    days = currency.active_after_days
    after_days, after_months = currency.expires_after_days, currency.expires_after_months
    if own is not None:
        days = days if own.active_after_days is None else own.active_after_days
        if own.expires_after_days is not None or own.expires_after_months is not None:
            after_days, after_months = own.expires_after_days, own.expires_after_months
    active_at = (
        clock.midnight(earned_on + timedelta(days=days), zone)
        if days
        else min(incoming.sent.purchased_at, at).astimezone(UTC)
    )
    if after_days is not None:
        last = earned_on + timedelta(days=after_days)
    elif after_months is not None:
        last = clock.add_months(earned_on, after_months)
    else:
        return active_at, None
    return active_at, max(clock.midnight(last + timedelta(days=1), zone), active_at + timedelta(seconds=1))


def _book(
    incoming: Incoming,
    known: Known,
    live: Live,
    page: Page,
    outcome: Outcome,
    earned: list[KeptEarning],
    at: datetime,
    purchase: UUID | None,
    hold: UUID | None,
    captured: UUID | None,
) -> list[KeptEarning]:
    """Do the purchase to the page. The earnings with the lots that they went into."""
    short = outcome.short if incoming.sent.pricing == "as_sold" else {}
    amounts = {
        spent.currency: amount
        for spent in outcome.spent
        if (amount := spent.amount - short.get(spent.currency, 0)) > 0
    }
    if hold is not None:
        page.hold(hold, purchase, amounts, at, at + hold_time(incoming, known))
        return earned
    page.begin(
        "purchase",
        effective_at=min(incoming.sent.purchased_at, at),
        recorded_at=at,
        actor=actor(incoming),
        purchase=purchase,
    )
    partner = incoming.store.partner
    if captured is not None:
        page.capture(captured, amounts, at, partner)
    else:
        for currency, amount in amounts.items():
            page.spend(currency, amount, at, partner)
        for currency, amount in short.items():
            page.shortfall(currency, amount, partner)
    return book_earnings(incoming, known, live, page, earned, at, purchase)


def book_earnings(
    incoming: Incoming,
    known: Known,
    live: Live,
    page: Page,
    earned: Iterable[KeptEarning],
    at: datetime,
    purchase: UUID | None,
) -> list[KeptEarning]:
    """One lot for each promotion and currency, in the posting that the page has open. The earnings with their lots."""
    return [
        structs.replace(
            earning,
            lot=page.earn(
                earning.currency,
                earning.amount,
                earned_at=min(incoming.sent.purchased_at, at),
                active_at=earning.active_at,
                expires_at=earning.expires_at,
                issuer=incoming.store.partner,
                funder=known.funder(live.by_id.get(earning.promotion)),
                promotion=earning.promotion,
                revision=earning.revision,
                purchase=purchase,
                unit_cost=known.program.currencies[earning.currency].worth,
            ),
        )
        for earning in earned
    ]


def hold_time(incoming: Incoming, known: Known) -> timedelta:
    """How long a hold of this purchase lasts."""
    return timedelta(seconds=incoming.sent.hold_seconds or known.program.settings.hold_seconds)


def actor(incoming: Incoming) -> str:
    """Who did it, for the books: the key, and the cashier where the till names one."""
    cashier = incoming.sent.cashier
    key = ids.show("key", incoming.caller.key)
    return f"{key}/{cashier}" if cashier else key


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
        KeptLine(
            line=line.number,
            quantity=incoming.lines[place].quantity,
            gross=line.gross,
            discount=line.discount,
            net=line.net,
            tax=tax[place],
        )
        for place, line in enumerate(outcome.lines)
    )


def _totals(incoming: Incoming, known: Known, outcome: Outcome) -> Totals:
    with_points = outcome.payable + outcome.paid_with_points + outcome.points_reduction
    counted = with_points if known.program.settings.turnover_counts == "paid_and_points" else outcome.payable
    points = known.program.points
    main = points.code if points else ""
    return Totals(
        gross=outcome.gross,
        discount=outcome.discount,
        paid_with_points=outcome.paid_with_points + outcome.points_reduction,
        payable=outcome.payable,
        turnover=incoming.rate.half_up(counted) if incoming.rate else counted,
        earned=sum(e.amount for e in outcome.earned if e.currency == main),
        spent=sum(s.amount for s in outcome.spent if s.currency == main),
    )


def _answer(
    incoming: Incoming,
    known: Known,
    live: Live,
    party: Party,
    page: Page | None,
    outcome: Outcome,
    earned: list[KeptEarning],
    warnings: list[Warned],
    words: ProgramWords,
    at: datetime,
) -> PurchaseAnswer:
    refusals = tuple(
        [_refusal(refusal, live, words, known.program.base_currency) for refusal in outcome.refusals]
        + _unknown_codes(incoming, words)
    )
    return PurchaseAnswer(
        status="previewed",
        request=incoming.sent.id,
        currency=incoming.sent.currency,
        gross=outcome.gross,
        discount=outcome.discount,
        points_reduction=outcome.points_reduction,
        paid_with_points=outcome.paid_with_points,
        payable=outcome.payable,
        taxes=tuple(TaxView(format_rate(tax.rate), tax.base, tax.tax) for tax in outcome.taxes),
        lines=tuple(
            LineView(
                line.number,
                line.gross,
                line.discount,
                line.net,
                tuple(
                    AwardView(show_promotion(award.promotion), award.revision, award.kind, award.amount)
                    for award in line.awards
                ),
            )
            for line in outcome.lines
        ),
        earned=tuple(
            EarnedView(e.currency, amount, show_promotion(e.promotion), line, e.active_at, e.expires_at)
            for e in earned
            for line, amount in zip(e.lines, e.amounts, strict=True)
        ),
        spent=tuple(SpentView(s.currency, s.amount, s.worth) for s in outcome.spent),
        issued=(),
        refusals=refusals,
        messages=Messages(
            cashier=tuple(refusal.text for refusal in refusals),
            receipt=_receipt_messages(outcome, live, words),
        ),
        member=member_view(known, party.customer, page, at),
        warnings=tuple(warnings),
    )


def _refusal(refusal: Refusal, live: Live, words: ProgramWords, currency: str) -> RefusalView:
    promotion = live.by_id[refusal.promotion]
    name = promotion.name(words.language)
    return RefusalView(
        promotion=show_promotion(refusal.promotion),
        name=name,
        code=refusal.code,
        missing=refusal.missing,
        text=wording.refusal_text(refusal, name, promotion.benefits, words, currency),
    )


def _unknown_codes(incoming: Incoming, words: ProgramWords) -> list[RefusalView]:
    """Codes and offers that lead to nothing in this program: said, never passed over in silence."""
    unknown = words.gettext("The code {code} is not known here")
    sent = [("code_unknown", code) for code in incoming.sent.codes]
    sent += [("offer_unknown", offer) for offer in incoming.sent.offers]
    return [RefusalView(None, code, kind, {}, unknown.format(code=code)) for kind, code in sent]


def _receipt_messages(outcome: Outcome, live: Live, words: ProgramWords) -> tuple[str, ...]:
    """What the promotions that applied have to say, each once."""
    applied = dict.fromkeys(
        [award.promotion for line in outcome.lines for award in line.awards]
        + [earning.promotion for earning in outcome.earned]
    )
    texts = (live.by_id[promotion].document.message.get(words.language) for promotion in applied)
    return tuple(text for text in texts if text)


def member_view(
    known: Known, customer: Customer | None, page: Page | None, at: datetime
) -> MemberView | None:
    """The customer as a till sees her, after what was done to the page."""
    if customer is None or page is None:
        return None
    points = known.program.points
    balance = page.balance(points.code, at) if points else None
    return MemberView(
        id=ids.show("mem", customer.member) if customer.member else None,
        name=short_name(customer.name) if customer.name else "",
        tier=None,
        available=balance.available if balance else 0,
        expiring=tuple(ExpiringView(e.amount, e.at) for e in balance.expiring[:3]) if balance else (),
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


def _move_on(incoming: Incoming, party: Party, outcome: Outcome) -> None:
    """The standing that this purchase leaves is what the party's next one in the batch starts from."""
    party.purchases += 1
    worth = sum(spent.worth for spent in outcome.spent)
    party.spent_today += incoming.rate.half_up(worth) if incoming.rate else worth


def _without_identity(incoming: Incoming) -> PurchaseRequest:
    return structs.replace(
        incoming.sent, card=None, phone=None, email=None, member=None, proof=None, expect=None
    )


def finished(
    answer: PurchaseAnswer, purchase: UUID, status: str, held_until: datetime | None = None
) -> PurchaseAnswer:
    """The answer of a purchase that is written."""
    return structs.replace(
        answer,
        id=ids.show("pur", purchase),
        status=status,
        held_until=UNSET if held_until is None else held_until,
    )
