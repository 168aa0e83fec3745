"""Writes messages in the transaction of whoever decides on them, and takes them to be sent, step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from regulars.db.pool import Database, Transaction
from regulars.messages import outbox
from regulars.messages.model import Due, Message

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


async def take_messages(database: Database, program: UUID, secret: bytes, at: datetime) -> list[Due]:
    """What is to be sent now; what came too late is given up."""

    async def work(tx: Transaction) -> list[Due]:
        await outbox.give_up(tx, program, at)
        return await outbox.take(tx, program, secret, at)

    return await database.run(program, work)


async def message_sent(database: Database, program: UUID, message: UUID, at: datetime) -> None:
    """The provider accepted it: it is never sent again."""
    await database.run(program, lambda tx: outbox.settle(tx, program, message, at, sent=True))


async def message_refused(
    database: Database, program: UUID, due: Due, at: datetime, *, for_good: bool
) -> None:
    """The provider did not accept it: again after 5, 10, 20 … seconds, unless it is refused for good or too late."""
    retry_at = at + timedelta(seconds=FIRST_WAIT_SECONDS * 2 ** (due.attempts - 1))

    async def work(tx: Transaction) -> None:
        if for_good or due.attempts >= ATTEMPTS_MAX or retry_at >= due.expires_at:
            await outbox.settle(tx, program, due.id, at, sent=False)
        else:
            await outbox.put_back(tx, program, due.id, retry_at)

    await database.run(program, work)


async def prune_messages(database: Database, program: UUID, at: datetime) -> int:
    """Forget that there were messages 90 days ago; how many there were."""
    return await database.run(program, lambda tx: outbox.prune(tx, program, at - timedelta(days=KEPT_DAYS)))
