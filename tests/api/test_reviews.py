"""A draft that a second person looks at, and what differs between revisions."""

from __future__ import annotations

import asyncio
from typing import Any

from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from tests.api.conftest import SCOPES, Api
from tests.api.shop import publish, refused, settle
from tests.conftest import START

FIVE = {"name": "Five", "group": "items", "benefits": [{"kind": "line_percent", "percent": "5"}]}
SIX = {**FIVE, "benefits": [{"kind": "line_percent", "percent": "6"}], "conditions": [{"kind": "member"}]}


async def with_second_key(api: Api, database: Database) -> None:
    """Another manager, under the scope `issuer`."""
    assert "issuer" in SCOPES
    _, api.keys["issuer"] = await create_key(database, api.program.id, NewKey(("manage",)), at=START)


async def draft(api: Api, document: dict[str, Any] = FIVE) -> str:
    made = await api.post("/v1/promotions", document)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def state(api: Api, promotion: str) -> tuple[str, int]:
    found = (await api.get(f"/v1/promotions/{promotion}")).json()
    return found["review"], found["draft_version"]


async def test_asked_approved_published_and_who_said_what_stays(shop: Api, database: Database) -> None:
    await with_second_key(shop, database)
    promotion = await draft(shop)
    path = f"/v1/promotions/{promotion}/review"
    assert await state(shop, promotion) == ("draft", 1)
    asked = await shop.post(path, {"act": "ask", "comment": "For Monday, please."})
    assert (asked.status_code, asked.json()["state"]) == (200, "in_review")
    own = await shop.post(path, {"act": "approve"})
    assert refused(own) == (403, "second_person_needed", None)
    approved = await shop.post(path, {"act": "approve", "draft_version": 1}, scope="issuer")
    assert approved.json()["state"] == "approved"
    assert [(one["kind"], one["comment"]) for one in approved.json()["items"]] == [
        ("approved", ""), ("asked", "For Monday, please."),
    ]  # fmt: skip
    assert approved.json()["items"][0]["by"] != approved.json()["items"][1]["by"]
    assert (await shop.post(f"/v1/promotions/{promotion}/publish")).status_code == 200
    after = (await shop.get(path)).json()
    assert (after["state"], len(after["items"])) == (None, 2)


async def test_an_edit_makes_a_review_void_and_a_returned_draft_is_asked_for_again(
    shop: Api, database: Database
) -> None:
    await with_second_key(shop, database)
    promotion = await draft(shop)
    path = f"/v1/promotions/{promotion}/review"
    await shop.post(path, {"act": "ask"})
    assert refused(await shop.post(path, {"act": "return"}, scope="issuer")) == (409, "state_conflict", None)
    back = await shop.post(path, {"act": "return", "comment": "Too much."}, scope="issuer")
    assert back.json()["state"] == "returned"
    edited = await shop.call("PUT", f"/v1/promotions/{promotion}/draft", SIX, version=1)
    assert (edited.status_code, edited.json()["draft_version"], edited.json()["review"]) == (200, 2, "draft")
    await shop.post(path, {"act": "ask"})
    stale = await shop.post(path, {"act": "approve", "draft_version": 1}, scope="issuer")
    assert refused(stale) == (409, "draft_changed", None)
    assert (await shop.post(path, {"act": "withdraw"})).json()["state"] == "draft"
    assert refused(await shop.post(path, {"act": "approve"}, scope="issuer")) == (409, "state_conflict", None)


async def test_what_is_in_review_or_was_sent_back_is_not_published(shop: Api, database: Database) -> None:
    await with_second_key(shop, database)
    promotion = await draft(shop)
    path, publishing = f"/v1/promotions/{promotion}/review", f"/v1/promotions/{promotion}/publish"
    await shop.post(path, {"act": "ask"})
    for scope in ("manage", "issuer"):
        assert refused(await shop.post(publishing, scope=scope)) == (409, "state_conflict", None)
    await shop.post(path, {"act": "return", "comment": "Too much."}, scope="issuer")
    assert refused(await shop.post(publishing)) == (409, "state_conflict", None)
    await shop.post(path, {"act": "ask"})
    assert (await shop.post(path, {"act": "withdraw"})).status_code == 200
    still = await shop.post(publishing)
    assert (refused(still), "was sent back" in still.text) == ((409, "state_conflict", None), True)
    await settle(shop, publish_budget_limit=1)
    assert refused(await shop.post(publishing)) == (409, "state_conflict", None)
    await settle(shop, publish_budget_limit=None)
    assert (await shop.get(f"/v1/promotions/{promotion}")).json()["revision"] == 0
    await shop.post(path, {"act": "ask"})
    assert (await shop.post(path, {"act": "approve"}, scope="issuer")).json()["state"] == "approved"
    assert (await shop.post(publishing)).status_code == 200


