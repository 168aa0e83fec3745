"""Decides what gift cards pay of a purchase, and does it to their pages. Pure but for ids.

A gift card is money that was paid before: after discounts and points it pays for goods, as points do not for a
delivery. What it paid earns and counts as turnover like any money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import UNSET, Struct, structs

from regulars import ids
from regulars.errors import Fault, GiftCardUnusable, InsufficientPoints
from regulars.flows import booking
from regulars.flows.incoming import Incoming, Tender, masked
from regulars.flows.known_programs import Known
from regulars.ledger.page import Page
from regulars.promotions.outcome import Outcome
from regulars.purchases.kept import KeptLine, KeptSpend
from regulars.purchases.model import PurchaseAnswer, SpendRequest, SpentView, Warned
from regulars.rewards.gift_cards import GiftCard, Presented
from regulars.units import PPM, allocate, divide_half_up, parse_rate

UNKNOWN = "gift_card_unknown"
Cards = Mapping[UUID, "Card"]
"""By the code that was presented; for a confirmation by the card's id."""
Pages = Mapping[UUID, Page]
"""By the card's id."""


class Card(Struct, frozen=True):
    """A gift card with its page, under the lock of its pool; the page moves on with each purchase of a batch."""

    card: GiftCard
    in_force: bool
    page: Page

    @property
    def usable(self) -> bool:
        """Whether this code may be paid with."""
        return self.in_force and self.card.blocked_at is None

    def holds(self, tender: Tender, at: datetime) -> bool:
        """Whether it still reserves what is confirmed now."""
        return tender.hold is not None and self.page.is_held(tender.hold, at)


class Paid(Struct, frozen=True):
    """What one card pays, in minor units, and how it falls on the lines."""

    tender: Tender
    card: Card
    amount: int
    short: int
    """As sold: what was taken and is not on the card."""
    line_worth: tuple[int, ...]


