"""The pages before a sign-in, and those that walks do not come by, are as light at their first load as all others."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.conftest import Shop
from tests.browser.weighing import REQUESTS_MAX, Scales

SITE = "http://heavy.test/"
DOORS = (
    "/",
    "/sign-in",
    "/nothing-is-here",
    "/backoffice/sign-in",
    "/backoffice/forgotten",
    "/portal/dzintars/about",
    "/portal/dzintars/sign-in",
    "/portal/dzintars/left",
    "/portal/dzintars/nothing-is-here",
)


def test_no_door_is_heavy(browser: Browser, shop: Shop) -> None:
    page = browser.new_page(locale="en-GB")
    scales = Scales(page)
    found = dict[str, list[str]]()
    for path in DOORS:
        page.goto(f"{shop.address}{path}", wait_until="networkidle")
        assert len(scales.asked) >= 5, f"{path}: the log has what a page is made of"
        found[path] = scales.faults()
    page.close()
    assert found == {path: [] for path in DOORS}


def test_what_is_over_the_limit_is_told_once_a_page(browser: Browser) -> None:
    page = browser.new_page()
    icon = '<link rel="icon" href="data:,">'  # or the browser asks for one, early or late
    pictures = icon + "".join(f'<img src="{number}.svg" alt="">' for number in range(REQUESTS_MAX))
    page.route(f"{SITE}**", lambda route: route.fulfill(body=pictures, content_type="text/html"))
    scales = Scales(page)
    for path in ("", "again"):
        page.goto(SITE + path, wait_until="load")
        (fault,) = scales.faults()
        assert fault.startswith(f"{REQUESTS_MAX + 1} requests: {SITE}{path} {SITE}0.svg ")
        assert scales.faults() == []
    page.close()
