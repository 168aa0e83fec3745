"""Two tabs that finish at once make one program, and two who come in by two doors are one."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from regulars import clock
from regulars.db.pool import Database, fetch_all
from regulars.db.requests import digest
from regulars.errors import NotFound, StateConflict
from regulars.flows.first_owner import enter_first
from regulars.flows.founding import Founder, found, keep_plan
from regulars.flows.sign_in_staff import Browser
from regulars.programs.founding import plans
from regulars.programs.founding.plans import Plan, Shop
from tests.api.conftest import PASSWORD, SECRET
from tests.races.acts import Houses
from tests.waiting import until_others_wait

TABS = 4
COMERS = 3


async def come_in(database: Database, door: str) -> UUID | None:
    """The id of who got in."""
    try:
        arrival = await enter_first(
            database, SECRET, door, name="Vija", email=f"vija-{uuid4().hex}@shop.example", password=PASSWORD,
            language="lv", browser=Browser("a test", ""), at=clock.world(),
        )  # fmt: skip
    except NotFound:
        return None
    return arrival.staff


async def open_doors(database: Database, count: int) -> list[str]:
    async with database.transaction(None) as tx:
        return [await plans.open_door(tx, clock.world()) for _ in range(count)]


async def test_tabs_that_finish_at_once_found_one_program(houses: Houses) -> None:
    database = houses.database
    (door,) = await open_doors(database, 1)
    staff = await come_in(database, door)
    assert staff is not None
    name = f"Kafejnīca {uuid4().hex}"
    plan = Plan(
        trade="cafe", name=name, time_zone="Europe/Riga", languages=("lv",), shops=(Shop("Teika"),),
        done=plans.STEPS,
    )  # fmt: skip
    await keep_plan(database, staff, plan, clock.world())
    founder = Founder(staff, "Vija", f"vija-{uuid4().hex}@shop.example")
    clients: list[Any] = [one.client for one in houses.apps]
    known = [client._transport.app.state.known for client in clients]

    async def finish(tab: int) -> str:
        try:
            await found(database, known[tab % 2], SECRET, founder, clock.world())
        except StateConflict:
            return "being made"
        return "founded"

    said = Counter(await asyncio.gather(*(finish(tab) for tab in range(TABS))))
    assert said == {"founded": 1, "being made": TABS - 1}
    assert await finish(0) == "founded"  # it is there: nothing is made again
    async with database.transaction(None) as tx:
        programs = await fetch_all(tx, "SELECT id FROM program WHERE name = %s", (name,))
        (program,) = [row[0] for row in programs]
        keys = await fetch_all(tx, "SELECT name FROM api_key WHERE program = %s", (program,))
    async with database.transaction(program) as tx:
        (asked,) = await fetch_all(
            tx, "SELECT digest FROM request_key WHERE program = %s AND key = 'founding/card'", (program,)
        )
        members = await fetch_all(tx, "SELECT id FROM member WHERE program = %s", (program,))
        added = await fetch_all(
            tx, "SELECT seq FROM audit WHERE program = %s AND action = 'staff.added'", (program,)
        )
    assert (keys, len(members), len(added)) == ([("till",)], 1, 1)
    assert bytes(asked[0]) != digest("card", {"email": founder.email}), "an email is found in it by trying"


async def test_of_several_who_come_in_by_doors_of_their_own_one_gets_in(houses: Houses) -> None:
    """All stand before the doors, having seen them open, when they are let on."""
    database = houses.database
    doors = await open_doors(database, COMERS)
    async with database.transaction(None) as tx:
        await fetch_all(
            tx, "SELECT digest FROM first_door WHERE passed_at IS NULL ORDER BY digest FOR UPDATE"
        )
        coming = [asyncio.create_task(come_in(database, door)) for door in doors]
        await until_others_wait(tx, COMERS)
    came = await asyncio.gather(*coming)
    assert sum(staff is not None for staff in came) == 1
