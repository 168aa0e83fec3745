"""How long tiers last and how they fall, year by year through the API: periods, downgrades, grace, several ladders."""

from __future__ import annotations

from typing import Any

from regulars.flows.known_programs import KnownPrograms
from regulars.flows.review_tiers import review_tiers
from tests.api.conftest import Api
from tests.api.shop import member_with_card, publish, set_clock
from tests.api.tiers import BY_SPENDING, put_ladder, spend, steps, tier, tiers
from tests.conftest import START

END_OF_2027, END_OF_2028 = "2027-12-31T22:00:00Z", "2028-12-31T22:00:00Z"


async def buy_on(api: Api, card: str, day: str, amount: int, hour: str = "11:00:00") -> dict[str, Any]:
    """The sandbox's clock goes to noon of that day, unless an hour is said; and so much is bought then."""
    offset = "+03:00" if "-04-" <= day[4:8] <= "-10-" else "+02:00"
    await set_clock(api, f"{day}T{'12:00:00' if hour < '12' else hour}{offset}")
    return await spend(api, f"r-{card}-{day}", card, amount, purchased_at=f"{day}T{hour}{offset}")


async def test_a_membership_year_runs_from_the_day_of_joining_and_its_last_second_counts(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING | {"period": "membership_year"})
    keeper, keepers_card = await member_with_card(shop)
    faller, fallers_card = await member_with_card(shop)
    for card in (keepers_card, fallers_card):
        await spend(shop, f"first-{card}", card, 10_000)
    gained = await tier(shop, keeper)
    # Of the calendar years 2027 and 2028 neither reaches it: the membership year that began in March 2027 does.
    await buy_on(shop, keepers_card, "2027-12-20", 6_000)
    await buy_on(shop, keepers_card, "2028-02-29", 4_000, "23:59:59")
    last_second = [await tier(shop, one) for one in (keeper, faller)]

    await set_clock(shop, "2028-03-01T00:00:00+02:00")

    assert gained == ("silver", "2028-02-29T22:00:00Z")
    assert last_second == [gained, gained]
    assert await tier(shop, keeper) == ("silver", "2029-02-28T22:00:00Z")
    assert await tier(shop, faller) == ("bronze", None)


async def test_over_a_lifetime_all_years_count_and_nothing_is_lost(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING | {"period": "lifetime", "validity": "forever"})
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 6_000)
    before = (await tiers(shop, member))[0]["next"]["missing"]
    await buy_on(shop, card, "2028-05-10", 4_000)
    reached = (await tiers(shop, member))[0]
    await set_clock(shop, "2031-01-05T12:00:00+02:00")

    assert [(one["reached"], one["missing"]) for one in before] == [(6_000, 4_000)]
    assert (reached["tier"], reached["since"], reached["until"], reached["keep"]) == (
        "silver", "2028-05-10T08:00:00Z", None, None,
    )  # fmt: skip
    assert await tier(shop, member) == ("silver", None)
    assert await steps(shop, member) == [("bronze", "silver", "earned")]


async def test_one_step_down_a_year_and_the_job_done_twice_at_one_instant_is_done_once(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING | {"downgrade": "one_step"})
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 30_000)
    seen = []
    for year in (2028, 2029, 2030):
        await set_clock(shop, f"{year}-01-01T00:00:00+02:00")
        seen.append(await tier(shop, member))
    assert shop.database is not None
    known = KnownPrograms(shop.database)
    again = [
        await review_tiers(shop.database, known, shop.program.id, START.replace(year=2030)) for _ in range(2)
    ]

    assert seen == [("silver", END_OF_2028), ("bronze", None), ("bronze", None)]
    assert again == [0, 0]
    assert await steps(shop, member) == [
        ("bronze", "gold", "earned"),
        ("gold", "silver", "lowered"),
        ("silver", "bronze", "lowered"),
    ]


async def test_who_would_fall_far_lands_softly_for_one_term_and_not_a_second_time(shop: Api) -> None:
    platinum = {"code": "platinum", "ways": [[{"measure": "spend", "at_least": 60_000}]]}
    soft = {"tiers": [*BY_SPENDING["tiers"], platinum], "soft_landing": True}
    await put_ladder(shop, soft)
    falling, card = await member_with_card(shop)
    climbing, climbers_card = await member_with_card(shop)
    for one in (card, climbers_card):
        await spend(shop, f"first-{one}", one, 60_000)
    await set_clock(shop, "2028-01-01T00:00:00+02:00")
    landed = [await tier(shop, one) for one in (falling, climbing)]
    await buy_on(shop, climbers_card, "2028-06-15", 30_000)
    await set_clock(shop, "2029-01-01T00:00:00+02:00")

    assert landed == [("gold", END_OF_2028)] * 2
    assert await tier(shop, falling) == ("bronze", None)
    assert await tier(shop, climbing) == ("gold", "2029-12-31T22:00:00Z")
    assert [reason for _, _, reason in await steps(shop, falling)] == ["earned", "lowered", "lowered"]
    assert (await steps(shop, climbing))[-1] == ("gold", "gold", "kept")


