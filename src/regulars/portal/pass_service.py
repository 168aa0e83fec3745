"""What a phone's wallet asks for: to hear of a newer pass, which of its passes are newer, and the newer pass itself.

The protocol is Apple's ("Adding a Web Service to Update Passes"). A phone shows the token that stands in its pass; the
list of what is newer it asks for by its own name only, as the protocol has it: that name is long and secret, and the
answer says nothing but the ids of passes it holds.
"""

from __future__ import annotations

from asyncio import to_thread
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import structlog
from litestar import Request, Response, delete, get, post
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.errors import NotFound, Problem, Unauthenticated
from regulars.flows import wallet_passes
from regulars.flows.known_programs import Known
from regulars.flows.read_wallet_card import read_wallet_card
from regulars.members import passes
from regulars.web import bodies
from regulars.web.addresses import address_of
from regulars.web.limits import Counter
from regulars.web.wallets import apple

HttpRequest = Request[Any, Any, Any]
log = structlog.get_logger("regulars.passes")

ASKED_A_MINUTE = 60
"""Of one pass, or of one phone."""
LISTS_A_MINUTE = 600
"""Of one network address: many phones share that of their provider."""
WRONG_A_MINUTE = 20
"""Tokens that were not right, from one network address."""
BODY_BYTES_MAX = 64 * 1024
NAME_MAX = 128
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS_MAX = 10**17
HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
_BASE = "/passes/{program:str}/{kind:str}/v1"
_PHONE = _BASE + "/devices/{device:str}/registrations/{pass_type:str}"
_asked = Counter()
_wrong = Counter()


class Registration(Struct, frozen=True):
    """What a phone tells when it was given a pass. Fields that Apple may add are let be."""

    push_token: Annotated[str, Meta(min_length=1, max_length=200, pattern="^[0-9A-Za-z_-]+$")] = (
        msgspec.field(name="pushToken")
    )


class Log(Struct, frozen=True):
    """What went wrong on a phone, in its own words."""

    logs: Annotated[list[str], Meta(max_length=200)] = []


_REGISTRATION = msgspec.json.Decoder(Registration)
_LOG = msgspec.json.Decoder(Log)


@post(_PHONE + "/{serial:str}", status_code=200, include_in_schema=False)
async def register(request: HttpRequest) -> Response[None]:
    """A phone was given the pass: 201 where it is new, 200 where it was known."""
    known, card = await _holder(request)
    told = bodies.decode(await bodies.read_bytes(request, BODY_BYTES_MAX), _REGISTRATION)
    new = await wallet_passes.register_phone(
        _database(request),
        known.program,
        _secret(request),
        card,
        _device(request),
        told.push_token,
        clock.world(),
    )
    return Response(None, status_code=201 if new else 200, headers=HEADERS)


@delete(_PHONE + "/{serial:str}", status_code=200, include_in_schema=False)
async def unregister(request: HttpRequest) -> Response[None]:
    """A phone threw the pass away."""
    known, card = await _holder(request)
    await wallet_passes.unregister_phone(
        _database(request), known.program, _secret(request), card, _device(request)
    )
    return Response(None, status_code=200, headers=HEADERS)


