"""Entitlements through the API: quotas by tier and period, guests, booking, check-in, no-shows, costs by partner."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.api.entitled import LADDER, LOUNGE, come, entitle, gold_member, has, left, mark, used_up
from tests.api.shop import member_with_card, refused, set_clock, settle
from tests.api.tiers import put_ladder


@pytest.mark.scenario("S16")
async def test_of_two_visits_a_quarter_the_third_is_refused_with_the_next_free_date(shop: Api) -> None:
    member = await gold_member(shop)

    first, second, third = [await come(shop, member) for _ in range(3)]
    hers = await has(shop, member)

    assert (first.status_code, second.status_code) == (201, 201)
    assert used_up(third) == ("quota_used_up", 0, "2026-04-01T00:00:00+03:00")
    assert (hers["left"], hers["next_free_at"]) == (0, "2026-04-01T00:00:00+03:00")
    assert (hers["period_from"], hers["period_until"]) == ("2026-01-01", "2026-04-01")
    assert [one["id"] for one in hers["uses"]] == [second.json()["id"], first.json()["id"]]
    await set_clock(shop, "2026-04-01T00:00:00+03:00")
    assert (await come(shop, member)).status_code == 201


@pytest.mark.scenario("S16")
async def test_a_desk_that_lost_the_answer_gets_it_however_late_it_asks_again(shop: Api) -> None:
    member = await gold_member(shop)
    path = f"/v1/members/{member}/entitlements/lounge/uses"
    body = {"store": "riga-1", "at": "2026-03-01T10:30:00+02:00"}

    used = await shop.post(path, body, scope="till", key="came")
    await settle(shop, late_days=1)
    await set_clock(shop, "2026-03-10T10:00:00+02:00")
    again = await shop.post(path, body, scope="till", key="came")
    fresh = await shop.post(path, body, scope="till")

    assert (used.status_code, again.status_code, again.headers["idempotent-replayed"]) == (201, 201, "true")
    assert again.json() == used.json()
    assert refused(fresh) == (422, "invalid_value", "/at")
    assert await left(shop, member) == 1


async def test_lounge_and_transfers_of_one_tariff_are_counted_apart(shop: Api) -> None:
    await entitle(shop, {**LOUNGE, "quotas": [{"uses": 2, "club": "travel-card"}]})
    transfer = {
        "names": {"lv": "Transfērs"},
        "quotas": [{"uses": 1, "club": "travel-card"}],
        "period": "quarter",
    }
    await entitle(shop, transfer, "transfer")
    member, _ = await member_with_card(shop)
    await mark(shop, member, "travel-card", "club")

    taken = await come(shop, member, "transfer")
    refused_one = await come(shop, member, "transfer")

    assert taken.status_code == 201
    assert used_up(refused_one)[0] == "quota_used_up"
    assert await left(shop, member) == 2


@pytest.mark.scenario("S16")
async def test_each_partner_sees_its_own_costs_only(shop: Api) -> None:
    member = await gold_member(shop, {**LOUNGE, "guests": {"free": 1}})
    await shop.post("/v1/partners", {"code": "airport", "name": "Airport"})
    await shop.post("/v1/stores", {"code": "rix", "name": "Riga airport", "partner": "airport"})
    made = await shop.post("/v1/keys", {"scopes": ["read"], "partner": "airport"})
    airport = Api(shop.client, shop.program, {"read": made.json()["key"]})
    await come(shop, member)
    await come(shop, member, store="rix", guests=1)

    days = {"from": "2026-03-01", "until": "2026-03-31"}
    everybodys = (await shop.get("/v1/entitlement-costs", **days)).json()
    theirs = (await airport.get("/v1/entitlement-costs", scope="read", **days)).json()
    listed = (await airport.get("/v1/entitlement-uses", scope="read")).json()["items"]
    seen = await has(airport, member, scope="read")

    assert {one["partner"]: (one["visits"], one["guests"], one["cost"]) for one in everybodys["items"]} == {
        "operator": (1, 0, 2500),
        "airport": (1, 1, 5000),
    }
    assert everybodys["cost"] == 7500
    assert [(one["store"], one["cost"]) for one in theirs["items"]] == [("rix", 5000)]
    assert theirs["cost"] == 5000
    assert [(one["store"], one["cost"]) for one in listed] == [("rix", 5000)]
    # That she was elsewhere too says what is left; what it cost there does not concern the airport.
    assert [(one["store"], one["cost"]) for one in seen["uses"]] == [("rix", 5000), ("riga-1", None)]


@pytest.mark.scenario("S3")
async def test_skip_the_queue_is_used_twice_a_month_and_the_third_is_refused(shop: Api) -> None:
    member = await gold_member(shop)
    skip = {"names": {"lv": "Bez rindas"}, "quotas": [{"uses": 2, "tier": "status/gold"}], "period": "month"}
    await entitle(shop, skip, "skip-the-queue")

    answers = [await come(shop, member, "skip-the-queue") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert used_up(answers[2]) == ("quota_used_up", 0, "2026-04-01T00:00:00+03:00")


async def test_of_rolling_days_the_next_is_free_when_the_oldest_leaves(shop: Api) -> None:
    member = await gold_member(
        shop, {"names": {"lv": "Sauna"}, "quotas": [{"uses": 2}], "period": "rolling", "period_days": 30}
    )
    await come(shop, member)
    await set_clock(shop, "2026-03-11T11:00:00+02:00")
    await come(shop, member)
    await set_clock(shop, "2026-03-12T11:00:00+02:00")

    early = await come(shop, member)
    await set_clock(shop, "2026-03-31T00:00:00+03:00")
    again = await come(shop, member)

    assert used_up(early)[2] == "2026-03-31T00:00:00+03:00"
    assert again.status_code == 201


async def test_the_best_quota_of_a_member_counts_and_with_adds_all_of_hers(shop: Api) -> None:
    quotas = [
        {"uses": 1},
        {"uses": 2, "tier": "status/gold"},
        {"uses": 4, "club": "wine"},
        {"uses": 9, "tier": "status/top"},
    ]
    member = await gold_member(shop, {**LOUNGE, "quotas": quotas})

    best = await left(shop, member)
    await mark(shop, member, "wine", "club")
    better = await left(shop, member)
    await entitle(shop, {**LOUNGE, "quotas": quotas, "adds": True})

    assert (best, better, await left(shop, member)) == (2, 4, 7)


async def test_the_lowest_tier_that_everybody_has_gives_its_quota(shop: Api) -> None:
    await put_ladder(shop, LADDER)
    await entitle(shop, {**LOUNGE, "quotas": [{"uses": 3, "tier": "status/blue"}]})
    member, _ = await member_with_card(shop)

    assert await left(shop, member) == 3
    await mark(shop, member)
    assert (await come(shop, member)).json()["code"] == "not_entitled"


async def test_a_guest_takes_a_use_or_comes_free_and_no_more_come_than_may(shop: Api) -> None:
    member = await gold_member(
        shop, {**LOUNGE, "quotas": [{"uses": 3}], "guests": {"free": 1, "from_quota": 1}}
    )

    too_many = await come(shop, member, guests=3)
    free = await come(shop, member, guests=1)
    paid = await come(shop, member, guests=2)

    assert refused(too_many)[:2] == (409, "too_many_guests")
    assert (free.json()["uses"], paid.json()["uses"]) == (1, 2)
    assert paid.json()["cost"] == 7500
    assert await left(shop, member) == 0


async def test_what_cannot_be_used_here_or_by_her_is_refused_and_leaves_no_trace(shop: Api) -> None:
    await shop.post("/v1/stores", {"code": "spa", "name": "Spa"})
    member = await gold_member(shop, {**LOUNGE, "stores": ["spa"]})
    other, _ = await member_with_card(shop)

    here = await come(shop, member)
    stranger = await come(shop, other, store="spa")
    nothing = await come(shop, member, "sauna")
    late = await come(shop, member, store="spa", at="2026-02-01T10:00:00Z")
    early = await come(shop, member, store="spa", at="2026-03-01T12:00:00Z")

    assert refused(here)[:2] == (409, "not_usable_here")
    assert refused(stranger)[:2] == (409, "not_entitled")
    assert refused(nothing)[:2] == (404, "not_found")
    assert refused(late) == (422, "invalid_value", "/at")
    assert refused(early) == (422, "invalid_value", "/at")
    assert await left(shop, member) == 2
    assert (await shop.get("/v1/entitlement-uses")).json()["items"] == []


async def test_a_use_of_yesterday_counts_in_the_period_of_yesterday(shop: Api) -> None:
    member = await gold_member(shop, {**LOUNGE, "quotas": [{"uses": 1}], "period": "month"})

    yesterday = await come(shop, member, at="2026-02-28T12:00:00Z")
    again = await come(shop, member, at="2026-02-27T12:00:00Z")

    assert yesterday.status_code == 201
    assert used_up(again)[0] == "quota_used_up"
    assert (await come(shop, member)).status_code == 201


async def test_the_same_request_uses_once(shop: Api) -> None:
    member = await gold_member(shop)
    path = f"/v1/members/{member}/entitlements/lounge/uses"

    first = await shop.post(path, {"store": "riga-1"}, scope="till", key="once")
    again = await shop.post(path, {"store": "riga-1"}, scope="till", key="once")

    assert first.content == again.content
    assert await left(shop, member) == 1


# Given beside the quota -----------------------------------------------------------------------------------


async def test_uses_that_staff_give_are_taken_when_they_end_first(shop: Api) -> None:
    member = await gold_member(shop)
    given = {"uses": 1, "days": 7, "reason": "a late flight"}

    answer = await shop.post(f"/v1/members/{member}/entitlements/lounge/grants", given)
    await come(shop, member)
    hers = await has(shop, member)

    assert answer.status_code == 201, answer.text
    assert answer.json()["items"][0]["left"] == 3
    assert hers["given"] == [{"uses": 1, "left": 0, "until": "2026-03-08T22:00:00Z"}]
    assert hers["left"] == 2


async def test_what_was_given_ends_with_its_last_day(shop: Api) -> None:
    await entitle(shop, {**LOUNGE, "quotas": []})
    member, _ = await member_with_card(shop)
    await shop.post(
        f"/v1/members/{member}/entitlements/lounge/grants", {"uses": 5, "days": 1, "reason": "a try"}
    )

    await set_clock(shop, "2026-03-02T23:59:59+02:00")
    last = await left(shop, member)
    await set_clock(shop, "2026-03-03T00:00:00+02:00")

    assert last == 5
    assert refused(await come(shop, member))[:2] == (409, "not_entitled")
    assert (await shop.get(f"/v1/members/{member}/entitlements")).json()["items"] == []


# The document, and people ---------------------------------------------------------------------------------


async def test_the_same_document_again_is_no_new_revision_and_what_contradicts_itself_is_refused(
    shop: Api,
) -> None:
    await put_ladder(shop, LADDER)
    first = await entitle(shop, LOUNGE)
    again = await entitle(shop, LOUNGE)
    stopped = await entitle(shop, {**LOUNGE, "stopped": True})
    wrong = {
        "names": {"en": "Lounge"},
        "quotas": [{"uses": 1, "tier": "status/platinum"}, {"uses": 1, "tier": "status/platinum"}],
        "period": "rolling",
        "stores": ["nowhere"],
        "booking": {"opens": "10:00", "closes": "10:30"},
    }

    answer = await shop.call("PUT", "/v1/entitlements/spa", wrong)

    assert (first["revision"], again["revision"], stopped["revision"]) == (1, 1, 2)
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/names", "/period_days", "/quotas/0/tier", "/quotas/1", "/quotas/1/tier", "/stores/0", "/booking/closes",
    ]  # fmt: skip
    assert refused(answer)[:2] == (422, "contradictory_configuration")


async def test_a_stopped_entitlement_is_used_no_more(shop: Api) -> None:
    member = await gold_member(shop)
    await entitle(shop, {**LOUNGE, "stopped": True})

    assert refused(await come(shop, member))[:2] == (409, "state_conflict")
    assert (await shop.get(f"/v1/members/{member}/entitlements")).json()["items"] == []


async def test_uses_of_who_was_merged_into_her_count(shop: Api) -> None:
    survivor = await gold_member(shop)
    duplicate, _ = await member_with_card(shop)
    await mark(shop, duplicate)
    await come(shop, duplicate)

    merged = await shop.post(f"/v1/members/{survivor}/merge", {"member": duplicate})

    assert merged.is_success, merged.text
    assert await left(shop, survivor) == 1
