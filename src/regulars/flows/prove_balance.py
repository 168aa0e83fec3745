"""Proves a member's balance: her movements, what each was hashed over, and its way up to a sealed block. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Database, Transaction, fetch_all, fetch_one
from regulars.flows import seal_ledger
from regulars.flows.read_member import CurrencyBalance, balance_of, member_of
from regulars.flows.read_statement import BEGINNING, END
from regulars.ledger import statement
from regulars.ledger.model import PostingKind
from regulars.ledger.seal import Block, Key, inclusion_path, plain
from regulars.ledger.statement import Movement
from regulars.programs.model import Program

SQL = queries.load("regulars.flows", "prove_balance.sql")
MOVEMENTS_MAX = 2000
LEAVES_MAX = 400_000
"""Leaves that are read for the ways to the roots; what lies in older blocks is listed without its way."""
HOW = (
    "leaf = SHA-256(0x00, JSON of ['posting', *fields]); node = SHA-256(0x01, left, right), as in RFC 6962; "
    "block hash = SHA-256(0x02, JSON of the header's fields in this order). Instants are microseconds since 1970, "
    "bytes hexadecimal digits."
)


class ProvedMovement(Struct, frozen=True):
    """A movement of the account, and its way from its leaf to the root of its block."""

    posting: str
    kind: PostingKind
    effective_at: datetime
    currency: str
    change: int
    balance: int
    """All points after it."""
    fields: list[Any]
    """What its leaf is hashed over: a posting of several accounts names them by number only."""
    leaf: str | None = None
    place: int | None = None
    block: int | None = None
    """None: it is not sealed yet."""
    path: tuple[str, ...] | None = None
    """None: not sealed yet, or in a block too long ago."""


class ProvedBlock(Struct, frozen=True):
    """A block's header and its hash."""

    height: int
    header: dict[str, Any]
    hash: str


class BalanceProof(Struct, frozen=True):
    """What a member may show to anybody who is to check her balance."""

    format: str
    how: str
    program: str
    account: str
    at: datetime
    balances: tuple[CurrencyBalance, ...]
    movements: tuple[ProvedMovement, ...]
    """The newest first."""
    complete: bool
    """Whether these are all movements there ever were, each with its way."""
    blocks: tuple[ProvedBlock, ...]
    head: ProvedBlock | None
    """The last block of the chain: kept elsewhere, it shows that the chain was not made anew."""


async def prove_balance(database: Database, program: Program, member: UUID, at: datetime) -> BalanceProof:
    """The proof of the account that a member buys on. Raises NotFound."""
    async with database.transaction(program.id, analytical=True) as tx:
        found = await member_of(tx, program, member)
        pool = found.pool
        balance = await balance_of(tx, program, pool, at)
        movements, whole = await _movements(tx, program.id, pool)
        keys: list[Key] = [("posting", ids.home(m.posting), m.posting) for m in movements]
        fields = await seal_ledger.posting_fields(tx, program.id, list(dict.fromkeys(keys)))
        places = await _places(tx, program.id, keys)
        ways, blocks = await _ways(tx, program.id, places)
        head = await seal_ledger.last_block(tx, program.id)
    shown = tuple(_shown(m, fields[key], places, ways) for m, key in zip(movements, keys, strict=True))
    return BalanceProof(
        format="regulars-balance-proof/1",
        how=HOW,
        program=ids.show("prg", program.id),
        account=ids.show("acc", pool),
        at=at,
        balances=balance.currencies,
        movements=shown,
        complete=whole and all(one.path is not None for one in shown),
        blocks=tuple(_block(blocks[height]) for height in sorted(blocks)),
        head=_block(head) if head else None,
    )


async def _movements(tx: Transaction, program: UUID, pool: UUID) -> tuple[list[Movement], bool]:
    """The newest movements, and whether these are all."""
    found: list[Movement] = []
    cursor = None
    while len(found) < MOVEMENTS_MAX:
        part = await statement.statement(
            tx, program, ids.home(pool), pool, since=BEGINNING, until=END, currency=None, cursor=cursor,
            limit=statement.LIMIT_MAX,
        )  # fmt: skip
        found += part.items
        cursor = part.next
        if cursor is None:
            return found, True
    return found, False


async def _places(tx: Transaction, program: UUID, keys: Sequence[Key]) -> dict[UUID, tuple[int, int]]:
    """Posting → height and place; those that are sealed."""
    asked = (arrays.int2s([home for _, home, _ in keys]), arrays.uuids([fact for _, _, fact in keys]))
    rows = await fetch_all(tx, SQL.places, (*asked, program))
    return {fact: (height, place) for _, fact, height, place in rows}


async def _ways(
    tx: Transaction, program: UUID, places: dict[UUID, tuple[int, int]]
) -> tuple[dict[UUID, tuple[str, tuple[str, ...]]], dict[int, Block]]:
    """Posting → leaf and way, the newest blocks first as far as LEAVES_MAX reaches; and their blocks."""
    inside: dict[int, list[tuple[UUID, int]]] = {}
    for posting, (height, place) in places.items():
        inside.setdefault(height, []).append((posting, place))
    ways: dict[UUID, tuple[str, tuple[str, ...]]] = {}
    blocks: dict[int, Block] = {}
    read = 0
    for height in sorted(inside, reverse=True):
        if read >= LEAVES_MAX:
            break
        row = await fetch_one(tx, seal_ledger.SQL.block, (program, height))
        assert row is not None, "a member's block is there"
        blocks[height] = seal_ledger.block_of(row)
        leaves = [bytes(leaf) for *_, leaf in await fetch_all(tx, seal_ledger.SQL.members, (program, height))]
        read += len(leaves)
        for posting, place in inside[height]:
            path = tuple(one.hex() for one in inclusion_path(leaves, place))
            ways[posting] = leaves[place].hex(), path
    return ways, blocks


def _shown(
    movement: Movement,
    fields: list[Any],
    places: dict[UUID, tuple[int, int]],
    ways: dict[UUID, tuple[str, tuple[str, ...]]],
) -> ProvedMovement:
    height, place = places.get(movement.posting, (None, None))
    leaf, path = ways.get(movement.posting, (None, None))
    return ProvedMovement(
        posting=ids.show("pst", movement.posting),
        kind=movement.kind,
        effective_at=movement.effective_at,
        currency=movement.currency,
        change=movement.change,
        balance=movement.balance,
        fields=plain(fields),
        leaf=leaf,
        place=place,
        block=height,
        path=path,
    )


def _block(block: Block) -> ProvedBlock:
    header = {name: plain(getattr(block.header, name)) for name in block.header.__struct_fields__}
    return ProvedBlock(block.header.height, header, block.hash.hex())
