"""Decides whether a PIN is too easy to guess for whoever holds the member's card or knows her phone and birthday."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

OVER_AND_OVER = "repeats itself"
IN_A_ROW = "is digits in a row"
BIRTHDAY = "is the member's birthday"
PHONE = "is the end of the member's phone number"
DATES = ("%d%m", "%m%d", "%Y", "%d%m%y", "%m%d%y", "%y%m%d", "%d%m%Y", "%m%d%Y", "%Y%m%d")
"""The ways in which people write a day with four to eight digits."""


def plain_weakness(pin: str) -> str | None:
    """What makes these digits easy to guess for everybody; None: nothing.

    One digit or two to four of them over and over (1111, 1212, 123123), or in a row, up or down (1234, 8901, 4321).
    """
    for block in range(1, len(pin) // 2 + 1):
        if len(pin) % block == 0 and pin == pin[:block] * (len(pin) // block):
            return OVER_AND_OVER
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return IN_A_ROW if steps in ({1}, {9}) else None


def known_weakness(pin: str, birthday: date | None, phone: str | None) -> str | None:
    """What makes these digits easy to guess for whoever knows this member; None: nothing."""
    if birthday is not None and pin in {birthday.strftime(way) for way in DATES}:
        return BIRTHDAY
    return PHONE if phone is not None and phone.endswith(pin) else None
