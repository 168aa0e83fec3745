"""The ways a message leaves: into a folder (demo, tests), through a mail server, through a provider's https gateway."""

from __future__ import annotations

import asyncio
import json
import os
import re
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from regulars.errors import NotInstalled
from regulars.messages.model import Channel, Message
from regulars.messaging import outgoing

_PLACE = re.compile(r"\{(?:to|text|subject|id)\}")


class Refused(Exception):
    """The provider did not accept a message. `for_good`: it never will. Says nothing of whom it was for."""

    def __init__(self, reason: str, *, for_good: bool = False):
        super().__init__(reason)
        self.for_good = for_good


class Sender(Protocol):
    """One way to send."""

    async def send(self, identifier: UUID, message: Message) -> None:
        """Hand a message over; returns once it was accepted. Raises Refused."""
        ...


class FolderSender:
    """Writes each message to a file that only the owner can read; nothing leaves the machine."""

    def __init__(self, folder: Path):
        self.folder = folder

    async def send(self, identifier: UUID, message: Message) -> None:
        """Write `<time-ordered id>.json` with channel, to, subject and text."""
        await asyncio.to_thread(self._write, identifier, message)

    def _write(self, identifier: UUID, message: Message) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.folder / f".{identifier.hex}.part"
        described = {
            "channel": message.channel,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
        }
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(described, file, ensure_ascii=False, indent=2)
        part.rename(self.folder / f"{identifier.hex}.json")


class MailSender:
    """Speaks SMTP: `smtps://user:password@host:465` (TLS), or `smtp://…:587`, which goes over to TLS.

    `smtp+plain://` never encrypts: for a mail server on the same machine.
    """

    SECONDS_MAX = 20

    def __init__(self, url: str, sender: str):
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname:
            raise ValueError("a mail server's address is smtps://, smtp:// or smtp+plain:// and a host")
        self._sender = sender
        self._options: dict[str, Any] = {
            "hostname": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            "start_tls": parts.scheme == "smtp",
            "timeout": self.SECONDS_MAX,
        }

    async def send(self, identifier: UUID, message: Message) -> None:
        """Hand the mail to the server, with the message's id as its Message-ID."""
        try:
            import aiosmtplib
        except ImportError as error:
            raise NotInstalled(
                "Sending email needs the extra `mail`: pip install 'regulars[mail]'"
            ) from error
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.to, message.subject
        mail["Message-ID"] = make_msgid(identifier.hex, domain=self._sender.rpartition("@")[2].rstrip(">"))
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            await aiosmtplib.send(mail, **self._options)
        except aiosmtplib.SMTPResponseException as error:
            raise Refused(f"SMTP {error.code}", for_good=500 <= error.code < 600) from None
        except aiosmtplib.SMTPRecipientsRefused:
            raise Refused("the recipient was refused", for_good=True) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Refused(type(error).__name__) from None


class GatewaySender:
    """Posts JSON to a provider of SMS or push messages.

    `template`: a JSON document in which `{to}`, `{text}`, `{subject}` and `{id}` stand inside strings. `authorization`:
    the header of that name. The provider gets the message's id as `Idempotency-Key`.
    """

    def __init__(self, url: str, template: str, authorization: str = "", *, allow_local: bool = False):
        self._url = url
        self._template = json.loads(template)
        self._authorization = authorization
        self._allow_local = allow_local

    async def send(self, identifier: UUID, message: Message) -> None:
        """Hand the message over; any answer of 2xx is an acceptance."""
        values = {
            "{to}": message.to,
            "{text}": message.text,
            "{subject}": message.subject,
            "{id}": identifier.hex,
        }
        body = json.dumps(_filled(self._template, values), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": identifier.hex}
        if self._authorization:
            headers["Authorization"] = self._authorization
        try:
            reply = await outgoing.post(self._url, body, headers, allow_local=self._allow_local)
        except outgoing.NotSent as error:
            raise Refused(str(error), for_good=error.for_good) from None
        status = reply.status
        if not 200 <= status < 300:
            raise Refused(f"HTTP {status}", for_good=400 <= status < 500 and status not in (408, 425, 429))


def _filled(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if isinstance(part, str):
        # In one pass: what is filled in is not looked at again.
        return _PLACE.sub(lambda place: values[place[0]], part)
    return part


Senders = dict[Channel, Sender]
