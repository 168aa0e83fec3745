"""How regularly she comes, on her own pages: her rhythm in plain words, and nothing before there is one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.roll_figures import roll_figures
from tests.api.conftest import Api, shop
from tests.api.shop import set_clock, settle
from tests.api.test_regularity import S19, at, come, visits
from tests.pages.portal import Portal, portal_of, words

__all__ = ["shop"]
PAGES = ("/challenges", "/receipts")


async def massages(api: Api, database: Database, days: list[date]) -> Portal:
    """A member who came on these days, logged in on the last of them."""
    portal = await portal_of(api, database, at=datetime.fromisoformat(at(days[-1])))
    await come(api, portal.card, *days)
    await roll_figures(database, api.program.id, await KnownPrograms(database).now(api.program.id))
    return portal


@pytest.mark.scenario("S19")
async def test_she_reads_how_often_she_comes_when_she_was_last_there_and_until_when_she_keeps_it(
    shop: Api, database: Database
) -> None:
    await settle(shop, regularity={"on": True})
    days = visits(*S19)
    portal = await massages(shop, database, days)
    assert days[-1] == date(2026, 7, 14)
    for path in PAGES:
        said = words((await portal.get(path)).text)
        # The median is 22.5 days; overdue from the 34th day on, which is 17 August.
        assert (
            "Your visits You usually come every 23 days Your last visit was on 14 Jul 2026."
            " Come by 16 Aug 2026 to stay in your rhythm."
        ) in said
    await set_clock(shop, at(days[-1] + timedelta(days=33)))
    assert "Come by 16 Aug 2026" in words((await portal.get("/challenges")).text)
    await set_clock(shop, at(days[-1] + timedelta(days=34)))
    late = words((await portal.get("/challenges")).text)
    assert "Your last visit was on 14 Jul 2026. It would be good to see you again" in late
    assert "rhythm" not in late


@pytest.mark.parametrize(("gaps", "on"), [((10, 10), True), (S19, False)])
async def test_of_too_few_visits_and_where_nobody_looks_nothing_is_said(
    shop: Api, database: Database, gaps: tuple[int, ...], on: bool
) -> None:
    await settle(shop, regularity={"on": on})
    portal = await massages(shop, database, visits(*gaps))
    for path in PAGES:
        answer = await portal.get(path)
        assert answer.status_code == 200
        assert "Your visits" not in words(answer.text)


async def test_who_comes_each_day_reads_just_that_and_older_receipts_do_not_repeat_it(
    shop: Api, database: Database
) -> None:
    await settle(shop, regularity={"on": True})
    portal = await massages(shop, database, visits(1, 1, 1, 1))
    first = await portal.get("/receipts")
    assert "You usually come every day Your last visit was on 6 Mar 2026." in words(first.text)
    latest = (await shop.get("/v1/purchases", member=portal.member)).json()["items"][0]["id"]
    older = await portal.get(f"/receipts?after={latest}")
    assert older.status_code == 200
    assert "Your visits" not in words(older.text)
