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
    activity,
    aggregators,
    approvals,
    audit,
    card_batches,
    cards,
    challenges,
    clubs,
    codes,
    consents,
    drafts,
    draws,
    enrolment,
    entitlements,
    exports,
    findings,
    games,
    gift_cards,
    imports,
    ladders,
    marks,
    members,
    memberships,
    merging,
    occasions,
    offline,
    packs,
    passing,
    personal_data,
    programs,
    promotions,
    purchases,
    referrals,
    rewards,
    rhythms,
    simulations,
    statements,
    surveys,
    vouchers,
    wallets,
    webhooks,
)
from regulars.backoffice import accounts as account_pages
from regulars.backoffice import activity as activity_pages
from regulars.backoffice import approvals as approval_pages
from regulars.backoffice import audit as audit_pages
from regulars.backoffice import challenges as challenge_pages
from regulars.backoffice import clubs as club_pages
from regulars.backoffice import (
    company_door,
    data_in,
    data_out,
    days,
    desk_pages,
    doors,
    entitlement_desk,
    guests,
    home,
    me,
    member_prepaid,
    office,
    points,
    points_list,
    prepaid,
    promotions_builder,
    promotions_list,
    promotions_preview,
    promotions_publishing,
    retention,
    second_factor,
    setup_pages,
    team,
    tills_offline,
    wizard,
)
from regulars.backoffice import entitlements as entitlement_pages
from regulars.backoffice import games as game_pages
from regulars.backoffice import lotteries as lottery_pages
from regulars.backoffice import member_games as member_game_pages
from regulars.backoffice import memberships as membership_pages
from regulars.backoffice import occasions as occasion_pages
from regulars.backoffice import promotions as promotion_pages
from regulars.backoffice import redemptions as redemption_pages
from regulars.backoffice import referrals as referral_pages
from regulars.backoffice import rewards as reward_pages
from regulars.backoffice import surveys as survey_pages
from regulars.backoffice import watch as watch_pages
from regulars.backoffice import webhooks as webhook_pages
from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.make_snapshot import Snapshots
from regulars.flows.master_keys import check_master_keys, keyring_of
from regulars.flows.receive_purchases import Recorder
from regulars.messaging.identity_provider import IdentityProvider
from regulars.messaging.post_office import PostOffice, senders_of
from regulars.portal import routes as portal
from regulars.portal import sign_in, visiting
from regulars.settings import Settings
from regulars.till import pages as till
from regulars.web import assets, faults, health, lean, openapi, problems, reference, signing
from regulars.web.addresses import WithoutNul
from regulars.web.callers import Callers
from regulars.web.endpoints import route
from regulars.web.gate import Gate
from regulars.web.guesses import Guesses
from regulars.web.limits import Counter
from regulars.web.logs import configure_logs
from regulars.web.once import Once
from regulars.web.printing.network import Printers
from regulars.web.requests_log import RequestLog

ENDPOINTS = [
    *programs.calls.items,
    *enrolment.calls.items,
    *consents.calls.items,
    *aggregators.calls.items,
    *members.calls.items,
    *passing.calls.items,
    *statements.calls.items,
    *marks.calls.items,
    *clubs.calls.items,
    *challenges.calls.items,
    *occasions.calls.items,
    *games.calls.items,
    *draws.calls.items,
    *surveys.calls.items,
    *ladders.calls.items,
    *activity.calls.items,
    *accounts.calls.items,
    *merging.calls.items,
    *cards.calls.items,
    *card_batches.calls.items,
    *wallets.calls.items,
    *promotions.calls.items,
    *simulations.calls.items,
    *drafts.calls.items,
    *codes.calls.items,
    *gift_cards.calls.items,
    *rewards.calls.items,
    *referrals.calls.items,
    *rhythms.calls.items,
    *memberships.calls.items,
    *packs.calls.items,
    *vouchers.calls.items,
    *entitlements.calls.items,
    *imports.calls.items,
    *exports.calls.items,
    *access.calls.items,
    *purchases.calls.items,
    *offline.calls.items,
    *personal_data.calls.items,
    *webhooks.calls.items,
    *audit.calls.items,
    *approvals.calls.items,
    *findings.calls.items,
]

