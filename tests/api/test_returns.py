"""Returns over the API: money, the points that were spent, and the points that these units had earned."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database, fetch_all
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    earning_member,
    give,
    giving_back,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)

TEN_OFF = {"name": "Ten off", "group": "items", "benefits": [{"kind": "line_percent", "percent": "10"}]}
SUMS = ("gross", "discount", "net", "money_back")


def spending(points: int) -> dict[str, Any]:
    """A wish to pay with points."""
    return {"spend": [{"currency": "PTS", "amount": points}]}


def points_of(answer: dict[str, Any]) -> tuple[int, int]:
    """Points that came back, and earned points that were taken."""
    return sum(p["amount"] for p in answer["points_back"]), sum(t["amount"] for t in answer["taken_back"])


@pytest.mark.fast
async def test_a_line_gives_back_its_money_its_points_and_what_it_earned(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    await publish(shop, TEN_OFF)
    member, card = await member_with_card(shop)
    await give(shop, member, 450)
    lines = [line(1, 1000, "2", tax_rate="0.21"), line(2, 3000, tax_rate="0.12")]
    recorded = await record(shop, buy("r-1", card, lines, **spending(450)))

    answer = await take_back(shop, recorded["id"], "b-1", (1, "1"))

    # line 1: 20.00 − 2.00 = 18.00, of which 180 points; half of it comes back: 7.20 and 90 points
    assert {name: answer[name] for name in SUMS} == {
        "gross": 1000,
        "discount": 100,
        "net": 900,
        "money_back": 810,
    }
    assert answer["lines"] == [
        {"line": 1, "quantity": "1", "gross": 1000, "discount": 100, "net": 900, "money": 810, "points": 90}
    ]
    assert answer["points_back"] == [{"currency": "PTS", "amount": 90, "worth": 90}]
    assert answer["taxes"] == [{"rate": "0.21", "base": 744, "tax": 156}]
    # 1620 + 2430 in money had earned 40: 16 and 24
    assert answer["taken_back"] == [{
        "currency": "PTS", "amount": 8, "from_own_lots": 8, "already_expired": 0, "from_other_lots": 0, "debt": 0,
        "forgone": 0}]  # fmt: skip
    assert answer["status"] == "recorded"
    assert answer["id"].startswith("ret_")
    assert answer["member"]["available"] == 40 + 90 - 8
    shown = (await shop.get(f"/v1/purchases/{recorded['id']}")).json()
    assert (shown["status"], shown["returns"], shown["answer"]) == ("partly_returned", [answer], recorded)
    assert [(bought["quantity"], bought["returnable"]) for bought in shown["lines"]] == [
        ("2", "1"),
        ("1", "1"),
    ]


async def test_the_preview_says_the_same_and_writes_nothing(shop: Api) -> None:
    _, card = await earning_member(shop)
    recorded = await record(shop, buy("r-1", card, [line(1, 1000, "2")]))
    path = f"/v1/purchases/{recorded['id']}/returns"

    previewed = (await shop.post(f"{path}/preview", giving_back("b-1", (1, "1")), scope="till")).json()
    answer = await take_back(shop, recorded["id"], "b-1", (1, "1"))

    assert previewed.pop("status") == "previewed"
    assert previewed == {name: answer[name] for name in previewed}
    assert answer.keys() - previewed.keys() == {"id", "status"}


@pytest.mark.parametrize(
    "steps",
    [
        [(1, "0.325"), (1, "0.001"), (2, "1"), (1, "0.674"), (2, "2")],
        [(2, "3"), (1, "1")],
        [(1, "0.999"), (2, "1"), (2, "1"), (1, "0.001"), (2, "1")],
    ],
)
@pytest.mark.parametrize("points_as", ["payment", "price_reduction"])
@pytest.mark.parametrize("taxed", [True, False])
async def test_any_sequence_of_returns_sums_to_the_whole(
    shop: Api, steps: list[tuple[int, str]], points_as: str, taxed: bool
) -> None:
    await settle(shop, points_as=points_as, prices_include_tax=taxed)
    await publish(shop, MEMBER_POINTS)
    await publish(shop, TEN_OFF)
    member, card = await member_with_card(shop)
    await give(shop, member, 777)
    lines = [line(1, 1999, "1", tax_rate="0.21"), line(2, 333, "3", tax_rate="0.12")]
    bought = await record(shop, buy("r-1", card, lines, **spending(777)))
    earned = sum(e["amount"] for e in bought["earned"])

    backs = [await take_back(shop, bought["id"], f"b-{n}", step) for n, step in enumerate(steps)]

    assert {name: sum(back[name] for back in backs) for name in SUMS} == {
        "gross": bought["gross"],
        "discount": bought["discount"],
        "net": bought["gross"] - bought["discount"],
        "money_back": bought["payable"],
    }
    assert [sum(part) for part in zip(*map(points_of, backs), strict=True)] == [777, earned]
    for tax in bought["taxes"]:
        of_rate = [t for back in backs for t in back["taxes"] if t["rate"] == tax["rate"]]
        assert (sum(t["base"] for t in of_rate), sum(t["tax"] for t in of_rate)) == (tax["base"], tax["tax"])
    assert await balance(shop, member) == {"available": 777, "pending": 0, "held": 0, "debt": 0}
    assert (await shop.get(f"/v1/purchases/{bought['id']}")).json()["status"] == "returned"


@pytest.mark.parametrize("counts", ["paid", "paid_and_points"])
@pytest.mark.parametrize("points", [0, 21])
@pytest.mark.parametrize("threshold", [False, True])
async def test_turnover_of_a_purchase_in_another_money_goes_with_its_last_piece_to_the_unit(
    shop: Api, database: Database, counts: str, points: int, threshold: bool
) -> None:
    rate = {"currency": "USD", "rate": "0.91", "valid_from": "2026-01-01T00:00:00Z"}
    assert (await shop.post("/v1/exchange-rates", rate)).status_code == 201
    await settle(shop, turnover_counts=counts)
    if threshold:
        from_one = {"kind": "basket_amount", "minimum": 100}
        tenth = {"kind": "basket_percent", "percent": "10"}
        document = {"name": "A tenth", "group": "basket", "conditions": [from_one], "benefits": [tenth]}
        await publish(shop, {**document, "recheck": True})
    member, card = await member_with_card(shop)
    await give(shop, member, 100)
    more = spending(points) if points else {}
    bought = await record(shop, buy("r-1", card, [line(1, 50, "3")], currency="USD", **more))

    backs = [await take_back(shop, bought["id"], f"b-{n}", (1, "1")) for n in range(3)]

    assert any(back["withdrawn"] for back in backs) == threshold
    assert sum(back["money_back"] for back in backs) == bought["payable"]
    async with database.transaction(shop.program.id) as tx:
        sold = await fetch_all(tx, "SELECT turnover FROM purchase")
        back = await fetch_all(tx, "SELECT turnover_back FROM goods_return ORDER BY request")
    counted = bought["payable"] + (bought["paid_with_points"] if counts == "paid_and_points" else 0)
    assert sold == [((counted * 91 + 50) // 100,)]
    assert sum(one for (one,) in back) == sold[0][0]
    if not points and not threshold:
        assert (sold, back) == ([(137,)], [(46,), (45,), (46,)])


async def test_the_list_says_returned_once_every_piece_came_back_also_those_that_cost_nothing(
    shop: Api,
) -> None:
    gift = line(2, 0, "2")
    sold = [
        (await record(shop, buy(request, None, lines)))["id"]
        for request, lines in (("r-1", [line(1, 1000), gift]), ("r-2", [line(1, 0), gift]), ("r-3", [gift]))
    ]
    steps = [
        ((sold[0], 1, "1"), ("partly_returned", "recorded", "recorded")),
        ((sold[0], 2, "1"), ("partly_returned", "recorded", "recorded")),
        ((sold[1], 2, "2"), ("partly_returned", "partly_returned", "recorded")),
        ((sold[0], 2, "1"), ("returned", "partly_returned", "recorded")),
        ((sold[1], 1, "1"), ("returned", "returned", "recorded")),
        ((sold[2], 2, "1"), ("returned", "returned", "partly_returned")),
        ((sold[2], 2, "1"), ("returned", "returned", "returned")),
    ]
    for place, ((purchase, number, quantity), expected) in enumerate(steps):
        await take_back(shop, purchase, f"b-{place}", (number, quantity))
        listed = {one["id"]: one["status"] for one in (await shop.get("/v1/purchases")).json()["items"]}
        shown = [(await shop.get(f"/v1/purchases/{one}")).json()["status"] for one in sold]
        assert (place, *(listed[one] for one in sold)) == (place, *expected)
        assert shown == list(expected)


@pytest.mark.fast
async def test_more_than_was_bought_less_what_came_back_is_refused(shop: Api) -> None:
    recorded = await record(shop, buy("r-1", None, [line(1, 1000, "2")]))
    await take_back(shop, recorded["id"], "b-1", (1, "1.5"))
    path = f"/v1/purchases/{recorded['id']}/returns"

    answers = [
        await shop.post(path, giving_back("b-2", (1, "0.501")), scope="till"),
        await shop.post(f"{path}/preview", giving_back("b-2", (1, "0.501")), scope="till"),
    ]
    rest = await take_back(shop, recorded["id"], "b-2", (1, "0.5"))

    assert [refused(answer) for answer in answers] == [(409, "already_returned", "/lines/0/quantity")] * 2
    assert rest["money_back"] == 500


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (giving_back("b-1", (2, "1")), "/lines/0/line"),
        (
            {
                **giving_back("b-1"),
                "lines": [{"line": 1, "quantity": "1", "pieces": [{"piece": 9, "quantity": "1"}]}],
            },
            "/lines/0/pieces/0/piece",
        ),
        (giving_back("b-1", (1, "0")), "/lines/0/quantity"),
        (giving_back("b-1", (1, "1.0001")), "/lines/0/quantity"),
        (giving_back("b-1", (1, "1.0000")), "/lines/0/quantity"),
        (
            {
                **giving_back("b-1"),
                "lines": [{"line": 1, "quantity": "1", "pieces": [{"piece": 1, "quantity": "1.0000"}]}],
            },
            "/lines/0/quantity",
        ),
        (giving_back("b-1", (1, "1"), (1, "1")), "/lines/1/line"),
        (giving_back("b-1"), "/lines"),
        (giving_back("b-1", (1, "1"), returned_at="2026-03-01T09:10:01Z"), "/returned_at"),
        (giving_back("b-1", (1, "1"), returned_at="2026-03-01T08:59:59Z"), "/returned_at"),
        (giving_back("b-1", (1, "1"), store="nowhere"), "/store"),
    ],
)
async def test_a_return_that_makes_no_sense_is_refused(shop: Api, body: dict[str, Any], pointer: str) -> None:
    recorded = await record(shop, buy("r-1", None, [line(1, 1000, "2")]))

    answer = await shop.post(f"/v1/purchases/{recorded['id']}/returns", body, scope="till")

    assert refused(answer) == (422, "invalid_value", pointer)


async def test_every_line_of_a_return_that_is_at_fault_is_pointed_to(shop: Api) -> None:
    recorded = await record(shop, buy("r-1", None, [line(1, 1000, "2"), line(2, 500), line(3, 500)]))
    await take_back(shop, recorded["id"], "b-1", (2, "1"))
    path = f"/v1/purchases/{recorded['id']}/returns"

    strangers = await shop.post(path, giving_back("b-2", (8, "1"), (1, "1"), (9, "1")), scope="till")
    too_much = await shop.post(path, giving_back("b-2", (1, "2.5"), (3, "1"), (2, "1")), scope="till")

    assert strangers.status_code == 422
    assert strangers.json()["errors"] == [
        {"pointer": "/lines/0/line", "detail": "line 8 is not on this receipt", "code": "invalid_value"},
        {"pointer": "/lines/2/line", "detail": "line 9 is not on this receipt", "code": "invalid_value"},
    ]
    assert too_much.status_code == 409
    assert too_much.json()["detail"] == "Of line 1 only 2 can still come back."
    assert too_much.json()["errors"] == [
        {"pointer": f"/lines/{place}/quantity", "detail": detail, "code": "already_returned"}
        for place, detail in (
            (0, "Of line 1 only 2 can still come back."),
            (2, "Of line 2 only 0 can still come back."),
        )
    ]
    read = (await shop.get(f"/v1/purchases/{recorded['id']}")).json()
    assert [one["request"] for one in read["returns"]] == ["b-1"]


async def test_only_what_was_recorded_can_come_back(shop: Api) -> None:
    held = await record(shop, buy("h-1", None, [line(1, 1000)], hold=True))
    voided = await record(shop, buy("r-1", None, [line(1, 1000)]))
    await shop.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")

    for purchase in (held, voided):
        answer = await shop.post(
            f"/v1/purchases/{purchase['id']}/returns", giving_back("b-1", (1, "1")), scope="till"
        )
        assert refused(answer) == (409, "state_conflict", None)


async def test_the_same_return_again_gets_the_first_answer_without_a_name_once_erased(shop: Api) -> None:
    member, card = await member_with_card(shop)
    recorded = await record(shop, buy("r-1", card, [line(1, 1000, "2")]))
    path, body = f"/v1/purchases/{recorded['id']}/returns", giving_back("b-1", (1, "1"))

    first = await shop.post(path, body, scope="till")
    again = await shop.post(path, body, scope="till")
    other = await shop.post(path, giving_back("b-1", (1, "2")), scope="till")
    await shop.delete(f"/v1/members/{member}")
    erased = await shop.post(path, body, scope="till")

    assert first.json()["member"]["name"] == "Anna K."
    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (
        201, first.json(), "true")  # fmt: skip
    assert refused(other) == (409, "request_key_reused", None)
    assert erased.json() == first.json() | {"member": first.json()["member"] | {"name": ""}}
    shown = (await shop.get(f"/v1/purchases/{recorded['id']}")).json()
    assert shown["returns"] == [erased.json()]


@pytest.mark.parametrize(
    ("policy", "parts"),
    [
        ("debt", {"from_own_lots": 20, "from_other_lots": 50, "debt": 30, "forgone": 0}),
        ("within_balance", {"from_own_lots": 20, "from_other_lots": 50, "debt": 0, "forgone": 30}),
        ("only_pending", {"from_own_lots": 20, "from_other_lots": 0, "debt": 0, "forgone": 80}),
    ],
)
async def test_what_was_earned_and_spent_is_taken_by_the_programs_policy(
    shop: Api, policy: str, parts: dict[str, int]
) -> None:
    await settle(shop, return_policy=policy)
    member, card = await earning_member(shop)
    earning = await record(shop, buy("r-1", card, [line(1, 10_000)]))
    await record(shop, buy("r-2", card, [line(1, 80)], **spending(80)))
    await give(shop, member, 50)

    answer = await take_back(shop, earning["id"], "b-1", (1, "1"))

    (taken,) = answer["taken_back"]
    assert {name: taken[name] for name in parts} == parts
    assert (taken["amount"], answer["money_back"]) == (100, 10_000)
    assert await balance(shop, member) == {
        "available": parts["forgone"] and 50 - parts["from_other_lots"], "pending": 0, "held": 0,
        "debt": parts["debt"]}  # fmt: skip


@pytest.mark.parametrize(("setting", "available"), [("restore", 300), ("expire", 0)])
async def test_spent_points_that_come_back_after_their_date_follow_the_setting(
    shop: Api, setting: str, available: int
) -> None:
    await settle(shop, expired_points_on_return=setting)
    member, card = await member_with_card(shop)
    await give(shop, member, 300)
    recorded = await record(shop, buy("r-1", card, [line(1, 1000)], **spending(300)))
    await set_clock(shop, "2027-03-10T10:00:00Z")

    answer = await take_back(shop, recorded["id"], "b-1", (1, "1"), returned_at="2027-03-10T10:00:00Z")

    assert (answer["money_back"], points_of(answer)) == (700, (300, 0))
    assert answer["member"]["available"] == available
    assert answer["member"]["expiring"] == (
        [{"amount": 300, "at": "2027-04-09T10:00:00Z"}] if available else [])  # fmt: skip


async def test_earned_points_that_expired_meanwhile_count_as_taken_back(shop: Api) -> None:
    member, card = await earning_member(shop)
    recorded = await record(shop, buy("r-1", card, [line(1, 10_000)]))
    await set_clock(shop, "2027-03-10T10:00:00Z")

    answer = await take_back(shop, recorded["id"], "b-1", (1, "1"), returned_at="2027-03-10T10:00:00Z")

    assert (answer["taken_back"][0]["already_expired"], answer["taken_back"][0]["debt"]) == (100, 0)
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}


async def test_spent_points_go_back_to_their_own_lots_with_their_own_dates(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 100)
    await set_clock(shop, "2026-06-01T09:00:00Z")
    await give(shop, member, 100)
    june = {"purchased_at": "2026-06-01T09:00:00Z"}
    recorded = await record(shop, buy("r-1", card, [line(1, 150, "3")], **spending(150), **june))

    back = {"returned_at": "2026-06-01T09:00:00Z"}
    first = await take_back(shop, recorded["id"], "b-1", (1, "1"), **back)
    second = await take_back(shop, recorded["id"], "b-2", (1, "2"), **back)

    later, sooner = "2027-06-01T21:00:00Z", "2027-03-01T22:00:00Z"
    assert first["member"]["expiring"] == [{"amount": 100, "at": later}]
    assert second["member"]["expiring"] == [{"amount": 100, "at": sooner}, {"amount": 100, "at": later}]


async def test_goods_come_back_at_another_store_or_partner_only_by_setting(shop: Api) -> None:
    await shop.post("/v1/partners", {"code": "cafe", "name": "Café"})
    for code, partner in (("riga-1", "operator"), ("riga-2", "operator"), ("cafe-1", "cafe")):
        await shop.post("/v1/stores", {"code": code, "name": code, "partner": partner})
    recorded = await record(shop, buy("r-1", None, [line(1, 1000, "9")]))

    async def at(store: str) -> int:
        body = giving_back(f"b-{store}-{len(seen)}", (1, "1"), store=store)
        answer = await shop.post(f"/v1/purchases/{recorded['id']}/returns", body, scope="till")
        seen.append(answer.status_code)
        return answer.status_code

    seen: list[int] = []
    for store in ("riga-1", "riga-2", "cafe-1"):
        await at(store)
    await settle(shop, return_at_other_partners=True)
    await at("cafe-1")
    await settle(shop, return_at_other_partners=False, return_at_other_stores=False)
    for store in ("riga-1", "riga-2"):
        await at(store)

    assert seen == [201, 201, 403, 201, 201, 403]


async def test_a_return_of_goods_that_points_paid_for_whole_gives_back_their_tax(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 1210)
    lines = [line(1, 1210, tax_rate="0.21")]
    recorded = await record(shop, buy("r-1", card, lines, **spending(1210)))

    answer = await take_back(shop, recorded["id"], "b-1", (1, "1"))

    assert recorded["taxes"] == answer["taxes"] == [{"rate": "0.21", "base": 1000, "tax": 210}]
    assert (answer["money_back"], answer["net"], points_of(answer)) == (0, 1210, (1210, 0))


async def test_what_a_card_without_a_person_earned_is_taken_back_after_it_was_given_to_a_member(
    shop: Api,
) -> None:
    await publish(shop, MEMBER_POINTS)
    number = (await shop.post("/v1/cards/batch", {"count": 1})).json()["cards"][0]["number"]
    member, _ = await member_with_card(shop)
    recorded = await record(shop, buy("r-1", number, [line(1, 10_000)]))
    assigned = await shop.post(f"/v1/members/{member}/cards", {"number": number})
    assert assigned.status_code == 201, assigned.text

    await take_back(shop, recorded["id"], "b-1", (1, "1"))

    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
