"""Files of receipts: rows become purchases, and what is wrong is told by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from regulars.cli.places import Refused
from regulars.cli.receipts_file import ReceiptsFile
from regulars.flows.imports.receipt_rows import Read

HEADING = "purchase,purchased_at,store,sku,quantity,unit_price,gross,discount,categories,card\n"


def receipts(folder: Path, rows: str, heading: str = HEADING) -> list[Read]:
    path = folder / "receipts.csv"
    path.write_text(heading + rows, encoding="utf-8")
    return list(ReceiptsFile(path).receipts("EUR", "Europe/Riga", "as_sold"))


def faults(read: list[Read]) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.code, fault.detail) for one in read for fault in one.faults]


def test_rows_of_one_purchase_become_its_lines(tmp_path: Path) -> None:
    (one, two) = receipts(
        tmp_path,
        "a-1,2026-11-01T10:00:00+02:00,teika,1,2,150,,,bakery/bread;food,9900\n"
        "a-1,2026-11-01T10:00:00+02:00,teika,2,0.5,,129,29,,9900\n"
        "a-2,2026-11-01 11:00,teika,1,1,150,,,,\n",
    )
    assert one.request is not None
    assert two.request is not None
    assert [(line.line, line.sku, line.quantity) for line in one.request.lines] == [
        (1, "1", "2"),
        (2, "2", "0.5"),
    ]
    assert one.request.lines[0].categories == ("bakery/bread", "food")
    assert (one.request.lines[1].gross, one.request.lines[1].discount) == (129, 29)
    assert (one.request.card, two.request.card) == ("9900", None)
    assert (one.request.currency, one.request.pricing) == ("EUR", "as_sold")


def test_an_instant_without_an_offset_is_of_the_programs_time_zone(tmp_path: Path) -> None:
    (one,) = receipts(tmp_path, "a-1,2026-07-01 11:00,teika,1,1,150,,,,\n")
    assert one.request is not None
    assert one.request.purchased_at.isoformat() == "2026-07-01T11:00:00+03:00"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("a,2026-11-01 11:00,teika,1,,150,,,,", (2, "missing_field", "quantity is empty")),
        (
            "a,2026-11-01 11:00,teika,1,1,1.50,,,,",
            (2, "invalid_value", "unit_price is not a whole number (amounts are minor units: 10.50 is 1050)"),
        ),
        ("a,2026-11-01 11:00,teika,1,1,,,,,", (2, "invalid_value", "one of unit_price and gross is needed")),
        ("a,soon,teika,1,1,150,,,,", (2, "invalid_value", "purchased_at is not an instant (RFC 3339)")),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_number(
    tmp_path: Path, row: str, fault: tuple[int, str, str]
) -> None:
    assert faults(receipts(tmp_path, row + "\n")) == [fault]


def test_a_fault_of_a_later_line_names_the_row_of_that_line(tmp_path: Path) -> None:
    read = receipts(
        tmp_path, "a,2026-11-01 11:00,teika,1,1,150,,,,\na,2026-11-01 11:00,teika,1,minus one,150,,,,\n"
    )
    ((row, code, detail),) = faults(read)
    assert (row, code, detail.partition(":")[0]) == (3, "invalid_value", "quantity")


def test_a_bad_receipt_does_not_touch_its_neighbours(tmp_path: Path) -> None:
    read = receipts(
        tmp_path,
        "a,2026-11-01 11:00,teika,1,1,150,,,,\nb,soon,teika,1,1,150,,,,\nc,2026-11-01 11:00,teika,1,1,150,,,,\n",
    )
    assert [one.request is not None for one in read] == [True, False, True]


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("purchase,purchased_at,store,sku,quantity,prise\n", "columns that are not known: prise"),
        ("purchase,purchased_at,sku,quantity\n", "lacks the columns store"),
    ],
)
def test_unknown_and_missing_columns_are_refused_before_anything(
    tmp_path: Path, heading: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        receipts(tmp_path, "", heading)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "a.parquet").write_text("not parquet at all, but long enough to be looked into")
    for name, sentence in (("a.txt", "neither .csv nor .xlsx nor .parquet"), ("b.csv", "There is no file")):
        with pytest.raises(Refused, match=sentence):
            ReceiptsFile(tmp_path / name)
    pytest.importorskip("pyarrow")
    with pytest.raises(Refused, match="not a Parquet file"):
        ReceiptsFile(tmp_path / "a.parquet")


def test_parquet_gives_the_same_purchases_as_csv(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    (from_csv,) = receipts(tmp_path, "a,2026-11-01 11:00,teika,1,2,150,,,bakery,9900\n")
    columns = {
        "purchase": ["a"],
        "purchased_at": ["2026-11-01 11:00"],
        "store": ["teika"],
        "sku": [1],
        "quantity": [2.0],
        "unit_price": [150],
        "categories": [["bakery"]],
        "card": ["9900"],
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    (from_parquet,) = ReceiptsFile(tmp_path / "a.parquet").receipts("EUR", "Europe/Riga", "as_sold")
    assert from_parquet.request == from_csv.request
