"""The counter: so many a minute and key, told when to come back, and never more memory than it was given."""

import pytest

from regulars.errors import NotFound, StateConflict, TooManyRequests
from regulars.web import limits
from regulars.web.limits import Counter

pytestmark = pytest.mark.fast


class Hand:
    """A clock that is moved by hand."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def refused(counter: Counter, key: str, limit: int) -> str | None:
    """The seconds to wait, or None when it was counted."""
    try:
        counter.take(key, limit)
    except TooManyRequests as refusal:
        return refusal.headers["Retry-After"]
    return None


def test_the_limit_is_per_key_and_minute_and_says_how_long_to_wait() -> None:
    hand = Hand()
    counter = Counter(hand)
    assert [refused(counter, "a", 2) for _ in range(3)] == [None, None, "60"]
    assert refused(counter, "b", 2) is None
    hand.seconds += 59.5
    assert refused(counter, "a", 2) == "1"
    hand.seconds += 0.5
    assert [refused(counter, "a", 2) for _ in range(3)] == [None, None, "60"]


def test_memory_is_bounded_and_the_oldest_window_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COUNTED_MAX", 3)
    counter = Counter(Hand())
    for key in ("a", "b", "c"):
        assert refused(counter, key, 1) is None
    assert refused(counter, "d", 1) is None
    assert [refused(counter, key, 1) for key in ("b", "c", "d")] == ["60"] * 3
    assert refused(counter, "a", 1) is None


def guessed(counter: Counter, ends: type[Exception] | None) -> None:
    """A guess of two that may be wrong, which ends so; only not found is wrong."""
    with counter.guessing("a", 2, NotFound):
        if ends is not None:
            raise ends


def test_a_guess_that_was_right_or_failed_otherwise_is_not_counted() -> None:
    counter = Counter(Hand())
    for ends in (None, StateConflict, None):
        try:
            guessed(counter, ends)
        except StateConflict:
            continue
    for _ in range(2):
        with pytest.raises(NotFound):
            guessed(counter, NotFound)
    with pytest.raises(TooManyRequests):
        guessed(counter, None)


def test_a_guess_counts_while_it_is_made_and_not_against_the_next_minute() -> None:
    hand = Hand()
    counter = Counter(hand)
    with counter.guessing("a", 1, NotFound):
        assert refused(counter, "a", 1) == "60"
        hand.seconds += 60
        assert refused(counter, "a", 1) is None
    assert refused(counter, "a", 1) == "60"
