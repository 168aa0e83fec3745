"""A member's PIN on her own pages: whether she has one, the code that she asks for, and what she does with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict
from regulars.flows.challenges import ChallengeView, contact_of, issue, masked
from regulars.flows.set_pin import Proven, change_pin, contacts, went_to
from regulars.members import reading
from regulars.members.access import challenges, counts, pins
from regulars.members.access.challenges import WRONG_MAX
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.programs.model import Program


class OwnPin(Struct, frozen=True):
    """Whether a member has a PIN, never which."""

    set_at: datetime | None
    """None: she has none."""
    reachable: bool
    """Whether a code can be sent to her at all."""
    sent_to: str
    """Where the code went that may still be typed, as far as she recognises it; empty: there is none."""


async def read_own_pin(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    challenge: UUID | None,
    *,
    channels: frozenset[str],
    at: datetime,
) -> OwnPin:
    """How it stands, and where the code of this challenge went while it is open. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        profile = await _profile(tx, program, vault, member)
        set_at = await pins.set_at(tx, program.id, profile.id)
        asked = await challenges.find(tx, program.id, challenge) if challenge is not None else None
    hers = contacts(vault, profile.person)
    waits = asked is not None and asked.used_at is None and asked.expires_at > at
    sent_to = ""
    if asked is not None and waits and asked.attempts < WRONG_MAX and went_to(asked, profile, vault):
        sent_to = next(masked(to) for to, digest in hers.values() if digest == asked.contact)
    return OwnPin(set_at, any(channel in channels for channel in hers), sent_to)


async def ask_pin_code(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    *,
    channels: frozenset[str],
    at: datetime,
) -> ChallengeView:
    """Send her a code for it; the edge has it sent. `channels`: by which anything can be sent here.

    Raises NotFound, StateConflict after an erasure, ChannelUnavailable, TooManyRequests.
    """

    async def work(tx: Transaction) -> ChallengeView:
        profile = await _profile(tx, program, vault, member)
        if profile.erased_at is not None:
            raise StateConflict("This member was erased.")
        contact = contact_of(vault, profile.person, None, channels)
        return await issue(
            tx, program, vault, "confirm", contact, member=profile.id, language=profile.language,
            source=counts.pages(profile.id), at=at, about="pin",
        )  # fmt: skip

    return await database.run(program.id, work)


async def change_own_pin(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    pin: str | None,
    challenge: str,
    code: str,
    *,
    channels: frozenset[str],
    at: datetime,
) -> None:
    """Set it, change it, or with None remove it; the edge has the message to her sent. Raises as `change_pin` does."""
    proven = Proven(ids.read("chl", challenge, "/challenge"), code, counts.pages(member))
    await change_pin(database, program, vault, member, pin, proven, channels=channels, at=at)


async def _profile(tx: Transaction, program: Program, vault: Vault, member: UUID) -> Profile:
    profile = await reading.profile(tx, program.id, vault, member)
    if profile is None:
        raise NotFound("There is no such member.")
    return profile
