"""Gift cards under many hands at once; and that each race goes red without its guard."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from regulars.rewards import selling
from tests.races import gift_cards
from tests.races.acts import Houses
from tests.races.test_guards import must_go_red, unlocked

__all__ = ["unlocked"]


async def test_a_card_is_never_below_zero(houses: Houses) -> None:
    await gift_cards.pay_with_one_card(houses)


async def test_no_more_is_on_a_card_than_may_be(houses: Houses) -> None:
    await gift_cards.top_up_to_the_limit(houses)


async def test_one_code_of_a_card_is_in_force(houses: Houses) -> None:
    await gift_cards.renew_many_times(houses)


async def test_a_line_pays_for_one_card(houses: Houses) -> None:
    await gift_cards.sell_with_one_line(houses)


async def test_nobody_has_the_card_and_the_money(houses: Houses) -> None:
    await gift_cards.sell_and_return_one_line(houses)


@pytest.mark.full
async def test_where_the_answer_is_not_read_a_line_pays_for_many_cards(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = selling.note

    async def note(*arguments: Any) -> bool:
        await honest(*arguments)
        return True

    monkeypatch.setattr(selling, "note", note)
    await must_go_red(houses, gift_cards.sell_with_one_line(houses))


@pytest.mark.full
async def test_without_the_lock_somebody_has_the_card_and_the_money(houses: Houses, unlocked: None) -> None:
    await must_go_red(houses, gift_cards.sell_and_return_one_line(houses))


@pytest.mark.full
async def test_without_lock_and_constraint_more_is_paid_than_there_was(
    houses: Houses, unlocked: None, administrator_url: str
) -> None:
    with psycopg.connect(administrator_url) as owner:
        owner.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS lot_check")

    await must_go_red(houses, gift_cards.pay_with_one_card(houses))


@pytest.mark.full
async def test_without_the_lock_more_is_put_on_than_may_be(houses: Houses, unlocked: None) -> None:
    await must_go_red(houses, gift_cards.top_up_to_the_limit(houses))
