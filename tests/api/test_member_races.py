"""Many at once: one phone, one card, one request, an erasure amid changes. What must be once is once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, buy, just_now, line, publish
from tests.api.test_cards import assert_the_books_are_in_order, earn, points, unassigned
from tests.api.test_members import enrolled


async def test_twenty_enrolments_of_one_phone_at_once_make_one_member(api: Api) -> None:
    answers = await asyncio.gather(*(api.post("/v1/members", {"phone": "20000001"}) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    member = next(answer.json()["id"] for answer in answers if answer.status_code == 201)
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(body["code"], body["member"]) for body in refused} == {("member_exists", member)}


async def test_one_enrolment_sent_twenty_times_at_once_is_done_once(api: Api) -> None:
    body = {"phone": "20000001", "email": "a@example.lv"}
    answers = await asyncio.gather(*(api.post("/v1/members", body, key="same") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1


async def test_crossed_identifiers_at_once_end_without_a_deadlock(api: Api) -> None:
    one = {"phone": "20000001", "email": "b@example.lv"}
    two = {"phone": "20000002", "email": "a@example.lv"}
    three = {"phone": "20000001", "email": "a@example.lv"}
    bodies = [one, two, three] * 6
    answers = await asyncio.gather(*(api.post("/v1/members", body) for body in bodies))
    assert {answer.status_code for answer in answers} == {201, 409}
    assert 1 <= sum(answer.status_code == 201 for answer in answers) <= 2


async def test_one_card_wanted_by_many_goes_to_one_with_its_points(api: Api, database: Database) -> None:
    members = [(await enrolled(api, phone=f"2000000{i}"))["id"] for i in range(5)]
    number = await unassigned(api)
    await earn(database, api, number, 100)
    wishes = [api.post(f"/v1/members/{member}/cards", {"number": number}) for member in members]
    wishes += [api.post("/v1/members", {"card": number, "phone": f"2000001{i}"}) for i in range(5)]
    answers = await asyncio.gather(*wishes)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    winner = (await api.post("/v1/members/find", {"card": number})).json()["id"]
    assert await points(api, winner) == 100
    for member in members:
        assert await points(api, member) == (100 if member == winner else 0)
    await assert_the_books_are_in_order(api, database)


async def test_one_phone_wanted_by_two_members_at_once_goes_to_one(api: Api) -> None:
    members = [(await enrolled(api, email=f"{i}@example.lv"))["id"] for i in range(6)]
    changes = [api.patch(f"/v1/members/{member}", {"phone": "20000001"}) for member in members]
    answers = await asyncio.gather(*changes)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}


async def test_an_erasure_and_a_change_at_once_leave_nothing_behind(api: Api) -> None:
    for i in range(5):
        member = await enrolled(api, phone=f"2000000{i}")
        path = f"/v1/members/{member['id']}"
        await asyncio.gather(
            api.patch(path, {"phone": f"2000001{i}", "name": "Anna"}),
            api.delete(path),
            api.post(f"{path}/cards", {}),
        )
        erased = (await api.get(path)).json()
        assert (erased["name"], erased["phone"]) == ("", None)
        assert {card["status"] for card in erased["cards"]} == {"closed"}
        for phone in (f"2000000{i}", f"2000001{i}"):
            assert (await api.post("/v1/members/find", {"phone": phone})).status_code == 404


@pytest.mark.scenario("S29")
async def test_no_point_is_lost_when_a_card_is_assigned_amid_purchases(api: Api, database: Database) -> None:
    await publish(api, {**MEMBER_POINTS, "conditions": []})
    member = (await enrolled(api, phone="20000001"))["id"]
    number = await unassigned(api)
    receipts = [buy(f"r-{i}", number, [line(1, 100 * 2**i)], purchased_at=just_now()) for i in range(10)]
    work = [api.post("/v1/purchases", receipt, scope="till") for receipt in receipts]
    work.insert(5, api.post(f"/v1/members/{member}/cards", {"number": number}))
    answers = await asyncio.gather(*work)
    assert {answer.status_code for answer in answers} == {201}
    assert await points(api, member) == 2**10 - 1
    await assert_the_books_are_in_order(api, database)
