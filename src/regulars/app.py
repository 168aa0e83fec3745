"""The ASGI application: the API, the till, the back office, and what every process keeps while it runs."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Litestar, Response, Router, get
from litestar.connection import Request
from litestar.exceptions import HTTPException

from regulars import settings as process_settings
from regulars.api import (
    access,
    accounts,
    aggregators,
    card_batches,
    cards,
    codes,
    consents,
    enrolment,
    marks,
    members,
    merging,
    personal_data,
    programs,
    promotions,
    purchases,
    statements,
    wallets,
)
from regulars.backoffice import pages as backoffice
from regulars.db.pool import Database
from regulars.errors import Problem
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.master_keys import check_master_keys, keyring_of
from regulars.flows.receive_purchases import Recorder
from regulars.messaging.post_office import PostOffice, senders_of
from regulars.portal import routes as portal
from regulars.portal import sign_in
from regulars.settings import Settings
from regulars.till import pages as till
from regulars.web import health, lean, openapi, problems, signing
from regulars.web.callers import Callers
from regulars.web.endpoints import route
from regulars.web.gate import Gate
from regulars.web.guesses import Guesses
from regulars.web.logs import configure_logs
from regulars.web.requests_log import RequestLog

ENDPOINTS = [
    *programs.calls.items,
    *enrolment.calls.items,
    *consents.calls.items,
    *aggregators.calls.items,
    *members.calls.items,
    *statements.calls.items,
    *marks.calls.items,
    *accounts.calls.items,
    *merging.calls.items,
    *cards.calls.items,
    *card_batches.calls.items,
    *wallets.calls.items,
    *promotions.calls.items,
    *codes.calls.items,
    *access.calls.items,
    *purchases.calls.items,
    *personal_data.calls.items,
]


def app() -> Litestar:
    """The application with the settings of the environment."""
    configure_logs()
    return build(process_settings.load())


def build(settings: Settings) -> Litestar:
    """The application. It opens its connections at start and finishes what it took before it ends."""

    @contextlib.asynccontextmanager
    async def lifespan(litestar: Litestar) -> AsyncIterator[None]:
        database = Database(settings.database_url, size=settings.pool_size)
        await database.open()
        state = litestar.state
        state.settings = settings
        state.database = database
        state.gate = Gate(settings.requests_at_once)
        keyring = keyring_of(settings)
        await check_master_keys(database, keyring)
        state.known = KnownPrograms(database, keyring)
        state.callers = Callers(database, settings.secret)
        state.guesses = Guesses(state.known)
        state.recorder = Recorder(database, state.known, settings.secret, lanes=settings.batch_connections)
        senders = senders_of(settings.messaging)
        state.post_office = PostOffice(database, settings.secret, senders, state.known.now)
        _calm_the_collector()
        try:
            yield
        finally:
            await state.recorder.close()
            await state.post_office.close()
            await database.close()

    published = msgspec.json.encode(openapi.document(ENDPOINTS))

    @get("/v1/openapi.json", include_in_schema=False)
    async def openapi_document() -> Response[bytes]:
        return Response(published, media_type="application/json")

    litestar = Litestar(
        route_handlers=[
            Router("/", route_handlers=[route(endpoint) for endpoint in ENDPOINTS]),
            openapi_document,
            *health.routes,
            *signing.routes,
            *till.routes,
            *sign_in.routes,
            *portal.routes,
            *backoffice.routes,
        ],
        lifespan=[lifespan],
        middleware=[RequestLog],
        exception_handlers=_exception_handlers(),
        openapi_config=None,
        request_max_body_size=None,
    )
    record = next(e for e in ENDPOINTS if (e.method, e.path) == ("POST", lean.PATH))
    litestar.asgi_handler = lean.LeanPurchases(litestar.asgi_handler, litestar.state, record)
    return litestar


def _calm_the_collector() -> None:
    """Look for garbage in cycles seldom: what a request makes is freed by counting (seen: a sixth of a purchase)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _exception_handlers() -> dict[Any, Any]:
    def on_problem(request: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
        return problems.on_problem(request, error)

    return {Problem: on_problem, HTTPException: problems.on_http_exception, Exception: problems.on_fault}
