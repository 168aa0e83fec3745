"""Keeps the pictures that a program was given as its logo, and tells by their bytes what they are."""

from __future__ import annotations

import hashlib
import struct
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.pool import Transaction, fetch_one

SQL = queries.load("regulars.programs", "logos.sql")
BYTES_MAX = 200_000
SIDE_MAX = 4096
"""Pixels: more only costs a phone its memory."""


class Logo(Struct, frozen=True):
    """A picture; `media_type` as its bytes say, never as a sender does."""

    media_type: str
    body: bytes


def recognized(body: bytes) -> Logo | None:
    """The picture, if it is a PNG, JPEG or WebP of at most SIDE_MAX pixels a side; an SVG can hold a script."""
    if not 32 <= len(body) <= BYTES_MAX:
        return None
    for media_type, size in (
        ("image/png", _png(body)),
        ("image/jpeg", _jpeg(body)),
        ("image/webp", _webp(body)),
    ):
        if size is not None:
            return Logo(media_type, body) if all(0 < side <= SIDE_MAX for side in size) else None
    return None


async def keep(tx: Transaction, program: UUID, logo: Logo, at: datetime) -> str:
    """Keep a picture; its SHA-256 in hexadecimal digits, by which settings name it."""
    digest = hashlib.sha256(logo.body).digest()
    await tx.execute(SQL.keep, (program, digest, logo.media_type, logo.body, at))
    return digest.hex()


async def find(tx: Transaction, program: UUID, digest: str) -> Logo | None:
    """The picture with this SHA-256 (64 hexadecimal digits)."""
    row = await fetch_one(tx, SQL.find, (program, bytes.fromhex(digest)))
    return Logo(row[0], bytes(row[1])) if row is not None else None


def _png(body: bytes) -> tuple[int, int] | None:
    if body[:8] != b"\x89PNG\r\n\x1a\n" or body[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", body[16:24])
    return width, height


def _jpeg(body: bytes) -> tuple[int, int] | None:
    """Read segment by segment up to the frame's, which holds the size."""
    if body[:3] != b"\xff\xd8\xff":
        return None
    place = 2
    while place + 9 <= len(body) and body[place] == 0xFF:
        marker, length = body[place + 1], int.from_bytes(body[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", body[place + 5 : place + 9])
            return width, height
        place += 2 + max(length, 2)
    return 0, 0


def _webp(body: bytes) -> tuple[int, int] | None:
    if body[:4] != b"RIFF" or body[8:12] != b"WEBP":
        return None
    kind = body[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", body[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
