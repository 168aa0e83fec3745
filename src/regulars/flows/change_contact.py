"""Changes a member's own phone or email: a code goes to the new one first, and only with it the change is made."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from regulars.db.pool import Database, Transaction
from regulars.errors import ChannelUnavailable, CodeWrong, NotFound, Problem, StateConflict
from regulars.flows.challenges import ChallengeView, Contact, SentBy, issue, judge
from regulars.flows.change_member import MemberChange, change_member
from regulars.members import identity, reading
from regulars.members.access import challenges, counts
from regulars.members.vault import Vault
from regulars.members.views import MemberView
from regulars.programs.model import Caller, Program

ContactKind = Literal["phone", "email"]


async def ask_new_contact(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    kind: ContactKind,
    text: str,
    *,
    channels: frozenset[str],
    at: datetime,
) -> ChallengeView:
    """Send a code to the new phone or email; the edge has it sent. `channels`: by which anything can be sent here.

    Whether somebody else has it is not said before the code came back. Raises InvalidValue, NotFound, StateConflict
    after an erasure, ChannelUnavailable, TooManyRequests.
    """
    contact = _contact(program, vault, kind, text)
    if contact.channel not in channels:
        raise ChannelUnavailable("Nothing can be sent this way here.")

    async def work(tx: Transaction) -> ChallengeView:
        found = await reading.member(tx, program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        if found.erased_at is not None:
            raise StateConflict("This member was erased.")
        return await issue(
            tx, program, vault, "confirm", contact,
            member=found.id, language=found.language, source=counts.pages(member), at=at,
        )  # fmt: skip

    return await database.run(program.id, work)


async def confirm_new_contact(
    database: Database,
    program: Program,
    vault: Vault,
    caller: Caller,
    member: UUID,
    kind: ContactKind,
    text: str,
    challenge: UUID,
    code: str,
    *,
    at: datetime,
) -> MemberView:
    """The member with the new contact. The same code again repeats the change, which then changes nothing.
    What she agreed to by email counts for a new one at once, for the code came from there.

    Raises InvalidValue, CodeWrong, SpendingLocked after five wrong ones, MemberExists when somebody else has it.
    """
    contact = _contact(program, vault, kind, text)
    by = counts.subject("new contact", challenge.bytes)

    async def work(tx: Transaction) -> Problem | None:
        asked = await challenges.find(tx, program.id, challenge)
        if asked is None or asked.member != member or asked.contact != contact.digest:
            return CodeWrong()
        return await judge(tx, program, vault, asked, code, counts.pages(member), by, at)

    problem = await database.run(program.id, work)
    if problem is not None:  # what was counted stays counted
        raise problem
    change = MemberChange(phone=contact.to) if kind == "phone" else MemberChange(email=contact.to)
    return await change_member(database, program, vault, caller, member, change, at=at, proved=True)


def _contact(program: Program, vault: Vault, kind: ContactKind, text: str) -> Contact:
    region = identity.region(program.time_zone, program.languages)
    found = reading.identifier(kind, text, program.settings, region, f"/{kind}")
    channel: SentBy = "sms" if kind == "phone" else "email"
    return Contact(channel, found.value, vault.digest(kind, found.value))
