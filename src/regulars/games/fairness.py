"""Decides by chance so that anybody can decide it again: numbers from a seed whose hash was published before. Pure.

A number below `bound` is the HMAC-SHA256 of a message under the seed, read as a whole number of 256 bits. What lies at
or above the largest multiple of the bound is thrown away and the next message asked, so that no number is likelier than
another (Knuth, TAOCP 2, 3.4.1; the bias of a bare remainder is what rejection removes).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from fractions import Fraction

SEED_BYTES = 32
_ALL = 1 << 256


def commitment(seed: bytes) -> bytes:
    """What is published before: the SHA-256 of the seed."""
    return hashlib.sha256(seed).digest()


def number(seed: bytes, message: str, bound: int) -> int:
    """A whole number from 0, below `bound` (1 … 2^63), each alike: of `message/0`, `…/1` … the first that fits."""
    fair = _ALL - _ALL % bound
    attempt = 0
    while True:
        digest = hmac.digest(seed, f"{message}/{attempt}".encode(), "sha256")
        found = int.from_bytes(digest, "big")
        if found < fair:
            return found % bound
        attempt += 1


def place(roll: int, weights: Sequence[int]) -> int:
    """On which of the fields a roll from 0, below their sum, falls: the first takes the lowest numbers."""
    for index, weight in enumerate(weights):
        if roll < weight:
            return index
        roll -= weight
    raise AssertionError("a roll lies below the sum of the weights")


def odds(weights: Sequence[int]) -> tuple[Fraction, ...]:
    """How likely each field is, exactly."""
    total = sum(weights)
    return tuple(Fraction(weight, total) for weight in weights)


def percent(odd: Fraction) -> str:
    """A chance in per cent with at most four decimals, as `0.0125`; a chance below that as `<0.0001`."""
    tenthousandths = round(odd * 1_000_000)
    if odd and not tenthousandths:
        return "<0.0001"
    whole, rest = divmod(tenthousandths, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def digest_of(numbers: Iterable[int]) -> str:
    """The SHA-256 of these numbers in decimal, one a line in their order, in hexadecimal: it seals a list."""
    return hashlib.sha256("".join(f"{one}\n" for one in numbers).encode()).hexdigest()


def winners(seed: bytes, tickets: Sequence[int], beacon: str, count: int) -> tuple[int, ...]:
    """The first `count` of a fair shuffle of the tickets, which stand in rising order; fewer where there are fewer.

    Place n (from 0) swaps with itself or one after it: by the number of `draw/digest/beacon/n`, the digest being that
    of all tickets. So a ticket wins once, and every order is alike (Fisher and Yates).
    """
    order, sealed = list(tickets), digest_of(tickets)
    taken = min(count, len(order))
    for n in range(taken):
        other = n + number(seed, f"draw/{sealed}/{beacon}/{n}", len(order) - n)
        order[n], order[other] = order[other], order[n]
    return tuple(order[:taken])
