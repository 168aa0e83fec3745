"""Webhooks in a real browser, with a real worker and a real receiver: made, tested, seen in the log, sent again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import cast

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from standardwebhooks import Webhook

from regulars import ids
from tests.browser import desk
from tests.browser.conftest import Shop
from tests.browser.desk import add_staff, at_desk, worker
from tests.browser.watching import eventually


class Receiver(ThreadingHTTPServer):
    """Answers 204 once `healthy`, before that 500; keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.healthy = True


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = cast(Receiver, self.server)
        body = self.rfile.read(int(self.headers["content-length"]))
        receiver.seen.append((dict(self.headers.items()), body))
        self.send_response(204 if receiver.healthy else 500)
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing is printed."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A subscriber's server."""
    made = Receiver()
    Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture(scope="module")
def office(shop: Shop, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop, and a worker that may speak to this machine."""
    with worker(database_url, tmp_path_factory.mktemp("worker"), REGULARS_OUTGOING_TO_LOCALHOST="1"):
        yield shop


@pytest.fixture
def page(context: BrowserContext, office: Shop, database_url: str) -> Iterator[Page]:
    """Its owner's; nothing may stand in the console at the end."""
    with at_desk(context, office, add_staff(office, database_url, "owner", name="Ilze")) as opened:
        yield opened


def look(page: Page, name: str) -> None:
    """In every size and both themes nothing is cut off, and axe finds nothing."""
    for width, scheme in ((1280, "light"), (390, "dark"), (820, "light"), (1600, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        desk.look(page, f"{name}-{width}-{scheme}")
    page.set_viewport_size({"width": 1280, "height": 900})


def the_secret(page: Page) -> str:
    """The one that is shown."""
    found = re.search(r"whsec_[A-Za-z0-9+/=]{44}", page.locator(".webhook-secret").inner_text())
    assert found
    return found[0]


def until(page: Page, text: str) -> None:
    """Load the page anew until it says so."""
    reloaded(page, lambda: text in page.locator("main").inner_text(), f"{text} was never said")


def reloaded(page: Page, look: Callable[[], bool], what: str) -> None:
    """Load the page anew until that is to be seen."""

    def anew() -> bool:
        if look():
            return True
        page.reload()
        return False

    eventually(anew, what, pause_seconds=0.5)


def test_a_system_is_told_fails_and_is_told_again(
    page: Page, office: Shop, receiver: Receiver, administrator_url: str
) -> None:
    page.goto(f"{office.address}/backoffice/data/webhooks")
    look(page, "webhooks-empty")
    page.click("text=New webhook")
    look(page, "webhook-form")
    made = office.call(
        "POST", "/v1/webhooks", {"address": "https://crm.example/hooks", "description": "The CRM"}
    )
    path = f"{office.address}/backoffice/data/webhooks/{made['id']}"
    point_to(administrator_url, made["id"], receiver)
    page.goto(path)
    page.click("text=New secret")
    page.click("text=Make a new secret")
    secret = the_secret(page)
    look(page, "webhook-secret")

    member = office.member("Anna Kalniņa")[2]
    page.goto(path)
    reloaded(page, lambda: page.locator("main tbody .status.good").count() == 2, "not both arrived")
    expect(page.locator("main tbody")).to_contain_text("card.issued")
    headers, body = receiver.seen[0]
    event = Webhook(secret).verify(body, headers)
    assert (event["type"], event["member"], event["sequence"]) == ("member.enrolled", member, 1)
    assert b"Anna" not in body

    receiver.healthy = False
    page.click("text=Send a test event")
    page.wait_for_url("**/deliveries/**")
    until(page, "HTTP 500")
    look(page, "webhook-delivery")
    receiver.healthy = True
    page.click("text=Send now")
    until(page, "delivered")
    again = [json.loads(body)["id"] for _, body in receiver.seen if b"webhook.test" in body]
    assert len(again) >= 2
    assert len(set(again)) == 1
    page.goto(path)
    look(page, "webhook")
    page.click("text=Switch off")
    expect(page.locator("main")).to_contain_text("Somebody switched it off.")
    page.wait_for_load_state()  # its scripts open the dialogue
    page.click("#main button:has-text('Remove')")
    page.click("text=Remove it")
    page.wait_for_url("**/data/webhooks")
    expect(page.locator("main")).to_contain_text("Nobody is told yet")


def point_to(administrator_url: str, webhook: str, receiver: Receiver) -> None:
    """Let it lead to this machine: the process that serves, unlike the worker, refuses such addresses."""
    with psycopg.connect(administrator_url) as connection:
        connection.execute(
            "UPDATE webhook_subscription SET address = %s WHERE id = %s",
            (f"http://127.0.0.1:{receiver.server_address[1]}/hooks", ids.read("whs", webhook)),
        )
