"""The list of receipts as a file: all of them, however many pages that takes to read."""

from __future__ import annotations

import csv
import io

import pytest

from regulars.backoffice import purchases
from tests.api import shop
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE


async def test_every_receipt_is_in_the_file_once(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    sold = [
        (await shop.record(visitor.api, shop.buy(f"r-{n}", None, [shop.line(1, 100 + n)])))["id"]
        for n in range(5)
    ]
    await visitor.as_staff("service")
    monkeypatch.setattr(purchases, "ROWS_AT_ONCE", 2)

    file = await visitor.client.get(f"{OFFICE}/purchases.csv?from=2026-02-27&to=2026-03-02")

    assert file.headers["content-disposition"] == 'attachment; filename="purchases-2026-02-27-2026-03-02.csv"'
    assert sorted(row["id"] for row in csv.DictReader(io.StringIO(file.text))) == sorted(sold)
    wrong = await visitor.client.get(f"{OFFICE}/purchases.csv?member=mem_nobody")
    assert 400 <= wrong.status_code < 500
