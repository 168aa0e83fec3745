"""Households and companies over the API: joining, earning together, who may spend how much, leaving."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
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
from tests.api.test_cards import assert_the_books_are_in_order

NEXT_DAY = "2026-03-02T11:00:00+02:00"


async def company(api: Api, owner: str | None = None, **more: Any) -> str:
    """A company's account; its id."""
    body = {"kind": "company", "name": "Bebru koks", "registration_number": "40003000001", **more}
    made = await api.post("/v1/accounts", body if owner is None else {**body, "owner": owner})
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def put_in(api: Api, account: str, *members: dict[str, Any]) -> list[dict[str, Any]]:
    """Put members into an account; what became of each."""
    answer = await api.post(f"/v1/accounts/{account}/members", {"members": members})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def account_points(api: Api, account: str) -> int:
    """What the account has to spend."""
    return (await api.get(f"/v1/accounts/{account}")).json()["currencies"][0]["available"]


def spending(amount: int | str) -> list[dict[str, Any]]:
    return [{"currency": "PTS", "amount": amount}]


async def spender_with_1000(api: Api, daily_limit: int) -> str:
    """The card of somebody who brought 1,000 points into an account, and may spend so much a day."""
    member, card = await member_with_card(api)
    await give(api, member, 1000)
    sharer = {"member": member, "role": "spender", "daily_limit": daily_limit, "bring_points": True}
    await put_in(api, await company(api), sharer)
    return card


@pytest.mark.scenario("S20")
async def test_twelve_employees_pool_one_per_cent_and_two_of_them_may_spend_5000_a_day_each(
    shop: Api, database: Database
) -> None:
    await publish(shop, MEMBER_POINTS)
    await settle(shop, proof_above_a_day=None)
    people = [await member_with_card(shop) for _ in range(12)]
    account = await company(shop)
    roles = [{"role": "spender", "daily_limit": 5000}] * 2 + [{"role": "earner"}] * 10
    items = await put_in(
        shop, account, *({"member": m, **role} for (m, _), role in zip(people, roles, strict=True))
    )
    assert {item["status"] for item in items} == {200}

    for n, (_, card) in enumerate(people):
        await record(shop, buy(f"e-{n}", card, [line(1, 100_000)]))
    assert await account_points(shop, account) == 12_000
    assert await balance(shop, people[7][0]) == {"available": 12_000, "pending": 0, "held": 0, "debt": 0}

    first, second, earner = people[0][1], people[1][1], people[2][1]
    await record(shop, buy("s-1", first, [line(1, 4000)], spend=spending(4000)))
    over = await shop.post(
        "/v1/purchases", buy("s-2", first, [line(1, 2000)], spend=spending(1001)), scope="till"
    )
    assert refused(over) == (403, "spender_limit", "/spend")
    assert (over.json()["daily_limit"], over.json()["left"], over.json()["currency"]) == (5000, 1000, "EUR")
    await record(shop, buy("s-3", first, [line(1, 2000)], spend=spending(1000)))
    await record(shop, buy("s-4", second, [line(1, 5000)], spend=spending(5000)))
    no = await shop.post(
        "/v1/purchases", buy("s-5", earner, [line(1, 2000)], spend=spending(1)), scope="till"
    )
    assert refused(no) == (403, "spending_not_allowed", "/spend")
    earned_meanwhile = 10  # a hundredth of the 10.00 of s-3 that was paid in money
    assert await account_points(shop, account) == 2000 + earned_meanwhile

    await set_clock(shop, NEXT_DAY)
    later = buy("s-6", first, [line(1, 1000)], spend=spending(1000), purchased_at=NEXT_DAY)
    assert (await record(shop, later))["payable"] == 0
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.scenario("S20")
async def test_who_leaves_loses_access_and_the_points_stay(shop: Api, database: Database) -> None:
    await publish(shop, MEMBER_POINTS)
    (boss, _), (anna, card) = await member_with_card(shop), await member_with_card(shop)
    account = await company(shop, boss)
    await put_in(shop, account, {"member": anna, "role": "spender"})
    await record(shop, buy("r-1", card, [line(1, 10_000)]))

    left = await shop.delete(f"/v1/accounts/{account}/members/{anna}")

    assert (left.status_code, left.json()["account"]) == (200, None)
    assert await account_points(shop, account) == 100
    assert (await balance(shop, anna))["available"] == 0
    spent = buy("r-2", card, [line(1, 1000)], spend=spending(1))
    assert refused(await shop.post("/v1/purchases", spent, scope="till"))[:2] == (409, "insufficient_points")
    await record(shop, buy("r-3", card, [line(1, 2000)]))
    assert (await balance(shop, anna))["available"] == 20
    assert await account_points(shop, account) == 100
    gone = await shop.delete(f"/v1/accounts/{account}/members/{anna}")
    assert refused(gone)[:2] == (404, "not_found")
    await assert_the_books_are_in_order(shop, database)


