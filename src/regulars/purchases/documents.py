"""Packs a purchase or return as it is kept: msgspec JSON, compressed, read whole by id.

The format is zlib's; python-isal writes it in a sixth of the time (6.7 kB: 12 µs instead of 73, and 6 % smaller).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from isal import isal_zlib as zlib
from msgspec import structs

from regulars import ids
from regulars.purchases.kept import Document, KeptEarning
from regulars.purchases.model import EarnedView
from regulars.purchases.returning import ReturnAnswer

_ENCODER = msgspec.json.Encoder()
_PURCHASE = msgspec.json.Decoder(Document)
_LEVEL = 1
Kept = TypeVar("Kept", Document, ReturnAnswer)


def pack(document: Document | ReturnAnswer) -> bytes:
    """The bytes to keep. What the answer says of earnings follows from the document's own, and is not kept twice."""
    if isinstance(document, Document) and document.answer.earned:
        document = structs.replace(document, answer=structs.replace(document.answer, earned=()))
    return zlib.compress(_ENCODER.encode(document), _LEVEL)


def unpack(packed: bytes) -> Document:
    """The purchase in them."""
    document = _PURCHASE.decode(zlib.decompress(packed))
    if not document.earned:
        return document
    answer = structs.replace(document.answer, earned=earned_views(document.earned))
    return structs.replace(document, answer=answer)


def earned_views(earned: Iterable[KeptEarning]) -> tuple[EarnedView, ...]:
    """What an answer says of earnings: one for each promotion and line."""
    views: list[EarnedView] = []
    for one in earned:
        promotion = ids.show_promotion(one.promotion)
        currency, active_at, expires_at = one.currency, one.active_at, one.expires_at
        views += [
            EarnedView(currency, amount, promotion, line, active_at, expires_at)
            for line, amount in zip(one.lines, one.amounts, strict=True)
        ]
    return tuple(views)


def unpack_return(packed: bytes) -> ReturnAnswer:
    """The return in them."""
    return msgspec.json.decode(zlib.decompress(packed), type=ReturnAnswer)
