"""What a person's export has of games: her plays, her tickets, what she answered but for what was anonymous."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Transaction
from regulars.flows import own_words
from regulars.flows.lottery_tickets import TicketView
from regulars.flows.lottery_tickets import view as ticket_view
from regulars.games import plays, replies, tickets
from regulars.games.plays import Play
from regulars.members.vault import Vault

PLAYS_AT_ONCE = 500
TICKETS_MAX = 100_000


class ExportedPlay(Struct, frozen=True):
    """A turn of a game; what it gave stands in the books."""

    game: str
    landed: str
    given: str
    paid: str
    points: int
    played_at: datetime


class ExportedAnswers(Struct, frozen=True):
    """What she answered in a survey."""

    survey: str
    day: date
    choices: dict[str, list[str]]
    texts: dict[str, str]


class ExportedPart(Struct, frozen=True):
    """That she took part in a survey, anonymous or not."""

    survey: str
    score: int | None
    at: datetime


class ExportedGames(Struct, frozen=True):
    """All that games keep of her, the latest first."""

    plays: tuple[ExportedPlay, ...]
    tickets: tuple[TicketView, ...]
    surveys: tuple[ExportedPart, ...]
    answers: tuple[ExportedAnswers, ...]


async def exported(tx: Transaction, vault: Vault, members: Sequence[UUID]) -> ExportedGames:
    """Of her, and of whoever was merged into her. Raises VaultLocked."""
    program = vault.program
    played: list[Play] = []
    before: UUID | None = None
    while True:
        part = await plays.of_members(tx, program, members, before, PLAYS_AT_ONCE)
        played += part
        if len(part) < PLAYS_AT_ONCE:
            break
        before = part[-1].id
    return ExportedGames(
        tuple(
            ExportedPlay(one.game, one.landed, one.given, one.paid, one.points, one.played_at)
            for one in played
        ),
        tuple(ticket_view(one) for one in await tickets.of_members(tx, program, members, None, TICKETS_MAX)),
        tuple(
            ExportedPart(one.survey, one.score, one.at) for one in await replies.parts(tx, program, members)
        ),
        tuple(
            ExportedAnswers(code, one.day, one.choices, own_words.open_reply(vault, one))
            for code, one in await replies.of_members(tx, program, members)
        ),
    )
