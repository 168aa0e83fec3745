"""Turns a document into ESC/POS: lines as wide as the paper, letters by the printer's code pages, codes, cut and pulse.

The commands are python-escpos's; here is decided what stands where, and which of the printer's tables of letters are
used: those that printers of every make have, by their numbers in Epson's list.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

from regulars.errors import NotInstalled
from regulars.web.printing.document import Block, Code, Cut, Pair, Rule, Text

CODE_PAGES = {"CP437": 0, "CP858": 19, "CP775": 33, "CP852": 18, "CP866": 17}
"""Letters of western, Baltic, central European and Cyrillic writing, and their numbers after `ESC t`."""
DOTS = {32: 384, 42: 512, 48: 576}
"""How many dots of 0.125 mm a line of so many letters has."""
BAR_DOTS = 2
"""Of the narrowest bar; one is too fine for worn heads."""
QUIET_DOTS = 40
BAR_HEIGHT = 80
QR_DOTS = 6
INDENT = "  "
_PLAIN = str.maketrans(
    {
        "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ",
        "\u2009": " ", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201a": "'",
        "\u2026": "...", "\u00d7": "x", "\u2022": "*", "\u2116": "No", "\u20bd": "RUB",
    }
)  # fmt: skip
"""Signs that the code pages lack, and what stands for them."""


def render(blocks: Sequence[Block], columns: int, *, banner: str = "", drawer: bool = False) -> bytes:
    """The bytes for the printer: each slip with `banner` at its head and foot, cut at its end; then the drawer's pulse.

    `columns`: letters in a line. A sign that no code page has is printed as `?`. Raises NotInstalled (503).
    """
    device = _device()
    device.hw("INIT")
    if blocks:
        for slip in _slips(blocks):
            _banner(device, banner, columns)
            for block in slip:
                _block(device, block, columns)
            _banner(device, banner, columns)
            device.cut()
    if drawer:
        device.cashdraw(2)
    return device.output


def _device() -> Any:
    try:
        from escpos.magicencode import Encoder
        from escpos.printer import Dummy
    except ImportError as error:
        raise NotInstalled(
            "Receipt printers need the extra `print`: pip install 'regulars[print]'."
        ) from error
    return Dummy(profile="default", magic_encode_args={"encoder": Encoder(CODE_PAGES), "defaultsymbol": "?"})


def _slips(blocks: Sequence[Block]) -> list[list[Block]]:
    """The parts between the cuts; none is empty."""
    slips: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Cut):
            slips.append([])
        else:
            slips[-1].append(block)
    return [slip for slip in slips if slip]


def _banner(device: Any, banner: str, columns: int) -> None:
    if banner:
        _block(device, Text(banner, "center", True, True), columns)


def _block(device: Any, block: Block, columns: int) -> None:
    match block:
        case Text():
            wide = columns // 2 if block.big else columns
            indent = INDENT if block.small else ""
            lines = [indent + line for line in _broken(_plain(block.text), wide - len(indent))]
            _write(device, lines, block.align, block.bold, block.big)
        case Pair():
            _write(device, _paired(block, columns), "left", block.bold, block.big)
        case Code():
            _code(device, block, columns)
        case Rule():
            _write(device, ["-" * columns], "left", False, False)
        case Cut():  # between the slips, not in them
            raise AssertionError


def _write(device: Any, lines: Sequence[str], align: str, bold: bool, big: bool) -> None:
    device.set(align=align, bold=bold, double_width=big, double_height=big, normal_textsize=not big)
    for line in lines:
        device.textln(line)


def _paired(block: Pair, columns: int) -> list[str]:
    """The name broken where the amount begins, and the amount at the end of its last line."""
    wide = columns // 2 if block.big else columns
    indent = INDENT if block.small else ""
    right = _plain(block.right)[: wide - 2]
    lines = _broken(_plain(block.left), max(wide - len(right) - 1 - len(indent), 1))
    return [indent + line for line in lines[:-1]] + [
        indent + lines[-1].ljust(wide - len(right) - len(indent)) + right
    ]


def _broken(text: str, wide: int) -> list[str]:
    """Lines of at most so many letters, broken between words where that can be."""
    found: list[str] = []
    for line in text.split("\n"):
        found += textwrap.wrap(line, wide, break_on_hyphens=False) or [""]
    return found


def _code(device: Any, block: Code, columns: int) -> None:
    device.set(align="center", normal_textsize=True)
    bars = _code128(block.code)
    wide = (11 * (_symbols(bars) + 2) + 13) * BAR_DOTS + QUIET_DOTS
    if block.symbol == "code128" and wide <= DOTS[columns]:
        # Its public way says on the standard output which way it took.
        device._hw_barcode(
            bars, "CODE128", height=BAR_HEIGHT, width=BAR_DOTS, pos="OFF", function_type="B", check=False,
            align_ct=False,
        )  # fmt: skip
        device.textln("")
    else:
        device.qr(block.code, ec=1, size=QR_DOTS, model=2, native=True)


def _code128(text: str) -> str:
    """The text with its changes of set as the printer wants them: pairs of digits by set C, the rest by set B."""
    parts = re.split(r"(\d{4,})", text)
    found = ""
    for part in filter(None, parts):
        if re.fullmatch(r"\d{4,}", part):
            even = len(part) - len(part) % 2
            found += "{C" + "".join(chr(int(part[at : at + 2])) for at in range(0, even, 2))
            part = part[even:]
            if not part:
                continue
        found += "{B" + part.replace("{", "{{")
    return found


def _symbols(bars: str) -> int:
    """How many symbols that is, with its start and changes."""
    return len(re.sub(r"\{[{BC]", "x", bars))


def _plain(text: str) -> str:
    """As the code pages have it; what python-escpos would send in a Chinese one becomes `?`."""
    return "".join("?" if "\u2e80" <= sign <= "\uffff" else sign for sign in text.translate(_PLAIN))
