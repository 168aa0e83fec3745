"""A shop to test with: what a member, a line, a purchase and a promotion look like."""

from __future__ import annotations

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


async def publish(api: Api, document: dict[str, Any]) -> str:
    """Publish a promotion; its id."""
    made = await api.post("/v1/promotions", document)
    assert made.status_code == 201, made.text
    promotion = made.json()["id"]
    published = await api.post(f"/v1/promotions/{promotion}/publish")
    assert published.status_code == 200, published.text
    return promotion


async def member_with_card(api: Api, name: str = "Anna Kalniņa") -> tuple[str, str]:
    """Enrol somebody; id and card number."""
    made = await api.post("/v1/members", {"phone": f"+371{next(_PHONES)}", "name": name})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["cards"][0]["number"]


def line(number: int, unit_price: int, quantity: str = "1", **more: Any) -> dict[str, Any]:
    """A line of a receipt."""
    return {"line": number, "sku": f"sku-{number}", "quantity": quantity, "unit_price": unit_price, **more}


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
