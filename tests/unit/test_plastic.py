"""Plastic cards: what a scanner reads off the printed page, where things lie on it, and that long texts fit."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy
import pytest
import zxingcpp
from tests.pdf_text import pages_of, text_of

from regulars.errors import InvalidValue
from regulars.members import numbers
from regulars.programs.branding import grouped
from regulars.programs.model import Program
from regulars.programs.settings import ProgramSettings
from regulars.web.drawing import KINDS, Kind
from regulars.web.paper import pdf, plastic

pytest.importorskip("typst")
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
EAN = "4006381333931"
LONG = "Lielais ceļojumu, grāmatu un kafijas draugu klubs «Ķīmiķu iela»"


def program(name: str = "Dzintars", accent: str = "#b4690e", *languages: str) -> Program:
    """A program that is kept nowhere."""
    return Program(
        id=UUID(int=1), name=name, slug="dzintars", base_currency="EUR", time_zone="Europe/Riga",
        languages=languages or ("lv", "ru", "en"), sandbox=True, settings=ProgramSettings(accent=accent),
        version=1, operator=UUID(int=2), currencies={}, stores={}, partners={},
    )  # fmt: skip


def picture(png: bytes) -> Any:
    """A PNG of 8 bits a channel as rows of grey (ISO/IEC 15948, clauses 9 and 11)."""
    place, packed, width, height, channels = 8, b"", 0, 0, 0
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            channels = {2: 3, 6: 4}[colour]
            assert depth == 8
        packed += body if kind == b"IDAT" else b""
        place += 12 + length
    rows = numpy.frombuffer(zlib.decompress(packed), numpy.uint8).reshape(height, 1 + width * channels)
    found = numpy.zeros((height, width, channels), numpy.int64)
    above = numpy.zeros((width, channels), numpy.int64)
    for y in range(height):
        above = found[y] = _unfiltered(
            int(rows[y, 0]), rows[y, 1:].reshape(width, channels).astype(int), above
        )
    return found[:, :, :3].mean(axis=2).astype(numpy.uint8)


def _unfiltered(filtered: int, row: Any, above: Any) -> Any:
    if filtered == 0:
        return row
    if filtered == 2:
        return (row + above) % 256
    done = numpy.zeros_like(row)
    left = corner = numpy.zeros(row.shape[1], numpy.int64)
    for x in range(len(row)):
        up = above[x]
        if filtered == 1:
            guess = left
        elif filtered == 3:
            guess = (left + up) // 2
        else:
            distances = numpy.abs([up - corner, left - corner, left + up - 2 * corner])
            nearest = distances.argmin(axis=0)
            guess = numpy.choose(nearest, [left, up, corner])
        done[x] = (row[x] + guess) % 256
        left, corner = done[x], up
    return done


@pytest.mark.scenario("S1")
@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_scanner_reads_the_number_off_the_printed_card(kind: Kind, back: bool) -> None:
    number = EAN if kind == "ean13" else numbers.generate(1, ProgramSettings())[0]
    data = plastic.sheet(program(), [(1, number)], AT, "single", kind, back=back)
    page = pdf.pictures(plastic.TEMPLATE, data, ppi=200)[1 if back else 0]
    assert [found.text for found in zxingcpp.read_barcodes(picture(page))] == [number]


def test_ten_cards_of_a_sheet_are_read_and_the_back_of_the_first_lies_behind_it() -> None:
    cards = list(enumerate(numbers.generate(10, ProgramSettings()), 1))
    data = plastic.sheet(program(), cards, AT, "a4", "qr")
    page = picture(pdf.pictures(plastic.TEMPLATE, data, ppi=150)[1])
    found = {one.text: one.position.top_left for one in zxingcpp.read_barcodes(page)}
    assert set(found) == {number for _, number in cards}
    first, second = found[cards[0][1]], found[cards[1][1]]
    assert abs(first.y - second.y) < 3
    assert first.x > second.x, "turned along the long edge, left is right"


def test_the_corner_beyond_the_cut_has_the_card_s_colour() -> None:
    data = plastic.sheet(program(accent="#1f5c47"), [(1, EAN)], AT, "single", "qr")
    page = picture(pdf.pictures(plastic.TEMPLATE, data, ppi=72)[0])
    corners = {int(page[y, x]) for y in (1, -2) for x in (1, -2)}
    assert len(corners) == 1
    assert corners != {255}


@pytest.mark.parametrize("kind", ["code128", "qr"])
def test_a_long_name_and_three_languages_fit_and_what_is_typed_is_not_run(kind: Kind) -> None:
    for name in (LONG, '#panic("x")', "A" * 200):
        data = plastic.sheet(program(name, "#ffd400"), [(7, EAN)], AT, "single", kind)
        made = pdf.render(plastic.TEMPLATE, data)
        assert pages_of(made) == [(91.6, 60.0)] * 2
        assert name.split()[0][:8] in text_of(made).replace("\n", "")


def test_a_number_that_the_code_cannot_carry_is_refused() -> None:
    with pytest.raises(InvalidValue) as refusal:
        plastic.sheet(program(), [(1, EAN), (2, "9900123456781236")], AT, "a4", "ean13")
    assert [fault.pointer for fault in refusal.value.errors] == ["/code"]


def test_a_number_is_printed_in_groups_of_four() -> None:
    assert grouped("9900123456781236") == "9900 1234 5678 1236"
    assert grouped(EAN) == "4006 3813 3393 1"
