"""Callers at the moment at which something ends: whoever is first, it ends once."""

from __future__ import annotations

from tests.races import deadlines
from tests.races.acts import Houses


async def test_each_point_is_spent_or_expires(houses: Houses) -> None:
    await deadlines.spend_while_it_expires(houses)


async def test_a_hold_that_lapses_while_it_is_confirmed_is_resolved_once(houses: Houses) -> None:
    await deadlines.confirm_while_it_lapses(houses)


async def test_what_is_returned_and_voided_at_once_comes_back_once(houses: Houses) -> None:
    await deadlines.return_and_void_at_once(houses)
