"""The till's engine without the line, in Chromium: every vector, and random baskets beside the server's engine."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests import offline_random
from tests.offline_kit import Case, basket, goods, percent, promotion

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "regulars" / "web" / "static"
VECTORS = ROOT / "tests" / "vectors" / "offline"
SITE = "http://till.test/"
BATCH = 500
SEEDS = 2**40

PRICED = """async (cases) => {
  const { price } = await import("/static/till/offline/engine.js");
  return JSON.stringify(JSON.parse(cases).map(({ snapshot, basket }) => {
    try { return price(snapshot, basket); } catch (fault) { return `${fault.name}: ${fault.message}`; }
  }));
}"""

Price = Callable[[list[dict[str, Any]]], list[Any]]


@pytest.fixture(scope="module")
def priced(browser: Browser) -> Iterator[Price]:
    """What the engine answers for cases, on a page that has nothing but its modules."""
    page = browser.new_page()
    page.route(f"{SITE}**", _serve)
    page.goto(SITE)
    yield lambda cases: json.loads(page.evaluate(PRICED, json.dumps(cases)))
    page.close()


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(SITE)
    if not path:
        route.fulfill(body="<!doctype html><title>Till</title>", content_type="text/html")
        return
    assert path.startswith("static/till/offline/engine"), f"the engine asks for {path}"
    source = STATIC / path.removeprefix("static/")
    route.fulfill(body=source.read_text(encoding="utf-8"), content_type="text/javascript")


def differing(cases: list[dict[str, Any]], answers: list[Any]) -> list[Any]:
    """The cases of which the answer is not what the server's engine says, with both."""
    pairs = zip(cases, answers, strict=True)
    return [(case["what"], answer, case["expected"]) for case, answer in pairs if answer != case["expected"]]


@pytest.mark.parametrize("file", sorted(VECTORS.glob("*.json")), ids=lambda file: file.stem)
def test_every_vector_is_priced_to_the_cent(priced: Price, file: Path) -> None:
    cases = json.loads(file.read_text(encoding="utf-8"))
    assert differing(cases, priced(cases)) == []


@pytest.mark.parametrize("batch", [1, *[pytest.param(n, marks=pytest.mark.full) for n in range(2, 21)]])
def test_random_baskets_are_priced_as_the_server_prices_them(priced: Price, batch: int) -> None:
    """Others in every run; the name of one that fails says how to make it again: `offline_random.case(number)`."""
    first = secrets.randbelow(SEEDS)
    cases = [offline_random.case(seed).vector() for seed in range(first, first + BATCH)]
    assert sum(case["expected"]["discount"] > 0 for case in cases) > BATCH // 2, "most of them win something"
    assert differing(cases, priced(cases)) == []


def plain(**fields: Any) -> dict[str, Any]:
    """A tenth off 10.00, as a vector, with other fields in its snapshot."""
    case = Case("a tenth", [promotion("items", percent("10"))], basket(goods("coffee", 1000))).vector()
    return {**case, "snapshot": {**case["snapshot"], **fields}}


def test_what_it_cannot_decide_it_leaves_alone_and_names(priced: Price) -> None:
    """Another currency, a basket above ten million, a kind of a newer server: full price, and `skipped` says so."""
    one = plain()["snapshot"]["promotions"][0]
    newer = {**one, "id": "prm_newer", "benefits": [{"kind": "from_next_year"}]}
    within = {**one, "id": "prm_within", "conditions": [{"kind": "not", "of": [{"kind": "moon"}]}]}
    dear = {**plain(), "basket": basket(goods("yacht", 1_000_000_001))}
    answers = priced([plain(currency="USD"), dear, plain(promotions=[newer, within, one])])
    assert [(answer["discount"], answer["skipped"]) for answer in answers] == [
        (0, [one["id"]]),
        (0, [one["id"]]),
        (100, ["prm_newer", "prm_within"]),
    ]


@pytest.mark.parametrize(
    "line",
    [{"quantity": "1.0005"}, {"quantity": "-1"}, {"quantity": "1e3"}, {"tax_rate": "21%"}, {"quantity": ""}],
    ids=str,
)
def test_a_line_that_makes_no_sense_is_refused(priced: Price, line: dict[str, str]) -> None:
    case = plain()
    bought = {**case["basket"], "lines": [{**case["basket"]["lines"][0], **line}]}
    (answer,) = priced([{**case, "basket": bought}])
    assert str(answer).startswith("RangeError: not a decimal of at most")


def test_a_basket_takes_no_noticeable_time(priced: Price, browser: Browser) -> None:
    """Sixty lines and four promotions, two of which count pieces together: at best far below the blink of an eye."""
    case = next(one for one in _settings() if one["what"] == "sixty lines")
    page: Page = browser.new_page()
    page.route(f"{SITE}**", _serve)
    page.goto(SITE)
    took = page.evaluate(
        """async (text) => {
          const { price } = await import("/static/till/offline/engine.js");
          const { snapshot, basket } = JSON.parse(text);
          return Math.min(...Array.from({ length: 10 }, () => {
            const start = performance.now();
            price(snapshot, basket);
            return performance.now() - start;
          }));
        }""",
        json.dumps(case),
    )
    page.close()
    assert took < 400, f"{took:.0f} ms"


def _settings() -> list[dict[str, Any]]:
    return json.loads((VECTORS / "settings.json").read_text(encoding="utf-8"))
