"""The back office's referrals: promised by a form, listed with what became of each, and on the member's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from regulars.db.pool import Database
from regulars.flows.read_referrals import ReferralFigures, referral_figures
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.referring import code_of, friend_by
from tests.api.shop import buy, just_now, line, member_with_card, record, set_clock
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


async def test_who_was_paid_for_with_the_referrers_card_is_refused_with_the_reason_and_counted_as_such(
    visitor: Visitor, database: Database
) -> None:
    api = visitor.api
    both = {"points": {"currency": "PTS", "amount": 5}}
    document = {"steps": [{"friend": both, "referrer": both}], "return_days": 0}
    await api.call("PUT", "/v1/referral-programs/default", document)
    anna, hers = await member_with_card(api)
    _, card = await friend_by(api, await code_of(api, anna))
    paid = [{"method": "card", "amount": 2500, "instrument": "fp_9f8e7d6c5b"}]
    for request, number in (("r-1", hers), ("r-2", card)):
        await record(api, buy(request, number, [line(1, 2500)], payments=paid, purchased_at=just_now()))
    await set_clock(api, (datetime.now(UTC) + timedelta(minutes=1)).isoformat())
    await visitor.as_staff("owner")

    shown, refused, of_hers = [
        text(await visitor.client.get(address))
        for address in (LIST, f"{LIST}?refused=1", f"{OFFICE}/members/{anna}/referrals")
    ]

    assert shown.count("refused the same payment card") == 1
    assert shown.count("the same payment card") == 1
    assert "refused the same payment card" in refused
    assert "refused the same payment card" in of_hers
    figures = await referral_figures(database, api.program.id)
    assert figures == ReferralFigures(brought=0, refused=1, rewarded=0, taken_back=0, cost=0)
