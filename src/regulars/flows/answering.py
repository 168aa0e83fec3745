"""Words a decided purchase: the answer that a till gets, with its refusals, messages and the member's balance. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec import UNSET, structs

from regulars import ids
from regulars.flows.claims import RefusedCode
from regulars.flows.incoming import Incoming, chosen_offer
from regulars.flows.known_programs import Known
from regulars.i18n import ProgramWords
from regulars.ledger.page import Page
from regulars.members.model import Customer
from regulars.members.vault import Vault
from regulars.promotions import wording
from regulars.promotions.code_text import key_of
from regulars.promotions.index import Live, Promotion
from regulars.promotions.outcome import LineOutcome, Outcome, Refusal, Spent
from regulars.purchases import claiming, documents
from regulars.purchases.kept import KeptEarning
from regulars.purchases.model import (
    AwardView,
    DeliveryView,
    EntitlementView,
    ExpiringView,
    GiftOption,
    GiftView,
    LineView,
    MemberView,
    Messages,
    PieceView,
    PurchaseAnswer,
    RefusalView,
    SpentView,
    TaxView,
    Warned,
)
from regulars.purchases.returning import ReturnAnswer
from regulars.texts import said
from regulars.units import format_quantity, format_rate

Told = TypeVar("Told", PurchaseAnswer, ReturnAnswer)
show_promotion = ids.show_promotion


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
    refused: Sequence[RefusedCode] = (),
) -> PurchaseAnswer:
    """What a preview answers, and what becomes the answer of a written purchase by `finished`."""
    refusals = tuple(
        [_refusal(refusal, live, words, known.program.base_currency) for refusal in outcome.refusals]
        + _refused_codes(incoming, refused, words)
        + _unknown_offers(incoming, known, words)
    )
    stamped = _stamped(live, customer, page, words, at) if live.stamp_cards else ()
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
        lines=_lines(outcome.lines),
        earned=documents.earned_views(earned),
        spent=tuple([_spent(spent) for spent in outcome.spent]),
        issued=(),
        refusals=refusals,
        messages=Messages(
            cashier=(*[refusal.text for refusal in refusals], *_said(outcome, "cashier", words), *stamped),
            receipt=(*_receipt_messages(outcome, live, words), *_said(outcome, "receipt", words), *stamped),
        ),
        member=member_view(known, customer, page, at),
        warnings=tuple(warnings),
        delivery=_delivery(outcome) if outcome.delivery else UNSET,
        gifts=_gifts(outcome) or UNSET,
        entitlements=_entitlements(outcome) or UNSET,
    )


def _spent(spent: Spent) -> SpentView:
    promotion = UNSET if spent.promotion is None else show_promotion(spent.promotion)
    return SpentView(spent.currency, spent.amount, spent.worth, promotion)


def _delivery(outcome: Outcome) -> DeliveryView:
    awards = [
        AwardView(show_promotion(a.promotion), a.revision, a.kind, a.amount) for a in outcome.delivery_awards
    ]
    off = sum([award.amount for award in awards])
    return DeliveryView(outcome.delivery, off, outcome.delivery - off, tuple(awards))


def _gifts(outcome: Outcome) -> tuple[GiftView, ...]:
    """What is given away; of several options the customer has not chosen yet."""
    return tuple(
        [
            GiftView(
                show_promotion(grant.promotion),
                len(grant.options) == 1,
                tuple([GiftOption(one.sku, one.name, one.quantity) for one in grant.options]),
            )
            for grant in outcome.grants
            if grant.kind == "gift"
        ]
    )


def _entitlements(outcome: Outcome) -> tuple[EntitlementView, ...]:
    return tuple(
        [
            EntitlementView(show_promotion(grant.promotion), grant.code, grant.count, grant.days)
            for grant in outcome.grants
            if grant.kind == "entitlement"
        ]
    )


def _said(outcome: Outcome, to: str, words: ProgramWords) -> list[str]:
    """What promotions say that say something: in the customer's language, else in the first that there is."""
    return [
        said(grant.text, words.language)
        for grant in outcome.grants
        if grant.kind == "message" and grant.to == to
    ]


def _lines(lines: Sequence[LineOutcome]) -> tuple[LineView, ...]:
    """All lines. Their awards share the few ids of the promotions that applied, so each is looked up once."""
    shown: dict[int, str] = {}
    for line in lines:
        for award in line.awards:
            if id(award.promotion) not in shown:
                shown[id(award.promotion)] = show_promotion(award.promotion)
    return tuple([_line(line, shown) for line in lines])


