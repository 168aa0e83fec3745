"""Bad input over the API: the error that the contract names, with the field's pointer, and nothing written."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from regulars.app import ENDPOINTS
from tests.api.conftest import Api
from tests.api.shop import buy, giving_back, line, record, refused

FACTS = (
    "purchase", "confirmation", "voiding", "goods_return", "posting", "entry", "lot", "draw", "hold",
    "reservation", "resolution", "account", "request_key", "store", "till", "pool", "member", "card", "promotion",
)  # fmt: skip
GOOD = buy("bad-1", None, [line(1, 100)])
RECORD = "/v1/purchases"


@pytest.fixture
def unchanged(administrator_url: str, shop: Api) -> Iterator[None]:
    """Whatever the test does after its own beginnings, no row of a fact is written."""
    before = rows(administrator_url)
    yield
    assert rows(administrator_url) == before


def rows(url: str) -> dict[str, int]:
    """How many rows each table of facts has."""
    counted = SQL(" UNION ALL ").join(
        SQL("SELECT {}, count(*) FROM {}").format(table, Identifier(table)) for table in FACTS
    )
    with psycopg.connect(url) as connection:
        return dict(connection.execute(counted).fetchall())


async def raw(api: Api, content: bytes, path: str = RECORD, **headers: str) -> httpx.Response:
    """POST bytes as they are."""
    known = {"Authorization": f"Bearer {api.keys['till']}", "Content-Type": "application/json"}
    return await api.client.post(path, content=content, headers={**known, **headers})


def with_line(**fields: Any) -> dict[str, Any]:
    """A purchase whose only line is so."""
    return {**GOOD, "lines": [{**line(1, 100), **fields}]}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    """The body with a field taken off."""
    return {key: value for key, value in body.items() if key != name}


MEANINGLESS: dict[str, tuple[Any, str, str | None]] = {
    "an unknown field": ({**GOOD, "colour": "red"}, "unknown_field", "/colour"),
    "an unknown field in a line": (with_line(qty="1"), "unknown_field", "/lines/0/qty"),
    "an unknown field with a slash": ({**GOOD, "a/b~c": 1}, "unknown_field", "/a~1b~0c"),
    "an unknown field of a spend": (
        {**GOOD, "spend": [{"currency": "PTS", "amount": 1, "x": 1}]}, "unknown_field", "/spend/0/x"),
    "no id": (without(GOOD, "id"), "invalid_value", "/id"),
    "no lines": (without(GOOD, "lines"), "invalid_value", "/lines"),
    "an empty list of lines": ({**GOOD, "lines": []}, "invalid_value", "/lines"),
    "no quantity": ({**GOOD, "lines": [{"line": 1, "sku": "a", "unit_price": 1}]}, "invalid_value",
                    "/lines/0/quantity"),
    "neither unit_price nor gross": (
        {**GOOD, "lines": [{"line": 1, "sku": "a", "quantity": "1"}]}, "invalid_value", "/lines/0/unit_price"),
    "no store": (without(GOOD, "store"), "invalid_value", "/store"),
    "a wrong check digit": ({**GOOD, "card": "9900000000000011"}, "invalid_card_number", "/card"),
    "a card with 09 in it": ({**GOOD, "card": "9900 0912 3456 7890"}, "invalid_card_number", "/card"),
    "a card of letters": ({**GOOD, "card": "abc"}, "invalid_card_number", "/card"),
    "a phone of letters": ({**GOOD, "phone": "abc"}, "invalid_value", "/phone"),
    "an email without @": ({**GOOD, "email": "abc"}, "invalid_value", "/email"),
    "another kind of id": ({**GOOD, "member": "pur_01m80h5sc3e008vrx2k2k2k2k2"}, "wrong_id_kind", "/member"),
    "an id that is none": ({**GOOD, "member": "mem_1"}, "wrong_id_kind", "/member"),
    "a negative quantity": (with_line(quantity="-1"), "invalid_value", "/lines/0/quantity"),
    "no quantity at all": (with_line(quantity="0"), "invalid_value", "/lines/0/quantity"),
    "a quantity of 0.000": (with_line(quantity="0.000"), "invalid_value", "/lines/0/quantity"),
    "an absurd quantity": (with_line(quantity="1000001"), "invalid_value", "/lines/0/quantity"),
    "4 decimals": (with_line(quantity="1.0001"), "invalid_value", "/lines/0/quantity"),
    "an exponent": (with_line(quantity="1e3"), "invalid_value", "/lines/0/quantity"),
    "a comma": (with_line(quantity="1,5"), "invalid_value", "/lines/0/quantity"),
    "other digits": (with_line(quantity="١"), "invalid_value", "/lines/0/quantity"),
    "a line break after the quantity": (with_line(quantity="1\n"), "invalid_value", "/lines/0/quantity"),
    "a quantity that is a number": (with_line(quantity=1), "invalid_value", "/lines/0/quantity"),
    "a float for an amount": (with_line(unit_price=1.5), "invalid_value", "/lines/0/unit_price"),
    "a string for an amount": (with_line(unit_price="100"), "invalid_value", "/lines/0/unit_price"),
    "a boolean for an amount": (with_line(unit_price=True), "invalid_value", "/lines/0/unit_price"),
    "a negative price": (with_line(unit_price=-1), "invalid_value", "/lines/0/unit_price"),
    "a price above 10^12": (with_line(unit_price=10**12 + 1), "invalid_value", "/lines/0/unit_price"),
    "10^30": (with_line(unit_price=10**30), "invalid_value", "/lines/0/unit_price"),
    "10^30 as an attribute": (with_line(attributes={"a": 10**30}), "invalid_value", "/lines/0/attributes/a"),
    "a total above 10^12": (with_line(unit_price=10**12, quantity="2"), "invalid_value", "/lines"),
    "a discount above the line": (with_line(discount=101), "invalid_value", "/lines/0/discount"),
    "a tax rate of text": (with_line(tax_rate="high"), "invalid_value", "/lines/0/tax_rate"),
    "a tax rate of 100001 %": (with_line(tax_rate="1001"), "invalid_value", "/lines/0/tax_rate"),
    "line 0": (with_line(line=0), "invalid_value", "/lines/0/line"),
    "a line twice": ({**GOOD, "lines": [line(1, 1), line(1, 1)]}, "invalid_value", "/lines/1/line"),
    "10,000 lines": ({**GOOD, "lines": [line(n, 1) for n in range(1, 10_001)]}, "invalid_value", "/lines"),
    "lines that are an object": ({**GOOD, "lines": {}}, "invalid_value", "/lines"),
    "an empty sku": (with_line(sku=""), "invalid_value", "/lines/0/sku"),
    "a long sku": (with_line(sku="x" * 65), "invalid_value", "/lines/0/sku"),
    "a NUL in a name": (with_line(name="a\0b"), "invalid_value", "/lines/0/name"),
    "a NUL in a till": ({**GOOD, "till": "\0"}, "invalid_value", "/till"),
    "a NUL in a unit": (with_line(unit="\0"), "invalid_value", "/lines/0/unit"),
    "a NUL in a store": ({**GOOD, "store": "a\0"}, "invalid_value", "/store"),
    "a line break in a till": ({**GOOD, "till": "7\n"}, "invalid_value", "/till"),
    "an empty id": ({**GOOD, "id": ""}, "invalid_value", "/id"),
    "an id of 256": ({**GOOD, "id": "x" * 256}, "invalid_value", "/id"),
    "an id with a space": ({**GOOD, "id": "a b"}, "invalid_value", "/id"),
    "an id with a line break": ({**GOOD, "id": "a\n"}, "invalid_value", "/id"),
    "an id of letters with accents": ({**GOOD, "id": "kālab"}, "invalid_value", "/id"),
    "a money that the program does not have": ({**GOOD, "currency": "USD"}, "currency_unknown", "/currency"),
    "a money in small letters": ({**GOOD, "currency": "eur"}, "invalid_value", "/currency"),
    "points that the program does not have": (
        {**GOOD, "member": "mem_01m80h5sc3e008vrx2k2k2k2k2", "spend": [{"currency": "MILES", "amount": 1}]},
        "currency_unknown", "/spend/0/currency"),
    "points of nobody": (
        {**GOOD, "spend": [{"currency": "PTS", "amount": 1}]}, "invalid_value", "/spend"),
    "points twice": (
        {**GOOD, "phone": "+37126000001", "spend": [{"currency": "PTS", "amount": 1}] * 2}, "invalid_value",
        "/spend/1/currency"),
    "0 points": ({**GOOD, "spend": [{"currency": "PTS", "amount": 0}]}, "invalid_value", "/spend/0/amount"),
    "all points": ({**GOOD, "spend": [{"currency": "PTS", "amount": "all"}]}, "invalid_value",
                   "/spend/0/amount"),
    "a spend of nothing": ({**GOOD, "phone": "+37126000001", "spend": [{"amount": 1}]}, "invalid_value",
                           "/spend/0"),
    "a time without an offset": (
        {**GOOD, "purchased_at": "2026-03-01T11:00:00"}, "invalid_value", "/purchased_at"),
    "a date": ({**GOOD, "purchased_at": "2026-03-01"}, "invalid_value", "/purchased_at"),
    "a time that does not exist": (
        {**GOOD, "purchased_at": "2026-02-30T11:00:00Z"}, "invalid_value", "/purchased_at"),
    "a number of seconds": ({**GOOD, "purchased_at": 1_772_355_600}, "invalid_value", "/purchased_at"),
    "the year 1": ({**GOOD, "purchased_at": "0001-01-01T00:00:00+14:00"}, "invalid_value", "/purchased_at"),
    "the year 9999": (
        {**GOOD, "purchased_at": "9999-12-31T23:59:59-14:00"}, "purchased_in_the_future", "/purchased_at"),
    "another pricing": ({**GOOD, "pricing": "free"}, "invalid_value", "/pricing"),
    "a hold of text": ({**GOOD, "hold": "yes"}, "invalid_value", "/hold"),
    "a list": ([GOOD], "invalid_value", None),
    "null": (None, "invalid_value", None),
    "a number": (7, "invalid_value", None),
}  # fmt: skip


@pytest.mark.parametrize("path", [RECORD, "/v1/purchases/preview"])
async def test_a_body_that_makes_no_sense_is_refused_with_its_pointer(
    shop: Api, unchanged: None, path: str
) -> None:
    expected = {name: (422, code, pointer or "") for name, (_, code, pointer) in MEANINGLESS.items()}

    answers = {
        name: refused(await raw(shop, json.dumps(body).encode(), path))
        for name, (body, _, _) in MEANINGLESS.items()
    }

    assert answers == expected


async def test_all_faults_of_meaning_are_told_at_once(shop: Api, unchanged: None) -> None:
    lines = [line(1, 100, "0"), line(1, 100), {**line(2, 100), "discount": 101}]

    answer = await shop.post(RECORD, buy("bad-1", None, lines), scope="till")

    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/lines/0/quantity", "/lines/1/line", "/lines/2/discount"]  # fmt: skip


@pytest.mark.parametrize("path", [RECORD, "/v1/purchases/preview"])
async def test_faults_of_lines_customer_time_and_currencies_are_told_together(
    shop: Api, unchanged: None, path: str
) -> None:
    later = (datetime.now(UTC) + timedelta(days=3660)).isoformat()
    nowhere = [{"currency": "AAA", "amount": 1}, {"currency": "BBB", "amount": 1}]
    more = {"purchased_at": later, "spend": nowhere, "choices": [{"promotion": "mem_1", "sku": "x"}]}

    answer = await shop.post(
        path, buy("bad-1", "9900000000000011", [line(1, 100, "0")], **more), scope="till"
    )
    spent = await shop.post(path, {**GOOD, "phone": "+37126000001", "spend": nowhere}, scope="till")

    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (
        422,
        ["/lines/0/quantity", "/purchased_at", "/choices/0/promotion", "/spend/0/currency", "/spend/1/currency",
         "/card"],
    )  # fmt: skip
    assert (spent.json()["code"], [error["pointer"] for error in spent.json()["errors"]]) == (
        "currency_unknown",
        ["/spend/0/currency", "/spend/1/currency"],
    )


GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "half of it": json.dumps(GOOD).encode()[:-1],
    "two of them": json.dumps(GOOD).encode() * 2,
    "a comma too many": b'{"id": "a",}',
    "a key twice and no end": b'{"id": "a", "id": ',
    "NaN": json.dumps(with_line(unit_price=float("nan"))).encode(),
    "Infinity": json.dumps(with_line(unit_price=float("inf"))).encode(),
    "an unknown field before the end is missing": b'{"broken": ',
    "an unknown name and nothing after it": b'{"a":',
    "an unknown field with half a value": b'{"broken": tru}',
    "an unknown field and something behind": b'{"a":1} x',
    "an unknown field that is no UTF-8": b'{"a": "\xff"}',
    "a list without an end": b"[1,",
    "a wrong type before the break": b'{"id": 1, "lines": [',
    "invalid UTF-8": json.dumps(with_line(name="x")).encode().replace(b'"x"', b'"\xff\xfe"'),
    "a lone surrogate": json.dumps(with_line(name="x")).encode().replace(b'"x"', b'"\\ud800"'),
    "a surrogate in UTF-8": json.dumps(with_line(name="x")).encode().replace(b'"x"', b'"\xed\xa0\x80"'),
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "a form": b"id=bad-1&currency=EUR",
    "deep nesting": b'{"id":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep nesting in objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
}


@pytest.mark.parametrize("path", [RECORD, "/v1/purchases/preview"])
async def test_what_is_not_json_is_malformed(shop: Api, unchanged: None, path: str) -> None:
    # A wrong shape is told as soon as it is seen: the rest, however deep, is not read.
    expected = dict.fromkeys(GARBAGE, (400, "malformed_json", None)) | {
        "deep nesting": (422, "invalid_value", "/id"),
        "deep nesting in objects": (422, "unknown_field", "/a"),
    }

    answers = {name: refused(await raw(shop, content, path)) for name, content in GARBAGE.items()}

    assert answers == expected


@pytest.mark.parametrize("path", ["/v1/purchases/batch", "/v1/activities/batch"])
async def test_what_is_not_json_is_malformed_of_whatever_shape_a_call_wants(
    shop: Api, unchanged: None, path: str
) -> None:
    flat = {name: content for name, content in GARBAGE.items() if not name.startswith("deep")}

    answers = {name: refused(await raw(shop, content, path)) for name, content in flat.items()}

    assert answers == dict.fromkeys(flat, (400, "malformed_json", None))


async def test_deep_nesting_and_surrogates_inside_a_batch_do_not_spoil_it(shop: Api, unchanged: None) -> None:
    deep = b'{"purchases": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}"

    answer = await raw(shop, deep, "/v1/purchases/batch")

    assert refused(answer)[:2] == (400, "malformed_json")


@pytest.mark.fast
async def test_a_body_of_50_mb_is_too_large(shop: Api, unchanged: None) -> None:
    answer = await raw(shop, b" " * 50_000_000)

    assert refused(answer) == (413, "body_too_large", None)


async def test_a_body_of_50_mb_in_chunks_is_refused_before_it_is_read_whole(
    shop: Api, unchanged: None
) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(50):
            sent += 1
            yield b" " * 1_000_000

    headers = {"Authorization": f"Bearer {shop.keys['till']}", "Content-Type": "application/json"}
    answer = await shop.client.post(RECORD, content=chunks(), headers=headers)

    assert refused(answer) == (413, "body_too_large", None)
    assert sent < 50


async def test_a_declared_length_that_is_no_number_is_no_way_around(shop: Api, unchanged: None) -> None:
    answer = await raw(shop, b" " * 9_000_000, **{"Content-Length": "9e6"})

    assert refused(answer) == (413, "body_too_large", None)


POSTS = {
    "/v1/members": {"phone": "+37126000001"},
    "/v1/promotions": {"name": "x", "group": "items", "benefits": [{"kind": "line_percent", "percent": "1"}]},
    "/v1/purchases/void": {"request": "bad-1"},
    "/v1/cards/batch": {"count": 1},
}


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "bad_request"),
        ("x" * 256, "bad_request"),
        ("a b", "bad_request"),
        ("kāla", "bad_request"),
        ("\udcff\udcfe", "bad_request"),
    ],
)
async def test_a_post_needs_an_idempotency_key_of_visible_ascii(
    shop: Api, unchanged: None, path: str, key: str | None, code: str
) -> None:
    headers = [("Authorization", f"Bearer {shop.keys['manage']}"), ("Content-Type", "application/json")]
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    if key is not None:
        encoded.append((b"Idempotency-Key", key.encode("utf-8", "surrogateescape")))

    answer = await shop.client.post(path, content=json.dumps(POSTS[path]).encode(), headers=encoded)

    assert refused(answer) == (400, code, None)


@pytest.mark.fast
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer test_wrong", "Basic dGVzdDp0ZXN0", "test_wrong", "Bearer \xff"],
)
async def test_a_call_without_a_valid_key_is_unauthenticated(
    shop: Api, unchanged: None, authorization: str | None
) -> None:
    headers = httpx.Headers({} if authorization is None else {"Authorization": authorization}, "latin-1")

    answers = [
        await shop.client.post(RECORD, json=GOOD, headers=headers),
        await shop.client.get(RECORD, headers=headers),
        await shop.client.post("/v1/purchases/preview", content=b"broken", headers=headers),
    ]

    assert [refused(answer) for answer in answers] == [(401, "unauthenticated", None)] * 3
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("read", "POST", RECORD),
        ("read", "POST", "/v1/purchases/preview"),
        ("read", "POST", "/v1/purchases/batch"),
        ("read", "POST", "/v1/purchases/void"),
        ("read", "POST", "/v1/purchases/pur_1/returns"),
        ("till", "POST", "/v1/promotions"),
        ("till", "GET", "/v1/promotions"),
        ("till", "PATCH", "/v1/program"),
        ("till", "POST", "/v1/keys"),
        ("issuer", "POST", "/v1/promotions"),
        ("manage", "POST", "/v1/programs"),
    ],
)
async def test_a_key_without_the_scope_may_not(
    shop: Api, unchanged: None, scope: str, method: str, path: str
) -> None:
    answer = await shop.call(method, path, {}, scope=scope)

    assert refused(answer) == (403, "scope_missing", None)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/v1/purchases/pur_1/nothing", 404, "not_found"),
        ("GET", "/v1/purchases/", 404, "not_found"),
        ("DELETE", RECORD, 405, "method_not_allowed"),
        ("PUT", "/v1/purchases/preview", 405, "method_not_allowed"),
        ("GET", "/v1/purchases/batch", 405, "method_not_allowed"),
    ],
)
async def test_an_unknown_address_or_method_is_a_problem_too(
    shop: Api, unchanged: None, method: str, path: str, status: int, code: str
) -> None:
    answer = await shop.call(method, path)

    if (method, path) in [("GET", "/v1/purchases/"), ("GET", "/v1/purchases/batch")]:
        assert answer.status_code in (200, 404, 405, 422)
        return
    assert refused(answer) == (status, code, None)


async def test_a_nul_in_an_address_names_nothing_that_there_is(shop: Api) -> None:
    wrong = []
    for call in ENDPOINTS:
        scope = next((one for one in ("manage", "till", "issuer") if one in call.scopes), None)
        if "{" not in call.path or scope is None:
            continue
        body = None if call.method in ("GET", "DELETE") else {}
        answer = await shop.call(call.method, re.sub(r"\{\w+\}", "a%00b", call.path), body, scope=scope)
        if answer.status_code not in (404, 409, 422):
            wrong.append((call.method, call.path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("act", ["confirm", "void", "returns", "returns/preview"])
@pytest.mark.parametrize(
    ("purchase", "expected"),
    [
        ("pur_01m80h5sc3e008vrx2k2k2k2k2", (404, "not_found", None)),
        ("mem_01m80h5sc3e008vrx2k2k2k2k2", (422, "wrong_id_kind", "/id")),
        ("bad-1", (422, "wrong_id_kind", "/id")),
        ("pur_%00", (422, "wrong_id_kind", "/id")),
    ],
)
async def test_an_act_on_a_purchase_that_is_not_there_is_refused(
    shop: Api, unchanged: None, act: str, purchase: str, expected: tuple[int, str, str | None]
) -> None:
    body = giving_back("bad-1", (1, "1")) if act.startswith("returns") else {}

    answer = await shop.post(f"/v1/purchases/{purchase}/{act}", body, scope="till")

    assert refused(answer) == expected


@pytest.mark.parametrize(
    ("act", "body", "code", "pointer"),
    [
        ("void", {"why": "x"}, "unknown_field", "/why"),
        ("confirm", {"lines": [{**line(1, 100), "qty": 1}]}, "unknown_field", "/lines/0/qty"),
        ("returns", {**giving_back("bad-1", (1, "1")), "hold": True}, "unknown_field", "/hold"),
        ("returns", giving_back("bad-1", (1, "-1")), "invalid_value", "/lines/0/quantity"),
        ("returns", giving_back("bad id", (1, "1")), "invalid_value", "/id"),
        ("returns", {**giving_back("bad-1", (1, "1")), "returned_at": "now"}, "invalid_value", "/returned_at"),
        ("returns", {**giving_back("bad-1", (1, "1")), "returned_at": "0001-01-01T00:00:00+14:00"},
         "invalid_value", "/returned_at"),
    ],
)  # fmt: skip
async def test_an_act_that_makes_no_sense_is_refused(
    shop: Api, administrator_url: str, act: str, body: dict[str, Any], code: str, pointer: str
) -> None:
    purchase = (await record(shop, {**GOOD, "id": "good-1", "hold": act == "confirm"}))["id"]
    before = rows(administrator_url)

    answer = await shop.post(f"/v1/purchases/{purchase}/{act}", body, scope="till")

    assert refused(answer) == (422, code, pointer)
    assert rows(administrator_url) == before
