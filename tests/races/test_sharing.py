"""Shared accounts, merges and claims by many at once; and that each race goes red without its guard."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from regulars.flows import claimable, party
from regulars.members import accounts
from regulars.purchases import claiming
from tests.races import sharing
from tests.races.acts import Houses
from tests.races.test_guards import must_go_red, unlocked

__all__ = ["unlocked"]


async def test_a_daily_limit_is_not_passed_by_many_tills(houses: Houses) -> None:
    await sharing.spend_up_to_a_daily_limit(houses)


async def test_points_that_are_merged_away_are_spent_once(houses: Houses) -> None:
    await sharing.merge_and_spend(houses)


async def test_what_waits_for_the_account_while_she_leaves_it_is_hers(houses: Houses) -> None:
    await sharing.earn_while_she_leaves(houses)


async def test_an_invitation_is_accepted_once(houses: Houses) -> None:
    await sharing.accept_one_invitation_many_times(houses)


async def test_the_last_owner_cannot_leave_by_a_race(houses: Houses) -> None:
    await sharing.two_owners_leave_at_once(houses)


async def test_nobody_is_in_an_account_that_was_closed_meanwhile(houses: Houses) -> None:
    await sharing.join_while_it_is_closed(houses)


async def test_a_receipt_is_claimed_once(houses: Houses) -> None:
    await sharing.claim_one_receipt_many_times(houses)


async def test_three_claims_a_week_are_three(houses: Houses) -> None:
    await sharing.claim_more_than_a_week_allows(houses)


@pytest.mark.full
@pytest.mark.parametrize(
    "act",
    [
        sharing.spend_up_to_a_daily_limit,
        sharing.merge_and_spend,
        sharing.two_owners_leave_at_once,
        sharing.claim_more_than_a_week_allows,
    ],
)
async def test_without_the_lock_on_the_pool_it_goes_wrong(
    houses: Houses, unlocked: None, administrator_url: str, act: Any
) -> None:
    with psycopg.connect(administrator_url) as owner:
        owner.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS lot_check")

    await must_go_red(houses, act(houses))


@pytest.mark.full
async def test_without_looking_again_under_the_lock_points_go_to_an_account_that_was_left(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(party, "moved", lambda before, now: False)

    await must_go_red(houses, sharing.earn_while_she_leaves(houses))


@pytest.mark.full
async def test_without_the_guard_on_the_code_many_join_by_it(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = accounts.accept

    async def accept(tx: Any, program: Any, index: Any, code: str, member: Any, at: Any) -> Any:
        found = await honest(tx, program, index, code, member, at)
        account = await accounts.invited_to(tx, program, index, code, at)
        return found or accounts.Invitation(account or houses.at(0).program.id, "earner", None)

    monkeypatch.setattr(accounts, "accept", accept)

    await must_go_red(houses, sharing.accept_one_invitation_many_times(houses))


@pytest.mark.full
async def test_without_the_key_of_the_claim_many_have_one_receipt(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = claiming.claim

    async def claim(*arguments: Any) -> bool:
        await honest(*arguments)
        return True

    async def any_is(*_: Any) -> None:
        return

    monkeypatch.setattr(claiming, "claim", claim)
    monkeypatch.setattr(claimable, "require_claimable", any_is)

    await must_go_red(houses, sharing.claim_one_receipt_many_times(houses))
