"""How long the portal's and the till's pages take on a slow device with a slow line, beside the same without either.

    ./run &   then   .venv/bin/python bench/portal.py [--url http://localhost:8080] [--messages var/messages]
        [--till-key KEY]

The till's pages are measured with the key for a till that `./run` printed.

Chromium's own throttling: a processor four times slower, 1.6 Mbit/s down with 150 ms of latency (what Lighthouse calls
a slow 4G). Each page is loaded with an empty cache, the portal's by the demo's customer; `first paint` and `ready`
(usable) in ms, medians of three.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("REGULARS_CHROMIUM") or shutil.which("chromium")
PAGES = (
    "/", "/offers", "/rewards", "/tier", "/points", "/challenges", "/games", "/receipts", "/wallet", "/me", "/about"
)  # fmt: skip
TILL_PAGES = ("/till", "/till/display")
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
FAST_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
ROUNDS = 3
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--slug", default="dzintars")
    parser.add_argument("--phone", default="+37120000001", help="of a member")
    parser.add_argument("--messages", type=Path, default=Path("var/messages"), help="where codes are written")
    parser.add_argument("--till-key", help="also measure the till's pages")
    options = parser.parse_args()
    home = f"{options.url}/portal/{options.slug}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
        page = context.new_page()
        log_in(page, home, options.phone, options.messages)
        print(
            f"{'':>12} {'usual: first paint':>20} {'ready':>7} {'slow: first paint':>20} {'ready':>7} {'times':>7}"
        )
        for path in PAGES:
            tell(page, path, home + path)
        if options.till_key:
            till = browser.new_context(
                viewport={"width": 1024, "height": 768}, service_workers="block"
            ).new_page()
            open_till(till, options.url, options.till_key)
            for path in TILL_PAGES:
                tell(till, path, options.url + path)
        browser.close()


def tell(page: Page, name: str, address: str) -> None:
    """A line for a page, measured both ways."""
    usual, slow = (measured(page, address, throttled) for throttled in (False, True))
    print(
        f"{name:>13} {usual[0]:>19.0f} {usual[1]:>7.0f} {slow[0]:>20.0f} {slow[1]:>7.0f} {slow[1] / usual[1]:>6.1f}×"
    )


def open_till(page: Page, url: str, key: str) -> None:
    """With a key, as the first till of the first store."""
    page.goto(f"{url}/sign-in?next=/till")
    page.fill("[name=key]", key)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=till]")
    page.fill("[name=till]", "1")
    page.fill("[name=cashier]", "bench")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]", state="attached")


def log_in(page: Page, home: str, phone: str, messages: Path) -> None:
    """By the code that arrives in the folder of messages."""
    before = set(messages.glob("*"))
    page.goto(f"{home}/sign-in")
    page.fill("[name=phone]", phone)
    page.click("[data-ask] button[type=submit]")
    page.wait_for_selector("[data-step=code]:not([hidden])")
    until = time.monotonic() + 20
    while not (new := [file for file in set(messages.glob("*")) - before if file.suffix == ".json"]):
        if time.monotonic() > until:
            raise SystemExit(f"No code came to {messages}.")
        time.sleep(0.1)
    sent: dict[str, Any] = json.loads(new[0].read_text())
    page.fill("[name=code]", re.findall(r"\b\d{6}\b", sent["text"])[0])
    page.wait_for_selector(".pass-code")


def measured(page: Page, address: str, slow: bool) -> tuple[float, float]:
    """First paint and ready in ms, medians of some loads with an empty cache."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    tools.send("Network.emulateNetworkConditions", SLOW_LINE if slow else FAST_LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4 if slow else 1})
    paints, readies = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector("html[data-ready]", state="attached")
        readies.append(1000 * (time.perf_counter() - started))
        page.wait_for_load_state()
        paints.append(page.evaluate(PAINT))
    tools.detach()
    return median(paints), median(readies)


if __name__ == "__main__":
    main()
