"""A cashier's day in a real browser, by scanner and keyboard alone; every figure to the cent."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Route

from tests.browser.conftest import APPLES, BALSAM, BREAD, COFFEE, MILK, Shop, Till


def test_a_new_customer_is_enrolled_buys_and_takes_one_thing_back(till: Till, shop: Shop) -> None:
    till.press("F4")
    till.type("26 555 111")
    till.press("Enter")
    till.sees("#enrol-title", "26 555 111 is not a member yet")
    till.type("Līga")
    till.press("Enter")
    till.sees("#customer-name", "Līga")
    till.sees("#customer-balance", "0 points")

    till.buy(COFFEE)
    till.type("3*")
    till.buy(MILK)
    till.type("0,325*")
    till.buy(APPLES)

    # 6.99 − 15 % (1.05) + 3 × 1.19 + 0.325 × 1.49 (0.48) = 9.99
    till.due("€9.99")
    till.sees("#totals", "€11.04")
    till.sees("#totals", "−€1.05")
    till.sees("#benefits", "+9 points for this purchase")

    till.press("F9")
    till.type("20")
    till.sees("#change", "€10.01")
    till.press("Enter")
    till.sees("#view-done", "Change to give: €10.01")
    till.sees("#view-done", "+9 points")
    receipt = till.page.locator("#view-done .paper footer span").first.text_content()
    assert receipt

    till.press("Enter")
    till.press("PageDown")
    till.page.wait_for_selector("#receipt-number")
    till.scan(receipt)
    till.sees("#view-receipts", "What comes back?")
    till.scan(MILK)
    # a third of the milk's 3.57, and a third of its 3 points
    till.sees("#next", "Pay back €1.19")
    till.sees("#return-sums", "−1 point")
    till.press("F9")
    till.sees("#view-receipts", "Return recorded")

    found = shop.call("POST", "/v1/members/find", {"phone": "+37126555111"})
    assert shop.balance(found["id"]) == 8
    kept = shop.call("GET", "/v1/purchases", request=receipt)["items"]
    assert [(one["status"], one["payable"]) for one in kept] == [("partly_returned", 999)]


def test_a_card_is_scanned_in_any_field_and_points_pay_a_part(till: Till, shop: Shop) -> None:
    _, card, member = shop.member("Jānis Bērziņš", points=500)
    till.buy(BREAD)
    till.type("rye")  # the search field is in use when the card comes
    till.scan(card)

    till.sees("#customer-name", "Jānis")
    till.sees("#customer-balance", "500 points")
    assert till.page.input_value("#entry") == "rye"
    till.press("Escape")
    till.press("F8")
    till.type("100")
    till.press("Enter")

    till.due("€0.89")
    till.sees("#spend-on", "100 points = €1.00")
    till.press("F9", "Enter")
    till.sees("#view-done", "Balance now")
    assert shop.balance(member) == 400


def test_points_without_a_proof_are_refused_in_words_and_the_price_stays(till: Till, shop: Shop) -> None:
    phone, _, member = shop.member("Kristīne Liepa", points=500)
    till.press("F4")
    till.type(phone)
    till.press("Enter")
    till.sees("#customer-name", "Kristīne")
    till.buy(BREAD)
    till.press("F8")
    till.press("Enter")

    till.sees("#spend-refused", "Points need a proof here.")
    till.sees("#due-amount", "€1.89")
    assert till.page.is_disabled("#next")
    assert shop.balance(member) == 500


def test_a_receipt_is_put_aside_while_another_is_served_and_then_paid(till: Till, shop: Shop) -> None:
    _, card, member = shop.member("Pēteris Kalns")
    till.buy(BALSAM)
    till.scan(card)
    till.sees("#customer-name", "Pēteris")
    till.due("€12.90")
    till.press("Insert")
    till.sees("#said", "The receipt was put aside.")
    assert shop.balance(member) == 0

    till.buy(MILK)
    till.due("€1.19")
    till.press("F9", "Enter")
    till.sees("#view-done", "€1.19")
    till.press("Enter")

    till.press("PageUp")
    till.sees("#view-held .row", "Pēteris")
    till.press("Enter")
    till.sees("#next", "Paid €12.90")
    till.press("F9")
    till.sees("#view-done", "+12 points")
    assert shop.balance(member) == 12


def test_a_receipt_put_aside_can_be_changed(till: Till, shop: Shop) -> None:
    till.buy(BREAD)
    till.press("Insert")
    till.sees("#said", "The receipt was put aside.")
    till.press("PageUp")
    till.page.locator("#view-held .row").first.press("Enter")
    till.page.get_by_role("button", name="Change it").press("Enter")
    till.sees("#lines", "Rye bread")
    till.buy(MILK)
    till.due("€3.08")


def test_a_lost_answer_is_sent_again_and_recorded_once(till: Till, shop: Shop) -> None:
    sent: list[Any] = []

    def lose_first_answer(route: Route) -> None:
        sent.append(route.request.post_data_json)
        if len(sent) == 1:
            route.fetch()  # the server did it; the till never hears of it
            route.abort()
        else:
            route.continue_()

    till.page.route("**/v1/purchases", lose_first_answer)
    till.buy(BALSAM)
    till.due("€12.90")
    till.press("F9", "Enter")
    till.sees("#said", "No answer from the server.")
    till.press("PageUp")  # nothing else can be begun before this is settled
    assert till.page.is_visible("#unsure")
    till.press("F9")
    till.sees("#view-done", "Recorded")

    assert sent[0] == sent[1]
    assert len(shop.call("GET", "/v1/purchases", request=sent[0]["id"])["items"]) == 1


def test_a_purchase_without_an_answer_survives_a_reload(till: Till, shop: Shop) -> None:
    sent: list[Any] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.abort()

    till.page.route("**/v1/purchases", lose)
    till.buy(MILK)
    till.due("€1.19")
    till.press("F9", "Enter")
    till.sees("#said", "No answer from the server.")
    till.page.unroute("**/v1/purchases")
    till.page.reload()

    till.sees("#view-done", "Recorded")
    assert shop.call("GET", "/v1/purchases", request=sent[0]["id"])["items"][0]["payable"] == 119


def test_a_price_that_changed_is_shown_and_asked_again(till: Till, shop: Shop) -> None:
    till.buy(APPLES)
    till.due("€1.49")
    document = {
        "name": "Apple hour",
        "group": "items",
        "benefits": [{"kind": "line_percent", "percent": "10", "goods": {"skus": ["apples"]}}],
    }
    made = shop.call("POST", "/v1/promotions", document)
    shop.call("POST", f"/v1/promotions/{made['id']}/publish")
    try:
        till.press("F9", "Enter")
        till.sees("#said", "The sum changed: now €1.34, before €1.49.")
        till.sees("#pay-amount", "€1.34")
        till.press("Enter")
        till.sees("#view-done", "€1.34")
    finally:
        shop.call("POST", f"/v1/promotions/{made['id']}/stop")


def test_a_reload_loses_nothing_and_the_keyboard_changes_the_receipt(till: Till) -> None:
    till.buy(COFFEE, BREAD, MILK)
    till.due("€9.02")
    till.page.reload()
    till.due("€9.02")
    till.press("ArrowUp")
    till.press("-")  # away with the bread
    till.due("€7.13")
    till.type("2*")
    till.press("Enter")
    till.sees("#lines .chosen", "2 ×")


def test_a_code_that_is_no_product_is_said_and_adds_nothing(till: Till) -> None:
    till.scan("4750000099999")
    till.sees("#said", "No product has the code 4750000099999.")
    assert till.page.is_visible("#lines-empty")
    assert till.page.input_value("#entry") == ""


def test_goods_are_found_by_name_and_chosen_by_arrows(till: Till) -> None:
    till.type("cu")
    till.sees("#found", "Black currant balsam")
    till.press("Enter")
    till.due("€12.90")


def test_a_purchase_is_undone_within_two_presses(till: Till, shop: Shop) -> None:
    _, card, member = shop.member("Anna Zariņa")
    till.scan(card)
    till.sees("#customer-name", "Anna")
    till.buy(BALSAM)
    till.press("F9", "Enter")
    till.sees("#view-done", "+12 points")
    undo = till.page.get_by_role("button", name="Undo the purchase")
    undo.press("Enter")
    till.page.get_by_role("button", name="Press again to undo").press("Enter")
    till.sees("#said", "The purchase was undone.")
    assert shop.balance(member) == 0


def test_a_return_without_an_answer_survives_a_reload_and_is_recorded_once(till: Till, shop: Shop) -> None:
    till.buy(BALSAM)
    till.press("F9", "Enter")
    till.sees("#view-done", "Recorded")
    receipt = till.page.locator("#view-done .paper footer span").first.text_content()
    assert receipt
    sent: list[Any] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fetch()
        route.abort()

    till.page.route("**/returns", lose)
    till.scan(receipt)
    till.sees("#view-receipts", "What comes back?")
    till.scan(BALSAM)
    till.sees("#next", "Pay back €12.90")
    till.press("F9")
    till.sees("#said", "No answer from the server.")
    till.press("F2")  # nothing else can be begun before this is settled
    assert till.page.is_visible("#return-lines")
    till.page.unroute("**/returns")
    till.page.reload()

    till.sees("#view-receipts", "Return recorded")
    kept = shop.call("GET", "/v1/purchases", request=receipt)["items"][0]
    assert kept["status"] == "returned"
    assert len(shop.call("GET", f"/v1/purchases/{kept['id']}")["returns"]) == 1
