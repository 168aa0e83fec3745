"""The server against its own document: whatever is sent, it answers as it says it does, and never with a 5xx."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from regulars import settings as process_settings
from regulars.app import ENDPOINTS
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.web import openapi
from tests.api import fuzzing
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish
from tests.conftest import START
from tests.house import House

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
QUICK = settings(
    max_examples=3,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=12, phases=[Phase.generate, Phase.shrink])


def configured(*, long: bool) -> Any:
    """The document as schemathesis knows it."""
    document = openapi.document(ENDPOINTS)
    del document["security"]  # or it would make up keys of its own
    loaded = schemathesis.openapi.from_dict(document, config=SchemathesisConfig())
    loaded.config.phases.coverage.enabled = long
    loaded.config.phases.examples.enabled = long
    return loaded


quick, long = configured(long=False), configured(long=True)


class Target:
    """A running server, a key that may do everything, and ids of things that are there."""

    def __init__(self, address: str, key: str, known: dict[str, str]):
        self.address = address
        self.key = key
        self.known = known
        self.dice = random.Random(7)

    def send(self, case: Any) -> None:
        """Send one generated request, most of them about something that is there; judge the answer."""
        kind = "returns" if "/returns" in case.path else case.path.removeprefix("/v1/").partition("/")[0]
        if case.path_parameters and kind in self.known and self.dice.random() < 0.7:
            case.path_parameters["id"] = self.known[kind]
        if "code" in (case.path_parameters or {}) and self.dice.random() < 0.7:
            case.path_parameters["code"] = fuzzing.CODE
        if isinstance(case.body, dict) and self.dice.random() < 0.7:
            self._make_sense(case.body)
        headers = {"Authorization": f"Bearer {self.key}"}
        response = case.call(base_url=self.address, headers=headers, timeout=30)
        case.validate_response(response, checks=CHECKS, headers=headers)

    def _make_sense(self, body: dict[str, Any]) -> None:
        """Let a body get further than its first wrong field: names of things that are there, times that have been."""
        if "purchased_at" in body and "lines" in body:
            for name in ("phone", "email", "member", "expect", "delivery"):
                body.pop(name, None)
            body |= {"store": "riga-1", "hold": self.dice.random() < 0.3}
            body |= {"card": self.known["card"], "currency": "EUR", "purchased_at": "2020-01-01T00:00:00Z"}
            body |= {"pricing": self.dice.choice(["quote", "as_sold"]), "spend": [], "hold_seconds": None}
        if "returned_at" in body:
            body |= {"returned_at": "2020-01-02T00:00:00Z", "store": "riga-1"}
        body |= {name: fuzzing.CODE for name in fuzzing.NAMED if name in body}
        body |= {"reward": self.known["rewards"]} if "reward" in body else {}
        lines: Any = body.get("lines")
        for number, one in enumerate(lines if isinstance(lines, list) else [], 1):
            if isinstance(one, dict):
                one |= {"line": number, "quantity": self.dice.choice(["0.001", "1", "999999.999"])}
                if "sku" in one:
                    one["unit_price"] = self.dice.choice([0, 1, 10**6])
                for name in ("discount", "discounts", "tax_rate", "gross", "cost", "regular_price"):
                    one.pop(name, None)


@pytest.fixture(scope="module")
def house(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server on the module's database."""
    secret: Path = tmp_path_factory.mktemp("fuzz") / "secret"
    process_settings.make_secret(secret)
    started = House(database_url, secret)
    started.start()
    yield started
    started.kill()


@pytest.fixture(scope="module")
def target(house: House, database_url: str) -> Target:
    """A sandbox with a promotion, a member, a purchase, and one of each thing that members take part in."""
    return asyncio.run(furnished(house, database_url))


async def furnished(house: House, database_url: str) -> Target:
    """What is there before the first request."""
    scopes = ("manage", "till", "issuer", "read")
    new = NewProgram("Fuzz", "EUR", "Europe/Riga", ("lv", "en"), {"finds_a_minute": 100_000}, sandbox=True)
    async with Database(database_url, size=2) as database:
        made = (await create_program(database, new, at=START)).program
        _, key = await create_key(database, made.id, NewKey(scopes), at=START)
    address = f"http://127.0.0.1:{house.port}"
    async with httpx.AsyncClient(base_url=address) as client:
        api = Api(client, made, dict.fromkeys(scopes, key))
        promotion = await publish(api, MEMBER_POINTS)
        member, card = await member_with_card(api)
        known = {"promotions": promotion, "members": member, "card": card}
        for name in ("purchases", "returns"):
            body = buy(name, card, [line(1, 1000, "1000")], purchased_at="2020-01-01T00:00:00Z")
            known[name] = (await api.post("/v1/purchases", body)).json()["id"]
        known |= await fuzzing.furnish(api, member)
    return Target(address, key, known)


@quick.parametrize()
@QUICK
def test_a_call_answers_as_it_says(case: Any, target: Target) -> None:
    target.send(case)


@pytest.mark.full
@long.parametrize()
@LONG
def test_a_call_answers_as_it_says_to_many_requests(case: Any, target: Target) -> None:
    target.send(case)
