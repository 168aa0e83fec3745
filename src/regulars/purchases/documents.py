"""Packs a purchase or return as it is kept: msgspec JSON, compressed, read whole by id.

The format is zlib's; python-isal writes it in a sixth of the time (6.7 kB: 12 µs instead of 73, and 6 % smaller).
"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from isal import isal_zlib as zlib

from regulars.purchases.model import Document, ReturnAnswer

_ENCODER = msgspec.json.Encoder()
_PURCHASE = msgspec.json.Decoder(Document)
_LEVEL = 1
Kept = TypeVar("Kept", Document, ReturnAnswer)


def pack(document: Document | ReturnAnswer) -> bytes:
    """The bytes to keep."""
    return zlib.compress(_ENCODER.encode(document), _LEVEL)


def unpack(packed: bytes) -> Document:
    """The purchase in them."""
    return _PURCHASE.decode(zlib.decompress(packed))


def unpack_return(packed: bytes) -> ReturnAnswer:
    """The return in them."""
    return msgspec.json.decode(zlib.decompress(packed), type=ReturnAnswer)
