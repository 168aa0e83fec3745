"""Held points that are freed after their date: they live on for the days of grace, whatever frees them first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.programs import registry
from tests.api.conftest import Api
from tests.api.data import bring_in, table
from tests.api.data import take_back as undo
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish, record, set_clock, settle
from tests.api.test_accounts import assert_the_books_are_in_order

BEFORE_MIDNIGHT = "2026-03-02T23:55:00+02:00"
AFTER_MIDNIGHT = "2026-03-03T00:15:00+02:00"
"""The points expired at midnight, and a hold of a quarter of an hour lapsed ten minutes after it."""


async def with_points_of_the_day(api: Api) -> tuple[str, str]:
    """A member with 100 points that are good until tomorrow, in a program that gives 30 days of grace; her card."""
    await settle(api, expired_points_on_return="restore", grace_days=30)
    made = await api.post("/v1/currencies", {"code": "DAY", "expires_after_days": 1})
    assert made.status_code == 201, made.text
    await publish(api, MEMBER_POINTS)
    member, card = await member_with_card(api)
    await api.get("/v1/rewards", member=member)  # what is fresh is known to the process from now on
    body = {"currency": "DAY", "amount": 100, "reason": "to test with"}
    given = await api.post(f"/v1/members/{member}/adjustments", body)
    assert given.status_code == 201, given.text
    return member, card


async def hold_over_midnight(api: Api, database: Database, card: str) -> None:
    """Hold all of it before midnight; it is after midnight, and no job has run."""
    await set_clock(api, BEFORE_MIDNIGHT)
    spend = [{"currency": "DAY", "amount": 100}]
    await record(api, buy("h-1", card, [line(1, 1000)], hold=True, spend=spend))
    async with database.transaction(api.program.id) as tx:
        await registry.move_clock(tx, api.program.id, datetime.fromisoformat(AFTER_MIDNIGHT))


async def of_the_day(api: Api, member: str) -> list[tuple[int, str]]:
    """What she has of them, with the end of each part."""
    currencies = (await api.get(f"/v1/members/{member}/balance")).json()["currencies"]
    (found,) = [one for one in currencies if one["currency"] == "DAY"]
    return [(one["amount"], one["at"]) for one in found["expiring"]]


GRACE = [(100, "2026-04-01T22:10:00Z")]


async def test_a_claimed_receipt_leaves_them_the_days_of_grace(shop: Api, database: Database) -> None:
    member, card = await with_points_of_the_day(shop)
    bought: dict[str, Any] = await record(shop, buy("r-1", None, [line(1, 5000)]))
    await hold_over_midnight(shop, database, card)

    body = {"card": card, "claim_code": bought["claim_code"]}
    claimed = await shop.post(f"/v1/purchases/{bought['id']}/claim", body, scope="till")

    assert claimed.status_code == 201, claimed.text
    assert await of_the_day(shop, member) == GRACE
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.fast
async def test_an_import_that_is_undone_leaves_them_the_days_of_grace(shop: Api, database: Database) -> None:
    member, card = await with_points_of_the_day(shop)
    rows = table("csv", ("card", "currency", "points", "earned_at"), [(card, "PTS", "40", "2026-02-01")])
    done = await bring_in(shop, database, rows, "balances")
    assert done["made"] == 1, done
    await hold_over_midnight(shop, database, card)

    undone = await undo(shop, database, done)

    assert (undone["undone"], undone["kept"]) == (1, 0)
    assert await of_the_day(shop, member) == GRACE
    await assert_the_books_are_in_order(shop, database)


async def test_a_preview_counts_on_the_days_of_grace(shop: Api, database: Database) -> None:
    _, card = await with_points_of_the_day(shop)
    await hold_over_midnight(shop, database, card)
    body = buy("r-1", card, [line(1, 1000)], spend=[{"currency": "DAY", "amount": 100}])

    seen = await shop.post("/v1/purchases/preview", body, scope="till")

    assert seen.status_code == 200, seen.text
    assert (await record(shop, body))["paid_with_points"] == seen.json()["paid_with_points"] == 100
