"""Guessing is slowed wherever a code is shown: at each till after so many unknown ones, and for a key in all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.shop import buy, line, member_with_card, record, refused, settle
from tests.api.test_gift_cards import by_card

GOODS = [line(1, 400)]
AT_TILLS: dict[str, tuple[str, Callable[[str, str], dict[str, Any]], int]] = {
    "a code in a preview": (
        "/v1/purchases/preview", lambda code, till: buy("p", None, GOODS, codes=[code], till=till), 200,
    ),
    "a code in a purchase": (
        "/v1/purchases", lambda code, till: buy(code, None, GOODS, codes=[code], till=till), 201,
    ),
    "a gift card in a preview": (
        "/v1/purchases/preview", lambda code, till: buy("p", None, GOODS, **by_card(code, 400), till=till), 409,
    ),
    "a gift card in a purchase": (
        "/v1/purchases", lambda code, till: buy(code, None, GOODS, **by_card(code, 400), till=till), 409,
    ),
    "a gift card": ("/v1/gift-cards/find", lambda code, till: {"code": code, "till": till}, 404),
    "a voucher": ("/v1/vouchers/find", lambda code, till: {"code": code, "till": till}, 404),
    "a voucher that is used": ("/v1/vouchers/redeem", lambda code, till: {"code": code, "till": till}, 404),
}  # fmt: skip
"""What is sent where with a code that is none, and what it is answered with."""


@pytest.mark.parametrize("what", AT_TILLS)
async def test_unknown_codes_make_a_till_wait_and_no_other(shop: Api, what: str) -> None:
    path, body, status = AT_TILLS[what]
    await settle(shop, wrong_codes_a_minute=2)

    async def tried(n: int, till: str) -> int:
        return (await shop.post(path, body(f"GUESS-{n}", till), scope="till")).status_code

    assert [await tried(n, "7") for n in range(4)] == [status, status, 429, 429]
    assert await tried(5, "8") == status


@pytest.mark.parametrize("what", AT_TILLS)
async def test_a_key_may_not_name_another_till_for_each_guess(shop: Api, what: str) -> None:
    path, body, status = AT_TILLS[what]
    await settle(shop, wrong_codes_a_minute=1)
    answers = [
        (await shop.post(path, body(f"GUESS-{n}", f"t{n}"), scope="till")).status_code for n in range(11)
    ]
    assert answers == [status] * 10 + [429]


async def test_unknown_codes_make_whoever_blocks_gift_cards_wait(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=2)
    answers = [
        await shop.post("/v1/gift-cards/block", {"code": f"GUESS-{n}"}, scope="till") for n in range(3)
    ]
    assert [refused(one)[:2] for one in answers] == [(404, "not_found")] * 2 + [(429, "too_many_requests")]


async def test_a_claim_code_cannot_be_guessed_by_what_is_printed_on_a_receipt(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=2)
    member, _ = await member_with_card(shop)
    bought = await record(shop, buy("till-7/000123", None, GOODS))
    body = {"request": "till-7/000123", "member": member}
    wrong = [
        await shop.post("/v1/purchases/claim", {**body, "claim_code": f"2222-222{n}"}, scope="till")
        for n in range(2, 5)
    ]
    right = await shop.post("/v1/purchases/claim", {**body, "claim_code": bought["claim_code"]}, scope="till")
    assert [refused(one)[:2] for one in wrong] == [(403, "claim_code_wrong")] * 2 + [
        (429, "too_many_requests")
    ]
    assert refused(right)[:2] == (429, "too_many_requests")
