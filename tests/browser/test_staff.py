"""Staff at a real browser: the second factor, a passkey, an invitation; wide and narrow, light and dark."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pyotp.totp import TOTP

from tests.api.conftest import PASSWORD
from tests.browser.conftest import Shop, axe
from tests.browser.desk import add_staff, at_desk

PAGES = ("/team", "/team/invite", "/me", "/second-factor/app")


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(
    context: BrowserContext, shop: Shop, database_url: str
) -> None:
    email = add_staff(shop, database_url, "owner")
    with at_desk(context, shop, email) as page:
        page.goto(f"{shop.address}/backoffice/me")
        page.get_by_role("link", name="Set up an app with codes").click()
        page.locator("summary", has_text="The app cannot read it").click()
        secret = re.sub(r"\s", "", page.locator(".factor-key").inner_text())
        page.fill("[name=code]", TOTP(secret).now())
        page.keyboard.press("Enter")
        page.wait_for_selector(".recovery-codes")
        codes = page.locator(".recovery-codes li").all_inner_texts()
        axe(page)
        page.get_by_role("link", name="I have kept them").click()
        sign_out(page)
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('One more step')")
        axe(page)
        page.fill("[name=code]", codes[0])
        page.keyboard.press("Enter")
        page.wait_for_url("**/backoffice")


def test_a_passkey_is_made_signs_in_without_a_password_and_is_taken_away(
    context: BrowserContext, shop: Shop, database_url: str
) -> None:
    # Passkeys need a name, not an address of the network.
    shop = Shop(
        shop.address.replace("127.0.0.1", "localhost"), shop.key, shop.till_key, shop.messages, shop.server
    )
    with at_desk(context, shop, add_staff(shop, database_url, "owner")) as page:
        authenticator = context.new_cdp_session(page)
        authenticator.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True,
        }  # fmt: skip
        authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto(f"{shop.address}/backoffice/me")
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_selector(".own-list li")
        sign_out(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/backoffice")
        page.goto(f"{shop.address}/backoffice/me")
        page.get_by_role("button", name="Take away").click()
        page.locator("dialog[open] [name=password]").fill(PASSWORD)
        page.locator("dialog[open] button[type=submit]").click()
        page.wait_for_selector("text=The passkey is taken away.")
        assert page.locator(".own-list li").count() == 0


def test_a_guest_follows_the_link_and_is_in(
    browser: Browser, context: BrowserContext, shop: Shop, database_url: str
) -> None:
    with at_desk(context, shop, add_staff(shop, database_url, "owner")) as page:
        page.goto(f"{shop.address}/backoffice/team")
        page.get_by_role("link", name="Invite somebody").first.click()
        page.fill("[name=email]", "guest@shop.example")
        page.check("[name=roles][value=analyst]")
        page.fill("[name=why]", "She begins on Monday.")
        page.get_by_role("button", name="Make the link").click()
        link = page.input_value("#link")
        axe(page)
        guest = browser.new_context(locale="en-GB").new_page()
        guest.goto(link)
        axe(guest)
        guest.fill("[name=name]", "Ilze")
        guest.fill("[name=password]", PASSWORD)
        guest.fill("[name=again]", PASSWORD)
        guest.keyboard.press("Enter")
        guest.wait_for_url("**/backoffice")
        assert guest.locator("[data-address='/backoffice/team']").count() == 0
        guest.context.close()


@pytest.mark.full
@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(390, "dark", "en"), (768, "light", "ru"), (1600, "dark", "ru")]
)
def test_the_pages_are_usable_at_every_width_and_in_both_lights(
    browser: Browser, shop: Shop, database_url: str, width: int, scheme: Any, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    with at_desk(context, shop, add_staff(shop, database_url, "owner"), language) as page:
        for path in PAGES:
            page.goto(f"{shop.address}/backoffice{path}")
            axe(page)
            assert page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            ), path
    context.close()


def sign_out(page: Page) -> None:
    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
