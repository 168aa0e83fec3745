"""Decides how facts are sealed and whether a seal is whole: leaves, Merkle trees, blocks, proofs. Pure.

Trees are those of RFC 6962 §2.1 (leaves are hashed behind a 0x00, nodes behind a 0x01), block headers behind
a 0x02; each block names the hash of the one before. A leaf is a hash over what cannot change of a fact, in a
fixed order, without what people typed (`actor`, `reason`): it holds no personal data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

FactKind = Literal[
    "posting", "purchase", "confirmation", "voiding", "return", "consent", "consent_confirmation", "claim", "witness"
]  # fmt: skip
Key = tuple[FactKind, int, UUID]
"""A fact: its kind, home and id (of the purchase where the fact has none of its own)."""

GENESIS = bytes(32)
EMPTY_ROOT = sha256(b"").digest()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Header(Struct, frozen=True):
    """What the hash of a block stands for. Facts of transactions from `xid_from` until before `xid_until`."""

    program: UUID
    height: int
    epoch: int
    xid_from: int
    xid_until: int
    members: int
    root: bytes
    previous: bytes
    sealed_at: datetime


class Block(Struct, frozen=True):
    """A header and the hash it was sealed with."""

    header: Header
    hash: bytes


class Member(Struct, frozen=True, gc=False):
    """A fact's place in a block and the leaf it was sealed with."""

    place: int
    key: Key
    leaf: bytes


class Proof(Struct, frozen=True):
    """That a fact is in a block: its leaf, the hashes beside its way to the root, and the block."""

    key: Key
    leaf: bytes
    place: int
    path: tuple[bytes, ...]
    block: Block


class Broken(Struct, frozen=True):
    """What does not agree: the block, the fact where it is one, and a sentence."""

    height: int
    what: str
    fact: Key | None = None


class HeldUp(Struct, frozen=True):
    """A transaction open for more than a minute keeps facts from being sealed."""

    since: datetime
    """When the oldest of these facts was recorded."""
    process: int | None
    """The server process that has it open, where the server says so."""


class Report(Struct, frozen=True):
    """The outcome of a verification; `broken` is in the order of the chain."""

    blocks: int
    facts: int
    head: bytes
    """The hash of the last block. Kept elsewhere, it also proves that the chain was not made anew."""
    broken: tuple[Broken, ...]
    unsealed: int
    """Facts that the next sealing will take."""
    held_up: HeldUp | None

    @property
    def whole(self) -> bool:
        """Whether everything agrees."""
        return not self.broken


def leaf_of(kind: FactKind, fields: Sequence[Any]) -> bytes:
    """The leaf of a fact: SHA-256 over 0x00 and the JSON array of its kind and fields."""
    return sha256(b"\x00" + _canonical([kind, *fields])).digest()


def block_hash(header: Header) -> bytes:
    """SHA-256 over 0x02 and the JSON array of the header's fields."""
    fields = [getattr(header, name) for name in header.__struct_fields__]
    return sha256(b"\x02" + _canonical(fields)).digest()


def next_block(
    program: UUID,
    previous: Block | None,
    leaves: Sequence[bytes],
    xid_until: int,
    sealed_at: datetime,
    *,
    new_epoch: bool = False,
) -> Block:
    """The block that follows. One that begins an epoch has no members and counts transactions from zero."""
    epoch = previous.header.epoch if previous else 1
    header = Header(
        program=program,
        height=previous.header.height + 1 if previous else 1,
        epoch=epoch + 1 if new_epoch else epoch,
        xid_from=0 if new_epoch or previous is None else previous.header.xid_until,
        xid_until=0 if new_epoch else xid_until,
        members=len(leaves),
        root=merkle_root(leaves),
        previous=previous.hash if previous else GENESIS,
        sealed_at=sealed_at,
    )
    return Block(header, block_hash(header))


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (RFC 6962 §2.1)."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    split = _split(len(leaves))
    return _node(merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def inclusion_path(leaves: Sequence[bytes], place: int) -> tuple[bytes, ...]:
    """The hashes beside the way from a leaf to the root, from the leaf up (RFC 6962 §2.1.1)."""
    if len(leaves) <= 1:
        return ()
    split = _split(len(leaves))
    if place < split:
        return (*inclusion_path(leaves[:split], place), merkle_root(leaves[split:]))
    return (*inclusion_path(leaves[split:], place - split), merkle_root(leaves[:split]))


def proves(proof: Proof) -> bool:
    """Whether a proof holds in itself: the leaf leads to the root, the root stands in the block's hash."""
    header = proof.block.header
    if not 0 <= proof.place < header.members:
        return False
    root = _climb(proof.leaf, proof.place, header.members, list(proof.path))
    return root == header.root and block_hash(header) == proof.block.hash


def verify_block(
    previous: Block | None, block: Block, members: Sequence[Member], leaves: Mapping[Key, bytes]
) -> list[Broken]:
    """What does not agree in one block; `leaves` are computed anew from the facts that are there."""
    height = block.header.height
    broken = []
    for member in members:
        leaf = leaves.get(member.key)
        if leaf is None:
            broken.append(Broken(height, "a sealed fact is gone", member.key))
        elif leaf != member.leaf:
            broken.append(Broken(height, "a sealed fact was changed", member.key))
    if [member.place for member in members] != list(range(block.header.members)):
        broken.append(Broken(height, "the block's list of members was changed"))
    if merkle_root([member.leaf for member in members]) != block.header.root:
        broken.append(Broken(height, "the members do not lead to the block's root"))
    if block_hash(block.header) != block.hash:
        broken.append(Broken(height, "the block's header was changed"))
    if block.header.previous != (previous.hash if previous else GENESIS):
        broken.append(Broken(height, "the block does not follow the one before"))
    if block.header.height != (previous.header.height + 1 if previous else 1):
        broken.append(Broken(height, "the block before is missing"))
    return broken


def _canonical(fields: Sequence[Any]) -> bytes:
    return msgspec.json.encode([plain(field) for field in fields])


def plain(field: Any) -> Any:
    """A field as it stands in the JSON that is hashed: instants in microseconds since 1970, bytes as hex digits."""
    if isinstance(field, datetime):
        return (field - _EPOCH) // _MICROSECOND
    if isinstance(field, bytes):
        return field.hex()
    if isinstance(field, list | tuple):
        return [plain(part) for part in field]
    return field


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _climb(leaf: bytes, place: int, count: int, path: list[bytes]) -> bytes | None:
    if count == 1:
        return leaf if not path else None
    if not path:
        return None
    beside = path.pop()
    split = _split(count)
    if place < split:
        below = _climb(leaf, place, split, path)
        return _node(below, beside) if below else None
    below = _climb(leaf, place - split, count - split, path)
    return _node(beside, below) if below else None
