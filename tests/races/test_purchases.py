"""Callers at once, through two applications on one database: exactly what must come of it comes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from regulars.flows import pricing
from tests.api.shop import buy, line, record
from tests.races import acts
from tests.races.acts import Houses

NOWHERE = UUID(int=1)


@pytest.fixture
def bad_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The purchase that is called `bad` has an account that does not exist: a foreign key refuses its row."""
    honest = pricing.row

    def row(*arguments: Any) -> Any:
        written = honest(*arguments)
        return replace(written, pool=NOWHERE) if written.request == "bad" else written

    monkeypatch.setattr(pricing, "row", row)


async def test_fifty_purchases_spend_as_much_as_there_is(houses: Houses) -> None:
    await acts.spend_one_balance(houses)


async def test_the_same_request_20_times_is_one_purchase_and_20_equal_answers(houses: Houses) -> None:
    await acts.send_one_request_many_times(houses)


async def test_a_hold_is_confirmed_once(houses: Houses) -> None:
    await acts.confirm_one_hold_many_times(houses)


async def test_a_hold_is_confirmed_or_voided_and_a_void_has_the_last_word(houses: Houses) -> None:
    await acts.confirm_and_void_one_hold(houses)


async def test_one_piece_comes_back_once(houses: Houses) -> None:
    await acts.return_one_line_many_times(houses)


async def test_a_published_and_a_stopped_promotion_count_from_the_answer_on(houses: Houses) -> None:
    await acts.publish_and_stop_while_buying(houses)


async def test_a_request_that_is_given_up_while_it_arrives_is_void(houses: Houses) -> None:
    await acts.give_up_while_it_arrives(houses)


@pytest.mark.parametrize("place", [0, 63, 64, 127])
async def test_a_bad_row_does_not_spoil_the_batch(houses: Houses, bad_row: None, place: int) -> None:
    await acts.send_a_batch_with_a_bad_row(houses, place)


@pytest.mark.full
@pytest.mark.parametrize("place", range(128))
async def test_a_bad_row_does_not_spoil_the_batch_in_any_place(
    houses: Houses, bad_row: None, place: int
) -> None:
    await acts.send_a_batch_with_a_bad_row(houses, place)


async def test_a_bad_row_may_be_sent_again_when_the_fault_is_mended(
    houses: Houses, bad_row: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = buy("bad", None, [line(1, 100)])
    refused = await houses.at(0).post("/v1/purchases", body, scope="till")
    monkeypatch.undo()

    again = await record(houses.at(0), body)

    assert (refused.status_code, refused.json()["code"]) == (500, "internal_error")
    assert again["payable"] == 100
