"""Whether the process can serve is told to whoever balances the load, and a refusal is a problem as all are."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from regulars.db.pool import Database
from regulars.errors import Overloaded
from tests.api.conftest import Api


async def test_a_process_that_can_serve_says_so(shop: Api) -> None:
    answer = await shop.client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize(
    "error", [psycopg.OperationalError("the server went away"), Overloaded(detail="Every one is taken.")]
)
async def test_while_the_database_is_away_the_refusal_is_a_problem_like_any_other(
    shop: Api, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(Database, "connection", away)
    answer = await shop.client.get("/health/ready")
    monkeypatch.undo()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (503, "overloaded")
    assert body["detail"] == "The database cannot be reached just now; try again shortly."
    assert answer.headers.get_list("x-request-id") == [body["request_id"]]
    assert (await shop.client.get("/health/live")).json() == {"status": "live"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200),
        ("GET", "/v1/program", 401),
        ("POST", "/v1/purchases", 401),
        ("POST", "/health/live", 405),
        ("GET", "/nothing-is-here", 404),
        ("GET", "/portal/nothing-is-here", 404),
    ],
)
async def test_an_answer_says_the_id_of_its_request_once_and_a_problem_says_the_same(
    shop: Api, method: str, path: str, status: int
) -> None:
    answer = await shop.client.request(method, path, headers={"Authorization": ""})
    (said,) = answer.headers.get_list("x-request-id")
    assert (answer.status_code, len(said)) == (status, 32)
    if answer.headers["content-type"] == "application/problem+json":
        assert answer.json()["request_id"] == said
