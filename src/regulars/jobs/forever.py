"""Does something again and again, beside the rounds that the clock makes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger("regulars.jobs")


async def forever(act: Callable[[], Awaitable[object]], name: str, pause_seconds: float) -> None:
    """Until it is cancelled, with a pause after each time; what fails is logged as `{name}_failed` and tried again."""
    while True:
        try:
            await act()
        except Exception:  # whatever it is, what others wait for is still to be done once it is over
            log.exception(f"{name}_failed")
        await asyncio.sleep(pause_seconds)
