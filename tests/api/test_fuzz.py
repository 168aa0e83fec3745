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
LONG = settings(QUICK, max_examples=200, derandomize=False, phases=[Phase.generate, Phase.shrink])


def configured(*, long: bool) -> Any:
    """The document as schemathesis knows it."""
    config = SchemathesisConfig()
    loaded = schemathesis.openapi.from_dict(openapi.document(ENDPOINTS), config=config)
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
        self.dice = random.Random(7)  # noqa: S311

    def send(self, case: Any) -> None:
        """Send one generated request, half of them about something that is there; judge the answer."""
        kind = case.path.removeprefix("/v1/").partition("/")[0]
        if case.path_parameters and kind in self.known and self.dice.random() < 0.5:
            case.path_parameters["id"] = self.known[kind]
        headers = {"Authorization": f"Bearer {self.key}"}
        response = case.call(base_url=self.address, headers=headers, timeout=30)
        case.validate_response(response, checks=CHECKS, headers=headers)


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
    """A sandbox with a promotion, a member and a purchase."""
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
        body = buy("r-1", card, [line(1, 1000, "1000")], purchased_at="2020-01-01T00:00:00Z")
        purchase = (await api.post("/v1/purchases", body)).json()["id"]
    return Target(address, key, {"promotions": promotion, "members": member, "purchases": purchase})


@quick.parametrize()
@QUICK
def test_a_call_answers_as_it_says(case: Any, target: Target) -> None:
    target.send(case)


@pytest.mark.full
@long.parametrize()
@LONG
def test_a_call_answers_as_it_says_to_many_requests(case: Any, target: Target) -> None:
    target.send(case)
