"""A till in training: switched on and off with its session; what it may not do, the session's callers decide."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post
from litestar.response import Redirect

from regulars.errors import Forbidden
from regulars.i18n import Language
from regulars.web import forms, pages, sessions

HttpRequest = Request[Any, Any, Any]


@post("/till/training", status_code=200, include_in_schema=False)
async def switch(request: HttpRequest) -> Response[Any]:
    """Begin or end training at this till. Raises Forbidden."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        return pages.to_sign_in(request)
    form = await forms.read(request)
    require_csrf(request, visitor, str(form.get("csrf", "")))
    state = {"training": form.get("training") == "on"}
    await sessions.change_state(request.app.state.database, visitor.session.digest, state)
    return Redirect("/till", status_code=303, headers=dict(pages.SECURITY_HEADERS))


def banner(visitor: pages.Visitor, language: Language) -> str:
    """What stands at the head and foot of everything that a till in training prints; empty: it is not in training."""
    return language.gettext("TRAINING: not a receipt") if visitor.session.state.get("training") else ""


def require_csrf(request: HttpRequest, visitor: pages.Visitor, sent: str) -> None:
    """Raises Forbidden unless the token that came is the session's."""
    if not sessions.csrf_matches(request.app.state.settings.secret, visitor.session.digest, sent):
        raise Forbidden("The page's CSRF token is missing; reload the page.")


routes: list[Any] = [switch]
