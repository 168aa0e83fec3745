"""Reading purchases over the API: one, a list page by page, and the whole reasoning behind one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.shop import (
    AT,
    MEMBER_POINTS,
    buy,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)

UNKNOWN = "pur_01m80h5sc3e008vrx2k2k2k2k2"


def percent(name: str, amount: str, **more: Any) -> dict[str, Any]:
    """A promotion on all goods."""
    return {
        "name": name, "group": "items", "benefits": [{"kind": "line_percent", "percent": amount}], **more
    }  # fmt: skip


async def listed(api: Api, **query: Any) -> list[str]:
    """The request ids of a list, in its order, all pages."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.get("/v1/purchases", scope="read", **query, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [item["request"] for item in page["items"]]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


@pytest.mark.fast
async def test_a_purchase_is_shown_as_it_was_answered_with_its_lines(shop: Api) -> None:
    member, card = await member_with_card(shop)
    body = buy("r-1", card, [line(1, 1000, "2", name="Coffee"), line(2, 300, "0.250")], receipt_number="77/1")
    recorded = await record(shop, body)

    shown = (await shop.get(f"/v1/purchases/{recorded['id']}", scope="read")).json()

    assert shown.pop("answer") == recorded
    assert shown == {
        "id": recorded["id"], "request": "r-1", "status": "recorded", "store": "riga-1", "till": "7",
        "cashier": "c-12", "receipt_number": "77/1", "purchased_at": "2026-03-01T09:00:00Z",
        "recorded_at": "2026-03-01T09:00:00Z", "returns": [], "void_reason": None,
        "lines": [
            {"line": 1, "sku": "sku-1", "name": "Coffee", "quantity": "2", "returnable": "2", "gross": 2000,
             "discount": 0, "net": 2000},
            {"line": 2, "sku": "sku-2", "name": "", "quantity": "0.25", "returnable": "0.25", "gross": 75,
             "discount": 0, "net": 75},
        ],
    }  # fmt: skip
    await shop.delete(f"/v1/members/{member}")
    erased = (await shop.get(f"/v1/purchases/{recorded['id']}")).json()
    assert erased["answer"]["member"] == recorded["member"] | {"name": ""}


@pytest.mark.parametrize("path", ["", "/explanation"])
async def test_an_unknown_purchase_is_not_found_and_a_wrong_kind_of_id_is_told(shop: Api, path: str) -> None:
    unknown = await shop.get(f"/v1/purchases/{UNKNOWN}{path}")
    wrong = await shop.get(f"/v1/purchases/{UNKNOWN.replace('pur', 'mem')}{path}")
    broken = await shop.get(f"/v1/purchases/r-1{path}")

    assert refused(unknown) == (404, "not_found", None)
    assert refused(wrong) == (422, "wrong_id_kind", "/id")
    assert refused(broken) == (422, "wrong_id_kind", "/id")


async def test_a_list_is_read_page_by_page_the_latest_first_without_gap_or_repetition(shop: Api) -> None:
    for n in range(7):
        minute = 30 + n // 2  # some at the same instant
        await record(
            shop, buy(f"r-{n}", None, [line(1, 100)], purchased_at=f"2026-03-01T10:{minute}:00+02:00")
        )

    pages = [await listed(shop, limit=limit) for limit in (1, 2, 3, 200)]

    assert pages == [["r-6", "r-5", "r-4", "r-3", "r-2", "r-1", "r-0"]] * 4


