"""Counts what callers may do so many times a minute: per process, by the world's clock, in bounded memory."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from regulars.errors import Problem, TooManyRequests

WINDOW_SECONDS = 60.0
COUNTED_MAX = 10_000


class Counter:
    """Counts per key in windows of a minute, each of which begins with its first call."""

    def __init__(self, read_seconds: Callable[[], float] = time.monotonic):
        self._read_seconds = read_seconds
        self._windows: dict[Hashable, tuple[float, int]] = {}

    def take(self, key: Hashable, limit: int) -> None:
        """Count one. Raises TooManyRequests, with the seconds to wait, after `limit` in one window."""
        self.require_room(key, limit)
        self.count(key)

    @contextmanager
    def guessing(self, key: Hashable, limit: int, *wrong: type[Problem]) -> Iterator[None]:
        """Make a guess, which counts from before it is made and only then no more when it did not end as `wrong`.

        Raises TooManyRequests after `limit` in one window, those that are being made among them.
        """
        self.take(key, limit)
        ends, _ = self._windows[key]
        try:
            yield
        except wrong:
            raise
        except BaseException:
            self._give_back(key, ends)
            raise
        self._give_back(key, ends)

    def require_room(self, key: Hashable, limit: int) -> None:
        """Count nothing. Raises TooManyRequests where `limit` is reached already."""
        now = self._read_seconds()
        ends, count = self._windows.get(key, (0.0, 0))
        if ends > now and count >= limit:
            raise TooManyRequests(math.ceil(ends - now))

    def has_room(self, key: Hashable, limit: int, more: int) -> bool:
        """One would still be within `limit` after so many `more`. Counts nothing."""
        ends, count = self._windows.get(key, (0.0, 0))
        return more + (count if ends > self._read_seconds() else 0) < limit

    def count(self, key: Hashable) -> None:
        """Count one that nothing refuses."""
        now = self._read_seconds()
        ends, count = self._windows.get(key, (0.0, 0))
        if ends <= now:
            self._windows.pop(key, None)
            self._make_room(now)
            ends, count = now + WINDOW_SECONDS, 0
        self._windows[key] = (ends, count + 1)

    def _give_back(self, key: Hashable, ends: float) -> None:
        """Count one less in the window that ends then, if it still is there."""
        window = self._windows.get(key)
        if window is not None and window[0] == ends:
            self._windows[key] = (ends, window[1] - 1)

    def _make_room(self, now: float) -> None:
        """Windows lie in the order they began: the oldest are let go of first, ended or not."""
        while self._windows:
            oldest = next(iter(self._windows))
            if len(self._windows) < COUNTED_MAX and self._windows[oldest][0] > now:
                break
            del self._windows[oldest]
