"""A till that was cut off and came back with receipts that do not all agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from regulars import clock
from tests.browser.conftest import Shop


def after_an_outage(shop: Shop, store: str, card: str) -> str:
    """A device whose receipts came back: one with a forged allowance, one number twice, two missing, a wrong clock."""
    new = {"store": store, "till": "7", "name": "Left till"}
    device = shop.call("POST", "/v1/till/devices", new)["id"]
    honest, wrong_clock = {"counter": 1}, {"counter": 4, "clock_skew_seconds": 3600}
    receipts = [
        _receipt(store, device, honest),
        _receipt(store, device, {"counter": 1}, card=card, spend=[{"currency": "PTS", "amount": 150}]),
        _receipt(store, device, wrong_clock, minutes=58),
    ]
    answer = shop.call("POST", "/v1/purchases/batch", {"purchases": receipts})
    assert [item["status"] for item in answer["items"]] == [201] * 3
    return device


def _receipt(
    store: str, device: str, offline: dict[str, Any], *, minutes: int = -1, **more: Any
) -> dict[str, Any]:
    line = {"line": 1, "sku": "bread", "name": "Rye bread", "quantity": "2", "unit_price": 219}
    return {
        "id": f"outage-{uuid4().hex}", "store": store, "till": "7", "cashier": "c-12", "currency": "EUR",
        "purchased_at": (clock.world() + timedelta(minutes=minutes)).isoformat(), "pricing": "as_sold",
        "lines": [line], "offline": {"device": device, **offline}, **more,
    }  # fmt: skip
