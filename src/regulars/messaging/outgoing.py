"""One https POST to an address that somebody configured: no redirects, no inner networks, five seconds, 64 kB.

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
from urllib.parse import SplitResult, urlsplit

SECONDS_MAX = 5.0
ANSWER_BYTES_MAX = 64 * 1024
_STATUS = re.compile(rb"^HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
_PLAIN = re.compile(r"^[\x20-\x7e]*$")


class NotSent(Exception):
    """There was no answer; `for_good`: there will be none from this address."""

    def __init__(self, reason: str, *, for_good: bool = False):
        super().__init__(reason)
        self.for_good = for_good


async def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_local: bool = False) -> int:
    """The status of the answer. `allow_local`: plain http and this machine too, for development. Raises NotSent."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (allow_local and parts.scheme == "http"):
        raise NotSent("only https is spoken", for_good=True)
    if not parts.hostname or parts.username or parts.password:
        raise NotSent("the address has no host, or a password in it", for_good=True)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            address, port = await _resolved(parts, allow_local)
            return await _exchange(parts, address, port, body, headers)
    except TimeoutError:
        raise NotSent("no answer in time") from None
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise NotSent(type(error).__name__) from None


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


async def _exchange(
    parts: SplitResult, address: str, port: int, body: bytes, headers: Mapping[str, str]
) -> int:
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    reader, writer = await asyncio.open_connection(
        address, port, ssl=tls, server_hostname=parts.hostname if tls else None, limit=ANSWER_BYTES_MAX
    )
    try:
        writer.write(_request(parts, body, headers) + body)
        await writer.drain()
        line = await reader.readline()
        status = _STATUS.match(line)
        if status is None:
            raise NotSent("the answer is not HTTP")
        return int(status[1])
    finally:
        writer.close()


def _request(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = f":{parts.port}" if parts.port else ""
    lines = [
        f"POST {target} HTTP/1.1",
        f"Host: {parts.hostname}{port}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    if not all(_PLAIN.match(line) for line in lines):
        raise NotSent("the address or a header has characters that cannot be sent", for_good=True)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
