"""One https call to an address that somebody configured: no redirects, no inner networks, five seconds, 64 kB.

The name is resolved once and the connection made to that address, so that a name cannot mean one machine when it is
checked and another when it is used.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

SECONDS_MAX = 5.0
BODY_SECONDS_MAX = 1.0
ANSWER_BYTES_MAX = 64 * 1024
KEPT_BYTES_MAX = 4096
"""How much of an answer's body is read where only its beginning is wanted."""
_STATUS = re.compile(rb"^HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
_PLAIN = re.compile(r"^[\x20-\x7e]*$")


class Reply(NamedTuple):
    """What the other side answered: its status, and how its body begins."""

    status: int
    body: bytes
    retry_after: str = ""
    """Its header of that name, as it stands."""


class NotSent(Exception):
    """There was no answer; `for_good`: there will be none from this address."""

    def __init__(self, reason: str, *, for_good: bool = False):
        super().__init__(reason)
        self.for_good = for_good


async def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_local: bool = False) -> Reply:
    """The answer. `allow_local`: plain http and this machine too, for development. Raises NotSent."""
    return await _call("POST", url, body, headers, KEPT_BYTES_MAX, allow_local)


async def fetch(
    url: str, form: bytes | None, headers: Mapping[str, str], *, allow_local: bool = False
) -> Reply:
    """The answer with its body, of at most 64 kB: to a GET, or with `form` to a POST. Raises NotSent."""
    method = "GET" if form is None else "POST"
    return await _call(method, url, form or b"", headers, ANSWER_BYTES_MAX, allow_local)


async def _call(
    method: str, url: str, body: bytes, headers: Mapping[str, str], most: int, allow_local: bool
) -> Reply:
    parts = checked(url, allow_local=allow_local)
    request = _request(method, parts, body, headers)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            address, port = await _resolved(parts, allow_local)
            return await _exchange(parts, address, port, request, most)
    except TimeoutError:
        raise NotSent("no answer in time") from None
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise NotSent(type(error).__name__) from None


def checked(url: str, *, allow_local: bool = False) -> SplitResult:
    """An address that may be called, as far as it can be told without asking what its name means. Raises NotSent."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotSent("this is no address", for_good=True) from None
    if parts.scheme != "https" and not (allow_local and parts.scheme == "http"):
        raise NotSent("only https is spoken", for_good=True)
    if not parts.hostname or parts.username or parts.password or port == 0:
        raise NotSent("the address has no host, or a password in it", for_good=True)
    if not _PLAIN.match(url) or " " in url:
        raise NotSent("the address or a header has characters that cannot be sent", for_good=True)
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    if not allowed(str(literal), allow_local=allow_local):
        raise NotSent("the address leads into an inner network", for_good=True)
    return parts


def allowed(address: str, *, allow_local: bool = False) -> bool:
    """Whether a connection to this address may be made: only to what is public; the machine itself by a switch."""
    read = ipaddress.ip_address(address)
    inner = getattr(read, "ipv4_mapped", None) or getattr(read, "sixtofour", None)
    if inner is not None:
        read = inner
    if allow_local and read.is_loopback:
        return True
    return read.is_global and not read.is_multicast and not read.is_reserved


async def _resolved(parts: SplitResult, allow_local: bool) -> tuple[str, int]:
    assert parts.hostname is not None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(allowed(address, allow_local=allow_local) for address in addresses):
        raise NotSent("the address leads into an inner network", for_good=True)
    return addresses[0], port


async def _exchange(parts: SplitResult, address: str, port: int, request: bytes, most: int) -> Reply:
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    reader, writer = await asyncio.open_connection(
        address, port, ssl=tls, server_hostname=parts.hostname if tls else None, limit=ANSWER_BYTES_MAX
    )
    try:
        writer.write(request)
        await writer.drain()
        line = await reader.readline()
        status = _STATUS.match(line)
        if status is None:
            raise NotSent("the answer is not HTTP")
        headers: dict[str, str] = {}
        body = await _kept(reader, headers, most)
        return Reply(int(status[1]), body, headers.get("retry-after", ""))
    finally:
        writer.close()


async def _kept(reader: asyncio.StreamReader, headers: dict[str, str], most: int) -> bytes:
    """How the body begins. The status was said before it: a body that never ends, or is broken, changes nothing.

    The headers that came are entered in `headers`.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            await _read_headers(reader, headers)
            return await _body(reader, headers, most)
    except (TimeoutError, OSError, ValueError, asyncio.LimitOverrunError):
        return b""


async def _read_headers(reader: asyncio.StreamReader, headers: dict[str, str]) -> None:
    left = ANSWER_BYTES_MAX
    while (line := await reader.readline()).strip():
        left -= len(line)
        if left < 0:
            raise ValueError("headers without end")
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str], most: int) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", "").lower():
        said = headers.get("content-length", "")
        return await _up_to(reader, min(most, int(said)) if said.isdecimal() else most)
    body = b""
    while len(body) < most:
        size = (await reader.readline()).partition(b";")[0].strip()
        if not size or not int(size, 16):
            break
        body += await _up_to(reader, min(int(size, 16), most - len(body)))
        await reader.readline()
    return body


async def _up_to(reader: asyncio.StreamReader, most: int) -> bytes:
    try:
        return await reader.readexactly(most)
    except asyncio.IncompleteReadError as ended:
        return ended.partial


def _request(method: str, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = f":{parts.port}" if parts.port else ""
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {parts.hostname}{port}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    if not all(_PLAIN.match(line) for line in lines):
        raise NotSent("the address or a header has characters that cannot be sent", for_good=True)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body
