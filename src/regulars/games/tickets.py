"""Keeps lotteries: revisions, every ticket, the draw with which anybody computes the winners again, the winners."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int4s, int8s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.games import fairness, plays
from regulars.games.draws import Lottery

SQL = queries.load("regulars.games", "tickets.sql")
LOTTERIES_MAX = 500
"""Lotteries of a program that are read whole."""
TICKETS_MAX = 1_000_000
UNCOUNTED = 2**62
_decoder = msgspec.json.Decoder(Lottery)


class Kept(Struct, frozen=True):
    """A lottery by its newest revision."""

    code: str
    revision: int
    document: Lottery
    tickets: int
    """The last number that was given."""
    commitment: bytes
    """SHA-256 of the seed."""
    collected: datetime | None
    drawn_at: datetime | None
    stopped_at: datetime | None
    created_at: datetime


class Ticket(Struct, frozen=True):
    """A ticket."""

    id: UUID
    member: UUID
    pool: UUID
    lottery: str
    number: int
    source: str
    currency: str | None
    points: int
    posting: UUID | None
    given_at: datetime
    voided_at: datetime | None


class NewTickets(Struct, frozen=True):
    """Tickets that somebody gets, and for what."""

    member: UUID
    pool: UUID
    count: int
    source: str
    at: datetime
    by: str
    purchase: UUID | None = None
    currency: str | None = None
    points: int = 0
    """Of each."""
    posting: UUID | None = None
    prize: UUID | None = None
    """The prize that they came as."""


class Drawing(Struct, frozen=True):
    """The draw: a fact."""

    revision: int
    seed: bytes
    beacon: str
    tickets: int
    numbers: tuple[int, ...]
    digest: str
    drawn_at: datetime
    drawn_by: str


class Winner(Struct, frozen=True):
    """A ticket that won."""

    place: int
    number: int
    rank: int
    ticket: UUID
    member: UUID
    given_at: datetime | None = None


async def create(
    tx: Transaction, program: UUID, secret: bytes, code: str, document: Lottery, at: datetime, by: str
) -> None:
    """Publish the first revision, and with it the hash of the seed that will decide."""
    nonce = secrets.token_bytes(fairness.SEED_BYTES)
    seed = plays.derived(secret, program, f"draw/{code}", nonce)
    await tx.execute(SQL.create, (program, code, nonce, fairness.commitment(seed), at))
    await _freeze(tx, program, code, 1, document, at, by)


async def revise(tx: Transaction, program: UUID, code: str, document: Lottery, at: datetime, by: str) -> int:
    """Publish the next revision; its number. There is such a lottery."""
    row = await fetch_one(tx, SQL.revise, (program, code))
    assert row is not None, "it was found before, and lotteries are never taken away"
    await _freeze(tx, program, code, row[0], document, at, by)
    return row[0]


async def find(tx: Transaction, program: UUID, code: str) -> Kept | None:
    """A lottery by its newest revision."""
    row = await fetch_one(tx, SQL.find, (program, code))
    return _kept(row) if row else None


async def every(tx: Transaction, program: UUID) -> list[Kept]:
    """The program's lotteries, the latest first; at most 500."""
    return [_kept(row) for row in await fetch_all(tx, SQL.every, (program, LOTTERIES_MAX))]


