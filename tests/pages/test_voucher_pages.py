"""The back office's pages of vouchers: made by a form, listed with their worth, found by a code, blocked."""

from __future__ import annotations

import re

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.prizes import claimed, sold_voucher
from tests.api.shop import give, member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE
from tests.pages.test_rewards_pages import text

VOUCHERS = f"{OFFICE}/vouchers"
FIELDS = {
    "kind": "value",
    "amount": "7.50",
    "name": "autumn",
    "pattern": "autumn-####-####",
    "names-lv": "Rudens kupons",
    "whose": "bearer",
    "purpose": "multi",
    "count": "25",
}


@pytest.fixture
async def marketing(visitor: Visitor) -> Visitor:
    """Somebody in marketing, who reads English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")
    await visitor.as_staff("marketing")
    return visitor


async def test_a_batch_is_made_by_a_form_and_listed_with_its_worth(marketing: Visitor) -> None:
    made = await marketing.act(f"{VOUCHERS}/new", f"{VOUCHERS}/new", **FIELDS)
    assert made.status_code == 303, text(made)
    page = text(await marketing.client.get(made.headers["location"]))
    assert "The vouchers are made and count at every till." in page
    assert re.search(r"AUTUMN-\w{4}-\w{4}", page)
    listed = text(await marketing.client.get(VOUCHERS))
    assert "autumn Rudens kupons €7.50 whoever brings it live" in listed


async def test_a_contradiction_is_said_at_its_field_and_nothing_is_made(marketing: Visitor) -> None:
    wrong = {**FIELDS, "purpose": "single", "remind_days": "7"}
    refused = await marketing.act(f"{VOUCHERS}/new", f"{VOUCHERS}/new", **wrong)
    said = text(refused)
    assert refused.status_code == 422
    assert "A single-purpose voucher needs its rate of tax." in said
    assert "Nobody can be reminded of a voucher that belongs to nobody." in said
    assert 'value="7.50"' in refused.text
    assert "No vouchers yet" in text(await marketing.client.get(VOUCHERS))


async def test_service_finds_a_lost_voucher_blocks_it_and_unblocks_it(visitor: Visitor) -> None:
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")
    api = visitor.api
    member, _ = await member_with_card(api)
    await give(api, member, 500)
    redemption = await claimed(api, member, await sold_voucher(api, personal=True))
    code = redemption["vouchers"][0]["code"]
    await visitor.as_staff("service")
    found = await visitor.act(f"{VOUCHERS}/find", VOUCHERS, text=code.lower())
    assert "good Batch five Worth €5.00 Whose a member's" in text(found)
    assert f'href="/backoffice/members/{member}"' in found.text
    for what, state in (("block", "blocked"), ("unblock", "good")):
        done = await visitor.act(f"{VOUCHERS}/{what}", VOUCHERS, text=code, reason="lost")
        assert done.status_code == 303, text(done)
        again = await visitor.act(f"{VOUCHERS}/find", VOUCHERS, text=code)
        assert f"{state} Batch five" in text(again)
    assert (await visitor.client.get(f"{VOUCHERS}/new")).status_code == 403


async def test_a_code_that_is_none_is_said(marketing: Visitor) -> None:
    found = await marketing.act(f"{VOUCHERS}/find", VOUCHERS, text="NO-SUCH-CODE")
    assert found.status_code == 404
    assert "No voucher" in text(found)
