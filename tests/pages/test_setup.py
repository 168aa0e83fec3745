"""The pages of the set-up as an owner uses them: keys, stores, settings, currencies, exclusions, branding, texts."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from typing import Any

import pytest

from regulars.backoffice.words_of_setup import ELSEWHERE, HEADINGS
from regulars.programs.gift_card_terms import GiftCardTerms
from regulars.programs.offline import Offline
from regulars.programs.passing import Bringing, Passing, Rules
from regulars.programs.regularity import Regularity
from regulars.programs.settings import ProgramSettings, Watch
from regulars.programs.tills import Tills
from tests.api.conftest import Api
from tests.api.shop import give, member_with_card
from tests.pages.conftest import Visitor

SETUP = "/backoffice/setup"
ADDRESSES = (
    "", "/order", "/currencies", "/currencies/edit", "/stores", "/stores/new", "/partners/edit", "/keys", "/keys/new",
    "/texts", "/texts/wording", "/texts/questions", "/tiers", "/tiers/edit", "/branding", "/exclusions",
    "/printers", "/printers/edit",
    "/sandbox", *(f"/rules/{one.code}" for one in HEADINGS),
)  # fmt: skip


@pytest.fixture
async def visitor(api: Api) -> Visitor:
    """Somebody who reads English."""
    visitor = Visitor(api)
    visitor.client.cookies.set("regulars_language", "en")
    return visitor


def png(width: int = 40, height: int = 20) -> bytes:
    """A picture of that many red pixels."""
    rows = b"".join(b"\x00" + b"\xc0\x10\x10" * width for _ in range(height))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    written = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


async def settings(visitor: Visitor) -> dict[str, Any]:
    """The program's settings as the API answers them."""
    return (await visitor.api.get("/v1/program")).json()["settings"]


async def sent(visitor: Visitor, heading: str, **changed: str) -> Any:
    """The form of a heading as the page made it, with some fields typed over."""
    page = (await visitor.client.get(f"{SETUP}/rules/{heading}")).text
    was = dict(re.findall(r'name="was-([\w.]+)" value="([^"]*)"', page))
    fields = was | {f"was-{name}": value for name, value in was.items()} | changed
    return await visitor.act(f"{SETUP}/rules/{heading}", **fields)


def test_every_setting_stands_on_exactly_one_page() -> None:
    shown = [switch.field for one in HEADINGS for switch in one.switches]
    parts = {
        "watch": Watch, "passing": Passing, "regularity": Regularity, "tills": Tills, "offline": Offline,
        "gift_cards": GiftCardTerms,
    }  # fmt: skip
    of_ways = {"donations": Rules, "exchanges": Rules, "sharing": Bringing}
    nested = {f"{name}.{field}" for name, part in parts.items() for field in part.__struct_fields__}
    nested -= {f"passing.{way}" for way in of_ways}
    nested |= {f"passing.{way}.{field}" for way, part in of_ways.items() for field in part.__struct_fields__}
    whole = nested | set(ProgramSettings.__struct_fields__) - set(parts)
    assert sorted(shown) == sorted(whole - ELSEWHERE)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_page_opens_and_explains_itself(visitor: Visitor, language: str) -> None:
    await visitor.as_staff("owner")
    for address in ADDRESSES:
        answer = await visitor.client.get(f"{SETUP}{address}?lang={language}")
        assert answer.status_code == 200, address
        assert re.search(r"<h1>[^<]+</h1><p class=\"soft\">[^<]+</p>", answer.text), address


async def test_a_reader_is_shown_no_button_that_writes(visitor: Visitor) -> None:
    await visitor.as_staff("auditor")
    for address in (
        "",
        "/order",
        "/currencies",
        "/stores",
        "/texts",
        "/branding",
        "/exclusions",
        "/rules/points",
    ):
        page = (await visitor.client.get(f"{SETUP}{address}")).text
        assert 'class="button primary" type="submit"' not in page, address
    assert (await visitor.client.get(f"{SETUP}/keys")).status_code == 403


# keys


