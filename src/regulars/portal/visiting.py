"""Says who looks at a page of the portal and shows her one: in her language and the program's colours."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from msgspec import Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.errors import Forbidden, Problem, Unauthenticated
from regulars.flows.known_programs import Known
from regulars.i18n import Language
from regulars.portal import installing
from regulars.programs.model import Program
from regulars.texts import said
from regulars.web import bodies, faults, forms, member_sessions, pages
from regulars.web.member_sessions import MemberVisitor

HttpRequest = Request[Any, Any, Any]
SAID_MAX = 40
TAG_MAX = 64
NONCE_MAX = 40
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

    def said(self, texts: Mapping[str, str]) -> str:
        """A text of the program in the language of whoever looks, else in the program's first."""
        return said(texts, self.language.code, self.program.languages[0])


class Member(Guest, frozen=True):
    """A member on her own pages."""

    visitor: MemberVisitor

    @property
    def id(self) -> Any:
        """Who she is."""
        return self.visitor.member


async def guest(request: HttpRequest) -> Guest:
    """Whoever looks, in the language that she or her browser wishes. Raises NotFound for an unknown program."""
    programs = request.app.state.known
    known = await programs.of_slug(request.path_params["slug"])
    now = await programs.now(known.program.id)
    visitor = await member_sessions.member_visitor(request, known.program, now)
    return Guest(known, now, pages.language_of(request, known.program), visitor)


async def member(request: HttpRequest) -> Member:
    """The member who looks. Raises Unauthenticated, NotFound."""
    found = await guest(request)
    if found.visitor is None:
        raise Unauthenticated
    return Member(found.known, found.now, found.language, found.visitor)


async def writing(request: HttpRequest) -> tuple[Member, dict[str, str]]:
    """The member who sent a form, and its fields. Raises Unauthenticated, Forbidden without the page's token."""
    found = await member(request)
    form = {name: str(value) for name, value in (await forms.read(request)).items()}
    if not hmac.compare_digest(found.visitor.csrf.encode(), form.get("csrf", "").encode()):
        raise Forbidden("The page's token is missing; reload the page.")
    return found, form


def database(request: HttpRequest, found: Member) -> Database:
    """The pool, in her name: what she changes herself stands so in the audit trail."""
    by = f"{request.method} {request.scope.get('path_template', '')}"
    return request.app.state.database.acting(Actor("member", ids.show("mem", found.id), by=by))


def checked(new: Shape) -> Shape:
    """A struct made of a form's fields, as strict as a body. Raises Unprocessable."""
    return _decoded(type(new), new)


def read(shape: type[Shape], **fields: object) -> Shape:
    """A struct of a form's fields as they were typed, as strict as a body. Raises Unprocessable."""
    return _decoded(shape, fields)


def _decoded(shape: type[Shape], content: object) -> Shape:
    return bodies.decode(msgspec.json.encode(content), msgspec.json.Decoder(shape))


def form_key(found: Member, name: str, form: dict[str, str], content: Any) -> requests.Request:
    """The request key of a form: the page that it stands on tells by its nonce one sending from the next."""
    return write_key(found, f"{name}/{form.get('nonce', '')[:NONCE_MAX]}", content)


def fields_at_fault(error: Problem | ValueError) -> frozenset[str]:
    """The fields of a form to mark; a value that cannot be read at all can only be the birthday."""
    if isinstance(error, Problem):
        return frozenset(fault.pointer.rpartition("/")[2] for fault in error.errors)
    return frozenset({"birthday"})


def write_key(found: Member, name: str, content: Any) -> requests.Request:
    """The request key of something that a member does, under a name that tells one doing from the next."""
    key = f"portal/{name}"
    digest = requests.secret_digest(found.known.vault.keyring.secret, key, content)
    return requests.Request(found.program.id, found.visitor.member, key, digest, found.now)


def show(
    request: HttpRequest, found: Guest, template: str, /, *, tab: str = "", status: int = 200, **context: Any
) -> Response[str]:
    """A page of the portal; everything in `context` is escaped."""
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
        cookies=pages.language_cookies(request, found.language),
    )


def back(found: Guest, path: str, *, said: str = "", cookies: list[Cookie] | None = None) -> Redirect:
    """On to another page, which says `said` (a name of SAID) at its head."""
    address = found.home + path
    if said:
        address += ("&" if "?" in address else "?") + f"said={said}"
    return Redirect(address, status_code=303, headers=dict(pages.SECURITY_HEADERS), cookies=cookies)


def on_problem(request: HttpRequest, problem: Problem) -> Response[Any]:
    """A problem as a page of the program, without asking anybody about it: the database may be what is away.

    Who is not logged in is led to the log-in.
    """
    slug = request.url.path.split("/")[2]
    if isinstance(problem, Unauthenticated):
        inside = request.method == "GET" and request.url.path.rstrip("/") != f"/portal/{slug}"
        asked = {"next": _path(request)} if inside else {}
        if tag := request.query_params.get("tag", "")[:TAG_MAX]:
            asked["tag"] = tag
        wanted = f"?{urlencode(asked, safe='/')}" if asked else ""
        headers = dict(pages.SECURITY_HEADERS)
        return Redirect(f"/portal/{slug}/sign-in{wanted}", status_code=303, headers=headers)
    known = request.app.state.known.remembered(slug)
    if known is None:
        return faults.page(request, problem)
    language = pages.language_of(request, known.program)
    found = Guest(known, clock.world(), language, None)
    answer = show(
        request, found, "fault", status=problem.status, fault=faults.words_of(problem, language), said=""
    )
    answer.headers.update(problem.headers)
    return answer


def _path(request: HttpRequest) -> str:
    """The page that was asked for, with its query."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


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
        "taken_back": _("Taken back: from now on this app sees nothing."),
        "added": _("The card is in your wallet."),
        "taking_part": _("You take part: from now on it counts."),
        "over": _("This offer is over, or is not meant for you. Nothing was changed."),
        "joined": _("You are in."),
        "left": _("You left it."),
        "invited": _("The invitation is ready."),
        "club_left": _("You left the club. Its offers end for you now."),
        "declined": _("The invitation is declined."),
        "seat_booked": _("Your seat is booked."),
        "seat_waiting": _("You are on the waiting list."),
        "seat_back": _("Your booking is given back."),
        "claimed": _("It is yours."),
        "receipt_added": _("The receipt is yours now, and what it earned."),
        "passed_on": _("Done."),
        "membership_ends": _("It ends with the period that is paid."),
        "handed_on": _("Handed on: it is theirs now."),
        "kept": _("The gift card is in your wallet."),
        "booked": _("Booked. Show your card when you come."),
        "visit_cancelled": _("Cancelled. You can use it another time."),
        "given_back": _("Given back. Your points are yours again."),
    }
    return texts.get(request.query_params.get("said", "")[:SAID_MAX], "")
