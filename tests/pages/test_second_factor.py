"""The second door: codes of an app, recovery codes, and what happens to sessions on the way."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import httpx
import pytest
from pyotp.totp import TOTP

from regulars.db.pool import Database
from tests.api.conftest import PASSWORD
from tests.pages.conftest import Visitor, token

DOOR = "/backoffice/second-factor"
APP = f"{DOOR}/app"
CODE = r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>"


@pytest.fixture
def elsewhere(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Another browser."""
    return httpx.AsyncClient(transport=client._transport, base_url="http://regulars.test")


def now(secret: str, steps: int = 0) -> str:
    """The code that the app shows, or showed some steps of 30 seconds ago."""
    return TOTP(secret).at(int(time.time()) + 30 * steps)


def none_of(secret: str) -> str:
    """A code that the app shows neither now nor a minute before or after."""
    shown = {now(secret, step) for step in range(-3, 4)}
    return next(code for code in (f"{n:06}" for n in range(9)) if code not in shown)


async def set_up(visitor: Visitor, email: str) -> tuple[str, list[str]]:
    """Sign in as an owner and set up an app: its secret and the recovery codes."""
    await visitor.as_staff("owner", email=email)
    page = (await visitor.client.get(APP)).text
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    data = {"csrf": token(page), "sealed": sealed[1]}
    wrong = await visitor.client.post(APP, data={**data, "code": none_of(secret)})
    assert (wrong.status_code, "is not the code that the app shows now" in wrong.text) == (422, True)
    kept = await visitor.client.post(APP, data={**data, "code": now(secret)})
    assert kept.status_code == 200, kept.text
    codes = re.findall(CODE, kept.text)
    assert len(set(codes)) == 10
    return secret, codes


async def by_password(browser: httpx.AsyncClient, email: str) -> None:
    """As far as the second door."""
    answer = await browser.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.headers["location"].startswith(DOOR), answer.headers


async def try_code(browser: httpx.AsyncClient, code: str) -> httpx.Response:
    csrf = token((await browser.get(DOOR)).text)
    return await browser.post(DOOR, data={"csrf": csrf, "code": code})


