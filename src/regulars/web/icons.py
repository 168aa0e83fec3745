"""Draws the mark in a program's colours as PNG (ISO/IEC 15948), for home screens and wallets, without a library."""

from __future__ import annotations

import math
import struct
import zlib
from functools import lru_cache

from regulars.web import colours
from regulars.web.colours import Rgb


@lru_cache(maxsize=256)
def draw_icon(size: int, paper: str, ink: str) -> bytes:
    """The mark as a PNG of `size` pixels square: each pixel's share of ink is its distance to the shape's edge."""
    back, front = colours.rgb(paper), colours.rgb(ink)
    shades = [_mixed(back, front, share / 255) for share in range(256)]
    rows = bytearray()
    scale = 44 / size
    for y in range(size):
        rows.append(0)
        for x in range(size):
            inside = _inside((x + 0.5) * scale - 22, (y + 0.5) * scale - 22) / scale + 0.5
            rows += shades[round(255 * min(1.0, max(0.0, inside)))]
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _inside(x: float, y: float) -> float:
    """How deep a point lies within the mark (units of its drawing, centre at 0, 0); below zero outside."""
    radius = math.hypot(x, y)
    ring = 1.8 - abs(radius - 7.2)  # the stroke of the letter, between radii 5.4 and 9
    opening = min(-x, y)  # its lower left quarter is left out
    letter = min(ring, -opening)
    disc = 14 - radius
    dot = 2.6 - math.hypot(x + 5.4, y - 5.4)
    return max(min(disc, -letter), dot)


def _mixed(back: Rgb, front: Rgb, share: float) -> bytes:
    return bytes(round(255 * (b + (f - b) * share)) for b, f in zip(back, front, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
