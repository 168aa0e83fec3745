"""Turns what other systems write into what a field takes: amounts, dates, yes and no, lists. Pure.

A conversion is named in a mapping, with an argument behind a colon where it takes one: `date:dmy`, `list:,`. What
cannot be read is a ValueError with a sentence that does not say what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

YES = frozenset(
    word
    for words in (
        "yes y true t 1 on x ja jah jā igen i да",
        "subscribed enabled active agreed opted_in opt_in",
    )
    for word in words.split()
)
NO = frozenset(
    word
    for words in ("no n false f 0 off - nē ne ei nem нет", "unsubscribed disabled inactive never opted_out")
    for word in words.split()
)
_AMOUNT = re.compile(r"^-?\d+(\.\d+)?$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]m)?$", re.IGNORECASE)
_ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}


class Context(NamedTuple):
    """What a conversion must know of the program."""

    scale: int
    """Decimals of the base money."""


def convert(name: str, text: str, context: Context) -> str:
    """The text as its field takes it. Raises ValueError, also for a conversion that there is not."""
    kind, _, argument = name.partition(":")
    return CONVERSIONS[kind](text, argument, context) if kind in CONVERSIONS else _unknown(name)


def check(name: str) -> str | None:
    """What is wrong with a conversion's name; None when nothing is."""
    kind, _, argument = name.partition(":")
    if kind not in CONVERSIONS:
        return f"there is no conversion {kind!r}; they are {', '.join(sorted(CONVERSIONS))}"
    if kind in ("date", "instant") and argument not in _ORDERS:
        return f"{kind}: takes dmy, mdy or ymd, as {kind}:dmy"
    if kind == "consent" and "/" not in argument:
        return "consent: takes a channel and a purpose, as consent:email/marketing"
    if kind == "list" and len(argument) != 1:
        return "list: takes the one character that divides, as list:,"
    return None


def decimal_of(text: str) -> Decimal:
    """A number as people write it: `1 234,56`, `€1,234.56`, `-3`. Raises ValueError."""
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    plain = re.sub(r"^([A-Za-z]{3}|[€$£₽])|([A-Za-z]{3}|[€$£₽]|Ft|Ls)$", "", plain)
    last = max(plain.rfind("."), plain.rfind(","))
    if last >= 0:
        mark = plain[last]
        other = "," if mark == "." else "."
        thousands = other not in plain and mark == "," and re.search(r"^-?\d{1,3},\d{3}$", plain)
        grouping = plain.count(mark) > 1 or thousands
        plain = plain.replace(other, "")
        plain = plain.replace(mark, "") if grouping else plain.replace(mark, ".")
    if not _AMOUNT.match(plain) or len(plain) > 20:
        raise ValueError("is not a number, as 1234.56")
    return Decimal(plain)


def _money(text: str, argument: str, context: Context) -> str:
    """Major units → minor units of the base money."""
    minor = decimal_of(text).scaleb(context.scale)
    if minor != minor.to_integral_value():
        raise ValueError(f"has more than {context.scale} decimals")
    return str(int(minor))


def _points(text: str, argument: str, context: Context) -> str:
    """A number with or without decimals → whole points, rounded down."""
    found = int(decimal_of(text) // 1)
    if found < 0:
        raise ValueError("is below zero")
    return str(found) if found else ""


def _date(text: str, argument: str, context: Context) -> str:
    return _day(text.split()[0] if text.split() else "", argument).isoformat()


def _instant(text: str, argument: str, context: Context) -> str:
    day, _, time = text.strip().replace("T", " ").partition(" ")
    found = _day(day, argument)
    if not time.strip():
        return found.isoformat()
    match = _CLOCK.match(time.strip())
    if match is None:
        raise ValueError("is not a time, as 17:30")
    hour = int(match[1])
    if match[4]:
        hour = hour % 12 + (12 if match[4].lower() == "pm" else 0)
    try:
        return datetime(
            found.year, found.month, found.day, hour, int(match[2]), int(match[3] or 0)
        ).isoformat()
    except ValueError:
        raise ValueError("is not a time, as 17:30") from None


def _day(text: str, order: str) -> date:
    parts = [part for part in re.split(r"[./\-\s]", text) if part]
    if (
        len(parts) != 3
        or not all(part.isascii() and part.isdigit() for part in parts)
        or order not in _ORDERS
    ):
        raise ValueError(f"is not a date in the order {order}")
    year, month, day = (int(parts[place]) for place in _ORDERS[order])
    if year < 100 and day <= 31:
        raise ValueError("has a year of two digits")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"is not a date in the order {order}") from None


def _unix(text: str, argument: str, context: Context) -> str:
    """Seconds, or thousandths of them (13 digits), since 1970 → an instant."""
    plain = text.strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > 13:
        raise ValueError("is not a number of seconds since 1970")
    seconds = int(plain) / 1000 if len(plain) == 13 else int(plain)
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _yes_no(text: str, argument: str, context: Context) -> str:
    return "yes" if _truth(text) else "no"


def _consent(text: str, argument: str, context: Context) -> str:
    """A column of yes and no → an agreement; a no is no word of hers."""
    return argument if _truth(text) else ""


def _truth(text: str) -> bool:
    word = re.sub(r"[\s-]+", "_", text.strip().casefold()) if text.strip() != "-" else "-"
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError("is neither yes nor no")


def _list(text: str, argument: str, context: Context) -> str:
    return ";".join(part.strip().replace(";", " ") for part in text.split(argument) if part.strip())


def _paths(text: str, argument: str, context: Context) -> str:
    """`Food > Dairy, Offers` → `Food/Dairy;Offers`."""
    paths = [
        "/".join(step.strip().replace("/", "-") for step in part.split(">") if step.strip())
        for part in text.replace(";", " ").split(",")
    ]
    return ";".join(path for path in paths if path)


def _percent(text: str, argument: str, context: Context) -> str:
    """`21` or `21 %` → `0.21`."""
    share = decimal_of(text.replace("%", "")) / 100
    return f"{share.normalize():f}"


def _unknown(name: str) -> str:
    raise ValueError(f"there is no conversion {name!r}")


Conversion = Callable[[str, str, Context], str]
CONVERSIONS: dict[str, Conversion] = {
    "money": _money,
    "points": _points,
    "date": _date,
    "instant": _instant,
    "unix": _unix,
    "yes_no": _yes_no,
    "consent": _consent,
    "list": _list,
    "paths": _paths,
    "percent": _percent,
}
