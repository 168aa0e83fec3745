"""Members of another system, sent by several at once: each is entered once, and nobody's phone twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.races.acts import Houses, at_once


def people(count: int, prefix: str) -> list[dict[str, Any]]:
    """So many with the same phones, named by another system's prefix."""
    return [
        {"external_id": f"{prefix}-{n}", "phone": f"+3712{n:07}", "balances": [{"points": n + 1}]} for n in range(count)
    ]  # fmt: skip


async def statuses(houses: Houses, *batches: list[dict[str, Any]]) -> list[Counter[int]]:
    """How often which status in each batch, all sent at once."""
    answers = await at_once(
        [houses.at(n).post("/v1/members/batch", {"members": batch}) for n, batch in enumerate(batches)]
    )
    assert [answer.status_code for answer in answers] == [200] * len(batches)
    return [Counter(item["status"] for item in answer.json()["items"]) for answer in answers]


async def test_the_same_file_sent_four_times_at_once_is_entered_once(houses: Houses) -> None:
    found = await statuses(houses, *[people(60, "crm")] * 4)

    total = sum(found, Counter())
    assert total == {201: 60, 200: 180}
    assert [await houses.rows(table) for table in ("member", "posting", "lot")] == [60, 60, 60]
    await houses.require_good_books()


async def test_two_systems_that_know_the_same_phones_enter_each_person_once(houses: Houses) -> None:
    first, second = people(60, "a"), people(60, "b")[::-1]
    found = await statuses(houses, first, second)

    assert sum(found, Counter()) == {201: 60, 409: 60}
    assert [await houses.rows(table) for table in ("member", "identifier", "lot")] == [60, 120, 60]
    await houses.require_good_books()
