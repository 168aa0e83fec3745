"""Writes a reminder to a member who agreed to messages: by email, else as a text message, in her language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from regulars import i18n, ids
from regulars.db.pool import Transaction
from regulars.flows.known_programs import Known
from regulars.flows.messages import queue_message
from regulars.i18n import Language
from regulars.members import consents, reading
from regulars.messages.model import Channel, Message

CHANNELS: tuple[Channel, ...] = ("email", "sms")
PURPOSE = "marketing"
"""The agreement that a reminder rests on."""
KEEP = timedelta(days=3)


async def remind_member(
    tx: Transaction,
    known: Known,
    member: UUID,
    say: Callable[[Language], tuple[str, str]],
    *,
    purpose: str,
    at: datetime,
) -> bool:
    """Queue what `say` makes (text and subject) by the first channel that she agreed to; False: there is none."""
    program = known.program.id
    profile = await reading.profile(tx, program, known.vault, member)
    if profile is None or profile.erased_at is not None:
        return False
    agreed = await consents.agreed(tx, program, profile.id)
    for channel in CHANNELS:
        to = profile.person.email if channel == "email" else profile.person.phone
        if to is not None and agreed.get((channel, PURPOSE)):
            language = i18n.language(profile.language if profile.language in i18n.COMPLETE else i18n.SOURCE)
            text, subject = say(language)
            await queue_message(
                tx, program, known.vault.keyring.secret, Message(channel, to, text, subject), purpose=purpose,
                at=at, keep=KEEP, home=ids.home(profile.id),
            )  # fmt: skip
            return True
    return False
