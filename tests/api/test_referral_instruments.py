"""Referrals and payment cards: a friend whose purchase was paid by whoever brought her; kept is a keyed hash only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars.db.pool import Database, fetch_all
from regulars.flows.prune_instruments import prune_instruments
from regulars.purchases import documents
from tests.api.conftest import Api
from tests.api.referring import BOTH, code_of, friend_by, put_program, states
from tests.api.shop import balance, buy, line, member_with_card, record, refused, set_clock

BOUGHT = "2026-03-02T10:00:00+02:00"
OVER = "2026-03-16T10:00:00+02:00"
"""When the return window of what was bought at BOUGHT is over."""
ANNAS, ZANES = "fp_Anna-9f8e7d6c", "fp_Zane-1a2b3c4d"
REFUSED = [("refused", "same_instrument")]
HELD = """
SELECT p.purchase, p.digest, p.member FROM referral_payment AS p ORDER BY p.paid_at, p.purchase, p.digest
"""


def paid(cents: int, *instruments: str | None) -> list[dict[str, Any]]:
    """How a receipt of so many cents was paid: the first with all of it."""
    return [
        {"method": "card", "amount": 0 if place else cents, **({"instrument": one} if one else {})}
        for place, one in enumerate(instruments)
    ]


async def shops(api: Api, request: str, card: str | None, *instruments: str | None, at: str = BOUGHT) -> Any:
    """A purchase of 25.00 that is paid with these; the answer."""
    return await record(
        api, buy(request, card, [line(1, 2500)], purchased_at=at, payments=paid(2500, *instruments))
    )


async def points(api: Api, *members: str) -> list[int]:
    """What members may spend."""
    return [(await balance(api, member))["available"] for member in members]


async def brought(api: Api, **more: Any) -> tuple[str, str, str, str]:
    """Somebody who brought a friend: both with their cards, on the day on which they buy."""
    await put_program(api, **more)
    anna, hers = await member_with_card(api)
    zane, card = await friend_by(api, await code_of(api, anna))
    await set_clock(api, BOUGHT)
    return anna, hers, zane, card


async def kept(database: Database, api: Api) -> list[tuple[Any, ...]]:
    """What is kept of payments."""
    async with database.transaction(api.program.id) as tx:
        return list(await fetch_all(tx, HELD, ()))


@pytest.mark.scenario("S23")
@pytest.mark.parametrize("first", [True, False], ids=["before her", "after her"])
async def test_a_friend_whose_purchase_was_paid_with_the_referrers_card_is_refused_with_the_reason(
    shop: Api, first: bool
) -> None:
    anna, hers, zane, card = await brought(shop)
    if first:
        await shops(shop, "r-0", hers, ANNAS)
    await shops(shop, "r-1", card, ANNAS)
    if not first:
        # Not known when the friend bought; within her return window it still is.
        await set_clock(shop, "2026-03-15T10:00:00+02:00")
        await shops(shop, "r-2", hers, None, ANNAS, at="2026-03-15T10:00:00+02:00")
    assert await states(shop, anna) == [("waiting", None)]
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [0, 0]
    assert await states(shop, anna) == REFUSED
    (listed,) = (await shop.get("/v1/referrals", refused="true")).json()["items"]
    assert (listed["friend"], listed["refused"], listed["given"], listed["withheld"], listed["cost"]) == (
        zane, "same_instrument", [], [], 0,
    )  # fmt: skip
    assert listed["given_at"] is None

    # It stays so, whatever she buys with a card of her own.
    await shops(shop, "r-3", card, ZANES, at=OVER)
    await set_clock(shop, "2026-03-31T10:00:00+03:00")
    assert await points(shop, anna, zane) == [0, 0]
    assert await states(shop, anna) == REFUSED


async def test_a_card_of_her_own_or_of_somebody_else_or_none_that_is_said_brings_what_was_promised(
    shop: Api,
) -> None:
    anna, hers, zane, card = await brought(shop)
    _, others = await member_with_card(shop)
    await shops(shop, "r-0", hers, ANNAS)
    await shops(shop, "r-1", others, ZANES)
    await shops(shop, "r-2", card, ZANES, None)
    # A coffee that she was treated to is too small to count, and says nothing.
    await record(
        shop,
        buy("r-3", card, [line(1, 300)], purchased_at=BOUGHT, payments=paid(300, ANNAS)),
    )
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [500, 300]
    assert await states(shop, anna) == [("rewarded", None)]


async def test_what_the_referrer_pays_with_after_the_reward_takes_nothing_back(shop: Api) -> None:
    anna, hers, zane, card = await brought(shop)
    await shops(shop, "r-1", card, ZANES)
    await set_clock(shop, OVER)
    await shops(shop, "r-2", hers, ZANES, at=OVER)
    await set_clock(shop, "2026-03-17T10:00:00+02:00")
    assert await points(shop, anna, zane) == [500, 300]


async def test_the_card_of_somebody_in_the_referrers_household_is_the_households(shop: Api) -> None:
    anna, _, zane, card = await brought(shop)
    bert, berts = await member_with_card(shop)
    await shops(shop, "r-0", berts, ANNAS)
    made = await shop.post("/v1/accounts", {"kind": "household", "name": "Ozoli", "owner": anna})
    joined = f"/v1/accounts/{made.json()['id']}/members"
    assert (await shop.post(joined, {"members": [{"member": bert, "role": "spender"}]})).status_code == 200
    await shops(shop, "r-1", card, ANNAS)
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [0, 0]
    assert await states(shop, anna) == REFUSED


async def test_a_merge_brings_what_the_duplicate_paid_with(shop: Api) -> None:
    anna, _, zane, card = await brought(shop)
    double, second = await member_with_card(shop)
    await shops(shop, "r-0", second, ANNAS)
    merged = await shop.post(f"/v1/members/{anna}/merge", {"member": double})
    assert merged.status_code == 200, merged.text
    await shops(shop, "r-1", card, ANNAS)
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [0, 0]
    assert await states(shop, anna) == REFUSED


async def test_a_receipt_that_is_claimed_was_paid_by_whoever_claims_it(shop: Api, database: Database) -> None:
    anna, hers, zane, card = await brought(shop)
    await shops(shop, "r-0", hers, ANNAS)
    bought = await shops(shop, "r-1", None, ANNAS)
    assert [row[2] for row in await kept(database, shop)].count(None) == 1
    body = {"card": card, "claim_code": bought["claim_code"]}
    claimed = await shop.post(f"/v1/purchases/{bought['id']}/claim", body, scope="till")
    assert claimed.status_code == 201, claimed.text
    assert [row[2] for row in await kept(database, shop)].count(None) == 0
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [0, 0]
    assert await states(shop, anna) == REFUSED


@pytest.mark.parametrize(
    ("held", "final", "expected"),
    [
        (paid(2500, ANNAS), None, [0, 0]),
        (paid(2500, ANNAS), paid(2500, ZANES), [500, 300]),
        (paid(2500, ANNAS), paid(2500, None), [500, 300]),
        (paid(2500, ZANES), paid(2500, ANNAS), [0, 0]),
        ([], paid(2500, ANNAS), [0, 0]),
    ],
)
async def test_of_a_held_purchase_counts_what_it_was_paid_with_at_the_end(
    shop: Api, held: list[Any], final: list[Any] | None, expected: list[int]
) -> None:
    anna, hers, zane, card = await brought(shop)
    await shops(shop, "r-0", hers, ANNAS)
    sent = buy("r-1", card, [line(1, 2500)], purchased_at=BOUGHT, payments=held, hold=True)
    purchase = (await record(shop, sent))["id"]
    body = {} if final is None else {"payments": final}
    confirmed = await shop.post(f"/v1/purchases/{purchase}/confirm", body, scope="till")
    assert confirmed.status_code == 200, confirmed.text
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == expected


async def test_purchases_that_count_for_a_later_step_are_looked_at_and_what_was_given_before_stays(
    shop: Api,
) -> None:
    later = {"purchases": 2, "referrer": {"points": {"currency": "PTS", "amount": 70}}}
    anna, hers, zane, card = await brought(
        shop,
        steps=[*BOTH["steps"], later],
        milestones=[{"friends": 2, "prize": {"points": {"currency": "PTS", "amount": 9}}}],
    )
    await shops(shop, "r-0", hers, ANNAS)
    await shops(shop, "r-1", card, ZANES)
    await set_clock(shop, OVER)
    await shops(shop, "r-2", card, ANNAS, at=OVER)
    await set_clock(shop, "2026-03-31T10:00:00+03:00")
    assert await points(shop, anna, zane) == [500, 300]
    (listed,) = (await shop.get("/v1/referrals")).json()["items"]
    assert (listed["state"], listed["refused"], listed["given"], listed["withheld"]) == (
        "capped", None, [1, 2], ["same_instrument"],
    )  # fmt: skip
    assert (await shop.get("/v1/referrals", refused="true")).json()["items"] == []


async def test_who_is_refused_so_is_no_friend_for_a_milestone(shop: Api) -> None:
    milestone = {"friends": 2, "prize": {"points": {"currency": "PTS", "amount": 1000}}}
    anna, hers, zane, card = await brought(shop, milestones=[milestone])
    _, second = await friend_by(shop, await code_of(shop, anna))
    await shops(shop, "r-0", hers, ANNAS)
    await shops(shop, "r-1", card, ANNAS)
    await shops(shop, "r-2", second, ZANES)
    await set_clock(shop, OVER)
    assert await points(shop, anna, zane) == [500, 0]


@pytest.mark.parametrize(
    "number",
    ["4111111111111111", "4111 1111 1111 1111", "3782-822463-10005", "4222222222222", "6304000000000000000"],
)
async def test_the_number_of_a_card_is_refused_and_not_repeated(
    shop: Api, database: Database, number: str
) -> None:
    await put_program(shop)
    _, card = await member_with_card(shop)
    body = buy("r-1", card, [line(1, 2500)], payments=paid(2500, ANNAS, number))
    for path in ("/v1/purchases", "/v1/purchases/preview"):
        answer = await shop.post(path, body, scope="till")
        assert refused(answer) == (422, "invalid_value", "/payments/1/instrument")
        assert "looks like the number of a payment card" in answer.text
        assert number not in answer.text
    held = await record(shop, buy("r-2", card, [line(1, 2500)], hold=True))
    answer = await shop.post(
        f"/v1/purchases/{held['id']}/confirm", {"payments": paid(2500, number)}, scope="till"
    )
    assert refused(answer) == (422, "invalid_value", "/payments/0/instrument")
    assert await kept(database, shop) == []


@pytest.mark.parametrize("instrument", ["1111", "x" * 201, " fp_123456", "fp_12345\n", "fp_kārte1"])
async def test_what_cannot_be_a_token_is_refused(shop: Api, instrument: str) -> None:
    _, card = await member_with_card(shop)
    body = buy("r-1", card, [line(1, 2500)], payments=paid(2500, instrument))
    answer = await shop.post("/v1/purchases", body, scope="till")
    assert refused(answer) == (422, "invalid_value", "/payments/0/instrument")


async def test_neither_the_purchase_nor_any_answer_shows_what_it_was_paid_with(
    shop: Api, database: Database
) -> None:
    await put_program(shop)
    anna, card = await member_with_card(shop)
    await set_clock(shop, BOUGHT)
    bought = await shops(shop, "r-1", card, ANNAS)
    again = await shop.post(
        "/v1/purchases",
        buy("r-1", card, [line(1, 2500)], purchased_at=BOUGHT, payments=paid(2500, ANNAS)),
        scope="till",
    )
    assert (again.status_code, again.json()["id"]) == (201, bought["id"])
    shown = [again.text, str(bought)]
    for path in (
        f"/v1/purchases/{bought['id']}",
        f"/v1/purchases/{bought['id']}/explanation",
        "/v1/purchases",
        f"/v1/members/{anna}/export",
        f"/v1/members/{anna}",
    ):
        answer = await shop.get(path)
        assert answer.status_code == 200, answer.text
        shown.append(answer.text)
    async with database.transaction(shop.program.id) as tx:
        rows = await fetch_all(tx, "SELECT document FROM purchase", ())
    shown += [str(documents.unpack(row[0])) for row in rows]
    assert len(rows) == 1
    assert [ANNAS in one for one in shown] == [False] * len(shown)
    assert documents.unpack(rows[0][0]).request.payments[0].method == "card"
    ((_, digest, _),) = await kept(database, shop)
    assert (len(digest), ANNAS.encode() in digest) == (32, False)


async def test_where_nobody_is_brought_nothing_is_kept_and_of_a_purchase_each_card_once(
    shop: Api, database: Database
) -> None:
    _, card = await member_with_card(shop)
    await shops(shop, "r-1", card, ANNAS, at="2026-03-01T10:00:00+02:00")
    assert await kept(database, shop) == []
    await put_program(shop, stopped=True)
    await shops(shop, "r-2", card, ANNAS, ZANES, ANNAS, None, at="2026-03-01T10:00:00+02:00")
    assert len(await kept(database, shop)) == 2


async def test_an_erasure_forgets_what_she_paid_with_and_says_so(shop: Api, database: Database) -> None:
    anna, hers, _, card = await brought(shop)
    await shops(shop, "r-0", hers, ANNAS)
    await shops(shop, "r-1", card, ZANES)
    assert (await shop.delete(f"/v1/members/{anna}")).status_code == 200
    certificate = (await shop.get(f"/v1/members/{anna}/erasure")).json()["certificate"]
    assert (certificate["removed"]["referral_payments"], certificate["left"].get("referral_payments", 0)) == (
        1,
        0,
    )
    assert len(await kept(database, shop)) == 1


async def test_what_no_referral_turns_on_any_more_is_forgotten(shop: Api, database: Database) -> None:
    await put_program(shop)
    _, card = await member_with_card(shop)
    await set_clock(shop, BOUGHT)
    await shops(shop, "r-1", card, ANNAS)
    await shops(shop, "r-2", None, ANNAS)
    bought = datetime.fromisoformat(BOUGHT)
    steps = [timedelta(days=14), timedelta(days=14, seconds=1), timedelta(days=400), timedelta(days=401)]
    assert [await prune_instruments(database, shop.program.id, bought + one) for one in steps] == [0, 1, 0, 1]
    assert await kept(database, shop) == []
