"""POST/GET/PATCH of programs, their register, keys, products, and a sandbox's clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec import structs

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.create_key import create_operator_key
from tests.api.conftest import Api, new_api, serving
from tests.api.shop import buy, line, member_with_card, publish
from tests.conftest import START

NEW = {
    "name": "Dzintars",
    "currency": "EUR",
    "time_zone": "Europe/Riga",
    "languages": ["lv", "en"],
    "settings": {"hold_seconds": 60},
    "sandbox": True,
}


def problem(answer: httpx.Response) -> tuple[int, str, list[str]]:
    body = answer.json()
    return answer.status_code, body["code"], [fault["pointer"] for fault in body.get("errors", [])]


async def operate(client: httpx.AsyncClient, text: str, name: str, body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": name}
    return await client.post("/v1/programs", json=body, headers=headers)


@pytest.fixture
async def operator(database: Database) -> str:
    """The text of an operator's key."""
    return (await create_operator_key(database, "operator", at=START))[1]


# programs --------------------------------------------------------------------------------------------------


async def test_an_operator_makes_a_program_and_its_first_key_opens_it(
    client: httpx.AsyncClient, operator: str
) -> None:
    made = await operate(client, operator, "make-1", NEW)
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["program"]["settings"]["hold_seconds"] == 60
    assert body["key"]["key"].startswith("test_")
    shown = await client.get("/v1/program", headers={"Authorization": f"Bearer {body['key']['key']}"})
    assert shown.json() == body["program"]


async def test_a_repeated_request_makes_no_second_program_and_repeats_the_key(
    client: httpx.AsyncClient, operator: str
) -> None:
    first = await operate(client, operator, "make-2", NEW)
    again = await operate(client, operator, "make-2", NEW)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    other = await operate(client, operator, "make-2", {**NEW, "name": "Another"})
    assert problem(other)[:2] == (409, "request_key_reused")


async def test_only_an_operator_makes_programs_and_an_operator_sees_none(api: Api, operator: str) -> None:
    assert problem(await api.post("/v1/programs", NEW))[:2] == (403, "scope_missing")
    shown = await api.client.get("/v1/program", headers={"Authorization": f"Bearer {operator}"})
    assert problem(shown)[:2] == (403, "scope_missing")


@pytest.mark.parametrize(
    ("change", "code", "pointers"),
    [
        ({"currency": "EUX"}, "invalid_value", ["/currency"]),
        ({"time_zone": "Mars/Olympus", "languages": ["zz"]}, "invalid_value", ["/time_zone", "/languages/0"]),
        ({"settings": {"x": 1}}, "unknown_field", ["/settings/x"]),
        ({"settings": {"hold_seconds_max": 1}}, "contradictory_configuration", ["/settings/hold_seconds"]),
        ({"colour": "amber"}, "unknown_field", ["/colour"]),
    ],
)
async def test_a_program_that_makes_no_sense_is_refused_with_the_fields_at_fault(
    client: httpx.AsyncClient, operator: str, change: dict[str, Any], code: str, pointers: list[str]
) -> None:
    answer = await operate(client, operator, f"bad-{code}-{pointers}".replace(" ", ""), {**NEW, **change})
    assert problem(answer) == (422, code, pointers)


async def test_a_change_of_settings_keeps_the_others_and_a_contradiction_changes_nothing(api: Api) -> None:
    before = (await api.get("/v1/program")).json()
    changed = (await api.patch("/v1/program", {"name": "Amber", "settings": {"grace_days": 7}})).json()
    assert changed == {**before, "name": "Amber", "settings": {**before["settings"], "grace_days": 7}}
    refused = await api.patch("/v1/program", {"settings": {"grace_days": 0, "hold_seconds": 5}})
    assert problem(refused) == (422, "contradictory_configuration", ["/settings/grace_days"])
    assert (await api.get("/v1/program", scope="till")).json() == changed


