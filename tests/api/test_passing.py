"""Points that members pass on: limits and cooling-off of transfers, taken back, donations, exchange of currencies."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import buy, give, line, member_with_card, refused, set_clock, settle
from tests.api.test_accounts import assert_the_books_are_in_order

NEXT_DAY = "2026-03-02T00:00:00+02:00"


async def send(api: Api, giver: str, taker: str, amount: int) -> Any:
    """A transfer's answer."""
    body = {"to": taker, "currency": "PTS", "amount": amount}
    return await api.post(f"/v1/members/{giver}/transfers", body)


async def two(api: Api, points: int, **passing: Any) -> tuple[str, str]:
    """A giver with points, and a taker, under these rules."""
    await settle(api, passing=passing)
    (giver, _), (taker, _) = await member_with_card(api), await member_with_card(api)
    await give(api, giver, points)
    return giver, taker


async def have(api: Api, member: str, currency: str = "PTS") -> int:
    """What a member may spend."""
    found = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"]
    return next(one["available"] for one in found if one["currency"] == currency)


async def test_a_day_and_a_month_allow_so_much_and_the_next_day_begins_anew(
    shop: Api, database: Database
) -> None:
    giver, taker = await two(shop, 1000, least=10, most=200, a_day=250, a_month=300)
    assert refused(await send(shop, giver, taker, 9)) == (422, "invalid_value", "/amount")
    assert refused(await send(shop, giver, taker, 201)) == (422, "invalid_value", "/amount")
    assert (await send(shop, giver, taker, 200)).status_code == 201
    over = await send(shop, giver, taker, 51)
    assert (*refused(over)[:2], over.json()["left"]) == (409, "passing_limit", 50)
    assert (await send(shop, giver, taker, 50)).status_code == 201
    await set_clock(shop, NEXT_DAY)
    over = await send(shop, giver, taker, 51)
    assert (*refused(over)[:2], over.json()["left"]) == (409, "passing_limit", 50)
    assert (await send(shop, giver, taker, 50)).status_code == 201
    assert [await have(shop, one) for one in (giver, taker)] == [700, 300]
    await assert_the_books_are_in_order(shop, database)


async def test_what_was_received_or_earned_has_to_cool_off(shop: Api) -> None:
    giver, taker = await two(shop, 100, cooling_hours=24)
    assert refused(await send(shop, giver, taker, 1))[:2] == (409, "cooling_off")
    await set_clock(shop, "2026-03-02T11:00:00+02:00")
    assert (await send(shop, giver, taker, 100)).status_code == 201
    third, _ = await member_with_card(shop)
    assert refused(await send(shop, taker, third, 1))[:2] == (409, "cooling_off")
    await set_clock(shop, "2026-03-03T11:00:00+02:00")
    assert (await send(shop, taker, third, 100)).status_code == 201


async def test_a_new_member_waits_and_a_fee_goes_to_the_operator(shop: Api, database: Database) -> None:
    giver, taker = await two(shop, 105, member_days=2, fee=5)
    assert refused(await send(shop, giver, taker, 1))[:2] == (409, "cooling_off")
    await set_clock(shop, "2026-03-03T11:00:00+02:00")
    assert refused(await send(shop, giver, taker, 101))[:2] == (409, "insufficient_points")
    done = (await send(shop, giver, taker, 100)).json()
    assert (done["fee"], done["available"]) == (5, 0)
    assert await have(shop, taker) == 100
    await assert_the_books_are_in_order(shop, database)


