"""Draws what a scanner reads: QR, Code 128, EAN-13, PDF417 and Aztec, as SVG in whole modules.

The encoder is zxing-cpp's; here its modules become rectangles, as few as there are, with the quiet zone that each
standard asks for (ISO/IEC 18004, 15417, 15420, 15438, 24778). The same text gives the same bytes.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any, Literal

import zxingcpp
from msgspec import Struct

from regulars.errors import InvalidValue

Kind = Literal["qr", "code128", "ean13", "pdf417", "aztec"]
KINDS: tuple[Kind, ...] = ("qr", "code128", "ean13", "pdf417", "aztec")
TEXT_MAX = 300
"""Characters; more than a card's code ever has, and little enough to be read from a screen."""


class _Symbol(Struct, frozen=True):
    """How zxing-cpp names a kind, and its quiet zone in modules."""

    name: str
    left: int
    right: int
    above: int
    options: dict[str, str] = {}


_SYMBOLS: dict[Kind, _Symbol] = {
    "qr": _Symbol("QRCode", 4, 4, 4, {"ec_level": "M"}),
    "code128": _Symbol("Code128", 10, 10, 2),
    "ean13": _Symbol("EAN13", 11, 7, 2),
    "pdf417": _Symbol("PDF417", 2, 2, 2),
    # Aztec needs no quiet zone; two modules keep it off what stands around it.
    "aztec": _Symbol("Aztec", 2, 2, 2),
}
_MESSAGES: dict[Kind, str] = {
    "qr": "cannot be drawn as a QR code",
    "code128": "is more than Code 128 can carry: up to 80 characters of Latin letters, digits and signs",
    "ean13": "is not an EAN-13 number: 13 digits, the last of which checks the others",
    "pdf417": "cannot be drawn as PDF417",
    "aztec": "cannot be drawn as an Aztec code",
}
CODE128_MAX = 80


class Drawn(Struct, frozen=True):
    """A code in modules: its size with the quiet zone, and its dark rectangles (x, y, width, height)."""

    width: int
    height: int
    bars: tuple[tuple[int, int, int, int], ...]

    @property
    def path(self) -> str:
        """The dark rectangles as the data of one SVG path."""
        return "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in self.bars)


def svg(kind: Kind, text: str, *, label: str | None = None) -> str:
    """The code as an SVG of its own, black on white, one unit a module; `label` is its accessible name.

    Without inline style: a page may give `.ink` and `.paper` other colours. Raises InvalidValue (422) for a text that
    the kind cannot carry.
    """
    drawn = draw(kind, text)
    size = f"{drawn.width} {drawn.height}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img"'
        f' aria-label="{escape(label if label is not None else text)}" shape-rendering="crispEdges">'
        f'<path class="paper" fill="#fff" d="M0 0h{drawn.width}v{drawn.height}H0z"/>'
        f'<path class="ink" d="{drawn.path}"/></svg>'
    )


@lru_cache(maxsize=1024)
def draw(kind: Kind, text: str) -> Drawn:
    """The code's modules. Raises InvalidValue (422) for a text that the kind cannot carry."""
    _check(kind, text)
    symbol = _SYMBOLS[kind]
    try:
        code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbol.name), **symbol.options)
        drawn: Any = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    except ValueError as error:
        raise InvalidValue("/text", _MESSAGES[kind]) from error
    image = memoryview(drawn)
    rows, columns = image.shape or (0, 0)
    pixels = image.tobytes()
    bars: list[tuple[int, int, int, int]] = []
    top = 0
    while top < rows:
        row = pixels[top * columns : (top + 1) * columns]
        bottom = top + 1
        while bottom < rows and pixels[bottom * columns : (bottom + 1) * columns] == row:
            bottom += 1
        bars += [(symbol.left + x, symbol.above + top, run, bottom - top) for x, run in _runs(row)]
        top = bottom
    return Drawn(symbol.left + columns + symbol.right, rows + 2 * symbol.above, tuple(bars))


def fits(kind: Kind, text: str) -> bool:
    """Whether the kind can carry the text."""
    try:
        draw(kind, text)
    except InvalidValue:
        return False
    return True


def ean13_valid(text: str) -> bool:
    """Whether these are 13 digits that add up: weights 1 and 3 in turn, the sum a multiple of ten (GS1)."""
    if len(text) != 13 or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(digit) for digit in text]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _check(kind: Kind, text: str) -> None:
    if not 1 <= len(text) <= TEXT_MAX:
        raise InvalidValue("/text", f"has 1 to {TEXT_MAX} characters")
    if not text.isprintable():
        raise InvalidValue("/text", "has characters that no scanner types")
    if kind == "ean13" and not ean13_valid(text):
        raise InvalidValue("/text", _MESSAGES[kind])
    # Beyond ASCII scanners read Code 128 by different tables: what cannot be read back alike is not drawn.
    if kind == "code128" and (len(text) > CODE128_MAX or not text.isascii()):
        raise InvalidValue("/text", _MESSAGES[kind])


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark runs begin in a row of pixels, and how long they are."""
    found: list[tuple[int, int]] = []
    x = row.find(b"\x00")
    while x >= 0:
        length = len(row[x:]) - len(row[x:].lstrip(b"\x00"))
        found.append((x, length))
        x = row.find(b"\x00", x + length)
    return found
