"""Ties a pack, or a period of a membership, to the line of a receipt that paid for it: once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import InvalidValue, StateConflict
from regulars.flows.gift_sales import PaidLine, PaidWith, Seller, paid_line
from regulars.flows.open_purchase import Opened
from regulars.members.model import Member
from regulars.purchases.returning import ReturnLine
from regulars.rewards import prepaid_sales, selling
from regulars.rewards.prepaid_sales import Kind, Sale
from regulars.units import parse_quantity

ShownId = Annotated[str, Meta(max_length=64)]
LineNumber = Annotated[int, Meta(ge=1, le=100_000)]


def named(paid: PaidWith) -> str:
    """The reference of the payment: which line of which receipt."""
    return f"{ids.show('pur', paid.purchase)}/{paid.line}"


def paid_by(reference: str | None, purchase: str | None, line: int | None) -> PaidWith | None:
    """The line that was named; None: the payment has a reference of its own, or there was none. Raises InvalidValue."""
    if purchase is None and line is None:
        return None
    if purchase is None or line is None:
        raise InvalidValue("/line", "goes with the purchase, and only with it")
    if reference is not None:
        raise InvalidValue("/reference", "goes with no purchase: the receipt is the reference")
    return PaidWith(ids.read("pur", purchase, "/purchase"), line)


def require_receipt(seller: Seller | None, sku: str | None) -> None:
    """What has an article a till's key sells only for money that the till took. Raises InvalidValue."""
    if sku is not None and seller is not None and seller.needs_receipt:
        raise InvalidValue("/purchase", "a till says which line of which receipt paid for it")


async def line_for(
    tx: Transaction, seller: Seller | None, program: UUID, paid: PaidWith, sku: str | None, at: datetime
) -> PaidLine:
    """The line, its receipt's pool locked. Raises NotFound, InvalidValue, StateConflict: see `paid_line`."""
    if seller is None or sku is None:
        raise InvalidValue("/purchase", "pays for nothing that has no article")
    line = await paid_line(tx, seller, program, paid, at)
    if line.sku != sku:
        raise InvalidValue("/line", f"is not the article {sku}")
    return line


async def note_sale(
    tx: Transaction,
    program: UUID,
    member: Member,
    paid: PaidWith,
    line: PaidLine,
    kind: Kind,
    what: UUID,
    at: datetime,
) -> None:
    """Write down what the line paid for.

    Raises InvalidValue where the receipt is not hers, StateConflict where the line has paid for something before.
    """
    if line.opened.customer is None or line.opened.page.pool != member.pool:
        raise InvalidValue("/purchase", "is not a receipt of this member")
    sale = Sale(paid.line, kind, what, line.worth, at)
    if not await prepaid_sales.note(tx, program, paid.purchase, sale):
        raise StateConflict("This line of the receipt has paid for something already.")


async def require_whole(tx: Transaction, opened: Opened, coming: Sequence[ReturnLine]) -> None:
    """A line that paid for a gift card, a pack or a membership comes back with all of it. Raises InvalidValue.

    A part of its money would take the whole of what was sold away.
    """
    bought = {line.line: line.quantity for line in opened.purchase.document.lines}
    parts = {
        line.line: place
        for place, line in enumerate(coming)
        if parse_quantity(line.quantity) < bought.get(line.line, 0)
    }
    if not parts:
        return
    program, purchase = opened.known.program.id, opened.purchase.id
    sales = (
        *await selling.of(tx, program, purchase),
        *await prepaid_sales.of(tx, program, purchase),
    )
    for sale in sales:
        if sale.line in parts:
            raise InvalidValue(
                f"/lines/{parts[sale.line]}/quantity",
                "comes back as a whole: it paid for a gift card, a pack or a membership",
            )
