"""Tickets of a lottery as a prize: given with what earns them, as many as she may have, void with what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.games import DRAW, NOON, SURVEY
from tests.api.quests import THREE_VISITS, guest, progress, put_quest, reached
from tests.api.shop import buy, line, record, refused, set_clock, take_back

GOOD = {"tickets": {"draw": "spring", "count": 3}}
ONE_VISIT: dict[str, Any] = {**THREE_VISITS, "goal": {"kind": "count", "need": 1}, "prizes": [GOOD]}


async def put_draw(api: Api, **changes: Any) -> None:
    answer = await api.call("PUT", "/v1/draws/spring", {**DRAW, **changes})
    assert answer.status_code == 200, answer.text


async def tickets(api: Api, member: str) -> list[tuple[int, str, bool]]:
    """Number, source and whether it is void, in the order of their numbers."""
    found = (await api.get(f"/v1/members/{member}/tickets")).json()["items"]
    return sorted((one["number"], one["source"], one["void"]) for one in found)


async def given_as(api: Api, member: str) -> list[dict[str, Any]]:
    return [one["prize"] for one in (await progress(api, member))["prizes"]]


async def test_a_challenge_gives_tickets_that_take_part_in_the_draw(shop: Api) -> None:
    await put_draw(shop)
    await put_quest(shop, "once", ONE_VISIT)
    member, card = await guest(shop)

    bought = await record(shop, buy("v-1", card, [line(1, 500)]))
    await record(shop, buy("v-2", card, [line(1, 500)]))
    held = await tickets(shop, member)
    await set_clock(shop, NOON)
    proof = (await shop.post("/v1/draws/spring/hold")).json()

    assert bought["messages"]["receipt"] == ["Challenge completed: Three visits, 3 tickets of the draw"]
    assert held == [(1, "prize", False), (2, "prize", False), (3, "prize", False)]
    assert proof["tickets"] == [1, 2, 3]
    assert len(proof["winners"]) == 3


async def test_what_comes_back_before_the_draw_takes_the_tickets_along_and_makes_room(shop: Api) -> None:
    await put_draw(shop, most=3)
    await put_quest(shop, "once", ONE_VISIT)
    member, card = await guest(shop)
    bought = await record(shop, buy("v-1", card, [line(1, 500)]))

    await take_back(shop, bought["id"], "r-1", (1, "1"))
    gone = await tickets(shop, member)
    await record(shop, buy("v-2", card, [line(1, 500)]))

    assert gone == [(1, "prize", True), (2, "prize", True), (3, "prize", True)]
    assert [one for one in await tickets(shop, member) if not one[2]] == [
        (4, "prize", False),
        (5, "prize", False),
        (6, "prize", False),
    ]


async def test_of_tickets_that_were_drawn_from_none_is_taken(shop: Api) -> None:
    await put_draw(shop)
    await put_quest(shop, "once", ONE_VISIT)
    member, card = await guest(shop)
    bought = await record(shop, buy("v-1", card, [line(1, 500)]))
    await set_clock(shop, NOON)
    await shop.post("/v1/draws/spring/hold")

    await take_back(shop, bought["id"], "r-1", (1, "1"))

    assert await reached(shop, member, "once") == (0, 1, "open")
    assert await tickets(shop, member) == [(1, "prize", False), (2, "prize", False), (3, "prize", False)]


async def test_she_gets_as_many_as_she_may_have_and_where_there_are_none_nothing(shop: Api) -> None:
    await put_draw(shop, most=4)
    await put_quest(shop, "twice", ONE_VISIT, repeat=9)
    member, card = await guest(shop)

    for n in range(3):
        await record(shop, buy(f"v-{n}", card, [line(1, 500)]))

    assert [number for number, _, _ in await tickets(shop, member)] == [1, 2, 3, 4]
    assert await given_as(shop, member) == [{"tickets": {"draw": "spring"}}, GOOD]


@pytest.mark.parametrize("how", ["called off", "over", "for others"])
async def test_a_draw_that_has_no_tickets_for_her_gives_nothing_and_the_purchase_stands(
    shop: Api, how: str
) -> None:
    await put_draw(shop, **({"audience": {"age_from": 18}} if how == "for others" else {}))
    await put_quest(shop, "once", ONE_VISIT)
    member, card = await guest(shop)
    if how == "called off":
        await shop.post("/v1/draws/spring/stop")
    if how == "over":
        await set_clock(shop, "2026-03-10T00:00:00+02:00")

    await record(shop, buy("v-1", card, [line(1, 500)]))

    assert await tickets(shop, member) == []
    assert await given_as(shop, member) == []
    assert (await reached(shop, member, "once"))[2] == "done"


async def test_a_survey_gives_a_ticket_too(shop: Api) -> None:
    await put_draw(shop)
    asked = {**SURVEY, "prize": {"tickets": {"draw": "spring"}}}
    assert (await shop.call("PUT", "/v1/surveys/visit", asked)).status_code == 200
    member, _ = await guest(shop)
    answers = {"survey": "visit", "answers": {"again": 9, "what": ["bread"], "word": "good"}}

    answered = await shop.post(f"/v1/members/{member}/answers", answers)

    assert answered.status_code == 201, answered.text
    assert await tickets(shop, member) == [(1, "prize", False)]


async def test_tickets_of_a_draw_that_is_not_there_or_called_off_cannot_be_promised(shop: Api) -> None:
    unknown = await shop.call("PUT", "/v1/challenges/once", ONE_VISIT)
    await put_draw(shop)
    await shop.post("/v1/draws/spring/stop")
    stopped = await shop.call("PUT", "/v1/challenges/once", ONE_VISIT)

    for answer in (unknown, stopped):
        assert refused(answer) == (422, "contradictory_configuration", "/prizes/0/tickets/draw")
        assert answer.json()["detail"] == "There is no draw spring, or it is over."


async def test_a_draw_does_not_give_tickets_of_itself(shop: Api) -> None:
    await put_draw(shop)
    itself = [{"names": {"lv": "Vēl", "en": "More"}, "prize": {"tickets": {"draw": "spring"}}}]
    answer = await shop.call("PUT", "/v1/draws/spring", {**DRAW, "ranks": itself})
    assert refused(answer) == (422, "contradictory_configuration", "/ranks/0/prize/tickets/draw")
    assert answer.json()["detail"] == "A draw cannot give tickets of itself."
