"""Decides whether an Excel file comes to more than a table can need, before the reader gets it.

What the archive says of itself is not believed: every part is counted while it is unpacked, and the reader gets an
archive of ours with exactly the parts that were counted, without those that are no XML: macros and pictures may have
any bytes, and the reader passes over whatever stands before the first tag. It builds a sheet whole, with a copy of a
shared text in every cell that names it and with a place for every cell between those that have a value; so the cells
are counted as well. It takes XML that is not well-formed, and sheets in any part; such a file could be read in two
ways, and is refused as damaged.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from array import array
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain
from xml.parsers import expat

from regulars.interchange.table import Source, UnreadableTable

UNPACKED_BYTES_MAX = 400_000_000
CELLS_MAX = 12_000_000
PARTS_MAX = 2_000
NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)
"""What zipfile raises of files that are none: of compressions it does not know and of passwords too."""
RATIO_MAX = 200
"""Bytes unpacked for each byte of the file; a sheet of numbers has 5 to 30."""
SMALL = 1_000_000
PIECE = 1 << 20
XML = re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]*<")
SHEET_MARK = b"sheetData"
"""A part without these bytes has no rows, whatever its name."""
OTHER_KINDS = ("content.xml", "xl/workbook.bin")
"""Where OpenDocument and binary Excel files keep their cells: the reader would turn to these."""
DIGITS = "0123456789"


def within_bounds(source: Source) -> io.BytesIO:
    """The archive once more, with what was counted. Raises UnreadableTable where it is more than a sheet can need."""
    most = min(UNPACKED_BYTES_MAX, max(SMALL, source.size * RATIO_MAX))
    ours = io.BytesIO()
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            sheets = _copy(archive, ours, most)
        with zipfile.ZipFile(ours) as archive:
            texts = _text_bytes(archive)
            for sheet in sheets:
                _judge_cells(archive, sheet, texts)
    except (*NO_ARCHIVE, expat.ExpatError, ValueError) as error:
        raise _damaged() from error
    ours.seek(0)
    return ours


def _copy(archive: zipfile.ZipFile, ours: io.BytesIO, most: int) -> list[str]:
    """Write every part anew that is XML; the names of those that may be sheets. Raises UnreadableTable."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > PARTS_MAX:
        raise UnreadableTable("The Excel file has more parts than a table can need.")
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names or any(_plain(name) in OTHER_KINDS for name in names):
        raise UnreadableTable("This is an archive, but not an Excel file.")
    if len(set(names)) < len(names):
        raise _damaged()
    unpacked, sheets = 0, list[str]()

    def counted(part: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal unpacked
        with archive.open(part) as content:
            while piece := content.read(PIECE):
                unpacked += len(piece)
                if unpacked > most:
                    raise _too_much()
                yield piece

    with zipfile.ZipFile(ours, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for part in parts:
            pieces = counted(part)
            first = next(pieces, b"")
            if not XML.match(first):
                deque(pieces, maxlen=0)
                continue
            end, marked = b"", False
            with copy.open(part.filename, "w") as written:
                for piece in chain([first], pieces):
                    marked = marked or SHEET_MARK in end + piece
                    end = piece[1 - len(SHEET_MARK) :]
                    written.write(piece)
            if marked:
                sheets.append(part.filename)
    return sheets


def _text_bytes(archive: zipfile.ZipFile) -> array[int]:
    """How many bytes each shared text has. Raises UnreadableTable, ExpatError, ValueError."""
    named = [name for name in archive.namelist() if _plain(name).endswith("sharedstrings.xml")]
    if len(named) > 1:
        raise ValueError("shared texts twice")
    found, inside = array("Q"), False

    def start(name: str, _: Mapping[str, str]) -> None:
        nonlocal inside
        if _local(name) == "si":
            if inside:
                raise ValueError("a shared text in a shared text")
            if len(found) == CELLS_MAX:
                raise _too_much()
            found.append(0)
            inside = True

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and _local(name) != "si"

    def text(content: str) -> None:
        if inside:
            found[-1] += len(content.encode())

    parser = _parser()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    for name in named:
        _parse(parser, archive, name)
    return found


class _Span:
    """The rows and columns from the first cell with a value to the last; the reader makes all of them."""

    def __init__(self) -> None:
        self.rows, self.columns = range(0), range(0)

    def take_in(self, row: int, column: int) -> None:
        """Raises UnreadableTable."""
        rows, columns = self.rows or range(row, row + 1), self.columns or range(column, column + 1)
        self.rows = range(min(rows.start, row), max(rows.stop, row + 1))
        self.columns = range(min(columns.start, column), max(columns.stop, column + 1))
        if (self.rows.stop - self.rows.start) * len(self.columns) > CELLS_MAX:
            raise _too_much()


def _judge_cells(archive: zipfile.ZipFile, name: str, texts: array[int]) -> None:
    """Count what the cells of a sheet come to. Raises UnreadableTable, ExpatError, ValueError.

    It runs for every cell of large files: hence variables where else an object would be, and names looked up once.
    """
    kinds, columns, span = dict[str, str](), dict[str, int](), _Span()
    row, column, next_row, next_column = 0, 0, 1, 1
    shared, number = False, ""
    cells, copied, known = 0, 0, len(texts)

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, column, next_row, next_column, shared, number, cells
        kind = kinds.get(name) or kinds.setdefault(name, _local(name))
        if kind == "c":
            place = attributes.get("r")
            if place is None:
                row, column = next_row, next_column
            else:
                letters = place.rstrip(DIGITS)
                column = columns.get(letters) or columns.setdefault(letters, _column(letters))
                row = int(place[len(letters) :])
            next_column = column + 1
            shared = attributes.get("t") == "s"
        elif kind in ("v", "is"):
            cells += 1
            if cells > CELLS_MAX:
                raise _too_much()
            if row not in span.rows or column not in span.columns:
                span.take_in(row, column)
            if shared and kind == "v":
                number = ""
                parser.CharacterDataHandler = text
        elif kind == "row" and "r" in attributes:
            next_row = int(attributes["r"])

    def end(name: str) -> None:
        nonlocal next_row, next_column
        kind = kinds[name]
        if kind == "v":
            parser.CharacterDataHandler = None
        elif kind == "row":
            next_row, next_column = next_row + 1, 1

    def text(piece: str) -> None:
        # A reader may stop where the number is divided by something, so each of its beginnings counts.
        nonlocal number, copied
        number += piece
        if not (number.isdigit() and number.isascii()):
            raise ValueError("a shared text is named by no number")
        place = int(number)
        if place < known:
            copied += texts[place]
            if copied > UNPACKED_BYTES_MAX:
                raise _too_much()

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    _parse(parser, archive, name)


def _column(letters: str) -> int:
    if not (0 < len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise ValueError("a cell is in no column")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def _parser() -> expat.XMLParserType:
    # As the reader does, whatever a part says of its encoding.
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartDoctypeDeclHandler = _no_doctype
    return parser


def _parse(parser: expat.XMLParserType, archive: zipfile.ZipFile, name: str) -> None:
    fed = 0
    with archive.open(name) as content:
        while piece := content.read(PIECE):
            parser.Parse(piece, False)
            fed += len(piece)
            # A tag that does not end would be read from its beginning again with each piece.
            if fed - parser.CurrentByteIndex > 2 * PIECE:
                raise ValueError("a tag does not end")
    parser.Parse(b"", True)


def _no_doctype(*_: object) -> None:
    raise ValueError("a part has a document type")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _plain(name: str) -> str:
    """A part's name as the reader compares it."""
    return name.replace("\\", "/").lower()


def _too_much() -> UnreadableTable:
    return UnreadableTable("The Excel file unpacks to more than a table can need.")


def _damaged() -> UnreadableTable:
    return UnreadableTable("The Excel file is damaged, or closed with a password.")
