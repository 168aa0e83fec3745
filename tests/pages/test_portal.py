"""The member's portal: what its pages say and to whom, what its forms do, and what makes it an app."""

from __future__ import annotations

import json
import re
import struct
from hashlib import sha256
from typing import Any

import pytest

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.seal_ledger import seal_ledger
from regulars.ledger.seal import FactKind, leaf_of
from tests.api.conftest import Api, Letters, api, client, letters, new_api, shop
from tests.api.shop import give, publish, take_back
from tests.conftest import START
from tests.pages.portal import HTML, Portal, Statements, bought, csrf, furnish, portal_of, words

__all__ = ["api", "client", "letters", "shop"]

STATEMENTS_MAX = 12
SHARED = 'data-count="528"'
"""The points of both, where a page counts up to them."""
PAGES = (
    "/", "/offers", "/receipts", "/points", "/wallet", "/wallet/add", "/me", "/me/profile", "/me/consents",
    "/me/household", "/me/apps", "/me/pin", "/me/devices", "/me/data", "/me/leave", "/me/contact?kind=phone",
    "/welcome", "/about", "/confirm?token=abc", "/offline",
)  # fmt: skip


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """Somebody with a receipt and 500 points more."""
    await furnish(shop)
    made = await portal_of(shop, database)
    await bought(made)
    await give(shop, made.member, 500)
    return made


