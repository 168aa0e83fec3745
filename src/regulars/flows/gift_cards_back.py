"""Gives money back to gift cards when goods that they paid for come back: to the very lots, with their dates."""

from __future__ import annotations

from regulars.db.pool import Transaction
from regulars.flows.gift_sales import Posted, take_off
from regulars.flows.gift_tender import currency_of
from regulars.flows.open_purchase import Opened
from regulars.ledger import book
from regulars.purchases.plan import ReturnPlan
from regulars.purchases.returning import CardBackView


async def gift_cards_back(
    tx: Transaction, opened: Opened, plan: ReturnPlan, posted: Posted, *, record: bool
) -> tuple[CardBackView, ...]:
    """Do it to the pages of the cards. What an as-sold receipt took that was not there, nobody gets back.

    `record`: a preview does not write.

    Raises GiftCardSpent where a gift card that was sold comes back and was used.
    """
    await take_off(tx, opened, plan, posted, record=record)
    program, purchase = opened.known.program, opened.purchase.id
    currency, settings = currency_of(program.base_currency), program.settings
    given: list[CardBackView] = []
    for spend in plan.spends:
        if spend.gift_card is None:
            continue
        page = opened.cards[spend.gift_card]
        drawn = (await book.of_purchase(tx, program.id, page, purchase)).spent.get(currency, ())
        amount = min(spend.amount, sum(draw.amount for draw in drawn))
        if amount:
            page.begin(
                posted.kind,
                effective_at=posted.effective_at,
                recorded_at=posted.at,
                actor=posted.actor,
                purchase=purchase,
                reason=posted.reason,
            )
            page.give_back(
                currency,
                drawn,
                amount,
                posted.at,
                expired=settings.expired_points_on_return,
                grace_days=settings.grace_days,
                partner=posted.partner,
            )
        given.append(CardBackView(spend.shown, amount))
    return tuple(given)
