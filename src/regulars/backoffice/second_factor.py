"""The second door: a code or a passkey after the password, and setting up what will be asked for there."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get, post

from regulars import clock
from regulars.backoffice import refusals
from regulars.backoffice.doors import (
    SIGN_IN,
    arrived,
    own_path,
    redirect,
    require_csrf,
    require_token,
    show,
)
from regulars.backoffice.office import language_of
from regulars.backoffice.visit import ROOT
from regulars.errors import BodyTooLarge, Problem, Unauthenticated
from regulars.flows.passkey_answers import Offer, Signed
from regulars.flows.sign_in_staff import sign_in_by_code
from regulars.flows.staff_factors import Offered, keep_codes, offer_codes, offered_again
from regulars.flows.staff_passkeys import add_passkey, offer_passkey, offer_sign_in, sign_in_by_passkey
from regulars.programs.staff.sessions import SignedIn
from regulars.web import bodies, drawing, pages, staff_sessions
from regulars.web.addresses import address_of, origin_of
from regulars.web.member_sessions import require_same_site

HttpRequest = Request[Any, Any, Any]
HERE = f"{ROOT}/second-factor"
ACCOUNT = f"{ROOT}/me"
BODY_BYTES_MAX = 64 * 1024
KNOCKS_A_MINUTE = 60
"""Questions that are put to a network address before anybody is signed in."""
_SIGNED = msgspec.json.Decoder(Signed)


@get(HERE, include_in_schema=False)
async def code_form(request: HttpRequest) -> Response[Any]:
    """Ask for the code, or for a passkey."""
    signed_in = await staff_sessions.signed_in(request)
    after = own_path(request.query_params.get("next", ""))
    if signed_in is None:
        return redirect(SIGN_IN)
    if signed_in.session.stage == "in":
        return redirect(after)
    return show(request, "second_factor", signed_in, after=after, fault="")


@post(HERE, status_code=200, include_in_schema=False)
async def try_code(request: HttpRequest) -> Response[Any]:
    """By a code of the app, or a recovery code."""
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is None:
        return redirect(SIGN_IN)
    if signed_in.session.stage == "in":
        return redirect(ROOT)
    form = await require_token(request, signed_in)
    after = own_path(str(form.get("next", "")))
    state = request.app.state
    arrival = await sign_in_by_code(
        state.database,
        state.keyring,
        signed_in.session,
        str(form.get("code", ""))[:64],
        browser=staff_sessions.browser_of(request),
        at=clock.world(),
    )
    if not arrival.token:
        return show(request, "second_factor", signed_in, status=403, after=after, fault=arrival.outcome)
    return arrived(request, arrival, after)


@get(f"{HERE}/app", include_in_schema=False)
async def app_form(request: HttpRequest) -> Response[Any]:
    """The picture that an app reads, and the field for its first code."""
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is None or signed_in.session.stage != "in":
        return redirect(SIGN_IN)
    offered = offer_codes(request.app.state.keyring, signed_in.session.staff, signed_in.email)
    return _app_page(request, signed_in, offered, None)


@post(f"{HERE}/app", status_code=200, include_in_schema=False)
async def keep_app(request: HttpRequest) -> Response[Any]:
    """From now on its codes are asked for; the recovery codes are shown, once."""
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is None or signed_in.session.stage != "in":
        return redirect(SIGN_IN)
    form = await require_token(request, signed_in)
    state, sealed = request.app.state, str(form.get("sealed", ""))[:2000]
    offered = offered_again(state.keyring, signed_in.session.staff, signed_in.email, sealed)
    browser = staff_sessions.browser_of(request)
    try:
        kept = await keep_codes(
            state.database, state.keyring, signed_in.session, offered, str(form.get("code", ""))[:64],
            browser=browser, at=clock.world(),
        )  # fmt: skip
    except Problem as problem:
        return _app_page(request, signed_in, offered, problem)
    page = show(request, "recovery_codes", codes=kept.codes, after=ROOT)
    return staff_sessions.keep(request, page, kept.arrival)


@post(f"{HERE}/passkey/options", status_code=200, include_in_schema=False)
async def ask_for_passkey(request: HttpRequest) -> Response[Any]:
    """What a passkey is to sign for a sign-in."""
    require_same_site(request)
    await _read(request)
    state = request.app.state
    state.knocks.take(("passkey", address_of(request)), KNOCKS_A_MINUTE)
    offer = await offer_sign_in(
        state.database, state.settings.secret, origin=origin_of(request), at=clock.world()
    )
    return _json(offer)


@post(f"{HERE}/passkey/verify", status_code=200, include_in_schema=False)
async def enter_by_passkey(request: HttpRequest) -> Response[Any]:
    """Whoever's passkey signed is in."""
    require_same_site(request)
    signed = bodies.decode(await _read(request), _SIGNED)
    waiting = await staff_sessions.signed_in(request)
    state = request.app.state
    state.knocks.take(("passkey", address_of(request)), KNOCKS_A_MINUTE)
    arrival = await sign_in_by_passkey(
        state.database,
        state.settings.secret,
        signed,
        origin=origin_of(request),
        browser=staff_sessions.browser_of(request),
        session=waiting.session if waiting is not None and waiting.session.stage != "in" else None,
        at=clock.world(),
    )
    return staff_sessions.keep(request, _json({"entered": True}), arrival)


