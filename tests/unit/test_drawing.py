"""Drawn codes: what a decoder reads back, at two scales, is what was drawn; and what cannot be drawn is refused."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import InvalidValue
from regulars.web import drawing
from regulars.web.drawing import Kind

FORMATS = {
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "code128": zxingcpp.BarcodeFormat.Code128,
    "ean13": zxingcpp.BarcodeFormat.EAN13,
    "pdf417": zxingcpp.BarcodeFormat.PDF417,
    "aztec": zxingcpp.BarcodeFormat.Aztec,
}
NUMBER = "9900123456781236"
EAN = "4006381333931"


def read_back(text: str, scale: int) -> list[tuple[object, str]]:
    """Every code that the decoder finds in the SVG, painted at so many pixels a module."""
    size = [int(part) for part in re.findall(r'viewBox="0 0 (\d+) (\d+)"', text)[0]]
    picture = numpy.full((size[1] * scale, size[0] * scale), 255, numpy.uint8)
    ink = re.findall(r'class="ink" d="([^"]*)"', text)[0]
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3z", ink):
        across = slice(int(x) * scale, (int(x) + int(width)) * scale)
        picture[int(y) * scale : (int(y) + int(height)) * scale, across] = 0
    return [(found.format, found.text) for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.fast
@pytest.mark.scenario("S1")
@pytest.mark.parametrize("scale", [2, 7])
@pytest.mark.parametrize("kind", drawing.KINDS)
def test_a_card_number_is_read_back_from_every_kind_at_two_scales(kind: Kind, scale: int) -> None:
    number = EAN if kind == "ean13" else NUMBER
    assert read_back(drawing.svg(kind, number), scale) == [(FORMATS[kind], number)]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["qr", "pdf417", "aztec"]), st.text("abcXYZ 019-/:āķžыő€", min_size=1, max_size=60))
def test_letters_of_every_language_are_read_back_from_the_square_codes(kind: Kind, text: str) -> None:
    assert [found for _, found in read_back(drawing.svg(kind, text), 3)] == [text]


@settings(max_examples=30, deadline=None)
@given(st.text("0123456789ABCdefg -./:+", min_size=1, max_size=40))
def test_what_cards_bear_is_read_back_from_code_128(text: str) -> None:
    assert read_back(drawing.svg("code128", text), 2) == [(FORMATS["code128"], text)]


@settings(max_examples=30, deadline=None)
@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_of_ten_last_digits_one_makes_an_ean_and_that_one_is_drawn(first: str) -> None:
    numbers = [f"{first}{digit}" for digit in range(10) if drawing.ean13_valid(f"{first}{digit}")]
    assert len(numbers) == 1
    assert read_back(drawing.svg("ean13", numbers[0]), 2) == [(FORMATS["ean13"], numbers[0])]


@pytest.mark.fast
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("ean13", "4006381333932"),
        ("ean13", "400638133393"),
        ("ean13", NUMBER),
        ("ean13", "４００６３８１３３３９３１"),
        ("code128", "Jānis"),
        ("code128", "Café"),
        ("code128", "1" * 81),
        ("qr", ""),
        ("qr", "1" * 301),
        ("aztec", "a\nb"),
        ("pdf417", "a\x00"),
    ],
)
def test_what_a_kind_cannot_carry_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        drawing.svg(kind, text)
    assert [fault.pointer for fault in refusal.value.errors] == ["/text"]
    assert not drawing.fits(kind, text)


@pytest.mark.fast
def test_a_drawing_is_the_same_each_time_has_a_name_and_no_style() -> None:
    first = drawing.svg("qr", NUMBER, label='The card of "Ķirsis" & <co>')
    drawing.draw.cache_clear()
    assert drawing.svg("qr", NUMBER, label='The card of "Ķirsis" & <co>') == first
    root = ElementTree.fromstring(first)
    assert root.attrib["aria-label"] == 'The card of "Ķirsis" & <co>'
    assert root.attrib["role"] == "img"
    assert "style" not in first
    assert len([path for path in root if path.attrib["class"] == "ink"]) == 1


@pytest.mark.fast
@pytest.mark.parametrize(
    ("kind", "left"), [("qr", 4), ("code128", 10), ("ean13", 11), ("pdf417", 2), ("aztec", 2)]
)
def test_the_quiet_zone_is_as_wide_as_the_standard_asks(kind: Kind, left: int) -> None:
    drawn = drawing.draw(kind, EAN)
    assert min(x for x, _, _, _ in drawn.bars) == left
    right = drawn.width - max(x + width for x, _, width, _ in drawn.bars)
    assert right == (7 if kind == "ean13" else left)
