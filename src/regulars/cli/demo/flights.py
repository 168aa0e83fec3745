"""The demo's flights: an airline counts the chain's members' segments and miles, and they climb a ladder of its own.

The airline is a partner, invented like the chain itself; it pays for the points that its flights bring.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars import i18n
from regulars.cli.demo.holders import members_of, said, then
from regulars.db import requests
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import Problem
from regulars.flows.activity_kinds import put_kind
from regulars.flows.activity_sent import NewActivity, Sent, Source
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.ladders import put_ladder
from regulars.flows.record_activity import record_activities
from regulars.flows.register_currency import NewCurrency, register_currency
from regulars.flows.register_store import NewPartner, register_partner
from regulars.members.ladders import LadderDocument
from regulars.programs.model import Program
from regulars.purchases.activity import ActivityKind, EarningRule
from regulars.purchases.ready_kinds import READY, made

BY, KIND = "demo", "flight"
POINTS, MILES, SEGMENTS = "PTS", "MILES", "SEGMENTS"
AIRLINE = NewPartner("kaija-air", "Aviosabiedrība “Kaija Air” (izdomāta)")
CURRENCIES: tuple[dict[str, Any], ...] = (
    {
        "code": SEGMENTS, "kind": "qualifying", "worth": "0",
        "names": {
            "en": {"one": "flight segment", "other": "flight segments"},
            "lv": {"zero": "lidojumu posmu", "one": "lidojuma posms", "other": "lidojumu posmi"},
            "ru": {
                "one": "сегмент полёта", "few": "сегмента полёта", "many": "сегментов полёта",
                "other": "сегмента полёта",
            },
            "et": {"one": "lennulõik", "other": "lennulõiku"},
            "hu": {"one": "repülési szakasz", "other": "repülési szakasz"},
        },
    },
    {
        "code": MILES, "kind": "qualifying", "worth": "0",
        "names": {
            "en": {"one": "mile", "other": "miles"},
            "lv": {"zero": "jūdžu", "one": "jūdze", "other": "jūdzes"},
            "ru": {"one": "миля", "few": "мили", "many": "миль", "other": "мили"},
            "et": {"one": "miil", "other": "miili"},
            "hu": {"one": "mérföld", "other": "mérföld"},
        },
    },
)  # fmt: skip
LADDER_CODE = "flights"
LADDER = msgspec.convert(
    {
        "tiers": [
            {"code": "passenger"},
            {
                "code": "gull",
                "ways": [
                    [{"measure": "currency", "currency": SEGMENTS, "at_least": 6}],
                    [{"measure": "currency", "currency": MILES, "at_least": 5_000}],
                ],
            },
            {
                "code": "stork",
                "ways": [
                    [{"measure": "currency", "currency": SEGMENTS, "at_least": 25}],
                    [{"measure": "currency", "currency": MILES, "at_least": 25_000}],
                ],
            },
        ],
        "period": "calendar_year",
        "downgrade": "one_step",
    },
    LadderDocument,
)
"""By the flights of a calendar year: enough segments, or enough miles."""
TIER_NAMES = {
    "flights/passenger": said("Passenger", "Pasažieris", "Пассажир", "Reisija", "Utas"),
    "flights/gull": said("Gull", "Kaija", "Чайка", "Kajakas", "Sirály"),
    "flights/stork": said("Stork", "Stārķis", "Аист", "Toonekurg", "Gólya"),
}


class Trips(NamedTuple):
    """Somebody flies there and back again and again, two days between."""

    place: int
    first: int
    """How many days ago she flew for the first time."""
    times: int
    every: int
    """Days from one departure to the next."""
    miles: int
    """Of one segment."""
    cabin: str = "economy"


TRIPS = (
    Trips(0, 70, 1, 7, 690), Trips(0, 48, 1, 7, 1440), Trips(0, 23, 1, 7, 2660),
    Trips(5, 76, 10, 7, 780, "business"), Trips(5, 5, 1, 7, 2660),
    Trips(11, 77, 13, 6, 175),
    Trips(3, 30, 1, 7, 280), Trips(7, 40, 2, 14, 450), Trips(12, 60, 3, 14, 1040), Trips(15, 19, 1, 7, 240),
)  # fmt: skip
"""From Riga, with the miles of real distances."""
LANDED = (19, 40)
"""At what time: hour and minute."""
MISTAKEN = (0, 12, 825)
"""Place of a member, days ago, miles: she had the ticket and did not fly, and the airline took it back."""


async def load(database: Database, known: KnownPrograms, cards: Sequence[str], first: Request) -> None:
    """Enter the airline, what it counts and the ladder, and what was flown; repeated, it changes nothing.

    `first`: as requests look.
    """

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    await register_partner(database, request(f"airline/{AIRLINE.code}", AIRLINE), AIRLINE)
    for content in CURRENCIES:
        new = msgspec.convert(content, NewCurrency)
        await register_currency(database, request(f"currency/{new.code}", new), new)
    program = (await known.fresh(first.program)).program
    await put_ladder(database, program.id, LADDER_CODE, LADDER, BY, first.at)
    await put_kind(database, program.id, KIND, kind(program), BY, first.at)
    members = await members_of(database, program.id, cards[: 1 + max(one.place for one in TRIPS)])
    sent = [one for trips in TRIPS for one in _flown(trips, members[trips.place], first.at)]
    done = await record_activities(
        database, known, program.id, Source("airline", BY), [*sent, *_mistaken(members, first.at)], first.at
    )
    assert not any(isinstance(one, Problem) for one in done), "the demo's flights fit their kind"


def kind(program: Program) -> ActivityKind:
    """A flight: the segment and its miles count for the ladder, and the miles bring points."""
    ready = next(one for one in READY if one.code == KIND)
    document = made(
        ready, program.languages, program.base_currency, lambda language, text: i18n.language(language).gettext(text)
    )  # fmt: skip
    rules = (
        EarningRule(SEGMENTS, "fixed", 1),
        EarningRule(MILES, "per", 1, "1"),
        EarningRule(POINTS, "per", 1, "100"),
    )
    return msgspec.structs.replace(document, rules=rules, late_days=90, funder=AIRLINE.code)


def _flown(trips: Trips, member: UUID, at: datetime) -> list[Sent]:
    """Every segment, there and back."""
    return [
        _sent(f"flight-{trips.place}-{days}", member, then(at, days, *LANDED), trips.miles, trips.cabin)
        for turn in range(trips.times)
        for days in (trips.first - turn * trips.every, trips.first - turn * trips.every - 2)
    ]  # fmt: skip


def _mistaken(members: Sequence[UUID], at: datetime) -> list[Sent]:
    """A segment, and the correction that takes all of it back."""
    place, days, miles = MISTAKEN
    booked = _sent(f"flight-{place}-{days}", members[place], then(at, days, *LANDED), miles, "economy")
    new = NewActivity(f"{booked.new.id}-back", KIND, then(at, days - 1, *LANDED), corrects=booked.new.id)
    return [booked, Sent(members[place], new, requests.digest(new.id, KIND))]


def _sent(name: str, member: UUID, happened_at: datetime, miles: int, cabin: str) -> Sent:
    new = NewActivity(name, KIND, happened_at, {"miles": miles, "cabin": cabin})
    return Sent(member, new, requests.digest(name, KIND))
