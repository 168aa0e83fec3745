"""The door by the company's own sign-in: out to the provider, and back."""

from __future__ import annotations

import hmac
from typing import Any

import structlog
from litestar import Request, Response, get
from litestar.response import Redirect

from regulars import clock
from regulars.backoffice.doors import arrived, form_page, own_path
from regulars.backoffice.visit import ROOT
from regulars.errors import NotFound
from regulars.flows.single_sign_on import Admission, Vouched, ask_company, enter_vouched, take_answer
from regulars.messaging.identity_provider import CALLBACK, Identity, Refused
from regulars.programs.staff.factors import QUESTION_LASTS
from regulars.web import pages, staff_sessions
from regulars.web.addresses import address_of

HttpRequest = Request[Any, Any, Any]
COOKIE = "regulars_company"
KNOCKS_A_MINUTE = 60
log = structlog.get_logger("regulars.staff")


@get(f"{ROOT}/company", include_in_schema=False)
async def leave(request: HttpRequest) -> Response[Any]:
    """To the company's sign-in."""
    state = request.app.state
    if not state.settings.company.issuer:
        raise NotFound("There is no other sign-in here.")
    state.knocks.take(("company", address_of(request)), KNOCKS_A_MINUTE)
    after = own_path(request.query_params.get("next", ""))
    asked = await ask_company(state.database, state.settings.secret, after, clock.world())
    try:
        address = await state.identity_provider.address(asked.state, asked.nonce, asked.verifier)
    except Refused as refusal:
        return _refused(request, refusal)
    answer = Redirect(address, status_code=303, headers=dict(pages.SECURITY_HEADERS))
    staff_sessions.set_cookie(request, answer, COOKIE, asked.id, int(QUESTION_LASTS.total_seconds()))
    return answer


@get(CALLBACK, include_in_schema=False)
async def come_back(request: HttpRequest) -> Response[Any]:
    """Whoever the company vouches for is in, if she was invited or is of an allowed domain."""
    state, query = request.app.state, request.query_params
    if not state.settings.company.issuer:
        raise NotFound("There is no other sign-in here.")
    secret, company = state.settings.secret, state.settings.company
    taken = await take_answer(
        state.database, secret, staff_sessions.cookie_of(request, COOKIE), clock.world()
    )
    if taken is None or not hmac.compare_digest(taken[0].state.encode(), query.get("state", "").encode()):
        return _refused(request, Refused("the browser was not sent to it from here"))
    asked, after = taken
    if query.get("iss", company.issuer) != company.issuer or "code" not in query:
        return _refused(request, Refused("it came back without a code, or from another issuer"))
    try:
        identity: Identity = await state.identity_provider.identity(
            query["code"][:2000], asked.nonce, asked.verifier
        )
    except Refused as refusal:
        return _refused(request, refusal)
    arrival = await enter_vouched(
        state.database,
        secret,
        Vouched(f"{identity.issuer} {identity.subject}", identity.email, identity.name),
        Admission(company.domains, company.role, company.program),
        language=pages.language_of(request).code,
        browser=staff_sessions.browser_of(request),
        at=clock.world(),
    )
    if arrival is None:
        return _refused(request, Refused("nobody invited whom it means"))
    answer = arrived(request, arrival, after)
    staff_sessions.set_cookie(request, answer, COOKIE, "", 0)
    return answer


def _refused(request: HttpRequest, refusal: Refused) -> Response[Any]:
    log.warning("single_sign_on_refused", reason=str(refusal))
    answer = form_page(request, "", "company", status=403)
    staff_sessions.set_cookie(request, answer, COOKIE, "", 0)
    return answer


routes: list[Any] = [leave, come_back]
