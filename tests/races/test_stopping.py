"""The stop button: once it is answered in one application, nothing that the other does knows the promotion as live."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from regulars.flows import standing
from regulars.flows.known_programs import KnownPrograms
from tests.api.conftest import Api
from tests.api.shop import buy, line, member_with_card, publish, record
from tests.pages.conftest import Visitor
from tests.races.acts import FIVE_OFF, Houses

OFFER = {
    "name": "Ten off for you",
    "group": "items",
    "conditions": [{"kind": "offer"}],
    "benefits": [{"kind": "line_percent", "percent": "10"}],
}


async def given(api: Api, name: str) -> set[int]:
    """What a purchase of 10.00 gets off: alone, while it is held, in a batch, and by a preview.

    The preview comes last: it looks afresh at the program, and what is sold after it would need no look of its own.
    """
    bought = [buy(f"{name}-{n}", None, [line(1, 1000)]) for n in range(5)]
    alone = await record(api, bought[1])
    held = await record(api, {**bought[2], "hold": True})
    batch = await api.post("/v1/purchases/batch", {"purchases": bought[3:]}, scope="till")
    previewed = await api.post("/v1/purchases/preview", bought[0], scope="till")
    items = batch.json()["items"]
    return {one["discount"] for one in (previewed.json(), alone, held, *(one["answer"] for one in items))}


async def offered(api: Api, member: str) -> list[str]:
    answer = await api.get(f"/v1/members/{member}/offers")
    return [one["name"] for one in answer.json()["items"]]


async def stop_by_its_button(houses: Houses) -> None:
    """A marketer presses it in one house; the other gives it no more, and offers it to nobody."""
    near, far = houses.apps
    promotion, offer = await publish(near, FIVE_OFF), await publish(near, OFFER)
    member, _ = await member_with_card(near)
    assert (await given(near, "near"), await given(far, "far")) == ({500}, {500})
    assert await offered(far, member) == ["Ten off for you"]
    office, other = Visitor(near), Visitor(far)
    await office.as_staff("marketing")
    for one in (promotion, offer):
        stopped = await office.act(f"/backoffice/promotions/{one}/stop")
        assert stopped.status_code == 303, stopped.text

    assert await given(far, "after") == {0}
    assert await offered(far, member) == []
    refused = await far.post(f"/v1/members/{member}/offers", {"promotion": offer})
    assert refused.status_code == 422
    await other.as_staff("marketing")
    other.client.cookies.set("regulars_language", "en")
    listed = (await other.client.get("/backoffice/promotions?state=live")).text
    assert "No promotion is like that" in listed


async def stop_while_the_other_sells(houses: Houses) -> None:
    """Purchases come without a pause: from the moment of the stop's answer on none that begins is given it."""
    near, far = houses.apps
    promotion = await publish(near, FIVE_OFF)
    selling, stopped = asyncio.Event(), asyncio.Event()
    sold: list[tuple[bool, int]] = []

    async def till(number: int) -> None:
        for n in range(200):
            began_after = stopped.is_set()
            answer = await record(far, buy(f"t-{number}-{n}", None, [line(1, 1000)], till=str(number)))
            sold.append((began_after, answer["discount"]))
            selling.set()
            if began_after:
                return

    async def stop() -> None:
        await selling.wait()
        answer = await near.post(f"/v1/promotions/{promotion}/stop")
        assert answer.status_code == 200
        stopped.set()

    await asyncio.gather(stop(), *(till(number) for number in range(4)))
    assert [discount for began_after, discount in sold if began_after] == [0] * 4
    assert sold[0] == (False, 500)


async def test_a_stopped_promotion_is_given_nowhere_from_the_answer_on(houses: Houses) -> None:
    await stop_by_its_button(houses)


async def test_a_preview_is_the_first_to_know(houses: Houses) -> None:
    near, far = houses.apps
    promotion = await publish(near, FIVE_OFF)
    assert await given(far, "warm") == {500}
    await near.post(f"/v1/promotions/{promotion}/stop")
    sent = buy("late", None, [line(1, 1000)])
    assert (await far.post("/v1/purchases/preview", sent, scope="till")).json()["discount"] == 0


async def test_no_purchase_that_begins_after_the_stop_is_given_it(houses: Houses) -> None:
    await stop_while_the_other_sells(houses)


@pytest.mark.full
@pytest.mark.parametrize("act", [stop_by_its_button, stop_while_the_other_sells])
async def test_without_the_version_in_the_standing_it_would_be(
    houses: Houses, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    async def version(tx: Any, _: Any) -> Any:
        return await tx.execute("SELECT 0::bigint")

    monkeypatch.setattr(standing, "version", version)
    with pytest.raises(AssertionError):
        await act(houses)


@pytest.mark.full
async def test_without_a_fresh_look_the_previews_would_go_on(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def remembered(self: KnownPrograms, program: Any) -> Any:
        return await self.of(program)

    far = houses.apps[1]
    promotion = await publish(far, FIVE_OFF)
    assert await given(far, "warm") == {500}
    await houses.apps[0].post(f"/v1/promotions/{promotion}/stop")
    monkeypatch.setattr(KnownPrograms, "fresh", remembered)
    sent = buy("late", None, [line(1, 1000)])
    assert (await far.post("/v1/purchases/preview", sent, scope="till")).json()["discount"] == 500