async def test_a_transfer_is_taken_back_whole_and_once_while_nothing_was_spent(
    shop: Api, database: Database
) -> None:
    giver, taker = await two(shop, 100, take_back_hours=2, a_day=100)
    first = (await send(shop, giver, taker, 60)).json()["transfer"]
    path = f"/v1/members/{giver}/transfers/{first}/take-back"
    back = await shop.post(path)
    assert (back.status_code, back.json()["amount"], back.json()["available"]) == (200, 60, 100)
    assert refused(await shop.post(path))[:2] == (409, "state_conflict")
    second = (await send(shop, giver, taker, 100)).json()["transfer"]
    assert refused(await shop.post(f"/v1/members/{taker}/transfers/{second}/take-back"))[:2] == (
        404,
        "not_found",
    )
    body = {"currency": "PTS", "amount": -1, "reason": "spent"}
    assert (await shop.post(f"/v1/members/{taker}/adjustments", body)).status_code == 201
    path = f"/v1/members/{giver}/transfers/{second}/take-back"
    assert refused(await shop.post(path))[:2] == (409, "state_conflict")
    assert [await have(shop, one) for one in (giver, taker)] == [0, 99]
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.parametrize("named", ["the duplicate", "who stays"])
async def test_a_transfer_of_a_member_who_was_merged_since_is_taken_back_once(
    shop: Api, database: Database, named: str
) -> None:
    giver, taker = await two(shop, 60, take_back_hours=2)
    survivor, _ = await member_with_card(shop)
    made = (await send(shop, giver, taker, 60)).json()["transfer"]
    paths = [f"/v1/members/{one}/transfers/{made}/take-back" for one in (giver, survivor)]
    assert refused(await shop.post(paths[1]))[:2] == (404, "not_found")
    assert (await shop.post(f"/v1/members/{survivor}/merge", {"member": giver})).status_code == 200
    assert refused(await shop.post(f"/v1/members/{taker}/transfers/{made}/take-back"))[:2] == (
        404,
        "not_found",
    )
    back = await shop.post(paths[0] if named == "the duplicate" else paths[1])
    assert (back.status_code, back.json()["amount"], back.json()["available"]) == (200, 60, 60)
    for path in paths:
        assert refused(await shop.post(path))[:2] == (409, "state_conflict")
    assert [await have(shop, one) for one in (survivor, taker)] == [60, 0]
    await assert_the_books_are_in_order(shop, database)


async def test_it_is_too_late_to_take_back_after_the_hours(shop: Api) -> None:
    giver, taker = await two(shop, 100, take_back_hours=2)
    made = (await send(shop, giver, taker, 60)).json()["transfer"]
    await set_clock(shop, "2026-03-01T13:00:01+02:00")
    answer = await shop.post(f"/v1/members/{giver}/transfers/{made}/take-back")
    assert refused(answer)[:2] == (409, "state_conflict")
    assert [await have(shop, one) for one in (giver, taker)] == [40, 60]


async def test_a_donation_leaves_for_good_with_a_certificate_and_is_counted_for_its_charity(
    shop: Api, database: Database
) -> None:
    await shop.post("/v1/partners", {"code": "shelter", "name": "Ulubele animal shelter"})
    anna, _ = await two(shop, 1000, charities=["shelter"])
    path, body = f"/v1/members/{anna}/donations", {"charity": "shelter", "currency": "PTS", "amount": 250}
    made = await shop.post(path, body, key="give")
    assert made.status_code == 201, made.text
    said = made.json()
    assert (said["charity_name"], said["amount"], said["worth"], said["available"]) == (
        "Ulubele animal shelter", 250, 250, 750,
    )  # fmt: skip
    assert (await shop.post(path, body, key="give")).json() == said
    assert (await shop.post(path, body)).status_code == 201
    assert refused(await shop.post(path, {**body, "amount": 501}))[:2] == (409, "insufficient_points")
    assert refused(await shop.post(path, {**body, "charity": "riga"})) == (422, "invalid_value", "/charity")
    assert (await shop.get("/v1/donations")).json()["items"] == [
        {"charity": "shelter", "currency": "PTS", "amount": 500, "worth": 500, "donations": 2}
    ]
    kinds = [one["kind"] for one in (await shop.get(f"/v1/members/{anna}/statement")).json()["items"]]
    assert kinds == ["donation", "donation", "adjustment"]
    await assert_the_books_are_in_order(shop, database)


async def miles(api: Api, **more: Any) -> None:
    """Miles beside points, 3 points for 2 miles."""
    made = await api.post("/v1/currencies", {"code": "MIL", "kind": "points", "worth": "0.01", **more})
    assert made.status_code == 201, made.text
    rate = await api.call("PUT", "/v1/points-rates/PTS/MIL", {"give": 3, "get": 2, "least": 10, "a_day": 500})
    assert rate.status_code == 200, rate.text


