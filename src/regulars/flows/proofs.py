"""Checks that it is the member who spends, in a transaction of its own before the purchase joins its batch.

A code is used up by the purchase's request: sent again, the same request passes, another one with the same code does
not. A wrong proof is counted whether the purchase is recorded or only previewed, or a preview would be an oracle.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.errors import Problem, ProofWrong
from regulars.flows import standing
from regulars.flows.challenges import rules_of, used_by
from regulars.flows.confirm_contact import confirm_contact
from regulars.flows.incoming import Incoming, Key
from regulars.flows.known_programs import Known
from regulars.members import dynamic_code
from regulars.members.access import challenges, counts, devices, locks, pins
from regulars.members.access.challenges import WRONG_AT_TILLS_MAX
from regulars.programs import signing
from regulars.purchases.model import Proof, PurchaseRequest

HONEST = frozenset({"unreadable", "too_old", "too_early", "certificate_expired", "used"})
"""What is wrong with a dynamic code that was scanned late or twice: nobody guesses, so it is not counted."""


class _Asked(Struct, frozen=True):
    incoming: Incoming
    proof: Proof
    member: UUID
    by: bytes | None
    """The request that uses the code up; None for a preview, which uses nothing."""
    at: datetime


async def prove(database: Database, known: Known, incoming: Incoming, at: datetime) -> Incoming:
    """The purchase, with its proof checked and used up; as it came where it spends nothing or brings no proof.

    Raises ProofWrong with how many more may follow (`left`), SpendingLocked.
    """
    proof = proof_of(incoming.sent)
    if proof is None or not incoming.sent.spend or incoming.sent.pricing == "as_sold":
        return incoming
    program = known.program.id
    async with database.transaction(program) as tx:
        customer = await standing.customer_of(tx, program, incoming.key)
        member = customer.member if customer is not None else None
        kept = await pins.find(tx, program, member) if member is not None and proof.kind == "pin" else None
    if member is None:
        return incoming  # nobody spends: pricing says so
    secret = known.vault.keyring.secret
    right_pin = proof.kind == "pin" and await asyncio.to_thread(
        pins.matches, secret, kept or pins.NO_PIN, proof.value
    )
    request = incoming.request
    asked = _Asked(incoming, proof, member, used_by(request) if request is not None else None, at)

    async def work(tx: Transaction) -> Problem | None:
        await locks.take(tx, program, member)
        source = source_of(incoming)
        problem = await _judge(tx, known, asked, source, right_pin)
        if problem is not None and request is not None and await requests.answered(tx, request):
            return None  # a replay: it gets its first answer, whatever has become of the code
        if isinstance(problem, ProofWrong) and problem.extra["reason"] not in HONEST:
            missed = await locks.miss(tx, program, member, source, rules_of(known.program), at)
            if missed.locked_until is not None:
                return locks.locked(at, missed.locked_until)
            problem.extra["left"] = missed.left
        return problem

    problem = await database.run(program, work)
    if problem is not None:  # what was counted stays counted
        raise problem
    return structs.replace(incoming, proved=True)


async def locked_here(database: Database, known: Known, incoming: Incoming, at: datetime) -> datetime | None:
    """Until when this purchase's customer may not spend where it is made; None: she may."""
    program = known.program.id
    async with database.transaction(program) as tx:
        customer = await standing.customer_of(tx, program, incoming.key)
        if customer is None or customer.member is None:
            return None
        return await locks.until(tx, program, customer.member, source_of(incoming), at)


def source_of(incoming: Incoming) -> bytes:
    """Where a proof comes from: the till of a key."""
    return counts.till(incoming.caller.key, incoming.sent.till)


def proof_of(sent: PurchaseRequest) -> Proof | None:
    """The proof that came along; a dynamic code in place of the card's number is one."""
    if sent.proof is None and sent.card is not None and dynamic_code.looks_like_one(sent.card):
        return Proof("dynamic", sent.card)
    return sent.proof


async def _judge(
    tx: Transaction, known: Known, asked: _Asked, source: bytes, right_pin: bool
) -> Problem | None:
    """Nothing where the proof is right (and, for a recording, used up now)."""
    program = known.program.id
    locked = await locks.until(tx, program, asked.member, source, asked.at)
    if locked is not None:
        return locks.locked(asked.at, locked)
    if asked.proof.kind == "otp":
        problem = await _judge_code(tx, known, asked)
    elif asked.proof.kind == "dynamic":
        problem = await _judge_dynamic(tx, known, asked)
    else:
        problem = None if right_pin else ProofWrong(extra={"reason": "wrong"})
    if problem is None:
        await locks.right(tx, program, asked.member, source)
    return problem


async def _judge_code(tx: Transaction, known: Known, asked: _Asked) -> Problem | None:
    program, secret = known.program.id, known.vault.keyring.secret
    if asked.by is not None:
        before = await challenges.used_with(tx, program, asked.member, asked.by)
        if before is not None and challenges.answers(before, secret, asked.proof.value):
            return None
    sent = await challenges.open_of(tx, program, asked.member, "spend", asked.at)
    waiting = [challenge for challenge in sent if challenge.used_at is None]
    right = next((c for c in waiting if challenges.answers(c, secret, asked.proof.value)), None)
    if right is None:
        await challenges.miss(tx, program, [challenge.id for challenge in waiting], WRONG_AT_TILLS_MAX)
        return ProofWrong(extra={"reason": "wrong" if waiting else "none_sent"})
    if asked.by is not None and not await challenges.use(
        tx, program, right.id, asked.by, asked.at, WRONG_AT_TILLS_MAX
    ):
        return ProofWrong(extra={"reason": "wrong"})
    if asked.by is not None:
        await confirm_contact(tx, program, asked.member, right.channel, right.contact, asked.at)
    return None


async def _judge_dynamic(tx: Transaction, known: Known, asked: _Asked) -> Problem | None:
    program = known.program.id
    code = dynamic_code.read(asked.proof.value)
    if code is None:
        return ProofWrong(extra={"reason": "unreadable"})
    device = devices.device_id(ids.home(asked.member), code.certificate.public_key)
    if asked.by is not None and await devices.used_with(tx, program, device, code.made_at) == asked.by:
        return None
    fault = dynamic_code.fault(code, signing.public_key(known.vault.keyring.secret, program), asked.at)
    if fault is not None:
        return ProofWrong(extra={"reason": fault})
    registered = await devices.find(tx, program, device)
    if registered is None or registered.revoked_at is not None:
        return ProofWrong(extra={"reason": "revoked"})
    if not await _of_this_member(tx, known, asked, code.card):
        return ProofWrong(extra={"reason": "another_card"})
    if asked.by is None:
        used = await devices.used_with(tx, program, device, code.made_at) is not None
    else:
        used = not await devices.use(tx, program, device, code.made_at, asked.by)
    return ProofWrong(extra={"reason": "used"}) if used else None


async def _of_this_member(tx: Transaction, known: Known, asked: _Asked, card: str) -> bool:
    """Whether the code's card, as it stands now, is this member's: she may be found by another card or her phone."""
    holder = await standing.customer_of(tx, known.program.id, Key("card", number=card))
    return holder is not None and holder.member == asked.member and holder.card_status == "active"
