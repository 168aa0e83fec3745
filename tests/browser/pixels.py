"""Reads a screenshot as a scanner would: PNG (8 bits, RGB or RGBA, not interlaced) to grey pixels, then the codes."""

from __future__ import annotations

import struct
import zlib

import zxingcpp


def codes_on(png: bytes) -> list[str]:
    """The texts of all codes on a picture."""
    width, height, grey = grey_of(png)
    image = memoryview(grey).cast("B", (height, width))
    return [code.text for code in zxingcpp.read_barcodes(image)]


def grey_of(png: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the red of every pixel: what is drawn black on white is grey all through."""
    place, data, header = 8, b"", b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        header = body if kind == b"IHDR" else header
        data += body if kind == b"IDAT" else b""
        place += length + 12
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", header)
    assert depth == 8
    parts = {2: 3, 6: 4}[colour]
    raw, stride = zlib.decompress(data), width * parts
    above, grey = bytearray(stride), bytearray()
    for row in range(height):
        begin = row * (stride + 1)
        above = _unfiltered(raw[begin], bytearray(raw[begin + 1 : begin + 1 + stride]), above, parts)
        grey += above[::parts]
    return width, height, bytes(grey)


def _unfiltered(kind: int, row: bytearray, above: bytearray, parts: int) -> bytearray:
    for place in range(len(row)):
        left = row[place - parts] if place >= parts else 0
        up = above[place]
        corner = above[place - parts] if place >= parts else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        row[place] = (row[place] + guess) & 0xFF
    return row


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
