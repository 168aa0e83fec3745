"""The demo's clubs and events: a club that anybody joins, one by rule, one by invitation; an evening almost full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from regulars import ids
from regulars.cli.demo import vouchers
from regulars.cli.demo.holders import members_of, said
from regulars.clock import zone
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.book_seats import NewSeatBooking, book_seats
from regulars.flows.clubs import invite, put_club
from regulars.flows.join_club import ClubJoining, answer_invitation, join_club
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.measure_clubs import measure_clubs
from regulars.flows.occasions import put_occasion
from regulars.flows.publish_promotion import create_promotion, publish_promotion
from regulars.flows.spender_proof import Spender
from regulars.members.club_rules import ClubDocument
from regulars.occasions.model import OccasionDocument
from regulars.programs.model import Caller
from regulars.promotions.model import Document

BY = "demo"
TASTERS, CIRCLE, TABLE = "coffee-tasters", "inner-circle", "tasting-table"
MEMBERS, INVITED = 14, 3
EVENING: tuple[int, ...] = (2, 1, 1, 2, 1, 1, 2, 1, 2, 2)
"""Seats of each who books the evening, in their order: 11 of 12 are taken, and two pairs wait for one more."""


CLUBS: dict[str, dict[str, Any]] = {
    TASTERS: {
        "names": said(
            "Coffee tasters", "Kafijas degustētāji", "Ценители кофе", "Kohvimaitsjad", "Kávékóstolók"
        ),
        "texts": said(
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
        "names": said("Inner circle", "Savējie", "Ближний круг", "Siseringi klubi", "Belső kör"),
        "texts": said(
            "For those who shop with us most: first to know, first to taste.",
            "Tiem, kas pie mums iepērkas visvairāk: pirmie uzzina, pirmie nogaršo.",
            "Для тех, кто покупает у нас больше всех: первыми узнают и пробуют.",
            "Neile, kes meil kõige rohkem ostavad: esimesena kuulda, esimesena maitsta.",
            "Azoknak, akik a legtöbbet vásárolnak nálunk: elsőként tudják, elsőként kóstolják.",
        ),
        "entry": "rule",
        "rule": {"turnover_at_least": 15000, "turnover_days": 90},
    },
    TABLE: {
        "names": said(
            "The tasting table", "Degustācijas galds", "Дегустационный стол", "Maitsmislaud", "Kóstolóasztal"
        ),
        "texts": said(
            "Twelve customers taste what we might sell next, and say what they think. By invitation.",
            "Divpadsmit pircēji nogaršo jaunumus un pasaka, ko par tiem domā. Ar ielūgumu.",
            "Двенадцать покупателей пробуют наши новинки и говорят, что думают. По приглашению.",
            "Kaksteist klienti maitseb meie uusi tooteid ja ütleb, mida neist arvab. Kutsega.",
            "Tizenkét vásárlónk megkóstolja az újdonságainkat, és elmondja a véleményét. Meghívással.",
        ),
        "entry": "invitation",
        "places": 12,
    },
}
SEATED = ((0, ""), (2, "joined"), (5, "joined"), (7, "declined"), (9, "joined"), (12, ""))
"""Who is invited to the tasting table, by their places, and what each has answered."""
PRICE: dict[str, Any] = {
    "name": "Kafijas degustētājiem: kafija pie letes 1,20",
    "names": said(
        "Coffee tasters: a coffee at the counter for 1.20", "Kafijas degustētājiem: kafija pie letes 1,20",
        "Ценителям кофе: чашка у стойки за 1,20", "Kohvimaitsjatele: kohv letist 1,20",
        "Kávékóstolóknak: kávé a pultnál 1,20",
    ),
    "group": "items",
    "conditions": [{"kind": "club", "clubs": [TASTERS]}],
    "benefits": [
        {"kind": "line_price", "price": 120, "goods": {"skus": [vouchers.CUP.sku], "label": vouchers.CUP.names}}
    ],
}  # fmt: skip
"""The club's own price of what costs 1.90 otherwise."""
EVENTS: dict[str, dict[str, Any]] = {
    "latte-evening": {
        "names": said("Latte evening", "Latte vakars", "Вечер латте", "Latteõhtu", "Latte-est"),
        "texts": said(
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
        "names": said("Harvest market", "Ražas tirgus", "Ярмарка урожая", "Lõikuslaat", "Betakarítási vásár"),
        "texts": said(
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
        await put_club(database, program.id, code, msgspec.convert(content, ClubDocument), BY, at)
    ready = await known.fresh(program.id)
    day = at.astimezone(zone(program.time_zone)).replace(minute=0, second=0, microsecond=0)
    for code, content in EVENTS.items():
        days, hour, hours = STARTS[code]
        starts_at = (day + timedelta(days=days)).replace(hour=hour)
        dated = {**content, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}
        await put_occasion(database, ready, code, msgspec.convert(dated, OccasionDocument), BY, at)
    price = msgspec.convert(PRICE, Document)
    made = await create_promotion(database, request("club/price", price), price, BY)
    promotion = ids.read("prm", msgspec.json.decode(made.body)["id"])
    await publish_promotion(database, known, request("club/price/publish", ""), promotion, BY)
    members = await members_of(database, program.id, cards[: MEMBERS + INVITED])
    for n, member in enumerate(members[:MEMBERS]):
        joining = ClubJoining()
        await join_club(database, ready, request(f"club/{n}", joining), member, TASTERS, joining, "en", BY)
    for n, member in enumerate(members[MEMBERS:]):
        await invite(database, ready, request(f"invited/{n}", ""), member, TASTERS, BY)
    for place, answer in SEATED:
        member = members[place]
        await invite(database, ready, request(f"table/{place}", ""), member, TABLE, BY)
        coming, step = ClubJoining(), request(f"table/{place}/{answer}", answer)
        if answer == "joined":
            await join_club(database, ready, step, member, TABLE, coming, "en", BY)
        elif answer:
            await answer_invitation(database, ready, step, member, TABLE, "declined")
    spender = Spender(caller, BY, vouched=True)
    for n, seats in enumerate(EVENING):
        new = NewSeatBooking("latte-evening", seats)
        await book_seats(database, ready, request(f"seats/{n}", new), spender, members[n], new, "en")
    await measure_clubs(database, known, program.id, at)
