"""An import by several processes: how far the file is whole, and to whom a receipt goes."""

from __future__ import annotations

import pytest

from regulars.cli import import_pool
from regulars.cli.import_pool import Frontier, shard_of
from regulars.interchange.table import Row

pytestmark = pytest.mark.fast


def receipt(**cells: str) -> tuple[Row, ...]:
    return (Row(2, cells), Row(3, {"purchase": cells.get("purchase", "")}))


def test_the_file_is_whole_up_to_the_first_receipt_that_is_not() -> None:
    frontier = Frontier()
    found = []
    for places in ([2, 3], [1], [5], [0], [4]):
        frontier.note(places, faulty=False)
        found.append(frontier.whole)
    assert found == [0, 0, 0, 4, 6]


def test_it_is_never_whole_beyond_a_fault_and_remembers_no_more_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_pool, "BEHIND_MAX", 3)
    frontier = Frontier(10)
    frontier.note([11, 12], faulty=True)
    for place in (13, 14, 10, 15, 16, 17, 18):
        frontier.note([place], faulty=False)
    assert frontier.whole == 11
    assert len(frontier._beyond) <= 3


def test_the_receipts_of_one_customer_go_to_one_process_and_those_of_many_to_all() -> None:
    first = {shard_of(receipt(purchase=f"p-{n}", card="9900 1"), 4) for n in range(50)}
    many = {shard_of(receipt(purchase=f"p-{n}", card=f"9900 {n}"), 4) for n in range(50)}
    anonymous = {shard_of(receipt(purchase=f"p-{n}"), 4) for n in range(50)}
    assert (len(first), many, anonymous) == (1, {0, 1, 2, 3}, {0, 1, 2, 3})
