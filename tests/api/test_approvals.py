"""Four eyes: what one person may not do alone waits for a second one, is done once, and is checked anew by then."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from regulars import ids
from regulars.db.actors import Actor
from regulars.db.requests import Request
from regulars.errors import SecondPersonNeeded, StateConflict
from regulars.flows import approvals
from regulars.flows.create_key import NewKey, create_key, create_key_by_staff
from regulars.flows.known_programs import KnownPrograms
from tests.api.conftest import SECRET, Api
from tests.conftest import START

BIG = {"currency": "PTS", "amount": 20_000, "reason": "a year of lost receipts"}


@pytest.fixture
async def second(shop: Api) -> Api:
    """The same program with another key, which may stand for a second person: the program has no staff."""
    assert shop.database is not None
    await shop.patch("/v1/program", {"settings": {"approvals_by_keys": True}})
    _, text = await create_key(shop.database, shop.program.id, NewKey(("manage",), "finance"), at=START)
    return Api(shop.client, shop.program, {"manage": text}, shop.database)


async def member(shop: Api) -> str:
    return (await shop.post("/v1/members", {"phone": "+37120000001"})).json()["id"]


async def points(shop: Api, who: str) -> int:
    found = (await shop.get(f"/v1/members/{who}/balance")).json()["currencies"]
    return next((one["available"] for one in found if one["currency"] == "PTS"), 0)


async def asked(shop: Api, who: str, body: dict[str, Any] = BIG) -> str:
    answer = await shop.post(f"/v1/members/{who}/adjustments", body)
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "open"
    assert answer.headers["location"] == f"/v1/approvals/{answer.json()['id']}"
    return answer.json()["id"]


async def test_points_above_the_limit_are_posted_once_a_second_key_agrees(shop: Api, second: Api) -> None:
    who = await member(shop)
    approval = await asked(shop, who)
    assert await points(shop, who) == 0
    (waits,) = (await second.get("/v1/approvals")).json()["items"]
    assert (waits["act"], waits["subject"], waits["why"]) == ("points.adjust", who, BIG["reason"])
    answer = await second.post(f"/v1/approvals/{approval}/approve", {"word": "seen the receipts"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "approved"
    assert answer.json()["result"]["amount"] == 20_000
    assert answer.json()["decided_by"]["name"] == "finance"
    assert await points(shop, who) == 20_000
    assert (await second.get("/v1/approvals")).json()["items"] == []
    again = await second.post(f"/v1/approvals/{approval}/approve")
    assert (again.status_code, again.json()["detail"]) == (409, "This was decided already.")
    assert await points(shop, who) == 20_000
    told = (await shop.get("/v1/audit", subject=who)).json()["items"]
    assert [one["action"] for one in told] == ["points.adjusted", "member.enrolled"]
    assert told[0]["actor"]["name"] == "finance"
    (why,) = (await shop.get("/v1/audit", action="approval.approved")).json()["items"]
    assert why["why"] == "seen the receipts"
    assert why["after"]["asked_by"]["name"] == "manage"


async def test_who_asks_does_not_decide_but_may_take_it_back(shop: Api, second: Api) -> None:
    who = await member(shop)
    approval = await asked(shop, who)
    own = await shop.post(f"/v1/approvals/{approval}/approve")
    assert (own.status_code, own.json()["code"]) == (403, "second_person_needed")
    strange = await second.post(f"/v1/approvals/{approval}/withdraw")
    assert (strange.status_code, strange.json()["detail"]) == (403, "Only who asked takes it back.")
    back = await shop.post(f"/v1/approvals/{approval}/withdraw")
    assert back.json()["status"] == "withdrawn"
    late = await second.post(f"/v1/approvals/{approval}/approve")
    assert late.status_code == 409
    assert await points(shop, who) == 0


async def made(shop: Api, **new: Any) -> Api:
    """The same program with a key that the shop's key made."""
    answer = await shop.post("/v1/keys", {"scopes": ["manage"], **new})
    assert answer.status_code == 201, answer.text
    return Api(shop.client, shop.program, {"manage": answer.json()["key"]}, shop.database)


