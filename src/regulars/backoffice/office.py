"""The back office's pages, each declared once: its address, the permission it needs, and what it does.

From the declaration comes the Litestar handler: who looks and what she may, the CSRF token, the size of what is sent,
refusals as sentences. A test reads the declarations and tries every page with every role.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from regulars import i18n
from regulars.backoffice.places import places
from regulars.backoffice.visit import ROOT, Staff, Visit
from regulars.errors import BodyTooLarge, Forbidden, InvalidValue, NotFound, Problem, Unauthenticated
from regulars.programs.model import Program
from regulars.programs.roles import LIMITED_TO_A_PARTNER, LIMITED_TO_STORES, Permission
from regulars.programs.staff.model import Post
from regulars.programs.staff.sessions import SignedIn
from regulars.web import forms, pages, staff_sessions
from regulars.web.addresses import address_of

FORM_BYTES_MAX = 1024 * 1024
WHY_MAX = 500
HttpRequest = Request[Any, Any, Any]
Handler = Callable[[Visit], Awaitable[Response[Any]]]
Again = Callable[[Visit], Awaitable[Response[Any]]]
Needs = Permission | tuple[Permission, ...] | None


@dataclass(frozen=True, slots=True)
class Page:
    """A declared page or act."""

    method: Literal["GET", "POST"]
    path: str
    """Below the back office's root."""
    needs: frozenset[Permission]
    """All of these; none: whoever has any role."""
    handler: Handler
    again: Again | None
    """The page that a refused act is shown on, to whoever may look at it; None: a page with the refusal alone."""
    bytes_max: int
    why: bool = False
    """It is about money, rights or a person's data: who does it says why."""

    @property
    def address(self) -> str:
        """The whole path, with `{…}` for what varies."""
        return ROOT + self.path


