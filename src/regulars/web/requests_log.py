"""A measurement per request, and a log line for each that failed: id, route, status, time; never a query or a name."""

from __future__ import annotations

import logging
import time
from uuid import uuid4

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from regulars.web import health

log = structlog.get_logger("regulars.request")
HEADER = b"x-request-id"
OVER_TLS = (b"strict-transport-security", b"max-age=31536000")
"""Whoever came over TLS once never comes without it (RFC 6797)."""


class RequestLog:
    """ASGI middleware; the id stands in the answer's X-Request-Id and in every problem."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and tell how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500
        own = [(HEADER, request_id.encode())]
        if not scope["litestar_app"].state.settings.insecure_cookies:
            own.append(OVER_TLS)

        async def listen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answered = [*message.get("headers", [])]
                there = {name.lower() for name, _ in answered}  # a problem says the id of its request itself
                message["headers"] = [*answered, *(one for one in own if one[0] not in there)]
            await send(message)

        try:
            await self.app(scope, receive, listen)
        finally:
            route = scope.get("path_template") or "unmatched"
            tell(request_id, scope["method"], route, status, time.perf_counter() - started)


def tell(request_id: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count an answered request, and log it when it failed."""
    health.observe(method, route, status, seconds)
    if status >= 400:
        level = logging.WARNING if status >= 500 else logging.INFO
        milliseconds = round(seconds * 1000, 1)
        log.log(level, "answered", id=request_id, method=method, route=route, status=status, ms=milliseconds)