async def test_own_points_wait_or_come_along_and_a_debt_comes_with_them(
    shop: Api, database: Database
) -> None:
    await publish(shop, MEMBER_POINTS)
    (anna, _), (zane, _) = await member_with_card(shop), await member_with_card(shop)
    await give(shop, anna, 300)
    await give(shop, zane, 50)
    account = await company(shop, anna, kind="household", name="Kalniņi", bring_points=True)
    await put_in(shop, account, {"member": zane, "role": "spender"})

    own = (await shop.get(f"/v1/members/{zane}/account")).json()

    assert (own["account"]["id"], own["account"]["kind"], own["role"]) == (account, "household", "spender")
    assert own["kept"][0]["available"] == 50
    assert await account_points(shop, account) == 300
    assert (await balance(shop, zane))["available"] == 300
    await shop.delete(f"/v1/accounts/{account}/members/{zane}")
    assert (await balance(shop, zane))["available"] == 50
    statement = (await shop.get(f"/v1/accounts/{account}/statement")).json()["items"]
    assert [(item["kind"], item["change"]) for item in statement] == [("transfer_in", 300)]
    await assert_the_books_are_in_order(shop, database)


async def test_an_invitation_lets_one_member_in_once(shop: Api) -> None:
    people = [(await member_with_card(shop))[0] for _ in range(3)]
    account = await company(shop, people[0])
    path = f"/v1/accounts/{account}/invitations"
    made = await shop.post(path, {"role": "spender", "daily_limit": 700}, key="invite")
    code = made.json()["code"]
    assert (await shop.post(path, {"role": "spender", "daily_limit": 700}, key="invite")).json()["code"] == ""

    joined = await shop.post("/v1/invitations/accept", {"code": code.lower(), "member": people[1]})
    again = await shop.post("/v1/invitations/accept", {"code": code, "member": people[2]})

    assert joined.json() == {
        "account": account, "member": people[1], "role": "spender", "daily_limit": 700,
    }  # fmt: skip
    assert refused(again)[:2] == (404, "not_found")
    shown = (await shop.get(f"/v1/accounts/{account}/members")).json()["items"]
    assert [(one["member"], one["role"], one["daily_limit"]) for one in shown] == [
        (people[0], "owner", None),
        (people[1], "spender", 700),
    ]
    late = (await shop.post(path, {})).json()["code"]
    await set_clock(shop, "2026-03-15T11:00:01+02:00")
    too_late = await shop.post("/v1/invitations/accept", {"code": late, "member": people[2]})
    assert refused(too_late)[:2] == (404, "not_found")


async def test_the_last_owner_stays_until_somebody_else_owns(shop: Api) -> None:
    (anna, _), (zane, _) = await member_with_card(shop), await member_with_card(shop)
    account = await company(shop, anna)
    await put_in(shop, account, {"member": zane})
    path = f"/v1/accounts/{account}/members"

    assert refused(await shop.delete(f"{path}/{anna}"))[:2] == (409, "state_conflict")
    assert refused(await shop.patch(f"{path}/{anna}", {"role": "earner"}))[:2] == (409, "state_conflict")
    made = await shop.patch(f"{path}/{zane}", {"role": "owner", "daily_limit": 900})
    assert (made.json()["role"], made.json()["daily_limit"]) == ("owner", 900)
    assert (await shop.delete(f"{path}/{anna}")).status_code == 200


