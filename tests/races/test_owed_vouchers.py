"""Uses of vouchers are booked once, whatever many workers do at once and whatever is used meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from regulars.flows import voucher_money
from regulars.flows.known_programs import KnownPrograms
from tests.api.prizes import claimed, sold_voucher
from tests.api.shop import give, member_with_card
from tests.conftest import START
from tests.races.acts import Houses
from tests.races.test_guards import must_go_red

ROUNDS = 4


async def used_while_rounds_book(houses: Houses) -> None:
    """Six vouchers of 5.00, each used once while workers are at it: 30.00 was owed, and is settled to the cent."""
    api = houses.at(0)
    reward = await sold_voucher(api)
    member, _ = await member_with_card(api)
    await give(api, member, 3000)
    codes = [one["code"] for one in (await claimed(api, member, reward, quantity=6))["vouchers"]]
    assert api.database is not None
    database, program = api.database, api.program.id

    async def use(n: int, code: str) -> None:
        answer = await houses.at(n).post("/v1/vouchers/redeem", {"code": code})
        assert answer.status_code == 200, answer.text

    async def book() -> None:
        await voucher_money.book_vouchers(database, KnownPrograms(database), program, START)

    await use(0, codes[0])
    await asyncio.gather(
        *(book() for _ in range(ROUNDS)), *(use(n, code) for n, code in enumerate(codes[1:]))
    )
    await asyncio.gather(*(book() for _ in range(ROUNDS)))

    assert (await api.get("/v1/liabilities")).json()["vouchers"] == 0
    async with database.transaction(program) as tx:
        rows = await tx.execute(
            "SELECT sum(amount)::bigint, count(DISTINCT posting)::integer FROM entry"
            " WHERE currency = 'VOUCHER_EUR' AND target = 'redeemed'"
        )
        assert await rows.fetchone() == (3000, 6)
    await houses.require_good_books()


async def test_each_use_is_booked_once(houses: Houses) -> None:
    await used_while_rounds_book(houses)


@pytest.mark.full
async def test_where_what_was_booked_is_not_read_it_is_booked_again(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: Any) -> Any:
        return voucher_money.Booked()

    monkeypatch.setattr(voucher_money.voucher_book, "booked", nothing)

    await must_go_red(houses, used_while_rounds_book(houses))
