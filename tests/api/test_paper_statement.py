"""A member's statement on paper: the figure that matters, what expires, every movement, in her language."""

from __future__ import annotations

import pytest

from regulars.flows import read_paper_statement
from tests.api.conftest import Api
from tests.api.shop import (
    buy,
    earning_member,
    give,
    line,
    member_with_card,
    record,
    refused,
    set_clock,
)
from tests.pdf_text import pages_of, text_of

pytest.importorskip("typst")
THIN = "\u202f"


async def lines_of(api: Api, member: str, **query: str) -> list[str]:
    """The lines of text of a statement that must be given."""
    answer = await api.get(f"/v1/members/{member}/statement.pdf", scope="issuer", **query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "private, no-store"
    assert pages_of(answer.content)[0] == (210.0, 297.0)
    return text_of(answer.content).split("\n")


async def test_a_statement_says_who_how_much_and_what_happened(shop: Api) -> None:
    member, card = await earning_member(shop)
    await give(shop, member, 1200)
    await record(shop, buy("r-1", card, [line(1, 4500)]))
    found = await lines_of(shop, member, language="en")
    assert found[:3] == ["Test", "As of 1 Mar 2026 11:00", "Statement of points"]
    assert "Anna Kalniņa" in found
    assert f"1{THIN}245\u00a0points" in found
    text = "\n".join(found)
    assert "worth €12.45" in text
    rows = found[found.index("Balance") + 1 :]
    assert rows[:8] == [
        "1 Mar 2026", "Purchase", "+45", f"1{THIN}245",
        "1 Mar 2026", "Correction", f"+1{THIN}200", f"1{THIN}200",
    ]  # fmt: skip


async def test_a_statement_of_some_days_leaves_the_others_out_and_the_balance_is_that_of_now(
    shop: Api,
) -> None:
    member, _ = await member_with_card(shop)
    await give(shop, member, 10)
    await set_clock(shop, "2026-04-05T12:00:00+03:00")
    await give(shop, member, 5)
    march = await lines_of(shop, member, language="en", to="2026-04-01", **{"from": "2026-03-01"})
    assert "1 Mar 2026 – 31 Mar 2026" in march
    assert "15\u00a0points" in march
    assert ("+10" in march, "+5" in march) == (True, False)
    empty = await lines_of(shop, member, language="en", **{"from": "2026-05-01"})
    assert "Nothing happened in this time." in empty
    path = f"/v1/members/{member}/statement.pdf"
    wrong = await shop.get(path, to="2026-03-01", **{"from": "2026-03-01"})
    assert refused(wrong) == (422, "invalid_value", "?to")
    assert refused(await shop.get(path, scope="till"))[:2] == (403, "scope_missing")
    assert refused(await shop.get("/v1/members/mem_" + "0" * 26 + "/statement.pdf"))[:2] == (404, "not_found")


async def test_a_long_statement_says_that_it_leaves_out_what_is_older(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, _ = await member_with_card(shop)
    for points in (1, 2, 3):
        await give(shop, member, points)
    monkeypatch.setattr(read_paper_statement, "MOVEMENTS_MAX", 2)
    monkeypatch.setattr("regulars.ledger.statement.LIMIT_MAX", 2)
    found = await lines_of(shop, member, language="en")
    assert ("+3" in found, "+2" in found, "+1" in found) == (True, True, False)
    assert "Older movements are left out: ask for a shorter time." in found


@pytest.mark.parametrize(
    ("language", "amount"), [("lv", "1,00"), ("hu", "1,00"), ("ru", "1,00"), ("et", "1,00")]
)
async def test_a_statement_is_set_in_every_language(shop: Api, language: str, amount: str) -> None:
    member, _ = await member_with_card(shop)
    await give(shop, member, 100)
    found = await lines_of(shop, member, language=language)
    assert amount in "\n".join(found)
    assert "Anna Kalniņa" in found