async def test_a_password_alone_opens_nothing_once_there_is_an_app(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email = f"{uuid4().hex}@shop.example"
    secret, _ = await set_up(visitor, email)
    await by_password(elsewhere, email)
    half = elsewhere.cookies["regulars_staff"]
    for closed in ("/backoffice", "/backoffice/me", "/backoffice/programs", APP):
        assert (await elsewhere.get(closed)).status_code == 303
    arrived = await try_code(elsewhere, now(secret, 1))
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/backoffice")
    assert (await elsewhere.get("/backoffice/me")).status_code == 200
    # Each step up gets another token, and the one before is worth nothing.
    assert elsewhere.cookies["regulars_staff"] != half
    fixed = httpx.AsyncClient(transport=elsewhere._transport, base_url="http://regulars.test")
    fixed.cookies["regulars_staff"] = half
    assert (await fixed.get("/backoffice/me")).status_code == 303
    assert (await fixed.get(DOOR)).headers["location"] == "/backoffice/sign-in"


async def test_a_code_counts_once_and_never_one_of_before(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email = f"{uuid4().hex}@shop.example"
    secret, _ = await set_up(visitor, email)
    await by_password(elsewhere, email)
    code = now(secret, 1)
    assert (await try_code(elsewhere, now(secret, -1))).status_code == 403  # older than what proved the app
    assert (await try_code(elsewhere, now(secret, -5))).status_code == 403
    assert (await try_code(elsewhere, code)).status_code == 303
    await by_password(elsewhere, email)
    again = await try_code(elsewhere, code)
    assert (again.status_code, "This code does not count." in again.text) == (403, True)


async def test_recovery_codes_get_in_once_each_and_are_kept_as_digests(
    visitor: Visitor, elsewhere: httpx.AsyncClient, database: Database
) -> None:
    email = f"{uuid4().hex}@shop.example"
    _, codes = await set_up(visitor, email)
    await by_password(elsewhere, email)
    assert (await try_code(elsewhere, codes[0].upper().replace("-", " "))).status_code == 303
    await by_password(elsewhere, email)
    assert (await try_code(elsewhere, codes[0])).status_code == 403
    assert (await try_code(elsewhere, codes[1])).status_code == 303
    page = (await elsewhere.get("/backoffice/me")).text
    assert "Recovery codes left: 8 of 10." in page
    anew = await elsewhere.post(
        "/backoffice/me/recovery-codes",
        data={"csrf": token(page), "request": uuid4().hex, "password": PASSWORD},
    )
    assert len(re.findall(CODE, anew.text)) == 10
    await by_password(elsewhere, email)
    assert (await try_code(elsewhere, codes[2])).status_code == 403
    async with database.transaction(None) as tx:
        rows = await (await tx.execute("SELECT digest FROM staff_recovery_code")).fetchall()
    assert all(codes[2].replace("-", "").encode() not in bytes(row[0]) for row in rows)


async def test_wrong_codes_make_her_wait_as_wrong_passwords_do(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email = f"{uuid4().hex}@shop.example"
    secret, _ = await set_up(visitor, email)
    await by_password(elsewhere, email)  # the first of five
    said = [(await try_code(elsewhere, none_of(secret))).text for _ in range(5)]
    assert ["This code does not count." in one for one in said] == [True, True, True, True, False]
    waits = await try_code(elsewhere, now(secret, 1))
    assert (waits.status_code, "Too many wrong tries." in waits.text) == (403, True)
    # In the browser where she was signed in before she is not kept waiting by a stranger.
    visitor.client.cookies.delete("regulars_staff")
    await by_password(visitor.client, email)
    assert (await try_code(visitor.client, now(secret, 1))).status_code == 303


async def test_the_app_goes_with_the_password_alone_and_takes_the_recovery_codes_along(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email = f"{uuid4().hex}@shop.example"
    await set_up(visitor, email)
    off = "/backoffice/me/second-factor/off"
    refused = await visitor.act(off, page="/backoffice/me", password="wrong")
    assert (refused.status_code, "is not your password" in refused.text) == (422, True)
    assert (await visitor.act(off, page="/backoffice/me", password=PASSWORD)).status_code == 303
    answer = await elsewhere.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.headers["location"] == "/backoffice"
    refused = await visitor.act("/backoffice/me/recovery-codes", page="/backoffice/me", password=PASSWORD)
    assert refused.status_code == 409


async def test_setting_up_an_app_ends_the_other_sessions_and_somebody_else_s_form_is_none(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email = f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("auditor", email=email)
    await elsewhere.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    page = (await elsewhere.get(APP)).text
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    await visitor.as_staff("owner", email=f"{uuid4().hex}@shop.example")
    own = token((await visitor.client.get(APP)).text)
    for wrong in (sealed[1], "", "e30=", "ä"):
        refused = await visitor.client.post(APP, data={"csrf": own, "sealed": wrong, "code": "123456"})
        assert refused.status_code == 422
    second = f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("owner", email=second)
    for browser in (visitor.client, elsewhere):
        browser.cookies.delete("regulars_staff")
        await browser.post("/backoffice/sign-in", data={"email": second, "password": PASSWORD})
    page = (await visitor.client.get(APP)).text
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    data = {"csrf": token(page), "sealed": sealed[1], "code": now(secret)}
    assert (await visitor.client.post(APP, data=data)).status_code == 200
    assert (await visitor.client.get("/backoffice/me")).status_code == 200
    assert (await elsewhere.get("/backoffice/me")).status_code == 303


async def test_a_program_may_ask_everybody_for_a_second_factor(visitor: Visitor) -> None:
    email = f"{uuid4().hex}@shop.example"
    asked = await visitor.api.patch("/v1/program", {"settings": {"second_factor": "required"}})
    assert asked.status_code == 200, asked.text
    await visitor.as_staff("owner", email=email)
    assert (await visitor.client.get("/backoffice/me")).headers["location"] == APP
    page = (await visitor.client.get(APP)).text
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    data = {"csrf": token(page), "sealed": sealed[1], "code": now(secret)}
    assert (await visitor.client.post(APP, data=data)).status_code == 200
    assert (await visitor.client.get("/backoffice/me")).status_code == 200


async def test_a_new_password_asks_for_the_old_one_and_ends_the_other_sessions(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email, new = f"{uuid4().hex}@shop.example", "copper kettles under Gauja "
    await visitor.as_staff("owner", email=email)
    await elsewhere.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    listed = (await visitor.client.get("/backoffice/me")).text
    assert len(re.findall(r"/backoffice/me/sessions/ses_\w+/end", listed)) == 1
    act = "/backoffice/me/password"
    for fields, status in (
        ({"password": "wrong", "new": new, "again": new}, 422),
        ({"password": PASSWORD, "new": new, "again": "other"}, 422),
        ({"password": PASSWORD, "new": "qwerty12345", "again": "qwerty12345"}, 422),
    ):
        assert (await visitor.act(act, page="/backoffice/me", **fields)).status_code == status
    done = await visitor.act(act, page="/backoffice/me", password=PASSWORD, new=new, again=new)
    assert done.status_code == 303
    assert (await visitor.client.get("/backoffice/me")).status_code == 200
    assert (await elsewhere.get("/backoffice/me")).status_code == 303
    again = await elsewhere.post("/backoffice/sign-in", data={"email": email, "password": new})
    assert again.status_code == 303


async def test_sessions_are_listed_and_ended_one_by_one_and_only_one_s_own(
    visitor: Visitor, elsewhere: httpx.AsyncClient
) -> None:
    email, other = f"{uuid4().hex}@shop.example", f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("owner", email=other)
    await elsewhere.post("/backoffice/sign-in", data={"email": other, "password": PASSWORD})
    await elsewhere.post("/backoffice/sign-in", data={"email": other, "password": PASSWORD})
    foreign = re.search(
        r"/backoffice/me/sessions/(ses_\w+)/end", (await elsewhere.get("/backoffice/me")).text
    )
    assert foreign
    await visitor.as_staff("owner", email=email)
    refused = await visitor.act(f"/backoffice/me/sessions/{foreign[1]}/end", page="/backoffice/me")
    assert refused.status_code == 404
    csrf = token((await elsewhere.get("/backoffice/me")).text)
    data = {"csrf": csrf, "request": uuid4().hex}
    assert (await elsewhere.post(f"/backoffice/me/sessions/{foreign[1]}/end", data=data)).status_code == 303
    assert foreign[1] not in (await elsewhere.get("/backoffice/me")).text
    saved = await visitor.act("/backoffice/me", page="/backoffice/me", name="Vija  B.", language="lv")
    assert saved.status_code == 303
    page = await visitor.client.get("/backoffice/me")
    assert (page.headers["content-language"], 'value="Vija B."' in page.text) == ("lv", True)
