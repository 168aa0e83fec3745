"""Says from which network address a request comes, at which address of ours it arrived, and which leads nowhere."""

from __future__ import annotations

import ipaddress
from typing import Any

from litestar import Request
from litestar.types import ASGIApp, Receive, Scope, Send

from regulars.errors import NotFound
from regulars.programs.model import Program

HttpRequest = Request[Any, Any, Any]


class WithoutNul:
    """ASGI middleware: a page's address with a NUL character leads nowhere, as no text of the database can hold one.

    Calls of the API say by themselves what is wrong with it.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Raises NotFound."""
        called = scope["type"] != "http" or scope["path"].startswith("/v1/")
        if not called and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            raise NotFound("There is nothing at this address.")
        await self.app(scope, receive, send)


def address_of(request: HttpRequest) -> str:
    """The network address of the caller, or the one that a proxy on an inner network says it speaks for.

    A proxy says it last, in the header that came or in one of its own after that; what stands before may be made up.
    """
    peer = request.client.host if request.client is not None else ""
    said = request.headers.getall("x-forwarded-for", [""])
    forwarded = said[-1].rpartition(",")[2].strip()
    return forwarded if forwarded and _inner(peer) and _is_address(forwarded) else peer


def origin_of(request: HttpRequest, program: Program | None = None) -> str:
    """Where the browser is, as `https://club.example`: what the program names, else what the request does."""
    named = program.settings.public_address if program is not None else ""
    return named or f"{request.url.scheme}://{request.url.netloc}"


def _inner(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
