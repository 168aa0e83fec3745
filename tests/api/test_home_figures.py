"""Home's figures, against a count of the facts themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from regulars.analytics import home
from regulars.analytics.home import Asked, Home, Reach
from regulars.db.pool import Database, fetch_all
from regulars.flows.roll_figures import roll_figures
from regulars.programs import reading
from tests.api.conftest import Api
from tests.api.test_figures import History

ACTS = 70
FIRST = date(2026, 3, 1)


async def bought_on(database: Database, api: Api) -> dict[UUID, dict[UUID, set[date]]]:
    """Scope → member → the days on which she bought there, from what was summed up of visits."""
    found: dict[UUID, dict[UUID, set[date]]] = defaultdict(lambda: defaultdict(set))
    async with database.transaction(api.program.id) as tx:
        rows = await fetch_all(tx, "SELECT member, store, day FROM member_visit WHERE purchases > 0")
    for member, store, day in rows:
        found[store][member].add(day)
        found[api.program.id][member].add(day)
    return found


def reach(days: dict[UUID, set[date]], first: date, last: date) -> Reach:
    """The same, member after member."""

    def bought(one: set[date], since: date, until: date) -> bool:
        return any(since <= day <= until for day in one)

    everyone = list(days.values())
    ninety = timedelta(days=90)
    cohort = [one for one in everyone if first <= min(one) + ninety <= last]
    return Reach(
        buyers=sum(bought(one, first, last) for one in everyone),
        new=sum(first <= min(one) <= last for one in everyone),
        active_30=sum(bought(one, last - timedelta(days=29), last) for one in everyone),
        active_90=sum(bought(one, last - timedelta(days=89), last) for one in everyone),
        cohort=len(cohort),
        again=sum(any(min(one) < day <= min(one) + ninety for day in one) for one in cohort),
    )


async def read(database: Database, api: Api, asked: Asked) -> Home:
    """As the page does."""
    async with database.transaction(api.program.id, analytical=True) as tx:
        return await home.read(tx, await reading.load(tx, api.program.id), asked)


@pytest.mark.parametrize("seed", [11, 12])
async def test_members_of_any_period_are_counted_once(shop: Api, database: Database, seed: int) -> None:
    history = History(shop, seed)
    await history.prepare()
    for n in range(ACTS):
        await history.step()
        if n % 20 == 19:
            await history.sleep(timedelta(days=35))
    await roll_figures(database, shop.program.id, history.now)
    days = await bought_on(database, shop)
    today = history.now.date()
    assert today - FIRST > timedelta(days=100), "long enough for a cohort"
    for scope, stores in (
        (shop.program.id, None),
        *((store, frozenset({store})) for store in days if store != shop.program.id),
    ):
        for first, last in ((FIRST, today), (FIRST + timedelta(days=9), FIRST + timedelta(days=30)), (today, today),
                            (today - timedelta(days=40), today - timedelta(days=5))):  # fmt: skip
            asked = Asked(first, last, today, stores, whole=True)
            found = await read(database, shop, asked)
            assert found.reach == reach(days[scope], first, last), (scope, first, last)
            assert found.reach_before == reach(days[scope], *asked.before), (scope, first, last)
            by_hand = [(day, reach(days[scope], day, day).active_30) for day, _ in found.active]
            assert found.active == by_hand, (scope, first, last)


async def test_the_books_and_the_members_of_a_day_are_those_of_the_facts(
    shop: Api, database: Database
) -> None:
    history = History(shop, 21)
    await history.prepare()
    for _ in range(ACTS):
        await history.step()
    await roll_figures(database, shop.program.id, history.now)
    today = history.now.date() + timedelta(days=1)
    found = await read(database, shop, Asked(today - timedelta(days=6), today, today, None, whole=True))
    async with database.transaction(shop.program.id) as tx:
        rows: list[Any] = await fetch_all(
            tx,
            "SELECT (SELECT sum(amount - drawn) FROM lot)::bigint,"
            " (SELECT count(*) FROM member WHERE merged_into IS NULL), (SELECT sum(balance) FROM account)::bigint",
        )
    points, members, balance = rows[0]
    assert found.books["PTS"].at_end_of(today) == points == balance
    assert found.members_at(today) == members
