"""Codes used and guessed at once, through two applications; and that each race goes red without its guard."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from regulars.members.access import challenges, locks
from tests.api.conftest import Letters
from tests.races import proofs
from tests.races.acts import Houses


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that were compared with the one that was sent."""
    seen: list[str] = []
    honest = challenges.answers

    def answers(challenge: Any, secret: bytes, answer: str) -> bool:
        seen.append(answer)
        return honest(challenge, secret, answer)

    monkeypatch.setattr(challenges, "answers", answers)
    return seen


async def test_a_code_pays_one_purchase_of_many(houses: Houses, letters: Letters) -> None:
    await proofs.use_one_code_many_times(houses, letters)


async def test_a_request_with_its_code_may_come_many_times(houses: Houses, letters: Letters) -> None:
    await proofs.send_one_request_with_its_code_many_times(houses, letters)


async def test_of_fifty_guesses_five_are_judged(houses: Houses, letters: Letters, judged: list[str]) -> None:
    await proofs.guess_many_codes(houses, letters, judged)


@pytest.mark.full
async def test_without_its_guards_a_code_pays_twice(
    houses: Houses, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(*_: Any) -> bool:
        return True

    monkeypatch.setattr(challenges, "use", use)

    with pytest.raises(AssertionError):
        await proofs.use_one_code_many_times(houses, letters)


@pytest.mark.full
async def test_without_the_members_row_more_guesses_are_judged(
    houses: Houses, letters: Letters, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take(*_: Any) -> None:
        await asyncio.sleep(0.3)  # so that guesses meet on any machine

    monkeypatch.setattr(locks, "take", take)

    with pytest.raises(AssertionError):
        await proofs.guess_many_codes(houses, letters, judged)
