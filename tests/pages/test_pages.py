"""Signing in and out, the headers of every page, its language, and the files it loads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from regulars.i18n import language
from regulars.till.texts import texts
from regulars.web import assets
from tests.pages.conftest import Visitor, token

TEMPLATES = Path(__file__).parent.parent.parent / "src" / "regulars" / "web" / "templates"
SCRIPTS = TEMPLATES.parent / "static" / "till"


async def test_without_a_session_a_page_leads_to_the_sign_in_and_back(visitor: Visitor) -> None:
    for path, door in (("/till", "/sign-in"), ("/backoffice/day?store=riga-1", "/backoffice/sign-in")):
        answer = await visitor.client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{door}?next=%2F")


async def test_a_key_signs_in_to_what_it_is_for(visitor: Visitor) -> None:
    assert (await visitor.sign_in("till")).headers["location"] == "/till"
    for scope in ("read", "manage"):
        refused = await visitor.sign_in(scope)
        assert refused.status_code == 403
        assert "This is not the key of a till." in refused.text


async def test_a_wrong_key_signs_nobody_in_and_is_not_repeated(visitor: Visitor) -> None:
    answer = await visitor.client.post("/sign-in", data={"key": "live_nonsense"})
    assert answer.status_code == 403
    assert "This key is not known." in answer.text
    assert "live_nonsense" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(visitor: Visitor) -> None:
    cookie = (await visitor.sign_in("till")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(
    "after", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1"]
)
async def test_the_way_back_never_leads_elsewhere(visitor: Visitor, after: str) -> None:
    assert (await visitor.sign_in("till", after)).headers["location"] == "/till"


async def test_a_form_from_another_site_signs_nobody_in(visitor: Visitor) -> None:
    answer = await visitor.client.post(
        "/sign-in", data={"key": visitor.api.keys["till"]}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_signing_out_needs_the_token_and_ends_the_session(visitor: Visitor) -> None:
    await visitor.at_till()
    page = (await visitor.client.get("/till")).text
    cookie = dict(visitor.client.cookies)
    await visitor.client.post("/sign-out", data={"csrf": "0" * 64})
    visitor.client.cookies.update(cookie)
    assert (await visitor.client.get("/till")).status_code == 200
    await visitor.client.post("/sign-out", data={"csrf": token(page)})
    visitor.client.cookies.update(cookie)
    assert (await visitor.client.get("/till")).status_code == 303


async def test_a_write_with_the_cookie_needs_the_token(visitor: Visitor) -> None:
    await visitor.at_till()
    page = (await visitor.client.get("/till")).text
    body = {"phone": "+37120000001"}
    bare = await visitor.client.post("/v1/members/find", json=body)
    assert (bare.status_code, bare.json()["code"]) == (403, "forbidden")
    sent = await visitor.client.post("/v1/members/find", json=body, headers={"X-CSRF-Token": token(page)})
    assert (sent.status_code, sent.json()["code"]) == (404, "not_found")
    cashier = await visitor.client.post(
        "/till/cashier", json={"cashier": "c-9"}, headers={"X-CSRF-Token": token(page)}
    )
    assert cashier.json() == {"cashier": "c-9"}
    assert 'value="c-9"' in (await visitor.client.get("/till")).text


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        b'{"cashier": 1}',
        b'{"cashier": "a\\u0000b"}',
        b'{"cashier": "a\\tb"}',
        b'{"cashier": "\xff"}',
    ],
)
async def test_a_cashier_whom_no_purchase_could_name_is_refused(visitor: Visitor, body: bytes) -> None:
    await visitor.at_till()
    headers = {"X-CSRF-Token": token((await visitor.client.get("/till")).text)}
    refused = await visitor.client.post("/till/cashier", content=body, headers=headers)
    assert refused.status_code in (400, 422)
    assert 'value="c-12"' in (await visitor.client.get("/till")).text


async def test_a_till_s_place_is_checked_before_it_is_kept(visitor: Visitor) -> None:
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga"})
    await visitor.sign_in("till")
    csrf = token((await visitor.client.get("/till")).text)
    for wrong in (
        {"store": "nowhere", "till": "7"},
        {"store": "riga-1", "till": ""},
        {"store": "riga-1", "till": "7" * 65},
    ):
        answer = await visitor.client.post("/till/place?lang=en", data={"csrf": csrf, **wrong})
        assert answer.status_code == 422
        assert "The till was not opened." in answer.text


async def test_every_page_carries_the_headers_and_nothing_inline(visitor: Visitor) -> None:
    await visitor.at_till()
    till = await visitor.client.get("/till")
    await visitor.as_staff("owner")
    for answer in (till, await visitor.client.get("/"), await visitor.client.get("/sign-in"),
                   await visitor.client.get("/backoffice/day")):  # fmt: skip
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert re.search(r"\sstyle=|\son\w+=|<style|javascript:", answer.text) is None
        for script in re.findall(r"<script[^>]*>", answer.text):
            assert "src=" in script or 'type="application/json"' in script
        own = r"http://(www\.w3\.org|regulars\.test)/\S+"  # the till prints where a receipt is claimed
        assert "http://" not in re.sub(own, "", answer.text)
        assert "https://" not in answer.text


async def test_what_a_person_typed_cannot_become_markup(visitor: Visitor) -> None:
    name = "</script><b>&\"'"
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": name})
    await visitor.at_till(till="<i>7</i>", store="riga-2")
    text = (await visitor.client.get("/till")).text
    assert "<i>7</i>" not in text
    config = re.search(r'id="config">(.*?)</script>', text)
    assert config
    assert json.loads(config[1])["till"] == "<i>7</i>"


@pytest.mark.parametrize(("header", "query", "title"), [
    ("lv", "", "Pieslēgties"), ("en", "", "Sign in"), ("en", "?lang=lv", "Pieslēgties"), ("de", "", "Sign in"),
])  # fmt: skip
async def test_the_language_is_the_address_s_then_the_browser_s(
    visitor: Visitor, header: str, query: str, title: str
) -> None:
    answer = await visitor.client.get(f"/sign-in{query}", headers={"Accept-Language": header})
    assert f"<h1>{title}</h1>" in answer.text
    assert answer.headers["content-language"] == ("lv" if title == "Pieslēgties" else "en")


async def test_static_files_are_kept_for_good_under_their_version_and_compressed(visitor: Visitor) -> None:
    path = assets.address("till/main.js")
    answer = await visitor.client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == assets.assets()["till/main.js"].body
    old = await visitor.client.get("/static/000000000000/till/main.js")
    assert old.headers["cache-control"] == "no-cache"
    for missing in ("/static/x/nothing.js", "/static/x/../sessions.py", "/static/x/%2e%2e/sessions.py"):
        assert (await visitor.client.get(missing)).status_code == 404


def test_the_till_s_scripts_use_the_texts_that_there_are() -> None:
    named = set(texts(language("en")))
    scripts = [script.read_text() for script in SCRIPTS.rglob("*.js")]
    used = {name for script in scripts for name in re.findall(r'\bt\(\s*"(\w+)"', script)}
    put_together = {name for script in scripts for name in re.findall(r"\bt\(\s*`(\w+_)\$\{", script)}
    made = {name for name in named if name.startswith(("error_", *put_together))}
    assert put_together == {"gift_card_", "left_", "membership_", "pack_", "status_"}
    assert used - named == set()
    chosen = {"one_less", "one_more", "found_by_phone"}
    assert named - used - made - chosen == set()
