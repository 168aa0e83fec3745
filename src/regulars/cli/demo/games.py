"""The demo's games of chance: a wheel, a scratch card, a draw that was held and can be checked, one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from regulars.cli.demo import vouchers
from regulars.cli.demo.holders import members_of, said, then
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import Conflict
from regulars.flows.draws import put_draw
from regulars.flows.games import put_game
from regulars.flows.hold_draw import hold_draw
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.lottery_tickets import NewTicket, buy_tickets
from regulars.flows.play_game import NewPlay, play_game
from regulars.flows.spender_proof import Spender
from regulars.games import tickets
from regulars.games.chances import Game
from regulars.games.draws import Lottery
from regulars.programs.model import Caller

PLAYERS = 14
DAY = timedelta(days=1)


def _points(amount: int) -> dict[str, Any]:
    return {"points": {"currency": "PTS", "amount": amount}}


def _field(
    code: str, weight: int, names: dict[str, str], prize: dict[str, Any], **more: Any
) -> dict[str, Any]:
    return {"code": code, "weight": weight, "names": names, "prize": prize, **more}


WHEEL = msgspec.convert(
    {
        "names": said(
            "Wheel of amber", "Dzintara rats", "Янтарное колесо", "Merevaiguratas", "Borostyánkerék"
        ),
        "texts": said(
            "One turn a day is on us.",
            "Viens grieziens dienā ir mūsu dāvana.",
            "Один оборот в день – наш подарок.",
            "Üks keerutus päevas on meilt.",
            "Naponta egy pörgetés a mi ajándékunk.",
        ),
        "fields": [
            _field(
                "none",
                70,
                said("Tomorrow again", "Rīt atkal", "Завтра снова", "Homme jälle", "Holnap újra"),
                {"nothing": True},
            ),
            _field(
                "ten", 25, said("10 points", "10 punkti", "10 баллов", "10 punkti", "10 pont"), _points(10)
            ),
            _field(
                "hundred",
                5,
                said("100 points", "100 punkti", "100 баллов", "100 punkti", "100 pont"),
                _points(100),
                stock=200,
                stock_per_day=10,
            ),
        ],
        "consolation": "ten",
        "free": {"most": 1, "period": "day"},
        "points": {"currency": "PTS", "amount": 15},
        "credit": {"least": 5000, "days": 7},
    },
    Game,
)
SCRATCH_CODE = "golden-leaves"
SCRATCH = msgspec.convert(
    {
        "names": said("Golden leaves", "Zelta lapas", "Золотые листья", "Kuldsed lehed", "Arany levelek"),
        "texts": said(
            "One card a week is yours, and one more for each purchase from 30 euros.",
            "Viena karte nedēļā ir Jūsu, un vēl viena par katru pirkumu no 30 eiro.",
            "Одна карточка в неделю – Ваша, и ещё одна за каждую покупку от 30 евро.",
            "Üks kaart nädalas on Teie oma ja veel üks iga ostu eest alates 30 eurost.",
            "Hetente egy kártya az Öné, és még egy minden 30 eurós vásárlás után.",
        ),
        "face": "scratch",
        "fields": [
            _field(
                "none",
                55,
                said("A dry leaf", "Sausa lapa", "Сухой лист", "Kuiv leht", "Száraz levél"),
                {"nothing": True},
            ),
            _field("five", 30, said("5 points", "5 punkti", "5 баллов", "5 punkti", "5 pont"), _points(5)),
            _field(
                "coffee",
                12,
                said("A free coffee", "Kafija bez maksas", "Кофе бесплатно", "Tasuta kohv", "Ingyenes kávé"),
                {"voucher": {"batch": vouchers.FREE_COFFEE}},
                stock=300,
                stock_per_day=20,
            ),
            _field(
                "trip",
                3,
                said(
                    "15 % off one shopping trip",
                    "−15 % vienam pirkumam",
                    "−15 % на одну покупку",
                    "−15 % ühelt ostult",
                    "−15 % egy vásárlásra",
                ),
                {"voucher": {"batch": vouchers.TRIP}},
                stock=50,
                stock_per_day=5,
            ),
        ],
        "consolation": "five",
        "free": {"most": 1, "period": "week"},
        "credit": {"least": 3000, "days": 14},
    },
    Game,
)


def _draw(names: dict[str, str], begins: datetime, ends: datetime, **more: Any) -> Lottery:
    return msgspec.convert(
        {
            "names": names,
            "entries_from": begins,
            "entries_until": ends,
            "draws_at": ends + DAY / 2,
            "price": {"currency": "PTS", "amount": 20},
            "most": 10,
            "ranks": [
                {
                    "names": said("1,000 points", "1000 punkti", "1000 баллов", "1000 punkti", "1000 pont"),
                    "prize": _points(1000),
                },
                {
                    "names": said("100 points", "100 punkti", "100 баллов", "100 punkti", "100 pont"),
                    "prize": _points(100),
                    "count": 3,
                },
            ],
            **more,
        },
        Lottery,
    )


async def load(
    database: Database, known: KnownPrograms, cards: Sequence[str], first: Request, caller: Caller
) -> None:
    """Enter the games and let some members play; repeated, it changes nothing. `first`: as what requests look."""

    def request(name: str, at: datetime = first.at) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, name), at=at)

    ready = await known.fresh(first.program)
    at, program = first.at, first.program
    await put_game(database, ready, "amber-wheel", WHEEL, "demo", at)
    await put_game(database, ready, SCRATCH_CODE, SCRATCH, "demo", at)
    autumn = said("Autumn draw", "Rudens izloze", "Осенний розыгрыш", "Sügisloosimine", "Őszi sorsolás")
    winter = said("Winter draw", "Ziemas izloze", "Зимний розыгрыш", "Talveloosimine", "Téli sorsolás")
    async with database.transaction(program) as tx:
        there = {one.code: one.drawn_at for one in await tickets.every(tx, program)}
    if there.get("autumn") is not None:
        return  # all of it was loaded: who had too few points for a ticket then would buy one now
    if "autumn" not in there:
        held = _draw(autumn, then(at, 20), then(at, 2))
        await put_draw(database, ready, "autumn", held, "demo", then(at, 20))
    if "winter" not in there:
        open_one = _draw(winter, then(at, 1), then(at, -20), purchases={"amount": 2000, "most": 5})
        await put_draw(database, ready, "winter", open_one, "demo", at)
    spender = Spender(caller, "demo", vouched=True)
    for n, member in enumerate(await members_of(database, program, cards[:PLAYERS])):
        await _play(database, ready, member, n, request, spender, then(at, 9, 18))
    await hold_draw(database, ready, "autumn", "demo", at)


async def _play(
    database: Database, known: Known, member: UUID, n: int, request: Any, spender: Spender, earlier: datetime
) -> None:
    """What one of the members does: a turn of the wheel, tickets, a card that she scratches."""
    gift = NewTicket("autumn", 1 + n % 3, given=True)
    acts = [
        play_game(database, known, request(f"spin/{n}"), spender, member, NewPlay("amber-wheel"), "en"),
        buy_tickets(database, known, request(f"gift/{n}", earlier), spender, member, gift),
        buy_tickets(database, known, request(f"ticket/{n}"), spender, member, NewTicket("winter", 1 + n % 2)),
    ]
    if n:  # the first member's card waits for whoever tries the demo as her
        card = NewPlay(SCRATCH_CODE)
        acts.append(play_game(database, known, request(f"scratch/{n}"), spender, member, card, "en"))
    for act in acts:
        try:
            await act
        except Conflict:  # she has not that many points
            continue
