"""The back office's entitlements: built by a form, the desk that checks in, a member's own, and costs by partner."""

from __future__ import annotations

import re

import pytest

from regulars import ids
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.entitled import LOUNGE, book, entitle, has, left
from tests.api.shop import member_with_card, set_clock
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

PLACE = f"{OFFICE}/engagement/entitlements"
SPA = {**LOUNGE, "quotas": [{"uses": 2}], "booking": {"opens": "12:00", "closes": "15:00", "capacity": 4}}
NOW = "2030-03-01T11:00:00+02:00"
TODAY_AT_ONE = "2030-03-01T11:00:00+00:00"


@pytest.fixture(autouse=True)
async def in_english(visitor: Visitor) -> None:
    """Pages speak English, and it is 1 March 2030, 11:00."""
    await set_clock(visitor.api, NOW)
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_an_entitlement_is_built_by_a_form_and_changed(visitor: Visitor) -> None:
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Riga 1"})
    await visitor.as_staff("marketing")
    assert "No entitlements yet" in text(await visitor.client.get(PLACE))
    form = {
        "code": "lounge", "names-lv": "Zāle", "names-en": "Lounge", "uses0": "2", "holder0": "club", "of0": "travel",
        "uses1": "1", "holder1": "", "of1": "", "period": "quarter", "stores": "riga-1", "free": "1",
        "from_quota": "1", "cost": "25,50", "booking": "1", "opens": "09:00", "closes": "21:00",
        "slot_minutes": "60", "capacity": "10", "days_ahead": "30", "cancel_hours": "2", "no_show": "gives_back",
    }  # fmt: skip
    made = await visitor.act(f"{PLACE}/new", f"{PLACE}/new", **form)
    assert made.status_code == 303, text(made)
    assert "Lounge 2 · travel 1 · everybody a quarter 2 by slots €25.50 in use" in text(
        await visitor.client.get(PLACE)
    )
    kept = (await visitor.api.get("/v1/entitlements")).json()["items"][0]
    assert kept["document"] == {
        "names": {"lv": "Zāle", "en": "Lounge"},
        "quotas": [{"uses": 2, "club": "travel"}, {"uses": 1}],
        "period": "quarter",
        "stores": ["riga-1"],
        "guests": {"free": 1, "from_quota": 1},
        "cost": 2550,
        "booking": {
            "opens": "09:00",
            "closes": "21:00",
            "capacity": 10,
            "days_ahead": 30,
            "cancel_hours": 2,
            "no_show": "gives_back",
        },
    }
    edited = (await visitor.client.get(f"{PLACE}/lounge/edit")).text
    assert 'value="25.50"' in edited
    again = await visitor.act(f"{PLACE}/lounge/edit", f"{PLACE}/lounge/edit", **form, stopped="1")
    assert again.status_code == 303, text(again)
    assert "stopped" in text(await visitor.client.get(PLACE))


async def test_a_contradiction_is_said_beside_the_form_which_keeps_what_was_typed(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    form = {
        "code": "spa",
        "names-lv": "Spa",
        "uses0": "2",
        "holder0": "tier",
        "of0": "status/gold",
        "period": "month",
    }
    refused = await visitor.act(f"{PLACE}/new", f"{PLACE}/new", **form)
    assert refused.status_code == 422
    assert "There is no tier status/gold." in text(refused)
    assert 'value="status/gold"' in refused.text


async def test_service_finds_a_member_at_the_desk_and_checks_her_in(visitor: Visitor) -> None:
    api = visitor.api
    await entitle(api, SPA)
    member, card = await member_with_card(api)
    await visitor.as_staff("service")
    desk = f"{PLACE}/desk"

    found = await visitor.act(f"{desk}/find", desk, text=card, store="riga-1")
    done = await visitor.act(desk, desk, member=member, code="lounge", store="riga-1", guests="1")
    refused = await visitor.act(desk, desk, member=member, code="lounge", store="riga-1", guests="0")

    assert "2 of 2 left this quarter" in text(found)
    assert done.status_code == 303, text(done)
    assert await left(api, member) == 0
    assert refused.status_code == 409
    assert "There is none left at that time." in text(refused)
    shown = text(await visitor.client.get(f"{desk}?store=riga-1"))
    assert re.search(r"Lounge Member 1 Mar 2030 11:00 Riga 1 1 used €50.00", shown), shown[-600:]
    costs = text(await visitor.client.get(f"{PLACE}?from=2030-03-01&until=2030-03-31"))
    assert "Riga 1 Lounge 1 1 €50.00" in costs


async def test_a_booked_visit_is_checked_in_or_cancelled_from_the_members_page(visitor: Visitor) -> None:
    api = visitor.api
    await entitle(api, SPA)
    member, _ = await member_with_card(api)
    first, second = [(await book(api, member, TODAY_AT_ONE)).json()["id"] for _ in range(2)]
    await visitor.as_staff("service")
    page = f"{OFFICE}/members/{member}/entitlements"
    back = f"/members/{member}/entitlements"

    cancelled = await visitor.act(f"{PLACE}/visits/{first}", page, act="cancel", back=back)
    came = await visitor.act(f"{PLACE}/visits/{second}", page, back=back)
    given = await visitor.act(page, page, code="lounge", uses="3", days="30", reason="a late flight")

    assert (cancelled.status_code, came.status_code, given.status_code) == (303, 303, 303), text(given)
    assert cancelled.headers["location"] == page
    hers = await has(api, member)
    assert (hers["left"], hers["bookings"]) == (4, [])
    assert "4 uses left" in text(await visitor.client.get(page))


async def test_of_stores_somebody_is_limited_to_only_their_desk_works(visitor: Visitor) -> None:
    api = visitor.api
    await entitle(api, SPA)
    cesis = (await api.post("/v1/stores", {"code": "cesis", "name": "Cēsis"})).json()["id"]
    member, _ = await member_with_card(api)
    use = (await book(api, member, TODAY_AT_ONE)).json()["id"]
    await visitor.as_staff("shop_manager", stores=[ids.read("sto", cesis)])
    desk = f"{PLACE}/desk"

    elsewhere = await visitor.act(desk, desk, member=member, code="lounge", store="riga-1", guests="0")
    others = await visitor.act(f"{PLACE}/visits/{use}", desk, act="cancel")
    here = await visitor.act(desk, desk, member=member, code="lounge", store="cesis", guests="0")

    assert (elsewhere.status_code, others.status_code, here.status_code) == (422, 404, 303)
    assert len((await has(api, member))["bookings"]) == 1
