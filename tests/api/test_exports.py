"""`/v1/exports`: everything that a program has, in every format; what a spreadsheet would run; what is kept of it."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest

from regulars import ids
from regulars.db.pool import Database, fetch_all
from regulars.flows.exports.work import ExportWorker
from regulars.flows.imports.data_files import forget_files
from regulars.flows.known_programs import KnownPrograms
from regulars.interchange.table import Source, open_table
from regulars.members.vault import Keyring
from tests.api.conftest import SECRET, Api
from tests.api.data import FORMATS, bring_in, counts, take_out, work
from tests.api.shop import MEMBER_POINTS, buy, line, record, refused
from tests.conftest import MASTER_KEYS, START

KINDS = {
    "members": 2,
    "cards": 2,
    "consents": 1,
    "balances": 1,
    "postings": 1,
    "purchases": 2,
    "lines": 3,
    "products": 1,
    "stores": 1,
    "promotions": 1,
    "codes": 3,
}
"""Rows of each, in the small program of these tests."""


async def filled(api: Api) -> str:
    """A member who agrees and one who does not, points, purchases, a product, a draft, codes; the first one's id."""
    consent = {"channel": "sms", "purpose": "marketing", "granted": True, "evidence": "form 1"}
    anna = await api.post(
        "/v1/members",
        {
            "phone": "+37120000101",
            "email": "anna@example.org",
            "name": "=cmd|' /C calc'!A0",
            "consents": [consent],
        },
    )
    assert anna.status_code == 201, anna.text
    assert (await api.post("/v1/members", {"phone": "+37120000102", "name": "Jānis"})).status_code == 201
    given = {"currency": "PTS", "amount": 70, "reason": "a gift"}
    assert (await api.post(f"/v1/members/{anna.json()['id']}/adjustments", given)).status_code == 201
    await record(api, buy("r-1", None, [line(1, 500), line(2, 250, "2")], phone="+37120000101"))
    await record(api, buy("r-2", None, [line(1, 100)]))
    product = {"sku": "milk", "name": "Milk", "price": 129, "categories": ["dairy", "offers"]}
    assert (await api.post("/v1/products", {"products": [product]})).status_code == 200
    assert (await api.post("/v1/promotions", MEMBER_POINTS)).status_code == 201
    codes = await api.post("/v1/code-batches", {"name": "Spring", "pattern": "SPRING-######", "count": 3})
    assert codes.status_code == 201, codes.text
    return anna.json()["id"]


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV, as they stand."""
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize("format_", FORMATS)
async def test_everything_can_be_taken_out(shop: Api, database: Database, format_: Any) -> None:
    await filled(shop)
    for kind, expected in KINDS.items():
        content = await take_out(shop, database, kind, format_)
        read = open_table(Source(content))
        found = list(read.records())
        assert (read.format, len(found)) == (format_, expected), (kind, found)
    trail = open_table(Source(await take_out(shop, database, "audit", format_)))
    actions = {record.cells[trail.columns.index("action")] for record in trail.records()}
    assert {"member.enrolled", "export.started", "export.done"} <= actions
    listed = (await shop.get("/v1/exports")).json()["items"]
    assert [one["kind"] for one in listed] == ["audit", *list(KINDS)[::-1]]
    assert [one["kind"] for one in listed if one["personal"]] == ["consents", "cards", "members"]
    assert listed[1]["digest"] == hashlib.sha256(content).hexdigest()


async def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless_and_comes_back_as_it_was(
    shop: Api, database: Database
) -> None:
    await filled(shop)
    for format_ in ("csv", "xlsx"):
        content = await take_out(shop, database, "members", format_)
        assert b"=cmd" not in content or b"'=cmd" in content
        read = open_table(Source(content))
        names = {record.cells[read.columns.index("name")] for record in read.records()}
        phones = (
            {record.cells[read.columns.index("phone")] for record in read.records()}
            if format_ == "csv"
            else set()
        )
        assert "=cmd|' /C calc'!A0" in names
        assert phones <= {"+37120000101", "+37120000102"}
    (anna,) = [one for one in rows(await take_out(shop, database, "members")) if "cmd" in one["name"]]
    assert (anna["name"], anna["phone"]) == ("'=cmd|' /C calc'!A0", "'+37120000101")


async def test_members_can_be_taken_out_by_what_they_agree_to_and_that_is_a_hand_over(
    shop: Api, database: Database
) -> None:
    anna = await filled(shop)

    content = await take_out(shop, database, "members", channel="sms", purpose="marketing")

    assert [one["member"] for one in rows(content)] == [anna]
    assert rows(await take_out(shop, database, "members", channel="email", purpose="marketing")) == []
    handovers = (await shop.get("/v1/handovers")).json()["items"]
    assert [(one["channel"], one["members"]) for one in handovers] == [("email", 0), ("sms", 1)]
    assert handovers[1]["digest"] == hashlib.sha256(content).hexdigest()


async def test_what_is_taken_out_can_be_brought_in_again(shop: Api, database: Database) -> None:
    await filled(shop)
    products = await take_out(shop, database, "products", "xlsx")
    stores = await take_out(shop, database, "stores", "parquet")
    assert counts(await bring_in(shop, database, products, "products")) == ("done", 0, 0, 1, 0)
    # Its tills are there already; said again, nothing is lost.
    assert counts(await bring_in(shop, database, stores, "stores")) == ("done", 0, 1, 0, 0)


async def test_purchases_are_taken_out_by_time_and_store(shop: Api, database: Database) -> None:
    await filled(shop)
    for filters, expected in (
        ({"from": "2026-03-01T00:00:00Z"}, 2),
        ({"to": "2026-03-01T00:00:00Z"}, 0),
        ({"stores": ["riga-1"]}, 2),
        ({"stores": ["riga-9"]}, 0),
    ):
        assert len(rows(await take_out(shop, database, "purchases", **filters))) == expected, filters
    (first, second, other) = rows(await take_out(shop, database, "lines"))
    bought = {
        (one["purchase"], one["sku"], one["quantity"], one["gross"], one["net"])
        for one in (first, second, other)
    }
    assert bought == {
        ("r-1", "sku-1", "1", "500", "500"), ("r-1", "sku-2", "2", "500", "500"), ("r-2", "sku-1", "1", "100", "100"),
    }  # fmt: skip


async def test_what_makes_no_sense_is_refused(shop: Api) -> None:
    assert refused(await shop.post("/v1/exports", {"kind": "everything"}))[::2] == (422, "/kind")
    wrong = {"kind": "products", "filter": {"stores": ["a"]}}
    assert refused(await shop.post("/v1/exports", wrong))[::2] == (422, "/filter/stores")
    half = {"kind": "members", "filter": {"channel": "email"}}
    assert refused(await shop.post("/v1/exports", half))[::2] == (422, "/filter")
    assert (await shop.post("/v1/exports", {"kind": "members"}, scope="read")).status_code == 403


async def test_an_export_is_there_when_it_is_done_and_until_its_time_is_over(
    shop: Api, database: Database
) -> None:
    await filled(shop)
    begun = (await shop.post("/v1/exports", {"kind": "members"})).json()
    early = await shop.get(f"/v1/exports/{begun['id']}/file")
    assert refused(early)[:2] == (409, "state_conflict")
    await work(database)
    job = (await shop.get(f"/v1/jobs/{begun['job']}")).json()
    assert (job["status"], job["result"]["file"]) == ("done", f"/v1/exports/{begun['id']}/file")

    program = (await KnownPrograms(database).of(shop.program.id)).program
    assert await forget_files(database, program, START + timedelta(hours=23)) == 0
    assert await forget_files(database, program, START + timedelta(hours=25)) == 1
    assert (await shop.get(f"/v1/exports/{begun['id']}/file")).status_code == 404
    async with database.transaction(shop.program.id) as tx:
        assert await fetch_all(tx, "SELECT 1 FROM data_file_part") == []
    kept = (await shop.get(f"/v1/exports/{begun['id']}")).json()
    assert (kept["rows"], "file" in kept, kept["created_by"][:4]) == (2, False, "key_")


async def test_two_workers_do_not_write_one_export_and_a_stopped_one_begins_again(
    shop: Api, database: Database
) -> None:
    await filled(shop)
    begun = (await shop.post("/v1/exports", {"kind": "members"})).json()
    known = KnownPrograms(database, Keyring(SECRET, MASTER_KEYS))
    now = [START]
    first = ExportWorker(database, known, lambda: now[0])
    second = ExportWorker(database, known, lambda: now[0])
    identifier = ids.read("exp", begun["id"])
    assert await first._lease(shop.program.id, identifier)  # and then it is killed
    assert await second.write(shop.program.id, identifier) is False
    now[0] += timedelta(seconds=61)
    assert await second.write(shop.program.id, identifier) is True
    assert await first.write(shop.program.id, identifier) is False
    assert (await shop.get(f"/v1/exports/{begun['id']}")).json()["rows"] == 2