async def test_a_till_may_read_the_program_and_change_nothing(api: Api) -> None:
    for path, body in (
        ("/v1/stores", {"code": "a", "name": "A"}),
        ("/v1/keys", {"scopes": ["manage"]}),
        ("/v1/products", {"products": [{"sku": "1", "name": "A", "price": 1}]}),
        ("/v1/currencies", {"code": "ABC"}),
    ):
        assert problem(await api.post(path, body, scope="till"))[:2] == (403, "scope_missing")
    refused = await api.patch("/v1/program", {"name": "Mine"}, scope="till")
    assert problem(refused)[:2] == (403, "scope_missing")


# the register ----------------------------------------------------------------------------------------------


async def test_a_store_is_entered_with_its_tills_changed_and_listed(api: Api) -> None:
    made = await api.post(
        "/v1/stores", {"code": "teika", "name": "Teika", "tills": ["1", "2"], "groups": ["north"]}
    )
    assert made.status_code == 201
    changed = await api.post("/v1/stores", {"code": "teika", "name": "Teika!", "tills": ["3"]})
    assert changed.json() == {**made.json(), "name": "Teika!", "tills": ["1", "2", "3"], "groups": []}
    await api.post("/v1/stores", {"code": "centrs", "name": "Centrs"})
    first = (await api.get("/v1/stores", limit=1)).json()
    rest = (await api.get("/v1/stores", limit=1, cursor=first["next"])).json()
    assert [s["code"] for s in first["items"] + rest["items"]] == ["centrs", "teika"]
    assert rest["next"] is None


async def test_a_store_of_an_unknown_partner_or_zone_is_refused(api: Api) -> None:
    for field, value in (("partner", "nobody"), ("time_zone", "Mars/Olympus")):
        answer = await api.post("/v1/stores", {"code": "a", "name": "A", field: value})
        assert problem(answer) == (422, "invalid_value", [f"/{field}"])
    assert (await api.get("/v1/stores")).json()["items"] == []


async def test_partners_currencies_and_rates_are_entered_and_listed(api: Api) -> None:
    partner = await api.post("/v1/partners", {"code": "cafe", "name": "Café"})
    currency = {"code": "STAMP", "kind": "points", "worth": "0.5", "expires_after_days": 30}
    assert partner.status_code == 201
    assert (await api.post("/v1/currencies", currency)).status_code == 201
    rate = {"currency": "USD", "valid_from": "2026-01-01T00:00:00Z", "rate": "0.92"}
    assert (await api.post("/v1/exchange-rates", rate)).status_code == 201
    assert [p["code"] for p in (await api.get("/v1/partners")).json()["items"]] == ["cafe", "operator"]
    listed = {c["code"]: c for c in (await api.get("/v1/currencies")).json()["items"]}
    assert set(listed) == {"PTS", "STAMP"}
    assert (listed["STAMP"]["worth"], listed["STAMP"]["expires_after_days"]) == ("0.5", 30)
    assert (await api.get("/v1/exchange-rates")).json()["items"] == [rate]


@pytest.mark.parametrize(
    ("path", "body", "code", "pointer"),
    [
        ("/v1/currencies", {"code": "PTS", "scale": 2}, "state_conflict", None),
        (
            "/v1/currencies",
            {"code": "ABC", "expires_after_days": 1, "expires_after_months": 1},
            "invalid_value",
            "/expires_after_months",
        ),
        (
            "/v1/exchange-rates",
            {"currency": "EUR", "valid_from": "2026-01-01T00:00:00Z", "rate": "2"},
            "invalid_value",
            "/currency",
        ),
        (
            "/v1/exchange-rates",
            {"currency": "USD", "valid_from": "0001-01-01T00:00:00+14:00", "rate": "2"},
            "invalid_value",
            "/valid_from",
        ),
        (
            "/v1/exchange-rates",
            {"currency": "USD", "valid_from": "2026-01-01T00:00:00Z", "rate": "0"},
            "invalid_value",
            "/rate",
        ),
    ],
)
async def test_what_contradicts_the_register_is_refused(
    api: Api, path: str, body: dict[str, Any], code: str, pointer: str | None
) -> None:
    answer = problem(await api.post(path, body))
    assert answer[1:] == (code, [pointer] if pointer else [])


