"""Keeps what members did besides buying: the kinds, each activity once, what waits for a decision, and the counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.errors import SerializationFailure

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.purchases.accruing import Count, Slot
from regulars.purchases.activity import ActivityKind, Span, Value

SQL = queries.load("regulars.purchases", "activity.sql")
Flag = Literal["flood", "review"]
Sealed = tuple[int, bytes, bytes]
"""Generation of the master key, wrapped key, sealed text."""
Status = Literal["counted", "waiting", "set_aside", "accepted", "refused"]
_document = msgspec.json.Decoder(ActivityKind)


class Kind(Struct, frozen=True):
    """A kind as it counts."""

    code: str
    revision: int
    document: ActivityKind
    since: datetime


class Earned(Struct, frozen=True, omit_defaults=True):
    """What an activity earned in a currency, in its unit; below zero what was taken back."""

    currency: str
    amount: int
    limited: Span | None = None
    """The limit that cut it, if one did."""
    due_on: date | None = None
    """The day on which the month is closed with which it is given."""


class Outcome(Struct, frozen=True):
    """What came of an activity when it was recorded, or reviewed."""

    status: Status
    earned: tuple[Earned, ...] = ()


class Activity(Struct, frozen=True):
    """An activity as it is kept."""

    id: UUID
    member: UUID
    kind: str
    revision: int
    source: str
    request: str
    happened_at: datetime
    recorded_at: datetime
    quantity: int
    """Thousandths; below zero: a correction."""
    data: dict[str, Value]
    corrects: UUID | None
    flag: Flag | None
    outcome: Outcome
    posting: UUID | None = None
    words: Sealed | None = None
    """What was written with it: sealed, gone once its member was erased."""
    accepted: bool | None = None
    """What was decided of one that was flagged; None: nothing yet."""
    decided: Outcome | None = None
    reason: str = ""

    @property
    def present(self) -> Outcome:
        """What came of it by now."""
        return self.decided or self.outcome


class Before(Struct, frozen=True):
    """What a source has sent under an id."""

    digest: bytes
    activity: Activity


class Corrected(Struct, frozen=True):
    """What became of an activity since: how much was taken back (thousandths, not above zero), and the decision."""

    quantity: int = 0
    accepted: bool | None = None
    posting: UUID | None = None


class Key(Struct, frozen=True):
    """Whose count of which kind it is, and in which slot."""

    member: UUID
    kind: str
    slot: Slot


class Counted(Struct, frozen=True):
    """A count as it was read: `n` is what it has to be still when it is written."""

    count: Count = Count()
    n: int = 0
    due_on: date | None = None
    closed: bool = False
    posting: UUID | None = None


class CountRow(Struct, frozen=True):
    """A count to be written."""

    key: Key
    counted: Counted
    closed_at: datetime | None = None


class Due(Struct, frozen=True):
    """A month of a member that may be closed."""

    home: int
    member: UUID
    kind: str
    currency: str
    starts: date


# kinds ----------------------------------------------------------------------------------------------------


async def newest(tx: Transaction, program: UUID) -> dict[str, Kind]:
    """Every kind as it counts, by code."""
    rows = await fetch_all(tx, SQL.newest_kinds, (program,))
    return {row[0]: Kind(row[0], row[1], _document.decode(row[2]), row[3]) for row in rows}


async def kind_at(tx: Transaction, program: UUID, code: str, revision: int) -> ActivityKind:
    """The document of a revision, by which an activity was recorded."""
    row = await fetch_one(tx, SQL.kind_at, (program, code, revision))
    assert row is not None, "revisions are never taken away"
    return _document.decode(row[0])


async def add(
    tx: Transaction, program: UUID, code: str, document: ActivityKind, at: datetime, by: str
) -> int:
    """Add the next revision of a kind; its number."""
    sent = (program, code, msgspec.json.encode(document).decode(), at, by)
    row = await fetch_one(tx, SQL.add_kind, sent)
    assert row is not None
    return row[0]


# what was recorded ------------------------------------------------------------------------------------------


async def sent_before(
    tx: Transaction, program: UUID, source: str, requests: Sequence[str]
) -> dict[str, Before]:
    """Of these ids of a source those that were recorded."""
    found = {}
    for request, digest, *row in await fetch_all(
        tx, SQL.known_keys, (program, source, arrays.texts(requests))
    ):
        identifier, member, kind, revision, happened, recorded, quantity, flag, corrects, posting, outcome = (
            row
        )
        found[request] = Before(
            bytes(digest),
            Activity(
                identifier, member, kind, revision, source, request, happened, recorded, quantity, {}, corrects, flag,
                _outcome(outcome), posting,
            ),
        )  # fmt: skip
    return found


async def enter(
    tx: Transaction, program: UUID, source: str, entered: Sequence[tuple[Activity, bytes]], at: datetime
) -> None:
    """Record activities of one source, each with the digest of what was sent.

    Raises SerializationFailure where somebody else recorded one of them meanwhile: it is a replay then.
    """
    activities = [activity for activity, _ in entered]
    homes = arrays.int2s([ids.home(one.member) for one in activities])
    named = arrays.texts([one.request for one in activities])
    identifiers = arrays.uuids([one.id for one in activities])
    digests = arrays.byteas([bytes(digest) for _, digest in entered])
    claimed = await fetch_all(tx, SQL.claim_keys, (program, source, named, homes, identifiers, digests))
    if len(claimed) < len(entered):
        raise SerializationFailure("an activity was recorded meanwhile")
    columns = {
        "program": program,
        "source": source,
        "at": at,
        "homes": homes,
        "ids": identifiers,
        "members": arrays.uuids([one.member for one in activities]),
        "kinds": arrays.texts([one.kind for one in activities]),
        "revisions": arrays.int4s([one.revision for one in activities]),
        "requests": named,
        "happened": arrays.instants([one.happened_at for one in activities]),
        "quantities": arrays.int8s([one.quantity for one in activities]),
        "data": arrays.texts([msgspec.json.encode(one.data).decode() for one in activities]),
        "corrects": arrays.uuids([one.corrects for one in activities]),
        "flags": arrays.texts([one.flag for one in activities]),
        "outcomes": arrays.texts([msgspec.json.encode(one.outcome).decode() for one in activities]),
        "postings": arrays.uuids([one.posting for one in activities]),
    }
    await tx.execute(SQL.enter, columns)
    await _enter_beside(tx, program, activities)


async def _enter_beside(tx: Transaction, program: UUID, activities: Sequence[Activity]) -> None:
    """What was written in words, and what waits for a decision."""
    told = [(one, one.words) for one in activities if one.words is not None]
    if told:
        columns = (
            arrays.int2s([ids.home(one.member) for one, _ in told]),
            arrays.uuids([one.member for one, _ in told]),
            arrays.uuids([one.id for one, _ in told]),
            arrays.int4s([words[0] for _, words in told]),
            arrays.byteas([words[1] for _, words in told]),
            arrays.byteas([words[2] for _, words in told]),
        )
        await tx.execute(SQL.enter_texts, (program, *columns))
    waiting = [one for one in activities if one.outcome.status == "waiting"]
    if waiting:
        homes = arrays.int2s([ids.home(one.member) for one in waiting])
        await tx.execute(SQL.let_wait, (program, homes, arrays.uuids([one.id for one in waiting])))


async def near(
    tx: Transaction,
    program: UUID,
    source: str,
    asked: Sequence[tuple[int, UUID, str, datetime, datetime, int]],
) -> dict[int, int]:
    """Place → how many of a member's activities of a kind lie between two instants, counted up to a most."""
    places, members, kinds, since, until, most = zip(*asked, strict=True)
    columns = (
        arrays.int4s(places), arrays.uuids(members), arrays.texts(kinds), arrays.instants(since),
        arrays.instants(until), arrays.int4s(most),
    )  # fmt: skip
    rows = await fetch_all(tx, SQL.near, (program, source, *columns))
    return {row[0]: row[1] for row in rows}


