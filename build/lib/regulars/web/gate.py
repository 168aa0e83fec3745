"""Lets so many requests be worked on at once; what comes beyond is told at once to come again, not left hanging.

A request counts from when its body is there: one that is sent slowly waits for itself, and holds nobody up.
"""

from __future__ import annotations

from types import TracebackType

from regulars.errors import Overloaded

RETRY_AFTER_SECONDS = 1


class Gate:
    """The gate of one process: `with gate:` around the work. Raises Overloaded when `most` are inside."""

    def __init__(self, most: int):
        self._most = most
        self._inside = 0

    def __enter__(self) -> None:
        if self._inside >= self._most:
            raise Overloaded(RETRY_AFTER_SECONDS, "More requests are in work than this process takes on.")
        self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inside -= 1
