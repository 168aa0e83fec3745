"""Hashes and checks the passwords of staff, and refuses those that are guessed first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from regulars.errors import InvalidValue

LEAST = 10
MOST = 128
_STRONG_ENOUGH = 3
"""Of zxcvbn's five steps, 0 … 4: more than 10^8 guesses."""
HASHER = PasswordHash((Argon2Hasher(),))
"""Argon2id with the package's parameters, which are those of RFC 9106 for machines with little memory."""
_NOBODY = HASHER.hash("nobody has this password")


def check(password: str, known: Iterable[str] = (), pointer: str = "/password") -> None:
    """Raises InvalidValue for a password that is short, common, or made of what is `known` of its owner.

    The lists of common passwords, names and words are those of zxcvbn (D. Wheeler, USENIX Security 2016), read offline.
    """
    if len(password) < LEAST:
        raise InvalidValue(pointer, f"is too short: at least {LEAST} characters")
    if len(password) > MOST:
        raise InvalidValue(pointer, f"is too long: at most {MOST} characters")
    if zxcvbn(password, user_inputs=list(known), max_length=MOST)["score"] < _STRONG_ENOUGH:
        raise InvalidValue(
            pointer, "is easily guessed: add words that have nothing to do with one another or with you"
        )


async def hashed(password: str) -> str:
    """What is kept of a password."""
    return await asyncio.to_thread(HASHER.hash, password)


async def right(password: str, kept: str) -> bool:
    """Whether this is the password. It takes the same time where there is none, so that nobody learns who exists."""
    matches = await asyncio.to_thread(HASHER.verify, password[:MOST], kept or _NOBODY)
    return matches and bool(kept)
