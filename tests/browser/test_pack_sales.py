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


PLAN = "4750000000983"


def test_a_membership_is_sold_with_the_receipt_and_asked_about_before_it_is_paid(
    shop: Shop, till: Till
) -> None:
    plan = {
        "names": {"en": "Bean Club", "lv": "Pupiņu klubs"}, "price": 3000, "period": "month", "club": "beans",
        "sku": "bean-club",
    }  # fmt: skip
    shop.call("PUT", "/v1/membership-plans/beans", plan)
    product = {
        "sku": "bean-club",
        "barcode": PLAN,
        "name": "Bean Club, a month",
        "price": 3000,
        "categories": ["packs"],
    }
    shop.call("POST", "/v1/products", {"products": [product]})
    _, card, member = shop.member("Berta Bērziņa")
    till.page.reload()

    till.buy(PLAN)
    till.sees("body", "A membership is sold to a customer")
    till.scan(card)
    till.sees("#customer-name", "Berta")
    till.due("€30.00")
    till.press("F9", "F9")
    till.sees("#view-done .gift-sold", "Bean Club")
    till.sees("#view-done .gift-sold", "paid until")
    axe(till.page)
    till.press("Enter")

    till.scan(card)
    till.sees("#customer-name", "Berta")
    till.buy(PLAN)
    till.due("€30.00")
    till.press("F9", "F9")
    till.sees("#view-done .gift-sold", "Bean Club")
    till.press("Enter")

    till.scan(card)
    till.sees("#customer-name", "Berta")
    till.buy(PLAN)
    till.sees("#next-label", "cannot be paid for now")
    (one,) = shop.call("GET", f"/v1/members/{member}/memberships")["items"]
    assert (one["state"], one["plan"]) == ("active", "beans")
