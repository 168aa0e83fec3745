"""What follows when a member has answered a code: she may spend, and what she agreed to on that channel counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Transaction
from regulars.members import consents
from regulars.members.access import proving
from regulars.members.model import IdentifierKind

SPOKEN_BY = {"sms": ("sms", "phone", "post", "push"), "email": ("email", "post", "push")}
"""The channels of consents that a code by SMS or email confirms: no code goes by post, nor to an app."""
_KINDS: dict[str, IdentifierKind] = {"sms": "phone", "email": "email"}


async def confirm_contact(
    tx: Transaction, program: UUID, member: UUID, channel: str, contact: bytes | None, at: datetime
) -> None:
    """The code that was sent on this channel to `contact` (its blind index) came back; twice changes nothing.

    What waits for a confirmation on this channel counts from now on, if that phone or email is hers: a code may also
    have gone to one that she is about to take.
    """
    await proving.confirm(tx, program, member)
    if contact is None:
        return
    for said, state in consents.latest(await consents.history(tx, program, member)):
        if state == "pending" and said.channel in SPOKEN_BY.get(channel, ()):
            await consents.confirm_from(tx, program, member, said, at, kind=_KINDS[channel], index=contact)
