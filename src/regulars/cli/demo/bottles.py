"""What bottles brought back gain besides points: a ladder over a member's own year, and entries to a draw.

A challenge gives coupons, and a coupon buys a ticket of the draw: no other way leads into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from regulars.cli.demo import vouchers
from regulars.cli.demo.holders import member_of, said, then
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.draws import put_draw
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.ladders import put_ladder
from regulars.flows.lottery_tickets import NewTicket, buy_tickets
from regulars.flows.quests import put_quest
from regulars.flows.register_currency import NewCurrency, register_currency
from regulars.flows.spender_proof import Spender
from regulars.games import tickets
from regulars.games.draws import Lottery
from regulars.games.quests import QuestDocument
from regulars.members.ladders import LadderDocument
from regulars.programs.model import Caller

BY = "demo"
BOTTLES, COUPONS = "BOTTLES", "COUPONS"
CURRENCIES: tuple[dict[str, Any], ...] = (
    {
        "code": BOTTLES, "kind": "qualifying", "worth": "0",
        "names": {
            "en": {"one": "bottle", "other": "bottles"},
            "lv": {"zero": "pudeļu", "one": "pudele", "other": "pudeles"},
            "ru": {"one": "бутылка", "few": "бутылки", "many": "бутылок", "other": "бутылки"},
            "et": {"one": "pudel", "other": "pudelit"},
            "hu": {"one": "palack", "other": "palack"},
        },
    },
    {
        "code": COUPONS, "kind": "stamps", "worth": "0",
        "names": {
            "en": {"one": "draw coupon", "other": "draw coupons"},
            "lv": {"zero": "izlozes kuponu", "one": "izlozes kupons", "other": "izlozes kuponi"},
            "ru": {
                "one": "купон розыгрыша", "few": "купона розыгрыша", "many": "купонов розыгрыша",
                "other": "купона розыгрыша",
            },
            "et": {"one": "loosikupong", "other": "loosikupongi"},
            "hu": {"one": "sorsolási kupon", "other": "sorsolási kupon"},
        },
    },
)  # fmt: skip
LADDER_CODE = "bottles"
LADDER = msgspec.convert(
    {
        "tiers": [
            {"code": "sprout"},
            {"code": "oak", "ways": [[{"measure": "currency", "currency": BOTTLES, "at_least": 50}]]},
            {"code": "forest", "ways": [[{"measure": "currency", "currency": BOTTLES, "at_least": 100}]]},
        ],
        "period": "membership_year",
        "grace_days": 30,
    },
    LadderDocument,
)
"""By the bottles of a member's own year, which begins on the day on which she joined."""
TIER_NAMES = {
    "bottles/sprout": said("Sprout", "Asns", "Росток", "Idu", "Hajtás"),
    "bottles/oak": said("Oak", "Ozols", "Дуб", "Tamm", "Tölgy"),
    "bottles/forest": said("Forest", "Mežs", "Лес", "Mets", "Erdő"),
}
QUEST_CODE = "fifty-bottles"
QUEST_DAYS = 30
QUEST: dict[str, Any] = {
    "names": said(
        "Fifty bottles", "Piecdesmit pudeles", "Пятьдесят бутылок", "Viiskümmend pudelit", "Ötven palack"
    ),
    "texts": said(
        "Bring fifty bottles back and get two coupons for the bottle draw.",
        "Nododiet piecdesmit pudeles un saņemiet divus pudeļu izlozes kuponus.",
        "Сдайте пятьдесят бутылок и получите два купона бутылочного розыгрыша.",
        "Tooge tagasi viiskümmend pudelit ja saate kaks pudeliloosi kupongi.",
        "Hozzon vissza ötven palackot, és két kupont kap a palacksorsoláshoz.",
    ),
    "goal": {"kind": "sum", "measure": "units", "need": 50, "activity": "bottles"},
    "prizes": [{"points": {"currency": COUPONS, "amount": 2}}],
    "icon": "leaf",
}
DRAW_CODE = "bottle-draw"
DRAW: dict[str, Any] = {
    "names": said(
        "Bottle draw", "Pudeļu izloze", "Бутылочный розыгрыш", "Pudeliloos", "Palacksorsolás"
    ),
    "texts": said(
        "A coupon of the challenge “Fifty bottles” is a ticket.",
        "Izaicinājuma “Piecdesmit pudeles” kupons ir viena biļete.",
        "Купон испытания «Пятьдесят бутылок» – это один билет.",
        "Väljakutse „Viiskümmend pudelit” kupong on üks pilet.",
        "Az „Ötven palack” kihívás kuponja egy szelvényt ér.",
    ),
    "price": {"currency": COUPONS, "amount": 1},
    "most": 10,
    "ranks": [
        {
            "names": said("2,000 points", "2000 punktu", "2000 баллов", "2000 punkti", "2000 pont"),
            "prize": {"points": {"currency": "PTS", "amount": 2000}},
        },
        {
            "names": said("A free coffee", "Kafija bez maksas", "Кофе бесплатно", "Tasuta kohv", "Ingyenes kávé"),
            "prize": {"voucher": {"batch": vouchers.FREE_COFFEE}},
            "count": 10,
        },
    ],
}  # fmt: skip
DRAWN_IN_DAYS = 16
ENTERED = ((0, 1), (1, 2), (4, 2), (6, 1))
"""Place of a member, and how many of her coupons she has put in."""


async def load(database: Database, known: KnownPrograms, first: Request) -> None:
    """Enter what counts, before it is counted; repeated, it changes nothing. `first`: as requests look."""
    at = first.at
    for content in CURRENCIES:
        new = msgspec.convert(content, NewCurrency)
        name = f"demo/currency/{new.code}"
        request = msgspec.structs.replace(first, key=name, digest=digest(name, content))
        await register_currency(database, request, new)
    ready = await known.fresh(first.program)
    await put_ladder(database, first.program, LADDER_CODE, LADDER, BY, at)
    async with database.transaction(first.program) as tx:
        if any(one.code == DRAW_CODE for one in await tickets.every(tx, first.program)):
            return
    since = then(at, QUEST_DAYS).isoformat()
    quest = msgspec.convert({**QUEST, "from": since}, QuestDocument)
    await put_quest(database, first.program, QUEST_CODE, quest, BY, at)
    times = {
        "entries_until": then(at, 1 - DRAWN_IN_DAYS),
        "draws_at": then(at, 1 - DRAWN_IN_DAYS, 12),
    }
    await put_draw(database, ready, DRAW_CODE, msgspec.convert({**DRAW, **times}, Lottery), BY, at)


async def enter(
    database: Database, known: KnownPrograms, cards: Sequence[str], first: Request, caller: Caller
) -> None:
    """Put some of the coupons in that members have got; repeated, it changes nothing. `first`: as requests look."""
    ready = await known.fresh(first.program)
    spender = Spender(caller, BY, vouched=True)
    for place, count in ENTERED:
        member = await member_of(database, first.program, cards[place])
        name = f"demo/coupon/{place}"
        request = msgspec.structs.replace(first, key=name, digest=digest(name, name))
        await buy_tickets(database, ready, request, spender, member, NewTicket(DRAW_CODE, count))
