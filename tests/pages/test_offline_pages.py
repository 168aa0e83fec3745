"""The page of tills that sold without the line: which stores she sees, what is missing, the same as a file."""

from __future__ import annotations

import pytest

from regulars import ids
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.test_offline import send, spender
from tests.api.tills import till_of
from tests.pages.conftest import Visitor

REPORT = "/backoffice/review/offline"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Her browser remembers that she reads English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_what_the_store_pays_and_what_is_missing_is_told_with_the_receipt(visitor: Visitor) -> None:
    _, card = await spender(visitor.api, 1000)
    till = await till_of(visitor.api)
    token = {"allowance": "AAAA"}
    (item, _) = await send(
        visitor.api, till.sold(card, 400, counter=2, offline=token), till.sold(None, counter=5)
    )
    await visitor.as_staff("finance")

    page = (await visitor.client.get(REPORT)).text

    assert "Nobody let the till spend these points: the store pays €4.00, the member nothing." in page
    assert "1 receipt before number 2 has not come yet." in page
    assert "2 receipts before number 5 have not come yet." in page
    assert f"/backoffice/purchases/{item['answer']['id']}" in page
    assert "3 missing" in page
    table = (await visitor.client.get(f"{REPORT}.csv")).text.splitlines()
    assert table[0] == "recorded_at,sold_at,store,device,counter,kind,amount,seconds,missing,purchase"
    kinds = [row.split(",")[5:9] for row in table[1:]]
    assert sorted(kinds) == [
        ["allowance_forged", "4.00", "0", "0"],
        ["counter_gap", "0.00", "0", "1"],
        ["counter_gap", "0.00", "0", "2"],
        ["shortfall", "4.00", "0", "0"],
    ]


async def test_a_manager_sees_her_store_alone_and_other_days_are_empty(visitor: Visitor) -> None:
    till = await till_of(visitor.api, fetch=False)
    await send(visitor.api, till.sold(None, counter=2))
    made = await visitor.api.post("/v1/stores", {"code": "liepaja", "name": "Liepāja"})
    await visitor.as_staff("shop_manager", stores=(ids.read("sto", made.json()["id"]),))

    hers = (await visitor.client.get(REPORT)).text
    others = (await visitor.client.get(f"{REPORT}?store=riga-1")).text

    assert "No till has sold offline" in hers
    assert "No till has sold offline" in others
    await visitor.as_staff("owner")
    assert "Receipts are missing" in (await visitor.client.get(REPORT)).text
    assert "Everything agrees" in (await visitor.client.get(f"{REPORT}?from=2026-01-01&to=2026-01-05")).text
    assert "Everything agrees" in (await visitor.client.get(f"{REPORT}?kind=shortfall")).text


async def test_the_settings_of_tills_without_the_line_have_a_page(visitor: Visitor) -> None:
    await visitor.as_staff("owner")

    page = (await visitor.client.get("/backoffice/setup/rules/offline")).text

    assert "Tills sell without the line" in page
    assert 'value="20.00"' in page
    assert 'value="500.00"' in page
