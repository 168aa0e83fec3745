"""Accounts listed and closed: everybody leaves, the points go to one named member, and nobody comes in any more."""

from __future__ import annotations

from typing import Any

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
from tests.api.test_accounts import account_points, company, put_in, spending
from tests.api.test_cards import assert_the_books_are_in_order


async def close(api: Api, account: str, **body: Any) -> Any:
    return await api.post(f"/v1/accounts/{account}/close", body)


async def own_account(api: Api, member: str) -> str | None:
    account = (await api.get(f"/v1/members/{member}/account")).json()["account"]
    return account and account["id"]


async def test_accounts_are_listed_page_by_page_each_with_how_many_are_in_it(shop: Api) -> None:
    (anna, _), (zane, _) = await member_with_card(shop), await member_with_card(shop)
    firms = [await company(shop) for _ in range(3)]
    home = await company(shop, anna, kind="household", name="Kalniņi")
    await put_in(shop, home, {"member": zane})
    await close(shop, firms[0])

    pages, cursor = [], None
    while True:
        asked = {"limit": 2} if cursor is None else {"limit": 2, "cursor": cursor}
        page = (await shop.get("/v1/accounts", **asked)).json()
        pages.append(page["items"])
        cursor = page["next"]
        if cursor is None:
            break

    assert [len(items) for items in pages] == [2, 2]
    listed = {one["id"]: one for items in pages for one in items}
    assert listed.keys() == {*firms, home}
    assert {key: listed[home][key] for key in ("kind", "name", "closed_at", "members")} == {
        "kind": "household", "name": "Kalniņi", "closed_at": None, "members": 2,
    }  # fmt: skip
    assert listed[firms[0]]["closed_at"] == "2026-03-01T09:00:00Z"

    async def found(**asked: Any) -> set[str]:
        return {one["id"] for one in (await shop.get("/v1/accounts", **asked)).json()["items"]}

    assert await found(kind="household") == {home}
    assert await found(closed="true") == {firms[0]}
    assert await found(kind="company", closed="false") == {firms[1], firms[2]}
    assert refused(await shop.get("/v1/accounts", cursor=anna))[:2] == (422, "wrong_id_kind")


async def test_everybody_leaves_and_the_points_and_their_dates_go_to_the_one_who_is_named(
    shop: Api, database: Database
) -> None:
    (anna, _), (zane, _) = await member_with_card(shop), await member_with_card(shop)
    await give(shop, anna, 300)
    await give(shop, zane, 50)
    account = await company(shop, anna, bring_points=True)
    await put_in(shop, account, {"member": zane, "role": "spender"})
    before = (await shop.get(f"/v1/accounts/{account}")).json()["currencies"][0]["expiring"]

    done = await close(shop, account, points_to=zane)

    assert (done.status_code, done.json()) == (
        200,
        {
            "id": account,
            "closed_at": "2026-03-01T09:00:00Z",
            "members_left": 2,
            "moved": [{"currency": "PTS", "amount": 300, "debt": 0}],
        },
    )
    assert [await own_account(shop, member) for member in (anna, zane)] == [None, None]
    assert [(await balance(shop, member))["available"] for member in (anna, zane)] == [0, 350]
    hers = (await shop.get(f"/v1/members/{zane}/balance")).json()["currencies"][0]["expiring"]
    assert [(one["amount"], one["at"]) for one in hers] == [(350, before[0]["at"])]
    read = (await shop.get(f"/v1/accounts/{account}")).json()
    assert (read["closed_at"], read["currencies"][0]["available"]) == ("2026-03-01T09:00:00Z", 0)
    assert (await shop.get(f"/v1/accounts/{account}/members")).json()["items"] == []
    await assert_the_books_are_in_order(shop, database)


async def test_with_points_and_nobody_named_it_stays_open_and_nobody_leaves(
    shop: Api, database: Database
) -> None:
    anna, _ = await member_with_card(shop)
    await give(shop, anna, 300)
    account = await company(shop, anna, bring_points=True)

    refusals = [
        await close(shop, account),
        await close(shop, account, points_to="mem_00000000000000000000000000"),
        await close(shop, account, points_to=account),
        await close(shop, account, way="burn"),
    ]

    assert [refused(answer)[:2] for answer in refusals] == [
        (409, "state_conflict"),
        (404, "not_found"),
        (422, "wrong_id_kind"),
        (422, "unknown_field"),
    ]
    assert (await shop.get(f"/v1/accounts/{account}")).json()["closed_at"] is None
    assert (await own_account(shop, anna), await account_points(shop, account)) == (account, 300)
    assert refused(await close(shop, "acc_00000000000000000000000000"))[:2] == (404, "not_found")


