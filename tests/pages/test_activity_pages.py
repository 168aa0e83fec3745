"""The back office's activity: a kind is declared from a ready-made one, what was flagged is decided, acts are shown."""

from __future__ import annotations

import pytest

from regulars.clock import world
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.activity import VISIT, declare, did, happen, has
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

LIST = f"{OFFICE}/engagement/activity"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_a_kind_is_declared_from_a_ready_made_one_and_changed(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert "No kind of activity yet" in text(await visitor.client.get(LIST))
    assert "Song played" in text(await visitor.client.get(f"{LIST}/new"))
    page = f"{LIST}/edit?code=stream"
    form = {
        "code": "stream", "name-lv": "Noklausīta dziesma", "name-en": "Song played", "source": "any",
        "late_days": "3", "review": "flagged", "most": "30", "seconds": "60", "r0-currency": "PTS",
        "r0-gives": "per", "r0-when": "at_once", "r0-points": "1", "r0-per": "200", "r0-day": "10",
    }  # fmt: skip

    wrong = await visitor.act(page, page, **form | {"r0-month": "5"})
    assert wrong.status_code == 422
    assert "The limit of the month is below that of the day." in text(wrong)
    saved = await visitor.act(page, page, **form)

    assert (saved.status_code, saved.headers["location"]) == (303, LIST)
    (kind,) = (await visitor.api.get("/v1/activity-kinds")).json()["items"]
    assert kind["document"] == {
        "names": {"lv": "Noklausīta dziesma", "en": "Song played"},
        "fields": [
            {
                "name": "plays", "type": "integer", "names": kind["document"]["fields"][0]["names"],
                "required": True, "least": "1", "most": "1000",
            }
        ],
        "measure": "sum",
        "quantity": "plays",
        "late_days": 3,
        "flood": {"most": 30, "seconds": 60},
        "rules": [{"currency": "PTS", "gives": "per", "points": 1, "per": "200", "limits": {"day": 10}}],
    }  # fmt: skip
    shown = text(await visitor.client.get(LIST))
    assert "1 point for every 200, at most 10 points a day" in shown
    again = (await visitor.client.get(page)).text
    for value in ("200", "10", "30", "60", "3"):
        assert f'value="{value}"' in again
    assert (await visitor.act(page, page, **form, stopped="yes")).status_code == 303
    assert "Stopped" in text(await visitor.client.get(LIST))


async def test_what_waits_is_accepted_with_a_reason_once(visitor: Visitor) -> None:
    api = visitor.api
    await declare(api, "visit", VISIT, review="always")
    anna, _ = await member_with_card(api)
    one, other = [await happen(api, anna, did(f"v-{n}", "visit", world().isoformat())) for n in range(2)]
    await visitor.as_staff("marketing")
    page = text(await visitor.client.get(LIST))
    assert "Waits for a decision" in page
    assert "Each of this kind is looked at" in page

    without = await visitor.act(f"{LIST}/review/{one['id']}", LIST, act="accept", reason="")
    assert without.status_code == 422
    answer = await visitor.act(f"{LIST}/review/{one['id']}", LIST, act="accept", reason="seen at the door")
    assert (answer.status_code, await has(api, anna)) == (303, (5, 0))
    again = await visitor.act(f"{LIST}/review/{one['id']}", LIST, act="refuse", reason="no")
    assert again.status_code == 409
    await visitor.act(f"{LIST}/review/{other['id']}", LIST, act="refuse", reason="nobody was there")
    assert await has(api, anna) == (5, 0)
    assert "Waits for a decision" not in text(await visitor.client.get(LIST))

    await visitor.as_staff("service")
    hers = text(await visitor.client.get(f"{OFFICE}/members/{anna}/activity"))
    assert "Accepted" in hers
    assert "Refused" in hers
    assert "+5 points" in hers
    refused = await visitor.act(f"{LIST}/review/{one['id']}", LIST, act="accept", reason="x")
    assert refused.status_code == 403
