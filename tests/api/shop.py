"""A shop to test with: what a member, a line, a purchase and a promotion look like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.api.conftest import Api

AT = "2026-03-01T11:00:00+02:00"
_PHONES = count(20_000_001)

MEMBER_POINTS: dict[str, Any] = {
    "name": "A point for each euro",
    "group": "points",
    "base": True,
    "conditions": [{"kind": "member"}],
    "benefits": [{"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100}],
}


async def publish(api: Api, document: dict[str, Any], *accepted: str) -> str:
    """Publish a promotion, accepting the linter's warnings of these codes; its id."""
    made = await api.post("/v1/promotions", document)
    assert made.status_code == 201, made.text
    promotion = made.json()["id"]
    consent = {"accept_warnings": accepted} if accepted else None
    published = await api.post(f"/v1/promotions/{promotion}/publish", consent)
    assert published.status_code == 200, published.text
    return promotion


async def member_with_card(api: Api, name: str = "Anna Kalniņa") -> tuple[str, str]:
    """Enrol somebody; id and card number."""
    made = await api.post("/v1/members", {"phone": f"+371{next(_PHONES)}", "name": name})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["cards"][0]["number"]


async def earning_member(api: Api) -> tuple[str, str]:
    """Enrol somebody where each euro earns a point; id and card number."""
    await publish(api, MEMBER_POINTS)
    return await member_with_card(api)


def printed(number: str) -> str:
    """A card's number in groups of four."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def line(number: int, unit_price: int, quantity: str = "1", **more: Any) -> dict[str, Any]:
    """A line of a receipt."""
    return {"line": number, "sku": f"sku-{number}", "quantity": quantity, "unit_price": unit_price, **more}


def just_now() -> str:
    """An hour ago, by the world's clock."""
    return (datetime.now(UTC) - timedelta(hours=1)).isoformat()


def buy(request: str, card: str | None, lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A purchase at till 7 of riga-1."""
    body: dict[str, Any] = {
        "id": request,
        "store": "riga-1",
        "till": "7",
        "cashier": "c-12",
        "purchased_at": AT,
        "currency": "EUR",
        "lines": lines,
    }
    if card is not None:
        body["card"] = card
    return {**body, **more}


async def give(api: Api, member: str, points: int) -> None:
    """Points that may be used at once."""
    body = {"currency": "PTS", "amount": points, "reason": "to test with"}
    given = await api.post(f"/v1/members/{member}/adjustments", body)
    assert given.status_code == 201, given.text


async def balance(api: Api, member: str) -> dict[str, int]:
    """What the member has of the first points currency."""
    answer = (await api.get(f"/v1/members/{member}/balance")).json()
    found = next(c for c in answer["currencies"] if c["currency"] == "PTS")
    return {name: found[name] for name in ("available", "pending", "held", "debt")}


async def set_clock(api: Api, now: str) -> None:
    """Let the sandbox's time be that instant."""
    answer = await api.post("/v1/sandbox/clock", {"now": now})
    assert answer.status_code == 200, answer.text


async def settle(api: Api, **settings: Any) -> None:
    """Change settings of the program."""
    answer = await api.patch("/v1/program", {"settings": settings})
    assert answer.status_code == 200, answer.text


async def record(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    """Record a purchase that must succeed; the answer."""
    answer = await api.post("/v1/purchases", body, scope="till")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def take_back(
    api: Api, purchase: str, request: str, *lines: tuple[int, str], **more: Any
) -> dict[str, Any]:
    """Return (line, quantity) pairs, which must succeed; the answer."""
    answer = await api.post(
        f"/v1/purchases/{purchase}/returns", giving_back(request, *lines, **more), scope="till"
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def giving_back(request: str, *lines: tuple[int, str], **more: Any) -> dict[str, Any]:
    """The body of a return."""
    asked = [{"line": number, "quantity": quantity} for number, quantity in lines]
    return {"id": request, "lines": asked, "returned_at": AT, **more}


def refused(answer: Any) -> tuple[int, str, str | None]:
    """Status, code and first pointer of a problem."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    body = answer.json()
    errors = body.get("errors")
    return answer.status_code, body["code"], errors[0]["pointer"] if errors else None