async def test_a_list_answers_for_each_and_one_account_is_enough(shop: Api) -> None:
    (anna, _), (zane, _) = await member_with_card(shop), await member_with_card(shop)
    first, second = await company(shop), await company(shop)
    await put_in(shop, first, {"member": anna})

    items = await put_in(
        shop,
        second,
        {"member": anna},
        {"member": zane, "role": "earner", "daily_limit": 5},
        {"member": "mem_00000000000000000000000000"},
        {"member": "pur_1"},
        {"member": zane},
    )

    assert [(item["status"], item.get("code", "")) for item in items] == [
        (409, "state_conflict"),
        (422, "invalid_value"),
        (404, "not_found"),
        (422, "wrong_id_kind"),
        (200, ""),
    ]


async def test_max_takes_what_the_limit_leaves_and_a_preview_says_the_same(shop: Api) -> None:
    card = await spender_with_1000(shop, daily_limit=250)
    body = buy("r-1", card, [line(1, 2000)], spend=spending("max"))

    preview = await shop.post("/v1/purchases/preview", body, scope="till")
    recorded = await record(shop, body)

    assert (preview.json()["paid_with_points"], recorded["paid_with_points"]) == (250, 250)
    more = await record(shop, buy("r-2", card, [line(1, 2000)], spend=spending("max")))
    assert more["paid_with_points"] == 0


async def test_a_hold_counts_against_the_limit_while_it_lasts_and_a_void_gives_it_back(shop: Api) -> None:
    card = await spender_with_1000(shop, daily_limit=300)
    hold = await record(shop, buy("h-1", card, [line(1, 2000)], spend=spending(300), hold=True))
    body = buy("r-1", card, [line(1, 2000)], spend=spending(200))

    blocked = await shop.post("/v1/purchases", body, scope="till")
    await shop.post(f"/v1/purchases/{hold['id']}/void", {}, scope="till")

    assert refused(blocked)[:2] == (403, "spender_limit")
    assert (await record(shop, body))["paid_with_points"] == 200


async def test_a_hold_that_lapsed_is_held_to_the_limit_when_it_is_confirmed(shop: Api) -> None:
    card = await spender_with_1000(shop, daily_limit=300)
    hold = await record(
        shop, buy("h-1", card, [line(1, 2000)], spend=spending(300), hold=True, hold_seconds=60)
    )
    await set_clock(shop, "2026-03-01T11:05:00+02:00")
    await record(shop, buy("r-1", card, [line(1, 2000)], spend=spending(200)))

    late = await shop.post(f"/v1/purchases/{hold['id']}/confirm", {}, scope="till")

    assert refused(late)[:2] == (403, "spender_limit")


async def test_as_sold_is_never_refused_but_says_what_was_not_allowed(shop: Api) -> None:
    (boss, _), (anna, card) = await member_with_card(shop), await member_with_card(shop)
    await give(shop, boss, 1000)
    account = await company(shop, boss, bring_points=True)
    await put_in(shop, account, {"member": anna, "role": "earner"})
    sold = {"line": 1, "sku": "a", "quantity": "1", "gross": 1000}
    first = await record(shop, buy("r-1", card, [sold], pricing="as_sold", spend=spending(100)))
    await shop.patch(f"/v1/accounts/{account}/members/{anna}", {"role": "spender", "daily_limit": 50})
    second = await record(shop, buy("r-2", card, [sold], pricing="as_sold", spend=spending(100)))

    assert [warning["code"] for warning in first["warnings"]] == [
        "spending_not_allowed",
        "insufficient_points",
    ]
    assert [warning["code"] for warning in second["warnings"]] == ["spender_limit"]
    assert await account_points(shop, account) == 900


