"""Reads the audit trail, and checks that nothing in it was changed, taken out or cut off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound
from regulars.programs.audit import search, trail
from regulars.programs.audit.search import Entry, Wanted
from regulars.programs.audit.trail import Head

AT_ONCE = 1000


class AuditActor(Struct, frozen=True, omit_defaults=True):
    """Who made a change, from where and with what."""

    kind: str
    """`staff`, `key`, `member`, `command` or `job`."""
    id: str = ""
    name: str = ""
    """As it was called then."""
    address: str = ""
    agent: str = ""
    by: str = ""
    """The call or the page by which it was done."""


class AuditEntry(Struct, frozen=True):
    """A change: who, when, from where, before and after, why."""

    seq: int
    at: datetime
    actor: AuditActor
    action: str
    subject: str
    before: Any
    """What differs, as it was; null: nothing was there."""
    after: Any
    why: str
    digest: str
    """SHA-256 of the digest before and of this entry, in hexadecimal digits."""


class AuditPage(Struct, frozen=True):
    """A part of the trail, the newest first; `next` is the cursor of the part after it."""

    items: tuple[AuditEntry, ...]
    next: str | None


class Chain(Struct, frozen=True):
    """Whether the trail is as it was written."""

    entries: int
    """The number of the last entry."""
    digest: str | None
    """Of the last entry: whoever has written it down elsewhere sees a trail that was cut off or written anew."""
    broken: tuple[int, ...]
    """Numbers of entries that are missing or do not follow from the one before, at most a hundred."""
    contradicted: tuple[int, ...]
    """Numbers of entries that were witnessed and are gone, or not what they were, at most a hundred."""
    witnessed: int
    """The last entry of which a witness stands in the ledger, sealed with it; 0: none."""
    witnessed_at: datetime | None
    whole: bool
    """Nothing is broken, nothing contradicted, and the end is there."""


async def read_audit(
    database: Database, program: UUID, wanted: Wanted, cursor: str | None, limit: int
) -> AuditPage:
    """`limit` entries behind the cursor. Raises InvalidValue for a cursor that is none."""
    before = search.LAST
    if cursor is not None:
        if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
            raise InvalidValue("?cursor", "is not one of this list")
        before = int(cursor)
    async with database.transaction(program, analytical=True) as tx:
        found = await search.entries(tx, program, wanted, before, limit + 1)
    shown = tuple(_view(one) for one in found[:limit])
    return AuditPage(shown, str(shown[-1].seq) if len(found) > limit else None)


async def read_entry(database: Database, program: UUID, seq: int) -> AuditEntry:
    """One entry. Raises NotFound."""
    if not 0 < seq < search.LAST:
        raise NotFound("There is no such entry.")
    async with database.transaction(program, analytical=True) as tx:
        found = await search.entries(tx, program, Wanted(), seq + 1, 1)
    if not found or found[0].seq != seq:
        raise NotFound("There is no such entry.")
    return _view(found[0])


async def every_entry(database: Database, program: UUID, wanted: Wanted) -> AsyncIterator[AuditEntry]:
    """All entries, the newest first, read a thousand at a time."""
    before = search.LAST
    while True:
        async with database.transaction(program, analytical=True) as tx:
            found = await search.entries(tx, program, wanted, before, AT_ONCE)
        for one in found:
            yield _view(one)
        if len(found) < AT_ONCE:
            return
        before = found[-1].seq


async def check_audit(database: Database, program: UUID) -> Chain:
    """Compute every entry's digest again, and compare the trail with its witnesses."""
    async with database.transaction(program, analytical=True) as tx:
        broken = await trail.broken_links(tx, program)
        contradicted = await trail.contradicted(tx, program)
        return _chain(await trail.head(tx, program), broken, contradicted)


async def check_entries(database: Database, program: UUID, shown: Collection[int]) -> Chain:
    """Compute these entries and the ones that follow them again, the trail's end, and its last witness."""
    async with database.transaction(program, analytical=True) as tx:
        head = await trail.head(tx, program)
        behind = [seq + 1 for seq in shown if seq < head.seq]
        last = [head.seq] if head.seq else []
        broken = await trail.broken_among(tx, program, sorted({*shown, *behind, *last}))
        return _chain(head, broken, await trail.contradicted(tx, program, [*shown, head.witnessed]))


async def witness_audit(database: Database, program: UUID, at: datetime) -> int:
    """Note where the trail ends, for the ledger's next block; how many entries there are, 0: none since the last."""

    async def work(tx: Transaction) -> int:
        return await trail.witness(tx, program, ids.new(), at) or 0

    return await database.run(program, work)


def _chain(head: Head, broken: Sequence[int], contradicted: Sequence[int]) -> Chain:
    cut_off = head.seq > 0 and head.digest is None
    return Chain(
        entries=head.seq,
        digest=head.digest.hex() if head.digest is not None else None,
        broken=tuple(broken),
        contradicted=tuple(contradicted),
        witnessed=head.witnessed,
        witnessed_at=head.witnessed_at,
        whole=not (broken or contradicted or cut_off),
    )


def _view(one: Entry) -> AuditEntry:
    actor = AuditActor(**one.actor)
    return AuditEntry(
        one.seq, one.at, actor, one.action, one.subject, one.before, one.after, one.why, one.digest.hex()
    )
