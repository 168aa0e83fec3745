"""Holds whose account changed before they were confirmed: merged, shared, left, the card handed over."""

from __future__ import annotations

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    earning_member,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    take_back,
)
from tests.api.test_accounts import account_points, company, put_in
from tests.api.test_cards import assert_the_books_are_in_order, unassigned
from tests.api.test_holds import confirm, held

FOR_EVERY_CARD = {**MEMBER_POINTS, "conditions": []}


@pytest.mark.parametrize(
    ("what", "points"),
    [
        ("merged", None),
        ("merged", 200),
        ("joined", 200),
        ("brought along", 200),
        ("left", 200),
        ("card assigned", None),
        ("enrolled and merged", None),
    ],
)
async def test_a_lapsed_hold_of_an_account_that_changed_is_hold_lapsed_and_books_nothing(
    shop: Api, database: Database, what: str, points: int | None
) -> None:
    await publish(shop, FOR_EVERY_CARD)
    member, card = await member_with_card(shop)
    other, _ = await member_with_card(shop)
    number = await unassigned(shop) if "card" in what or "enrolled" in what else card
    account = await company(shop)
    if what == "left":
        await put_in(shop, account, {"member": member, "role": "spender"})
    await give(shop, member, 500)
    hold = await record(shop, held("h-1", number, points))
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    if what == "enrolled and merged":
        made = await shop.post("/v1/members", {"phone": "+37129000000", "card": number})
        assert made.status_code == 201, made.text
        member = made.json()["id"]
    if "merged" in what:
        assert (await shop.post(f"/v1/members/{other}/merge", {"member": member})).status_code == 200
        member = other
    elif what == "joined":
        await put_in(shop, account, {"member": member, "role": "spender"})
    elif what == "brought along":
        await put_in(shop, account, {"member": member, "role": "spender", "bring_points": True})
    elif what == "left":
        assert (await shop.delete(f"/v1/accounts/{account}/members/{member}")).status_code == 200
    else:
        done = await shop.post(f"/v1/members/{member}/cards", {"number": number})
        assert done.status_code == 201, done.text
    had = await balance(shop, member)

    late = await confirm(shop, hold["id"])

    assert refused(late) == (409, "hold_lapsed", None)
    assert await balance(shop, member) == had
    assert (await shop.get(f"/v1/purchases/{hold['id']}")).json()["status"] == "voided"
    sold = buy("r-1", number, [line(1, 1000)], pricing="as_sold", purchased_at="2026-03-01T12:00:00+02:00")
    assert (await record(shop, sold))["member"]["available"] == had["available"] + 10
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.parametrize("lapsed", [False, True])
async def test_what_a_hold_brought_to_her_own_account_is_taken_back_there(
    shop: Api, database: Database, lapsed: bool
) -> None:
    member, card = await earning_member(shop)
    await give(shop, member, 100)
    account = await company(shop)
    hold = await record(shop, held("h-1", card))
    await set_clock(shop, "2026-03-01T12:00:00+02:00" if lapsed else "2026-03-01T11:05:00+02:00")
    await put_in(shop, account, {"member": member, "role": "spender", "bring_points": True})
    await set_clock(shop, "2026-03-01T12:05:00+02:00" if lapsed else "2026-03-01T11:10:00+02:00")
    if lapsed:
        assert (await shop.delete(f"/v1/accounts/{account}/members/{member}")).status_code == 200
    assert (await confirm(shop, hold["id"])).status_code == 200

    await take_back(shop, hold["id"], "t-1", (1, "2"), (2, "1"))

    if not lapsed:
        assert (await shop.delete(f"/v1/accounts/{account}/members/{member}")).status_code == 200
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert await account_points(shop, account) == 100
    await assert_the_books_are_in_order(shop, database)


async def test_a_card_with_a_hold_goes_to_nobody_until_it_is_confirmed_or_void(
    shop: Api, database: Database
) -> None:
    await publish(shop, FOR_EVERY_CARD)
    member, _ = await member_with_card(shop)
    number = await unassigned(shop)
    hold = await record(shop, held("h-1", number))
    path, card = f"/v1/members/{member}/cards", {"number": number}

    while_held = await shop.post(path, card)
    confirmed = await confirm(shop, hold["id"])
    assigned = await shop.post(path, card)

    assert refused(while_held)[:2] == (409, "state_conflict")
    assert (confirmed.status_code, assigned.status_code) == (200, 201)
    assert (await balance(shop, member))["available"] == 25
    await take_back(shop, hold["id"], "t-1", (1, "2"), (2, "1"))
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.parametrize("status", ["blocked", "closed", "replaced"])
async def test_a_lapsed_hold_takes_no_points_with_a_card_that_is_not_in_use_any_more(
    shop: Api, database: Database, status: str
) -> None:
    await publish(shop, FOR_EVERY_CARD)
    member, card = await member_with_card(shop)
    await give(shop, member, 500)
    in_time = await record(shop, held("h-1", card, 100))
    late = await record(shop, held("h-2", card, 200))
    free = await record(shop, held("h-3", card, None))
    if status == "replaced":
        done = await shop.post(f"/v1/members/{member}/cards", {"replaces": card})
    else:
        done = await shop.post(
            f"/v1/cards/{status.removesuffix('ed').replace('clos', 'close')}", {"number": card}
        )
    assert done.is_success, done.text

    assert (await confirm(shop, in_time["id"])).status_code == 200
    had = await balance(shop, member)
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    for hold in (late, free):
        assert refused(await confirm(shop, hold["id"])) == (409, "hold_lapsed", None)

    assert await balance(shop, member) == {**had, "held": 0, "available": had["available"] + 200}
    await assert_the_books_are_in_order(shop, database)