@post(f"{ACCOUNT}/passkeys/options", status_code=200, include_in_schema=False)
async def ask_for_new_passkey(request: HttpRequest) -> Response[Any]:
    """What a new passkey of whoever is signed in is made from."""
    signed_in = await _require_session(request)
    await _read(request)
    state = request.app.state
    offer = await offer_passkey(
        state.database,
        state.settings.secret,
        signed_in.session.staff,
        origin=origin_of(request),
        at=clock.world(),
    )
    return _json(offer)


@post(f"{ACCOUNT}/passkeys", status_code=200, include_in_schema=False)
async def keep_passkey(request: HttpRequest) -> Response[Any]:
    """It signs her in from now on."""
    signed_in = await _require_session(request)
    signed = bodies.decode(await _read(request), _SIGNED)
    state = request.app.state
    await add_passkey(
        state.database,
        state.settings.secret,
        signed_in.session.staff,
        signed,
        origin=origin_of(request),
        at=clock.world(),
    )
    return _json({"kept": True})


def _app_page(
    request: HttpRequest, signed_in: SignedIn, offered: Offered, problem: Problem | None
) -> Response[str]:
    language = language_of(request, None, signed_in.language)
    faults = [] if problem is None else refusals.sentences(problem, language)
    return show(
        request,
        "second_factor_app",
        signed_in,
        status=problem.status if problem is not None else 200,
        offered=offered,
        picture=drawing.draw("qr", offered.address),
        faults=faults,
        required=signed_in.must_set_up,
    )


async def _require_session(request: HttpRequest) -> SignedIn:
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is None or signed_in.session.stage != "in":
        raise Unauthenticated("The session has ended; sign in again.")
    require_csrf(request, signed_in, request.headers.get("x-csrf-token", ""))
    return signed_in


async def _read(request: HttpRequest) -> bytes:
    declared = request.headers.get("content-length", "")
    if not declared.isdigit() or int(declared) > BODY_BYTES_MAX:
        raise BodyTooLarge
    return await request.body()


def _json(content: Offer | dict[str, bool]) -> Response[bytes]:
    return Response(
        msgspec.json.encode(content), media_type="application/json", headers=dict(pages.SECURITY_HEADERS)
    )


routes: list[Any] = [
    code_form,
    try_code,
    app_form,
    keep_app,
    ask_for_passkey,
    enter_by_passkey,
    ask_for_new_passkey,
    keep_passkey,
]
