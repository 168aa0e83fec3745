"""The demo's clubs and events: one that anybody joins, one by rule, and an evening that is almost full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from regulars.clock import zone
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows import standing
from regulars.flows.book_seats import NewSeatBooking, book_seats
from regulars.flows.clubs import invite, put_club
from regulars.flows.incoming import Key
from regulars.flows.join_club import ClubJoining, join_club
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.measure_clubs import measure_clubs
from regulars.flows.occasions import put_occasion
from regulars.flows.spender_proof import Spender
from regulars.members.club_rules import ClubDocument
from regulars.occasions.model import OccasionDocument
from regulars.programs.model import Caller

TASTERS, CIRCLE = "coffee-tasters", "inner-circle"
MEMBERS, INVITED = 14, 3
EVENING: tuple[int, ...] = (2, 1, 1, 2, 1, 1, 2, 1, 2, 2)
"""Seats of each who books the evening, in their order: 11 of 12 are taken, and two pairs wait for one more."""


def _texts(en: str, lv: str, ru: str, et: str, hu: str) -> dict[str, str]:
    return {"en": en, "lv": lv, "ru": ru, "et": et, "hu": hu}


CLUBS: dict[str, dict[str, Any]] = {
    TASTERS: {
        "names": _texts(
            "Coffee tasters", "Kafijas degustētāji", "Ценители кофе", "Kohvimaitsjad", "Kávékóstolók"
        ),
        "texts": _texts(
            "We roast, brew and taste something new every month.",
            "Katru mēnesi grauzdējam, vārām un nogaršojam ko jaunu.",
            "Каждый месяц обжариваем, варим и пробуем новое.",
            "Igal kuul röstime, keedame ja maitseme midagi uut.",
            "Minden hónapban valami újat pörkölünk, főzünk és kóstolunk.",
        ),
        "entry": "open",
        "places": 200,
    },
    CIRCLE: {
        "names": _texts("Inner circle", "Savējie", "Ближний круг", "Siseringi klubi", "Belső kör"),
        "texts": _texts(
            "For those who shop with us most: first to know, first to taste.",
            "Tiem, kas pie mums iepērkas visvairāk: pirmie uzzina, pirmie nogaršo.",
            "Для тех, кто покупает у нас больше всех: первыми узнают и пробуют.",
            "Neile, kes meil kõige rohkem ostavad: esimesena kuulda, esimesena maitsta.",
            "Azoknak, akik a legtöbbet vásárolnak nálunk: elsőként tudják, elsőként kóstolják.",
        ),
        "entry": "rule",
        "rule": {"turnover_at_least": 15000, "turnover_days": 90},
    },
}
EVENTS: dict[str, dict[str, Any]] = {
    "latte-evening": {
        "names": _texts("Latte evening", "Latte vakars", "Вечер латте", "Latteõhtu", "Latte-est"),
        "texts": _texts(
            "A barista shows how milk is foamed and poured. Cups are yours to keep.",
            "Barista rāda, kā puto un lej pienu. Krūzes paliek Jums.",
            "Бариста покажет, как взбивать и наливать молоко. Чашки остаются Вам.",
            "Barista näitab, kuidas piima vahustada ja valada. Tassid jäävad Teile.",
            "Egy barista megmutatja a tejhabosítást és a töltést. A csészék az Önéi maradnak.",
        ),
        "place": "Miera iela 3, Rīga",
        "seats": 12,
        "seats_per_booking": 2,
        "clubs": [TASTERS],
    },
    "harvest-market": {
        "names": _texts(
            "Harvest market", "Ražas tirgus", "Ярмарка урожая", "Lõikuslaat", "Betakarítási vásár"
        ),
        "texts": _texts(
            "Farmers we buy from, a long table, and soup for everybody.",
            "Zemnieki, no kuriem pērkam, garš galds un zupa visiem.",
            "Фермеры, у которых мы покупаем, длинный стол и суп для всех.",
            "Talunikud, kellelt ostame, pikk laud ja supp kõigile.",
            "A termelőink, egy hosszú asztal és leves mindenkinek.",
        ),
        "place": "Kalnciema kvartāls, Rīga",
        "seats": 60,
        "seats_per_booking": 4,
        "price": {"currency": "PTS", "points": 50},
        "confirm_hours": 24,
    },
}
STARTS = {"latte-evening": (12, 18, 2), "harvest-market": (24, 11, 5)}
"""Days from now, the hour on local clocks, and how many hours."""


async def load(
    database: Database, known: KnownPrograms, cards: Sequence[str], first: Request, caller: Caller
) -> None:
    """Make clubs and events, let members join and book; repeated, it changes nothing. `first`: as requests look."""
    program, at = (await known.fresh(first.program)).program, first.at

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    for code, content in CLUBS.items():
        await put_club(database, program.id, code, msgspec.convert(content, ClubDocument), "demo", at)
    ready = await known.fresh(program.id)
    day = at.astimezone(zone(program.time_zone)).replace(minute=0, second=0, microsecond=0)
    for code, content in EVENTS.items():
        days, hour, hours = STARTS[code]
        starts_at = (day + timedelta(days=days)).replace(hour=hour)
        dated = {**content, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}
        await put_occasion(database, ready, code, msgspec.convert(dated, OccasionDocument), "demo", at)
    members = [await _member(database, program.id, card) for card in cards[: MEMBERS + INVITED]]
    for n, member in enumerate(members[:MEMBERS]):
        joining = ClubJoining()
        await join_club(
            database, ready, request(f"club/{n}", joining), member, TASTERS, joining, "en", "demo"
        )
    for n, member in enumerate(members[MEMBERS:]):
        await _invited(database, known, request(f"invited/{n}", ""), member)
    spender = Spender(caller, "demo", vouched=True)
    for n, seats in enumerate(EVENING):
        new = NewSeatBooking("latte-evening", seats)
        await book_seats(database, ready, request(f"seats/{n}", new), spender, members[n], new, "en")
    await measure_clubs(database, known, program.id, at)


async def _invited(database: Database, known: KnownPrograms, request: Request, member: UUID) -> None:
    await invite(database, await known.fresh(request.program), request, member, TASTERS, "demo")


async def _member(database: Database, program: UUID, card: str) -> UUID:
    async with database.transaction(program) as tx:
        customer = await standing.customer_of(tx, program, Key("card", number=card))
    assert customer is not None, "the demo's cards are its members'"
    assert customer.member is not None, "the demo's cards are its members'"
    return customer.member
