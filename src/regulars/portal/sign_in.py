"""`/portal/{slug}/api/…`: logging in by code or passkey, sessions, passkeys and phones of whoever is logged in.

JSON in, JSON out. What writes in a session carries its token as `X-CSRF-Token`; what writes before there is one is
refused when another site's page sent it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, delete, get, post
from msgspec import Struct

from regulars import i18n, ids
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.errors import InvalidValue, NotFound
from regulars.flows.devices import OwnDevice, list_devices, register_own_device, revoke_device
from regulars.flows.known_programs import Known
from regulars.flows.log_in import CodeGiven, CodeWanted, Entered, ask_code, log_in
from regulars.flows.passkey_answers import Signed
from regulars.flows.passkeys import (
    add_passkey,
    list_passkeys,
    log_in_by_passkey,
    offer_log_in,
    offer_passkey,
    remove_passkey,
)
from regulars.members.access import counts
from regulars.portal.invite import installation
from regulars.web import bodies, member_sessions, pages
from regulars.web.addresses import address_of
from regulars.web.member_sessions import MemberVisitor

HttpRequest = Request[Any, Any, Any]
Shape = TypeVar("Shape", bound=Struct)
ROOT = "/portal/{slug:str}/api"
BODY_BYTES_MAX = 64 * 1024


class SessionView(Struct, frozen=True):
    """Where the member is logged in."""

    id: str
    label: str
    method: str
    created_at: datetime
    seen_at: datetime
    current: bool


class SessionList(Struct, frozen=True):
    """The member's sessions, the one seen last first."""

    items: tuple[SessionView, ...]


@post(f"{ROOT}/log-in/code", status_code=201, include_in_schema=False)
async def send_code(request: HttpRequest) -> Response[bytes]:
    """Send a code to a phone or email: the same answer whether or not anybody has it."""
    member_sessions.require_same_site(request)
    state, known = request.app.state, await _known(request)
    wanted = await _body(request, CodeWanted)
    language = pages.language_of(request, known.program).code
    sent = await ask_code(
        state.database,
        known.program,
        known.vault,
        wanted,
        language=language if language in i18n.COMPLETE else known.program.languages[0],
        source=_source(request),
        at=await state.known.now(known.program.id),
        channels=state.post_office.channels,
    )
    state.post_office.send(known.program.id)
    return _json(sent, 201)


@post(f"{ROOT}/log-in/verify", status_code=200, include_in_schema=False)
async def verify_code(request: HttpRequest) -> Response[bytes]:
    """Log in with the code; where nobody has the phone or email, `agreed` makes a member of whoever read it."""
    member_sessions.require_same_site(request)
    state, known = request.app.state, await _known(request)
    given = await _body(request, CodeGiven)
    at = await state.known.now(known.program.id)
    entered = await log_in(
        state.database, known.program, known.vault, given, label=_label(request), at=at,
        device=installation(request),
    )  # fmt: skip
    state.post_office.send(known.program.id)
    return _entered(request, entered)


@post(f"{ROOT}/log-in/passkey/options", status_code=200, include_in_schema=False)
async def passkey_options(request: HttpRequest) -> Response[bytes]:
    """What a passkey has to sign to log in."""
    member_sessions.require_same_site(request)
    state, known = request.app.state, await _known(request)
    at = await state.known.now(known.program.id)
    origin, source = _origin(request, known), _source(request)
    return _json(
        await offer_log_in(state.database, known.program, known.vault, origin=origin, source=source, at=at)
    )


@post(f"{ROOT}/log-in/passkey/verify", status_code=200, include_in_schema=False)
async def passkey_log_in(request: HttpRequest) -> Response[bytes]:
    """Log in with what a passkey signed."""
    member_sessions.require_same_site(request)
    state, known = request.app.state, await _known(request)
    signed = await _body(request, Signed)
    entered = await log_in_by_passkey(
        state.database,
        known.program,
        known.vault,
        signed,
        origin=_origin(request, known),
        label=_label(request),
        at=await state.known.now(known.program.id),
    )
    return _entered(request, entered)


@post(f"{ROOT}/log-out", status_code=200, include_in_schema=False)
async def log_out(request: HttpRequest) -> Response[bytes]:
    """End this session."""
    visitor, at = await _visitor(request)
    await member_sessions.end_session(
        request.app.state.database, visitor.program.id, visitor.session.member, visitor.session.id, at
    )
    answer = _json({})
    answer.set_cookie(member_sessions.cookie(request, _slug(request), ""))
    return answer


@get(f"{ROOT}/sessions", include_in_schema=False)
async def sessions(request: HttpRequest) -> Response[bytes]:
    """Where the member is logged in."""
    visitor, at = await _visitor(request)
    found = await member_sessions.sessions_of_member(
        request.app.state.database, visitor.program.id, visitor.session.member, at
    )
    views = [
        SessionView(
            ids.show("ses", one.id), one.label, one.method, one.created_at, one.seen_at,
            one.id == visitor.session.id,
        )
        for one in found
    ]  # fmt: skip
    return _json(SessionList(tuple(views)))


@delete(f"{ROOT}/sessions/{{session:str}}", status_code=200, include_in_schema=False)
async def end_session(request: HttpRequest) -> Response[bytes]:
    """End one of the member's sessions."""
    visitor, at = await _visitor(request)
    ended = await member_sessions.end_session(
        request.app.state.database,
        visitor.program.id,
        visitor.session.member,
        ids.read("ses", request.path_params["session"]),
        at,
    )
    if not ended:
        raise NotFound("There is no such session, or no longer.")
    return _json({})


