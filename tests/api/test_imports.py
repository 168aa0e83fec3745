"""`/v1/imports`: every kind in every format, once; dry runs; reports; taking back."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from regulars import ids
from regulars.db.pool import Database, fetch_all
from regulars.flows.check_ledger import check_ledger
from regulars.flows.imports.data_files import forget_files
from regulars.flows.imports.stores import Stores
from regulars.flows.imports.work import GAVE_UP
from regulars.flows.known_programs import KnownPrograms
from regulars.interchange import presets
from regulars.interchange.mapping import Target
from regulars.interchange.table import Source, open_table
from tests.api.conftest import Api
from tests.api.data import (
    FORMATS,
    bring_in,
    counts,
    report,
    send,
    send_raw,
    table,
    take_back,
    worker,
)
from tests.api.shop import balance, buy, line, record, refused
from tests.conftest import START

EXPORTS = Path(__file__).with_name("exports_of_others")
MEMBERS = (
    ("external_id", "phone", "email", "name", "balances", "consents", "enrolled_at"),
    (
        ("crm-1", "+37120000101", "anna@example.org", "Anna Kalniņa", "120@2026-12-31;30@never",
         "email/marketing@2025-05-01", "2024-02-03"),
        ("crm-2", "+37120000102", "", "Jānis Bērziņš", "", "", "2024-02-04T10:00:00"),
        ("crm-3", "+37120000103", "", "Olga", "7", "", ""),
    ),
)  # fmt: skip
BALANCES = (
    (
        "external_id",
        "points",
        "currency",
        "earned_at",
        "active_at",
        "expires",
        "issuer",
        "funder",
        "unit_cost",
    ),
    (
        ("crm-1", "500", "PTS", "2025-06-01", "2025-06-15", "2026-06-30", "cinema", "cinema", "0.75"),
        ("crm-1", "40", "", "2026-01-01", "2026-04-01", "never", "", "", ""),
        ("crm-2", "10", "", "", "", "", "", "", ""),
        ("crm-2", "10", "", "", "", "", "", "", ""),
    ),
)
CARDS = (
    ("external_id", "card", "status"),
    (("crm-1", "77000001", "active"), ("crm-2", "77000002", "blocked"), ("crm-9", "77000003", "")),
)
PRODUCTS = (
    ("sku", "name", "price", "barcode", "categories", "name.lv", "tax_rate"),
    (
        ("milk", "Milk", "129", "4750000000017", "dairy/milk;offers", "Piens", "0.21"),
        ("bread", "Bread", "99", "", "bakery", "", "0.12"),
    ),
)
STORES = (
    ("code", "name", "address", "latitude", "longitude"),
    (("riga-1", "Centrs", "Brīvības 1", "56.951", "24.113"), ("riga-2", "Osta", "", "", "")),
)
PURCHASES = (
    ("purchase", "purchased_at", "store", "till", "phone", "sku", "quantity", "unit_price", "discount"),
    (
        ("r-1", "2025-11-01T10:00:00", "riga-1", "1", "+37120000101", "milk", "2", "129", "8"),
        ("r-1", "2025-11-01T10:00:00", "riga-1", "1", "+37120000101", "bread", "1", "99", ""),
        ("r-2", "2025-11-02T11:00:00", "riga-1", "1", "", "bread", "1", "99", ""),
    ),
)
ROWS: dict[str, Any] = {
    "members": MEMBERS,
    "cards": CARDS,
    "balances": BALANCES,
    "products": PRODUCTS,
    "stores": STORES,
    "purchases": PURCHASES,
}


async def ready(api: Api, database: Database, kind: str) -> None:
    """Whatever the rows of a kind need to be there."""
    settled = await api.patch("/v1/program", {"settings": {"foreign_card_prefixes": ["77"]}})
    assert settled.status_code == 200, settled.text
    await api.post("/v1/partners", {"code": "cinema", "name": "Cinema"})
    if kind in ("cards", "balances"):
        assert counts(await bring_in(api, database, table("csv", *MEMBERS), "members"))[1] == 3


async def test_a_file_s_quantity_may_have_more_zeros_than_three_decimals(
    api: Api, database: Database
) -> None:
    await ready(api, database, "purchases")
    names, rows = PURCHASES
    sold = [
        [*row[:6], quantity, *row[7:]]
        for row, quantity in zip(rows, ("2.0000", "1.0", "0.50000"), strict=True)
    ]
    assert counts(await bring_in(api, database, table("csv", names, sold), "purchases")) == DONE["purchases"]
    bought = (await api.get("/v1/purchases")).json()["items"]
    assert sorted(one["gross"] for one in bought) == [50, 2 * 129 + 99]
    finer = [[*rows[2][:6], "0.5001", *rows[2][7:]]]
    assert counts(await bring_in(api, database, table("csv", names, finer), "purchases"))[4] == 1


DONE = {
    "members": ("done", 3, 0, 0, 0),
    "cards": ("done", 2, 0, 0, 1),
    "balances": ("done", 4, 0, 0, 0),
    "products": ("done", 2, 0, 0, 0),
    "stores": ("done", 2, 0, 0, 0),
    "purchases": ("done", 2, 0, 0, 0),
}
AGAIN = {
    "members": ("done", 0, 0, 3, 0),
    "cards": ("done", 0, 0, 2, 1),
    "balances": ("done", 0, 0, 4, 0),
    "products": ("done", 0, 0, 2, 0),
    "stores": ("done", 0, 0, 2, 0),
    "purchases": ("done", 0, 0, 2, 0),
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("kind", list(ROWS))
async def test_a_file_is_tried_imported_once_taken_back_and_imported_again(
    shop: Api, database: Database, kind: str, format_: Any
) -> None:
    await ready(shop, database, kind)
    content = table(format_, *ROWS[kind])
    before = await everything(database, shop.program.id)

    tried = await bring_in(shop, database, content, kind, dry_run=True)
    assert (counts(tried), tried["dry_run"]) == (DONE[kind], True), await report(shop, tried)
    assert await everything(database, shop.program.id) == before

    done = await bring_in(shop, database, content, kind)
    assert counts(done) == DONE[kind], await report(shop, done)
    assert counts(await bring_in(shop, database, content, kind)) == AGAIN[kind]

    undone = await take_back(shop, database, done)
    assert (undone["status"], undone["undone"], undone["kept"]) == ("undone", DONE[kind][1], 0), await report(
        shop, undone
    )
    if kind != "purchases":  # what was voided stays known by its id
        assert counts(await bring_in(shop, database, content, kind)) == DONE[kind]


async def test_a_balance_becomes_a_lot_with_its_own_dates_issuer_payer_and_cost(
    shop: Api, database: Database
) -> None:
    await ready(shop, database, "balances")

    done = await bring_in(shop, database, table("csv", *BALANCES), "balances")

    async with database.transaction(shop.program.id) as tx:
        lots = await fetch_all(
            tx,
            "SELECT l.amount, l.earned_at::text, l.active_at::text, l.expires_at::text, i.code, f.code,"
            " l.unit_cost_numerator::numeric / l.unit_cost_denominator, p.kind, p.effective_at::text, p.reason"
            " FROM lot l JOIN partner i ON i.id = l.issuer JOIN partner f ON f.id = l.funder"
            " JOIN posting p ON p.id = l.posting WHERE p.reason <> '' ORDER BY l.id",
        )
    reason = done["id"]
    first, second = lots[0], lots[1]
    assert first == (
        500, "2025-05-31 21:00:00+00", "2025-06-14 21:00:00+00", "2026-06-30 21:00:00+00", "cinema", "cinema",
        Decimal("0.75"), "opening", "2025-05-31 21:00:00+00", reason,
    )  # fmt: skip
    assert second[:4] == (40, "2025-12-31 22:00:00+00", "2026-03-31 21:00:00+00", None)
    assert (second[4], second[6], len(lots)) == ("operator", Decimal(1), 4)
    assert (await check_ledger(database, shop.program.id)) == ()


async def test_what_was_touched_since_is_kept_and_the_report_says_why(shop: Api, database: Database) -> None:
    await ready(shop, database, "members")
    done = await bring_in(shop, database, table("csv", *MEMBERS), "members")
    await record(shop, buy("r-1", None, [line(1, 500)], phone="+37120000102"))
    found = (await shop.post("/v1/members/find", {"phone": "+37120000103"})).json()
    changed = await shop.patch(f"/v1/members/{found['id']}", {"name": "Olga Ivanova"})
    assert changed.status_code == 200, changed.text

    undone = await take_back(shop, database, done)

    assert (undone["status"], undone["undone"], undone["kept"]) == ("undone", 1, 2)
    assert await report(shop, undone) == [
        "3,,kept_purchases,There are purchases since.",
        "4,,kept_changed,It was changed since.",
    ]
    gone = await shop.post("/v1/members/find", {"phone": "+37120000101"})
    assert gone.status_code == 404
    assert (await check_ledger(database, shop.program.id)) == ()
    assert refused(await shop.post(f"/v1/imports/{done['id']}/undo"))[:2] == (409, "state_conflict")


async def test_points_that_were_spent_since_are_kept_and_the_others_reversed(
    shop: Api, database: Database
) -> None:
    await ready(shop, database, "balances")
    done = await bring_in(shop, database, table("csv", *BALANCES), "balances")
    (anna,) = [await member_of(shop, "+37120000101")]
    before = await balance(shop, anna)
    assert before["available"] == 650  # 120 + 30 that she brought along, and 500; 40 are not active yet
    taken = {"currency": "PTS", "amount": -130, "reason": "spent"}
    assert (await shop.post(f"/v1/members/{anna}/adjustments", taken)).status_code == 201

    undone = await take_back(shop, database, done)

    # The draw order takes what expires first: 130 of the 500.
    assert (undone["undone"], undone["kept"]) == (3, 1)
    assert await report(shop, undone) == [
        '2,,kept_spent,"Some of these points were spent, or are held, since."'
    ]
    assert (await balance(shop, anna))["available"] == 520
    assert (await check_ledger(database, shop.program.id)) == ()


async def test_products_and_stores_are_what_they_were(shop: Api, database: Database) -> None:
    old = {"sku": "milk", "name": "Milk of old", "price": 100, "tags": ["old"]}
    assert (await shop.post("/v1/products", {"products": [old]})).status_code == 200
    store = {"code": "riga-1", "name": "Old town", "address": "Kaļķu 1"}
    assert (await shop.post("/v1/stores", store)).status_code == 201
    products = await bring_in(shop, database, table("csv", *PRODUCTS), "products")
    stores = await bring_in(shop, database, table("csv", *STORES), "stores")
    assert (counts(products), counts(stores)) == (("done", 1, 1, 0, 0), ("done", 1, 1, 0, 0))

    assert (await take_back(shop, database, products))["undone"] == 2
    assert (await take_back(shop, database, stores))["undone"] == 2

    milk = (await shop.get("/v1/products", query="milk")).json()["items"]
    assert [(one["name"], one["price"], one["tags"]) for one in milk] == [("Milk of old", 100, ["old"])]
    assert (await shop.get("/v1/products", query="bread")).json()["items"] == []
    left = (await shop.get("/v1/stores")).json()["items"]
    assert [(one["code"], one["name"], one["address"]) for one in left] == [("riga-1", "Old town", "Kaļķu 1")]


async def test_rows_that_are_faulty_are_told_by_line_and_column_of_the_file(
    shop: Api, database: Database
) -> None:
    rows = [("+37120000001", "31.12.1980", "12"), ("12", "1.1.1990", "x"), ("+37120000003", "1980-31-12", "")]
    mapping = {
        "columns": {
            "Tālrunis": "phone",
            "Dzimis": {"field": "birthday", "convert": "date:dmy"},
            "Punkti": "balances",
        }
    }

    done = await bring_in(
        shop, database, table("csv", ("Tālrunis", "Dzimis", "Punkti"), rows), "members", mapping=mapping
    )

    assert counts(done) == ("done", 1, 0, 0, 2)
    assert await report(shop, done) == [
        "3,Punkti,invalid_value,is not a whole number",
        "4,Dzimis,invalid_value,is not a date in the order dmy",
    ]
    # What stands in a file stands nowhere else.
    async with database.transaction(shop.program.id) as tx:
        kept = await fetch_all(tx, "SELECT line, faults::text, note::text FROM data_import_row ORDER BY line")
    assert all("3712" not in str(row) and "1980-31" not in str(row) for row in kept)


async def test_rows_that_are_the_same_in_a_file_are_told_apart_and_known_again(
    shop: Api, database: Database
) -> None:
    await ready(shop, database, "balances")
    rows = [("crm-1", "5")] * 700 + [("crm-2", "1")]
    content = table("csv", ("external_id", "points"), rows)
    assert counts(await bring_in(shop, database, content, "balances", dry_run=True)) == ("done", 701, 0, 0, 0)
    assert counts(await bring_in(shop, database, content, "balances")) == ("done", 701, 0, 0, 0)
    assert counts(await bring_in(shop, database, content, "balances")) == ("done", 0, 0, 701, 0)
    more = table("csv", ("external_id", "points"), [*rows, ("crm-1", "5")])
    assert counts(await bring_in(shop, database, more, "balances")) == ("done", 1, 0, 701, 0)


async def test_a_dry_run_knows_what_its_earlier_rows_would_have_entered(
    shop: Api, database: Database
) -> None:
    rows = [(f"crm-{number}", f"+3712100{number:04d}") for number in range(600)]
    rows += [("crm-1", "+37121000001"), ("crm-new", "+37121000002")]
    content = table("csv", ("external_id", "phone"), rows)

    tried = await bring_in(shop, database, content, "members", dry_run=True)
    done = await bring_in(shop, database, content, "members")

    assert counts(tried) == counts(done) == ("done", 600, 0, 1, 1)
    assert (
        await report(shop, tried)
        == await report(shop, done)
        == ["603,phone,member_exists,is another member's"]
    )


@pytest.mark.parametrize("kind", ["members", "balances", "purchases", "products"])
async def test_an_import_that_is_killed_in_a_step_goes_on_and_does_nothing_twice(
    shop: Api, database: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ready(shop, database, "balances")
    many = {
        "members": (("external_id", "balances"), [(f"x-{n}", "5") for n in range(1300)]),
        "balances": (("external_id", "points"), [(f"crm-{1 + n % 3}", "5") for n in range(1300)]),
        "products": (("sku", "name", "price"), [(f"s-{n}", "Thing", "100") for n in range(1300)]),
        "purchases": (
            ("purchase", "purchased_at", "store", "sku", "quantity", "unit_price"),
            [(f"r-{n // 3}", "2026-02-01", "riga-1", f"s-{n}", "1", "100") for n in range(1300)],
        ),
    }
    file = await send(shop, table("csv", *many[kind]))
    begun = (await shop.post("/v1/imports", {"file": file["id"], "kind": kind})).json()
    left = [700]  # statements that the worker may still send before it is gone
    dying = worker(database)
    execute = AsyncConnection.execute

    importing = asyncio.current_task()

    async def dies(self: Any, *arguments: Any, **more: Any) -> Any:
        # Not where the pool opens connections: no process goes on after it was killed there.
        if asyncio.current_task() is importing:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
        return await execute(self, *arguments, **more)

    killed = 0
    for statements in (3, 11, 17, 23, 29, 41, 53, 61, 83, 97, 120, 150, 10**9):
        left[0] = statements
        monkeypatch.setattr(AsyncConnection, "execute", dies)
        try:
            await dying.bring_in(shop.program.id, ids.read("imp", begun["id"]))
        except (Killed, BaseExceptionGroup):
            killed += 1
        monkeypatch.setattr(AsyncConnection, "execute", execute)

    done = (await shop.get(f"/v1/imports/{begun['id']}")).json()
    expected = 434 if kind == "purchases" else 1300
    assert (counts(done), killed >= 5) == (("done", expected, 0, 0, 0), True), (await report(shop, done))[:3]
    tables = {"members": "member", "balances": "lot", "products": "product", "purchases": "purchase"}
    already = {"members": 3, "balances": 3, "products": 0, "purchases": 0}[kind]
    async with database.transaction(shop.program.id) as tx:
        counted = SQL("SELECT count(*) FROM {} WHERE program = %s").format(Identifier(tables[kind]))
        rows = await fetch_all(tx, counted, (shop.program.id,))
        kept = await fetch_all(tx, "SELECT outcome, count(*) FROM data_import_row WHERE import = %s GROUP BY 1",
                               (ids.read("imp", begun["id"]),))  # fmt: skip
    assert (rows[0][0], kept) == (expected + already, [("made", expected)])
    assert (await check_ledger(database, shop.program.id)) == ()
    await dying.close()


async def test_two_workers_on_one_import_do_every_row_once(shop: Api, database: Database) -> None:
    await ready(shop, database, "balances")
    rows = [(f"crm-{1 + n % 3}", "5") for n in range(1600)]
    file = await send(shop, table("csv", ("external_id", "points"), rows))
    begun = (await shop.post("/v1/imports", {"file": file["id"], "kind": "balances"})).json()
    identifier = ids.read("imp", begun["id"])
    now = [START]
    first, second = worker(database, lambda: now[0]), worker(database, lambda: now[0])
    done = await asyncio.gather(*(one.bring_in(shop.program.id, identifier) for one in (first, second)))
    assert sorted(done) == [False, True]

    # And where the first seems to be dead, but is not: what both have done is done once.
    more = [*rows, *[("crm-2", "8")] * 1600]
    file = await send(shop, table("csv", ("external_id", "points"), more))
    begun = (await shop.post("/v1/imports", {"file": file["id"], "kind": "balances"})).json()
    identifier = ids.read("imp", begun["id"])
    late = worker(database, lambda: START + timedelta(minutes=2))
    await asyncio.gather(*(one.bring_in(shop.program.id, identifier) for one in (first, late)))
    await late.bring_in(shop.program.id, identifier)
    assert counts((await shop.get(f"/v1/imports/{begun['id']}")).json()) == ("done", 1600, 0, 1600, 0)
    async with database.transaction(shop.program.id) as tx:
        lots = await fetch_all(tx, "SELECT count(*), sum(amount) FROM lot WHERE amount IN (5, 8)")
    assert lots == [(3200, 1600 * 13)]
    for one in (first, second, late):
        await one.close()


async def test_a_mistake_of_ours_ends_one_import_and_spares_the_others(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Stores, "take", fails)
    files = {kind: await send(shop, table("csv", *ROWS[kind])) for kind in ("stores", "products")}
    begun = {
        kind: (await shop.post("/v1/imports", {"file": file["id"], "kind": kind})).json()
        for kind, file in files.items()
    }
    one = worker(database)
    with pytest.raises(ZeroDivisionError):
        await one.go_on()
    await one.close()

    failed = (await shop.get(f"/v1/imports/{begun['stores']['id']}")).json()
    assert (failed["status"], failed["why"]) == ("failed", GAVE_UP)
    assert (await shop.get(f"/v1/imports/{begun['products']['id']}")).json()["status"] == "done"
    assert (await shop.get(f"/v1/jobs/{begun['stores']['job']}")).json()["status"] == "failed"


class Killed(BaseException):
    """The end of a process."""


async def test_what_cannot_be_a_table_is_refused_before_it_is_kept(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"import_bytes_max": 200_000}})
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    for content, sentence in (
        (b"", "The file is empty."),
        (b"phone\n", "The file has no rows below its heading."),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "This is neither a CSV nor an Excel nor a Parquet file."),
        (b"PK\x03\x04 and no more", "The Excel file is damaged, or closed with a password."),
        (b"PAR1 and no more", "This is not a Parquet file"),
        (bomb.getvalue(), "The Excel file unpacks to more than a table can need."),
        (b"phone,phone\n1,2\n", "The file has columns twice: phone."),
    ):
        answer = await send_raw(shop, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_table"), answer.text
        assert answer.json()["detail"].startswith(sentence)
    assert len(bomb.getvalue()) < 100_000
    answer = await send_raw(shop, b"phone\n" + b"1\n" * 150_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert (await send_raw(shop, b"phone\n1\n", scope="till")).status_code == 403


async def test_a_small_file_that_stands_for_hundreds_of_megabytes_is_refused(shop: Api) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows, columns, text = 1_000, [f"column {number}" for number in range(50)], "x" * 9_000
    cells = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * rows, pyarrow.int32()), [text])
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(dict.fromkeys(columns, cells)), out, compression="zstd")
    sheet = table("xlsx", tuple(columns), [(text,) * 50] * rows)
    for content, name in ((out.getvalue(), "Parquet"), (sheet, "Excel")):
        assert len(content) < 200_000
        answer = await send_raw(shop, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_table"), answer.text
        assert answer.json()["detail"] == f"The {name} file unpacks to more than a table can need."


async def test_what_stands_in_a_file_is_sealed_and_forgotten_when_its_time_is_over(
    shop: Api, database: Database
) -> None:
    done = await bring_in(shop, database, table("csv", *MEMBERS), "members")
    async with database.transaction(shop.program.id) as tx:
        parts = await fetch_all(tx, "SELECT sealed FROM data_file_part")
    assert parts
    assert all(b"Anna" not in bytes(row[0]) for row in parts)

    program = (await KnownPrograms(database).of(shop.program.id)).program
    assert await forget_files(database, program, START + timedelta(days=29)) == 0
    assert await forget_files(database, program, START + timedelta(days=31)) == 1
    async with database.transaction(shop.program.id) as tx:
        assert await fetch_all(tx, "SELECT 1 FROM data_file_part") == []
    assert refused(await shop.get(f"/v1/imports/files/{done['file']}"))[:2] == (404, "not_found")
    late = await shop.post(f"/v1/imports/{done['id']}/undo")
    assert (late.status_code, late.json()["detail"]) == (
        409,
        "The time in which this import could be undone is over.",
    )


async def test_a_mapping_that_does_not_fit_is_refused_with_the_column(shop: Api) -> None:
    file = await send(shop, table("csv", ("Telefons", "Vārds"), [("+37120000001", "Anna")]))
    assert (file["kind"], file["suggested"]["members"]["columns"]) == (
        "members",
        {"Telefons": "phone", "Vārds": "name"},
    )
    ask = {"file": file["id"], "kind": "members"}
    assert refused(await shop.post("/v1/imports", ask)) == (422, "invalid_value", "/mapping/columns/Telefons")
    wrong = {"columns": {"Telefons": "phone", "Vārds": {"field": "birthday", "convert": "date:soon"}}}
    answer = await shop.post("/v1/imports", {**ask, "mapping": wrong})
    assert refused(answer) == (422, "invalid_value", "/mapping/columns/Vārds")
    none = {"columns": {"Telefons": "", "Vārds": "name"}}
    answer = await shop.post("/v1/imports", {**ask, "mapping": none})
    assert (
        answer.json()["errors"][0]["detail"]
        == "a column is needed that is phone or email or external_id or cards"
    )


async def test_a_mapping_is_saved_with_a_name_and_used_again(shop: Api, database: Database) -> None:
    content = table("csv", ("Telefons", "Vārds"), [("+37120000001", "Anna")])
    mapping = {"columns": {"Telefons": "phone", "Vārds": "name"}}
    await bring_in(shop, database, content, "members", mapping=mapping, save_as="CRM", dry_run=True)
    (saved,) = (await shop.get("/v1/imports/mappings")).json()["items"]
    assert (saved["name"], saved["kind"], saved["mapping"]) == ("CRM", "members", mapping)
    assert counts(await bring_in(shop, database, content, "members", saved="CRM")) == ("done", 1, 0, 0, 0)
    listed = (await shop.get("/v1/imports", limit=1)).json()
    assert (len(listed["items"]), listed["next"] is not None) == (1, True)


def export_of(code: str) -> bytes:
    """What a system exports, as its documentation describes it (docs/importing.md says where)."""
    return (EXPORTS / f"{code}.csv").read_bytes()


def test_every_system_has_an_export_to_try_and_is_known_by_it_and_by_nothing_else() -> None:
    assert sorted(path.stem for path in EXPORTS.glob("*.csv")) == sorted(one.code for one in presets.PRESETS)
    for one in presets.PRESETS:
        columns = open_table(Source(export_of(one.code))).columns
        assert [other.code for other in presets.PRESETS if other.fits(columns)] == [one.code]
        assert set(one.columns) - set(columns) <= {"Brands"}, f"{one.code}: what is mapped is in its export"


def test_a_systems_columns_are_known_however_they_are_written() -> None:
    otherwise = ("USER EMAIL", " Points ", "Note", "user-email")
    found = presets.fitting(otherwise)
    assert found is not None
    assert found.code == "wployalty"
    assert found.mapping(otherwise).columns == {
        "USER EMAIL": "email", " Points ": Target("points", "points"), "Note": "", "user-email": "",
    }  # fmt: skip
    assert presets.fitting(("Email", "Points", "Phone", "Name")) is None, "anybody's list of members"


@pytest.mark.parametrize(("code", "points"), [("wployalty", 30), ("yotpo", 250), ("talon.one", 99)])
async def test_the_balances_that_other_systems_export_become_lots(
    shop: Api, database: Database, code: str, points: int
) -> None:
    new = {"external_id": "5001", "email": "anna@example.org"}
    anna = (await shop.post("/v1/members", new)).json()["id"]
    exported = export_of(code)
    assert (await send(shop, exported))["preset"] == code
    done = await bring_in(shop, database, exported, "balances", preset=code)
    assert counts(done) == ("done", 1, 0, 0, 1), "of nobody whom we know"
    assert (await balance(shop, anna))["available"] == points


async def test_the_exports_of_other_systems_are_known(shop: Api, database: Database) -> None:
    await ready(shop, database, "members")
    loylap = export_of("loylap")
    file = await send(shop, loylap)
    assert (file["preset"], file["kind"]) == ("loylap", "members")
    assert counts(await bring_in(shop, database, loylap, "members", preset="loylap")) == (
        "done", 2, 0, 0, 0,
    )  # fmt: skip
    anna = (await shop.get(f"/v1/members/{await member_of(shop, '+37120000101')}")).json()
    assert (anna["name"], anna["birthday"], anna["external_id"], anna["enrolled_at"]) == (
        "Anna Berzina", "1990-05-06", "5001", "2023-01-02T08:11:12Z",
    )  # fmt: skip
    assert sorted(card["number"] for card in anna["cards"]) == ["771111111111", "772222222222"]
    assert (await balance(shop, anna["id"]))["available"] == 12

    smile = export_of("smile.io")
    assert (await send(shop, smile))["preset"] == "smile.io"
    done = await bring_in(shop, database, smile, "balances", preset="smile.io")
    assert (counts(done), await report(shop, done)) == (
        ("done", 1, 0, 0, 1),
        ["3,points,invalid_value,is not a whole number above 0"],
    )
    assert (await balance(shop, anna["id"]))["available"] == 52632

    woo = export_of("woocommerce.products")
    assert (await send(shop, woo))["preset"] == "woocommerce.products"
    assert counts(await bring_in(shop, database, woo, "products", preset="woocommerce.products")) == (
        "done", 1, 0, 0, 0,
    )  # fmt: skip
    (cup,) = (await shop.get("/v1/products", query="cup")).json()["items"]
    assert (cup["price"], cup["categories"], cup["tags"], cup["barcode"]) == (
        1290, ["Home/Kitchen", "Gifts"], ["blue", "new"], "4750000000024",
    )  # fmt: skip

    magento = export_of("magento.customers")
    assert (await send(shop, magento))["preset"] == "magento.customers"
    assert counts(await bring_in(shop, database, magento, "members", preset="magento.customers")) == (
        "done",
        1,
        0,
        0,
        0,
    )
    veronica = await shop.post("/v1/members/find", {"email": "roni@example.org"})
    shown = (await shop.get(f"/v1/members/{veronica.json()['id']}")).json()
    assert (shown["name"], shown["birthday"]) == ("Veronica Costello", "1973-12-15")


async def member_of(api: Api, phone: str) -> str:
    """The id of the member with this phone."""
    return (await api.post("/v1/members/find", {"phone": phone})).json()["id"]


KEPT_OUT = {
    "data_file", "data_file_part", "data_import", "data_import_row", "data_mapping", "job", "request_key",
    "procrastinate_jobs", "audit_entry", "audit",
}  # fmt: skip


async def everything(database: Database, program: UUID) -> dict[str, int]:
    """Rows of every table of the program, but for those that tell of the import itself."""
    found: dict[str, int] = {}
    async with database.transaction(program, analytical=True) as tx:
        tables = await fetch_all(
            tx,
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'program'",
        )
        for (name,) in tables:
            if name not in KEPT_OUT and not name.startswith("audit"):
                counted = SQL("SELECT count(*) FROM {} WHERE program = %s").format(Identifier(name))
                rows = await fetch_all(tx, counted, (program,))
                found[name] = rows[0][0]
    return found
