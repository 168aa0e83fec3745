"""Keeps challenges, who takes part, what was counted, where everybody stands, and who reached which step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import instants, int2s, int4s, int8s, texts, uuids
from regulars.db.burst import Sender
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.games.progress import Round
from regulars.games.quests import Quest, QuestDocument

SQL = queries.load("regulars.games", "quests.sql")
_document = msgspec.json.Decoder(QuestDocument)


class Begun(Struct, frozen=True):
    """A challenge, and since when there is one of its code."""

    quest: Quest
    since: datetime


class Counted(Struct, frozen=True):
    """What one thing that a member did adds to one key; below zero what came back of it."""

    member: UUID
    quest: str
    round: int
    source: UUID
    act: UUID
    key: str
    amount: int
    at: datetime


class Standing(Struct, frozen=True):
    """Where a member stands in a window of a challenge."""

    member: UUID
    quest: str
    round: Round
    reached: int
    steps: tuple[int, ...]
    undone: int
    whole: int


class Reached(Struct, frozen=True):
    """A step that a member reached."""

    id: UUID
    member: UUID
    quest: str
    round: int
    step: int
    turn: int
    whole: bool
    source: UUID
    cost: int


class Result(Struct, frozen=True):
    """What came of a challenge so far."""

    won: int = 0
    cost: int = 0
    """Minor units of base money."""
    members: int = 0


class Place(Struct, frozen=True):
    """A place on a board."""

    rank: int
    nickname: str
    reached: int
    member: UUID


class Stood(Struct, frozen=True):
    """A window of a member, as it is shown."""

    quest: str
    round: Round
    reached: int
    steps: tuple[int, ...]
    undone: int
    whole: int
    counts: dict[str, int]


async def newest(tx: Transaction, program: UUID) -> tuple[Begun, ...]:
    """The challenges of a program as they count now, by code; stopped ones too."""
    rows = await fetch_all(tx, SQL.newest_quests, (program,))
    return tuple(
        Begun(Quest(code, revision, _document.decode(document)), since)
        for code, revision, document, since in rows
    )


async def add(
    tx: Transaction, program: UUID, code: str, document: QuestDocument, at: datetime, author: str
) -> int:
    """Enter a challenge's next revision. Its number."""
    written = msgspec.json.encode(document).decode()
    row = await fetch_one(tx, SQL.add_quest, (program, code, written, at, author))
    assert row is not None, "an insert answers"
    await tx.execute(SQL.open_budget, (program, code))
    return row[0]


async def win(tx: Transaction, program: UUID, quest: str, won: int, cost: int, most: int | None) -> bool:
    """Count winners (below zero: take them back) and what they cost; False where there is no room for as many."""
    return await fetch_one(tx, SQL.win, (program, quest, won, cost, most)) is not None


async def join(tx: Transaction, program: UUID, member: UUID, quest: str, at: datetime) -> bool:
    """She takes part; False where she does already."""
    return await fetch_one(tx, SQL.join, (program, ids.home(member), member, quest, at)) is not None


async def note_counts(tx: Sender, program: UUID, rows: Sequence[Counted]) -> None:
    """Write what was counted."""
    if not rows:
        return
    columns = (
        int2s([ids.home(one.member) for one in rows]), uuids([one.member for one in rows]),
        texts([one.quest for one in rows]), int4s([one.round for one in rows]),
        uuids([one.source for one in rows]), uuids([one.act for one in rows]), texts([one.key for one in rows]),
        int8s([one.amount for one in rows]), instants([one.at for one in rows]),
    )  # fmt: skip
    await tx.execute(SQL.note_counts, (program, *columns))


async def stand(tx: Sender, program: UUID, rows: Sequence[Standing], at: datetime) -> None:
    """Write where members stand now. Their pools must be locked."""
    if not rows:
        return
    columns = (
        int2s([ids.home(one.member) for one in rows]), uuids([one.member for one in rows]),
        texts([one.quest for one in rows]), int4s([one.round.key for one in rows]),
        instants([one.round.since for one in rows]), instants([one.round.until for one in rows]),
        int8s([one.reached for one in rows]),
        texts(["{" + ",".join(map(str, one.steps)) + "}" for one in rows]),
        int4s([one.undone for one in rows]), int4s([one.whole for one in rows]),
    )  # fmt: skip
    await tx.execute(SQL.stand, (program, at, *columns))


async def reach(tx: Transaction, program: UUID, step: Reached, at: datetime) -> bool:
    """Write that a member reached a step; False where she has in this turn."""
    values = (
        program, ids.home(step.member), step.member, step.quest, step.round, step.step, step.turn, step.id,
        step.whole, step.source, step.cost, at,
    )  # fmt: skip
    return await fetch_one(tx, SQL.reach, values) is not None