def _line(line: LineOutcome, shown: dict[int, str]) -> LineView:
    awards = [AwardView(shown[id(a.promotion)], a.revision, a.kind, a.amount) for a in line.awards]
    view = LineView(line.number, line.gross, line.discount, line.net, tuple(awards))
    if not line.pieces:
        return view
    pieces = [
        PieceView(number, format_quantity(piece.quantity), piece.gross, piece.net)
        for number, piece in enumerate(line.pieces, 1)
    ]
    return structs.replace(view, pieces=tuple(pieces))


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


def with_claim_code(answer: PurchaseAnswer, purchase: UUID, vault: Vault) -> PurchaseAnswer:
    """An anonymous purchase with the code by which a member may claim it; made from its id, so nothing is kept."""
    if answer.member is not None:
        return answer
    return structs.replace(answer, claim_code=claiming.code_of(claim_key(vault), purchase))


def claim_key(vault: Vault) -> bytes:
    """The secret of a program's claim codes."""
    return key_of(vault.keyring.secret, vault.program)


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


def _refused_codes(
    incoming: Incoming, refused: Sequence[RefusedCode], words: ProgramWords
) -> list[RefusalView]:
    """Codes that give nothing: said, never passed over in silence."""
    if not refused or incoming.sent.pricing == "as_sold":
        return []
    return [
        RefusalView(None, r.code, r.reason, {}, _why(r.reason, words).format(code=r.code)) for r in refused
    ]


def _unknown_offers(incoming: Incoming, known: Known, words: ProgramWords) -> list[RefusalView]:
    """Offers that lead to no live promotion which has to be chosen."""
    if not incoming.sent.offers:
        return []
    text = words.gettext("There is no offer {offer} here")
    unknown = [offer for offer in incoming.sent.offers if not _may_be_chosen(chosen_offer(offer), known.live)]
    return [RefusalView(None, offer, "offer_unknown", {}, text.format(offer=offer)) for offer in unknown]


def _may_be_chosen(offer: UUID | None, live: Live) -> bool:
    """Whether a promotion waits for being chosen: by its condition, or because it has a price in points."""
    promotion = live.by_id.get(offer) if offer is not None else None
    return promotion is not None and (promotion.id in live.offers or bool(promotion.prices))


def _why(reason: str, words: ProgramWords) -> str:
    """The sentence for a code that gives nothing; {code} is left to be filled."""
    return {
        "code_unknown": words.gettext("The code {code} is not known here"),
        "code_used": words.gettext("The code {code} was used already"),
        "code_expired": words.gettext("The code {code} has expired"),
        "code_of_another": words.gettext("The code {code} belongs to another member"),
        "code_not_yet_valid": words.gettext("The code {code} is not valid yet"),
        "code_without_offer": words.gettext("There is no offer for the code {code} now"),
        "member_required": words.gettext("The code {code} needs a card or a phone number"),
        "limit_reached": words.gettext("No more codes of this kind may be used: {code}"),
        "contended": words.gettext("The code {code} is being used at another till"),
    }[reason]


def _stamped(
    live: Live, customer: Customer | None, page: Page | None, words: ProgramWords, at: datetime
) -> tuple[str, ...]:
    """How full her stamp cards are after this purchase."""
    if customer is None or page is None:
        return ()
    found: list[str] = []
    for promotion in live.stamp_cards:
        price = promotion.prices[0]
        have = min(price.points, page.available(price.currency, at))
        text = words.ngettext("{name}: {n} of {total} stamps", "{name}: {n} of {total} stamps", have)
        found.append(text.format(name=promotion.name(words.language), n=have, total=price.points))
    return tuple(found)


def _receipt_messages(outcome: Outcome, live: Live, words: ProgramWords) -> tuple[str, ...]:
    """What the promotions that applied have to say, each once."""
    if not live.messages:
        return ()
    applied = dict.fromkeys(
        [award.promotion for line in outcome.lines for award in line.awards]
        + [award.promotion for award in outcome.delivery_awards]
        + [earning.promotion for earning in outcome.earned]
        + [grant.promotion for grant in outcome.grants]
    )
    texts = [
        live.messages[promotion].get(words.language) for promotion in applied if promotion in live.messages
    ]
    return tuple([text for text in texts if text])
