"""Says who looks at a page of the portal and shows her one: in her language and the program's colours."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from msgspec import Struct

from regulars import clock, i18n
from regulars.db import requests
from regulars.errors import Forbidden, NotFound, Problem, Unauthenticated
from regulars.flows.known_programs import Known
from regulars.i18n import Language
from regulars.programs.model import Program
from regulars.web import bodies, member_sessions, pages, problems
from regulars.web.member_sessions import MemberVisitor

HttpRequest = Request[Any, Any, Any]
SAID_MAX = 40
Shape = TypeVar("Shape", bound=Struct)


class Guest(Struct, frozen=True):
    """Somebody at a program's pages, logged in or not."""

    known: Known
    now: datetime
    language: Language
    visitor: MemberVisitor | None

    @property
    def program(self) -> Program:
        """The program as it is now."""
        return self.known.program

    @property
    def home(self) -> str:
        """Where the program's pages begin."""
        return f"/portal/{self.program.slug}"

    @property
    def zone(self) -> ZoneInfo:
        """The program's time zone."""
        return clock.zone(self.program.time_zone)


class Member(Guest, frozen=True):
    """A member on her own pages."""

    visitor: MemberVisitor  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def id(self) -> Any:
        """Who she is."""
        return self.visitor.member


async def guest(request: HttpRequest) -> Guest:
    """Whoever looks, in the language that she or her browser wishes. Raises NotFound for an unknown program."""
    slug = request.path_params["slug"]
    state = request.app.state
    visitor = await member_sessions.member_visitor(request, slug)
    known = await (state.known.of(visitor.program.id) if visitor else state.known.of_slug(slug))
    now = await state.known.now(known.program.id)
    return Guest(known, now, language_of(request, known.program), visitor)


async def member(request: HttpRequest) -> Member:
    """The member who looks. Raises Unauthenticated, NotFound."""
    found = await guest(request)
    if found.visitor is None:
        raise Unauthenticated
    return Member(found.known, found.now, found.language, found.visitor)


async def writing(request: HttpRequest) -> tuple[Member, dict[str, str]]:
    """The member who sent a form, and its fields. Raises Unauthenticated, Forbidden without the page's token."""
    found = await member(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    if not hmac.compare_digest(found.visitor.csrf.encode(), form.get("csrf", "").encode()):
        raise Forbidden("The page's token is missing; reload the page.")
    return found, form


def checked(new: Shape) -> Shape:
    """A struct made of a form's fields, as strict as a body. Raises Unprocessable."""
    return bodies.decode(msgspec.json.encode(new), msgspec.json.Decoder(type(new)))


def language_of(request: HttpRequest, program: Program) -> Language:
    """By `?lang=`, then the cookie (which a log-in sets to the member's), then the browser, then the program."""
    return pages.language_of(request, program)


def write_key(found: Member, name: str, content: Any) -> requests.Request:
    """The request key of something that a member does, under a name that tells one doing from the next."""
    key = f"portal/{name}"
    return requests.Request(
        found.program.id, found.visitor.member, key, requests.digest(key, content), found.now
    )


def show(
    request: HttpRequest, found: Guest, template: str, /, *, tab: str = "", status: int = 200, **context: Any
) -> Response[str]:
    """A page of the portal; everything in `context` is escaped."""
    from regulars.portal import installing

    text = pages.render(
        found.language,
        f"portal/{template}.html",
        program=found.program,
        home=found.home,
        theme=installing.theme_address(found.program),
        member=found.visitor,
        csrf=found.visitor.csrf if found.visitor else "",
        now=found.now,
        zone=found.zone,
        tab_open=tab,
        path=request.url.path,
        query={key: value for key, value in request.query_params.items() if key != "lang"},
        **{"said": _said(request, found.language), **context},
    )
    headers = {**pages.SECURITY_HEADERS, "Content-Language": found.language.code, "Vary": "Cookie"}
    return Response(
        text,
        status_code=status,
        media_type="text/html",
        headers=headers,
        cookies=_language_cookie(request, found),
    )


def back(found: Guest, path: str, *, said: str = "", cookies: list[Cookie] | None = None) -> Redirect:
    """On to another page, which says `said` (a name of SAID) at its head."""
    address = found.home + path
    if said:
        address += ("&" if "?" in address else "?") + f"said={said}"
    return Redirect(address, status_code=303, headers=dict(pages.SECURITY_HEADERS), cookies=cookies)


def language_cookie(request: HttpRequest, code: str) -> Cookie:
    """The pages' language from now on, on this phone."""
    return Cookie(
        key=pages.LANGUAGE_COOKIE,
        value=code,
        max_age=pages.YEAR_SECONDS,
        samesite="lax",
        secure=not request.app.state.settings.insecure_cookies,
    )


def _language_cookie(request: HttpRequest, found: Guest) -> list[Cookie]:
    wished = request.query_params.get("lang") in i18n.COMPLETE
    return [language_cookie(request, found.language.code)] if wished else []


def on_problem(request: HttpRequest, problem: Problem) -> Response[Any]:
    """A caller's mistake as a page: where nobody is logged in, the log-in; for scripts, the problem itself."""
    slug = request.path_params.get("slug", "")
    if "text/html" not in request.headers.get("accept", ""):
        return problems.on_problem(request, problem)
    if isinstance(problem, Unauthenticated):
        inside = request.method == "GET" and request.url.path.rstrip("/") != f"/portal/{slug}"
        wanted = f"?next={request.url.path}" if inside else ""
        headers = dict(pages.SECURITY_HEADERS)
        return Redirect(f"/portal/{slug}/sign-in{wanted}", status_code=303, headers=headers)
    language = i18n.pick(
        (),
        request.query_params.get("lang"),
        request.cookies.get(pages.LANGUAGE_COOKIE),
        accept=request.headers.get("accept-language"),
    )
    text = pages.render(
        language,
        "portal/fault.html",
        program=None,
        csrf="",
        slug=slug,
        missing=isinstance(problem, NotFound),
        path=request.url.path,
        query={},
    )
    headers = {**pages.SECURITY_HEADERS, **problem.headers}
    return Response(text, status_code=problem.status, media_type="text/html", headers=headers)


def _said(request: HttpRequest, language: Language) -> str:
    """What a page says of what was just done; an unknown name says nothing."""
    _ = language.gettext
    texts = {
        "activated": _("Activated: it counts from your next purchase."),
        "agreed": _("Thank you. You can change this at any time."),
        "withdrawn": _("Withdrawn: from now on nothing is sent."),
        "confirm": _("We sent you a message. It counts once you confirm it there."),
        "saved": _("Saved."),
        "ended": _("Logged out there."),
        "removed": _("Removed."),
        "added": _("The card is in your wallet."),
        "over": _("This offer is over, or is not meant for you. Nothing was changed."),
        "joined": _("You are in."),
        "left": _("You left it."),
        "invited": _("The invitation is ready."),
    }
    return texts.get(request.query_params.get("said", "")[:SAID_MAX], "")
