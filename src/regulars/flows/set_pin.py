"""Sets, changes and removes a member's PIN, each with a code that was sent to her; tells her, and the audit trail."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import i18n, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CodeWrong, InvalidValue, NotFound, Problem
from regulars.flows.challenges import CodeText, SentBy, TillCode, judge
from regulars.flows.messages import queue_message
from regulars.i18n import N_
from regulars.members import reading
from regulars.members.access import challenges, counts, locks, pin_strength, pins
from regulars.members.access.challenges import Challenge
from regulars.members.access.pins import PinText
from regulars.members.model import Person
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.messages.model import Message
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller, Program

TOLD = {
    "set": N_("{program}: your PIN was set. If it was not you, tell us at once."),
    "changed": N_("{program}: your PIN was changed. If it was not you, tell us at once."),
    "removed": N_("{program}: your PIN was removed. If it was not you, tell us at once."),
}
SUBJECT = N_("Your PIN at {program}")


class PinTooEasy(InvalidValue):
    """The PIN is easy to guess, and why."""

    def __init__(self, weakness: str):
        super().__init__("/pin", f"is too easy to guess: it {weakness}")


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


class Proven(Struct, frozen=True):
    """What shows that it is she: the challenge whose code was typed, and where it was typed."""

    challenge: UUID
    code: str
    source: bytes

    def __repr__(self) -> str:
        return f"Proven({self.challenge}, …)"


async def set_pin(
    database: Database,
    program: Program,
    vault: Vault,
    caller: Caller,
    member: UUID,
    new: NewPin,
    *,
    channels: frozenset[str],
    at: datetime,
) -> PinSet:
    """The PIN counts from now on; the edge has the member told. Raises as `change_pin` does."""
    proven = Proven(ids.read("chl", new.challenge, "/challenge"), new.code, counts.till(caller.key, new.till))
    return await change_pin(database, program, vault, member, new.pin, proven, channels=channels, at=at)


async def change_pin(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    pin: str | None,
    proven: Proven,
    *,
    channels: frozenset[str],
    at: datetime,
) -> PinSet:
    """From now on the member has this PIN, or with None none. The edge has the message to her sent.

    The same code for the same PIN again is the same request: nothing is written or told once more. `channels`: by which
    anything can be sent here. Raises PinTooEasy, after which the code is good for another; NotFound, CodeWrong,
    SpendingLocked.
    """
    if pin is not None:
        _refuse(pin_strength.plain_weakness(pin))
    secret = vault.keyring.secret
    kept = await asyncio.to_thread(pins.seal, secret, pin) if pin is not None else None
    # Keyed, for whoever reads the table could try all PINs against a plain hash.
    by = challenges.digest(secret, proven.challenge, f"pin {pin}" if pin is not None else "no pin")

    async def work(tx: Transaction) -> PinSet | Problem:
        profile = await reading.profile(tx, program.id, vault, member)
        if profile is None or profile.erased_at is not None:
            return NotFound("There is no such member.")
        await locks.take(tx, program.id, profile.id)  # of two at once the second finds what the first did
        asked = await challenges.find(tx, program.id, proven.challenge)
        if asked is None or not went_to(asked, profile, vault):
            return CodeWrong()
        problem = await judge(tx, program, vault, asked, proven.code, proven.source, by, at)
        if problem is not None:
            return problem
        if asked.used_at is not None:
            return PinSet(ids.show("mem", profile.id), asked.used_at)
        if pin is not None:  # judged after the code only: a stranger's guesses would tell her birthday
            _refuse(pin_strength.known_weakness(pin, profile.person.birthday, profile.person.phone))
        had = await pins.find(tx, program.id, profile.id) is not None
        if kept is not None:
            await pins.keep(tx, program.id, profile.id, kept, at)
            await _tell(tx, program, vault, profile, "changed" if had else "set", channels, at)
        elif await pins.remove(tx, program.id, profile.id):
            await _tell(tx, program, vault, profile, "removed", channels, at)
        return PinSet(ids.show("mem", profile.id), at)

    answer = await database.run(program.id, work)
    if isinstance(answer, Problem):  # what was counted stays counted
        raise answer
    return answer


def contacts(vault: Vault, person: Person) -> dict[SentBy, tuple[str, bytes]]:
    """By channel where this person is reached now, and its blind index; SMS first."""
    found: dict[SentBy, tuple[str, bytes]] = {}
    if person.phone is not None:
        found["sms"] = person.phone, vault.digest("phone", person.phone)
    if person.email is not None:
        found["email"] = person.email, vault.digest("email", person.email)
    return found


def went_to(asked: Challenge, profile: Profile, vault: Vault) -> bool:
    """Whether a code was sent to what is this member's already: one that she is about to take proves nothing yet."""
    hers = {digest for _, digest in contacts(vault, profile.person).values()}
    return asked.member == profile.id and asked.purpose == "confirm" and asked.contact in hers


def _refuse(weakness: str | None) -> None:
    if weakness is not None:
        raise PinTooEasy(weakness)


async def _tell(
    tx: Transaction,
    program: Program,
    vault: Vault,
    profile: Profile,
    done: str,
    channels: frozenset[str],
    at: datetime,
) -> None:
    """Write to the audit trail what was done, and to her wherever she is reached: a thief has one of them perhaps."""
    action = "member.pin_removed" if done == "removed" else "member.pin_set"
    await trail.record(tx, program.id, Change(action, ids.show("mem", profile.id)), at)
    speaks = i18n.language(profile.language)
    text = speaks.gettext(TOLD[done]).format(program=program.name)
    subject = speaks.gettext(SUBJECT).format(program=program.name)
    for channel, (to, _) in contacts(vault, profile.person).items():
        if channel in channels:
            await queue_message(
                tx, program.id, vault.keyring.secret, Message(channel, to, text, subject),
                purpose="pin_changed", at=at, home=ids.home(profile.id),
            )  # fmt: skip
