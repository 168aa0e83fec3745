"""Events with seats and clubs to test with."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.conftest import Api
from tests.api.shop import member_with_card

EVENING: dict[str, Any] = {
    "names": {"en": "Coffee evening", "lv": "Kafijas vakars"},
    "starts_at": "2026-03-20T18:00:00+02:00",
    "ends_at": "2026-03-20T21:00:00+02:00",
    "seats": 2,
}
"""In an event's document; it is 1 March 2026 in the shop."""
TASTERS: dict[str, Any] = {"names": {"en": "Tasters", "lv": "Degustētāji"}}


async def occasion(api: Api, code: str = "evening", **changed: Any) -> dict[str, Any]:
    """Write an event, which must succeed."""
    made = await api.call("PUT", f"/v1/occasions/{code}", {**EVENING, **changed})
    assert made.status_code == 200, made.text
    return made.json()


async def club(api: Api, code: str = "tasters", **changed: Any) -> dict[str, Any]:
    """Write a club, which must succeed."""
    made = await api.call("PUT", f"/v1/clubs/{code}", {**TASTERS, **changed})
    assert made.status_code == 200, made.text
    return made.json()


async def members(api: Api, count: int) -> list[str]:
    """Enrol so many; their ids."""
    return [(await member_with_card(api))[0] for _ in range(count)]


async def book(api: Api, member: str, code: str = "evening", **more: Any) -> httpx.Response:
    """Book a seat."""
    return await api.post(f"/v1/members/{member}/bookings", {"occasion": code, **more})


async def booked(api: Api, member: str, code: str = "evening", **more: Any) -> dict[str, Any]:
    """Book a seat, which must succeed; the booking."""
    answer = await book(api, member, code, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(api: Api, booking: str, what: str, **body: Any) -> httpx.Response:
    """Cancel or confirm."""
    return await api.post(f"/v1/bookings/{booking}/{what}", body if what == "cancel" else None)


async def stands(api: Api, booking: str) -> tuple[str, int | None]:
    """In which state a booking is, and its place on the waiting list."""
    shown = (await api.get(f"/v1/bookings/{booking}")).json()
    return shown["state"], shown["waiting_place"]


async def join(api: Api, member: str, code: str = "tasters", **body: Any) -> httpx.Response:
    """Join a club."""
    return await api.post(f"/v1/members/{member}/clubs/{code}", body)


async def let_in(api: Api, member: str, code: str = "tasters") -> None:
    """Put a member into a club by hand."""
    answer = await join(api, member, code, by_hand=True)
    assert answer.status_code == 200, answer.text
