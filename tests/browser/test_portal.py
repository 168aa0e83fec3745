"""A member's day with the portal on her phone, from the first code to leaving."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop
from tests.browser.pixels import codes_on
from tests.browser.portal import Phone, code_sent, furnish, member_with_receipt

PAGE_BYTES_MAX = 200_000
REQUESTS_MAX = 15
EAN = "4006381333931"
BUSY = """
    window.meant = [];
    window.asked = [];
    window.requestIdleCallback = (act) => { meant.push(act); };
    const plain = ServiceWorker.prototype.postMessage;
    ServiceWorker.prototype.postMessage = function (message, ...more) {
        asked.push(message.ask);
        return plain.call(this, message, ...more);
    };
    HTMLFormElement.prototype.submit = () => { for (const act of meant) act(); window.leaving = true; };
"""
"""A browser that finds time for what a page meant to do only when its form is on its way; the form stays."""


@pytest.fixture(scope="module")
def furnished(shop: Shop) -> Shop:
    """The shop with an offer and a wording."""
    furnish(shop)
    return shop


@pytest.fixture
def phone(browser: Browser, furnished: Shop) -> Iterator[Phone]:
    """A phone that has never been here."""
    made = Phone(browser, furnished)
    yield made
    made.context.close()
    assert made.said == []


def read_screen(phone: Phone, selector: str) -> list[str]:
    """What a scanner reads of an element on the screen."""
    return codes_on(phone.page.locator(selector).first.screenshot())


def visible_headings(phone: Phone) -> list[str]:
    """The first headings that are to be seen."""
    return [one.inner_text() for one in phone.page.locator("h1").all() if one.is_visible()]


def test_a_code_by_sms_opens_the_card_and_a_scanner_reads_it_in_both_kinds(phone: Phone) -> None:
    number, card, _ = member_with_receipt(phone.shop, "Anna Kalniņa")
    phone.log_in(number)
    phone.sees(".balance .amount", "1 213")
    phone.page.click(".pass-code")
    phone.page.wait_for_selector("dialog.at-till[open]")
    assert read_screen(phone, "dialog .code-qr svg") == [card]
    phone.page.click("dialog [data-show=bars]")
    assert read_screen(phone, "dialog .code-bars svg") == [card]
    phone.page.click("dialog [data-close]")
    assert not phone.page.locator("dialog.at-till[open]").count()


def test_a_wrong_code_is_said_and_a_new_number_becomes_a_member_who_tells_her_name(phone: Phone) -> None:
    page = phone.page
    page.goto(f"{phone.home}/sign-in")
    page.fill("[name=phone]", "27 123 456")
    page.click("[data-ask] button[type=submit]")
    page.wait_for_selector("[data-step=code]:not([hidden])")
    assert visible_headings(phone) == ["Type the code"]
    page.fill("[name=code]", "000000")
    phone.sees("[data-fault]", "This code is not right")
    page.fill("[name=code]", code_sent(phone.shop.messages, "27123456"))
    page.wait_for_selector("[data-step=join]:not([hidden])")
    assert visible_headings(phone) == ["Welcome"]
    page.check("[name=agreed]")
    page.check("[name=consent]")
    page.click("[data-join] button[type=submit]")
    page.fill("[name=name]", "Jauna Biedre")
    page.click("main form button[type=submit]")
    phone.sees(".pass-name", "Jauna Biedre")
    phone.go("/me/consents")
    assert page.get_attribute(".switch", "aria-checked") == "true"


def test_without_a_network_the_card_the_offers_and_the_wallet_are_there_and_say_so(phone: Phone) -> None:
    number, card, _ = member_with_receipt(phone.shop, "Bez Tīkla")
    phone.log_in(number)
    phone.sees(".balance .amount", "1 213")
    page = phone.page
    phone.keeps("/", "/offers", "/wallet")
    phone.context.set_offline(True)
    phone.follow(phone.home + "/")
    phone.sees(".offline", "Offline – as of")
    assert read_screen(phone, ".pass .code-qr svg") == [card]
    phone.follow(phone.home + "/offers")
    phone.sees("h3", "Balsam for the evening")
    assert page.is_disabled(".offer form button")
    phone.follow(phone.home + "/me/profile")
    phone.sees("h1", "There is no network")
    assert not page.locator(".offline").is_visible()  # nothing of hers is shown, so it is of no time
    early = iter([True])  # "online" is said before anything can be reached
    page.route("**/health/live", lambda route: route.abort() if next(early, False) else route.continue_())
    phone.context.set_offline(False)
    phone.sees("h1", "Profile")  # the page of no network loads itself anew
    assert next(early, None) is None
    assert not page.locator(".offline").is_visible()


def test_one_tap_activates_an_offer_and_one_tap_withdraws_a_consent(phone: Phone) -> None:
    number, _, member = member_with_receipt(phone.shop, "Viena Tapa")
    said = {"channel": "sms", "purpose": "marketing", "granted": True, "source": "till"}
    phone.shop.call("POST", f"/v1/members/{member}/consents", said)
    phone.log_in(number)
    phone.go("/offers")
    phone.page.click(".offer form button")
    phone.sees(".offer-on", "Activated")
    phone.go("/me/consents")
    assert phone.page.get_attribute(".switch", "aria-checked") == "true"
    phone.page.click(".switch")
    phone.sees(".said", "Withdrawn")
    assert phone.page.get_attribute(".switch", "aria-checked") == "false"
    now = phone.shop.call("GET", f"/v1/members/{member}/consents")["now"]
    assert [(one["channel"], one["state"], one["source"]) for one in now] == [("sms", "withdrawn", "web")]


def test_a_passkey_is_added_and_logs_in_without_a_number_or_a_code(browser: Browser, furnished: Shop) -> None:
    # Passkeys are bound to a name, not to an address of numbers.
    shop = msgspec.structs.replace(furnished, address=furnished.address.replace("127.0.0.1", "localhost"))
    phone = Phone(browser, shop)
    page = phone.page
    authenticator = phone.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    number, _, _ = member_with_receipt(shop, "Atslēga Kabatā")
    phone.log_in(number)
    phone.go("/me/devices")
    page.click("[data-passkeys] [data-add]")
    page.wait_for_selector("[data-passkeys] [data-list] .row")
    phone.context.clear_cookies()
    page.goto(f"{phone.home}/sign-in")
    page.click("[data-passkey]")
    phone.sees(".pass-name", "Atslēga Kabatā")
    phone.context.close()
    assert phone.said == []


def test_a_receipt_says_why_it_came_to_what_it_did(phone: Phone) -> None:
    number, _, _ = member_with_receipt(phone.shop, "Kāpēc Tā")
    phone.log_in(number)
    phone.go("/receipts")
    phone.page.click(".row")
    phone.sees(".why li", "Coffee week −€2.10 15% off coffee")
    phone.sees(".why li", "A point for each euro +13 points")
    phone.sees(".total", "€13.77")


@pytest.mark.scenario("S13")
def test_a_card_of_another_shop_is_drawn_again_identically_also_offline(phone: Phone) -> None:
    number, _, _ = member_with_receipt(phone.shop, "Cita Karte")
    phone.log_in(number)
    cards = {
        "EAN": ("ean13", EAN),
        "Bars": ("code128", "ABC-abc 1234"),
        "Square": ("qr", "https://shop/é/42"),
    }
    for name, (kind, text) in cards.items():
        phone.go("/wallet/add")
        phone.page.fill("[name=name]", name)
        phone.page.fill("[name=text]", text)
        phone.page.check(f"[value={kind}]", force=True)
        phone.page.click("main form button[type=submit]")
        phone.sees(".foreign strong", name)
    phone.go("/wallet")
    addresses = phone.page.eval_on_selector_all(".foreign a", "links => links.map((link) => link.href)")
    phone.keeps(*[address.removeprefix(phone.home) for address in addresses])
    drawn = []
    for offline in (False, True):
        phone.context.set_offline(offline)
        seen = []
        for address in addresses:
            phone.follow(address)
            seen.append((phone.page.inner_html(".foreign-code svg"), read_screen(phone, ".foreign-code svg")))
        drawn.append(seen)
    phone.context.set_offline(False)
    assert drawn[0] == drawn[1]
    assert [texts for _, texts in drawn[0]] == [[text] for _, text in cards.values()]


def test_a_phone_makes_a_code_of_its_own_that_the_till_takes_as_card_and_proof(phone: Phone) -> None:
    number, card, member = member_with_receipt(phone.shop, "Mainīgs Kods")
    phone.log_in(number)
    phone.page.click("[data-protect]")
    phone.page.wait_for_selector(".pass .code-dynamic svg")
    phone.page.click(".pass-code")
    # The code changes every 30 seconds: what is read off the screen is one of those it showed meanwhile.
    shown = [phone.page.get_attribute("dialog .code-dynamic", "data-text")]
    (text,) = read_screen(phone, "dialog .code-dynamic svg")
    shown.append(phone.page.get_attribute("dialog .code-dynamic", "data-text"))
    assert text in shown
    assert card not in text
    line = {"line": 1, "sku": "bread", "quantity": "1", "unit_price": 189, "tax_rate": "0.12"}
    paid = phone.shop.call(
        "POST",
        "/v1/purchases",
        {"id": f"dyn/{member}", "store": "teika", "till": "7", "card": text, "currency": "EUR", "lines": [line],
         "purchased_at": phone.page.evaluate("() => new Date().toISOString()"),
         "spend": [{"currency": "PTS", "amount": 100}], "proof": {"kind": "dynamic", "value": text}},
    )  # fmt: skip
    assert (paid["paid_with_points"], paid["member"]["id"]) == (100, member)


def test_a_phone_that_was_taken_out_stops_its_codes_and_is_added_again_by_a_tap(phone: Phone) -> None:
    number, _, member = member_with_receipt(phone.shop, "Izņemts Tālrunis")
    phone.log_in(number)
    phone.page.click("[data-protect]")
    phone.page.wait_for_selector(".pass .code-dynamic svg")
    (first,) = phone.shop.call("GET", f"/v1/members/{member}/devices")["items"]
    phone.shop.call("DELETE", f"/v1/devices/{first['id']}")
    phone.go("/")
    phone.page.wait_for_selector("[data-protect]:not([hidden])")
    assert phone.page.locator(".pass .code-dynamic svg").count() == 0
    assert phone.page.is_hidden("[data-fresh]")
    phone.page.click("[data-protect]")
    phone.page.wait_for_selector(".pass .code-dynamic svg")
    (again,) = phone.shop.call("GET", f"/v1/members/{member}/devices")["items"]
    assert again["id"] != first["id"]
    # A second time without loading the page: the key that the phone still has is refused, and a new one is made.
    phone.shop.call("DELETE", f"/v1/devices/{again['id']}")
    added = phone.page.evaluate(
        """async ([home, card]) => {
            const own = document.querySelector('script[src*="portal/card.js"]').src;
            const { "portal/dynamic.js": dynamic } = (await import(own)).modules;
            return (await dynamic.register(home, card)).certificate.id;
        }""",
        [f"/portal/{phone.home.rpartition('/')[2]}", first["card"]],
    )
    assert [one["id"] for one in phone.shop.call("GET", f"/v1/members/{member}/devices")["items"]] == [added]


def test_the_data_and_the_proof_are_hers_to_take_and_leaving_erases_her_here_too(phone: Phone) -> None:
    number, card, member = member_with_receipt(phone.shop, "Aiziet Prom")
    phone.log_in(number)
    phone.go("/me/data")
    files = {}
    for path in ("export.json", "proof.json", "export.pdf", "proof.pdf"):
        with phone.page.expect_download() as download:
            phone.page.click(f"a[href$='{path}']")
        files[path] = download.value.path().read_bytes()
    assert json.loads(files["export.json"])["profile"]["cards"][0]["number"] == card
    proof = json.loads(files["proof.json"])
    assert sum(one["change"] for one in proof["movements"]) == proof["balances"][0]["available"] == 1213
    assert {files[name][:4] for name in ("export.pdf", "proof.pdf")} == {b"%PDF"}
    phone.go("/me/leave")
    phone.page.click("text=Go on")
    phone.sees(".lost", "1 213 points")
    phone.page.check("[name=understood]")
    phone.page.click("text=Leave and erase me")
    phone.sees("h1", "You have left")
    assert phone.kept() == []
    phone.page.goto(f"{phone.home}/")
    phone.page.wait_for_url(re.compile("/sign-in"))
    erased = phone.shop.call("GET", f"/v1/members/{member}")
    assert (erased["name"], erased["phone"], erased["cards"][0]["status"]) == ("", None, "closed")


def test_logging_out_leaves_nothing_on_the_phone_and_a_session_is_ended_from_another(
    phone: Phone, browser: Browser
) -> None:
    number, _, _ = member_with_receipt(phone.shop, "Divi Telefoni")
    phone.log_in(number)
    other = Phone(browser, phone.shop)
    other.log_in(number)
    other.go("/me/devices")
    other.page.click(".end button")
    other.sees(".said", "Logged out there.")
    phone.page.goto(f"{phone.home}/offers")
    phone.page.wait_for_url(re.compile("/sign-in"))
    other.go("/me")
    other.page.click("text=Log out")
    other.page.wait_for_url(re.compile("/sign-in"))
    assert other.kept() == []
    other.context.close()
    assert other.said == []


def test_whoever_logs_out_has_nothing_kept_again_by_what_the_page_still_meant_to_do(phone: Phone) -> None:
    number, _, _ = member_with_receipt(phone.shop, "Vēl Nepabeigts")
    phone.log_in(number)
    phone.page.add_init_script(BUSY)
    phone.go("/me")
    phone.page.wait_for_function("() => window.meant.length === 1 && navigator.serviceWorker.controller")
    phone.page.click("text=Log out")
    phone.page.wait_for_function("() => window.leaving")
    assert phone.page.evaluate("[window.meant.length, window.asked]") == [1, ["forget"]]


def test_no_page_is_heavy_on_its_first_visit(browser: Browser, furnished: Shop) -> None:
    number, _, _ = member_with_receipt(furnished, "Viegla Lapa")
    signed = Phone(browser, furnished, service_workers="block")
    signed.log_in(number)
    state = signed.context.storage_state()
    for path in (
        "/",
        "/offers",
        "/receipts",
        "/wallet",
        "/wallet/add",
        "/me",
        "/me/consents",
        "/sign-in",
        "/about",
    ):
        fresh = Phone(browser, furnished, service_workers="block", storage_state=state)
        answers: list[Any] = []
        fresh.page.on("response", lambda answer, answers=answers: answers.append(answer))
        fresh.page.goto(fresh.home + path, wait_until="networkidle")
        sizes = [answer.request.sizes()["responseBodySize"] for answer in answers]
        assert len(answers) <= REQUESTS_MAX, (path, [answer.url for answer in answers])
        assert sum(sizes) <= PAGE_BYTES_MAX, (path, sum(sizes))
        fresh.context.close()
    signed.context.close()


def test_the_landing_page_tells_search_engines_about_the_program(phone: Phone) -> None:
    phone.page.goto(f"{phone.home}/about?lang=en")
    found = json.loads(phone.page.text_content("script[type='application/ld+json']") or "")
    assert (found["@type"], found["name"]) == ("MemberProgram", "Dzintars")
    assert "Coffee week" in found["hasTiers"][0]["description"]
    assert not phone.page.locator("meta[name=robots]").count()
    phone.page.goto(f"{phone.home}/sign-in")
    assert phone.page.get_attribute("meta[name=robots]", "content") == "noindex"