async def test_an_exchange_is_both_legs_rounded_down_once_with_the_earlier_expiry(
    shop: Api, database: Database
) -> None:
    await miles(shop, expires_after_days=10)
    anna, _ = await member_with_card(shop)
    for points in (50, 51):
        await give(shop, anna, points)
    path, body = f"/v1/members/{anna}/exchanges", {"currency": "PTS", "target": "MIL", "amount": 101}
    foreseen = (await shop.post(f"{path}/preview", body)).json()
    assert (foreseen["received"], foreseen["available"], foreseen["id"]) == (67, 0, None)
    assert await have(shop, anna) == 101
    made = await shop.post(path, body, key="change")
    assert made.status_code == 201, made.text
    assert (made.json()["received"], made.json()["available"]) == (67, 0)
    assert (await shop.post(path, body, key="change")).json() == made.json()
    assert [await have(shop, anna, code) for code in ("PTS", "MIL")] == [0, 67]
    found = (await shop.get(f"/v1/members/{anna}/balance")).json()["currencies"]
    expiring = next(one["expiring"] for one in found if one["currency"] == "MIL")
    assert [(one["amount"], one["at"]) for one in expiring] == [(67, "2026-03-11T22:00:00Z")]
    items = (await shop.get(f"/v1/members/{anna}/statement")).json()["items"]
    assert {one["kind"] for one in items} == {"adjustment", "exchange_out", "exchange_in"}
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.parametrize("worth", ["0.01", "0.000997"])
async def test_points_are_exchanged_there_and_back_as_often_as_she_likes(
    shop: Api, database: Database, worth: str
) -> None:
    for code in ("AAA", "BBB"):
        made = await shop.post("/v1/currencies", {"code": code, "kind": "points", "worth": worth})
        assert made.status_code == 201, made.text
    for pair, rate in (("AAA/BBB", {"give": 997, "get": 991}), ("BBB/AAA", {"give": 991, "get": 983})):
        assert (await shop.call("PUT", f"/v1/points-rates/{pair}", rate)).status_code == 200
    anna, _ = await member_with_card(shop)
    gift = {"currency": "AAA", "amount": 5_000, "reason": "to test with"}
    assert (await shop.post(f"/v1/members/{anna}/adjustments", gift)).status_code == 201
    amount, statuses = 5_000, []
    for n in range(30):
        currency, target = ("AAA", "BBB") if n % 2 == 0 else ("BBB", "AAA")
        body = {"currency": currency, "target": target, "amount": amount}
        answer = await shop.post(f"/v1/members/{anna}/exchanges", body)
        statuses.append(answer.status_code)
        amount = answer.json().get("received", 0)
    assert statuses == [201] * 30
    assert [await have(shop, anna, code) for code in ("AAA", "BBB")] == [amount, 0]
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"amount": 9}, (422, "invalid_value", "/amount")),
        ({"amount": 501}, (409, "passing_limit", None)),
        ({"amount": 400}, (409, "insufficient_points", None)),
        ({"currency": "MIL", "target": "PTS"}, (422, "invalid_value", "/target")),
        ({"target": "XYZ"}, (422, "currency_unknown", "/target")),
    ],
)
async def test_an_exchange_that_cannot_be_leaves_no_trace(
    shop: Api, changed: dict[str, Any], expected: tuple[int, str, str | None]
) -> None:
    await miles(shop)
    anna, _ = await member_with_card(shop)
    await give(shop, anna, 300)
    body = {"currency": "PTS", "target": "MIL", "amount": 30, **changed}
    assert refused(await shop.post(f"/v1/members/{anna}/exchanges", body)) == expected
    assert [await have(shop, anna, code) for code in ("PTS", "MIL")] == [300, 0]


async def test_rates_that_would_make_points_of_nothing_are_refused(shop: Api) -> None:
    await miles(shop)
    pump = await shop.call("PUT", "/v1/points-rates/MIL/PTS", {"give": 1, "get": 2})
    assert refused(pump) == (422, "contradictory_configuration", "/get")
    fair = await shop.call("PUT", "/v1/points-rates/MIL/PTS", {"give": 2, "get": 3})
    assert (fair.status_code, fair.json()["revision"]) == (200, 1)
    assert len((await shop.get("/v1/points-rates")).json()["items"]) == 2


