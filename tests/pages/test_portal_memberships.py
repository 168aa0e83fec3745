"""What a member collects and has paid for ahead, on her own pages."""

from __future__ import annotations

from regulars.db.pool import Database
from tests.api.conftest import Api, shop
from tests.api.shop import buy, publish, record
from tests.api.test_memberships import act, begin, plan
from tests.api.test_packs import bought, on_sale, used
from tests.api.test_stamps import CURRENCY, READY, coffees
from tests.pages.portal import portal_of, words

__all__ = ["shop"]


async def stamp_promotions(api: Api) -> None:
    await api.post("/v1/currencies", CURRENCY)
    for code in ("stamps", "coffee-for-stamps"):
        await publish(api, READY[code], "unlimited_gain", "unknown_goods")


async def test_she_sees_her_stamps_her_pack_and_her_membership(shop: Api, database: Database) -> None:
    await stamp_promotions(shop)
    await on_sale(shop)
    await plan(shop, texts={"en": "Beans at a price of your own."})
    portal = await portal_of(shop, database)
    await record(shop, buy("r-1", portal.card, coffees(3)))
    await bought(shop, portal.member)
    await used(shop, portal.member, 4)
    await begin(shop, portal.member)

    page = (await portal.get("/memberships")).text
    said = words(page)

    assert page.count('class="full"') == 3
    assert "3 of 9 stamps" in said
    assert "Bean Club €30.00 a month Beans at a price of your own. Paid until 31 Mar 2026" in said
    assert "Ten massages until 31 Mar 2026" in said
    assert "6 of 10 visits left" in said
    assert "What there is" not in said


async def test_she_ends_it_with_the_period_herself_and_nobody_elses(shop: Api, database: Database) -> None:
    await plan(shop)
    anna, other = await portal_of(shop, database), await portal_of(shop, database, "Ieva Ozola")
    one = (await begin(shop, anna.member))["id"]

    refused = await other.post(f"/memberships/{one}/end", "/memberships")
    ended = await anna.post(f"/memberships/{one}/end", "/memberships")
    again = await anna.post(f"/memberships/{one}/end", "/memberships")
    page = words((await anna.get("/memberships?said=membership_ends")).text)

    assert refused.status_code == 404
    assert (ended.status_code, again.status_code) == (303, 303)
    assert "It ends with the period that is paid." in page
    assert "Ends on 31 Mar 2026" in page
    assert "End it with the period" not in page


async def test_a_full_stamp_card_says_that_it_counts_by_itself_and_what_waits_to_be_paid(
    shop: Api, database: Database
) -> None:
    await stamp_promotions(shop)
    await plan(shop, trial_days=7)
    portal = await portal_of(shop, database)
    await record(shop, buy("r-1", portal.card, coffees(9)))
    made = await begin(shop, portal.member)
    await act(shop, made["id"], "pauses")

    said = words((await portal.get("/memberships")).text)

    assert "The card is full: it counts at the till by itself" in said
    assert "Paused; the days that are paid stand still" in said


async def test_a_program_without_any_of_it_shows_no_corner(shop: Api, database: Database) -> None:
    portal = await portal_of(shop, database)
    before = words((await portal.get("/offers")).text)
    await plan(shop)

    assert "Memberships and packs" not in before
    assert "Memberships and packs" in words((await portal.get("/offers")).text)
    assert "What there is Bean Club" in words((await portal.get("/memberships")).text)
