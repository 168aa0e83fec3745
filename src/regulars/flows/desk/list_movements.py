"""Lists what moved members' points, and what will expire: the rows behind the figures of points. Writes nothing.

A page of movements walks the days and kinds of which the sums by day have something, and adds up to these sums. A day
is one of the program's time zone, on which a movement took effect.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock
from regulars.db import queries
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.errors import InvalidValue
from regulars.flows.known_programs import Known
from regulars.flows.read_statement import BEGINNING, END
from regulars.members import reading

SQL = queries.load("regulars.flows.desk", "list_movements.sql")
Instant = Annotated[datetime, Meta(tz=True)]
Place = TypeVar("Place", bound=Struct)
Group = Literal["given", "otherwise", "spent", "taken", "expired"]
"""As the page of points adds them up: by purchases, otherwise, spent less what came back, taken back, expired."""


class MovementsAsked(Struct, frozen=True):
    """Which movements of one currency; days are both counted."""

    currency: str
    first: date
    last: date
    group: Group | None = None
    """None: all."""
    store: UUID | None = None
    """Of the purchase by which they moved."""
    promotion: UUID | None = None
    """That gave them."""


class Movement(Struct, frozen=True):
    """An entry of the books with a member's points at one end; or, of what will expire, what is left of a lot."""

    at: datetime
    """When it took effect, or will."""
    id: UUID
    """Of the posting, or of the lot."""
    kind: str
    """Of the posting; `expiring` for a lot."""
    amount: int
    """Units of the currency; + came to the member, − went from her. Of a lot: what is left."""
    member: UUID | None
    """Who bought, else whose own points they are.

    None: of a card that is nobody's; and of what moved otherwise than by a purchase on an account that several share,
    or on the points that somebody put aside while she is in one.
    """
    purchase: UUID | None
    store: UUID | None
    promotion: UUID | None
    actor: str = ""
    reason: str = ""
    n: int = 0
    """Which entry of the posting."""
    day: date | None = None


class MovementsListed(Struct, frozen=True):
    """A page, the names of members where they were asked for, and where the next page begins; None: that was all."""

    items: tuple[Movement, ...]
    names: dict[UUID, str]
    next: str | None


class _Place(Struct, frozen=True, array_like=True):
    """The last row of a page of movements."""

    day: date
    kind: Annotated[str, Meta(max_length=40, pattern=r"^[a-z_]*$(?!\n)")]
    at: Instant
    id: UUID
    n: Annotated[int, Meta(ge=0, le=32767)]
    """A smallint."""


class _Lot(Struct, frozen=True, array_like=True):
    """The last row of a page of lots."""

    at: Instant
    id: UUID


async def list_movements(
    database: Database, known: Known, asked: MovementsAsked, limit: int, *, names: bool, after: str | None
) -> MovementsListed:
    """`limit` of them behind the cursor `after`, the latest day first. `names`: whether they may be seen.

    Raises InvalidValue, VaultLocked.
    """
    last = _Place(date.max, "", END, UUID(int=0), 0) if after is None else _place(after, _Place)
    named = {
        **_named(known, asked, limit + 1), "first": asked.first, "last": asked.last, "group": asked.group or "",
        "zone": known.program.time_zone, "after_day": last.day, "after_kind": last.kind, "after_at": last.at,
        "after_id": last.id, "after_n": last.n,
    }  # fmt: skip
    async with database.transaction(known.program.id, analytical=True) as tx:
        rows = await fetch_all(tx, SQL.movements, named)
        items = tuple(
            Movement(
                at, posting, kind, amount if target == "points" else -amount, member, purchase, store, promotion,
                actor, reason, n, day,
            )
            for (day, kind, at, posting, n, target, amount, actor, reason, member, purchase, store, promotion)
            in rows[:limit]
        )  # fmt: skip
        who = await _names(tx, known, items) if names else {}
    if len(rows) <= limit:
        return MovementsListed(items, who, None)
    end = items[-1]
    assert end.day is not None
    return MovementsListed(items, who, _cursor(_Place(end.day, end.kind, end.at, end.id, end.n)))


async def list_expiring(
    database: Database, known: Known, asked: MovementsAsked, limit: int, *, names: bool, after: str | None
) -> MovementsListed:
    """`limit` lots that expire on these days and have something left, the soonest first; `group` does not count.

    Raises InvalidValue, VaultLocked.
    """
    last = _Lot(BEGINNING, UUID(int=0)) if after is None else _place(after, _Lot)
    zone = known.program.time_zone
    named = {
        **_named(known, asked, limit + 1), "since": clock.midnight(asked.first, zone),
        "until": clock.midnight(asked.last + timedelta(days=1), zone), "after_at": last.at, "after_id": last.id,
    }  # fmt: skip
    async with database.transaction(known.program.id, analytical=True) as tx:
        rows = await fetch_all(tx, SQL.expiring, named)
        items = tuple(
            Movement(expires_at, lot, "expiring", left, member, purchase, store, promotion)
            for expires_at, lot, left, member, purchase, store, promotion in rows[:limit]
        )
        who = await _names(tx, known, items) if names else {}
    following = _cursor(_Lot(items[-1].at, items[-1].id)) if len(rows) > limit else None
    return MovementsListed(items, who, following)


def _named(known: Known, asked: MovementsAsked, limit: int) -> dict[str, Any]:
    return {
        "program": known.program.id, "currency": asked.currency, "store": asked.store,
        "promotion": asked.promotion, "limit": limit,
    }  # fmt: skip


async def _names(tx: Transaction, known: Known, items: tuple[Movement, ...]) -> dict[UUID, str]:
    members = sorted({one.member for one in items if one.member is not None})
    persons = await reading.persons(tx, known.program.id, known.vault, members) if members else {}
    return {member: person.name for member, person in persons.items()}


def _cursor(last: Struct) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(last)).decode().rstrip("=")


def _place(cursor: str, shape: type[Place]) -> Place:
    """Raises InvalidValue for what is no cursor of this list."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=shape)
    except (binascii.Error, ValueError, RecursionError):
        raise InvalidValue("?cursor", "is not a cursor of this list") from None
