"""The page of a promotion says whether a till without the line calculates it, and why not."""

from __future__ import annotations

import html
from typing import Any

import pytest

from tests.api.shop import publish, settle
from tests.pages.conftest import Visitor

TENTH: dict[str, Any] = {
    "name": "A tenth off",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "10"}],
}


async def said(visitor: Visitor, promotion: str) -> str:
    """The page's text."""
    answer = await visitor.client.get(f"/backoffice/promotions/{promotion}")
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "It works there too."),
        (
            {"conditions": [{"kind": "member"}]},
            "No: “Member present” cannot be told there.",
        ),
        (
            {"limits": [{"per": "total", "uses": 10}]},
            "No: its limits are counted for all tills together.",
        ),
    ],
    ids=["goods alone", "for members", "limited"],
)
async def test_a_marketer_sees_whether_it_works_without_the_line(
    visitor: Visitor, fields: dict[str, Any], sentence: str
) -> None:
    promotion = await publish(visitor.api, {**TENTH, **fields}, "text_missing", "unbounded")
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("marketing")
    page = await said(visitor, promotion)
    assert "<dt>Without the line</dt>" in page
    assert sentence in page


async def test_where_no_till_sells_without_the_line_nothing_is_said(visitor: Visitor) -> None:
    promotion = await publish(visitor.api, TENTH, "text_missing")
    await settle(visitor.api, offline={"on": False})
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("marketing")
    page = await said(visitor, promotion)
    assert "A tenth off" in page
    assert "Without the line" not in page
