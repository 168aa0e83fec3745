"""Decides for how long a member is kept who is not seen any more."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Country = Annotated[str, Meta(pattern=r"^([A-Z]{2}|\*)$(?!\n)")]
"""By ISO 3166; `*` is every other one."""


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """For how long a member is kept who is not seen any more."""

    months: Annotated[int, Meta(ge=1, le=1200)]
    """After so many months without a purchase or anything else that she does herself her erasure is proposed."""