@pytest.mark.parametrize("path", ["approve", "refuse"])
async def test_a_key_is_no_second_person(shop: Api, second: Api, path: str) -> None:
    await shop.patch("/v1/program", {"settings": {"approvals_by_keys": False}})
    approval = await asked(shop, who := await member(shop))
    answer = await second.post(f"/v1/approvals/{approval}/{path}", {"word": "why not"})
    assert (answer.status_code, answer.json()["code"]) == (403, "second_person_needed")
    assert answer.json()["detail"].startswith("A key is no second person")
    assert await points(shop, who) == 0
    assert (await shop.get(f"/v1/approvals/{approval}")).json()["status"] == "open"


async def test_where_staff_may_decide_no_key_does_whatever_the_setting_says(shop: Api, second: Api) -> None:
    await shop.add_staff("service", email=f"{uuid4().hex}@shop.example")
    first = await asked(shop, who := await member(shop))
    assert (await second.post(f"/v1/approvals/{first}/approve")).status_code == 200
    await shop.add_staff("finance", email=f"{uuid4().hex}@shop.example")
    then = await asked(shop, who)
    assert (await second.post(f"/v1/approvals/{then}/approve")).status_code == 403
    assert await points(shop, who) == 20_000


async def test_who_asks_by_a_key_does_not_decide_by_another_that_it_made_or_turned(
    shop: Api, second: Api
) -> None:
    assert shop.database is not None
    before = await made(shop)
    (mine,) = [one["id"] for one in (await shop.get("/v1/keys")).json()["items"] if one["name"] == "finance"]
    turned_text = (await shop.post(f"/v1/keys/{mine}/rotate", {"hours": 24})).json()["key"]
    turned = Api(shop.client, shop.program, {"manage": turned_text}, shop.database)
    approval = await asked(shop, who := await member(shop))
    after = await made(shop)
    _, text = await create_key(shop.database, shop.program.id, NewKey(("manage",), "late"), at=START)
    late = Api(shop.client, shop.program, {"manage": text}, shop.database)
    for other in (before, turned, after, late):
        assert (await other.post(f"/v1/approvals/{approval}/approve")).status_code == 403
    assert await points(shop, who) == 0
    assert (await second.post(f"/v1/approvals/{approval}/approve")).status_code == 200


