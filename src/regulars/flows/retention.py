"""Retention: who was not seen for as long as a program's rule for her country says is proposed for erasure.

Every night all members are walked, a page in each transaction. Nobody is erased by a machine: somebody accepts or
declines every proposal. Whoever was seen again meanwhile is not erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
import phonenumbers
from msgspec import Struct

from regulars import clock, ids
from regulars.db import arrays, queries, requests
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import asking
from regulars.flows.erase_member import erase, keys_need_two
from regulars.flows.known_programs import Known
from regulars.ledger import book
from regulars.members import erasures, identity, reading
from regulars.members.erasures import Due, Proposal
from regulars.members.vault import Vault
from regulars.periods import add_months
from regulars.programs import approvals
from regulars.programs import reading as program_reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller, Program
from regulars.programs.retention import Retention

SQL = queries.load("regulars.flows", "retention.sql")
BATCH = 500
DECLINED_DAYS = 365
"""So long after it was declined a member is not proposed again."""
EVERYWHERE = "*"


class ProposalView(Struct, frozen=True):
    """A member whom the program's rule of retention would erase."""

    id: str
    member: str
    country: str
    """Whose rule it is: ISO 3166, or `*`."""
    months: int
    last_seen: datetime
    proposed_at: datetime
    status: Literal["open", "accepted", "declined"]


class Decider(Struct, frozen=True):
    """Who decides a proposal."""

    id: UUID
    """Of a key, or of somebody of the staff."""
    shown: str
    """`key_…` or `stf_…`: as the certificate names who asked."""
    why: str = ""


class ProposalPage(Struct, frozen=True):
    """A part of the open proposals; `next` is the cursor of the part after it."""

    items: tuple[ProposalView, ...]
    next: str | None


async def propose_erasures(database: Database, known: Known, at: datetime) -> int:
    """Propose whoever is due at an instant, and withdraw proposals of whoever was seen since; how many are new."""
    rules = known.program.settings.retention
    proposed = 0
    place: tuple[int, UUID] | None = (-1, UUID(int=0))
    while place is not None:
        async with database.transaction(known.program.id) as tx:
            place, new = await _page(tx, known, rules, place, at)
        proposed += new
    return proposed


async def list_proposals(database: Database, program: UUID, after: UUID | None, limit: int) -> ProposalPage:
    """Open proposals, from the one after `after`."""
    async with database.transaction(program) as tx:
        found = await erasures.proposals(tx, program, after, limit + 1)
    shown = tuple(_view(one) for one in found[:limit])
    return ProposalPage(shown, shown[-1].id if len(found) > limit else None)


async def waiting_for_a_second_person(
    database: Database, program: UUID, members: Sequence[str], at: datetime
) -> set[str]:
    """Whose erasure somebody has asked for already, of these members (`mem_…`)."""
    async with database.transaction(program) as tx:
        return await approvals.subjects_waiting(tx, program, "member.erase", members, at)


async def accept_proposal(
    database: Database, known: Known, caller: Caller, member: UUID, why: str, at: datetime
) -> ProposalView | Answer:
    """Erase the member, or, where erasures need two people, answer 202 with the approval that waits.

    Accepted or asked for again: the same. Raises NotFound, StateConflict where it was declined, or she was seen or
    merged since.
    """
    by = ids.show("key", caller.key)

    async def work(tx: Transaction) -> ProposalView | Answer:
        if await keys_need_two(tx, known.program):
            proposal = await _still_due(tx, known.program, member)
            if proposal.status == "open":
                document = {"by": by, "proposed": True}
                shown = ids.show("mem", member)
                return await asking.ask_once(tx, known.program, "member.erase", shown, document, why, at)
        return _view(await accept(tx, known.program, known.vault, member, Decider(caller.key, by), at))

    return await database.run(known.program.id, work)


