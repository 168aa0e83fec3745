"""Moves all that one pool has to another, and back: points with their dates, and debt. Pure but for ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.ledger import lots as rules
from regulars.ledger.model import Draw, Moved
from regulars.ledger.page import Page


class MovedLot(Struct, frozen=True):
    """A part of a lot as it stood, and the lot that it is since."""

    source: UUID
    target: UUID
    amount: int


class MovedCurrency(Struct, frozen=True):
    """What was moved in one currency."""

    currency: str
    lots: tuple[MovedLot, ...]
    debt: int


class Spent(Struct, frozen=True):
    """A part of a lot that was moved and is spent since: whoever keeps the account owes it."""

    lot: UUID
    amount: int


def move_all(source: Page, target: Page, at: datetime, actor: str, reason: str) -> tuple[MovedCurrency, ...]:
    """Move all that is free and not expired, and all debt. What is held for unconfirmed purchases stays with it."""
    done: list[MovedCurrency] = []
    for currency in source.currencies():
        shared = ids.new(source.home)
        _begin_both(source, target, at, actor, reason, shared)
        moved = source.transfer_out(currency, None, at)
        debt = source.transfer_debt_out(currency, at)
        brought = target.transfer_in(moved, at)
        target.transfer_debt_in(currency, debt, at)
        lots = [MovedLot(m.lot.id, new, m.amount) for m, new in zip(moved, brought, strict=True)]
        if lots or debt:
            done.append(MovedCurrency(currency, tuple(lots), debt))
    return tuple(done)


def free(page: Page) -> dict[UUID, int]:
    """What is free of each lot."""
    return {lot: page.lot(lot).free for lot in page.lots()}


def move_freed(
    source: Page, target: Page, before: Mapping[UUID, int], at: datetime, actor: str, reason: str
) -> None:
    """Move what became free of the lots of `source` since `before` was read, by `free`."""
    _begin_both(source, target, at, actor, reason, ids.new(source.home))
    freed = [Draw(lot, now - before.get(lot, 0)) for lot, now in free(source).items()]
    alive = [draw for draw in freed if draw.amount > 0 and not rules.has_expired(source.lot(draw.lot), at)]
    target.transfer_in(source.transfer_lots_out(alive, at), at)


def move_back(
    source: Page,
    target: Page,
    moved: MovedCurrency,
    spent: Sequence[Spent],
    at: datetime,
    actor: str,
    reason: str,
) -> int:
    """Undo `move_all` in one currency: `source` has had the points since, `target` gets them back. What `source` owes.

    What is left of the lots goes back; of what was spent (`spent`, which `source` answers for) a lot of the same terms,
    which `source` owes and pays from what it has. What has expired meanwhile would have expired there too. Debt that
    had come along goes back as far as it is still owed; what of it was paid counts as given back. The lots must be on
    the page of `source`.
    """
    currency = moved.currency
    _begin_both(source, target, at, actor, reason, ids.new(source.home))
    lots = source.and_what_continues([lot.target for lot in moved.lots])
    left = [Draw(lot.id, lot.free) for lot in lots if lot.free and not rules.has_expired(lot, at)]
    parts = list(source.transfer_lots_out(left, at))
    debt = source.transfer_debt_out(currency, at, moved.debt)
    relieved, owed = moved.debt - debt, 0  # debt of hers that was paid meanwhile is points that she has had
    for one in spent:
        amount = max(0, one.amount - relieved)
        relieved -= one.amount - amount
        if amount and not rules.has_expired(source.lot(one.lot), at):
            parts.append(Moved(source.lot(one.lot), amount))
            owed += amount
    source.transfer_debt_in(currency, owed, at)
    target.transfer_in(parts, at)
    target.transfer_debt_in(currency, debt, at)
    return owed


def _begin_both(source: Page, target: Page, at: datetime, actor: str, reason: str, shared: UUID) -> None:
    source.begin("transfer_out", effective_at=at, recorded_at=at, actor=actor, related=shared, reason=reason)
    target.begin("transfer_in", effective_at=at, recorded_at=at, actor=actor, related=shared, reason=reason)