async def test_a_held_purchase_is_ended_first(shop: Api) -> None:
    anna, card = await member_with_card(shop)
    await give(shop, anna, 300)
    account = await company(shop, anna, bring_points=True)
    hold = await record(shop, buy("h-1", card, [line(1, 2000)], spend=spending(100), hold=True))

    held = await close(shop, account, points_to=anna)
    await shop.post(f"/v1/purchases/{hold['id']}/void", {}, scope="till")
    done = await close(shop, account, points_to=anna)

    assert (refused(held)[:2], done.status_code) == ((409, "state_conflict"), 200)
    assert (await balance(shop, anna))["available"] == 300


async def test_nobody_comes_into_a_closed_account_by_list_or_code_and_a_replay_says_the_same(
    shop: Api,
) -> None:
    (anna, _), (zane, _) = await member_with_card(shop), await member_with_card(shop)
    account = await company(shop, anna)
    code = (await shop.post(f"/v1/accounts/{account}/invitations", {})).json()["code"]

    first = await shop.post(f"/v1/accounts/{account}/close", {}, key="close")
    again = await shop.post(f"/v1/accounts/{account}/close", {}, key="close")

    assert (first.status_code, first.json()["members_left"]) == (200, 1)
    assert (again.headers["idempotent-replayed"], again.json()) == ("true", first.json())
    refusals = [
        await shop.post("/v1/invitations/accept", {"code": code, "member": zane}),
        await shop.post(f"/v1/accounts/{account}/members", {"members": [{"member": zane}]}),
        await shop.post(f"/v1/accounts/{account}/invitations", {}),
        await close(shop, account),
    ]
    assert [refused(answer)[:2] for answer in refusals] == [(409, "state_conflict")] * 4
    assert [await own_account(shop, member) for member in (anna, zane)] == [None, None]


async def test_goods_from_before_are_returned_and_what_comes_back_is_sent_on(
    shop: Api, database: Database
) -> None:
    await settle(shop, proof_above_a_day=None)
    (anna, card), (zane, other) = await member_with_card(shop), await member_with_card(shop)
    await give(shop, anna, 500)
    account = await company(shop, anna, bring_points=True)
    await put_in(shop, account, {"member": zane, "role": "spender"})
    mine = await record(shop, buy("r-1", card, [line(1, 2000)], spend=spending(100)))
    hers = await record(shop, buy("r-2", other, [line(1, 2000)], spend=spending(40)))
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    await close(shop, account, points_to=anna)

    await take_back(shop, mine["id"], "b-1", (1, "1"))
    assert (await balance(shop, anna))["available"] == 460
    await take_back(shop, hers["id"], "b-2", (1, "1"))
    assert ((await balance(shop, zane))["available"], await account_points(shop, account)) == (0, 40)

    sent_on = (await close(shop, account, points_to=zane)).json()

    assert (sent_on["closed_at"], sent_on["members_left"]) == ("2026-03-01T10:00:00Z", 0)
    assert sent_on["moved"] == [{"currency": "PTS", "amount": 40, "debt": 0}]
    assert [(await balance(shop, member))["available"] for member in (anna, zane)] == [460, 40]
    await assert_the_books_are_in_order(shop, database)


async def test_points_that_went_there_and_back_at_one_instant_are_found(
    shop: Api, database: Database
) -> None:
    await publish(shop, MEMBER_POINTS)
    anna, card = await member_with_card(shop)
    bought = await record(shop, buy("r-1", card, [line(1, 10_000)]))
    account = await company(shop, anna, bring_points=True)
    await close(shop, account, points_to=anna)
    assert (await balance(shop, anna))["available"] == 100

    back = await take_back(shop, bought["id"], "b-1", (1, "1"))

    assert [(one["amount"], one["from_own_lots"], one["debt"]) for one in back["taken_back"]] == [
        (100, 100, 0)
    ]
    assert await balance(shop, anna) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    await assert_the_books_are_in_order(shop, database)
