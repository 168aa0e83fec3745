"""Tells the tax within what single-purpose vouchers took off a purchase: it was due when they were given out. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from regulars import ids
from regulars.promotions import limits
from regulars.promotions.codes import Presented
from regulars.promotions.index import Live
from regulars.promotions.outcome import Outcome
from regulars.purchases.model import VoucherTaxView
from regulars.units import PPM, divide_half_up, format_rate, parse_rate


def within(presented: Mapping[str, Presented], live: Live, outcome: Outcome) -> tuple[VoucherTaxView, ...]:
    """Those of the codes (by their batch's name) that took something off; the tax half up, of the price with tax."""
    if all(code.tax_rate is None for code in presented.values()):
        return ()
    found: list[VoucherTaxView] = []
    for promotion, gave in limits.given(outcome).items():
        for name in live.code_batches.get(promotion, ()):
            code = presented.get(name)
            if code is not None and code.tax_rate is not None and gave.amount:
                rate = parse_rate(code.tax_rate) // 100
                tax = divide_half_up(gave.amount * rate, PPM + rate)
                found.append(VoucherTaxView(ids.show("vch", code.id), gave.amount, format_rate(rate), tax))
    return tuple(found)
