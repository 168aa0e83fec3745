"""Ladders to test with: an airline's by miles or segments, a shop's by what is spent."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api
from tests.api.shop import buy, line, publish, record

AIRLINE: dict[str, Any] = {
    "tiers": [
        {"code": "blue"},
        {
            "code": "gold",
            "ways": [
                [{"measure": "currency", "currency": "QM", "at_least": 25_000}],
                [{"measure": "currency", "currency": "SEG", "at_least": 25}],
            ],
        },
    ]
}
BY_SPENDING: dict[str, Any] = {
    "tiers": [
        {"code": "bronze"},
        {"code": "silver", "ways": [[{"measure": "spend", "at_least": 10_000}]]},
        {"code": "gold", "ways": [[{"measure": "spend", "at_least": 30_000}]]},
    ],
}


async def put_ladder(api: Api, document: dict[str, Any], code: str = "status") -> dict[str, Any]:
    """Make or change a ladder, which must succeed."""
    answer = await api.call("PUT", f"/v1/ladders/{code}", document)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def airline(api: Api) -> None:
    """Qualifying miles by the miles flown, half as many again in business class, and a segment for each flight."""
    for code in ("QM", "SEG"):
        made = await api.post("/v1/currencies", {"code": code, "kind": "qualifying", "worth": "0"})
        assert made.status_code == 201, made.text
    member = {"kind": "member"}
    for name, goods, points, per in (
        ("Miles flown", {"categories": ["economy"]}, 1, "1"),
        ("Miles flown in business", {"categories": ["business"]}, 3, "2"),
    ):
        miles = {"kind": "points_per_unit", "currency": "QM", "points": points, "per": per, "goods": goods}
        await publish(api, {"name": name, "group": "points", "conditions": [member], "benefits": [miles]})
    segment = {"kind": "points_fixed", "currency": "SEG", "points": 1}
    await publish(api, {"name": "A flight", "group": "points", "conditions": [member], "benefits": [segment]})
    await put_ladder(api, AIRLINE)


async def fly(
    api: Api, request: str, card: str, miles: int, cabin: str = "economy", **more: Any
) -> dict[str, Any]:
    """A flight of so many miles; the answer."""
    flight = line(1, 1, str(miles), categories=[cabin])
    return await record(api, buy(request, card, [flight], **more))


async def tiers(api: Api, member: str) -> list[dict[str, Any]]:
    """The member on every ladder, as the balance has it."""
    answer = await api.get(f"/v1/members/{member}/balance")
    assert answer.status_code == 200, answer.text
    return answer.json()["tiers"]


async def tier(api: Api, member: str) -> tuple[str | None, str | None]:
    """Her tier on the first ladder, and until when."""
    first = (await tiers(api, member))[0]
    return first["tier"], first["until"]


async def spend(api: Api, request: str, card: str | None, amount: int, **more: Any) -> dict[str, Any]:
    """A purchase of so many cents; the answer."""
    return await record(api, buy(request, card, [line(1, amount)], **more))


async def steps(api: Api, member: str) -> list[tuple[str | None, str | None, str]]:
    """From, to and reason of every change of the member's tiers, the oldest first."""
    answer = await api.get(f"/v1/members/{member}/tier-changes")
    assert answer.status_code == 200, answer.text
    found = [(one["before"], one["tier"], one["reason"]) for one in answer.json()["items"]]
    return found[::-1]
