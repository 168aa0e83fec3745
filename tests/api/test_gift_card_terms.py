"""How gift cards are sold where their sale does not say: until when their money lasts, and how it is taxed."""

from __future__ import annotations

from tests.api.conftest import Api
from tests.api.shop import buy, line, record, refused, set_clock, settle
from tests.api.test_gift_cards import by_card, on, sell


async def test_a_card_is_sold_as_the_settings_say_unless_its_sale_says_otherwise(shop: Api) -> None:
    await settle(shop, gift_cards={"valid_days": 30, "tax_percent": "21"})

    plain = await sell(shop, 1000)
    said = await sell(shop, 1000, purpose="multi", expires_at="2027-01-01T00:00:00+02:00")

    assert (plain["purpose"], plain["tax_rate"]) == ("single", "0.21")
    assert plain["expiring"] == [{"amount": 1000, "at": "2026-03-31T21:00:00Z"}]
    assert (said["purpose"], said["tax_rate"]) == ("multi", None)
    assert said["expiring"] == [{"amount": 1000, "at": "2026-12-31T22:00:00Z"}]


async def test_such_a_card_pays_for_goods_of_its_tax_until_its_day_is_over(shop: Api) -> None:
    await settle(shop, gift_cards={"valid_days": 30, "tax_percent": "21"})
    card = await sell(shop, 1000)
    lines = [line(1, 300, tax_rate="0.21"), line(2, 300, tax_rate="0.12")]
    paid = await record(shop, buy("r-1", None, lines, **by_card(card["code"], "max")))
    assert (paid["paid_with_gift_cards"], paid["spent"][0]["tax_within"]) == (300, 52)

    await set_clock(shop, "2026-03-31T23:59:00+03:00")
    last = await on(shop, card["code"])
    await set_clock(shop, "2026-04-01T00:00:00+03:00")

    assert (last, await on(shop, card["code"])) == (("active", 700, 0), ("empty", 0, 0))


async def test_money_that_is_put_on_later_lasts_as_long(shop: Api) -> None:
    card = await sell(shop, 1000)
    await settle(shop, gift_cards={"valid_days": 10})
    more = await shop.post("/v1/gift-cards/top-up", {"code": card["code"], "amount": 500})
    assert more.json()["expiring"] == [{"amount": 500, "at": "2026-03-11T22:00:00Z"}]


async def test_what_is_no_rate_or_no_time_is_refused_and_nothing_changes(shop: Api) -> None:
    for wrong in ({"tax_percent": "twenty"}, {"valid_days": 0}, {"tax": "21"}):
        answer = await shop.call("PATCH", "/v1/program", {"settings": {"gift_cards": wrong}})
        assert answer.status_code == 422, wrong
    kept = (await shop.get("/v1/program")).json()["settings"]["gift_cards"]
    assert kept == {"valid_days": None, "tax_percent": ""}
    half = await shop.post("/v1/gift-cards", {"amount": 500, "purpose": "single"})
    assert refused(half) == (422, "invalid_value", "/tax_rate")
