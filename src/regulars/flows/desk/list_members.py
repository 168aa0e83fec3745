"""Lists the members behind a figure: who joined, bought, came again, in which days, stores, tiers. Writes nothing.

Who bought on which days is read from sums by day, as the figures themselves are: a list has as many rows as its figure
says. Within several stores a member stands once for each of them, as she is counted.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal, LiteralString
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from regulars import clock, ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.errors import InvalidValue
from regulars.flows.known_programs import Known
from regulars.members import reading

SQL = queries.load("regulars.flows.desk", "list_members.sql")
AGAIN_DAYS = 90
"""Within which after her first purchase somebody came again, or did not."""

Bought = Literal["any", "new", "known", "cohort", "again"]
"""Of the days `first` to `last`. `any`: bought on one of them; `new`: for the first time ever; `known`: had bought
before them too; `cohort`: ninety days since her first purchase ended on one of them; `again`: of these who bought again
within the ninety, on another day."""
State = Literal["present", "erased", "merged"]
"""As of now."""

_MEMBERS = (
    "SELECT m.home, m.id, m.enrolled_at, m.source, m.tag, m.store, m.erased_at, m.merged_into, NULL::date, NULL::uuid"
    " FROM member AS m WHERE m.program = %s"
)
_VISITS = (
    "SELECT m.home, m.id, m.enrolled_at, m.source, m.tag, m.store, m.erased_at, m.merged_into, v.day, v.store"
    " FROM member_visit AS v"
    " CROSS JOIN LATERAL"
    " (SELECT * FROM member WHERE program = v.program AND home = v.home AND id = v.member OFFSET 0) AS m"
    " WHERE v.program = %s AND v.purchases > 0"
)
_NEWEST_MEMBERS = " ORDER BY m.enrolled_at DESC, m.id DESC LIMIT %s"
_NEWEST_VISITS = " ORDER BY v.day DESC, v.store DESC, v.home DESC, v.member DESC LIMIT %s"
_OTHER = (
    "SELECT 1 FROM member_visit AS w"
    " WHERE w.program = v.program AND w.home = v.home AND w.member = v.member AND w.purchases > 0"
)
_FRAGMENTS: dict[str, LiteralString] = {
    "joined_from": "m.enrolled_at >= %s",
    "joined_until": "m.enrolled_at < %s",
    "joined_in": "m.store = ANY (%s::uuid[])",
    "source": "m.source = %s",
    "tag": "m.tag = %s AND m.tag <> ''",
    "present": "m.erased_at IS NULL AND m.merged_into IS NULL",
    "erased": "m.erased_at IS NOT NULL AND m.merged_into IS NULL",
    "merged": "m.merged_into IS NOT NULL",
    "present_at": (
        "(m.erased_at IS NULL OR m.erased_at >= %s) AND NOT EXISTS (SELECT 1 FROM member_merge AS g"
        " WHERE g.program = m.program AND g.duplicate = m.id AND g.merged_at < %s"
        " AND (g.undone_at IS NULL OR g.undone_at >= %s))"
    ),
    "tier": (
        "EXISTS (SELECT 1 FROM member_mark AS k WHERE k.program = m.program AND k.home = m.home AND k.member = m.id"
        " AND k.kind = 'tier' AND k.name = %s AND k.tier = %s AND k.since <= %s AND (k.until IS NULL OR k.until > %s))"
    ),
    "no_tier": (
        "NOT EXISTS (SELECT 1 FROM member_mark AS k WHERE k.program = m.program AND k.home = m.home AND k.member = m.id"
        " AND k.kind = 'tier' AND k.name = %s AND k.since <= %s AND (k.until IS NULL OR k.until > %s))"
    ),
    "after": "(m.enrolled_at, m.id) < (%s, %s)",
    "days": "v.day BETWEEN %s AND %s",
    "stores": "v.store = ANY (%s::uuid[])",
    "after_visit": "(v.day, v.store, v.home, v.member) < (%s, %s, %s, %s)",
    # Of the visits in the days one stands for all: the last, or for who came first then, the first ever.
    "last_of_store": f"NOT EXISTS ({_OTHER} AND w.store = v.store AND w.day > v.day AND w.day <= %s)",
    "last_of_all": f"NOT EXISTS ({_OTHER} AND (w.day, w.store) > (v.day, v.store) AND w.day <= %s)",
    "first_of_store": f"NOT EXISTS ({_OTHER} AND w.store = v.store AND w.day < v.day)",
    "first_of_all": f"NOT EXISTS ({_OTHER} AND (w.day, w.store) < (v.day, v.store))",
    "new_of_store": f"NOT EXISTS ({_OTHER} AND w.store = v.store AND w.day < %s)",
    "new_of_all": f"NOT EXISTS ({_OTHER} AND w.day < %s)",
    "known_of_store": f"EXISTS ({_OTHER} AND w.store = v.store AND w.day < %s)",
    "known_of_all": f"EXISTS ({_OTHER} AND w.day < %s)",
    "again_of_store": f"EXISTS ({_OTHER} AND w.store = v.store AND w.day > v.day AND w.day <= v.day + 90)",
    "again_of_all": f"EXISTS ({_OTHER} AND w.day > v.day AND w.day <= v.day + 90)",
}
"""All that a list can be asked for; no text of a request stands in a statement."""


class MembersAsked(Struct, frozen=True):
    """Which members. Days are both counted, in the program's time zone."""

    stores: frozenset[UUID] | None = None
    """Where they bought, where `bought` is asked for, else where they joined; None: everywhere."""
    bought: Bought | None = None
    first: date | None = None
    last: date | None = None
    """Of `bought`; they are given with it."""
    joined_from: date | None = None
    joined_to: date | None = None
    present_on: date | None = None
    """Who had joined by the end of that day, and was neither erased nor merged into another by then."""
    source: str = ""
    tag: str = ""
    state: State | None = None
    ladder: str = ""
    tier: str = ""
    """Who holds it now, on that ladder."""


