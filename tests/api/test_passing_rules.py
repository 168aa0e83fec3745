"""Each way to pass points on has limits of its own: a donation, an exchange, what is brought into a shared account."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import (
    balance,
    buy,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)
from tests.api.test_accounts import assert_the_books_are_in_order
from tests.api.test_passing import have, send, two

TOMORROW = "2026-03-02T00:00:00+02:00"


async def with_charity(api: Api, points: int, **rules: Any) -> str:
    """A member with points, who may donate them under these rules."""
    await api.post("/v1/partners", {"code": "shelter", "name": "Shelter"})
    await settle(api, passing={"charities": ["shelter"], "donations": rules})
    member, _ = await member_with_card(api)
    await give(api, member, points)
    return member


async def donate(api: Api, member: str, amount: int) -> Any:
    """A donation's answer."""
    body = {"charity": "shelter", "currency": "PTS", "amount": amount}
    return await api.post(f"/v1/members/{member}/donations", body)


async def open_household(api: Api, owner: str, *, bring_points: bool = True) -> Any:
    """The answer to a member who opens a household with her points."""
    body = {"kind": "household", "name": "Kalni", "owner": owner, "bring_points": bring_points}
    return await api.post("/v1/accounts", body)


async def test_donations_have_a_most_a_day_and_a_month_and_say_when_they_are_possible_again(
    shop: Api, database: Database
) -> None:
    anna = await with_charity(shop, 1000, most=200, a_day=250, a_month=300)
    assert refused(await donate(shop, anna, 201)) == (422, "invalid_value", "/amount")
    assert (await donate(shop, anna, 200)).status_code == 201
    over = await donate(shop, anna, 51)
    assert refused(over)[:2] == (409, "passing_limit")
    assert (over.json()["left"], over.json()["possible_at"]) == (50, "2026-03-01T22:00:00Z")
    await set_clock(shop, TOMORROW)
    over = await donate(shop, anna, 101)
    assert (over.json()["left"], over.json()["possible_at"]) == (100, "2026-03-31T21:00:00Z")
    assert (await donate(shop, anna, 100)).status_code == 201
    assert await have(shop, anna) == 700
    await assert_the_books_are_in_order(shop, database)


async def test_before_a_donation_points_cool_off_and_new_members_wait(shop: Api) -> None:
    anna = await with_charity(shop, 100, cooling_hours=24, member_days=2)
    waits = await donate(shop, anna, 1)
    assert (*refused(waits)[:2], waits.json()["possible_at"][:10]) == (409, "cooling_off", "2026-03-03")
    await set_clock(shop, "2026-03-04T12:00:00+02:00")
    await give(shop, anna, 50)
    assert (await donate(shop, anna, 100)).status_code == 201
    fresh = await donate(shop, anna, 1)
    assert (*refused(fresh)[:2], fresh.json()["possible_at"]) == (409, "cooling_off", "2026-03-05T10:00:00Z")


async def test_what_others_earned_lately_and_gave_on_is_not_counted_twice(shop: Api) -> None:
    anna = await with_charity(shop, 100, cooling_hours=24)
    await set_clock(shop, "2026-03-03T12:00:00+02:00")
    bela, _ = await member_with_card(shop)
    await give(shop, bela, 100)
    assert (await send(shop, bela, anna, 100)).status_code == 201
    assert (await donate(shop, anna, 100)).status_code == 201
    fresh = await donate(shop, anna, 1)
    assert (*refused(fresh)[:2], fresh.json()["possible_at"]) == (409, "cooling_off", "2026-03-04T10:00:00Z")


async def test_exchanges_have_rules_of_their_own_beside_those_of_the_rate(shop: Api) -> None:
    await shop.post("/v1/currencies", {"code": "MIL", "kind": "points", "worth": "0.01"})
    await shop.call("PUT", "/v1/points-rates/PTS/MIL", {"give": 2, "get": 1})
    await settle(shop, passing={"exchanges": {"most": 100, "a_day": 150}})
    member, _ = await member_with_card(shop)
    await give(shop, member, 1000)

    async def change(amount: int) -> Any:
        body = {"currency": "PTS", "target": "MIL", "amount": amount}
        return await shop.post(f"/v1/members/{member}/exchanges", body)

    assert refused(await change(102)) == (422, "invalid_value", "/amount")
    assert (await change(100)).status_code == 201
    over = await change(60)
    assert (*refused(over)[:2], over.json()["left"]) == (409, "passing_limit", 50)
    assert (await change(50)).status_code == 201
    assert [await have(shop, member, code) for code in ("PTS", "MIL")] == [850, 75]


