"""The member's tier in the portal: on the card's page, and on its own."""

from __future__ import annotations

from regulars import clock
from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.tiers import BY_SPENDING, put_ladder, spend
from tests.pages.portal import portal_of, words


async def test_a_member_sees_her_tier_what_is_missing_what_keeps_it_and_how_it_came(
    api: Api, database: Database
) -> None:
    await put_ladder(api, BY_SPENDING)
    portal = await portal_of(api, database, at=clock.world())
    before = words((await portal.get("")).text)
    await spend(api, "r-1", portal.card, 12_000, purchased_at=clock.world().isoformat())

    home = words((await portal.get("")).text)
    page = words((await portal.get("/tier")).text)

    assert "To silver: €100.00" in before
    assert "Silver" in home
    assert "To gold: €180.00" in home
    assert "€120.00 of €300.00" in page
    assert "To keep it, from" in page
    assert "€0.00 of €100.00" in page
    assert "How it came to be Silver Reached" in page


async def test_without_a_ladder_the_page_says_that_there_are_no_tiers(api: Api, database: Database) -> None:
    portal = await portal_of(api, database, at=clock.world())

    assert "tier-card" not in (await portal.get("")).text
    assert "There are no tiers here" in words((await portal.get("/tier")).text)
