"""Where a member is logged in: she ends what is hers, and nobody ends what is somebody else's."""

from __future__ import annotations

from regulars import ids
from regulars.db.pool import Database
from regulars.web import member_sessions
from tests.api.conftest import Api, api, client, letters, shop
from tests.conftest import START
from tests.pages.portal import furnish, portal_of

__all__ = ["api", "client", "letters", "shop"]


async def test_a_session_is_ended_by_the_member_whose_it_is_and_by_nobody_else(
    shop: Api, database: Database
) -> None:
    await furnish(shop)
    anna, zane = await portal_of(shop, database), await portal_of(shop, database, "Zane Ozola")
    whose = (shop.program.id, ids.read("mem", zane.member), START)
    (hers,) = await member_sessions.sessions_of_member(database, *whose)

    tried = await anna.post("/me/devices", session=ids.show("ses", hers.id))

    assert tried.status_code == 303
    assert [one.id for one in await member_sessions.sessions_of_member(database, *whose)] == [hers.id]
    assert (await zane.get("/me/devices")).status_code == 200
    await zane.post("/me/devices", session=ids.show("ses", hers.id))
    assert await member_sessions.sessions_of_member(database, *whose) == []
