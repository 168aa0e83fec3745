"""Decides whether to ask again, and after how long. Pure but for the chance in the waits.

Asking again is harmless: every write names its request (an `Idempotency-Key`, or the purchase's own id), and gets the
answer of the first time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

BUSY = frozenset({429, 503})
BROKEN = frozenset({500, 502, 504})


@dataclass(frozen=True, slots=True)
class Retries:
    """How often, and how long between: `first` seconds, then twice as long each time, at most `longest`."""

    attempts: int = 5
    first: float = 0.2
    longest: float = 10.0

    def pause(self, attempt: int, status: int | None, retry_after: str | None = None) -> float | None:
        """Seconds to wait after this attempt (from 1); None: its answer stands. No `status`: nobody answered."""
        if attempt >= self.attempts or (status is not None and status not in BUSY | BROKEN):
            return None
        wait = min(self.longest, self.first * 2 ** (attempt - 1))
        asked = _seconds(retry_after) if status in BUSY else 0.0
        if asked > self.longest:
            return None
        return max(asked, wait * (0.5 + random.random() / 2))  # noqa: S311


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isascii() and text.isdigit() else 0.0
