"""Exports of returns, tiers, codes, vouchers, gift cards, redemptions, revisions, set-up and findings: row by row."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from msgspec import Struct

from regulars.db.pool import Database
from regulars.flows.exports import goods, pages, rewards, sales, standings, trails
from tests.api.conftest import Api
from tests.api.data import FORMATS, take_out
from tests.api.prizes import claimed, sold_voucher, voucher_batch
from tests.api.shop import buy, give, line, member_with_card, publish, record
from tests.api.test_figures import HALF_OFF
from tests.api.test_findings import brought_back, clock_at, look, rung
from tests.api.tiers import BY_SPENDING, put_ladder, spend
from tests.conftest import START

AT = START.isoformat().replace("+00:00", "Z")
KINDS = ("returns", "tiers", "tier_changes", "codes", "vouchers", "gift_cards", "redemptions", "promotion_revisions",
         "partners", "currencies", "settings", "findings")  # fmt: skip
PAGED: tuple[ModuleType, ...] = (goods, pages, rewards, sales, standings, trails)


class Furnished(Struct, frozen=True):
    """What stands in the program of these tests."""

    silver: str
    purchase: str
    back: dict[str, Any]
    redeemed: dict[str, Any]
    batch: str
    codes: list[str]
    card: dict[str, Any]
    promotion: str


async def furnish(api: Api) -> Furnished:
    """A member who climbed, brought something back and claimed a voucher; a batch with a used code; a gift card."""
    await api.post("/v1/stores", {"code": "riga-1", "name": "Teika", "tills": ["7"]})
    made = await api.post("/v1/partners", {"code": "bakery", "name": "=Maiznīca"})
    assert made.status_code == 201, made.text
    promotion = await publish(api, HALF_OFF)
    draft = {**HALF_OFF, "name": "Half off rye bread"}
    assert (await api.call("PUT", f"/v1/promotions/{promotion}/draft", draft)).status_code == 200
    assert (await api.post(f"/v1/promotions/{promotion}/publish")).status_code == 200
    await put_ladder(api, BY_SPENDING)
    silver, card = await member_with_card(api)
    await spend(api, "r-1", card, 12_000)
    bought = await record(api, buy("r-2", card, [line(1, 250, "2")]))
    back = await api.post(f"/v1/purchases/{bought['id']}/returns",
                          {"id": "b-1", "lines": [{"line": 1, "quantity": "1"}], "returned_at": AT, "till": "7"},
                          scope="till")  # fmt: skip
    assert back.status_code == 201, back.text
    reward = await sold_voucher(api)
    await give(api, silver, 500)
    redeemed = await claimed(api, silver, reward)
    batch = await voucher_batch(api, name="two", pattern="TWO-####-####", count=2)
    codes = batch["batch"]["codes"]
    used = await api.post("/v1/vouchers/redeem", {"code": codes[0]})
    assert used.status_code == 200, used.text
    sold = await api.post("/v1/gift-cards", {"amount": 2_500})
    assert sold.status_code == 201, sold.text
    return Furnished(
        silver, bought["id"], back.json(), redeemed, batch["batch"]["id"], codes, sold.json(), promotion
    )


async def taken(api: Api, database: Database, kind: str, **filters: Any) -> list[dict[str, str]]:
    """The rows of an export as a CSV has them."""
    content = await take_out(api, database, kind, **filters)
    return list(csv.DictReader(io.StringIO(content.decode())))


def some(row: dict[str, str], *names: str) -> tuple[str, ...]:
    """These cells of it."""
    return tuple(row[name] for name in names)


async def test_what_came_back_and_who_climbed_is_taken_out_row_by_row(shop: Api, database: Database) -> None:
    there = await furnish(shop)
    (back,) = await taken(shop, database, "returns")
    assert back["return"] == there.back["id"]
    assert some(back, "id", "of", "purchase", "store", "currency", "gross_back", "discount_back", "money_back",
                "points_back", "points_taken", "voided_at") == (
        "b-1", "r-2", there.purchase, "riga-1", "EUR", "250", "0", "250", "0", "0", "",
    )  # fmt: skip
    assert datetime.fromisoformat(back["returned_at"]) == START
    (tier,) = await taken(shop, database, "tiers")
    assert some(tier, "member", "ladder", "tier", "gained") == (there.silver, "status", "silver", "earned")
    assert datetime.fromisoformat(tier["since"]) == START
    (change,) = await taken(shop, database, "tier_changes")
    assert some(change, "member", "ladder", "from_tier", "to_tier", "reason") == (
        there.silver, "status", "bronze", "silver", "earned",
    )  # fmt: skip
    assert change["purchase"].startswith("pur_")
    assert isinstance(json.loads(change["measures"]), dict)


async def test_codes_vouchers_gift_cards_and_redemptions_are_taken_out_with_their_states(
    shop: Api, database: Database
) -> None:
    there = await furnish(shop)
    batch = there.batch
    codes = await taken(shop, database, "codes")
    assert [some(one, "batch", "code", "state", "used", "uses", "voided_at") for one in codes] == [
        (batch, there.codes[0], "used", "1", "1", ""), (batch, there.codes[1], "good", "0", "1", ""),
    ]  # fmt: skip
    vouchers = await taken(shop, database, "vouchers")
    assert sorted(some(one, "batch", "state", "used", "uses") for one in vouchers if one["batch"] == batch) == [
        (batch, "good", "0", "1"), (batch, "used", "1", "1"),
    ]  # fmt: skip
    (claimed_one,) = [one for one in vouchers if one["batch"] != batch]
    assert some(claimed_one, "redemption", "state", "used", "uses", "purchase") == (
        there.redeemed["id"], "good", "0", "1", "",
    )  # fmt: skip
    until = there.redeemed["vouchers"][0]["valid_until"]
    assert datetime.fromisoformat(claimed_one["valid_until"]) == datetime.fromisoformat(until)
    every = (
        await take_out(shop, database, "vouchers") + await take_out(shop, database, "gift_cards")
    ).decode()
    for secret in (*there.codes, there.redeemed["vouchers"][0]["code"], there.card["code"]):
        assert secret not in every
    (card,) = await taken(shop, database, "gift_cards")
    assert some(card, "gift_card", "purpose", "tax_rate", "blocked_at", "currency", "balance") == (
        there.card["id"], "multi", "", "", "EUR", "2500",
    )  # fmt: skip
    assert card["shown"][-4:] == there.card["code"][-4:]
    (redeemed,) = await taken(shop, database, "redemptions")
    assert some(redeemed, "redemption", "reward", "revision", "member", "quantity", "currency", "points", "money",
                "state") == (
        there.redeemed["id"], there.redeemed["reward"], "1", there.silver, "1", "PTS", "500", "0",
        there.redeemed["state"],
    )  # fmt: skip


async def test_revisions_and_the_set_up_are_taken_out(shop: Api, database: Database) -> None:
    there = await furnish(shop)
    revisions = [
        one
        for one in await taken(shop, database, "promotion_revisions")
        if one["promotion"] == there.promotion
    ]
    assert [(one["revision"], json.loads(one["document"])["name"]) for one in revisions] == [
        ("1", "Half off bread"), ("2", "Half off rye bread"),
    ]  # fmt: skip
    assert all(one["published_by"].startswith("key_") for one in revisions)
    partners = await taken(shop, database, "partners")
    assert ("bakery", "'=Maiznīca") in [some(one, "code", "name") for one in partners]
    currencies = (await shop.get("/v1/currencies")).json()["items"]
    assert [
        (one["code"], one["kind"], int(one["scale"]), one["worth"], json.loads(one["names"]),
         int(one["active_after_days"]), one["expires_after_days"])
        for one in await taken(shop, database, "currencies")
    ] == [
        (one["code"], one["kind"], one["scale"], one["worth"], one["names"], one["active_after_days"],
         "" if one["expires_after_days"] is None else str(one["expires_after_days"]))
        for one in currencies
    ]  # fmt: skip
    program = (await shop.get("/v1/program")).json()
    settings = await taken(shop, database, "settings")
    of = {
        kind: {one["name"]: json.loads(one["value"]) for one in settings if one["of"] == kind}
        for kind in ("program", "setting")
    }
    assert of["program"] == {name: value for name, value in program.items() if name != "settings"}
    assert of["setting"] == program["settings"]


async def test_what_looked_unusual_is_taken_out_with_what_was_decided(shop: Api, database: Database) -> None:
    await shop.post("/v1/stores", {"code": "riga-1", "name": "Teika", "tills": ["7"]})
    await clock_at(shop, 60)
    for number, receipt in enumerate([await rung(shop, None, 42 + number) for number in range(3)]):
        await brought_back(shop, receipt, 50 + number)
    assert await look(shop) == 1
    (open_one,) = (await shop.get("/v1/findings")).json()["items"]
    decided = await shop.post(
        f"/v1/findings/{open_one['id']}/decide", {"status": "case", "word": "asked her"}
    )
    assert decided.status_code == 200, decided.text
    (found,) = await taken(shop, database, "findings")
    assert some(found, "finding", "kind", "store", "till", "cashier", "member", "count", "amount", "status",
                "word") == (
        open_one["id"], "returns_soon", "riga-1", "7", "c-12", "", "3", "3000", "case", "asked her",
    )  # fmt: skip
    assert found["evidence"].split(";") == open_one["evidence"]
    assert len(await taken(shop, database, "returns")) == 3


@pytest.mark.parametrize("kind", ["returns", "tier_changes", "redemptions", "findings"])
async def test_what_happened_is_taken_out_by_time_and_returns_by_store(
    shop: Api, database: Database, kind: str
) -> None:
    await furnish(shop)
    rows = 0 if kind == "findings" else 1
    before, after = (START + timedelta(days=days) for days in (-400, 400))
    for filters, expected in (
        ({"from": before.isoformat(), "to": after.isoformat()}, rows), ({"from": after.isoformat()}, 0),
        ({"to": before.isoformat()}, 0),
    ):  # fmt: skip
        assert len(await taken(shop, database, kind, **filters)) == expected, filters
    stores = {"kind": kind, "filter": {"stores": ["riga-1"]}}
    if kind == "returns":
        assert len(await taken(shop, database, kind, stores=["riga-1"])) == 1
        assert await taken(shop, database, kind, stores=["riga-9"]) == []
    else:
        assert (await shop.post("/v1/exports", stores)).status_code == 422


async def test_pages_of_one_row_give_the_same_file_in_every_format(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnish(shop)
    whole = {kind: await take_out(shop, database, kind) for kind in KINDS}
    for module in PAGED:
        monkeypatch.setattr(module, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(goods, "REVISIONS_AT_ONCE", 1)
    for kind in KINDS:
        assert await take_out(shop, database, kind) == whole[kind], kind
    monkeypatch.undo()
    for format_ in FORMATS[1:]:
        for kind in KINDS:
            assert len(await take_out(shop, database, kind, format_)) > 0, kind
