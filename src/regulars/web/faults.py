"""Tells whoever looks with a browser what went wrong: a page in her language, where a call gets the problem as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Request, Response
from msgspec import Struct

from regulars.errors import Problem
from regulars.i18n import N_, Language
from regulars.web import pages

HttpRequest = Request[Any, Any, Any]
log = structlog.get_logger("regulars.web")
FOR_CALLS = ("/v1/", "/health/", "/static/")
"""Addresses that answer calls, whoever asks."""


class Words(Struct, frozen=True):
    """What happened; what was not done, and what to do."""

    title: str
    lead: str


NOTHING_HERE = Words(
    N_("There is nothing here"),
    N_("The address leads nowhere, or what stood here is not yours. Nothing was changed."),
)
TOO_OFTEN = Words(N_("That was too often"), N_("Nothing was changed. Wait a minute, then try again."))
OUR_MISTAKE = Words(
    N_("We made a mistake"), N_("Nothing was changed. Try again in a minute; if it stays so, tell the shop.")
)
FAILED = Words(
    N_("This did not work"), N_("Nothing was changed. Go back, load the page again and try once more.")
)


def by_browser(request: HttpRequest) -> bool:
    """Whether a person looks, and not a program that calls."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(FOR_CALLS)


def words_of(problem: Problem, language: Language) -> Words:
    """What to say of a problem."""
    if problem.status in (404, 405):
        said = NOTHING_HERE
    elif problem.status == 429:
        said = TOO_OFTEN
    elif problem.status >= 500:
        said = OUR_MISTAKE
    else:
        said = FAILED
    return Words(language.gettext(said.title), language.gettext(said.lead))


def of_code(problem: Problem, known: Mapping[str, str], language: Language) -> str:
    """What a member is told of a problem, by its code; of one that is not `known` that nothing was changed.

    The problem's own detail is for developers and in English: of a code that nobody has words for, the log has it.
    """
    if problem.code in known:
        return language.gettext(known[problem.code])
    log.warning("no words for a problem", code=problem.code, detail=problem.detail)
    return language.gettext(FAILED.lead)


def page(request: HttpRequest, problem: Problem) -> Response[str]:
    """The page of a problem, outside of any program."""
    language = pages.language_of(request)
    text = pages.render(
        language,
        "fault.html",
        program=None,
        csrf="",
        fault=words_of(problem, language),
        path=request.url.path,
        query={},
    )
    headers = {**pages.SECURITY_HEADERS, **problem.headers, "Content-Language": language.code}
    return Response(text, status_code=problem.status, media_type="text/html", headers=headers)
