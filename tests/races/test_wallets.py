"""Quotas and codes of wallets under many callers; and that the races go red without the guards."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import fetch_one
from regulars.members.access import challenges
from regulars.partners import aggregators
from tests.api.conftest import Letters
from tests.races import wallets
from tests.races.acts import Houses


async def test_exactly_the_agreed_calls_get_through(houses: Houses) -> None:
    await wallets.ask_beyond_the_quota(houses)


async def test_a_code_serves_one_confirmation(houses: Houses, letters: Letters) -> None:
    await wallets.confirm_with_one_code_many_times(houses, letters)


@pytest.mark.full
async def test_a_quota_that_is_looked_at_before_it_is_counted_is_passed(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = aggregators.count_call

    async def look_and_count(tx: Any, program: Any, one: Any, day: Any) -> bool:
        key = (program, one.id, day)
        asked = "SELECT calls FROM aggregator_day WHERE program = %s AND aggregator = %s AND day = %s"
        row = await fetch_one(tx, asked, key)
        await honest(tx, program, type(one)(one.id, one.name, one.api_key, 10**6, one.created_at), day)
        return row is None or row[0] < one.calls_a_day

    monkeypatch.setattr(aggregators, "count_call", look_and_count)

    with pytest.raises(AssertionError):
        await wallets.ask_beyond_the_quota(houses)


@pytest.mark.full
async def test_without_using_the_code_up_it_serves_again(
    houses: Houses, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(*_: Any, **__: Any) -> bool:
        return True

    monkeypatch.setattr(challenges, "use", use)

    with pytest.raises(AssertionError):
        await wallets.confirm_with_one_code_many_times(houses, letters)
