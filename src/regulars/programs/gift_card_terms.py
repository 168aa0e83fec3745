"""Decides how gift cards of a program are sold: how long their money lasts, and how they are taxed."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Percent = Annotated[str, Meta(pattern=r"^([0-9]{1,2}(\.[0-9]{1,4})?)?$(?!\n)")]


class GiftCardTerms(Struct, frozen=True, forbid_unknown_fields=True):
    """What a sale does not say itself."""

    valid_days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    """Money on a card may be spent to the end of so many days; null: without end."""
    tax_percent: Percent = ""
    """They pay for goods of this one rate of tax only, which is due when they are sold: single-purpose cards. Empty:
    multi-purpose ones, for all goods."""
