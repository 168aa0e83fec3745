"""How many statements a call sends: no more where there is more to show, and none for what a program does not use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from psycopg import AsyncCursor

from regulars.db.burst import Burst
from tests.api.conftest import Api
from tests.api.entitled import LOUNGE, entitle
from tests.api.games import DRAW, SURVEY, WHEEL
from tests.api.prizes import offer
from tests.api.quests import THREE_VISITS, put_quest
from tests.api.seating import club, occasion
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish, record

Counting = Callable[[Callable[[], Awaitable[Any]]], Awaitable[list[str]]]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Does something, and says which statements it sent."""

    async def counting(act: Callable[[], Awaitable[Any]]) -> list[str]:
        sent: list[str] = []
        with monkeypatch.context() as patched:
            for sender in (AsyncCursor, Burst):
                patched.setattr(sender, "execute", noting(sender.execute, sent))
            await act()
        return sent

    return counting


def noting(execute: Callable[..., Any], sent: list[str]) -> Callable[..., Any]:
    """The same, which writes down what is sent: by a connection, or in the burst of a purchase."""

    async def noted(self: Any, query: Any, *arguments: Any, **more: Any) -> Any:
        sent.append(str(query))
        return await execute(self, query, *arguments, **more)

    return noted


CREDIT = {"credit": {"least": 100}}


async def put_many(shop: Api, kind: str, document: dict[str, Any], first: int, last: int) -> None:
    for n in range(first, last):
        made = await shop.call("PUT", f"/v1/{kind}/nr-{n}", document)
        assert made.status_code == 200, made.text


@pytest.mark.parametrize(("kind", "document"), [("games", WHEEL), ("surveys", SURVEY)])
async def test_a_list_sends_as_many_statements_for_five_as_for_two(
    shop: Api, statements: Counting, kind: str, document: dict[str, Any]
) -> None:
    member, _ = await member_with_card(shop)
    await put_many(shop, kind, document, 0, 2)
    places = (f"/v1/{kind}", f"/v1/members/{member}/{kind}")
    for place in places:
        await shop.get(place)
    two = [len(await statements(lambda place=place: shop.get(place))) for place in places]
    await put_many(shop, kind, document, 2, 5)
    five = [len(await statements(lambda place=place: shop.get(place))) for place in places]
    assert five == two
    assert min(two) > 1


async def test_what_was_played_is_told_in_as_many_statements_however_much_it_was(
    shop: Api, statements: Counting
) -> None:
    member, _ = await member_with_card(shop)
    made = await shop.call("PUT", "/v1/games/wheel", {**WHEEL, "free": {"most": 9, "period": "day"}})
    assert made.status_code == 200, made.text

    async def play() -> None:
        played = await shop.post(f"/v1/members/{member}/plays", {"game": "wheel"})
        assert played.status_code == 201, played.text

    await play()
    place = f"/v1/members/{member}/plays"
    one = len(await statements(lambda: shop.get(place)))
    for _ in range(4):
        await play()
    assert len(await statements(lambda: shop.get(place))) == one


async def test_a_purchase_pays_nothing_for_what_it_does_not_touch(shop: Api, statements: Counting) -> None:
    """Rewards, games, lotteries, surveys, clubs, events and entitlements add no statement; a challenge does."""
    await publish(shop, MEMBER_POINTS)
    _, card = await member_with_card(shop)

    async def bought(request: str) -> list[str]:
        return await statements(lambda: record(shop, buy(request, card, [line(1, 1000)])))

    await record(shop, buy("r-0", card, [line(1, 1000)]))
    plain = await bought("r-1")
    await offer(shop, 5)
    await put_many(shop, "games", {**WHEEL, **CREDIT}, 0, 1)
    await put_many(shop, "draws", {**DRAW, "purchases": {"amount": 100}}, 0, 1)
    await put_many(shop, "surveys", SURVEY, 0, 1)
    await club(shop)
    await occasion(shop)
    await entitle(shop, {**LOUNGE, "quotas": []})
    await record(shop, buy("r-2", card, [line(1, 1000)]))
    assert len(await bought("r-3")) == len(plain)
    assert len(plain) > 5
    await put_quest(shop, "visits", THREE_VISITS)
    await record(shop, buy("r-4", card, [line(1, 1000)]))
    assert len(await bought("r-5")) > len(plain)
