"""Decides how members may pass points on: to one another, and to good causes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Points = Annotated[int, Meta(ge=1, le=10**12)]
Hours = Annotated[int, Meta(ge=0, le=8760)]
PartnerCode = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]


class Passing(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits in the currency's unit, for each giver; null: none. Days and months are the program's."""

    members: bool = False
    """Whether members pass points on by themselves, on their own pages."""
    least: Points = 1
    most: Points | None = None
    """The least and the most of one transfer."""
    a_day: Points | None = None
    a_month: Points | None = None
    fee: Annotated[int, Meta(ge=0, le=10**9)] = 0
    """What the giver pays to the operator for a transfer; it is not given back."""
    cooling_hours: Hours = 0
    """So long points that were earned or received cannot be passed on."""
    take_back_hours: Hours = 0
    """So long the giver may take a transfer back, if nothing of it was spent."""
    member_days: Annotated[int, Meta(ge=0, le=3660)] = 0
    """So long somebody has to be a member before she passes points on."""
    charities: Annotated[tuple[PartnerCode, ...], Meta(max_length=100)] = ()
    """Codes of the partners to whom points may be donated."""
