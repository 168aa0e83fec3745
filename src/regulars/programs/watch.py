"""Decides from when on something at a till is unusual."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class Watch(Struct, frozen=True, forbid_unknown_fields=True):
    """From when on something at a till is unusual enough to be looked at."""

    receipts_a_day: Annotated[int, Meta(ge=2, le=1000)] = 6
    """Receipts of one card at one till, or with one cashier at whichever till of the store, on one day."""
    return_minutes: Annotated[int, Meta(ge=1, le=1440)] = 30
    """Goods that come back so soon after they were sold …"""
    returns_a_day: Annotated[int, Meta(ge=1, le=1000)] = 3
    """… so often on one day, of what one cashier sold."""
    returns_share: Annotated[int, Meta(ge=2, le=100)] = 5
    """A cashier whose receipts come back so many times as often as her colleagues' in four weeks."""
    adjusted_minutes: Annotated[int, Meta(ge=1, le=1440)] = 60
    """Points given by hand that are spent within so many minutes."""
    unknown_codes_a_day: Annotated[int, Meta(ge=1, le=10_000)] = 10
    """Codes that are none, tried by one cashier at one till on one day."""
    unknown_members_a_day: Annotated[int, Meta(ge=1, le=10_000)] = 40
    """Different phones, emails and cards that lead to nobody, looked up by one cashier at one till on one day."""
    claims_a_week: Annotated[int, Meta(ge=1, le=1000)] = 3
    """Receipts of one cashier that one member claimed afterwards in seven days."""
