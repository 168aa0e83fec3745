"""The language tools that texts about promotions are written with, and the mark of a text to be translated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Protocol, Self

from regulars.units import money_scale


def N_(message: str) -> str:  # noqa: N802 - the gettext mark that Babel knows
    """Marks a text for the catalogues; it is translated where it is shown."""
    return message


class Sentence(str):
    """A sentence in English that can be said in other languages: its message and what stands in it."""

    __slots__ = ("message", "values")
    message: str
    values: dict[str, Any]

    def __new__(cls, message: str, /, **values: Any) -> Self:
        made = super().__new__(cls, message.format_map(values))
        made.message, made.values = message, values
        return made

    def said(self, words: Words) -> str:
        """In the language of `words`."""
        return words.gettext(self.message).format_map(self.values)


class Words(Protocol):
    """One language's tools. The programs' i18n implements it; `English` below serves examples and tests."""

    @property
    def language(self) -> str: ...
    def gettext(self, message: str, /) -> str: ...
    def ngettext(self, singular: str, plural: str, n: int, /) -> str: ...
    def money(self, amount: int, currency: str, /) -> str:
        """`amount` in minor units, e.g. 620, EUR → €6.20."""
        ...

    def points(self, amount: int, currency: str, /) -> str:
        """An amount of a points currency with its name in the right plural, e.g. 12 points."""
        ...

    def percent(self, percent: str, /) -> str:
        """A decimal string of per cent, e.g. 12.5 → 12.5 %."""
        ...

    def number(self, number: str, /) -> str:
        """A decimal string, e.g. 1.5 → 1,5 where people write it so."""
        ...

    def weekday(self, day: int, /) -> str:
        """1 Monday … 7 Sunday."""
        ...

    def time(self, time: str, /) -> str:
        """HH:MM on a wall clock."""
        ...

    def full_date(self, day: date, /) -> str:
        """A whole date."""
        ...

    def moment(self, at: datetime, /) -> str:
        """A date and a time on a wall clock."""
        ...

    def language_name(self, code: str, /) -> str:
        """What a language is called."""
        ...

    def goods(self, facet: str, code: str, /) -> str:
        """The name of goods, or their code. `facet`: sku, category, tag, brand, attribute."""
        ...

    def store(self, code: str, /) -> str: ...
    def named(self, kind: str, code: str, /) -> str:
        """The name of what a program calls by a code. `kind`: partner, group (of stores), audience, club, tier (with
        its ladder: `status/gold`), channel, payment."""
        ...

    def joined(self, items: Sequence[str], /, *, either: bool = False) -> str:
        """a, b and c; with `either`: a, b or c."""
        ...


def any_of(kind: str, codes: Iterable[str], words: Words) -> str:
    """What a program calls by codes, by their names: "gold or platinum". `kind`: see `Words.named`."""
    return words.joined([words.named(kind, code) for code in codes], either=True)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LANGUAGES = {"en": "English", "lv": "Latvian", "ru": "Russian", "et": "Estonian", "hu": "Hungarian"}
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


class English:
    """Plain English, without a catalogue: for examples, tests and log lines."""

    language = "en"

    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        return singular if n == 1 else plural

    def money(self, amount: int, currency: str, /) -> str:
        scale = money_scale(currency)
        whole, rest = divmod(abs(amount), 10**scale)
        digits = f"{whole:,}.{rest:0{scale}d}" if scale else f"{whole:,}"
        sign = _SIGNS.get(currency)
        return ("-" if amount < 0 else "") + (f"{sign}{digits}" if sign else f"{currency} {digits}")

    def points(self, amount: int, currency: str, /) -> str:
        if currency == "PTS":
            return self.ngettext("{n} point", "{n} points", amount).format(n=amount)
        return f"{amount} {currency}"

    def percent(self, percent: str, /) -> str:
        return f"{percent} %"

    def number(self, number: str, /) -> str:
        return number

    def weekday(self, day: int, /) -> str:
        return _DAYS[day - 1]

    def time(self, time: str, /) -> str:
        return time

    def full_date(self, day: date, /) -> str:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def moment(self, at: datetime, /) -> str:
        return f"{self.full_date(at)} {at:%H:%M}"

    def language_name(self, code: str, /) -> str:
        return _LANGUAGES.get(code, code)

    def goods(self, facet: str, code: str, /) -> str:
        return code.rsplit("/", 1)[-1]

    def store(self, code: str, /) -> str:
        return code

    def named(self, kind: str, code: str, /) -> str:
        return code.rsplit("/", 1)[-1]

    def joined(self, items: Sequence[str], /, *, either: bool = False) -> str:
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {'or' if either else 'and'} {items[-1]}"