async def test_a_member_sees_her_own_purchases_and_an_owner_everybodys(shop: Api) -> None:
    (boss, boss_card), (anna, card) = await member_with_card(shop), await member_with_card(shop)
    before = await record(shop, buy("r-0", card, [line(1, 100)]))
    account = await company(shop, boss)
    await put_in(shop, account, {"member": anna})
    hers = await record(shop, buy("r-1", card, [line(1, 100)]))
    his = await record(shop, buy("r-2", boss_card, [line(1, 100)]))
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    await shop.delete(f"/v1/accounts/{account}/members/{anna}")

    async def seen(member: str) -> set[str]:
        return {one["id"] for one in (await shop.get("/v1/purchases", member=member)).json()["items"]}

    assert await seen(anna) == {before["id"], hers["id"]}
    assert await seen(boss) == {hers["id"], his["id"]}


async def test_what_was_bought_before_joining_is_returned_from_the_points_that_came_along(
    shop: Api, database: Database
) -> None:
    await publish(shop, MEMBER_POINTS)
    anna, card = await member_with_card(shop)
    await give(shop, anna, 500)
    bought = await record(shop, buy("r-1", card, [line(1, 10_000), line(2, 500)], spend=spending(500)))
    assert (await balance(shop, anna))["available"] == 100
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    account = await company(shop, anna, bring_points=True)

    back = await take_back(shop, bought["id"], "b-1", (1, "1"), (2, "1"))

    assert [(one["amount"], one["from_own_lots"], one["debt"]) for one in back["taken_back"]] == [
        (100, 100, 0)
    ]
    assert [one["amount"] for one in back["points_back"]] == [500]
    assert await account_points(shop, account) == 500
    await assert_the_books_are_in_order(shop, database)


async def test_a_new_card_of_somebody_who_shares_an_account_is_hers(shop: Api) -> None:
    anna, _ = await member_with_card(shop)
    await company(shop, anna)
    made = await shop.post(f"/v1/members/{anna}/cards", {})
    found = await shop.post("/v1/members/find", {"card": made.json()["number"]})
    assert found.json()["id"] == anna
    cards = (await shop.get(f"/v1/members/{anna}/cards")).json()["items"]
    assert [card["number"] for card in cards][1:] == [made.json()["number"]]


async def test_a_replayed_opening_answers_with_the_name_as_it_is_now(shop: Api) -> None:
    body = {"kind": "household", "name": "Kalniņi", "attributes": {"city": "Ogre"}}
    made = await shop.post("/v1/accounts", body, key="open")
    path = f"/v1/accounts/{made.json()['id']}"
    assert (await shop.patch(path, {"name": "Bērziņi"})).json()["name"] == "Bērziņi"
    again = await shop.post("/v1/accounts", body, key="open")
    assert (again.headers["idempotent-replayed"], again.json()["name"]) == ("true", "Bērziņi")
    assert again.json()["attributes"] == {"city": "Ogre"}


async def test_a_household_keeps_its_name_until_the_last_of_those_who_were_in_it_is_erased(shop: Api) -> None:
    (anna, _), (janis, _) = await member_with_card(shop), await member_with_card(shop)
    opened = await shop.post("/v1/accounts", {"kind": "household", "name": "Ozoli", "owner": anna})
    account = opened.json()["id"]
    await put_in(shop, account, {"member": janis, "role": "owner"})
    firm = await company(shop, None)
    for member, name, forgotten in ((anna, "Ozoli", {}), (janis, "", {"household_names": 1})):
        assert (await shop.delete(f"/v1/members/{member}")).status_code == 200
        assert (await shop.get(f"/v1/accounts/{account}")).json()["name"] == name
        certificate = (await shop.get(f"/v1/members/{member}/erasure")).json()["certificate"]
        removed = certificate["removed"]
        assert {kind: count for kind, count in removed.items() if kind == "household_names"} == forgotten
        assert certificate["left"] == {}
    assert (await shop.get(f"/v1/accounts/{firm}")).json()["name"] != ""
    assert {one["id"]: one["name"] for one in (await shop.get("/v1/accounts")).json()["items"]}[account] == ""
