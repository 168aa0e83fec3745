"""The client card on a member's phone: from a batch of plastic, with a ladder by turnover, a return, five languages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from regulars.i18n import REGIONS
from tests.browser.conftest import Shop, axe
from tests.browser.pixels import codes_on
from tests.browser.portal import PHONE, Phone

NUMBER = "+37126700001"
LADDER: dict[str, Any] = {
    "name": "Accumulated discount",
    "names": {
        "lv": "Uzkrātā atlaide",
        "ru": "Накопительная скидка",
        "et": "Kogunev soodustus",
        "hu": "Gyűjtött kedvezmény",
    },
    "group": "items",
    "benefits": [
        {
            "kind": "turnover_ladder",
            "steps": [
                {"from": 0, "percent": "3"},
                {"from": 20_000, "percent": "5"},
                {"from": 50_000, "percent": "7"},
            ],
        }
    ],
}
WORDS = {
    "en": {
        "discount": "Accumulated discount",
        "rungs": "By turnover: 3% from €0.00, 5% from €200.00 and 7% from €500.00",
        "paid": "Paid €38.00",
        "earned": "+38 points",
        "returned": "This receipt is returned.",
        "piece": "Returned: 1",
        "taken": "€38.00 Taken back: 38 points",
    },
    "lv": {
        "discount": "Uzkrātā atlaide",
        "rungs": "Pēc apgrozījuma: 3%, sākot no 0,00 €, 5%, sākot no 200,00 € un 7%, sākot no 500,00 €",
        "paid": "Samaksāts 38,00 €",
        "earned": "+38 punkti",
        "returned": "Šis čeks ir atgriezts.",
        "piece": "Atgriezts: 1",
        "taken": "38,00 € Atņemts: 38 punkti",
    },
}
FIGURES = """() => [...document.querySelectorAll('.bill-lines .net, .bill-lines .off, .sums dd, .why .got')]
    .map((one) => one.innerText.replace(/[^0-9]+/g, ' ').trim())"""


class Customer:
    """Somebody with a card of a batch and 480.00 of turnover from before the ladder, and what she bought on it."""

    def __init__(self, shop: Shop):
        self.shop = shop
        batch = shop.call("POST", "/v1/cards/batch", {"count": 1000})["cards"]
        self.cards = {one["number"] for one in batch}
        self.card: str = batch[-1]["number"]
        person = {"phone": NUMBER, "name": "Anna Kalniņa", "card": self.card}
        self.member: str = shop.call("POST", "/v1/members", person)["id"]
        for n in range(12):
            self.buy(f"before/{n}")
        made = shop.call("POST", "/v1/promotions", LADDER)
        shop.call("POST", f"/v1/promotions/{made['id']}/publish")

    def buy(self, request: str) -> Any:
        """40.00 of goods, a minute ago; the answer."""
        return self.shop.call("POST", "/v1/purchases", self._basket(request))

    def discount(self) -> int:
        """What the next 40.00 would bring."""
        return self.shop.call("POST", "/v1/purchases/preview", self._basket("next"))["discount"]

    def _basket(self, request: str) -> dict[str, Any]:
        kettle = {"line": 1, "sku": "kettle", "quantity": "1", "unit_price": 4_000, "tax_rate": "0.21"}
        return {"id": request, "store": "teika", "till": "7", "card": self.card, "purchased_at": moment(),
                "currency": "EUR", "lines": [kettle | {"name": "Kettle 1.7 l"}]}  # fmt: skip


def moment() -> str:
    """A minute ago."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))


@pytest.fixture(scope="module")
def customer(shop: Shop) -> Customer:
    """She is made once for the module."""
    return Customer(shop)


@pytest.fixture
def phone(browser: Browser, customer: Customer, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """Her phone, which speaks the test's language."""
    language = getattr(request, "param", "en")
    made = Phone(browser, customer.shop, locale=REGIONS[language].replace("_", "-"))
    made.log_in(NUMBER)
    made.language = language
    yield made
    made.context.close()
    assert made.said == []


def open_receipt(phone: Phone, purchase: str, language: str) -> None:
    """A receipt, which axe has nothing against and which is no wider than the phone."""
    phone.go(f"/receipts/{purchase}?lang={language}")
    axe(phone.page)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.scenario("S1")
@pytest.mark.parametrize("phone", ["en", "lv"], indirect=True)
def test_the_level_before_the_purchase_counts_and_a_return_takes_turnover_and_level_back(
    phone: Phone, customer: Customer
) -> None:
    words = WORDS[phone.language]
    assert customer.discount() == 200
    bought = customer.buy(f"ladder/{phone.language}")
    assert (bought["payable"], customer.discount()) == (3_800, 280)

    phone.go("/receipts")
    phone.page.click(".row >> nth=0")
    phone.page.wait_for_url(f"**/receipts/{bought['id']}")
    open_receipt(phone, bought["id"], phone.language)
    phone.sees(".bill-lines .because", words["discount"])
    phone.sees(".sums .total", words["paid"])
    phone.sees(".why li", words["rungs"])
    phone.sees(".why .got", words["earned"])
    phone.go("/")
    phone.sees(".balance .amount", "518")

    back = {"id": f"back/{phone.language}", "lines": [{"line": 1, "quantity": "1"}], "returned_at": moment()}
    customer.shop.call("POST", f"/v1/purchases/{bought['id']}/returns", back)
    assert customer.discount() == 200
    open_receipt(phone, bought["id"], phone.language)
    phone.sees(".note", words["returned"])
    phone.sees(".bill-lines", words["piece"])
    phone.sees(".why", words["taken"])
    phone.go("/")
    phone.sees(".balance .amount", "480")


@pytest.mark.scenario("S1")
def test_the_same_receipt_in_five_languages_differs_in_words_only(phone: Phone, customer: Customer) -> None:
    bought = customer.buy("five")
    figures, texts = {}, {}
    for language in ("lv", "ru", "en", "et", "hu"):
        open_receipt(phone, bought["id"], language)
        assert phone.page.get_attribute("html", "lang") == language
        phone.sees(".bill-lines .because", LADDER["names"].get(language, LADDER["name"]))
        figures[language] = phone.page.evaluate(FIGURES)
        texts[language] = phone.page.inner_text("main")
    # The line before and after, what came off, the three sums, and of both benefits what they brought.
    same = ["40 00 38 00", "2 00", "40 00", "2 00", "38 00", "2 00", "38"]
    assert figures == dict.fromkeys(texts, same)
    assert len(set(texts.values())) == 5


@pytest.mark.scenario("S1")
def test_a_card_of_a_batch_of_a_thousand_is_on_the_phone_and_is_scanned_off_it(
    phone: Phone, customer: Customer
) -> None:
    assert len(customer.cards) == 1000
    phone.sees(".pass-number", " ".join(customer.card[place : place + 4] for place in range(0, 16, 4)))
    phone.page.click(".pass-code")
    phone.page.wait_for_selector("dialog.at-till[open]")
    assert codes_on(phone.page.locator("dialog .code-qr svg").screenshot()) == [customer.card]
