"""A till's computer for the browser tests: a profile that outlives the browser, and a line that can be cut."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Page

from regulars.members import dynamic_code
from tests.browser.conftest import ARGUMENTS, BREAD, CHROMIUM, COFFEE, Shop, Till, keep_a_look
from tests.browser.watching import WAIT_SECONDS, eventually

_RECEIPTS = count(1)
_TILLS = count(1)
DATABASE = """work => new Promise((done, fail) => {
    const name = JSON.parse(document.getElementById('config').textContent).program;
    const asking = indexedDB.open('regulars.till.' + name);
    asking.onerror = () => fail(asking.error);
    asking.onsuccess = () => {
        const db = asking.result;
        const tx = db.transaction([...db.objectStoreNames], 'readwrite');
        const got = {};
        for (const store of db.objectStoreNames) {
            tx.objectStore(store).getAll().onsuccess = (event) => { got[store] = event.target.result; };
        }
        for (const key of work ?? []) {
            const meta = tx.objectStore('meta');
            meta.get(key.name).onsuccess = ({ target }) => {
                const value = target.result;
                value.body = value.body.replace(key.before, key.after);
                meta.put(value, key.name);
            };
        }
        tx.oncomplete = () => { db.close(); done(got); };
    };
})"""
INSTALLED = """async () => {
    const worker = (await navigator.serviceWorker.getRegistration('/till'))?.active?.state === 'activated';
    return worker && Boolean(await caches.match('/till', { cacheName: 'regulars-till-pages' }));
}"""


class Computer:
    """One till's computer. Its browser may be closed and opened; what it keeps stays."""

    def __init__(self, browser: Browser, shop: Shop, folder: Path, locale: str = "en-GB"):
        self.shop = shop
        self.name = f"k{next(_TILLS)}"
        self._kind = browser.browser_type
        self._folder = folder / f"profile-{self.name}"
        self._locale = locale
        self.context: BrowserContext
        self.till: Till
        self.switch_on()

    def switch_on(self, *, cut: bool = False) -> None:
        """Open the browser; `cut`: there is no line."""
        self.context = self._kind.launch_persistent_context(
            self._folder,
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            viewport={"width": 1280, "height": 800},
            locale=self._locale,
            offline=cut,
        )
        self.context.set_default_timeout(WAIT_SECONDS * 1000)
        self.till = Till(self.context.pages[0], self.shop)

    def switch_off(self) -> None:
        """The browser is closed as somebody closes it who goes home."""
        self.context.close()

    @property
    def page(self) -> Page:
        """What the cashier looks at."""
        return self.till.page

    def begin(self) -> None:
        """Sign in, and wait until the till could go on without the line."""
        self.till.open(self.name)
        self.ready()

    def ready(self) -> None:
        """Wait for the worker and the snapshot."""
        has_snapshot(self.page)
        eventually(lambda: self.page.evaluate(INSTALLED), "no worker came")

    def come_back(self) -> None:
        """Open the till's page again, from wherever it comes."""
        self.page.goto(f"{self.shop.address}/till")
        self.page.wait_for_selector("html[data-ready]")

    def cut(self) -> None:
        """The line goes down, and the page sees it."""
        self.context.set_offline(True)
        self.page.wait_for_function("() => document.body.dataset.line === 'down'")

    def mend(self) -> None:
        """The line comes back, and everything that waited is sent."""
        self.context.set_offline(False)
        self.sent()

    def sent(self) -> None:
        """Wait until nothing waits."""
        self.page.wait_for_function("() => document.body.dataset.line === 'up'")
        eventually(lambda: not self.kept()["queue"], "something still waits")

    def kept(self, *changed: dict[str, str]) -> dict[str, list[Any]]:
        """Everything in the computer's database; `changed`: what a stranger writes into a snapshot."""
        return self.page.evaluate(DATABASE, list(changed) or None)

    def sell(self, *codes: str, card: str = "", points: int = 0) -> str:
        """Sell goods as a cashier does, to whom the card belongs, and be paid; the receipt's number."""
        till = self.till
        if card:
            till.scan(card)
            self.page.wait_for_selector("#customer-card:not([hidden])")
        self.scan_goods(*codes)
        if points:
            till.press("F8")
            self.page.fill("#spend", str(points))
            self.page.click("#spend-form button[type=submit]")
            till.sees("#spend-amount", str(points))
        self.pay()
        request = self.page.locator(".paper-frame").inner_text().split()[-1]
        self.page.click("#next")
        self.page.wait_for_selector("#view-sell:not([hidden])")
        return request

    def scan_goods(self, *codes: str) -> None:
        """Scan goods, each until it is on the receipt and has its price."""
        for code in codes:
            before = self.page.locator("#lines").text_content()
            self.till.scan(code)
            self.page.wait_for_function(
                "before => document.querySelector('#lines').textContent !== before"
                " && !document.querySelector('#due').classList.contains('stale')",
                arg=before,
            )

    def pay(self) -> None:
        """Take the exact sum; the receipt is kept or recorded."""
        self.page.wait_for_selector("#next:not(:disabled)")
        self.till.press("F9")
        self.page.wait_for_selector("#view-pay:not([hidden])")
        self.page.click("#next")  # Enter might fall into the moment after a scan
        self.page.wait_for_selector("#view-done:not([hidden])")


