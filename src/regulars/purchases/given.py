"""What each promotion gave with a purchase, and what a return took of it back; read from what is kept. Pure.

Only what is needed is decoded of a document: figures are summed over hundreds of thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec
from isal import isal_zlib as zlib
from msgspec import Struct

from regulars import ids
from regulars.purchases.kept import KeptEarning, VoucherCode
from regulars.purchases.returning import ReturnAnswer
from regulars.units import allocate, given_back, parse_quantity

Amounts = dict[tuple[UUID, str], int]
"""Promotion and currency → minor units of a money, or points."""


class _Award(Struct, frozen=True, gc=False):
    promotion: str
    amount: int


class _Line(Struct, frozen=True, gc=False):
    line: int
    discount: int
    awards: tuple[_Award, ...] = ()


class _Delivery(Struct, frozen=True, gc=False):
    awards: tuple[_Award, ...] = ()


class _Grant(Struct, frozen=True, gc=False):
    promotion: str


class _Answer(Struct, frozen=True, gc=False):
    currency: str
    lines: tuple[_Line, ...]
    delivery: _Delivery = _Delivery()
    gifts: tuple[_Grant, ...] = ()
    entitlements: tuple[_Grant, ...] = ()


class _Kept(Struct, frozen=True, gc=False):
    line: int
    quantity: int


class _Voucher(Struct, frozen=True, gc=False):
    promotion: UUID
    codes: tuple[VoucherCode, ...] = ()


class Given(Struct, frozen=True, gc=False):
    """The parts of a kept purchase that say which promotion gave what."""

    answer: _Answer
    lines: tuple[_Kept, ...]
    earned: tuple[KeptEarning, ...] = ()
    vouchers: tuple[_Voucher, ...] = ()

    def amounts(self) -> Amounts:
        """What each promotion gave: discounts in the purchase's money, points in theirs."""
        sums: Amounts = {}
        for award in self._awards():
            _add(sums, ids.read("prm", award.promotion), self.answer.currency, award.amount)
        for earning in self.earned:
            _add(sums, earning.promotion, earning.currency, earning.amount)
        return sums

    def promotions(self) -> set[UUID]:
        """The promotions that gave anything: a discount, points, a gift, a right, a voucher."""
        shown = {award.promotion for award in self._awards()}
        shown.update(grant.promotion for grant in (*self.answer.gifts, *self.answer.entitlements))
        found = {ids.read("prm", text) for text in shown}
        found.update(earning.promotion for earning in self.earned)
        return found.union(voucher.promotion for voucher in self.vouchers)

    def points(self, currency: str) -> int:
        """What it earned of a points currency."""
        return sum(earning.amount for earning in self.earned if earning.currency == currency)

    def back(self, answer: ReturnAnswer) -> Amounts:
        """What a return took back of each promotion: its parts sum to what the return says of the whole.

        A line's discount is divided over its promotions by what each gave on it, points by what the returned units
        had earned; what was withdrawn of goods that are kept is its promotion's own.
        """
        sums: Amounts = {}
        lines = {line.line: line for line in self.answer.lines}
        for returned in answer.lines:
            line = lines[returned.line]
            weights = [award.amount for award in line.awards]
            rest = max(0, line.discount - sum(weights))  # what the till took off by itself
            for award, part in zip(line.awards, allocate(returned.discount, [*weights, rest]), strict=False):
                _add(sums, ids.read("prm", award.promotion), self.answer.currency, part)
        for one in answer.withdrawn:
            _add(sums, ids.read("prm", one.promotion), self.answer.currency, one.discount)
        for taken in answer.taken_back:
            weighed = self._earned_back(answer, taken.currency)
            for promotion, part in zip(weighed, allocate(taken.amount, list(weighed.values())), strict=True):
                _add(sums, promotion, taken.currency, part)
        return sums

    def _awards(self) -> Iterator[_Award]:
        for line in self.answer.lines:
            yield from line.awards
        yield from self.answer.delivery.awards

    def _earned_back(self, answer: ReturnAnswer, currency: str) -> dict[UUID, int]:
        """Promotion → the points that the returned units had earned, and those withdrawn of the kept ones."""
        quantities = {line.line: line.quantity for line in self.lines}
        came = {line.line: parse_quantity(line.quantity) for line in answer.lines}
        weights: dict[UUID, int] = {}
        for earning in self.earned:
            if earning.currency != currency:
                continue
            for line, amount in zip(earning.lines, earning.amounts, strict=True):
                part = given_back(amount, came.get(line, 0), quantities[line])
                weights[earning.promotion] = weights.get(earning.promotion, 0) + part
        for one in answer.withdrawn:
            if one.points and one.currency == currency:
                promotion = ids.read("prm", one.promotion)
                weights[promotion] = weights.get(promotion, 0) + one.points
        return weights


def read(packed: bytes) -> Given:
    """What promotions gave with the purchase in these bytes (`documents.pack`)."""
    return _DECODER.decode(zlib.decompress(packed))


def _add(sums: Amounts, promotion: UUID, currency: str, amount: int) -> None:
    if amount:
        sums[promotion, currency] = sums.get((promotion, currency), 0) + amount


_DECODER = msgspec.json.Decoder(Given)
