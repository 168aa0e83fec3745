"""Decides what an entitlement may say: what it is called, who has how many uses in which period, where, with whom.

An entitlement is a document. What contradicts itself is refused in a sentence before it counts. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from regulars.contradictions import Contradicting, of_name, of_partner
from regulars.i18n import N_
from regulars.rewards.model import Amount, Code, Codes, Names, Texts

EntitlementCode = Annotated[
    str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")
]
Period = Literal["month", "quarter", "half_year", "year", "membership_year", "rolling", "total"]
PERIODS: tuple[Period, ...] = get_args(Period)
GUESTS_MAX = 50
USES_MAX = 1_000_000
Uses = Annotated[int, Meta(ge=1, le=USES_MAX)]
_Time = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]


class Quota(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """So many uses in a period, for those in a tier, a club or an audience; without any of them for everybody."""

    uses: Uses
    tier: Code | None = None
    """`ladder/tier`."""
    club: Code | None = None
    audience: Code | None = None

    @property
    def holders(self) -> tuple[tuple[str, str], ...]:
        """Kind and code of whom it is for."""
        pairs = (("tier", self.tier), ("club", self.club), ("audience", self.audience))
        return tuple((kind, code) for kind, code in pairs if code is not None)


class Guests(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom she may bring: `free` of them take nothing of her quota, each further one takes a use."""

    free: Annotated[int, Meta(ge=0, le=GUESTS_MAX)] = 0
    from_quota: Annotated[int, Meta(ge=0, le=GUESTS_MAX)] = 0

    @property
    def most(self) -> int:
        """In all."""
        return self.free + self.from_quota


class Booking(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """That a visit can be booked, by slots of the place's local time."""

    opens: _Time = "09:00"
    closes: _Time = "21:00"
    slot_minutes: Annotated[int, Meta(ge=5, le=1440)] = 60
    capacity: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    """People in one slot of one place; left out: as many as come."""
    days_ahead: Annotated[int, Meta(ge=1, le=366)] = 60
    cancel_hours: Annotated[int, Meta(ge=0, le=720)] = 0
    """Until so many hours before a booking may be given back by her."""
    no_show: Literal["takes", "gives_back"] = "takes"
    """What becomes of the use when nobody came by the end of the day."""


class Entitlement(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/entitlements/{code}`: the whole entitlement."""

    names: Annotated[Names, Meta(min_length=1)]
    """By language; that of the program's first language stands in for one that is missing."""
    descriptions: Texts = {}
    quotas: Annotated[tuple[Quota, ...], Meta(max_length=50)] = ()
    """Of several that are hers the best counts; none: only who was given uses has it."""
    adds: bool = False
    """Several that are hers are added up."""
    period: Period = "month"
    """Days are days of the program's time zone. `rolling`: the last `period_days` days; `total`: once and for all."""
    period_days: Annotated[int, Meta(ge=0, le=3660)] = 0
    stores: Codes = ()
    """Where it can be used; with `partners` at theirs too; both empty: everywhere."""
    partners: Codes = ()
    guests: Guests = Guests()
    cost: Amount = 0
    """What one visitor costs the partner at whose place it is used: minor units of base money."""
    booking: Booking | None = None
    """Left out: one just comes."""
    stopped: bool = False
    """Nobody uses or books it any more; what is booked stands."""


class Newest(Struct, frozen=True):
    """An entitlement as it counts."""

    code: str
    revision: int
    document: Entitlement


class Surroundings(Struct, frozen=True):
    """What an entitlement meets in its program."""

    stores: Collection[str]
    partners: Collection[str]
    tiers: Collection[str]
    """`ladder/tier`."""
    languages: tuple[str, ...]


def contradictions(document: Entitlement, around: Surroundings) -> list[Contradicting]:
    """Every contradiction of an entitlement; empty when there is none."""
    return [
        *_words(document, around),
        *_quotas(document, around),
        *_places(document, around),
        *_slots(document),
    ]


def _words(document: Entitlement, around: Surroundings) -> Iterator[Contradicting]:
    yield from of_name(document.names, around.languages[0])


def _quotas(document: Entitlement, around: Surroundings) -> Iterator[Contradicting]:
    if (document.period == "rolling") != (document.period_days > 0):
        text = N_("A rolling period needs its number of days, and only that has one.")
        yield Contradicting("/period_days", text)
    seen: set[tuple[tuple[str, str], ...]] = set()
    for place, quota in enumerate(document.quotas):
        pointer = f"/quotas/{place}"
        if len(quota.holders) > 1:
            text = N_("A quota is for a tier, a club or an audience: give each its own.")
            yield Contradicting(pointer, text)
        if quota.holders in seen:
            yield Contradicting(pointer, N_("There are two quotas for the same members."))
        seen.add(quota.holders)
        if quota.tier is not None and quota.tier not in around.tiers:
            yield Contradicting(f"{pointer}/tier", N_("There is no tier {tier}."), {"tier": quota.tier})


def _places(document: Entitlement, around: Surroundings) -> Iterator[Contradicting]:
    for place, store in enumerate(document.stores):
        if store not in around.stores:
            yield Contradicting(f"/stores/{place}", N_("There is no store {store}."), {"store": store})
    for place, partner in enumerate(document.partners):
        yield from of_partner(partner, around.partners, f"/partners/{place}")


def _slots(document: Entitlement) -> Iterator[Contradicting]:
    booking = document.booking
    if booking is None:
        return
    if minutes(booking.opens) + booking.slot_minutes > minutes(booking.closes):
        text = N_("No slot fits between opening and closing.")
        yield Contradicting("/booking/closes", text)
    if booking.capacity is not None and booking.capacity <= document.guests.most:
        text = N_("A slot is too small for a member with all her guests.")
        yield Contradicting("/booking/capacity", text)


def minutes(time: str) -> int:
    """Minutes since midnight of a time `HH:MM`."""
    return int(time[:2]) * 60 + int(time[3:])
