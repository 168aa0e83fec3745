"""A challenge on a member's own pages: how long she has for it."""

from __future__ import annotations

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, shop
from tests.api.quests import TASTE, put_quest
from tests.pages.portal import portal_of, words

__all__ = ["shop"]


@pytest.mark.parametrize(("days", "said"), [(14, "you have 14 days"), (1, "you have 1 day")])
async def test_the_days_that_she_has_for_it_lie_ahead(
    shop: Api, database: Database, days: int, said: str
) -> None:
    await put_quest(shop, "taste", TASTE, days=days)
    portal = await portal_of(shop, database)
    assert f"Three tastes 3 different categories · {said} " in words((await portal.get("/challenges")).text)
    # A condition that looks back says "the last 14 days" with the words that stood here before.
    back = {"ru": "за послед", "et": "viimase", "hu": "az elmúlt"}
    for language, past in back.items():
        page = words((await portal.get(f"/challenges?lang={language}")).text)
        assert TASTE["names"]["en"] in page or TASTE["names"]["lv"] in page
        assert past not in page
