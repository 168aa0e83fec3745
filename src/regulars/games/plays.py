"""Keeps games of chance: their revisions, the seeds that decide them, what is left of the prizes, and every play."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int4s, texts, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.games import fairness
from regulars.games.chances import SEEDS, Field, Game, PayWay
from regulars.periods import EVER

SQL = queries.load("regulars.games", "plays.sql")
GAMES_MAX = 500
"""Games that a program may have and still be read whole."""
UNCOUNTED = 2**62
"""Of a field without stock: so many are never given."""
_decoder = msgspec.json.Decoder(Game)


class Kept(Struct, frozen=True):
    """A game by its newest revision."""

    code: str
    revision: int
    document: Game
    stopped_at: datetime | None
    created_at: datetime
    seed: int
    """Which of its seeds decides now."""
    plays: int


class Seed(Struct, frozen=True):
    """What decides plays, or has decided them."""

    n: int
    commitment: bytes
    plays: int
    opened_at: datetime
    day: date | None
    revealed: bytes | None
    closed_at: datetime | None


class Drawn(Struct, frozen=True):
    """The number of a play under a seed, and the seed: it is not told before it is revealed."""

    seed: int
    number: int
    secret: bytes


class Play(Struct, frozen=True):
    """A play: a fact."""

    id: UUID
    member: UUID
    pool: UUID
    game: str
    revision: int
    seed: int
    number: int
    """Of the plays that the seed decided, from 1."""
    roll: int
    landed: str
    given: str
    """The field whose prize was given: another one where there was none left."""
    paid: PayWay
    currency: str | None
    points: int
    played_at: datetime
    played_by: str


async def create(
    tx: Transaction, program: UUID, secret: bytes, code: str, document: Game, at: datetime, by: str
) -> bool:
    """Publish the first revision, and commit to the first two seeds; False where there is such a game already."""
    if await fetch_one(tx, SQL.create, (program, code, at)) is None:
        return False
    await _freeze(tx, program, code, 1, document, at, by)
    for n in (1, 2):
        await _commit_to(tx, program, secret, code, n, at)
    return True


async def revise(
    tx: Transaction, program: UUID, secret: bytes, code: str, document: Game, at: datetime, by: str
) -> int:
    """Publish the next revision, which begins with a new seed; its number. There is such a game."""
    row = await fetch_one(tx, SQL.revise, (program, code))
    assert row is not None, "it was found before, and games are never taken away"
    await _freeze(tx, program, code, row[0], document, at, by)
    locked = await fetch_one(tx, SQL.lock, (program, code))
    assert locked is not None
    await _advance(tx, program, secret, code, locked[1], at)
    return row[0]


async def stop(tx: Transaction, program: UUID, secret: bytes, code: str, at: datetime) -> bool:
    """Nobody plays it from now on, and its seed is revealed; False: there is none."""
    locked = await fetch_one(tx, SQL.lock, (program, code))
    if locked is None:
        return False
    if locked[2] is None:
        await tx.execute(SQL.stop, (at, program, code))
        await _advance(tx, program, secret, code, locked[1], at)
    return True


async def resume(tx: Transaction, program: UUID, code: str) -> bool:
    """It is played again; False: there is none."""
    return await fetch_one(tx, SQL.stop, (None, program, code)) is not None


async def find(tx: Transaction, program: UUID, code: str) -> Kept | None:
    """A game by its newest revision."""
    row = await fetch_one(tx, SQL.find, (program, code))
    return _kept(row) if row else None


async def every(tx: Transaction, program: UUID) -> list[Kept]:
    """The program's games by code, stopped ones among them; at most 500."""
    return [_kept(row) for row in await fetch_all(tx, SQL.every, (program, GAMES_MAX))]


