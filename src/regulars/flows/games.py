"""Keeps a program's games of chance: shows them, changes one by a new revision, stops it, publishes odds and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import clock
from regulars.db import queries
from regulars.db.arrays import texts
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.errors import NotFound
from regulars.flows import prizes
from regulars.flows.known_programs import Known
from regulars.games import chances, fairness, plays
from regulars.games.chances import SEEDS, Game
from regulars.games.plays import Kept, Seed
from regulars.periods import EVER, number
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

SQL = queries.load("regulars.flows", "games.sql")
SEEDS_SHOWN = 100
METHOD = (
    "play k of a seed: roll = HMAC-SHA256(seed, 'play/k/i') as a whole number, for the first i from 0 whose number "
    "lies below the largest multiple of the sum of weights, modulo that sum; the fields take the rolls in their order, "
    "each as many as its weight"
)


class GameView(Struct, frozen=True):
    """A game of chance as the operator sees it."""

    code: str
    status: str
    """live, stopped, planned or over."""
    revision: int
    document: dict[str, Any]
    plays: int
    given: dict[str, int]
    """Field → how often its prize was given."""
    cost: int
    """Of the prizes so far, minor units of base money."""
    created_at: datetime


class Games(Struct, frozen=True):
    """The games of chance of a program, by code."""

    items: tuple[GameView, ...]
    next: str | None = None


class FieldOdds(Struct, frozen=True):
    """How likely a field is, and what is left of its prize."""

    code: str
    names: dict[str, str]
    weight: int
    odds: str
    """The exact fraction, as `7/10`."""
    percent: str
    left: int | None
    """Of all; null: without an end."""
    left_today: int | None


class SeedView(Struct, frozen=True):
    """What decides plays: its hash before, itself once it decides nothing more. Bytes are hexadecimal."""

    n: int
    commitment: str
    """SHA-256 of the seed."""
    committed_at: datetime
    plays: int
    seed: str | None
    revealed_at: datetime | None


class Odds(Struct, frozen=True):
    """All that is public of a game: its odds, what is left, and by what its plays are decided."""

    game: str
    revision: int
    names: dict[str, str]
    fields: tuple[FieldOdds, ...]
    consolation: str | None
    """The field whose prize is given where there is none left of another: the odds of landing stay as they are."""
    plays_per_seed: int
    method: str
    seeds: tuple[SeedView, ...]
    """The newest first: the next one, the one that decides now, then those that were revealed."""


class DecidedPlay(Struct, frozen=True):
    """A play, without whose it was."""

    number: int
    revision: int
    roll: int
    landed: str
    given: str


class SeedPlays(Struct, frozen=True):
    """What a revealed seed decided, to be computed again."""

    game: str
    seed: SeedView
    weights: dict[int, dict[str, int]]
    """Revision → field → weight, in their order."""
    plays: tuple[DecidedPlay, ...]


async def list_games(database: Database, known: Known, at: datetime) -> Games:
    """`GET /v1/games`."""
    async with database.transaction(known.program.id) as tx:
        return Games(await _views(tx, known.program, await plays.every(tx, known.program.id), at))


async def read_game(database: Database, known: Known, code: str, at: datetime) -> GameView:
    """One game. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        return await _view(tx, known.program, await found(tx, known.program.id, code), at)


async def put_game(
    database: Database, known: Known, code: str, document: Game, by: str, at: datetime
) -> GameView:
    """Make a game or change it by a new revision and seed; the same again changes nothing. Raises Contradiction."""
    program, secret = known.program.id, known.vault.keyring.secret

    async def work(tx: Transaction) -> GameView:
        await registry.current(tx, program)  # locks it: two changes at once are two revisions
        loaded = await reading.load(tx, program)
        await require_sense(tx, loaded, document)
        before = await plays.find(tx, program, code)
        if before is not None and before.document == document:
            return await _view(tx, loaded, before, at)
        if before is None:
            await plays.create(tx, program, secret, code, document, at, by)
        else:
            await plays.revise(tx, program, secret, code, document, at, by)
        was = None if before is None else msgspec.to_builtins(before.document)
        change = Change("game.changed", code, *trail.difference(was or {}, msgspec.to_builtins(document)))
        await trail.record(tx, program, change, at)
        return await _view(tx, loaded, await found(tx, program, code), at)

    return await database.run(program, work)


async def stop_game(
    database: Database, known: Known, code: str, at: datetime, *, stops: bool = True
) -> GameView:
    """Nobody plays it from now on, or (`stops` false) they do again. Raises NotFound."""
    program, secret = known.program.id, known.vault.keyring.secret

    async def work(tx: Transaction) -> GameView:
        turned = (
            await plays.stop(tx, program, secret, code, at)
            if stops
            else await plays.resume(tx, program, code)
        )
        if not turned:
            raise NotFound("There is no such game in this program.")
        await trail.record(tx, program, Change("game.stopped" if stops else "game.resumed", code), at)
        return await _view(tx, known.program, await found(tx, program, code), at)

    return await database.run(program, work)


