"""Bringing friends: a member's own code with its link, what became of her friends, and where a friend arrives."""

from __future__ import annotations

import re
import secrets
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from regulars.errors import NotFound
from regulars.flows.friends import friends_of
from regulars.flows.referral_programs import list_referral_programs
from regulars.flows.referring import invitation, own_code
from regulars.members.referrals import CODE_LETTERS, ReferralDocument, normal
from regulars.portal import showing, visiting
from regulars.portal.door import tag_of, way_in
from regulars.portal.visiting import Guest
from regulars.web import referral_words

HttpRequest = Request[Any, Any, Any]
INSTALLATION = "regulars_installation"
"""Tells this browser from others, so that nobody brings herself: of it only a keyed hash is kept."""
KEPT_SECONDS = 400 * 86400
_INSTALLATION = re.compile(r"^[A-Za-z0-9_-]{20,60}$")


def installation(request: HttpRequest) -> str | None:
    """What this browser was named."""
    named = request.cookies.get(INSTALLATION, "")
    return named if _INSTALLATION.match(named) else None


@get("/portal/{slug:str}/join", include_in_schema=False)
async def join(request: HttpRequest) -> Response[Any]:
    """Where a friend arrives by the link: what she gets, and the way in; who has no friend's code is let in at once."""
    found = await visiting.guest(request)
    if found.visitor is not None:
        return visiting.back(found, "/invite")
    tag = tag_of(request)
    if "ref" not in request.query_params:
        spoken = request.query_params.get("lang", "")
        return Redirect(way_in(found, tag=tag, lang=spoken), status_code=303)
    code = normal(request.query_params.get("ref", "")[:40])[:CODE_LETTERS]
    document = await invitation(request.app.state.database, found.program, code) if code else None
    words = found.known.words[found.language.code]
    answer = visiting.show(
        request,
        found,
        "join",
        known=document is not None,
        gift=referral_words.for_friend(words, document) if document else "",
        least=_least(found, document),
        way_in=way_in(found, ref=code if document is not None else "", tag=tag),
    )
    _name_installation(request, found, answer)
    return answer


@get("/portal/{slug:str}/invite", include_in_schema=False)
async def invite(request: HttpRequest) -> Response[Any]:
    """Her code, its link and picture, and what became of her friends. Raises NotFound where nobody is brought."""
    found = await visiting.member(request)
    database = request.app.state.database
    programs = await list_referral_programs(database, found.program.id)
    if not programs.items:
        raise NotFound("Nobody is brought to this program.")
    named = installation(request) or secrets.token_urlsafe(24)
    own = await own_code(database, found.program, found.known.vault, found.id, found.now, named)
    address = own.link if own.link.startswith("http") else f"{str(request.base_url).rstrip('/')}{own.link}"
    document = programs.items[0].document
    words = found.known.words[found.language.code]
    friends = await friends_of(database, found.program, found.known.vault, found.id)
    answer = visiting.show(
        request,
        found,
        "invite",
        tab="offers",
        open=own.open,
        code=own.code,
        link=address,
        qr=showing.code("qr", address),
        mine=referral_words.for_referrer(words, document),
        gift=referral_words.for_friend(words, document),
        least=_least(found, document),
        window=document.return_days,
        milestones=[(one.friends, referral_words.prize(words, one.prize)) for one in document.milestones],
        friends=[
            {
                "letter": one.letter,
                "state": found.language.gettext(referral_words.STATES[one.view.state]),
                "good": one.view.state in ("rewarded", "capped"),
                "day": showing.moment(found.language, one.view.referred_at, found.now, found.zone),
            }
            for one in friends
        ],
    )
    _name_installation(request, found, answer, named)
    return answer


def _least(found: Guest, document: ReferralDocument | None) -> str:
    if document is None or document.least_amount <= 1:
        return ""
    return found.language.money(document.least_amount, found.program.base_currency)


def _name_installation(request: HttpRequest, found: Guest, answer: Response[Any], named: str = "") -> None:
    if installation(request) is None:
        answer.set_cookie(
            Cookie(
                key=INSTALLATION,
                value=named or secrets.token_urlsafe(24),
                path=found.home,
                max_age=KEPT_SECONDS,
                httponly=True,
                samesite="lax",
                secure=not request.app.state.settings.insecure_cookies,
            )
        )


routes: list[Any] = [join, invite]
