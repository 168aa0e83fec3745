"""Reads a receipt: quantities, prices and totals of the lines, all faults of meaning at once. Pure."""

from __future__ import annotations

from msgspec import Struct

from regulars.errors import Fault, Unprocessable
from regulars.purchases.model import PurchaseLine, PurchaseRequest
from regulars.units import AMOUNT_MAX, ONE, QUANTITY_SCALE, divide_half_up, parse_rate, sent_quantity

_DECIMALS_MAX = QUANTITY_SCALE


class ReceiptLine(Struct, frozen=True, gc=False):
    """A line with its amounts as integers: what the engine starts from."""

    sent: PurchaseLine
    quantity: int
    """Thousandths."""
    gross: int
    """Before our discounts, after the till's own mark-down (with `as_sold`: before any discount)."""
    unit_price: int
    tax_rate: int
    """Parts per million."""


def lines(request: PurchaseRequest, *, anonymous_may_spend: bool = False) -> tuple[ReceiptLine, ...]:
    """The lines of a receipt. Raises Unprocessable with every fault of meaning, each with its pointer.

    `anonymous_may_spend`: the receipt is a kept one, whose customer's name was taken off.
    """
    faults: list[Fault] = []
    read: list[ReceiptLine] = []
    seen: set[int] = set()
    for place, line in enumerate(request.lines):
        where = f"/lines/{place}"
        if line.line in seen:
            faults.append(Fault(f"{where}/line", "this line number stands twice"))
        seen.add(line.line)
        found = _line(line, where, request.pricing == "as_sold", faults)
        if found is not None:
            read.append(found)
    faults.extend(_purchase_faults(request, anonymous_may_spend))
    if not faults and sum(line.gross for line in read) > AMOUNT_MAX:
        faults.append(Fault("/lines", "the total is above 10^12"))
    if faults:
        raise Unprocessable(faults[0].pointer + ": " + faults[0].detail, errors=faults)
    return tuple(read)


def _line(line: PurchaseLine, where: str, as_sold: bool, faults: list[Fault]) -> ReceiptLine | None:
    before = len(faults)
    quantity = rate = 0
    try:
        quantity = sent_quantity(line.quantity)
    except ValueError as error:
        faults.append(Fault(f"{where}/quantity", str(error)))
    try:
        rate = parse_rate(line.tax_rate)
    except ValueError as error:
        faults.append(Fault(f"{where}/tax_rate", str(error)))
    if line.gross is None and line.unit_price is None:
        faults.append(Fault(f"{where}/unit_price", "a line gives unit_price or gross", "missing_field"))
    if len(faults) > before:
        return None
    if line.gross is not None:
        gross = line.gross
    else:
        assert line.unit_price is not None, "one of the two was given"
        gross = divide_half_up(quantity * line.unit_price, ONE)
    if line.discount > gross:
        faults.append(Fault(f"{where}/discount", "is more than the line's gross"))
        return None
    if line.discounts and sum(d.amount for d in line.discounts) != line.discount:
        faults.append(Fault(f"{where}/discounts", "do not sum to the line's discount"))
        return None
    unit_price = line.unit_price if line.unit_price is not None else divide_half_up(gross * ONE, quantity)
    if not as_sold:
        gross -= line.discount
    return ReceiptLine(line, quantity, gross, unit_price, rate)


def _purchase_faults(request: PurchaseRequest, anonymous_may_spend: bool) -> list[Fault]:
    named = [n for n in ("card", "phone", "email", "member") if getattr(request, n) is not None]
    faults = [
        Fault(f"/{name}", "a purchase names its customer by one of card, phone, email, member")
        for name in named[1:]
    ]
    points = any(spend.gift_card is None for spend in request.spend)
    if points and not named and not anonymous_may_spend:
        faults.append(Fault("/spend", "an anonymous purchase has no points to spend"))
    seen: set[str | None] = set()
    for place, spend in enumerate(request.spend):
        if (spend.currency is None) == (spend.gift_card is None):
            faults.append(Fault(f"/spend/{place}", "gives a currency or a gift_card"))
        elif spend.currency is not None and spend.currency in seen:
            faults.append(Fault(f"/spend/{place}/currency", "stands twice"))
        seen.add(spend.currency)
    if request.hold_seconds is not None and not request.hold:
        faults.append(Fault("/hold_seconds", "goes with hold"))
    if request.hold and request.pricing == "as_sold":
        faults.append(Fault("/hold", "goods that were sold cannot be held"))
    return faults
