"""Tiers through the API: gained with the purchase that earns them, kept, lowered, undone, given by hand."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.conftest import Api
from tests.api.shop import (
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
from tests.api.test_accounts import company, put_in
from tests.api.test_cards import unassigned
from tests.api.tiers import AIRLINE, BY_SPENDING, airline, fly, put_ladder, spend, steps, tier, tiers

END_OF_NEXT_YEAR = "2027-12-31T22:00:00Z"
"""The first midnight of 2028 in Riga: a tier gained in 2026 holds to the end of 2027."""


@pytest.mark.scenario("S5")
async def test_an_airlines_tier_is_gained_on_the_day_and_holds_to_the_end_of_next_year(shop: Api) -> None:
    await airline(shop)
    member, card = await member_with_card(shop)

    await fly(shop, "f-1", card, 24_400)
    before = await tiers(shop, member)
    earning = await fly(shop, "f-2", card, 900, "business")
    after = await tiers(shop, member)

    assert before[0]["tier"] == "blue"
    assert before[0]["next"]["tier"] == "gold"
    assert before[0]["next"]["missing"] == [
        {"measure": "currency", "currency": "QM", "reached": 24_400, "at_least": 25_000, "missing": 600}
    ]
    assert [one["amount"] for one in earning["earned"] if one["currency"] == "QM"] == [1_350]
    assert (earning["member"]["tier"], earning["member"]["tier_name"]) == ("gold", "gold")
    assert "Jūsu līmenis tagad ir gold" in earning["messages"]["receipt"]
    assert (after[0]["tier"], after[0]["since"], after[0]["until"]) == (
        "gold", "2026-03-01T09:00:00Z", END_OF_NEXT_YEAR,
    )  # fmt: skip
    assert after[0]["next"] is None
    # What keeps it counts from the first of January on, and nothing of it was flown yet.
    assert (after[0]["keep"]["since"], after[0]["keep"]["reached"]) == ("2026-12-31T22:00:00Z", False)
    assert [way["parts"][0]["reached"] for way in after[0]["keep"]["ways"]] == [0, 0]
    assert await steps(shop, member) == [("blue", "gold", "earned")]


@pytest.mark.scenario("S5")
async def test_twenty_five_segments_are_the_other_way(shop: Api) -> None:
    await airline(shop)
    member, card = await member_with_card(shop)

    for flight in range(24):
        await fly(shop, f"f-{flight}", card, 100)
    before = await tier(shop, member)
    await fly(shop, "f-24", card, 100)

    assert before == ("blue", None)
    assert await tier(shop, member) == ("gold", END_OF_NEXT_YEAR)


@pytest.mark.scenario("S5")
async def test_of_fifty_upgrades_at_once_one_is_booked_and_cancelled_its_miles_come_back(shop: Api) -> None:
    await settle(shop, proof_above_a_day=None, adjustment_limit=15_000)
    member, card = await member_with_card(shop)
    await give(shop, member, 15_000)
    had = (await shop.get(f"/v1/members/{member}/balance")).json()["currencies"]
    upgrade = {"spend": [{"currency": "PTS", "amount": 15_000}], "hold": True}

    answers = await asyncio.gather(
        *[
            shop.post("/v1/purchases", buy(f"u-{n}", card, [line(1, 15_000)], **upgrade), scope="till")
            for n in range(50)
        ]
    )
    booked = [answer for answer in answers if answer.status_code == 201]
    held = (await shop.get(f"/v1/members/{member}/balance")).json()["currencies"]
    cancelled = await shop.post(f"/v1/purchases/{booked[0].json()['id']}/void", {}, scope="till")

    assert len(booked) == 1
    assert {refused(answer)[:2] for answer in answers if answer.status_code != 201} == {
        (409, "insufficient_points")
    }
    points = next(one for one in held if one["currency"] == "PTS")
    assert (points["available"], points["held"]) == (0, 15_000)
    assert cancelled.status_code == 200
    assert (await shop.get(f"/v1/members/{member}/balance")).json()["currencies"] == had
    assert next(one for one in had if one["currency"] == "PTS")["expiring"] != []


async def test_the_multiplier_of_a_tier_counts_from_the_next_purchase_even_in_one_batch(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    fixed = {"kind": "points_fixed", "currency": "PTS", "points": 7}
    condition = {"kind": "tier", "ladder": "status", "tiers": ["silver"]}
    await publish(
        shop, {"name": "For silver", "group": "points", "conditions": [condition], "benefits": [fixed]}
    )
    member, card = await member_with_card(shop)

    sent = {"purchases": [buy(f"b-{n}", card, [line(1, 6_000)]) for n in range(3)]}
    answer = await shop.post("/v1/purchases/batch", sent, scope="till")

    bought = [one["answer"] for one in answer.json()["items"]]
    assert [sum(e["amount"] for e in one["earned"]) for one in bought] == [0, 0, 7]
    assert [one["member"]["tier"] for one in bought] == ["bronze", "silver", "silver"]
    assert await steps(shop, member) == [("bronze", "silver", "earned")]


async def test_the_lowest_tier_is_everybodys_without_having_been_gained(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    fixed = {"kind": "points_fixed", "currency": "PTS", "points": 3}
    condition = {"kind": "tier", "ladder": "status", "tiers": ["bronze"]}
    await publish(
        shop, {"name": "For bronze", "group": "points", "conditions": [condition], "benefits": [fixed]}
    )
    _, card = await member_with_card(shop)

    bought = await spend(shop, "r-1", card, 100)
    anonymous = await spend(shop, "r-2", None, 100)

    assert [one["amount"] for one in bought["earned"]] == [3]
    assert anonymous["earned"] == []


async def test_a_return_takes_the_tier_back_that_rested_on_it_and_no_other(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, card = await member_with_card(shop)
    other, others_card = await member_with_card(shop)
    for number, amount in enumerate((12_000, 20_000)):
        await spend(shop, f"r-{number}", card, amount)
    rested = await spend(shop, "r-2", card, 5_000)
    await spend(shop, "o-1", others_card, 40_000)
    kept = await spend(shop, "o-2", others_card, 5_000)

    still = await take_back(shop, rested["id"], "back-1", (1, "1"))
    found = await shop.get("/v1/purchases", member=member)
    first = next(one for one in found.json()["items"] if one["gross"] == 20_000)
    fell = await take_back(shop, first["id"], "back-2", (1, "1"))
    await take_back(shop, kept["id"], "back-3", (1, "1"))

    assert still["member"]["tier"] == "gold"
    assert fell["member"]["tier"] == "silver"
    assert await tier(shop, member) == ("silver", END_OF_NEXT_YEAR)
    assert (await tier(shop, other))[0] == "gold"
    assert await steps(shop, member) == [
        ("bronze", "silver", "earned"),
        ("silver", "gold", "earned"),
        ("gold", "silver", "undone"),
    ]


async def test_a_void_undoes_and_where_the_ladder_does_not_undo_the_tier_stays(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    await put_ladder(shop, BY_SPENDING | {"undo_on_return": False}, "lasting")
    member, card = await member_with_card(shop)

    bought = await spend(shop, "r-1", card, 10_000)
    voided = await shop.post(f"/v1/purchases/{bought['id']}/void", {}, scope="till")

    assert voided.status_code == 200
    assert {one["ladder"]: one["tier"] for one in await tiers(shop, member)} == {
        "status": "bronze",
        "lasting": "silver",
    }


async def test_a_hold_brings_no_tier_before_it_is_confirmed(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, card = await member_with_card(shop)

    held = await spend(shop, "h-1", card, 10_000, hold=True)
    while_held = await tier(shop, member)
    confirmed = await shop.post(f"/v1/purchases/{held['id']}/confirm", {}, scope="till")

    assert (held["member"]["tier"], while_held[0]) == ("bronze", "bronze")
    assert confirmed.json()["member"]["tier"] == "silver"
    assert (await shop.get(f"/v1/purchases/{held['id']}")).json()["answer"]["member"]["tier"] == "silver"
    assert (await tier(shop, member))[0] == "silver"


async def test_a_receipt_claimed_afterwards_counts(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, _ = await member_with_card(shop)
    bought = await spend(shop, "r-1", None, 10_000)

    claimed = await shop.post(f"/v1/purchases/{bought['id']}/claim", {"member": member})

    assert claimed.status_code == 201, claimed.text
    assert claimed.json()["member"]["tier"] == "silver"
    assert (await shop.get(f"/v1/purchases/{bought['id']}")).json()["answer"]["member"]["tier"] == "silver"
    assert (await tier(shop, member))[0] == "silver"


async def test_at_the_end_of_its_year_a_tier_is_kept_or_lowered_and_done_again_nothing_changes(
    shop: Api,
) -> None:
    await put_ladder(shop, BY_SPENDING)
    keeper, keepers_card = await member_with_card(shop)
    faller, fallers_card = await member_with_card(shop)
    for card in (keepers_card, fallers_card):
        await spend(shop, f"first-{card}", card, 30_000)
    await set_clock(shop, "2027-06-01T12:00:00+03:00")
    in_2027 = {"purchased_at": "2027-06-01T11:00:00+03:00"}
    await spend(shop, "kept", keepers_card, 30_000, **in_2027)
    await spend(shop, "not-kept", fallers_card, 10_000, **in_2027)

    await set_clock(shop, "2027-12-31T23:59:59+02:00")
    last_second = [(await tier(shop, one))[0] for one in (keeper, faller)]
    await set_clock(shop, "2028-01-01T00:00:00+02:00")
    then = [await tier(shop, one) for one in (keeper, faller)]
    await set_clock(shop, "2028-01-01T12:00:00+02:00")

    end_of_2028 = "2028-12-31T22:00:00Z"
    assert last_second == ["gold", "gold"]
    assert then == [("gold", end_of_2028), ("silver", end_of_2028)]
    assert [await tier(shop, one) for one in (keeper, faller)] == then
    assert (await steps(shop, keeper))[-1] == ("gold", "gold", "kept")
    assert (await steps(shop, faller))[-1] == ("gold", "silver", "lowered")
    assert len(await steps(shop, faller)) == 2  # bronze → gold at once, and down


async def test_a_rolling_window_lowers_who_buys_no_more(shop: Api) -> None:
    rolling = {"period": "rolling", "period_days": 30, "validity": "days", "valid_days": 10}
    await put_ladder(shop, BY_SPENDING | rolling)
    member, card = await member_with_card(shop)

    await spend(shop, "r-1", card, 10_000)
    gained = await tier(shop, member)
    await set_clock(shop, "2026-03-12T00:00:00+02:00")
    kept = await tier(shop, member)
    await set_clock(shop, "2026-04-01T12:00:00+03:00")

    assert gained == ("silver", "2026-03-11T22:00:00Z")  # the tenth day after is the last one
    assert kept == ("silver", "2026-03-21T22:00:00Z")
    assert await tier(shop, member) == ("bronze", None)
    assert [reason for _, _, reason in await steps(shop, member)] == ["earned", "kept", "kept", "lowered"]


async def test_a_tier_given_by_hand_holds_to_its_end_and_a_match_that_was_met_stays(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    met, mets_card = await member_with_card(shop)
    missed, _ = await member_with_card(shop)
    challenge = [[{"measure": "spend", "at_least": 5_000}]]
    for member in (met, missed):
        given = await shop.call(
            "PUT",
            f"/v1/members/{member}/marks",
            {
                "kind": "tier", "code": "status/gold", "until": "2026-06-01T00:00:00+03:00", "match": challenge,
                "reason": "gold elsewhere",
            },
        )  # fmt: skip
        assert given.status_code == 200, given.text
    await spend(shop, "r-1", mets_card, 5_000)
    keeping = (await tiers(shop, met))[0]["keep"]

    await set_clock(shop, "2026-05-31T12:00:00+03:00")
    before = [(await tier(shop, one))[0] for one in (met, missed)]
    await set_clock(shop, "2026-06-01T12:00:00+03:00")

    assert keeping["reached"] is True
    assert before == ["gold", "gold"]
    assert await tier(shop, met) == ("gold", END_OF_NEXT_YEAR)
    assert await tier(shop, missed) == ("bronze", None)


async def test_a_ladder_that_is_new_or_lower_carries_todays_members_up_and_says_so_before(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 12_000)

    foreseen = await shop.post("/v1/ladders/status/preview", BY_SPENDING)
    await put_ladder(shop, BY_SPENDING)
    same = await put_ladder(shop, BY_SPENDING)
    await set_clock(shop, "2026-03-01T12:00:00+02:00")

    assert foreseen.json() == {
        "judged": 1,
        "whole": True,
        "before": {"": 1},
        "after": {"silver": 1},
        "up": 1,
        "down": 0,
        "stay": 0,
        "examples": [{"member": member, "before": None, "after": "silver"}],
    }
    assert same["revision"] == 1
    assert await tier(shop, member) == ("silver", END_OF_NEXT_YEAR)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"tiers": [{"code": "a"}, {"code": "b"}]}, "/tiers/1"),
        ({"tiers": [{"code": "a"}, {"code": "a", "invitation_only": True}]}, "/tiers/1/code"),
        (
            {
                "tiers": [
                    {"code": "a", "ways": [[{"measure": "spend", "at_least": 9}]]},
                    {"code": "b", "ways": [[{"measure": "spend", "at_least": 8}]]},
                ]
            },
            "/tiers/1/ways/0",
        ),
        (
            {"tiers": [{"code": "a", "ways": [[{"measure": "currency", "currency": "PTS", "at_least": 9}]]}]},
            "/tiers/0/ways/0/0/currency",
        ),
        (
            {"tiers": [{"code": "a", "ways": [[{"measure": "currency", "currency": "NO", "at_least": 9}]]}]},
            "/tiers/0/ways/0/0/currency",
        ),
        ({"period": "rolling"}, "/period_days"),
        ({"period": "lifetime"}, "/validity"),
        ({"validity": "forever", "grace_days": 3}, "/grace_days"),
        ({"downgrade": "one_step", "soft_landing": True}, "/soft_landing"),
    ],
)
async def test_a_ladder_that_contradicts_itself_is_refused_in_a_sentence(
    shop: Api, change: dict[str, object], pointer: str
) -> None:
    answer = await shop.call("PUT", "/v1/ladders/status", AIRLINE | {"tiers": [{"code": "a"}]} | change)

    assert refused(answer) == (422, "contradictory_configuration", pointer)
    assert answer.json()["detail"].endswith(".")
    assert (await shop.get("/v1/ladders")).json() == {"items": [], "next": None}


async def test_what_a_shared_account_reached_is_every_members(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    buyer, card = await member_with_card(shop)
    other, _ = await member_with_card(shop)
    household = await company(shop, kind="household")
    await put_in(shop, household, *[{"member": member, "role": "spender"} for member in (buyer, other)])

    await spend(shop, "r-1", card, 10_000)
    at_once = [(await tier(shop, one))[0] for one in (buyer, other)]
    await set_clock(shop, "2026-03-02T12:00:00+02:00")

    assert at_once == ["silver", "bronze"]
    assert [(await tier(shop, one))[0] for one in (buyer, other)] == ["silver", "silver"]


async def test_a_merge_keeps_the_better_tier_and_counts_what_both_bought(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    survivor, card = await member_with_card(shop)
    duplicate, others_card = await member_with_card(shop)
    await spend(shop, "r-1", card, 12_000)
    await spend(shop, "r-2", others_card, 18_000)

    merged = await shop.post(f"/v1/members/{survivor}/merge", {"member": duplicate})

    assert merged.status_code == 200, merged.text
    assert (await tier(shop, survivor))[0] == "gold"


async def test_the_till_hears_of_the_tier_and_of_what_is_missing(shop: Api) -> None:
    names = {"tier": {"status/gold": {"en": "Gold"}, "status/silver": {"en": "Silver"}}}
    await settle(shop, names=names)
    await put_ladder(shop, BY_SPENDING)
    _, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 12_000)

    found = await shop.post("/v1/members/find", {"card": card}, scope="till")
    seen = await shop.post("/v1/purchases/preview", buy("p-1", card, [line(1, 500)]), scope="till")

    assert (found.json()["tier"], found.json()["tier_name"]) == ("silver", "Silver")
    assert seen.json()["member"]["tier_name"] == "Silver"
    assert "Līdz līmenim Gold: 180,00\N{NO-BREAK SPACE}€" in seen.json()["messages"]["cashier"]


async def test_an_erased_members_marks_are_gone_and_the_history_goes_with_her_data(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 12_000)

    exported = await shop.get(f"/v1/members/{member}/export")
    erased = await shop.delete(f"/v1/members/{member}")
    after = await record(shop, buy("r-2", None, [line(1, 100)]))

    assert [(one["tier"], one["reason"]) for one in exported.json()["tier_changes"]] == [("silver", "earned")]
    assert erased.status_code == 200
    assert after["status"] == "recorded"


async def test_a_withdrawn_ladder_ends_its_tiers_and_is_named_no_more_until_it_is_put_back(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    buyer, card = await member_with_card(shop)
    lazy, _ = await member_with_card(shop)
    await spend(shop, "r-1", card, 12_000)
    await shop.call("PUT", f"/v1/members/{lazy}/marks", {"kind": "tier", "code": "status/gold"})

    withdrawn = await put_ladder(shop, {**BY_SPENDING, "withdrawn": True})
    named = (await spend(shop, "r-2", card, 20_000))["member"]
    shown = [await tiers(shop, one) for one in (buyer, lazy)]
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    marks = [(await shop.get(f"/v1/members/{one}/marks")).json()["items"] for one in (buyer, lazy)]

    assert (withdrawn["revision"], withdrawn["document"]["withdrawn"]) == (2, True)
    assert ("tier" in named and named["tier"]) in (False, None)
    assert shown == [[], []]
    assert marks == [[], []]
    assert (await steps(shop, buyer))[-1] == ("silver", None, "taken")

    await put_ladder(shop, BY_SPENDING)
    await set_clock(shop, "2026-03-01T13:00:00+02:00")
    assert [(await tier(shop, one))[0] for one in (buyer, lazy)] == ["gold", "bronze"]
    changes = (await shop.get("/v1/audit")).json()["items"]
    assert [one["action"] for one in changes if one["action"].startswith("ladder.")] == [
        "ladder.changed", "ladder.withdrawn", "ladder.changed",
    ]  # fmt: skip


async def test_a_card_that_becomes_somebodys_brings_her_the_tier_at_once(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    batch = await shop.post("/v1/cards/batch", {"count": 1}, scope="issuer")
    number = batch.json()["cards"][0]["number"]
    await spend(shop, "r-1", number, 12_000)
    member, _ = await member_with_card(shop)
    given = await shop.post(f"/v1/members/{member}/cards", {"number": number})
    assert given.status_code in (200, 201), given.text
    assert (await tier(shop, member))[0] == "silver"


async def test_undoing_a_merge_takes_the_tier_that_only_the_merge_brought(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    survivor, card = await member_with_card(shop)
    duplicate, others_card = await member_with_card(shop)
    await spend(shop, "r-1", card, 12_000)
    await spend(shop, "r-2", others_card, 18_000)
    await shop.post(f"/v1/members/{survivor}/merge", {"member": duplicate})
    assert (await tier(shop, survivor))[0] == "gold"

    undone = await shop.post(f"/v1/members/{survivor}/unmerge", {"member": duplicate})

    assert undone.status_code == 200, undone.text
    assert [(await tier(shop, one))[0] for one in (survivor, duplicate)] == ["silver", "silver"]


async def test_who_enrols_with_a_card_that_was_bought_on_climbs_at_once(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    card = await unassigned(shop)
    await spend(shop, "r-1", card, 12_000)

    made = await shop.post("/v1/members", {"phone": "+37129000777", "name": "Zane", "card": card})

    assert made.status_code == 201, made.text
    assert await steps(shop, made.json()["id"]) == [("bronze", "silver", "earned")]