class MemberRow(Struct, frozen=True):
    """A member in a list."""

    id: UUID
    joined_at: datetime
    source: str
    tag: str
    store: UUID | None
    """Where she joined."""
    erased: bool
    merged_into: UUID | None
    day: date | None
    """Of `bought`: the last day of these on which she bought; of a cohort the first ever. None: not asked for."""
    bought_in: UUID | None
    name: str = ""
    """Empty where names may not be seen, and where she has none."""
    tiers: tuple[tuple[str, str], ...] = ()
    """(ladder, tier), as of now; the lowest, which is everybody's, is not named."""


class MembersListed(Struct, frozen=True):
    """A page, the latest first, and where the next one begins; None: that was all."""

    items: tuple[MemberRow, ...]
    next: str | None


async def list_members(
    database: Database,
    known: Known,
    asked: MembersAsked,
    limit: int,
    *,
    at: datetime,
    names: bool,
    after: str | None,
) -> MembersListed:
    """`limit` of them behind the cursor `after`. `names`: whether they may be seen.

    Raises InvalidValue, VaultLocked.
    """
    assert asked.bought is None or (asked.first is not None and asked.last is not None)
    place = _place(after, visits=asked.bought is not None) if after else None
    statement, parameters = _statement(known, asked, at, place, limit + 1)
    program = known.program.id
    async with database.transaction(program, analytical=True) as tx:
        rows = await fetch_all(tx, statement, parameters)
        shown = [_row(row) for row in rows[:limit]]
        members = sorted({one.id for one in shown})
        persons = await reading.persons(tx, program, known.vault, members) if names and members else {}
        tiers = await _tiers(tx, program, members, at)
    items = tuple(
        MemberRow(
            one.id, one.joined_at, one.source, one.tag, one.store, one.erased, one.merged_into, one.day, one.bought_in,
            persons[one.id].name if one.id in persons else "", tuple(tiers.get(one.id, ())),
        )
        for one in shown
    )  # fmt: skip
    return MembersListed(items, _cursor(items[-1]) if len(rows) > limit else None)


def _statement(
    known: Known, asked: MembersAsked, at: datetime, place: tuple[Any, ...] | None, limit: int
) -> tuple[sql.Composed, list[Any]]:
    """The statement of a page and its parameters."""
    wanted = _of_member(known, asked, at)
    if asked.bought is None:
        if place is not None:
            wanted.append(("after", place))
        kind, order = _MEMBERS, _NEWEST_MEMBERS
    else:
        wanted += _of_visits(asked)
        if place is not None:
            wanted.append(("after_visit", place))
        kind, order = _VISITS, _NEWEST_VISITS
    statement = sql.Composed([sql.SQL(kind)])
    parameters: list[Any] = [known.program.id]
    for name, values in wanted:
        statement += sql.SQL(" AND " + _FRAGMENTS[name])
        parameters.extend(values)
    statement += sql.SQL(order)
    return statement, [*parameters, limit]


