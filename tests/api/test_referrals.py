"""Referrals through the API: codes, friends who join, what both get and when, who is refused, what is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.referring import BOTH, code_of, friend_by, put_program, shops, states
from tests.api.shop import balance, member_with_card, refused, set_clock, settle, take_back

BOUGHT = "2026-03-02T10:00:00+02:00"
OVER = "2026-03-16T10:00:00+02:00"
"""When the return window of what was bought at BOUGHT is over."""
NONE = {"available": 0, "pending": 0, "held": 0, "debt": 0}


async def points(api: Api, *members: str) -> list[int]:
    """What members may spend."""
    return [(await balance(api, member))["available"] for member in members]


@pytest.mark.scenario("S23")
async def test_the_referrer_is_rewarded_when_the_friends_first_purchase_can_no_longer_return_and_a_refund_takes_it_back(
    shop: Api, database: Database
) -> None:
    await put_program(shop)
    anna, _ = await member_with_card(shop)
    zane, card = await friend_by(shop, await code_of(shop, anna))
    assert await states(shop, anna) == [("waiting", None)]
    await set_clock(shop, BOUGHT)
    small = await shops(shop, "r-0", card, 1999, BOUGHT)
    assert small["payable"] == 1999
    bought = await shops(shop, "r-1", card, 2500, BOUGHT)

    await set_clock(shop, "2026-03-16T09:59:59+02:00")
    assert await points(shop, anna, zane) == [0, 0]
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [500, 300]
    assert await states(shop, anna) == [("rewarded", None)]
    await set_clock(shop, "2026-03-17T10:00:00+02:00")
    assert await points(shop, anna, zane) == [500, 300]

    await take_back(shop, bought["id"], "t-1", (1, "1"), returned_at="2026-03-17T10:00:00+02:00")
    await set_clock(shop, "2026-03-17T10:00:01+02:00")
    assert await points(shop, anna, zane) == [0, 0]
    assert await states(shop, anna) == [("taken_back", None)]
    await shops(shop, "r-2", card, 5000, "2026-03-17T10:00:01+02:00")
    await set_clock(shop, "2026-05-01T10:00:00+03:00")
    assert await points(shop, anna, zane) == [0, 0]


async def test_what_came_back_within_the_window_does_not_count_and_the_next_purchase_does(shop: Api) -> None:
    await put_program(shop)
    anna, _ = await member_with_card(shop)
    zane, card = await friend_by(shop, await code_of(shop, anna))
    await set_clock(shop, BOUGHT)
    first = await shops(shop, "r-1", card, 2500, BOUGHT)
    await take_back(shop, first["id"], "t-1", (1, "1"), returned_at=BOUGHT)
    await set_clock(shop, "2026-03-10T10:00:00+02:00")
    await shops(shop, "r-2", card, 2000, "2026-03-10T10:00:00+02:00")
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [0, 0]
    await set_clock(shop, "2026-03-24T10:00:00+02:00")
    assert await points(shop, anna, zane) == [500, 300]


@pytest.mark.scenario("S23")
async def test_the_same_phone_device_and_household_are_refused_with_the_reason(shop: Api) -> None:
    await put_program(shop, enter_days=30)
    anna, _ = await member_with_card(shop)
    phone = {"phone": "+37126999001"}
    bert = (await shop.post("/v1/members", {**phone, "device": "phone-of-bert-1"})).json()["id"]
    code = await code_of(shop, bert)
    changed = await shop.patch(f"/v1/members/{bert}", {"phone": "+37126999002"})
    assert changed.status_code == 200

    await friend_by(shop, code, **phone)
    await friend_by(shop, code, device="another-phone-1")
    await friend_by(shop, code, device="another-phone-1")
    made = await shop.post("/v1/accounts", {"kind": "household", "name": "Ozoli", "owner": anna})
    assert made.status_code == 201, made.text
    joins = await shop.post(
        f"/v1/accounts/{made.json()['id']}/members", {"members": [{"member": bert, "role": "spender"}]}
    )
    assert joins.status_code == 200, joins.text
    named = await shop.post(f"/v1/members/{anna}/referrer", {"code": code})
    assert (named.status_code, named.json()["refused"]) == (201, "same_account")
    own = await shop.post(f"/v1/members/{bert}/referrer", {"code": code})
    assert (own.status_code, own.json()["refused"]) == (201, "self")

    assert sorted(await states(shop, bert), key=str) == [
        ("refused", "same_account"),
        ("refused", "same_contact"),
        ("refused", "same_device"),
        ("refused", "self"),
        ("waiting", None),
    ]
    listed = (await shop.get("/v1/referrals", refused="true")).json()["items"]
    assert {one["refused"] for one in listed} == {"same_account", "same_contact", "same_device", "self"}


async def test_a_device_that_the_referrer_joined_with_is_hers(shop: Api) -> None:
    await put_program(shop)
    anna, _ = await member_with_card(shop)
    code = await code_of(shop, anna)
    bert, _ = await friend_by(shop, code, device="one-phone-for-two")
    await friend_by(shop, await code_of(shop, bert), device="one-phone-for-two")
    assert await states(shop, bert) == [("refused", "same_device")]


async def test_who_was_a_member_before_is_not_brought(shop: Api) -> None:
    await put_program(shop, enter_days=3)
    anna, _ = await member_with_card(shop)
    zane, _ = await member_with_card(shop)
    code = await code_of(shop, anna)
    await set_clock(shop, "2026-03-04T11:00:01+02:00")
    named = await shop.post(f"/v1/members/{zane}/referrer", {"code": code})
    assert (named.status_code, named.json()["refused"]) == (201, "member_before")
    again = await shop.post(f"/v1/members/{zane}/referrer", {"code": code})
    assert refused(again)[:2] == (409, "state_conflict")


async def test_two_who_name_one_another_close_a_circle(shop: Api) -> None:
    await put_program(shop, enter_days=30)
    anna, _ = await member_with_card(shop)
    zane, _ = await friend_by(shop, await code_of(shop, anna))
    named = await shop.post(f"/v1/members/{anna}/referrer", {"code": await code_of(shop, zane)})
    assert (named.status_code, named.json()["refused"]) == (201, "circle")


async def test_an_unknown_code_is_refused_and_nobody_joins_but_at_a_till_she_does(shop: Api) -> None:
    await put_program(shop)
    body = {"phone": "+37126999003", "referral_code": "NOBODYS2"}
    answer = await shop.post("/v1/members", body)
    assert refused(answer) == (422, "referral_unknown", "/referral_code")
    assert refused(await shop.post("/v1/members/find", {"phone": body["phone"]}))[:2] == (404, "not_found")
    assert (await shop.post("/v1/members", body, scope="till")).status_code == 201
    assert (await shop.get("/v1/referrals")).json() == {"items": [], "next": None}


async def test_a_code_is_made_once_and_read_however_it_is_typed(shop: Api) -> None:
    anna, _ = await member_with_card(shop)
    assert (await shop.get(f"/v1/members/{anna}/referral")).status_code == 404
    await put_program(shop)
    await settle(shop, public_address="https://club.example")
    own = (await shop.get(f"/v1/members/{anna}/referral")).json()
    code, slug = own["code"], (await shop.get("/v1/program")).json()["slug"]
    assert own == {"code": code, "link": f"https://club.example/portal/{slug}/join?ref={code}", "open": True}
    assert (len(code), set(code) <= set("23456789ABCDEFGHJKMNPQRSTVWXYZ")) == (8, True)
    assert await code_of(shop, anna) == code
    await friend_by(shop, f" {code[:4].lower()}-{code[4:].lower()} ")
    assert await states(shop, anna) == [("waiting", None)]


async def test_a_cap_of_the_month_and_a_budget_are_kept_and_the_friend_still_gets_hers(shop: Api) -> None:
    await put_program(shop, a_month=1, return_days=0, budget=14_00)
    anna, _ = await member_with_card(shop)
    code = await code_of(shop, anna)
    friends = [await friend_by(shop, code) for _ in range(3)]
    for n, (_, card) in enumerate(friends):
        await set_clock(shop, f"2026-03-0{n + 2}T10:00:00+02:00")
        await shops(shop, f"r-{n}", card, 2000, f"2026-03-0{n + 2}T10:00:00+02:00")
    await set_clock(shop, "2026-03-05T10:00:00+02:00")
    # 500 + 300 points at 0.01 each are 8.00, 300 are 3.00: of 14.00 the third friend's would be the last.
    assert await points(shop, anna, *[member for member, _ in friends]) == [500, 300, 300, 300]
    fourth, card = await friend_by(shop, code)
    await shops(shop, "r-9", card, 2000, "2026-03-05T10:00:00+02:00")
    await set_clock(shop, "2026-03-05T10:00:01+02:00")
    assert await points(shop, fourth) == [0]
    listed = (await shop.get(f"/v1/members/{anna}/referrals")).json()["items"]
    assert [(one["state"], one["withheld"], one["cost"]) for one in listed] == [
        ("capped", ["budget"], 0),
        ("capped", ["cap"], 300),
        ("capped", ["cap"], 300),
        ("rewarded", [], 800),
    ]


async def test_later_purchases_and_the_third_friend_bring_more_and_a_refund_takes_the_third_back(
    shop: Api,
) -> None:
    await put_program(
        shop,
        return_days=0,
        steps=[*BOTH["steps"], {"purchases": 2, "referrer": {"points": {"currency": "PTS", "amount": 70}}}],
        milestones=[{"friends": 2, "prize": {"points": {"currency": "PTS", "amount": 1000}}}],
    )
    anna, _ = await member_with_card(shop)
    code = await code_of(shop, anna)
    (zane, first), (_, second) = await friend_by(shop, code), await friend_by(shop, code)
    await set_clock(shop, BOUGHT)
    await shops(shop, "r-1", first, 2000, BOUGHT)
    await shops(shop, "r-2", first, 2000, BOUGHT)
    await set_clock(shop, "2026-03-02T10:00:01+02:00")
    assert await points(shop, anna, zane) == [570, 300]
    last = await shops(shop, "r-3", second, 2000, "2026-03-02T10:00:01+02:00")
    await set_clock(shop, "2026-03-02T10:00:02+02:00")
    assert await points(shop, anna) == [570 + 500 + 1000]
    await take_back(shop, last["id"], "t-1", (1, "1"), returned_at="2026-03-02T10:00:02+02:00")
    await set_clock(shop, "2026-03-02T10:00:03+02:00")
    assert await points(shop, anna) == [570]


async def test_what_is_spent_when_a_refund_comes_is_owed(shop: Api) -> None:
    await put_program(shop, return_days=0)
    anna, _ = await member_with_card(shop)
    _, card = await friend_by(shop, await code_of(shop, anna))
    await set_clock(shop, BOUGHT)
    bought = await shops(shop, "r-1", card, 2000, BOUGHT)
    await set_clock(shop, "2026-03-02T10:00:01+02:00")
    gone = await shop.post(
        f"/v1/members/{anna}/adjustments", {"currency": "PTS", "amount": -400, "reason": "spent"}
    )
    assert gone.status_code == 201
    await take_back(shop, bought["id"], "t-1", (1, "1"), returned_at="2026-03-02T10:00:01+02:00")
    await set_clock(shop, "2026-03-02T10:00:02+02:00")
    assert await balance(shop, anna) == {**NONE, "debt": 400}


async def test_who_has_left_is_found_by_no_code_and_the_friend_still_gets_hers(shop: Api) -> None:
    await put_program(shop, return_days=0)
    anna, _ = await member_with_card(shop)
    code = await code_of(shop, anna)
    zane, card = await friend_by(shop, code)
    assert (await shop.delete(f"/v1/members/{anna}")).status_code == 200
    unknown = await shop.post("/v1/members", {"phone": "+37126999004", "referral_code": code})
    assert refused(unknown)[:2] == (422, "referral_unknown")
    await set_clock(shop, BOUGHT)
    await shops(shop, "r-1", card, 2000, BOUGHT)
    await set_clock(shop, "2026-03-02T10:00:01+02:00")
    assert await points(shop, zane) == [300]
    listed = (await shop.get("/v1/referrals")).json()["items"]
    assert [one["withheld"] for one in listed] == [["gone"]]


async def test_a_household_that_was_founded_meanwhile_gets_nothing(shop: Api) -> None:
    await put_program(shop, return_days=0)
    anna, _ = await member_with_card(shop)
    zane, card = await friend_by(shop, await code_of(shop, anna))
    made = (await shop.post("/v1/accounts", {"kind": "household", "name": "Ozoli", "owner": anna})).json()[
        "id"
    ]
    await shop.post(f"/v1/accounts/{made}/members", {"members": [{"member": zane, "role": "owner"}]})
    await set_clock(shop, BOUGHT)
    await shops(shop, "r-1", card, 2000, BOUGHT)
    await set_clock(shop, "2026-03-02T10:00:01+02:00")
    assert await points(shop, anna, zane) == [0, 0]
    listed = (await shop.get("/v1/referrals")).json()["items"]
    assert [one["withheld"] for one in listed] == [["same_account"]]


async def test_what_a_friend_bought_on_an_account_that_she_left_counts_and_what_others_buy_there_does_not(
    shop: Api,
) -> None:
    await put_program(shop)
    anna, _ = await member_with_card(shop)
    zane, card = await friend_by(shop, await code_of(shop, anna))
    bert, berts = await member_with_card(shop)
    made = await shop.post("/v1/accounts", {"kind": "household", "name": "Ozoli", "owner": bert})
    at = f"/v1/accounts/{made.json()['id']}/members"
    await shop.post(at, {"members": [{"member": zane, "role": "spender"}]})
    await set_clock(shop, BOUGHT)
    await shops(shop, "r-1", berts, 2500, BOUGHT)

    assert (await shop.delete(f"{at}/{zane}")).status_code == 200
    await set_clock(shop, OVER)
    others = await points(shop, anna, zane)
    await shop.post(at, {"members": [{"member": zane, "role": "spender"}]})
    await shops(shop, "r-2", card, 2500, OVER)
    assert (await shop.delete(f"{at}/{zane}")).status_code == 200
    await set_clock(shop, "2026-03-31T10:00:00+03:00")

    assert others == [0, 0]
    assert await points(shop, anna, zane) == [500, 300]


async def test_a_stopped_program_brings_nobody_any_more_and_keeps_what_it_promised(shop: Api) -> None:
    await put_program(shop, return_days=0)
    anna, _ = await member_with_card(shop)
    code = await code_of(shop, anna)
    zane, card = await friend_by(shop, code)
    await put_program(shop, return_days=0, stopped=True)
    await friend_by(shop, code)
    assert await states(shop, anna) == [("waiting", None)]
    await set_clock(shop, BOUGHT)
    await shops(shop, "r-1", card, 2000, BOUGHT)
    await set_clock(shop, "2026-03-02T10:00:01+02:00")
    assert await points(shop, anna, zane) == [500, 300]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"steps": [{"purchases": 1}]}, "/steps"),
        ({"steps": [*BOTH["steps"], *BOTH["steps"]]}, "/steps/1"),
        ({"a_month": 5, "a_year": 4}, "/a_month"),
        (
            {"steps": [{"friend": {"points": {"currency": "XYZ", "amount": 1}}}]},
            "/steps/0/friend/points/currency",
        ),
        ({"steps": [{"friend": {"nothing": True, "badge": "a"}}]}, "/steps/0/friend"),
    ],
)
async def test_what_contradicts_itself_is_refused_in_a_sentence(
    shop: Api, changed: dict[str, Any], pointer: str
) -> None:
    answer = await shop.call("PUT", "/v1/referral-programs/default", {**BOTH, **changed})
    assert refused(answer) == (422, "contradictory_configuration", pointer)
    assert (await shop.get("/v1/referral-programs")).json() == {"items": [], "next": None}


async def test_the_same_document_again_is_no_new_revision(shop: Api) -> None:
    assert (await put_program(shop))["revision"] == 1
    assert (await put_program(shop))["revision"] == 1
    assert (await put_program(shop, least_amount=1))["revision"] == 2


async def test_a_merged_friend_brings_nothing_and_points_of_a_merged_referrer_are_taken_back(
    shop: Api,
) -> None:
    await put_program(shop, return_days=0)
    anna, _ = await member_with_card(shop)
    other, _ = await member_with_card(shop)
    zane, card = await friend_by(shop, await code_of(shop, anna))
    await set_clock(shop, BOUGHT)
    bought = await shops(shop, "r-1", card, 2000, BOUGHT)
    await set_clock(shop, "2026-03-02T10:00:01+02:00")
    merged = await shop.post(f"/v1/members/{other}/merge", {"member": anna})
    assert merged.status_code == 200, merged.text
    assert await points(shop, other, zane) == [500, 300]
    await take_back(shop, bought["id"], "t-1", (1, "1"), returned_at="2026-03-02T10:00:01+02:00")
    await set_clock(shop, "2026-03-02T10:00:02+02:00")
    assert await points(shop, other, zane) == [0, 0]
    lina, second = await friend_by(shop, await code_of(shop, other))
    await shop.post(f"/v1/members/{zane}/merge", {"member": lina})
    await shops(shop, "r-2", second, 2000, "2026-03-02T10:00:02+02:00")
    await set_clock(shop, "2026-03-02T10:00:03+02:00")
    assert await points(shop, other, zane) == [0, 0]
    assert [state for state, _ in await states(shop, other)] == ["waiting", "taken_back"]


async def test_an_export_says_what_is_held_and_names_nobody_else(shop: Api) -> None:
    await put_program(shop)
    anna, _ = await member_with_card(shop)
    code = await code_of(shop, anna)
    zane, _ = await friend_by(shop, code)
    for member, kinds in ((anna, ["brought", "code"]), (zane, ["was_brought"])):
        held = (await shop.get(f"/v1/members/{member}/export")).json()["brought_and_passed_on"]
        assert [(one["kind"], one["code"]) for one in held["referrals"]] == [(kind, code) for kind in kinds]
        assert held["passed_on"] == []
    erased = await shop.delete(f"/v1/members/{anna}")
    assert erased.status_code == 200
    removed = (await shop.get(f"/v1/members/{anna}/erasure")).json()["certificate"]["removed"]
    assert (removed["referral_codes"], removed["referral_traces"]) == (1, 1)


async def test_a_friend_joins_by_a_code_where_attributes_that_nobody_asked_for_are_refused(shop: Api) -> None:
    await put_program(shop)
    anna, _ = await member_with_card(shop)
    strict = await shop.call("PUT", "/v1/program/questionnaire", {"questions": [], "others": "refused"})
    assert strict.status_code == 200, strict.text

    zane, _ = await friend_by(shop, await code_of(shop, anna))

    assert await states(shop, anna) == [("waiting", None)]
    changed = await shop.patch(f"/v1/members/{zane}", {"attributes": {"shoe_size": 41}})
    assert refused(changed) == (422, "invalid_value", "/attributes/shoe_size")
