"""Somebody at a desk: staff of the shop's program, signed in to the back office."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.flows import add_staff as adding
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.roll_figures import roll_figures
from regulars.programs.roles import Role
from tests.api.conftest import PASSWORD
from tests.browser.conftest import Shop
from tests.browser.watching import WAIT_SECONDS, heard, violations
from tests.conftest import MASTER_KEY

Result = TypeVar("Result")
Size = tuple[int, Literal["light", "dark"]]
"""How wide a window is, and the colours that its owner prefers."""
SECRET = "a secret of at least 32 bytes for the browser's tests"
"""As the shop's server has it."""


def aside(work: Coroutine[Any, Any, Result]) -> Result:
    """Playwright's loop is not ours: what waits runs beside it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work)).result()


def add_staff(shop: Shop, database_url: str, *roles: Role, name: str = "Vija") -> str:
    """A person with these roles in the shop's program, who signs in with PASSWORD; her address."""
    email = f"{name.lower()}-{uuid4().hex}@shop.example"

    async def work() -> None:
        program = ids.read("prg", shop.call("GET", "/v1/program")["id"])
        async with Database(database_url, size=1) as database:
            known = await KnownPrograms(database).of(program)
            await adding.add_staff(
                database, known.program, email=email, name=name, password=PASSWORD, roles=roles, at=clock.world()
            )  # fmt: skip

    aside(work())
    return email


def roll(shop: Shop, database_url: str) -> None:
    """Bring the figures up to now, as the worker does every few seconds."""

    async def work() -> None:
        program = ids.read("prg", shop.call("GET", "/v1/program")["id"])
        async with Database(database_url, size=1) as database:
            await roll_figures(database, program, clock.world())

    aside(work())


def sign_in(page: Page, shop: Shop, email: str, language: str = "en") -> None:
    """Sign in to the back office."""
    page.goto(f"{shop.address}/backoffice/sign-in?lang={language}")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


@contextmanager
def at_desk(context: BrowserContext, shop: Shop, email: str, language: str = "en") -> Iterator[Page]:
    """A signed-in page; nothing may stand in its console at the end."""
    page = context.new_page()
    said = heard(page)
    sign_in(page, shop, email, language)
    yield page
    assert said == []


@contextmanager
def worker(database_url: str, folder: Path, **more: str) -> Iterator[None]:
    """The worker, with the shop's secret and with more in its environment; what it logs is in the folder."""
    secret = folder / "secret"
    secret.write_text(SECRET)
    environment = {
        **os.environ,
        "REGULARS_DATABASE_URL": database_url,
        "REGULARS_SECRET_FILE": str(secret),
        "REGULARS_MASTER_KEY": MASTER_KEY,
        "PYTHONPATH": os.pathsep.join(sys.path),
        **more,
    }
    command = [sys.executable, "-m", "regulars.jobs.worker"]
    with (folder / "log").open("w") as log:
        working = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        working.terminate()
        working.wait(WAIT_SECONDS)


def look(page: Page, name: str) -> None:
    """Axe finds nothing, nothing is cut off; seen where REGULARS_SCREENS names a folder."""
    assert violations(page) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"
    if folder := os.environ.get("REGULARS_SCREENS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
