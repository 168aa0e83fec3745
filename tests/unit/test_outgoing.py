"""Calls to providers: only to public addresses, without redirects, and what they are told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from regulars.messages.model import Message
from regulars.messaging import outgoing
from regulars.messaging.outgoing import NotSent
from regulars.messaging.senders import GatewaySender, MailSender, Refused

MESSAGE = Message("sms", "+37126000001", 'He said "{to}" \\ and left', "Hello")


class Provider:
    """A plain server on this machine that keeps what it was sent and answers as it is told."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.answer = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        self.seen.append(head + await reader.readexactly(length))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    made = Provider()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_inner_addresses_are_refused(address: str) -> None:
    assert not outgoing.allowed(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert outgoing.allowed(address)


def test_development_may_reach_this_machine_and_nothing_else_within() -> None:
    assert outgoing.allowed("127.0.0.1", allow_local=True)
    assert not outgoing.allowed("10.0.0.1", allow_local=True)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.com/", "only https is spoken"),
        ("file:///etc/passwd", "only https is spoken"),
        ("https://user:password@example.com/", "the address has no host, or a password in it"),
        ("https://localhost/", "the address leads into an inner network"),
        ("https://127.0.0.1/", "the address leads into an inner network"),
        ("https://[::1]/", "the address leads into an inner network"),
    ],
)
async def test_an_address_that_must_not_be_called_is_refused_for_good(url: str, reason: str) -> None:
    with pytest.raises(NotSent, match=reason) as refused:
        await outgoing.post(url, b"{}", {})
    assert refused.value.for_good


async def test_the_provider_is_told_what_the_template_says_and_nothing_is_filled_in_twice(
    provider: Provider,
) -> None:
    template = '{"recipients": [{"phone": "{to}"}], "body": {"text": "{subject}: {text}"}, "flash": false, "ttl": 300}'
    sender = GatewaySender(
        f"http://127.0.0.1:{provider.port}/v1?a=b", template, "Bearer key", allow_local=True
    )
    await sender.send(UUID(int=7), MESSAGE)
    head, _, body = provider.seen[0].partition(b"\r\n\r\n")
    assert json.loads(body) == {
        "recipients": [{"phone": "+37126000001"}],
        "body": {"text": 'Hello: He said "{to}" \\ and left'},
        "flash": False,
        "ttl": 300,
    }
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /v1?a=b HTTP/1.1"
    assert "Authorization: Bearer key" in lines
    assert f"Idempotency-Key: {UUID(int=7).hex}" in lines


@pytest.mark.parametrize(
    ("status", "for_good"),
    [(302, False), (400, True), (408, False), (429, False), (500, False), (503, False)],
)
async def test_anything_but_success_is_a_refusal_and_a_redirect_is_not_followed(
    provider: Provider, status: int, for_good: bool
) -> None:
    there = b"Location: http://127.0.0.1:1/\r\n"
    provider.answer = f"HTTP/1.1 {status} No\r\n".encode() + there + b"Content-Length: 0\r\n\r\n"
    sender = GatewaySender(f"http://127.0.0.1:{provider.port}/", '{"to": "{to}"}', allow_local=True)
    with pytest.raises(Refused, match=f"HTTP {status}") as refused:
        await sender.send(UUID(int=7), MESSAGE)
    assert refused.value.for_good is for_good
    assert len(provider.seen) == 1


async def test_an_answer_that_is_not_http_or_never_comes_is_no_acceptance(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answer = b"SSH-2.0-OpenSSH\r\n"
    with pytest.raises(NotSent, match="not HTTP"):
        await outgoing.post(f"http://127.0.0.1:{provider.port}/", b"{}", {}, allow_local=True)
    monkeypatch.setattr(outgoing, "SECONDS_MAX", 0.2)
    ended = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ended.wait()
        writer.close()
        await writer.wait_closed()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    with pytest.raises(NotSent, match="in time"):
        await outgoing.post(f"http://127.0.0.1:{port}/", b"{}", {}, allow_local=True)
    ended.set()
    silent.close()
    await silent.wait_closed()
    await asyncio.sleep(0)


class MailServer:
    """As much SMTP as a sender needs; it keeps what it was sent."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.mail: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.mail.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                writer.write(f"{self.answer}\r\n".encode())
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 OK\r\n")
        await writer.drain()
        writer.close()


async def sent_by_mail(server: MailServer) -> None:
    served = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = served.sockets[0].getsockname()[1]
    sender = MailSender(f"smtp+plain://127.0.0.1:{port}", "Dzintars <club@dzintars.example>")
    try:
        await sender.send(UUID(int=7), Message("email", "anna@example.com", "Jūsu kods: 123456", "Kods"))
    finally:
        served.close()
        await served.wait_closed()


async def test_a_mail_says_from_whom_it_is_and_carries_the_messages_id() -> None:
    server = MailServer()
    await sent_by_mail(server)
    mail = email.message_from_string(server.mail[0], policy=email.policy.default)
    assert (mail["From"], mail["To"], mail["Subject"]) == (
        "Dzintars <club@dzintars.example>",
        "anna@example.com",
        "Kods",
    )
    assert f"{UUID(int=7).hex}@dzintars.example" in mail["Message-ID"]
    assert mail.get_content().strip() == "Jūsu kods: 123456"


@pytest.mark.parametrize(("answer", "for_good"), [("451 later", False), ("550 no such mailbox", True)])
async def test_a_mail_servers_no_is_for_good_or_for_now(answer: str, for_good: bool) -> None:
    with pytest.raises(Refused, match=f"SMTP {answer[:3]}") as refused:
        await sent_by_mail(MailServer(answer))
    assert refused.value.for_good is for_good


@pytest.mark.parametrize("url", ["https://mail.example", "smtp://", "mail.example:25"])
def test_a_mail_servers_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="a mail server's address"):
        MailSender(url, "club@dzintars.example")


async def test_a_name_is_resolved_once_and_the_connection_made_to_what_was_checked(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, asked = asyncio.get_running_loop(), []
    real = loop.getaddrinfo

    async def rebinding(host: str, port: int, **options: int) -> list[Any]:
        if host != "rebound.example":
            return await real(host, port, **options)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(2, 1, 6, "", (address, port))]

    monkeypatch.setattr(loop, "getaddrinfo", rebinding)
    url = f"http://rebound.example:{provider.port}/"
    assert (await outgoing.post(url, b"{}", {}, allow_local=True)).status == 202
    assert asked == ["rebound.example"]
    assert b"Host: rebound.example" in provider.seen[0]
    with pytest.raises(NotSent, match="inner network"):
        await outgoing.post(url, b"{}", {}, allow_local=True)
    assert len(provider.seen) == 1


async def test_a_name_of_which_one_address_is_an_inner_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def both(host: str, port: int, **_: int) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.216.34", "169.254.169.254")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(NotSent, match="inner network"):
        await outgoing.post("https://both.example/", b"{}", {})


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nfine", b"fi"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000, b"x" * 4096),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense", b""),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000 + b"\r\nbody", b""),
    ],
    ids=["length", "huge", "broken", "long head"],
)
async def test_an_answer_counts_by_its_status_whatever_its_body_is(
    provider: Provider, answer: bytes, kept: bytes
) -> None:
    provider.answer = answer
    reply = await outgoing.post(f"http://127.0.0.1:{provider.port}/", b"{}", {}, allow_local=True)
    assert (reply.status, reply.body) == (200, kept)
