"""Sends what flows have written: at once by the process that wrote it, else by the worker on its next round."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from regulars.db.pool import Database
from regulars.errors import NotInstalled
from regulars.flows.messages import message_refused, message_sent, take_messages
from regulars.messages.model import Channel, Due, Taken, Unreadable
from regulars.messaging.senders import FolderSender, GatewaySender, MailSender, Refused, Senders
from regulars.settings import Gateway, Messaging

log = structlog.get_logger("regulars.messages")
AT_ONCE = 8
"""Messages that a process hands over side by side."""


def senders_of(settings: Messaging) -> Senders:
    """A sender for each channel that the settings of the process have one for; the folder serves the others.

    Raises ValueError for an address or a template that cannot be read.
    """
    senders: Senders = {}
    if settings.folder:
        folder = FolderSender(Path(settings.folder))
        senders = {"sms": folder, "email": folder, "push": folder, "pass": folder}
    if settings.smtp_url:
        senders["email"] = MailSender(settings.smtp_url, settings.mail_from)
    gateways: tuple[tuple[Channel, Gateway], ...] = (
        ("sms", settings.sms),
        ("push", settings.push),
        ("pass", settings.passes),
    )
    for channel, gateway in gateways:
        if gateway.url:
            senders[channel] = GatewaySender(
                gateway.url, gateway.body, gateway.authorization, allow_local=settings.to_localhost
            )
    return senders


class PostOffice:
    """What a process sends messages with."""

    def __init__(
        self,
        database: Database,
        secret: bytes,
        senders: Senders,
        now: Callable[[UUID], Awaitable[datetime]],
    ):
        self._database = database
        self._secret = secret
        self._senders = senders
        self._now = now
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._again: set[UUID] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)

    @property
    def channels(self) -> frozenset[Channel]:
        """By which channels messages can be sent at all."""
        return frozenset(self._senders)

    def send(self, program: UUID) -> None:
        """Messages of this program were committed: send them, without keeping the caller waiting."""
        if program in self._running:
            self._again.add(program)
            return
        task = asyncio.create_task(self._run(program))
        self._running[program] = task

    async def close(self) -> None:
        """Finish what was begun."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def deliver(self, program: UUID) -> int:
        """Send what is due; how many were accepted."""
        accepted = 0
        while taken := await take_messages(self._database, program, self._secret, await self._now(program)):
            due = [one for one in taken if isinstance(one, Due)]
            for one in taken:
                if isinstance(one, Unreadable):
                    _tell(log.error, "message_unreadable", program, one, one.reason)
            accepted += sum(await asyncio.gather(*[self._hand_over(program, one) for one in due]))
        return accepted

    async def _run(self, program: UUID) -> None:
        try:
            while True:
                self._again.discard(program)
                await self.deliver(program)
                if program not in self._again:
                    break
        except Exception:  # nobody waits for this task who could be told
            log.exception("messages_not_sent", program=str(program))  # the worker's round tries again
        finally:
            del self._running[program]

    async def _hand_over(self, program: UUID, due: Due) -> bool:
        sender = self._senders.get(due.message.channel)
        async with self._slots:
            try:
                if sender is None:
                    raise Refused("no sender for this channel")
                await sender.send(due.id, due.message)
            except (Refused, NotInstalled, OSError) as refusal:
                for_good = isinstance(refusal, Refused) and refusal.for_good
                reason = str(refusal) if not isinstance(refusal, OSError) else type(refusal).__name__
                _tell(log.warning, "message_refused", program, due, reason)
                await message_refused(
                    self._database, program, due, await self._now(program), for_good=for_good
                )
                return False
        await message_sent(self._database, program, due.id, await self._now(program))
        return True


def _tell(log: Callable[..., Any], event: str, program: UUID, one: Taken, reason: str) -> None:
    log(
        event, program=str(program), channel=one.channel, purpose=one.purpose, message=str(one.id),
        attempt=one.attempts, reason=reason,
    )  # fmt: skip
