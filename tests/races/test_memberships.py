"""Paid memberships and absences under several callers at once: a period is paid once, an absence is noticed once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from regulars import ids
from regulars.db.pool import Transaction, fetch_all
from regulars.flows import memberships, notice_absences, sharing
from regulars.flows.known_programs import KnownPrograms
from regulars.games import rhythms
from regulars.games.rhythm import Rhythm
from regulars.members import reading
from regulars.members.model import Member
from regulars.members.vault import Keyring
from regulars.programs.model import Program
from regulars.rewards import membership_book
from tests.api.conftest import SECRET
from tests.api.shop import member_with_card, settle
from tests.api.test_memberships import begin, plan
from tests.conftest import MASTER_KEYS, START
from tests.races.acts import Houses
from tests.waiting import until_others_wait

Calls = list[Callable[[], Awaitable[httpx.Response]]]


async def together(houses: Houses, member: str, calls: Calls) -> list[int]:
    """The answers of calls that come together: each waits for the member's lock before one of them goes on."""
    program, key = houses.at(0).program.id, ids.read("mem", member, "")
    async with houses.database.transaction(program) as tx:
        await tx.execute(
            "SELECT FROM pool WHERE program = %s AND id = (SELECT pool FROM member WHERE program = %s AND id = %s)"
            " FOR UPDATE",
            (program, program, key),
        )
        tasks = [asyncio.ensure_future(call()) for call in calls]
        await until_others_wait(tx, len(tasks))
    return [answer.status_code for answer in await asyncio.gather(*tasks)]


def posting(houses: Houses, n: int, membership: str, path: str, **body: Any) -> Callable[[], Any]:
    return lambda: houses.at(n).post(f"/v1/memberships/{membership}/{path}", body)


async def acts_of(houses: Houses, membership: str) -> list[str]:
    shown = (await houses.at(0).get(f"/v1/memberships/{membership}")).json()
    return [one["act"] for one in shown["steps"]]


async def begun(houses: Houses) -> tuple[str, str]:
    """A member with a membership; both ids."""
    api = houses.at(0)
    await plan(api)
    member, _ = await member_with_card(api)
    return member, (await begin(api, member))["id"]


async def test_two_renewals_at_once_pay_one_period(houses: Houses) -> None:
    member, one = await begun(houses)

    statuses = await together(
        houses, member, [posting(houses, n, one, "renewals", reference=f"r-{n}") for n in range(2)]
    )

    assert sorted(statuses) == [200, 409]
    assert await acts_of(houses, one) == ["started", "renewed"]


async def test_two_beginnings_at_once_are_one_membership(houses: Houses) -> None:
    api = houses.at(0)
    await plan(api)
    member, _ = await member_with_card(api)
    path, body = f"/v1/members/{member}/memberships", {"plan": "beans", "reference": "r-1"}

    statuses = await together(houses, member, [lambda n=n: houses.at(n).post(path, body) for n in range(2)])

    assert sorted(statuses) == [201, 409]
    assert await houses.rows("membership") == 1


async def test_a_renewal_and_an_end_at_once_are_one_after_the_other(houses: Houses) -> None:
    member, one = await begun(houses)

    statuses = await together(
        houses, member,
        [posting(houses, 0, one, "renewals", reference="r-2"), posting(houses, 1, one, "cancellations", when="now")],
    )  # fmt: skip

    acts = await acts_of(houses, one)
    assert (statuses, acts) in [
        ([200, 200], ["started", "renewed", "refunded"]),  # both periods are paid back
        ([409, 200], ["started", "refunded"]),
    ]


async def unlocked_member(
    tx: Transaction, program: Program, member: UUID, *_: UUID, erased: bool = False
) -> Member:
    found = await reading.member(tx, program.id, member)
    assert found is not None
    return found


async def renew_side_by_side(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two renewals without the lock on the member; each has read how it stands before one writes."""
    _, one = await begun(houses)
    both = asyncio.Barrier(2)
    honest = memberships.newest

    async def met(tx: Transaction, program: UUID, code: str) -> Any:
        await asyncio.wait_for(both.wait(), 10)
        return await honest(tx, program, code)

    monkeypatch.setattr(sharing, "locked_member", unlocked_member)
    monkeypatch.setattr(memberships, "newest", met)
    calls = [posting(houses, n, one, "renewals", reference=f"r-{n}")() for n in range(2)]
    return sorted(answer.status_code for answer in await asyncio.gather(*calls))


async def test_without_the_lock_the_acts_key_lets_one_renewal_through(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await renew_side_by_side(houses, monkeypatch) == [200, 409]


async def test_without_the_key_either_both_renewals_are_paid(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind(*_: Any) -> bool:
        return True

    monkeypatch.setattr(membership_book, "move", blind)

    assert await renew_side_by_side(houses, monkeypatch) == [200, 200]


async def overdue_member(houses: Houses) -> tuple[UUID, datetime]:
    """Somebody who is overdue, and when that is noticed."""
    api = houses.at(0)
    await settle(api, regularity={"on": True})
    member, _ = await member_with_card(api)
    key, last = ids.read("mem", member, ""), date(2026, 2, 1)
    async with houses.database.transaction(api.program.id) as tx:
        await rhythms.touch(tx, api.program.id, [key])
        await rhythms.judge_by(tx, api.program.id, "150/3/730")
        found = Rhythm(last, 5, 20, last + timedelta(days=15))
        await rhythms.put(tx, api.program.id, [(key, found)])
    return key, START


async def notice_twice_at_once(houses: Houses, key: UUID, at: datetime) -> list[int]:
    program = houses.at(0).program.id
    known = [KnownPrograms(houses.database, Keyring(SECRET, MASTER_KEYS)) for _ in range(2)]
    async with houses.database.transaction(program) as tx:
        await tx.execute("SELECT FROM rhythm WHERE program = %s AND member = %s FOR UPDATE", (program, key))
        rounds = [
            asyncio.ensure_future(notice_absences.notice_absences(houses.database, one, program, at))
            for one in known
        ]
        await until_others_wait(tx, 2)
    return sorted(await asyncio.gather(*rounds))


async def test_two_rounds_at_once_notice_an_absence_once(houses: Houses) -> None:
    key, at = await overdue_member(houses)

    assert await notice_twice_at_once(houses, key, at) == [0, 1]
    async with houses.database.transaction(houses.at(0).program.id) as tx:
        assert await fetch_all(tx, "SELECT since FROM absence") == [(date(2026, 2, 1),)]


async def test_without_its_guard_an_absence_is_noticed_twice(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, at = await overdue_member(houses)

    async def blind(tx: Transaction, program: UUID, one: rhythms.Overdue, *_: Any) -> bool:
        await tx.execute(
            "UPDATE rhythm SET told_of = last_day WHERE program = %s AND member = %s", (program, one.member)
        )
        return True

    monkeypatch.setattr(rhythms, "notice", blind)

    assert await notice_twice_at_once(houses, key, at) == [1, 1]
