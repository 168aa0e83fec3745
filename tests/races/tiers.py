"""What members do at once who climb a ladder, and what must come of it; `test_guards` plays it without the lock."""

from __future__ import annotations

from typing import Any

from tests.api.shop import buy, giving_back, line, member_with_card
from tests.api.tiers import BY_SPENDING, put_ladder, steps, tier
from tests.races.acts import Houses, at_once, outcomes

MEMBERS = 10


async def reach_a_tier_together(houses: Houses) -> None:
    """Two purchases at once, each half of what gold asks for: one of them brings it, once."""
    first = houses.at(0)
    await put_ladder(first, {"tiers": [BY_SPENDING["tiers"][0], BY_SPENDING["tiers"][2]]})
    members = [await member_with_card(first) for _ in range(MEMBERS)]

    answers = await at_once(
        [
            houses.at(n).post("/v1/purchases", buy(f"r-{card}-{n}", card, [line(1, 15_000)]), scope="till")
            for _, card in members
            for n in range(2)
        ]
    )

    assert outcomes(answers) == {"201": 2 * MEMBERS}
    assert [await steps(first, member) for member, _ in members] == [
        [("bronze", "gold", "earned")] for _ in members
    ]
    assert await houses.rows("tier_change") == MEMBERS


async def give_back_and_buy_at_once(houses: Houses) -> None:
    """A return of what the tier rests on, and a purchase that makes up for it: whichever is first, she has it then."""
    first = houses.at(0)
    await put_ladder(first, BY_SPENDING)
    bought: list[tuple[str, str, dict[str, Any]]] = []
    for n in range(MEMBERS):
        member, card = await member_with_card(first)
        answer = await first.post("/v1/purchases", buy(f"first-{n}", card, [line(1, 10_000)]), scope="till")
        bought.append((member, card, answer.json()))

    calls = []
    for n, (_, card, purchase) in enumerate(bought):
        calls.append(
            houses.at(0).post(
                f"/v1/purchases/{purchase['id']}/returns", giving_back(f"back-{n}", (1, "1")), scope="till"
            )
        )
        calls.append(
            houses.at(1).post("/v1/purchases", buy(f"then-{n}", card, [line(1, 10_000)]), scope="till")
        )
    answers = await at_once(calls)

    assert outcomes(answers) == {"201": 2 * MEMBERS}
    assert {(await tier(first, member))[0] for member, _, _ in bought} == {"silver"}
