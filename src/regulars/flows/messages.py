"""Writes messages in the transaction of whoever decides on them, and takes them to be sent, step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars.db.pool import Database, Transaction
from regulars.messages import outbox
from regulars.messages.model import Due, Message, Taken, Unreadable

ATTEMPTS_MAX = 6
FIRST_WAIT_SECONDS = 5
KEPT_DAYS = 90


async def queue_message(
    tx: Transaction,
    program: UUID,
    secret: bytes,
    message: Message,
    *,
    purpose: str,
    at: datetime,
    keep: timedelta = timedelta(days=1),
    home: int | None = None,
) -> UUID:
    """Write a message with what it is about; after the commit the edge calls `state.post_office.send(program)`.

    Not sent within `keep`, it is given up. The message's id.
    """
    return await outbox.queue(tx, program, secret, message, purpose=purpose, at=at, keep=keep, home=home)


async def take_messages(
    database: Database, program: UUID, secret: bytes, at: datetime
) -> list[Due | Unreadable]:
    """What is to be sent now; what came too late is given up. What cannot be opened is put aside, as if refused."""

    async def work(tx: Transaction) -> list[Due | Unreadable]:
        await outbox.give_up(tx, program, at)
        taken = await outbox.take(tx, program, secret, at)
        for one in taken:
            if isinstance(one, Unreadable):
                await _put_aside(tx, program, one, at, for_good=False)
        return taken

    return await database.run(program, work)


async def message_sent(database: Database, program: UUID, message: UUID, at: datetime) -> None:
    """The provider accepted it: it is never sent again."""
    await database.run(program, lambda tx: outbox.settle(tx, program, message, at, sent=True))


async def message_refused(
    database: Database, program: UUID, due: Due, at: datetime, *, for_good: bool
) -> None:
    """The provider did not accept it: again after 5, 10, 20 … seconds, unless it is refused for good or too late."""
    await database.run(program, lambda tx: _put_aside(tx, program, due, at, for_good=for_good))


async def _put_aside(tx: Transaction, program: UUID, one: Taken, at: datetime, *, for_good: bool) -> None:
    retry_at = at + timedelta(seconds=FIRST_WAIT_SECONDS * 2 ** (one.attempts - 1))
    if for_good or one.attempts >= ATTEMPTS_MAX or retry_at >= one.expires_at:
        await outbox.settle(tx, program, one.id, at, sent=False)
    else:
        await outbox.put_back(tx, program, one.id, retry_at)


async def prune_messages(database: Database, program: UUID, at: datetime) -> int:
    """Forget that there were messages 90 days ago; how many there were."""
    return await database.run(program, lambda tx: outbox.prune(tx, program, at - timedelta(days=KEPT_DAYS)))
