"""A member hands a voucher on to another one: asked by an initial, hers then, and not the giver's any more."""

from __future__ import annotations

import re
from typing import Any

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, api, client, letters, shop
from tests.api.prizes import claimed, sold_voucher
from tests.api.shop import give
from tests.pages.portal import Portal, furnish, portal_of, words

__all__ = ["api", "client", "letters", "shop"]


@pytest.fixture
async def giver(shop: Api, database: Database) -> Portal:
    """Somebody with a voucher of 5.00."""
    await furnish(shop)
    made = await portal_of(shop, database)
    await give(shop, made.member, 600)
    return made


@pytest.fixture
async def taker(shop: Api, database: Database, giver: Portal) -> Portal:
    return await portal_of(shop, database, "Ilze Ozola")


async def a_voucher(giver: Portal, **definition: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A redemption of hers, and the voucher that came with it."""
    reward = await sold_voucher(giver.api, personal=True, names={"en": "Five euros"}, **definition)
    made = await claimed(giver.api, giver.member, reward)
    return made, made["vouchers"][0]


async def send(portal: Portal, voucher: str, **fields: str) -> Any:
    """The form of the voucher's page."""
    page = await portal.get(f"/vouchers/{voucher}")
    nonce = re.search(r'name="nonce" value="([0-9a-f]+)"', page.text)
    assert nonce, page.text[:300]
    return await portal.post(f"/vouchers/{voucher}?lang=en", page="/wallet", nonce=nonce[1], **fields)


async def test_a_voucher_is_handed_on_and_both_see_it(giver: Portal, taker: Portal) -> None:
    redemption, voucher = await a_voucher(giver, transferable=True)
    mine = f"/rewards/mine/{redemption['id']}?lang=en"
    assert "Hand it on to somebody" in words((await giver.get(mine)).text)

    question = await send(giver, voucher["id"], to=taker.card)
    assert question.status_code == 200
    shown = words(question.text)
    assert "Hand it on to I.?" in shown
    assert "Ilze" not in question.text
    assert "Ozola" not in question.text
    done = await send(giver, voucher["id"], to=taker.card, sure=taker.member)
    assert done.status_code == 303

    after = words((await giver.get(mine)).text)
    assert "A voucher of it was handed on." in after
    assert voucher["code"] not in after
    assert "Give it back" not in after
    assert (await giver.get(f"/vouchers/{voucher['id']}")).status_code == 404
    assert "Yours Five euros" in words((await taker.get("/rewards?lang=en")).text)
    assert voucher["code"] in words((await taker.get(f"/vouchers/{voucher['id']}")).text)
    # It is hers: she may hand it on in turn.
    assert (await send(taker, voucher["id"], to=giver.card, sure=giver.member)).status_code == 303
    assert voucher["code"] in words((await giver.get(mine)).text)


async def test_one_that_is_hers_alone_says_so(giver: Portal, taker: Portal) -> None:
    redemption, voucher = await a_voucher(giver)
    assert "Hand it on" not in words((await giver.get(f"/rewards/mine/{redemption['id']}?lang=en")).text)
    page = words((await giver.get(f"/vouchers/{voucher['id']}?lang=en")).text)
    assert "This voucher is yours alone: it cannot be handed on." in page
    csrf_of = {"to": taker.card, "sure": taker.member, "nonce": "1"}
    refused = await giver.post(f"/vouchers/{voucher['id']}?lang=en", page="/wallet", **csrf_of)
    assert "This voucher cannot be handed on, or not any more." in words(refused.text)
    assert (await taker.get(f"/vouchers/{voucher['id']}")).status_code == 404


async def test_a_number_of_nobody_hands_nothing_on_and_many_have_to_wait(
    giver: Portal, taker: Portal
) -> None:
    _, voucher = await a_voucher(giver, transferable=True)
    for n in range(5):
        said = words((await send(giver, voucher["id"], to=f"+3712900000{n}")).text)
        assert "Nobody here has this phone or card number. Nothing was handed on." in said
    late = words((await send(giver, voucher["id"], to=taker.card, sure=taker.member)).text)
    assert "That were many numbers." in late
    assert (await giver.get(f"/vouchers/{voucher['id']}")).status_code == 200
