"""The draw order, what lots are worth at an instant, and who gets back first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.ledger import lots
from regulars.ledger.model import Draw, Expiring, Lot

T = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def lot(
    number: int, amount: int, expires: int | None = None, *, earned: int = 0, active: int = 0, **given: int
) -> Lot:
    return Lot(
        UUID(int=number),
        "PTS",
        amount,
        given.get("drawn", 0),
        given.get("reserved", 0),
        T + earned * DAY,
        T + active * DAY,
        None if expires is None else T + expires * DAY,
    )


@pytest.mark.fast
def test_what_expires_first_is_drawn_first_then_the_oldest_then_by_id_and_what_never_expires_comes_last() -> (
    None
):
    never, late = lot(1, 10), lot(2, 10, 30)
    young, old, same = lot(3, 10, 20, earned=-1), lot(5, 10, 20, earned=-2), lot(4, 10, 20, earned=-2)
    draws, missing = lots.choose([never, late, young, old, same], 45)
    assert draws == (
        Draw(same.id, 10),
        Draw(old.id, 10),
        Draw(young.id, 10),
        Draw(late.id, 10),
        Draw(never.id, 5),
    )
    assert missing == 0


@pytest.mark.fast
def test_what_the_lots_do_not_cover_is_said_and_not_drawn() -> None:
    assert lots.choose([lot(1, 10, drawn=3, reserved=2)], 9) == ((Draw(UUID(int=1), 5),), 4)


def test_a_lot_may_be_used_from_its_first_instant_until_before_its_last() -> None:
    found = lot(1, 10, 2, active=1)
    instant = timedelta(microseconds=1)
    assert not lots.is_active(found, T + DAY - instant)
    assert lots.is_active(found, T + DAY)
    assert lots.is_active(found, T + 2 * DAY - instant)
    assert not lots.is_active(found, T + 2 * DAY)


def test_sums_tell_available_pending_reserved_and_expired_apart() -> None:
    some = [
        lot(1, 100, 5, drawn=10, reserved=20),
        lot(2, 50, active=3),
        lot(3, 30, 0, active=-2, reserved=5),
        lot(4, 7),
    ]
    assert lots.sums(some, T) == lots.Sums(available=77, pending=50, reserved=25, expired=25)
    assert lots.available(some, T) == 77


def test_points_that_expire_at_one_instant_are_one_sum_soonest_first() -> None:
    some = [
        lot(1, 5, 9),
        lot(2, 6, 3),
        lot(3, 7, 9),
        lot(4, 8),
        lot(5, 9, 4, active=1),
        lot(6, 3, 3, drawn=3),
    ]
    assert lots.expiring(some, T) == (Expiring(6, T + 3 * DAY), Expiring(12, T + 9 * DAY))


def test_what_was_drawn_last_is_given_back_first() -> None:
    held = {found.id: found for found in (lot(1, 10, 3), lot(2, 10, 9), lot(3, 10))}
    draws = [Draw(UUID(int=2), 10), Draw(UUID(int=1), 10), Draw(UUID(int=3), 4)]
    assert lots.giving_back(draws, held, 9) == (Draw(UUID(int=3), 4), Draw(UUID(int=2), 5))
    assert lots.divide(draws, held, 13) == (Draw(UUID(int=1), 10), Draw(UUID(int=2), 3))


def test_more_than_was_drawn_cannot_be_given_back() -> None:
    found = lot(1, 10)
    with pytest.raises(AssertionError, match="2 more than there is"):
        lots.giving_back([Draw(found.id, 5)], {found.id: found}, 7)
