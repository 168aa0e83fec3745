"""The Python client against the real application: typed, and asking again does nothing twice."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.conftest import Api, api, client, letters, shop  # noqa: F401
from tests.api.shop import MEMBER_POINTS, publish
from tests.docs.markdown import ROOT

PACKAGE = ROOT / "client" / "src" / "regulars_client"


class Unreliable(httpx.AsyncBaseTransport):
    """The application behind a bad line: what `fail` says of an attempt happens instead of its answer, or after it."""

    def __init__(self, inner: httpx.AsyncBaseTransport, fail: Callable[[int], Any]):
        self.inner, self.fail = inner, fail
        self.seen: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One attempt."""
        self.seen.append(request)
        fault = self.fail(len(self.seen))
        if isinstance(fault, httpx.Response):
            return fault
        response = await self.inner.handle_async_request(request)
        if fault is not None:
            raise fault
        return response


def connect(shop: Api, fail: Callable[[int], Any] = lambda _: None, scope: str = "manage") -> Any:  # noqa: F811
    """An asynchronous client of the shop, and the line it speaks over."""
    from regulars_client import AsyncRegulars, Retries

    line = Unreliable(shop.client._transport, fail)
    retries = Retries(attempts=3, first=0.001)
    return AsyncRegulars("http://regulars.test", shop.keys[scope], transport=line, retries=retries), line


async def test_a_member_is_enrolled_found_and_read_with_types(shop: Api) -> None:  # noqa: F811
    from regulars_client import models

    regulars, _ = connect(shop)
    async with regulars:
        made = await regulars.members.create(models.Enrolment(phone="+37129990001", name="Anna"))
        read = await regulars.members.read(made.id)
        assert isinstance(read, models.MembersMemberView)
        assert (read.id, read.name, read.cards[0].status) == (made.id, "Anna", "active")
        changed = await regulars.members.change(made.id, models.MemberChange(name=None))
        assert changed.name == ""
        assert (await regulars.members.read(made.id)).phone == "+37129990001", "what is left out stays"


async def test_after_a_lost_answer_it_is_asked_again_and_done_once(shop: Api) -> None:  # noqa: F811
    from regulars_client import models

    regulars, line = connect(shop, lambda n: httpx.ReadTimeout("lost") if n == 1 else None)
    async with regulars:
        made = await regulars.members.create(models.Enrolment(phone="+37129990002"))
        await regulars.members.adjust(
            made.id, models.NewAdjustment(currency="PTS", amount=50, reason="to test with")
        )
        balance = await regulars.members.balance(made.id)
    keys = [request.headers["idempotency-key"] for request in line.seen[:3]]
    assert keys[0] == keys[1] != keys[2]
    assert {one.currency: one.available for one in balance.currencies}["PTS"] == 50


async def test_a_purchase_whose_answer_was_lost_is_recorded_once(shop: Api) -> None:  # noqa: F811
    from regulars_client import models

    await publish(shop, MEMBER_POINTS)
    made = await shop.post("/v1/members", {"phone": "+37129990003"})
    receipt = models.PurchaseRequest(
        id="r-1", store="riga-1", till="1", currency="EUR", purchased_at="2026-03-01T11:00:00+02:00",
        phone="+37129990003", lines=(models.PurchaseLine(line=1, sku="a", quantity="1", unit_price=1000),),
    )  # fmt: skip
    regulars, line = connect(shop, lambda n: httpx.ReadError("cut") if n == 1 else None, "till")
    async with regulars:
        sold = await regulars.purchases.record(receipt)
    assert len(line.seen) == 2
    assert (sold.status, sold.payable, sold.earned[0].amount) == ("recorded", 1000, 10)
    found = (await shop.get("/v1/purchases", member=made.json()["id"])).json()["items"]
    assert len(found) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_server_that_is_busy_or_broken_is_asked_again(shop: Api, status: int) -> None:  # noqa: F811
    regulars, line = connect(
        shop, lambda n: httpx.Response(status, headers={"Retry-After": "0"}) if n == 1 else None
    )
    async with regulars:
        assert (await regulars.programs.show()).name == "Test"
    assert len(line.seen) == 2


async def test_a_refusal_is_not_asked_again_and_names_its_code_and_field(shop: Api) -> None:  # noqa: F811
    from regulars_client import ApiError, models

    regulars, line = connect(shop)
    async with regulars:
        with pytest.raises(ApiError) as refused:
            await regulars.members.create(models.Enrolment(phone="12"))
    assert (refused.value.status, refused.value.code, len(line.seen)) == (422, "invalid_value", 1)
    assert refused.value.errors[0]["pointer"] == "/phone"


async def test_when_nobody_answers_it_says_so_after_the_last_attempt(shop: Api) -> None:  # noqa: F811
    from regulars_client import NoAnswer

    regulars, line = connect(shop, lambda _: httpx.ConnectError("refused"))
    async with regulars:
        with pytest.raises(NoAnswer, match="GET /v1/program: ConnectError"):
            await regulars.programs.show()
    assert len(line.seen) == 3


def test_the_wait_grows_keeps_to_retry_after_and_gives_up() -> None:
    from regulars_client import Retries

    retries = Retries(attempts=4, first=1.0, longest=10.0)
    waits = [retries.pause(attempt, None) for attempt in (1, 2, 3)]
    assert all(
        low <= wait <= high for wait, (low, high) in zip(waits, [(0.5, 1), (1, 2), (2, 4)], strict=True)
    )
    assert retries.pause(4, None) is None
    assert retries.pause(1, 200) is retries.pause(1, 404) is None
    assert retries.pause(1, 503, "7") == 7
    assert retries.pause(1, 503, "3600") is None, "longer than anybody waits: the answer stands"


def test_the_client_imports_nothing_of_the_server() -> None:
    found = {
        name
        for file in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert not any(name == "regulars" or name.startswith("regulars.") for name in found)


def test_models_and_operations_are_new() -> None:
    ran = subprocess.run([sys.executable, str(ROOT / "scripts" / "client"), "--check"], check=False)
    assert ran.returncode == 0, "run scripts/client"
