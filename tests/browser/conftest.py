"""A real server on a port of its own, a shop in it, and a browser in front of it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from tests.browser.watching import WAIT_SECONDS, eventually, violations
from tests.conftest import MASTER_KEY
from tests.ports import free_port

CHROMIUM = os.environ.get("REGULARS_CHROMIUM") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 180
SCANNER_GAP_SECONDS = 0.008
FINGERS_GAP_SECONDS = 0.065
HANDS_CHANGE_SECONDS = 0.15

NAMES = {
    "en": {"one": "point", "other": "points"},
    "lv": {"zero": "punktu", "one": "punkts", "other": "punkti"},
}
COFFEE, BREAD, MILK, APPLES, BALSAM = (f"475000000001{n}" for n in range(1, 6))
PRODUCTS: list[dict[str, Any]] = [
    {"sku": "coffee", "barcode": COFFEE, "name": "Coffee beans, 500 g", "price": 699,
     "categories": ["drinks/coffee"], "tax_rate": "0.21"},
    {"sku": "bread", "barcode": BREAD, "name": "Rye bread with caraway, sliced", "price": 189,
     "categories": ["bread"], "tax_rate": "0.12", "names": {"lv": "Rudzu maize ar ķimenēm, šķēlēs"}},
    {"sku": "milk", "barcode": MILK, "name": "Milk 2.5 %, 1 l", "price": 119, "categories": ["dairy"],
     "tax_rate": "0.12"},
    {"sku": "apples", "barcode": APPLES, "name": "Apples, local", "price": 149, "categories": ["fruit"],
     "tax_rate": "0.12", "unit": "kg"},
    {"sku": "balsam", "barcode": BALSAM, "name": "Black currant balsam, 0.5 l", "price": 1290,
     "categories": ["drinks"], "tax_rate": "0.21"},
]  # fmt: skip
PROMOTIONS: list[dict[str, Any]] = [
    {"name": "A point for each euro", "group": "points", "base": True, "conditions": [{"kind": "member"}],
     "benefits": [{"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100}]},
    {"name": "Coffee week", "group": "items",
     "benefits": [{"kind": "line_percent", "percent": "15", "goods": {"categories": ["drinks/coffee"]}}]},
    {"name": "The big basket", "group": "basket",
     "conditions": [{"kind": "basket_amount", "minimum": 5000}],
     "benefits": [{"kind": "basket_percent", "percent": "5"}]},
]  # fmt: skip
_KEYS = count(1)
_PHONES = count(26_100_001)
expect.set_options(timeout=WAIT_SECONDS * 1000)


class Server:
    """The processes that serve, on a port of their own."""

    def __init__(self, environment: dict[str, str], log: Path):
        self._port = free_port()
        self._environment = environment
        self._log = log
        self.address = f"http://127.0.0.1:{self._port}"
        self._process = self._started()

    def wait(self) -> None:
        """Wait until it answers."""
        _wait_for(self.address, self._process, self._log)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1"]
        with self._log.open("a") as log:
            return subprocess.Popen(
                [*command, "--port", str(self._port), "regulars.app:app"],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End all its processes where they stand."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(WAIT_SECONDS)

    def start_again(self) -> None:
        """Serve at the same address as before."""
        self._process = self._started()
        self.wait()

    def stop(self) -> None:
        """End it as somebody does who has time."""
        self._process.terminate()
        self._process.wait(WAIT_SECONDS)


class Shop(Struct):
    """The program behind the pages: its address, a key that may do everything, and one for the till."""

    address: str
    key: str
    till_key: str
    messages: Path
    """Where what is sent to members arrives."""
    server: Server | None = None
    """None: somebody else's."""

    def code(self, recipient: str, count: int = 1) -> str:
        """The six digits of the last of `count` messages to somebody, as soon as it is there."""

        def texts() -> list[str]:
            letters = [json.loads(file.read_text()) for file in sorted(self.messages.glob("*.json"))]
            found = [letter["text"] for letter in letters if letter["to"] == recipient]
            return found if len(found) >= count else []

        return eventually(texts, f"fewer than {count} messages came to {recipient}")[-1][:6]

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """A call of the API that must succeed; its answer."""
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"browser-{next(_KEYS)}"}
        answer = httpx.request(
            method,
            self.address + path,
            json=body,
            headers=headers,
            params=query or None,
            timeout=WAIT_SECONDS,
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def member(self, name: str, points: int = 0) -> tuple[str, str, str]:
        """Enrol somebody with so many points: phone, card number, id."""
        phone = str(next(_PHONES))
        made = self.call("POST", "/v1/members", {"phone": f"+371{phone}", "name": name, "language": "en"})
        if points:
            self.call(
                "POST",
                f"/v1/members/{made['id']}/adjustments",
                {"currency": "PTS", "amount": points, "reason": "a welcome"},
            )
        return phone, made["cards"][0]["number"], made["id"]

    def balance(self, member: str) -> int:
        """What the member may spend now."""
        found = self.call("GET", f"/v1/members/{member}/balance")["currencies"]
        return next((c["available"] for c in found if c["currency"] == "PTS"), 0)


@pytest.fixture(scope="module")
def shop(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A served program with a store, products and promotions."""
    folder = tmp_path_factory.mktemp("site")
    with ThreadPoolExecutor(1) as aside:  # playwright's own loop may be running in this thread
        key, till_key = aside.submit(lambda: asyncio.run(_program(database_url))).result()
    server = Server(environment(database_url, folder), folder / "log")
    made = Shop(server.address, key, till_key, folder / "messages", server)
    try:
        server.wait()
        _furnish(made)
        yield made
    finally:
        server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; playwright downloads nothing."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def keep_a_look(page: Page, folder: Path) -> None:
    """How the page looked last, for who reads why a test failed: pytest keeps the folders of its last runs.

    Chromium cannot always draw a page that is on its way to another; a look is no part of a test.
    """
    with suppress(PlaywrightError):
        page.screenshot(path=folder / "last.png")


@pytest.fixture
def context(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened.set_default_timeout(WAIT_SECONDS * 1000)
    yield opened
    for page in opened.pages:
        keep_a_look(page, tmp_path)
    opened.close()


class Till:
    """The till page as a cashier uses it: a scanner and a keyboard, nothing else."""

    def __init__(self, page: Page, shop: Shop):
        self.page = page
        self.shop = shop
        self._keyboard = page.context.new_cdp_session(page)
        self._struck = 0.0

    def open(self, name: str = "7", language: str = "en") -> Till:
        """Sign in and say which till this is."""
        self.page.goto(f"{self.shop.address}/sign-in?lang={language}&next=/till")
        self.page.fill("[name=key]", self.shop.till_key)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("[name=till]")
        self.page.fill("[name=till]", name)
        self.page.fill("[name=cashier]", "c-12")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("html[data-ready]")
        return self

    def scan(self, code: str) -> None:
        """A scanner types faster than any hand, and ends with Enter."""
        self._strike([*code, "Enter"], SCANNER_GAP_SECONDS)

    def type(self, text: str) -> None:
        """Fingers, and the moment until they hold the scanner again."""
        self._strike([*text], FINGERS_GAP_SECONDS)

    def _strike(self, keys: list[str], gap: float) -> None:
        """Strike keys that say themselves how many seconds lie between them, and that a moment lies before them.

        The page tells a scanner from fingers by that; on a busy machine the test's own pace would say anything.
        """
        self._change_hands(gap * len(keys))
        began = time.time() - gap * len(keys)
        for place, key in enumerate(keys):
            at = {"key": key, "timestamp": began + gap * place}
            if key == "Enter":
                at |= {"code": "Enter", "windowsVirtualKeyCode": 13}
            self._keyboard.send(
                "Input.dispatchKeyEvent", at | {"type": "keyDown", "text": "\r" if key == "Enter" else key}
            )
            self._keyboard.send("Input.dispatchKeyEvent", at | {"type": "keyUp"})
        self._struck = time.time()

    def _change_hands(self, lasting: float = 0) -> None:
        """Wait until a moment lies between the last key and the next ones, which take so many seconds."""
        ahead = self._struck + HANDS_CHANGE_SECONDS + lasting - time.time()
        if ahead > 0:
            self.page.wait_for_timeout(ahead * 1000)

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        self._change_hands()
        for key in keys:
            self.page.keyboard.press(key)

    def buy(self, *codes: str) -> None:
        """Scan goods, each until it is on the receipt."""
        for code in codes:
            before = self.page.locator("#announce").text_content()
            self.scan(code)
            self.page.wait_for_function(
                "before => document.querySelector('#announce').textContent !== before"
                " && !document.querySelector('#due').classList.contains('stale')",
                arg=before,
            )

    def enrol(self, phone: str, asked: str) -> None:
        """Ask for a phone number that nobody has, and wait for what its owner is asked."""
        self.press("F4")
        self.type(phone)
        self.press("Enter")
        self.page.wait_for_selector(asked)

    def display(self) -> Page:
        """The customer's display, opened with its key; the till stays in front."""
        with self.page.expect_popup() as opened:
            self.press("F10")
        opened.value.wait_for_selector("html[data-ready]")
        opened.value.wait_for_selector("[data-phase=idle]")
        self.page.bring_to_front()
        return opened.value

    def sees(self, selector: str, text: str) -> None:
        """Wait until the element shows the text."""
        self.page.wait_for_function(
            "([selector, text]) => [...document.querySelectorAll(selector)]"
            ".some((e) => e.checkVisibility() && e.innerText.replace(/\\s+/g, ' ').includes(text))",
            arg=[selector, text],
        )

    def settled(self) -> None:
        """Wait until the price is that of what is on the receipt: until then it is shown paler."""
        self.page.wait_for_function("() => !document.querySelector('.stale')")

    def due(self, text: str) -> None:
        """Wait until that is to be paid, and the price is settled."""
        self.sees("#due-amount", text)
        self.page.wait_for_function("() => !document.querySelector('#due').classList.contains('stale')")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page."""
    return context.new_page()


def axe(page: Page) -> None:
    """Nothing on the page is out of reach for a keyboard or a screen reader, as far as axe can tell."""
    assert violations(page) == [], page.url


@pytest.fixture
def till(context: BrowserContext, shop: Shop) -> Till:
    """An open till."""
    return Till(context.new_page(), shop).open()


def environment(database_url: str, folder: Path) -> dict[str, str]:
    """With what a site is served whose files are in a folder."""
    secret = folder / "secret"
    secret.write_text("a secret of at least 32 bytes for the browser's tests")
    return {
        **os.environ,
        "REGULARS_DATABASE_URL": database_url,
        "REGULARS_SECRET_FILE": str(secret),
        "REGULARS_MASTER_KEY": MASTER_KEY,
        "REGULARS_MESSAGES_FOLDER": str(folder / "messages"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


async def _program(database_url: str) -> tuple[str, str]:
    at = clock.world()
    async with Database(database_url) as database:
        new = NewProgram("Dzintars", "EUR", "Europe/Riga", ("lv", "en"))
        made = await create_program(database, new, at=at)
        _, till_key = await create_key(database, made.program.id, NewKey(("till",)), at=at)
    return made.text, till_key


def _furnish(shop: Shop) -> None:
    shop.call("POST", "/v1/currencies", {"code": "PTS", "names": NAMES, "expires_after_months": 12})
    shop.call("POST", "/v1/stores", {"code": "teika", "name": "Teika", "tills": ["7", "8"]})
    shop.call("POST", "/v1/products", {"products": PRODUCTS})
    for document in PROMOTIONS:
        made = shop.call("POST", "/v1/promotions", document)
        shop.call("POST", f"/v1/promotions/{made['id']}/publish")


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"{address}/health/ready", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")
