"""How far a member is in challenges, what she was given, where she stands on boards; joining, and her name there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows import prizes, questing, sharing
from regulars.flows.known_programs import Known
from regulars.flows.marked import hers_of
from regulars.flows.read_member import member_of
from regulars.games import badges, nicknames, progress, quest_book
from regulars.games.progress import Round
from regulars.games.quest_book import Stood
from regulars.games.quests import Quest
from regulars.members import reading
from regulars.prizes import Prize
from regulars.rewards import prize_book
from regulars.rewards.prize_book import GivenPrize
from regulars.texts import said

BOARD_MAX = 20


class MilestoneView(Struct, frozen=True):
    """Something on the way, or the whole: at how much, what it gives, whether she has it."""

    at: int
    reached: bool
    prizes: tuple[Prize, ...]


class ProgressView(Struct, frozen=True):
    """A challenge as a member sees it. Amounts are in the unit of `need`."""

    code: str
    name: str
    text: str
    icon: str
    kind: str
    state: str
    """open, joinable, done, exhausted (no winners any more) or upcoming."""
    reached: int
    need: int
    times: int
    """How many times she has done all of it in this window."""
    of: tuple[str, ...]
    """Of a set: which ones she has."""
    valid_from: datetime | None
    valid_until: datetime | None
    """When the window ends that she is in; of days that have not begun, the challenge."""
    days: int
    """Of a window of her own: how many days she has."""
    joined: bool
    milestones: tuple[MilestoneView, ...]
    leaderboard: bool


class WornBadge(Struct, frozen=True):
    """A badge that she has."""

    badge: str
    name: str
    text: str
    icon: str
    given_at: datetime


class PrizeView(Struct, frozen=True):
    """What she was given."""

    id: str
    cause: str
    prize: Prize
    given_at: datetime
    valid_until: datetime | None
    taken_at: datetime | None
    code: str | None
    """Of a voucher, for whoever may read it."""


class Progress(Struct, frozen=True):
    """What there is for a member to do, her badges and prizes."""

    challenges: tuple[ProgressView, ...]
    badges: tuple[WornBadge, ...]
    prizes: tuple[PrizeView, ...]
    nickname: str | None
    """Under which she is shown on boards; null: she is not."""
    suggested: str
    """A neutral name to be shown under."""


class PlaceView(Struct, frozen=True):
    """A place on a board; whoever has as much shares it."""

    rank: int
    nickname: str
    reached: int
    me: bool


class BoardView(Struct, frozen=True):
    """The best twenty of the present window, and her own place."""

    code: str
    name: str
    items: tuple[PlaceView, ...]
    mine: PlaceView | None
    next: str | None = None


class NewNickname(Struct, frozen=True, forbid_unknown_fields=True):
    """`PUT /v1/members/{id}/nickname`."""

    nickname: Annotated[str, Meta(min_length=1, max_length=40)]


async def read_progress(
    database: Database, known: Known, member: UUID, language: str, at: datetime, *, codes: bool
) -> Progress:
    """What is for her, the nearest to be done first. Raises NotFound."""
    program = known.program
    async with database.transaction(program.id) as tx:
        found = await member_of(tx, program, member)
        whose = [found.id, *await reading.alias_ids(tx, program.id, found.id)]
        stood = await quest_book.standings_of(tx, program.id, found.id)
        entries = await quest_book.entries_of(tx, program.id, found.id)
        hers = await hers_of(tx, known, found.id, at)
        results = await quest_book.results(tx, program.id) if known.quests else {}
        worn = await badges.of(tx, program.id, whose)
        drawn = await badges.newest(tx, program.id) if worn else {}
        given = await prize_book.of(tx, program.id, whose)
        texts = await prizes.voucher_texts(tx, known, given) if codes else {}
        nickname = await quest_book.name_of(tx, program.id, found.id)
    seen = _Seen(known, language, at)
    listed = [
        seen.challenge(
            quest, stood, entries.get(quest.code), results.get(quest.code, quest_book.Result()).won
        )
        for quest in known.quests.values()
        if _shown(quest, at) and questing.is_for(quest.document, hers)
    ]
    listed.sort(
        key=lambda one: (one.state not in ("open", "joinable"), -one.reached * 1000 // one.need, one.code)
    )
    return Progress(
        tuple(listed),
        tuple(seen.badge(one.badge, drawn, one.given_at) for one in worn if one.badge in drawn),
        tuple(_prize(one, texts) for one in given if not one.prize.nothing),
        nickname,
        nicknames.neutral(found.id.int >> 10),
    )


async def join_quest(database: Database, known: Known, member: UUID, code: str, at: datetime) -> None:
    """She takes part from now on; done again it changes nothing. Raises NotFound, StateConflict."""
    program, quest = known.program, _quest(known, code)
    if quest.document.join != "opt_in":
        raise StateConflict("Nobody joins this challenge: it counts for everybody it is meant for.")
    if not quest.open_at(at):
        raise StateConflict("This challenge is not open now.")

    async def work(tx: Transaction) -> None:
        found = await sharing.locked_member(tx, program, member)
        hers = await hers_of(tx, known, found.id, at)
        if not questing.is_for(quest.document, hers):
            raise NotFound("There is no such challenge for this member.")
        await quest_book.join(tx, program.id, found.id, code, at)

    await database.run(program.id, work)


async def put_nickname(
    database: Database, known: Known, member: UUID, nickname: str | None, at: datetime
) -> None:
    """She is shown on boards under this name; None: on none. Raises NotFound, InvalidValue."""
    wrong = nicknames.fault(nickname) if nickname is not None else None
    if wrong is not None:
        raise InvalidValue("/nickname", FAULTS[wrong])

    async def work(tx: Transaction) -> None:
        found = await sharing.locked_member(tx, known.program, member)
        if nickname is None:
            await quest_book.drop_name(tx, known.program.id, found.id)
        else:
            await quest_book.put_name(tx, known.program.id, found.id, nickname, at)

    await database.run(known.program.id, work)


FAULTS = {
    "length": f"has between {nicknames.NICKNAME_MIN} and {nicknames.NICKNAME_MAX} characters",
    "letters": "has letters, digits, spaces, dots, hyphens and apostrophes",
    "contact": "must not be a phone number or an address",
    "word": "has a word that is not shown",
}


async def read_board(
    database: Database, known: Known, code: str, member: UUID | None, language: str, at: datetime
) -> BoardView:
    """The board of a challenge's present window. Raises NotFound."""
    program, quest = known.program, _quest(known, code)
    if not quest.document.leaderboard or quest.document.window == "days":
        raise NotFound("This challenge has no leaderboard.")
    window = progress.round_at(quest, at, clock.zone(program.time_zone), None, ()).key
    async with database.transaction(program.id) as tx:
        me = (await member_of(tx, program, member)).id if member is not None else None
        best = await quest_book.board(tx, program.id, code, window, BOARD_MAX)
        mine = await quest_book.place(tx, program.id, me, code, window) if me is not None else None
        name = await quest_book.name_of(tx, program.id, me) if me is not None else None
    items = [PlaceView(one.rank, one.nickname, one.reached // quest.scale, one.member == me) for one in best]
    own = PlaceView(mine[0], name or "", mine[1] // quest.scale, True) if mine else None
    return BoardView(code, quest.name(language, program.languages[0]), tuple(items), own)


class _Seen:
    def __init__(self, known: Known, language: str, at: datetime) -> None:
        self._known, self._language, self._at = known, language, at
        self._zone = clock.zone(known.program.time_zone)

    def challenge(
        self, quest: Quest, stood: Sequence[Stood], joined: datetime | None, won: int
    ) -> ProgressView:
        """One challenge as she sees it now."""
        document, at = quest.document, self._at
        hers = [one for one in stood if one.quest == quest.code]
        window, present = self._present(quest, hers, joined)
        whole = present.whole if present else 0
        done_for_good = document.window == "days" and sum(one.whole for one in hers) >= document.repeat
        if done_for_good and present is None:
            present = next(one for one in hers if one.whole)
            whole = present.whole
        reached = progress.running(document.goal, present.counts, at, self._zone) if present else 0
        steps = frozenset(present.steps) if present else frozenset[int]()
        done = done_for_good or whole >= (document.repeat if document.window != "days" else 1)
        count = len(quest.milestones)
        return ProgressView(
            quest.code,
            quest.name(self._language, self._known.program.languages[0]),
            self._text(document.texts),
            document.icon,
            document.goal.kind,
            self._state(quest, joined, won, done=done),
            self._so_far(quest, reached, whole, done=done),
            document.goal.need,
            whole,
            tuple(sorted(k for k, n in present.counts.items() if n > 0))
            if present and document.goal.kind == "set"
            else (),
            document.valid_from,
            window.until
            if window is not None and window.until < progress.ALWAYS[1]
            else document.valid_until,
            document.days,
            joined is not None or document.join == "automatic",
            tuple(
                MilestoneView(amount // quest.scale, whole > 0 or place in {s % count for s in steps}, given)
                for place, (amount, given) in enumerate(quest.milestones)
            ),
            document.leaderboard and document.window != "days",
        )

    def badge(self, code: str, drawn: dict[str, badges.Badge], given_at: datetime) -> WornBadge:
        """One of her badges."""
        document = drawn[code].document
        return WornBadge(
            code, self._text(document.names), self._text(document.texts), document.icon, given_at
        )

    def _present(
        self, quest: Quest, hers: Sequence[Stood], joined: datetime | None
    ) -> tuple[Round | None, Stood | None]:
        if quest.document.window == "days":
            inside = [one for one in hers if one.round.since <= self._at < one.round.until]
            if inside:
                return inside[0].round, inside[0]
            if quest.document.begins == "joining" and joined is not None:
                return progress.round_at(quest, self._at, self._zone, joined, ()), None
            return None, None
        window = progress.round_at(quest, self._at, self._zone, None, ())
        return window, next((one for one in hers if one.round.key == window.key), None)

    def _state(self, quest: Quest, joined: datetime | None, won: int, *, done: bool) -> str:
        document = quest.document
        if done:
            return "done"
        if document.winners is not None and won >= document.winners:
            return "exhausted"
        if document.valid_from is not None and self._at < document.valid_from:
            return "upcoming"
        return "joinable" if document.join == "opt_in" and joined is None else "open"

    def _so_far(self, quest: Quest, reached: int, whole: int, *, done: bool) -> int:
        """In the unit of `need`, of the time that she is at."""
        need = quest.document.goal.need
        if done:
            return need
        return min(need, max(0, reached // quest.scale - whole * need))

    def _text(self, texts: dict[str, str]) -> str:
        return said(texts, self._language, self._known.program.languages[0])


def _shown(quest: Quest, at: datetime) -> bool:
    document = quest.document
    return not document.stopped and (document.valid_until is None or at < document.valid_until)


def _prize(given: GivenPrize, texts: dict[UUID, str]) -> PrizeView:
    return PrizeView(
        ids.show("prz", given.id), given.cause, given.prize, given.given_at, given.valid_until, given.taken_at,
        texts.get(given.id) if given.taken_at is None else None,
    )  # fmt: skip


def _quest(known: Known, code: str) -> Quest:
    quest = known.quests.get(code)
    if quest is None or quest.document.stopped:
        raise NotFound("There is no such challenge.")
    return quest