async def give(tx: Transaction, program: UUID, kept: Kept, new: NewTickets) -> list[int] | None:
    """Give tickets; their numbers. None where the lottery was drawn, changed or called off meanwhile.

    Also None where the member would have more than she may. The transaction must end then.
    """
    counted = {
        "program": program, "home": ids.home(new.member), "member": new.member, "lottery": kept.code,
        "count": new.count, "most": kept.document.most or UNCOUNTED,
    }  # fmt: skip
    if await fetch_one(tx, SQL.count, counted) is None:
        return None
    asked = {"program": program, "code": kept.code, "revision": kept.revision, "count": new.count}
    row = await fetch_one(tx, SQL.number, asked)
    if row is None:
        return None
    numbers = list(range(row[0] - new.count + 1, row[0] + 1))
    home = ids.home(new.member)
    await tx.execute(
        SQL.enter,
        {
            "program": program, "home": home, "member": new.member, "pool": new.pool, "lottery": kept.code,
            "source": new.source, "purchase": new.purchase, "currency": new.currency, "points": new.points,
            "posting": new.posting, "prize": new.prize, "given_at": new.at, "given_by": new.by,
            "ids": uuids([ids.new(home) for _ in numbers]), "numbers": int8s(numbers),
        },
    )  # fmt: skip
    return numbers


async def counted(tx: Transaction, program: UUID, member: UUID, code: str) -> int:
    """How many tickets she has."""
    row = await fetch_one(tx, SQL.counted, (program, ids.home(member), member, code))
    return row[0] if row else 0


async def bring(tx: Transaction, program: UUID, code: str, purchase: UUID, tickets: int) -> bool:
    """Note that a purchase brings its tickets; False where it brought them already."""
    values = (program, ids.home(purchase), code, purchase, tickets)
    return await fetch_one(tx, SQL.bring, values) is not None


async def ticket(tx: Transaction, program: UUID, identifier: UUID) -> Ticket | None:
    """A ticket."""
    row = await fetch_one(tx, SQL.find_ticket, (program, ids.home(identifier), identifier))
    return Ticket(*row) if row else None


async def of_members(
    tx: Transaction, program: UUID, members: Sequence[UUID], code: str | None, limit: int
) -> list[Ticket]:
    """The tickets of these members, the latest first, of a lottery or of all."""
    named = {"program": program, "members": uuids(list(members)), "lottery": code, "limit": limit}
    return [Ticket(*row) for row in await fetch_all(tx, SQL.of_members, named)]


async def of_prize(tx: Transaction, program: UUID, member: UUID, prize: UUID) -> list[Ticket]:
    """The tickets that a member got as a prize and that are not void."""
    rows = await fetch_all(tx, SQL.of_prize, (program, ids.home(member), member, prize))
    return [Ticket(*row) for row in rows]


async def lock(tx: Transaction, program: UUID, code: str) -> Kept | None:
    """A lottery that is neither drawn, changed nor called off before this transaction ends."""
    await tx.execute(SQL.lock, (program, code))
    return await find(tx, program, code)


async def of_lottery(tx: Transaction, program: UUID, code: str) -> list[Ticket]:
    """The tickets of a lottery that are not void, in the order of their numbers; at most a million."""
    return [Ticket(*row) for row in await fetch_all(tx, SQL.of_lottery, (program, code, TICKETS_MAX))]


async def void(
    tx: Transaction,
    program: UUID,
    one: Ticket,
    holder: UUID,
    posting: UUID | None,
    reason: str,
    at: datetime,
    by: str,
) -> bool:
    """It counts no more; False where it was void already, or was drawn. `holder`: whose it is by now, after merges."""
    if await fetch_one(tx, SQL.hold_open, (program, one.lottery)) is None:
        return False
    home = ids.home(one.id)
    if await fetch_one(tx, SQL.void, (program, home, one.id, posting, reason, at, by)) is None:
        return False
    await tx.execute(SQL.uncount, (1, program, ids.home(holder), holder, one.lottery))
    return True


