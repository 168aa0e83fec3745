"""Words a decided purchase: the answer that a till gets, with its refusals, messages and the member's balance. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from msgspec import UNSET, structs

from regulars import ids
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.i18n import ProgramWords
from regulars.ledger.page import Page
from regulars.members.model import Customer
from regulars.promotions import wording
from regulars.promotions.index import Live, Promotion
from regulars.promotions.model import LineOutcome, Outcome, Refusal
from regulars.purchases.model import (
    AwardView,
    EarnedView,
    ExpiringView,
    KeptEarning,
    LineView,
    MemberView,
    Messages,
    PurchaseAnswer,
    RefusalView,
    ReturnAnswer,
    SpentView,
    TaxView,
    Warned,
)
from regulars.units import format_rate

Told = TypeVar("Told", PurchaseAnswer, ReturnAnswer)
show_promotion: Callable[[UUID], str] = lru_cache(maxsize=20_000)(
    lambda promotion: ids.show("prm", promotion)
)


def answer_of(
    incoming: Incoming,
    known: Known,
    live: Live,
    customer: Customer | None,
    page: Page | None,
    outcome: Outcome,
    earned: Sequence[KeptEarning],
    warnings: Sequence[Warned],
    words: ProgramWords,
    at: datetime,
) -> PurchaseAnswer:
    """What a preview answers, and what becomes the answer of a written purchase by `finished`."""
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
        taxes=tuple([TaxView(format_rate(tax.rate), tax.base, tax.tax) for tax in outcome.taxes]),
        lines=tuple([_line(line) for line in outcome.lines]),
        earned=tuple(_earned(earned)),
        spent=tuple([SpentView(s.currency, s.amount, s.worth) for s in outcome.spent]),
        issued=(),
        refusals=refusals,
        messages=Messages(
            cashier=tuple(refusal.text for refusal in refusals),
            receipt=_receipt_messages(outcome, live, words),
        ),
        member=member_view(known, customer, page, at),
        warnings=tuple(warnings),
    )


def _line(line: LineOutcome) -> LineView:
    awards = [AwardView(show_promotion(a.promotion), a.revision, a.kind, a.amount) for a in line.awards]
    return LineView(line.number, line.gross, line.discount, line.net, tuple(awards))


def _earned(earned: Sequence[KeptEarning]) -> list[EarnedView]:
    """One for each promotion and line."""
    views: list[EarnedView] = []
    for one in earned:
        promotion = show_promotion(one.promotion)
        currency, active_at, expires_at = one.currency, one.active_at, one.expires_at
        views += [
            EarnedView(currency, amount, promotion, line, active_at, expires_at)
            for line, amount in zip(one.lines, one.amounts, strict=True)
        ]
    return views


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
    plain = re.sub(r"\([^)]*\)", " ", name) if "(" in name else name
    parts = plain.split() or [""]
    return f"{parts[0]} {parts[-1][0]}." if len(parts) > 1 else parts[0]


def _refusal(refusal: Refusal, live: Live, words: ProgramWords, currency: str) -> RefusalView:
    promotion = live.by_id[refusal.promotion]
    name = promotion.name(words.language)
    return RefusalView(
        promotion=show_promotion(refusal.promotion),
        name=name,
        code=refusal.code,
        missing=refusal.missing,
        text=wording.refusal_sentence(refusal, _gives(promotion, words, currency), words),
    )


def _gives(promotion: Promotion, words: ProgramWords, currency: str) -> str:
    """What a promotion gives; worded once for each language, as its revision and the program's names do not change."""
    key = (promotion.id, promotion.revision)
    text = words.remembered.get(key)
    if text is None:
        text = words.remembered[key] = wording.benefits_text(promotion.benefits, words, currency)
    return text


def _unknown_codes(incoming: Incoming, words: ProgramWords) -> list[RefusalView]:
    """Codes and offers that lead to nothing in this program: said, never passed over in silence."""
    if not incoming.sent.codes and not incoming.sent.offers:
        return []
    unknown = words.gettext("The code {code} is not known here")
    sent = [("code_unknown", code) for code in incoming.sent.codes]
    sent += [("offer_unknown", offer) for offer in incoming.sent.offers]
    return [RefusalView(None, code, kind, {}, unknown.format(code=code)) for kind, code in sent]


def _receipt_messages(outcome: Outcome, live: Live, words: ProgramWords) -> tuple[str, ...]:
    """What the promotions that applied have to say, each once."""
    if not live.messages:
        return ()
    applied = dict.fromkeys(
        [award.promotion for line in outcome.lines for award in line.awards]
        + [earning.promotion for earning in outcome.earned]
    )
    texts = [
        live.messages[promotion].get(words.language) for promotion in applied if promotion in live.messages
    ]
    return tuple([text for text in texts if text])
