"""Reads CSV: decides encoding and delimiter, always in the same way, and says what it took them to be.

An encoding is what its mark says, else UTF-8 where every byte fits, else one of the three of Windows that our languages
were written in: 1251 where letters above ASCII stand beside one another (Cyrillic words), and for single accented
letters 1250 where the program speaks Hungarian, else 1257 (Baltic).
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from typing import BinaryIO

from regulars.interchange.table import Format, Record, Source, UnreadableTable, heading, record

ENCODINGS = ("utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "windows-1257")
DELIMITERS = ",;\t|"
SAMPLE_BYTES = 1_000_000
SAMPLE_RECORDS = 20
PIECE = 1 << 16
CYRILLIC_SHARE = 0.5


class CsvTable:
    """A CSV file."""

    format: Format = "csv"

    def __init__(self, source: Source, *, languages: tuple[str, ...] = (), encoding: str | None = None):
        if encoding is not None and encoding not in ENCODINGS:
            raise UnreadableTable(f"The encoding is one of {', '.join(ENCODINGS)}.")
        self._source = source
        self._encoding = encoding or encoding_of(source, languages)
        self.position, self.total = 0, source.size
        self._delimiter = _delimiter(self._sample())
        first = next(self._rows(), None)
        if first is None:
            raise UnreadableTable("The file is empty.")
        self.columns = heading(first[1])
        self.position = 0
        self.assumed = {"encoding": self._encoding, "delimiter": self._delimiter}

    def records(self) -> Iterator[Record]:
        """Every row below the heading. Raises UnreadableTable."""
        rows = self._rows()
        next(rows)
        for number, cells in rows:
            found = record(number, [cell.strip() for cell in cells], len(self.columns))
            if found is not None:
                yield found
        self.position = self.total

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        with self._source.open() as raw:
            # A mark at the beginning is not a character of the first name.
            encoding = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
            text = io.TextIOWrapper(raw, encoding, newline="")
            try:
                reader = csv.reader(self._counted(text, raw), delimiter=self._delimiter)
                for cells in reader:
                    if any(cells):
                        yield reader.line_num, cells
            except UnicodeDecodeError as error:
                raise UnreadableTable(f"The file is not {self._encoding} text: {error.reason}.") from error
            except csv.Error as error:
                raise UnreadableTable(f"This is not a CSV file: {error}.") from error

    def _counted(self, text: io.TextIOWrapper, raw: BinaryIO) -> Iterator[str]:
        for line in text:
            self.position = min(raw.tell(), self.total)
            yield line

    def _sample(self) -> str:
        head = self._source.head(SAMPLE_BYTES)
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        return decoder.decode(head).removeprefix("\ufeff")


def encoding_of(source: Source, languages: tuple[str, ...] = ()) -> str:
    """How the text is encoded; the same for the same bytes and languages."""
    head = source.head(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with source.open() as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _windows(source.head(SAMPLE_BYTES), languages)
    return "utf-8"


def _windows(sample: bytes, languages: tuple[str, ...]) -> str:
    high = [byte >= 0xC0 for byte in sample]
    letters = sum(high)
    together = sum(1 for one, other in itertools.pairwise(high) if one and other)
    if letters and together / letters >= CYRILLIC_SHARE:
        return "windows-1251"
    return "windows-1250" if languages[:1] == ("hu",) else "windows-1257"


def _delimiter(sample: str) -> str:
    """The one that divides the heading in most, and the rows below it in as many; the first of equals."""
    best, most = DELIMITERS[0], 0
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(row):
                    rows.append(row)
                if len(rows) == SAMPLE_RECORDS:
                    break
        except csv.Error:
            continue
        columns = len(rows[0]) if rows else 0
        fitting = sum(1 for row in rows if len(row) <= columns)
        score = columns * fitting if columns > 1 else 0
        if score > most:
            best, most = delimiter, score
    return best
