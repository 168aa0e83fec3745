"""Amounts are integers with a unit; every division here names its rounding and keeps the remainder."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

AMOUNT_MAX = 10**12
"""The largest amount a request may name, in minor units."""

QUANTITY_SCALE = 3
"""Quantities are whole thousandths: 1 piece is 1000, 0.325 kg is 325."""

ONE = 10**QUANTITY_SCALE
QUANTITY_MAX = 10**6 * ONE

PPM = 10**6
"""Rates are whole parts per million: 21 % is 210 000."""

MONEY_SCALES = {
    "BHD": 3, "CLP": 0, "HUF": 2, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3, "TND": 3, "VND": 0,
}  # fmt: skip
"""Digits after the point of the currencies that do not have two (ISO 4217)."""


def money_scale(currency: str) -> int:
    """Digits after the decimal point of an ISO 4217 currency."""
    return MONEY_SCALES.get(currency, 2)


class Ratio(Struct, frozen=True, gc=False):
    """An exact non-negative fraction, e.g. 3 points per 2.00 or a rate of exchange."""

    numerator: int
    denominator: int = 1

    def half_up(self, amount: int) -> int:
        """amount × ratio, half away from zero."""
        return divide_half_up(amount * self.numerator, self.denominator)

    def down(self, amount: int) -> int:
        """amount × ratio, towards zero, for amounts ≥ 0."""
        return amount * self.numerator // self.denominator

    def up(self, amount: int) -> int:
        """amount × ratio, away from zero, for amounts ≥ 0."""
        return -(-amount * self.numerator // self.denominator)


def ratio_near(numerator: int, denominator: int) -> Ratio:
    """numerator / denominator in its lowest terms; where one of them is above `AMOUNT_MAX`, the nearest ratio of terms
    that are not. So what is multiplied again and again stays short enough to be kept.
    """
    exact = Fraction(numerator, denominator)
    if exact <= 1:
        near = exact.limit_denominator(AMOUNT_MAX)
        return Ratio(near.numerator, near.denominator)
    near = (1 / exact).limit_denominator(AMOUNT_MAX)
    return Ratio(near.denominator, near.numerator) if near else Ratio(AMOUNT_MAX)


def divide_half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator, half away from zero (so that a reversal mirrors its original exactly)."""
    if numerator < 0:
        return -divide_half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` over `weights` by largest remainder; ties go to the earlier place.

    The parts sum to `total` exactly. With all weights zero, everything goes to the first place.
    Raises ValueError when there is something to divide and nobody to take it, or a weight is negative.
    """
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    whole = sum(weights)
    if weights and min(weights) < 0:
        raise ValueError("a weight is negative")
    if whole == 0:
        if not weights:
            if total:
                raise ValueError("nothing to allocate to")
            return []
        return [total] + [0] * (len(weights) - 1)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        rests = [total * weight % whole for weight in weights]
        # Stable also in reverse: of equal remainders the earlier place comes first.
        for i in sorted(range(len(rests)), key=rests.__getitem__, reverse=True)[:left]:
            parts[i] += 1
    return parts


def given_back(total: int, returned: int, quantity: int) -> int:
    """What a line has given back of `total` once `returned` of `quantity` came back: round(total × r / q), half up.

    Each return gives the difference to what was given back before, so every sequence sums exactly.
    """
    return divide_half_up(total * returned, quantity)


def whole_of(text: str, digits_max: int = 9) -> int | None:
    """A whole number as people write it, of the digits 0 to 9 alone and of no more than that; None: it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits_max else None


def units_of(text: str, scale: int, most: int = AMOUNT_MAX) -> int:
    """A decimal, `20.50`, in smallest units. Raises ValueError unless it is a whole number of them from 0 to `most`."""
    try:
        amount = Decimal(text).scaleb(scale)
    except ArithmeticError:
        raise ValueError("is no decimal number") from None
    if not amount.is_finite() or not 0 <= amount <= most or amount != int(amount):
        raise ValueError("is no amount")
    return int(amount)


@lru_cache(maxsize=4096)
def parse_quantity(text: str) -> int:
    """Decimal string → thousandths. Raises ValueError unless 0 < quantity ≤ 1,000,000 with at most 3 decimals."""
    thousandths = _scaled(text, QUANTITY_SCALE)
    if not 0 < thousandths <= QUANTITY_MAX:
        raise ValueError("quantity must be above 0 and at most 1000000")
    return thousandths


@lru_cache(maxsize=4096)
def sent_quantity(text: str) -> int:
    """As `parse_quantity`, of what a caller sends: its zeros are decimals too. Raises ValueError."""
    if len(text.partition(".")[2]) > QUANTITY_SCALE:
        raise ValueError(f"more than {QUANTITY_SCALE} decimals")
    return parse_quantity(text)


def format_quantity(thousandths: int) -> str:
    """Thousandths → the shortest decimal string."""
    whole, rest = divmod(thousandths, ONE)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


@lru_cache(maxsize=1024)
def parse_rate(text: str) -> int:
    """Decimal string → parts per million. Raises ValueError unless 0 ≤ rate ≤ 1000 with at most 6 decimals."""
    ppm = _scaled(text, 6)
    if not 0 <= ppm <= 1000 * PPM:
        raise ValueError("a rate must be from 0 to 1000")
    return ppm


@lru_cache(maxsize=1024)
def format_rate(ppm: int) -> str:
    """Parts per million → the shortest decimal string."""
    whole, rest = divmod(ppm, PPM)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)


def _scaled(text: str, places: int) -> int:
    if not text or len(text) > 24 or not text.isascii() or not (text[0].isdigit() and text[-1].isdigit()):
        raise ValueError("not a plain decimal number")
    if text.isdigit():
        return int(text) * 10**places
    whole, point, rest = text.partition(".")
    if point and whole.isdigit() and rest.isdigit():
        rest = rest.rstrip("0")
        if len(rest) > places:
            raise ValueError(f"more than {places} decimals")
        return int(whole) * 10**places + int(rest.ljust(places, "0") or "0")
    raise ValueError("not a plain decimal number")
