"""Rewards: claimed for points whole or not at all, given back whole, each step once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from regulars.flows.check_ledger import check_ledger
from tests.api.conftest import Api
from tests.api.prizes import MUG, act, claim, claimed, left, offer, sold_voucher
from tests.api.shop import balance, buy, give, line, member_with_card, record, refused, set_clock, settle


async def sound(api: Api) -> None:
    """The books balance, and stock and steps are what they are sums of."""
    assert api.database is not None
    assert await check_ledger(api.database, api.program.id) == ()


async def rich(api: Api, points: int) -> str:
    """A member with so many points."""
    member, _ = await member_with_card(api)
    await give(api, member, points)
    return member


@pytest.mark.scenario("S2")
async def test_a_gift_for_250_with_a_stock_of_5_is_given_5_times_of_20_and_nobody_is_charged_for_nothing(
    shop: Api,
) -> None:
    reward = await offer(shop, 5)
    members = [await rich(shop, 300) for _ in range(20)]
    answers = await asyncio.gather(*[claim(shop, member, reward) for member in members])
    given = [member for member, answer in zip(members, answers, strict=True) if answer.status_code == 201]
    assert len(given) == 5
    assert {refused(one)[:2] for one in answers if one.status_code != 201} == {(409, "out_of_stock")}
    for member in members:
        assert (await balance(shop, member))["available"] == (50 if member in given else 300)
    assert await left(shop, reward) == 0
    await sound(shop)


@pytest.mark.scenario("S2")
async def test_500_points_become_a_code_of_5_euros_which_is_unique_and_lasts_60_days(shop: Api) -> None:
    reward = await sold_voucher(shop)
    member = await rich(shop, 1000)
    first, second = await claimed(shop, member, reward), await claimed(shop, member, reward)
    codes = [one["vouchers"][0]["code"] for one in (first, second)]
    assert len(set(codes)) == 2
    assert (await balance(shop, member))["available"] == 0
    # The end of the sixtieth day after 1 March, in Riga, where it is summer by then.
    assert first["vouchers"][0]["valid_until"] == "2026-04-30T21:00:00Z"
    assert first["vouchers"][0]["gives"] == {"kind": "value", "amount": 500, "percent": None, "sku": None}
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[codes[0]]))
    assert (sold["discount"], sold["payable"]) == (500, 1500)
    again = await record(shop, buy("r-2", None, [line(1, 2000)], codes=[codes[0]]))
    assert [one["code"] for one in again["refusals"]] == ["code_used"]
    await set_clock(shop, "2026-05-01T00:00:00+03:00")
    late = await shop.post("/v1/vouchers/redeem", {"code": codes[1]})
    assert refused(late)[:2] == (409, "voucher_ended")
    await sound(shop)


async def test_a_claim_is_made_once_however_often_it_is_sent_and_tells_its_codes_each_time(shop: Api) -> None:
    reward = await sold_voucher(shop)
    member = await rich(shop, 1000)
    first = await claim(shop, member, reward, key="once")
    again = await claim(shop, member, reward, key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert (await balance(shop, member))["available"] == 500


async def test_too_few_points_are_refused_with_what_is_missing_and_nothing_is_written(shop: Api) -> None:
    reward = await offer(shop, 5)
    member = await rich(shop, 100)
    answer = await claim(shop, member, reward)
    assert refused(answer)[:2] == (409, "insufficient_points")
    body = answer.json()
    assert (body["available"], body["missing"], body["currency"]) == (100, 150, "PTS")
    assert (await left(shop, reward), (await balance(shop, member))["available"]) == (5, 100)
    assert (await shop.get(f"/v1/members/{member}/redemptions")).json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "more", "expected"),
    [
        ({"limits": [{"per": "member", "most": 1}]}, {"quantity": 2}, (409, "limit_reached")),
        ({"limits": [{"per": "total", "most": 1, "period": "day"}]}, {"quantity": 2}, (409, "limit_reached")),
        ({"tiers": ["club/gold"]}, {}, (409, "not_for_member")),
        ({"audiences": ["bakers"]}, {}, (409, "not_for_member")),
        ({"clubs": ["wine"]}, {}, (409, "not_for_member")),
        ({"until": "2026-03-01T11:00:00+02:00"}, {}, (409, "reward_ended")),
        ({"from": "2026-03-02T00:00:00+02:00"}, {}, (409, "reward_ended")),
        ({"stock": "total"}, {}, (409, "out_of_stock")),
        ({"stock": "by_store"}, {}, (422, "invalid_value")),
        ({}, {"price": 1}, (422, "invalid_value")),
        ({}, {"hold": True, "hand_over": True}, (422, "invalid_value")),
    ],
)
async def test_what_stands_in_the_way_of_a_claim_is_said_and_nothing_is_written(
    shop: Api, changed: dict[str, Any], more: dict[str, Any], expected: tuple[int, str]
) -> None:
    reward = await offer(shop, **changed)
    member = await rich(shop, 1000)
    assert refused(await claim(shop, member, reward, **more))[:2] == expected
    assert (await balance(shop, member))["available"] == 1000
    assert (await shop.get(f"/v1/members/{member}/redemptions")).json()["items"] == []


async def test_a_limit_begins_anew_with_its_period_and_what_is_cancelled_does_not_count(shop: Api) -> None:
    reward = await offer(shop, limits=[{"per": "member", "most": 1, "period": "day"}])
    member = await rich(shop, 1000)
    first = await claimed(shop, member, reward)
    assert refused(await claim(shop, member, reward))[:2] == (409, "limit_reached")
    assert (await act(shop, first["id"], "cancel")).status_code == 200
    await claimed(shop, member, reward)
    assert refused(await claim(shop, member, reward))[:2] == (409, "limit_reached")
    await set_clock(shop, "2026-03-02T00:00:00+02:00")
    await claimed(shop, member, reward)


async def test_who_has_a_tier_with_a_price_of_its_own_pays_that_one(shop: Api) -> None:
    prices = [
        {"currency": "PTS", "points": 250},
        {"currency": "PTS", "points": 100, "money": 150},
        {"currency": "PTS", "points": 200, "tier": "club/gold"},
    ]
    reward = await offer(shop, prices=prices)
    plain, gold = await rich(shop, 1000), await rich(shop, 1000)
    await shop.call("PUT", f"/v1/members/{gold}/marks", {"kind": "tier", "code": "club/gold"})
    second = await claimed(shop, plain, reward, price=1, quantity=2)
    assert (second["points"], second["money"]) == (200, 300)
    assert (await claimed(shop, gold, reward))["points"] == 200
    seen = (await shop.get("/v1/rewards", member=gold)).json()["items"][0]
    assert [(one["price"], one["points"]) for one in seen["prices"]] == [(0, 200)]


async def test_the_catalogue_says_what_she_can_claim_first_and_of_the_rest_what_is_missing(shop: Api) -> None:
    bag = await offer(shop, names={"lv": "Soma"}, prices=[{"currency": "PTS", "points": 900}])
    mug = await offer(shop, 3)
    gone = await offer(shop, 0, names={"lv": "Cepure"})
    await offer(shop, clubs=["wine"])
    stopped = await offer(shop)
    assert (await shop.post(f"/v1/rewards/{stopped}/stop")).json()["status"] == "stopped"
    member = await rich(shop, 300)
    seen = (await shop.get("/v1/rewards", scope="till", member=member)).json()["items"]
    told = [(one["id"], one["claimable"], one["reason"], one["missing"]) for one in seen]
    assert told == [
        (mug, True, None, 0),
        (gone, False, "out_of_stock", 0),
        (bag, False, "insufficient_points", 600),
    ]
    assert seen[0]["stock"] == [{"store": None, "left": 3}]
    assert refused(await claim(shop, member, stopped))[:2] == (409, "reward_ended")
    assert (await shop.post(f"/v1/rewards/{stopped}/resume")).json()["status"] == "live"
    await claimed(shop, member, stopped)


async def test_each_store_has_a_stock_of_its_own(shop: Api) -> None:
    for code in ("riga-1", "riga-2"):
        await shop.post("/v1/stores", {"code": code, "name": code})
    made = await shop.post("/v1/rewards", {**MUG, "stock": "by_store"})
    reward = made.json()["id"]
    assert (await shop.post(f"/v1/rewards/{reward}/stock", {"add": 1, "store": "riga-1"})).status_code == 200
    member = await rich(shop, 1000)
    assert refused(await claim(shop, member, reward, store="riga-2"))[:2] == (409, "out_of_stock")
    first = await claimed(shop, member, reward, store="riga-1")
    assert refused(await claim(shop, member, reward, store="riga-1"))[:2] == (409, "out_of_stock")
    assert (await act(shop, first["id"], "cancel")).status_code == 200
    assert await left(shop, reward) == 1
    out = await shop.post(f"/v1/rewards/{reward}/stock", {"add": -2, "store": "riga-1"})
    assert refused(out)[:2] == (409, "state_conflict")
    await sound(shop)


@pytest.mark.scenario("S5")
async def test_an_upgrade_for_15000_is_held_at_booking_won_once_of_50_and_cancelled_into_the_very_lots(
    shop: Api,
) -> None:
    upgrade = await offer(
        shop, kind="upgrade", names={"lv": "Biznesa klase"}, prices=[{"currency": "PTS", "points": 15_000}]
    )
    await settle(shop, adjustment_limit=1_000_000)
    member, _ = await member_with_card(shop)
    await give(shop, member, 9000)
    await set_clock(shop, "2026-03-05T11:00:00+02:00")
    await give(shop, member, 6000)
    before = (await shop.get(f"/v1/members/{member}/balance")).json()
    answers = await asyncio.gather(*[claim(shop, member, upgrade, hold=True) for _ in range(50)])
    won = [one for one in answers if one.status_code == 201]
    assert len(won) == 1
    assert {refused(one)[1] for one in answers if one.status_code != 201} == {"insufficient_points"}
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 15_000, "debt": 0}
    assert (await act(shop, won[0].json()["id"], "cancel")).json()["state"] == "cancelled"
    assert (await shop.get(f"/v1/members/{member}/balance")).json() == before
    again = await claimed(shop, member, upgrade, hold=True)
    assert (await act(shop, again["id"], "confirm")).json()["state"] == "claimed"
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert (await act(shop, again["id"], "cancel")).json()["state"] == "cancelled"
    assert (await shop.get(f"/v1/members/{member}/balance")).json() == before
    await sound(shop)


async def test_what_is_reserved_and_not_confirmed_lapses_and_everything_is_free_again(shop: Api) -> None:
    reward = await offer(shop, 1, limits=[{"per": "member", "most": 1}])
    member = await rich(shop, 250)
    held = await claimed(shop, member, reward, hold=True, hold_seconds=600)
    assert (held["state"], held["lapses_at"]) == ("held", "2026-03-01T09:10:00Z")
    await set_clock(shop, "2026-03-01T11:10:00+02:00")
    shown = (await shop.get(f"/v1/redemptions/{held['id']}")).json()
    assert [step["state"] for step in shown["steps"]] == ["held", "lapsed"]
    assert (await left(shop, reward), await balance(shop, member)) == (
        1, {"available": 250, "pending": 0, "held": 0, "debt": 0},
    )  # fmt: skip
    assert refused(await act(shop, held["id"], "confirm"))[:2] == (409, "state_conflict")
    await claimed(shop, member, reward)
    await sound(shop)


@pytest.mark.parametrize(("unclaimed", "points", "again"), [("give_back", 250, 201), ("keep", 0, 409)])
async def test_goods_that_are_not_fetched_in_time_lapse_by_the_reward_s_policy(
    shop: Api, unclaimed: str, points: int, again: int
) -> None:
    reward = await offer(shop, 1, valid_days=14, unclaimed=unclaimed, limits=[{"per": "member", "most": 1}])
    member = await rich(shop, 250)
    mug = await claimed(shop, member, reward)
    assert mug["lapses_at"] == "2026-03-15T22:00:00Z"
    assert (await act(shop, mug["id"], "fulfil", state="ready")).json()["state"] == "ready"
    await set_clock(shop, "2026-03-16T00:00:00+02:00")
    assert (await shop.get(f"/v1/redemptions/{mug['id']}")).json()["state"] == "lapsed"
    assert (await left(shop, reward), (await balance(shop, member))["available"]) == (1, points)
    await give(shop, member, 250)
    assert (await claim(shop, member, reward)).status_code == again
    await sound(shop)


async def test_what_was_handed_over_is_neither_cancelled_nor_handed_over_again(shop: Api) -> None:
    reward = await offer(shop, 2)
    member = await rich(shop, 500)
    mug = await claimed(shop, member, reward)
    for state in ("ready", "handed_over"):
        assert (await act(shop, mug["id"], "fulfil", state=state)).json()["state"] == state
    for what, body in (("cancel", {}), ("fulfil", {"state": "ready"}), ("fulfil", {"state": "handed_over"})):
        assert refused(await act(shop, mug["id"], what, **body))[:2] == (409, "state_conflict")
    at_once = await claimed(shop, member, reward, hand_over=True)
    assert [step["state"] for step in at_once["steps"]] == ["claimed", "handed_over"]
    assert at_once["lapses_at"] is None
    await sound(shop)


async def test_a_voucher_is_void_with_its_redemption_and_one_that_was_used_cannot_be_given_back(
    shop: Api,
) -> None:
    reward = await sold_voucher(shop)
    member = await rich(shop, 1000)
    kept, used = await claimed(shop, member, reward), await claimed(shop, member, reward)
    back = await act(shop, kept["id"], "cancel")
    assert (back.json()["state"], back.json()["vouchers"][0]["state"]) == ("cancelled", "void")
    code = kept["vouchers"][0]["code"]
    assert refused(await shop.post("/v1/vouchers/redeem", {"code": code}))[:2] == (409, "voucher_used")
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code]))
    assert sold["discount"] == 0
    await record(shop, buy("r-2", None, [line(1, 2000)], codes=[used["vouchers"][0]["code"]]))
    assert refused(await act(shop, used["id"], "cancel"))[:2] == (409, "voucher_used")
    assert (await balance(shop, member))["available"] == 500
    await sound(shop)


@pytest.mark.parametrize(("policy", "available"), [("restore", 250), ("expire", 0)])
async def test_points_whose_date_has_passed_come_back_by_the_program_s_setting(
    shop: Api, policy: str, available: int
) -> None:
    await settle(shop, expired_points_on_return=policy, grace_days=30)
    made = await shop.post(
        "/v1/currencies",
        {"code": "DAY", "expires_after_days": 1},
    )
    assert made.status_code == 201, made.text
    member, _ = await member_with_card(shop)
    body = {"currency": "DAY", "amount": 250, "reason": "to test with"}
    await shop.get("/v1/rewards", member=member)  # what is fresh is known to the process from now on
    added = await shop.post(f"/v1/members/{member}/adjustments", body)
    assert added.status_code == 201, added.text
    reward = await offer(shop, prices=[{"currency": "DAY", "points": 250}])
    mug = await claimed(shop, member, reward)
    await set_clock(shop, "2026-03-05T11:00:00+02:00")
    assert (await act(shop, mug["id"], "cancel")).status_code == 200
    currencies = (await shop.get(f"/v1/members/{member}/balance")).json()["currencies"]
    assert [one["available"] for one in currencies if one["currency"] == "DAY"] == [available]
    await sound(shop)


async def test_a_till_proves_that_it_is_she_who_spends(shop: Api) -> None:
    reward = await offer(shop)
    member, card = await member_with_card(shop)
    await give(shop, member, 5000)
    without = await claim(shop, member, reward, scope="till")
    assert refused(without)[:2] == (403, "proof_required")
    shown = await claim(shop, member, reward, scope="till", card=card)
    assert shown.status_code == (201 if not shown.json().get("unconfirmed") else 403), shown.text
    other, foreign = await member_with_card(shop)
    assert refused(await claim(shop, member, reward, scope="till", card=foreign))[:2] == (
        422,
        "invalid_value",
    )
    assert other != member


async def test_a_merged_member_s_rewards_and_vouchers_follow_her_and_points_come_back_to_the_survivor(
    shop: Api,
) -> None:
    reward = await sold_voucher(shop, personal=True)
    survivor, duplicate = await rich(shop, 10), await rich(shop, 500)
    voucher = await claimed(shop, duplicate, reward)
    merged = await shop.post(f"/v1/members/{survivor}/merge", {"member": duplicate})
    assert merged.status_code == 200, merged.text
    items = (await shop.get(f"/v1/members/{survivor}/redemptions")).json()["items"]
    assert [(one["id"], one["vouchers"][0]["member"]) for one in items] == [(voucher["id"], survivor)]
    undone = await shop.post(f"/v1/members/{survivor}/unmerge", {"member": duplicate})
    assert undone.status_code == 200, undone.text
    items = (await shop.get(f"/v1/members/{duplicate}/redemptions")).json()["items"]
    assert items[0]["vouchers"][0]["member"] == duplicate
    assert (await shop.post(f"/v1/members/{survivor}/merge", {"member": duplicate})).status_code == 200
    assert (await act(shop, voucher["id"], "cancel")).status_code == 200
    assert (await balance(shop, survivor))["available"] == 510
    await sound(shop)


async def test_her_rewards_stand_in_what_is_exported_of_her_and_stay_in_the_books_when_she_is_erased(
    shop: Api,
) -> None:
    reward = await offer(shop)
    member = await rich(shop, 300)
    mug = await claimed(shop, member, reward)
    exported = (await shop.get(f"/v1/members/{member}/export")).json()
    assert [(one["id"], one["points"]) for one in exported["redemptions"]] == [(mug["id"], 250)]
    assert (await shop.delete(f"/v1/members/{member}")).status_code == 200
    assert (await shop.get(f"/v1/redemptions/{mug['id']}")).json()["state"] == "claimed"
    assert refused(await claim(shop, member, reward))[:2] == (409, "state_conflict")
    await sound(shop)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"prices": [{"currency": "XXX", "points": 1}]}, "/prices/0/currency"),
        ({"prices": [{"currency": "PTS", "points": 0}]}, "/prices/0/points"),
        ({"names": {"en": "Mug"}}, "/names"),
        ({"from": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"}, "/until"),
        ({"kind": "voucher"}, "/batch"),
        ({"batch": "five"}, "/batch"),
        ({"kind": "voucher", "batch": "none"}, "/batch"),
        (
            {
                "kind": "voucher",
                "prices": [
                    {"currency": "PTS", "points": 500},
                    {"currency": "PTS", "points": 100, "money": 400},
                ],
            },
            "/prices/1/money",
        ),
        ({"funder": "nobody"}, "/funder"),
        ({"unclaimed": "keep"}, "/unclaimed"),
        ({"limits": [{"per": "member", "most": 2}, {"per": "total", "most": 1}]}, "/limits"),
        ({"tiers": ["a/b"], "prices": [{"currency": "PTS", "points": 1, "tier": "a/c"}]}, "/prices/0/tier"),
        ({"prices": [{"currency": "PTS", "points": 1, "tier": "a/c"}]}, "/prices"),
    ],
)
async def test_a_reward_that_contradicts_itself_is_refused_in_a_sentence(
    shop: Api, changed: dict[str, Any], pointer: str
) -> None:
    answer = await shop.post("/v1/rewards", {**MUG, **changed})
    assert refused(answer) == (422, "contradictory_configuration", pointer)
    assert answer.json()["detail"].endswith(".")
    assert (await shop.get("/v1/reward-catalogue")).json()["items"] == []


async def test_a_reward_is_revised_and_what_was_claimed_stays_as_it_was(shop: Api) -> None:
    reward = await offer(shop)
    member = await rich(shop, 1000)
    mug = await claimed(shop, member, reward)
    dearer = {**MUG, "prices": [{"currency": "PTS", "points": 300}]}
    assert (await shop.call("PUT", f"/v1/rewards/{reward}", dearer)).json()["revision"] == 2
    assert (await shop.call("PUT", f"/v1/rewards/{reward}", dearer)).json()["revision"] == 2
    second = await claimed(shop, member, reward)
    assert [(one["revision"], one["points"]) for one in (mug, second)] == [(1, 250), (2, 300)]
    assert (await act(shop, mug["id"], "cancel")).status_code == 200
    assert (await balance(shop, member))["available"] == 700
