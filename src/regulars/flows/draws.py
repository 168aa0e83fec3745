"""Keeps a program's lotteries: shows them, changes one by a new revision, calls one off, proves a draw."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.contradictions import Contradicting
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict
from regulars.flows import prizes
from regulars.flows.known_programs import Known
from regulars.games import draws, tickets
from regulars.games.draws import Lottery
from regulars.games.tickets import Drawing, Kept, Winner
from regulars.i18n import N_
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

METHOD = (
    "digest = SHA-256 of the numbers in decimal, one a line; place n from 0 swaps with place n + r, where r is "
    "HMAC-SHA256(seed, 'draw/digest/beacon/n/i') as a whole number, for the first i from 0 whose number lies below the "
    "largest multiple of (tickets - n), modulo that; the first places win"
)


class LotteryView(Struct, frozen=True):
    """A lottery as the operator sees it."""

    code: str
    status: str
    """planned, open, closed (it waits for the draw), drawn or stopped."""
    revision: int
    document: dict[str, Any]
    tickets: int
    """The last number that was given."""
    commitment: str
    """SHA-256 of the seed that decides, in hexadecimal: it was made with the lottery."""
    drawn_at: datetime | None
    created_at: datetime


class Lotteries(Struct, frozen=True):
    """The lotteries of a program, the latest first."""

    items: tuple[LotteryView, ...]
    next: str | None = None


class WinnerView(Struct, frozen=True):
    """A place of the draw: which ticket won what. Nobody is named."""

    place: int
    rank: int
    """Which of the prizes, from 0."""
    ticket: int


class DrawProof(Struct, frozen=True):
    """All that it takes to compute a draw again. Public; it holds numbers of tickets and no personal data."""

    draw: str
    names: dict[str, str]
    prizes: tuple[dict[str, Any], ...]
    """From the first: what they are called, and how many there are."""
    commitment: str
    """Published when the lottery was: SHA-256 of the seed."""
    committed_at: datetime
    seed: str | None
    """Hexadecimal; null: it was not drawn yet."""
    beacon: str
    """A public number that nobody knew before, where the lottery waited for one."""
    tickets: tuple[int, ...]
    """The numbers that took part, in rising order."""
    digest: str
    drawn_at: datetime | None
    winners: tuple[WinnerView, ...]
    method: str


async def list_draws(database: Database, program: UUID, at: datetime) -> Lotteries:
    """`GET /v1/draws`."""
    async with database.transaction(program) as tx:
        return Lotteries(tuple(view(one, at) for one in await tickets.every(tx, program)))


async def read_draw(database: Database, program: UUID, code: str, at: datetime) -> LotteryView:
    """One lottery. Raises NotFound."""
    async with database.transaction(program) as tx:
        return view(await found(tx, program, code), at)


async def put_draw(
    database: Database, known: Known, code: str, document: Lottery, by: str, at: datetime
) -> LotteryView:
    """Make a lottery, which commits to its seed, or change it; the same again changes nothing.

    Raises Contradiction; StateConflict where there are tickets and more than its texts would change, and where it was
    drawn or called off.
    """
    program, secret = known.program.id, known.vault.keyring.secret

    async def work(tx: Transaction) -> LotteryView:
        await registry.current(tx, program)  # locks it: two changes at once are two revisions
        await require_sense(tx, await reading.load(tx, program), code, document)
        before = await tickets.find(tx, program, code)
        if before is None:
            await tickets.create(tx, program, secret, code, document, at, by)
        elif before.document == document:
            return view(before, at)
        else:
            if before.drawn_at is not None or before.stopped_at is not None:
                raise StateConflict("This lottery is over.")
            if not draws.only_words_differ(before.document, document):
                # Tickets wait for the row that this locks; what was given before is seen after it.
                await tickets.revise(tx, program, code, document, at, by)
                if (await found(tx, program, code)).tickets:
                    raise StateConflict("There are tickets already: only texts can be changed now.")
            else:
                await tickets.revise(tx, program, code, document, at, by)
        was = {} if before is None else msgspec.to_builtins(before.document)
        change = Change("draw.changed", code, *trail.difference(was, msgspec.to_builtins(document)))
        await trail.record(tx, program, change, at)
        return view(await found(tx, program, code), at)

    return await database.run(program, work)


async def read_proof(database: Database, program: UUID, code: str) -> DrawProof:
    """What is public of a lottery, and once it was drawn all that it takes to draw it again. Raises NotFound."""
    async with database.transaction(program) as tx:
        one = await found(tx, program, code)
        drawing = await tickets.drawing(tx, program, code)
        won = await tickets.winners(tx, program, code) if drawing else []
    return _proof(one, drawing, won)


async def require_sense(tx: Transaction, program: Program, code: str, document: Lottery) -> None:
    """Raises Contradiction with all its sentences."""
    currencies = {code: currency.kind for code, currency in program.currencies.items()}
    against = draws.contradictions(document, program.languages, currencies, program.partners)
    for place, rank in enumerate(document.ranks):
        if rank.prize.tickets is not None and rank.prize.tickets.draw == code:
            pointer = f"/ranks/{place}/prize/tickets/draw"
            against.append(Contradicting(pointer, N_("A draw cannot give tickets of itself.")))
    offered = {f"/ranks/{place}/prize": rank.prize for place, rank in enumerate(document.ranks)}
    await prizes.require_sense(tx, program, against, offered)


async def found(tx: Transaction, program: UUID, code: str) -> Kept:
    """The lottery of that code. Raises NotFound."""
    one = await tickets.find(tx, program, code)
    if one is None:
        raise NotFound("There is no such draw in this program.")
    return one


def status_of(one: Kept, at: datetime) -> str:
    """planned, open, closed, drawn or stopped."""
    if one.drawn_at is not None:
        return "drawn"
    if one.stopped_at is not None:
        return "stopped"
    if one.document.open_at(at):
        return "open"
    return "closed" if at >= one.document.entries_until else "planned"


def view(one: Kept, at: datetime) -> LotteryView:
    """A lottery as it is answered."""
    return LotteryView(
        one.code,
        status_of(one, at),
        one.revision,
        msgspec.to_builtins(one.document),
        one.tickets,
        one.commitment.hex(),
        one.drawn_at,
        one.created_at,
    )


def _proof(one: Kept, drawing: Drawing | None, won: list[Winner]) -> DrawProof:
    return DrawProof(
        draw=one.code,
        names=one.document.names,
        prizes=tuple({"names": rank.names, "count": rank.count} for rank in one.document.ranks),
        commitment=one.commitment.hex(),
        committed_at=one.created_at,
        seed=drawing.seed.hex() if drawing else None,
        beacon=drawing.beacon if drawing else "",
        tickets=drawing.numbers if drawing else (),
        digest=drawing.digest if drawing else "",
        drawn_at=drawing.drawn_at if drawing else None,
        winners=tuple(WinnerView(winner.place, winner.rank, winner.number) for winner in won),
        method=METHOD,
    )
