"""Row S30 of the scenarios, the cashier's own card, and what else looks unusual at a till."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from regulars.db.pool import fetch_all
from regulars.errors import Overloaded
from regulars.flows.note_misses import note_misses
from regulars.flows.watch_tills import watch_tills
from regulars.web import guesses
from tests.api.conftest import Api
from tests.api.prizes import claimed, offer
from tests.api.shop import (
    balance,
    buy,
    earning_member,
    give,
    line,
    member_with_card,
    refused,
    set_clock,
    settle,
)
from tests.conftest import START

NOON = START + timedelta(hours=12)


async def look(shop: Api) -> int:
    """As the worker does every hour."""
    assert shop.database is not None
    return await watch_tills(shop.database, shop.program.id, NOON)


async def look_at(shop: Api, at: datetime) -> int:
    """The same at an instant."""
    assert shop.database is not None
    return await watch_tills(shop.database, shop.program.id, at)


async def rung(shop: Api, card: str | None, number: int, **more: Any) -> dict[str, Any]:
    """A receipt of ten euros, so many minutes after eleven."""
    at = (START + timedelta(minutes=number)).isoformat()
    body = buy(f"till-7/{number}", card, [line(1, 1000)], **{"purchased_at": at, **more})
    answer = await shop.post("/v1/purchases", body, scope="till")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def brought_back(shop: Api, receipt: dict[str, Any], number: int) -> None:
    at = (START + timedelta(minutes=number)).isoformat()
    body = {"id": f"back/{number}", "lines": [{"line": 1, "quantity": "1"}], "returned_at": at}
    answer = await shop.post(f"/v1/purchases/{receipt['id']}/returns", body, scope="till")
    assert answer.status_code == 201, answer.text


async def found(shop: Api, **query: Any) -> list[dict[str, Any]]:
    return (await shop.get("/v1/findings", **query)).json()["items"]


async def clock_at(shop: Api, minutes: int) -> None:
    await shop.post("/v1/sandbox/clock", {"now": (START + timedelta(minutes=minutes)).isoformat()})


@pytest.mark.scenario("S30")
async def test_the_cashiers_own_card_is_flagged_with_reasons_and_capped(shop: Api) -> None:
    hers, card = await earning_member(shop)
    honest, other = await member_with_card(shop)
    await shop.patch(
        "/v1/program", {"settings": {"receipts_a_day_per_card": 5, "cashier_members": {"c-12": hers}}}
    )
    await clock_at(shop, 60)
    answers = [await rung(shop, card, number) for number in range(12)]
    await rung(shop, other, 40)
    assert [sum(one["amount"] for one in answer["earned"]) for answer in answers] == [10] * 5 + [0] * 7
    assert [one["code"] for one in answers[5]["warnings"]] == ["receipts_a_day"]
    assert (await balance(shop, hers))["available"] == 50
    assert (await balance(shop, honest))["available"] == 10
    # Goods come back that nobody brought, and points given by hand are spent within the hour.
    anonymous = [await rung(shop, None, 42 + number) for number in range(3)]
    for number, receipt in enumerate(anonymous):
        await brought_back(shop, receipt, 50 + number)
    await shop.post(f"/v1/members/{hers}/adjustments", {"currency": "PTS", "amount": 500, "reason": "sorry"})
    await rung(shop, card, 55, spend=[{"currency": "PTS", "amount": 400}])

    assert await look(shop) == 4
    kinds = {one["kind"]: one for one in await found(shop)}
    assert set(kinds) == {"card_often", "own_card", "returns_soon", "adjusted_and_spent"}
    often = kinds["card_often"]
    assert (often["count"], often["store"], often["till"], often["cashier"]) == (13, "riga-1", "7", "c-12")
    assert often["member"] == hers
    assert often["evidence"][0] == answers[0]["id"]
    assert (kinds["returns_soon"]["count"], kinds["returns_soon"]["amount"]) == (3, 3000)
    assert (kinds["adjusted_and_spent"]["count"], kinds["adjusted_and_spent"]["amount"]) == (500, 400)
    assert kinds["own_card"]["count"] == 13
    assert await look(shop) == 0

    path = f"/v1/findings/{often['id']}"
    case = await shop.post(f"{path}/decide", {"status": "case", "word": "she says it was her sister"})
    assert (case.json()["status"], case.json()["word"]) == ("case", "she says it was her sister")
    assert (await shop.post(f"{path}/decide", {"status": "harmless", "word": "no"})).status_code == 409
    await rung(shop, card, 58)
    assert await look(shop) == 1, "her own card once more; what was decided stays decided"
    assert len(await found(shop, status="case")) == 1
    again = await shop.post(f"{path}/reopen")
    assert (again.json()["status"], again.json()["decided_by"]) == ("open", None)


async def test_points_given_by_hand_and_claimed_or_passed_on_within_the_hour_are_found(shop: Api) -> None:
    await settle(shop, passing={"charities": ["shelter"]})
    await shop.post("/v1/partners", {"code": "shelter", "name": "Ulubele animal shelter"})
    mug = await offer(shop)
    (anna, _), (ieva, _), (juris, _), (oskars, _) = [await member_with_card(shop) for _ in range(4)]
    for member in (anna, ieva, juris, oskars):
        await give(shop, member, 300)
    await clock_at(shop, 59)
    redeemed = await claimed(shop, anna, mug)
    sent = await shop.post(f"/v1/members/{ieva}/transfers", {"to": anna, "currency": "PTS", "amount": 300})
    assert sent.status_code == 201, sent.text
    body = {"charity": "shelter", "currency": "PTS", "amount": 200}
    assert (await shop.post(f"/v1/members/{juris}/donations", body)).status_code == 201
    pooled = {"kind": "household", "name": "Ozoli", "owner": oskars, "bring_points": True}
    family = await shop.post("/v1/accounts", pooled)
    assert family.status_code == 201, family.text
    await clock_at(shop, 61)
    assert await look(shop) == 4
    listed = {one["member"]: one for one in await found(shop, kind="adjusted_and_spent")}
    assert set(listed) == {anna, ieva, juris, oskars}
    for one in listed.values():
        assert (one["count"], one["amount"], one["store"], one["till"], one["cashier"]) == (
            300,
            None,
            None,
            "",
            "",
        )
        assert (one["evidence"][0][:4], len(one["evidence"])) == ("pst_", 2)
    assert listed[anna]["evidence"][1] == redeemed["id"]
    assert listed[ieva]["evidence"][1] == sent.json()["id"]
    assert await look(shop) == 0

    again = await shop.post(f"/v1/members/{juris}/donations", {**body, "amount": 50})
    assert again.status_code == 201, again.text
    await clock_at(shop, 61)
    assert await look(shop) == 0, "sixty-one minutes after they were given"


async def test_what_is_spent_later_within_the_hour_joins_its_finding(shop: Api) -> None:
    member, card = await member_with_card(shop)
    await give(shop, member, 600)
    await clock_at(shop, 10)
    redeemed = await claimed(shop, member, await offer(shop))
    assert await look(shop) == 1
    (one,) = await found(shop)
    await clock_at(shop, 20)
    receipt = await rung(shop, card, 15, spend=[{"currency": "PTS", "amount": 300}])
    held = await rung(shop, card, 16, spend=[{"currency": "PTS", "amount": 50}], hold=True)
    assert await look(shop) == 1
    await clock_at(shop, 70)
    assert (await shop.post(f"/v1/purchases/{held['id']}/confirm", {}, scope="till")).status_code == 200
    assert await look(shop) == 1, "what was held within the hour counts though it is confirmed after it"
    (grown,) = await found(shop)
    assert (grown["id"], grown["count"], grown["amount"]) == (one["id"], 600, 350)
    assert (grown["store"], grown["till"], grown["cashier"]) == ("riga-1", "7", "c-12")
    assert grown["evidence"][1:] == [redeemed["id"], receipt["id"], held["id"]]


async def test_points_that_were_earned_or_given_long_before_are_spent_without_a_finding(shop: Api) -> None:
    member, _ = await member_with_card(shop)
    await give(shop, member, 300)
    await clock_at(shop, 61)
    await claimed(shop, member, await offer(shop))
    assert await look(shop) == 0


async def test_honest_customers_leave_no_finding(shop: Api) -> None:
    await clock_at(shop, 60)
    for number in range(8):
        _, card = await member_with_card(shop)
        receipt = await rung(shop, card, number)
        if number == 0:
            await brought_back(shop, receipt, 50)
    assert await look(shop) == 0


@pytest.mark.parametrize(
    ("where", "till", "cashier"),
    [
        ([("7", "c-12"), ("8", "c-12")] * 3, "", "c-12"),
        ([("7", "c-12"), ("7", "c-13")] * 2 + [("7", "c-12"), ("7", "")], "7", "c-12"),
    ],
    ids=["one cashier at two tills", "one till with two cashiers"],
)
async def test_a_card_again_and_again_is_seen_at_one_cashier_and_at_one_till(
    shop: Api, where: list[tuple[str, str]], till: str, cashier: str
) -> None:
    who, card = await member_with_card(shop)
    await clock_at(shop, 60)
    made = [await rung(shop, card, n, till=at, cashier=by) for n, (at, by) in enumerate(where[:5])]
    await rung(shop, card, 6, till="9", cashier="c-14")
    assert await look(shop) == 0, "six in the store, and five at most of one till or of one cashier"
    at, by = where[5]
    made.append(await rung(shop, card, 5, till=at, cashier=by))
    assert await look(shop) == 1
    (one,) = await found(shop)
    assert (one["kind"], one["member"], one["till"], one["cashier"]) == ("card_often", who, till, cashier)
    assert (one["count"], one["amount"], one["store"]) == (6, 6000, "riga-1")
    assert one["evidence"] == [receipt["id"] for receipt in made]
    assert await look(shop) == 0


async def test_a_card_that_is_often_at_a_till_and_at_its_cashier_is_one_finding_that_grows(shop: Api) -> None:
    _, card = await member_with_card(shop)
    await clock_at(shop, 60)
    made = [await rung(shop, card, n) for n in range(6)]
    assert await look(shop) == 1
    (one,) = await found(shop)
    assert (one["till"], one["cashier"], one["count"]) == ("7", "c-12", 6)
    made += [await rung(shop, card, 6, till="8"), await rung(shop, card, 7, cashier="c-13")]
    await rung(shop, card, 8, till="9", cashier="c-13")
    assert await look(shop) == 1
    (grown,) = await found(shop)
    assert (grown["id"], grown["till"], grown["cashier"], grown["count"]) == (one["id"], "", "c-12", 8)
    assert (grown["amount"], grown["evidence"]) == (8000, [receipt["id"] for receipt in made])


async def test_a_card_that_is_often_at_two_tills_at_nobody_in_particular_names_neither(shop: Api) -> None:
    _, card = await member_with_card(shop)
    await clock_at(shop, 60)
    for n in range(12):
        await rung(shop, card, n, till=str(7 + n % 2), cashier="" if n < 6 else f"c-{n // 2}")
    assert await look(shop) == 1
    (one,) = await found(shop)
    assert (one["till"], one["cashier"], one["count"], len(one["evidence"])) == ("", "", 12, 12)


async def test_a_busy_family_and_a_card_on_two_days_are_no_finding(shop: Api) -> None:
    family = [(await member_with_card(shop))[1] for _ in range(3)]
    await clock_at(shop, 24 * 60)
    for number in range(15):
        await rung(shop, family[number % 3], number, till=str(7 + number % 2))
    tomorrow = (START + timedelta(days=1)).isoformat()
    for number in range(3):
        await rung(shop, family[0], 20 + number, id=f"next/{number}", purchased_at=tomorrow)
    voided = await rung(shop, family[1], 30)
    assert (await shop.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")).status_code == 200
    assert await look_at(shop, START + timedelta(days=1, hours=1)) == 0


async def test_codes_that_are_tried_and_claims_by_the_same_member_are_found(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"watch": {"unknown_codes_a_day": 4, "claims_a_week": 2}}})
    await clock_at(shop, 60)
    for number in range(2):
        await rung(shop, None, number, codes=[f"GUESS-{number}-A", f"GUESS-{number}-B"])
    member, _ = await member_with_card(shop)
    for number in range(2):
        receipt = await rung(shop, None, 10 + number)
        claimed = await shop.post(f"/v1/purchases/{receipt['id']}/claim", {"member": member})
        assert claimed.status_code == 201, claimed.text
    assert await look(shop) == 2
    kinds = {one["kind"]: one for one in await found(shop)}
    assert kinds["code_guessing"]["count"] == 4
    assert (kinds["claims"]["count"], kinds["claims"]["member"]) == (2, member)


async def test_codes_that_are_tried_are_counted_by_the_day_not_by_the_look(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"watch": {"unknown_codes_a_day": 4}}})
    await clock_at(shop, 60)
    first = await rung(shop, None, 1, codes=["GUESS-1-A", "GUESS-1-B"])
    await rung(shop, None, 2, cashier="c-13", codes=["GUESS-2-A"])
    assert await look(shop) == 0
    await rung(shop, None, 3)
    assert await look(shop) == 0
    second = await rung(shop, None, 31, codes=["GUESS-3-A", "GUESS-3-B"])
    assert await look(shop) == 1
    (one,) = await found(shop, kind="code_guessing")
    assert (one["count"], one["cashier"], one["evidence"]) == (4, "c-12", [first["id"], second["id"]])
    await rung(shop, None, 50, codes=["GUESS-4-A"])
    assert await look(shop) == 1
    (grown,) = await found(shop, kind="code_guessing")
    assert (grown["id"], grown["count"]) == (one["id"], 5)


async def test_codes_tried_in_previews_and_look_ups_are_found_once_each_whoever_asks(shop: Api) -> None:
    await settle(shop, watch={"unknown_codes_a_day": 6})
    await clock_at(shop, 60)
    await rung(shop, None, 1)
    sent = buy("p-1", None, [line(1, 1000)], codes=["GUESS-1", "GUESS-2"])
    for _ in range(5):  # a basket is previewed with every line that is scanned
        assert (await shop.post("/v1/purchases/preview", sent, scope="till")).status_code == 200
    here = {"store": "riga-1", "till": "7", "cashier": "c-12"}
    for path, code in (
        ("vouchers/find", "GUESS-3"),
        ("vouchers/redeem", "GUESS-4"),
        ("gift-cards/find", "GUESS-5"),
    ):
        assert (await shop.post(f"/v1/{path}", {"code": code, **here}, scope="till")).status_code == 404, path
    assert await look(shop) == 0
    paid = buy("p-2", None, [line(1, 1000)], spend=[{"gift_card": "GUESS-6", "amount": 100}])
    assert refused(await shop.post("/v1/purchases", paid, scope="till"))[1] == "gift_card_unusable"
    recorded = await rung(shop, None, 3, codes=["guess 1"])
    assert await look(shop) == 1
    (one,) = await found(shop)
    assert (one["kind"], one["count"], one["evidence"]) == ("code_guessing", 6, [recorded["id"]])
    assert (one["store"], one["till"], one["cashier"]) == ("riga-1", "7", "c-12")
    assert one["last"] == "2026-03-01T10:00:00Z"
    assert await look(shop) == 0


async def test_wrong_claim_codes_slow_down_and_are_found(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=3, watch={"unknown_codes_a_day": 3})
    member, _ = await member_with_card(shop)
    receipt = await rung(shop, None, 1)
    path = f"/v1/purchases/{receipt['id']}/claim"
    tried = [
        await shop.post(path, {"member": member, "claim_code": f"WRONG{n}"}, scope="till") for n in range(4)
    ]
    assert [refused(one)[:2] for one in tried] == [(403, "claim_code_wrong")] * 3 + [
        (429, "too_many_requests")
    ]
    assert await look(shop) == 1
    (one,) = await found(shop)
    assert (one["kind"], one["count"]) == ("code_guessing", 3)


async def test_phones_and_cards_that_lead_to_nobody_are_found_but_not_who_is_enrolled_then(shop: Api) -> None:
    await settle(shop, watch={"unknown_members_a_day": 4})
    await rung(shop, None, 1)
    here = {"store": "riga-1", "till": "riga-1/7", "cashier": "c-12"}

    async def looked_up(**by: str) -> int:
        return (await shop.post("/v1/members/find", {**by, **here}, scope="till")).status_code

    assert [await looked_up(phone=f"2922222{n}") for n in (1, 1, 2)] == [404] * 3
    assert await looked_up(card="9900000000000000") == 422
    newcomer = "+371 2933 3333"
    assert await looked_up(phone=newcomer) == 404
    assert (await shop.post("/v1/members", {"phone": "+37129333333"}, scope="till")).status_code == 201
    assert await looked_up(phone=newcomer) == 200
    assert await look(shop) == 0, "three: one of them twice, and one became a member"
    for n in range(5):  # a system that goes through its customers stands at no till
        sought = {"phone": f"2955555{n}"}
        assert (await shop.post("/v1/members/find", sought)).status_code == 404
    assert await look(shop) == 0
    unknown = buy("p-1", None, [line(1, 1000)], phone="+37129222224")
    assert refused(await shop.post("/v1/purchases/preview", unknown, scope="till"))[0] == 404
    assert refused(await shop.post("/v1/purchases", {**unknown, "id": "p-2"}, scope="till"))[0] == 404
    assert await look(shop) == 1
    (one,) = await found(shop)
    assert (one["kind"], one["count"], one["member"], one["evidence"]) == ("member_guessing", 4, None, [])
    assert (one["store"], one["till"], one["cashier"]) == ("riga-1", "7", "c-12")


async def test_a_batch_notes_what_one_till_tried_in_vain_in_one_go(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[str, str, int]] = []

    async def note(*asked: Any) -> None:
        noted.append((asked[4], asked[5], len(asked[6])))
        await note_misses(*asked)

    monkeypatch.setattr(guesses, "note_misses", note)
    await rung(shop, None, 1)
    at = {"purchased_at": START.isoformat()}
    batch = [
        buy(
            f"b/{n}",
            None,
            [line(1, 100)],
            phone=f"+371292222{n:02}",
            cashier="c-1" if n < 19 else "c-2",
            **at,
        )
        for n in range(20)
    ]
    answer = await shop.post("/v1/purchases/batch", {"purchases": batch}, scope="till")
    assert [one["status"] for one in answer.json()["items"]] == [404] * 20, answer.text
    assert noted == [("7", "c-1", 19), ("7", "c-2", 1)]


def failing(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    """What notes or forgets misses ends so from now on."""

    async def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(guesses, name, fail)


AWAY = [psycopg.OperationalError("the server went away"), PoolTimeout(), Overloaded()]


@pytest.mark.parametrize("error", AWAY, ids=repr)
async def test_who_is_enrolled_is_told_so_though_what_was_tried_before_cannot_be_forgotten(
    shop: Api, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failing(monkeypatch, "forget_misses", error)
    enrolled = await shop.post("/v1/members", {"phone": "+37129333333"}, scope="till")
    assert enrolled.status_code == 201, enrolled.text


@pytest.mark.parametrize("error", AWAY, ids=repr)
async def test_a_till_is_answered_though_what_it_tried_in_vain_cannot_be_noted(
    shop: Api, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    await rung(shop, None, 1)
    failing(monkeypatch, "note_misses", error)
    sought = {"phone": "+37129333333", "till": "7"}
    assert (await shop.post("/v1/members/find", sought, scope="till")).status_code == 404
    unknown = buy("b/1", None, [line(1, 100)], codes=["NONE-1"], purchased_at=START.isoformat())
    sold = await shop.post("/v1/purchases", unknown, scope="till")
    assert (sold.status_code, sold.json()["payable"]) == (201, 100), sold.text


async def test_a_mistake_of_ours_in_noting_is_not_passed_over(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "note_misses", LookupError("a mistake"))
    failing(monkeypatch, "forget_misses", LookupError("a mistake"))
    sought = {"phone": "+37129333333", "till": "7"}
    assert (await shop.post("/v1/members/find", sought, scope="till")).status_code == 500
    assert (await shop.post("/v1/members", {"phone": "+37129333333"}, scope="till")).status_code == 500


async def test_what_was_typed_in_vain_is_kept_nowhere_and_its_hash_for_two_weeks(shop: Api) -> None:
    sought = {"phone": "+37129444444", "till": "7"}
    assert (await shop.post("/v1/members/find", sought, scope="till")).status_code == 404
    assert shop.database is not None
    kept = "SELECT guess, till, times FROM missed_guess"
    async with shop.database.transaction(shop.program.id) as tx:
        (row,) = await fetch_all(tx, kept)
    assert (len(row[0]), *row[1:]) == (16, "7", 1)
    assert b"29444444" not in row[0]
    await set_clock(shop, "2026-03-16T12:00:00+02:00")
    assert await look_at(shop, START + timedelta(days=15)) == 0
    async with shop.database.transaction(shop.program.id) as tx:
        assert await fetch_all(tx, kept) == []


async def test_a_cashier_with_far_more_returns_than_her_colleagues_is_found(shop: Api) -> None:
    await clock_at(shop, 300)
    await shop.patch("/v1/program", {"settings": {"watch": {"returns_a_day": 1000}}})
    batch = [
        buy(f"b/{n}", None, [line(1, 1000)], cashier="c-12" if n < 20 else "c-13", pricing="as_sold",
            purchased_at=(START + timedelta(minutes=n)).isoformat())
        for n in range(120)
    ]  # fmt: skip
    for one in batch:
        one["lines"][0] = {**one["lines"][0], "gross": 1000, "discount": 0}
    answer = await shop.post("/v1/purchases/batch", {"purchases": batch}, scope="till")
    receipts = [one["answer"] for one in answer.json()["items"]]
    for number in range(5):
        await brought_back(shop, receipts[number], 200 + number)
    await brought_back(shop, receipts[50], 210)
    assert await look(shop) == 1
    (one,) = await found(shop, kind="returns_share")
    assert (one["cashier"], one["count"], one["usual"]) == ("c-12", 250, 10)


async def test_the_receipt_beyond_the_cap_is_explained_as_it_was_decided(shop: Api) -> None:
    _, card = await earning_member(shop)
    await shop.patch("/v1/program", {"settings": {"receipts_a_day_per_card": 1}})
    await clock_at(shop, 60)
    first, second = [await rung(shop, card, number) for number in range(2)]
    assert ([len(one["earned"]) for one in (first, second)]) == [1, 0]
    told = (await shop.get(f"/v1/purchases/{second['id']}/explanation")).json()
    assert [one["status"] for one in told["promotions"]] == ["refused"], told


async def test_the_cap_is_exact_for_receipts_that_come_at_once(shop: Api) -> None:
    member, card = await earning_member(shop)
    await shop.patch("/v1/program", {"settings": {"receipts_a_day_per_card": 3}})
    await clock_at(shop, 60)
    answers = await asyncio.gather(*[rung(shop, card, 5, id=f"at-once/{n}", till=str(n)) for n in range(8)])
    assert sorted(len(answer["earned"]) for answer in answers) == [0] * 5 + [1] * 3
    assert (await balance(shop, member))["available"] == 30
