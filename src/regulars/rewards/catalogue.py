"""Keeps the catalogue of rewards: each revision frozen when it is published, what there is of them, what is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, int4s, int8s, uuids
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.rewards.model import Revision, Reward

SQL = queries.load("regulars.rewards")
PAGE_MAX = 500
"""Rewards that a catalogue may have and still be read whole."""
_decoder = msgspec.json.Decoder(Reward)


class Stock(Struct, frozen=True):
    """What there is of a reward at one store; under the program's id what there is for all."""

    store: UUID
    supplied: int
    """All that ever came, less what was taken out by hand."""
    remaining: int


class Use(Struct, frozen=True):
    """A counter of a limit: whose, in which period (its first day as yyyymmdd), and the most it may come to."""

    holder: UUID
    period: int
    most: int


async def create(
    tx: Transaction, program: UUID, reward: UUID, document: Reward, at: datetime, by: str
) -> None:
    """Publish the first revision of a new reward."""
    await tx.execute(SQL.create, (program, reward, at))
    await _freeze(tx, program, reward, 1, document, at, by)


async def revise(
    tx: Transaction, program: UUID, reward: UUID, document: Reward, at: datetime, by: str
) -> int | None:
    """Publish the next revision; its number, None where there is no such reward."""
    row = await fetch_one(tx, SQL.revise, (program, reward))
    if row is None:
        return None
    await _freeze(tx, program, reward, row[0], document, at, by)
    return row[0]


async def stop(tx: Transaction, program: UUID, reward: UUID, at: datetime) -> bool:
    """Nobody claims it any more; what was claimed stands. False: there is none."""
    return await fetch_one(tx, SQL.stop, (at, program, reward)) is not None


async def resume(tx: Transaction, program: UUID, reward: UUID) -> bool:
    """It may be claimed again."""
    return await fetch_one(tx, SQL.resume, (program, reward)) is not None


async def find(tx: Transaction, program: UUID, reward: UUID, revision: int | None = None) -> Revision | None:
    """A reward by its newest revision, or by another one."""
    row = await fetch_one(tx, SQL.find, (revision, program, reward))
    return _revision(row) if row else None


async def revisions(
    tx: Transaction, program: UUID, wanted: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], Revision]:
    """These revisions (reward, number)."""
    asked = sorted(set(wanted))
    columns = (uuids([reward for reward, _ in asked]), int4s([number for _, number in asked]))
    rows = await fetch_all(tx, SQL.revisions, (program, *columns)) if asked else []
    found = [_revision(row) for row in rows]
    return {(one.id, one.number): one for one in found}


async def page(
    tx: Transaction, program: UUID, after: UUID | None, limit: int, *, standing: bool = False
) -> list[Revision]:
    """Rewards in the order they were made; `standing`: only those that were not stopped."""
    named = {"program": program, "after": after, "limit": limit, "standing": standing}
    return [_revision(row) for row in await fetch_all(tx, SQL.page, named)]


async def supply(tx: Transaction, program: UUID, reward: UUID, store: UUID, more: int) -> Stock | None:
    """Raise a stock, or (below zero) lower it; None where there are fewer than are to be taken out."""
    if more >= 0:
        row = await fetch_one(tx, SQL.supply, (program, reward, store, more))
    else:
        named = {"program": program, "reward": reward, "store": store, "less": -more}
        row = await fetch_one(tx, SQL.withdraw, named)
    return Stock(store, *row) if row else None


async def stocks(tx: Transaction, program: UUID, rewards: Iterable[UUID]) -> dict[UUID, list[Stock]]:
    """What there is of these rewards, by store."""
    found: dict[UUID, list[Stock]] = {}
    for reward, *stock in await fetch_all(tx, SQL.stocks, (program, uuids(list(rewards)))):
        found.setdefault(reward, []).append(Stock(*stock))
    return found


async def take(tx: Transaction, program: UUID, reward: UUID, store: UUID, quantity: int) -> bool:
    """Take from a stock; False, and nothing is taken, where there is too little."""
    named = {"program": program, "reward": reward, "store": store, "quantity": quantity}
    return await fetch_one(tx, SQL.take_stock, named) is not None


async def put_back(tx: Transaction, program: UUID, reward: UUID, store: UUID, quantity: int) -> None:
    """Give back what was taken."""
    named = {"program": program, "reward": reward, "store": store, "quantity": quantity}
    row = await fetch_one(tx, SQL.return_stock, named)
    assert row is not None, "a stock that was taken from is there"


async def use(tx: Transaction, program: UUID, reward: UUID, quantity: int, uses: Sequence[Use]) -> bool:
    """Count a claim against these limits; False where one of them would be passed: the transaction must end then."""
    if not uses:
        return True
    ordered = sorted(
        uses, key=lambda one: (one.holder == reward, ids.home(one.holder), one.holder, one.period)
    )
    homes, holders = int2s([ids.home(one.holder) for one in ordered]), uuids([one.holder for one in ordered])
    periods, most = int4s([one.period for one in ordered]), int8s([one.most for one in ordered])
    asked = (program, reward, quantity, homes, holders, periods, most, holders, periods, most)
    return len(await fetch_all(tx, SQL.use, asked)) == len(ordered)


async def give_back(
    tx: Transaction, program: UUID, reward: UUID, quantity: int, counters: Iterable[tuple[UUID, int]]
) -> None:
    """Count a claim no more, in these counters (holder, period)."""
    ordered = sorted(counters, key=lambda one: (one[0] == reward, ids.home(one[0]), *one))
    if ordered:
        columns = (
            int2s([ids.home(holder) for holder, _ in ordered]),
            uuids([holder for holder, _ in ordered]),
            int4s([period for _, period in ordered]),
        )
        await tx.execute(SQL.unuse, (program, reward, *columns, quantity))


async def uses(
    tx: Transaction, program: UUID, wanted: Iterable[tuple[UUID, UUID, int]]
) -> Mapping[tuple[UUID, UUID, int], int]:
    """What these counters (reward, holder, period) stand at; one that nobody has used is not there."""
    asked = list(wanted)
    columns = (
        uuids([reward for reward, _, _ in asked]),
        int2s([ids.home(holder) for _, holder, _ in asked]),
        uuids([holder for _, holder, _ in asked]),
        int4s([period for _, _, period in asked]),
    )
    rows = await fetch_all(tx, SQL.uses, (program, *columns)) if asked else []
    return {(reward, holder, period): used for reward, holder, period, used in rows}


async def _freeze(
    tx: Transaction, program: UUID, reward: UUID, revision: int, document: Reward, at: datetime, by: str
) -> None:
    text = msgspec.json.encode(document).decode()
    await tx.execute(SQL.freeze, (program, reward, revision, text, at, by))


def _revision(row: Sequence[Any]) -> Revision:
    reward, number, text, *rest = row
    return Revision(reward, number, _decoder.decode(text), *rest)
