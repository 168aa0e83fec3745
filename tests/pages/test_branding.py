"""What a program says and shows by its own hand: on the first screen, on cards and on receipts, and escaped."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.programs.branding import Branding, LogoPlace, grouped
from tests.api.conftest import Api, Letters, shop
from tests.pages.conftest import Visitor
from tests.pages.portal import bought, portal_of
from tests.pages.test_setup import SETUP, png, settings

__all__ = ["shop"]
EVIL = '<script>alert("x")</script>'
WORDS = {
    "logo_place": "left", "number_style": "last_four",
    "header-lv": "SIA Dzintars\r\nBrīvības iela 1", "footer-lv": EVIL, "welcome-lv": f"Laipni lūdzam {EVIL}",
    "header-en": "Dzintars Ltd", "footer-en": "", "welcome-en": "",
}  # fmt: skip


@pytest.fixture
async def visitor(shop: Api) -> Visitor:
    """An owner who reads English."""
    visitor = Visitor(shop)
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("owner")
    return visitor


@pytest.mark.parametrize(
    ("style", "number", "shown"),
    [("fours", "9900123456781236", "9900 1234 5678 1236"), ("whole", "9900123456781236", "9900123456781236"),
     ("last_four", "9900123456781236", "•••• 1236"), ("last_four", "", ""), ("fours", "", "")],
)  # fmt: skip
def test_a_number_is_printed_as_its_style_says(style: Any, number: str, shown: str) -> None:
    assert Branding(number_style=style).printed(number) == shown


async def test_the_words_are_kept_by_language_and_read_on_the_form_again(visitor: Visitor) -> None:
    saved = await visitor.act(f"{SETUP}/branding/words", **WORDS)
    assert saved.status_code == 303, saved.text
    assert (await settings(visitor))["branding"] == {
        "logo_place": "left",
        "number_style": "last_four",
        "receipt_header": {"lv": ["SIA Dzintars", "Brīvības iela 1"], "en": ["Dzintars Ltd"]},
        "receipt_footer": {"lv": [EVIL]},
        "welcome": {"lv": f"Laipni lūdzam {EVIL}"},
    }
    page = (await visitor.client.get(f"{SETUP}/branding")).text
    assert "SIA Dzintars\nBrīvības iela 1</textarea>" in page
    assert EVIL not in page
    assert '<option value="last_four" selected>' in page


@pytest.mark.parametrize(
    ("field", "text"),
    [("header-lv", "a\n" * 6), ("footer-lv", "x" * 49), ("welcome-lv", "x" * 201), ("footer-lv", "a\x07b"),
     ("logo_place", "below"), ("number_style", "none")],
)  # fmt: skip
async def test_what_is_too_long_or_unknown_is_refused_and_changes_nothing(
    visitor: Visitor, field: str, text: str
) -> None:
    before = await settings(visitor)
    refused = await visitor.act(f"{SETUP}/branding/words", **(WORDS | {field: text}))
    assert (refused.status_code, "is not possible here" in refused.text) == (422, True)
    assert "SIA Dzintars" in refused.text or field == "header-lv", "what was typed stays"
    assert await settings(visitor) == before


async def test_the_preview_draws_what_is_being_typed_escaped_and_cut(visitor: Visitor) -> None:
    async def drawn(what: str, **given: str) -> str:
        query = {"what": what, "language": "lv", **given}
        answer = await visitor.client.get(f"{SETUP}/branding/preview", params=query)
        assert answer.headers["content-type"].startswith("image/svg+xml"), answer.text
        return answer.text

    receipt = await drawn("receipt", header="One\nTwo", footer=EVIL + "y" * 100)
    assert ">One</text>" in receipt
    assert ">Two</text>" in receipt
    assert "<script" not in receipt
    assert "y" * 60 not in receipt
    assert "Sveiki" in await drawn("door", welcome="Sveiki!")
    assert "9900 1234" in await drawn("card", style="fours")
    assert "•••• " in await drawn("card", style="last_four")
    assert await drawn("card", style="nonsense", place="nowhere") == await drawn("card")


async def test_members_see_the_words_on_first_screen_card_and_receipt(
    visitor: Visitor, database: Database
) -> None:
    await visitor.act(f"{SETUP}/branding/words", **WORDS)
    portal = await portal_of(visitor.api, database)
    await bought(portal)
    home = f"/portal/{visitor.api.program.slug}"
    for door in ("sign-in", "about"):
        for language in ("lv", "en", "ru"):  # what is not said in hers is said in the program's own
            page = (await visitor.client.get(f"{home}/{door}?lang={language}")).text
            assert f"Laipni lūdzam {html.escape(EVIL, quote=True)}".replace("&quot;", "&#34;") in page, door
            assert "logo-left" in page
    card = (await portal.get("/?lang=en")).text
    assert f"•••• {portal.card[-4:]}" in card
    assert grouped(portal.card) not in card
    row = (await visitor.api.get("/v1/purchases", member=portal.member)).json()["items"][0]
    lv = (await portal.get(f"/receipts/{row['id']}?lang=lv")).text
    assert "SIA Dzintars\nBrīvības iela 1</p>" in lv
    assert EVIL not in lv
    assert "Dzintars Ltd</p>" in (await portal.get(f"/receipts/{row['id']}?lang=en")).text
    paper = (await visitor.client.get(f"/backoffice/purchases/{row['id']}/paper?lang=en")).text
    assert "Dzintars Ltd</p>" in paper


async def test_a_receipt_that_is_sent_again_begins_and_ends_with_them(
    visitor: Visitor, database: Database, letters: Letters
) -> None:
    await visitor.act(f"{SETUP}/branding/words", **WORDS)
    portal = await portal_of(visitor.api, database)
    await visitor.api.patch(f"/v1/members/{portal.member}", {"email": "anna@shop.example"})
    await bought(portal)
    row = (await visitor.api.get("/v1/purchases", member=portal.member)).json()["items"][0]
    sent = await visitor.act(f"/backoffice/purchases/{row['id']}/send")
    assert sent.status_code == 303, sent.text
    (letter,) = await letters.to("anna@shop.example")
    assert letter["text"].startswith("SIA Dzintars\nBrīvības iela 1\n\n")
    assert letter["text"].rstrip().endswith(EVIL)


async def test_a_till_prints_them_in_its_own_language(visitor: Visitor) -> None:
    await visitor.act(f"{SETUP}/branding/words", **WORDS)
    await visitor.at_till()
    for language, header in (("lv", ["SIA Dzintars", "Brīvības iela 1"]), ("en", ["Dzintars Ltd"])):
        page = (await visitor.client.get(f"/till?lang={language}")).text
        assert EVIL not in page
        found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
        assert found
        assert json.loads(found[1])["receipt"] == {"header": header, "footer": [EVIL]}


@pytest.mark.parametrize("place", ["right", "left", "above"])
async def test_the_logo_stands_on_plastic_and_on_a_statement_where_it_should(
    place: LogoPlace, shop: Api
) -> None:
    pytest.importorskip("typst")
    import base64

    from msgspec.structs import replace

    from regulars.i18n import language
    from regulars.programs.logos import Logo
    from regulars.web.paper import pdf, plastic
    from tests.conftest import START

    settings = replace(shop.program.settings, branding=Branding(logo_place=place))
    program, logo = replace(shop.program, settings=settings), Logo("image/png", png(200, 60))
    cards = [(1, "9900123456781236")]
    for code in ("qr", "code128"):
        with_logo = plastic.sheet(program, cards, START, "single", code, logo=logo)
        without = plastic.sheet(program, cards, START, "single", code)
        assert pdf.pictures("plastic", with_logo)[0] != pdf.pictures("plastic", without)[0]
    member = (await shop.post("/v1/members", {"phone": "+37120000001"})).json()["id"]
    await shop.call("PUT", "/v1/program/logo", {"image": base64.b64encode(png(200, 60)).decode()})
    await shop.patch("/v1/program", {"settings": {"branding": {"logo_place": place}}})
    paper = await shop.get(f"/v1/members/{member}/statement.pdf")
    assert paper.content.startswith(b"%PDF"), paper.text
    assert b"/Image" in paper.content
    assert language("lv").code == "lv"
