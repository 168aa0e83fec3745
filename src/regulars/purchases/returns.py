"""What a return gives back: cumulative, per line and unit, so that every sequence sums to the whole. Pure.

What a line has given back once r of q came back is round(total × r / q); each return gives the difference to what
was given back before (DESIGN §4.3), for money, tax, points paid and points earned alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from regulars.errors import AlreadyReturned, Fault, Unprocessable
from regulars.purchases.model import Document, KeptLine, ReturnLine
from regulars.units import format_quantity, given_back, parse_quantity


class LineBack(Struct, frozen=True, gc=False):
    """What one line gives back in one return; minor units of the purchase's currency."""

    line: int
    quantity: int
    gross: int
    money: int
    """Paid out."""
    tax: int
    points_worth: int
    """Minor units that were paid with points: they come back as points, not as money."""
    tax_on_top: bool = False
    """Prices were without tax: the tax is in the money beside the net."""

    @property
    def net(self) -> int:
        """What these units cost after discounts: paid in money and in points, tax on top not counted."""
        return self.money + self.points_worth - (self.tax if self.tax_on_top else 0)

    @property
    def discount(self) -> int:
        """What had been taken off these units, tax on top not counted."""
        return self.gross - self.net


class SpendBack(Struct, frozen=True, gc=False):
    """Points of one currency that come back."""

    currency: str
    amount: int
    worth: int


class EarningBack(Struct, frozen=True, gc=False):
    """Points of one lot that the returned units had earned."""

    currency: str
    lot: UUID
    amount: int


class ReturnPlan(Struct, frozen=True):
    """The whole of one return."""

    lines: tuple[LineBack, ...]
    spends: tuple[SpendBack, ...]
    earnings: tuple[EarningBack, ...]

    @property
    def gross(self) -> int:
        """Sum over the lines."""
        return sum(line.gross for line in self.lines)

    @property
    def discount(self) -> int:
        """Sum over the lines."""
        return sum(line.discount for line in self.lines)

    @property
    def money(self) -> int:
        """Paid out: what had been paid for the lines in money."""
        return sum(line.money for line in self.lines)


def quantities(lines: Sequence[ReturnLine]) -> dict[int, int]:
    """Line → thousandths that come back. Raises Unprocessable."""
    found: dict[int, int] = {}
    faults: list[Fault] = []
    for place, line in enumerate(lines):
        try:
            quantity = parse_quantity(line.quantity)
        except ValueError as error:
            faults.append(Fault(f"/lines/{place}/quantity", str(error)))
            continue
        if line.line in found:
            faults.append(Fault(f"/lines/{place}/line", "this line stands twice"))
        found[line.line] = quantity
    if faults:
        raise Unprocessable(faults[0].pointer + ": " + faults[0].detail, errors=faults)
    return found


def plan(document: Document, before: Mapping[int, int], now: Mapping[int, int]) -> ReturnPlan:
    """What comes back when `now` (line → thousandths) is returned after `before`.

    Raises AlreadyReturned when more would come back than was bought, Unprocessable for a line that was not.
    """
    kept = {line.line: (place, line) for place, line in enumerate(document.lines)}
    spans: list[tuple[int, KeptLine, int, int]] = []
    for number, quantity in now.items():
        if number not in kept:
            raise Unprocessable(
                f"Line {number} is not on this receipt",
                errors=[Fault("/lines", f"line {number} is not on this receipt")],
            )
        place, line = kept[number]
        done = before.get(number, 0)
        if done + quantity > line.quantity:
            left = format_quantity(line.quantity - done) if done < line.quantity else "0"
            raise AlreadyReturned(f"Of line {number} only {left} can still come back.")
        spans.append((place, line, done, done + quantity))
    spans.sort(key=lambda span: span[0])
    return ReturnPlan(
        tuple(_line_back(document, place, line, old, new) for place, line, old, new in spans),
        tuple(_spends_back(document, spans)),
        tuple(_earnings_back(document, spans)),
    )


def whole(document: Document, before: Mapping[int, int]) -> ReturnPlan:
    """Everything that has not come back yet."""
    rest = {
        line.line: line.quantity - before.get(line.line, 0)
        for line in document.lines
        if line.quantity > before.get(line.line, 0)
    }
    return plan(document, before, rest)


def _difference(total: int, old: int, new: int, quantity: int) -> int:
    return given_back(total, new, quantity) - given_back(total, old, quantity)


def _line_back(document: Document, place: int, line: KeptLine, old: int, new: int) -> LineBack:
    # Money and points are each rounded as a total of their own, so neither is ever below zero in a single return;
    # rounding gross and discount instead and taking the difference could ask the customer for a cent.
    paid_with_points = sum(spend.line_worth[place] for spend in document.spent)
    paid = line.net + (line.tax if document.tax_on_top else 0) - paid_with_points
    return LineBack(
        line=line.line,
        quantity=new - old,
        gross=_difference(line.gross, old, new, line.quantity),
        money=_difference(paid, old, new, line.quantity),
        tax=_difference(line.tax, old, new, line.quantity),
        points_worth=sum(
            _difference(spend.line_worth[place], old, new, line.quantity) for spend in document.spent
        ),
        tax_on_top=document.tax_on_top,
    )


def _spends_back(document: Document, spans: Sequence[tuple[int, KeptLine, int, int]]) -> list[SpendBack]:
    back: list[SpendBack] = []
    for spend in document.spent:
        amount = sum(
            _difference(spend.line_amount[place], old, new, line.quantity) for place, line, old, new in spans
        )
        worth = sum(
            _difference(spend.line_worth[place], old, new, line.quantity) for place, line, old, new in spans
        )
        if amount or worth:
            back.append(SpendBack(spend.currency, amount, worth))
    return back


def _earnings_back(document: Document, spans: Sequence[tuple[int, KeptLine, int, int]]) -> list[EarningBack]:
    by_line = {line.line: (line.quantity, old, new) for _, line, old, new in spans}
    back: list[EarningBack] = []
    for earning in document.earned:
        if earning.lot is None:
            continue
        amount = 0
        for number, earned in zip(earning.lines, earning.amounts, strict=True):
            if number in by_line:
                quantity, old, new = by_line[number]
                amount += _difference(earned, old, new, quantity)
        if amount:
            back.append(EarningBack(earning.currency, earning.lot, amount))
    return back
