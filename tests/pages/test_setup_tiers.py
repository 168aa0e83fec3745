"""Tiers in the back office: a ladder built by the form, foreseen, saved, changed; and a member's page with them."""

from __future__ import annotations

import pytest

from regulars import clock
from tests.api.conftest import Api
from tests.api.shop import member_with_card
from tests.api.tiers import BY_SPENDING, put_ladder, spend
from tests.pages.conftest import Visitor

TIERS = "/backoffice/setup/tiers"
NOW = clock.world().isoformat()
FORM = {
    "code": "status",
    "t0-code": "bronze",
    "t1-code": "silver",
    "t1-w0-r0-measure": "spend",
    "t1-w0-r0-amount": "100.00",
    "t1-w1-r0-measure": "visit_days",
    "t1-w1-r0-amount": "12",
    "period": "calendar_year",
    "validity": "rest_and_next_period",
    "downgrade": "one_step",
    "undo_on_return": "yes",
}


@pytest.fixture
async def owner(api: Api) -> Visitor:
    """Somebody who reads English and may do everything."""
    visitor = Visitor(api)
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("owner")
    return visitor


async def test_a_ladder_is_foreseen_saved_and_stands_in_the_form_again(owner: Visitor) -> None:
    _, card = await member_with_card(owner.api)
    await spend(owner.api, "r-1", card, 12_000, purchased_at=NOW)

    foreseen = await owner.act(f"{TIERS}/edit", **FORM, act="preview")
    nothing = (await owner.api.get("/v1/ladders")).json()
    saved = await owner.act(f"{TIERS}/edit", **FORM, act="save")
    listed = (await owner.client.get(TIERS)).text
    again = (await owner.client.get(f"{TIERS}/edit?code=status")).text
    ladder = (await owner.api.get("/v1/ladders")).json()["items"][0]

    assert "1 member would climb" in foreseen.text
    assert "Unmoved: 0." in foreseen.text
    assert "By the new rules" in foreseen.text
    assert nothing == {"items": [], "next": None}
    assert saved.headers["location"] == TIERS
    assert "12 days with a purchase" in listed
    assert 'name="t1-w0-r0-amount" value="100.00"' in again
    assert ladder["document"]["tiers"][1]["ways"] == [
        [{"measure": "spend", "at_least": 10_000}],
        [{"measure": "visit_days", "at_least": 12}],
    ]
    assert (ladder["document"]["downgrade"], ladder["document"]["undo_on_return"]) == ("one_step", True)


async def test_what_contradicts_itself_stands_beside_its_field_and_nothing_is_saved(owner: Visitor) -> None:
    falling = FORM | {"t2-code": "gold", "t2-w0-r0-measure": "spend", "t2-w0-r0-amount": "99"}
    refused = await owner.act(f"{TIERS}/edit", **falling, act="save")
    typed_wrong = await owner.act(f"{TIERS}/edit", **FORM | {"t1-w0-r0-amount": "a lot"}, act="save")

    assert refused.status_code == 422
    assert "gold would be reached with no more than the lower silver asks for." in refused.text
    assert 'name="t2-w0-r0-amount" value="99"' in refused.text
    assert "a whole number from 1 is needed, of money with its cents" in typed_wrong.text
    assert (await owner.api.get("/v1/ladders")).json() == {"items": [], "next": None}


async def test_a_members_page_shows_her_tier_how_far_it_is_and_how_it_came(owner: Visitor) -> None:
    await put_ladder(owner.api, BY_SPENDING)
    member, card = await member_with_card(owner.api)
    await spend(owner.api, "r-1", card, 12_000, purchased_at=NOW)

    page = (await owner.client.get(f"/backoffice/members/{member}")).text

    assert "<strong>Silver</strong>" in page
    assert 'value="12000" max="30000"' in page
    assert "reached" in page
