"""What went wrong is a page in the visitor's language where a browser asks, and a problem for calls."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.pages.portal import HTML, portal_of, words

__all__ = ["api", "client", "letters", "shop"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/portal/nobody/", 404),
        ("{home}/nowhere", 404),
        ("{home}/log-out", 405),
        ("/nowhere/at/all", 404),
    ],
)
async def test_an_address_that_leads_nowhere_is_a_page_in_the_visitor_s_language_and_a_problem_for_calls(
    shop: Api, path: str, status: int
) -> None:
    path = path.format(home=f"/portal/{shop.program.slug}")
    for wished, title in (
        ("lv", "Šeit nekā nav"),
        ("hu", "Itt nincs semmi"),
        ("en", "There is nothing here"),
    ):
        page = await shop.client.get(path, headers={**HTML, "Accept-Language": wished})
        assert page.status_code == status
        assert page.headers["content-type"].startswith("text/html")
        assert f'<html lang="{wished}">' in page.text
        assert title in words(page.text)
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
    called = await shop.client.get(path, headers={"Accept": "application/json"})
    assert called.headers["content-type"] == "application/problem+json"


async def test_an_api_address_answers_a_problem_also_to_a_browser(shop: Api) -> None:
    answer = await shop.client.get("/v1/nowhere", headers=HTML)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_our_own_mistake_is_a_page_of_the_program_that_tells_nothing_of_its_inside(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = await portal_of(shop, database)

    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("row of Anna Kalniņa")

    monkeypatch.setattr("regulars.portal.pages.member_home", broken)
    page = await portal.get("/?lang=en")
    assert page.status_code == 500
    assert "We made a mistake Nothing was changed." in words(page.text)
    assert "Anna" not in page.text
    assert f"{portal.home}/theme.css" in page.text
    called = await portal.get("/", Accept="application/json")
    assert (called.status_code, called.json()["code"], "Anna" in called.text) == (
        500,
        "internal_error",
        False,
    )
