"""Writes values on paper that a person takes along: in one language and time zone, with the program's own names."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from regulars import clock
from regulars.flows.known_programs import Known
from regulars.i18n import N_, ProgramWords

STATES = {
    "issued": N_("not in use yet"),
    "active": N_("in use"),
    "blocked": N_("blocked"),
    "replaced": N_("replaced"),
    "closed": N_("closed"),
    "granted": N_("agreed"),
    "pending": N_("not confirmed yet"),
    "withdrawn": N_("withdrawn"),
    "held": N_("not confirmed yet"),
    "recorded": N_("bought"),
    "voided": N_("cancelled"),
    "partly_returned": N_("partly returned"),
    "returned": N_("returned"),
    "empty": N_("used"),
    "counted": N_("It counts"),
    "waiting": N_("Waits"),
    "set_aside": N_("Set aside"),
    "accepted": N_("Accepted"),
    "refused": N_("Refused"),
    "declined": N_("Refused"),
}
CHANNELS = {
    "email": N_("Email"),
    "sms": N_("SMS"),
    "phone": N_("Phone call"),
    "post": N_("Post"),
    "push": N_("Notification"),
}


class Paper:
    """How values are written in one language and time zone."""

    def __init__(self, words: ProgramWords, known: Known):
        self.words = words.spoken
        self.say = words.gettext
        self.known = known
        self.of_program = words
        self._program = known.program
        self._zone: tzinfo = clock.zone(known.program.time_zone)

    def moment(self, at: datetime | None) -> str:
        return self.words.moment(at, self._zone) if at is not None else ""

    def day(self, at: datetime | date | None) -> str:
        """A day of the program; of a date that date."""
        if at is None:
            return ""
        if not isinstance(at, datetime):
            at = clock.midnight(at, self._program.time_zone)
        return self.words.short_date(at, self._zone)

    def last_day(self, until: datetime | date | None) -> str:
        """The last day before a half-open end."""
        if isinstance(until, datetime):
            return self.day(until - timedelta(microseconds=1))
        return self.day(until - timedelta(days=1)) if until is not None else ""

    def money(self, amount: int | None) -> str:
        """Minor units of the program's base money; nothing stays nothing."""
        return self.words.money(amount, self._program.base_currency) if amount is not None else ""

    def number(self, number: int | None) -> str:
        return self.words.number(number) if number is not None else ""

    def points(self, amount: int, code: str, *, signed: bool = False) -> str:
        found = self._program.currencies.get(code)
        if found is None:
            return self.words.number(amount, signed=signed)
        return self.words.points(amount, found.names, scale=found.scale, signed=signed)

    def named(self, kind: str, code: str) -> str:
        """What the program calls it; a code without a name in plain letters."""
        return self.of_program.named(kind, code)

    def channel(self, name: str | None) -> str:
        """What a channel is called; nothing stays nothing."""
        return self.say(CHANNELS[name]) if name in CHANNELS else name or ""

    def state(self, name: str) -> str:
        return self.say(STATES[name]) if name in STATES else name
