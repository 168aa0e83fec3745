"""Rehearses a challenge before it counts: on what some of the members did in the last days. Writes nothing.

Of a large program some members are looked at, whichever, and the figures are reckoned up from them. Read off the hot
path, slice by slice; no transaction is open while a slice is worked on.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, structs

from regulars import clock, ids
from regulars.audience import marked
from regulars.db import queries
from regulars.db.arrays import int2s, int4s, uuids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows import past_receipts, prizes, questing
from regulars.flows.known_programs import Known
from regulars.flows.quest_acts import act_of
from regulars.flows.quests import require_sense
from regulars.games.progress import Act
from regulars.games.quests import Quest, QuestDocument
from regulars.games.rehearsal import Deed, rehearse
from regulars.purchases import documents
from regulars.units import divide_half_up, parse_quantity

SQL = queries.load("regulars.flows", "quest_preview.sql")
MEMBERS_MAX = 2000
DEEDS_MAX = 6000
SLICE = 100
"""Members that are read in one transaction."""
DAYS_MAX = 92


class QuestRehearsal(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/challenges/preview`."""

    document: QuestDocument
    days: Annotated[int, Meta(ge=1, le=DAYS_MAX)] = 30
    """On what was done in so many days until now."""


class MilestonePreview(Struct, frozen=True):
    """How many members would have reached something on the way, or the whole."""

    at: int
    """In the unit of `need`."""
    members: int


class QuestPreview(Struct, frozen=True):
    """What a challenge would have come to. Of a part of the members (`estimated`) figures are reckoned up to all."""

    since: datetime
    until: datetime
    members: int
    """How many there are; of a large program about so many."""
    looked_at: int
    """Members whose deeds were read."""
    deeds: int
    """Purchases, or activities, that were read."""
    estimated: bool
    took_part: int
    """Members of whom something would have counted."""
    completed: int
    """Members who would have done all of it."""
    near: int
    """Who would have come to three quarters of it or more, and not to all of it."""
    times: int
    """How many times all of it would have been won."""
    cost: int
    """Of all prizes, minor units of base money."""
    milestones: tuple[MilestonePreview, ...]
    """The whole of it last."""


class _Chosen(Struct, frozen=True):
    """Members to look at, with their pools, and how many there are."""

    members: list[tuple[UUID, UUID]]
    all: int


async def preview_quest(
    database: Database, known: Known, asked: QuestRehearsal, at: datetime
) -> QuestPreview:
    """What it would have come to by the program's instant `at`.

    Its dates are left out, for they lie ahead; members count as having joined at the beginning, and their marks are
    those of today; what came back counts as it would by now. Raises Contradiction.
    """
    program = known.program.id
    async with database.transaction(program, analytical=True) as tx:
        await require_sense(tx, known.program, asked.document)
        chosen = await _choose(tx, program)
    since = at - timedelta(days=asked.days)
    undated = structs.replace(asked.document, valid_from=None, valid_until=None, stopped=False)
    quest = Quest("", 0, undated)
    deeds: list[Deed] = []
    looked_at = 0
    for begin in range(0, len(chosen.members), SLICE):
        part = chosen.members[begin : begin + SLICE]
        async with database.transaction(program, analytical=True) as tx:
            meant = await _meant(tx, known, quest, part, at)
            found = await _deeds(tx, known, quest, meant, since, at)
        if looked_at and len(deeds) + len(found) > DEEDS_MAX:
            break
        deeds += found
        looked_at += len(part)
    return await asyncio.to_thread(_reckon, known, quest, deeds, chosen.all, looked_at, since, at)


