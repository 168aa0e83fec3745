"""Decides whom something is for: whoever has one of each kind of mark that is named. Pure.

Marks are tiers (`ladder/tier`), audiences and clubs. A tier that everybody has who climbed no further is hers too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from regulars.periods import age

Mark = Annotated[str, Meta(min_length=1, max_length=127, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Marks = Annotated[tuple[Mark, ...], Meta(max_length=50)]


class Audience(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who takes part: whoever has one of each kind that is named. Empty: everybody."""

    tiers: Marks = ()
    """`ladder/tier`."""
    audiences: Marks = ()
    clubs: Marks = ()
    age_from: Annotated[int, Meta(ge=1, le=120)] | None = None
    """In years; whoever gave no birthday does not take part then."""


EVERYBODY = Audience()


class Hers(Struct, frozen=True):
    """What is known of a member who wants something: her marks by kind and code, and her birthday."""

    marks: frozenset[tuple[str, str]] = frozenset()
    birthday: date | None = None

    def among(
        self, *, tiers: Collection[str] = (), audiences: Collection[str] = (), clubs: Collection[str] = ()
    ) -> bool:
        """Whether she has one of each of these lists that is not empty."""
        listed = (("tier", tiers), ("audience", audiences), ("club", clubs))
        return all(not codes or any((kind, code) in self.marks for code in codes) for kind, codes in listed)


def marked(
    marks: Iterable[tuple[str, str]], bases: Mapping[str, str] | None = None, birthday: date | None = None
) -> Hers:
    """From pairs of kind and code. `bases`: ladder → the tier that every member has who has no other."""
    found = set(marks)
    climbed = {code.partition("/")[0] for kind, code in found if kind == "tier"}
    found |= {("tier", f"{ladder}/{tier}") for ladder, tier in (bases or {}).items() if ladder not in climbed}
    return Hers(frozenset(found), birthday)


def belongs(audience: Audience, hers: Hers, day: date) -> bool:
    """Whether somebody takes part on a day."""
    if not hers.among(tiers=audience.tiers, audiences=audience.audiences, clubs=audience.clubs):
        return False
    return audience.age_from is None or (
        hers.birthday is not None and age(hers.birthday, day) >= audience.age_from
    )
