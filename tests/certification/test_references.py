"""The tills in 30 lines, of Python and of JavaScript, pass what they claim: selling, trying again, voids, returns."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import playwright
import pytest
from playwright.sync_api import Page, Route, sync_playwright

from regulars.certify.drivers import Command, DriverFailed
from regulars.certify.model import Act, Reply, Verdict
from regulars.certify.situations import SITUATIONS
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.certification.conftest import Room
from tests.docs.markdown import ROOT

EXAMPLES = ROOT / "examples" / "till"
PYTHON, JAVASCRIPT = ROOT / "client" / "examples" / "till_in_30_lines.py", EXAMPLES / "till_in_30_lines.mjs"
NODE = Path(playwright.__file__).parent / "driver" / "node"
"""Playwright's own: it is there wherever these tests are."""
CLAIMS = frozenset({"void", "returns"})
CLAIMED = [one.name for one in SITUATIONS if not one.needs - CLAIMS]


def failed(verdicts: dict[str, Verdict]) -> dict[str, str]:
    """What a till did not stand, and why."""
    return {name: one.reason for name, one in verdicts.items() if one.result == "failed"}


@pytest.mark.parametrize("till", [PYTHON, JAVASCRIPT], ids=["python", "javascript"])
def test_a_till_of_the_examples_has_at_most_30_lines(till: Any) -> None:
    assert len(till.read_text(encoding="utf-8").splitlines()) <= 30


def test_the_till_in_30_lines_of_python_is_certified(room: Room) -> None:
    driver = Command(f"{sys.executable} {EXAMPLES / 'drive.py'}")
    try:
        verdicts = room.certified(driver, can=CLAIMS)
    finally:
        driver.close()
    assert failed(verdicts) == {}
    assert [name for name, one in verdicts.items() if one.result == "passed"] == CLAIMED
    assert len(CLAIMED) == 34


class InTheBrowser:
    """The till of JavaScript in a page: each act is a call of its driver."""

    def __init__(self, page: Page):
        self._page = page

    def do(self, act: Act) -> Reply:
        """The driver's reply."""
        wanted = json.loads(msgspec.json.encode(act))
        answered = self._page.evaluate(
            "async (wanted) => (await import('/examples/drive.mjs')).act(wanted)", wanted
        )
        return msgspec.convert(answered, Reply)


@pytest.fixture
def blank(room: Room) -> Iterator[Page]:
    """An empty page of the stand-in's address, beside the examples."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")

    def example(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name == "blank":
            route.fulfill(body="<!doctype html><title>A till</title>", content_type="text/html")
        else:
            route.fulfill(path=EXAMPLES / name, content_type="text/javascript")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.route("**/examples/*", example)
        page.goto(f"{room.line.address}/examples/blank")
        yield page
        browser.close()


def test_the_till_in_30_lines_of_javascript_is_certified_in_a_browser(room: Room, blank: Page) -> None:
    verdicts = room.certified(InTheBrowser(blank), can=CLAIMS)
    assert failed(verdicts) == {}
    assert [name for name, one in verdicts.items() if one.result == "passed"] == CLAIMED


def test_the_till_in_30_lines_of_javascript_is_certified_in_node(room: Room) -> None:
    driver = Command(f"{NODE} {EXAMPLES / 'drive.mjs'}")
    try:
        verdicts = room.certified(
            driver, "price-changed", "lost-answer", "give-up", "void", "return", can=CLAIMS
        )
    finally:
        driver.close()
    assert {name: one.result for name, one in verdicts.items()} == {
        "price-changed": "passed", "lost-answer": "passed", "give-up": "passed", "void": "passed", "return": "passed",
    }  # fmt: skip


def test_a_driver_that_ends_fails_its_situation_and_is_started_again(room: Room) -> None:
    driver = Command(f"{sys.executable} -c 'input()'")
    try:
        verdicts = room.certified(driver, "sell-nobody", "sell-card")
    finally:
        driver.close()
    said = "The driver ended, or gave no reply to begin within 120 s."
    assert {name: one.reason for name, one in verdicts.items()} == {"sell-nobody": said, "sell-card": said}


def test_a_driver_that_says_nothing_is_ended_after_its_patience() -> None:
    driver = Command(f"{sys.executable} -c 'import time; time.sleep(60)'", patience_seconds=0.5)
    with pytest.raises(DriverFailed, match="gave no reply to begin"):
        driver.do(Act("begin"))
    driver.close()


def test_a_reply_that_cannot_be_read_is_said() -> None:
    driver = Command(f"{sys.executable} -c 'print(\"done\", flush=True); input()'")
    with pytest.raises(DriverFailed, match="The driver's reply cannot be read"):
        driver.do(Act("begin"))
    driver.close()


def test_the_command_line_certifies_and_writes_a_report(room: Room, tmp_path: Any) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "regulars.cli.main", "certify", "--server", room.address, "--listen", "0",
               "--can", "void", "--only", "sell-card,hold,give-up", "--report", str(report),
               "--driver", f"{sys.executable} {EXAMPLES / 'drive.py'}"]  # fmt: skip
    environment = {"REGULARS_KEY": room.shop.key, "PYTHONPATH": str(ROOT / "src"), "PATH": ""}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines()[1:] == [
        "passed  sell-card          A sale to a card",
        "passed  give-up            The answer is lost and the customer leaves: the sale is given up",
        "–       hold               needs hold",
        "",
        "2 passed, 0 failed, 1 not claimed.",
    ]
    kept = json.loads(report.read_text())
    assert (kept["passed"], kept["failed"], kept["not claimed"], kept["can"]) == (2, 0, 1, ["void"])
    assert [one["situation"] for one in kept["situations"]] == ["sell-card", "give-up", "hold"]
