"""Decides how a member's rhythm is judged, and whether those who are overdue are told."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

KindCode = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]


class Regularity(Struct, frozen=True, forbid_unknown_fields=True):
    """When a member who used to come regularly is overdue."""

    on: bool = False
    """Whether absences are noticed: an event, and a message to those who agreed to messages."""
    overdue_percent: Annotated[int, Meta(ge=101, le=1000)] = 150
    """She is overdue after so many per cent of her usual interval."""
    intervals_min: Annotated[int, Meta(ge=1, le=50)] = 3
    """With fewer intervals between visits she has no rhythm yet."""
    window_days: Annotated[int, Meta(ge=30, le=3660)] = 730
    """Visits that lie further back before the last one do not count."""
    activities: Annotated[tuple[KindCode, ...], Meta(max_length=20)] = ()
    """Kinds of activity that show that she is around, such as a visit without a purchase: by one of them as recent as
    her usual absence is long, she is not missed."""
