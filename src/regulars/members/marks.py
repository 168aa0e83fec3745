"""Keeps what members are marked with: audiences and clubs, as a CRM says, and tiers that were given by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import outbox
from regulars.db.outbox import Note
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import InvalidValue
from regulars.members.reading import SQL

MarkKind = Literal["audience", "club", "tier"]
_NAME = "[a-z0-9][a-z0-9._-]{0,62}"
MarkCode = Annotated[str, Meta(max_length=127, pattern=f"^{_NAME}(/{_NAME})?$")]


class MarkView(Struct, frozen=True):
    """A mark as it is answered. The code of a tier is `ladder/tier`."""

    kind: MarkKind
    code: str
    since: datetime
    until: datetime | None
    """Half-open; null: until it is taken away."""


def parts(kind: MarkKind, code: str, pointer: str) -> tuple[str, str | None]:
    """What a mark is named by (audience, club or ladder), and the tier. Raises InvalidValue."""
    name, slash, tier = code.partition("/")
    if (kind == "tier") != bool(slash):
        wanted = "`ladder/tier`" if kind == "tier" else "a code without `/`"
        raise InvalidValue(pointer, f"{wanted} is needed for a mark of the kind {kind}")
    return name, tier or None


async def put(
    tx: Transaction,
    program: UUID,
    member: UUID,
    kind: MarkKind,
    code: str,
    until: datetime | None,
    at: datetime,
) -> MarkView:
    """Mark a member, from now on; another tier of the ladder ends. The member must be locked.

    What she is marked with already keeps its beginning and gets the new end.
    """
    name, tier = parts(kind, code, "/code")
    key = (program, ids.home(member), member, kind, name)
    found = await fetch_one(tx, SQL.current_mark, (*key, at, at))
    since: datetime = at
    if found is not None and found[1] == tier:
        since = found[0]
    elif found is not None:
        await tx.execute(SQL.end_mark, (at, *key, at, at))
    await tx.execute(SQL.put_mark, (*key, since, tier, until))
    if kind == "tier" and since == at:
        await outbox.note(tx, program, [_told(member, name, tier, until, at)])
    return MarkView(kind, code, since, None if until is None else until.astimezone(UTC))


async def end(tx: Transaction, program: UUID, member: UUID, kind: str, name: str, at: datetime) -> None:
    """Take a mark away, whatever tier of the ladder it is; done again it changes nothing."""
    key = (program, ids.home(member), member, kind, name)
    ended = await tx.execute(SQL.end_mark, (at, *key, at, at))
    if kind == "tier" and ended.rowcount:
        await outbox.note(tx, program, [_told(member, name, None, None, at)])


async def hold_club(
    tx: Transaction, program: UUID, member: UUID, club: str, until: datetime | None, at: datetime
) -> None:
    """Let paid memberships hold her in a club to an instant, or None: no longer. The member must be locked.

    What is hers without them stays: a mark of her own is made longer, never shorter, and has its own end again after.
    """
    key = (program, ids.home(member), member, club)
    found = await fetch_one(tx, SQL.held_club, (*key, at, at))
    since: datetime = at
    own: datetime | None = None
    if found is not None:
        since, present, given, own = found
        if not given and (present is None or until is None or until <= present):
            return
        own = own if given else present
    ends = max((one for one in (own, until) if one is not None and one > at), default=at)
    if found is None and ends == at:
        return
    detail = msgspec.json.encode({"own_until": own}).decode()
    await tx.execute(SQL.hold_club, (*key, since, ends, detail))


async def of(tx: Transaction, program: UUID, member: UUID, at: datetime) -> Sequence[MarkView]:
    """The marks that a member has at an instant."""
    rows = await fetch_all(tx, SQL.marks_of, (program, ids.home(member), member, at, at))
    return [
        MarkView(kind, name if tier is None else f"{name}/{tier}", since, until)
        for kind, name, tier, since, until in rows
    ]


def _told(member: UUID, ladder: str, tier: str | None, until: datetime | None, at: datetime) -> Note:
    told = {"ladder": ladder, "tier": tier, "until": None if until is None else until.isoformat()}
    return Note("tier.changed", member, member, at, told)


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """An erasure takes them away for good: they say who somebody is."""
    await tx.execute(SQL.forget_marks, (program, ids.home(member), member))