async def test_a_key_is_made_shown_once_turned_and_ended(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    await visitor.api.patch("/v1/program", {"settings": {"four_eyes_keys": False}})
    made = await visitor.act(f"{SETUP}/keys", name="Web shop", scopes=["till", "read"])
    assert made.status_code == 200, made.text
    key = re.search(r'value="((?:live|test)_[0-9a-z]{32})"', made.text)
    assert key
    called = await visitor.client.get("/v1/program", headers={"Authorization": f"Bearer {key[1]}"})
    assert called.status_code == 200
    page = (await visitor.client.get(f"{SETUP}/keys")).text
    assert key[1] not in page
    row = page[page.index("Web shop") :]
    act = re.search(rf'action="({SETUP}/keys/key_[0-9a-z]+)/rotate"', row)
    assert act
    turned = await visitor.act(f"{act[1]}/rotate", hours="12")
    assert "The old key works for 12 hours more." in turned.text
    assert (await visitor.act(f"{act[1]}/rotate", hours="x")).status_code == 422
    ended = await visitor.act(f"{act[1]}/revoke")
    assert ended.headers["location"] == f"{SETUP}/keys"
    assert (await visitor.act(f"{act[1]}/revoke")).status_code == 404


async def test_with_four_eyes_a_key_and_a_new_text_of_one_wait_for_a_second_person(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    asked = await visitor.act(f"{SETUP}/keys", name="ERP", scopes=["manage"], why="the new ERP")
    assert asked.headers["location"] == "/backoffice/review/asked"
    assert "ERP" not in (await visitor.client.get(f"{SETUP}/keys")).text
    assert "the new ERP" in (await visitor.client.get("/backoffice/review/asked")).text
    page = (await visitor.client.get(f"{SETUP}/keys")).text
    act = re.search(rf'action="({SETUP}/keys/key_[0-9a-z]+/rotate)"', page)
    assert act
    turned = await visitor.act(act[1], hours="12", why="it leaked")
    assert turned.headers["location"] == "/backoffice/review/asked"
    assert "it leaked" in (await visitor.client.get("/backoffice/review/asked")).text
    missing = await visitor.act(f"{SETUP}/keys/key_00000000000000000000000000/rotate")
    assert missing.status_code == 404


async def test_a_key_without_scopes_is_refused_beside_its_field(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    refused = await visitor.act(f"{SETUP}/keys", name="Web shop")
    assert (refused.status_code, "Choose at least one." in refused.text) == (422, True)
    assert 'value="Web shop"' in refused.text


# stores


async def test_a_store_is_entered_and_changed_with_tills_and_a_partner(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    done = await visitor.act(f"{SETUP}/partners/edit", code="fuel-co", name="Fuel & Co")
    assert done.headers["location"] == f"{SETUP}/stores"
    store = {"code": "riga-1", "name": "Rīga, Teika", "partner": "fuel-co", "time_zone": "Europe/Riga"}
    place = {"latitude": "56,9", "longitude": "24.1", "groups": "city, drive-in", "tills": "1, 2"}
    assert (await visitor.act(f"{SETUP}/stores", **store, **place)).status_code == 303
    again = await visitor.act(f"{SETUP}/stores", **store)
    assert (again.status_code, "A store has this code already." in again.text) == (409, True)
    changed = await visitor.act(f"{SETUP}/stores/edit", **store | place | {"name": "Teika", "tills": "3"})
    assert changed.status_code == 303
    (found,) = (await visitor.api.get("/v1/stores")).json()["items"]
    assert (found["name"], found["partner"], found["groups"], found["tills"], found["location"]) == (
        "Teika", "fuel-co", ["city", "drive-in"], ["1", "2", "3"], {"latitude": "56.9", "longitude": "24.1"},
    )  # fmt: skip
    page = (await visitor.client.get(f"{SETUP}/stores")).text
    assert "Fuel &amp; Co" in page
    assert (await visitor.client.get(f"{SETUP}/stores/edit?code=moon")).status_code == 404


# settings


async def test_only_what_was_typed_is_written_and_the_default_comes_back(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    await visitor.api.patch("/v1/program", {"settings": {"code_seconds": 600}})
    saved = await sent(visitor, "proof", proof_above_a_day="35,50", log_in_enrols="no")
    assert saved.headers["location"] == f"{SETUP}/rules/proof"
    found = await settings(visitor)
    assert (found["proof_above_a_day"], found["log_in_enrols"], found["code_seconds"]) == (3550, False, 600)
    page = (await visitor.client.get(f"{SETUP}/rules/proof")).text
    assert 'value="35.50"' in page
    assert page.count("Back to the default") == 3
    await visitor.act(f"{SETUP}/rules/proof", default="proof_above_a_day", log_in_enrols="yes")
    found = await settings(visitor)
    assert (found["proof_above_a_day"], found["log_in_enrols"]) == (2000, False)
    assert "2 changed" in (await visitor.client.get(SETUP)).text


async def test_what_a_colleague_changed_meanwhile_is_not_written_over(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    was = {"late_days": "7", "was-late_days": "7", "claim_days": "20", "was-claim_days": "14"}
    await visitor.api.patch("/v1/program", {"settings": {"late_days": 3}})
    await visitor.act(f"{SETUP}/rules/till", **was)
    found = await settings(visitor)
    assert (found["late_days"], found["claim_days"]) == (3, 20)


@pytest.mark.parametrize(("heading", "field", "typed", "kept"), [
    ("points", "welcome", "PTS 100", {"currency": "PTS", "points": 100}),
    ("till", "cashier_members", "c-1 mem_00000000000000000000000000", {"c-1": "mem_00000000000000000000000000"}),
    ("members", "retention", "LV 36\r\n* 60", {"LV": {"months": 36}, "*": {"months": 60}}),
    ("members", "foreign_card_prefixes", "2650, 88", ["2650", "88"]),
    ("data", "webhook_retry_seconds", "5, 60", [5, 60]),
    ("proof", "proof_above_a_day", "", None),
    ("staff", "publish_budget_limit", "5000", 500_000),
    ("points", "points_share_max", "50", "50"),
    ("till", "receipts_a_day_per_card", "3", 3),
])  # fmt: skip
async def test_each_kind_of_field_says_what_it_says(
    visitor: Visitor, heading: str, field: str, typed: str, kept: object
) -> None:
    await visitor.as_staff("owner")
    assert (await sent(visitor, heading, **{field: typed})).status_code == 303
    assert (await settings(visitor))[field] == kept
    assert "changed" in (await visitor.client.get(f"{SETUP}/rules/{heading}")).text


@pytest.mark.parametrize(("heading", "field", "typed"), [
    ("till", "late_days", "soon"), ("till", "late_days", "9999"), ("points", "welcome", "100"),
    ("points", "points_as", "magic"), ("proof", "proof_above_a_day", "1.005"), ("members", "retention", "Latvia 36"),
])  # fmt: skip
async def test_what_is_not_possible_is_said_beside_its_field_and_stays_typed(
    visitor: Visitor, heading: str, field: str, typed: str
) -> None:
    await visitor.as_staff("owner")
    before = await settings(visitor)
    refused = await sent(visitor, heading, **{field: typed})
    assert (refused.status_code, "is not possible here" in refused.text) == (422, True)
    assert typed in refused.text or field == "points_as"
    assert await settings(visitor) == before


async def test_a_switch_within_another_changes_alone(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    await sent(visitor, "watch", **{"watch.returns_a_day": "4", "watch.return_minutes": "20"})
    watch = (await settings(visitor))["watch"]
    assert (watch["returns_a_day"], watch["return_minutes"], watch["receipts_a_day"]) == (4, 20, 6)
    refused = await sent(visitor, "watch", **{"watch.returns_a_day": "0"})
    assert (refused.status_code, "is not possible here" in refused.text) == (422, True)
    await visitor.act(f"{SETUP}/rules/watch", default="watch.returns_a_day")
    watch = (await settings(visitor))["watch"]
    assert (watch["returns_a_day"], watch["return_minutes"]) == (3, 20)


async def test_settings_that_contradict_one_another_are_refused_in_a_sentence(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    refused = await sent(visitor, "returns", grace_days="0")
    assert (refused.status_code, "Expired points that a return gives back" in refused.text) == (422, True)


async def test_the_name_and_the_languages_change_with_the_own_language_first(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    slug = (await visitor.api.get("/v1/program")).json()["slug"]
    fields: dict[str, Any] = {
        "name": "Kaķis",
        "slug": slug,
        "first_language": "ru",
        "languages": ["lv", "ru"],
    }
    assert (await visitor.act(SETUP, **fields)).headers["location"] == SETUP
    found = (await visitor.api.get("/v1/program")).json()
    assert (found["name"], found["languages"]) == ("Kaķis", ["ru", "lv"])


async def test_the_groups_follow_their_places(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    rows: dict[str, Any] = {
        "place": ["20", "10", "30", "40"], "name": ["members", "items", "points", ""],
        "stage": ["item", "item", "earning", "item"], "rule": ["all", "best", "all", "all"],
        "excludes": ["items", "", "", ""],
    }  # fmt: skip
    assert (await visitor.act(f"{SETUP}/order", **rows)).status_code == 303
    groups = (await settings(visitor))["groups"]
    assert [(one["name"], one["excludes"]) for one in groups] == [
        ("items", []),
        ("members", ["items"]),
        ("points", []),
    ]
    rows["place"] = ["5", "10", "30", "40"]
    refused = await visitor.act(f"{SETUP}/order", **rows)
    assert refused.status_code == 422


# currencies, exclusions


async def test_a_currency_is_named_by_plural_and_a_rate_is_entered(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    spoken = (await visitor.api.get("/v1/program")).json()["languages"][0]
    form = (await visitor.client.get(f"{SETUP}/currencies/edit?code=PTS")).text
    assert f'name="name-{spoken}-one"' in form
    fields: dict[str, str] = {"code": "PTS", "worth": "0,5", "active_after_days": "14", "expires_after_months": "24",
              f"name-{spoken}-one": "star", f"name-{spoken}-other": "stars"}  # fmt: skip
    assert (await visitor.act(f"{SETUP}/currencies/edit?code=PTS", **fields)).status_code == 303
    (found,) = (await visitor.api.get("/v1/currencies")).json()["items"]
    assert (found["worth"], found["active_after_days"], found["expires_after_months"]) == ("0.5", 14, 24)
    assert found["names"][spoken] == {"one": "star", "other": "stars"}
    both = await visitor.act(f"{SETUP}/currencies/edit?code=PTS", **{**fields, "expires_after_days": "3"})
    assert both.status_code == 422
    rate = {"currency": "pln", "day": "2026-01-01", "rate": "0,2312"}
    assert (await visitor.act(f"{SETUP}/currencies/rates", **rate)).status_code == 303
    assert "0.2312" in (await visitor.client.get(f"{SETUP}/currencies")).text
    assert (await visitor.act(f"{SETUP}/currencies/rates", **rate | {"day": "soon"})).status_code == 422


async def test_excluded_goods_are_picked_by_name_and_kept_with_the_floor(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    goods = {
        "sku": "gift-25",
        "name": "Gift card 25",
        "price": 2500,
        "categories": ["cards/gift"],
        "brand": "Own",
    }
    await visitor.api.post("/v1/products", {"products": [goods]})
    for source, asked, code in (("products", "gift", "gift-25"), ("categories", "gift", "cards/gift"),
                                ("categories", "cards", "cards"), ("brands", "ow", "Own")):  # fmt: skip
        offered = await visitor.client.get(f"/backoffice/promotions/pick?source={source}&q={asked}")
        assert f'data-code="{code}"' in offered.text, (source, offered.text)
    fields: dict[str, Any] = {
        "discount-tags": ["tobacco", "alcohol", "tobacco"],
        "earning-skus": ["gift-25", "no-longer-there"],
        "line_floor": "cost",
    }
    assert (await visitor.act(f"{SETUP}/exclusions", **fields)).status_code == 303
    found = await settings(visitor)
    kept = {purpose: lists for purpose, lists in found["excluded_goods"].items() if lists}
    assert kept == {
        "discount": {"tags": ["tobacco", "alcohol"]},
        "earning": {"skus": ["gift-25", "no-longer-there"]},
    }
    assert found["line_floor"] == "cost"
    page = (await visitor.client.get(f"{SETUP}/exclusions")).text
    assert 'name="earning-skus" value="gift-25"><span>Gift card 25 · gift-25</span>' in page
    assert 'value="no-longer-there"><span>no-longer-there</span>' in page
    assert 'name="discount-tags" value="tobacco"><span>tobacco</span>' in page
    assert "<textarea" not in page
    refused = await visitor.act(f"{SETUP}/exclusions", **fields | {"line_floor": "nothing"})
    assert refused.status_code == 422
    assert "Gift card 25 · gift-25" in refused.text


# branding


async def test_a_logo_is_told_by_its_bytes_and_served_so_that_nothing_runs(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    page = await visitor.client.get(f"{SETUP}/branding")
    csrf = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert csrf
    address, data = f"{SETUP}/branding/logo", {"csrf": csrf[1], "request": "a" * 32}
    for body in (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"GIF89a" + b"x" * 99,
        png(5000, 1),
    ):
        refused = await visitor.client.post(
            address, data=data, files={"logo": ("logo.png", body, "image/png")}
        )
        assert (refused.status_code, "is not a PNG, JPEG or WebP picture" in refused.text) == (422, True)
    saved = await visitor.client.post(address, data=data, files={"logo": ("x.svg", png(), "image/svg+xml")})
    assert saved.status_code == 303
    program = (await visitor.api.get("/v1/program")).json()
    digest = program["settings"]["logo"]
    shown = await visitor.client.get(f"/portal/{program['slug']}/logo/{digest}")
    assert (shown.content, shown.headers["content-type"]) == (png(), "image/png")
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert f"/logo/{digest}" in (await visitor.client.get(f"/portal/{program['slug']}/sign-in")).text
    assert (await visitor.client.get(f"/portal/{program['slug']}/logo/{'0' * 64}")).status_code == 404
    taken = await visitor.client.post(address, data={**data, "remove": "yes"})
    assert taken.status_code == 303
    assert (await settings(visitor))["logo"] == ""


async def test_a_logo_is_put_by_the_api_and_a_setting_names_only_one_that_was(visitor: Visitor) -> None:
    put = await visitor.api.call("PUT", "/v1/program/logo", {"image": base64.b64encode(png()).decode()})
    assert put.status_code == 200, put.text
    digest = put.json()["settings"]["logo"]
    assert (await visitor.api.patch("/v1/program", {"settings": {"logo": ""}})).status_code == 200
    assert (await visitor.api.patch("/v1/program", {"settings": {"logo": digest}})).status_code == 200
    assert (await visitor.api.patch("/v1/program", {"settings": {"logo": "0" * 64}})).status_code == 422
    assert (await visitor.api.call("PUT", "/v1/program/logo", {"image": "AAAA"})).status_code == 422


async def test_the_colour_is_previewed_in_every_language_before_it_is_saved(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    spoken = (await visitor.api.get("/v1/program")).json()["languages"][0]
    for what in ("card", "door", "receipt"):
        path = f"{SETUP}/branding/preview?what={what}&language={spoken}&accent=%23b8660a"
        drawn = await visitor.client.get(path)
        assert drawn.headers["content-type"].startswith("image/svg+xml"), drawn.text
    assert (await visitor.client.get(f"{SETUP}/branding/preview?what=card&language=xx")).status_code == 404
    assert (await visitor.act(f"{SETUP}/branding", accent="#FFEE88")).status_code == 303
    assert "White text does not read on this colour" in (await visitor.client.get(f"{SETUP}/branding")).text
    assert (await visitor.act(f"{SETUP}/branding", accent="yellow")).status_code == 422


# texts


async def test_a_wording_gets_a_next_version_and_the_first_stays(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    spoken = (await visitor.api.get("/v1/program")).json()["languages"][0]
    fields: dict[str, Any] = {"code": "news", "purpose": "marketing", "channels": ["email", "sms"]}
    assert (
        await visitor.act(f"{SETUP}/texts/wording", **fields, **{f"text-{spoken}": "One"})
    ).status_code == 303
    form = (await visitor.client.get(f"{SETUP}/texts/wording?code=news")).text
    assert ">One</textarea>" in form
    assert (
        await visitor.act(f"{SETUP}/texts/wording", **fields, **{f"text-{spoken}": "Two"})
    ).status_code == 303
    found = (await visitor.api.get("/v1/consent-wordings")).json()["items"]
    assert [(one["version"], one["texts"][spoken]) for one in found] == [(2, "Two"), (1, "One")]
    assert (await visitor.act(f"{SETUP}/texts/wording", **fields)).status_code == 422


async def test_questions_are_designed_with_choices_and_follow_their_places(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    spoken = (await visitor.api.get("/v1/program")).json()["languages"][0]
    fields: dict[str, Any] = {
        "q0-place": "20", "q0-code": "pet", "q0-kind": "one_of", f"q0-label-{spoken}": "Pet?", "q0-required": "yes",
        "q0-asked_at": ["web", "app"], f"q0-choices-{spoken}": "cat A cat\r\ndog A dog",
        "q1-place": "10", "q1-code": "age", "q1-kind": "number", f"q1-label-{spoken}": "Age?", "q1-least": "18",
        "q1-asked_at": ["till"], "q2-code": "", "others": "refused",
    }  # fmt: skip
    assert (await visitor.act(f"{SETUP}/texts/questions", **fields)).status_code == 303
    found = (await visitor.api.get("/v1/program/questionnaire")).json()
    assert [one["code"] for one in found["questions"]] == ["age", "pet"]
    assert found["questions"][1]["choices"][1] == {"code": "dog", "labels": {spoken: "A dog"}}
    assert (found["questions"][0]["least"], found["questions"][1]["required"], found["others"]) == (
        18,
        True,
        "refused",
    )
    refused = await visitor.act(f"{SETUP}/texts/questions", **fields | {f"q0-choices-{spoken}": "cat A cat"})
    assert refused.status_code == 422
    assert 'value="Pet?"' in refused.text
    assert "cat A cat" in refused.text


async def test_questions_are_previewed_as_a_new_member_is_asked_and_nothing_is_kept(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    fields: dict[str, Any] = {
        "q0-code": "pet", "q0-kind": "one_of", "q0-label-lv": "Mājdzīvnieks?", "q0-label-en": "A pet? <b>",
        "q0-required": "yes", "q0-asked_at": ["web"], "q0-choices-lv": "cat Kaķis\ndog Suns",
        "q0-choices-en": "cat A cat\ndog A dog", "q1-code": "age", "q1-kind": "number", "q1-label-lv": "Vecums?",
        "q1-least": "18", "q1-asked_at": ["till"], "q2-code": "bad code", "q2-kind": "text", "q2-label-lv": "?",
        "q2-asked_at": ["web"],
    }  # fmt: skip
    address, page = f"{SETUP}/texts/questions/preview", f"{SETUP}/texts/questions"
    lv = (await visitor.act(address, page, preview_language="lv", **fields)).text
    assert 'lang="lv"' in lv
    assert "Mājdzīvnieks? <small" in lv
    assert '<option value="dog">Suns</option>' in lv
    assert "Vecums?" not in lv, "it is asked at the till alone"
    assert "bad code" not in lv
    en = (await visitor.act(address, page, preview_language="en", **fields)).text
    assert "A pet? &lt;b&gt;" in en
    assert '<option value="dog">A dog</option>' in en
    spoken_first = (await visitor.act(address, page, preview_language="hu", **fields)).text
    assert 'lang="lv"' in spoken_first, "a language that the program does not speak"
    assert (await visitor.api.get("/v1/program/questionnaire")).json()["version"] == 0
    asked = {**fields, "q2-code": "", "q0-label-en": "A pet?", "q1-label-en": "Age?"}
    assert (await visitor.act(page, **asked)).status_code == 303
    assert "So a new member is asked" in (await visitor.client.get(page)).text
    assert "A pet?" in (await visitor.client.get(page)).text.partition("data-asked")[2]


async def test_names_in_place_of_codes_are_kept_by_language(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    spoken = (await visitor.api.get("/v1/program")).json()["languages"][0]
    row = {
        "n0-kind": "tier",
        "n0-code": "status/gold",
        f"n0-{spoken}": "Gold",
        "n1-kind": "club",
        "n1-code": "",
    }
    assert (await visitor.act(f"{SETUP}/texts/names", **row)).status_code == 303
    assert (await settings(visitor))["names"] == {"tier": {"status/gold": {spoken: "Gold"}}}
    assert 'value="status/gold"' in (await visitor.client.get(f"{SETUP}/texts")).text


async def test_points_become_other_points_at_a_rate_that_is_entered_here_and_stopped(
    visitor: Visitor,
) -> None:
    api = visitor.api
    await visitor.as_staff("owner")
    miles = {
        "code": "MIL",
        "kind": "points",
        "worth": "0.01",
        "names": {"en": {"one": "mile", "other": "miles"}},
    }
    await api.post("/v1/currencies", miles)
    await api.post("/v1/currencies", {"code": "PTS", "names": {"en": {"one": "point", "other": "points"}}})
    path, fields = (
        f"{SETUP}/currencies/points-rates",
        {"give": "100", "from": "PTS", "get": "40", "into": "MIL"},
    )

    await visitor.act(path, **fields, least="200", a_day="")
    rates = (await api.get("/v1/points-rates")).json()["items"]
    assert [(one["currency"], one["target"], one["rate"]) for one in rates] == [
        ("PTS", "MIL", {"give": 100, "get": 40, "least": 200})
    ]
    page = (await visitor.client.get(f"{SETUP}/currencies")).text
    cells = re.findall(r">([^<>]+)</t[dh]>", page.replace("\xa0", " "))
    assert {"100 points", "40 miles", "200 points"} <= set(cells), cells

    pump = await visitor.act(path, **{"give": "1", "from": "MIL", "get": "3", "into": "PTS"})
    assert (pump.status_code, "Changed there and back" in pump.text) == (422, True)
    assert len((await api.get("/v1/points-rates")).json()["items"]) == 1

    await visitor.act(f"{path}/stop", **{"from": "PTS", "into": "MIL", "stop": "yes"})
    assert (await api.get("/v1/points-rates")).json()["items"][0]["rate"]["stopped"] is True
    assert "stopped" in (await visitor.client.get(f"{SETUP}/currencies")).text
    await visitor.act(f"{path}/stop", **{"from": "PTS", "into": "MIL", "stop": ""})
    again = (await api.get("/v1/points-rates")).json()["items"][0]
    assert (again["revision"], again["rate"]) == (3, {"give": 100, "get": 40, "least": 200})


async def test_what_good_causes_were_given_stands_beside_the_currencies(visitor: Visitor) -> None:
    api = visitor.api
    await visitor.as_staff("owner")
    await api.post("/v1/partners", {"code": "shelter", "name": "Ulubele"})
    await api.patch("/v1/program", {"settings": {"passing": {"charities": ["shelter"]}}})
    member, _ = await member_with_card(api)
    await give(api, member, 500)
    page = (await visitor.client.get(f"{SETUP}/currencies")).text
    assert "Given to good causes" not in page
    for amount in (100, 150):
        body = {"charity": "shelter", "currency": "PTS", "amount": amount}
        assert (await api.post(f"/v1/members/{member}/donations", body)).status_code == 201

    page = (await visitor.client.get(f"{SETUP}/currencies")).text

    row = re.search(r'<th scope="row">Ulubele</th>(.*?)</tr>', page)
    assert row is not None
    cells = re.findall(r">([^<]+)</td>", row[1].replace("\xa0", " "))
    assert (cells[1:], cells[0].startswith("250")) == (["€2.50", "2"], True)
