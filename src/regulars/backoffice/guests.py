"""The door for guests: links that invite somebody or let her set a new password, and asking for such a one."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from litestar import Request, Response, get, post

from regulars import clock, ids
from regulars.backoffice import refusals
from regulars.backoffice.doors import (
    SIGN_IN,
    arrived,
    form_page,
    read_form,
    redirect,
    require_token,
    show,
)
from regulars.backoffice.office import language_of
from regulars.backoffice.visit import ROOT
from regulars.errors import InvalidValue, NotFound, Problem
from regulars.flows.choose_program import choose_program
from regulars.flows.invite_staff import Guest, accept_as, accept_as_new, open_link
from regulars.flows.staff_passwords import mail_reset_link, set_password_by_link
from regulars.programs.staff.sessions import SignedIn
from regulars.web import pages, staff_sessions
from regulars.web.addresses import address_of, origin_of
from regulars.web.member_sessions import require_same_site

HttpRequest = Request[Any, Any, Any]
LINK = f"{ROOT}/invitation/{{token:str}}"
ANSWER_SECONDS = 0.25
"""Asking for a new password takes so long whether somebody has the address or not."""
LINKS_A_MINUTE = 60


@get(LINK, include_in_schema=False)
async def invited(request: HttpRequest) -> Response[Any]:
    """What the link is for, and the form."""
    token = request.path_params["token"]
    guest = await _guest(request, token)
    if guest is None:
        return show(request, "link_ended", status=404)
    return _page(request, guest, await staff_sessions.signed_in(request), None)


@post(LINK, status_code=200, include_in_schema=False)
async def accept(request: HttpRequest) -> Response[Any]:
    """Become one of the staff, or set the new password."""
    token = request.path_params["token"]
    require_same_site(request)
    guest = await _guest(request, token)
    if guest is None:
        return show(request, "link_ended", status=404)
    signed_in = await staff_sessions.signed_in(request)
    try:
        if guest.invitation.kind != "invitation":
            return await _set_password(request, token)
        if guest.known:
            return await _accept_as(request, token, guest, signed_in)
        return await _accept_as_new(request, token)
    except NotFound:
        return show(request, "link_ended", status=404)
    except Problem as problem:
        return _page(request, guest, signed_in, problem)


@get(f"{ROOT}/forgotten", include_in_schema=False)
async def forgotten(request: HttpRequest) -> Response[Any]:
    """The form that asks for a letter."""
    return show(request, "forgotten", sent=False)


@post(f"{ROOT}/forgotten", status_code=200, include_in_schema=False)
async def ask_for_link(request: HttpRequest) -> Response[Any]:
    """The same answer for everybody, after the same time."""
    require_same_site(request)
    form = await read_form(request)
    state, begun = request.app.state, time.monotonic()
    if "email" in state.post_office.channels:
        program = await mail_reset_link(
            state.database,
            state.settings.secret,
            str(form.get("email", ""))[:300],
            source=address_of(request),
            origin=origin_of(request),
            now=state.known.now,
            at=clock.world(),
        )
        if program is not None:
            state.post_office.send(program)
    await asyncio.sleep(max(0.0, ANSWER_SECONDS - (time.monotonic() - begun)))
    return show(request, "forgotten", sent=True)


async def _guest(request: HttpRequest, token: str) -> Guest | None:
    state = request.app.state
    state.knocks.take(("link", address_of(request)), LINKS_A_MINUTE)
    try:
        return await open_link(state.database, token, clock.world())
    except NotFound:
        return None


async def _set_password(request: HttpRequest, token: str) -> Response[Any]:
    form, state = await read_form(request), request.app.state
    password = _password(form)
    await set_password_by_link(state.database, state.settings.secret, token, password, at=clock.world())
    return form_page(request, "", "changed")


async def _accept_as(
    request: HttpRequest, token: str, guest: Guest, signed_in: SignedIn | None
) -> Response[Any]:
    if signed_in is None or signed_in.session.stage != "in":
        return redirect(pages.with_query(SIGN_IN, {"next": request.url.path}))
    await require_token(request, signed_in)
    database = request.app.state.database
    program = await accept_as(database, token, signed_in.session.staff, clock.world())
    await choose_program(database, signed_in.session, ids.show("prg", program))
    return redirect(ROOT)


async def _accept_as_new(request: HttpRequest, token: str) -> Response[Any]:
    form, state = await read_form(request), request.app.state
    arrival = await accept_as_new(
        state.database,
        state.settings.secret,
        token,
        str(form.get("name", ""))[:200],
        _password(form),
        language=pages.language_of(request).code,
        browser=staff_sessions.browser_of(request),
        at=clock.world(),
    )
    return arrived(request, arrival, "")


def _password(form: Any) -> str:
    """The password that was typed twice. Raises InvalidValue where the two differ."""
    password = str(form.get("password", ""))[:300]
    if str(form.get("again", ""))[:300] != password:
        raise InvalidValue("/again", "is not the same as the password above")
    return password


def _page(
    request: HttpRequest, guest: Guest, signed_in: SignedIn | None, problem: Problem | None
) -> Response[str]:
    inside = signed_in if signed_in is not None and signed_in.session.stage == "in" else None
    return show(
        request,
        "invitation",
        inside,
        status=problem.status if problem is not None else 200,
        guest=guest,
        herself=inside is not None and inside.email == guest.invitation.email,
        somebody=inside.email if inside is not None else "",
        faults=[]
        if problem is None
        else refusals.sentences(problem, language_of(request, None, inside.language if inside else "")),
        sign_in=pages.with_query(SIGN_IN, {"next": request.url.path}),
    )


routes: list[Any] = [invited, accept, forgotten, ask_for_link]