async def test_points_that_are_brought_into_a_household_are_within_the_limits_of_transfers(
    shop: Api, database: Database
) -> None:
    giver, taker = await two(shop, 300, a_day=250)
    over = await open_household(shop, giver)
    assert (*refused(over)[:2], over.json()["left"]) == (409, "passing_limit", 250)
    assert (await shop.get(f"/v1/members/{giver}")).json().get("account") is None
    assert (await send(shop, giver, taker, 200)).status_code == 201
    over = await open_household(shop, giver)
    assert (*refused(over)[:2], over.json()["left"]) == (409, "passing_limit", 50)
    assert over.json()["possible_at"] == "2026-03-01T22:00:00Z"
    await set_clock(shop, TOMORROW)

    made = await open_household(shop, giver)

    assert made.status_code == 201, made.text
    await give(shop, giver, 200)
    over = await send(shop, giver, taker, 151)
    assert (*refused(over)[:2], over.json()["left"]) == (409, "passing_limit", 150)
    assert (await send(shop, giver, taker, 150)).status_code == 201
    await assert_the_books_are_in_order(shop, database)


async def test_who_joins_without_her_points_is_not_stopped(shop: Api) -> None:
    giver, _ = await two(shop, 300, a_day=250)
    assert (await open_household(shop, giver, bring_points=False)).status_code == 201


async def test_what_was_brought_cools_off_in_the_account_before_it_goes_on(shop: Api) -> None:
    giver, taker = await two(shop, 300, cooling_hours=24)
    soon = await open_household(shop, giver)
    assert (*refused(soon)[:2], soon.json()["possible_at"][:13]) == (409, "cooling_off", "2026-03-02T09")
    await set_clock(shop, "2026-03-02T12:00:00+02:00")
    assert (await open_household(shop, giver)).status_code == 201
    fresh = await send(shop, giver, taker, 1)
    assert (*refused(fresh)[:2], fresh.json()["possible_at"]) == (409, "cooling_off", "2026-03-03T10:00:00Z")
    await set_clock(shop, "2026-03-03T12:00:01+02:00")
    assert (await send(shop, giver, taker, 1)).status_code == 201


async def test_what_has_become_active_pays_her_debt_before_it_is_brought_along(
    shop: Api, database: Database
) -> None:
    later = {"kind": "points_fixed", "currency": "PTS", "points": 30, "validity": {"active_after_days": 14}}
    await publish(shop, {"name": "Later", "group": "points", "benefits": [later]})
    (anna, card), (bela, _) = await member_with_card(shop), await member_with_card(shop)
    first = await record(shop, buy("r-1", card, [line(1, 1000)]))
    await set_clock(shop, "2026-03-15T12:00:00+02:00")
    assert (await send(shop, anna, bela, 30)).status_code == 201
    await take_back(shop, first["id"], "b-1", (1, "1"))
    again = buy("r-2", card, [line(1, 1000)], purchased_at="2026-03-15T11:00:00+02:00")
    await record(shop, again)
    assert (await balance(shop, anna)) == {"available": 0, "pending": 30, "held": 0, "debt": 30}
    await set_clock(shop, "2026-03-30T12:00:00+03:00")

    made = await open_household(shop, anna)

    assert made.status_code == 201, made.text
    assert await balance(shop, anna) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    await assert_the_books_are_in_order(shop, database)


async def test_bringing_along_may_have_rules_of_its_own(shop: Api) -> None:
    giver, _ = await two(shop, 300, a_day=100, sharing_as_transfers=False, sharing={"most": 299})
    assert refused(await open_household(shop, giver))[:2] == (409, "passing_limit")
    await settle(shop, passing={"a_day": 100, "sharing_as_transfers": False})
    assert (await open_household(shop, giver)).status_code == 201


async def test_of_a_list_one_who_brings_too_much_is_refused_and_the_others_go_in(
    shop: Api, database: Database
) -> None:
    rich, poor = await two(shop, 300, a_day=250)
    owner, _ = await member_with_card(shop)
    account = (await open_household(shop, owner, bring_points=False)).json()["id"]
    body = {"members": [{"member": rich, "bring_points": True}, {"member": poor, "bring_points": True}]}
    answer = await shop.post(f"/v1/accounts/{account}/members", body)
    assert [(one["status"], one.get("code")) for one in answer.json()["items"]] == [
        (409, "passing_limit"), (200, None),
    ]  # fmt: skip
    assert await have(shop, rich) == 300
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.parametrize(
    "wrong", [{"donations": {"a_week": 1}}, {"exchanges": {"most": 0}}, {"sharing": {"a_day": 1}}]
)
async def test_a_rule_that_there_is_not_is_refused(shop: Api, wrong: dict[str, Any]) -> None:
    answer = await shop.call("PATCH", "/v1/program", {"settings": {"passing": wrong}})
    assert answer.status_code == 422
