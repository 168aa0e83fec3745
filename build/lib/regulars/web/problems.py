"""Renders every error as `application/problem+json` (RFC 9457); what we got wrong is logged and told without detail."""

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


def on_problem(request: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    """A caller's mistake."""
    return render(problem, _request_id(request))


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the framework refuses by itself: an unknown address, a wrong method."""
    problem: Problem
    if error.status_code == 404:
        problem = NotFound("There is nothing at this address.")
    elif error.status_code == 405:
        problem = MethodNotAllowed()
        problem.headers = dict(error.headers or {})
    elif error.status_code < 500:
        problem = BadRequest(error.detail)
    else:
        return on_fault(request, error)
    return render(problem, _request_id(request))


def on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Our own mistake, or a database that is away: logged with the request's id, told without its inside."""
    request_id = _request_id(request)
    if isinstance(error, (psycopg.OperationalError, PoolTimeout)):
        log.warning("database_away", request_id=request_id, error=type(error).__name__)
        return render(
            Overloaded(2, "The database cannot be reached just now; try again shortly."), request_id
        )
    # The exception's own text may quote a row, and with it personal data; the traceback's lines do not.
    log.error("fault", request_id=request_id, error=type(error).__name__, where=_where(error))
    return Response(
        msgspec.json.encode(
            {
                "type": "urn:regulars:problem:internal_error",
                "title": "Regulars made a mistake.",
                "status": 500,
                "detail": "Nothing was written. The log has more under this request id.",
                "code": "internal_error",
                "request_id": request_id,
            }
        ),
        status_code=500,
        media_type=MEDIA_TYPE,
    )


def _request_id(request: Request[Any, Any, Any]) -> str:
    found = request.scope.get("state", {}).get("request_id")
    return str(found or uuid4().hex)  # an address that nothing answers to has not passed the middleware


def _where(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('regulars')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]