async def test_in_its_days_of_grace_a_tier_holds_and_what_is_bought_counts_for_the_year_that_ended(
    shop: Api,
) -> None:
    await put_ladder(shop, BY_SPENDING | {"grace_days": 20})
    late, lates_card = await member_with_card(shop)
    never, nevers_card = await member_with_card(shop)
    for card in (lates_card, nevers_card):
        await spend(shop, f"first-{card}", card, 10_000)
    gained = await tier(shop, late)
    await buy_on(shop, lates_card, "2027-07-01", 4_000)
    in_grace = await buy_on(shop, lates_card, "2028-01-20", 6_000)
    keep = (await tiers(shop, late))[0]["keep"]
    still = [(await tier(shop, one))[0] for one in (late, never)]

    await set_clock(shop, "2028-01-21T00:00:00+02:00")

    assert gained == ("silver", "2028-01-20T22:00:00Z")
    assert (in_grace["member"]["tier"], still) == ("silver", ["silver", "silver"])
    assert (keep["since"], keep["until"], keep["reached"]) == (
        "2026-12-31T22:00:00Z", "2028-01-20T22:00:00Z", True,
    )  # fmt: skip
    assert await tier(shop, late) == ("silver", "2029-01-20T22:00:00Z")
    assert await tier(shop, never) == ("bronze", None)


async def test_to_the_lowest_whatever_was_bought_and_by_the_sums_side_by_side(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING | {"downgrade": "by_balance"}, "balance")
    await put_ladder(shop, BY_SPENDING | {"downgrade": "to_base"}, "base")
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 30_000)
    await buy_on(shop, card, "2027-05-05", 12_000)
    await set_clock(shop, "2028-01-01T00:00:00+02:00")

    assert {one["ladder"]: (one["tier"], one["until"]) for one in await tiers(shop, member)} == {
        "balance": ("silver", END_OF_2028),
        "base": ("bronze", None),
    }


async def test_of_several_ladders_each_goes_its_way_and_the_first_by_its_code_is_the_one_that_a_till_is_told(
    shop: Api,
) -> None:
    by_days = {
        "tiers": [
            {"code": "new"},
            {
                "code": "regular",
                "ways": [
                    [{"measure": "visit_days", "at_least": 2}, {"measure": "spend", "at_least": 5_000}],
                    [{"measure": "purchases", "at_least": 4}],
                ],
            },
        ],
        "period": "rolling", "period_days": 30, "validity": "days", "valid_days": 60,
    }  # fmt: skip
    await put_ladder(shop, BY_SPENDING, "a-status")
    await put_ladder(shop, by_days, "b-visits")
    fixed = {"kind": "points_fixed", "currency": "PTS", "points": 5}
    condition = {"kind": "tier", "ladder": "b-visits", "tiers": ["regular"]}
    await publish(
        shop, {"name": "For regulars", "group": "points", "conditions": [condition], "benefits": [fixed]}
    )
    both_parts, card = await member_with_card(shop)
    often, oftens_card = await member_with_card(shop)
    yesterday = {"purchased_at": "2026-02-28T11:00:00+02:00"}

    await spend(shop, "r-1", card, 4_900, **yesterday)
    two_days_too_little = await spend(shop, "r-2", card, 50)
    reached = await spend(shop, "r-3", card, 6_000)
    then = await spend(shop, "r-4", card, 100)
    last = [await spend(shop, f"o-{n}", oftens_card, 10) for n in range(4)][-1]
    found = await shop.post("/v1/members/find", {"card": oftens_card}, scope="till")

    assert [one["member"]["tier"] for one in (two_days_too_little, reached)] == ["bronze", "silver"]
    assert [sum(e["amount"] for e in one["earned"]) for one in (reached, then)] == [0, 5]
    assert {one["ladder"]: one["tier"] for one in await tiers(shop, both_parts)} == {
        "a-status": "silver",
        "b-visits": "regular",
    }
    assert (last["member"]["tier"], found.json()["tier"]) == ("bronze", "bronze")
    assert {one["ladder"]: (one["tier"], one["until"]) for one in await tiers(shop, often)} == {
        "a-status": ("bronze", None),
        "b-visits": ("regular", "2026-04-30T21:00:00Z"),
    }


async def test_a_tier_given_with_an_end_is_beaten_by_a_higher_one_and_goes_on_where_that_is_over(
    shop: Api,
) -> None:
    await put_ladder(shop, BY_SPENDING | {"validity": "days", "valid_days": 10})
    member, card = await member_with_card(shop)
    mark = {
        "kind": "tier", "code": "status/silver", "until": "2027-03-01T00:00:00+02:00", "reason": "our neighbour",
    }  # fmt: skip
    given = await shop.call("PUT", f"/v1/members/{member}/marks", mark)
    assert given.status_code == 200, given.text
    seen = [await tier(shop, member)]
    await buy_on(shop, card, "2026-12-30", 30_000)
    seen.append(await tier(shop, member))
    await set_clock(
        shop, "2027-01-10T00:00:00+02:00"
    )  # the new year has brought nothing that would keep gold
    seen.append(await tier(shop, member))
    await set_clock(shop, "2027-03-01T00:00:00+02:00")
    seen.append(await tier(shop, member))

    assert seen == [
        ("silver", "2027-02-28T22:00:00Z"),
        ("gold", "2027-01-09T22:00:00Z"),
        ("silver", "2027-02-28T22:00:00Z"),
        ("bronze", None),
    ]
    assert [reason for _, _, reason in await steps(shop, member)] == [
        "given", "earned", "restored", "lowered",
    ]  # fmt: skip
