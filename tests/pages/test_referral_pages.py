"""The back office's referrals: promised by a form, listed with what became of each, and on the member's page."""

from __future__ import annotations

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.referring import code_of, friend_by
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

LIST = f"{OFFICE}/engagement/referrals"
FORM = {
    "s0-purchases": "1", "s0-referrer": "points:PTS", "s0-referrer-amount": "500", "s0-friend": "points:PTS",
    "s0-friend-amount": "300", "m0-friends": "3", "m0-prize": "points:PTS", "m0-prize-amount": "1000",
    "least_amount": "20.00", "return_days": "14", "within_days": "90", "budget": "1000", "a_month": "5",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_what_is_promised_is_said_by_a_form_and_shown_again(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert "Nothing is promised yet" in text(await visitor.client.get(LIST))
    wrong = await visitor.act(f"{LIST}/edit", f"{LIST}/edit", **FORM | {"a_month": "9", "a_year": "2"})
    assert (wrong.status_code, "A month would allow more than its year." in text(wrong)) == (422, True)
    assert 'value="500"' in wrong.text

    saved = await visitor.act(f"{LIST}/edit", f"{LIST}/edit", **FORM)

    assert (saved.status_code, saved.headers["location"]) == (303, LIST)
    items = (await visitor.api.get("/v1/referral-programs")).json()["items"]
    assert items[0]["document"] == {
        "steps": [
            {
                "referrer": {"points": {"currency": "PTS", "amount": 500}},
                "friend": {"points": {"currency": "PTS", "amount": 300}},
            }
        ],
        "milestones": [{"friends": 3, "prize": {"points": {"currency": "PTS", "amount": 1000}}}],
        "least_amount": 2000,
        "a_month": 5,
        "budget": 100_000,
    }
    form = (await visitor.client.get(f"{LIST}/edit")).text
    for value in ("20.00", "1000.00", "500", "300"):
        assert f'value="{value}"' in form


async def test_what_the_form_has_no_room_for_stays_as_it_was(visitor: Visitor) -> None:
    odd = {"points": {"currency": "PTS", "amount": 5, "expires_after_days": 30}}
    step = {"purchases": 1, "friend": odd, "referrer": odd}
    made = await visitor.api.call("PUT", "/v1/referral-programs/default", {"steps": [step]})
    assert made.status_code == 200
    await visitor.as_staff("owner")
    kept = {"s0-purchases": "1", "s0-referrer": "same", "s0-friend": "same", "least_amount": "5"}
    assert (await visitor.act(f"{LIST}/edit", f"{LIST}/edit", **kept)).status_code == 303
    document = (await visitor.api.get("/v1/referral-programs")).json()["items"][0]["document"]
    assert document == {"steps": [{"friend": odd, "referrer": odd}], "least_amount": 500}


async def test_the_list_tells_who_was_refused_and_why_and_the_members_page_whom_she_brought(
    visitor: Visitor,
) -> None:
    api = visitor.api
    both = {"points": {"currency": "PTS", "amount": 5}}
    await api.call("PUT", "/v1/referral-programs/default", {"steps": [{"friend": both, "referrer": both}]})
    anna, _ = await member_with_card(api)
    code = await code_of(api, anna)
    for _ in range(2):
        await friend_by(api, code, device="one-device-for-two")
    await visitor.as_staff("owner")

    shown, refused = [text(await visitor.client.get(LIST + more)) for more in ("", "?refused=1")]

    assert "has joined" in shown
    assert "refused the same device" in shown
    assert "Brought" in shown
    assert "has joined" not in refused.partition("Who brought whom")[2]
    hers = text(await visitor.client.get(f"{OFFICE}/members/{anna}/referrals"))
    assert "Friends whom the member brought" in hers
    assert "the same device" in hers
