"""What a person's export says of challenges: what she joined and how far she came, her badges, prizes and nickname."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.games import badges, quest_book
from regulars.prizes import Prize
from regulars.rewards import prize_book


class ExportedProgress(Struct, frozen=True):
    """How far she came in one window of a challenge; `parts`: what was counted, by what it was."""

    challenge: str
    since: datetime
    until: datetime
    reached: int
    done: int
    parts: dict[str, int]


class ExportedPrize(Struct, frozen=True):
    """What she was given."""

    id: str
    cause: str
    prize: Prize
    given_at: datetime
    taken_at: datetime | None


class ExportedBadge(Struct, frozen=True):
    """A badge that she has."""

    badge: str
    given_at: datetime


class ExportedChallenges(Struct, frozen=True):
    """All of it."""

    nickname: str | None
    joined: dict[str, datetime]
    progress: tuple[ExportedProgress, ...]
    badges: tuple[ExportedBadge, ...]
    prizes: tuple[ExportedPrize, ...]


async def exported(tx: Transaction, program: UUID, everybody: Sequence[UUID]) -> ExportedChallenges:
    """Of a member (the first) and whoever was merged into her."""
    progress = [
        ExportedProgress(one.quest, one.round.since, one.round.until, one.reached, one.whole, one.counts)
        for member in everybody
        for one in await quest_book.standings_of(tx, program, member)
    ]
    return ExportedChallenges(
        await quest_book.name_of(tx, program, everybody[0]),
        await quest_book.entries_of(tx, program, everybody[0]),
        tuple(progress),
        tuple(ExportedBadge(one.badge, one.given_at) for one in await badges.of(tx, program, everybody)),
        tuple(
            ExportedPrize(ids.show("prz", one.id), one.cause, one.prize, one.given_at, one.taken_at)
            for one in await prize_book.of(tx, program, everybody)
        ),
    )
