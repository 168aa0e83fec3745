"""POST/GET/PATCH/DELETE /v1/members, find, balance, statement, consents, adjustments, transfers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from regulars import ids
from regulars.db.pool import Database
from tests.api.conftest import Api, new_api

ANNA = {"phone": "20 000 001", "email": "Anna@Example.lv", "external_id": "crm-1", "name": "Anna Ozola"}
UNKNOWN = ids.show("mem", UUID(int=7))


async def enrolled(api: Api, **fields: Any) -> dict[str, Any]:
    answer = await api.post("/v1/members", fields or {"phone": "20000001"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def problem(answer: httpx.Response) -> tuple[int, str, list[str]]:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, body["code"], [fault["pointer"] for fault in body.get("errors", [])]


# enrolment -------------------------------------------------------------------------------------------------


async def test_enrolment_answers_the_member_with_her_first_card(api: Api) -> None:
    answer = await api.post(
        "/v1/members",
        {
            **ANNA,
            "birthday": "1990-02-28",
            "language": "en",
            "attributes": {"size": "M", "children": 2, "vip": True},
            "consents": [{"channel": "email", "purpose": "marketing", "granted": True}],
            "source": "web",
            "referral_code": "FRIEND",
        },
    )
    assert answer.status_code == 201
    member = answer.json()
    (card,) = member.pop("cards")
    assert card["status"] == "active"
    assert card["member"] == member["id"]
    assert card["number"].startswith("9900")
    del member["id"], member["enrolled_at"]
    assert member == {
        "name": "Anna Ozola",
        "phone": "+37120000001",
        "email": "Anna@example.lv",
        "external_id": "crm-1",
        "birthday": "1990-02-28",
        "language": "en",
        "attributes": {"size": "M", "children": 2, "vip": True, "referral_code": "FRIEND"},
        "source": "web",
        "store": None,
        "erased_at": None,
        "tag": "",
        "partner": None,
    }


@pytest.mark.parametrize("field", ["phone", "email", "external_id"])
async def test_one_identifier_is_enough(api: Api, field: str) -> None:
    member = await enrolled(api, **{field: ANNA[field]})
    assert member["language"] == "lv"
    assert (await api.get(f"/v1/members/{member['id']}")).json() == member


async def test_without_an_identifier_nobody_is_enrolled(api: Api) -> None:
    assert problem(await api.post("/v1/members", {"name": "Anna"})) == (422, "invalid_value", [""])


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"phone": "12"}, "invalid_value", "/phone"),
        ({"phone": 12}, "invalid_value", "/phone"),
        ({"email": "anna"}, "invalid_value", "/email"),
        ({"external_id": "a\x00b"}, "invalid_value", "/external_id"),
        ({"phone": "20000001", "name": "a\x00b"}, "invalid_value", "/name"),
        ({"phone": "20000001", "name": "a" * 201}, "invalid_value", "/name"),
        ({"phone": "20000001", "birthday": "2990-01-01"}, "invalid_value", "/birthday"),
        ({"phone": "20000001", "birthday": "1890-01-01"}, "invalid_value", "/birthday"),
        ({"phone": "20000001", "language": "fr"}, "invalid_value", "/language"),
        ({"phone": "20000001", "attributes": {"a": 1.5}}, "invalid_value", "/attributes/a"),
        ({"phone": "20000001", "attributes": {"a": "\x00"}}, "invalid_value", "/attributes/a"),
        ({"phone": "20000001", "attributes": {"a": 10**30}}, "invalid_value", "/attributes/a"),
        ({"phone": "20000001", "source": "moon"}, "invalid_value", "/source"),
        ({"phone": "20000001", "fone": "1"}, "unknown_field", "/fone"),
        ({"card": "9900000000000011"}, "invalid_card_number", "/card"),
    ],
)
async def test_a_field_that_cannot_be_is_refused_by_its_pointer(
    api: Api, body: dict[str, Any], code: str, pointer: str
) -> None:
    assert problem(await api.post("/v1/members", body)) == (422, code, [pointer])


async def test_all_fields_at_fault_are_named_at_once(api: Api) -> None:
    answer = await api.post("/v1/members", {"phone": "1", "email": "2", "birthday": "2990-01-01"})
    assert problem(answer) == (422, "invalid_value", ["/phone", "/email", "/birthday"])
    wrong = {"phone": "1", "email": "2", "card": "9900000000000011", "language": "zz"}
    whole = await api.post("/v1/members", wrong)
    assert problem(whole) == (422, "invalid_value", ["/phone", "/email", "/card", "/language"])
    nobody = await api.post("/v1/members", {"language": "zz"})
    assert problem(nobody) == (422, "invalid_value", ["", "/language"])
    anna = (await api.post("/v1/members", ANNA)).json()["id"]
    changed = await api.patch(f"/v1/members/{anna}", {"email": "2", "language": "zz"})
    assert problem(changed) == (422, "invalid_value", ["/email", "/language"])


async def test_a_replay_repeats_the_first_answer_and_makes_no_second_member(api: Api) -> None:
    first = await api.post("/v1/members", ANNA, key="one")
    again = await api.post("/v1/members", dict(reversed(ANNA.items())), key="one")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    other = await api.post("/v1/members", {**ANNA, "name": "Zane"}, key="one")
    assert problem(other)[:2] == (409, "request_key_reused")


async def test_an_enrolment_needs_an_idempotency_key(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.keys['till']}"}
    answer = await api.client.post("/v1/members", json=ANNA, headers=headers)
    assert problem(answer)[:2] == (400, "idempotency_key_missing")


async def test_a_refused_enrolment_leaves_no_trace_and_its_key_free(api: Api) -> None:
    first = await enrolled(api, phone="20000001")
    again = await api.post("/v1/members", {"phone": "20000001", "email": "new@example.lv"}, key="two")
    assert problem(again) == (409, "member_exists", ["/phone"])
    assert again.json()["member"] == first["id"]
    assert (await api.post("/v1/members/find", {"email": "new@example.lv"})).status_code == 404
    fresh = await api.post("/v1/members", {"email": "new@example.lv"}, key="two")
    assert fresh.status_code == 201


@pytest.mark.parametrize(
    ("scope", "field", "seen"),
    [
        ("manage", "phone", True),
        ("manage", "email", True),
        ("issuer", "external_id", True),
        ("till", "phone", True),
        ("till", "email", False),
        ("till", "external_id", False),
    ],
)
async def test_who_may_see_it_gets_the_existing_member(api: Api, scope: str, field: str, seen: bool) -> None:
    first = await enrolled(api, **ANNA)
    again = await api.post("/v1/members", {field: ANNA[field].upper()}, scope=scope)
    if field == "external_id":  # capitals count there
        assert again.status_code == 201
        again = await api.post("/v1/members", {field: ANNA[field]}, scope=scope)
    assert problem(again) == (409, "member_exists", [f"/{field}"])
    assert again.json().get("member") == (first["id"] if seen else None)


async def test_programs_do_not_see_one_another(api: Api, database: Database) -> None:
    member = await enrolled(api, **ANNA)
    other = await new_api(api.client, database)
    assert (await other.post("/v1/members/find", {"phone": ANNA["phone"]})).status_code == 404
    assert problem(await other.get(f"/v1/members/{member['id']}"))[:2] == (404, "not_found")
    assert (await other.post("/v1/members", ANNA)).status_code == 201


async def test_a_read_key_may_not_enrol(api: Api) -> None:
    assert problem(await api.post("/v1/members", ANNA, scope="read"))[:2] == (403, "scope_missing")


# finding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "+371 20000001"), ("email", "ANNA@EXAMPLE.LV"), ("external_id", "crm-1"), ("card", None)],
)
async def test_a_till_finds_by_any_identifier_and_sees_first_name_tier_and_balance(
    api: Api, field: str, value: str | None
) -> None:
    member = await enrolled(api, **ANNA)
    number = member["cards"][0]["number"]
    spaced = f"{number[:4]} {number[4:8]}-{number[8:]}"
    found = await api.post("/v1/members/find", {field: value or spaced}, scope="till")
    assert found.status_code == 200
    zero = {
        "currency": "PTS", "available": 0, "pending": 0, "held": 0, "debt": 0,
        "worth": {"amount": 0, "currency": "EUR"}, "expiring": [],
    }  # fmt: skip
    assert found.json() == {
        "id": member["id"],
        "name": "Anna",
        "tier": None,
        "balance": {"currencies": [zero], "tiers": []},
    }


async def test_a_key_that_may_see_who_she_is_gets_the_member(api: Api) -> None:
    member = await enrolled(api, **ANNA)
    found = await api.post("/v1/members/find", {"phone": "20000001"}, scope="read")
    assert found.json()["name"] == "Anna Ozola"
    assert found.json()["member"] == member


@pytest.mark.parametrize("body", [{}, {"phone": "20000001", "email": "a@example.lv"}, {"till": "7"}])
async def test_exactly_one_identifier_finds(api: Api, body: dict[str, Any]) -> None:
    assert problem(await api.post("/v1/members/find", body)) == (422, "invalid_value", [""])


async def test_what_leads_to_nobody_is_not_found(api: Api) -> None:
    for body in ({"phone": "20000009"}, {"email": "x@example.lv"}, {"card": "9900000000000010"}):
        assert problem(await api.post("/v1/members/find", body))[:2] == (404, "not_found")


async def test_look_ups_are_counted_per_key_and_till(api: Api, database: Database) -> None:
    few = await new_api(api.client, database, finds_a_minute=2)
    body = {"phone": "20000009", "till": "7"}
    answers = [await few.post("/v1/members/find", body, scope="till") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[2].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert (await few.post("/v1/members/find", {**body, "till": "8"}, scope="till")).status_code == 404
    assert (await few.post("/v1/members/find", body, scope="manage")).status_code == 404
    tills = [{**body, "till": str(number)} for number in range(20)]
    statuses = [(await few.post("/v1/members/find", till, scope="issuer")).status_code for till in tills]
    assert statuses.count(404) == 20
    assert (await few.post("/v1/members/find", {**body, "till": "x"}, scope="issuer")).status_code == 429


# reading and changing --------------------------------------------------------------------------------------


async def test_ids_of_another_kind_and_unknown_ids_are_told_apart(api: Api) -> None:
    card = (await enrolled(api))["cards"][0]["id"]
    for path in ("", "/cards", "/balance", "/statement"):
        assert problem(await api.get(f"/v1/members/{card}{path}"))[:2] == (422, "wrong_id_kind")
        assert problem(await api.get(f"/v1/members/nonsense{path}"))[:2] == (422, "wrong_id_kind")
        assert problem(await api.get(f"/v1/members/{UNKNOWN}{path}"))[:2] == (404, "not_found")
    assert problem(await api.patch(f"/v1/members/{UNKNOWN}", {}))[:2] == (404, "not_found")
    assert problem(await api.delete(f"/v1/members/{UNKNOWN}"))[:2] == (404, "not_found")


async def test_a_till_may_not_read_who_a_member_is(api: Api) -> None:
    member = await enrolled(api, **ANNA)
    assert problem(await api.get(f"/v1/members/{member['id']}", scope="till"))[0] == 403
    assert (await api.get(f"/v1/members/{member['id']}/balance", scope="till")).status_code == 200


async def test_what_is_left_out_stays_and_null_takes_it_away(api: Api) -> None:
    member = await enrolled(api, **ANNA, attributes={"size": "M", "pet": "cat"})
    path = f"/v1/members/{member['id']}"
    changed = await api.patch(
        path, {"email": None, "name": "Anna Liepa", "attributes": {"pet": None, "x": 1}}
    )
    expected = {**member, "email": None, "name": "Anna Liepa", "attributes": {"size": "M", "x": 1}}
    assert (changed.status_code, changed.json()) == (200, expected)
    assert (await api.get(path)).json() == expected
    assert (await api.patch(path, {})).json() == expected


async def test_a_new_phone_finds_her_and_the_old_one_is_free(api: Api) -> None:
    member = await enrolled(api, **ANNA)
    changed = await api.patch(f"/v1/members/{member['id']}", {"phone": "20000002"})
    assert changed.json()["phone"] == "+37120000002"
    assert (await api.post("/v1/members/find", {"phone": "20000002"})).json()["id"] == member["id"]
    assert (await api.post("/v1/members/find", {"phone": "20000001"})).status_code == 404
    assert (await api.post("/v1/members", {"phone": "20000001"})).status_code == 201


async def test_an_email_may_change_its_capitals_and_stays_hers(api: Api) -> None:
    member = await enrolled(api, **ANNA)
    changed = await api.patch(f"/v1/members/{member['id']}", {"email": "ANNA@example.lv"})
    assert changed.json()["email"] == "ANNA@example.lv"
    assert (await api.post("/v1/members/find", {"email": "anna@example.lv"})).json()["id"] == member["id"]


async def test_another_members_phone_is_refused_and_nothing_changes(api: Api) -> None:
    anna = await enrolled(api, **ANNA)
    zane = await enrolled(api, phone="20000002", name="Zane")
    refused = await api.patch(f"/v1/members/{zane['id']}", {"name": "Zina", "phone": "20000001"})
    assert problem(refused) == (409, "member_exists", ["/phone"])
    assert refused.json()["member"] == anna["id"]
    assert (await api.get(f"/v1/members/{zane['id']}")).json() == zane


@pytest.mark.parametrize("body", [{"source": "web"}, {"language": None}, {"phone": "1"}, {"language": "fr"}])
async def test_a_change_that_cannot_be_is_refused(api: Api, body: dict[str, Any]) -> None:
    member = await enrolled(api)
    assert (await api.patch(f"/v1/members/{member['id']}", body)).status_code == 422


# erasure ---------------------------------------------------------------------------------------------------


async def test_an_erasure_takes_identity_and_cards_and_leaves_the_books(api: Api) -> None:
    answer = await api.post("/v1/members", {**ANNA, "attributes": {"size": "M"}}, key="first")
    member = answer.json()
    path, number = f"/v1/members/{member['id']}", member["cards"][0]["number"]
    given = {"currency": "PTS", "amount": 70, "reason": "sorry"}
    assert (await api.post(f"{path}/adjustments", given)).status_code == 201
    erased = (await api.delete(path)).json()
    nothing = {
        "name": "",
        "phone": None,
        "email": None,
        "external_id": None,
        "birthday": None,
        "attributes": {},
    }
    assert {field: erased[field] for field in nothing} == nothing
    assert erased["erased_at"] is not None
    assert [card["status"] for card in erased["cards"]] == ["closed"]
    assert (await api.delete(path)).json() == erased
    assert (await api.get(path)).json() == erased
    for body in (
        {"phone": "20000001"},
        {"email": "anna@example.lv"},
        {"external_id": "crm-1"},
        {"card": number},
    ):
        assert (await api.post("/v1/members/find", body)).status_code == 404
    assert (await api.get(f"{path}/balance")).json()["currencies"][0]["available"] == 70
    assert len((await api.get(f"{path}/statement")).json()["items"]) == 1
    replay = (await api.post("/v1/members", {**ANNA, "attributes": {"size": "M"}}, key="first")).json()
    assert {field: replay[field] for field in nothing} == nothing
    assert (await api.post("/v1/members", ANNA)).status_code == 201


async def test_an_erased_member_can_neither_be_changed_nor_get_a_card_nor_consent(api: Api) -> None:
    path = f"/v1/members/{(await enrolled(api))['id']}"
    await api.delete(path)
    consent = {"channel": "sms", "purpose": "marketing", "granted": True}
    for answer in (
        await api.patch(path, {"name": "Anna"}),
        await api.post(f"{path}/cards", {}),
        await api.post(f"{path}/consents", consent),
    ):
        assert problem(answer)[:2] == (409, "state_conflict")


async def test_nothing_personal_is_kept_outside_the_person(api: Api, database: Database) -> None:
    member = await enrolled(api, **ANNA, attributes={"note": "Kalnciems"})
    await api.post("/v1/members/find", {"phone": ANNA["phone"]})
    await api.delete(f"/v1/members/{member['id']}")
    async with database.transaction(api.program.id) as tx:
        for table in ("member", "identifier", "consent", "card", "request_key", "posting", "person"):
            text = (
                "t::text || coalesce(convert_from(t.body, 'UTF8'), '')"
                if table == "request_key"
                else "t::text"
            )
            rows = await (await tx.execute(f"SELECT {text} FROM {table} AS t".encode())).fetchall()
            for trace in ("Anna", "20000001", "xample.lv", "crm-1", "Kalnciems"):
                assert not any(trace in row[0] for row in rows), (table, trace)
