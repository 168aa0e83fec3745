"""Sets or changes a member's PIN: with a code that was sent to her, or where she is logged in."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CodeWrong, NotFound, Problem
from regulars.flows.challenges import CodeText, TillCode, judge
from regulars.members import reading
from regulars.members.access import challenges, counts, pins
from regulars.members.access.pins import PinText
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller, Program


class NewPin(Struct, frozen=True, forbid_unknown_fields=True):
    """`PUT /v1/members/{id}/pin`."""

    pin: PinText
    challenge: Annotated[str, Meta(max_length=64)]
    """One with the purpose `confirm`."""
    code: CodeText
    till: TillCode = ""


class PinSet(Struct, frozen=True):
    """That the member has a PIN now."""

    member: str
    set_at: datetime


async def set_pin(
    database: Database,
    program: Program,
    vault: Vault,
    caller: Caller,
    member: UUID,
    new: NewPin,
    *,
    at: datetime,
) -> PinSet:
    """The PIN counts from now on. Raises NotFound, CodeWrong, SpendingLocked."""
    challenge = ids.read("chl", new.challenge, "/challenge")
    kept = await asyncio.to_thread(pins.seal, vault.keyring.secret, new.pin)

    async def work(tx: Transaction) -> PinSet | Problem:
        found = await reading.member(tx, program.id, member)
        if found is None or found.erased_at is not None:
            return NotFound("There is no such member.")
        asked = await challenges.find(tx, program.id, challenge)
        if asked is None or asked.member != found.id or asked.purpose != "confirm":
            return CodeWrong()
        # The same code for the same purpose again is the same request.
        by = counts.subject("pin", challenge.bytes)
        source = counts.till(caller.key, new.till)
        problem = await judge(tx, program, vault, asked, new.code, source, by, at)
        if problem is not None:
            return problem
        await pins.keep(tx, program.id, found.id, kept, at)
        change = Change("member.pin_set", ids.show("mem", found.id))
        await trail.record(tx, program.id, change, at)
        return PinSet(ids.show("mem", found.id), at)

    answer = await database.run(program.id, work)
    if isinstance(answer, Problem):  # what was counted stays counted
        raise answer
    return answer


async def set_own_pin(
    database: Database, program: Program, vault: Vault, member: UUID, pin: str, *, at: datetime
) -> None:
    """Set the PIN of a member who is logged in."""
    kept = await asyncio.to_thread(pins.seal, vault.keyring.secret, pin)

    async def work(tx: Transaction) -> None:
        await pins.keep(tx, program.id, member, kept, at)
        await trail.record(tx, program.id, Change("member.pin_set", ids.show("mem", member)), at)

    await database.run(program.id, work)
