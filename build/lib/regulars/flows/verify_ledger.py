"""Verifies the sealed ledger from its first block, and proves single facts. Reads only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Database, Transaction, fetch_all, fetch_one
from regulars.flows.seal_ledger import (
    ALL_TRANSACTIONS,
    ANY_NUMBER,
    SQL,
    block_of,
    held_up,
    leaves_of,
    unsealed,
)
from regulars.ledger.seal import (
    GENESIS,
    Block,
    Broken,
    Key,
    Member,
    Proof,
    Report,
    inclusion_path,
    verify_block,
)

BLOCKS_AT_ONCE = 16


async def verify_ledger(db: Database, program: UUID, at: datetime) -> Report:
    """Compute every leaf, root and hash anew, and look for facts that are missing from a sealed range."""
    async with db.transaction(program, analytical=True) as tx:
        last: Block | None = None
        broken: list[Broken] = []
        blocks = facts = 0
        while rows := await fetch_all(
            tx, SQL.blocks, (program, last.header.height if last else 0, BLOCKS_AT_ONCE)
        ):
            for row in rows:
                block = block_of(row)
                members = await _members(tx, program, block.header.height)
                leaves = await leaves_of(tx, program, [member.key for member in members])
                broken.extend(verify_block(last, block, members, leaves))
                blocks, facts, last = blocks + 1, facts + len(members), block
        sealed_until = last.header.xid_until if last else 0
        waiting = await unsealed(tx, program, 0, ALL_TRANSACTIONS, ANY_NUMBER)
        broken.extend(
            Broken(last.header.height, "a fact is missing from a sealed range", fact.key)
            for fact in waiting
            if last and fact.xid < sealed_until
        )
        return Report(
            blocks=blocks,
            facts=facts,
            head=last.hash if last else GENESIS,
            broken=tuple(broken),
            unsealed=sum(1 for fact in waiting if fact.xid >= sealed_until),
            held_up=await held_up(tx, program, at),
        )


async def prove(db: Database, program: UUID, fact: Key) -> Proof | None:
    """The proof that a fact is sealed, to be checked by anyone with `seal.proves`; None: not sealed yet."""
    kind, home, identifier = fact
    async with db.transaction(program, analytical=True) as tx:
        found = await fetch_one(tx, SQL.place_of, (program, home, identifier, kind))
        if found is None:
            return None
        height, place = found
        row = await fetch_one(tx, SQL.block, (program, height))
        assert row is not None, "a member's block is there"
        leaves = [member.leaf for member in await _members(tx, program, height)]
        return Proof(fact, leaves[place], place, inclusion_path(leaves, place), block_of(row))


async def _members(tx: Transaction, program: UUID, height: int) -> list[Member]:
    rows = await fetch_all(tx, SQL.members, (program, height))
    return [Member(place, (kind, home, fact), leaf) for place, kind, home, fact, leaf in rows]
