"""The coalition that is simulated: partners, stores, promotions, codes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.programs import registry
from tests.api.conftest import SCOPES, Api

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
ZONE = "Europe/Riga"
PARTNERS = ("bakery", "petrol")
STORES = {"riga-1": "operator", "riga-2": "operator", "bread-1": "bakery", "fuel-1": "petrol"}
GOODS = {
    "bread": (129, "bakery/bread"),
    "cake": (1495, "bakery/cakes"),
    "coffee": (285, "drinks/coffee"),
    "juice": (199, "drinks/juice"),
    "book": (1690, "books"),
    "cheese": (1049, "dairy/cheese"),
    "fuel": (167, "fuel"),
}
WEIGHED = frozenset({"cheese", "fuel"})
POINTS_LIVE_DAYS = 15
"""So short that many expire in a few weeks, under holds and before goods come back."""
CODES = 60
TRIES_MAX = 60
BATCH = "spring"


def points(name: str, per: int, **fields: Any) -> dict[str, Any]:
    """A point for each so many cents."""
    earn = {"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": per, **fields.pop("earn", {})}
    return {"name": name, "group": "points", "benefits": [earn], **fields}


def fixed(name: str, amount: int, **fields: Any) -> dict[str, Any]:
    """So many points for a purchase."""
    earn = {"kind": "points_fixed", "currency": "PTS", "points": amount}
    return {"name": name, "group": "points", "benefits": [earn], **fields}


def off(name: str, *benefits: dict[str, Any], group: str = "items", **fields: Any) -> dict[str, Any]:
    """A discount."""
    return {"name": name, "group": group, "benefits": list(benefits), **fields}


MEMBER = {"kind": "member"}
FROM_THIRTY = {"kind": "basket_amount", "minimum": 3000}
PROMOTIONS: tuple[dict[str, Any], ...] = (
    points("A point for each euro", 100, base=True, conditions=[MEMBER]),
    points(
        "Coffee counts double for a week", 100, conditions=[MEMBER],
        earn={
            "goods": {"categories": ["drinks"]},
            "validity": {"active_after_days": 2, "expires_after_days": 6},
        },
    ),
    off("A tenth off cakes", {"kind": "line_percent", "percent": "10", "goods": {"skus": ["cake"]}}),
    off(
        "A fifth off books while it lasts",
        {"kind": "line_percent", "percent": "20", "goods": {"skus": ["book"]}},
        limits=[{"per": "total", "amount": 150_000}],
    ),
    off(
        "Five off for the first thousand", {"kind": "basket_amount_off", "amount": 500}, group="basket",
        conditions=[FROM_THIRTY], limits=[{"per": "total", "uses": 1000}, {"per": "member", "uses": 3}],
    ),
    off(
        "Three for two", {"kind": "n_for_m", "pieces": 3, "pay": 2, "goods": {"categories": ["drinks"]}},
        limits=[{"per": "total", "amount": 40_000, "slices": 4}], on_last="refuse",
    ),
    off(
        "A tenth from 30.00, also after returns", {"kind": "basket_percent", "percent": "10"}, group="basket",
        conditions=[FROM_THIRTY], recheck=True,
    ),
    fixed("Twenty points a day", 20, conditions=[MEMBER], limits=[{"per": "member", "period": "day", "uses": 1}]),
    fixed(
        "Fifty points from 30.00", 50, conditions=[MEMBER, FROM_THIRTY], recheck=True,
        limits=[{"per": "total", "points": 60_000}],
    ),
    off(
        "A quarter off with a code", {"kind": "basket_percent", "percent": "25"}, group="basket",
        conditions=[{"kind": "code", "batch": BATCH}],
    ),
    off(
        "Cake for points",
        {"kind": "points_price", "currency": "PTS", "points": 40, "percent": "40", "goods": {"skus": ["cake"]}},
        conditions=[MEMBER, {"kind": "store", "stores": ["bread-1"]}],
    ),
    off("Second bread at half", {"kind": "every_nth", "every": 2, "percent": "50", "goods": {"skus": ["bread"]}}),
)  # fmt: skip
WITH_CODE = "A quarter off with a code"


@dataclass
class Town:
    """A sandbox program behind two applications, and what was made in it."""

    apps: tuple[Api, Api]
    database: Database
    codes: list[str]
    promotions: dict[str, str]
    """Name → id of those that were published once."""

    @property
    def program(self) -> Any:
        """The program."""
        return self.apps[0].program


async def founded(clients: tuple[httpx.AsyncClient, httpx.AsyncClient], database: Database) -> Town:
    """A coalition in which it is the morning of 5 January 2026."""
    settings = {
        "proof_above_a_day": None,
        "return_at_other_partners": True,
        "finds_a_minute": 100_000,
        "wrong_codes_a_minute": 100_000,
    }
    new = NewProgram("Coalition", "EUR", ZONE, ("lv", "en"), settings, sandbox=True)
    program = (await create_program(database, new, at=START)).program
    keys = {
        scope: (await create_key(database, program.id, NewKey((scope,)), at=START))[1] for scope in SCOPES
    }
    first, second = (Api(client, program, keys) for client in clients)
    town = Town((first, second), database, [], {})
    async with database.transaction(program.id) as tx:
        await registry.move_clock(tx, program.id, START)
    await done(
        first.post("/v1/currencies", {"code": "PTS", "worth": "1", "expires_after_days": POINTS_LIVE_DAYS})
    )
    for code in PARTNERS:
        await done(first.post("/v1/partners", {"code": code, "name": code.title()}))
    for code, partner in STORES.items():
        tills = [str(number) for number in range(1, 4)]
        store = {"code": code, "name": code, "partner": partner, "tills": tills}
        await done(first.post("/v1/stores", store))
    batch = {"name": BATCH, "count": CODES, "pattern": "SPRING-####-####"}
    town.codes = (await done(first.post("/v1/code-batches", batch)))["codes"]
    await publish(town, PROMOTIONS[0])
    return town


async def publish(town: Town, document: dict[str, Any]) -> None:
    """Publish a promotion, whatever the linter warns of."""
    api, key = town.apps[0], f"publish-{document['name'].replace(' ', '-')}"
    made = await done(patient(lambda: api.post("/v1/promotions", document, key=f"{key}-draft")))
    path = f"/v1/promotions/{made['id']}/publish"
    answer = await patient(lambda: api.post(path, key=key))
    if answer.status_code == 409 and answer.json()["code"] == "warnings_not_accepted":
        codes = sorted({warning["code"] for warning in answer.json()["warnings"]})
        answer = await patient(lambda: api.post(path, {"accept_warnings": codes}, key=f"{key}-again"))
    assert answer.status_code == 200, answer.text
    town.promotions[document["name"]] = made["id"]


async def done(call: Any) -> Any:
    """The body of a call that must succeed."""
    answer = await call
    assert answer.status_code < 300, answer.text
    return answer.json()


async def patient(call: Any) -> httpx.Response:
    """Ask again while the server has no database, as long as somebody at a till would. A 500 is none of the answers."""
    for attempt in range(TRIES_MAX):
        answer = await call()
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.01 * attempt)
    raise AssertionError(f"no answer: {answer.text}")