async def read_odds(database: Database, known: Known, code: str, at: datetime) -> Odds:
    """What is public of a game. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        one = await found(tx, known.program.id, code)
        day = day_of(known.program, at)
        given = await plays.given(tx, known.program.id, [code], day)
        seeds = await plays.seeds(tx, known.program.id, code, SEEDS_SHOWN)
    document = one.document
    return Odds(
        code,
        one.revision,
        document.names,
        tuple(
            FieldOdds(
                field.code,
                field.names,
                field.weight,
                f"{odd.numerator}/{odd.denominator}",
                fairness.percent(odd),
                None if field.stock is None else max(0, field.stock - given.get((code, field.code, EVER), 0)),
                None
                if field.stock_per_day is None
                else max(0, field.stock_per_day - given.get((code, field.code, day), 0)),
            )
            for field, odd in zip(document.fields, document.odds, strict=True)
        ),
        document.consolation,
        SEEDS,
        METHOD,
        tuple(_seed(seed) for seed in seeds),
    )


async def read_seed(database: Database, known: Known, code: str, n: int) -> SeedPlays:
    """What a seed decided. Raises NotFound, also while it decides still: then only its hash is public."""
    program = known.program.id
    async with database.transaction(program) as tx:
        await found(tx, program, code)
        seed = next((one for one in await plays.seeds(tx, program, code, 10**6) if one.n == n), None)
        if seed is None or seed.revealed is None:
            raise NotFound("There is no such seed, or it was not revealed yet.")
        decided = await plays.decided(tx, program, code, n)
        revisions = await plays.revisions(tx, program, code)
    used = {revision for _, revision, *_ in decided}
    weights = {
        revision: {field.code: field.weight for field in game.fields}
        for revision, game in revisions.items()
        if revision in used
    }
    return SeedPlays(code, _seed(seed), weights, tuple(DecidedPlay(*one) for one in decided))


async def close_seeds(database: Database, known: Known, at: datetime) -> int:
    """Reveal the seeds that have decided plays of a day that is over; how many."""
    program, secret = known.program, known.vault.keyring.secret
    day = at.astimezone(clock.zone(program.time_zone)).date()

    async def work(tx: Transaction) -> int:
        return await plays.close_ripe(tx, program.id, secret, day, at)

    return await database.run(program.id, work)


async def require_sense(tx: Transaction, program: Program, document: Game) -> None:
    """Raises Contradiction with all its sentences."""
    currencies = {code: currency.kind for code, currency in program.currencies.items()}
    against = chances.contradictions(document, program.languages, currencies, program.partners)
    offered = {f"/fields/{place}/prize": field.prize for place, field in enumerate(document.fields)}
    await prizes.require_sense(tx, program, against, offered)


async def found(tx: Transaction, program: UUID, code: str) -> Kept:
    """The game of that code. Raises NotFound."""
    one = await plays.find(tx, program, code)
    if one is None:
        raise NotFound("There is no such game in this program.")
    return one


def day_of(program: Program, at: datetime) -> int:
    """The day of an instant in the program's time zone, as yyyymmdd."""
    return number(at.astimezone(clock.zone(program.time_zone)).date())


def status_of(one: Kept, at: datetime) -> str:
    """live, stopped, planned or over."""
    if one.stopped_at is not None:
        return "stopped"
    if one.document.ends_at is not None and at >= one.document.ends_at:
        return "over"
    return "live" if chances.open_at(one.document, at) else "planned"


async def _view(tx: Transaction, program: Program, one: Kept, at: datetime) -> GameView:
    return (await _views(tx, program, [one], at))[0]


async def _views(
    tx: Transaction, program: Program, games: Sequence[Kept], at: datetime
) -> tuple[GameView, ...]:
    """Games with what was given and what that cost: two statements, however many there are."""
    given = await plays.given(tx, program.id, [one.code for one in games], EVER)
    played = [one.code for one in games if one.plays]
    costs: dict[str, int] = {}
    if played:
        costs = dict(await fetch_all(tx, SQL.cost, {"program": program.id, "games": texts(played)}))
    return tuple(
        GameView(
            one.code,
            status_of(one, at),
            one.revision,
            msgspec.to_builtins(one.document),
            one.plays,
            {field.code: given.get((one.code, field.code, EVER), 0) for field in one.document.fields},
            costs.get(one.code, 0),
            one.created_at,
        )
        for one in games
    )


def _seed(one: Seed) -> SeedView:
    return SeedView(
        one.n,
        one.commitment.hex(),
        one.opened_at,
        one.plays,
        one.revealed.hex() if one.revealed else None,
        one.closed_at,
    )
