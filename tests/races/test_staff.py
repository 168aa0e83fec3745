"""Guesses side by side, owners who step down at once, links and codes used twice: each exactly as often as it may."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

from pyotp.totp import TOTP

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.errors import NotFound, StateConflict
from regulars.flows.invite_staff import Wanted, accept_as_new, invite
from regulars.flows.run_team import change_post, read_team, take_out
from regulars.flows.sign_in_staff import Browser, sign_in_by_code, sign_in_by_password
from regulars.flows.staff_factors import keep_codes, offer_codes
from regulars.members.vault import Keyring
from regulars.programs.staff import sessions
from regulars.programs.staff.model import Post, StaffSession
from tests.api.conftest import PASSWORD, SECRET
from tests.conftest import MASTER_KEYS
from tests.races.acts import Houses

KEYRING = Keyring(SECRET, MASTER_KEYS)
GUESSES = 50


def browser(address: str = "") -> Browser:
    """A browser that nobody was signed in with, at an address of its own."""
    return Browser("a test", address or uuid4().hex)


def somebody() -> str:
    return f"{uuid4().hex}@shop.example"


async def guess(database: Database, email: str, password: str, where: Browser, later: int = 0) -> str:
    at = clock.world() + timedelta(seconds=later)
    arrival = await sign_in_by_password(database, SECRET, email, password, browser=where, at=at)
    return arrival.outcome


async def test_of_fifty_guesses_at_once_five_are_looked_at(houses: Houses) -> None:
    email = somebody()
    await houses.apps[0].add_staff("owner", email=email)
    for who in (email, somebody()):  # of an address that nobody has, the same is said
        said = await asyncio.gather(
            *(guess(houses.database, who, f"guess {n}", browser()) for n in range(GUESSES))
        )
        assert Counter(said) == {"wrong": 5, "wait": GUESSES - 5}
        assert await guess(houses.database, who, PASSWORD, browser()) == "wait"
    assert await guess(houses.database, email, PASSWORD, browser(), later=31) == "in"
    assert await guess(houses.database, email, "wrong", browser(), later=32) == "wrong"


async def test_whoever_tries_many_people_from_one_address_waits_and_nobody_else(houses: Houses) -> None:
    here, email = browser("192.0.2.7"), somebody()
    await houses.apps[0].add_staff("owner", email=email)
    said = await asyncio.gather(
        *(guess(houses.database, somebody(), "summer2026", here) for _ in range(GUESSES))
    )
    assert Counter(said) == {"wrong": 20, "wait": GUESSES - 20}
    assert await guess(houses.database, email, PASSWORD, here) == "wait"
    assert await guess(houses.database, email, PASSWORD, browser()) == "in"
    # An office full of people who get in is not kept waiting by how many they are.
    office = browser("192.0.2.8")
    for _ in range(25):
        assert await guess(houses.database, email, PASSWORD, office) == "in"


async def test_a_stranger_keeps_her_waiting_an_hour_at_most_and_never_in_her_own_browser(
    houses: Houses,
) -> None:
    email = somebody()
    staff = await houses.apps[0].add_staff("owner", email=email)
    at = 0
    for _ in range(40):
        at += 3601
        await asyncio.gather(*(guess(houses.database, email, "wrong", browser(), later=at) for _ in range(6)))
    assert await guess(houses.database, email, PASSWORD, browser(), later=at + 10) == "wait"
    own = Browser("a test", "192.0.2.9", ids.read("stf", staff), "her browser")
    assert await guess(houses.database, email, PASSWORD, own, later=at + 10) == "in"
    assert await guess(houses.database, email, PASSWORD, browser(), later=at + 20) == "in"


async def test_a_known_browser_has_its_own_five_guesses_and_no_more(houses: Houses) -> None:
    email = somebody()
    staff = ids.read("stf", await houses.apps[0].add_staff("owner", email=email))
    own = Browser("a test", "192.0.2.10", staff, "stolen browser")
    said = await asyncio.gather(*(guess(houses.database, email, "wrong", own) for _ in range(GUESSES)))
    assert Counter(said) == {"wrong": 5, "wait": GUESSES - 5}
    other = Browser("a test", "192.0.2.11", UUID(int=1), "another's browser")
    assert await guess(houses.database, email, PASSWORD, other) == "in"


async def test_of_owners_who_step_down_at_once_one_stays(houses: Houses) -> None:
    program = houses.apps[0].program.id
    for leave in (False, True):
        owners = [
            ids.read("stf", await houses.apps[0].add_staff("owner", email=somebody())) for _ in range(6)
        ]
        if leave:
            for one in (await read_team(houses.database, program, clock.world())).people:
                if one.id not in owners and "owner" in one.post.roles:
                    await take_out(houses.database, program, one.id)

        async def step_down(staff: UUID, leave: bool = leave) -> bool:
            try:
                if leave:
                    await take_out(houses.database, program, staff)
                else:
                    await change_post(houses.database, staff, Post(program, ("service",), frozenset(), None))
            except StateConflict:
                return False
            return True

        said = await asyncio.gather(*(step_down(staff) for staff in owners))
        assert Counter(said) == {True: 5, False: 1}
        team = (await read_team(houses.database, program, clock.world())).people
        assert sum("owner" in one.post.roles for one in team) == 1


async def test_a_link_makes_one_person_however_many_open_it(houses: Houses) -> None:
    made = await invite(
        houses.database, houses.apps[0].program, Wanted(somebody(), ("service",)),
        by=None, by_name="Vija", address="", secret=SECRET, mail_at=None, at=clock.world(),
    )  # fmt: skip
    token = made.link.rpartition("/")[2]

    async def accept(number: int) -> str:
        try:
            arrival = await accept_as_new(
                houses.database, SECRET, token, f"Guest {number}", PASSWORD,
                language="en", browser=browser(), at=clock.world(),
            )  # fmt: skip
        except NotFound:
            return "ended"
        return arrival.outcome

    assert Counter(await asyncio.gather(*(accept(n) for n in range(8)))) == {"in": 1, "ended": 7}


async def test_a_code_and_a_recovery_code_count_once_however_many_send_them(houses: Houses) -> None:
    email = somebody()
    await houses.apps[0].add_staff("owner", email=email)
    now = clock.world()
    entered = await sign_in_by_password(houses.database, SECRET, email, PASSWORD, browser=browser(), at=now)
    session = await session_of(houses.database, entered.token)
    offered = offer_codes(KEYRING, session.staff, email)
    kept = await keep_codes(
        houses.database, KEYRING, session, offered, code(offered.secret, -1), browser=browser(), at=now
    )
    for tried in (code(offered.secret), kept.codes[0]):
        waiting = []
        for _ in range(4):
            half = await sign_in_by_password(
                houses.database,
                SECRET,
                email,
                PASSWORD,
                browser=Browser("", "", session.staff, uuid4().hex),
                at=now,
            )
            waiting.append(await session_of(houses.database, half.token))

        async def enter(half: StaffSession, tried: str = tried) -> str:
            where = Browser("", "", half.staff, uuid4().hex)
            arrival = await sign_in_by_code(houses.database, KEYRING, half, tried, browser=where, at=now)
            return arrival.outcome

        assert Counter(await asyncio.gather(*(enter(half) for half in waiting))) == {"in": 1, "wrong": 3}


def code(secret: str, steps: int = 0) -> str:
    return TOTP(secret).at(int(time.time()) + 30 * steps)


async def session_of(database: Database, token: str) -> StaffSession:
    async with database.transaction(None) as tx:
        found = await sessions.find(tx, token, clock.world())
    assert found is not None
    return found.session