def _reckon(
    known: Known,
    quest: Quest,
    deeds: Sequence[Deed],
    members: int,
    looked_at: int,
    since: datetime,
    at: datetime,
) -> QuestPreview:
    """The figures, reckoned up from those who were looked at to all."""
    most = quest.document.winners
    share = None if most is None else divide_half_up(most * looked_at, members) if members else most
    costs = [sum(prizes.cost(known.program, prize) for prize in given) for _, given in quest.milestones]
    found = rehearse(quest, deeds, clock.zone(known.program.time_zone), costs, share, since)

    def of_all(figure: int) -> int:
        return divide_half_up(figure * members, looked_at) if looked_at else 0

    return QuestPreview(
        since=since,
        until=at,
        members=members,
        looked_at=looked_at,
        deeds=len(deeds),
        estimated=looked_at < members,
        took_part=of_all(found.took_part),
        completed=of_all(found.completed),
        near=of_all(found.near),
        times=of_all(found.times),
        cost=of_all(found.cost),
        milestones=tuple(
            MilestonePreview(amount // quest.scale, of_all(reached))
            for (amount, _), reached in zip(quest.milestones, found.steps, strict=True)
        ),
    )


async def _choose(tx: Transaction, program: UUID) -> _Chosen:
    """All members of a small program. Of a large one those of some homes: homes are drawn at random, so it does not
    matter which."""
    few = await fetch_all(tx, SQL.few, (program, MEMBERS_MAX + 1))
    if len(few) <= MEMBERS_MAX:
        return _Chosen([(row[0], row[1]) for row in few], len(few))
    homes = random.Random(program.int).sample(range(ids.HOMES), ids.HOMES)  # noqa: S311
    members: list[tuple[UUID, UUID]] = []
    seen = count = 0
    for home in homes:
        rows = await fetch_all(tx, SQL.of_home, (program, home, MEMBERS_MAX - len(members)))
        members += [(row[0], row[1]) for row in rows]
        seen, count = seen + 1, count + (rows[0][2] if rows else 0)
        if len(members) >= MEMBERS_MAX:
            break
    return _Chosen(members, divide_half_up(count * ids.HOMES, seen))


async def _meant(
    tx: Transaction, known: Known, quest: Quest, members: Sequence[tuple[UUID, UUID]], at: datetime
) -> list[tuple[UUID, UUID]]:
    """Those of the members for whom it is."""
    document = quest.document
    if not (document.tiers or document.audiences or document.clubs):
        return list(members)
    homes = [ids.home(member) for member, _ in members]
    rows = await fetch_all(
        tx, SQL.marks, (known.program.id, homes, [member for member, _ in members], at, at)
    )
    pairs: dict[UUID, list[tuple[str, str]]] = {}
    for member, kind, code in rows:
        pairs.setdefault(member, []).append((kind, code))
    return [
        (member, pool)
        for member, pool in members
        if questing.is_for(document, marked(pairs.get(member, ()), known.bases))
    ]


async def _deeds(
    tx: Transaction, known: Known, quest: Quest, members: Sequence[tuple[UUID, UUID]], since: datetime,
    until: datetime,
) -> list[Deed]:  # fmt: skip
    """What they did, as far as it may count."""
    kind = quest.document.goal.activity
    if not members:
        return []
    if kind is None:
        return await _purchases(tx, known, quest, members, since, until)
    asked = (known.program.id, [member for member, _ in members], kind, since, until, DEEDS_MAX)
    return [
        Deed(member, Act(happened_at, None, activity=kind, quantity=quantity))
        for member, happened_at, quantity in await fetch_all(tx, SQL.activities, asked)
    ]


async def _purchases(
    tx: Transaction, known: Known, quest: Quest, members: Sequence[tuple[UUID, UUID]], since: datetime,
    until: datetime,
) -> list[Deed]:  # fmt: skip
    program = known.program
    of_pool: dict[UUID, list[UUID]] = {}
    for member, pool in members:
        of_pool.setdefault(pool, []).append(member)
    pools = sorted(of_pool)
    window = (program.id, since, until)
    rows = await fetch_all(
        tx, SQL.purchases, (*window, int2s([ids.home(pool) for pool in pools]), uuids(pools), DEEDS_MAX)
    )
    places = int4s(list(range(len(rows))))
    columns = (places, int2s([row[1] for row in rows]), uuids([row[0] for row in rows]))
    read = await fetch_all(tx, past_receipts.SQL.documents, (program.id, *columns))
    merged = dict(await fetch_all(tx, SQL.merged, (program.id, [member for member, _ in members])))
    stores = {store.id: store for store in program.stores.values()}
    keeps = quest.document.returns == "keep"
    found: list[Deed] = []
    for (_, _, pool, bought_at, returned), (_, member, _, store, _, document) in zip(rows, read, strict=True):
        whose = merged.get(member, member)
        if whose not in of_pool[pool] or store not in stores:
            continue  # another one of her account bought it, who is not looked at
        back = {} if keeps else _back(returned)
        act = act_of(program, documents.unpack(document), stores[store], bought_at, back)
        found.append(Deed(whose, act))
    return found


def _back(returned: Sequence[bytes]) -> Mapping[int, int]:
    """Line → thousandths that came back."""
    back: dict[int, int] = {}
    for document in returned:
        for line in documents.unpack_return(document).lines:
            back[line.line] = back.get(line.line, 0) + parse_quantity(line.quantity)
    return back
