"""A subscriber's server on this machine: it keeps what it was sent, and answers as it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

from standardwebhooks import Webhook

from regulars.db.pool import Database
from regulars.flows.tell_events import tell_events
from regulars.messaging.courier import Courier
from tests.api.conftest import SECRET, Api

ACCEPTED = b"HTTP/1.1 204 No Content\r\n\r\n"


class Received:
    """One request as it came."""

    def __init__(self, head: bytes, body: bytes):
        lines = head.decode().split("\r\n")
        self.target = lines[0]
        self.headers = dict(_header(line) for line in lines[1:] if line)
        self.body = body
        self.event: dict[str, Any] = json.loads(body)

    def verified(self, secret: str) -> dict[str, Any]:
        """The event, if the signature is right. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name.lower(), value


class Receiver:
    """Answers each request with what `answer` says of its event; bytes, or None for silence."""

    def __init__(self) -> None:
        self.seen: list[Received] = []
        self.answer: Callable[[dict[str, Any]], bytes | None] = lambda _: ACCEPTED
        self.port = 0
        self.at_once = 0
        self.at_once_max = 0
        self.ending = asyncio.Event()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks?from=regulars"

    @property
    def types(self) -> list[str]:
        """The types of the events that came, in their order."""
        return [one.event["type"] for one in self.seen]

    @property
    def ids(self) -> list[str]:
        """Their ids."""
        return [one.event["id"] for one in self.seen]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            received = Received(head, await reader.readexactly(length))
            self.seen.append(received)
            self.at_once += 1
            self.at_once_max = max(self.at_once_max, self.at_once)
            answer = self.answer(received.event)
            await asyncio.sleep(0.01)
            self.at_once -= 1
            if answer is None:
                await self.ending.wait()
            else:
                writer.write(answer)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A server of this test alone."""
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.ending.set()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.01)


async def subscribe(api: Api, to: Receiver, *patterns: str, **more: Any) -> dict[str, Any]:
    """Subscribe a receiver; the answer, with its secret."""
    made = await api.post("/v1/webhooks", {"address": to.address, "events": list(patterns or ("*",)), **more})
    assert made.status_code == 201, made.text
    return made.json()


async def tell(api: Api, database: Database) -> int:
    """Let the worker make one round for this program; how many events were accepted."""
    await told(api, database)
    return await courier(database).deliver(api.program.id)


async def told(api: Api, database: Database) -> int:
    """Let events be made of what happened; how many deliveries that makes."""
    from regulars import clock

    return await tell_events(database, api.program.id, clock.world())


def courier(database: Database) -> Courier:
    """One that may speak to this machine."""
    return Courier(database, SECRET, allow_local=True)


async def due_now(database: Database, program: UUID) -> None:
    """Let every wait be over."""
    async with database.transaction(program) as tx:
        await tx.execute(
            "UPDATE webhook_lane SET due_at = now(), taken = false WHERE program = %s AND due_at IS NOT NULL",
            (program,),
        )
