"""Memberships, packs and stamp cards in words, as members and staff read them."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from regulars import clock
from regulars.flows.memberships import MembershipView
from regulars.i18n import N_, Language

PERIODS = {
    "month": N_("{amount} a month"),
    "quarter": N_("{amount} a quarter"),
    "year": N_("{amount} a year"),
}
STATES = {
    "active": N_("active"), "due": N_("to be paid"), "paused": N_("paused"), "ended": N_("ended"),
}  # fmt: skip
ACTS = {
    "started": N_("begun"), "renewed": N_("renewed"), "changed": N_("plan changed"), "paused": N_("paused"),
    "resumed": N_("went on"), "to_end": N_("to end with the period"), "to_go_on": N_("to go on"),
    "due": N_("to be paid"), "ended": N_("ended"), "refunded": N_("paid back"),
}  # fmt: skip


def price(language: Language, amount: int, currency: str, period: str) -> str:
    """`€30.00 a month`."""
    return language.gettext(PERIODS[period]).format(amount=language.money(amount, currency))


def day(language: Language, one: date, zone: ZoneInfo) -> str:
    """A day of the program."""
    return language.short_date(clock.midnight(one, zone.key), zone)


def last_day(language: Language, until: date, zone: ZoneInfo) -> str:
    """The day before `until`."""
    return day(language, until - timedelta(days=1), zone)


def standing(language: Language, one: MembershipView, zone: ZoneInfo) -> str:
    """How a membership stands, in a sentence."""
    _ = language.gettext
    last = last_day(language, one.until_day, zone)
    if one.state == "paused":
        return _("paused; the days that are paid stand still")
    if one.state == "due":
        return _("paid until {day}; please pay for the next period").format(day=last)
    if one.state == "ended":
        return _("ended")
    if one.to_end:
        return _("ends on {day}").format(day=last)
    return _("paid until {day}").format(day=last)