@post(f"{ROOT}/passkeys/options", status_code=200, include_in_schema=False)
async def new_passkey_options(request: HttpRequest) -> Response[bytes]:
    """What a new passkey has to sign."""
    visitor, at = await _visitor(request)
    database, known = await _database(request, visitor)
    origin = _origin(request, known)
    return _json(
        await offer_passkey(database, known.program, known.vault, visitor.member, origin=origin, at=at)
    )


@post(f"{ROOT}/passkeys/verify", status_code=201, include_in_schema=False)
async def new_passkey(request: HttpRequest) -> Response[bytes]:
    """Keep the new passkey."""
    visitor, at = await _visitor(request)
    signed = await _body(request, Signed)
    if not signed.label:
        signed = msgspec.structs.replace(signed, label=_label(request))
    database, known = await _database(request, visitor)
    view = await add_passkey(
        database, known.program, known.vault, visitor.member, signed, origin=_origin(request, known), at=at
    )
    return _json(view, 201)


@get(f"{ROOT}/passkeys", include_in_schema=False)
async def passkeys(request: HttpRequest) -> Response[bytes]:
    """The member's passkeys."""
    visitor, _ = await _visitor(request)
    return _json(await list_passkeys(request.app.state.database, visitor.program.id, visitor.member))


@delete(f"{ROOT}/passkeys/{{passkey:str}}", status_code=200, include_in_schema=False)
async def forget_passkey(request: HttpRequest) -> Response[bytes]:
    """Let a passkey no longer log in."""
    visitor, at = await _visitor(request)
    database, program = request.app.state.database, visitor.program.id
    await remove_passkey(
        database, program, visitor.member, ids.read("pky", request.path_params["passkey"]), at=at
    )
    return _json({})


@post(f"{ROOT}/devices", status_code=201, include_in_schema=False)
async def new_device(request: HttpRequest) -> Response[bytes]:
    """Certify this phone's key: from then on it makes dynamic codes."""
    visitor, at = await _visitor(request)
    new = await _body(request, OwnDevice)
    if not new.label:
        new = msgspec.structs.replace(new, label=_label(request))
    database, known = await _database(request, visitor)
    view = await register_own_device(
        database, known.program, known.vault, visitor.member, new, session=visitor.session.id, at=at
    )
    return _json(view, 201)


@get(f"{ROOT}/devices", include_in_schema=False)
async def devices(request: HttpRequest) -> Response[bytes]:
    """The member's phones that make dynamic codes."""
    visitor, at = await _visitor(request)
    database, known = await _database(request, visitor)
    return _json(await list_devices(database, known.program, known.vault, visitor.member, at=at))


@delete(f"{ROOT}/devices/{{device:str}}", status_code=200, include_in_schema=False)
async def forget_device(request: HttpRequest) -> Response[bytes]:
    """Let a phone's codes no longer count."""
    visitor, at = await _visitor(request)
    database, program = request.app.state.database, visitor.program.id
    revoked = await revoke_device(
        database, program, ids.read("dev", request.path_params["device"]), at=at, member=visitor.member
    )
    return _json(revoked)


def _slug(request: HttpRequest) -> str:
    return request.path_params["slug"]


async def _known(request: HttpRequest) -> Known:
    return await request.app.state.known.of_slug(_slug(request))


async def _visitor(request: HttpRequest) -> tuple[MemberVisitor, datetime]:
    visitor = await member_sessions.require_member(request, _slug(request))
    return visitor, await request.app.state.known.now(visitor.program.id)


async def _database(request: HttpRequest, visitor: MemberVisitor) -> tuple[Database, Known]:
    state, by = request.app.state, f"{request.method} {request.scope.get('path_template', '')}"
    actor = Actor("member", ids.show("mem", visitor.member), by=by)
    return state.database.acting(actor), await state.known.fresh(visitor.program.id)


async def _body(request: HttpRequest, shape: type[Shape]) -> Shape:
    raw = await bodies.read_bytes(request)
    if len(raw) > BODY_BYTES_MAX:
        raise InvalidValue("", "is larger than anything that is sent here")
    return bodies.decode(raw, msgspec.json.Decoder(shape))


def _entered(request: HttpRequest, entered: Entered) -> Response[bytes]:
    answer = _json(entered.view)
    if entered.token is not None:
        answer.set_cookie(member_sessions.cookie(request, _slug(request), entered.token))
        # The pages speak her language from now on, unless one was chosen in this browser.
        if entered.language in i18n.COMPLETE and not pages.language_chosen(request):
            answer.set_cookie(pages.language_cookie(request, entered.language))
    return answer


def _json(value: Any, status: int = 200) -> Response[bytes]:
    return Response(
        msgspec.json.encode(value),
        status_code=status,
        media_type="application/json",
        headers=dict(pages.SECURITY_HEADERS),
    )


def _label(request: HttpRequest) -> str:
    return member_sessions.device_label(request.headers.get("user-agent", ""))


def _origin(request: HttpRequest, known: Known) -> str:
    """Where the member's browser is: passkeys are bound to it."""
    return known.program.settings.public_address or f"{request.url.scheme}://{request.url.netloc}"


def _source(request: HttpRequest) -> bytes:
    """Who asks, to count by."""
    return counts.subject("address", address_of(request))


routes: list[Any] = [
    send_code,
    verify_code,
    passkey_options,
    passkey_log_in,
    log_out,
    sessions,
    end_session,
    new_passkey_options,
    new_passkey,
    passkeys,
    forget_passkey,
    new_device,
    devices,
    forget_device,
]
