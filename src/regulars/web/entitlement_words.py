"""Says in a language what is left of an entitlement, when the next use is free, and what became of a visit."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from regulars.flows.entitlement_views import HeldEntitlement
from regulars.i18n import N_, Language

LEFT: dict[str, str] = {
    "month": N_("{left} of {quota} left this month"),
    "quarter": N_("{left} of {quota} left this quarter"),
    "half_year": N_("{left} of {quota} left this half-year"),
    "year": N_("{left} of {quota} left this year"),
    "membership_year": N_("{left} of {quota} left in this year of membership"),
    "rolling": N_("{left} of {quota} left just now"),
    "total": N_("{left} of {quota} left"),
}
PERIODS: dict[str, str] = {
    "month": N_("a month"),
    "quarter": N_("a quarter"),
    "half_year": N_("a half-year"),
    "year": N_("a year"),
    "membership_year": N_("a year of membership"),
    "rolling": N_("in so many days"),
    "total": N_("once and for all"),
}
STATES: dict[str, str] = {
    "booked": N_("booked"),
    "used": N_("used"),
    "cancelled": N_("cancelled"),
    "missed": N_("missed"),
}
FAULTS: dict[str, str] = {
    "quota_used_up": N_("There is none left at that time."),
    "not_entitled": N_("This is not open to you just now."),
    "not_usable_here": N_("It cannot be used at this place."),
    "slot_full": N_("There is no room at that time any more. Choose another one."),
    "too_many_guests": N_("That is more guests than may come along."),
    "too_late_to_cancel": N_("It is too late to cancel this visit here."),
    "state_conflict": N_("This visit was used, cancelled or missed before."),
}
"""What a person is told, by a problem's code."""


def left(language: Language, one: HeldEntitlement) -> str:
    """2 of 2 left this quarter; with uses that were given beside the quota just how many there are."""
    number = language.number
    given = sum(grant.left for grant in one.given)
    if one.quota and not given:
        text = language.gettext(LEFT[one.period])
        return text.format(left=number(one.left), quota=number(one.quota))
    return language.ngettext("{n} use left", "{n} uses left", one.left).format(n=number(one.left))


def next_free(language: Language, at: datetime | None, zone: tzinfo) -> str:
    """The next one from a day on; nothing where that is not in sight."""
    if at is None:
        return ""
    return language.gettext("The next one from {day}").format(day=language.short_date(at, zone))


def guests(language: Language, one: HeldEntitlement) -> str:
    """Whom she may bring; nothing where she comes alone."""
    found = []
    if one.guests.free:
        text = language.ngettext("{n} guest free", "{n} guests free", one.guests.free)
        found.append(text.format(n=language.number(one.guests.free)))
    if one.guests.from_quota:
        text = language.ngettext("{n} guest for a use", "{n} guests for a use each", one.guests.from_quota)
        found.append(text.format(n=language.number(one.guests.from_quota)))
    return language.joined(found)


def last_day(language: Language, until: datetime, zone: tzinfo) -> str:
    """The last day before a half-open end."""
    return language.short_date(until - timedelta(microseconds=1), zone)


def state(language: Language, code: str) -> str:
    """What became of a visit."""
    return language.gettext(STATES[code])
