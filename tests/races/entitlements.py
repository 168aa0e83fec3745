"""What callers do at once to entitlements: the last use of a quota, the last place in a slot, one booking."""

from __future__ import annotations

import asyncio
from typing import Any

from regulars import ids
from regulars.rewards import entitlement_book
from tests.api.entitled import LOUNGE, act, book, come, entitle, has
from tests.api.shop import member_with_card
from tests.races.acts import Houses, at_once, outcomes
from tests.waiting import until_others_wait

SLOT = "2026-03-02T10:00:00+02:00"
FOR_ALL: dict[str, Any] = {**LOUNGE, "quotas": [{"uses": 1}]}
BOOKED: dict[str, Any] = {
    **LOUNGE,
    "quotas": [{"uses": 5}],
    "booking": {"opens": "09:00", "closes": "12:00", "capacity": 3},
}


async def use_the_last_of_a_quota(houses: Houses, callers: int = 20) -> None:
    """20 desks and one use: one lets her in."""
    await entitle(houses.at(0), FOR_ALL)
    member, _ = await member_with_card(houses.at(0))

    answers = await at_once([come(houses.at(n), member) for n in range(callers)])

    assert outcomes(answers) == {"201": 1, "409 quota_used_up": callers - 1}
    hers = await has(houses.at(0), member)
    assert (hers["left"], len(hers["uses"])) == (0, 1)


async def book_the_last_of_a_slot(houses: Houses) -> None:
    """20 members and three places at an hour: three have one."""
    await entitle(houses.at(0), BOOKED)
    members = [(await member_with_card(houses.at(0)))[0] for _ in range(20)]

    answers = await at_once([book(houses.at(n), member, SLOT) for n, member in enumerate(members)])

    assert outcomes(answers) == {"201": 3, "409 slot_full": 17}
    assert await houses.rows("entitlement_use") == 3


async def cancel_and_check_in_at_once(houses: Houses) -> None:
    """A booking is cancelled while she is checked in: both wait for its row, and one of the two comes about."""
    api = houses.at(0)
    await entitle(api, BOOKED)
    member, _ = await member_with_card(api)
    booked = (await book(api, member, SLOT)).json()["id"]
    await api.post("/v1/sandbox/clock", {"now": "2026-03-02T09:30:00+02:00"})
    use = ids.read("etu", booked)
    async with houses.database.transaction(api.program.id) as tx:
        await tx.execute("SELECT FROM entitlement_use WHERE id = %s FOR UPDATE", (use,))
        acts = [
            asyncio.create_task(act(houses.at(n), booked, what))
            for n, what in enumerate(("cancel", "check-in"))
        ]
        await until_others_wait(tx, 2)
    answers = await asyncio.gather(*acts)

    assert outcomes(answers) == {"200": 1, "409 state_conflict": 1}
    async with houses.database.transaction(api.program.id) as tx:
        found = await entitlement_book.use(tx, api.program.id, use)
        assert found is not None
        slots = await entitlement_book.slots(
            tx, api.program.id, found.store, "lounge", found.at, found.due_at or found.at
        )
    used = answers[1].is_success
    assert (found.state, found.counts) == (("used", True) if used else ("cancelled", False))
    assert slots == {found.at: 1 if used else 0}