class Pages:
    """The pages of one module, in the order they are declared."""

    def __init__(self) -> None:
        self.items: list[Page] = []

    def get(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare a page that is looked at."""

        def declare(handler: Handler) -> Handler:
            self.items.append(Page("GET", path, _all_of(needs), handler, None, 0))
            return handler

        return declare

    def post(
        self,
        path: str,
        *,
        needs: Needs,
        again: Again | None = None,
        bytes_max: int = FORM_BYTES_MAX,
        why: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare an act. A Problem it raises is told on the page `again`, where `visit.problem` holds it.

        What the form's field `why` says stands with the change in the audit trail; `why`: it must say something.
        """

        def declare(handler: Handler) -> Handler:
            self.items.append(Page("POST", path, _all_of(needs), handler, again, bytes_max, why))
            return handler

        return declare


def _all_of(needs: Needs) -> frozenset[Permission]:
    if needs is None:
        return frozenset()
    return frozenset({needs} if isinstance(needs, str) else needs)


def routes(items: list[Page]) -> list[HTTPRouteHandler]:
    """The Litestar handlers of declared pages."""
    looks: dict[Again | None, frozenset[Permission]] = {
        page.handler: page.needs for page in items if page.method == "GET"
    }
    return [_route(page, looks.get(page.again, page.needs)) for page in items]


def _route(page: Page, again_needs: frozenset[Permission]) -> HTTPRouteHandler:
    async def handle(request: HttpRequest) -> Response[Any]:
        signed_in = await staff_sessions.signed_in(request)
        if signed_in is None or signed_in.session.stage != "in":
            return _to_sign_in(request)
        if signed_in.post is None:
            return Redirect(f"{ROOT}/programs", status_code=303, headers=dict(pages.SECURITY_HEADERS))
        if signed_in.must_set_up:
            return Redirect(
                f"{ROOT}/second-factor/app", status_code=303, headers=dict(pages.SECURITY_HEADERS)
            )
        visit = await _visit(request, signed_in, signed_in.post)
        try:
            if page.address == ROOT and not visit.may("home.read"):
                return _to_first_place(visit)
            if not page.needs <= visit.staff.permissions:
                raise Forbidden("Your role does not open this page.")
            if page.method == "POST":
                await _read_form(visit, page.bytes_max)
                require_why(visit, page.why)
            return await page.handler(visit)
        except Problem as problem:
            again = page.again if again_needs <= visit.staff.permissions else None
            return await _refused(visit, again, problem)

    handle.__name__ = f"{page.method.lower()}_{page.handler.__name__}"
    path = re.sub(r"\{(\w+)\}", r"{\1:str}", page.address)
    return HTTPRouteHandler(path, http_method=[page.method], status_code=200, include_in_schema=False)(handle)


def _to_first_place(visit: Visit) -> Response[Any]:
    """Whoever may not see the figures begins with the first page of the navigation."""
    first = places(visit.staff.permissions, ROOT, visit.language)[0]
    return Redirect(first.address, status_code=303, headers=dict(pages.SECURITY_HEADERS))


async def _visit(request: HttpRequest, signed_in: SignedIn, post: Post) -> Visit:
    state = request.app.state
    known = await state.known.fresh(post.program)
    staff = Staff(
        signed_in.session.staff,
        signed_in.name,
        signed_in.email,
        post.roles,
        post.permissions,
        visible_stores(post, known.program),
        post.partner,
    )
    csrf = staff_sessions.csrf_token(state.settings.secret, signed_in.session.digest)
    language = language_of(request, known.program, signed_in.language)
    return Visit(request, signed_in, staff, known, language, csrf, address_of(request))


def visible_stores(post: Post, program: Program) -> frozenset[Any] | None:
    """The stores whose figures somebody sees; None: all. Of several roles the widest counts."""
    if any(role not in (LIMITED_TO_STORES, LIMITED_TO_A_PARTNER) for role in post.roles):
        return None
    seen = set(post.stores) if LIMITED_TO_STORES in post.roles else set()
    if LIMITED_TO_A_PARTNER in post.roles:
        seen |= {store.id for store in program.stores.values() if store.partner == post.partner}
    return frozenset(seen)


def language_of(request: HttpRequest, program: Program | None, own: str = "") -> i18n.Language:
    """By `?lang=`, then the cookie, then what she set, then her browser, then the program."""
    return i18n.pick(
        program.languages if program else (),
        request.query_params.get("lang"),
        request.cookies.get(pages.LANGUAGE_COOKIE),
        own or None,
        accept=request.headers.get("accept-language"),
    )


async def _read_form(visit: Visit, bytes_max: int) -> None:
    """Raises Forbidden without the page's token, BodyTooLarge (413)."""
    declared = visit.request.headers.get("content-length", "")
    if not declared.isdigit() or int(declared) > bytes_max:
        raise BodyTooLarge
    form = await forms.read(visit.request)
    for name, value in form.multi_items():
        visit._form.setdefault(name, []).append(value)
    sent = visit.request.headers.get("x-csrf-token") or visit.form("csrf")
    digest = visit.signed_in.session.digest
    if not staff_sessions.csrf_matches(visit.state.settings.secret, digest, sent):
        raise Forbidden("The page's token is missing; reload the page.")


def require_why(visit: Visit, needed: bool = True) -> None:
    """Raises InvalidValue where the reason is too long, or is needed and missing."""
    if needed and not visit.why:
        raise InvalidValue("/why", "Say why: it stands in the audit trail.")
    if len(visit.why) > WHY_MAX:
        raise InvalidValue("/why", f"is longer than {WHY_MAX} characters")


async def _refused(visit: Visit, again: Again | None, problem: Problem) -> Response[Any]:
    visit.problem = problem
    if visit.htmx:
        answer = visit.part("refusal_part")
        answer.headers.update({"HX-Retarget": "#notice", "HX-Reswap": "innerHTML show:window:top"})
        return answer
    if again is not None and problem.status not in (401, 403):
        return await again(visit)
    return visit.page("refusal", lost=isinstance(problem, NotFound))


def _to_sign_in(request: HttpRequest) -> Response[Any]:
    after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = f"{ROOT}/sign-in?{urlencode({'next': after if request.method == 'GET' else ROOT})}"
    if request.headers.get("hx-request") == "true":
        raise_to = {**pages.SECURITY_HEADERS, "HX-Redirect": address}
        return Response("", status_code=401, headers=raise_to)
    if request.method != "GET":
        raise Unauthenticated("The session has ended; sign in again.")
    return Redirect(address, status_code=303, headers=dict(pages.SECURITY_HEADERS))