async def last_turns(
    tx: Transaction, program: UUID, member: UUID, quest: str, window: int, steps: Sequence[int]
) -> list[tuple[int, int, UUID, int]]:
    """Step, turn, id and cost of steps that a member has."""
    return await fetch_all(
        tx, SQL.last_turns, (program, ids.home(member), member, quest, window, list(steps))
    )


async def undo_step(
    tx: Transaction, program: UUID, member: UUID, quest: str, window: int, step: int, turn: int, act: UUID,
    at: datetime,
) -> bool:  # fmt: skip
    """Write that a step was taken back; False where it was before."""
    values = (program, ids.home(member), member, quest, window, step, turn, act, at)
    return await fetch_one(tx, SQL.undo_step, values) is not None


async def counted_of(tx: Transaction, program: UUID, source: UUID) -> list[Counted]:
    """What a purchase or activity still adds, everywhere."""
    rows = await fetch_all(tx, SQL.counted_of, (source, program))
    return [
        Counted(member, quest, window, source, source, key, amount, at)
        for member, quest, window, key, amount, at in rows
    ]


async def results(tx: Transaction, program: UUID) -> dict[str, Result]:
    """Challenge → what came of it so far."""
    return {quest: Result(*rest) for quest, *rest in await fetch_all(tx, SQL.results, (program,))}


async def standings_of(tx: Transaction, program: UUID, member: UUID) -> list[Stood]:
    """Where a member stands, window by window, the latest first."""
    found: list[Stood] = []
    rows = await fetch_all(tx, SQL.standings_of, (program, ids.home(member), member))
    for quest, window, since, until, reached, steps, undone, whole, keys, amounts in rows:
        counts: dict[str, int] = {}
        for key, amount in zip(keys or (), amounts or (), strict=True):
            counts[key] = counts.get(key, 0) + amount
        found.append(Stood(quest, Round(window, since, until), reached, tuple(steps), undone, whole, counts))
    return found


async def entries_of(tx: Transaction, program: UUID, member: UUID) -> dict[str, datetime]:
    """Challenge → since when a member takes part."""
    return dict(await fetch_all(tx, SQL.entries_of, (program, ids.home(member), member)))


async def put_name(tx: Transaction, program: UUID, member: UUID, nickname: str, at: datetime) -> None:
    """She is shown on boards under this name."""
    key = (program, ids.home(member), member)
    await tx.execute(SQL.put_name, (*key, nickname, at))
    await tx.execute(SQL.show_named, (True, *key))


async def drop_name(tx: Transaction, program: UUID, member: UUID) -> None:
    """She is shown on no board any more; done again it changes nothing."""
    key = (program, ids.home(member), member)
    if await fetch_one(tx, SQL.drop_name, key) is not None:
        await tx.execute(SQL.show_named, (False, *key))


async def name_of(tx: Transaction, program: UUID, member: UUID) -> str | None:
    """Under which name she is shown; None: she is not."""
    row = await fetch_one(tx, SQL.name_of, (program, ids.home(member), member))
    return row[0] if row else None


async def board(tx: Transaction, program: UUID, quest: str, window: int, limit: int) -> list[Place]:
    """The best of a window, among those who chose a name."""
    rows = await fetch_all(tx, SQL.board, (quest, window, program, limit))
    return [Place(*row) for row in rows]


async def place(
    tx: Transaction, program: UUID, member: UUID, quest: str, window: int
) -> tuple[int, int] | None:
    """Her own place and how much she has; None where she is not shown."""
    row = await fetch_one(tx, SQL.place, (program, ids.home(member), member, quest, window))
    return (row[0], row[1]) if row else None


async def copy(tx: Transaction, program: UUID, duplicate: UUID, survivor: UUID, act: UUID) -> None:
    """What the duplicate did, and where she takes part, is the survivor's as well."""
    key = (program, ids.home(survivor), survivor)
    of = (ids.home(duplicate), duplicate)
    await tx.execute(SQL.copy_counts, (*key, act, *of))
    await tx.execute(SQL.copy_entries, (*key, *of))


async def counted_by(tx: Transaction, program: UUID, member: UUID, act: UUID) -> list[Counted]:
    """What counts for a member by one act, e.g. a merge."""
    rows = await fetch_all(tx, SQL.counted_by, (program, ids.home(member), member, act))
    return [
        Counted(member, quest, window, source, act, key, amount, at)
        for quest, window, source, key, amount, at in rows
        if amount
    ]


async def forget(tx: Transaction, program: UUID, member: UUID) -> None:
    """Remove the name that she is shown under, and where she takes part."""
    await drop_name(tx, program, member)
    await tx.execute(SQL.forget_entries, (program, ids.home(member), member))
