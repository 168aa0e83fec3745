"""Notices members who used to come regularly and did not: an event, and a message to those who agreed. Once for each
absence; done twice it changes nothing. Whoever has booked a visit, or was seen otherwise, is not missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars import clock, i18n, ids
from regulars.db import arrays, outbox, queries
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.messages import queue_message
from regulars.games import rhythms
from regulars.games.rhythm import Rhythm, Rule, rhythm_of
from regulars.games.rhythms import Overdue
from regulars.members import consents, reading
from regulars.members.reading import Profile
from regulars.messages.model import Channel, Message
from regulars.programs.model import Program

SQL = queries.load("regulars.flows", "overdue.sql")
JUDGED_AT_ONCE = 500
NOTICED_AT_ONCE = 100
LATE_DAYS = 30
"""An absence that could not be noticed so long is not told any more: it would surprise her."""
CHANNELS: tuple[Channel, ...] = ("email", "sms")
PURPOSE = "marketing"
"""The agreement that the message rests on."""
KEEP = timedelta(days=2)


def rule_of(program: Program) -> Rule:
    """How rhythms are judged in a program."""
    chosen = program.settings.regularity
    return Rule(chosen.overdue_percent, chosen.intervals_min, chosen.window_days)


async def notice_absences(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Notice who is overdue on the day of the program's instant `at`; how many absences were noticed."""
    known = await programs.fresh(program)
    if not known.program.settings.regularity.on:
        return 0
    await judge_rhythms(database, known.program)
    today = at.astimezone(clock.zone(known.program.time_zone)).date()
    noticed, place = 0, (date.min, UUID(int=0))

    async def work(tx: Transaction) -> tuple[list[Overdue], int]:
        earliest = today - timedelta(days=LATE_DAYS)
        found = await rhythms.unnoticed(tx, program, earliest, today, place, NOTICED_AT_ONCE)
        expected = await _expected(tx, program, found, at) | await _seen(tx, known.program, found, at)
        missed = [one for one in found if one.member not in expected]
        return found, sum([await _notice(tx, known, one, at) for one in missed])

    while True:
        found, count = await database.run(program, work)
        noticed += count
        if len(found) < NOTICED_AT_ONCE:
            return noticed
        place = (found[-1].overdue_on, found[-1].member)


async def judge_rhythms(database: Database, program: Program) -> int:
    """Look at the rhythms of all whose visits changed, or of everybody by another rule; how many that were."""
    rule, judged = rule_of(program), 0
    await database.run(program.id, lambda tx: rhythms.judge_by(tx, program.id, rule.key))

    async def work(tx: Transaction) -> int:
        members = await rhythms.take_stale(tx, program.id, JUDGED_AT_ONCE)
        if members:
            found = await rhythms_now(tx, program.id, members, rule)
            await rhythms.put(tx, program.id, [(member, found.get(member)) for member in members])
        return len(members)

    while True:
        count = await database.run(program.id, work)
        judged += count
        if count < JUDGED_AT_ONCE:
            return judged


async def rhythms_now(
    tx: Transaction, program: UUID, members: Sequence[UUID], rule: Rule
) -> dict[UUID, Rhythm]:
    """Member → her rhythm by the visits that are summed up; nothing for who never came or is a member no more."""
    homes = arrays.int2s([ids.home(one) for one in members])
    rows = await fetch_all(tx, SQL.visit_days, (program, homes, arrays.uuids(members)))
    found = {member: rhythm_of(days or (), rule) for member, days in rows}
    return {member: rhythm for member, rhythm in found.items() if rhythm is not None}


async def _expected(tx: Transaction, program: UUID, found: Sequence[Overdue], at: datetime) -> set[UUID]:
    """Those of them who have booked a visit."""
    if not found:
        return set()
    homes = arrays.int2s([ids.home(one.member) for one in found])
    rows = await fetch_all(tx, SQL.booked, (program, at, homes, arrays.uuids([one.member for one in found])))
    return {row[0] for row in rows}


async def _seen(tx: Transaction, program: Program, found: Sequence[Overdue], at: datetime) -> set[UUID]:
    """Those who did something lately that shows that they are around: within as long as makes them overdue."""
    kinds = list(program.settings.regularity.activities)
    if not found or not kinds:
        return set()
    homes, members = [ids.home(one.member) for one in found], [one.member for one in found]
    since = [at - (one.overdue_on - one.last_day) for one in found]
    of = (arrays.int2s(homes), arrays.uuids(members), arrays.instants(since))
    return {row[0] for row in await fetch_all(tx, SQL.seen, (program.id, at, kinds, *of))}


async def _notice(tx: Transaction, known: Known, one: Overdue, at: datetime) -> int:
    program = known.program
    profile = await reading.profile(tx, program.id, known.vault, one.member)
    if profile is None or profile.erased_at is not None:
        return 0
    way = await _way(tx, program.id, profile)
    if not await rhythms.notice(tx, program.id, one, at, way[0] if way else None):
        return 0
    told = {"last_visit": one.last_day.isoformat(), "overdue_on": one.overdue_on.isoformat()}
    await outbox.note(tx, program.id, [Note("member.overdue", profile.id, profile.id, at, told)])
    if way is not None:
        await queue_message(
            tx, program.id, known.vault.keyring.secret, _message(program, one, profile, *way),
            purpose="missed", at=at, keep=KEEP, home=ids.home(profile.id),
        )  # fmt: skip
    return 1


async def _way(tx: Transaction, program: UUID, profile: Profile) -> tuple[Channel, str] | None:
    """By which channel she may be written to, and where; None: she did not agree to any."""
    agreed = await consents.agreed(tx, program, profile.id)
    for channel in CHANNELS:
        to = profile.person.email if channel == "email" else profile.person.phone
        if to is not None and agreed.get((channel, PURPOSE)):
            return channel, to
    return None


def _message(program: Program, one: Overdue, profile: Profile, channel: Channel, to: str) -> Message:
    language = i18n.language(profile.language if profile.language in i18n.COMPLETE else i18n.SOURCE)
    last = clock.midnight(one.last_day, program.time_zone)
    text = language.gettext(
        "{program}: your last visit was on {day}. It would be good to see you again soon."
    ).format(program=program.name, day=language.short_date(last, clock.zone(program.time_zone)))
    return Message(channel, to, text, language.gettext("It would be good to see you again"))
