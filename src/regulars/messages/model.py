"""Messages: to whom, by which channel, what they say. Both are sealed while they wait, and gone afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Channel = Literal["sms", "email", "push"]
State = Literal["waiting", "sending", "sent", "failed"]


class Message(Struct, frozen=True):
    """One message to one recipient."""

    channel: Channel
    to: str
    """A phone in E.164, an email address, or a push address."""
    text: str
    subject: str = ""
    """For email."""

    def __repr__(self) -> str:
        return f"Message({self.channel}, …)"


class Due(Struct, frozen=True):
    """A message that is to be sent now, by whoever took it."""

    id: UUID
    message: Message
    purpose: str
    attempts: int
    expires_at: datetime
