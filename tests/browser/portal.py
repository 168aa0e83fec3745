"""A member's phone: a browser of its size, and how one gets into the portal with it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Shop
from tests.browser.watching import REFUSALS, WAIT_SECONDS, eventually, heard

KEPT = """async (program) => (await (await caches.open(`regulars-pages-/portal/${program}`)).keys())
    .map((one) => new URL(one.url).pathname)"""
PHONE = {"width": 390, "height": 844}
AGREEMENT = {
    "code": "news",
    "purpose": "marketing",
    "channels": ["sms"],
    "texts": {"lv": "Dzintars drīkst man sūtīt jaunumus.", "en": "Dzintars may send me news."},
}
OFFER: dict[str, Any] = {
    "name": "Balsam for the evening",
    "group": "items",
    "conditions": [{"kind": "offer"}],
    "benefits": [{"kind": "line_percent", "percent": "20", "goods": {"skus": ["balsam"]}}],
}


class Phone:
    """A member's browser, whose console is listened to."""

    def __init__(self, browser: Browser, shop: Shop, *, program: str = "dzintars", **options: Any):
        self.shop = shop
        self.program = program
        """Of its address."""
        self.language = "en"
        """In which her pages speak."""
        options = {"viewport": PHONE, "locale": "en-GB", "has_touch": True, **options}
        self.spoken: str = options["locale"].partition("-")[0]
        """Her own language, which her phone has, too."""
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(WAIT_SECONDS * 1000)
        self.page: Page = self.context.new_page()
        self.said = heard(self.page, REFUSALS)

    @property
    def home(self) -> str:
        """Where the portal begins."""
        return f"{self.shop.address}/portal/{self.program}"

    def log_in(self, phone: str) -> None:
        """By the code that comes to the phone; her own page is ready then."""
        if self.spoken != "en":
            found = self.shop.call("POST", "/v1/members/find", {"phone": phone})
            self.shop.call("PATCH", f"/v1/members/{found['id']}", {"language": self.spoken})
        self.page.goto(f"{self.home}/sign-in")
        self.page.fill("[name=phone]", phone)
        self.page.click("[data-ask] button[type=submit]")
        self.page.wait_for_selector("[data-step=code]:not([hidden])")
        self.page.fill("[name=code]", code_sent(self.shop.messages, phone))
        self.page.wait_for_selector("html[data-ready] .tabs")

    def go(self, path: str) -> None:
        """To a page of the portal, ready."""
        self.page.goto(self.home + path)
        self.page.wait_for_selector("html[data-ready]")

    def follow(self, address: str) -> None:
        """To an address as by a tap on a link: without a network `goto` now and then stays where it is."""
        self.page.evaluate("address => { location.href = address; }", address)
        self.page.wait_for_url(address)
        self.page.wait_for_selector("html[data-ready]")

    def sees(self, selector: str, text: str) -> None:
        """Wait until an element shows the text."""
        self.page.wait_for_function(
            "([selector, text]) => [...document.querySelectorAll(selector)]"
            ".some((e) => e.checkVisibility() && e.innerText.replace(/\\s+/g, ' ').includes(text))",
            arg=[selector, text],
        )

    def kept(self) -> list[str]:
        """The pages that are kept for when there is no network."""
        return self.page.evaluate(KEPT, self.program)

    def keeps(self, *paths: str) -> None:
        """Wait until these pages are kept."""
        eventually(
            lambda: set(paths) <= {path.removeprefix(f"/portal/{self.program}") for path in self.kept()},
            f"not all of {paths} are kept",
        )


def code_sent(folder: Path, phone: str) -> str:
    """The newest code that was sent to a phone number, as soon as it is there."""

    def sent() -> str | None:
        for file in sorted(folder.glob("*.json"), reverse=True):
            message = json.loads(file.read_text())
            if message["to"].endswith(phone[-8:]):
                file.unlink()
                return next(word for word in message["text"].split() if word.isdigit() and len(word) == 6)
        return None

    return eventually(sent, f"no code came to {phone}")


def member_with_receipt(shop: Shop, name: str, points: int = 1200) -> tuple[str, str, str]:
    """Somebody with points and one purchase of coffee and bread: phone, card, id."""
    phone, card, member = shop.member(name, points=points)
    lines = [
        {"line": 1, "sku": "coffee", "name": "Coffee beans, 500 g", "quantity": "2", "unit_price": 699,
         "categories": ["drinks/coffee"], "tax_rate": "0.21"},
        {"line": 2, "sku": "bread", "name": "Rye bread", "quantity": "1", "unit_price": 189, "tax_rate": "0.12"},
    ]  # fmt: skip
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    body = {"id": f"portal/{member}", "store": "teika", "till": "7", "card": card, "purchased_at": at,
            "currency": "EUR", "lines": lines}  # fmt: skip
    shop.call("POST", "/v1/purchases", body)
    return phone, card, member


def furnish(shop: Shop) -> None:
    """An offer to activate and a wording to agree to, once for a module."""
    shop.call("POST", "/v1/consent-wordings", AGREEMENT)
    made = shop.call("POST", "/v1/promotions", OFFER)
    shop.call("POST", f"/v1/promotions/{made['id']}/publish")
