"""Waiting for what a page shows, and looking at it: a machine that is busy makes a test slow, never red."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import ConsoleMessage, Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WAIT_SECONDS = 60
"""For whatever a test waits for: it goes on at once when that is there, and a busy machine is no fault of the page."""
STILL = """async (pictures) => {
    const until = performance.now() + 10_000;
    const drawn = () => new Promise((next) => { requestAnimationFrame(next); setTimeout(next, 500); });
    const moving = () => document.getAnimations()
        .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity);
    for (let calm = 0; calm < pictures && performance.now() < until; calm += 1) {
        await drawn();
        if (moving().length) calm = -1;
    }
}"""
"""So many pictures in a row without a change; at most ten seconds: what stands behind another window is not drawn."""
AXE_FINDS = """(only) => axe.run(document, {resultTypes: ['violations'], preload: {assets: ['media']},
        ...(only ? {runOnly: only} : {})})
    .then(({ violations }) => violations.map((one) => [one.id, one.nodes.map(({ html }) => html.slice(0, 160))]))"""
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that can say otherwise of the same page in its other theme."""
OF_SIZE = ("target-size", "scrollable-region-focusable")
"""Those that can say otherwise of what is there at every size."""
REFUSALS = "Failed to load resource"
"""The browser itself notes every 4xx of the API; an unknown phone number is one."""
TYPED_FIRST = "Autofocus processing was blocked"
"""A test on a slow machine had begun to type before the browser gave the focus to a field: no fault of the page."""
Found = TypeVar("Found")


def eventually(look: Callable[[], Found | None], what: str, *, pause_seconds: float = 0.1) -> Found:
    """What `look` finds, as soon as it finds something; `what` is said when it never does."""
    until = time.monotonic() + WAIT_SECONDS
    while not (found := look()):
        assert time.monotonic() < until, what
        time.sleep(pause_seconds)
    return found


def still(page: Page, *, pictures: int = 3) -> None:
    """Wait until nothing moves and no colour is on its way to another, in so many pictures in a row."""
    page.evaluate(STILL, pictures)


def violations(page: Page) -> list[Any]:
    """What is out of reach for a keyboard or a screen reader, as far as axe can tell: rule and elements."""
    still(page)
    return violations_of_now(page)


def violations_of_now(page: Page, only: tuple[str, ...] = ()) -> list[Any]:
    """The same of a page that is known to stand still, by all rules of axe or only by some."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(AXE_FINDS, only or None)


def heard(page: Page, *but: str) -> list[str]:
    """What the page says to the console from now on, and its errors; not what begins with one of `but`."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if not message.text.startswith((TYPED_FIRST, *but)):
            said.append(f"{message.type}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
