"""A shop manager sees her stores alone, a partner's user his partner's: on every page and in every file."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from regulars import ids
from regulars.app import OFFICE
from regulars.db.pool import Database
from regulars.flows.roll_figures import roll_figures
from tests.api.shop import member_with_card
from tests.conftest import START
from tests.pages.conftest import Visitor

OWN, OTHER = "own-store", "other-store"
OTHERS_SIGNS = ("The other store", "other-store", "Foreign goods", "other-till", "777.77", "777,77")
"""What would give the other store away: its names, its goods, its turnover."""


async def two_stores(visitor: Visitor, database: Database) -> tuple[dict[str, UUID], dict[str, str], UUID]:
    """Two stores of two partners with a purchase each: store ids and purchase ids by code, the own partner."""
    api = visitor.api
    partner = await api.post("/v1/partners", {"code": "own-partner", "name": "The own partner"})
    assert partner.status_code == 201, partner.text
    stores, purchases = {}, {}
    for code, name, partner_code, price, goods in (
        (OWN, "The own store", "own-partner", 11111, "Own goods"),
        (OTHER, "The other store", "operator", 77777, "Foreign goods"),
    ):
        made = await api.post("/v1/stores", {"code": code, "name": name, "partner": partner_code})
        assert made.status_code == 201, made.text
        stores[code] = ids.read("sto", made.json()["id"])
        sold = {
            "id": f"{code}-1", "store": code, "till": code.replace("store", "till"), "purchased_at": START.isoformat(),
            "currency": "EUR",
            "lines": [{"line": 1, "sku": goods, "name": goods, "quantity": "1", "unit_price": price}],
        }  # fmt: skip
        answer = await api.post("/v1/purchases", sold, scope="till")
        assert answer.status_code == 201, answer.text
        purchases[code] = answer.json()["id"]
    await roll_figures(database, api.program.id, START)
    return stores, purchases, ids.read("par", partner.json()["id"])


@pytest.mark.parametrize("role", ["shop_manager", "partner_user"])
async def test_nothing_of_another_store_is_on_any_page_or_in_any_file(
    visitor: Visitor, database: Database, role: Any
) -> None:
    stores, purchases, partner = await two_stores(visitor, database)
    limits: dict[str, Any] = {"stores": [stores[OWN]]} if role == "shop_manager" else {"partner": partner}
    await visitor.as_staff(role, email=f"{uuid4().hex}@shop.example", **limits)
    seen_own = 0
    for page in OFFICE:
        if page.method != "GET":
            continue
        for query in ("", f"?store={OTHER}", f"?store={OTHER}&from=2026-02-01&to=2026-03-31",
                      "?from=2026-02-01&to=2026-03-31"):  # fmt: skip
            answer = await visitor.client.get(re.sub(r"\{\w+\}", purchases[OTHER], page.address) + query)
            assert answer.status_code < 500, page.path
            told = answer.text.replace("\u00a0", " ")
            for key in (f"store={OTHER}", purchases[OTHER]):  # what was asked for may be said back
                told = told.replace(key, "")
            assert [sign for sign in OTHERS_SIGNS if sign in told] == [], page.path + query
            seen_own += "The own store" in told
    assert seen_own > 0


async def test_an_owner_sees_both(visitor: Visitor, database: Database) -> None:
    await two_stores(visitor, database)
    await visitor.as_staff("owner")
    page = (await visitor.client.get("/backoffice/day?from=2026-02-01&to=2026-03-31")).text
    assert all(name in page for name in ("The own store", "The other store"))


@pytest.mark.parametrize(
    "act", ["badges", "games", "entitlements", "memberships", f"memberships/{ids.show('mbs', UUID(int=1))}", "packs"],
)  # fmt: skip
async def test_a_refused_act_tells_nothing_of_a_member_whom_one_may_not_look_up(
    visitor: Visitor, act: str
) -> None:
    store = await visitor.api.post("/v1/stores", {"code": OWN, "name": "The own store"})
    member, _ = await member_with_card(visitor.api, "Anna Kalniņa")
    await visitor.as_staff("shop_manager", stores=[ids.read("sto", store.json()["id"])])

    refused = await visitor.act(f"/backoffice/members/{member}/{act}", uses="x")

    assert "Anna" not in refused.text
    assert refused.status_code == 403
