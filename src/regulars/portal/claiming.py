"""A receipt from before she showed her card: with its number and the code under it she makes it hers afterwards."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import (
    AlreadyClaimed,
    ClaimByCashier,
    ClaimCodeWrong,
    ClaimLimit,
    NotClaimable,
    NotFound,
    Problem,
    TooManyRequests,
    Unprocessable,
)
from regulars.flows import claimable
from regulars.flows.claim_purchase import claim_by_request
from regulars.flows.claimable import ClaimByRequest
from regulars.portal import me, visiting
from regulars.portal.visiting import Member
from regulars.web.limits import Counter

HttpRequest = Request[Any, Any, Any]
WRONG_A_MINUTE = 5
wrong = Counter()
"""Pairs of number and code that are none, of each member: nobody tries them out."""


class Claimed(Struct, frozen=True):
    """Of the answer to a claim: the receipt that it was."""

    id: str


@get("/portal/{slug:str}/claim", include_in_schema=False)
async def new(request: HttpRequest) -> Response[Any]:
    """The form; the code on the receipt leads here with its fields filled. Raises NotFound where nothing is claimed."""
    found = _where_claimed(await visiting.member(request))
    query = request.query_params
    return _form(request, found, {name: query.get(name, "") for name in ("receipt", "code")}, "", 200)


@post("/portal/{slug:str}/claim", status_code=303, include_in_schema=False)
async def claim(request: HttpRequest) -> Response[Any]:
    """Make it hers, and show it; why it cannot be is said, and after some wrong codes one has to wait."""
    found, form = await visiting.writing(request)
    _where_claimed(found)
    try:
        with wrong.guessing(found.id, WRONG_A_MINUTE, NotFound, ClaimCodeWrong, Unprocessable):
            receipt, code = form.get("receipt", "").strip(), form.get("code", "").strip()
            sent = visiting.checked(
                ClaimByRequest(request=receipt, claim_code=code, member=ids.show("mem", found.id))
            )
            write = visiting.form_key(found, "claim", form, [receipt, code])
            database, known = visiting.database(request, found), request.app.state.known
            answer = await claim_by_request(database, known, me.caller(found), write, sent)
    except (NotFound, ClaimCodeWrong, Unprocessable):
        words = found.language.gettext(
            "This number and this code do not belong together. Look at the receipt once more."
        )
        return _form(request, found, form, words, 422)
    except (TooManyRequests, AlreadyClaimed, NotClaimable, ClaimByCashier, ClaimLimit) as problem:
        return _form(request, found, form, _why(found, problem), problem.status)
    claimed = msgspec.json.decode(answer.body, type=Claimed)
    return visiting.back(found, f"/receipts/{claimed.id}", said="receipt_added")


def _where_claimed(found: Member) -> Member:
    """The member, in a program where receipts are claimed. Raises NotFound."""
    if not claimable.offered(found.program.settings):
        raise NotFound("Receipts are not claimed in this program.")
    return found


def _why(found: Member, problem: Problem) -> str:
    """Why nothing was added, as a member reads it."""
    _, settings = found.language.gettext, found.program.settings
    if isinstance(problem, TooManyRequests):
        return _("That were many codes. Wait a minute and look at the receipt once more.")
    if isinstance(problem, AlreadyClaimed):
        return _("This receipt was added before, by you or by somebody else. Each counts once.")
    if isinstance(problem, ClaimByCashier):
        return _("You rang up this receipt yourself. Its points are for customers.")
    if isinstance(problem, ClaimLimit):
        return found.language.ngettext(
            "You may add {n} receipt in seven days, and you have. Nothing was added; try again later.",
            "You may add {n} receipts in seven days, and you have. Nothing was added; try again later.",
            settings.claims_a_week,
        ).format(n=settings.claims_a_week)
    if any(fault.code == "too_late" for fault in problem.errors):
        return found.language.ngettext(
            "A receipt can be added within {n} day. This one is older.",
            "A receipt can be added within {n} days. This one is older.",
            settings.claim_days,
        ).format(n=settings.claim_days)
    return _("This receipt was cancelled, or something of it was given back. It cannot be added.")


def _form(
    request: HttpRequest, found: Member, form: dict[str, str], fault: str, status: int
) -> Response[Any]:
    return visiting.show(
        request,
        found,
        "claim",
        tab="receipts",
        status=status,
        form={"receipt": form.get("receipt", "")[:255], "code": form.get("code", "")[:40]},
        fault=fault,
        days=found.program.settings.claim_days,
        nonce=secrets.token_hex(8),
    )


routes: list[Any] = [new, claim]
