"""Lists over the API: each of them is asked for with `limit` and `cursor` and answers `items` and `next`."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import Struct, structs

from regulars.app import ENDPOINTS
from regulars.web.endpoints import Endpoint
from regulars.web.slices import Slice, cut
from tests.api.conftest import Api
from tests.api.shop import publish, refused

MORE = {
    "/v1/rewards": "member={member}&",
    "/v1/entitlements/{code}/slots": "store=riga-1&day=2026-12-01&",
    "/v1/entitlement-costs": "from=2026-01-01&until=2026-12-31&",
}
"""What a list wants to know besides."""


def lists() -> list[Endpoint]:
    """Every call that answers items."""
    return [
        one
        for one in ENDPOINTS
        if one.method == "GET"
        and isinstance(one.answer, type)
        and issubclass(one.answer, Struct)
        and "items" in names(one.answer)
    ]


def names(shape: type[Struct]) -> set[str]:
    """The fields of a struct, as they are sent."""
    return {field.encode_name for field in structs.fields(shape)}


def test_every_list_is_asked_for_and_answered_alike() -> None:
    apart = {
        one.path
        for one in lists()
        if "next" not in names(one.answer)
        or "cursor" in names(one.answer)
        or not {"limit", "cursor"} <= names(one.query)
    }

    assert (apart, len(lists()) > 80) == (set(), True)


def test_what_tells_the_items_of_a_list_apart_are_their_fields() -> None:
    wrong: list[str] = []
    for one in (it for it in lists() if it.items_by):
        fields = {field.name: field.type for field in structs.fields(one.answer)}
        item = msgspec.inspect.type_info(fields["items"])
        assert isinstance(item, msgspec.inspect.VarTupleType | msgspec.inspect.ListType)
        assert isinstance(item.item_type, msgspec.inspect.StructType)
        known = {field.name for field in item.item_type.fields}
        wrong += [one.path] * (not set(one.items_by) <= known)

    assert wrong == []


async def test_every_list_takes_a_limit(shop: Api) -> None:
    enrolled = (await shop.post("/v1/members", {"phone": "+37126000001"}, key="m-1")).json()["id"]
    answers: dict[str, Any] = {}
    for one in lists():
        if one.grant or (one.path.count("{") and "/members/{id}" not in one.path):
            continue
        path = one.path.replace("{id}", enrolled)
        asked = f"{path}?{MORE.get(one.path, '').format(member=enrolled)}limit=1"
        found = await shop.get(asked)
        keys = {"items", "next"} - set(found.json())
        answers[one.path] = (found.status_code, keys, len(found.json().get("items", ())) <= 1)

    odd = {path: it for path, it in answers.items() if it != (200, set(), True)}
    assert (odd, len(answers) > 50) == ({}, True)


async def test_a_list_that_is_never_long_is_walked_in_parts_and_without_a_limit_comes_whole(
    shop: Api,
) -> None:
    for currency in ("AAA", "BBB", "CCC"):
        body = {"code": currency, "kind": "qualifying", "worth": "0"}
        assert (await shop.post("/v1/currencies", body, key=currency)).status_code == 201

    whole = (await shop.get("/v1/currencies")).json()
    seen, asked = [], "/v1/currencies?limit=2"
    while True:
        page = (await shop.get(asked)).json()
        seen.append([one["code"] for one in page["items"]])
        if page["next"] is None:
            break
        asked = f"/v1/currencies?limit=2&cursor={page['next']}"

    codes = [one["code"] for one in whole["items"]]
    assert ([one for page in seen for one in page], whole["next"]) == (codes, None)
    assert [len(page) for page in seen[:-1]] == [2] * (len(seen) - 1)
    assert len(seen) > 1


async def test_a_cursor_that_no_list_gave_is_refused(shop: Api) -> None:
    cursors = ("?", "0-0123456789abcdef", "abc", "2-b")

    answers = [refused(await shop.get("/v1/currencies", cursor=cursor)) for cursor in cursors]

    assert answers == [(422, "invalid_value", "?cursor")] * len(cursors)


async def test_revisions_are_walked_from_the_newest(shop: Api) -> None:
    document = {"name": "x", "group": "items", "benefits": [{"kind": "line_percent", "percent": "1"}]}
    promotion = await publish(shop, document)
    for percent in ("2", "3"):
        changed = {**document, "benefits": [{"kind": "line_percent", "percent": percent}]}
        await shop.call("PUT", f"/v1/promotions/{promotion}/draft", changed)
        await shop.post(f"/v1/promotions/{promotion}/publish", {}, key=f"p-{percent}")
    path = f"/v1/promotions/{promotion}/revisions"

    first = (await shop.get(f"{path}?limit=2")).json()
    second = (await shop.get(f"{path}?limit=2&cursor={first['next']}")).json()

    assert [one["revision"] for one in first["items"]] == [3, 2]
    assert ([one["revision"] for one in second["items"]], second["next"]) == ([1], None)


class Item(Struct, frozen=True):
    """One of a list."""

    code: str


class Items(Struct, frozen=True):
    """A list."""

    items: tuple[Item, ...]
    next: str | None = None


@pytest.mark.parametrize(
    ("now", "then"),
    [("abcd", "cd"), ("xabcd", "cd"), ("acd", "cd"), ("abxcd", "xcd"), ("ab", ""), ("", "")],
)
def test_a_cursor_stands_behind_its_item_and_where_that_is_gone_at_its_place(now: str, then: str) -> None:
    asked = cut(Items(tuple(Item(code) for code in "abcd")), Slice(limit=2), ("code",))

    found = cut(Items(tuple(Item(code) for code in now)), Slice(cursor=asked.next), ("code",))

    assert ("".join(one.code for one in found.items), found.next) == (then, None)
