"""Corrections of activities and the challenges they counted for: in a later window, of a stopped one, after a merge."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.activity import VISIT, declare, did, happen, has
from tests.api.conftest import Api
from tests.api.quests import THREE_VISITS, guest, progress, put_quest, reached
from tests.api.shop import set_clock
from tests.api.test_cards import assert_the_books_are_in_order

MARCH = "2026-03-01T10:00:00+02:00"
APRIL = "2026-04-02T10:00:00+03:00"
ONE_VISIT: dict[str, Any] = {**THREE_VISITS, "goal": {"kind": "count", "need": 1, "activity": "visit"}}


HELP: dict[str, Any] = {
    "names": {"en": "Help"},
    "fields": [{"name": "hours", "type": "integer", "required": True}],
    "measure": "sum",
    "quantity": "hours",
    "rules": [{"currency": "PTS", "points": 5}],
}


async def correct(api: Api, member: str, request: str, at: str = MARCH, **more: Any) -> tuple[int, str]:
    """Take the activity `v` back; the status, and what is said against it."""
    sent = {"id": request, "kind": "visit", "happened_at": at, "data": {}, "corrects": "v", **more}
    answer = await api.post(f"/v1/members/{member}/events", sent, scope="issuer")
    return answer.status_code, answer.json().get("detail", "")


async def won(api: Api) -> list[int]:
    """How many won each challenge."""
    return [one["won"] for one in (await api.get("/v1/challenges")).json()["items"]]


async def assert_nothing_is_left(api: Api, database: Database, member: str) -> None:
    """Neither points of the visit nor of the prize, and nobody has won."""
    assert await has(api, member) == (0, 0)
    assert await won(api) == [0]
    await assert_the_books_are_in_order(api, database)


async def test_a_correction_in_another_month_takes_the_prize_of_its_own(
    shop: Api, database: Database
) -> None:
    await declare(shop, "visit", VISIT)
    await put_quest(shop, "month", {**ONE_VISIT, "window": "month"})
    member, _ = await guest(shop)
    await happen(shop, member, did("v", "visit", MARCH))
    assert await has(shop, member) == (155, 0)
    await set_clock(shop, APRIL)

    assert await correct(shop, member, "back", APRIL) == (201, "")

    await assert_nothing_is_left(shop, database, member)


async def test_a_correction_takes_the_prize_of_a_challenge_that_was_stopped(
    shop: Api, database: Database
) -> None:
    await declare(shop, "visit", VISIT)
    await put_quest(shop, "visits", ONE_VISIT)
    member, _ = await guest(shop)
    await happen(shop, member, did("v", "visit", MARCH))
    await put_quest(shop, "visits", ONE_VISIT, stopped=True)

    assert await correct(shop, member, "back") == (201, "")

    await assert_nothing_is_left(shop, database, member)


@pytest.mark.parametrize("named", [0, 1], ids=["who stays", "who was merged"])
async def test_after_a_merge_an_activity_is_taken_back_once_and_the_prize_with_it(
    shop: Api, database: Database, named: int
) -> None:
    await declare(shop, "visit", VISIT)
    await put_quest(shop, "visits", ONE_VISIT)
    both = [(await guest(shop))[0], (await guest(shop))[0]]
    await happen(shop, both[1], did("v", "visit", MARCH))
    merged = await shop.post(f"/v1/members/{both[0]}/merge", {"member": both[1]})
    assert merged.status_code == 200
    assert await has(shop, both[0]) == (155, 0)

    assert await correct(shop, both[named], "back") == (201, "")
    again = await correct(shop, both[1 - named], "again")

    assert again == (409, "All of this activity was taken back before.")
    await assert_nothing_is_left(shop, database, both[0])


async def test_what_counts_by_times_counts_on_while_something_of_it_is_left(shop: Api) -> None:
    """Of two hours of help one was too much: it is still a time that she helped."""
    await declare(shop, "help", HELP)
    goal = {"kind": "count", "need": 1, "activity": "help"}
    await put_quest(shop, "helper", {**THREE_VISITS, "goal": goal})
    member, _ = await guest(shop)
    await happen(shop, member, did("v", "help", MARCH, hours=2))
    assert await reached(shop, member, "helper") == (1, 1, "done")

    assert await correct(shop, member, "less", kind="help", data={"hours": -1}) == (201, "")
    assert await reached(shop, member, "helper") == (1, 1, "done")
    assert await correct(shop, member, "none", kind="help", data={"hours": -1}) == (201, "")
    assert await won(shop) == [0]
    assert (await progress(shop, member))["challenges"][0]["reached"] == 0
