"""Seals committed facts in blocks: a job, never in the path of a purchase.

A block takes the facts of transactions below the oldest one that is still open: all that those wrote is visible
by then, so nothing can appear behind a block later. A transaction left open stops the sealing and is reported
after a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from msgspec import Struct

from regulars.db import queries
from regulars.db.arrays import byteas, int2s, int4s, texts, uuids
from regulars.db.pool import Database, Transaction, fetch_all, fetch_one
from regulars.ledger.seal import Block, FactKind, Header, HeldUp, Key, leaf_of, next_block

SQL = queries.load("regulars.flows", "seal_ledger.sql")

BLOCK_FACTS_MAX = 4096
"""A block ends with a transaction, so it may hold a few more."""
RUN_FACTS_MAX = 32_768
"""Facts that one transaction seals."""
OPEN_SECONDS_MAX = 60
ALL_TRANSACTIONS = 2**62
ANY_NUMBER = 10**9


class Sealed(Struct, frozen=True):
    """What a run sealed; `busy`: another sealer is at work, nothing was done."""

    blocks: int = 0
    facts: int = 0
    busy: bool = False
    held_up: HeldUp | None = None

    def __bool__(self) -> bool:
        """Whether anything was sealed."""
        return self.blocks > 0


class StillOpen(Exception):
    """An epoch cannot begin while transactions that wrote facts are open; nothing was changed."""


class EpochMissing(Exception):
    """Transaction numbers are lower than those sealed: this is a restored database; begin an epoch first."""


class _Fact(Struct, frozen=True, gc=False):
    key: Key
    xid: int
    recorded_at: datetime


async def seal_ledger(db: Database, program: UUID, at: datetime) -> Sealed:
    """Seal all that can be sealed. `at` is the program's present instant.

    Raises EpochMissing where the database was restored from a dump without `begin_epoch`.
    """
    total = Sealed()
    while True:
        async with db.transaction(program, analytical=True) as tx:
            run, more = await _seal_some(tx, program, at)
        total = Sealed(total.blocks + run.blocks, total.facts + run.facts, run.busy, run.held_up)
        if not more:
            return total


async def begin_epoch(db: Database, program: UUID, at: datetime) -> Block:
    """Seal everything and begin a new epoch: before a backup or a move, and after a restore that had none.

    Raises StillOpen when facts remain that an open transaction keeps from being sealed.
    """
    while True:
        async with db.transaction(program, analytical=True) as tx:
            restored = await _was_restored(tx, program)
        if restored or (await seal_ledger(db, program, at)).busy is False:
            break
    async with db.transaction(program, analytical=True) as tx:
        if not await _try_lock(tx, program):
            raise StillOpen
        last = await last_block(tx, program)
        left = await unsealed(tx, program, 0, ALL_TRANSACTIONS, ANY_NUMBER)
        if left and not restored:
            raise StillOpen
        if left:
            last = await _write_block(tx, program, last, left, last.header.xid_until if last else 0, at)
        marker = next_block(program, last, [], 0, at, new_epoch=True)
        await _insert(tx, marker, [], [])
        return marker


async def last_block(tx: Transaction, program: UUID) -> Block | None:
    """The newest block of a program's chain."""
    row = await fetch_one(tx, SQL.last_block, (program,))
    return block_of(row) if row else None


async def unsealed(tx: Transaction, program: UUID, xid_from: int, xid_until: int, limit: int) -> list[_Fact]:
    """Facts of a range of transactions that are in no block, in the order in which they will be."""
    named = {"program": program, "from": xid_from, "until": xid_until, "limit": limit}
    rows = await fetch_all(tx, SQL.unsealed, named)
    return [_Fact((kind, home, fact), xid, at) for kind, home, fact, xid, at in rows]


async def leaves_of(tx: Transaction, program: UUID, keys: Sequence[Key]) -> dict[Key, bytes]:
    """The leaves of facts, from what is in the tables now; what is not there is left out."""
    leaves = await _posting_leaves(tx, program, keys)
    for kind, query in (
        ("purchase", SQL.purchases),
        ("confirmation", SQL.confirmations),
        ("voiding", SQL.voidings),
        ("return", SQL.returns),
        ("consent", SQL.consents),
        ("consent_confirmation", SQL.consent_confirmations),
        ("claim", SQL.claims),
        ("witness", SQL.witnesses),
    ):
        asked = _asked(keys, kind)
        if asked is not None:
            for home, fact, *fields in await fetch_all(tx, query, (*asked, program)):
                key = (cast("FactKind", kind), home, fact)
                if kind == "consent_confirmation" and fields[-1] is None:
                    del fields[-1]
                leaves[key] = leaf_of(key[0], [program, home, fact, *fields])
    return leaves


