"""What a page's first load asks for, by the browser's own log of the network: no cache helps it, and no worker."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

BYTES_MAX = 200_000
REQUESTS_MAX = 15
CHARTS = "/vendor/echarts"
"""The library that draws charts is weighed by nobody."""


class Scales:
    """Stand beside a page from its first address on: whatever it loads is loaded as if for the first time."""

    def __init__(self, page: Page):
        self.log = page.context.new_cdp_session(page)
        self.log.send("Network.enable")
        self.log.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.log.send("Network.setBypassServiceWorker", {"bypass": True})
        self.frame: str = self.log.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self.asked: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.weighed = False
        self.log.on("Network.requestWillBeSent", self._ask)
        self.log.on("Network.loadingFinished", self._come)

    def _ask(self, event: dict[str, Any]) -> None:
        if event["type"] == "Document" and event["frameId"] == self.frame:
            self.asked.clear()
            self.sizes.clear()
            self.weighed = False
        url: str = event["request"]["url"]
        if not url.startswith(("data:", "blob:")) and CHARTS not in url:
            self.asked[event["requestId"]] = url

    def _come(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def faults(self) -> list[str]:
        """Where the page that is there is over the limit until now. Once: what is done on it later is no first load."""
        if self.weighed:
            return []
        self.weighed = True
        weight = sum(size for one, size in self.sizes.items() if one in self.asked)
        found = [f"{weight} bytes"] if weight > BYTES_MAX else []
        if len(self.asked) > REQUESTS_MAX:
            found.append(f"{len(self.asked)} requests: {' '.join(self.asked.values())}")
        return found
