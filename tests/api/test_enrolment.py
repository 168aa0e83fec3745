"""Enrolment: what is asked, where members come from, and the gift that welcomes a person once."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.ledger.check import check
from tests.api.conftest import Api, Letters
from tests.api.shop import balance, settle

ASKED: dict[str, Any] = {
    "questions": [
        {
            "code": "drink",
            "kind": "one_of",
            "labels": {"lv": "Ko Jūs dzerat?", "en": "What do you drink?"},
            "required": True,
            "choices": [
                {"code": "tea", "labels": {"lv": "Tēju", "en": "Tea"}},
                {"code": "coffee", "labels": {"lv": "Kafiju", "en": "Coffee"}},
            ],
            "asked_at": ["till", "web"],
        },
        {"code": "people", "kind": "number", "labels": {"lv": "Cik Jūs esat?"}, "least": 1, "most": 12},
    ]
}
GIFT = {"currency": "PTS", "points": 250}


async def join(api: Api, scope: str = "manage", **fields: Any) -> dict[str, Any]:
    answer = await api.post("/v1/members", fields, scope=scope)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def points(api: Api, member: str) -> int:
    return (await balance(api, member))["available"]


async def test_a_questionnaire_gets_version_after_version_and_the_same_again_is_the_same(shop: Api) -> None:
    before = await shop.get("/v1/program/questionnaire", scope="till")
    first = await shop.call("PUT", "/v1/program/questionnaire", ASKED)
    again = await shop.call("PUT", "/v1/program/questionnaire", ASKED)
    second = await shop.call("PUT", "/v1/program/questionnaire", {"questions": []})

    assert (before.json()["version"], before.json()["questions"]) == (0, [])
    assert [a.json()["version"] for a in (first, again, second)] == [1, 1, 2]
    assert (await shop.get("/v1/program/questionnaire")).json()["questions"] == []


async def test_of_a_place_only_what_is_asked_there_is_answered(shop: Api) -> None:
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)

    app = (await shop.get("/v1/program/questionnaire", place="app")).json()
    till = (await shop.get("/v1/program/questionnaire", place="till", scope="till")).json()

    assert [question["code"] for question in app["questions"]] == ["people"]
    assert [question["code"] for question in till["questions"]] == ["drink", "people"]


async def test_a_questionnaire_that_contradicts_itself_is_refused(shop: Api) -> None:
    odd = {"questions": [{"code": "a", "kind": "one_of", "labels": {"en": "A"}}]}

    answer = await shop.call("PUT", "/v1/program/questionnaire", odd)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [
        "/questions/0/labels/lv",
        "/questions/0/choices",
    ]
    assert (await shop.get("/v1/program/questionnaire")).json()["version"] == 0


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"source": "till"}, ["/attributes/drink"]),
        ({"source": "web", "attributes": {"drink": "beer", "people": 13}}, ["/attributes/drink", "/attributes/people"]),
        ({"attributes": {"people": "three"}}, ["/attributes/people"]),
    ],
)  # fmt: skip
async def test_an_enrolment_answers_what_is_asked_where_it_happens(
    shop: Api, fields: dict[str, Any], pointers: list[str]
) -> None:
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)

    answer = await shop.post("/v1/members", {"phone": "+37120000001", **fields})

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
    assert (await shop.post("/v1/members/find", {"phone": "+37120000001"})).status_code == 404


async def test_whoever_becomes_a_member_by_logging_in_answers_what_must_be_answered(
    shop: Api, letters: Letters
) -> None:
    required = {
        **ASKED,
        "questions": [{**ASKED["questions"][0], "asked_at": ["web"]}, *ASKED["questions"][1:]],
    }
    await shop.call("PUT", "/v1/program/questionnaire", required)
    door = f"/portal/{shop.program.slug}/api/log-in"
    own = {"Sec-Fetch-Site": "same-origin"}
    asked = await shop.client.post(f"{door}/code", json={"phone": "+37120000001"}, headers=own)
    assert asked.status_code == 201, asked.text
    given: dict[str, Any] = {
        "challenge": asked.json()["challenge"],
        "code": await letters.code("+37120000001"),
        "phone": "+37120000001",
        "agreed": True,
    }

    refused = [
        await shop.client.post(f"{door}/verify", json={**given, "attributes": answers}, headers=own)
        for answers in ({}, {"drink": "beer"}, {"drink": "tea", "vip": True})
    ]
    nobody = await shop.post("/v1/members/find", {"phone": "+37120000001"})
    entered = await shop.client.post(
        f"{door}/verify", json={**given, "attributes": {"drink": "tea"}}, headers=own
    )

    assert [(one.status_code, one.json()["errors"][0]["pointer"]) for one in refused] == [
        (422, "/attributes/drink"),
        (422, "/attributes/drink"),
        (422, "/attributes/vip"),
    ]
    assert nobody.status_code == 404
    assert (entered.status_code, entered.json()["new"]) == (200, True), entered.text
    member = (await shop.get(f"/v1/members/{entered.json()['member']}")).json()
    assert (member["source"], member["attributes"]) == ("web", {"drink": "tea"})


async def test_a_change_is_checked_against_the_questionnaire(shop: Api) -> None:
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)
    member = await join(shop, "till", phone="+37120000001", source="till", attributes={"drink": "tea"})
    path = f"/v1/members/{member['id']}"

    good = await shop.patch(path, {"attributes": {"people": 3, "shoe_size": 41}})
    wrong = await shop.patch(path, {"attributes": {"drink": "beer"}})
    taken_away = await shop.patch(path, {"attributes": {"drink": None}})
    elsewhere = await shop.patch(path, {"name": "Anna"})

    assert good.json()["attributes"] == {"drink": "tea", "people": 3, "shoe_size": 41}
    assert [wrong.status_code, taken_away.status_code, elsewhere.status_code] == [422, 422, 200]


async def test_where_members_come_from_is_counted(shop: Api) -> None:
    await join(shop, phone="+37120000001", source="web", tag="autumn")
    await join(shop, phone="+37120000002", source="web", tag="autumn")
    left = await join(shop, phone="+37120000003", source="app")
    await shop.delete(f"/v1/members/{left['id']}")

    counted = (await shop.get("/v1/members/sources", to="2026-03-02T00:00:00Z")).json()
    nobody = (await shop.get("/v1/members/sources", to="2026-03-01T09:00:00Z")).json()
    wrong = await shop.get(
        "/v1/members/sources", **{"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}
    )

    assert counted == {
        "members": 3,
        "items": [
            {
                "source": "web",
                "tag": "autumn",
                "store": None,
                "members": 2,
                "left": 0,
                "partner": None,
                "bought": 0,
            },
            {
                "source": "app",
                "tag": "",
                "store": None,
                "members": 1,
                "left": 1,
                "partner": None,
                "bought": 0,
            },
        ],
        "next": None,
    }
    assert nobody == {"members": 0, "items": [], "next": None}
    assert wrong.status_code == 422


async def test_the_tag_stays_with_the_member(shop: Api) -> None:
    member = await join(shop, phone="+37120000001", tag="shop window, Brīvības 12")

    assert member["tag"] == "shop window, Brīvības 12"
    assert (await shop.get(f"/v1/members/{member['id']}")).json()["tag"] == "shop window, Brīvības 12"
    long = await shop.post("/v1/members", {"phone": "+37120000002", "tag": "x" * 65})
    assert (long.status_code, long.json()["errors"][0]["pointer"]) == (422, "/tag")


async def test_who_joins_is_welcomed_by_a_posting_of_its_own_kind(shop: Api, database: Database) -> None:
    await settle(shop, welcome=GIFT)

    member = await join(shop, phone="+37120000001", email="anna@example.com")

    assert await points(shop, member["id"]) == 250
    (posting,) = (await shop.get(f"/v1/members/{member['id']}/statement")).json()["items"]
    assert (posting["kind"], posting["change"]) == ("welcome", 250)
    async with database.transaction(shop.program.id) as tx:
        assert await check(tx, shop.program.id) == ()


async def test_who_leaves_and_joins_again_is_not_welcomed_twice(shop: Api) -> None:
    await settle(shop, welcome=GIFT)
    first = await join(shop, phone="+37120000001", email="anna@example.com")
    await shop.delete(f"/v1/members/{first['id']}")

    by_phone = await join(shop, "till", phone="20000001")
    await shop.delete(f"/v1/members/{by_phone['id']}")
    by_mail = await join(shop, email="Anna@Example.com", phone="+37120000009")
    by_the_other_phone = await shop.delete(f"/v1/members/{by_mail['id']}")
    again = await join(shop, phone="+37120000009")

    assert by_the_other_phone.status_code == 200
    assert [await points(shop, m["id"]) for m in (by_phone, by_mail, again)] == [0, 0, 0]


async def test_a_new_phone_does_not_make_a_new_person(shop: Api) -> None:
    await settle(shop, welcome=GIFT)
    member = await join(shop, phone="+37120000001")
    await shop.patch(f"/v1/members/{member['id']}", {"phone": "+37120000002"})
    await shop.patch(f"/v1/members/{member['id']}", {"email": "anna@example.com"})
    assert await points(shop, member["id"]) == 250
    await shop.delete(f"/v1/members/{member['id']}")

    again = [await join(shop, phone="+37120000002"), await join(shop, email="anna@example.com")]

    assert [await points(shop, m["id"]) for m in again] == [0, 0]


async def test_who_has_neither_phone_nor_email_is_welcomed_when_she_gives_one(shop: Api) -> None:
    await settle(shop, welcome=GIFT)
    member = await join(shop, external_id="crm-1")
    before = await points(shop, member["id"])

    await shop.patch(f"/v1/members/{member['id']}", {"phone": "+37120000001"})
    after = await points(shop, member["id"])
    await shop.patch(f"/v1/members/{member['id']}", {"email": "anna@example.com"})

    assert (before, after, await points(shop, member["id"])) == (0, 250, 250)


async def test_who_was_there_before_the_gift_gets_none_by_another_address(shop: Api) -> None:
    member = await join(shop, phone="+37120000001")
    await settle(shop, welcome=GIFT)

    await shop.patch(f"/v1/members/{member['id']}", {"email": "anna@example.com"})

    assert await points(shop, member["id"]) == 0


async def test_the_gift_goes_to_the_account_of_the_card_that_is_taken_over(shop: Api) -> None:
    await settle(shop, welcome=GIFT)
    (card,) = (await shop.post("/v1/cards/batch", {"count": 1})).json()["cards"]

    member = await join(shop, phone="+37120000001", card=card["number"])

    assert await points(shop, member["id"]) == 250


async def test_a_gift_in_a_currency_that_is_not_there_is_refused(shop: Api) -> None:
    answer = await shop.patch("/v1/program", {"settings": {"welcome": {"currency": "MILES", "points": 1}}})

    assert (answer.status_code, answer.json()["code"]) == (422, "contradictory_configuration")
    assert answer.json()["errors"][0]["pointer"] == "/settings/welcome/currency"
    assert (await shop.get("/v1/program")).json()["settings"]["welcome"] is None