async def held_up(tx: Transaction, program: UUID, at: datetime) -> HeldUp | None:
    """The transaction that has kept facts from being sealed for more than a minute, if there is one."""
    xmin = await _snapshot(tx)
    waiting = await unsealed(tx, program, xmin, ALL_TRANSACTIONS, ANY_NUMBER)
    oldest = min((fact.recorded_at for fact in waiting), default=at)
    if at - oldest <= timedelta(seconds=OPEN_SECONDS_MAX):
        return None
    row = await fetch_one(tx, SQL.holder, (xmin,))
    return HeldUp(oldest, row[0] if row else None)


def block_of(row: Sequence[Any]) -> Block:
    """A block from its row."""
    return Block(Header(*row[:9]), row[9])


async def _seal_some(tx: Transaction, program: UUID, at: datetime) -> tuple[Sealed, bool]:
    """What was sealed, and whether there is more."""
    if not await _try_lock(tx, program):
        return Sealed(busy=True), False
    last = await last_block(tx, program)
    xmin = await _snapshot(tx)
    start = last.header.xid_until if last else 0
    if xmin < start:
        raise EpochMissing
    facts = await unsealed(tx, program, start, xmin, RUN_FACTS_MAX)
    more = len(facts) == RUN_FACTS_MAX
    if more:
        # The last transaction of the list may be cut: leave it for the next run; if it is alone, take it whole.
        whole = [fact for fact in facts if fact.xid < facts[-1].xid]
        xmin = facts[-1].xid if whole else facts[-1].xid + 1
        facts = whole or await unsealed(tx, program, start, xmin, ANY_NUMBER)
    blocks = 0
    for part in _blocks(facts):
        until = xmin if part[-1] is facts[-1] else part[-1].xid + 1
        last = await _write_block(tx, program, last, part, until, at)
        blocks += 1
    return Sealed(blocks, len(facts), held_up=None if more else await held_up(tx, program, at)), more


def _blocks(facts: Sequence[_Fact]) -> Iterable[list[_Fact]]:
    """Parts of about BLOCK_FACTS_MAX that never divide a transaction."""
    part: list[_Fact] = []
    for fact in facts:
        if len(part) >= BLOCK_FACTS_MAX and fact.xid != part[-1].xid:
            yield part
            part = []
        part.append(fact)
    if part:
        yield part


async def _write_block(
    tx: Transaction, program: UUID, last: Block | None, facts: Sequence[_Fact], until: int, at: datetime
) -> Block:
    keys = [fact.key for fact in facts]
    found = await leaves_of(tx, program, keys)
    leaves = [found[key] for key in keys]
    block = next_block(program, last, leaves, until, at)
    await _insert(tx, block, keys, leaves)
    return block


async def _insert(tx: Transaction, block: Block, keys: Sequence[Key], leaves: Sequence[bytes]) -> None:
    header = block.header
    fields = [getattr(header, name) for name in header.__struct_fields__]
    await tx.execute(SQL.write_block, (*fields, block.hash))
    if keys:
        columns = (
            int4s(range(len(keys))),
            texts([kind for kind, _, _ in keys]),
            int2s([home for _, home, _ in keys]),
            uuids([fact for _, _, fact in keys]),
            byteas(leaves),
        )
        await tx.execute(SQL.write_members, (header.program, header.height, *columns))


async def posting_fields(tx: Transaction, program: UUID, keys: Sequence[Key]) -> dict[Key, list[Any]]:
    """What the leaves of postings are hashed over, in its order, from what is in the tables now."""
    asked = _asked(keys, "posting")
    if asked is None:
        return {}
    parts: list[dict[tuple[int, UUID], list[Any]]] = []
    for query in (SQL.entries, SQL.draws, SQL.lots):
        of_posting: dict[tuple[int, UUID], list[Any]] = {}
        for home, posting, *fields in await fetch_all(tx, query, (*asked, program)):
            of_posting.setdefault((home, posting), []).append(fields)
        parts.append(of_posting)
    found: dict[Key, list[Any]] = {}
    for home, posting, *fields in await fetch_all(tx, SQL.postings, (*asked, program)):
        lists = [part.get((home, posting), []) for part in parts]
        found["posting", home, posting] = [program, home, posting, *fields, *lists]
    return found


async def _posting_leaves(tx: Transaction, program: UUID, keys: Sequence[Key]) -> dict[Key, bytes]:
    fields = await posting_fields(tx, program, keys)
    return {key: leaf_of("posting", of_posting) for key, of_posting in fields.items()}


def _asked(keys: Sequence[Key], kind: str) -> tuple[Any, Any] | None:
    mine = [key for key in keys if key[0] == kind]
    return (int2s([home for _, home, _ in mine]), uuids([fact for _, _, fact in mine])) if mine else None


async def _try_lock(tx: Transaction, program: UUID) -> bool:
    row = await fetch_one(tx, SQL.try_lock, (program,))
    return bool(row and row[0])


async def _snapshot(tx: Transaction) -> int:
    row = await fetch_one(tx, SQL.snapshot)
    assert row is not None
    return row[0]


async def _was_restored(tx: Transaction, program: UUID) -> bool:
    last = await last_block(tx, program)
    return last is not None and await _snapshot(tx) < last.header.xid_until