@contextmanager
def switched_on(browser: Browser, shop: Shop, folder: Path) -> Iterator[Computer]:
    """A till's computer; its last picture stays in the folder."""
    made = Computer(browser, shop, folder)
    try:
        yield made
        keep_a_look(made.page, folder)
    finally:
        made.switch_off()


def has_snapshot(page: Page) -> None:
    """Wait until a till's page has what it works with without the line."""
    eventually(
        lambda: any(
            isinstance(kept, dict) and kept.get("signature") for kept in page.evaluate(DATABASE, None)["meta"]
        ),
        "no snapshot came",
    )


def buys_here(shop: Shop, card: str) -> None:
    """A purchase of a member at the store, so that its tills know her."""
    shop.call("POST", "/v1/purchases", {
        "id": f"before-{next(_RECEIPTS)}", "store": "teika", "till": "1", "currency": "EUR", "card": card,
        "purchased_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "lines": [{"line": 1, "sku": "bread", "quantity": "1", "unit_price": 189}],
    })  # fmt: skip


class Shows(Protocol):
    """What shows a phone's moving code of now; `ahead_seconds`: its clock is so far ahead of the till's."""

    def __call__(self, *, ahead_seconds: int = 0) -> str: ...


def phone_of(shop: Shop, number: str, member: str) -> Shows:
    """A phone that was made known as a member's; what shows its moving code, another one each time."""
    sent = shop.call("POST", f"/v1/members/{member}/challenges", {"purpose": "log_in"})
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    made = shop.call("POST", "/v1/devices", {
        "member": member, "challenge": sent["id"], "code": shop.code(f"+371{number}"),
        "public_key": base64.urlsafe_b64encode(point).decode().rstrip("="),
    })  # fmt: skip
    last_day = date(1970, 1, 1) + timedelta(days=made["last_day"])
    words = (base64.urlsafe_b64decode(made[name] + "==") for name in ("public_key", "signature"))
    certificate = dynamic_code.Certificate(made["card"], next(words), last_day, next(words))
    last = datetime.min.replace(tzinfo=UTC)

    def show(*, ahead_seconds: int = 0) -> str:
        nonlocal last
        # Never the second of a code before it, which would be the same code.
        ahead = datetime.now(UTC) + timedelta(seconds=ahead_seconds)
        last = max(ahead, last + timedelta(seconds=1))
        return dynamic_code.make(key, certificate, last)

    return show


def receipts_of(shop: Shop, till: str) -> list[dict[str, Any]]:
    """The till's purchases on the server, the earliest first."""
    items = shop.call("GET", "/v1/purchases", store="teika", till=till, limit=200)["items"]
    return sorted(items, key=lambda item: (item["purchased_at"], item["request"]))


def look_without_line(walker: Any, till: Till, shop: Shop, card: str) -> None:
    """Every state of the till without the line, for the walk; ends where it began, with the line."""
    page = walker.page
    has_snapshot(page)
    till.press("F2")
    page.context.set_offline(True)
    page.wait_for_function("() => document.body.dataset.line === 'down'")
    till.scan(card)
    page.wait_for_selector("#customer-card:not([hidden])")
    till.buy(COFFEE, BREAD)
    page.wait_for_selector("#next:not(:disabled)")
    walker.look("till-offline")
    till.press("PageUp")
    page.wait_for_selector("#said .note.warning")
    walker.look("till-offline-needs-line")
    till.press("F9")
    page.wait_for_selector("#view-pay:not([hidden])")
    page.click("#next")
    page.wait_for_selector("#view-done .tick")
    walker.look("till-offline-done")
    page.click("#open-queue")
    page.wait_for_selector("#view-queue .row")
    walker.look("till-offline-queue")
    request = page.locator("#view-queue .row-name").first.inner_text()
    shop.call("POST", "/v1/purchases", {
        "id": request, "store": "teika", "till": "9", "currency": "EUR", "purchased_at": datetime.now(UTC).isoformat(),
        "lines": [{"line": 1, "sku": "bread", "quantity": "9", "unit_price": 189}],
    })  # fmt: skip
    page.context.set_offline(False)
    page.wait_for_selector("#view-queue .row.refused")
    walker.look("till-offline-refused")
    other = page.context.new_page()
    other.goto(f"{shop.address}/till")
    other.wait_for_selector("#elsewhere:not([hidden])")
    walker.page = other
    walker.look("till-second-window")
    walker.page = page
    other.close()
    for _ in range(2):
        page.locator("#view-queue .refused .danger").click()
    page.wait_for_selector("#line-strip", state="hidden")