async def draw(
    tx: Transaction, program: UUID, secret: bytes, kept: Kept, day: date, at: datetime
) -> Drawn | None:
    """The number of the next play, under a seed of this day; None where the game was changed or stopped meanwhile.

    From here to the end of the transaction nobody else plays this game. A seed that is used up, or has decided plays of
    another day, is revealed, and the one that was committed to next takes its place.
    """
    row = await fetch_one(tx, SQL.count, (program, kept.code, kept.revision))
    if row is None:
        return None
    n = row[0]
    asked = {"program": program, "game": kept.code, "day": day, "most": SEEDS}
    found = await fetch_one(tx, SQL.number, {**asked, "n": n})
    if found is None:
        n = await _advance(tx, program, secret, kept.code, n, at)
        found = await fetch_one(tx, SQL.number, {**asked, "n": n})
        assert found is not None, "a seed that was only committed to has decided nothing"
    number, nonce, commitment = found
    return Drawn(n, number, _seed(secret, program, kept.code, n, nonce, commitment))


async def close_ripe(tx: Transaction, program: UUID, secret: bytes, day: date, at: datetime) -> int:
    """Reveal the seeds that have decided plays of a day before this one; how many."""
    ripe = await fetch_all(tx, SQL.ripe, (program, day))
    for code, n in ripe:
        locked = await fetch_one(tx, SQL.lock, (program, code))
        if locked is not None and locked[1] == n:
            await _advance(tx, program, secret, code, n, at)
    return len(ripe)


async def seeds(tx: Transaction, program: UUID, code: str, limit: int) -> list[Seed]:
    """The seeds of a game, the newest first: the first one only committed to, then the one that decides now."""
    return [
        Seed(n, bytes(commitment), plays, opened_at, day, bytes(revealed) if revealed else None, closed_at)
        for n, commitment, plays, opened_at, day, revealed, closed_at in await fetch_all(
            tx, SQL.seeds, (program, code, limit)
        )
    ]


async def take(tx: Transaction, program: UUID, game: str, one: Field, day: int) -> bool:
    """Take one of what stands on a field, of its day and of all; False, and nothing is taken, where there is none."""
    asked = {"program": program, "game": game, "field": one.code}
    most = one.stock or UNCOUNTED
    if await fetch_one(tx, SQL.take, {**asked, "day": EVER, "most": most}) is None:
        return False
    if one.stock_per_day is None:
        return True
    if await fetch_one(tx, SQL.take, {**asked, "day": day, "most": one.stock_per_day}) is not None:
        return True
    await tx.execute(SQL.put_back, {**asked, "day": EVER})
    return False


async def given(
    tx: Transaction, program: UUID, games: Sequence[str], day: int
) -> Mapping[tuple[str, str, int], int]:
    """Of games and their fields: how many were given, on a day and in all (day 0); where none was nothing is there."""
    rows = await fetch_all(tx, SQL.given, {"program": program, "games": texts(games), "day": day})
    return {(game, field, on): count for game, field, on, count in rows}


async def use(tx: Transaction, program: UUID, member: UUID, game: str, period: int, most: int) -> bool:
    """Count a free play; False where there is none left in the period."""
    asked = {"program": program, "home": ids.home(member), "member": member, "game": game}
    return await fetch_one(tx, SQL.use, {**asked, "period": period, "most": most}) is not None


async def used(
    tx: Transaction, program: UUID, member: UUID, games: Sequence[tuple[str, int]]
) -> Mapping[str, int]:
    """Of games, each with a period: how often she has played for nothing in it; of no game nothing is asked."""
    if not games:
        return {}
    asked = {
        "program": program,
        "home": ids.home(member),
        "member": member,
        "games": texts([game for game, _ in games]),
        "periods": int4s([period for _, period in games]),
    }
    return dict(await fetch_all(tx, SQL.used, asked))


