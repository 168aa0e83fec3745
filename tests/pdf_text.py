"""Reads the text of a PDF as a viewer that copies it would: glyphs through each font's map to Unicode."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\s)(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_INNER = rb"\((?:[^()\\]|\\.)*\)"
_STRING = rb"\((?:[^()\\]|\\.|" + _INNER + rb")*\)|<[0-9A-Fa-f\s]*>"
"""Parentheses in a string are escaped, or balanced."""
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|(" + _STRING + rb")|\b(ET)\b", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """All text, a line for each piece that was set, page by page."""
    objects = _objects(pdf)
    lines: list[str] = []
    for page in _pages(objects):
        (number,) = re.findall(rb"/Resources (\d+) 0 R", page)
        resources = objects[int(number)]
        fonts: dict[bytes, dict[int, str]] = {}
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
            linked = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
            if linked:
                fonts[name] = _unicode_map(_stream(objects[int(linked[1])]))
        contents = re.search(rb"/Contents (\d+) 0 R", page)
        if contents:
            lines += _shown(_stream(objects[int(contents[1])]), fonts)
    return "\n".join(lines)


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """The pages' sizes in millimetres."""
    found = []
    for page in _pages(_objects(pdf)):
        box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", page)
        assert box, "every page has its size"
        found.append((round(float(box[1]) / 72 * 25.4, 1), round(float(box[2]) / 72 * 25.4, 1)))
    return found


def _pages(objects: dict[int, bytes]) -> list[bytes]:
    return [body for _, body in sorted(objects.items()) if re.search(rb"/Type\s*/Page\b", body)]


def _objects(pdf: bytes) -> dict[int, bytes]:
    found = {int(number): body for number, body in _OBJECT.findall(pdf)}
    for body in list(found.values()):
        if b"/ObjStm" in body:
            first = int(re.findall(rb"/First (\d+)", body)[0])
            packed = _stream(body)
            head = [int(word) for word in packed[:first].split()]
            places = [*head[1::2], len(packed) - first]
            for place, number in enumerate(head[::2]):
                found[number] = packed[first + places[place] : first + places[place + 1]]
    return found


def _stream(body: bytes) -> bytes:
    begun = re.search(rb"stream\r?\n", body)
    if not begun:
        return b""
    packed = body[begun.end() : body.rindex(b"endstream")]
    if b"/FlateDecode" not in body[: begun.start()]:
        return packed
    return zlib.decompressobj().decompress(packed)


def _unicode_map(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", cmap)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _shown(content: bytes, fonts: dict[bytes, dict[int, str]]) -> list[str]:
    lines, line, font = [], "", {}
    for name, piece, ended in _SHOWN.findall(content):
        if name:
            font = fonts.get(name, {})
        elif ended:
            lines.append(line)
            line = ""
        else:
            raw = _bytes(piece)
            glyphs = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
            line += "".join(font.get(glyph, "") for glyph in glyphs)
    return [line for line in lines if line]


def _bytes(piece: bytes) -> bytes:
    if piece.startswith(b"<"):
        return bytes.fromhex(piece[1:-1].decode())

    def escaped(match: re.Match[bytes]) -> bytes:
        what = match[1]
        return bytes([int(what, 8)]) if what[:1].isdigit() else _ESCAPES.get(what, what)

    return re.sub(rb"\\([0-7]{1,3}|.)", escaped, piece[1:-1], flags=re.DOTALL)
