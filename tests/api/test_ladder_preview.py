"""What a change of a ladder would do: old rules and new ones on the same sums, so what does not change moves nobody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.shop import member_with_card, set_clock, take_back
from tests.api.tiers import BY_SPENDING, put_ladder, spend, tier


def by_spending(silver: int, gold: int, **change: Any) -> dict[str, Any]:
    """Bronze for everybody, silver and gold from so many cents."""
    steps = (("silver", silver), ("gold", gold))
    ways = [{"code": code, "ways": [[{"measure": "spend", "at_least": n}]]} for code, n in steps]
    return {"tiers": [{"code": "bronze"}, *ways]} | change


async def preview(api: Api, document: dict[str, Any]) -> dict[str, Any]:
    """What a change of the ladder would do."""
    answer = await api.post("/v1/ladders/status/preview", document)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def give(api: Api, member: str, code: str, **more: Any) -> None:
    """Give a tier by hand."""
    mark = {"kind": "tier", "code": f"status/{code}", "reason": "a friend", **more}
    answer = await api.call("PUT", f"/v1/members/{member}/marks", mark)
    assert answer.status_code == 200, answer.text


async def spender(api: Api, amount: int, **more: Any) -> str:
    """A member who spent so much."""
    member, card = await member_with_card(api)
    if amount:
        await spend(api, f"r-{card}-{amount}", card, amount, **more)
    return member


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"downgrade": "one_step"},
        {"downgrade": "to_base", "grace_days": 20},
        {"soft_landing": True},
        {"period": "membership_year"},
        {"period": "rolling", "period_days": 30, "validity": "days", "valid_days": 400},
        {"period": "lifetime", "validity": "forever"},
    ],
)
async def test_rules_that_do_not_change_move_nobody_however_they_came_to_their_tiers(
    shop: Api, change: dict[str, Any]
) -> None:
    rules = by_spending(10_000, 30_000, **change)
    await put_ladder(shop, rules)
    for amount in (0, 12_000, 30_000, 40_000):
        await spender(shop, amount)
    match = [[{"measure": "purchases", "at_least": 3}]]
    for code, more in (
        ("gold", {}),
        ("silver", {"until": "2028-06-01T00:00:00+03:00"}),
        ("gold", {"until": "2028-06-01T00:00:00+03:00", "match": match}),
    ):
        await give(shop, await spender(shop, 100), code, **more)
    seen = [await preview(shop, rules)]
    await set_clock(
        shop, "2027-11-01T12:00:00+02:00"
    )  # in the last year of their terms, nothing bought in it yet
    seen.append(await preview(shop, rules))
    await set_clock(shop, "2028-03-01T12:00:00+02:00")  # some were kept, some lowered, some landed softly
    await spender(shop, 31_000, purchased_at="2028-03-01T11:00:00+02:00")
    seen.append(await preview(shop, rules))

    for one in seen:
        assert (one["up"], one["down"], one["examples"]) == (0, 0, [])
        assert one["before"] == one["after"]
        assert one["stay"] == one["judged"] == sum(one["before"].values())


async def test_who_rises_who_falls_and_who_stays_is_told_by_counts_and_by_name(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    for amount in (0, 9_000, 45_000):
        await spender(shop, amount)
    falls, rises = await spender(shop, 32_000), await spender(shop, 9_600)
    friend = await spender(shop, 0)
    await give(shop, friend, "gold")

    found = await preview(shop, by_spending(9_500, 40_000))

    assert found == {
        "judged": 6,
        "whole": True,
        "before": {"bronze": 3, "gold": 3},
        "after": {"bronze": 2, "gold": 2, "silver": 2},
        "up": 1,
        "down": 1,
        "stay": 4,
        "examples": found["examples"],
    }
    assert {(one["member"], one["before"], one["after"]) for one in found["examples"]} == {
        (falls, "gold", "silver"),
        (rises, "bronze", "silver"),
    }


async def test_a_tier_of_last_year_is_compared_by_the_sums_that_brought_it(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member = await spender(shop, 32_000)
    await set_clock(shop, "2027-01-10T12:00:00+02:00")  # nothing was bought in this year yet

    raised = await preview(shop, by_spending(10_000, 40_000))
    lowered = await preview(shop, by_spending(10_000, 20_000))

    assert (raised["up"], raised["down"]) == (0, 1)
    assert raised["examples"] == [{"member": member, "before": "gold", "after": "silver"}]
    assert (lowered["stay"], lowered["after"]) == (1, {"gold": 1})


async def test_what_another_downgrade_would_do_to_who_no_longer_has_what_her_tier_asks_for(shop: Api) -> None:
    rules = by_spending(10_000, 30_000, undo_on_return=False)
    await put_ladder(shop, rules)
    member, card = await member_with_card(shop)
    bought = await spend(shop, "r-1", card, 31_000)
    await take_back(shop, bought["id"], "b-1", (1, "1"))

    stepwise = await preview(shop, {**rules, "downgrade": "one_step"})

    assert await tier(shop, member) == ("gold", "2027-12-31T22:00:00Z")
    assert (stepwise["before"], stepwise["after"], stepwise["up"]) == ({"bronze": 1}, {"silver": 1}, 1)


async def test_a_tier_that_the_new_rules_do_not_have_is_a_fall_for_who_has_it(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member = await spender(shop, 32_000)
    other = await spender(shop, 12_000)

    found = await preview(shop, {"tiers": BY_SPENDING["tiers"][:2]})

    assert (found["up"], found["down"], found["stay"]) == (0, 1, 1)
    assert found["examples"] == [{"member": member, "before": "gold", "after": "silver"}]
    assert other not in {one["member"] for one in found["examples"]}
