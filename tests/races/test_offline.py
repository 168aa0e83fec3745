"""Receipts of an outage that arrive at once, twice, and at two processes: each is booked once, and seen as it is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from psycopg.sql import SQL

from regulars.purchases.offline import devices
from tests.api.conftest import Api
from tests.api.shop import balance, settle
from tests.api.test_offline import available, spender
from tests.api.tills import Till, conflicts, till_of
from tests.races.acts import Houses

WITHOUT_A_LOCK = SQL(
    "SELECT id, store, registered FROM till_device WHERE program = %s AND %s::timestamptz IS NOT NULL"
    " AND id = ANY(%s::uuid[]) AND %s::uuid[] IS NOT NULL AND %s::text[] IS NOT NULL"
)


async def send(api: Api, *receipts: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await api.post("/v1/purchases/batch", {"purchases": list(receipts)}, scope="till")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def till_and_cards(houses: Houses, count: int) -> tuple[Till, list[tuple[str, str]]]:
    """A till with a snapshot, and members (id, card) with 1,000 points each who may spend there."""
    members = [await spender(houses.at(0), 1000) for _ in range(count)]
    return await till_of(houses.at(0)), members


async def one_counter_twice(houses: Houses) -> None:
    till, _ = await till_and_cards(houses, 0)
    receipts = [till.sold(None, counter=1) for _ in range(6)]

    answers = await asyncio.gather(*[send(houses.at(n % 2), one) for n, one in enumerate(receipts)])

    assert [items[0]["status"] for items in answers] == [201] * 6
    assert await conflicts(houses.at(0)) == [("counter_reused", 0)] * 5


async def the_tills_total_passed_by_many(houses: Houses) -> None:
    await settle(houses.at(0), offline={"spend_per_till": 900, "spend_per_member": 500})
    till, members = await till_and_cards(houses, 4)
    receipts = [till.sold(card, 300) for _, card in members]

    await asyncio.gather(*[send(houses.at(n % 2), one) for n, one in enumerate(receipts)])

    assert await conflicts(houses.at(0)) == [("over_till_total", 300)]


async def test_two_sends_of_one_batch_at_once_book_each_receipt_once(houses: Houses) -> None:
    till, [(member, card)] = await till_and_cards(houses, 1)
    receipts = [till.sold(card, 100), till.sold(None), till.sold(card, 200), till.sold(None)]

    answers = await asyncio.gather(*[send(houses.at(n % 2), *receipts) for n in range(4)])

    assert [[item["status"] for item in items] for items in answers] == [[201] * 4] * 4
    for place in range(4):
        assert sorted(items[place]["replayed"] for items in answers) == [False, True, True, True]
        assert len({items[place]["answer"]["id"] for items in answers}) == 1
    assert await available(houses.at(0), member) == 700
    assert await conflicts(houses.at(0)) == []
    (device,) = (await houses.at(0).get("/v1/till/devices", scope="read")).json()["items"]
    assert (device["counter"], device["receipts"], device["missing"]) == (4, 4, 0)


async def test_a_batch_that_a_restart_cut_in_half_is_whole_when_it_is_sent_again(houses: Houses) -> None:
    """The second application is one that has just started: it remembers nothing of what the first was told."""
    till, [(member, card)] = await till_and_cards(houses, 1)
    receipts = [till.sold(card, 100) for _ in range(4)]

    before = await send(houses.at(0), *receipts[:2])
    after = await send(replace(houses.at(0), client=houses.at(1).client), *receipts)

    assert [item["replayed"] for item in after] == [True, True, False, False]
    assert [item["answer"]["id"] for item in after[:2]] == [item["answer"]["id"] for item in before]
    assert (await balance(houses.at(0), member))["available"] == 600
    assert await conflicts(houses.at(0)) == []


@pytest.mark.parametrize("act", [one_counter_twice, the_tills_total_passed_by_many])
async def test_devices_are_counted_exactly_however_many_send_at_once(houses: Houses, act: Any) -> None:
    await act(houses)


@pytest.mark.full
@pytest.mark.parametrize("act", [one_counter_twice, the_tills_total_passed_by_many])
async def test_without_the_lock_on_the_device_it_goes_wrong(
    houses: Houses, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    honest = devices.note

    async def late(*arguments: Any) -> None:
        await asyncio.sleep(0.3)
        await honest(*arguments)

    monkeypatch.setattr(devices.SQL, "take", WITHOUT_A_LOCK)
    monkeypatch.setattr(devices, "note", late)
    with pytest.raises(AssertionError):
        await act(houses)