async def accept_by_staff(
    database: Database, known: Known, request: Request, member: UUID, by: str, why: str
) -> Answer:
    """200 with the accepted proposal, or, where erasures need four eyes, 202 with the approval that waits.

    `by`: who of the staff, `stf_…`. Raises NotFound, StateConflict as `accept_proposal` does.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        program = await program_reading.load(tx, known.program.id)
        if program.settings.four_eyes_erasure:
            proposal = await _still_due(tx, program, member)
            if proposal.status != "open":
                raise StateConflict("This member was erased already.")
            document = {"by": by, "proposed": True}
            return await asking.ask(
                tx, program, request, "member.erase", ids.show("mem", member), document, why
            )
        decider = Decider(ids.read("stf", by), by, why)
        view = _view(await accept(tx, program, known.vault, member, decider, request.at))
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(known.program.id, work)


async def accept(
    tx: Transaction, program: Program, vault: Vault, member: UUID, by: Decider, at: datetime
) -> Proposal:
    """Erase a proposed member within a transaction; accepted before, the same. Raises NotFound, StateConflict."""
    proposal = await _still_due(tx, program, member)
    if proposal.status == "open":
        # Decided first: an erasure withdraws what is still open.
        await erasures.decide(tx, program.id, member, "accepted", at, by.id)
        await erase(tx, program, vault, member, by.shown, at, by.why)
        accepted = Change("erasure_proposal.accepted", ids.show("mem", member), why=by.why)
        await trail.record(tx, program.id, accepted, at)
    return await _proposal(tx, program, member)


async def decline_proposal(
    database: Database, program: Program, caller: Caller, member: UUID, at: datetime
) -> ProposalView:
    """Keep the member; she is not proposed again for a year. Raises NotFound, StateConflict once it was accepted."""
    by = Decider(caller.key, ids.show("key", caller.key))
    return await database.run(program.id, lambda tx: _decline(tx, program, member, by, at))


async def decline_by_staff(
    database: Database, program: Program, request: Request, member: UUID, by: str, why: str
) -> Answer:
    """200: the same by somebody of the staff (`stf_…`), who says why. Raises as `decline_proposal` does."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        view = await _decline(tx, program, member, Decider(ids.read("stf", by), by, why), request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _decline(
    tx: Transaction, program: Program, member: UUID, by: Decider, at: datetime
) -> ProposalView:
    if not await erasures.decide(tx, program.id, member, "declined", at, by.id):
        proposal = await _proposal(tx, program, member)
        if proposal.status == "accepted":
            raise StateConflict("This member was erased already.")
    else:
        declined = Change("erasure_proposal.declined", ids.show("mem", member), why=by.why)
        await trail.record(tx, program.id, declined, at)
    return _view(await _proposal(tx, program, member))


def rule_of(rules: Mapping[str, Retention], country: str | None) -> tuple[str, int] | None:
    """(whose rule, months) for somebody of a country; None where she is kept for ever."""
    for name in (country, EVERYWHERE):
        if name is not None and name in rules:
            return name, rules[name].months
    return None


def country_of(phone: str | None, program: Program) -> str | None:
    """A member's country, ISO 3166: that of her phone, else the program's."""
    if phone is not None:
        found = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
        if found is not None and len(found) == 2 and found.isalpha():
            return found
    return identity.region(program.time_zone, program.languages)


async def _page(
    tx: Transaction, known: Known, rules: Mapping[str, Retention], place: tuple[int, UUID], at: datetime
) -> tuple[tuple[int, UUID] | None, int]:
    program = known.program
    rows = await erasures.page(tx, program.id, place, BATCH)
    following = (rows[-1][1], rows[-1][0]) if len(rows) == BATCH else None
    months = min((rule.months for rule in rules.values()), default=None)
    cut = _months_before(at, months, program) if months is not None else None
    enrolled = {row[0]: row[3] for row in rows if row[3] is not None and cut is not None and row[3] < cut}
    seen = await _last_seen(tx, program.id, list(enrolled))
    quiet: dict[UUID, datetime] = {}
    for member, date in enrolled.items():
        last = max(date, seen[member] or date)
        if cut is not None and last < cut:
            quiet[member] = last
    due = await _due(tx, known, rules, quiet, at)
    others = [row[0] for row in rows if row[0] not in {one.member for one in due}]
    if others:
        await erasures.withdraw(tx, program.id, others)
    declined_until = at - timedelta(days=DECLINED_DAYS)
    return following, await erasures.propose(tx, program.id, due, at, declined_until) if due else 0


