"""Activities from files: tried, recorded once, corrected when the import is undone, and earning as their kind says."""

from __future__ import annotations

import pytest

from regulars.db.pool import Database
from regulars.interchange.table import Format
from tests.api.activity import LISTEN, VISIT, declare, did, happen, has
from tests.api.conftest import Api
from tests.api.data import FORMATS, bring_in, counts, report, send, table, take_back
from tests.api.shop import member_with_card
from tests.api.test_accounts import assert_the_books_are_in_order

COLUMNS = ["member", "activity", "kind", "happened_at", "data.listens"]
AT = "2026-03-01 11:00"


def songs(member: str, *plays: int) -> list[list[str]]:
    """A row for each."""
    return [[member, f"play-{n}", "listen", AT, str(count)] for n, count in enumerate(plays)]


@pytest.mark.parametrize("format_", FORMATS)
async def test_activities_of_a_file_are_tried_recorded_once_and_taken_back(
    shop: Api, database: Database, format_: Format
) -> None:
    await declare(shop, "listen", LISTEN)
    member, _ = await member_with_card(shop)
    content = table(format_, COLUMNS, songs(member, 150, 150, 300))

    tried = await bring_in(shop, database, content, "activities", dry_run=True)
    before = await has(shop, member)
    done = await bring_in(shop, database, content, "activities")
    after = await has(shop, member)
    again = await bring_in(shop, database, content, "activities")
    undone = await take_back(shop, database, done)

    assert counts(tried) == counts(done) == ("done", 3, 0, 0, 0)
    assert (before, after) == ((0, 0), (3, 0))  # 600 songs are three times 200
    assert counts(again) == ("done", 0, 0, 3, 0)
    assert (undone["status"], undone["undone"], undone["kept"]) == ("undone", 3, 0)
    assert await has(shop, member) == (0, 0)
    await assert_the_books_are_in_order(shop, database)


async def test_a_heading_of_another_system_is_understood_with_a_kind_for_all_rows(
    shop: Api, database: Database
) -> None:
    await declare(shop, "visit", VISIT)
    member, card = await member_with_card(shop)
    content = table("csv", ["Karte", "Event ID", "Datums"], [[card, "v-1", "01.03.2026 10:00"]])
    file = await send(shop, content)
    suggested = file["suggested"]["activities"]["columns"]
    mapping = {"columns": suggested, "constants": {"kind": "visit"}}

    done = await bring_in(shop, database, content, "activities", mapping=mapping)

    assert suggested == {
        "Karte": "card", "Event ID": "activity", "Datums": {"field": "happened_at", "convert": "instant:dmy"},
    }  # fmt: skip
    assert counts(done) == ("done", 1, 0, 0, 0)
    assert await has(shop, member) == (5, 0)


async def test_rows_that_cannot_be_are_told_by_line_and_column_and_spoil_no_others(
    shop: Api, database: Database
) -> None:
    await declare(shop, "listen", LISTEN)
    member, _ = await member_with_card(shop)
    rows = [
        *songs(member, 400),
        [member, "play-x", "swim", AT, "1"],
        [member, "play-y", "listen", AT, "many"],
        [member, "play-z", "listen", AT, "20000"],
        [member, "play-w", "listen", "2019-01-01", "1"],
        ["mem_00000000000000000000000000", "play-v", "listen", AT, "1"],
        [member, "play-0", "listen", AT, "300"],
    ]
    done = await bring_in(shop, database, table("csv", COLUMNS, rows), "activities")

    assert counts(done) == ("done", 1, 0, 0, 6)
    told = await report(shop, done)
    assert [line.split(",")[:2] for line in told] == [
        ["3", "kind"], ["4", "data.listens"], ["5", "data.listens"], ["6", "happened_at"], ["7", "member"], ["8", ""],
    ]  # fmt: skip
    assert await has(shop, member) == (2, 0)


async def test_a_correction_in_the_file_takes_back_what_an_earlier_row_brought(
    shop: Api, database: Database
) -> None:
    await declare(shop, "listen", LISTEN)
    member, _ = await member_with_card(shop)
    rows = [
        [*one, ""] for one in songs(member, 400, *[1] * 500)
    ]  # the correction is in the next part of the file
    rows += [[member, "fix-0", "listen", AT, "", "play-0"]]
    content = table("csv", [*COLUMNS, "corrects"], rows)

    tried = await bring_in(shop, database, content, "activities", dry_run=True)
    done = await bring_in(shop, database, content, "activities")

    assert counts(tried) == counts(done) == ("done", 502, 0, 0, 0)
    assert await has(shop, member) == (2, 0)  # 500 songs are left


async def test_what_was_spent_since_is_kept_and_a_source_of_its_own_does_not_meet_others(
    shop: Api, database: Database
) -> None:
    await declare(shop, "visit", VISIT, sources=["key_of_an_app"])
    await declare(shop, "listen", LISTEN)
    (anna, _), (zane, _) = await member_with_card(shop), await member_with_card(shop)
    await happen(shop, anna, did("v-1", "listen", "2026-03-01T09:00:00+02:00", listens=1))
    rows = [[anna, "v-1", "visit", AT], [zane, "v-2", "visit", AT]]
    done = await bring_in(shop, database, table("csv", COLUMNS[:4], rows), "activities")
    taken = {"currency": "PTS", "amount": -3, "reason": "spent"}
    assert (await shop.post(f"/v1/members/{anna}/adjustments", taken)).status_code == 201

    undone = await take_back(shop, database, done)

    assert counts(done) == ("done", 2, 0, 0, 0)
    assert (undone["undone"], undone["kept"]) == (1, 1)
    assert await has(shop, anna) == (2, 0)
    assert await has(shop, zane) == (0, 0)