# keys ------------------------------------------------------------------------------------------------------


async def test_a_key_is_shown_once_repeated_to_a_retry_and_ended_at_once(api: Api) -> None:
    await api.post("/v1/stores", {"code": "teika", "name": "Teika"})
    body = {"scopes": ["till"], "store": "teika", "name": "Till 1"}
    made = await api.post("/v1/keys", body, key="key-1")
    again = await api.post("/v1/keys", body, key="key-1")
    assert made.status_code == 201
    assert again.json() == made.json()
    text = made.json()["key"]
    assert text.startswith("test_")
    assert text not in (await api.get("/v1/keys")).text
    headers = {"Authorization": f"Bearer {text}"}
    assert (await api.client.get("/v1/program", headers=headers)).status_code == 200
    ended = await api.delete(f"/v1/keys/{made.json()['id']}")
    assert ended.status_code == 200
    assert made.json()["id"] not in (await api.get("/v1/keys")).text


async def test_a_key_cannot_end_itself(api: Api) -> None:
    own = next(k for k in (await api.get("/v1/keys")).json()["items"] if k["scopes"] == ["manage"])
    assert problem(await api.delete(f"/v1/keys/{own['id']}"))[:2] == (403, "forbidden")


# products --------------------------------------------------------------------------------------------------


async def test_products_are_entered_in_bulk_and_found_by_word_barcode_and_sku(api: Api) -> None:
    products = [
        {"sku": "1", "name": "Malta kafija", "price": 459, "barcode": "2000000000015", "tax_rate": "0.21"},
        {"sku": "2", "name": "Āboli", "price": 129},
    ]
    entered = await api.post("/v1/products", {"products": products})
    assert (entered.status_code, entered.json()) == (200, {"products": 2})
    for query, skus in (({"query": "kaf"}, ["1"]), ({"query": "ABOL"}, ["2"]), ({"sku": "2"}, ["2"])):
        found = (await api.get("/v1/products", scope="till", **query)).json()["items"]
        assert [product["sku"] for product in found] == skus
    (found,) = (await api.get("/v1/products", barcode="2000000000015")).json()["items"]
    assert found == {
        **products[0],
        "names": {},
        "categories": [],
        "tags": [],
        "brand": "",
        "unit": "piece",
        "cost": None,
    }


async def test_names_are_by_language_and_by_plural_form(api: Api) -> None:
    product = {"sku": "1", "name": "A", "price": 1, "names": {"\u0000": "A"}}
    assert (await api.post("/v1/products", {"products": [product]})).status_code == 422
    for names in ({"\u0000": {"one": "x"}}, {"en": {"\u0000": "x"}}):
        assert (await api.post("/v1/currencies", {"code": "ABC", "names": names})).status_code == 422


async def test_a_bulk_with_one_bad_product_enters_none(api: Api) -> None:
    products = [{"sku": "1", "name": "A", "price": 1}, {"sku": "1", "name": "B", "price": 1, "tax_rate": "7"}]
    answer = await api.post("/v1/products", {"products": products})
    assert problem(answer) == (422, "invalid_value", ["/products/1/sku", "/products/1/tax_rate"])
    assert (await api.get("/v1/products")).json()["items"] == []


# the sandbox's clock ---------------------------------------------------------------------------------------


async def test_a_sandbox_follows_the_world_until_its_clock_is_set(api: Api) -> None:
    follows = (await api.get("/v1/sandbox/clock")).json()
    assert follows["follows_the_world"] is True
    later = (clock.world() + timedelta(days=1)).replace(microsecond=0)
    set_to = await api.post("/v1/sandbox/clock", {"now": later.isoformat()}, key="clock-1")
    assert set_to.status_code == 200, set_to.text
    shown = (await api.get("/v1/sandbox/clock")).json()
    assert shown == set_to.json()
    assert shown["follows_the_world"] is False


