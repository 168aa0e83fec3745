"""Members of another system: entered once, with their cards, balances and consents; each answered by herself."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.sql import SQL, Identifier

from regulars.db.pool import Database
from regulars.ledger.check import check
from tests.api.conftest import Api
from tests.api.shop import balance, set_clock, settle

ANNA: dict[str, Any] = {
    "external_id": "crm-1",
    "phone": "20000001",
    "email": "anna@example.com",
    "name": "Anna Kalniņa",
    "birthday": "1980-05-01",
    "language": "en",
    "cards": ["7700 0000 0001"],
    "balances": [
        {"points": 120, "expires": "2026-12-31"},
        {"points": 30, "currency": "PTS", "expires": None},
        {"points": 50},
    ],
    "consents": [
        {"channel": "email", "purpose": "marketing", "granted": True, "given_at": "2024-05-01T00:00:00+03:00"}
    ],
    "tag": "old system",
    "enrolled_at": "2019-01-01T12:00:00+02:00",
    "attributes": {"city": "Rīga"},
}
TABLES = (
    "member",
    "person",
    "identifier",
    "card",
    "card_number",
    "pool",
    "posting",
    "lot",
    "consent",
    "imported_row",
)


async def send(api: Api, *members: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await api.post("/v1/members/batch", {"members": list(members)})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def rows(database: Database, api: Api) -> dict[str, int]:
    counted = SQL(" UNION ALL ").join(
        SQL("SELECT {}, count(*) FROM {}").format(table, Identifier(table)) for table in TABLES
    )
    async with database.transaction(api.program.id) as tx:
        return dict(await (await tx.execute(counted)).fetchall())


@pytest.fixture
async def old(shop: Api) -> Api:
    """A program that knows the card numbers of the system before it."""
    await settle(shop, foreign_card_prefixes=["77"])
    return shop


async def test_she_comes_with_her_card_her_points_and_what_she_agreed_to(
    old: Api, database: Database
) -> None:
    (item,) = await send(old, ANNA)

    assert item["status"] == 201
    found = (await old.post("/v1/members/find", {"card": "770000000001"})).json()["member"]
    assert found["id"] == item["member"]
    assert (found["phone"], found["email"], found["source"], found["tag"]) == (
        "+37120000001", "anna@example.com", "import", "old system",
    )  # fmt: skip
    assert (found["name"], found["birthday"], found["language"]) == ("Anna Kalniņa", "1980-05-01", "en")
    assert found["attributes"] == {"city": "Rīga"}
    assert found["enrolled_at"] == "2019-01-01T10:00:00Z"
    assert [card["number"] for card in found["cards"]] == ["770000000001"]
    (currency,) = (await old.get(f"/v1/members/{item['member']}/balance")).json()["currencies"]
    assert currency["available"] == 200
    assert currency["expiring"] == [
        {"amount": 120, "at": "2026-12-31T22:00:00Z"},
        {"amount": 50, "at": "2027-03-01T22:00:00Z"},
    ]
    (posting,) = (await old.get(f"/v1/members/{item['member']}/statement")).json()["items"]
    assert (posting["kind"], posting["change"]) == ("opening", 200)
    (said,) = (await old.get(f"/v1/members/{item['member']}/consents")).json()["now"]
    assert (said["state"], said["source"], said["given_at"]) == ("granted", "import", "2024-04-30T21:00:00Z")
    async with database.transaction(old.program.id) as tx:
        assert await check(tx, old.program.id) == ()


async def test_without_a_card_she_gets_one(old: Api) -> None:
    (item,) = await send(old, {"phone": "+37120000002"})
    (card,) = (await old.get(f"/v1/members/{item['member']}")).json()["cards"]
    assert (card["status"], card["number"][:4]) == ("active", "9900")


async def test_sent_again_nothing_is_entered_twice(old: Api, database: Database) -> None:
    first = await send(old, ANNA, {"phone": "+37120000002"})
    before = await rows(database, old)

    again = await send(
        old, ANNA, {"phone": "+37120000002", "name": "another name"}, {"phone": "+37120000003"}
    )

    assert [item["status"] for item in again] == [200, 200, 201]
    assert [item.get("replayed", False) for item in again] == [True, True, False]
    assert [item["member"] for item in again[:2]] == [item["member"] for item in first]
    after = await rows(database, old)
    assert {table: after[table] - before[table] for table in TABLES} == {
        "member": 1, "person": 1, "identifier": 1, "card": 1, "card_number": 1, "pool": 1, "posting": 0, "lot": 0,
        "consent": 0, "imported_row": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code", "pointer"),
    [
        ({"phone": "12"}, "invalid_value", "/phone"),
        ({"phone": "+37120000009", "cards": ["9900000000000011"]}, "invalid_card_number", "/cards/0"),
        ({"phone": "+37120000009", "balances": [{"points": 0}]}, "invalid_value", "/balances/0/points"),
        ({"phone": "+37120000009", "balances": [{"points": 1, "currency": "MILES"}]}, "currency_unknown",
         "/balances/0/currency"),
        ({"phone": "+37120000009", "balances": [{"points": 1, "expires": "2026-02-28"}]}, "invalid_value",
         "/balances/0/expires"),
        ({"phone": "+37120000009", "language": "fi"}, "invalid_value", "/language"),
        ({"phone": "+37120000009", "store": "nowhere"}, "invalid_value", "/store"),
        ({"phone": "+37120000009", "enrolled_at": "2026-03-02T00:00:00Z"}, "invalid_value", "/enrolled_at"),
        ({"phone": "+37120000009", "colour": "red"}, "unknown_field", "/colour"),
        ({"name": "Nobody"}, "invalid_value", ""),
        ({"phone": "+37120000009", "consents": [{"channel": "sms", "purpose": "x", "granted": True,
          "wording": "nothing"}]}, "invalid_value", "/consents/0/wording"),
        ({"external_id": "x", "phone": "+37120000001"}, "member_exists", "/phone"),
        ({"external_id": "x", "cards": ["770000000001"]}, "member_exists", "/cards"),
    ],
)  # fmt: skip
async def test_one_who_cannot_be_entered_is_named_and_leaves_nothing_behind(
    old: Api, database: Database, wrong: dict[str, Any], code: str, pointer: str
) -> None:
    await send(old, ANNA)
    before = await rows(database, old)

    good, bad, better = await send(old, {"phone": "+37120000003"}, wrong, {"phone": "+37120000004"})

    assert [good["status"], better["status"]] == [201, 201]
    fault = bad["problem"]["errors"][0]
    assert (fault["code"], fault["pointer"]) == (code, pointer)
    assert "member" not in bad
    after = await rows(database, old)
    looked_at = ("member", "identifier", "card_number", "imported_row")
    assert {table: after[table] - before[table] for table in looked_at} == dict.fromkeys(looked_at, 2)


async def test_the_same_phone_twice_in_one_batch_is_entered_once(old: Api) -> None:
    items = await send(
        old,
        {"external_id": "a", "phone": "+37120000005"},
        {"external_id": "b", "phone": "20000005"},
        {"external_id": "a", "phone": "+37120000006"},
        {"external_id": "c", "cards": ["770000000002"]},
        {"external_id": "d", "cards": ["7700-0000-0002"]},
    )

    assert [item["status"] for item in items] == [201, 409, 409, 201, 409]
    assert items[1]["problem"]["errors"][0]["pointer"] == "/phone"
    assert items[2]["problem"]["errors"][0]["detail"] == "names the same member as another row"
    assert items[4]["problem"]["errors"][0]["pointer"] == "/cards"


async def test_who_was_erased_does_not_come_back_with_an_old_file(old: Api) -> None:
    (item,) = await send(old, ANNA)
    await old.delete(f"/v1/members/{item['member']}")

    (again,) = await send(old, ANNA)

    assert (again["status"], again["member"]) == (200, item["member"])
    assert (await old.post("/v1/members/find", {"phone": "+37120000001"})).status_code == 404


async def test_who_comes_along_gets_no_gift_now_or_later(old: Api) -> None:
    await settle(old, welcome={"currency": "PTS", "points": 250})
    (item,) = await send(old, {"phone": "+37120000001"})
    assert (await balance(old, item["member"]))["available"] == 0
    await old.delete(f"/v1/members/{item['member']}")

    again = await old.post("/v1/members", {"phone": "+37120000001"})

    assert (await balance(old, again.json()["id"]))["available"] == 0


async def test_the_answers_of_the_questionnaire_are_checked(old: Api) -> None:
    question = {"code": "people", "kind": "number", "labels": {"lv": "Cik Jūs esat?"}}
    await old.call("PUT", "/v1/program/questionnaire", {"questions": [question]})

    (item,) = await send(old, {"phone": "+37120000001", "attributes": {"people": "three"}})

    assert (item["status"], item["problem"]["errors"][0]["pointer"]) == (422, "/attributes/people")


async def test_imported_points_expire_on_their_day(old: Api) -> None:
    (item,) = await send(old, ANNA)
    await set_clock(old, "2026-12-31T23:59:59+02:00")
    on_the_day = (await balance(old, item["member"]))["available"]
    await set_clock(old, "2027-01-01T00:00:00+02:00")

    assert (on_the_day, (await balance(old, item["member"]))["available"]) == (200, 80)


async def test_only_managers_send_members(old: Api) -> None:
    answer = await old.post("/v1/members/batch", {"members": [ANNA]}, scope="issuer")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
