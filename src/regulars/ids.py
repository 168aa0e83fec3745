"""Identifiers: time-ordered (UUID version 7), made by the writer, prefixed where people see them.

An id that belongs to an account carries the account's home in its last ten bits, so that
`pur_…` alone says where its row lives. The home of a new account is drawn at random with its id.
"""

from __future__ import annotations

import os
import time
from functools import lru_cache
from uuid import UUID

from regulars.errors import WrongIdKind

HOMES = 1024
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH = 26
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)


class _Chance:
    """Random bytes of the system, fetched 4 kB at a time; a forked process fetches its own."""

    stock = b""
    used = 0

    @classmethod
    def eight(cls) -> int:
        if cls.used + 8 > len(cls.stock):
            cls.stock, cls.used = os.urandom(4096), 0
        cls.used += 8
        return int.from_bytes(cls.stock[cls.used - 8 : cls.used], "big")

    @classmethod
    def forget(cls) -> None:
        cls.stock, cls.used = b"", 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Chance.forget)


class _Last:
    """The millisecond and counter of the id made last: ids of one process are in the order they were made."""

    millisecond = 0
    counter = 0


def new(home: int | None = None) -> UUID:
    """A new id; with `home` (0 … 1023) its last ten bits are that home."""
    millisecond = time.time_ns() // 1_000_000
    if millisecond <= _Last.millisecond:
        millisecond = _Last.millisecond
        _Last.counter += 1
        if _Last.counter > 0xFFF:
            millisecond += 1
            _Last.counter = 0
    else:
        _Last.counter = 0
    _Last.millisecond = millisecond
    tail = _Chance.eight() & 0x3FFF_FFFF_FFFF_FFFF
    if home is not None:
        tail = tail & ~(HOMES - 1) | home
    return UUID(int=millisecond << 80 | 0x7 << 76 | _Last.counter << 64 | 0x2 << 62 | tail)


def home(identifier: UUID) -> int:
    """The home that this id carries."""
    return identifier.int & (HOMES - 1)


def show(prefix: str, identifier: UUID) -> str:
    """`prefix_` and 26 characters of base 32."""
    value = identifier.int
    pairs = [_PAIRS[value >> shift & 1023] for shift in _SHIFTS]
    return f"{prefix}_{''.join(pairs)}"


@lru_cache(maxsize=20_000)
def show_promotion(identifier: UUID) -> str:
    """`prm_…`, remembered: answers name the same promotions thousands of times a second."""
    return show("prm", identifier)


def is_of_another_kind(prefix: str, text: str) -> bool:
    """Whether the text has the form of an id, but not of this kind."""
    kind, separator, body = text.partition("_")
    return (
        bool(separator)
        and kind != prefix
        and len(body) == _LENGTH
        and all(letter in _VALUES for letter in body)
    )


def read(prefix: str, text: str, pointer: str = "") -> UUID:
    """The id in `text`. Raises WrongIdKind (422) when it is not an id of this kind."""
    kind, separator, body = text.partition("_")
    if kind != prefix or not separator or len(body) != _LENGTH:
        raise WrongIdKind(prefix, text, pointer)
    value = 0
    for letter in body:
        digit = _VALUES.get(letter)
        if digit is None:
            raise WrongIdKind(prefix, text, pointer)
        value = value << 5 | digit
    if value >> 128:
        raise WrongIdKind(prefix, text, pointer)
    return UUID(int=value)
