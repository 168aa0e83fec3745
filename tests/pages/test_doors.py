"""Every page and every door of the back office: headers, cookies, tokens against forgery, and ways that lead out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from regulars.app import OFFICE
from regulars.db.pool import Database, fetch_all
from regulars.settings import Messaging
from tests.api.conftest import PASSWORD, Api, Letters, new_api, serving
from tests.pages import permissions
from tests.pages.conftest import Visitor, token
from tests.pages.test_matrix import at

EXACTLY = {
    "content-security-policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
DOORS = ("/sign-in", "/forgotten", "/programs", "/invitation/" + "x" * 43, "/second-factor/app")
STAFF_TABLES = (
    "staff",
    "staff_role",
    "staff_session",
    "staff_invitation",
    "staff_passkey",
    "staff_recovery_code",
)


@pytest.fixture
async def over_tls(database_url: str, database: Database, letters: Letters) -> AsyncIterator[Api]:
    """A program served as behind TLS."""
    messaging = Messaging(folder=str(letters.folder))
    async with serving(database_url, messaging=messaging, insecure_cookies=False) as client:
        client.base_url = httpx.URL("https://regulars.test")
        yield await new_api(client, database)


async def test_every_page_and_door_carries_every_header_and_nothing_inline(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    pages = [at(page.address) for page in OFFICE if page.method == "GET"]
    for path in (*pages, *(f"/backoffice{door}" for door in DOORS)):
        answer = await visitor.client.get(path)
        for name, value in EXACTLY.items():
            assert answer.headers.get(name) == value, f"{path}: {name}"
        assert "no-store" in answer.headers["cache-control"], path
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        assert re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", answer.text) is None, path
        for script in re.findall(r"<script[^>]*>", answer.text):
            assert 'src="/static/' in script or 'type="application/json"' in script, f"{path}: {script}"
        plain = re.sub(r"https?://(www\.w3\.org|regulars\.test)\S*", "", answer.text)
        assert re.search(r'(?:src|href|action)="https?://', plain) is None, path


async def test_every_act_needs_the_token_of_its_own_session(visitor: Visitor, database: Database) -> None:
    await visitor.as_staff("owner")
    other = httpx.AsyncClient(transport=visitor.client._transport, base_url="http://regulars.test")
    email = f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("owner", email=email)
    await other.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    foreign = token((await other.get("/backoffice/me")).text)
    before = await kept(database)
    acts = [page.replace("POST ", "/backoffice", 1) for page in permissions.PAGES if page.startswith("POST")]
    for path in (*acts, "/backoffice/programs", "/backoffice/second-factor/app", "/backoffice/sign-out"):
        for csrf in ("", foreign, "0" * 64, "ā"):
            answer = await visitor.client.post(at(path), data={"csrf": csrf, "request": uuid4().hex})
            assert answer.status_code == 403, f"{path} {csrf!r}"
            answer = await visitor.client.post(at(path), data={"x": "1"}, headers={"HX-Request": "true"})
            assert answer.status_code == 403, f"{path} by htmx"
    assert await kept(database) == before
    assert (await visitor.client.get("/backoffice/me")).status_code == 200


async def test_what_has_no_session_yet_takes_nothing_from_another_site(visitor: Visitor) -> None:
    email = f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("owner", email=email)
    for path in ("/sign-in", "/forgotten", "/invitation/" + "x" * 43, "/second-factor/passkey/options",
                 "/second-factor/passkey/verify"):  # fmt: skip
        for site in ("cross-site", "same-site"):
            answer = await visitor.client.post(
                f"/backoffice{path}",
                data={"email": email, "password": PASSWORD},
                headers={"Sec-Fetch-Site": site},
            )
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False), path


async def test_over_tls_cookies_are_bound_to_the_host_and_the_browser_stays_with_tls(over_tls: Api) -> None:
    email = f"{uuid4().hex}@shop.example"
    await over_tls.add_staff("owner", email=email)
    answer = await over_tls.client.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    cookies = answer.headers.get_list("set-cookie")
    assert [one.partition("=")[0] for one in cookies] == ["__Host-regulars_staff", "__Host-regulars_browser"]
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
    for path in ("/backoffice/me", "/backoffice/sign-in", "/v1/program", "/till"):
        answer = await over_tls.client.get(path)
        assert answer.headers.get("strict-transport-security") == "max-age=31536000", path
    assert (await over_tls.client.get("/backoffice/me")).status_code == 200


async def test_without_tls_nothing_is_said_of_it(visitor: Visitor) -> None:
    answer = await visitor.as_staff("owner")
    assert "strict-transport-security" not in answer.headers
    for cookie in answer.headers.get_list("set-cookie"):
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


async def test_each_sign_in_has_a_token_of_its_own_and_signing_out_ends_it(visitor: Visitor) -> None:
    email = f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("owner", email=email)
    planted = "a" * 43
    answer = await visitor.client.post(
        "/backoffice/sign-in",
        data={"email": email, "password": PASSWORD},
        headers={"Cookie": f"regulars_staff={planted}"},
    )
    assert answer.status_code == 303
    first = dict(visitor.client.cookies)["regulars_staff"]
    assert first != planted
    await visitor.client.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    second = dict(visitor.client.cookies)["regulars_staff"]
    assert second != first
    out = await visitor.act("/backoffice/sign-out", page="/backoffice/me")
    assert out.headers["location"] == "/backoffice/sign-in"
    visitor.client.cookies.clear()
    again = await visitor.client.get("/backoffice/me", headers={"Cookie": f"regulars_staff={second}"})
    assert again.headers["location"].startswith("/backoffice/sign-in")


@pytest.mark.parametrize(
    "after",
    ["//evil.example", "https://evil.example", "/backoffice//evil.example", "/backoffice/\\evil.example",
     "/till", "/backofficex", "javascript:alert(1)", "/backoffice/a\nb", "/backoffice/ x", "/backoffice@evil.example"],
)  # fmt: skip
async def test_the_way_back_leads_nowhere_else(visitor: Visitor, after: str) -> None:
    email = f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("owner", email=email)
    data = {"email": email, "password": PASSWORD, "next": after}
    assert (await visitor.client.post("/backoffice/sign-in", data=data)).headers["location"] == "/backoffice"
    answer = await visitor.client.get("/backoffice/sign-in", params={"next": after})
    assert answer.headers["location"] == "/backoffice"


async def test_a_cookie_of_a_known_browser_cannot_be_made_up(visitor: Visitor) -> None:
    email = f"{uuid4().hex}@shop.example"
    await visitor.as_staff("owner", email=email)
    genuine = dict(visitor.client.cookies)["regulars_browser"]
    identifier, staff, mac = genuine.split(".")
    stranger = httpx.AsyncClient(transport=visitor.client._transport, base_url="http://regulars.test")
    wrong = {"email": email, "password": "wrong"}
    for _ in range(5):
        await stranger.post("/backoffice/sign-in", data=wrong)
    for made_up in (
        f"{identifier}x.{staff}.{mac}",
        f"{identifier}.{staff}.{'0' * 64}",
        "..",
        "x",
        f"a.b.{mac}",
    ):
        stranger.cookies["regulars_browser"] = made_up
        answer = await stranger.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
        assert (answer.status_code, "Too many wrong tries." in answer.text) == (403, True), made_up
    stranger.cookies["regulars_browser"] = genuine
    answer = await stranger.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303


async def test_what_is_too_long_or_no_form_at_all_is_refused_in_a_sentence(visitor: Visitor) -> None:
    long = {"email": "a" * 70_000, "password": "x"}
    assert (await visitor.client.post("/backoffice/sign-in", data=long)).status_code == 413
    for body in (b"\xff\xfe", b"{", b""):
        answer = await visitor.client.post("/backoffice/sign-in", content=body)
        assert answer.status_code in (400, 403, 413), body
    odd = {"email": "a\x00b@shop.example", "password": "x\x00"}
    assert (await visitor.client.post("/backoffice/sign-in", data=odd)).status_code == 403


async def kept(database: Database) -> dict[str, Any]:
    """Everything that is known of staff."""
    async with database.transaction(None) as tx:
        return {
            table: sorted(str(row) for row in await fetch_all(tx, f"SELECT * FROM {table}".encode()))
            for table in STAFF_TABLES
        }