async def test_a_circle_of_rates_that_would_make_points_of_nothing_is_refused(shop: Api) -> None:
    await miles(shop)  # 3 points for 2 miles
    for code in ("NTS", "ZZZ"):
        await shop.post("/v1/currencies", {"code": code, "kind": "points", "worth": "0.01"})

    async def put(pair: str, give: int, get: int, **more: Any) -> Any:
        return await shop.call("PUT", f"/v1/points-rates/{pair}", {"give": give, "get": get, **more})

    for pair in ("MIL/NTS", "MIL/ZZZ"):
        assert (await put(pair, 1, 1)).status_code == 200
    assert refused(await put("NTS/PTS", 100, 151)) == (422, "contradictory_configuration", "/get")
    assert (await put("NTS/PTS", 2, 3)).status_code == 200
    assert refused(await put("ZZZ/NTS", 1000, 1001)) == (422, "contradictory_configuration", "/get")
    assert (await put("ZZZ/NTS", 1000, 1001, stopped=True)).status_code == 200
    assert refused(await put("ZZZ/NTS", 1000, 1001)) == (422, "contradictory_configuration", "/get")
    assert refused(await put("PTS/MIL", 299, 200)) == (422, "contradictory_configuration", "/get")
    assert (await put("MIL/NTS", 1, 1, stopped=True)).status_code == 200
    assert (await put("ZZZ/NTS", 1000, 1000)).status_code == 200
    assert refused(await put("MIL/NTS", 1, 2)) == (422, "contradictory_configuration", "/get")


async def test_an_earner_of_a_company_passes_nothing_on(shop: Api) -> None:
    await miles(shop)
    await shop.post("/v1/partners", {"code": "shelter", "name": "Shelter"})
    boss, anna = await two(shop, 300, charities=["shelter"])
    made = await shop.post(
        "/v1/accounts", {"kind": "company", "name": "SIA Vējš", "owner": boss, "bring_points": True}
    )
    account = made.json()["id"]
    await shop.post(f"/v1/accounts/{account}/members", {"members": [{"member": anna, "role": "earner"}]})
    third, _ = await member_with_card(shop)
    acts = [
        ("transfers", {"to": third, "currency": "PTS", "amount": 1}),
        ("donations", {"charity": "shelter", "currency": "PTS", "amount": 1}),
        ("exchanges", {"currency": "PTS", "target": "MIL", "amount": 10}),
    ]
    for path, body in acts:
        answer = await shop.post(f"/v1/members/{anna}/{path}", body)
        assert refused(answer)[:2] == (403, "spending_not_allowed")


async def test_an_owner_with_a_limit_a_day_passes_on_no_more_than_she_may_spend(
    shop: Api, database: Database
) -> None:
    await shop.post("/v1/partners", {"code": "shelter", "name": "Shelter"})
    boss, third = await two(shop, 1000, charities=["shelter"], take_back_hours=2, fee=10)
    anna, card = await member_with_card(shop)
    account = {"kind": "company", "name": "SIA Vējš", "owner": boss, "bring_points": True}
    path = f"/v1/accounts/{(await shop.post('/v1/accounts', account)).json()['id']}/members"
    owner = {"member": anna, "role": "owner", "daily_limit": 500}
    assert (await shop.post(path, {"members": [owner]})).json()["items"][0]["status"] == 200
    gift = {"charity": "shelter", "currency": "PTS", "amount": 200}

    assert (await shop.post(f"/v1/members/{anna}/donations", gift)).status_code == 201
    over = await send(shop, anna, third, 291)
    assert (*refused(over), over.json()["left"]) == (403, "spender_limit", "/amount", 300)
    sent = await send(shop, anna, third, 290)
    assert sent.status_code == 201
    over = await shop.post(f"/v1/members/{anna}/donations", {**gift, "amount": 1})
    assert (*refused(over), over.json()["left"]) == (403, "spender_limit", "/amount", 0)
    wish = [{"currency": "PTS", "amount": 1}]
    bought = await shop.post("/v1/purchases", buy("r-1", card, [line(1, 500)], spend=wish), scope="till")
    assert refused(bought) == (403, "spender_limit", "/spend")
    assert (await send(shop, boss, third, 300)).status_code == 201  # whose limit is none

    # What she took back was not spent.
    back = f"/v1/members/{anna}/transfers/{sent.json()['transfer']}/take-back"
    assert (await shop.post(back)).status_code == 200
    assert (await shop.post(f"/v1/members/{anna}/donations", {**gift, "amount": 300})).status_code == 201
    assert [await have(shop, one) for one in (anna, third)] == [180, 300]
    await assert_the_books_are_in_order(shop, database)
