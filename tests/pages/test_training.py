"""A till in training can look and calculate, and write nothing: every call that writes is tried."""

from __future__ import annotations

import re

import httpx
import pytest

from regulars.app import ENDPOINTS
from tests.pages.conftest import Visitor, token

WRITES = [(one.method, one.path) for one in ENDPOINTS if one.method != "GET"]
LOOKS = {
    "/v1/members/find",
    "/v1/gift-cards/find",
    "/v1/vouchers/find",
    "/v1/purchases/preview",
    "/v1/purchases/{id}/returns/preview",
}
"""All that a till in training may send: they write nothing."""


async def switched(visitor: Visitor, training: str) -> str:
    """The till's page after the switch; its text."""
    page = (await visitor.client.get("/till?lang=en")).text
    answer = await visitor.client.post("/till/training", data={"csrf": token(page), "training": training})
    assert (answer.status_code, answer.headers["location"]) == (303, "/till")
    return (await visitor.client.get("/till?lang=en")).text


async def send(visitor: Visitor, csrf: str, method: str, path: str) -> httpx.Response:
    headers = {"X-CSRF-Token": csrf, "Idempotency-Key": "in-training-1"}
    return await visitor.client.request(method, re.sub(r"\{\w+\}", "x", path), json={}, headers=headers)


async def test_no_call_that_writes_is_open_to_a_till_in_training(visitor: Visitor) -> None:
    await visitor.at_till()
    csrf = token(await switched(visitor, "on"))
    refused, open_ = set(), set()
    for method, path in WRITES:
        answer = await send(visitor, csrf, method, path)
        outcome = (answer.status_code, answer.json().get("code")) == (403, "training_mode")
        (refused if outcome else open_).add((method, path))
    assert open_ == {("POST", path) for path in LOOKS}
    assert len(refused) == len(WRITES) - len(LOOKS)


async def test_what_looks_still_answers(visitor: Visitor) -> None:
    await visitor.at_till()
    csrf = token(await switched(visitor, "on"))
    headers = {"X-CSRF-Token": csrf}
    line = {"line": 1, "sku": "milk", "quantity": "1", "unit_price": 119, "tax_rate": "0.12"}
    body = {
        "store": "riga-1",
        "till": "7",
        "id": "practice-1",
        "currency": "EUR",
        "purchased_at": "2026-03-01T11:00:00+02:00",
        "lines": [line],
    }
    priced = await visitor.client.post("/v1/purchases/preview", json=body, headers=headers)
    assert (priced.status_code, priced.json()["payable"]) == (200, 119)
    assert (await visitor.client.post("/v1/purchases", json=body, headers=headers)).json()[
        "code"
    ] == "training_mode"
    assert (await visitor.client.get("/v1/purchases")).json()["items"] == []


async def test_after_training_the_same_till_sells_again(visitor: Visitor) -> None:
    await visitor.at_till()
    await switched(visitor, "on")
    csrf = token(await switched(visitor, "off"))
    answer = await send(visitor, csrf, "POST", "/v1/purchases")
    assert answer.json()["code"] != "training_mode"


async def test_a_session_at_another_till_is_not_in_training(visitor: Visitor) -> None:
    await visitor.at_till()
    await switched(visitor, "on")
    visitor.client.cookies.clear()
    await visitor.at_till(till="8")
    csrf = token((await visitor.client.get("/till")).text)
    assert (await send(visitor, csrf, "POST", "/v1/purchases")).json()["code"] != "training_mode"


async def test_the_switch_needs_the_token_and_the_cashier_does_not_end_it(visitor: Visitor) -> None:
    await visitor.at_till()
    page = await switched(visitor, "on")
    refused = await visitor.client.post("/till/training", data={"csrf": "0" * 64, "training": "off"})
    assert refused.status_code == 403
    await visitor.client.post(
        "/till/cashier", json={"cashier": "c-13"}, headers={"X-CSRF-Token": token(page)}
    )
    page = (await visitor.client.get("/till?lang=en")).text
    assert '"training":true' in page
    assert '"cashier":"c-13"' in page


@pytest.mark.parametrize("language", ["en", "lv", "ru", "et", "hu"])
async def test_the_band_says_so_in_every_language_and_is_gone_afterwards(
    visitor: Visitor, language: str
) -> None:
    await visitor.at_till()
    await switched(visitor, "on")
    band = r'<div class="training"[^>]*>\s*<strong>([^<]+)</strong>'
    found = re.search(band, (await visitor.client.get(f"/till?lang={language}")).text)
    assert found is not None
    await switched(visitor, "off")
    assert re.search(band, (await visitor.client.get(f"/till?lang={language}")).text) is None


async def test_training_can_begin_where_the_till_is_chosen(visitor: Visitor) -> None:
    await visitor.at_till()
    page = (await visitor.client.get("/till/place?lang=en")).text
    assert 'type="checkbox" name="training" value="on"' in page
    chosen = {"csrf": token(page), "store": "riga-1", "till": "7", "cashier": "", "training": "on"}
    assert (await visitor.client.post("/till/place", data=chosen)).status_code == 303
    assert '"training":true' in (await visitor.client.get("/till")).text
    del chosen["training"]
    await visitor.client.post("/till/place", data=chosen)
    assert '"training":false' in (await visitor.client.get("/till")).text