async def _due(
    tx: Transaction,
    known: Known,
    rules: Mapping[str, Retention],
    quiet: Mapping[UUID, datetime],
    at: datetime,
) -> list[Due]:
    """Of those who were not seen for the shortest of all rules, who was not for that of her own country."""
    due = []
    persons = await reading.persons(tx, known.program.id, known.vault, list(quiet)) if quiet else {}
    for member, last in quiet.items():
        person = persons.get(member)
        rule = rule_of(rules, country_of(person.phone if person else None, known.program))
        if rule is not None and last < _months_before(at, rule[1], known.program):
            due.append(Due(member, rule[0], rule[1], last))
    return due


async def _last_seen(tx: Transaction, program: UUID, members: list[UUID]) -> dict[UUID, datetime | None]:
    """When each last did something herself, on whichever pool, and as whichever member was merged into her."""
    seen: dict[UUID, datetime | None] = dict.fromkeys(members)
    if not members:
        return seen
    named = {
        "program": program,
        "homes": arrays.int2s([ids.home(member) for member in members]),
        "members": arrays.uuids(members),
    }
    whose = await fetch_all(tx, SQL.pools_of_members, named)
    columns = {
        "program": program,
        "hers": arrays.uuids([member for member, _, _ in whose]),
        "homes": arrays.int2s([ids.home(known_as) for _, known_as, _ in whose]),
        "members": arrays.uuids([known_as for _, known_as, _ in whose]),
        "pool_homes": arrays.int2s([ids.home(pool) for _, _, pool in whose]),
        "pools": arrays.uuids([pool for _, _, pool in whose]),
    }
    for member, at in await fetch_all(tx, SQL.last_seen, columns):
        seen[member] = max((one for one in (seen[member], at) if one is not None), default=None)
    return seen


async def _still_due(tx: Transaction, program: Program, member: UUID) -> Proposal:
    """The proposal, locked; an open one only while she is herself and was not seen since.

    Raises NotFound, StateConflict.
    """
    proposal = await _proposal(tx, program, member)
    if proposal.status == "declined":
        raise StateConflict("This proposal was declined.")
    if proposal.status == "open":
        found = await reading.member(tx, program.id, member)
        assert found is not None, "a member is never deleted"
        await book.lock(tx, program.id, [ids.home(found.pool)], [found.pool])
        found = await reading.member(tx, program.id, member)  # a merge waits for this lock, or held it before
        if found is None or found.id != member:
            raise StateConflict("This member was merged into another; the proposal is withdrawn tonight.")
        seen = (await _last_seen(tx, program.id, [member]))[member]
        if seen is not None and seen > proposal.last_seen:
            raise StateConflict("She was seen since this was proposed; the proposal is withdrawn tonight.")
    return proposal


async def _proposal(tx: Transaction, program: Program, member: UUID) -> Proposal:
    found = await erasures.proposal(tx, program.id, member)
    if found is None:
        raise NotFound("There is no such proposal; it is withdrawn when the member is seen again.")
    return found


def _months_before(at: datetime, months: int, program: Program) -> datetime:
    """The beginning of the day so many months before, in the program's time zone."""
    day = at.astimezone(clock.zone(program.time_zone)).date()
    return clock.midnight(add_months(day, -months), program.time_zone)


def _view(one: Proposal) -> ProposalView:
    return ProposalView(
        id=ids.show("erp", one.member),
        member=ids.show("mem", one.member),
        country=one.country,
        months=one.months,
        last_seen=one.last_seen.astimezone(UTC),
        proposed_at=one.proposed_at.astimezone(UTC),
        status=one.status,
    )
