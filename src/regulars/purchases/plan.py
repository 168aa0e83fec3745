"""What one return comes to, and what earlier ones took. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from msgspec import Struct

from regulars.purchases.kept import Document, KeptLine
from regulars.purchases.returning import ReturnedLine, Withdrawn
from regulars.units import allocate, given_back, parse_quantity

Back = dict[tuple[int, int], int]
"""Line and piece (0: the line is one part) → thousandths that came back."""


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
    card_worth: int = 0
    """Minor units that were paid with gift cards: they come back to the cards."""
    tax_on_top: bool = False
    """Prices were without tax: the tax is in the money beside the net."""
    pieces: tuple[tuple[int, int], ...] = ()
    """Where the line has pieces of different prices: which, and how much of each."""

    @property
    def net(self) -> int:
        """What these units cost after discounts: paid in money, points and gift cards, tax on top not counted."""
        return self.money + self.points_worth + self.card_worth - (self.tax if self.tax_on_top else 0)

    @property
    def discount(self) -> int:
        """What had been taken off these units, tax on top not counted."""
        return self.gross - self.net


class SpendBack(Struct, frozen=True, gc=False):
    """Points of one currency that come back, or money that goes back to a gift card."""

    currency: str
    amount: int
    worth: int
    gift_card: UUID | None = None
    shown: str = ""
    """The end of the gift card's code."""


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
    withdrawn: tuple[Withdrawn, ...] = ()
    """What is taken back of what was given on goods that are kept."""
    tax_on_top: bool = False

    @property
    def gross(self) -> int:
        """Sum over the lines."""
        return sum(line.gross for line in self.lines)

    @property
    def discount(self) -> int:
        """Sum over the lines, and what was withdrawn: it is no discount any more."""
        return sum(line.discount for line in self.lines) + sum(one.discount for one in self.withdrawn)

    @property
    def money(self) -> int:
        """Paid out: what had been paid for the lines in money, less what was withdrawn."""
        kept_back = sum(one.discount + (one.tax if self.tax_on_top else 0) for one in self.withdrawn)
        return sum(line.money for line in self.lines) - kept_back


def back_of(returned: Iterable[ReturnedLine]) -> Back:
    """What earlier returns took, by line and piece (0: a line that is one part), in thousandths."""
    back: Back = {}
    for line in returned:
        pieces = [(piece.piece, piece.quantity) for piece in line.pieces or ()] or [(0, line.quantity)]
        for piece, quantity in pieces:
            key = (line.line, piece)
            back[key] = back.get(key, 0) + parse_quantity(quantity)
    return back


def returned_of(back: Back, number: int) -> int:
    """Thousandths of a line that came back, whatever the pieces."""
    return sum([quantity for (line, _), quantity in back.items() if line == number])


class Part(Struct, frozen=True, gc=False):
    """Units of a line that cost the same: the whole line (piece 0), or one of its pieces."""

    place: int
    """Of the line on the receipt."""
    line: KeptLine
    piece: int
    quantity: int
    gross: int
    nets: tuple[int, ...] = ()
    """What each part of the line cost; how what the line has is divided over its parts."""
    costs: tuple[int, ...] = ()
    """The same with the tax that was on top; how the points that paid for the line are divided."""

    @property
    def unit_net(self) -> Fraction:
        """What a thousandth of it cost."""
        net = self.nets[self.piece - 1] if self.piece else self.line.net
        return Fraction(net, self.quantity)

    def share(self, total: int) -> int:
        """This part's share of something of the line."""
        return allocate(total, self.nets)[self.piece - 1] if self.piece else total

    def paid_share(self, total: int) -> int:
        """This part's share of something that paid for the line."""
        return allocate(total, self.costs)[self.piece - 1] if self.piece else total


class Span(Struct, frozen=True, gc=False):
    """What had come back of a part, and what will have."""

    part: Part
    old: int
    new: int

    def back(self, total: int) -> int:
        """What this return gives back of something of the part."""
        quantity = self.part.quantity
        return given_back(total, self.new, quantity) - given_back(total, self.old, quantity)


def parts_of(document: Document, place: int, line: KeptLine) -> list[Part]:
    """The parts of a line: one, or one for each of its pieces."""
    if not line.pieces:
        return [Part(place, line, 0, line.quantity, line.gross)]
    nets = costs = tuple([piece.net for piece in line.pieces])
    if document.tax_on_top:
        costs = tuple([net + tax for net, tax in zip(nets, allocate(line.tax, nets), strict=True)])
    return [
        Part(place, line, number, piece.quantity, piece.gross, nets, costs)
        for number, piece in enumerate(line.pieces, 1)
    ]
