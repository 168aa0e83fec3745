"""Measures every night who belongs to clubs by rule: who does comes in, who does not any more goes out.

In chunks, each a transaction; done twice it changes nothing. Who was put in by hand stays, whatever the rule says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db.arrays import instants, int2s, int4s, texts, uuids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows import sharing, tiering
from regulars.flows.clubs import require_code, require_sense, tell
from regulars.flows.join_club import take_out
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.occasions import end_all_due
from regulars.flows.tiering import Climber
from regulars.members import clubs, marks, reading
from regulars.members.club_rules import Club, ClubDocument, ClubRule, Seen, belongs

AT_ONCE = 200
PREVIEW_MEMBERS_MAX = 20_000
EXAMPLES = 5
BY = "program"
_FIRST = (-1, UUID(int=0))
_NOW_INCLUDED = timedelta(microseconds=1)


class ClubPreview(Struct, frozen=True):
    """What a club by rule would come to if it were measured now."""

    judged: int
    """How many members were looked at."""
    whole: bool
    """Whether that is everybody."""
    come: int
    go: int
    stay: int
    examples: tuple[str, ...]
    """Some who would come in."""


class Verdict(Struct, frozen=True):
    """What the rule says of a chunk of members."""

    come: tuple[UUID, ...]
    go: tuple[UUID, ...]
    stay: int


async def measure_clubs(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Measure every club by rule at the program's instant `at`; how many members came or went."""
    known = await programs.fresh(program)
    async with database.transaction(program) as tx:
        ruled = [one for one in await clubs.every(tx, program) if one.document.rule is not None]
    moved = 0
    for club in ruled:
        place = _FIRST
        while True:
            async with database.transaction(program) as tx:
                chunk = await _chunk(tx, program, place)
                verdict = await _judge(tx, known, club.code, club.document, chunk, at)
            for member in (*verdict.go, *verdict.come):
                moved += await _move(database, known, club.code, member, at)
            if len(chunk) < AT_ONCE:
                break
            place = (ids.home(chunk[-1].member), chunk[-1].member)
    if moved:
        await end_all_due(database, known, at)
    return moved


async def preview_club(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    code: str,
    document: ClubDocument,
    at: datetime,
) -> ClubPreview:
    """What a rule would do to today's members; nothing is written. Raises InvalidValue, Contradiction."""
    require_code(code)
    known = await programs.fresh(program)
    require_sense(document, known.ladders)
    judged = come = go = stay = 0
    examples: list[str] = []
    place, whole = _FIRST, document.rule is None
    while not whole and judged < PREVIEW_MEMBERS_MAX:
        async with database.transaction(program) as tx:
            chunk = await _chunk(tx, program, place)
            verdict = await _judge(tx, known, code, document, chunk, at)
        judged += len(chunk)
        come, go, stay = come + len(verdict.come), go + len(verdict.go), stay + verdict.stay
        examples += [ids.show("mem", one) for one in verdict.come[: EXAMPLES - len(examples)]]
        if len(chunk) < AT_ONCE:
            whole = True
        else:
            place = (ids.home(chunk[-1].member), chunk[-1].member)
    return ClubPreview(judged, whole, come, go, stay, tuple(examples))


async def _chunk(tx: Transaction, program: UUID, place: tuple[int, UUID]) -> list[Climber]:
    rows = await fetch_all(tx, tiering.SQL.next_climbers, (program, *place, AT_ONCE))
    return [Climber(*row) for row in rows]


async def _judge(
    tx: Transaction, known: Known, code: str, document: ClubDocument, chunk: Sequence[Climber], at: datetime
) -> Verdict:
    """Who would come, who would go, and how many would stay, of a chunk."""
    rule = document.rule
    if rule is None or not chunk:
        return Verdict((), (), 0)
    members = [one.member for one in chunk]
    ways = await clubs.ways(tx, known.program.id, code, members, at)
    seen = await _seen(tx, known, rule, chunk, at)
    today = at.astimezone(clock.zone(known.program.time_zone)).date()
    right = {one for one in members if belongs(rule, seen[one], known.ladders, today)}
    come = () if document.closed else tuple(one for one in members if one in right and one not in ways)
    go = tuple(one for one in members if ways.get(one) == "rule" and one not in right)
    return Verdict(come, go, len(ways) - len(go))


async def _seen(
    tx: Transaction, known: Known, rule: ClubRule, chunk: Sequence[Climber], at: datetime
) -> dict[UUID, Seen]:
    """What the rule asks, and nothing else, of each member."""
    members = [one.member for one in chunk]
    program = known.program.id
    sums = await _sums(tx, known, rule, chunk, at)
    persons = await reading.persons(tx, program, known.vault, members) if rule.asks_person else {}
    audiences: dict[UUID, frozenset[str]] = {}
    if rule.audience is not None:
        for one in members:
            hers = await marks.of(tx, program, one, at)
            audiences[one] = frozenset(mark.code for mark in hers if mark.kind == "audience")
    found: dict[UUID, Seen] = {}
    for one in members:
        turnover, tiers = sums.get(one, (0, {}))
        person = persons.get(one)
        found[one] = Seen(
            tiers,
            turnover,
            person.birthday if person else None,
            person.attributes if person else {},
            audiences.get(one, frozenset()),
        )
    return found


async def _sums(
    tx: Transaction, known: Known, rule: ClubRule, chunk: Sequence[Climber], at: datetime
) -> dict[UUID, tuple[int, dict[str, str]]]:
    """Member → turnover in the rule's days and the tier that she has, in one statement for all."""
    if rule.turnover_days is None and rule.tier is None:
        return {}
    ladder = (rule.tier or "").partition("/")[0]
    since = at - timedelta(days=rule.turnover_days or 1)
    columns = (
        int4s(list(range(len(chunk)))),
        int2s([ids.home(one.pool) for one in chunk]),
        uuids([one.pool for one in chunk]),
        int2s([ids.home(one.member) for one in chunk]),
        uuids([one.member for one in chunk]),
        texts([ladder] * len(chunk)),
        instants([since] * len(chunk)),
        instants([at + _NOW_INCLUDED] * len(chunk)),
    )
    bought = rule.turnover_days is not None
    rows = await fetch_all(
        tx, tiering.SQL.measures, (known.program.id, known.program.time_zone, bought, False, [], *columns)
    )
    found: dict[UUID, tuple[int, dict[str, str]]] = {}
    for number, spend, _, _, _, _, tier, begun, until, *_ in rows:
        tiers: dict[str, str] = {}
        if tier is not None and begun <= at and (until is None or until > at):
            tiers[ladder] = tier
        found[chunk[number].member] = (spend or 0, tiers)
    return found


async def _move(database: Database, known: Known, code: str, member: UUID, at: datetime) -> bool:
    """Look at her again, locked, and let her in or out; False where nothing was to be done, or no place is left."""
    program = known.program

    async def work(tx: Transaction) -> bool:
        found = await sharing.locked_member(tx, program, member, erased=True)
        club: Club | None = await clubs.lock(tx, program.id, code)
        if club is None or found.id != member or found.erased_at is not None:
            return False
        climber = Climber(found.id, found.pool, found.enrolled_at)
        verdict = await _judge(tx, known, code, club.document, [climber], at)
        if verdict.go:
            await take_out(tx, program.id, found.id, code, at)
            return True
        if not verdict.come or not await clubs.enter(tx, program.id, found.id, club, "rule", at, BY):
            return False
        await tell(tx, program.id, found.id, code, "club.joined", at)
        return True

    return await database.run(program.id, work)
