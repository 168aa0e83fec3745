"""The back office's challenges: built by a form that loses nothing, stopped with a reason, badges, a member's own."""

from __future__ import annotations

import re

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.quests import THREE_VISITS, put_badge, put_quest, shopping
from tests.api.shop import member_with_card, set_clock
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

PLACE = f"{OFFICE}/engagement/challenges"


@pytest.fixture(autouse=True)
async def in_english(visitor: Visitor) -> None:
    """Pages speak English, and it is 1 March 2030, 11:00."""
    await set_clock(visitor.api, "2030-03-01T11:00:00+02:00")
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_a_challenge_is_built_by_a_form_and_changing_it_loses_nothing(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert "No challenges yet" in text(await visitor.client.get(PLACE))
    badge = await visitor.act(
        f"{OFFICE}/engagement/badges", PLACE, **{"code": "explorer", "icon": "map", "names-lv": "Pētnieks"}
    )
    assert badge.status_code == 303, text(badge)
    form = {
        "code": "spend", "icon": "cup", "names-lv": "Kafijas mēnesis", "names-en": "A month of coffee",
        "texts-lv": "Par kafiju.", "kind": "sum", "need": "50,00", "measure": "spend", "goods_categories": "coffee",
        "window": "month", "repeat": "2", "join": "opt_in", "clubs": "bakers", "winners": "100", "returns": "keep",
        "leaderboard": "yes", "from": "2030-03-01", "until": "2030-12-31",
        "prize0": "points", "what0": "PTS", "amount0": "20", "at0": "20", "for0": "30", "cost0": "0.15",
        "prize1": "badge", "what1": "explorer",
    }  # fmt: skip
    made = await visitor.act(f"{PLACE}/new", f"{PLACE}/new", **form)
    assert made.status_code == 303, text(made)
    assert "A month of coffee €50.00 in all a badge 0 0 / 100 €0.00 running" in text(
        await visitor.client.get(PLACE)
    )
    kept = (await visitor.api.get("/v1/challenges")).json()["items"][0]["document"]
    assert kept == {
        "names": {"lv": "Kafijas mēnesis", "en": "A month of coffee"},
        "texts": {"lv": "Par kafiju."},
        "goal": {"kind": "sum", "need": 5000, "goods": {"categories": ["coffee"]}},
        "steps": [
            {"at": 2000, "prizes": [
                {"points": {"currency": "PTS", "amount": 20, "expires_after_days": 30}, "cost": 15}
            ]}
        ],
        "prizes": [{"badge": "explorer"}],
        "window": "month",
        "from": "2030-02-28T22:00:00Z",
        "until": "2030-12-31T22:00:00Z",
        "join": "opt_in",
        "clubs": ["bakers"],
        "repeat": 2,
        "returns": "keep",
        "winners": 100,
        "leaderboard": True,
        "icon": "cup",
    }  # fmt: skip
    fields = await visitor.client.get(f"{PLACE}/spend/edit")
    shown = {name: form[name] for name in form if name != "code"} | {
        "need": "50.00",
        "at0": "20.00",
        "level": "1",
    }
    assert 'value="50.00"' in fields.text
    again = await visitor.act(f"{PLACE}/spend/edit", f"{PLACE}/spend/edit", **shown)
    assert again.status_code == 303, text(again)
    assert (await visitor.api.get("/v1/challenges")).json()["items"][0]["revision"] == 1


async def test_a_contradiction_is_said_beside_the_form_which_keeps_what_was_typed(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    form = {
        "code": "wrong",
        "names-lv": "Kļūda",
        "kind": "set",
        "need": "3",
        "of": "categories",
        "window": "days",
    }
    wrong = await visitor.act(f"{PLACE}/new", f"{PLACE}/new", **form)

    assert wrong.status_code == 422
    assert "A window of days needs their number" in text(wrong)
    assert 'value="Kļūda"' in wrong.text


async def test_it_is_stopped_with_a_reason_and_goes_on(visitor: Visitor) -> None:
    await put_quest(visitor.api, "visits", THREE_VISITS)
    await visitor.as_staff("marketing")
    stopped = await visitor.act(f"{PLACE}/visits/stop", PLACE, reason="too dear")
    assert stopped.status_code == 303, text(stopped)
    assert "stopped" in text(await visitor.client.get(PLACE))
    await visitor.act(f"{PLACE}/visits/stop", PLACE, reason="cheap again", resume="1")
    assert "running" in text(await visitor.client.get(PLACE))


async def test_a_members_page_shows_how_far_she_is_and_gives_and_takes_badges(visitor: Visitor) -> None:
    await put_quest(visitor.api, "visits", THREE_VISITS)
    await put_badge(visitor.api)
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Riga 1"})
    member, card = await member_with_card(visitor.api)
    await shopping(visitor.api, "p-1", card, "2030-03-01T10:00:00+02:00", "tea")
    await visitor.as_staff("service")
    page = f"{OFFICE}/members/{member}"

    seen = text(await visitor.client.get(f"{page}/challenges"))
    given = await visitor.act(f"{page}/badges", f"{page}/challenges", badge="explorer", reason="helped us")
    with_it = text(await visitor.client.get(f"{page}/challenges"))
    await visitor.act(f"{page}/badges", f"{page}/challenges", take="explorer", reason="a mistake")

    assert "Three visits 1 of 3 running no end" in seen
    assert given.status_code == 303, text(given)
    assert "Take this badge from the member?" in with_it
    assert "None yet." in text(await visitor.client.get(f"{page}/challenges"))


async def test_a_challenge_is_tried_on_the_last_days_and_the_form_keeps_what_was_typed(
    visitor: Visitor,
) -> None:
    await visitor.as_staff("marketing")
    (_, card), (_, other) = [await member_with_card(visitor.api) for _ in range(2)]
    for n in range(3):
        await shopping(visitor.api, f"p-{n}", card, f"2030-02-2{n}T11:00:00+02:00", "tea")
    await shopping(visitor.api, "p-9", other, "2030-02-25T11:00:00+02:00", "tea")
    form = {
        "code": "three", "icon": "cup", "names-lv": "Trīs reizes", "kind": "count", "need": "3", "window": "dates",
        "from": "2030-04-01", "prize0": "points", "what0": "PTS", "amount0": "150", "preview_days": "20",
    }  # fmt: skip

    tried = await visitor.act(f"{PLACE}/preview", f"{PLACE}/new", **form)
    refused = await visitor.act(f"{PLACE}/preview", f"{PLACE}/new", **form | {"preview_days": "900"})

    assert tried.status_code == 200, text(tried)
    assert "1 of 2 members would have done it" in text(tried)
    assert re.findall(r"<dd>([^<]+)</dd>", tried.text) == ["€1.50", "0", "1", "2"]
    assert 'value="Trīs reizes"' in tried.text
    assert refused.status_code == 422
    assert 'value="900"' in refused.text
    assert (await visitor.api.get("/v1/challenges")).json()["items"] == []
    await put_quest(visitor.api, "three", THREE_VISITS)
    changed = await visitor.act(f"{PLACE}/three/preview", f"{PLACE}/three/edit", **form | {"need": "2"})
    assert "1 of 2 members would have done it" in text(changed)
    assert (await visitor.api.get("/v1/challenges")).json()["items"][0]["revision"] == 1


async def test_how_many_have_a_badge_is_said_in_the_language_of_the_page(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    await put_badge(visitor.api, "explorer")
    visitor.client.cookies.set(LANGUAGE_COOKIE, "lv")
    assert "explorer · 0 dalībnieku" in text(await visitor.client.get(PLACE))
