"""The demo's entitlements: the fast lane and the coffee room of a neighbourhood shop, used and booked by members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from regulars import clock
from regulars.cli.demo import chain
from regulars.cli.demo.holders import members_of, said
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import Conflict, InvalidValue
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.put_entitlement import put_entitlement
from regulars.flows.use_entitlement import NewBooking, NewUse, Visitor, book_visit, use_entitlement
from regulars.rewards.entitlements import Entitlement

VISITORS = 14
AFTERNOON = 15
"""At what hour the demo's members come for their coffee."""


ENTITLEMENTS: dict[str, Entitlement] = {
    "fast-lane": msgspec.convert(
        {
            "names": said("Fast lane", "Bez rindas", "Без очереди", "Ilma järjekorrata", "Soron kívül"),
            "descriptions": said(
                "Twice a month past the queue: show your card at the till with the amber lamp.",
                "Divreiz mēnesī garām rindai: uzrādiet karti kasē ar dzintara lampiņu.",
                "Дважды в месяц без очереди: покажите карту на кассе с янтарной лампой.",
                "Kaks korda kuus järjekorrast mööda: näidake kaarti merevaigulambiga kassas.",
                "Havonta kétszer a sor mellett: mutassa fel kártyáját a borostyán lámpás pénztárnál.",
            ),
            "quotas": [{"uses": 2, "tier": "status/gold"}, {"uses": 1, "tier": "status/silver"}],
            "period": "month",
            "cost": 40,
        },
        Entitlement,
    ),
    "coffee-room": msgspec.convert(
        {
            "names": said("Coffee room", "Kafijas istaba", "Кофейная", "Kohvituba", "Kávészoba"),
            "descriptions": said(
                "A table, a cup and a slice of cake in Centrs and Mežaparks; a guest comes along free.",
                "Galdiņš, tase un kūkas šķēle Centrā un Mežaparkā; viens viesis līdzi bez maksas.",
                "Столик, чашка и кусочек торта в Центре и Межапарке; один гость бесплатно.",
                "Laud, tass ja koogilõik Kesklinnas ja Mežaparksis; üks külaline tasuta kaasa.",
                "Asztal, csésze és egy szelet torta a Centrsben és Mežaparksban; egy vendég ingyen jöhet.",
            ),
            "quotas": [
                {"uses": 1, "tier": "status/bronze"},
                {"uses": 2, "tier": "status/silver"},
                {"uses": 4, "tier": "status/gold"},
            ],
            "period": "quarter",
            "stores": ["centrs", "mezaparks"],
            "guests": {"free": 1},
            "cost": 280,
            "booking": {
                "opens": "10:00",
                "closes": "19:00",
                "capacity": 8,
                "days_ahead": 30,
                "cancel_hours": 2,
                "no_show": "gives_back",
            },
        },
        Entitlement,
    ),
}
"""By code."""


async def load(database: Database, known: KnownPrograms, cards: Sequence[str], first: Request) -> None:
    """Enter them and let some members come and book; repeated, it changes nothing. `first`: as what requests look."""

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    ready, at = await known.fresh(first.program), first.at
    for code, document in ENTITLEMENTS.items():
        await put_entitlement(database, ready, code, document, "demo", at)
    desk, program = Visitor("demo"), ready.program
    for n, member in enumerate(await members_of(database, program.id, cards[:VISITORS])):
        use = NewUse("centrs" if n % 2 else "mezaparks", n % 2)
        booking = NewBooking(_afternoon(at, 1 + n % 5), "centrs", n % 2)
        try:
            if n % 3:
                wish = request(f"coffee/{n}", use)
                await use_entitlement(database, ready, wish, desk, member, "coffee-room", use, "en")
            else:
                wish = request(f"booking/{n}", n)
                await book_visit(database, ready, wish, desk, member, "coffee-room", booking, "en")
        except (Conflict, InvalidValue):  # she has no more of it
            continue


def _afternoon(at: datetime, days: int) -> datetime:
    """Three o'clock in Riga, so many days on."""
    day = at.astimezone(clock.zone(chain.TIME_ZONE)).date() + timedelta(days=days)
    return clock.midnight(day, chain.TIME_ZONE) + timedelta(hours=AFTERNOON)
