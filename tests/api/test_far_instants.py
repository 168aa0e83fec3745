"""Instants beyond every calendar, in bodies and in filters: refused by name or harmless, and never kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.entitled import gold_member
from tests.api.games import DRAW, SURVEY, WHEEL
from tests.api.prizes import FIVE, MUG
from tests.api.quests import TASTE
from tests.api.seating import EVENING, TASTERS
from tests.api.shop import refused
from tests.api.test_booked_visits import BOOKED

LATE, EARLY = "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+14:00"
CODES = {"name": "x", "pattern": "X-########", "count": 3}
MEMBER, LOUNGE = "/v1/members/{member}", "/v1/members/{member}/entitlements/lounge"
WRITTEN: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "codes from": ("POST", "/v1/code-batches", CODES, "/from"),
    "codes until": ("POST", "/v1/code-batches", CODES, "/until"),
    "vouchers until": ("POST", "/v1/voucher-batches", FIVE, "/until"),
    "a slot": ("POST", f"{LOUNGE}/bookings", {"store": "riga-1"}, "/at"),
    "a use": ("POST", f"{LOUNGE}/uses", {"store": "riga-1"}, "/at"),
    "a gift card": ("POST", "/v1/gift-cards", {"amount": 1}, "/expires_at"),
    "a top-up": ("POST", "/v1/gift-cards/top-up", {"code": "X", "amount": 1}, "/expires_at"),
    "an audience": ("PUT", f"{MEMBER}/marks", {"kind": "audience", "code": "vip"}, "/until"),
    "a tier": ("PUT", f"{MEMBER}/marks", {"kind": "tier", "code": "status/gold"}, "/until"),
    "a consent": (
        "POST", f"{MEMBER}/consents",
        {"purpose": "news", "channel": "email", "granted": True, "source": "form"}, "/given_at",
    ),
    "a club's link": ("POST", "/v1/clubs/tasters/links", {}, "/until"),
    "a reward": ("POST", "/v1/rewards", MUG, "/until"),
    "a challenge": ("PUT", "/v1/challenges/taste", TASTE, "/from"),
    "an event's booking": ("PUT", "/v1/occasions/evening", EVENING, "/bookable_until"),
    "an event's end": ("PUT", "/v1/occasions/evening", EVENING, "/ends_at"),
    "a draw": ("PUT", "/v1/draws/spring", DRAW, "/draws_at"),
    "a game": ("PUT", "/v1/games/wheel", WHEEL, "/until"),
    "a survey": ("PUT", "/v1/surveys/visit", SURVEY, "/until"),
    "an export": ("POST", "/v1/exports", {"kind": "purchases"}, "/filter/to"),
    "a replay of events": (
        "POST", "/v1/webhooks/whk_01h00000000000000000000000/replay", {"from": "2026-03-01T00:00:00Z"}, "/to",
    ),
    "an activity": ("POST", f"{MEMBER}/events", {"id": "1", "kind": "ride"}, "/happened_at"),
    "a rate": ("POST", "/v1/exchange-rates", {"currency": "USD", "rate": "2"}, "/valid_from"),
    "a sandbox's clock": ("POST", "/v1/sandbox/clock", {}, "/now"),
    "receipts of the past": ("POST", "/v1/promotions/{promotion}/simulate", {}, "/to"),
    "a basket": (
        "POST", "/v1/promotions/{promotion}/try",
        {"purchase": {"lines": [{"sku": "bread", "unit_price": 300}]}}, "/at",
    ),
}  # fmt: skip
ASKED = {
    "/v1/audit": "manage",
    "/v1/purchases": "read",
    "/v1/till/conflicts": "read",
    "/v1/members/sources": "manage",
    f"{MEMBER}/statement": "read",
    "/v1/exports": "manage",
}


def place(steps: list[str], value: str) -> dict[str, Any]:
    """A document with nothing but a value at the end of its path."""
    first, *rest = steps
    return {first: place(rest, value) if rest else value}


async def newest(api: Api) -> Any:
    """The last entry of the audit trail."""
    return (await api.get("/v1/audit", limit=1)).json()["items"]


@pytest.mark.parametrize("far", [LATE, EARLY, "9999-12-31T23:59:59Z"])
async def test_an_instant_that_no_calendar_reaches_is_refused_by_its_name(shop: Api, far: str) -> None:
    ids = {"member": await gold_member(shop, BOOKED), "promotion": "prm_01h00000000000000000000000"}
    await shop.call("PUT", "/v1/clubs/tasters", TASTERS)
    before, answers = await newest(shop), {}

    for what, (method, path, body, pointer) in WRITTEN.items():
        sent = body | place(pointer.removeprefix("/").split("/"), far)
        answer = await shop.call(method, path.format(**ids), sent)
        answers[what] = answer.status_code if answer.status_code in (200, 201) else refused(answer)

    assert answers == {what: (422, "invalid_value", pointer) for what, (*_, pointer) in WRITTEN.items()}
    assert await newest(shop) == before


async def test_a_year_with_escaped_digits_is_refused_as_well(shop: Api) -> None:
    content = rb'{"name": "x", "pattern": "X-########", "until": "9\u00399\u0039-12-31T23:59:59-01:00"}'
    headers = {"Authorization": f"Bearer {shop.keys['manage']}", "Idempotency-Key": "escaped"}

    answer = await shop.client.post("/v1/code-batches", content=content, headers=headers)

    assert refused(answer) == (422, "invalid_value", "/until")


async def test_a_filter_that_no_calendar_reaches_breaks_nothing(shop: Api) -> None:
    member, broken = await gold_member(shop, BOOKED), []

    for path, scope in ASKED.items():
        for name in ("from", "to"):
            for far in (LATE, EARLY, "9999-12-31T23:59:59-14:00", "2026-03-01T00:00:00"):
                answer = await shop.get(path.format(member=member), scope=scope, **{name: far})
                if answer.status_code not in (200, 422):
                    broken.append((path, name, far, answer.status_code))

    assert broken == []
