"""Whether the process lives, whether it can serve, and its metrics in Prometheus' text format."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import Any

import psycopg
from litestar import Response, get
from litestar.connection import Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from psycopg_pool import PoolTimeout

from regulars.errors import Overloaded, Problem
from regulars.flows.failing_rounds import failing_everywhere

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "regulars_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "regulars_request_seconds",
    "Time to answer, in seconds.",
    ["route"],
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

FAILING = Gauge(
    "regulars_rounds_failing", "Programs for which a round of the worker fails.", ["round"], registry=REGISTRY
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _counter(method, route, status).inc()
    _histogram(route).observe(seconds)


@lru_cache(maxsize=2000)
def _counter(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


@lru_cache(maxsize=200)
def _histogram(route: str) -> Histogram:
    return SECONDS.labels(route)


@get("/health/live", include_in_schema=False)
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@get("/health/ready", include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The process can serve: the database answers. Raises Overloaded."""
    try:
        async with request.app.state.database.connection() as connection:
            await connection.execute("SELECT 1")
    except (psycopg.Error, PoolTimeout, Problem) as error:
        raise Overloaded(detail="The database cannot be reached just now; try again shortly.") from error
    return {"status": "ready"}


@get("/metrics", include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Prometheus' text format."""
    FAILING.clear()
    with contextlib.suppress(
        psycopg.Error, PoolTimeout, Problem
    ):  # without a database the others are told still
        for name, programs in (await failing_everywhere(request.app.state.database)).items():
            FAILING.labels(name).set(programs)
    return Response(generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


routes = [live, ready, metrics]
