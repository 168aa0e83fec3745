"""The rights that a paid membership brings: given with each payment, resting in a pause, gone when it is paid back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.rewards import entitlement_book
from regulars.rewards.entitlement_book import Given
from tests.api.conftest import START, Api
from tests.api.entitled import LOUNGE, book, come, entitle, left
from tests.api.entitled import act as on_visit
from tests.api.shop import buy, member_with_card, record, refused, set_clock, take_back
from tests.api.test_membership_sales import plan_line, sell
from tests.api.test_memberships import NOON, act, begin, plan
from tests.api.test_merging import merge

RIGHTS: dict[str, Any] = {"rights": [{"code": "lounge", "uses": 5}]}
PRICE = 3_000


@pytest.fixture
async def lounge(shop: Api) -> Api:
    """A program where a month of `beans` brings five visits of the lounge, and is an article."""
    await entitle(shop, {**LOUNGE, "quotas": []})
    await plan(shop, sku="bean-club", **RIGHTS)
    return shop


async def visit(api: Api, member: str, times: int = 1) -> None:
    """Visits of the lounge, which must succeed."""
    for _ in range(times):
        came = await come(api, member)
        assert came.status_code == 201, came.text


async def visits_left(api: Api, member: str) -> int:
    """Visits that she has now; 0 also where the lounge is not in her list at all."""
    items = (await api.get(f"/v1/members/{member}/entitlements")).json()["items"]
    return sum(one["left"] for one in items if one["code"] == "lounge")


async def bought(api: Api, request: str, member: str, card: str) -> str:
    """A receipt with a month, which a till sells her; the receipt."""
    receipt = (await record(api, buy(request, card, [plan_line()])))["id"]
    made = await sell(api, member, receipt)
    assert made.status_code == 201, made.text
    return receipt


async def test_a_period_that_is_bought_again_after_its_return_brings_its_rights_again(lounge: Api) -> None:
    member, card = await member_with_card(lounge)
    await bought(lounge, "r-1", member, card)
    second = await bought(lounge, "r-2", member, card)
    with_two = await left(lounge, member)
    await take_back(lounge, second, "b-2", (1, "1"))
    with_one = await left(lounge, member)
    third = await bought(lounge, "r-3", member, card)
    again = await left(lounge, member)
    await take_back(lounge, third, "b-3", (1, "1"))

    assert (with_two, with_one, again) == (10, 5, 10)
    assert await left(lounge, member) == 5


async def test_the_rights_of_another_plan_are_given_on_the_day_of_the_first_one(lounge: Api) -> None:
    await plan(lounge, "big", price=9_000, club="big", rights=[{"code": "lounge", "uses": 8}])
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    await visit(lounge, member)

    await act(lounge, made["id"], "changes", plan="big", reference="r-2")

    assert await left(lounge, member) == 8


async def test_rights_rest_in_a_pause_and_what_was_left_of_them_goes_on_with_the_days(lounge: Api) -> None:
    member, _ = await member_with_card(lounge)
    made = await begin(lounge, member)
    await visit(lounge, member, 2)
    await set_clock(lounge, NOON.format("03-10"))

    await act(lounge, made["id"], "pauses")
    resting = refused(await come(lounge, member))
    await set_clock(lounge, NOON.format("05-20"))
    await act(lounge, made["id"], "resumptions")
    resumed = await left(lounge, member)
    await act(lounge, made["id"], "pauses")
    await act(lounge, made["id"], "resumptions")
    twice = await left(lounge, member)
    await set_clock(lounge, NOON.format("06-10"))
    await visit(lounge, member)
    last_day = await left(lounge, member)
    await act(lounge, made["id"], "cancellations", when="now")

    assert resting[:2] == (409, "not_entitled")
    assert (resumed, twice, last_day) == (3, 3, 2)
    assert refused(await come(lounge, member))[:2] == (409, "not_entitled")


async def test_a_period_that_comes_back_in_a_pause_brings_nothing_afterwards(lounge: Api) -> None:
    member, card = await member_with_card(lounge)
    made = await begin(lounge, member)
    second = await bought(lounge, "r-2", member, card)
    await visit(lounge, member)

    await act(lounge, made["id"], "pauses")
    await take_back(lounge, second, "b-2", (1, "1"))
    await act(lounge, made["id"], "resumptions")

    assert await left(lounge, member) == 4


async def test_a_booked_visit_stands_when_the_membership_is_paused_and_is_hers_again_when_it_is_cancelled(
    shop: Api,
) -> None:
    booking = {"opens": "06:00", "closes": "22:00"}
    await entitle(shop, {**LOUNGE, "quotas": [], "booking": booking})
    await plan(shop, **RIGHTS)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    booked = await book(shop, member, "2026-03-02T12:00:00+02:00")
    assert booked.status_code == 201, booked.text

    await act(shop, made["id"], "pauses")
    cancelled = await on_visit(shop, booked.json()["id"], "cancel")
    await act(shop, made["id"], "resumptions")

    assert cancelled.status_code == 200, cancelled.text
    assert await left(shop, member) == 5


async def test_rights_that_were_given_before_causes_named_the_act_end_too(
    shop: Api, database: Database
) -> None:
    await entitle(shop, {**LOUNGE, "quotas": []})
    await plan(shop)  # brings no rights: the grant below is the one of an older version
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    end = clock.midnight(date(2026, 4, 2), "Europe/Riga")
    before = Given(
        ids.read("mem", member), "lounge", f"{made['id']}/2026-03-01", 5, START, end, "membership", "key"
    )

    async def work(tx: Transaction) -> None:
        await entitlement_book.give(tx, shop.program.id, [before], START)

    await database.run(shop.program.id, work)
    given = await left(shop, member)
    await act(shop, made["id"], "cancellations", when="now")

    assert given == 5
    assert await visits_left(shop, member) == 0


async def test_what_is_paid_back_is_less_by_each_use_however_many_there_were(shop: Api) -> None:
    await entitle(shop, {**LOUNGE, "quotas": []})
    price, rights = 100_000, [{"code": "lounge", "uses": 110}]
    await plan(shop, price=price, period="year", rights=rights, kept_per_use=500)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await visit(shop, member, 101)

    ended = await act(shop, made["id"], "cancellations", when="now")

    assert ended["refund"] == 99_726 - 101 * 500  # 364 of 365 days: 99726.03
    assert await visits_left(shop, member) == 0


async def test_uses_in_the_present_period_are_kept_when_the_next_one_is_paid_already(shop: Api) -> None:
    await entitle(shop, {**LOUNGE, "quotas": []})
    await plan(shop, kept_per_use=500, **RIGHTS)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await act(shop, made["id"], "renewals", reference="r-2")
    await visit(shop, member, 2)

    ended = await act(shop, made["id"], "cancellations", when="now")

    assert ended["refund"] == 2_903 + PRICE - 2 * 500
    assert await visits_left(shop, member) == 0


async def test_what_a_duplicate_used_is_kept_and_the_rest_is_gone_when_it_is_ended_after_the_merge(
    shop: Api,
) -> None:
    await entitle(shop, {**LOUNGE, "quotas": []})
    await plan(shop, kept_per_use=500, **RIGHTS)
    (anna, _), (twin, _) = await member_with_card(shop), await member_with_card(shop)
    made = await begin(shop, twin)
    await visit(shop, twin, 3)
    await merge(shop, anna, twin)
    before = await left(shop, anna)

    ended = await act(shop, made["id"], "cancellations", when="now")

    assert before == 2
    assert ended["refund"] == 2_903 - 3 * 500
    assert refused(await come(shop, anna))[:2] == (409, "not_entitled")
    assert await visits_left(shop, anna) == 0


async def test_what_a_duplicate_had_left_goes_on_after_a_pause_of_the_survivor(lounge: Api) -> None:
    (anna, _), (twin, _) = await member_with_card(lounge), await member_with_card(lounge)
    made = await begin(lounge, twin)
    await visit(lounge, twin)
    await merge(lounge, anna, twin)
    await visit(lounge, anna)

    await act(lounge, made["id"], "pauses")
    resting = refused(await come(lounge, anna))
    await act(lounge, made["id"], "resumptions")

    assert resting[:2] == (409, "not_entitled")
    assert await left(lounge, anna) == 3


async def test_a_receipt_whose_rights_a_duplicate_used_is_not_voided_after_the_merge(lounge: Api) -> None:
    (anna, _), (twin, card) = await member_with_card(lounge), await member_with_card(lounge)
    receipt = await bought(lounge, "r-1", twin, card)
    await visit(lounge, twin)
    await merge(lounge, anna, twin)

    voided = await lounge.post(f"/v1/purchases/{receipt}/void", {}, scope="till")

    assert refused(voided)[:2] == (409, "state_conflict")
    assert await left(lounge, anna) == 4
