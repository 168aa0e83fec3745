"""Tables that others made: what their content says they are, how they are read, what is refused."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from regulars.interchange import conversions, parquet_table, presets, suggesting, xlsx_bounds
from regulars.interchange.cells import harmless, plain
from regulars.interchange.conversions import Context
from regulars.interchange.fields import Kind
from regulars.interchange.mapping import Mapping, Reader, Target
from regulars.interchange.table import Record, Source, UnreadableTable, open_table

pytestmark = pytest.mark.fast
CENTS = Context(2)


@pytest.mark.parametrize(
    ("text", "encoding", "languages", "assumed", "delimiter"),
    [
        ("Tālrunis;Vārds\n1;Jānis Bērziņš\n", "windows-1257", ("lv", "ru"), "windows-1257", ";"),
        ("Телефон;Имя\n1;Иван Петров\n", "windows-1251", ("lv", "ru"), "windows-1251", ";"),
        ("Telefon;Név\n1;Őrsi Ödön\n", "windows-1250", ("hu",), "windows-1250", ";"),
        ("Telefon\tNimi\n1\tJüri Tõnisson\n", "windows-1257", ("et",), "windows-1257", "\t"),
        ("phone,name\n1,Jānis\n", "utf-8-sig", (), "utf-8", ","),
        ("phone,name\n1,Jānis\n", "utf-16", (), "utf-16", ","),
        ('a|b\n"x|y"|2\n', "utf-8", (), "utf-8", "|"),
        ("only\none\n", "utf-8", (), "utf-8", ","),
    ],
)
def test_a_csv_says_by_its_bytes_how_it_is_to_be_read(
    text: str, encoding: str, languages: tuple[str, ...], assumed: str, delimiter: str
) -> None:
    table = open_table(Source(text.encode(encoding)), languages=languages)
    heading, row = (line.replace('"', "").split(delimiter) for line in text.splitlines()[:2])
    if delimiter == "|":
        row = ["x|y", "2"]
    assert table.assumed == {"encoding": assumed, "delimiter": delimiter}
    assert (list(table.columns), [record.cells for record in table.records()]) == (heading, [row])


def test_an_encoding_can_be_named() -> None:
    content = "name\nÅsa\n".encode("windows-1252")
    table = open_table(Source(content), encoding="windows-1252")
    assert [record.cells for record in table.records()] == [["Åsa"]]
    with pytest.raises(UnreadableTable, match="not utf-8 text"):
        list(open_table(Source(content), encoding="utf-8").records())


def test_a_sheet_is_read_with_its_dates_numbers_and_empty_rows() -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("empty")
    sheet = book.add_worksheet("data")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["id", "day", "price", "yes"])
    sheet.write_row(2, 0, [4750000000017, None, 12.5, True])
    sheet.write_datetime(2, 1, datetime(2026, 3, 1), day)
    book.close()

    table = open_table(Source(out.getvalue()))

    assert table.assumed == {"sheet": "data"}
    assert list(table.records()) == [Record(3, ["4750000000017", "2026-03-01", "12.5", "yes"])]


def test_an_archive_that_unpacks_to_more_than_it_may_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/sharedStrings.xml", bytes(30_000_000))
    with pytest.raises(UnreadableTable, match="unpacks to more"):
        open_table(Source(out.getvalue()))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(2001):
            archive.writestr(f"{number}.xml", b"")
    with pytest.raises(UnreadableTable, match="more parts"):
        open_table(Source(many.getvalue()))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("money", "10.50", "1050"), ("money", "1 234,56 €", "123456"), ("money", "€1,234.56", "123456"),
        ("money", "1,234", "123400"), ("money", "-3", "-300"), ("money", "1.234.567,8", "123456780"),
        ("points", "12,9", "12"), ("points", "0.4", ""), ("points", "1 200", "1200"),
        ("date:dmy", "1.5.1980", "1980-05-01"), ("date:mdy", "05/01/1980", "1980-05-01"),
        ("date:ymd", "1980/05/01 00:00:00", "1980-05-01"),
        ("instant:dmy", "01.05.2024 7:05 pm", "2024-05-01T19:05:00"), ("instant:ymd", "2024-05-01", "2024-05-01"),
        ("unix", "1714550400", "2024-05-01T08:00:00+00:00"),
        ("unix", "1714550400500", "2024-05-01T08:00:00.500000+00:00"),
        ("yes_no", "Jā", "yes"), ("yes_no", "нет", "no"),
        ("consent:email/marketing", "TRUE", "email/marketing"), ("consent:email/marketing", "no", ""),
        ("list:,", "a, b;c ,", "a;b c"), ("paths", "Food > Dairy, Offers", "Food/Dairy;Offers"),
        ("percent", "21 %", "0.21"), ("percent", "5.5", "0.055"),
    ],
)  # fmt: skip
def test_what_others_write_becomes_what_a_field_takes(name: str, text: str, expected: str) -> None:
    assert conversions.convert(name, text, CENTS) == expected


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("money", "10.505", "has more than 2 decimals"), ("money", "ten", "is not a number, as 1234.56"),
        ("date:dmy", "31.02.2024", "is not a date in the order dmy"),
        ("date:dmy", "1.1.80", "has a year of two digits"),
        ("yes_no", "perhaps", "is neither yes nor no"), ("instant:dmy", "1.1.2024 25:00", "is not a time, as 17:30"),
        ("points", "-4", "is below zero"), ("unix", "soon", "is not a number of seconds since 1970"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_without_what_stood_there(name: str, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as told:
        conversions.convert(name, text, CENTS)
    assert str(told.value) == sentence


@pytest.mark.parametrize(
    ("kind", "columns", "cells", "expected"),
    [
        ("members", ["Tālrunis", "Vārds", "Uzvārds", "Dzimšanas datums", "Punkti", "E-pasts", "Piezīmes"],
         ["2000", "J", "B", "31.12.1980", "12,5", "a@b", "x"],
         {"Tālrunis": "phone", "Vārds": "name", "Uzvārds": "name", "Dzimšanas datums": Target("birthday", "date:dmy"),
          "Punkti": Target("balances", "points"), "E-pasts": "email", "Piezīmes": ""}),
        ("members", ["Телефон", "Имя", "Фамилия", "Дата рождения"], ["2", "a", "b", "1980-02-03"],
         {"Телефон": "phone", "Имя": "name", "Фамилия": "name", "Дата рождения": "birthday"}),
        ("members", ["Telefoninumber", "Nimi", "Sünnipäev"], ["5", "J", "12/31/1990"],
         {"Telefoninumber": "phone", "Nimi": "name", "Sünnipäev": Target("birthday", "date:mdy")}),
        ("products", ["Cikkszám", "Megnevezés", "Ár", "Vonalkód", "ÁFA"], ["1", "a", "1 990,00 Ft", "599", "27%"],
         {"Cikkszám": "sku", "Megnevezés": "name", "Ár": Target("price", "money"), "Vonalkód": "barcode",
          "ÁFA": Target("tax_rate", "percent")}),
        ("stores", ["Store Code", "Name", "City", "Address"], ["1", "a", "Rīga", "Brīvības 1"],
         {"Store Code": "code", "Name": "name", "City": "address", "Address": "address"}),
    ],
)  # fmt: skip
def test_a_mapping_is_suggested_in_five_languages(
    kind: Kind, columns: list[str], cells: list[str], expected: dict[str, object]
) -> None:
    suggested = suggesting.suggest(kind, columns, [Record(2, cells)])
    assert suggested.columns == expected
    assert suggesting.guess_kind(columns) == kind


def test_several_columns_are_one_field_where_it_can_be_joined() -> None:
    mapping = Mapping({"First": "name", "Last": "name", "Tel": "phone"}, {"tag": "crm"})
    reader = Reader("members", mapping, ("First", "Last", "Tel"), CENTS)
    row, faults = reader.row(Record(2, ["Anna", "Kalniņa", "2000"]))
    assert (row.cells, faults) == ({"tag": "crm", "name": "Anna Kalniņa", "phone": "2000"}, ())
    row, _ = reader.row(Record(3, ["", "Kalniņa"]))
    assert row.cells == {"tag": "crm", "name": "Kalniņa"}


def test_presets_name_fields_and_conversions_that_there_are() -> None:
    for preset in presets.PRESETS:
        columns = list(preset.columns)
        Reader(preset.kind, preset.mapping(columns), columns, CENTS)
        whole = [*columns, *(mark for mark in preset.marks if mark not in columns)]
        assert preset.fits(whole)
        assert preset.fits([*whole, "more"]) is not preset.alone


@pytest.mark.parametrize("text", ["=1", "+371", "-3", "@x", "\tx", "'quoted'", "plain", "", "'"])
def test_a_cell_that_was_made_harmless_comes_back_as_it_was(text: str) -> None:
    assert plain(harmless(text)) == text
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t"))


def test_dates_of_a_parquet_file_are_texts() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    columns = {"day": [date(2026, 3, 1)], "many": [["a", "b"]], "whole": [3.0], "none": [None], "yes": [True]}
    parquet.write_table(pyarrow.table(columns), out)
    table = open_table(Source(out.getvalue()))
    assert list(table.records()) == [Record(1, ["2026-03-01", "a;b", "3", "", "yes"])]


def _excel(rows: int, columns: int, text: str, *, at: str = "") -> bytes:
    """A sheet of one shared text under a proper heading; `at` names one more cell."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("data")
    sheet.write_row(0, 0, [f"column {number}" for number in range(columns)])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [text] * columns)
    if at:
        sheet.write(at, "x")
    book.close()
    return out.getvalue()


