"""Renders pages: templates by language, security headers, and who looks at them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from markupsafe import Markup
from msgspec import Struct

from regulars import clock, i18n
from regulars.programs.model import Caller, Program
from regulars.web import assets, sessions

LANGUAGE_COOKIE = "regulars_language"
YEAR_SECONDS = 365 * 86400

SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

HttpRequest = Request[Any, Any, Any]


class Visitor(Struct, frozen=True):
    """Who looks at a page: the session, what its key may do, and the program it belongs to."""

    session: sessions.Session
    program: Program
    csrf: str

    @property
    def caller(self) -> Caller:
        """What the session's key may do."""
        return self.session.caller


async def visitor(request: HttpRequest, *scopes: str) -> Visitor | None:
    """The signed-in visitor whose key has one of the scopes; None: send them to `to_sign_in`."""
    state = request.app.state
    token = request.cookies.get(sessions.COOKIE)
    if token is None:
        return None
    session = await sessions.session_of(state.database, token, clock.world())
    if session is None or not session.caller.scopes & set(scopes):
        return None
    known = await state.known.fresh(session.caller.program)
    return Visitor(session, known.program, sessions.csrf_token(state.settings.secret, session.digest))


def to_sign_in(request: HttpRequest) -> Redirect:
    """To the sign-in page, and back here afterwards."""
    after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Redirect(f"/sign-in?{urlencode({'next': after})}", status_code=303, headers=dict(SECURITY_HEADERS))


def language_of(request: HttpRequest, program: Program | None = None) -> i18n.Language:
    """By `?lang=`, then the cookie, then the browser's wish, then the program's first language."""
    return i18n.pick(
        program.languages if program else (),
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        accept=request.headers.get("accept-language"),
    )


def page(
    request: HttpRequest,
    name: str,
    *,
    visitor: Visitor | None = None,
    status: int = 200,
    **context: Any,
) -> Response[str]:
    """The page of that template. Everything in `context` is escaped."""
    program = visitor.program if visitor else None
    language = language_of(request, program)
    text = render(
        language,
        name,
        visitor=visitor,
        program=program,
        csrf=visitor.csrf if visitor else "",
        path=request.url.path,
        query={key: value for key, value in request.query_params.items() if key != "lang"},
        **context,
    )
    return Response(
        text,
        status_code=status,
        media_type="text/html",
        headers={**SECURITY_HEADERS, "Content-Language": language.code},
        cookies=language_cookies(request, language),
    )


def language_cookies(request: HttpRequest, language: i18n.Language) -> list[Cookie]:
    """The cookie by which a language that was wished with `?lang=` stays."""
    wished = request.query_params.get("lang") in i18n.COMPLETE
    return [language_cookie(request, language.code)] if wished else []


def language_chosen(request: HttpRequest) -> bool:
    """Whether somebody chose the pages' language in this browser before."""
    return request.cookies.get(LANGUAGE_COOKIE) in i18n.COMPLETE


def language_cookie(request: HttpRequest, code: str) -> Cookie:
    """The pages' language from now on, in this browser."""
    return Cookie(
        key=LANGUAGE_COOKIE,
        value=code,
        max_age=YEAR_SECONDS,
        samesite="lax",
        secure=not request.app.state.settings.insecure_cookies,
    )


def render(language: i18n.Language, name: str, **context: Any) -> str:
    """A template as text."""
    return _environment(language.code).get_template(name).render(**context)


def script_data(value: Any) -> Markup:
    """JSON for a script's data element, which nothing in it can end."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def with_query(path: str, query: dict[str, Any], **changed: Any) -> str:
    """An address with some of its parameters changed; None takes one away."""
    merged = {**query, **changed}
    kept = [(key, value) for key, value in merged.items() if value not in (None, "")]
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


@lru_cache(maxsize=len(i18n.COMPLETE))
def _environment(code: str) -> Environment:
    language = i18n.language(code)
    environment = Environment(
        loader=PackageLoader("regulars.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined] – the extension brings it
        language.gettext, language.ngettext, newstyle=True
    )
    environment.filters["sentence"] = i18n.sentence
    environment.globals.update(
        language=language,
        languages=[(other, i18n.OWN_NAMES[other]) for other in i18n.COMPLETE],
        asset=assets.address,
        with_query=with_query,
    )
    return environment
