"""A program of one test alone, whose clock the test sets, and the phones of its members in two languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import count
from typing import Any

import msgspec
from playwright.sync_api import Browser

from regulars.db.pool import Database
from regulars.flows.create_program import NewProgram, create_program
from regulars.programs import registry
from tests.browser.conftest import NAMES, Shop, axe
from tests.browser.desk import aside
from tests.browser.portal import PHONE, Phone

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""It is 11:00 in Riga."""
SPOKEN = ("en", "lv")
SAYS = """([selector, pattern]) => [...document.querySelectorAll(selector)].some((one) => {
    const said = one.innerText.replace(/\\s*\\n\\s*/g, ' | ').replace(/\\s+/g, ' ');
    return one.checkVisibility() && new RegExp(pattern).test(said);
})"""
_NUMBERS = count(1)


class Sandbox:
    """A program in which it is 1 March 2026 until the test moves on."""

    def __init__(self, browser: Browser, shop: Shop, database_url: str):
        self._browser = browser
        self._phones: list[Phone] = []
        self.slug, key = aside(_founded(database_url))
        self.shop = msgspec.structs.replace(shop, key=key)
        self.call = self.shop.call
        self.member = self.shop.member
        self.call("POST", "/v1/currencies", {"code": "PTS", "names": NAMES, "expires_after_months": 12})
        self.call("POST", "/v1/stores", {"code": "teika", "name": "Teika", "tills": ["7"]})

    def set_clock(self, now: str) -> None:
        """It is that time; all that falls due on the way is done."""
        self.call("POST", "/v1/sandbox/clock", {"now": now})

    def publish(self, document: dict[str, Any]) -> None:
        """A promotion that counts from now on."""
        made = self.call("POST", "/v1/promotions", document)
        self.call("POST", f"/v1/promotions/{made['id']}/publish")

    def buy(self, card: str, *lines: tuple[int, str, str], at: str = "2026-03-01T11:00:00+02:00") -> Any:
        """(price, quantity, category) on a receipt; the answer."""
        goods = [
            {"line": n, "sku": f"sku-{n}", "name": category.capitalize(), "quantity": quantity,
             "unit_price": price, "categories": [category], "tax_rate": "0.21"}
            for n, (price, quantity, category) in enumerate(lines, 1)
        ]  # fmt: skip
        basket = {"id": f"receipt-{next(_NUMBERS)}", "store": "teika", "till": "7", "card": card,
                  "purchased_at": at, "currency": "EUR", "lines": goods}  # fmt: skip
        return self.call("POST", "/v1/purchases", basket)

    def take_back(self, bought: Any, at: str) -> None:
        """The first line of a receipt comes back."""
        body = {"id": f"back-{next(_NUMBERS)}", "lines": [{"line": 1, "quantity": "1"}], "returned_at": at}
        self.call("POST", f"/v1/purchases/{bought['id']}/returns", body)

    def phone(self, number: str, language: str = "en") -> Phone:
        """A member's phone, logged in."""
        locale = {"en": "en-GB", "lv": "lv-LV"}[language]
        made = Phone(self._browser, self.shop, program=self.slug, locale=locale)
        self._phones.append(made)
        made.log_in(number)
        return made

    def close(self) -> None:
        """The phones are put away; none of them had anything to say to the console."""
        for one in self._phones:
            one.context.close()
        assert [one.said for one in self._phones] == [[]] * len(self._phones)


def shown(phone: Phone, path: str, selector: str, **texts: str) -> None:
    """A page says so, part by part with ` | ` between them, in both languages.

    Axe has nothing against it, and it is no wider than the phone.
    """
    assert tuple(texts) == SPOKEN
    for language, text in texts.items():
        phone.go(f"{path}?lang={language}")
        assert phone.page.get_attribute("html", "lang") == language
        for part in text.split(" | "):
            phone.page.wait_for_function(SAYS, arg=[selector, _whole(part)])
        axe(phone.page)
        assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def _whole(text: str) -> str:
    """The text between other words, over lines too: 0 points are not the end of 150 points."""
    before = r"(?<!\d)(?<!\d )" if text[0].isdigit() else ""
    return before + re.escape(text).replace(r"\ ", r"(?: \| | )") + r"(?!\w)"


async def _founded(database_url: str) -> tuple[str, str]:
    """The program's address and a key that may do everything."""
    async with Database(database_url, size=1) as database:
        new = NewProgram("Smilšu kaste", "EUR", "Europe/Riga", SPOKEN[::-1], sandbox=True)
        made = await create_program(database, new, at=START)
        async with database.transaction(made.program.id) as tx:
            await registry.move_clock(tx, made.program.id, START)
    return made.program.slug, made.text