async def test_the_clock_moves_forward_only_and_a_retry_is_answered_again(api: Api) -> None:
    one, two = ((clock.world() + timedelta(days=days)).isoformat() for days in (1, 2))
    first = await api.post("/v1/sandbox/clock", {"now": one}, key="clock-1")
    await api.post("/v1/sandbox/clock", {"now": two})
    again = await api.post("/v1/sandbox/clock", {"now": one}, key="clock-1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert problem(await api.post("/v1/sandbox/clock", {"now": one}))[:2] == (409, "state_conflict")
    for absurd in ("2027-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert problem(await api.post("/v1/sandbox/clock", {"now": absurd}))[0] == 422


async def test_a_live_program_has_no_clock_to_set(client: httpx.AsyncClient, operator: str) -> None:
    made = await operate(client, operator, "live", {**NEW, "sandbox": False})
    key = made.json()["key"]["key"]
    assert key.startswith("live_")
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "clock"}
    answer = await client.post("/v1/sandbox/clock", json={"now": "2030-01-01T00:00:00Z"}, headers=headers)
    assert problem(answer)[:2] == (403, "forbidden")


async def test_a_year_in_a_minute_holds_lapse_and_points_expire_on_the_way(
    client: httpx.AsyncClient, database: Database
) -> None:
    api = await new_api(client, database)
    await publish(api, {
        "name": "A point for each euro", "group": "points", "base": True,
        "conditions": [{"kind": "member"}],
        "benefits": [{"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100}],
    })  # fmt: skip
    member, card = await member_with_card(api)
    now = clock.world().replace(microsecond=0)
    sold = await api.post("/v1/purchases", buy("a", card, [line(1, 10_000)], purchased_at=now.isoformat()))
    assert sold.status_code == 201, sold.text
    held = await api.post(
        "/v1/purchases",
        buy(
            "b", card, [line(1, 1000)], purchased_at=now.isoformat(), hold=True,
            spend=[{"currency": "PTS", "amount": 40}],
        ),
    )  # fmt: skip
    assert held.json()["status"] == "held", held.text
    balance = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"][0]
    assert (balance["available"], balance["held"]) == (60, 40)

    await api.post("/v1/sandbox/clock", {"now": (now + timedelta(hours=1)).isoformat()})
    balance = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"][0]
    assert (balance["available"], balance["held"]) == (100, 0)

    answer = await api.post("/v1/sandbox/clock", {"now": (now + timedelta(days=400)).isoformat()})
    assert answer.status_code == 200, answer.text
    balance = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"]
    assert [entry["available"] for entry in balance if entry["currency"] == "PTS"] in ([], [0])
    statement = (await api.get(f"/v1/members/{member}/statement")).text
    assert "expiry" in statement


async def test_a_setting_counts_from_the_next_call_on_in_every_process(api: Api, database_url: str) -> None:
    member, _ = await member_with_card(api)
    async with serving(database_url) as opened:
        other = structs.replace(api, client=opened)
        assert (await other.get(f"/v1/members/{member}")).status_code == 200  # it remembers the program now
        for process in (api, other):
            refused = await process.patch(f"/v1/members/{member}", {"language": "et"})
            assert problem(refused) == (422, "invalid_value", ["/language"])

        assert (await api.patch("/v1/program", {"languages": ["lv", "en", "et"]})).status_code == 200
        for process in (other, api):
            told = await process.patch(f"/v1/members/{member}", {"language": "et"})
            assert (told.status_code, told.json()["language"]) == (200, "et")

        names = {"lv": {"one": "jūdze", "other": "jūdzes", "zero": "jūdžu"}}
        made = await api.post("/v1/currencies", {"code": "MLS", "names": names, "scale": 0, "kind": "points"})
        assert made.status_code == 201, made.text
        given = await other.post(
            f"/v1/members/{member}/adjustments", {"currency": "MLS", "amount": 7, "reason": "to try"}
        )
        assert given.status_code == 201, given.text
        shown = (await other.get(f"/v1/members/{member}/balance")).json()["currencies"]
        assert {one["currency"]: one["available"] for one in shown}["MLS"] == 7
