"""What the demo's members do besides buying, in an order in which each finds what it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from regulars import clock
from regulars.cli.demo import (
    activity,
    bottles,
    chain,
    challenges,
    clubs,
    entitlements,
    flights,
    games,
    gift_cards,
    passing,
    prepaid,
    questions,
    referrals,
    rewards,
    tiers,
    vouchers,
)
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.review_tiers import review_tiers
from regulars.programs.model import Caller


class Scene(NamedTuple):
    """Who is there: the members by their cards, since when each, and when the receipts end."""

    database: Database
    known: KnownPrograms
    cards: Sequence[str]
    enrolled_at: Sequence[datetime]
    until: datetime


async def load(scene: Scene, request: Callable[..., Request], caller: Caller) -> None:
    """All of it; repeated, it changes nothing. `request`: makes the request key of a step by its name."""
    database, known, cards, enrolled_at, until = scene
    await challenges.name(database, known, chain.PROGRAM, cards, clock.world())
    await vouchers.load(database, known, request("vouchers", "demo"), caller)
    await rewards.load(database, known, cards, request("rewards", "demo"), caller)
    await gift_cards.load(database, known, cards, request("gift-cards", "demo"), caller)
    await games.load(database, known, cards, request("games", "demo"), caller)
    await questions.load(database, known, cards, request("questions", "demo"), until)
    await clubs.load(database, known, cards, request("clubs", "demo"), caller)
    await referrals.load(database, known, cards, enrolled_at, request)
    await bottles.load(database, known, request("bottles", "demo"))
    await activity.load(database, known, cards, request("activity", "demo"))
    await bottles.enter(database, known, cards, request("bottles", "demo"), caller)
    await flights.load(database, known, cards, request("flights", "demo"))
    await review_tiers(database, known, chain.PROGRAM, clock.world())
    await tiers.load(database, known, cards, request("tiers", "demo"))
    await entitlements.load(database, known, cards, request("entitlements", "demo"))
    await prepaid.load(database, known, cards, request("prepaid", "demo"))
    await passing.load(database, known, cards, request("passing", "demo"), min(enrolled_at))