async def corrected(
    tx: Transaction, program: UUID, activities: Iterable[tuple[int, UUID]]
) -> dict[UUID, Corrected]:
    """Home and id of activities → what became of each since."""
    asked = list(activities)
    columns = (arrays.int2s([home for home, _ in asked]), arrays.uuids([one for _, one in asked]))
    rows = await fetch_all(tx, SQL.corrected, (program, *columns))
    return {row[0]: Corrected(*row[1:]) for row in rows}


# counts -----------------------------------------------------------------------------------------------------


async def counts(tx: Transaction, program: UUID, keys: Iterable[Key]) -> dict[Key, Counted]:
    """The counts under these keys, those that there are."""
    asked = list(keys)
    columns = (
        arrays.int2s([ids.home(key.member) for key in asked]),
        arrays.uuids([key.member for key in asked]),
        *_named(asked),
    )
    found = {}
    for member, kind, currency, span, starts, n, quantity, wanted, given, *more in await fetch_all(
        tx, SQL.counts, (program, *columns)
    ):
        count = Count(int(quantity), int(wanted), int(given))
        found[Key(member, kind, Slot(currency, span, starts))] = Counted(count, n, *more)
    return found


async def put_counts(tx: Transaction, program: UUID, rows: Sequence[CountRow]) -> None:
    """Write counts as they were read. Raises SerializationFailure where one has moved on, or was closed, meanwhile."""
    if not rows:
        return
    ordered = sorted(rows, key=lambda row: (row.key.member, row.key.kind, row.key.slot))
    keys = [row.key for row in ordered]
    kinds, currencies, spans, starts = _named(keys)
    columns = {
        "program": program,
        "homes": arrays.int2s([ids.home(key.member) for key in keys]),
        "members": arrays.uuids([key.member for key in keys]),
        "kinds": kinds,
        "currencies": currencies,
        "spans": spans,
        "starts": starts,
        "ns": arrays.int4s([row.counted.n for row in ordered]),
        "quantities": arrays.texts([str(row.counted.count.quantity) for row in ordered]),
        "wanted": arrays.texts([str(row.counted.count.wanted) for row in ordered]),
        "given": arrays.texts([str(row.counted.count.given) for row in ordered]),
        "due": arrays.texts(
            [row.counted.due_on.isoformat() if row.counted.due_on else None for row in ordered]
        ),
        "closed": arrays.instants([row.closed_at for row in ordered]),
        "postings": arrays.uuids([row.counted.posting for row in ordered]),
    }
    if len(await fetch_all(tx, SQL.put_counts, columns)) < len(ordered):
        raise SerializationFailure("a count has moved on meanwhile")


