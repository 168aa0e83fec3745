"""A receipt without a card that a member claims afterwards: once, as of its day, by the code that is printed on it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.seal_ledger import seal_ledger
from regulars.flows.verify_ledger import prove, verify_ledger
from regulars.ledger.seal import proves
from tests.api.conftest import Api
from tests.api.data import take_out
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
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
from tests.api.test_cards import assert_the_books_are_in_order, unassigned
from tests.api.test_exports import rows
from tests.api.test_merging import merge
from tests.api.test_purchases import key_for
from tests.conftest import START

DISCOUNT = {
    "name": "A tenth off",
    "group": "basket",
    "benefits": [{"kind": "basket_percent", "percent": "10"}],
}
A_WEEK_LATER = "2026-03-08T11:00:00+02:00"


async def claim(api: Api, bought: dict[str, Any], card: str, **more: Any) -> Any:
    body = {"card": card, "claim_code": bought["claim_code"], **more}
    return await api.post(f"/v1/purchases/{bought['id']}/claim", body, scope="till")


@pytest.mark.scenario("S29")
async def test_a_receipt_without_a_card_is_claimed_and_earns_as_of_its_day(
    shop: Api, database: Database
) -> None:
    promotion = await publish(shop, MEMBER_POINTS)
    await publish(shop, DISCOUNT)
    bought = await record(shop, buy("r-1", None, [line(1, 5000), line(2, 1000)]))
    assert (bought["payable"], bought["earned"], bought["member"]) == (5400, [], None)
    anna, card = await member_with_card(shop)
    await set_clock(shop, A_WEEK_LATER)
    assert (await shop.post(f"/v1/promotions/{promotion}/stop")).status_code == 200

    claimed = await claim(shop, bought, card)

    assert claimed.status_code == 201, claimed.text
    answer = claimed.json()
    assert (answer["id"], answer["payable"], answer["discount"]) == (bought["id"], 5400, 600)
    assert [(one["amount"], one["line"]) for one in answer["earned"]] == [(45, 1), (9, 2)]
    assert {one["expires_at"] for one in answer["earned"]} == {"2027-03-01T22:00:00Z"}
    assert (answer["member"]["id"], answer["member"]["name"]) == (anna, "Anna K.")
    assert await balance(shop, anna) == {"available": 54, "pending": 0, "held": 0, "debt": 0}
    (posting,) = (await shop.get(f"/v1/members/{anna}/statement")).json()["items"]
    assert (posting["kind"], posting["effective_at"]) == ("purchase", "2026-03-01T09:00:00Z")
    (listed,) = (await shop.get("/v1/purchases", member=anna)).json()["items"]
    assert (listed["id"], listed["member"], listed["payable"]) == (bought["id"], anna, 5400)
    await assert_the_books_are_in_order(shop, database)


async def test_a_claimed_receipt_is_listed_and_exported_as_its_members(shop: Api, database: Database) -> None:
    await publish(shop, MEMBER_POINTS)
    bought = await record(shop, buy("r-1", None, [line(1, 4000), line(2, 1000)]))
    nobodys = await record(shop, buy("r-2", None, [line(1, 700)]))
    anna, card = await member_with_card(shop)
    assert (await claim(shop, bought, card)).status_code == 201

    listed = (await shop.get("/v1/purchases")).json()["items"]
    purchases = rows(await take_out(shop, database, "purchases"))
    lines = rows(await take_out(shop, database, "lines"))

    assert {one["id"]: (one["member"], one["earned"]) for one in listed} == {
        bought["id"]: (anna, 50),
        nobodys["id"]: (None, 0),
    }
    assert {one["purchase"]: (one["member"], one["earned"]) for one in purchases} == {
        "r-1": (anna, "50"),
        "r-2": ("", "0"),
    }
    (lot,) = rows(await take_out(shop, database, "balances"))
    assert lot["account"] == next(one["account"] for one in purchases if one["purchase"] == "r-1")
    assert sorted((one["id"], one["member"], one["earned"]) for one in lines) == sorted(
        [(bought["id"], anna, "40"), (bought["id"], anna, "10"), (nobodys["id"], "", "0")]
    )


@pytest.mark.scenario("S29")
async def test_a_second_claim_is_refused_and_a_replay_gets_the_first_answer(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    bought = await record(shop, buy("r-1", None, [line(1, 5000)]))
    (anna, card), (zane, other) = await member_with_card(shop), await member_with_card(shop)
    path = f"/v1/purchases/{bought['id']}/claim"
    body = {"card": card, "claim_code": bought["claim_code"]}

    first = await shop.post(path, body, scope="till", key="claim")
    second = await claim(shop, bought, other)
    again = await shop.post(path, body, scope="till", key="claim")

    assert (first.status_code, refused(second)[:2]) == (201, (409, "already_claimed"))
    assert (again.headers["idempotent-replayed"], again.json()) == ("true", first.json())
    assert refused(await claim(shop, bought, card))[:2] == (409, "already_claimed")
    assert [(await balance(shop, member))["available"] for member in (anna, zane)] == [50, 0]


@pytest.mark.scenario("S29")
@pytest.mark.parametrize("how", ["setting", "attribute", "merged"])
async def test_the_cashier_who_rang_it_cannot_claim_it(shop: Api, how: str) -> None:
    await publish(shop, MEMBER_POINTS)
    bought = await record(shop, buy("r-1", None, [line(1, 5000)]))
    anna, card = await member_with_card(shop)
    if how == "setting":
        await settle(shop, cashier_members={"c-12": anna})
    elif how == "attribute":
        await shop.patch(f"/v1/members/{anna}", {"attributes": {"cashier": "c-12"}})
    else:
        twin, _ = await member_with_card(shop)
        await settle(shop, cashier_members={"c-12": twin})
        await merge(shop, anna, twin)

    assert refused(await claim(shop, bought, card))[:2] == (403, "claim_by_cashier")

    _, honest = await member_with_card(shop)
    assert (await claim(shop, bought, honest)).status_code == 201


@pytest.mark.scenario("S29")
async def test_after_fourteen_days_it_is_too_late(shop: Api) -> None:
    bought = await record(shop, buy("r-1", None, [line(1, 5000)]))
    _, card = await member_with_card(shop)
    await set_clock(shop, "2026-03-15T11:00:01+02:00")
    answer = await claim(shop, bought, card)
    assert refused(answer)[:2] == (409, "not_claimable")
    assert answer.json()["errors"][0]["code"] == "too_late"


async def test_three_a_week_by_one_member(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    receipts = [await record(shop, buy(f"r-{n}", None, [line(1, 1000)])) for n in range(4)]
    anna, card = await member_with_card(shop)
    for bought in receipts[:3]:
        assert (await claim(shop, bought, card)).status_code == 201
    assert refused(await claim(shop, receipts[3], card))[:2] == (409, "claim_limit")
    await set_clock(shop, A_WEEK_LATER)
    assert (await claim(shop, receipts[3], card)).status_code == 201
    assert (await balance(shop, anna))["available"] == 40


async def test_a_claim_needs_the_receipts_own_code_and_a_manager_none(shop: Api) -> None:
    one, two = [await record(shop, buy(f"r-{n}", None, [line(1, 1000)])) for n in range(2)]
    anna, card = await member_with_card(shop)
    path = f"/v1/purchases/{one['id']}/claim"
    assert one["claim_code"] != two["claim_code"]
    assert len(one["claim_code"]) == 9
    wrong = await shop.post(path, {"card": card, "claim_code": two["claim_code"]}, scope="till")
    none = await shop.post(path, {"card": card}, scope="till")
    assert [refused(answer) for answer in (wrong, none)] == [(403, "claim_code_wrong", "/claim_code")] * 2
    assert refused(await shop.post(path, {"card": card, "member": anna}))[:2] == (422, "invalid_value")
    spelled = {"member": anna, "claim_code": f" {one['claim_code'].lower().replace('-', ' ')} "}
    assert (await shop.post(path, spelled, scope="till")).status_code == 201
    assert (await shop.post(f"/v1/purchases/{two['id']}/claim", {"member": anna})).status_code == 201


async def test_only_anonymous_answers_have_a_code_and_a_replay_has_the_same(shop: Api) -> None:
    _, card = await member_with_card(shop)
    assert "claim_code" not in await record(shop, buy("r-1", card, [line(1, 1000)]))
    body = buy("r-2", None, [line(1, 1000)])
    assert "claim_code" not in (await shop.post("/v1/purchases/preview", body, scope="till")).json()
    first = await record(shop, body)
    assert (await record(shop, body))["claim_code"] == first["claim_code"]
    path = f"/v1/purchases/{first['id']}"
    for scope in ("till", "manage"):
        assert (await shop.get(path, scope=scope)).json()["answer"] == first
    only_read = (await shop.get(path, scope="read")).json()["answer"]
    assert only_read == {name: value for name, value in first.items() if name != "claim_code"}
    hold = await record(shop, buy("r-3", None, [line(1, 1000)], hold=True))
    path = f"/v1/purchases/{hold['id']}/confirm"
    confirmed = await shop.post(path, {}, scope="till", key="confirm")
    assert confirmed.json()["claim_code"] == hold["claim_code"]
    again = await shop.post(path, {}, scope="till", key="confirm")
    assert again.json()["claim_code"] == hold["claim_code"]
    assert (await claim(shop, confirmed.json(), card)).status_code == 201


@pytest.mark.parametrize("why", ["member", "card", "held", "voided", "returned"])
async def test_what_is_somebodys_held_or_taken_back_cannot_be_claimed(shop: Api, why: str) -> None:
    _, card = await member_with_card(shop)
    whose = {"member": card, "card": await unassigned(shop)}.get(why)
    bought = await record(shop, buy("r-1", whose, [line(1, 1000, "2")], hold=why == "held"))
    if why == "voided":
        await shop.post(f"/v1/purchases/{bought['id']}/void", {}, scope="till")
    elif why == "returned":
        await take_back(shop, bought["id"], "b-1", (1, "1"))
    answer = await shop.post(f"/v1/purchases/{bought['id']}/claim", {"card": card})
    assert refused(answer)[:2] == (409, "not_claimable")


async def test_a_return_takes_back_what_the_claim_gave(shop: Api, database: Database) -> None:
    await publish(shop, MEMBER_POINTS)
    bought = await record(shop, buy("r-1", None, [line(1, 1000, "3")]))
    anna, card = await member_with_card(shop)
    await claim(shop, bought, card)

    back = await take_back(shop, bought["id"], "b-1", (1, "2"))

    assert [(one["amount"], one["from_own_lots"]) for one in back["taken_back"]] == [(20, 20)]
    assert (back["money_back"], back["member"]["available"]) == (2000, 10)
    assert (await shop.post(f"/v1/purchases/{bought['id']}/void", {}, scope="till")).status_code == 200
    assert await balance(shop, anna) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    await assert_the_books_are_in_order(shop, database)


async def test_turnover_and_visits_count_the_claimed_purchase_until_it_comes_back(shop: Api) -> None:
    bought = await record(shop, buy("r-1", None, [line(1, 6000, "2")]))
    _, card = await member_with_card(shop)
    await publish(
        shop,
        {
            "name": "Regulars of the month",
            "group": "basket",
            "conditions": [
                {"kind": "turnover", "minimum": 6000, "window": {"period": "days", "days": 30}},
                {"kind": "visits", "minimum": 1, "days": 30},
            ],
            "benefits": [{"kind": "basket_amount_off", "amount": 100}],
        },
    )
    preview = buy("p", card, [line(1, 500)])

    async def discount() -> int:
        return (await shop.post("/v1/purchases/preview", preview, scope="till")).json()["discount"]

    assert await discount() == 0
    await claim(shop, bought, card)
    assert await discount() == 100
    await take_back(shop, bought["id"], "b-1", (1, "1"))
    assert await discount() == 100
    await take_back(shop, bought["id"], "b-2", (1, "1"))
    assert await discount() == 0


async def test_a_limit_of_points_holds_for_claims_too(shop: Api) -> None:
    await publish(shop, {**MEMBER_POINTS, "limits": [{"per": "member", "points": 60}]})
    receipts = [await record(shop, buy(f"r-{n}", None, [line(1, 5000)])) for n in range(2)]
    anna, card = await member_with_card(shop)
    for bought in receipts:
        assert (await claim(shop, bought, card)).status_code == 201
    assert (await balance(shop, anna))["available"] == 60
    await take_back(shop, receipts[0]["id"], "b-1", (1, "1"))
    assert (await balance(shop, anna))["available"] == 10
    await record(shop, buy("r-9", card, [line(1, 8000)]))
    assert (await balance(shop, anna))["available"] == 60


async def test_what_is_printed_on_the_receipt_is_enough_to_claim_it(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    bought = await record(shop, buy("till-7/000123", None, [line(1, 5000)]))
    anna, _ = await member_with_card(shop)
    body = {"request": "till-7/000123", "claim_code": bought["claim_code"], "member": anna}
    unknown = await shop.post("/v1/purchases/claim", {**body, "request": "till-7/000124"}, scope="till")
    wrong = await shop.post("/v1/purchases/claim", {**body, "claim_code": "2222-2222"}, scope="till")
    claimed = await shop.post("/v1/purchases/claim", body, scope="till")
    assert (refused(unknown)[:2], refused(wrong)[:2]) == ((404, "not_found"), (403, "claim_code_wrong"))
    assert (claimed.status_code, claimed.json()["id"]) == (201, bought["id"])
    assert (await balance(shop, anna))["available"] == 50


async def test_where_two_partners_used_one_number_the_code_tells_whose_receipt_it_is(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    await shop.post("/v1/partners", {"code": "cafe", "name": "Café"})
    await shop.post("/v1/stores", {"code": "cafe-1", "name": "Café 1", "partner": "cafe"})
    cafe = await key_for(shop, "partner", partner="cafe")
    ours = await record(shop, buy("r-1", None, [line(1, 1000)]))
    theirs = await record(cafe, buy("r-1", None, [line(1, 7000)], store="cafe-1"))
    anna, _ = await member_with_card(shop)

    unsaid = await shop.post("/v1/purchases/claim", {"request": "r-1", "member": anna})
    claimed = []
    for bought in (ours, theirs):
        body = {"request": "r-1", "claim_code": bought["claim_code"], "member": anna}
        claimed.append(await shop.post("/v1/purchases/claim", body))

    assert refused(unsaid) == (422, "invalid_value", "/claim_code")
    assert [(answer.status_code, answer.json()["id"]) for answer in claimed] == [
        (201, ours["id"]),
        (201, theirs["id"]),
    ]


async def test_a_claim_is_sealed_with_the_books_and_a_change_is_found(
    shop: Api, database: Database, administrator_url: str
) -> None:
    await publish(shop, MEMBER_POINTS)
    bought = await record(shop, buy("r-1", None, [line(1, 5000)]))
    _, card = await member_with_card(shop)
    assert (await claim(shop, bought, card)).status_code == 201
    await seal_ledger(database, shop.program.id, START)
    assert (await verify_ledger(database, shop.program.id, START)).broken == ()
    purchase = ids.read("pur", bought["id"])
    proof = await prove(database, shop.program.id, ("claim", ids.home(purchase), purchase))
    assert proof is not None
    assert proves(proof)

    with psycopg.connect(administrator_url) as owner:
        owner.execute(
            "UPDATE purchase_claim SET document = document || '\\x20'::bytea WHERE program = %s",
            (shop.program.id,),
        )

    (broken,) = (await verify_ledger(database, shop.program.id, START)).broken
    assert (broken.what, broken.fact) == ("a sealed fact was changed", proof.key)