def _changed(
    content: bytes, part: str, old: str = "", new: str = "", *, to: str = "", prefix: bytes = b""
) -> bytes:
    """An archive with one part changed: a text in it replaced, something put before it, and its name."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text
                text = prefix + text.replace(old.encode(), new.encode())
            after.writestr(to if to and name == part else name, text)
    return out.getvalue()


def test_one_text_that_many_cells_of_a_sheet_name_counts_once_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx_bounds, "UNPACKED_BYTES_MAX", 10_000_000)
    content = _excel(2_000, 20, "x" * 1_000)
    assert len(content) < 200_000
    sheet, rels = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
    elsewhere = _changed(content, rels, "worksheets/sheet1.xml", "media/image1.png")
    for one in (
        content,
        _changed(elsewhere, sheet, to="xl/media/image1.png"),
        _changed(content, sheet, to="xl\\WORKSHEETS\\sheet1.xml"),
        _changed(content, "xl/sharedStrings.xml", to="XL/SharedStrings.XML"),
    ):
        with pytest.raises(UnreadableTable, match=r"The Excel file unpacks to more than a table can need\."):
            open_table(Source(one))
    monkeypatch.setattr(xlsx_bounds, "UNPACKED_BYTES_MAX", 42_000_000)
    assert sum(1 for _ in open_table(Source(content)).records()) == 2_000


@pytest.mark.parametrize("at", ["ZZ40000", "A1048576", "XFD3"])
def test_a_cell_far_from_the_others_does_not_span_a_sheet_of_emptiness(
    at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_bounds, "CELLS_MAX", 20_000)
    with pytest.raises(UnreadableTable, match=r"The Excel file unpacks to more than a table can need\."):
        open_table(Source(_excel(3, 3, "x", at=at)))


def test_a_sheet_that_another_reader_would_read_in_another_way_is_refused() -> None:
    content = _excel(3, 3, "x")
    sheet, damaged = "xl/worksheets/sheet1.xml", "The Excel file is damaged, or closed with a password."
    for one in (
        _changed(content, sheet, "</worksheet>", "</other>"),
        _changed(content, sheet, "<worksheet", "<!DOCTYPE worksheet><worksheet"),
        _changed(content, sheet, "<sheetData", f"<?x {Random(1).randbytes(1_600_000).hex()}?><sheetData"),
        _changed(content, sheet, 'r="A2"', 'r="2A"'),
        _changed(content, sheet, "<v>0</v>", "<v>+0</v>"),
        _changed(content, "docProps/app.xml", to="xl/sharedstrings.xml"),
    ):
        with pytest.raises(UnreadableTable, match=re.escape(damaged)):
            open_table(Source(one))
    for name in ("content.xml", "xl/workbook.bin"):
        with pytest.raises(UnreadableTable, match=r"This is an archive, but not an Excel file\."):
            open_table(Source(_changed(content, "docProps/app.xml", to=name)))


@pytest.mark.parametrize(
    "begins", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n", b"PK\x03\x04", b"\x00", b""]
)
def test_macros_and_pictures_in_a_workbook_may_have_any_bytes(begins: bytes) -> None:
    content = io.BytesIO(_excel(1, 2, "x"))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", begins + b"Attribute sheetData\x00<sheetData")
    assert [row.cells for row in open_table(Source(content.getvalue())).records()] == [["x", "x"]]


@pytest.mark.parametrize(
    "begins", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"any", b"\x00", b"\xff\xfe", b"\xa0"]
)
def test_a_sheet_behind_other_bytes_does_not_get_past_the_counting(begins: bytes) -> None:
    content = _changed(_excel(3, 3, "x"), "xl/worksheets/sheet1.xml", prefix=begins)
    with pytest.raises(UnreadableTable, match=r"The Excel file cannot be read"):
        open_table(Source(content))
    marked = _changed(_excel(3, 3, "x"), "xl/worksheets/sheet1.xml", prefix=b"\xef\xbb\xbf")
    assert sum(1 for _ in open_table(Source(marked)).records()) == 3


@pytest.mark.parametrize("kind", ["string", "large_string", "binary", "fixed", "list", "nothing"])
def test_one_text_that_many_rows_of_a_parquet_file_name_counts_once_for_each(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(parquet_table, "UNPACKED_BYTES_MAX", 10_000_000)
    types = {
        "string": pyarrow.string(), "large_string": pyarrow.large_string(), "binary": pyarrow.binary(),
        "fixed": pyarrow.binary(6_000), "list": pyarrow.list_(pyarrow.string()), "nothing": pyarrow.null(),
    }  # fmt: skip
    rows, cell = (1_000, "x" * 6_000) if kind != "nothing" else (30_000, None)
    cells = pyarrow.array([[cell] if kind == "list" else cell] * rows, types[kind])
    columns = {str(number): cells for number in range(2 if kind != "nothing" else 500)}
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), out, use_dictionary=True, compression="zstd")
    assert len(out.getvalue()) < 250_000
    with pytest.raises(UnreadableTable, match=r"The Parquet file unpacks to more than a table can need\."):
        list(open_table(Source(out.getvalue())).records())


def test_a_long_text_is_refused_before_the_rows_of_a_parquet_file_are_written_out() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    parquet.write_table(pyarrow.table({"a": ["short", "x" * 10_001, "ā" * 10_000]}), out)
    with pytest.raises(UnreadableTable, match=r"Row 2 has a cell of more than 10000 characters\."):
        list(open_table(Source(out.getvalue())).records())


def _parquet(table: dict[str, Any], **how: Any) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    out = io.BytesIO()
    pytest.importorskip("pyarrow.parquet").write_table(pyarrow.table(table), out, **how)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["list", "struct", "map"])
def test_lists_and_other_columns_with_parts_are_read_across_row_groups(kind: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    texts = [f"text {number % 40}" for number in range(1_500)]
    types = {
        "list": pyarrow.list_(pyarrow.string()), "struct": pyarrow.struct({"a": pyarrow.string()}),
        "map": pyarrow.map_(pyarrow.string(), pyarrow.string()),
    }  # fmt: skip
    cells = {
        "list": [[t] for t in texts],
        "struct": [{"a": t} for t in texts],
        "map": [{"a": t} for t in texts],
    }
    content = _parquet(
        {"id": list(range(1_500)), "l": pyarrow.array(cells[kind], types[kind])}, row_group_size=700
    )
    read = [row.cells for row in open_table(Source(content)).records()]
    assert [cells[0] for cells in read] == [str(number) for number in range(1_500)]
    shown = {"list": "{}", "struct": "{{'a': '{}'}}", "map": "('a', '{}')"}[kind]
    assert [cells[1] for cells in read] == [shown.format(text) for text in texts]


def test_texts_that_no_rows_share_count_once_for_each_in_lists_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_table, "UNPACKED_BYTES_MAX", 8_000_000)
    lists = [[f"a text that no other row has, number {number}"] for number in range(60_000)]
    content = _parquet({"l": lists})
    assert [row.cells for row in open_table(Source(content)).records()] == lists


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("encoding", ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"])
def test_texts_are_read_however_they_stand_in_a_parquet_file(
    encoding: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"text number {number}" for number in range(1_500)]
    columns = {"a": texts, "l": [[text, "b"] for text in texts]}
    names = {"a": encoding, "l.list.element": encoding}
    content = _parquet(
        columns, use_dictionary=False, column_encoding=names, row_group_size=700, data_page_version=version,
        data_page_size=1_000,
    )  # fmt: skip
    expected = [[text, f"{text};b"] for text in texts]
    for at_once in (parquet_table.BYTES_AT_ONCE, 10_000, 1):
        monkeypatch.setattr(parquet_table, "BYTES_AT_ONCE", at_once)
        assert [row.cells for row in open_table(Source(content)).records()] == expected


def test_lists_of_texts_told_by_their_differences_are_refused_where_they_could_come_to_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parquet_table, "UNPACKED_BYTES_MAX", 10_000_000)
    columns, how = {"l": [["x" * 9_000] * 1_500]}, {"l.list.element": "DELTA_BYTE_ARRAY"}
    content = _parquet(columns, use_dictionary=False, column_encoding=how)
    with pytest.raises(
        UnreadableTable, match=r"l\.list\.element has lists in an encoding that is not counted"
    ):
        list(open_table(Source(content)).records())


def test_what_a_parquet_file_comes_to_is_not_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(parquet_table, "UNPACKED_BYTES_MAX", 10_000_000)
    content = _parquet(
        {"a": ["x" * 20_000_000]}, use_dictionary=False, compression="zstd", write_statistics=False
    )
    chunk = parquet.read_metadata(io.BytesIO(content)).row_group(0).column(0)
    said = chunk.total_uncompressed_size * 2
    number = bytes(said >> shift & 127 | (128 if shift < 21 else 0) for shift in (0, 7, 14, 21))
    assert number in content
    lie = content.replace(number, b"\xc8\x81\x80\x00")
    assert parquet.read_metadata(io.BytesIO(lie)).row_group(0).column(0).total_uncompressed_size == 100
    with pytest.raises(UnreadableTable, match=r"The Parquet file unpacks to more than a table can need\."):
        open_table(Source(lie))


def test_a_parquet_file_with_values_that_there_are_not_is_refused() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    text = _parquet({"a": ["plain"]}, compression="none", write_statistics=False)
    assert text.count(b"plain") == 1
    for content in (
        text.replace(b"plain", b"pl\xffin"),
        _parquet({"a": pyarrow.array([2**31 - 1], pyarrow.int32()).cast(pyarrow.date32())}),
        _parquet({"a": pyarrow.array([2**62], pyarrow.int64()).cast(pyarrow.timestamp("us"))}),
    ):
        with pytest.raises(UnreadableTable, match="The Parquet file is damaged"):
            list(open_table(Source(content)).records())


@pytest.mark.parametrize("at", range(4, 40))
def test_a_parquet_file_with_a_damaged_page_header_is_read_or_refused(at: int) -> None:
    content = bytearray(_parquet({"a": ["plain", "text"]}, compression="none"))
    for value in (0, 0x15, 0x19, 0x7F, 0x80, 0xFF):
        content[at] = value
        with contextlib.suppress(UnreadableTable):
            list(open_table(Source(bytes(content))).records())
