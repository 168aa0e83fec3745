"""One chunk of activities within its transaction: what was counted is read, they follow one another, all is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock, ids
from regulars.db import outbox
from regulars.db.outbox import Note
from regulars.db.pool import Transaction
from regulars.db.requests import same as same_digest
from regulars.errors import Problem, RequestKeyReused
from regulars.flows import activity_sent, activity_views, own_words, quest_acts
from regulars.flows.activity_books import Books, Cause, locked_people
from regulars.flows.activity_originals import Meters, Original, Sources, taken_back
from regulars.flows.activity_sent import Recorded, Sent, Source
from regulars.flows.activity_tally import Days, Tally, keys_of
from regulars.flows.known_programs import Known
from regulars.flows.tiering import Climber
from regulars.purchases import activity, activity_log
from regulars.purchases.activity import ActivityKind
from regulars.purchases.activity_data import Measured
from regulars.purchases.activity_log import Activity, Flag, Key, Kind, Outcome


class _Act(Struct, frozen=True):
    """An activity that is about to be recorded."""

    place: int
    sent: Sent
    who: Climber
    kind: Kind
    measured: Measured

    @property
    def meter(self) -> tuple[UUID, str, str]:
        """Which it reads, if it does."""
        return self.who.member, self.kind.code, self.measured.series


class _Step(Struct, frozen=True):
    """What an activity changes: whose count of which kind, on which days, from what to what."""

    member: UUID
    document: ActivityKind
    days: Days
    before: int
    quantity: int
    original: Original | None = None


class Recording:
    """A chunk of one source."""

    def __init__(self, known: Known, source: Source, at: datetime) -> None:
        self._program, self._source, self._at = known.program, source, at
        self._known = known
        self._zone = clock.zone(self._program.time_zone)
        self._today = self._day(at)
        self._tally, self._books, self._meters = Tally(self._program), Books(known, at), Meters()
        self._sources = Sources(self._program.id, source.name)
        self._kinds: dict[str, Kind] = {}
        self._near: dict[int, int] = {}
        self._kept: list[tuple[Activity, bytes]] = []
        self._pools: dict[UUID, UUID] = {}
        self._left: dict[UUID, int] = {}

    async def record(self, tx: Transaction, sent: Sequence[Sent]) -> list[Recorded | Problem]:
        """What became of each. Raises SerializationFailure where something has moved on meanwhile."""
        self._kinds = await activity_log.newest(tx, self._program.id)
        people = await locked_people(tx, self._known, list(dict.fromkeys(one.member for one in sent)))
        await self._sources.read(tx, sent)
        results: dict[int, Recorded | Problem] = {}
        acts: list[_Act] = []
        first: dict[str, int] = {}
        for place, one in enumerate(sent):
            same = first.setdefault(one.new.id, place)
            try:
                if same != place:
                    _require_same(sent[same].digest, one.digest)
                elif (before := self._sources.before(one.new.id)) is not None:
                    _require_same(before.digest, one.digest)
                    view = activity_views.shown(before.activity, before.activity.outcome)
                    results[place] = Recorded(view, replayed=True)
                else:
                    acts.append(self._read(place, one, people[one.member]))
            except Problem as problem:
                results[place] = problem
        await self._read_counted(tx, acts)
        for act in acts:
            try:
                results[act.place] = Recorded(activity_views.shown(await self._follow(tx, act)))
            except Problem as problem:
                results[act.place] = problem
        await self._write(tx)
        return [_again(results, first[one.new.id], place) for place, one in enumerate(sent)]

    def _read(self, place: int, one: Sent, who: Climber | Problem) -> _Act:
        if isinstance(who, Problem):
            raise who
        kind = self._kinds.get(one.new.kind)
        measured = activity_sent.read(one.new, kind, self._source, self._program.time_zone, self._at)
        assert kind is not None, "what is read has a kind"
        return _Act(place, one, who, kind, measured)

    async def _read_counted(self, tx: Transaction, acts: Sequence[_Act]) -> None:
        """What is counted for the members of the chunk, what their meters show, and what lies near in time."""
        await self._tally.read(tx, [key for act in acts for key in self._keys(act)])
        meters = [act.meter for act in acts if act.kind.document.measure == "reading"]
        await self._meters.read(tx, self._program.id, meters)
        asked = []
        for act in acts:
            flood, happened_at = act.kind.document.flood, act.sent.new.happened_at
            if flood is not None:
                wide = timedelta(seconds=flood.seconds)
                span = (happened_at - wide, happened_at + wide)
                asked.append((act.place, act.who.member, act.kind.code, *span, flood.most))
        if asked:
            self._near = await activity_log.near(tx, self._program.id, self._source.name, asked)

    def _keys(self, act: _Act) -> list[Key]:
        """Under which keys it may be counted, whatever it turns out to be."""
        new, code, document = act.sent.new, act.kind.code, act.kind.document
        found = keys_of(act.who.member, code, document, self._days(new.happened_at))
        found += keys_of(act.who.member, code, document, self._days(new.happened_at, self._at))
        before = self._sources.before(new.corrects or "")
        if new.corrects is not None and before is not None and before.activity.kind == code:
            one = before.activity
            days = self._days(new.happened_at, one.happened_at)
            found += keys_of(one.member, code, self._sources.document(one), days)
        return found

    async def _follow(self, tx: Transaction, act: _Act) -> Activity:
        """Record one after those before it."""
        new, who = act.sent.new, act.who
        step = await self._step(tx, act)
        flag = self._flag(act) if step.quantity >= 0 and step.original is None else None
        identifier, happened_at = ids.new(ids.home(who.member)), new.happened_at.astimezone(UTC)
        earned, posting, status = [], None, "waiting"
        if flag is None:
            status = "counted"
            earned = self._tally.count(
                step.member, act.kind.code, step.document, step.days, step.before, step.before + step.quantity
            )
            cause = Cause(
                step.member, who.pool, act.kind.code, step.document, new.happened_at, self._source.by, identifier,
                self._source.issuer, step.original.posting if step.original else None,
            )  # fmt: skip
            posting = await self._books.book(tx, cause, earned)
            if posting is not None:
                self._tally.paid(posting)
        elif act.kind.document.review == "never":
            status = "set_aside"
        kept = Activity(
            identifier, who.member, act.kind.code, act.kind.revision, self._source.name, new.id, happened_at,
            self._at, step.quantity, act.measured.values, step.original.activity.id if step.original else None, flag,
            Outcome(status, tuple(earned)), posting,
            own_words.seal_activity(self._known.vault, who.member, identifier, act.measured.texts),
        )  # fmt: skip
        self._remember(act, step, kept)
        return kept

    async def _step(self, tx: Transaction, act: _Act) -> _Step:
        """What it changes. Raises InvalidValue, StateConflict."""
        new, document, quantity = act.sent.new, act.kind.document, act.measured.quantity
        if new.corrects is not None:
            original = await self._sources.original(tx, act.sent, act.who.member)
            quantity = taken_back(original, quantity)
            if original.document.measure == "reading":
                self._meters.turn_back(act.meter, original)
            one = original.activity
            days = self._days(new.happened_at, one.happened_at)
            return _Step(one.member, original.document, days, original.left, quantity, original)
        if document.measure == "reading":
            pointer = f"/data/{document.quantity}"
            quantity = self._meters.moved_on(act.meter, quantity, new.happened_at, pointer)
        days = self._days(new.happened_at, self._at if quantity < 0 else None)
        return _Step(act.who.member, document, days, 0, quantity)

    def _flag(self, act: _Act) -> Flag | None:
        """Why it earns nothing unless somebody accepts it; None: it counts."""
        document, flood = act.kind.document, act.kind.document.flood
        if flood is not None:
            wide, here = timedelta(seconds=flood.seconds), act.sent.new.happened_at
            beside = sum(
                abs(one.happened_at - here) < wide
                for one, _ in self._kept
                if one.member == act.who.member and one.kind == act.kind.code and one.quantity > 0
            )
            if self._near.get(act.place, 0) + beside >= flood.most:
                return "flood"
        return "review" if document.review == "always" else None

    def _remember(self, act: _Act, step: _Step, kept: Activity) -> None:
        self._kept.append((kept, act.sent.digest))
        self._pools[act.who.member] = act.who.pool
        if step.original is not None:
            step.original.left += kept.quantity
            self._left[kept.id] = step.original.left
            return
        self._sources.remember(kept, act.kind.document)
        if act.kind.document.measure == "reading":
            self._meters.show(act.meter, act.measured.quantity, kept.happened_at, kept.id)

    def _days(self, happened_at: datetime, corrected_at: datetime | None = None) -> Days:
        """On which days it counts; `corrected_at`: it is a correction, and counts at once on that day."""
        happened = self._day(happened_at)
        if corrected_at is None:
            return Days(self._today, happened, happened)
        return Days(self._today, self._day(corrected_at), self._today)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    async def _write(self, tx: Transaction) -> None:
        if not self._kept:
            return
        program = self._program.id
        await activity_log.enter(tx, program, self._source.name, self._kept, self._at)
        await self._tally.write(tx, self._at)
        await self._meters.write(tx, program)
        await self._books.write(tx)
        for one, _ in self._kept:
            if one.flag is None:
                await count_quests(
                    tx, self._known, one, self._pools[one.member], self._at, self._left.get(one.id, 0)
                )
        await outbox.note(tx, program, [told("activity.recorded", one, self._at) for one, _ in self._kept])


async def count_quests(
    tx: Transaction, known: Known, one: Activity, pool: UUID, at: datetime, left: int = 0
) -> None:
    """Let challenges count one that counts: its member's pool is locked, and what it earned is written.

    `left`: thousandths that a correction leaves of what it corrects.
    """
    done = quest_acts.Activity(
        one.id, one.kind, one.happened_at, one.quantity, corrects=one.corrects, left=left
    )
    await quest_acts.count_activity(tx, known, one.member, pool, done, at)


def told(event: str, one: Activity, at: datetime) -> Note:
    """An activity for whoever listens."""
    data = {
        "activity": ids.show("act", one.id),
        "kind": one.kind,
        "quantity": activity.shown(one.quantity),
        "happened_at": one.happened_at,
        "status": one.present.status,
    }
    return Note(event, one.member, one.member, at, data)


def _again(results: dict[int, Recorded | Problem], first: int, place: int) -> Recorded | Problem:
    """What is answered at a place; of one that stands twice in a chunk that of the first."""
    if place in results:
        return results[place]
    answer = results[first]
    return structs.replace(answer, replayed=True) if isinstance(answer, Recorded) else answer


def _require_same(digest: bytes, other: bytes) -> None:
    if not same_digest(digest, other):
        raise RequestKeyReused("This source has sent something else under this id.")
