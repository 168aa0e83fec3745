"""A cashier sells a pack of coffees with the receipt, uses one of them, and takes the line back."""

from __future__ import annotations

import pytest

from tests.browser.conftest import COFFEE, Shop, Till, axe

PACK = "4750000000990"


@pytest.fixture(scope="module")
def selling(shop: Shop) -> Shop:
    """A program whose article `ten-coffees` is a pack of ten."""
    names = {"en": {"one": "coffee", "other": "coffees"}}
    shop.call("POST", "/v1/currencies", {"code": "CUPS", "kind": "visits", "worth": "0", "names": names})
    pack = {
        "names": {"en": "Ten coffees", "lv": "Desmit kafijas"}, "currency": "CUPS", "visits": 10, "price": 1800,
        "sku": "ten-coffees",
    }  # fmt: skip
    shop.call("PUT", "/v1/packs/coffees", pack)
    product = {
        "sku": "ten-coffees", "barcode": PACK, "name": "Ten coffees at the counter", "price": 1800,
        "categories": ["packs"], "tax_rate": "0.21",
    }  # fmt: skip
    shop.call("POST", "/v1/products", {"products": [product]})
    return shop


def packs(shop: Shop, member: str) -> list[tuple[int, int]]:
    """What is left of each pack of a member, and what was paid for it."""
    found = shop.call("GET", f"/v1/members/{member}/packs")["items"]
    return [(one["left"], one["price"]) for one in found]


def test_a_pack_is_sold_with_the_receipt_once_and_used_at_the_till(selling: Shop, till: Till) -> None:
    _, card, member = selling.member("Paula Pakalniņa")
    till.buy(PACK)
    till.due("€18.00")
    till.sees("body", "find her first")
    till.scan(card)
    till.sees("#customer-name", "Paula")
    till.due("€18.00")
    assert till.page.locator("#hold").is_disabled()
    till.press("F9", "F9")
    till.sees("#view-done .gift-sold", "Ten coffees")
    till.sees("#view-done .gift-sold", "10 coffees")
    axe(till.page)
    till.page.reload()
    till.sees("#view-done .gift-sold", "10 coffees")
    assert packs(selling, member) == [(10, 1800)]
    till.press("Enter")

    till.scan(card)
    till.sees("#visits", "10 coffees")
    use = till.page.locator("#visits button")
    use.click()
    till.sees("#visits", "Press again")
    use.click()
    till.sees("#visits", "9 coffees")
    axe(till.page)
    assert packs(selling, member) == [(9, 1800)]
    till.buy(COFFEE)
    assert till.page.locator("#visits").is_visible()
