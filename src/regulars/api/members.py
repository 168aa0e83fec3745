"""The calls about members: enrol, find, read, change, erase, and what stands in their accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidCardNumber, NotFound
from regulars.flows.adjust_points import Adjusted, NewAdjustment, adjust_points
from regulars.flows.asking import ApprovalView
from regulars.flows.change_member import MemberChange, change_member
from regulars.flows.enrol import enrol
from regulars.flows.erase_member import erase_by_key
from regulars.flows.find_member import Found, Sought, find_member
from regulars.flows.read_member import BalanceView, read_balance, read_member
from regulars.flows.read_statement import Asked, StatementView, read_statement
from regulars.flows.transfer_points import NewTransfer, Transferred, transfer_points
from regulars.members.description import Enrolment
from regulars.members.views import MemberView
from regulars.web.endpoints import Call, Endpoints
from regulars.web.limits import Counter

calls = Endpoints("members")
finds = Counter()
FINDS_OF_A_KEY = 10
"""One key may look up so many times what one of its tills may, however many tills it names."""


@calls(
    "POST", "/v1/members", scopes="till issuer manage partner", body=Enrolment, answer=MemberView, status=201
)
async def create(call: Call[Enrolment, Any]) -> Answer:
    """Enrol a member.

    One of phone, email, external_id and card is needed. With the number of an unassigned card the member
    takes over that card with all its points; otherwise she gets a card with a new number. A phone, email or
    external id that another member has is `409 member_exists`, with that member's id for keys that may see
    it: `manage` and `issuer`, and a `till` for the phone that it sent.

    A key of one partner keeps that `partner` with the member; a `partner` key's members have the `source` `partner`,
    and it sees of whoever is a member already that there is one.

    `attributes` answer the program's questionnaire; what is wrong with them, or missing where she enrols, is `422`. An
    agreement by email is `pending` until she confirms it by the link that she is sent. Where the program welcomes
    newcomers (setting `welcome`), the gift is in her account, once per person.
    """
    known = await call.known()
    answer = await enrol(
        call.database, known.program, known.vault, await call.request(), call.caller, call.body
    )
    call.state.post_office.send(known.program.id)
    await call.state.guesses.enrolled(call.caller, call.body.phone, call.body.email, call.body.external_id)
    return answer


@calls("POST", "/v1/members/find", scopes="till issuer manage read", body=Sought, answer=Found)
async def find(call: Call[Sought, Any]) -> Found:
    """Find a member by exactly one of phone, email, card and external_id.

    A `till` key gets the id, the first name, the tier and the balance, nothing else. Look-ups are counted per
    key and till (`finds_a_minute` of the program, and ten times that for all tills of a key): then `429`.
    """
    known = await call.known()
    limit = known.program.settings.finds_a_minute
    finds.take(call.caller.key, limit * FINDS_OF_A_KEY)
    finds.take((call.caller.key, call.body.till), limit)
    sent = call.body
    typed = sent.card or sent.phone or sent.email or sent.external_id or ""
    async with call.state.guesses.lookup(
        call.caller, sent.store, sent.till or "", sent.cashier, typed, NotFound, InvalidCardNumber
    ):
        return await find_member(
            call.database, known.program, known.vault, call.caller, sent, at=await call.now(),
            language=call.language,
        )  # fmt: skip


@calls("GET", "/v1/members/{id}", scopes="issuer manage read", answer=MemberView)
async def read(call: Call[Any, Any]) -> MemberView:
    """A member with her cards; an id that was merged into another member leads to that one."""
    known = await call.known()
    return await read_member(call.database, known.program, known.vault, _member(call))


@calls("PATCH", "/v1/members/{id}", scopes="issuer manage", body=MemberChange, answer=MemberView)
async def change(call: Call[MemberChange, Any]) -> MemberView:
    """Change a member: what is left out stays, null takes it away; only the named `attributes` change.

    Behind a new email, agreements by email are `pending` until she confirms them by the link that is sent there.
    """
    known, at = await call.known(), await call.now()
    view = await change_member(
        call.database, known.program, known.vault, call.caller, _member(call), call.body, at=at
    )
    call.state.post_office.send(known.program.id)
    return view


@calls("DELETE", "/v1/members/{id}", scopes="manage", answer=MemberView, waits=ApprovalView)
async def erase(call: Call[Any, Any]) -> MemberView | Answer:
    """Erase who a member is: personal data and what finds her are gone, her cards closed, the books intact.

    Where erasures need two people (`four_eyes_erasure`) and staff may decide, it is 202 with what waits in
    `/v1/approvals`, and she is erased once somebody agrees. Done again it answers the same.
    """
    known, at = await call.known(), await call.now()
    by = ids.show("key", call.caller.key)
    return await erase_by_key(call.database, known.program, known.vault, _member(call), by, call.why, at=at)


@calls("GET", "/v1/members/{id}/balance", scopes="till issuer manage read", answer=BalanceView)
async def balance(call: Call[Any, Any]) -> BalanceView:
    """What the member has, in every currency of the program; expiry is judged now, posted or not."""
    return await read_balance(call.database, (await call.known()).program, _member(call), at=await call.now())


@calls("GET", "/v1/members/{id}/statement", scopes="issuer manage read", query=Asked, answer=StatementView)
async def statement(call: Call[Any, Asked]) -> StatementView:
    """The member's postings with running balance, newest first, in the order they were recorded."""
    return await read_statement(call.database, (await call.known()).program, _member(call), call.query)


@calls(
    "POST",
    "/v1/members/{id}/adjustments",
    scopes="manage",
    body=NewAdjustment,
    answer=Adjusted,
    status=201,
    waits=ApprovalView,
)
async def adjust(call: Call[NewAdjustment, Any]) -> Answer:
    """Give a member points by hand, or take some: below zero.

    Above the program's `adjustment_limit` a second person has to agree: 202 with what waits in `/v1/approvals`.
    """
    program, request = (await call.known()).program, await call.request()
    return await adjust_points(call.database, program, request, _actor(call), _member(call), call.body)


@calls(
    "POST",
    "/v1/members/{id}/transfers",
    scopes="manage",
    body=NewTransfer,
    answer=Transferred,
    status=201,
)
async def transfer(call: Call[NewTransfer, Any]) -> Answer:
    """Move points to another member; they keep the dates on which they expire.

    The program's setting `passing` says how much at once, in a day and a month (`409 passing_limit`), what must have
    cooled off (`409 cooling_off`), what it costs, and how long it can be taken back.
    """
    program, request = (await call.known()).program, await call.request()
    return await transfer_points(call.database, program, request, _actor(call), _member(call), call.body)


def _member(call: Call[Any, Any]) -> UUID:
    """The member whom the path names. Raises WrongIdKind."""
    return ids.read("mem", call.path["id"])


def _actor(call: Call[Any, Any]) -> str:
    """Who did it, for the books."""
    return ids.show("key", call.caller.key)
