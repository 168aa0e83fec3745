"""Keeps what members said about being spoken to, word for word: facts, of which the latest that counts holds.

A withdrawal counts at once; an agreement by email counts once its confirmation came from that mailbox (`to_confirm`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from psycopg.rows import TupleRow

from regulars import ids
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import Conflict
from regulars.members.model import Channel, Consent, IdentifierKind

SQL = queries.load("regulars.members", "consents.sql")
HISTORY_MAX = 1000
LAST = UUID(int=2**128 - 1)
"""After every id."""
State = Literal["granted", "pending", "withdrawn"]


class Wording(Struct, frozen=True):
    """What is shown to a member when she is asked: one version of it, never changed."""

    code: str
    version: int
    purpose: str
    channels: tuple[str, ...]
    texts: dict[str, str]
    """Language → text."""
    created_at: datetime


class Said(Struct, frozen=True):
    """A consent as it is kept."""

    id: UUID
    channel: str
    purpose: str
    granted: bool
    source: str
    recorded_at: datetime
    given_at: datetime | None
    wording: str | None
    wording_version: int | None
    wording_language: str | None
    wording_hash: bytes | None
    recorded_by: str
    evidence: str
    to_confirm: bool
    confirmed_at: datetime | None
    address: bytes | None = None
    """What proves the email that it was confirmed from: its `address_hash`."""

    @property
    def counts(self) -> bool:
        """Whether it says anything: an agreement that waits for its confirmation does not."""
        return not self.granted or not self.to_confirm or self.confirmed_at is not None

    @property
    def state(self) -> State:
        """What it says."""
        if not self.granted:
            return "withdrawn"
        return "granted" if self.counts else "pending"


class Agreeing(Struct, frozen=True, gc=False):
    """A member who agrees, for a list that is handed over."""

    home: int
    member: UUID
    language: str
    said_at: datetime
    wording: str | None
    wording_version: int | None


class Handover(Struct, frozen=True):
    """That a list was given to somebody."""

    id: UUID
    channel: str
    purpose: str
    members: int
    digest: bytes
    given_at: datetime
    given_to: str


def text_hash(text: str) -> bytes:
    """SHA-256 of what was shown."""
    return hashlib.sha256(text.encode()).digest()


async def record(
    tx: Transaction,
    program: UUID,
    said: Sequence[tuple[UUID, Consent]],
    at: datetime,
) -> list[UUID]:
    """Enter what members (each beside her consent) said; the ids of the records, in the same order."""
    if not said:
        return []
    homes = [ids.home(member) for member, _ in said]
    records = [ids.new(home) for home in homes]
    consents = [consent for _, consent in said]
    await tx.execute(
        SQL.record,
        {
            "program": program,
            "homes": arrays.int2s(homes),
            "members": arrays.uuids([member for member, _ in said]),
            "ids": arrays.uuids(records),
            "channels": arrays.texts([consent.channel for consent in consents]),
            "purposes": arrays.texts([consent.purpose for consent in consents]),
            "granted": arrays.bools([consent.granted for consent in consents]),
            "sources": arrays.texts([consent.source for consent in consents]),
            "recorded": arrays.instants([at] * len(consents)),
            "given": arrays.instants([consent.given_at for consent in consents]),
            "wordings": arrays.texts([c.shown.code if c.shown else None for c in consents]),
            "versions": arrays.int4s([c.shown.version if c.shown else None for c in consents]),
            "languages": arrays.texts([c.shown.language if c.shown else None for c in consents]),
            "hashes": arrays.byteas([c.shown.hash if c.shown else None for c in consents]),
            "recorders": arrays.texts([consent.recorded_by for consent in consents]),
            "evidence": arrays.texts([consent.evidence for consent in consents]),
            "to_confirm": arrays.bools([consent.to_confirm for consent in consents]),
        },
    )
    return records


def address_hash(index: bytes, consent: UUID) -> bytes:
    """What proves the email (by its blind index) of one consent: it tells no two consents of one email together."""
    return hashlib.sha256(index + consent.bytes).digest()


async def confirm(
    tx: Transaction, program: UUID, member: UUID, consent: UUID, at: datetime, email: bytes | None
) -> bool:
    """Enter that a member confirmed what she said, from a mailbox (blind index). False when it was confirmed before."""
    address = address_hash(email, consent) if email is not None else None
    key = (program, ids.home(member), member, consent, at, address)
    return await fetch_one(tx, SQL.confirm, key) is not None


async def confirm_from(
    tx: Transaction,
    program: UUID,
    member: UUID,
    said: Said,
    at: datetime,
    *,
    kind: IdentifierKind,
    index: bytes,
) -> bool:
    """As `confirm`, where the phone or email (`index`: its blind index) is the member's; False where it is not.

    The email is kept of what she agreed to by email alone: of another channel it proves nothing.
    """
    named = {
        "program": program,
        "home": ids.home(member),
        "member": member,
        "consent": said.id,
        "at": at,
        "kind": kind,
        "digest": index,
        "address": address_hash(index, said.id) if said.channel == kind == "email" else None,
    }
    return await fetch_one(tx, SQL.confirm_from, named) is not None


async def one(tx: Transaction, program: UUID, member: UUID, consent: UUID) -> Said | None:
    """A consent of a member."""
    row = await fetch_one(tx, SQL.one, (program, ids.home(member), member, consent))
    return _said(row) if row else None


async def withdrawn_since(tx: Transaction, program: UUID, member: UUID, said: Said) -> bool:
    """Whether she withdrew on that channel for that purpose after she said it."""
    key = (program, ids.home(member), member, said.channel, said.purpose, said.id)
    return await fetch_one(tx, SQL.withdrawn_since, key) is not None


async def history(tx: Transaction, program: UUID, member: UUID) -> tuple[Said, ...]:
    """All that a member said, the newest first (at most 1,000)."""
    rows = await fetch_all(tx, SQL.history, (program, ids.home(member), member, HISTORY_MAX))
    return tuple(_said(row) for row in rows)


async def agreed(tx: Transaction, program: UUID, member: UUID) -> dict[tuple[str, str], bool]:
    """(channel, purpose) → whether she agrees; of what she never said anything about, nothing."""
    named = {"program": program, "home": ids.home(member), "member": member}
    return {(row[0], row[1]): row[2] for row in await fetch_all(tx, SQL.agreed, named)}


def latest(said: Sequence[Said]) -> list[tuple[Said, State]]:
    """Of a history, the newest first, what holds of each channel and purpose now, by channel and purpose.

    An agreement that waits for its confirmation is `pending` where nothing that counts came before it as an agreement.
    """
    holding: dict[tuple[str, str], tuple[Said, State]] = {}
    waiting: dict[tuple[str, str], Said] = {}
    for one_of in said:
        key = (one_of.channel, one_of.purpose)
        if key in holding:
            continue
        if one_of.counts:
            holding[key] = (one_of, one_of.state)
        else:
            waiting.setdefault(key, one_of)
    for key, one_of in waiting.items():
        if key not in holding or holding[key][1] == "withdrawn":
            holding[key] = (one_of, "pending")
    return [holding[key] for key in sorted(holding)]


async def enter_wording(
    tx: Transaction,
    program: UUID,
    *,
    code: str,
    purpose: str,
    channels: Sequence[Channel],
    texts: Mapping[str, str],
    at: datetime,
    by: str,
) -> int:
    """Enter the next version of a wording; its number. Raises Conflict when another was entered just now."""
    named = {
        "program": program,
        "code": code,
        "purpose": purpose,
        "channels": arrays.texts(list(channels)),
        "texts": msgspec.json.encode(texts).decode(),
        "at": at,
        "by": by,
    }
    row = await fetch_one(tx, SQL.insert_wording, named)
    if row is None:
        raise Conflict("Another version of this wording was entered at the same instant; send yours again.")
    return row[0]


async def wordings(tx: Transaction, program: UUID, after: str, limit: int) -> list[Wording]:
    """Every version, by code, the newest first; of the codes after `after`."""
    return [_wording(row) for row in await fetch_all(tx, SQL.wordings, (program, after, limit))]


async def wordings_named(
    tx: Transaction, program: UUID, named: Sequence[tuple[str, int | None]]
) -> dict[tuple[str, int | None], Wording]:
    """(code, version or None for the newest) → the wording; what there is not is left out."""
    if not named:
        return {}
    wanted = list(dict.fromkeys(named))
    columns = (arrays.texts([code for code, _ in wanted]), arrays.int4s([version for _, version in wanted]))
    rows = [_wording(row) for row in await fetch_all(tx, SQL.wordings_named, (*columns, program))]
    newest: dict[tuple[str, int | None], Wording] = {}
    for code, version in wanted:
        fitting = [w for w in rows if w.code == code and version in (None, w.version)]
        if fitting:
            newest[code, version] = max(fitting, key=lambda wording: wording.version)
    return newest


async def agreeing(
    tx: Transaction, program: UUID, channel: Channel, purpose: str, after: UUID | None, limit: int
) -> list[Agreeing]:
    """A page of the members who agree, in the order of (home, id), those behind the member `after`."""
    named = {
        "program": program,
        "channel": channel,
        "purpose": purpose,
        "home": ids.home(after) if after else -1,
        "member": after or UUID(int=0),
        "limit": limit,
    }
    return [Agreeing(*row) for row in await fetch_all(tx, SQL.agreeing, named)]


async def note_handover(tx: Transaction, program: UUID, given: Handover) -> None:
    """Enter that a list was given."""
    fields = (given.channel, given.purpose, given.members, given.digest, given.given_at, given.given_to)
    await tx.execute(SQL.insert_handover, (program, given.id, *fields))


async def handovers(tx: Transaction, program: UUID, before: UUID, limit: int) -> list[Handover]:
    """The lists that were given, the newest first."""
    rows = await fetch_all(tx, SQL.handovers, (program, before, limit))
    return [Handover(row[0], row[1], row[2], row[3], bytes(row[4]), row[5], row[6]) for row in rows]


def _said(row: TupleRow) -> Said:
    said = Said(*row)
    if said.wording_hash is not None:
        said = replace(said, wording_hash=bytes(said.wording_hash))
    return said if said.address is None else replace(said, address=bytes(said.address))


def _wording(row: TupleRow) -> Wording:
    code, version, purpose, channels, texts, created_at = row
    return Wording(code, version, purpose, tuple(channels), msgspec.json.decode(texts), created_at)
