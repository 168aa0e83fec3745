"""Ties the money on a gift card to the line of a receipt that paid for it: once, and off the card with a return."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import GiftCardSold, GiftCardSpent, InvalidValue, StateConflict
from regulars.flows.gift_tender import currency_of
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.open_purchase import Opened, open_purchase, require_place
from regulars.ledger import book
from regulars.ledger.model import PostingKind
from regulars.programs.model import Caller
from regulars.purchases.journal import Purchase
from regulars.purchases.plan import ReturnPlan
from regulars.rewards import selling
from regulars.rewards.selling import Sale
from regulars.units import ONE


class Seller(Struct, frozen=True):
    """Who sells, and what is needed to look at the receipt."""

    programs: KnownPrograms
    caller: Caller

    @property
    def needs_receipt(self) -> bool:
        """A till's key puts money on a card only for money that it took."""
        return "manage" not in self.caller.scopes


class PaidWith(Struct, frozen=True):
    """The line of a receipt that paid for money on a card."""

    purchase: UUID
    line: int


class PaidLine(Struct, frozen=True):
    """A line of a receipt that was paid."""

    opened: Opened
    sku: str
    worth: int
    """What was paid for it with its tax, minor units of base money."""


class Posted(Struct, frozen=True):
    """How a return, or a voiding, stands in the books."""

    kind: PostingKind
    effective_at: datetime
    at: datetime
    actor: str
    reason: str
    partner: UUID


def paid_with(seller: Seller, purchase: str | None, line: int | None) -> PaidWith | None:
    """What was said of the receipt. Raises InvalidValue without one where one is needed."""
    if purchase is None and line is None:
        if seller.needs_receipt:
            raise InvalidValue("/purchase", "a till says which line of which receipt paid for the card")
        return None
    if purchase is None or line is None:
        raise InvalidValue("/line", "goes with the purchase, and only with it")
    return PaidWith(ids.read("pur", purchase, "/purchase"), line)


async def receipt_of(
    tx: Transaction, seller: Seller, program: UUID, paid: PaidWith, amount: int, at: datetime
) -> Purchase:
    """The receipt, its pool locked.

    Raises NotFound; InvalidValue where its line does not pay for so much of a gift card; StateConflict where it was not
    recorded, or came back.
    """
    line = await paid_line(tx, seller, program, paid, at)
    if line.sku not in line.opened.known.program.settings.gift_card_skus:
        raise InvalidValue("/line", "is no gift card of this receipt")
    if amount > line.worth:
        raise InvalidValue("/amount", f"only {line.worth} were paid for it")
    return line.opened.purchase


async def paid_line(tx: Transaction, seller: Seller, program: UUID, paid: PaidWith, at: datetime) -> PaidLine:
    """The line that pays for something; its receipt's pool is locked.

    Raises NotFound; InvalidValue where there is no such line of one piece, paid in base money; StateConflict where the
    receipt was not recorded, or the line came back.
    """
    opened = await open_purchase(tx, seller.programs, program, paid.purchase)
    require_place(seller.caller, opened.purchase)
    if opened.state(at) not in ("recorded", "partly_returned"):
        raise StateConflict("This receipt is held, was voided or came back: nobody has paid for it.")
    document, base = opened.purchase.document, opened.known.program.base_currency
    sent = next((one for one in document.request.lines if one.line == paid.line), None)
    kept = next((one for one in document.lines if one.line == paid.line), None)
    if sent is None or kept is None:
        raise InvalidValue("/line", "is no line of this receipt")
    if any(line.line == paid.line for one in opened.returns for line in one.answer.lines):
        raise StateConflict("This line came back: nobody has paid for it.")
    if kept.quantity != ONE:
        raise InvalidValue("/line", "is not one piece: sell each on a line of its own")
    if document.request.currency not in (None, base):
        raise InvalidValue("/line", f"was not paid in {base}")
    return PaidLine(opened, sent.sku, kept.net + (kept.tax if document.tax_on_top else 0))


async def note(tx: Transaction, program: UUID, paid: PaidWith, card: UUID, amount: int, at: datetime) -> None:
    """Write down that the line paid for the card. Raises GiftCardSold: it did before."""
    if not await selling.note(tx, program, paid.purchase, Sale(paid.line, card, amount, at)):
        raise GiftCardSold


async def take_off(
    tx: Transaction, opened: Opened, plan: ReturnPlan, posted: Posted, *, record: bool
) -> None:
    """What comes back was a gift card: its money goes off the card, unless it is only looked at (not `record`).

    Raises GiftCardSpent where less is on it.
    """
    skus, document = opened.known.program.settings.gift_card_skus, opened.purchase.document
    if not skus:
        return
    back = {line.line for line in plan.lines if line.quantity}
    if not any(line.line in back and line.sku in skus for line in document.request.lines):
        return
    program = opened.known.program
    sales = [one for one in await selling.of(tx, program.id, opened.purchase.id) if one.line in back]
    cards = sorted({one.card for one in sales})
    if record:
        await book.lock(tx, program.id, [ids.home(card) for card in cards], cards)
    pages = await open_pages(tx, program, cards)
    currency = currency_of(program.base_currency)
    for sale in sales:
        page = pages[sale.card]
        if page.available(currency, posted.at) < sale.amount:
            raise GiftCardSpent
        page.begin(
            posted.kind,
            effective_at=posted.effective_at,
            recorded_at=posted.at,
            actor=posted.actor,
            purchase=opened.purchase.id,
            reason=posted.reason,
        )
        page.spend(currency, sale.amount, posted.at, posted.partner)
    if record:
        await book.write(tx, program.id, pages.values())