class Payments(Struct, frozen=True):
    """What gift cards pay of one purchase; of a confirmation also nothing, which frees what was held."""

    paid: tuple[Paid, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @property
    def amount(self) -> int:
        """All of it, in minor units."""
        return sum(one.amount for one in self.paid)


NOTHING_PAID = Payments()
NO_CARDS: Cards = {}


def currency_of(base: str) -> str:
    """The unit of the books of gift cards in a base money; no points currency may be called so."""
    return f"GIFT_{base}"


def found_cards(presented: Mapping[UUID, Presented], pages: Mapping[UUID, Page]) -> dict[UUID, Card]:
    """The cards of codes, with their pages."""
    return {code: Card(one.card, one.in_force, pages[one.card.id]) for code, one in presented.items()}


def pay(
    incoming: Incoming, cards: Cards, lines: Sequence[KeptLine], outcome: Outcome, known: Known, at: datetime
) -> Payments:
    """What the purchase's cards pay of what is left of each line after discounts and points, never more.

    Raises GiftCardUnusable for a code that is unknown or blocked and InsufficientPoints where
    less is on the card; as sold both become warnings.
    """
    if not incoming.tenders:
        return NOTHING_PAID
    as_sold = incoming.sent.pricing == "as_sold"
    currency, rest = currency_of(known.program.base_currency), _left(incoming, lines, outcome, known)
    paid: list[Paid] = []
    warnings: list[Warned] = []
    for tender in incoming.tenders:
        card = cards.get(tender.code)
        if card is None or not (card.usable or card.holds(tender, at)):
            problem = _unusable(tender, card)
            if not as_sold:
                raise problem
            warnings.append(Warned(problem.errors[0].code, problem.detail))
            if card is None:
                continue
        payable = _payable(incoming, card.card, rest)
        one = _pay_with(tender, card, payable, _available(tender, card, currency, at), as_sold)
        if one.short:
            warnings.append(
                Warned(
                    "insufficient_points", f"{one.short} on {tender.shown} were no longer there.", one.short
                )
            )
        rest = [a - b for a, b in zip(rest, one.line_worth, strict=True)]
        paid.append(one)
    return Payments(tuple([one for one in paid if one.amount or one.tender.hold]), tuple(warnings))


def _left(incoming: Incoming, lines: Sequence[KeptLine], outcome: Outcome, known: Known) -> list[int]:
    """What is left to pay of each line, with its tax; nothing of a gift card, which no other one pays for."""
    outside = not known.rules.prices_include_tax
    left = [line.net + (line.tax if outside else 0) for line in lines]
    for spent in outcome.spent:
        left = [rest - worth for rest, worth in zip(left, spent.line_worth, strict=True)]
    sold = known.program.settings.gift_card_skus
    return [
        0 if line.sent.sku in sold else max(0, rest) for line, rest in zip(incoming.lines, left, strict=True)
    ]


def _available(tender: Tender, card: Card, currency: str, at: datetime) -> int:
    """What may be paid with the card: of a hold that is confirmed what it reserved, else what is on the card."""
    if tender.hold is not None and card.page.is_held(tender.hold, at):
        return card.page.held(tender.hold).get(currency, 0)
    return card.page.available(currency, at)


def _pay_with(tender: Tender, card: Card, payable: Sequence[int], available: int, as_sold: bool) -> Paid:
    most = sum(payable)
    wanted = min(available if tender.amount is None else tender.amount, most)
    short = max(0, wanted - available)
    if short and not as_sold:
        raise InsufficientPoints(
            f"{available} are on the gift card {tender.shown}, {short} fewer than asked for; nothing was written.",
            errors=[
                Fault(f"/spend/{tender.place}/amount", f"only {available} are on it", "insufficient_points")
            ],
            extra={"available": available, "gift_card": tender.shown},
        )
    parts = allocate(wanted, payable) if wanted else [0] * len(payable)
    return Paid(tender, card, wanted, short, tuple(parts))


def _payable(incoming: Incoming, card: GiftCard, rest: Sequence[int]) -> list[int]:
    """What is left of the lines that the card may pay for: a single-purpose one for goods of its tax rate."""
    if card.purpose == "multi":
        return list(rest)
    rate = parse_rate(card.tax_rate)
    return [part if line.tax_rate == rate else 0 for part, line in zip(rest, incoming.lines, strict=True)]


def _unusable(tender: Tender, card: Card | None) -> GiftCardUnusable:
    pointer = f"/spend/{tender.place}/gift_card"
    if card is None or not card.in_force:
        return GiftCardUnusable(errors=[Fault(pointer, "leads to no gift card", UNKNOWN)])
    return GiftCardUnusable(
        "This gift card is blocked; nothing was written.",
        errors=[Fault(pointer, "is blocked", "gift_card_blocked")],
    )


def book(
    incoming: Incoming,
    payments: Payments,
    known: Known,
    at: datetime,
    purchase: UUID | None,
    hold: UUID | None,
) -> tuple[KeptSpend, ...]:
    """Do it to the cards' pages: hold, capture or spend. What the purchase keeps of it."""
    base, partner = known.program.base_currency, incoming.store.partner
    currency = currency_of(base)
    kept: list[KeptSpend] = []
    for one in payments.paid:
        page, tender = one.card.page, one.tender
        held = None
        amounts = {currency: one.amount - one.short} if one.amount > one.short else {}
        if hold is not None:
            held = ids.new(page.home)
            page.hold(held, purchase, amounts, at, at + booking.hold_time(incoming, known))
        else:
            booking.begin(page, incoming, at, purchase)
            if tender.hold is not None and page.is_held(tender.hold, at):
                page.capture(tender.hold, amounts, at, partner)
            elif amounts:
                page.spend(currency, one.amount - one.short, at, partner)
            if one.short:
                page.shortfall(currency, one.short, partner)
        if one.amount:
            kept.append(
                KeptSpend(
                    base, one.amount, one.amount, one.line_worth, one.line_worth,
                    gift_card=one.card.card.id, hold=held, shown=tender.shown,
                )
            )  # fmt: skip
    return tuple(kept)


def with_payments(answer: PurchaseAnswer, payments: Payments, base: str, at: datetime) -> PurchaseAnswer:
    """The answer with what gift cards pay of it; they are not booked yet."""
    currency = currency_of(base)
    views = tuple(
        [
            SpentView(
                base,
                one.amount,
                one.amount,
                gift_card=one.tender.shown,
                tax_within=tax_within(one.card.card, one.amount) or UNSET,
                left=_left_on(one, currency, at),
            )
            for one in payments.paid
            if one.amount
        ]
    )
    return structs.replace(
        answer,
        spent=(*answer.spent, *views),
        payable=answer.payable - payments.amount,
        paid_with_gift_cards=payments.amount,
    )


def _left_on(one: Paid, currency: str, at: datetime) -> int:
    """What stays on the card; of a confirmation with what its hold frees."""
    free = one.card.page.available(currency, at)
    if one.card.holds(one.tender, at):
        free += _available(one.tender, one.card, currency, at)
    return max(0, free - one.amount)


def tax_within(card: GiftCard, amount: int) -> int:
    """The tax in an amount of a single-purpose card, which was due when it was sold; 0 of a multi-purpose one."""
    if card.purpose == "multi":
        return 0
    rate = parse_rate(card.tax_rate)
    return divide_half_up(amount * rate, PPM + rate)


def without_codes(spends: Sequence[SpendRequest]) -> tuple[SpendRequest, ...]:
    """As they may be kept: a code is money for whoever reads it."""
    return tuple(
        [
            spend if spend.gift_card is None else structs.replace(spend, gift_card=masked(spend.gift_card))
            for spend in spends
        ]
    )


def used(incoming: Incoming, cards: Cards) -> list[Page]:
    """The pages of the cards that a purchase named."""
    return [cards[tender.code].page for tender in incoming.tenders if tender.code in cards]


# what is held -------------------------------------------------------------------------------------------------


def held(kept: Sequence[KeptSpend]) -> tuple[Tender, ...]:
    """What the gift cards of a held purchase are to pay when it is confirmed, each found by its id."""
    return tuple(
        [
            Tender(place, spend.gift_card, spend.shown, spend.amount, spend.hold)
            for place, spend in enumerate(kept)
            if spend.gift_card is not None
        ]
    )


def capture(
    incoming: Incoming, kept: Sequence[KeptSpend], pages: Pages, known: Known, at: datetime, purchase: UUID
) -> None:
    """A purchase is confirmed as it was held: what the cards reserved is spent."""
    currency = currency_of(known.program.base_currency)
    for spend in kept:
        if spend.gift_card is not None and spend.hold is not None:
            page = pages[spend.gift_card]
            booking.begin(page, incoming, at, purchase)
            page.capture(spend.hold, {currency: spend.amount}, at, incoming.store.partner)


def release(kept: Sequence[KeptSpend], pages: Pages, at: datetime) -> None:
    """End the holds of a purchase; those whose time is over lapse."""
    for spend in kept:
        if spend.gift_card is not None and spend.hold is not None:
            page = pages[spend.gift_card]
            if page.is_held(spend.hold, at):
                page.release(spend.hold, at)
            else:
                page.lapse(at)