OFFICE = [
    *home.pages.items,
    *points.pages.items,
    *points_list.pages.items,
    *prepaid.pages.items,
    *days.pages.items,
    *desk_pages.items,
    *account_pages.pages.items,
    *data_in.pages.items,
    *data_out.pages.items,
    *webhook_pages.pages.items,
    *promotion_pages.pages.items,
    *promotions_list.pages.items,
    *promotions_builder.pages.items,
    *promotions_publishing.pages.items,
    *promotions_preview.pages.items,
    *reward_pages.pages.items,
    *challenge_pages.pages.items,
    *club_pages.pages.items,
    *occasion_pages.pages.items,
    *game_pages.pages.items,
    *lottery_pages.pages.items,
    *survey_pages.pages.items,
    *member_game_pages.pages.items,
    *entitlement_pages.pages.items,
    *membership_pages.pages.items,
    *member_prepaid.pages.items,
    *entitlement_desk.pages.items,
    *redemption_pages.pages.items,
    *referral_pages.pages.items,
    *activity_pages.pages.items,
    *setup_pages.items,
    *team.pages.items,
    *me.pages.items,
    *approval_pages.pages.items,
    *retention.pages.items,
    *watch_pages.pages.items,
    *tills_offline.pages.items,
    *audit_pages.pages.items,
]
"""The pages of the back office."""


def app() -> Litestar:
    """The application with the settings of the environment."""
    configure_logs()
    built = build(process_settings.load())
    assets.version()  # read at the start: a script that cannot be joined is said now, and nobody waits for it
    _calm_the_collector()
    return built


def build(settings: Settings) -> Litestar:
    """The application. It opens its connections at start and finishes what it took before it ends.

    It starts with the settings that `state.settings` holds then.
    """

    @contextlib.asynccontextmanager
    async def lifespan(litestar: Litestar) -> AsyncIterator[None]:
        state = litestar.state
        settings: Settings = state.settings
        database = Database(settings.database_url, size=settings.pool_size)
        await database.open()
        state.database = database
        state.gate = Gate(settings.requests_at_once)
        keyring = state.keyring = keyring_of(settings)
        await check_master_keys(database, keyring)
        state.known = KnownPrograms(database, keyring)
        state.callers = Callers(database, settings.secret)
        state.guesses = Guesses(database, state.known, settings.secret)
        state.knocks = Counter()
        state.identity_provider = IdentityProvider(settings.company)
        state.printers = Printers()
        state.snapshots = Snapshots(database, state.known, settings.secret)
        state.recorder = Recorder(database, state.known, settings.secret, lanes=settings.batch_connections)
        senders = senders_of(settings.messaging)
        state.post_office = PostOffice(database, settings.secret, senders, state.known.now)
        try:
            yield
        finally:
            await state.recorder.close()
            await state.post_office.close()
            await state.printers.close()
            await database.close()

    document = Once(lambda: openapi.document(ENDPOINTS))
    published = Once(lambda: msgspec.json.encode(document.made()))
    described = Once(lambda: reference.Reference(ENDPOINTS, document.made()))

    @get("/v1/openapi.json", include_in_schema=False)
    async def openapi_document() -> Response[bytes]:
        return Response(await published.later(), media_type="application/json")

    litestar = Litestar(
        route_handlers=[
            Router("/", route_handlers=[route(endpoint) for endpoint in ENDPOINTS]),
            openapi_document,
            *reference.routes(described),
            *health.routes,
            *signing.routes,
            *till.routes,
            *sign_in.routes,
            *portal.routes,
            *doors.routes,
            *second_factor.routes,
            *guests.routes,
            *company_door.routes,
            *wizard.routes,
            *office.routes(OFFICE),
        ],
        lifespan=[lifespan],
        middleware=[RequestLog, WithoutNul],
        exception_handlers={Exception: _told, HTTPException: _told},
        openapi_config=None,
        request_max_body_size=None,
    )
    litestar.state.settings = settings
    record = next(e for e in ENDPOINTS if (e.method, e.path) == ("POST", lean.PATH))
    litestar.asgi_handler = lean.LeanPurchases(litestar.asgi_handler, litestar.state, record)
    return litestar


def _calm_the_collector() -> None:
    """Look for garbage in cycles seldom: what a request makes is freed by counting (seen: a sixth of a purchase)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _told(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """What went wrong: to a call as a problem, to a browser as a page."""
    problem = problems.of(request, error)
    if not faults.by_browser(request):
        return problems.render(problem, problems.request_id(request))
    if request.url.path.startswith("/portal/"):
        return visiting.on_problem(request, problem)
    return faults.page(request, problem)
