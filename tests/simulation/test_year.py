"""A coalition's days: whatever tills do, the sums of their answers are what the books say."""

from __future__ import annotations

from collections import defaultdict
from types import ModuleType
from typing import Any

import pytest

from regulars.flows import standing
from regulars.ledger import book, lots
from regulars.promotions import counters
from tests.simulation.memory import Memory
from tests.simulation.town import Town
from tests.simulation.year import command, simulate


def require_life(memory: Memory) -> None:
    """The simulation is worth nothing if nothing happened in it."""
    bought = memory.bought.values()
    assert any(one.voided for one in bought)
    assert any(one.returns and not one.left() for one in bought)
    assert any(one.held_until is not None for one in bought)
    assert any(one.spent for one in bought)
    assert memory.given_up


async def test_two_weeks_and_a_half_of_a_coalition(town: Town, administrator_url: str) -> None:
    memory = await simulate(town, seed=1, days=17, administrator_url=administrator_url)

    require_life(memory)


@pytest.mark.full
async def test_a_coalitions_year(town: Town, administrator_url: str) -> None:
    memory = await simulate(town, seed=2026, days=365, administrator_url=administrator_url)

    require_life(memory)


async def test_a_year_that_fails_says_how_to_play_it_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(_: Memory) -> dict[str, int]:
        return defaultdict(lambda: 1)

    monkeypatch.setattr(Memory, "points", forgetful)

    with pytest.raises(AssertionError) as failed:
        await simulate(town, seed=4, days=1, administrator_url="")

    assert failed.value.__notes__ == [f"To play this year again: {command(4, 1)}"]


async def nothing(*_: Any, **__: Any) -> None:
    """What is left of a guard that was taken away."""


@pytest.mark.full
@pytest.mark.parametrize(
    ("where", "guard", "instead"),
    [
        (book, "lock", nothing),
        (standing, "claim", nothing),
        (counters, "give_back", nothing),
        (lots, "has_expired", lambda *_: False),
    ],
)
async def test_without_a_guard_the_simulation_goes_red(
    town: Town,
    administrator_url: str,
    monkeypatch: pytest.MonkeyPatch,
    where: ModuleType,
    guard: str,
    instead: Any,
) -> None:
    monkeypatch.setattr(where, guard, instead)

    with pytest.raises(AssertionError) as failed:
        await simulate(town, seed=1, days=21, administrator_url=administrator_url)

    assert failed.value.__notes__ == [f"To play this year again: {command(1, 21)}"]
