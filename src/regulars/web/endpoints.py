"""One API call, declared once: its address, scopes, the structs of its query, body and answer.

From the same declaration come the Litestar handler (authentication, decoding, idempotency, the answer) and the
OpenAPI document, so that the two cannot disagree.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import unquote

import msgspec
from litestar import Response
from litestar.connection import Request as HttpRequest
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.errors import BadRequest, IdempotencyKeyMissing
from regulars.flows.known_programs import Known
from regulars.programs.model import Caller
from regulars.web import bodies, callers, slices

AGENT_MAX = 120
REASON_MAX = 500
UPLOADS_AT_ONCE = 4
"""Files that a process takes in side by side: each is in memory while it is read."""
_uploading = asyncio.Semaphore(UPLOADS_AT_ONCE)
KEY = re.compile(r"^[\x21-\x7e]{1,255}$")
NOT_BOUND = "Not for a key of one partner or one store: `403 forbidden`."
Body = TypeVar("Body")
Query = TypeVar("Query")
Shape = TypeVar("Shape", bound=Struct)


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A call without query parameters."""


@dataclass(slots=True)
class Call(Generic[Body, Query]):
    """One call as its handler sees it: who calls, what was sent, and the process's state."""

    caller: Caller
    body: Body
    query: Query
    path: dict[str, str]
    state: Any
    """The application's state: `database`, `known` (programs), `recorder`, `settings`."""
    language: str | None
    """`Accept-Language`, as sent."""
    key: str = ""
    """The Idempotency-Key, where the call needs one."""
    digest: bytes = b""
    """SHA-256 of the call and its body as parsed JSON."""
    replayed: bool = False
    grant: str | None = None
    """The header `Regulars-Grant`, as sent: a member's token, of the calls that declare it."""
    address: str = ""
    """From where it came, as the server sees it."""
    agent: str = ""
    """`User-Agent`, as sent."""
    by: str = ""
    """The method and the path's pattern."""
    why: str = ""
    """The header `Regulars-Reason`, of a call that changes something: it stands in the audit trail."""
    if_none_match: str = ""
    """`If-None-Match`, as sent: what the caller has already."""
    takes_gzip: bool = False
    """Whether the answer may come compressed."""

    @property
    def actor(self) -> Actor:
        """Who makes what is changed by this call."""
        key = ids.show("key", self.caller.key)
        return Actor("key", key, self.caller.name, self.address, self.agent[:AGENT_MAX], self.by, self.why)

    @property
    def database(self) -> Database:
        """The pool of this process, in the caller's name."""
        return self.state.database.acting(self.actor)

    def decode(self, raw: bytes, shape: type[Shape]) -> Shape:
        """A struct inside the body that is decoded by itself. Raises Problems as for a whole body."""
        return bodies.decode(raw, msgspec.json.Decoder(shape))

    async def known(self) -> Known:
        """The caller's program as it stands now: what this process remembers, once the database agrees with it."""
        return await self.state.known.fresh(self.caller.program)

    async def now(self) -> datetime:
        """The present instant by the program's clock."""
        return await self.state.known.now(self.caller.program)

    async def request(self) -> requests.Request:
        """The request key under which this write is done once."""
        return requests.Request(
            self.caller.program, self.caller.request_partner, self.key, self.digest, await self.now()
        )


class Reply(Struct, frozen=True):
    """What a handler answers: a struct, ready bytes, or bytes that come piece by piece."""

    body: Any
    status: int = 200
    headers: dict[str, str] = {}
    media_type: str = "application/json"


