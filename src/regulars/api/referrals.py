"""`/v1/referrals` and what belongs to it: what is given for bringing friends, codes, who brought whom."""

from __future__ import annotations

from typing import Any

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.read_referrals import Listing, ReferralPage, list_referrals
from regulars.flows.referral_programs import (
    ReferralPrograms,
    ReferralProgramView,
    list_referral_programs,
    put_referral_program,
)
from regulars.flows.referring import NamedReferrer, OwnCode, ReferredView, name_referrer, own_code
from regulars.members.referrals import ReferralDocument
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Referrals")


@calls(
    "GET", "/v1/referral-programs", scopes="till issuer manage read", answer=ReferralPrograms, items_by="code"
)
async def programs(call: Call[Any, Any]) -> ReferralPrograms:
    """What is given for bringing friends; an empty list where nothing is."""
    return await list_referral_programs(call.database, call.caller.program)


@calls(
    "PUT",
    "/v1/referral-programs/{code}",
    scopes="manage",
    body=ReferralDocument,
    answer=ReferralProgramView,
)
async def put(call: Call[ReferralDocument, Any]) -> ReferralProgramView:
    """Say what is given for bringing friends, by a new revision; the same document again changes nothing.

    A program has one, its code is `default`. Of each friend the purchases count that are large enough
    (`least_amount`), made within `within_days`, and whose return window (`return_days`) is over as they stand: after
    the n-th of them `steps` says what the two get. A `stopped` one brings nobody any more. What contradicts itself is
    `422 contradictory_configuration`, with a sentence for each place.
    """
    code, by = call.path["code"], call.caller.by
    return await put_referral_program(
        call.database, call.caller.program, code, call.body, by, await call.now()
    )


@calls("GET", "/v1/referrals", scopes="manage read", query=Listing, answer=ReferralPage)
async def every(call: Call[Any, Listing]) -> ReferralPage:
    """Who brought whom, and what became of it, the latest first; `refused`: only those who get nothing, and why."""
    return await list_referrals(call.database, call.caller.program, call.query)


@calls("GET", "/v1/members/{id}/referral", scopes="issuer manage", answer=OwnCode)
async def code(call: Call[Any, Any]) -> OwnCode:
    """The member's own code and the link by which friends join; it is made when it is first asked for."""
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    return await own_code(call.database, known.program, known.vault, member, await call.now())


@calls("GET", "/v1/members/{id}/referrals", scopes="issuer manage read", query=Listing, answer=ReferralPage)
async def brought(call: Call[Any, Listing]) -> ReferralPage:
    """Whom the member brought, and what became of it, the latest first."""
    member = ids.read("mem", call.path["id"], "/id")
    return await list_referrals(call.database, call.caller.program, call.query, referrer=member)


@calls(
    "POST",
    "/v1/members/{id}/referrer",
    scopes="issuer manage",
    body=NamedReferrer,
    answer=ReferredView,
    status=201,
)
async def name(call: Call[NamedReferrer, Any]) -> Answer:
    """Say who brought a member, after she has joined: within `enter_days`, once.

    A code that is nobody's is `422 referral_unknown`. Where nothing is given for it (she was a member before, has the
    same phone, email, device or account, brought the other herself) it is kept all the same, with why (`refused`).
    """
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    request = await call.request()
    return await name_referrer(call.database, known.program, known.vault, request, member, call.body)
