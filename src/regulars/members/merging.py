"""Keeps that two members are one: the duplicate becomes an alias, and what finds her leads to the survivor.

Cards and identifiers stay the alias's and lead on by themselves; only what the survivor takes into her own person, a
phone that she did not have, becomes hers. Everything that went over is remembered, so that a merge can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import outbox, queries
from regulars.db.arrays import byteas, int2s, texts, uuids
from regulars.db.outbox import Note
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.members.description import ATTRIBUTES_MAX
from regulars.members.model import IdentifierKind, Person
from regulars.members.vault import Vault

SQL = queries.load("regulars.members", "merging.sql")


class Went(Struct, frozen=True):
    """What went over with a merge, in the members' tables."""

    identifiers: tuple[IdentifierKind, ...] = ()
    fields: tuple[str, ...] = ()
    """Of the person, beside the identifiers: `name`, `birthday`."""
    attributes: tuple[str, ...] = ()
    """Names of those that only the duplicate had."""
    marks: tuple[tuple[str, str], ...] = ()
    """(kind, name)."""
    aliases: tuple[UUID, ...] = ()
    """Who was merged into the duplicate before."""


class Merge(Struct, frozen=True):
    """A merge that was not undone."""

    id: UUID
    duplicate: UUID
    source: UUID
    """The duplicate's pool."""
    target: UUID
    """The survivor's own."""
    merged_at: datetime
    moved: bytes
    """What went over, as JSON."""


async def alias(
    tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID, *, at: datetime
) -> UUID | None:
    """Let the duplicate lead to the survivor. Her pool; None where she may not be merged."""
    row = await fetch_one(tx, SQL.alias, (survivor, program, ids.home(duplicate), duplicate))
    if row is None:
        return None
    await outbox.note(tx, program, [_told("member.merged", duplicate, survivor, at)])
    return row[0]


async def follow(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID) -> tuple[UUID, ...]:
    """Let who was merged into the duplicate lead to the survivor; who that is."""
    rows = await fetch_all(tx, SQL.follow_aliases, (survivor, program, duplicate))
    return tuple(sorted(row[0] for row in rows))


async def unalias(
    tx: Transaction, program: UUID, merge: Merge, survivor: UUID, went: Went, *, at: datetime
) -> bool:
    """Let the duplicate be herself again, with those who had been merged into her. False: she is no alias of hers."""
    duplicate = merge.duplicate
    if await fetch_one(tx, SQL.unalias, (program, ids.home(duplicate), duplicate, survivor)) is None:
        return False
    if went.aliases:
        await tx.execute(SQL.return_aliases, (duplicate, program, survivor, uuids(went.aliases)))
    await outbox.note(tx, program, [_told("member.unmerged", duplicate, survivor, at)])
    return True


def _told(kind: str, duplicate: UUID, survivor: UUID, at: datetime) -> Note:
    return Note(kind, duplicate, duplicate, at, {"into": ids.show("mem", survivor)})


async def aliases_of(tx: Transaction, program: UUID, member: UUID) -> list[UUID]:
    """Who was merged into a member."""
    return [row[0] for row in await fetch_all(tx, SQL.aliases_of, (program, member))]


async def move_identifiers(
    tx: Transaction,
    program: UUID,
    vault: Vault,
    wanted: Sequence[tuple[IdentifierKind, str]],
    source: UUID,
    target: UUID,
) -> tuple[IdentifierKind, ...]:
    """Let these identifiers of one member be another's; the kinds of those that were the first one's."""
    if not wanted:
        return ()
    rows = await fetch_all(
        tx,
        SQL.move_identifiers,
        {
            "program": program,
            "home": ids.home(target),
            "to": target,
            "from": source,
            "kinds": texts([kind for kind, _ in wanted]),
            "digests": byteas([vault.digest(kind, value) for kind, value in wanted]),
        },
    )
    return tuple(row[0] for row in rows)


