"""A line on which some answers take their time: the test says when they come."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.watching import WAIT_SECONDS


class Late:
    """Keeps back the first `count` calls of an address; every other one goes its way."""

    def __init__(
        self, page: Page, address: str | re.Pattern[str], count: int = 1, *, of: BrowserContext | None = None
    ):
        self._page = page
        self._address = address
        self._left = count
        self._kept: list[Route] = []
        (of or page).route(address, self._take)

    def _take(self, route: Route) -> None:
        if self._left:
            self._left -= 1
            self._kept.append(route)
        else:
            route.continue_()

    def asked(self) -> None:
        """Wait until one is kept back."""
        for _ in range(WAIT_SECONDS * 10):
            if self._kept:
                return
            self._page.wait_for_timeout(100)
        raise AssertionError(f"nobody asked for {self._address}")

    def answer(self) -> None:
        """Let them go, and wait until the page has the answers."""
        for route in self._kept:
            with self._page.expect_response(
                lambda answer, sent=route.request: answer.request == sent
            ) as came:
                route.continue_()
            came.value.finished()
        self._kept.clear()

    def let_go(self) -> None:
        """Let them go."""
        for route in self._kept:
            route.continue_()
        self._kept.clear()
