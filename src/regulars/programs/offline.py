"""Decides what a till may do while the line is down: how old its snapshot may be, and how much it may risk."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Risk = Annotated[int, Meta(ge=0, le=10**12)]


class Offline(Struct, frozen=True, forbid_unknown_fields=True):
    """What a till may do while the line is down. Money in minor units of the program's base money."""

    on: bool = True
    """Whether a till may sell at all without the line."""
    snapshot_days: Annotated[int, Meta(ge=1, le=30)] = 3
    """So old a snapshot may be before its promotions and allowances count no more; goods may still be sold."""
    spend_per_member: Risk = 2_000
    """What one member may pay with points at one till while it is cut off; 0: nothing."""
    spend_per_till: Risk = 50_000
    """What all of them together may at one till, until it has been in touch again."""
    members_max: Annotated[int, Meta(ge=0, le=20_000)] = 5_000
    """How many members, of those who bought at the store last, a snapshot carries an allowance for."""