async def copy_marks(
    tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID, at: datetime
) -> tuple[tuple[str, str], ...]:
    """Mark the survivor with what the duplicate is marked with and she is not, and activate her offers; the marks."""
    home, source = ids.home(survivor), ids.home(duplicate)
    rows = await fetch_all(
        tx,
        SQL.copy_marks,
        {
            "program": program,
            "home": home,
            "member": survivor,
            "at": at,
            "from_home": source,
            "from": duplicate,
        },
    )
    await tx.execute(SQL.copy_activations, (home, survivor, program, source, duplicate))
    return tuple((kind, name) for kind, name in rows)


async def note(tx: Transaction, program: UUID, survivor: UUID, merge: Merge) -> None:
    """Remember a merge."""
    await tx.execute(
        SQL.insert_merge,
        (
            program, ids.home(survivor), survivor, merge.id, merge.duplicate, merge.source, merge.target,
            merge.merged_at, merge.moved.decode(),
        ),
    )  # fmt: skip


async def find(tx: Transaction, program: UUID, survivor: UUID, duplicate: UUID) -> Merge | None:
    """The merge of a duplicate into a member, where it was not undone."""
    row = await fetch_one(tx, SQL.open_merge, (program, ids.home(survivor), survivor, duplicate))
    return Merge(*row[:5], moved=msgspec.json.encode(row[5])) if row else None


async def of(tx: Transaction, program: UUID, survivor: UUID) -> list[tuple[UUID, datetime]]:
    """(duplicate, when) of each merge into a member that was not undone, the latest first."""
    rows = await fetch_all(tx, SQL.merges_of, (program, ids.home(survivor), survivor))
    return [(duplicate, merged_at) for duplicate, merged_at in rows]


async def undo(tx: Transaction, program: UUID, survivor: UUID, merge: UUID, at: datetime) -> bool:
    """Remember that a merge was undone; False when that was done before."""
    key = (at, program, ids.home(survivor), survivor, merge)
    return await fetch_one(tx, SQL.undo_merge, key) is not None


async def owners_of_cards(tx: Transaction, program: UUID, cards: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Card → whose it is, aliases not followed."""
    homes = int2s([ids.home(card) for card in cards])
    return dict(await fetch_all(tx, SQL.owners_of_cards, (homes, uuids(cards), program)))


def united(survivor: Person, duplicate: Person) -> tuple[Person, Went]:
    """The survivor's person with what only the duplicate's says, and what that is."""
    kinds: tuple[IdentifierKind, ...] = ("phone", "email", "external_id")
    identifiers: tuple[IdentifierKind, ...] = tuple(
        kind for kind in kinds if getattr(survivor, kind) is None and getattr(duplicate, kind) is not None
    )
    fields = tuple(
        field for field in ("name", "birthday") if not getattr(survivor, field) and getattr(duplicate, field)
    )
    taken = {field: getattr(duplicate, field) for field in (*identifiers, *fields)}
    room = ATTRIBUTES_MAX - len(survivor.attributes)
    names = tuple(name for name in sorted(duplicate.attributes) if name not in survivor.attributes)[:room]
    attributes = {**survivor.attributes, **{name: duplicate.attributes[name] for name in names}}
    person = msgspec.structs.replace(survivor, **taken, attributes=attributes)
    return person, Went(identifiers, fields, names)


def parted(
    survivor: Person, duplicate: Person, went: Went, back: Sequence[IdentifierKind]
) -> tuple[Person, Person]:
    """Both persons after a merge is undone; `back`: the identifiers that the duplicate has again."""
    mine: dict[str, object] = {
        field: None for field in back if getattr(survivor, field) == getattr(duplicate, field)
    }
    if "birthday" in went.fields and survivor.birthday == duplicate.birthday:
        mine["birthday"] = None
    if "name" in went.fields and survivor.name == duplicate.name:
        mine["name"] = ""
    mine["attributes"] = {
        name: value
        for name, value in survivor.attributes.items()
        if name not in went.attributes or duplicate.attributes.get(name) != value
    }
    gone = {kind: None for kind in went.identifiers if kind not in back}
    return msgspec.structs.replace(survivor, **mine), msgspec.structs.replace(duplicate, **gone)
