"""What stands around a till: its scanners as the back office sets them, the camera's reader, the customer's display."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest

from regulars import ids
from regulars.i18n import language
from regulars.till.display_texts import texts
from tests.api.conftest import Api
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_pages import SCRIPTS

NAMES = {
    "en": {"one": "point", "other": "points"},
    "lv": {"zero": "punktu", "one": "punkts", "other": "punkti"},
}
COFFEE_WEEK = {
    "name": "Coffee week",
    "names": {"lv": "Kafijas nedēļa"},
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "15", "goods": {"categories": ["drinks"]}}],
}


@pytest.fixture
async def visitor(api: Api) -> Visitor:
    """Somebody at a till of a store."""
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga", "tills": ["7"]})
    return Visitor(api)


def config_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="config">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


async def test_what_the_back_office_says_of_scanners_is_what_the_till_goes_by(visitor: Visitor) -> None:
    await visitor.at_till(till="7", store="riga-1")
    before = config_of((await visitor.client.get("/till")).text)["scanner"]
    assert before == {"prefix": "", "suffix": "enter"}
    await visitor.as_staff("owner")
    path = "/backoffice/setup/rules/tills"
    sent = {"tills.scanner_prefix": "~", "tills.scanner_suffix": "tab"}
    assert (await visitor.act(path, **sent)).status_code == 303
    await visitor.at_till(till="7", store="riga-1")
    for address in ("/till", "/till/display"):
        after = config_of((await visitor.client.get(address)).text)["scanner"]
        assert after == {"prefix": "~", "suffix": "tab"}, address
    await visitor.as_staff("owner")
    refused = await visitor.act(path, **{"tills.scanner_prefix": "a b"})
    assert refused.status_code == 422


async def test_the_display_belongs_to_the_till_of_the_session(visitor: Visitor) -> None:
    nobody = await visitor.client.get("/till/display")
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/sign-in?next=%2Ftill%2Fdisplay")
    assert (await visitor.client.get("/till/display/promotions")).status_code == 401
    await visitor.sign_in("till")
    unplaced = await visitor.client.get("/till/display")
    assert (unplaced.status_code, unplaced.headers["location"]) == (303, "/till")
    await visitor.at_till(till="7", store="riga-1")
    config = config_of((await visitor.client.get("/till/display")).text)
    assert (config["store"], config["till"]) == ({"code": "riga-1"}, "7")
    assert "program_key" not in config


async def test_the_display_speaks_the_languages_of_the_program_and_names_what_it_gives(
    visitor: Visitor,
) -> None:
    api = visitor.api
    await api.post("/v1/currencies", {"code": "PTS", "names": NAMES})
    await visitor.at_till(till="7", store="riga-1")
    page = (await visitor.client.get("/till/display")).text
    config = config_of(page)
    program = (await api.get("/v1/program")).json()
    spoken = [code for code in program["languages"] if code in ("en", "lv", "ru", "et", "hu")]
    assert list(config["languages"]) == spoken
    assert config["points"]["PTS"]["names"] == NAMES
    made = (await api.post("/v1/promotions", COFFEE_WEEK)).json()
    await api.post(f"/v1/promotions/{made['id']}/publish")
    named = (await visitor.client.get("/till/display/promotions")).json()
    assert named == {made["id"]: {"": "Coffee week", "lv": "Kafijas nedēļa"}}
    assert config_of((await visitor.client.get("/till/display")).text)["promotions"] == named


async def test_web_assembly_is_allowed_to_the_cameras_reader_and_to_no_page(visitor: Visitor) -> None:
    await visitor.at_till(till="7", store="riga-1")
    pages = {
        path: await visitor.client.get(path)
        for path in ("/till", "/till/display", "/till/place", "/", "/sign-in")
    }
    for path, page in pages.items():
        assert page.status_code == 200, path
        assert "unsafe" not in page.headers["content-security-policy"], path
        assert page.headers["permissions-policy"].startswith("camera=(self)"), path
    reader = await visitor.client.get(config_of(pages["/till"].text)["reader"])
    assert reader.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    )
    addresses = re.findall(r'"(/static/[^"]+)"', reader.text)
    types = [(await visitor.client.get(address)).headers["content-type"] for address in addresses]
    assert [name.partition(";")[0] for name in types] == ["text/javascript", "application/wasm"]


async def test_the_display_alone_learns_in_which_language_a_member_is_spoken_to(visitor: Visitor) -> None:
    member, card = await member_with_card(visitor.api)
    await visitor.api.patch(f"/v1/members/{member}", {"language": "en"})
    asked = f"/till/display/language?member={member}"
    assert (await visitor.client.get(asked)).status_code == 401
    await visitor.at_till(till="7", store="riga-1")
    assert (await visitor.client.get(asked)).json() == {"language": "en"}
    unknown = ids.show("mem", UUID(int=7))
    assert (await visitor.client.get(f"/till/display/language?member={unknown}")).status_code == 404
    found = (await visitor.api.post("/v1/members/find", {"card": card}, scope="till")).json()
    assert "language" not in found


def test_the_displays_scripts_use_the_texts_that_there_are() -> None:
    named = set(texts(language("en")))
    said = {"looking", "unknown", "wrong", "wait", "number_hint"}  # named by what came of a number
    used = {
        name
        for script in SCRIPTS.glob("display_*.js")
        for name in re.findall(r'\bof\((?:\w+ \? )?"(\w+)"(?: : "(\w+)")?', script.read_text())
        for name in name
        if name
    }
    assert used - named == set()
    assert named - used - said == set()


async def test_what_a_new_member_agrees_to_can_be_said_in_every_language_of_the_program(
    visitor: Visitor,
) -> None:
    await visitor.at_till(till="7", store="riga-1")
    program = (await visitor.api.get("/v1/program")).json()
    said = config_of((await visitor.client.get("/till")).text)["agreeing"]
    assert list(said) == program["languages"]
    assert said["lv"]["terms"] == "Es piekrītu programmas noteikumiem un tam, ka tā glabā ar karti pirkto."
    assert said["lv"]["purposes"]["marketing"] == "Piedāvājumi un jaunumi"
    spoken = ["email", "sms", "phone", "post", "push"]
    assert [list(words["channels"]) for words in said.values()] == [spoken for _ in said]
    assert "this phone" not in str(said)
