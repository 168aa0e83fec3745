"""What tiers rest on after goods came back: the sums agree with a naive count, and so does the tier, act by act."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import Struct

from tests.api.conftest import Api
from tests.api.shop import AT, buy, line, member_with_card, record, set_clock, take_back
from tests.api.tiers import BY_SPENDING, put_ladder, spend, steps, tier, tiers

BY_VISITS: dict[str, Any] = {
    "tiers": [
        {"code": "guest"},
        {"code": "friend", "ways": [[{"measure": "visit_days", "at_least": 2}]]},
        {"code": "family", "ways": [[{"measure": "purchases", "at_least": 3}]]},
    ],
}
FAR: dict[str, Any] = {
    "tiers": [
        {"code": "here"},
        {
            "code": "there",
            "ways": [
                [
                    {"measure": "spend", "at_least": 10**9},
                    {"measure": "purchases", "at_least": 10**6},
                    {"measure": "visit_days", "at_least": 10**4},
                ]
            ],
        },
    ],
}
"""Nobody comes there: it tells the sums."""
MIXED: dict[str, Any] = {
    "tiers": [
        {"code": "none"},
        {"code": "some", "ways": [[{"measure": "spend", "at_least": 2_000}]]},
        {
            "code": "more",
            "ways": [
                [{"measure": "spend", "at_least": 9_000}],
                [{"measure": "purchases", "at_least": 5}, {"measure": "visit_days", "at_least": 3}],
            ],
        },
        {"code": "most", "ways": [[{"measure": "spend", "at_least": 16_000}]]},
    ],
}
DAY_BEFORE = "2026-02-28T11:00:00+02:00"


async def on(api: Api, member: str, ladder: str) -> str | None:
    """Her tier of a ladder."""
    return next(one["tier"] for one in await tiers(api, member) if one["ladder"] == ladder)


async def test_a_purchase_of_which_all_came_back_is_no_visit_and_one_that_came_back_in_part_stays_one(
    shop: Api,
) -> None:
    await put_ladder(shop, BY_VISITS)
    member, card = await member_with_card(shop)
    goods = [line(1, 500, "2"), line(2, 300)]
    await spend(shop, "r-1", card, 100)
    there = await record(shop, buy("r-2", card, goods, purchased_at=DAY_BEFORE))
    third = await spend(shop, "r-3", card, 100)
    seen = [await tier(shop, member)]

    await take_back(shop, there["id"], "b-1", (1, "2"))
    seen.append(await tier(shop, member))
    await take_back(shop, third["id"], "b-2", (1, "1"))
    seen.append(await tier(shop, member))
    await take_back(shop, there["id"], "b-3", (2, "1"))
    seen.append(await tier(shop, member))

    assert [one for one, _ in seen] == ["family", "family", "friend", "guest"]
    missing = (await tiers(shop, member))[0]["next"]["missing"]
    assert [(one["reached"], one["missing"]) for one in missing] == [(1, 1)]
    assert [reason for _, _, reason in await steps(shop, member)] == ["earned", "earned", "undone", "undone"]


async def test_a_confirmed_or_claimed_purchase_of_which_all_came_back_is_no_visit_either(shop: Api) -> None:
    await put_ladder(shop, BY_VISITS)
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 100)
    held = await record(shop, buy("h-1", card, [line(1, 500, "2")], hold=True, purchased_at=DAY_BEFORE))
    kept = {"lines": [line(1, 500)]}
    confirmed = await shop.post(f"/v1/purchases/{held['id']}/confirm", kept, scope="till")
    assert confirmed.status_code == 200, confirmed.text
    nobodys = await spend(shop, "r-2", None, 900)
    claimed = await shop.post(f"/v1/purchases/{nobodys['id']}/claim", {"member": member})
    assert claimed.status_code == 201, claimed.text
    seen = [(await tier(shop, member))[0]]

    for number, one in enumerate((nobodys["id"], held["id"])):
        await take_back(shop, one, f"b-{number}", (1, "1"))
        seen.append((await tier(shop, member))[0])

    assert seen == ["family", "friend", "guest"]


async def test_what_came_back_under_the_tier_before_lets_no_return_fall_back_on_it(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, card = await member_with_card(shop)
    silver = await spend(shop, "r-1", card, 10_000)
    gold = await spend(shop, "r-2", card, 30_000)

    await take_back(shop, silver["id"], "b-1", (1, "1"))
    still = (await tier(shop, member))[0]
    await take_back(shop, gold["id"], "b-2", (1, "1"))

    assert still == "gold"
    assert await tier(shop, member) == ("bronze", None)
    assert (await steps(shop, member))[-1] == ("gold", "bronze", "undone")


async def test_a_tier_of_last_year_that_was_come_back_to_does_not_fall_by_a_return_of_something_else(
    shop: Api,
) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 12_000)
    await set_clock(shop, "2027-02-01T12:00:00+02:00")
    this_year = {"purchased_at": "2027-02-01T11:00:00+02:00"}
    small = await spend(shop, "r-2", card, 500, **this_year)
    gold = await spend(shop, "r-3", card, 30_000, **this_year)
    seen = [(await tier(shop, member))[0]]

    for number, one in enumerate((gold, small)):
        await take_back(shop, one["id"], f"b-{number}", (1, "1"), returned_at=this_year["purchased_at"])
        seen.append((await tier(shop, member))[0])

    assert seen == ["gold", "silver", "silver"]
    assert (await tier(shop, member))[1] == "2027-12-31T22:00:00Z"


class Bought(Struct):
    """A purchase as the naive count keeps it: two lines of so many pieces."""

    id: str
    day: str
    prices: tuple[int, int]
    pieces: list[int]
    voided: bool = False

    @property
    def worth(self) -> int:
        """What of it was not given back."""
        return 0 if self.voided else sum(a * b for a, b in zip(self.prices, self.pieces, strict=True))

    @property
    def stands(self) -> bool:
        """Whether anything of it is left."""
        return not self.voided and any(self.pieces)


class Naive(Struct):
    """What somebody bought, and what her tiers must be by it."""

    bought: list[Bought]

    def sums(self) -> tuple[int, int, int]:
        """Turnover, purchases, days."""
        left = [one for one in self.bought if one.stands]
        return sum(one.worth for one in left), len(left), len({one.day for one in left})

    def tier(self) -> str:
        """On the ladder MIXED."""
        worth, purchases, days = self.sums()
        if worth >= 16_000:
            return "most"
        if worth >= 9_000 or (purchases >= 5 and days >= 3):
            return "more"
        return "some" if worth >= 2_000 else "none"


async def act(shop: Api, chance: random.Random, card: str, naive: Naive, number: int) -> None:
    """Buy once, buy several in one batch, give back pieces, or void; the naive count follows."""
    left = [one for one in naive.bought if one.stands]
    kind = chance.choice(["buy", "batch", "back", "back", "void"]) if left else "batch"
    if kind in ("buy", "batch"):
        bodies = []
        for place in range(1 if kind == "buy" else chance.randint(2, 4)):
            at = datetime.fromisoformat(AT) - timedelta(days=chance.randint(0, 4))
            prices = (chance.randint(1, 900), chance.randint(1, 900))
            pieces = [chance.randint(1, 3), chance.randint(1, 3)]
            lines = [line(n + 1, prices[n], str(pieces[n])) for n in range(2)]
            bodies.append(buy(f"r-{number}-{place}", card, lines, purchased_at=at.isoformat()))
            naive.bought.append(Bought("", at.date().isoformat(), prices, pieces))
        if kind == "buy":
            found = [await record(shop, bodies[0])]
        else:
            answer = await shop.post("/v1/purchases/batch", {"purchases": bodies}, scope="till")
            found = [one["answer"] for one in answer.json()["items"]]
        for one, said in zip(naive.bought[-len(found) :], found, strict=True):
            one.id = said["id"]
        return
    one = chance.choice(left)
    if kind == "void" and one.pieces and not chance.randint(0, 2):
        answer = await shop.post(f"/v1/purchases/{one.id}/void", {}, scope="till")
        if answer.status_code == 200:
            one.voided = True
        return
    whole = chance.randint(0, 1)
    back = [count if whole else chance.randint(0, count) for count in one.pieces]
    if any(back):
        asked = [(n + 1, str(count)) for n, count in enumerate(back) if count]
        await take_back(shop, one.id, f"b-{number}", *asked)
        one.pieces = [had - gone for had, gone in zip(one.pieces, back, strict=True)]


@pytest.mark.parametrize("seed", [7, 20, 33])
async def test_after_any_acts_the_sums_and_the_tier_are_those_of_a_naive_count(shop: Api, seed: int) -> None:
    await put_ladder(shop, FAR, "far")
    await put_ladder(shop, MIXED, "mixed")
    member, card = await member_with_card(shop)
    chance, naive = random.Random(seed), Naive([])
    reached = set[str]()
    for number in range(24):
        await act(shop, chance, card, naive, number)
        far = next(one for one in await tiers(shop, member) if one["ladder"] == "far")
        (way,) = far["next"]["ways"]
        assert tuple(part["reached"] for part in way["parts"]) == naive.sums()
        assert await on(shop, member, "mixed") == naive.tier()
        reached.add(naive.tier())
    assert len(reached) >= 3


async def test_a_late_receipt_of_before_a_return_brings_the_tier_from_that_return_on(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, card = await member_with_card(shop)
    silver = await spend(shop, "r-1", card, 10_000, purchased_at=DAY_BEFORE)
    await take_back(shop, silver["id"], "b-1", (1, "1"))
    fallen = (await tier(shop, member))[0]

    await spend(shop, "r-2", card, 10_000, purchased_at=DAY_BEFORE)
    (now,) = await tiers(shop, member)

    assert fallen == "bronze"
    assert (now["tier"], now["since"]) == ("silver", "2026-03-01T09:00:00Z")
    assert [reason for _, _, reason in await steps(shop, member)] == ["earned", "undone", "earned"]


async def test_a_late_receipt_of_last_year_brings_the_tier_for_the_term_of_its_own_time(shop: Api) -> None:
    await put_ladder(shop, BY_SPENDING)
    member, card = await member_with_card(shop)
    await spend(shop, "r-1", card, 10_000)
    await set_clock(shop, "2027-12-31T12:00:00+02:00")
    await spend(shop, "r-2", card, 9_000, purchased_at="2027-12-31T11:00:00+02:00")
    await set_clock(shop, "2028-01-02T12:00:00+02:00")
    fallen = (await tier(shop, member))[0]

    await spend(shop, "r-3", card, 1_000, purchased_at="2027-12-31T11:30:00+02:00")

    assert fallen == "bronze"
    assert await tier(shop, member) == ("silver", "2028-12-31T22:00:00Z")
