"""What takes long to make and is seldom asked for: made by who asks first, not when the process starts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Once(Generic[Thing]):
    """A thing that is made at most once, whoever asks, from whichever thread; one that fails is tried again."""

    def __init__(self, make: Callable[[], Thing]):
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Thing] = []

    def made(self) -> Thing:
        """The thing; the first caller makes it, others wait for it."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    async def later(self) -> Thing:
        """The thing, without holding up the loop while it is made."""
        return self._made[0] if self._made else await asyncio.to_thread(self.made)
