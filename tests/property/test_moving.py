"""Points that move between pools: whatever is earned, spent, merged and parted meanwhile, none is made or lost."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import START

from regulars import ids
from regulars.ledger import moving
from regulars.ledger.moving import MovedCurrency, Spent
from regulars.ledger.page import Page

CURRENCIES: tuple[str, ...] = ("PTS", "STAMPS")


def worth(pages: list[Page]) -> dict[str, int]:
    """What all pools have, less what they owe: no expiry falls due in these tests."""
    total = dict.fromkeys(CURRENCIES, 0)
    for page in pages:
        for code in CURRENCIES:
            balance = page.balance(code, START)
            total[code] += balance.available + balance.pending + balance.held - balance.debt
    return total


def act(chance: Random, page: Page) -> dict[str, int]:
    """Something that a purchase or return does to a page; by how much it changes what all have."""
    code = chance.choice(CURRENCIES)
    amount = chance.randint(1, 50)
    page.begin("purchase", effective_at=START, recorded_at=START, actor="test")
    what = chance.choice(("earn", "earn", "pend", "spend", "take_back"))
    if what in ("earn", "pend"):
        active = START + timedelta(days=7 if what == "pend" else 0)
        page.earn(
            code, amount, earned_at=START, active_at=active, expires_at=active + timedelta(days=900),
            issuer=None, funder=None,
        )  # fmt: skip
        return {code: amount}
    if what == "spend":
        amount = min(amount, page.available(code, START))
        if amount:
            page.spend(code, amount, START)
        return {code: -amount}
    page.take_back(code, amount, [], "debt", START)
    return {code: -amount}


def spent_of(page: Page, moved: MovedCurrency, free_then: dict[UUID, int]) -> list[Spent]:
    """What was drawn of the lots that came, since they came."""
    drawn = [(lot.target, free_then[lot.target] - page.lot(lot.target).free) for lot in moved.lots]
    return [Spent(lot, amount) for lot, amount in drawn if amount > 0]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_points_are_neither_made_nor_lost_by_merging_and_parting(seed: int) -> None:
    chance = Random(seed)
    pages = [Page(ids.new(home), home) for home in (1, 2, 3)]
    expected = dict.fromkeys(CURRENCIES, 0)
    merged: tuple[int, int, tuple[MovedCurrency, ...]] | None = None
    for _ in range(chance.randint(1, 40)):
        source, target = chance.sample(range(3), 2)
        if chance.random() < 0.75:
            for code, change in act(chance, pages[chance.randrange(3)]).items():
                expected[code] += change
        elif merged is None:
            moved = moving.move_all(pages[source], pages[target], START, "test", "merged")
            merged = (source, target, moved)
            assert all(not pages[source].balance(code, START).available for code in CURRENCIES)
        else:
            source, target, moved = merged
            for one in moved:
                came = {lot.target: lot.amount for lot in one.lots}
                spent = spent_of(pages[target], one, came)
                moving.move_back(pages[target], pages[source], one, spent, START, "test", "undone")
            merged = None
        assert worth(pages) == expected
        for page in pages:
            for code in CURRENCIES:
                balance = page.balance(code, START)
                assert min(balance.available, balance.pending, balance.debt) >= 0
                assert not (balance.available and balance.debt)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_a_merge_that_is_undone_at_once_leaves_everything_as_it_was(seed: int) -> None:
    chance = Random(seed)
    source, target = Page(ids.new(1), 1), Page(ids.new(2), 2)
    for _ in range(chance.randint(0, 12)):
        act(chance, chance.choice((source, target)))
    before = [[page.balance(code, START) for code in CURRENCIES] for page in (source, target)]

    moved = moving.move_all(source, target, START, "test", "merged")
    for one in moved:
        came = {lot.target: lot.amount for lot in one.lots}
        spent = spent_of(target, one, came)
        moving.move_back(target, source, one, spent, START, "test", "undone")

    after = [[page.balance(code, START) for code in CURRENCIES] for page in (source, target)]
    total = [sum(b.available + b.pending - b.debt for b in both) for both in zip(*before, strict=True)]
    assert [sum(b.available + b.pending - b.debt for b in both) for both in zip(*after, strict=True)] == total
    owed = any(balance.debt for both in before for balance in both)
    assert owed or after == before
