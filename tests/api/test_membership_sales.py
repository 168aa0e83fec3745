"""A till sells a membership: the line of a receipt pays for a period, once, and a return of it pays the days back.
A plan gives a tier while it runs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import (
    buy,
    giving_back,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    take_back,
)
from tests.api.test_accounts import assert_the_books_are_in_order
from tests.api.test_memberships import act, begin, clubs, plan, standing
from tests.api.tiers import BY_SPENDING, put_ladder, spend, tier

PRICE = 3_000


@pytest.fixture
async def seller(shop: Api) -> Api:
    """A program whose article `bean-club` is a month of the plan `beans`."""
    await plan(shop, sku="bean-club")
    return shop


def plan_line(number: int = 1, price: int = PRICE, **more: Any) -> dict[str, Any]:
    """The line of a month."""
    return line(number, price, sku="bean-club", name="Bean Club, a month", **more)


async def sell(api: Api, member: str, purchase: str, number: int = 1, **options: Any) -> httpx.Response:
    """A till asks for the month of a line."""
    body = {"plan": "beans", "purchase": purchase, "line": number}
    return await api.post(f"/v1/members/{member}/memberships", body, scope="till", **options)


async def sold(api: Api, request: str = "r-1", card: str | None = None) -> tuple[str, str, str, str]:
    """A member, her card, her receipt with a coffee and a month, and the membership."""
    member = ""
    if card is None:
        member, card = await member_with_card(api)
    else:
        member = (await api.post("/v1/members/find", {"card": card})).json()["id"]
    receipt = (await record(api, buy(request, card, [line(1, 300), plan_line(2)])))["id"]
    made = await sell(api, member, receipt, 2)
    assert made.status_code == 201, made.text
    return member, card, receipt, made.json()["id"]


async def test_half_a_month_does_not_come_back(seller: Api) -> None:
    _, _, receipt, membership = await sold(seller)
    half = giving_back("b-1", (2, "0.5"))
    answer = await seller.post(f"/v1/purchases/{receipt}/returns", half, scope="till")
    assert refused(answer) == (422, "invalid_value", "/lines/0/quantity")
    assert (await standing(seller, membership))[0] == "active"


async def test_the_line_pays_for_one_period_at_what_was_paid(seller: Api) -> None:
    tenth_off = {
        "name": "A tenth off", "group": "basket", "benefits": [{"kind": "basket_percent", "percent": "10"}],
    }  # fmt: skip
    await publish(seller, tenth_off)
    member, card = await member_with_card(seller)
    receipt = (await record(seller, buy("r-1", card, [line(1, 300), plan_line(2)])))["id"]

    made = await sell(seller, member, receipt, 2, key="m-1")
    same = await sell(seller, member, receipt, 2, key="m-1")
    again = await sell(seller, member, receipt, 2)

    assert made.json() == same.json()
    assert (made.json()["paid"], made.json()["until_day"]) == (2_700, "2026-04-01")
    assert refused(again)[:2] == (409, "state_conflict")
    steps = (await seller.get(f"/v1/memberships/{made.json()['id']}")).json()["steps"]
    assert [(one["act"], one["amount"], one["reference"]) for one in steps] == [
        ("started", 2_700, f"{receipt}/2")
    ]
    assert await clubs(seller, member) == ["beans"]


async def test_a_line_for_a_plan_that_she_has_pays_for_its_next_period(seller: Api) -> None:
    member, card, _, membership = await sold(seller)

    receipt = (await record(seller, buy("r-2", card, [plan_line()])))["id"]
    renewed = (await sell(seller, member, receipt)).json()
    third = (await record(seller, buy("r-3", card, [plan_line()])))["id"]

    assert (renewed["id"], renewed["from_day"], renewed["until_day"]) == (
        membership, "2026-04-01", "2026-05-01")  # fmt: skip
    assert refused(await sell(seller, member, third))[:2] == (409, "state_conflict")


async def test_only_a_line_of_hers_that_was_paid_sells_one(seller: Api) -> None:
    (anna, card), (zane, _) = await member_with_card(seller), await member_with_card(seller)
    hers = (await record(seller, buy("r-1", card, [line(1, PRICE), plan_line(2)])))["id"]
    held = (await record(seller, buy("r-2", card, [plan_line()], hold=True)))["id"]

    assert refused(await sell(seller, zane, hers, 2)) == (422, "invalid_value", "/purchase")
    assert refused(await sell(seller, anna, hers, 1)) == (422, "invalid_value", "/line")
    assert refused(await sell(seller, anna, held))[:2] == (409, "state_conflict")
    assert (await seller.get(f"/v1/members/{anna}/memberships")).json()["items"] == []
    confirmed = await seller.post(f"/v1/purchases/{held}/confirm", {}, scope="till")
    assert confirmed.status_code == 200, confirmed.text
    assert (await sell(seller, anna, held)).status_code == 201


async def test_a_till_sells_a_plan_with_an_article_only_for_a_receipt(seller: Api) -> None:
    await plan(seller, "big", sku="big-club")
    member, _ = await member_with_card(seller)
    path = f"/v1/members/{member}/memberships"
    paid = {"plan": "beans", "reference": "r-9"}

    assert refused(await seller.post(path, paid, scope="till")) == (422, "invalid_value", "/purchase")
    half = {"plan": "beans", "line": 1}
    assert refused(await seller.post(path, half, scope="till")) == (422, "invalid_value", "/line")
    made = await begin(seller, member)  # the operator answers for it
    acts = f"/v1/memberships/{made['id']}"
    renewal = await seller.post(f"{acts}/renewals", {"reference": "r-9"}, scope="till")
    change = await seller.post(f"{acts}/changes", {"plan": "big", "reference": "r-9"}, scope="till")
    assert refused(renewal) == refused(change) == (422, "invalid_value", "/purchase")
    assert await standing(seller, made["id"]) == ("active", "2026-04-01")


async def test_an_article_is_one_thing_that_is_sold(seller: Api) -> None:
    body = {"names": {"lv": "Cits"}, "price": 100, "period": "year", "club": "other", "sku": "bean-club"}
    other = await seller.call("PUT", "/v1/membership-plans/other", body)
    await seller.post("/v1/currencies", {"code": "MASSAGE", "kind": "visits", "worth": "0"})
    pack = {"names": {"lv": "Desmit"}, "currency": "MASSAGE", "visits": 10, "price": 900, "sku": "bean-club"}
    as_pack = await seller.call("PUT", "/v1/packs/ten", pack)

    assert refused(other) == refused(as_pack) == (422, "contradictory_configuration", "/sku")
    assert [one["code"] for one in (await seller.get("/v1/membership-plans")).json()["items"]] == ["beans"]


async def test_a_return_of_the_line_pays_back_the_days_that_are_left(seller: Api, database: Database) -> None:
    member, _, receipt, membership = await sold(seller)
    await set_clock(seller, "2026-03-10T12:00:00+03:00")

    back = giving_back("b-1", (2, "1"), returned_at="2026-03-10T12:00:00+03:00")
    foreseen = (await seller.post(f"/v1/purchases/{receipt}/returns/preview", back, scope="till")).json()
    assert await standing(seller, membership) == ("active", "2026-04-01")
    done = (await seller.post(f"/v1/purchases/{receipt}/returns", back, scope="till")).json()

    kept = PRICE - 2_032  # 21 of 31 days are left: 2032.258…
    expected = {
        "membership": membership, "plan": "beans", "state": "ended", "until_day": "2026-04-01", "kept_back": kept,
    }  # fmt: skip
    assert done["memberships_back"] == foreseen["memberships_back"] == [expected]
    assert (done["money_back"], done["net"]) == (2_032, PRICE)
    assert foreseen["money_back"] == done["money_back"]
    assert await standing(seller, membership) == ("ended", "2026-04-01")
    assert await clubs(seller, member) == []
    await assert_the_books_are_in_order(seller, database)


async def test_a_period_that_has_not_begun_comes_back_whole_and_the_present_one_goes_on(seller: Api) -> None:
    member, card, first, membership = await sold(seller)
    _, _, second, _ = await sold(seller, "r-2", card)
    early = await seller.post(f"/v1/purchases/{first}/returns", giving_back("b-0", (2, "1")), scope="till")

    done = await take_back(seller, second, "b-1", (2, "1"))
    after = (*await standing(seller, membership), await clubs(seller, member))
    renewed = await act(seller, membership, "renewals", reference="cash")
    ended = await act(seller, membership, "cancellations", when="now")

    assert refused(early)[:2] == (409, "state_conflict")
    assert done["money_back"] == PRICE
    assert done["memberships_back"][0] | {"membership": ""} == {
        "membership": "", "plan": "beans", "state": "active", "until_day": "2026-04-01", "kept_back": 0,
    }  # fmt: skip
    assert after == ("active", "2026-04-01", ["beans"])
    assert renewed["until_day"] == "2026-05-01"
    assert (
        ended["refund"] == 2_903 + PRICE
    )  # 30 of 31 days of March, and April: what came back is not paid twice


async def test_what_was_paid_back_or_went_over_to_another_plan_is_kept_whole(seller: Api) -> None:
    await plan(seller, "big", price=9_000, club="big")
    _, card, first, membership = await sold(seller)
    ended = await act(seller, membership, "cancellations", when="now")
    _, _, second, other = await sold(seller, "r-2", card)
    await act(seller, other, "changes", plan="big", reference="cash")

    backs = [await take_back(seller, one, f"b-{one}", (2, "1")) for one in (first, second)]

    assert ended["refund"] == 2_903
    assert [one["money_back"] for one in backs] == [0, 0]
    assert [one["memberships_back"][0]["kept_back"] for one in backs] == [PRICE, PRICE]
    assert await standing(seller, other) == ("active", "2026-04-01")


async def test_a_receipt_is_voided_on_its_day_and_taken_back_later(seller: Api) -> None:
    _, card, first, membership = await sold(seller)
    voided = await seller.post(f"/v1/purchases/{first}/void", {}, scope="till")
    after = await standing(seller, membership)
    member, _, second, other = await sold(seller, "r-2", card)
    await set_clock(seller, "2026-03-02T12:00:00+03:00")
    late = await seller.post(f"/v1/purchases/{second}/void", {}, scope="till")

    assert voided.status_code == 200, voided.text
    assert after == ("ended", "2026-04-01")
    steps = (await seller.get(f"/v1/memberships/{membership}")).json()["steps"]
    assert [(one["act"], one["amount"]) for one in steps] == [("started", PRICE), ("refunded", PRICE)]
    assert refused(late)[:2] == (409, "state_conflict")
    assert (await standing(seller, other), await clubs(seller, member)) == (
        ("active", "2026-04-01"),
        ["beans"],
    )


# the tier that a plan gives


async def test_a_plan_gives_a_tier_while_it_runs(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    await plan(shop, club=None, tier="status/silver")
    member, _ = await member_with_card(shop)

    made = await begin(shop, member)
    begun = await tier(shop, member)
    await set_clock(shop, "2026-03-20T12:00:00+03:00")
    await act(shop, made["id"], "renewals", reference="r-2")
    renewed = await tier(shop, member)
    await act(shop, made["id"], "pauses")
    paused = await tier(shop, member)
    await act(shop, made["id"], "resumptions")
    resumed = await tier(shop, member)
    await act(shop, made["id"], "cancellations", when="now")

    assert begun == ("silver", "2026-04-05T21:00:00Z")  # with the days of grace
    assert renewed == resumed == ("silver", "2026-05-05T21:00:00Z")
    assert paused == await tier(shop, member) == ("bronze", None)
    history = (await shop.get(f"/v1/members/{member}/tier-changes")).json()["items"]
    assert [(one["tier"], one["reason"]) for one in history] == [
        ("bronze", "membership_over"), ("silver", "membership"), ("bronze", "membership_over"),
        ("silver", "kept"), ("silver", "membership"),
    ]  # fmt: skip


async def test_what_she_reached_is_hers_beside_the_tier_of_the_plan(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    await plan(shop, club=None, tier="status/gold")
    await plan(shop, "small", club=None, tier="status/silver")
    member, card = await member_with_card(shop)
    await spend(shop, "s-1", card, 12_000)
    own = await tier(shop, member)

    made = await begin(shop, member)
    given = (await tier(shop, member))[0]
    await act(shop, made["id"], "cancellations", when="now")
    back = await tier(shop, member)
    small = await begin(shop, member, plan="small")
    no_lower = await tier(shop, member)
    await act(shop, small["id"], "cancellations", when="now")

    assert own[0] == "silver"
    assert given == "gold"
    assert back == no_lower == await tier(shop, member) == own


async def test_a_higher_tier_that_comes_back_falls_to_that_of_the_plan(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    await plan(shop, club=None, tier="status/silver")
    member, card = await member_with_card(shop)
    made = await begin(shop, member)
    gold = (await spend(shop, "s-1", card, 30_000))["id"]
    climbed = (await tier(shop, member))[0]
    await act(shop, made["id"], "renewals", reference="r-2")  # remembered beneath it

    await take_back(shop, gold, "b-1", (1, "1"))
    fallen = await tier(shop, member)
    await act(shop, made["id"], "cancellations", when="now")

    assert climbed == "gold"
    assert fallen == ("silver", "2026-05-05T21:00:00Z")
    assert await tier(shop, member) == ("bronze", None)


async def test_a_tier_beneath_another_is_gone_with_its_membership(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    await plan(shop, club=None, tier="status/silver")
    member, card = await member_with_card(shop)
    made = await begin(shop, member)
    gold = (await spend(shop, "s-1", card, 30_000))["id"]
    await act(shop, made["id"], "cancellations", when="now")

    await take_back(shop, gold, "b-1", (1, "1"))

    assert await tier(shop, member) == ("bronze", None)


async def test_a_plan_with_a_tier_that_is_not_there_is_refused(shop: Api) -> None:
    body = {"names": {"lv": "Zelts"}, "price": 100, "period": "year", "tier": "status/gold"}
    made = await shop.call("PUT", "/v1/membership-plans/gold", body)
    assert refused(made) == (422, "contradictory_configuration", "/tier")
    assert (await shop.get("/v1/membership-plans")).json()["items"] == []
