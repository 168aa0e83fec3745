"""Passkeys of staff: made by whoever is signed in, a whole sign-in afterwards, and never somebody else's."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import PASSWORD
from tests.api.test_sign_in import ORIGIN, Authenticator
from tests.pages.conftest import Visitor, token

DOOR = "/backoffice/second-factor"
OWN = "/backoffice/me/passkeys"


@pytest.fixture
def elsewhere(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Another browser."""
    return httpx.AsyncClient(transport=client._transport, base_url=ORIGIN)


def authenticator() -> Authenticator:
    made = Authenticator()
    made.credential = uuid4().bytes
    return made


async def call(browser: httpx.AsyncClient, path: str, body: Any, csrf: str = "") -> httpx.Response:
    return await browser.post(path, json=body, headers={"X-CSRF-Token": csrf} if csrf else {})


async def made(visitor: Visitor, key: Authenticator) -> httpx.Response:
    csrf = token((await visitor.client.get("/backoffice/me")).text)
    offer = (await call(visitor.client, f"{OWN}/options", {}, csrf)).json()
    return await call(visitor.client, OWN, {**key.register(offer), "label": "Vija's phone"}, csrf)


async def enter(browser: httpx.AsyncClient, key: Authenticator, **signed: Any) -> httpx.Response:
    offer = (await call(browser, f"{DOOR}/passkey/options", {})).json()
    return await call(browser, f"{DOOR}/passkey/verify", key.sign(offer, **signed))


async def test_a_passkey_is_a_whole_sign_in_and_stands_behind_the_password(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email, key = f"{uuid4().hex}@shop.example", authenticator()
    await visitor.as_staff("owner", email=email)
    assert (await made(visitor, key)).status_code == 200
    again = await made(visitor, key)
    assert (again.status_code, again.json()["code"]) == (409, "state_conflict")
    assert "Vija&#39;s phone" in (await visitor.client.get("/backoffice/me")).text
    assert (await enter(elsewhere, key)).json() == {"entered": True}
    assert (await elsewhere.get("/backoffice/me")).status_code == 200
    elsewhere.cookies.clear()
    half = await elsewhere.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert half.headers["location"].startswith(DOOR)
    assert (await enter(elsewhere, key)).status_code == 200
    assert (await elsewhere.get("/backoffice/me")).status_code == 200


async def test_a_signature_counts_once_and_a_copy_of_the_key_not_at_all(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    key = authenticator()
    await visitor.as_staff("owner")
    await made(visitor, key)
    offer = (await call(elsewhere, f"{DOOR}/passkey/options", {})).json()
    signed = key.sign(offer)
    assert (await call(elsewhere, f"{DOOR}/passkey/verify", signed)).status_code == 200
    elsewhere.cookies.clear()
    replayed = await call(elsewhere, f"{DOOR}/passkey/verify", signed)
    assert (replayed.status_code, replayed.json()["code"]) == (403, "code_wrong")
    assert (await enter(elsewhere, key, count=2)).status_code == 403
    assert "regulars_staff" not in elsewhere.cookies


async def test_wrong_answers_are_refused_whatever_is_wrong_with_them(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    key, unknown = authenticator(), authenticator()
    await visitor.as_staff("owner")
    await made(visitor, key)
    unknown.user = key.user
    assert (await enter(elsewhere, unknown)).status_code == 403
    key.user = uuid4().bytes
    assert (await enter(elsewhere, key)).status_code == 403
    for body in (
        {},
        {"challenge": "x", "credential": {}},
        {"challenge": "chl_" + "0" * 26, "credential": {"a": 1}},
    ):
        refused = await call(elsewhere, f"{DOOR}/passkey/verify", body)
        assert refused.status_code in (403, 422), body
    assert "regulars_staff" not in elsewhere.cookies


async def test_a_key_that_only_was_touched_does_not_sign_in(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    class Touched(Authenticator):
        def _authenticator_data(self, host: str, flags: int) -> bytes:
            return super()._authenticator_data(host, flags & ~0x04)

    key = authenticator()
    await visitor.as_staff("owner")
    await made(visitor, key)
    touched = Touched()
    touched.key, touched.credential, touched.user = key.key, key.credential, key.user
    assert (await enter(elsewhere, touched)).status_code == 403
    assert (await made(visitor, touched)).status_code in (409, 422)


async def test_at_the_second_door_only_her_own_passkey_helps(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email, key, other = f"{uuid4().hex}@shop.example", authenticator(), authenticator()
    await visitor.as_staff("owner", email=email)
    await made(visitor, key)
    await visitor.as_staff("owner", email=f"{uuid4().hex}@shop.example")
    await made(visitor, other)
    await elsewhere.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert (await enter(elsewhere, other)).status_code == 403
    assert (await elsewhere.get("/backoffice/me")).status_code == 303
    assert (await enter(elsewhere, key)).status_code == 200


async def test_making_one_needs_the_token_and_taking_it_away_the_password(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    key = authenticator()
    await visitor.as_staff("owner")
    assert (await call(visitor.client, f"{OWN}/options", {})).status_code == 403
    assert (await call(elsewhere, f"{OWN}/options", {})).status_code == 401
    await made(visitor, key)
    found = re.search(rf"{OWN}/pky_\w+/remove", (await visitor.client.get("/backoffice/me")).text)
    assert found
    assert (await visitor.act(found[0], page="/backoffice/me", password="wrong")).status_code == 422
    assert (await visitor.act(found[0], page="/backoffice/me", password=PASSWORD)).status_code == 303
    assert (await enter(elsewhere, key)).status_code == 403