async def test_where_staff_may_decide_a_key_makes_no_key_and_turns_itself_alone(
    shop: Api, second: Api
) -> None:
    await shop.add_staff("owner", email=f"{uuid4().hex}@shop.example")
    keys = {one["name"]: one["id"] for one in (await shop.get("/v1/keys")).json()["items"]}
    refused = await shop.post("/v1/keys", {"scopes": ["manage"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    other = await shop.post(f"/v1/keys/{keys['finance']}/rotate", {"hours": 1})
    assert (other.status_code, other.json()["code"]) == (403, "second_person_needed")
    assert {one["id"] for one in (await shop.get("/v1/keys")).json()["items"]} == set(keys.values())
    wallet = await shop.post("/v1/aggregators", {"name": "Stocard"})
    assert (wallet.status_code, wallet.json()["code"]) == (403, "second_person_needed")
    assert (await shop.get("/v1/aggregators")).json()["items"] == []
    assert {one["id"] for one in (await shop.get("/v1/keys")).json()["items"]} == set(keys.values())
    own = await second.post(f"/v1/keys/{keys['finance']}/rotate", {"hours": 1})
    assert own.status_code == 201, own.text
    await shop.patch("/v1/program", {"settings": {"four_eyes_keys": False}})
    assert (await shop.post("/v1/aggregators", {"name": "Stocard"})).status_code == 201
    assert (await shop.post("/v1/keys", {"scopes": ["manage"]})).status_code == 201


async def test_a_refusal_needs_a_word(shop: Api, second: Api) -> None:
    approval = await asked(shop, await member(shop))
    silent = await second.post(f"/v1/approvals/{approval}/refuse")
    assert (silent.status_code, silent.json()["detail"]) == (409, "Who refuses says why.")
    said = await second.post(f"/v1/approvals/{approval}/refuse", {"word": "no receipts"})
    assert (said.json()["status"], said.json()["word"]) == ("refused", "no receipts")


async def test_points_that_are_gone_by_then_leave_it_stale(shop: Api, second: Api) -> None:
    who = await member(shop)
    await shop.patch("/v1/program", {"settings": {"adjustment_limit": 100}})
    first = await asked(shop, who, {"currency": "PTS", "amount": 500, "reason": "a gift"})
    await second.post(f"/v1/approvals/{first}/approve")
    taken = await asked(shop, who, {"currency": "PTS", "amount": -500, "reason": "a mistake"})
    await shop.post(f"/v1/members/{who}/adjustments", {"currency": "PTS", "amount": -1, "reason": "a fee"})
    gone = await second.post(f"/v1/approvals/{taken}/approve")
    assert gone.status_code == 409
    assert gone.json()["detail"].startswith("This cannot be done any more")
    found = (await shop.get(f"/v1/approvals/{taken}")).json()
    assert found["status"] == "stale"
    assert await points(shop, who) == 499


async def test_after_its_time_nobody_can_agree(shop: Api, second: Api) -> None:
    approval = await asked(shop, await member(shop))
    late = (START + timedelta(days=7)).isoformat()
    await shop.post("/v1/sandbox/clock", {"now": late})
    answer = await second.post(f"/v1/approvals/{approval}/approve")
    assert answer.status_code == 409
    assert (await shop.get(f"/v1/approvals/{approval}")).json()["status"] == "expired"
    assert (await second.get("/v1/approvals")).json()["items"] == []


async def test_two_who_agree_at_once_do_it_once(shop: Api, second: Api) -> None:
    assert shop.database is not None
    _, text = await create_key(shop.database, shop.program.id, NewKey(("manage",), "owner"), at=START)
    third = Api(shop.client, shop.program, {"manage": text}, shop.database)
    who = await member(shop)
    approval = await asked(shop, who)
    path = f"/v1/approvals/{approval}/approve"
    answers = await asyncio.gather(*[one.post(path) for one in (second, third, second, third)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await points(shop, who) == 20_000


async def test_of_two_of_the_staff_and_a_key_who_agree_at_once_one_does(shop: Api, second: Api) -> None:
    assert shop.database is not None
    known = KnownPrograms(shop.database)
    for turn in range(4):
        approval = ids.read("apr", await asked(shop, who := await member(shop)))
        work: list[Any] = [second.post(f"/v1/approvals/{ids.show('apr', approval)}/approve")]
        for name in ("stf_1", "stf_2"):
            acting = shop.database.acting(Actor("staff", name, name))
            request = Request(
                shop.program.id, shop.program.id, f"{turn}/{name}", name.encode().ljust(32, b"0"), START
            )
            work.append(approvals.approve(acting, known, SECRET, request, approval, ""))
        by_key, *by_staff = await asyncio.gather(*work, return_exceptions=True)
        agreed = [one for one in by_staff if not isinstance(one, StateConflict)]
        assert isinstance(by_key, httpx.Response)
        assert (by_key.status_code, len(agreed)) in ((200, 0), (409, 1))
        assert await points(shop, who) == 20_000
        told = (await shop.get("/v1/audit", action="points.adjusted", subject=who)).json()["items"]
        assert len(told) == 1
        await shop.delete(f"/v1/members/{who}")


async def test_of_agreeing_and_taking_back_at_once_one_wins(shop: Api, second: Api) -> None:
    for _ in range(5):
        who = await member(shop)
        approval = await asked(shop, who)
        before = await points(shop, who)
        yes, back = await asyncio.gather(
            second.post(f"/v1/approvals/{approval}/approve"), shop.post(f"/v1/approvals/{approval}/withdraw")
        )
        assert sorted((yes.status_code, back.status_code)) == [200, 409]
        given = await points(shop, who) - before
        assert given == (20_000 if yes.status_code == 200 else 0)
        await shop.delete(f"/v1/members/{who}")


def promotion(budget: int) -> dict[str, Any]:
    return {
        "name": "Coffee week",
        "group": "basket",
        "benefits": [{"kind": "basket_percent", "percent": "5"}],
        "limits": [{"per": "total", "amount": budget}],
    }


async def test_a_dear_promotion_is_published_by_two_and_not_after_an_edit(shop: Api, second: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"publish_budget_limit": 100_000}})
    made = await shop.post("/v1/promotions", promotion(500_000))
    assert made.status_code == 201, made.text
    identifier = made.json()["id"]
    warned = await shop.post(f"/v1/promotions/{identifier}/publish")
    codes = [one["code"] for one in warned.json().get("warnings", [])]
    waits = (
        await shop.post(f"/v1/promotions/{identifier}/publish", {"accept_warnings": codes})
        if codes
        else warned
    )
    assert waits.status_code == 202, waits.text
    assert waits.json()["document"]["budget"] == 500_000
    await shop.call("PUT", f"/v1/promotions/{identifier}/draft", promotion(600_000))
    stale = await second.post(f"/v1/approvals/{waits.json()['id']}/approve")
    assert stale.status_code == 409
    anew = await shop.post(f"/v1/promotions/{identifier}/publish", {"accept_warnings": codes})
    done = await second.post(f"/v1/approvals/{anew.json()['id']}/approve")
    assert done.status_code == 200, done.text
    assert done.json()["result"] == {"promotion": identifier, "revision": 1}
    assert (await shop.get(f"/v1/promotions/{identifier}")).json()["status"] == "live"


async def test_why_a_call_publishes_is_told_to_who_decides_and_stands_in_the_trail(
    shop: Api, second: Api
) -> None:
    await shop.patch("/v1/program", {"settings": {"publish_budget_limit": 100_000}})
    made = (await shop.post("/v1/promotions", promotion(500_000))).json()["id"]
    asked = await shop.client.post(
        f"/v1/promotions/{made}/publish", json={},
        headers={"Authorization": f"Bearer {shop.keys['manage']}", "Idempotency-Key": "k",
                 "Regulars-Reason": "the board of 3 March"},
    )  # fmt: skip
    assert (asked.status_code, asked.json()["why"]) == (202, "the board of 3 March")
    done = await second.post(f"/v1/approvals/{asked.json()['id']}/approve", {"word": "seen"})
    assert done.status_code == 200, done.text
    (entry,) = (await shop.get("/v1/audit", action="promotion.published")).json()["items"]
    assert (entry["subject"], entry["why"]) == (made, "the board of 3 March")


async def test_a_key_made_by_staff_is_shown_once_to_who_asked(shop: Api) -> None:
    assert shop.database is not None
    program = shop.program.id
    ines = shop.database.acting(Actor("staff", "stf_1", "Ines"))
    maris = shop.database.acting(Actor("staff", "stf_2", "Māris"))
    known = KnownPrograms(shop.database)

    def named(name: str) -> Request:
        return Request(program, program, f"test/{name}", name.encode().ljust(32, b"0"), START)

    new = NewKey(("till",), "Till 4")
    waits = await create_key_by_staff(ines, named("ask"), new, "staff stf_1", "a new till", secret=SECRET)
    assert waits.status == 202
    (one,) = (await approvals.list_approvals(ines, START, program, waiting=True, before=None, limit=5)).items
    identifier = (await shop.get(f"/v1/approvals/{one.id}")).json()["id"]
    approval = ids.read("apr", identifier)
    with pytest.raises(SecondPersonNeeded):
        await approvals.approve(ines, known, SECRET, named("own"), approval, "")
    done = await approvals.approve(maris, known, SECRET, named("agree"), approval, "")
    assert b'"key":"test' in done.body
    text = await approvals.take_key(ines, named("take"), approval, SECRET)
    assert text.startswith("test_")
    seen = await shop.client.get("/v1/stores", headers={"Authorization": f"Bearer {text}"})
    assert seen.status_code == 200
    with pytest.raises(StateConflict):
        await approvals.take_key(ines, named("take again"), approval, SECRET)