@pytest.mark.fast
async def test_a_list_is_chosen_by_member_store_till_time_request_and_receipt(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await record(shop, buy("r-1", card, [line(1, 100)], receipt_number="77/1"))
    await record(shop, buy("r-2", None, [line(1, 100)], store="riga-2", till="8"))
    await record(shop, buy("r-3", None, [line(1, 100)], purchased_at="2026-03-01T08:59:59Z"))
    chosen: dict[str, tuple[dict[str, str], list[str]]] = {
        "member": ({"member": member}, ["r-1"]),
        "store": ({"store": "riga-2"}, ["r-2"]),
        "unknown store": ({"store": "riga-9"}, []),
        "till": ({"till": "8"}, ["r-2"]),
        "request": ({"request": "r-3"}, ["r-3"]),
        "receipt": ({"receipt_number": "77/1"}, ["r-1"]),
        "from": ({"from": AT}, ["r-2", "r-1"]),
        "to": ({"to": AT}, ["r-3"]),
        "both": ({"from": AT, "to": AT}, []),
        "together": ({"store": "riga-1", "till": "7", "from": AT}, ["r-1"]),
    }

    found = {name: await listed(shop, **query) for name, (query, _) in chosen.items()}

    assert found == {name: expected for name, (_, expected) in chosen.items()}


async def test_a_list_tells_what_each_purchase_came_to(shop: Api) -> None:
    made = {name: await record(shop, buy(name, None, [line(1, 500, "2")], hold=name in ("held", "lapsed", "confirmed"),
            **({"hold_seconds": 60} if name == "lapsed" else {})))
            for name in ("recorded", "held", "lapsed", "confirmed", "voided", "partly", "returned")}  # fmt: skip
    await shop.post(f"/v1/purchases/{made['confirmed']['id']}/confirm", {"lines": [line(1, 500)]})
    await shop.post(f"/v1/purchases/{made['voided']['id']}/void", {})
    await take_back(shop, made["partly"]["id"], "b-1", (1, "1"))
    await take_back(shop, made["returned"]["id"], "b-2", (1, "2"))
    await set_clock(shop, "2026-03-01T09:01:00Z")

    items = (await shop.get("/v1/purchases")).json()["items"]

    assert {item["request"]: (item["status"], item["payable"]) for item in items} == {
        "recorded": ("recorded", 1000), "held": ("held", 1000), "lapsed": ("voided", 1000),
        "confirmed": ("recorded", 500), "voided": ("voided", 1000), "partly": ("partly_returned", 1000),
        "returned": ("returned", 1000),
    }  # fmt: skip
    for item in items:
        shown = (await shop.get(f"/v1/purchases/{item['id']}")).json()
        assert shown["status"] == item["status"]
    assert await listed(shop, status="held") == ["held"]


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ({"limit": "0"}, "invalid_value", "?limit"),
        ({"limit": "201"}, "invalid_value", "?limit"),
        ({"limit": "ten"}, "invalid_value", "?limit"),
        ({"colour": "red"}, "unknown_field", "?colour"),
        ({"from": "2026-03-01T09:00:00"}, "invalid_value", "?from"),
        ({"from": "yesterday"}, "invalid_value", "?from"),
        ({"member": UNKNOWN}, "wrong_id_kind", "?member"),
        ({"status": "recorded"}, "invalid_value", "?status"),
        ({"cursor": "x"}, "invalid_value", "?cursor"),
        ({"cursor": "w4Q"}, "invalid_value", "?cursor"),
        ({"cursor": "é"}, "invalid_value", "?cursor"),
        ({"till": "7\x00"}, "invalid_value", "?till"),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(
    shop: Api, query: dict[str, str], code: str, pointer: str
) -> None:
    assert refused(await shop.get("/v1/purchases", **query)) == (422, code, pointer)


async def test_a_parameter_given_twice_is_refused(shop: Api) -> None:
    answer = await shop.get("/v1/purchases?till=7&till=8")

    assert refused(answer) == (422, "invalid_value", "?till")


async def test_the_explanation_reproduces_the_awards_after_everything_was_changed(shop: Api) -> None:
    points = await publish(shop, MEMBER_POINTS)
    small, large = await publish(shop, percent("Five", "5")), await publish(shop, percent("Ten", "10"))
    far = await publish(shop, percent("Far", "50", conditions=[{"kind": "basket_amount", "minimum": 99_900}]))
    _, card = await member_with_card(shop)
    recorded = await record(shop, buy("r-1", card, [line(1, 1999, "3", tax_rate="0.21")]))
    before = (await shop.get(f"/v1/purchases/{recorded['id']}/explanation", scope="read")).json()

    await shop.client.request(
        "PUT", f"/v1/promotions/{large}/draft", json=percent("Ninety", "90"),
        headers={"Authorization": f"Bearer {shop.keys['manage']}"},
    )  # fmt: skip
    await shop.post(f"/v1/promotions/{large}/publish")
    await shop.post(f"/v1/promotions/{points}/stop")
    await publish(shop, percent("New", "1"), "shadowed")
    await settle(shop, earn_on="without_tax", discount_on="original_price", points_as="price_reduction")
    await record(shop, buy("r-2", card, [line(1, 1999)]))
    after = (await shop.get(f"/v1/purchases/{recorded['id']}/explanation", scope="read")).json()

    assert after == before
    told = {e["promotion"]: e for e in before["promotions"]}
    assert {p: (e["status"], e["revision"], e["discount"], e["earned"]) for p, e in told.items()} == {
        points: ("applied", 1, 0, {"PTS": 53}),
        small: ("suppressed", 1, 0, {}),
        large: ("applied", 1, 600, {}),
        far: ("refused", 1, 0, {}),
    }
    assert told[small]["suppressed_by"] == large
    assert (told[far]["code"], told[far]["missing"]) == (
        "basket_below_minimum", {"amount": 99_900 - 5997, "currency": "EUR"})  # fmt: skip
    awards = [award for one in recorded["lines"] for award in one["awards"]]
    assert awards == [{"promotion": large, "revision": 1, "kind": "discount", "amount": 600}]
    assert [(e["promotion"], e["amount"]) for e in recorded["earned"]] == [(points, 53)]
