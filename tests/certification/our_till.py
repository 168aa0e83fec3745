"""Our own till page as a till like any other: a driver that scans, types and reads what the page says."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from regulars.certify.model import Act, Reply
from regulars.certify.shop import GOODS, TILL
from tests.browser.conftest import Shop, Till

SETTLED = """() => !document.querySelector('#due').classList.contains('stale')
    && !document.querySelector('#next').disabled"""
HAND_MS = 200
"""Between two keys of a hand that has to find them."""
OUTCOME = """() => ['#view-done', '#said', '#unsure']
    .some((one) => document.querySelector(one)?.checkVisibility())"""
TRIES = 8
SOON_MS = 8_000
RETRY_MS = 2_100
"""What a cashier waits when nobody answered."""
SOMETHING_SAID = """() => ['#view-done', '#said', '#unsure', '#enrol-form', '#customer-card', '#line-strip']
    .some((one) => document.querySelector(one)?.checkVisibility())"""


class OurTill:
    """A cashier who reads the acts of a certification."""

    def __init__(self, page: Page, key: str):
        self._page, self._key = page, key
        self._till: Till | None = None
        self._receipt = ""

    def do(self, act: Act) -> Reply:
        """An act, and what the page says of it."""
        if act.act == "begin":
            self._begin(act.settings["url"])
            return Reply(done=True)
        return {"find": self._find, "sell": self._sell, "price": self._price, "send": self._send,
                "return": self._return, "void": self._void}[act.act](act)  # fmt: skip

    def _begin(self, url: str) -> None:
        if self._till is None:
            self._till = Till(self._page, Shop(url, "", self._key, Path())).open(TILL)
        self._page.evaluate("localStorage.clear()")
        self._page.goto(f"{url}/till?lang=en")
        self._page.wait_for_selector("html[data-ready]")
        self._page.wait_for_load_state("networkidle")  # what it needs without the line is there

    @property
    def till(self) -> Till:
        """The page, opened."""
        assert self._till is not None, "an act before the beginning"
        return self._till

    def _seen(self, selector: str) -> bool:
        return self._page.locator(selector).is_visible()

    def _said(self) -> str:
        return self._page.locator("#said").inner_text() if self._seen("#said") else ""

    def _find(self, act: Act) -> Reply:
        if "card" in act.customer:
            self.till.scan(act.customer["card"])
        else:
            self.till.press("F4")
            self.till.type(act.customer["phone"])
            self.till.press("Enter")
        self._page.wait_for_function(SOMETHING_SAID)
        if not self._seen("#customer-card") and self._seen(
            "#line-strip"
        ):  # it has just learned that the line is down
            self.till.scan(act.customer["card"])
            self._page.wait_for_selector("#customer-card")
        if not self._seen("#customer-card"):
            said = self._said() or self._page.locator("#enrol-title").inner_text()
            self.till.press("Escape")
            return Reply(said=said)
        self.till.press("Escape")
        return Reply(done=True, customer=self._page.locator("#customer-name").inner_text())

    def _enter(self, act: Act) -> None:
        """Customer, goods and points."""
        if act.customer:
            self._find(act)
        for good in act.goods:
            if good.quantity != "1":
                self.till.type(f"{good.quantity}*")
            self.till.buy(good.barcode)
        if act.spend:
            self._settle()
            self.till.press("F8")
            self.till.type(str(act.spend))
            self._page.wait_for_timeout(HAND_MS)
            self.till.press("Enter")
            self.till.sees("#spend-on", f"{act.spend} points")
        self._settle()

    def _settle(self) -> None:
        """Until the price stands."""
        self._page.wait_for_timeout(HAND_MS)
        self._page.wait_for_function(SETTLED)

    def _price(self, act: Act) -> Reply:
        self._enter(act)
        return Reply(done=True, amount=_amount(self._page.locator("#due-amount").inner_text()))

    def _sell(self, act: Act) -> Reply:
        self._enter(act)
        self.till.press("F9")
        self._settle()
        self.till.press("Enter")
        for _ in range(TRIES):
            if not self._outcome():
                self.till.press("F9")  # the price was settling when the key was pressed
            elif self._seen("#view-done"):
                return self._done()
            elif self._seen("#unsure"):
                if act.if_no_answer == "give_up":
                    self._page.click("#give-up")
                    self.till.sees("#said", "given up")
                    return Reply(said=self._said())
                self._page.wait_for_timeout(RETRY_MS)
                self.till.press("F9")
            elif not self._goes_on(act):
                break
        said = self._said()
        self.till.press("Escape")
        return Reply(said=said)

    def _outcome(self) -> bool:
        """Whether the page says something, soon."""
        self._page.wait_for_timeout(HAND_MS)
        try:
            self._page.wait_for_function(OUTCOME, timeout=SOON_MS)
        except PlaywrightTimeout:
            return False
        return True

    def _goes_on(self, act: Act) -> bool:
        """What a cashier does after a no; False: nothing is sold."""
        said = self._said()
        if "The sum changed" in said and act.if_price_changed == "agree":
            self.till.press("Enter")
        elif "card is blocked" in said:
            self._page.click("#customer-clear")
            self._pay_again()
        elif "not that many points" in said:
            self._page.click("#spend-clear")
            self._pay_again()
        else:
            return False
        return True

    def _pay_again(self) -> None:
        if not self._seen("#view-pay"):
            self._settle()
            self.till.press("F9")
        self._settle()
        self.till.press("F9")

    def _done(self) -> Reply:
        paper = self._page.locator("#view-done").inner_text()
        total = re.findall(r"€(\d+\.\d\d)", paper)
        receipt = self._page.locator("#view-done .paper footer span").first.text_content() or ""
        self._receipt = receipt
        return Reply(done=True, amount=_amount(total[0]) if total else None, said=paper[:200])

    def _send(self, act: Act) -> Reply:
        self._page.wait_for_function("() => document.querySelector('#line-strip').hidden", timeout=60_000)
        return Reply(done=True)

    def _return(self, act: Act) -> Reply:
        if self._seen("#view-done"):
            self.till.press("Enter")
        self.till.press("PageDown")
        self._page.wait_for_selector("#receipt-number")
        self.till.scan(self._receipt)
        self.till.sees("#view-receipts", "What comes back?")
        for _, quantity in act.lines:
            for _ in range(int(quantity)):
                self.till.scan(GOODS["bread"].barcode)
        self.till.sees("#next-amount", "€")
        amount = _amount(self._page.locator("#next-amount").inner_text())
        self._page.wait_for_timeout(HAND_MS)
        self.till.press("F9")
        self.till.sees("#view-receipts", "Return recorded")
        return Reply(done=True, amount=amount)

    def _void(self, act: Act) -> Reply:
        self._page.get_by_role("button", name="Undo the purchase").press("Enter")
        self._page.get_by_role("button", name="Press again to undo").press("Enter")
        self.till.sees("#said", "The purchase was undone.")
        return Reply(done=True)


def _amount(text: str) -> int:
    return int(re.sub(r"\D", "", text))