@get(_PHONE, include_in_schema=False)
async def changed(request: HttpRequest) -> Response[Any]:
    """Which of its passes show something new since the phone asked last; 204: none."""
    _asked.take(("address", address_of(request)), LISTS_A_MINUTE)
    _asked.take(("phone", _device(request)), ASKED_A_MINUTE)
    known = await _known(request)
    found = await wallet_passes.changed_passes(
        _database(request), known.program, _secret(request), _device(request),
        _since(request.query_params.get("passesUpdatedSince", "")),
    )  # fmt: skip
    if found.until is None:
        return Response(None, status_code=204, headers=HEADERS)
    answer = {
        "serialNumbers": [ids.show("crd", card) for card in found.cards],
        "lastUpdated": str((found.until - EPOCH) // timedelta(microseconds=1)),
    }
    return Response(msgspec.json.encode(answer), media_type="application/json", headers=HEADERS)


@get(_BASE + "/passes/{pass_type:str}/{serial:str}", include_in_schema=False)
async def newer(request: HttpRequest) -> Response[Any]:
    """The pass as it is now; 304 where the phone has it so."""
    known, card = await _holder(request)
    state = request.app.state
    changed_at = await wallet_passes.pass_changed_at(state.database, known.program.id, card)
    headers = dict(HEADERS)
    if changed_at is not None:
        stamp = changed_at.replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(stamp.astimezone(UTC), usegmt=True)
        if stamp <= _modified_since(request.headers.get("if-modified-since", "")):
            return Response(None, status_code=304, headers=headers)
    now = await state.known.now(known.program.id)
    shown = await read_wallet_card(state.database, known.program, card, now, any_state=True)
    signer = apple.signer_of(state.settings.wallets)
    kind = request.path_params["kind"]
    body = await to_thread(apple.pass_file, known.program, shown, signer, kind, state.settings.secret)
    return Response(body, media_type=apple.MEDIA_TYPE, headers=headers)


@post(_BASE + "/log", status_code=200, include_in_schema=False)
async def complaint(request: HttpRequest) -> Response[None]:
    """A phone says what went wrong. Only how much is noted: its words name the phone and the pass."""
    _asked.take(("log", address_of(request)), ASKED_A_MINUTE)
    known = await _known(request)
    said = bodies.decode(await bodies.read_bytes(request, BODY_BYTES_MAX), _LOG)
    log.warning("phones_complain", program=str(known.program.id), lines=len(said.logs))
    return Response(None, status_code=200, headers=HEADERS)


async def _known(request: HttpRequest) -> Known:
    """The program of the address. Raises NotFound, also for a kind of code or pass that is not made here."""
    try:
        program = ids.read("prg", request.path_params["program"])
    except Problem:
        raise NotFound("There is no such program.") from None
    signer = apple.signer_of(request.app.state.settings.wallets)
    pass_type = request.path_params.get("pass_type", signer.pass_type)
    if request.path_params["kind"] not in apple.FORMATS or pass_type != signer.pass_type:
        raise NotFound("There are no such passes.")
    return await request.app.state.known.fresh(program)


async def _holder(request: HttpRequest) -> tuple[Known, UUID]:
    """The program and the card of the pass whose token was shown. Raises Unauthenticated, TooManyRequests."""
    address = address_of(request)
    known = await _known(request)
    _wrong.require_room(
        address, WRONG_A_MINUTE
    )  # nothing is waited for from here to where a wrong one is counted
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        card = ids.read("crd", request.path_params["serial"])
    except Problem:
        card = None
    if (
        card is None
        or scheme != "ApplePass"
        or not passes.is_token(_secret(request), known.program.id, card, given.strip())
    ):
        _wrong.count(address)
        raise Unauthenticated("This is not the token of the pass.")
    _asked.take(("pass", card), ASKED_A_MINUTE)
    return known, card


def _device(request: HttpRequest) -> str:
    """How the phone names itself. Raises NotFound for what no phone is called."""
    name: str = request.path_params["device"]
    if len(name) > NAME_MAX:
        raise NotFound("There is no such phone.")
    return name


def _since(tag: str) -> datetime:
    """The instant in the tag of the last answer; the beginning of time for none, or one that is not ours."""
    if not (tag.isascii() and tag.isdigit() and len(tag) < 20 and int(tag) <= MICROSECONDS_MAX):
        return EPOCH
    return EPOCH + timedelta(microseconds=int(tag))


def _modified_since(header: str) -> datetime:
    try:
        read = parsedate_to_datetime(header)
    except ValueError:
        return EPOCH
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _database(request: HttpRequest) -> Any:
    return request.app.state.database


def _secret(request: HttpRequest) -> bytes:
    return request.app.state.settings.secret


routes: list[Any] = [register, unregister, changed, newer, complaint]
