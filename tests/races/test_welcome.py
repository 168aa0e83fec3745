"""The welcome gift and people who join at once; and that the races go red without the guard."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.members import arrivals
from tests.races import welcome
from tests.races.acts import Houses


async def test_who_joins_by_two_ways_at_once_is_welcomed_once(houses: Houses) -> None:
    await welcome.join_by_two_ways_at_once(houses)


async def test_who_joins_and_leaves_again_and_again_is_welcomed_once(houses: Houses) -> None:
    await welcome.join_and_leave_again_and_again(houses)


@pytest.mark.full
async def test_without_the_record_of_who_was_welcomed_the_gift_is_given_again(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def everybody(_tx: Any, _program: Any, _vault: Any, arriving: Any, _at: Any) -> set[Any]:
        return {arrival.member for arrival in arriving}

    monkeypatch.setattr(arrivals, "welcome", everybody)

    with pytest.raises(AssertionError):
        await welcome.join_and_leave_again_and_again(houses)