async def follow(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> None:
    """A merge: what the duplicate has played for nothing counts for the survivor."""
    asked = {"program": program, "home": ids.home(survivor), "member": survivor}
    await tx.execute(SQL.carry_uses, {**asked, "of_home": ids.home(duplicate), "of": duplicate})


async def part(tx: Transaction, program: UUID, survivor: UUID, duplicate: UUID) -> None:
    """A merge is undone: what the duplicate had played for nothing counts for the survivor no more."""
    asked = {"program": program, "home": ids.home(survivor), "member": survivor}
    await tx.execute(SQL.part_uses, {**asked, "of_home": ids.home(duplicate), "of": duplicate})


async def credit(tx: Transaction, program: UUID, game: str, purchase: UUID, play: UUID) -> bool:
    """Use up the play that a purchase is good for; False where it was played already."""
    values = (program, ids.home(purchase), game, purchase, play)
    return await fetch_one(tx, SQL.credit, values) is not None


async def enter(tx: Transaction, program: UUID, play: Play) -> None:
    """Write a play."""
    fields = [getattr(play, name) for name in Play.__struct_fields__]
    await tx.execute(SQL.enter, (program, ids.home(play.id), *fields))


async def one(tx: Transaction, program: UUID, play: UUID) -> Play | None:
    """A play."""
    row = await fetch_one(tx, SQL.play, (program, ids.home(play), play))
    return Play(*row) if row else None


async def of_members(
    tx: Transaction, program: UUID, members: Sequence[UUID], before: UUID | None, limit: int
) -> list[Play]:
    """What these members played, the latest first."""
    named = {"program": program, "members": uuids(list(members)), "before": before, "limit": limit}
    return [Play(*row) for row in await fetch_all(tx, SQL.of_members, named)]


async def decided(tx: Transaction, program: UUID, code: str, n: int) -> list[tuple[int, int, int, str, str]]:
    """What a seed decided: number of the play, revision, roll, field, and the field whose prize was given."""
    return [tuple(row) for row in await fetch_all(tx, SQL.decided, (program, code, n))]


async def revisions(tx: Transaction, program: UUID, code: str) -> dict[int, Game]:
    """Every revision of a game."""
    return {n: _decoder.decode(text) for n, text in await fetch_all(tx, SQL.revisions, (program, code))}


async def _freeze(
    tx: Transaction, program: UUID, code: str, revision: int, document: Game, at: datetime, by: str
) -> None:
    text = msgspec.json.encode(document).decode()
    await tx.execute(SQL.freeze, (program, code, revision, text, at, by))


async def _commit_to(tx: Transaction, program: UUID, secret: bytes, code: str, n: int, at: datetime) -> None:
    nonce = secrets.token_bytes(fairness.SEED_BYTES)
    seed = derived(secret, program, f"game/{code}/{n}", nonce)
    await tx.execute(SQL.commit_to, (program, code, n, nonce, fairness.commitment(seed), at))


async def _advance(tx: Transaction, program: UUID, secret: bytes, code: str, n: int, at: datetime) -> int:
    """Reveal a seed, let the next one decide, and commit to the one after; the game's row is locked."""
    row = await fetch_one(tx, SQL.nonce, (program, code, n))
    assert row is not None, "a game has the seed that decides it"
    seed = _seed(secret, program, code, n, *row)
    await tx.execute(SQL.reveal, (seed, at, program, code, n))
    await tx.execute(SQL.advance, (program, code, n))
    await _commit_to(tx, program, secret, code, n + 2, at)
    return n + 1


def derived(secret: bytes, program: UUID, name: str, nonce: bytes) -> bytes:
    """A seed: of the installation's secret, which is not in the database, and a nonce, which is by chance."""
    return hmac.digest(secret, b"regulars.seed\n" + program.bytes + f"\n{name}\n".encode() + nonce, "sha256")


def _seed(secret: bytes, program: UUID, code: str, n: int, nonce: bytes, commitment: bytes) -> bytes:
    seed = derived(secret, program, f"game/{code}/{n}", bytes(nonce))
    assert fairness.commitment(seed) == bytes(commitment), "the secret of the installation was exchanged"
    return seed


def _kept(row: Sequence[Any]) -> Kept:
    code, revision, text, *rest = row
    return Kept(code, revision, _decoder.decode(text), *rest)
