"""The doors of the back office: sign in, choose the program, sign out."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from regulars import clock
from regulars.backoffice.office import language_of
from regulars.backoffice.visit import ROOT
from regulars.errors import BodyTooLarge, Forbidden
from regulars.flows.choose_program import choose_program, programs_of
from regulars.flows.founding import may_found
from regulars.flows.sign_in_staff import Arrival, sign_in_by_password
from regulars.programs.staff.sessions import SignedIn
from regulars.web import forms, pages, staff_sessions
from regulars.web.member_sessions import require_same_site

HttpRequest = Request[Any, Any, Any]
FORM_BYTES_MAX = 64 * 1024
SIGN_IN = f"{ROOT}/sign-in"
_OWN_PATH = re.compile(r"^/backoffice(/[A-Za-z0-9][^\s]*|\?[^\s]*)?$(?!\n)")


@get(SIGN_IN, include_in_schema=False)
async def sign_in(request: HttpRequest) -> Response[Any]:
    """The form; whoever is signed in goes on."""
    signed_in = await staff_sessions.signed_in(request)
    after = own_path(request.query_params.get("next", ""))
    if signed_in is not None and signed_in.session.stage == "in":
        return redirect(after)
    return form_page(request, after)


@post(SIGN_IN, status_code=200, include_in_schema=False)
async def try_to_sign_in(request: HttpRequest) -> Response[Any]:
    """By email and password."""
    require_same_site(request)
    form = await read_form(request)
    after = own_path(str(form.get("next", "")))
    state = request.app.state
    arrival = await sign_in_by_password(
        state.database,
        state.settings.secret,
        str(form.get("email", ""))[:300],
        str(form.get("password", ""))[:300],
        browser=staff_sessions.browser_of(request),
        at=clock.world(),
    )
    if not arrival.token:
        return form_page(request, after, arrival.outcome, status=403)
    return arrived(request, arrival, after)


@post(f"{ROOT}/sign-out", status_code=200, include_in_schema=False)
async def sign_out(request: HttpRequest) -> Response[Any]:
    """Close the session."""
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is not None:
        await require_token(request, signed_in)
    return await staff_sessions.forget(request, redirect(SIGN_IN))


@get(f"{ROOT}/programs", include_in_schema=False)
async def programs(request: HttpRequest) -> Response[Any]:
    """The programs that one has something to do in."""
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is None or signed_in.session.stage != "in":
        return redirect(SIGN_IN)
    found = await programs_of(request.app.state.database, signed_in.session.staff)
    founder = await may_found(request.app.state.database, signed_in.session.staff)
    return show(request, "programs", signed_in, programs=found, founder=founder)


@post(f"{ROOT}/programs", status_code=200, include_in_schema=False)
async def choose(request: HttpRequest) -> Response[Any]:
    """Look at another program from now on."""
    signed_in = await staff_sessions.signed_in(request)
    if signed_in is None or signed_in.session.stage != "in":
        return redirect(SIGN_IN)
    form = await require_token(request, signed_in)
    await choose_program(request.app.state.database, signed_in.session, str(form.get("program", "")))
    return redirect(ROOT)


def arrived(request: HttpRequest, arrival: Arrival, after: str) -> Response[Any]:
    """On to the page that was wanted, or to the second factor, with the session's cookie."""
    if arrival.outcome == "second_factor":
        after = pages.with_query(f"{ROOT}/second-factor", {"next": after})
    return staff_sessions.keep(request, redirect(after), arrival)


def form_page(request: HttpRequest, after: str, fault: str = "", *, status: int = 200) -> Response[str]:
    """The sign-in with whatever ways in there are."""
    state = request.app.state
    return show(
        request,
        "sign_in",
        status=status,
        after=after,
        fault=fault,
        company=state.settings.company.name if state.settings.company.issuer else "",
        mails="email" in state.post_office.channels,
    )


async def read_form(request: HttpRequest) -> Any:
    """What was sent. Raises BodyTooLarge."""
    declared = request.headers.get("content-length", "")
    if not declared.isdigit() or int(declared) > FORM_BYTES_MAX:
        raise BodyTooLarge
    return await forms.read(request)


async def require_token(request: HttpRequest, signed_in: SignedIn | None) -> Any:
    """The form of a page of this session. Raises Forbidden without its token, BodyTooLarge."""
    form = await read_form(request)
    require_csrf(request, signed_in, str(form.get("csrf", "")))
    return form


def require_csrf(request: HttpRequest, signed_in: SignedIn | None, sent: str) -> None:
    """Raises Forbidden unless the token belongs to the session."""
    secret = request.app.state.settings.secret
    if signed_in is None or not staff_sessions.csrf_matches(secret, signed_in.session.digest, sent):
        raise Forbidden("The page's token is missing; reload the page.")


def show(
    request: HttpRequest,
    template: str,
    signed_in: SignedIn | None = None,
    /,
    *,
    status: int = 200,
    **context: Any,
) -> Response[str]:
    """A page before there is a program to look at."""
    language = language_of(request, None, signed_in.language if signed_in else "")
    secret = request.app.state.settings.secret
    text = pages.render(
        language,
        f"backoffice/{template}.html",
        visitor=None,
        program=None,
        csrf=staff_sessions.csrf_token(secret, signed_in.session.digest) if signed_in else "",
        path=request.url.path,
        query={name: value for name, value in request.query_params.items() if name != "lang"},
        **context,
    )
    headers = {**pages.SECURITY_HEADERS, "Content-Language": language.code}
    cookies = pages.language_cookies(request, language)
    return Response(text, status_code=status, media_type="text/html", headers=headers, cookies=cookies)


def redirect(address: str) -> Redirect:
    """On to a page of ours; without an address to the beginning."""
    return Redirect(address or ROOT, status_code=303, headers=dict(pages.SECURITY_HEADERS))


def own_path(after: str) -> str:
    """The address to go on to, if it is one of the back office's."""
    return after if _OWN_PATH.match(after) and "\\" not in after else ""


routes: list[Any] = [sign_in, try_to_sign_in, sign_out, programs, choose]
