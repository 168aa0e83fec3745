"""Decides which lots are drawn, in which order, and what a set of lots is worth at an instant. Pure.

A lot may be used from `active_at` (inclusive) until `expires_at` (exclusive). Amounts: the currency's unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from regulars.ledger.model import Draw, Expiring, Lot

NEVER = datetime.max.replace(tzinfo=UTC)


class Sums(Struct, frozen=True, gc=False):
    """What lots hold at an instant; `expired` is what has expired and is not posted yet."""

    available: int
    pending: int
    reserved: int
    expired: int


def order(lot: Lot) -> tuple[datetime, datetime, UUID]:
    """The draw order: soonest to expire, then oldest, then id; what never expires comes last."""
    return (lot.expires_at or NEVER, lot.earned_at, lot.id)


def has_expired(lot: Lot, at: datetime) -> bool:
    """Whether its date is reached."""
    return lot.expires_at is not None and lot.expires_at <= at


def is_active(lot: Lot, at: datetime) -> bool:
    """Whether what is free of it may be spent."""
    return lot.active_at <= at and not has_expired(lot, at)


def available(lots: Iterable[Lot], at: datetime) -> int:
    """The free points of active lots."""
    return sum(lot.free for lot in lots if is_active(lot, at))


def sums(lots: Iterable[Lot], at: datetime) -> Sums:
    """What is available, pending, reserved, and expired but not posted."""
    free = pending = reserved = expired = 0
    for lot in lots:
        reserved += lot.reserved
        if has_expired(lot, at):
            expired += lot.free
        elif lot.active_at > at:
            pending += lot.free
        else:
            free += lot.free
    return Sums(free, pending, reserved, expired)


def expiring(lots: Iterable[Lot], at: datetime) -> tuple[Expiring, ...]:
    """What of the available points will expire if nothing is spent, soonest first."""
    by_date: dict[datetime, int] = {}
    for lot in lots:
        if lot.expires_at is not None and lot.free and is_active(lot, at):
            by_date[lot.expires_at] = by_date.get(lot.expires_at, 0) + lot.free
    return tuple(Expiring(by_date[date], date) for date in sorted(by_date))


def choose(candidates: Iterable[Lot], amount: int) -> tuple[tuple[Draw, ...], int]:
    """Draws on the candidates' free points in the draw order, up to `amount`; and what they did not cover."""
    draws: list[Draw] = []
    left = amount
    for lot in sorted(candidates, key=order):
        if not left:
            break
        take = min(left, lot.free)
        if take:
            draws.append(Draw(lot.id, take))
            left -= take
    return tuple(draws), left


def divide(draws: Sequence[Draw], lots: Mapping[UUID, Lot], amount: int) -> tuple[Draw, ...]:
    """The first `amount` of what was reserved, in the draw order. Raises AssertionError when that is less."""
    return _first(sorted(draws, key=lambda draw: order(lots[draw.lot])), amount)


def giving_back(draws: Sequence[Draw], lots: Mapping[UUID, Lot], amount: int) -> tuple[Draw, ...]:
    """The last `amount` of what was drawn, last drawn first. Raises AssertionError when that is less."""
    return _first(sorted(draws, key=lambda draw: order(lots[draw.lot]), reverse=True), amount)


def _first(draws: Iterable[Draw], amount: int) -> tuple[Draw, ...]:
    taken: list[Draw] = []
    left = amount
    for draw in draws:
        part = min(left, draw.amount)
        if part:
            taken.append(Draw(draw.lot, part))
            left -= part
    assert left == 0, f"{left} more than there is"
    return tuple(taken)
