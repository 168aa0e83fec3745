"""More than a process can do: the surplus is told at once to come again, and who sends slowly waits for himself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from regulars.db.pool import Database
from regulars.web import bodies
from tests.api.conftest import Api, new_api, serving
from tests.api.shop import buy, line, record, refused

RECORD = "/v1/purchases"


@pytest.fixture
async def narrow(database_url: str, database: Database) -> AsyncIterator[Api]:
    """A program behind an application that works on two requests at a time."""
    async with serving(database_url, requests_at_once=2) as client:
        yield await new_api(client, database)


async def test_the_surplus_is_told_to_come_again_and_what_was_taken_is_done(narrow: Api) -> None:
    bodies_ = [buy(f"r-{n}", None, [line(1, 100)]) for n in range(20)]

    answers = await asyncio.gather(*(narrow.post(RECORD, body, scope="till") for body in bodies_))

    assert Counter(answer.status_code for answer in answers) == {201: 2, 503: 18}
    surplus = [answer for answer in answers if answer.status_code == 503]
    assert {answer.headers["retry-after"] for answer in surplus} == {"1"}
    assert {refused(answer) for answer in surplus} == {(503, "overloaded", None)}
    for body in bodies_:  # as they are, one after another
        await record(narrow, body)
    kept = (await narrow.get(RECORD, store="riga-1")).json()["items"]
    assert sorted(item["request"] for item in kept) == sorted(body["id"] for body in bodies_)


async def test_other_calls_have_the_same_bound_and_health_has_none(narrow: Api) -> None:
    calls = [narrow.get("/v1/program") for _ in range(10)]
    health = [narrow.client.get("/health/live") for _ in range(10)]

    answers = await asyncio.gather(*calls, *health)

    assert Counter(answer.status_code for answer in answers[:10]) == {200: 2, 503: 8}
    assert {answer.status_code for answer in answers[10:]} == {200}


async def test_a_body_that_is_sent_slowly_takes_nobodys_place_and_is_not_waited_for_for_ever(
    narrow: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS_MAX", 4.0)
    headers = {"Authorization": f"Bearer {narrow.keys['till']}", "Content-Type": "application/json"}

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"id": '
        await asyncio.sleep(3600)

    sending = [
        asyncio.create_task(narrow.client.post(RECORD, content=slowly(), headers=headers)) for _ in range(10)
    ]
    await asyncio.sleep(0.1)

    answer = await record(narrow, buy("quick", None, [line(1, 100)]))

    assert answer["payable"] == 100
    assert not any(task.done() for task in sending)
    slow = await asyncio.gather(*sending)
    assert {refused(answer) for answer in slow} == {(408, "body_too_slow", None)}
