"""Decides how members may pass points on: to one another, and to good causes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Points = Annotated[int, Meta(ge=1, le=10**12)]
Hours = Annotated[int, Meta(ge=0, le=8760)]
PartnerCode = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of one way to pass points on, in the currency's unit, for each giver; null: none."""

    most: Points | None = None
    """The most at once."""
    a_day: Points | None = None
    a_month: Points | None = None
    cooling_hours: Hours = 0
    """So long points that were earned or received cannot be passed on so."""
    member_days: Annotated[int, Meta(ge=0, le=3660)] = 0
    """So long somebody has to be a member before."""


class Bringing(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of what is brought into a shared account: all that somebody has, at once."""

    most: Points | None = None
    cooling_hours: Hours = 0
    member_days: Annotated[int, Meta(ge=0, le=3660)] = 0


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
    donations: Rules = Rules()
    """Limits of what is given to good causes."""
    exchanges: Rules = Rules()
    """Limits of what is changed into another currency, beside those of its rate."""
    sharing_as_transfers: bool = True
    """What a member brings into a shared account, when she joins it, is within the limits of transfers and counted with
    them; else whoever may send no more would open an account with the other."""
    sharing: Bringing = Bringing()
    """Limits of that where it is no transfer."""

    @property
    def transfers(self) -> Rules:
        """Limits of what one member sends to another."""
        return Rules(self.most, self.a_day, self.a_month, self.cooling_hours, self.member_days)

    @property
    def brought(self) -> Rules:
        """Limits of what a member brings into a shared account."""
        if self.sharing_as_transfers:
            return self.transfers
        own = self.sharing
        return Rules(own.most, cooling_hours=own.cooling_hours, member_days=own.member_days)
