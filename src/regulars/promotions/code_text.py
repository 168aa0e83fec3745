"""Decides how unique codes are written, made and recognised. Pure: no database.

Codes are never stored. A code is made from the installation's secret, its batch and its number, and recognised by a
keyed hash; so a stolen table holds nothing that could be presented, and a batch can be printed again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache
from uuid import UUID

from msgspec import Struct

from regulars.errors import InvalidValue

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, no 1, I and L, no U beside V: what people read and type is what was printed."""
PLACE = "#"
PLACES_MIN = 6
ROOM = 10_000
"""Of so many codes that fit the pattern at most one is given out: guessing must be hopeless."""
_LITERALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789- ")
_IGNORED = dict.fromkeys(map(ord, " \t\u00a0\u2007\u2009\u202f-\u2010\u2011\u2012\u2013"))


def normalise(text: str) -> str:
    """The code without capitals' difference, spaces and hyphens."""
    return text.translate(_IGNORED).upper()


def check_pattern(pattern: str, count: int) -> None:
    """Raises InvalidValue where the pattern is none, or has too little room for so many codes."""
    if not set(pattern) <= _LITERALS | {PLACE}:
        raise InvalidValue(
            "/pattern", f"Capital letters, digits, hyphens, and {PLACE} for each random character"
        )
    places = pattern.count(PLACE)
    if places < PLACES_MIN:
        raise InvalidValue("/pattern", f"At least {PLACES_MIN} random characters ({PLACE}) are needed")
    if len(ALPHABET) ** places < ROOM * count:
        raise InvalidValue("/pattern", f"Too short for {count} codes that nobody can guess: add {PLACE}")


class Mint(Struct, frozen=True):
    """Makes codes of a program and recognises them; `mint_of(secret, program)` makes it."""

    key: bytes

    def __repr__(self) -> str:
        return "Mint(…)"

    def id_of(self, code: str) -> UUID:
        """Under which id a code is kept: a keyed hash of its normalised text, 128 bits."""
        return id_of(self.key, code)


@lru_cache(maxsize=1024)
def mint_of(secret: bytes, program: UUID) -> Mint:
    """The mint of a program."""
    return Mint(key_of(secret, program))


def numbered(key: bytes, batch: UUID, pattern: str, serial: int) -> str:
    """The code of a number. `key`: the program's, see `key_of`."""
    message = b"code\0" + batch.bytes + serial.to_bytes(4, "big")
    return _filled(pattern, int.from_bytes(hmac.digest(key, message, hashlib.sha256)))


def claimed(key: bytes, redemption: UUID, pattern: str, number: int) -> str:
    """A code that came with a redemption, by its number from 0: made anew for whoever may read it."""
    message = b"claimed\0" + redemption.bytes + number.to_bytes(4, "big")
    return _filled(pattern, int.from_bytes(hmac.digest(key, message, hashlib.sha256)))


def drawn(pattern: str) -> str:
    """A code by chance, for one that is issued with a purchase."""
    return _filled(pattern, secrets.randbits(256))


def id_of(key: bytes, code: str) -> UUID:
    """Under which id a code is kept: a keyed hash of its normalised text, 128 bits."""
    return UUID(bytes=hmac.digest(key, b"id\0" + normalise(code).encode(), hashlib.sha256)[:16])


@lru_cache(maxsize=1024)
def key_of(secret: bytes, program: UUID) -> bytes:
    """The key of a program's codes."""
    return hmac.digest(secret, b"regulars.codes\0" + program.bytes, hashlib.sha256)


def _filled(pattern: str, chance: int) -> str:
    letters: list[str] = []
    for letter in pattern:
        if letter == PLACE:
            # Of 256 bits a dozen digits of base 30 take 60: they are even to one part in 2^190.
            chance, digit = divmod(chance, len(ALPHABET))
            letter = ALPHABET[digit]
        letters.append(letter)
    return "".join(letters)