async def test_whoever_is_not_logged_in_is_sent_to_the_log_in_and_back(shop: Api) -> None:
    home = f"/portal/{shop.program.slug}"
    first = await shop.client.get(f"{home}/", headers=HTML)
    assert (first.status_code, first.headers["location"]) == (303, f"{home}/sign-in")
    deep = await shop.client.get(f"{home}/me/data", headers=HTML)
    assert deep.headers["location"] == f"{home}/sign-in?next={home}/me/data"
    assert (await shop.client.get(f"{home}/", headers={"Accept": "application/json"})).status_code == 401


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_shown_in_five_languages_with_few_statements(
    portal: Portal, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("en", "lv", "ru", "et", "hu"):
        counted = Statements(monkeypatch)
        page = await portal.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status_code == 200, page.text[:500]
        assert f'<html lang="{language}">' in page.text
        assert len(counted.sent) <= STATEMENTS_MAX, (path, counted.sent)
        monkeypatch.undo()


async def test_the_first_page_has_the_card_what_she_has_and_her_last_receipt(portal: Portal) -> None:
    page = await portal.get("/?lang=en")
    shown = words(page.text)
    assert " ".join(portal.card[place : place + 4] for place in range(0, 16, 4)) in shown
    assert "528 points Worth €5.28 at the till" in shown
    assert "Last receipt" in shown
    assert "€28.00 +28 points" in shown
    assert page.headers["cache-control"] == "no-store"


async def test_a_receipt_explains_itself_and_nobody_else_s_is_shown(
    portal: Portal, database: Database
) -> None:
    row = (await portal.api.get("/v1/purchases", member=portal.member)).json()["items"][0]
    page = await portal.get(f"/receipts/{row['id']}?lang=en")
    shown = words(page.text)
    assert "Coffee × 2 €20.00 €18.00 Coffee week −€2.00" in shown
    assert "Why you got this Coffee week −€2.00 10% off" in shown
    assert "A point for each euro +28 points" in shown
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    hidden = await other.get(f"/receipts/{row['id']}?lang=en")
    assert (hidden.status_code, "Coffee" in hidden.text) == (404, False)
    assert (await portal.get("/receipts/nonsense")).status_code == 404


async def test_what_came_back_stands_on_the_receipt(portal: Portal) -> None:
    row = (await portal.api.get("/v1/purchases", member=portal.member)).json()["items"][0]
    await take_back(portal.api, row["id"], "ret1", (1, "1"))
    shown = words((await portal.get(f"/receipts/{row['id']}?lang=en")).text)
    assert "This receipt is partly returned." in shown
    assert "€9.00 Taken back: 9 points" in shown


async def test_receipts_go_on_where_a_page_ends(portal: Portal) -> None:
    for number in range(2, 33):
        await bought(portal, f"r{number}")
    first = (await portal.get("/receipts?lang=en")).text
    assert first.count('class="row"') == 30
    further = re.search(r"/receipts\?after=(pur_\w+)", first)
    assert further
    assert (await portal.get(f"/receipts?after={further[1]}")).text.count('class="row"') == 2


async def test_a_form_without_the_page_s_token_or_of_another_session_changes_nothing(
    portal: Portal, database: Database
) -> None:
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    foreign = csrf((await other.get("/me/profile")).text)
    for token in ("", foreign):
        answer = await portal.api.client.post(
            f"{portal.home}/me/profile",
            data={"csrf": token, "name": "Zagta"},
            headers={**HTML, **portal.cookies},
        )
        assert answer.status_code == 403
    assert (await portal.api.get(f"/v1/members/{portal.member}")).json()["name"] == "Anna Kalniņa"


async def test_the_profile_is_changed_and_what_cannot_be_is_marked(portal: Portal) -> None:
    saved = await portal.post("/me/profile", name="Anna Ozola", birthday="1990-05-01", language="en")
    assert (saved.status_code, saved.headers["location"]) == (303, f"{portal.home}/me/profile?said=saved")
    member = (await portal.api.get(f"/v1/members/{portal.member}")).json()
    assert (member["name"], member["birthday"], member["language"]) == ("Anna Ozola", "1990-05-01", "en")
    wrong = await portal.post("/me/profile", name="Anna", birthday="2090-01-01", language="en")
    assert (wrong.status_code, 'class="field faulty"' in wrong.text) == (422, True)


async def test_an_offer_is_activated_once_however_often_it_is_tapped(portal: Portal) -> None:
    coffee = {"kind": "line_percent", "percent": "20", "goods": {"skus": ["sku-9"]}}
    offer = {"name": "For you", "group": "items", "conditions": [{"kind": "offer"}], "benefits": [coffee]}
    promotion = await publish(portal.api, offer)
    page = (await portal.get("/offers?lang=en")).text
    found = re.search(r'name="offer" value="(off_\w+)"', page)
    assert found
    for _ in range(2):
        done = await portal.post("/offers", offer=found[1], back="card")
        assert done.headers["location"] == f"{portal.home}/?said=activated"
    assert "Activated" in words((await portal.get("/offers?lang=en")).text)
    await portal.api.post(f"/v1/promotions/{promotion}/stop")
    assert found[1] not in (await portal.get("/offers?lang=en")).text


async def test_sentences_begin_with_a_capital_and_speak_of_names_and_not_of_codes(portal: Portal) -> None:
    names = {
        "club": {"wine": {"en": "Wine friends", "lv": "Vīna draugi"}},
        "tier": {"status/gold": {"en": "Gold", "lv": "Zelta"}},
        "channel": {"app": {"en": "our app"}},
    }
    assert (await portal.api.patch("/v1/program", {"settings": {"names": names}})).status_code == 200
    coffee = {"kind": "line_percent", "percent": "20", "goods": {"skus": ["sku-9"]}}
    conditions = [
        {"kind": "or", "of": [{"kind": "club", "clubs": ["wine", "late_night"]},
                              {"kind": "tier", "ladder": "status", "tiers": ["gold"]}]},
        {"kind": "partner", "partners": ["operator"]},
        {"kind": "channel", "channels": ["app"]},
    ]  # fmt: skip
    evening = [{"kind": "offer"}, {"kind": "hours", "from": "19:00", "until": "22:00"}]
    await publish(
        portal.api, {"name": "Named", "group": "items", "conditions": conditions, "benefits": [coffee]}
    )
    await publish(portal.api, {"name": "Late", "group": "items", "conditions": evening, "benefits": [coffee]})
    about = words((await portal.get("/about?lang=en")).text)
    assert "for the club Wine friends or late night or for Gold customers" in about
    assert "at Test" in about
    assert "by our app" in about
    assert "Vīna draugi" in words((await portal.get("/about?lang=lv")).text)
    assert "Every day from 19:00 until 22:00" in words((await portal.get("/offers?lang=en")).text)


async def test_a_consent_is_given_and_withdrawn_with_the_wording_that_was_shown(portal: Portal) -> None:
    wording = {
        "code": "news",
        "purpose": "marketing",
        "channels": ["sms"],
        "texts": {"lv": "Jaunumi", "en": "News"},
    }
    assert (await portal.api.post("/v1/consent-wordings", wording)).status_code == 201
    fields = {"channel": "sms", "purpose": "marketing", "wording": "news", "version": "1"}
    for granted, nonce in (("1", "a"), ("0", "b"), ("0", "b")):
        done = await portal.post("/me/consents", granted=granted, nonce=nonce, **fields)
        assert done.status_code == 303
    said = (await portal.api.get(f"/v1/members/{portal.member}/consents")).json()["history"]
    assert [(one["granted"], one["wording"], one["wording_version"]) for one in said] == [
        (False, "news", 1),
        (True, "news", 1),
    ]
    assert {one["source"] for one in said} == {"web"}
    bad = await portal.post("/me/consents", granted="1", nonce="c", channel="pigeon", purpose="marketing")
    assert bad.status_code == 422


async def test_a_consent_is_given_and_withdrawn_in_a_language_that_its_wording_lacks(portal: Portal) -> None:
    texts = {"lv": "Jaunumi", "en": "News"}
    wording = {"code": "news", "purpose": "marketing", "channels": ["sms"], "texts": texts}
    assert (await portal.api.post("/v1/consent-wordings", wording)).status_code == 201
    joining = await portal.api.client.get(f"{portal.home}/sign-in?lang=hu", headers=HTML)
    assert 'data-version="1" data-language="lv"' in joining.text
    for granted in ("1", "0"):
        page = (await portal.get("/me/consents", **{"Accept-Language": "hu"})).text
        assert "Jaunumi" in page
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        assert form.pop("granted") == granted
        form.pop("csrf")
        done = await portal.post("/me/consents", granted=granted, **form)
        assert done.status_code == 303, words(done.text)
    said = (await portal.api.get(f"/v1/members/{portal.member}/consents")).json()["history"]
    assert [(one["granted"], one["wording_language"]) for one in said] == [(False, "lv"), (True, "lv")]


async def test_a_household_is_opened_joined_by_its_code_and_left(portal: Portal, database: Database) -> None:
    opened = await portal.post("/me/household", act="open", name="Kalniņi", bring="1", nonce="1")
    assert opened.headers["location"] == f"{portal.home}/me/household?said=joined"
    invited = await portal.post("/me/household", act="invite", role="spender", limit="1 020,50", nonce="2")
    code = re.search(r'<p class="otp">([^<]+)</p>', invited.text)
    assert code, invited.text
    other = await portal_of(portal.api, database, "Jānis Kalniņš")
    assert SHARED not in (await other.get("/")).text
    await other.post("/me/household", act="join", code=code[1], nonce="3")
    assert SHARED in (await other.get("/")).text
    page = words((await other.get("/me/household?lang=en")).text)
    assert "Jānis Kalniņš (you) Earns and spends · €1 020.50 a day" in page
    managed = (await portal.get("/me/household?lang=lv")).text
    typed = re.search(r'name="limit"[^>]* value="([^"]+)"', managed)
    assert typed, managed
    assert typed[1] == "1\u202f020,50"
    theirs = re.search(r'name="member" value="([^"]+)"', managed)
    assert theirs
    # Saved as the page has it, the limit is what it was.
    await portal.post(
        "/me/household", act="change", member=theirs[1], role="spender", limit=typed[1], nonce="7"
    )
    assert "€1 020.50 a day" in words((await portal.get("/me/household?lang=en")).text)
    again = await portal_of(portal.api, database, "Svešais")
    refused = await again.post("/me/household", act="join", code=code[1], nonce="4")
    assert refused.status_code == 409
    assert "528" not in words((await other.get("/me/leave")).text)  # these are not hers alone to lose
    last = await portal.post("/me/household", act="leave", nonce="5")
    assert last.status_code == 409
    left = await other.post("/me/household", act="leave", nonce="6")
    assert left.headers["location"].endswith("said=left")
    assert SHARED not in (await other.get("/")).text


async def test_a_companys_account_is_left_not_a_household(portal: Portal, database: Database) -> None:
    body = {"kind": "company", "name": "Bebru koks", "owner": portal.member}
    made = await portal.api.post("/v1/accounts", body)
    assert made.status_code == 201, made.text
    employee = await portal_of(portal.api, database, "Jānis Kalniņš")
    path = f"/v1/accounts/{made.json()['id']}/members"
    joined = await portal.api.post(path, {"members": [{"member": employee.member, "role": "earner"}]})
    assert joined.is_success, joined.text
    mine = (await portal.get("/me/household?lang=en")).text
    assert "<title>Company · " in mine
    assert re.findall(r">(Take out of [^<]+|Leave the [^<]+)<", mine) == [
        "Take out of the company's account",
        "Leave the company's account",
        "Leave the company's account",
    ]
    theirs = (await employee.get("/me/household?lang=en")).text
    assert ("Leave the company's account" in theirs, "household" in words(theirs)) == (True, False)
    left = await employee.post("/me/household", act="leave", nonce="1")
    assert left.headers["location"].endswith("said=left")


async def test_a_card_of_another_shop_is_kept_drawn_and_taken_out_and_nobody_else_sees_it(
    portal: Portal, database: Database
) -> None:
    wrong = await portal.post("/wallet/add", name="Cits", kind="ean13", text="4006381333932", nonce="1")
    assert wrong.status_code == 422
    for _ in range(2):
        kept = await portal.post(
            "/wallet/add", name="Cits veikals", kind="ean13", text="4006381333931", nonce="2"
        )
        assert kept.headers["location"] == f"{portal.home}/wallet?said=added"
    page = (await portal.get("/wallet")).text
    cards = re.findall(r"/wallet/(fcd_\w+)", page)
    assert len(cards) == 1
    assert "4006381333931" in (await portal.get(f"/wallet/{cards[0]}")).text
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    assert (await other.get(f"/wallet/{cards[0]}")).status_code == 404
    await other.post(f"/wallet/{cards[0]}/remove", page="/wallet/add")
    assert cards[0] in (await portal.get("/wallet")).text
    await portal.post(f"/wallet/{cards[0]}/remove", page="/wallet/add")
    assert cards[0] not in (await portal.get("/wallet")).text


async def test_what_stands_on_a_foreign_card_is_nowhere_in_plain(portal: Portal, database: Database) -> None:
    await portal.post("/wallet/add", name="Slepens Klubs", kind="code128", text="SECRET-4711", nonce="1")
    async with database.transaction(portal.api.program.id) as tx:
        rows = await (await tx.execute("SELECT wrapped_key, sealed FROM foreign_card")).fetchall()
        kept = await (await tx.execute("SELECT body FROM request_key WHERE body IS NOT NULL")).fetchall()
    whole = b"".join(bytes(part) for row in rows for part in row) + b"".join(bytes(row[0]) for row in kept)
    assert len(rows) == 1
    assert b"SECRET-4711" not in whole
    assert b"Slepens" not in whole


async def test_a_picture_is_read_by_the_server_for_browsers_that_cannot(portal: Portal) -> None:
    from regulars.web import drawing

    drawn = drawing.draw("ean13", "4006381333931")
    scale, height = 3, 120
    row = bytearray(b"\xff" * (drawn.width * scale))
    for x, _, width, _ in drawn.bars:
        row[x * scale : (x + width) * scale] = b"\0" * (width * scale)
    token = csrf((await portal.get("/wallet/add")).text)
    headers = {"X-CSRF-Token": token, "X-Width": str(len(row)), "Content-Type": "application/octet-stream"}

    async def read(body: bytes, **more: str) -> Any:
        return await portal.api.client.post(
            f"{portal.home}/wallet/read", content=body, headers={**headers, **more, **portal.cookies}
        )

    assert (await read(bytes(row) * height)).json() == {"kind": "ean13", "text": "4006381333931"}
    assert (await read(b"\xff" * 10_000, **{"X-Width": "100"})).json() == {"kind": None, "text": ""}
    assert (await read(b"\xff" * 101, **{"X-Width": "100"})).status_code == 422
    assert (await read(b"", **{"X-CSRF-Token": ""})).status_code == 403


async def test_the_proof_leads_from_every_movement_to_a_sealed_block(
    portal: Portal, database: Database
) -> None:
    waiting = (await portal.get("/me/proof.json")).json()
    assert (waiting["complete"], waiting["head"]) == (False, None)
    await seal_ledger(database, portal.api.program.id, START)
    proof = (await portal.get("/me/proof.json")).json()
    paper = await portal.get("/me/proof.pdf")
    assert (paper.status_code, paper.content[:4]) == (200, b"%PDF")
    assert proof["complete"]
    assert [one["change"] for one in proof["movements"]] == [500, 28]
    assert proof["balances"][0]["available"] == 528
    blocks = {block["height"]: block for block in proof["blocks"]}
    for one in proof["movements"]:
        kind: FactKind = "posting"
        assert leaf_of(kind, one["fields"]).hex() == one["leaf"]
        header = blocks[one["block"]]["header"]
        assert _climbed(one, header["members"]) == header["root"]
        hashed = sha256(
            b"\x02" + json.dumps(list(header.values()), separators=(",", ":")).encode()
        ).hexdigest()
        assert hashed == blocks[one["block"]]["hash"]


def _climbed(one: dict[str, Any], count: int) -> str:
    """The root to which a leaf leads, as RFC 6962 tells anybody who checks (§2.1.1)."""
    place, last, node = one["place"], count - 1, bytes.fromhex(one["leaf"])
    for beside in map(bytes.fromhex, one["path"]):
        if place % 2 or place == last:
            node = sha256(b"\x01" + beside + node).digest()
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            node = sha256(b"\x01" + node + beside).digest()
        place, last = place // 2, last // 2
    return node.hex()


async def test_a_new_email_counts_once_its_code_was_typed_and_not_when_it_is_somebody_else_s(
    portal: Portal, database: Database, letters: Letters
) -> None:
    sent = await _ask(portal, "anna@example.com", letters)
    wrong = await portal.post(
        "/me/contact", kind="email", to="anna@example.com", challenge=sent[0], code="000000"
    )
    assert wrong.status_code == 422
    assert (await portal.api.get(f"/v1/members/{portal.member}")).json()["email"] is None
    for _ in range(2):
        done = await portal.post(
            "/me/contact", kind="email", to="anna@example.com", challenge=sent[0], code=sent[1]
        )
        assert done.headers["location"] == f"{portal.home}/me/profile?said=saved"
    assert (await portal.api.get(f"/v1/members/{portal.member}")).json()["email"] == "anna@example.com"
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    challenge, code = await _ask(other, "anna@example.com", letters, 2)
    taken = await other.post(
        "/me/contact", kind="email", to="anna@example.com", challenge=challenge, code=code
    )
    assert "Somebody else is a member with it already" in words(taken.text)
    stolen = await other.post("/me/contact", kind="email", to="b@example.com", challenge=challenge, code=code)
    assert stolen.status_code == 422


async def _ask(portal: Portal, to: str, letters: Letters, count: int = 1) -> tuple[str, str]:
    """Ask for the code of a new email: the challenge, and the code as the message carries it."""
    page = await portal.post("/me/contact", kind="email", to=to, challenge="")
    found = re.search(r'name="challenge" value="(chl_\w+)"', page.text)
    assert found, words(page.text)
    return found[1], await letters.code(to, count)


async def test_leaving_takes_two_steps_erases_her_and_ends_her_log_ins(portal: Portal) -> None:
    first = await portal.post("/me/leave", sure="1")
    assert first.headers["location"] == f"{portal.home}/me/leave?sure=1"
    done = await portal.post("/me/leave", sure="1", understood="1")
    assert done.headers["location"] == f"{portal.home}/left"
    member = (await portal.api.get(f"/v1/members/{portal.member}")).json()
    assert (member["name"], member["phone"]) == ("", None)
    assert member["erased_at"] is not None
    assert (await portal.get("/")).status_code == 303


async def test_the_app_has_the_program_s_name_colours_and_icons(portal: Portal) -> None:
    await portal.api.patch("/v1/program", {"settings": {"accent": "#b8660a"}})
    manifest = (await portal.get("/manifest.webmanifest")).json()
    assert (manifest["name"], manifest["scope"]) == ("Test", f"{portal.home}/")
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512", "any"}
    png = (await portal.get("/icon-192.png")).content
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (192, 192)
    theme = (await portal.get("/theme.css")).text
    assert "--card: #b2620b" in theme
    worker = await portal.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert f'"home":"{portal.home}"' in worker.text
    refused = await portal.api.patch("/v1/program", {"settings": {"accent": "amber"}})
    assert refused.status_code == 422


async def test_search_engines_see_the_landing_page_only(portal: Portal) -> None:
    about = (await portal.api.client.get(f"{portal.home}/about?lang=en")).text
    assert 'name="robots"' not in about
    (written,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', about)
    data = json.loads(written)
    assert (data["@type"], data["name"]) == ("MemberProgram", "Test")
    assert "Coffee week" in data["hasTiers"][0]["description"]
    for path in ("/sign-in", "/offline"):
        page = (await portal.api.client.get(f"{portal.home}{path}", headers=HTML)).text
        assert '<meta name="robots" content="noindex">' in page


async def test_a_program_without_anything_has_pages_that_say_so(client: Any, database: Database) -> None:
    bare = await portal_of(await new_api(client, database), database, at=clock.world())
    for path, text in (
        ("/offers", "Nothing to activate just now"),
        ("/receipts", "No receipts yet"),
        ("/points", "Nothing was booked yet"),
        ("/wallet", "Leave the plastic at home"),
        ("/me/consents", "Nothing is sent to you"),
    ):
        assert text in words((await bare.get(f"{path}?lang=en")).text)
