"""The demo's challenges: what members of the chain are asked to do these weeks; its receipts count for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from regulars.cli.demo.holders import member_of, said
from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.quest_progress import put_nickname
from regulars.flows.quests import put_badge, put_quest
from regulars.games.badges import BadgeDocument
from regulars.games.quests import QuestDocument

POINTS = "PTS"
NICKNAMES = ("Vega 12", "Berry Picker", "Orion 7", "Sea Breeze", "Lyra 31", "Night Owl")


BADGES: dict[str, dict[str, Any]] = {
    "explorer": {
        "names": said("Explorer", "Pētnieks", "Исследователь", "Avastaja", "Felfedező"),
        "texts": said(
            "Knows the whole shop", "Pazīst visu veikalu", "Знает весь магазин", "Tunneb kogu poodi",
            "Ismeri az egész boltot",
        ),
        "icon": "map",
    },
    "regular": {
        "names": said("Regular", "Pastāvīgais viesis", "Завсегдатай", "Püsikülaline", "Törzsvendég"),
        "texts": said(
            "Four weeks in a row", "Četras nedēļas pēc kārtas", "Четыре недели подряд", "Neli nädalat järjest",
            "Négy hét egymás után",
        ),
        "icon": "flame",
    },
}  # fmt: skip
QUESTS: dict[str, tuple[int, dict[str, Any]]] = {
    "around-the-shop": (
        21,
        {
            "names": said(
                "Around the shop", "Apkārt veikalam", "Вокруг магазина", "Ring ümber poe", "Körbe a boltban"
            ),
            "texts": said(
                "Try eight departments within two weeks.", "Divās nedēļās pamēģiniet astoņas nodaļas.",
                "Попробуйте восемь отделов за две недели.", "Proovige kahe nädala jooksul kaheksat osakonda.",
                "Két hét alatt próbáljon ki nyolc részleget.",
            ),
            "goal": {"kind": "set", "of": "categories", "need": 8},
            "window": "days",
            "days": 14,
            "steps": [{"at": 4, "prizes": [{"points": {"currency": POINTS, "amount": 20}}]}],
            "prizes": [{"points": {"currency": POINTS, "amount": 150}}, {"badge": "explorer"}],
            "icon": "map",
        },
    ),
    "four-weeks": (
        42,
        {
            "names": said(
                "Four weeks in a row", "Četras nedēļas pēc kārtas", "Четыре недели подряд", "Neli nädalat järjest",
                "Négy hét egymás után",
            ),
            "texts": said(
                "One week may be missing.", "Viena nedēļa drīkst izpalikt.", "Одну неделю можно пропустить.",
                "Üks nädal võib vahele jääda.", "Egy hét kimaradhat.",
            ),
            "goal": {"kind": "streak", "each": "week", "need": 4, "freezes": 1},
            "prizes": [{"badge": "regular"}],
            "icon": "flame",
        },
    ),
    "most-this-month": (
        62,
        {
            "names": said(
                "The month's great baskets", "Mēneša lielie grozi", "Большие корзины месяца", "Kuu suured korvid",
                "A hónap nagy kosarai",
            ),
            "texts": said(
                "Who fills the most? Only who chose a name is shown.",
                "Kurš piepilda visvairāk? Redzami tikai tie, kas izvēlējušies vārdu.",
                "Кто наполнит больше? Видны только те, кто выбрал имя.",
                "Kes täidab kõige rohkem? Näha on vaid need, kes on nime valinud.",
                "Ki tölti meg a legtöbbet? Csak az látszik, aki nevet választott.",
            ),
            "goal": {"kind": "sum", "need": 20_000},
            "window": "month",
            "prizes": [{"points": {"currency": POINTS, "amount": 50}}],
            "leaderboard": True,
            "icon": "trophy",
        },
    ),
}  # fmt: skip
"""By code: for how many days back it counts, and what it says."""


async def load(database: Database, program: Any, until: datetime) -> None:
    """Begin them, before the receipts that count; repeated, it changes nothing."""
    for code, badge in BADGES.items():
        await put_badge(database, program, code, msgspec.convert(badge, BadgeDocument), "demo", until)
    for code, (days, written) in QUESTS.items():
        since = (until - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        document = msgspec.convert({**written, "from": since.isoformat()}, QuestDocument)
        await put_quest(database, program, code, document, "demo", until)


async def name(
    database: Database, programs: KnownPrograms, program: Any, cards: Sequence[str], at: datetime
) -> None:
    """Some members are shown on the board; repeated, it changes nothing."""
    known = await programs.fresh(program)
    for card, nickname in zip(cards, NICKNAMES, strict=False):
        member = await member_of(database, program, card)
        await put_nickname(database, known, member, nickname, at)