async def last_posting(tx: Transaction, program: UUID, member: UUID, kind: str, currency: str) -> UUID | None:
    """The posting by which a member got something last for a kind."""
    key = (program, ids.home(member), member, kind, currency)
    row = await fetch_one(tx, SQL.last_posting, key)
    return row[0] if row else None


def _named(keys: Sequence[Key]) -> tuple[Any, Any, Any, Any]:
    return (
        arrays.texts([key.kind for key in keys]),
        arrays.texts([key.slot.currency for key in keys]),
        arrays.texts([key.slot.span for key in keys]),
        arrays.texts([key.slot.starts.isoformat() for key in keys]),
    )


# months -------------------------------------------------------------------------------------------------------


async def due(tx: Transaction, program: UUID, day: date, limit: int) -> list[Due]:
    """Months that may be closed by the beginning of a day."""
    return [Due(*row) for row in await fetch_all(tx, SQL.due_months, (day, program, limit))]


async def due_of(tx: Transaction, program: UUID, kind: str, starts: date, day: date, limit: int) -> list[Due]:
    """Those of one kind that started on `starts`."""
    rows = await fetch_all(tx, SQL.due_months_of, (kind, starts, program, day, limit))
    return [Due(*row) for row in rows]


async def next_due(tx: Transaction, program: UUID, after: date, until: date) -> date | None:
    """The first day after one on which a month may be closed."""
    row = await fetch_one(tx, SQL.next_due, (after, until, program))
    return row[0] if row else None


async def closed_of(tx: Transaction, program: UUID, kind: str, starts: date) -> list[tuple[str, int, int]]:
    """Currency, members, and what they were given in all, of a month that was closed."""
    rows = await fetch_all(tx, SQL.closed_of, (kind, starts, program))
    return [(currency, members, int(given)) for currency, members, given in rows]


def _outcome(text: str) -> Outcome:
    return msgspec.json.decode(text, type=Outcome)