async def test_a_question_that_is_taken_back_and_a_draft_that_is_changed_are_published_without_a_review(
    shop: Api, database: Database
) -> None:
    await with_second_key(shop, database)
    promotion = await draft(shop)
    path, publishing = f"/v1/promotions/{promotion}/review", f"/v1/promotions/{promotion}/publish"
    await shop.post(path, {"act": "ask"})
    await shop.post(path, {"act": "withdraw"})
    assert (await shop.post(publishing)).status_code == 200
    await shop.call("PUT", f"/v1/promotions/{promotion}/draft", SIX)
    await shop.post(path, {"act": "ask"})
    await shop.post(path, {"act": "return", "comment": "Too much."}, scope="issuer")
    await shop.call("PUT", f"/v1/promotions/{promotion}/draft", FIVE)
    assert (await shop.post(publishing)).status_code == 200


async def test_of_two_who_edit_the_same_draft_the_second_is_told(shop: Api) -> None:
    promotion = await draft(shop)
    path = f"/v1/promotions/{promotion}/draft"
    answers = await asyncio.gather(*[shop.call("PUT", path, SIX, version=1) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {refused(answer)[1] for answer in answers if answer.status_code == 409} == {"draft_changed"}
    assert await state(shop, promotion) == ("draft", 2)


async def test_two_who_decide_at_once_decide_once(shop: Api, database: Database) -> None:
    await with_second_key(shop, database)
    promotion = await draft(shop)
    path = f"/v1/promotions/{promotion}/review"
    await shop.post(path, {"act": "ask"})
    acts = [{"act": "approve"}, {"act": "return", "comment": "No."}] * 3
    answers = await asyncio.gather(*[shop.post(path, act, scope="issuer") for act in acts])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert len((await shop.get(path)).json()["items"]) == 2


async def test_a_replay_gets_the_first_answer(shop: Api) -> None:
    promotion = await draft(shop)
    path = f"/v1/promotions/{promotion}/review"
    first = await shop.post(path, {"act": "ask"}, key="once")
    again = await shop.post(path, {"act": "ask"}, key="once")
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"


async def test_the_difference_of_any_two_in_the_reader_s_language(shop: Api) -> None:
    promotion = await publish(shop, FIVE)
    await shop.call("PUT", f"/v1/promotions/{promotion}/draft", SIX)
    path = f"/v1/promotions/{promotion}/diff"
    to_draft = (await shop.get(path)).json()
    assert (to_draft["before"], to_draft["after"]) == ("1", "draft")
    assert [(one["change"], one["pointer"]) for one in to_draft["differences"]] == [
        ("added", "/conditions/0"), ("changed", "/benefits/0"),
    ]  # fmt: skip
    assert (await shop.get(path, **{"from": "live", "to": "draft"})).json() == to_draft
    await shop.post(f"/v1/promotions/{promotion}/publish")
    assert (await shop.get(path, **{"from": "2", "to": "1"})).json()["differences"][0]["change"] == "removed"
    new = (await shop.get(path, to="1")).json()
    assert (new["before"], [one["pointer"] for one in new["differences"]]) == (
        "nothing",
        ["/benefits/0", "/name"],
    )
    for wrong in ("3", "0", "draft", "x"):
        assert refused(await shop.get(path, to=wrong)) == (422, "invalid_value", "?to")
    assert refused(await shop.get("/v1/promotions/prm_00000000000000000000000000/diff"))[0] == 404


async def test_the_calendar_shows_what_runs_in_a_month(shop: Api) -> None:
    tuesdays = {
        **FIVE,
        "name": "Tuesdays",
        "conditions": [{"kind": "hours", "weekdays": [2], "from": "15:00"}],
    }
    runs = await publish(shop, tuesdays)
    planned = await publish(shop, {**FIVE, "name": "Late", "from": "2026-03-30T00:00:00"}, "shadowed")
    drafted = await draft(shop, {**FIVE, "name": "Maybe"})
    answer = (await shop.get("/v1/promotions/calendar", month="2026-03")).json()
    assert (answer["first"], answer["last"], answer["today"]) == ("2026-03-01", "2026-03-31", "2026-03-01")
    shown = [(one["promotion"], one["state"], len(one["bars"])) for one in answer["items"]]
    assert shown == [(runs, "running", 5), (planned, "planned", 1)]
    assert answer["items"][0]["bars"][0] == {
        "first": "2026-03-03", "last": "2026-03-03", "hours": [{"since": "15:00", "until": "24:00"}],
    }  # fmt: skip
    every = (await shop.get("/v1/promotions/calendar", drafts="true")).json()
    assert [(one["promotion"], one["state"]) for one in every["items"]] == [
        (drafted, "draft"), (runs, "running"), (planned, "planned"),
    ]  # fmt: skip
    for wrong in ("2026-13", "2026", "now", "1-1"):
        assert refused(await shop.get("/v1/promotions/calendar", month=wrong)) == (
            422,
            "invalid_value",
            "?month",
        )
