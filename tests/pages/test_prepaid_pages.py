"""The page of what is owed in advance: its figures, its parts by tax and age, the rows behind them, the file."""

from __future__ import annotations

import csv
import io

import pytest

from regulars.backoffice import prepaid
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.prizes import FIVE, claimed, sold_voucher, voucher_batch
from tests.api.shop import give, member_with_card
from tests.api.test_gift_cards import sell
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE
from tests.pages.test_rewards_pages import text

PREPAID = f"{OFFICE}/prepaid"


@pytest.fixture
async def finance(visitor: Visitor) -> Visitor:
    """Somebody in finance, who reads English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")
    await visitor.as_staff("finance")
    return visitor


async def test_what_is_owed_stands_together_by_tax_and_age_and_row_by_row(finance: Visitor) -> None:
    card = await sell(finance.api, 1500)
    await sell(finance.api, 2000, purpose="single", tax_rate="0.21")
    member, _ = await member_with_card(finance.api)
    reward = await sold_voucher(finance.api)
    await give(finance.api, member, 500)
    await claimed(finance.api, member, reward)

    page = await finance.client.get(PREPAID)
    said = text(page)

    assert "Together" in said
    assert "€40.00" in said
    assert "Gift cards due when it is used less than 90 days 1 €15.00" in said
    assert "Gift cards was due when it was given out · 21% less than 90 days 1 €20.00" in said
    assert "Vouchers due when it is used less than 90 days 1 €5.00" in said
    assert card["shown"] in said

    single = text(await finance.client.get(f"{PREPAID}?kind=gift_card&purpose=single&age=0"))
    assert (card["shown"] in single, "Show all" in single) == (False, True)
    older = text(await finance.client.get(f"{PREPAID}?age=730"))
    assert "Nothing of this is owed." in older


async def test_the_file_has_every_row(finance: Visitor) -> None:
    card = await sell(finance.api, 1500, expires_at="2099-03-05T00:00:00Z")
    answer = await finance.client.get(f"{PREPAID}.csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["kind"], row["id"], row["purpose"], row["owed"]) == (
        "gift_card",
        card["id"],
        "multi",
        "15.00",
    )
    assert row["ends_at"].startswith("2099-03-05")


async def test_the_file_is_sent_part_by_part_and_has_each_row_once(
    finance: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepaid, "FILE_AT_ONCE", 1)
    cards = [await sell(finance.api, amount) for amount in (1000, 1500, 2000)]
    member, _ = await member_with_card(finance.api)
    reward = await sold_voucher(finance.api)
    await give(finance.api, member, 1000)
    claims = [await claimed(finance.api, member, reward) for _ in range(2)]

    rows = list(csv.DictReader(io.StringIO((await finance.client.get(f"{PREPAID}.csv")).text)))
    only = (await finance.client.get(f"{PREPAID}.csv?kind=voucher")).text

    expected = [
        *(
            ("gift_card", one["id"], one["shown"], owed)
            for one, owed in zip(cards, ("10.00", "15.00", "20.00"), strict=True)
        ),
        *(("voucher", one["id"], "five", "5.00") for one in claims),
    ]
    assert sorted((one["kind"], one["id"], one["name"], one["owed"]) for one in rows) == sorted(expected)
    assert {one["id"] for one in csv.DictReader(io.StringIO(only))} == {one["id"] for one in claims}
    assert (await finance.client.get(f"{PREPAID}.csv?kind=house")).status_code == 422


async def test_rates_of_cards_and_vouchers_are_in_one_unit_and_shown_per_cent(finance: Visitor) -> None:
    await sell(finance.api, 1500, purpose="single", tax_rate="0.07")
    sold = {**FIVE["definition"], "personal": False, "sold": True, "purpose": "single", "tax_rate": "0.5"}
    await voucher_batch(finance.api, definition=sold, count=1)

    said = text(await finance.client.get(PREPAID))
    told = (await finance.api.get("/v1/liabilities")).json()["parts"]

    assert "Gift cards was due when it was given out · 7% " in said
    assert "Vouchers was due when it was given out · 0.5% " in said
    assert [(one["kind"], one["tax_rate"]) for one in told] == [("gift_card", "0.07"), ("voucher", "0.005")]


async def test_a_program_that_owes_nothing_says_so(finance: Visitor) -> None:
    assert "Nothing is owed" in text(await finance.client.get(PREPAID))


@pytest.mark.parametrize(
    "wrong", ["kind=house", "purpose=none", "age=7", "cursor=yesterday", "cursor=2026-03-01~x"]
)
async def test_what_is_asked_wrongly_is_refused(finance: Visitor, wrong: str) -> None:
    assert (await finance.client.get(f"{PREPAID}?{wrong}")).status_code == 422