def _of_member(known: Known, asked: MembersAsked, at: datetime) -> list[tuple[str, tuple[Any, ...]]]:
    """What is asked of the member herself."""
    zone, day = known.program.time_zone, timedelta(days=1)
    wanted: list[tuple[str, tuple[Any, ...]]] = []
    if asked.joined_from is not None:
        wanted.append(("joined_from", (clock.midnight(asked.joined_from, zone),)))
    if asked.joined_to is not None:
        wanted.append(("joined_until", (clock.midnight(asked.joined_to + day, zone),)))
    if asked.present_on is not None:
        end = clock.midnight(asked.present_on + day, zone)
        wanted += [("joined_until", (end,)), ("present_at", (end, end, end))]
    if asked.bought is None and asked.stores is not None:
        wanted.append(("joined_in", (_array(asked.stores),)))
    if asked.source:
        wanted.append(("source", (asked.source,)))
    if asked.tag:
        wanted.append(("tag", (asked.tag,)))
    if asked.state is not None:
        wanted.append((asked.state, ()))
    if asked.ladder:
        ladder = known.ladders.get(asked.ladder)
        base = ladder is not None and ladder.base == asked.tier
        tier = ("no_tier", (asked.ladder, at, at)) if base else ("tier", (asked.ladder, asked.tier, at, at))
        wanted.append(tier)
    return wanted


def _of_visits(asked: MembersAsked) -> list[tuple[str, tuple[Any, ...]]]:
    """What is asked of the days on which she bought: within each store, or anywhere."""
    first, last, bought = asked.first, asked.last, asked.bought
    assert first is not None
    assert last is not None
    within = "all" if asked.stores is None else "store"
    wanted: list[tuple[str, tuple[Any, ...]]] = []
    if asked.stores is not None:
        wanted.append(("stores", (_array(asked.stores),)))
    if bought in ("cohort", "again"):
        ninety = timedelta(days=AGAIN_DAYS)
        wanted += [("days", (first - ninety, last - ninety)), (f"first_of_{within}", ())]
        return [*wanted, (f"again_of_{within}", ())] if bought == "again" else wanted
    wanted += [("days", (first, last)), (f"last_of_{within}", (last,))]
    return wanted if bought == "any" else [*wanted, (f"{bought}_of_{within}", (first,))]


async def _tiers(
    tx: Transaction, program: UUID, members: list[UUID], at: datetime
) -> dict[UUID, list[tuple[str, str]]]:
    """The tiers that members hold, beyond what everybody has."""
    if not members:
        return {}
    named = {
        "program": program,
        "homes": int2s([ids.home(member) for member in members]),
        "members": uuids(members),
        "at": at,
    }
    found: dict[UUID, list[tuple[str, str]]] = {}
    for member, ladder, tier in await fetch_all(tx, SQL.tiers, named):
        found.setdefault(member, []).append((ladder, tier))
    return found


def _row(row: Any) -> MemberRow:
    _, member, joined_at, source, tag, store, erased_at, merged_into, day, bought_in = row
    return MemberRow(
        member, joined_at, source, tag, store, erased_at is not None, merged_into, day, bought_in
    )


def _cursor(last: MemberRow) -> str:
    """Where the next page begins."""
    text = last.joined_at.isoformat() if last.day is None else f"{last.day.isoformat()} {last.bought_in}"
    return base64.urlsafe_b64encode(f"{text} {last.id.hex}".encode()).decode().rstrip("=")


def _place(cursor: str, *, visits: bool) -> tuple[Any, ...]:
    """Raises InvalidValue for what is no cursor of this list."""
    try:
        parts = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        member = UUID(hex=parts[-1])
        if visits:
            day, store = date.fromisoformat(parts[0]), UUID(hex=parts[1])
            return (day, store, ids.home(member), member) if len(parts) == 3 else _no_cursor()
        moment = datetime.fromisoformat(parts[0])
        return (moment, member) if len(parts) == 2 and moment.tzinfo is not None else _no_cursor()
    except (binascii.Error, ValueError, IndexError):
        return _no_cursor()


def _no_cursor() -> tuple[Any, ...]:
    raise InvalidValue("?cursor", "is not a cursor of this list")


def _array(stores: Iterable[UUID]) -> Any:
    return uuids(sorted(stores))