def attachment(name: str, body: Any, media_type: str) -> Reply:
    """A file to be saved under `name` (ASCII letters, digits, points and hyphens), never kept by a proxy."""
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Reply(body, 200, headers, media_type)


Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Handler = Callable[[Call[Any, Any]], Awaitable[Reply | requests.Answer | Struct]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A declared call."""

    method: Method
    path: str
    handler: Handler
    scopes: frozenset[str]
    body: Any
    query: type[Struct]
    answer: Any
    status: int
    idempotent: bool
    tag: str
    media_type: str
    accepts_later: bool
    grant: bool
    upload: bool
    waits: Any
    """What it answers with 202 where a second person has to agree first; None: it never waits for one."""
    items_by: tuple[str, ...] = ()
    """The fields that tell the items of a list apart which is read whole and answered in parts."""
    heeds_key: bool = False
    """It needs no Idempotency-Key, and keeps to one that is sent."""
    whole: bool = False
    """It is about the whole program: no key of one partner or one store may call it."""

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]

    @property
    def description(self) -> str:
        """The whole docstring, and who may not call it."""
        text = re.sub(r"\n {4}", "\n", (self.handler.__doc__ or "").strip())
        return f"{text}\n\n{NOT_BOUND}" if self.whole else text


class Endpoints:
    """The calls of one module, in the order they are declared; `whole`: each is about the whole program."""

    def __init__(self, tag: str, *, whole: bool = False):
        self.tag = tag
        self.whole = whole
        self.items: list[Endpoint] = []

    def __call__(
        self,
        method: Method,
        path: str,
        *,
        scopes: str,
        body: Any = None,
        query: type[Struct] = NoQuery,
        answer: Any,
        status: int = 200,
        idempotent: bool | None = None,
        media_type: str = "application/json",
        accepts_later: bool = False,
        grant: bool = False,
        upload: bool = False,
        waits: Any = None,
        items_by: str = "",
        heeds_key: bool = False,
        whole: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a call. `scopes`: names separated by spaces, one of which is needed.

        A POST that makes something (status 201 or 202) is idempotent unless the call says otherwise: its body names
        what it makes, and it may then heed (`heeds_key`) an Idempotency-Key that is sent all the same. One that
        `accepts_later` may also answer 202 with a job. An answer that is not JSON says its `media_type`. A `grant`
        call is made in a member's name, with the token of the header `Regulars-Grant`. The body of an `upload` is a
        file as it stands: the handler gets its bytes. A list that its handler answers whole names in `items_by` the
        fields, separated by spaces, that tell its items apart: it is cut to the `limit` and `cursor` of its query.
        One that is about the `whole` program is refused to a key of one partner or one store.
        """
        if items_by and query is NoQuery:
            query = slices.Slice

        def declare(handler: Handler) -> Handler:
            needs_key = idempotent if idempotent is not None else method == "POST" and status in (201, 202)
            self.items.append(
                Endpoint(
                    method, path, handler, frozenset(scopes.split()), body, query, answer, status, needs_key,
                    self.tag, media_type, accepts_later, grant, upload, waits, tuple(items_by.split()),
                    heeds_key, whole or self.whole,
                )
            )  # fmt: skip
            return handler

        return declare


def route(endpoint: Endpoint) -> HTTPRouteHandler:
    """The Litestar handler of a declared call."""
    decoder = msgspec.json.Decoder(endpoint.body) if endpoint.body is not None else None
    optional = endpoint.body is not None and not _required_fields(endpoint.body)

    async def handle(request: HttpRequest[Any, Any, Any]) -> Response[Any]:
        state = request.app.state
        caller = await state.callers.of(request)
        callers.require(caller, endpoint.scopes)
        if endpoint.whole:
            callers.require_unbound(caller)
        query = bodies.query(request.query_params.dict(), endpoint.query)
        language = request.headers.get("accept-language")
        call: Call[Any, Any] = Call(caller, None, query, _path(request), state, language)
        call.address = request.client.host if request.client else ""
        call.agent = request.headers.get("user-agent", "")
        call.by = f"{endpoint.method} {endpoint.path}"
        call.why = reason(request) if endpoint.method != "GET" else ""
        call.if_none_match = request.headers.get("if-none-match", "")
        call.takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
        if endpoint.idempotent or (endpoint.heeds_key and "idempotency-key" in request.headers):
            call.key = idempotency_key(request)
        if endpoint.grant:
            call.grant = request.headers.get("regulars-grant")
        if endpoint.upload:
            async with _uploading:
                await _take_file(call, request)
                with state.gate:
                    return _response(await endpoint.handler(call), endpoint.status)
        raw = await bodies.read_bytes(request)
        with state.gate:
            read_body(call, request, raw)
            found = await endpoint.handler(call)
            if endpoint.items_by:
                found = slices.cut(found, call.query, endpoint.items_by)
            return _response(found, endpoint.status)

    def read_body(call: Call[Any, Any], request: HttpRequest[Any, Any, Any], raw: bytes) -> None:
        if decoder is not None:
            raw = raw or (b"{}" if optional else b"")
            call.body = bodies.decode(raw, decoder)
            named, secret = f"{endpoint.method} {request.url.path}", call.state.settings.secret
            call.digest = requests.secret_digest(secret, named, bodies.parse(raw))
        elif raw and request.method not in ("GET", "DELETE") and bodies.parse(raw) != {}:
            raise BadRequest("This call takes no body.")
        if decoder is None and endpoint.idempotent:
            call.digest = requests.digest(f"{endpoint.method} {request.url.path}", None)

    handle.__name__ = endpoint.handler.__name__
    path = re.sub(r"\{(\w+)\}", r"{\1:str}", endpoint.path)
    return HTTPRouteHandler(
        path, http_method=[endpoint.method], status_code=endpoint.status, include_in_schema=False
    )(handle)


def _path(request: HttpRequest[Any, Any, Any]) -> dict[str, str]:
    """What stands in the address for `{…}`. A NUL, which is no text of the database, is read as bytes that are none."""
    return {
        name: part.replace("\0", "\N{REPLACEMENT CHARACTER}") for name, part in request.path_params.items()
    }


async def _take_file(call: Call[Any, Any], request: HttpRequest[Any, Any, Any]) -> None:
    """The bytes of a file, within the program's limit. Raises BodyTooLarge, BodyTooSlow."""
    program = (await call.known()).program
    most = program.settings.import_bytes_max
    call.body = await bodies.read_bytes(request, most, bodies.FILE_SECONDS_MAX)
    named = f"POST {request.url.path}?{request.url.query}"
    call.digest = requests.digest(named, hashlib.sha256(call.body).hexdigest())


def idempotent_reply(answer: Any, status: int, replayed: bool) -> Reply:
    """The answer of a write that names its own request."""
    return Reply(answer, status, {"Idempotent-Replayed": "true"} if replayed else {})


def idempotency_key(request: HttpRequest[Any, Any, Any]) -> str:
    """The Idempotency-Key header. Raises IdempotencyKeyMissing, or BadRequest when it is not 1–255 visible ASCII."""
    key = request.headers.get("idempotency-key")
    if key is None:
        raise IdempotencyKeyMissing
    if not KEY.match(key):
        raise BadRequest("An Idempotency-Key is 1 to 255 visible ASCII characters.")
    return key


def reason(request: HttpRequest[Any, Any, Any]) -> str:
    """The header `Regulars-Reason`: UTF-8, or percent-encoded. Raises BadRequest for one too long, or no text."""
    text = unquote(request.headers.get("regulars-reason", "").encode("latin-1").decode("utf-8", "replace"))
    if len(text) > REASON_MAX or not text.isprintable():
        raise BadRequest(f"A Regulars-Reason is a line of at most {REASON_MAX} characters.")
    return text.strip()


def _required_fields(body: Any) -> bool:
    return not isinstance(body, type) or any(field.required for field in msgspec.structs.fields(body))


def _response(result: Reply | requests.Answer | Struct, status: int) -> Response[Any]:
    headers: dict[str, str] = {}
    media_type = "application/json"
    if isinstance(result, requests.Answer):
        body, status = result.body, result.status
        if result.replayed:
            headers["Idempotent-Replayed"] = "true"
        if status == 202:
            later = msgspec.json.decode(body)
            job = later.get("job")
            headers["Location"] = f"/v1/jobs/{job}" if job is not None else f"/v1/approvals/{later['id']}"
    elif isinstance(result, Reply):
        body, status, headers = result.body, result.status, result.headers
        media_type = result.media_type
        if isinstance(body, AsyncIterator):
            return Stream(body, status_code=status, media_type=media_type, headers=headers)
    else:
        body = result
    if not isinstance(body, bytes):
        body = b"" if body is None else msgspec.json.encode(body)
    return Response(body, status_code=status, media_type=media_type, headers=headers)
