"""What may be done to a page, with exact outcomes: debt, holds past their date, grace, reversal. No database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from regulars import ids
from regulars.ledger.model import Balance, Draw, GivenBack, Recorded, TakenBack
from regulars.ledger.page import Page
from tests.conftest import START

PTS = "PTS"
DAY = timedelta(days=1)
POOL = ids.new(7)
PARTNER = ids.new()


def page(*, grace_days: int = 0) -> Page:
    return Page(POOL, 7, grace_days=grace_days)


def begin(to: Page, kind: Any = "purchase", at: Any = START) -> UUID:
    return to.begin(kind, effective_at=at, recorded_at=at, actor="test")


def earn(to: Page, amount: int, *, active: int = 0, expires: int | None = None, at: Any = START) -> UUID:
    begin(to, at=at)
    return to.earn(
        PTS,
        amount,
        earned_at=at,
        active_at=at + active * DAY,
        expires_at=None if expires is None else at + expires * DAY,
        issuer=PARTNER,
        funder=PARTNER,
    )


def figures(of: Page, at: Any = START) -> tuple[int, int, int, int]:
    balance = of.balance(PTS, at)
    return balance.available, balance.pending, balance.held, balance.debt


def kinds(of: Page) -> list[str]:
    return [draft.posting.kind for draft in of.changes().drafts]


@pytest.mark.fast
def test_a_lot_of_100_that_expires_under_its_hold_beside_a_lot_of_50_leaves_50() -> None:
    it = page()
    earn(it, 100, expires=1)
    earn(it, 50, expires=10)
    hold = ids.new()
    it.hold(hold, None, {PTS: 100}, START, START + 3 * DAY)
    assert figures(it, START + 2 * DAY) == (50, 0, 100, 0)
    assert it.available(PTS, START + 3 * DAY) == 50
    it.release(hold, START + 2 * DAY)
    assert figures(it, START + 2 * DAY) == (50, 0, 0, 0)
    assert kinds(it) == ["purchase", "purchase", "expiry"]


def test_a_reserved_lot_may_be_captured_after_its_date_and_the_rest_expires_at_once() -> None:
    it = page()
    lot = earn(it, 100, expires=1)
    hold = ids.new()
    it.hold(hold, None, {PTS: 100}, START, START + 3 * DAY)
    begin(it, at=START + 2 * DAY)
    assert it.capture(hold, {PTS: 60}, START + 2 * DAY) == (Draw(lot, 60),)
    assert figures(it, START + 2 * DAY) == (0, 0, 0, 0)
    expiry = it.changes().drafts[-1]
    assert expiry.posting.kind == "expiry"
    assert expiry.posting.effective_at == START + 2 * DAY
    assert [entry.amount for entry in expiry.lines()] == [40]


def test_a_hold_that_lapses_after_the_date_of_its_lot_gives_the_grace_counted_from_the_lapse() -> None:
    it = page(grace_days=5)
    old = earn(it, 100, expires=1)
    it.hold(ids.new(), None, {PTS: 30}, START, START + 3 * DAY)
    assert figures(it, START + 2 * DAY) == (0, 0, 30, 0)
    assert figures(it, START + 3 * DAY) == (30, 0, 0, 0)
    assert figures(it, START + 8 * DAY) == (0, 0, 0, 0)
    it.lapse(START + 7 * DAY)
    (new,) = [b.lot for b in it.changes().brought if b.lot.origin == old]
    assert (new.amount, new.active_at, new.expires_at) == (30, START + 3 * DAY, START + 8 * DAY)
    assert new.issuer == PARTNER


def test_reading_a_lapsed_hold_writes_nothing() -> None:
    it = page()
    earn(it, 10)
    it.hold(ids.new(), None, {PTS: 10}, START, START + DAY)
    before = it.changes()
    assert it.available(PTS, START + DAY) == 10
    assert it.changes() == before


def test_a_lapsed_hold_cannot_be_captured() -> None:
    it = page()
    earn(it, 10)
    hold = ids.new()
    it.hold(hold, None, {PTS: 10}, START, START + DAY)
    assert it.is_held(hold, START + DAY - timedelta(microseconds=1))
    assert not it.is_held(hold, START + DAY)
    begin(it, at=START + DAY)
    with pytest.raises(KeyError):
        it.capture(hold, {PTS: 10}, START + DAY)


def test_more_than_is_available_cannot_be_spent_nor_held() -> None:
    it = page()
    earn(it, 10)
    earn(it, 10, active=1)
    begin(it)
    with pytest.raises(AssertionError, match="1 more than is available"):
        it.spend(PTS, 11, START)
    with pytest.raises(AssertionError, match="1 more than is available"):
        it.hold(ids.new(), None, {PTS: 11}, START, START + DAY)


def spent_30_of_100() -> tuple[Page, UUID]:
    it = page()
    lot = earn(it, 100)
    begin(it)
    it.spend(PTS, 30, START)
    return it, lot


@pytest.mark.parametrize(
    ("policy", "expected", "after"),
    [
        ("debt", TakenBack(from_own_lots=70, from_other_lots=5, debt=25), (0, 9, 0, 25)),
        ("within_balance", TakenBack(from_own_lots=70, from_other_lots=5, forgone=25), (0, 9, 0, 0)),
        ("only_pending", TakenBack(from_own_lots=70, from_other_lots=9, forgone=21), (5, 0, 0, 0)),
    ],
)
def test_earned_points_are_taken_from_their_own_lots_first_and_the_spent_part_by_policy(
    policy: Any, expected: TakenBack, after: tuple[int, int, int, int]
) -> None:
    it, lot = spent_30_of_100()
    earn(it, 5)
    earn(it, 9, active=3)
    begin(it, "return")
    assert it.take_back(PTS, 100, [lot], policy, START) == expected
    assert figures(it) == after


def test_debt_is_paid_first_by_the_next_earning_and_the_payment_names_the_lot() -> None:
    it, lot = spent_30_of_100()
    begin(it, "return")
    it.take_back(PTS, 100, [lot], "debt", START)
    assert figures(it) == (0, 0, 0, 30)
    new = earn(it, 50)
    assert figures(it) == (20, 0, 0, 0)
    payment = it.changes().drafts[-1]
    assert payment.posting.kind == "debt_payment"
    assert [(e.source, e.target, e.amount) for e in payment.lines()] == [("points", "debt", 30)]
    assert [entry.draws for entry in payment.entries.values()] == [{new: 30}]


def test_debt_is_paid_at_the_instant_when_points_become_active_whoever_looks_when() -> None:
    it, lot = spent_30_of_100()
    begin(it, "return")
    it.take_back(PTS, 100, [lot], "debt", START)
    earn(it, 50, active=2, expires=4)
    assert figures(it, START + DAY) == (0, 50, 0, 30)
    assert figures(it, START + 2 * DAY) == (20, 0, 0, 0)
    assert figures(it, START + 9 * DAY) == (0, 0, 0, 0)
    it.lapse(START + 9 * DAY)
    assert it.changes().drafts[-1].posting.effective_at == START + 2 * DAY


def test_holds_that_lapse_at_one_instant_are_all_free_before_debt_is_paid_in_the_draw_order() -> None:
    it = page()
    earn(it, 5)
    it.hold(ids.new(), None, {PTS: 5}, START, START + DAY)
    earn(it, 7, expires=3)
    it.hold(ids.new(), None, {PTS: 7}, START, START + DAY)
    spent = earn(it, 5)
    it.spend(PTS, 5, START)
    it.take_back(PTS, 5, [spent], "debt", START)
    assert figures(it) == (0, 0, 12, 5)
    assert figures(it, START + DAY) == (7, 0, 0, 0)
    assert figures(it, START + 4 * DAY) == (5, 0, 0, 0)  # the first to expire paid, though it was held last


def test_points_that_expired_before_the_debt_arose_do_not_pay_it() -> None:
    it, lot = spent_30_of_100()
    earn(it, 40, expires=1)
    begin(it, "return", START + 2 * DAY)
    assert it.take_back(PTS, 100, [lot], "debt", START + 2 * DAY).debt == 30
    assert figures(it, START + 3 * DAY) == (0, 0, 0, 30)


def test_what_has_expired_meanwhile_counts_as_taken_back_once_whether_posted_or_not() -> None:
    for posted in (False, True):
        it = page()
        lot = earn(it, 100, expires=2)
        begin(it)
        it.spend(PTS, 40, START)
        if posted:
            assert it.expire(START + 2 * DAY) == 60
        begin(it, "return", START + 3 * DAY)
        first = it.take_back(PTS, 50, [lot], "debt", START + 3 * DAY)
        second = it.take_back(PTS, 50, [lot], "debt", START + 3 * DAY)
        assert (first, second) == (TakenBack(already_expired=50), TakenBack(already_expired=10, debt=40))


def test_earned_points_that_live_on_by_a_grace_are_taken_back_like_the_lots_they_continue() -> None:
    it = page(grace_days=5)
    lot, other = earn(it, 30, expires=1), earn(it, 30, expires=9)
    it.hold(ids.new(), None, {PTS: 30}, START, START + 2 * DAY)
    begin(it, "return", START + 3 * DAY)
    assert it.take_back(PTS, 30, [lot], "debt", START + 3 * DAY) == TakenBack(from_own_lots=30)
    assert it.lot(other).drawn == 0
    assert figures(it, START + 3 * DAY) == (30, 0, 0, 0)


def test_spent_points_go_back_to_their_lots_and_those_that_expired_since_get_the_grace() -> None:
    it = page()
    soon, late = earn(it, 20, expires=1), earn(it, 50, expires=9)
    begin(it)
    draws = it.spend(PTS, 60, START)
    begin(it, "return", START + 2 * DAY)
    back = it.give_back(PTS, draws, 50, START + 2 * DAY, expired="restore", grace_days=3)
    assert back == GivenBack(to_their_lots=40, with_grace=10)
    assert (it.lot(soon).drawn, it.lot(late).drawn) == (20, 0)
    assert figures(it, START + 2 * DAY) == (60, 0, 0, 0)
    assert figures(it, START + 5 * DAY) == (50, 0, 0, 0)


def test_spent_points_whose_lots_expired_since_expire_where_the_program_says_so() -> None:
    it = page()
    earn(it, 20, expires=1)
    begin(it)
    draws = it.spend(PTS, 20, START)
    begin(it, "return", START + 2 * DAY)
    back = it.give_back(PTS, draws, 20, START + 2 * DAY, expired="expire", grace_days=3)
    assert back == GivenBack(expired=20)
    entries = it.changes().drafts[-1].lines()
    assert [(e.source, e.target, e.amount) for e in entries] == [
        ("redeemed", "points", 20),
        ("points", "expired", 20),
    ]
    assert figures(it, START + 2 * DAY) == (0, 0, 0, 0)


def test_a_transfer_keeps_the_terms_of_the_lots_and_pays_the_takers_debt_first() -> None:
    giver = page()
    lot = earn(giver, 30, expires=4)
    taker, own = spent_30_of_100()
    begin(taker, "return")
    taker.take_back(PTS, 80, [own], "debt", START)
    begin(giver, "transfer_out")
    begin(taker, "transfer_in")
    (new,) = taker.transfer_in(giver.transfer_out(PTS, 25, START), START)
    assert (giver.available(PTS, START), taker.balance(PTS, START).debt) == (5, 0)
    assert taker.lot(new).expires_at == START + 4 * DAY
    assert (taker.lot(new).origin, taker.lot(new).issuer) == (lot, PARTNER)
    assert taker.available(PTS, START) == 15


def test_everything_that_is_free_can_be_moved_with_what_is_pending_and_with_the_debt() -> None:
    giver = page()
    earn(giver, 30, active=2)
    lot = earn(giver, 10)
    begin(giver)
    giver.spend(PTS, 10, START)
    begin(giver, "return")
    giver.take_back(PTS, 10, [lot], "debt", START)
    taker = page()
    begin(giver, "transfer_out")
    begin(taker, "transfer_in")
    taker.transfer_in(giver.transfer_out(PTS, None, START), START)
    taker.transfer_debt_in(PTS, giver.transfer_debt_out(PTS, START), START)
    assert (figures(giver), figures(taker)) == ((0, 0, 0, 0), (0, 30, 0, 10))


def test_points_taken_as_paid_that_were_not_there_are_the_partners() -> None:
    it = page()
    begin(it)
    it.shortfall(PTS, 40, PARTNER)
    (draft,) = it.changes().drafts
    assert [(e.source, e.target, e.amount, e.partner) for e in draft.lines()] == [
        ("issued", "redeemed", 40, PARTNER)
    ]
    assert figures(it) == (0, 0, 0, 0)


def test_a_reversal_takes_back_what_an_adjustment_gave() -> None:
    it = page()
    begin(it, "adjustment")
    lot = it.adjust(PTS, 40, START)
    original = it.changes().drafts[-1]
    begin(it)
    it.spend(PTS, 15, START)
    begin(it, "reversal")
    assert isinstance(lot, UUID)
    it.reverse(Recorded(original.posting, tuple(original.lines()), (), ((0, lot),)), START)
    assert figures(it) == (0, 0, 0, 15)


def test_a_reversal_gives_back_what_an_adjustment_took_and_owes_again_what_was_written_off() -> None:
    it, lot = spent_30_of_100()
    begin(it, "adjustment")
    draws = it.adjust(PTS, -20, START)
    assert isinstance(draws, tuple)
    original = it.changes().drafts[-1]
    begin(it, "reversal")
    drawn = tuple((0, draw) for draw in draws)
    it.reverse(Recorded(original.posting, tuple(original.lines()), drawn, ()), START)
    assert figures(it) == (70, 0, 0, 0)
    begin(it, "return")
    it.take_back(PTS, 100, [lot], "debt", START)
    begin(it, "write_off")
    it.write_off(PTS, 10, START)
    written = it.changes().drafts[-1]
    assert figures(it) == (0, 0, 0, 20)
    begin(it, "reversal")
    it.reverse(Recorded(written.posting, tuple(written.lines()), (), ()), START)
    assert figures(it) == (0, 0, 0, 30)


def test_a_posting_without_entries_is_not_written() -> None:
    it = page()
    begin(it)
    changes = it.changes()
    assert (changes.drafts, changes.sums) == ([], [])


def test_what_is_done_to_a_copy_leaves_the_page_as_it_was() -> None:
    it = page()
    lot = earn(it, 100)
    begin(it)
    twin = it.copy()
    twin.spend(PTS, 60, START)
    twin.earn(PTS, 5, earned_at=START, active_at=START, expires_at=None, issuer=None, funder=None)
    assert (it.available(PTS, START), twin.available(PTS, START)) == (100, 45)
    assert it.lot(lot).drawn == 0
    assert kinds(it) == ["purchase"]
    it.spend(PTS, 1, START)
    assert kinds(it) == ["purchase", "purchase"]
    assert it.balance(PTS, START) == Balance(PTS, 99, 0, 0, 0)
