"""Sends calls: sync and async, with a key, time limits, and retries that repeat the same request."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from regulars_client.async_operations import AsyncOperations
from regulars_client.call import Call
from regulars_client.errors import ApiError, NoAnswer
from regulars_client.operations import Operations
from regulars_client.retrying import Retries

TIMEOUT_SECONDS = 10.0
"""For one attempt."""


class _Client:
    def __init__(
        self,
        address: str,
        key: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: Retries | None = None,
        language: str | None = None,
    ):
        self._retries = retries or Retries()
        headers = {"Authorization": f"Bearer {key}", "User-Agent": "regulars-client/0.1"}
        if language is not None:
            headers["Accept-Language"] = language
        self._options: dict[str, Any] = {"base_url": address, "timeout": timeout, "headers": headers}

    def _request(self, call: Call) -> dict[str, Any]:
        """The same for every attempt: method, address, headers and content."""
        headers: dict[str, str] = {}
        content: bytes | None = None
        if isinstance(call.body, bytes):
            content, headers["Content-Type"] = call.body, "application/octet-stream"
        elif call.body is not None:
            content, headers["Content-Type"] = msgspec.json.encode(call.body), "application/json"
        if call.named:
            headers["Idempotency-Key"] = call.key or f"client-{uuid.uuid4()}"
        if call.grant is not None:
            headers["Regulars-Grant"] = call.grant
        path = call.path.format(*[quote(place, safe="") for place in call.places])
        query = {name: value for name, value in call.query.items() if value is not None}
        return {"method": call.method, "url": path, "headers": headers, "content": content, "params": query}

    def _pause(self, attempt: int, response: httpx.Response | None) -> float | None:
        if response is None:
            return self._retries.pause(attempt, None)
        return self._retries.pause(attempt, response.status_code, response.headers.get("retry-after"))


class Regulars(_Client, Operations):
    """The API at an address, with a key: `with Regulars("https://club.example", "live_…") as regulars: …`."""

    def __init__(
        self, address: str, key: str, *, transport: httpx.BaseTransport | None = None, **options: Any
    ):
        """`options`: `timeout` of one attempt in seconds, `retries`, `language` of what is answered."""
        super().__init__(address, key, **options)
        self._http = httpx.Client(**self._options, transport=transport)
        Operations.__init__(self, self._send)

    def __enter__(self) -> Regulars:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _send(self, call: Call) -> Any:
        request = self._request(call)
        attempt = 1
        while True:
            response, failure = None, None
            try:
                response = self._http.request(**request)
            except httpx.TransportError as error:
                failure = error
            pause = self._pause(attempt, response)
            if pause is None:
                return _answer(call, response, failure)
            time.sleep(pause)
            attempt += 1


class AsyncRegulars(_Client, AsyncOperations):
    """As `Regulars`, for asyncio: `async with AsyncRegulars(…) as regulars: await regulars.members.read(…)`."""

    def __init__(
        self, address: str, key: str, *, transport: httpx.AsyncBaseTransport | None = None, **options: Any
    ):
        """`options`: as those of `Regulars`."""
        super().__init__(address, key, **options)
        self._http = httpx.AsyncClient(**self._options, transport=transport)
        AsyncOperations.__init__(self, self._send)

    async def __aenter__(self) -> AsyncRegulars:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _send(self, call: Call) -> Any:
        request = self._request(call)
        attempt = 1
        while True:
            response, failure = None, None
            try:
                response = await self._http.request(**request)
            except httpx.TransportError as error:
                failure = error
            pause = self._pause(attempt, response)
            if pause is None:
                return _answer(call, response, failure)
            await asyncio.sleep(pause)
            attempt += 1


def _answer(call: Call, response: httpx.Response | None, failure: Exception | None) -> Any:
    if response is None:
        raise NoAnswer(f"{call.method} {call.path}: {type(failure).__name__}") from failure
    if not response.is_success:
        raise ApiError(response)
    return (
        response.content if call.answer is bytes else msgspec.json.decode(response.content, type=call.answer)
    )
