"""Kinds of activity that are ready to be chosen when one is declared: a visit, a flight, a song, a reading. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from regulars.i18n import N_
from regulars.purchases.activity import ActivityKind, DataField, Flood

Say = Callable[[str, str], str]
"""A language and a message → the message in it."""


class ReadyKind(Struct, frozen=True):
    """A kind without names and rules: what it is called, what it is for, and its document."""

    code: str
    name: str
    about: str
    document: ActivityKind
    field_names: dict[str, str] = {}


def _field(name: str, **more: Any) -> DataField:
    return DataField(name, **more)


READY: tuple[ReadyKind, ...] = (
    ReadyKind(
        "visit",
        N_("Visit"),
        N_("A member comes in, whether she buys or not."),
        ActivityKind({}, flood=Flood(1, 3600)),
    ),
    ReadyKind(
        "booking",
        N_("Booked visit"),
        N_("A member has booked a visit, which may lie ahead."),
        ActivityKind({}, not_in_future=False),
    ),
    ReadyKind(
        "flight",
        N_("Flight"),
        N_("A segment that was flown, with its miles."),
        ActivityKind(
            {},
            fields=(
                _field("miles", type="integer", unit="mi", required=True, least="0", most="12000"),
                _field("cabin", type="choice", choices=("economy", "business", "first")),
            ),
            measure="sum",
            quantity="miles",
            late_days=60,
        ),
        {"miles": N_("Miles"), "cabin": N_("Cabin")},
    ),
    ReadyKind(
        "review",
        N_("Customer review"),
        N_("A member rates something, and somebody looks at it before it earns."),
        ActivityKind(
            {},
            fields=(
                _field("stars", type="integer", required=True, least="1", most="5"),
                _field("text"),
            ),
            flood=Flood(5, 86_400),
            review="always",
        ),
        {"stars": N_("Stars"), "text": N_("What was written")},
    ),
    ReadyKind(
        "app-open",
        N_("App opened"),
        N_("A member opens the app."),
        ActivityKind({}, flood=Flood(20, 3600), review="never"),
    ),
    ReadyKind(
        "stream",
        N_("Song played"),
        N_("Songs or films that were played, as many as the data say."),
        ActivityKind(
            {},
            fields=(_field("plays", type="integer", required=True, least="1", most="1000"),),
            measure="sum",
            quantity="plays",
            flood=Flood(30, 60),
        ),
        {"plays": N_("Plays")},
    ),
    ReadyKind(
        "meter",
        N_("Meter reading"),
        N_("What a meter shows: what it has moved on since the last reading counts, and it never falls."),
        ActivityKind(
            {},
            fields=(
                _field("reading", type="decimal", unit="kWh", required=True, least="0"),
                _field("meter", required=True),
            ),
            measure="reading",
            quantity="reading",
            series="meter",
            late_days=31,
        ),
        {"reading": N_("Reading"), "meter": N_("Meter")},
    ),
    ReadyKind(
        "commission",
        N_("Commission"),
        N_("What a broker earned of a member, of which she gets a share each month."),
        ActivityKind(
            {},
            fields=(_field("commission", type="integer", unit="EUR", required=True),),
            measure="sum",
            quantity="commission",
            late_days=31,
        ),
        {"commission": N_("Commission")},
    ),
)


def made(ready: ReadyKind, languages: Sequence[str], currency: str, say: Say) -> ActivityKind:
    """The document of a ready-made kind with its names in these languages; money is in `currency`."""
    fields = tuple(
        msgspec.structs.replace(
            one,
            names={language: say(language, ready.field_names[one.name]) for language in languages},
            unit=currency if one.unit == "EUR" else one.unit,
        )
        for one in ready.document.fields
    )
    names = {language: say(language, ready.name) for language in languages}
    return msgspec.structs.replace(ready.document, names=names, fields=fields)
