"""What members do besides buying, to test with."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api

LISTEN: dict[str, Any] = {
    "names": {"en": "Song played", "lv": "Noklausīta dziesma"},
    "fields": [{"name": "listens", "type": "integer", "required": True, "least": "1", "most": "10000"}],
    "measure": "sum",
    "quantity": "listens",
    "rules": [
        {"currency": "PTS", "gives": "per", "points": 1, "per": "200", "limits": {"day": 10}, "carry": "day"}
    ],
}
COMMISSION: dict[str, Any] = {
    "names": {"en": "Commission", "lv": "Komisija"},
    "fields": [{"name": "commission", "type": "integer", "unit": "EUR", "required": True}],
    "measure": "sum",
    "quantity": "commission",
    "late_days": 40,
    "rules": [
        {
            "currency": "CASH",
            "gives": "percent",
            "rate": "0.10",
            "when": "monthly",
            "limits": {"month": 1_000_000},
        }
    ],
}
VISIT: dict[str, Any] = {
    "names": {"en": "Visit"},
    "rules": [{"currency": "PTS", "points": 5, "limits": {"day": 20}}],
}


async def declare(api: Api, code: str, document: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Declare a kind of activity, which must succeed; as it counts."""
    answer = await api.call("PUT", f"/v1/activity-kinds/{code}", {**document, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def cashback(api: Api) -> None:
    """Let the program have money that is given as points."""
    currency = {
        "code": "CASH",
        "kind": "money",
        "scale": 2,
        "names": {"en": {"one": "euro", "other": "euros"}},
    }
    answer = await api.post("/v1/currencies", currency)
    assert answer.status_code == 201, answer.text


def did(request: str, kind: str, happened_at: str, **data: Any) -> dict[str, Any]:
    """The body of an activity."""
    return {"id": request, "kind": kind, "happened_at": happened_at, "data": data}


async def happen(api: Api, member: str, body: dict[str, Any], scope: str = "issuer") -> dict[str, Any]:
    """Record one, which must succeed; the answer."""
    answer = await api.post(f"/v1/members/{member}/events", body, scope=scope)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def has(api: Api, member: str, currency: str = "PTS") -> tuple[int, int]:
    """Available and debt."""
    answer = (await api.get(f"/v1/members/{member}/balance")).json()
    found = next((c for c in answer["currencies"] if c["currency"] == currency), None)
    return (found["available"], found["debt"]) if found else (0, 0)
