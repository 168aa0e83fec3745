"""Decides what is a card number: the program's prefix, random digits without 09 and 90, a check digit.

The check digit (Luhn, ISO/IEC 7812-1 annex B) finds every one-digit error and every swap of neighbours but
09 ↔ 90; numbers that have one of these are never issued, so all of them are found. No database is asked.
"""

from __future__ import annotations

import secrets
from typing import Protocol

from regulars.errors import InvalidCardNumber

_IGNORED = dict.fromkeys(map(ord, " \t\u00a0\u2007\u2009\u202f-\u2010\u2011\u2012\u2013"))
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
FOREIGN_DIGITS_MIN, FOREIGN_DIGITS_MAX = 8, 19


class CardSettings(Protocol):
    """The settings of a program that say how its card numbers look."""

    @property
    def card_prefix(self) -> str:
        """First digits of the program's numbers."""
        ...

    @property
    def card_digits(self) -> int:
        """Digits of a number, with the check digit."""
        ...

    @property
    def foreign_card_prefixes(self) -> tuple[str, ...]:
        """Prefixes of imported numbers that follow rules of their own."""
        ...


def normalise(text: str) -> str:
    """The number without the spaces and hyphens that people and printers put into it."""
    return text.translate(_IGNORED)


def valid(number: str, settings: CardSettings) -> bool:
    """Whether a normalised number could be one of this program's, or has an imported prefix."""
    if not (number.isascii() and number.isdigit()):
        return False
    if number.startswith(settings.foreign_card_prefixes):
        return FOREIGN_DIGITS_MIN <= len(number) <= FOREIGN_DIGITS_MAX
    prefix = settings.card_prefix
    return (
        len(number) == settings.card_digits
        and number.startswith(prefix)
        and not _swappable(number[len(prefix) :])
        and luhn(number) == 0
    )


def check(text: str, settings: CardSettings, pointer: str = "/card") -> str:
    """The normalised number. Raises InvalidCardNumber (422) when it was mistyped or misread."""
    number = normalise(text)
    if not valid(number, settings):
        raise InvalidCardNumber(pointer)
    return number


def generate(count: int, settings: CardSettings) -> list[str]:
    """`count` different random numbers; fewer where the settings leave too few digits to find as many.

    Drawn from the operating system's randomness: nobody can guess the number of a neighbour's card.
    """
    prefix = settings.card_prefix
    places = settings.card_digits - len(prefix) - 1
    found: set[str] = set()
    for _ in range(count * 8 + 64):
        if len(found) == count:
            break
        body = f"{secrets.randbelow(10**places):0{places}d}"
        # With the check digit at zero, the sum says what the check digit must add to reach a multiple of ten.
        number = prefix + body + str(-luhn(f"{prefix}{body}0") % 10)
        if not _swappable(number[len(prefix) :]):
            found.add(number)
    return list(found)


def luhn(number: str) -> int:
    """The check sum of decimal digits modulo ten (ISO/IEC 7812-1, annex B); 0: its check digit is right."""
    digits = [int(digit) for digit in number]
    return (sum(digits[-1::-2]) + sum(_DOUBLED[digit] for digit in digits[-2::-2])) % 10


def _swappable(digits: str) -> bool:
    return "09" in digits or "90" in digits
