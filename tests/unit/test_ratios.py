"""Ratios that are multiplied again and again: short enough to be kept, and as near as can be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from regulars.units import AMOUNT_MAX, Ratio, ratio_near


@pytest.mark.parametrize(
    ("numerator", "denominator", "near"),
    [
        (0, 7, Ratio(0, 1)),
        (10_000, 1_000_000, Ratio(1, 100)),
        (997, 1000, Ratio(997, 1000)),
        (AMOUNT_MAX, 1, Ratio(AMOUNT_MAX, 1)),
        (1, AMOUNT_MAX, Ratio(1, AMOUNT_MAX)),
        (10**30 + 1, 3 * 10**30, Ratio(1, 3)),
        (3 * 10**30, 10**30 + 1, Ratio(3, 1)),
        (1, 10**15, Ratio(0, 1)),
        (10**15, 1, Ratio(AMOUNT_MAX, 1)),
    ],
)
def test_a_ratio_has_its_lowest_terms_or_the_nearest_that_can_be_kept(
    numerator: int, denominator: int, near: Ratio
) -> None:
    assert ratio_near(numerator, denominator) == near


def test_after_a_thousand_factors_it_is_still_short_and_near() -> None:
    kept, exact = Ratio(1, 100), Fraction(1, 100)
    for _ in range(1000):
        kept = ratio_near(kept.numerator * 997, kept.denominator * 991)
        exact *= Fraction(997, 991)

    assert max(kept.numerator, kept.denominator) <= AMOUNT_MAX
    assert abs(Fraction(kept.numerator, kept.denominator) / exact - 1) < Fraction(1, 10**9)
