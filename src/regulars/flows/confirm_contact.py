"""What follows when a member has answered a code: she may spend, and what she agreed to on that channel counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Transaction
from regulars.members import consents
from regulars.members.access import proving

SPOKEN_BY = {"sms": ("sms", "phone"), "email": ("email",)}
"""The channels of consents that a code by SMS or email confirms."""


async def confirm_contact(tx: Transaction, program: UUID, member: UUID, channel: str, at: datetime) -> None:
    """The code that was sent on this channel came back; a second time changes nothing."""
    if not await proving.confirm(tx, program, member):
        return  # by far the most: members who were confirmed long ago
    for said, state in consents.latest(await consents.history(tx, program, member)):
        if state == "pending" and said.channel in SPOKEN_BY.get(channel, ()):
            await consents.confirm(tx, program, member, said.id, at)
