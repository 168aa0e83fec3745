"""What is printed at a till: blocks of text, pairs, codes and cuts, bounded, as the till's page composes them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Words = Annotated[str, Meta(max_length=400, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$(?!\n)")]
Kept = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[\x20-\x7e]+$(?!\n)")]
BLOCKS_MAX = 600
"""A receipt of two hundred lines of goods with their discounts, and its head and foot."""
Align = Literal["left", "center", "right"]


class Text(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="text"):
    """Words, broken into lines where the paper ends."""

    text: Words
    align: Align = "left"
    bold: bool = False
    big: bool = False
    small: bool = False
    """Set in a little, such as what belongs to the line above."""


class Pair(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="pair"):
    """A name at the left and its amount at the right."""

    left: Words
    right: Words
    bold: bool = False
    big: bool = False
    small: bool = False
    """Set in a little, such as what belongs to the line above."""


class Code(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="code"):
    """A code that a scanner reads; as QR too where its bars are wider than the paper."""

    code: Kept
    symbol: Literal["code128", "qr"] = "code128"


class Rule(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="rule"):
    """A dashed line across."""


class Cut(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="cut"):
    """Where a slip of its own begins, such as a voucher that the customer keeps."""


Block = Text | Pair | Code | Rule | Cut


class Job(Struct, frozen=True, forbid_unknown_fields=True):
    """What a till wants of its printer."""

    blocks: Annotated[tuple[Block, ...], Meta(max_length=BLOCKS_MAX)] = ()
    """Empty: nothing is printed."""
    drawer: bool = False
    """Whether the cash drawer opens with it, where one hangs on the printer."""
