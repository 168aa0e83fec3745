"""What a member sees of the friends whom she brought: also of one whom her own payment card gave away."""

from __future__ import annotations

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.referring import code_of, friend_by, put_program
from tests.api.shop import buy, line, record, set_clock
from tests.pages.portal import Portal, furnish, portal_of, words

__all__ = ["api", "client", "letters", "shop"]


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """Somebody who may bring friends."""
    await furnish(shop)
    await put_program(shop)
    return await portal_of(shop, database)


async def test_a_friend_who_was_paid_for_with_her_own_card_stays_in_the_list_as_refused(
    portal: Portal,
) -> None:
    code = await code_of(portal.api, portal.member)
    _, card = await friend_by(portal.api, code, device="phone-of-zane")
    await friend_by(portal.api, code, device="phone-of-zane")
    paid = [{"method": "card", "amount": 2500, "instrument": "fp_9f8e7d6c5b"}]
    for request, number in (("r-1", portal.card), ("r-2", card)):
        await record(portal.api, buy(request, number, [line(1, 2500)], payments=paid))
    # Whoever was refused as she joined, by her device, never stood there.
    before = words((await portal.get("/invite")).text)
    assert (before.count("has joined"), before.count("refused")) == (1, 0)

    await set_clock(portal.api, "2026-03-15T11:00:00+02:00")

    after = words((await portal.get("/invite")).text)
    assert (after.count("has joined"), after.count("refused")) == (0, 1)
