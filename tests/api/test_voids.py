"""Voiding over the API: what was recorded or held is taken back whole, once, also before it arrived."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.api.shop import (
    balance,
    buy,
    earning_member,
    give,
    line,
    record,
    refused,
    take_back,
)


@pytest.mark.fast
async def test_a_void_takes_back_what_was_earned_and_gives_back_what_was_spent(shop: Api) -> None:
    member, card = await earning_member(shop)
    await give(shop, member, 300)
    wish = [{"currency": "PTS", "amount": 300}]
    recorded = await record(shop, buy("r-1", card, [line(1, 1000)], spend=wish))

    voided = await shop.post(f"/v1/purchases/{recorded['id']}/void", {"reason": "mistake"}, scope="till")

    assert (voided.status_code, voided.json()) == (
        200, {"id": recorded["id"], "request": "r-1", "status": "voided"})  # fmt: skip
    assert await balance(shop, member) == {"available": 300, "pending": 0, "held": 0, "debt": 0}
    shown = (await shop.get(f"/v1/purchases/{recorded['id']}")).json()
    assert (shown["status"], shown["void_reason"], shown["answer"]) == ("voided", "mistake", recorded)


async def test_a_void_after_a_part_was_returned_takes_back_the_rest(shop: Api) -> None:
    member, card = await earning_member(shop)
    await give(shop, member, 100)
    wish = [{"currency": "PTS", "amount": 100}]
    recorded = await record(shop, buy("r-1", card, [line(1, 333, "3"), line(2, 1)], spend=wish))
    await take_back(shop, recorded["id"], "b-1", (1, "1"))

    await shop.post(f"/v1/purchases/{recorded['id']}/void", {}, scope="till")

    assert await balance(shop, member) == {"available": 100, "pending": 0, "held": 0, "debt": 0}


async def test_a_purchase_that_came_back_whole_has_nothing_left_to_void(shop: Api) -> None:
    recorded = await record(shop, buy("r-1", None, [line(1, 1000)]))
    await take_back(shop, recorded["id"], "b-1", (1, "1"))

    answer = await shop.post(f"/v1/purchases/{recorded['id']}/void", {}, scope="till")

    assert refused(answer) == (409, "state_conflict", None)


async def test_a_second_void_changes_nothing(shop: Api) -> None:
    member, card = await earning_member(shop)
    recorded = await record(shop, buy("r-1", card, [line(1, 1000)]))
    path = f"/v1/purchases/{recorded['id']}/void"

    first = await shop.post(path, {"reason": "first"}, key="v-1")
    replay = await shop.post(path, {"reason": "first"}, key="v-1")
    second = await shop.post(path, {"reason": "second"}, key="v-2")
    by_request = await shop.post("/v1/purchases/void", {"request": "r-1"}, key="v-3")

    assert [a.status_code for a in (first, replay, second, by_request)] == [200] * 4
    assert first.json() == replay.json() == second.json() == by_request.json()
    assert (replay.headers["idempotent-replayed"], second.headers.get("idempotent-replayed")) == (
        "true",
        None,
    )
    assert (await shop.get(f"/v1/purchases/{recorded['id']}")).json()["void_reason"] == "first"
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}


@pytest.mark.fast
async def test_a_request_that_was_given_up_is_refused_when_it_arrives(shop: Api) -> None:
    body = buy("r-1", None, [line(1, 1000)])

    given_up = await shop.post("/v1/purchases/void", {"request": "r-1"}, scope="till")
    again = await shop.post("/v1/purchases/void", {"request": "r-1"}, scope="till")
    late = await shop.post("/v1/purchases", body, scope="till")
    later = await shop.post("/v1/purchases", {**body, "hold": True}, scope="till")

    assert given_up.json() == again.json() == {"id": None, "request": "r-1", "status": "voided"}
    assert refused(late) == (409, "request_voided", None)
    assert refused(later) == (409, "request_voided", None)
    assert (await shop.get("/v1/purchases")).json()["items"] == []


async def test_a_given_up_request_that_had_arrived_is_voided(shop: Api) -> None:
    member, card = await earning_member(shop)
    body = buy("r-1", card, [line(1, 1000)])
    recorded = await record(shop, body)

    given_up = await shop.post("/v1/purchases/void", {"request": "r-1"}, scope="till")
    replay = await shop.post("/v1/purchases", body, scope="till")

    assert given_up.json() == {"id": recorded["id"], "request": "r-1", "status": "voided"}
    assert (replay.status_code, replay.json()) == (201, recorded)  # what it came to, `GET` says
    assert (await balance(shop, member))["available"] == 0


async def test_the_name_of_another_call_cannot_be_voided(shop: Api) -> None:
    await shop.post("/v1/members", {"phone": "+37126000001"}, key="enrol-1")
    recorded = await record(shop, buy("r-1", None, [line(1, 1000)]))
    await take_back(shop, recorded["id"], "b-1", (1, "1"))

    for name in ("enrol-1", "b-1"):
        answer = await shop.post("/v1/purchases/void", {"request": name}, scope="till")
        assert refused(answer) == (409, "request_key_reused", None)


async def test_points_that_were_spent_meanwhile_become_debt_which_the_next_purchase_pays(shop: Api) -> None:
    member, card = await earning_member(shop)
    earning = await record(shop, buy("r-1", card, [line(1, 10_000)]))
    await record(shop, buy("r-2", card, [line(1, 80)], spend=[{"currency": "PTS", "amount": 80}]))

    await shop.post(f"/v1/purchases/{earning['id']}/void", {}, scope="till")
    owing = await balance(shop, member)
    await record(shop, buy("r-3", card, [line(1, 10_000)]))

    assert owing == {"available": 0, "pending": 0, "held": 0, "debt": 80}
    assert await balance(shop, member) == {"available": 20, "pending": 0, "held": 0, "debt": 0}
