"""What a receipt in the portal was paid with, and how the page of a member calls the account that she shares."""

from __future__ import annotations

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.test_accounts import company, put_in
from tests.api.test_gift_cards import by_card, sell
from tests.pages.portal import Portal, bought, furnish, portal_of, words

__all__ = ["api", "client", "letters", "shop"]


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    await furnish(shop)
    return await portal_of(shop, database)


@pytest.mark.parametrize(
    ("on_card", "said"),
    [(5000, "Paid €28.00 With a gift card {card} €28.00"), (
        2000, "Paid €28.00 With a gift card {card} €20.00 Otherwise €8.00",
    )],
)  # fmt: skip
async def test_a_receipt_says_what_was_paid_with_what(portal: Portal, on_card: int, said: str) -> None:
    card = await sell(portal.api, on_card)
    await bought(portal, **by_card(card["code"], min(on_card, 2800)))
    row = (await portal.api.get("/v1/purchases", member=portal.member)).json()["items"][0]
    shown = words((await portal.get(f"/receipts/{row['id']}?lang=en")).text)
    assert said.format(card=card["shown"]) in shown
    assert "€0.00" not in shown


async def test_the_account_of_a_company_is_called_so_on_her_page(portal: Portal) -> None:
    assert "Household Collect and spend together" in words((await portal.get("/me?lang=en")).text)
    account = await company(portal.api)
    await put_in(portal.api, account, {"member": portal.member, "role": "spender"})
    page = words((await portal.get("/me?lang=en")).text)
    assert ("Company Collect and spend together" in page, "Household" in page) == (True, False)
