"""Every error as a problem (RFC 9457), as a call is told of it; what we got wrong is logged, told without detail."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import structlog
from litestar import Response
from litestar.connection import Request
from litestar.exceptions import HTTPException
from psycopg_pool import PoolTimeout

from regulars.errors import BadRequest, MethodNotAllowed, NotFound, Overloaded, Problem

log = structlog.get_logger("regulars.web")
MEDIA_TYPE = "application/problem+json"


def problem_document(problem: Problem) -> dict[str, Any]:
    """A problem as JSON (RFC 9457)."""
    body: dict[str, Any] = {
        "type": f"urn:regulars:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = problem.errors
    body.update(problem.extra)
    return body


def render(problem: Problem, request_id: str = "") -> Response[bytes]:
    """The answer that tells a caller what was wrong."""
    body = problem_document(problem)
    if request_id:
        body["request_id"] = request_id
    return Response(
        msgspec.json.encode(body),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={**problem.headers, **({"X-Request-Id": request_id} if request_id else {})},
    )


def of(request: Request[Any, Any, Any], error: Exception) -> Problem:
    """Any error as the problem that is told: a caller's mistake, a refusal of the framework, our own mistake."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _refused(error)
    return _fault(request, error)


def on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Our own mistake, or a database that is away, as the answer to a call."""
    return render(_fault(request, error), request_id(request))


def request_id(request: Request[Any, Any, Any]) -> str:
    """The request's id in the log, or one of its own where nothing answers to the address."""
    return str(request.scope.get("state", {}).get("request_id") or uuid4().hex)


class _OurMistake(Problem):
    status, code, title = 500, "internal_error", "Regulars made a mistake."


def _refused(error: HTTPException) -> Problem:
    """What the framework refuses by itself: an unknown address, a wrong method."""
    if error.status_code == 404:
        return NotFound("There is nothing at this address.")
    if error.status_code == 405:
        problem = MethodNotAllowed()
        problem.headers = dict(error.headers or {})
        return problem
    return BadRequest(error.detail)


def _fault(request: Request[Any, Any, Any], error: Exception) -> Problem:
    """Logged with the request's id, told without its inside."""
    if isinstance(error, (psycopg.OperationalError, PoolTimeout)):
        log.warning("database_away", request_id=request_id(request), error=type(error).__name__)
        return Overloaded(2, "The database cannot be reached just now; try again shortly.")
    # The exception's own text may quote a row, and with it personal data; the traceback's lines do not.
    log.error("fault", request_id=request_id(request), error=type(error).__name__, where=_where(error))
    return _OurMistake("Nothing was written. The log has more under this request id.")


def _where(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('regulars')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]
