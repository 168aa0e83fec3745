"""Challenges when two members become one: what both did counts together; parted, what came with the merge goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import structs

from regulars import ids
from regulars.db.pool import Transaction
from regulars.games import progress, quest_book
from regulars.games.quest_book import Standing, Stood
from regulars.games.quests import Quest


async def unite(
    tx: Transaction, program: UUID, survivor: UUID, duplicate: UUID, merge: UUID, at: datetime
) -> None:
    """The survivor has done what both did, and has the steps of both. What is enough by now is given with her next act.

    The pools of both must be locked.
    """
    brought = await quest_book.standings_of(tx, program, duplicate)
    await quest_book.copy(tx, program, duplicate, survivor, merge)
    if not brought:
        return
    quests = await _quests(tx, program)
    hers = {(one.quest, one.round.key): one for one in await quest_book.standings_of(tx, program, survivor)}
    rows: list[Standing] = []
    for one in brought:
        # The counts of a window that she has had include what was copied just now.
        mine = hers.get((one.quest, one.round.key))
        counts = mine.counts if mine is not None else one.counts
        whole = mine or structs.replace(one, steps=(), undone=0)
        steps = {*one.steps, *whole.steps}
        rows.append(_standing(quests, survivor, whole, counts, steps))
    await quest_book.stand(tx, program, rows, at)


async def part(tx: Transaction, program: UUID, survivor: UUID, merge: UUID, at: datetime) -> None:
    """What came with a merge counts for the survivor no more; steps that only the other one took are not hers."""
    came = await quest_book.counted_by(tx, program, survivor, merge)
    if not came:
        return
    act = ids.new(ids.home(survivor))
    gone = [structs.replace(one, act=act, amount=-one.amount) for one in came]
    await quest_book.note_counts(tx, program, gone)
    quests = await _quests(tx, program)
    windows = {(one.quest, one.round) for one in came}
    rows: list[Standing] = []
    for one in await quest_book.standings_of(tx, program, survivor):
        if (one.quest, one.round.key) not in windows:
            continue
        own = await quest_book.last_turns(tx, program, survivor, one.quest, one.round.key, one.steps)
        steps = {step for step, _, _, _ in own} & set(one.steps)
        rows.append(_standing(quests, survivor, one, one.counts, steps))
    await quest_book.stand(tx, program, rows, at)


def _standing(
    quests: Mapping[str, Quest], member: UUID, one: Stood, counts: Mapping[str, int], steps: set[int]
) -> Standing:
    quest = quests[one.quest]
    left = progress.added({}, counts)
    whole = sum(progress.is_whole(quest, step) for step in steps)
    amount = progress.reached(quest.document.goal, left)
    return Standing(member, one.quest, one.round, amount, tuple(sorted(steps)), one.undone, whole)


async def _quests(tx: Transaction, program: UUID) -> dict[str, Quest]:
    return {one.quest.code: one.quest for one in await quest_book.newest(tx, program)}
