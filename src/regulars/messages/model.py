"""Messages: to whom, by which channel, what they say. Both are sealed while they wait, and gone afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Channel = Literal["sms", "email", "push", "pass"]
State = Literal["waiting", "sending", "sent", "failed"]


class Message(Struct, frozen=True):
    """One message to one recipient."""

    channel: Channel
    to: str
    """A phone in E.164, an email address, a push address, or the push token of a wallet on a phone."""
    text: str
    subject: str = ""
    """For email; for a wallet the type of its passes."""

    def __repr__(self) -> str:
        return f"Message({self.channel}, …)"


class Taken(Struct, frozen=True):
    """A message that was taken, to be sent now."""

    id: UUID
    channel: Channel
    purpose: str
    attempts: int
    expires_at: datetime


class Due(Taken, frozen=True, kw_only=True):
    """One that can be sent."""

    message: Message


class Unreadable(Taken, frozen=True, kw_only=True):
    """One that cannot be opened: sealed by another secret, changed, or of a shape that this release does not know."""

    reason: str
    """The kind of error; never what stands in it."""
