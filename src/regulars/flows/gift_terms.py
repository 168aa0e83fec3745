"""Decides how gift cards are sold: until when their money may be spent, and how they are taxed. Pure.

What a sale does not say the program's settings do, so that a till that sells need not know them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from regulars.clock import zone
from regulars.errors import InvalidValue
from regulars.programs.model import Program
from regulars.rewards import terms
from regulars.rewards.gift_cards import Purpose
from regulars.units import format_rate, parse_rate


def until(program: Program, expires_at: datetime | None, at: datetime) -> datetime | None:
    """The end of money that is put on a card at an instant; None: it has none. Raises InvalidValue: it is over."""
    if expires_at is None:
        ends = terms.ends(program.settings.gift_cards.valid_days, at, zone(program.time_zone))
        return None if ends is None else ends.astimezone(UTC)
    if expires_at <= at:
        raise InvalidValue("/expires_at", "is over already")
    return expires_at.astimezone(UTC)


def tax(program: Program, purpose: Purpose | None, rate: str | None) -> tuple[Purpose, str]:
    """What a card is for tax, and its rate; none of a multi-purpose one. Raises InvalidValue where they do not fit."""
    if purpose is None and rate is None:
        percent = program.settings.gift_cards.tax_percent
        if percent:
            return "single", format_rate(parse_rate(percent) // 100)
    purpose = purpose or "multi"
    if (purpose == "single") != (rate is not None):
        raise InvalidValue("/tax_rate", "goes with a single-purpose card, and only with one")
    if rate is None:
        return purpose, ""
    try:
        return purpose, format_rate(parse_rate(rate))
    except ValueError as error:
        raise InvalidValue("/tax_rate", str(error)) from error