async def follow(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> None:
    """A merge: the duplicate's tickets count among the survivor's."""
    asked = {"program": program, "home": ids.home(survivor), "member": survivor}
    await tx.execute(SQL.carry_counts, {**asked, "of_home": ids.home(duplicate), "of": duplicate})


async def recount(tx: Transaction, program: UUID, member: UUID, aliases: Sequence[UUID]) -> None:
    """After a merge was undone: what a member has are her tickets, and of whoever else was merged into her.

    Her row is locked.
    """
    asked = {"program": program, "home": ids.home(member), "member": member}
    await tx.execute(SQL.recount, {**asked, "whose": uuids([member, *aliases])})


async def collected(tx: Transaction, program: UUID, code: str, revision: int, at: datetime) -> bool:
    """Purchases that were recorded before this instant have brought their tickets; False where another revision counts
    by now, by which they might bring others."""
    return await fetch_one(tx, SQL.collected, (at, program, code, revision)) is not None


async def stop(tx: Transaction, program: UUID, code: str, at: datetime) -> bool:
    """It is called off: nobody gets a ticket, nothing is drawn. False where it was drawn, or there is none."""
    return await fetch_one(tx, SQL.stop, (at, program, code)) is not None


async def say_beacon(tx: Transaction, program: UUID, code: str, by: str, beacon: str, at: datetime) -> None:
    """Note what somebody says the public number is."""
    await tx.execute(SQL.say, (program, code, by, beacon, at))


async def agreed_beacon(tx: Transaction, program: UUID, code: str) -> str | None:
    """The public number that two people say alike, while nobody says another; None: there is none."""
    said = await fetch_all(tx, SQL.said, (program, code))
    return said[0][0] if len(said) == 1 and said[0][1] >= 2 else None


async def close(tx: Transaction, program: UUID, secret: bytes, code: str, at: datetime) -> bytes | None:
    """There are no tickets from now on, and this transaction draws; the seed. None where another one did or it was
    called off."""
    row = await fetch_one(tx, SQL.close, (at, program, code))
    if row is None:
        return None
    nonce, commitment = row
    seed = plays.derived(secret, program, f"draw/{code}", bytes(nonce))
    assert fairness.commitment(seed) == bytes(commitment), "the secret of the installation was exchanged"
    return seed


async def enter(
    tx: Transaction, program: UUID, code: str, drawing: Drawing, winners: Sequence[Winner]
) -> None:
    """Write the draw."""
    numbers = msgspec.json.encode(drawing.numbers).decode()
    values = (
        program, code, drawing.revision, drawing.seed, drawing.beacon, drawing.tickets, numbers, drawing.digest,
        drawing.drawn_at, drawing.drawn_by,
    )  # fmt: skip
    await tx.execute(SQL.drawing, values)
    columns = (
        int4s([one.place for one in winners]),
        int8s([one.number for one in winners]),
        int4s([one.rank for one in winners]),
        uuids([one.ticket for one in winners]),
        uuids([one.member for one in winners]),
    )
    await tx.execute(SQL.win, (program, code, *columns))


async def drawing(tx: Transaction, program: UUID, code: str) -> Drawing | None:
    """The draw of a lottery; None: it was not drawn."""
    row = await fetch_one(tx, SQL.drawn, (program, code))
    if row is None:
        return None
    revision, seed, beacon, count, numbers, *rest = row
    return Drawing(
        revision, bytes(seed), beacon, count, msgspec.json.decode(numbers, type=tuple[int, ...]), *rest
    )


async def winners(tx: Transaction, program: UUID, code: str) -> list[Winner]:
    """Who won, from the first place."""
    return [Winner(*row) for row in await fetch_all(tx, SQL.winners, (program, code))]


async def give_prize(tx: Transaction, program: UUID, code: str, place: int, at: datetime) -> bool:
    """Note that a winner is given her prize; False where she was."""
    return await fetch_one(tx, SQL.give, (program, code, place, at)) is not None


async def _freeze(
    tx: Transaction, program: UUID, code: str, revision: int, document: Lottery, at: datetime, by: str
) -> None:
    text = msgspec.json.encode(document).decode()
    await tx.execute(SQL.freeze, (program, code, revision, text, at, by))


def _kept(row: Sequence[Any]) -> Kept:
    code, revision, text, count, commitment, *rest = row
    return Kept(code, revision, _decoder.decode(text), count, bytes(commitment), *rest)
