"""An erasure that a key asks for waits for somebody of the staff, while there is one who may decide."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from regulars import ids
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.errors import StateConflict
from regulars.flows import approvals
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.retention import propose_erasures
from regulars.members.vault import Keyring
from tests.api.conftest import SECRET, Api
from tests.api.shop import buy, line, member_with_card, record
from tests.api.test_members import problem
from tests.conftest import MASTER_KEYS, START

KEYRING = Keyring(SECRET, MASTER_KEYS)
LATER = START + timedelta(days=400)


@pytest.fixture
async def staffed(shop: Api) -> Api:
    """A program in which one owner may decide."""
    await shop.add_staff("owner", email=f"{uuid4().hex}@shop.example")
    return shop


async def enrolled(api: Api) -> str:
    answer = await api.post("/v1/members", {"phone": "+37120000001", "name": "Anna Liepa"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def asked(api: Api, answer: Any, who: str) -> str:
    """The approval that a 202 answered, once it is seen that nothing was erased."""
    assert answer.status_code == 202, answer.text
    waits = answer.json()
    assert answer.headers["location"] == f"/v1/approvals/{waits['id']}"
    assert (waits["act"], waits["subject"], waits["status"]) == ("member.erase", who, "open")
    assert await erased_at(api, who) is None
    assert (await api.get(f"/v1/members/{who}/erasure")).status_code == 404
    return waits["id"]


async def erased_at(api: Api, who: str) -> str | None:
    return (await api.get(f"/v1/members/{who}")).json()["erased_at"]


async def decide(api: Api, approval: str, *, agree: bool = True, at: Any = START) -> None:
    """By an owner, with a word."""
    assert api.database is not None
    program = api.program.id
    acting = api.database.acting(Actor("staff", "stf_1", "Ines"))
    request = Request(program, program, uuid4().hex, b"0" * 32, at)
    identifier = ids.read("apr", approval)
    if agree:
        await approvals.approve(
            acting, KnownPrograms(acting, KEYRING), SECRET, request, identifier, "she wrote"
        )
    else:
        await approvals.refuse(acting, request, identifier, "that was not she")


async def waiting(api: Api) -> list[str]:
    return [one["id"] for one in (await api.get("/v1/approvals")).json()["items"]]


async def test_an_erasure_by_a_key_is_done_once_somebody_of_the_staff_agrees(staffed: Api) -> None:
    who = await enrolled(staffed)
    headers = {"Authorization": f"Bearer {staffed.keys['manage']}", "Regulars-Reason": "she asked by letter"}
    first = await staffed.client.delete(f"/v1/members/{who}", headers=headers)
    approval = await asked(staffed, first, who)
    assert first.json()["why"] == "she asked by letter"
    again = await staffed.delete(f"/v1/members/{who}")
    assert (again.status_code, again.json()["id"]) == (202, approval)
    assert await waiting(staffed) == [approval]
    own = await staffed.post(f"/v1/approvals/{approval}/approve")
    assert problem(own)[:2] == (403, "second_person_needed")
    assert await erased_at(staffed, who) is None

    await decide(staffed, approval)
    assert await erased_at(staffed, who) is not None
    signed = (await staffed.get(f"/v1/members/{who}/erasure")).json()["certificate"]
    assert signed["asked_by"] == first.json()["asked_by"]["id"]
    assert (signed["removed"]["name"], signed["removed"]["phone"]) == (1, 1)
    done = await staffed.delete(f"/v1/members/{who}")
    assert (done.status_code, done.json()["name"]) == (200, "")
    assert await waiting(staffed) == []
    with pytest.raises(StateConflict):
        await decide(staffed, approval)
    told = (await staffed.get("/v1/audit", action="member.erased", subject=who)).json()["items"]
    assert [(one["actor"]["name"], one["why"]) for one in told] == [("Ines", "she asked by letter")]


async def test_a_refused_erasure_leaves_the_member_and_may_be_asked_for_anew(staffed: Api) -> None:
    who = await enrolled(staffed)
    first = await asked(staffed, await staffed.delete(f"/v1/members/{who}"), who)
    await decide(staffed, first, agree=False)
    assert await erased_at(staffed, who) is None
    assert (await staffed.get(f"/v1/members/{who}")).json()["name"] == "Anna Liepa"
    assert await asked(staffed, await staffed.delete(f"/v1/members/{who}"), who) != first


async def test_asked_for_at_once_many_times_it_waits_once(staffed: Api) -> None:
    who = await enrolled(staffed)
    answers = await asyncio.gather(*[staffed.delete(f"/v1/members/{who}") for _ in range(6)])
    assert {one.status_code for one in answers} == {202}
    assert [one.json()["id"] for one in answers] == await waiting(staffed) * 6


async def test_where_nobody_may_decide_or_the_setting_is_off_a_key_erases_at_once(shop: Api) -> None:
    await shop.add_staff("service", email=f"{uuid4().hex}@shop.example")
    alone = await enrolled(shop)
    assert (await shop.delete(f"/v1/members/{alone}")).status_code == 200
    await shop.add_staff("finance", email=f"{uuid4().hex}@shop.example")
    await shop.patch("/v1/program", {"settings": {"four_eyes_erasure": False}})
    off = await enrolled(shop)
    assert (await shop.delete(f"/v1/members/{off}")).status_code == 200
    assert None not in (await erased_at(shop, alone), await erased_at(shop, off))
    assert await waiting(shop) == []


async def test_nobody_is_there_to_be_erased_by_two(staffed: Api) -> None:
    unknown = ids.show("mem", ids.new())
    assert problem(await staffed.delete(f"/v1/members/{unknown}"))[:2] == (404, "not_found")
    assert await waiting(staffed) == []


async def accepted(api: Api, database: Database, who: str) -> str:
    """A proposal of her erasure that a key accepted: the approval that waits."""
    await api.patch("/v1/program", {"settings": {"retention": {"*": {"months": 12}}, "approval_days": 30}})
    assert (await api.post("/v1/sandbox/clock", {"now": LATER.isoformat()})).status_code == 200
    await propose_erasures(database, await KnownPrograms(database, KEYRING).of(api.program.id), LATER)
    path = f"/v1/erasure-proposals/{who.replace('mem_', 'erp_')}/accept"
    approval = await asked(api, await api.post(path), who)
    assert (await api.post(path)).json()["id"] == approval
    return approval


async def test_a_proposal_accepted_by_a_key_erases_once_somebody_agrees(
    staffed: Api, database: Database
) -> None:
    who = await enrolled(staffed)
    approval = await accepted(staffed, database, who)
    await decide(staffed, approval, at=LATER)
    assert await erased_at(staffed, who) is not None
    assert (await staffed.get(f"/v1/members/{who}/erasure")).json()["certificate"]["removed"]["name"] == 1
    path = f"/v1/erasure-proposals/{who.replace('mem_', 'erp_')}/accept"
    again = await staffed.post(path)
    assert (again.status_code, again.json()["status"]) == (200, "accepted")


async def test_whoever_is_seen_before_somebody_agrees_to_a_proposal_stays(
    staffed: Api, database: Database
) -> None:
    who, card = await member_with_card(staffed)
    approval = await accepted(staffed, database, who)
    await record(staffed, buy("r-1", card, [line(1, 500)], purchased_at=LATER.isoformat()))
    with pytest.raises(StateConflict):
        await decide(staffed, approval, at=LATER)
    assert (await staffed.get(f"/v1/approvals/{approval}")).json()["status"] == "stale"
    assert await erased_at(staffed, who) is None


async def test_her_own_wish_waits_beside_an_accepted_proposal(staffed: Api, database: Database) -> None:
    who, card = await member_with_card(staffed)
    by_rule = await accepted(staffed, database, who)
    by_wish = await asked(staffed, await staffed.delete(f"/v1/members/{who}"), who)
    assert sorted(await waiting(staffed)) == sorted([by_rule, by_wish])
    await record(staffed, buy("r-1", card, [line(1, 500)], purchased_at=LATER.isoformat()))
    await decide(staffed, by_wish, at=LATER)
    assert await erased_at(staffed, who) is not None
