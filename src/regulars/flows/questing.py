"""Counts what members do for challenges, and gives what follows: a batch's purchases one by one, or one thing alone.

asked = questing.for_purchases(known, …)
rows = await questing.ask(burst, known, asked)          within the pipeline that locks the pools
tally = Tally(known, await questing.answered(rows))
changes = tally.add(…)                                  in memory; points of prizes go to the member's page
await tally.settle(tx, pages, …); await tally.write(tx, at)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from psycopg.errors import SerializationFailure

from regulars import clock, ids
from regulars.audience import Hers, marked
from regulars.db import queries
from regulars.db.arrays import instants, int2s, int4s, texts, uuids
from regulars.db.burst import Rows, Sender
from regulars.db.pool import Transaction
from regulars.flows import prizes
from regulars.flows.known_programs import Known
from regulars.flows.prizes import Cause
from regulars.games import progress, quest_book
from regulars.games.progress import Act, Round
from regulars.games.quest_book import Counted, Reached, Standing
from regulars.games.quests import Quest, QuestDocument
from regulars.ledger.page import Page
from regulars.prizes import Prize
from regulars.rewards import prize_book
from regulars.rewards.prize_book import GivenPrize

SQL = queries.load("regulars.flows", "questing.sql")
CAUSE = "challenge"
WINDOWS = ("week", "month", "quarter")


class WinnersGone(SerializationFailure):
    """The last winner came between the reading and the writing: begin again, now that it is known."""


class Wanted(Struct, frozen=True):
    """Where a member stands in a challenge at an instant."""

    place: int
    member: UUID
    quest: Quest
    at: datetime
    window: int | None
    """The first day of a window of the calendar, 0 of the only one; None: windows of her own, by the instant."""


class Row(Struct, frozen=True):
    """What the database knows of it."""

    place: int
    quest: str
    round: int | None
    since: datetime | None
    until: datetime | None
    steps: Sequence[int] | None
    undone: int | None
    keys: Sequence[str] | None
    amounts: Sequence[int] | None
    joined_at: datetime | None
    marks: Sequence[str] | None
    whole: int | None
    won: int | None


class Change(Struct, frozen=True):
    """What something that a member did changed for her in a challenge."""

    quest: Quest
    shown: int
    """How far she is now, in counted amounts: within the time that she is at."""
    whole: bool
    """She has done all of it with this."""
    given: tuple[Prize, ...]
    exhausted: bool = False
    """All of it is done, but there are no winners any more."""


class _State(Struct):
    round: Round
    counts: dict[str, int]
    steps: set[int]
    undone: int
    changed: bool = False


def open_quests(known: Known, at: datetime, activity: str | None = None) -> list[Quest]:
    """The challenges that count purchases (or this kind of activity) at an instant."""
    return [
        quest
        for quest in known.quests.values()
        if quest.document.goal.activity == activity and quest.open_at(at)
    ]


def wanted(known: Known, place: int, member: UUID, quests: Iterable[Quest], at: datetime) -> list[Wanted]:
    """Where she stands in these at an instant."""
    zone = clock.zone(known.program.time_zone)
    found: list[Wanted] = []
    for quest in quests:
        own = quest.document.window == "days"
        window = None if own else progress.round_at(quest, at, zone, None, ()).key
        found.append(Wanted(place, member, quest, at, window))
    return found


async def ask(tx: Sender, known: Known, asked: Sequence[Wanted]) -> Rows:
    """Ask for all of it in one statement; see `answered`."""
    marked = any(_addressed(one.quest.document) for one in asked)
    joined = any(one.quest.document.join == "opt_in" for one in asked)
    return await tx.execute(
        SQL.standings,
        (
            known.program.id, marked, joined,
            int4s([one.place for one in asked]), int2s([ids.home(one.member) for one in asked]),
            uuids([one.member for one in asked]), texts([one.quest.code for one in asked]),
            int4s([one.window for one in asked]), instants([one.at for one in asked]),
        ),
    )  # fmt: skip


async def answered(rows: Rows) -> list[Row]:
    """What was asked for."""
    return [Row(*row) for row in await rows.fetchall()]


class Tally:
    """What is counted in one transaction; each thing starts from what the one before it left."""

    def __init__(self, known: Known, rows: Sequence[Row]) -> None:
        self._known = known
        self._zone = clock.zone(known.program.time_zone)
        self._rows: dict[int, list[Row]] = {}
        self._won: dict[str, int] = {}
        for row in rows:
            self._rows.setdefault(row.place, []).append(row)
            self._won[row.quest] = row.won or 0
        self._states: dict[tuple[UUID, str], dict[int, _State]] = {}
        self._whole: dict[tuple[UUID, str], int] = {}
        self._counted: list[Counted] = []
        self._reached: list[tuple[Reached, list[tuple[GivenPrize, Cause]]]] = []
        self._gone: list[tuple[UUID, Quest, int, int, UUID]] = []

    def add(
        self, place: int, member: UUID, page: Page, source: UUID, act: Act, at: datetime, by: str,
        issuer: UUID | None = None,
    ) -> list[Change]:  # fmt: skip
        """Count what a member did for every challenge that was asked for at this place."""
        found: list[Change] = []
        by_quest: dict[str, list[Row]] = {}
        for row in self._rows.get(place, ()):
            by_quest.setdefault(row.quest, []).append(row)
        for code, rows in by_quest.items():
            quest = self._known.quests[code]
            more = progress.counted(quest, act, self._zone)
            if not more or not self._takes_part(quest.document, rows[0], act.at):
                continue
            states = self._states_of(member, code, rows)
            window = progress.round_at(
                quest, act.at, self._zone, rows[0].joined_at, [one.round for one in states.values()]
            )
            if not window.since <= act.at < window.until:
                continue
            state = states.get(window.key)
            if state is None:
                if quest.document.window == "days" and self._whole[member, code] >= quest.document.repeat:
                    continue
                state = states[window.key] = _State(window, {}, set(), 0)
            self._count(member, quest, state, source, source, more, act.at)
            found.append(self._weigh(member, page, quest, state, source, at, by, issuer, source))
        return found

    def take_off(
        self, member: UUID, page: Page, quest: Quest, rows: Sequence[Row], less: Mapping[str, int], source: UUID,
        act: UUID, happened_at: datetime, at: datetime, by: str, stand: set[int] | None = None,
    ) -> None:  # fmt: skip
        """Count less for a window, for something came back; what rested on it gives way with `settle`.

        `stand`: of whoever others were merged into, the steps that nobody of them gave back meanwhile.
        """
        for state in self._states_of(member, quest.code, rows).values():
            if stand is not None:
                state.steps &= stand
            self._count(member, quest, state, source, act, less, happened_at)
            self._weigh(member, page, quest, state, source, at, by, None, act)

    @property
    def gives(self) -> bool:
        """Whether somebody reached a step, or one gives way."""
        return bool(self._reached or self._gone)

    async def settle(self, tx: Transaction, pages: Mapping[UUID, Page], at: datetime, by: str) -> None:
        """Write the steps that were reached with their prizes, and take back what rested on what is gone.

        `pages`: by member, whose steps may give way. Raises WinnersGone.
        """
        won: dict[str, list[int]] = {}
        for step, given in self._reached:
            sums = won.setdefault(step.quest, [0, 0])
            sums[0] += step.whole
            sums[1] += sum(one.cost for one, _ in given)
        program = self._known.program.id
        for step, given in self._reached:
            if not await quest_book.reach(tx, program, step, at):
                raise WinnersGone
            for one, cause in given:
                await prizes.enter(tx, self._known, one, cause)
        for member, quest, window, number, act in self._gone:
            back = await self._undo(tx, pages[member], member, quest, window, number, act, at, by)
            if back is None:  # it came with a merge: whoever took it gives it back
                continue
            sums = won.setdefault(quest.code, [0, 0])
            sums[0] -= progress.is_whole(quest, number)
            sums[1] -= back
        for code, (winners, cost) in sorted(won.items()):
            most = self._known.quests[code].document.winners
            if not await quest_book.win(tx, program, code, winners, cost, most):
                raise WinnersGone

    async def write(self, tx: Sender, at: datetime) -> None:
        """Write what was counted, and where everybody stands now."""
        program = self._known.program.id
        await quest_book.note_counts(tx, program, self._counted)
        standings = [
            self._standing(member, code, state)
            for (member, code), states in self._states.items()
            for state in states.values()
            if state.changed
        ]
        await quest_book.stand(tx, program, standings, at)

    def _standing(self, member: UUID, code: str, state: _State) -> Standing:
        quest = self._known.quests[code]
        return Standing(
            member, code, state.round, progress.reached(quest.document.goal, state.counts),
            tuple(sorted(state.steps)), state.undone,
            sum(progress.is_whole(quest, step) for step in state.steps),
        )  # fmt: skip

    def _states_of(self, member: UUID, code: str, rows: Sequence[Row]) -> dict[int, _State]:
        states = self._states.setdefault((member, code), {})
        self._whole.setdefault((member, code), rows[0].whole or 0)
        for row in rows:
            if row.round is None or row.round in states:
                continue
            assert row.since is not None, "a standing has its window"
            assert row.until is not None, "a standing has its window"
            counts = dict(zip(row.keys or (), row.amounts or (), strict=True))
            window = Round(row.round, row.since, row.until)
            states[row.round] = _State(window, counts, set(row.steps or ()), row.undone or 0)
        return states

    def _takes_part(self, document: QuestDocument, row: Row, at: datetime) -> bool:
        if document.join == "opt_in" and (row.joined_at is None or row.joined_at > at):
            return False
        if not _addressed(document):
            return True
        pairs = [(kind, code) for kind, _, code in (mark.partition(":") for mark in row.marks or ())]
        return is_for(document, marked(pairs, self._known.bases))

    def _count(
        self, member: UUID, quest: Quest, state: _State, source: UUID, act: UUID, more: Mapping[str, int],
        at: datetime,
    ) -> None:  # fmt: skip
        state.counts = progress.added(state.counts, more)
        state.changed = True
        self._counted += [
            Counted(member, quest.code, state.round.key, source, act, key, amount, at)
            for key, amount in sorted(more.items())
        ]

    def _weigh(
        self, member: UUID, page: Page, quest: Quest, state: _State, source: UUID, at: datetime, by: str,
        issuer: UUID | None, act: UUID,
    ) -> Change:  # fmt: skip
        """Steps that are reached by now, and those that are no more."""
        amount = progress.reached(quest.document.goal, state.counts)
        due = progress.due(quest, amount)
        if quest.document.returns == "undo":
            for number in sorted(state.steps - due):
                self._gone.append((member, quest, state.round.key, number, act))
                state.steps.discard(number)
                state.undone += 1
                self._whole[member, quest.code] -= progress.is_whole(quest, number)
        given: list[Prize] = []
        whole = exhausted = False
        for number in sorted(due - state.steps):
            last = progress.is_whole(quest, number)
            if last and self._spent(quest):
                exhausted = True
                continue
            given += self._reach(member, page, quest, state, number, source, at, by, issuer)
            whole = whole or last
        shown = progress.running(quest.document.goal, state.counts, at, self._zone)
        return Change(quest, shown, whole, tuple(given), exhausted)

    def _spent(self, quest: Quest) -> bool:
        most = quest.document.winners
        return most is not None and self._won.get(quest.code, 0) >= most

    def _reach(
        self, member: UUID, page: Page, quest: Quest, state: _State, number: int, source: UUID, at: datetime,
        by: str, issuer: UUID | None,
    ) -> list[Prize]:  # fmt: skip
        last = progress.is_whole(quest, number)
        step = ids.new(ids.home(member))
        program = self._known.program
        funder = program.partners.get(quest.document.funder or "")
        title = quest.name(program.languages[0])
        planned: list[tuple[GivenPrize, Cause]] = []
        for n, prize in enumerate(quest.milestones[number % len(quest.milestones)][1]):
            cause = Cause(CAUSE, step, n, title, by, funder.id if funder else None, issuer)
            planned.append((prizes.planned(self._known, page, member, prize, cause, at), cause))
        cost = sum(one.cost for one, _ in planned)
        self._reached.append(
            (
                Reached(step, member, quest.code, state.round.key, number, state.undone, last, source, cost),
                planned,
            )
        )
        state.steps.add(number)
        if last:
            self._won[quest.code] = self._won.get(quest.code, 0) + 1
            self._whole[member, quest.code] += 1
        return [one.prize for one, _ in planned]

    async def _undo(
        self, tx: Transaction, page: Page, member: UUID, quest: Quest, window: int, number: int, act: UUID,
        at: datetime, by: str,
    ) -> int | None:  # fmt: skip
        """Take a step back with its prizes. What it had cost; None where it is not hers."""
        program = self._known.program.id
        back = None
        for step, turn, about, cost in await quest_book.last_turns(
            tx, program, member, quest.code, window, [number]
        ):
            if not await quest_book.undo_step(tx, program, member, quest.code, window, step, turn, act, at):
                raise WinnersGone
            back = cost
            title = quest.name(self._known.program.languages[0])
            n = 0
            while (given := await prize_book.find(tx, program, member, CAUSE, about, n)) is not None:
                await prizes.take_back(tx, self._known, page, given, at, by, title)
                n += 1
        return back


def is_for(document: QuestDocument, hers: Hers) -> bool:
    """Whether a challenge is meant for a member."""
    return hers.among(tiers=document.tiers, audiences=document.audiences, clubs=document.clubs)


def _addressed(document: QuestDocument) -> bool:
    return bool(document.tiers or document.audiences or document.clubs)
