"""The member's clubs: those she is in, invitations, joining and leaving; and the events that she may come to."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import Conflict, NotFound, Problem
from regulars.flows.join_club import (
    ClubJoining,
    ClubOfMember,
    answer_invitation,
    clubs_of,
    join_club,
    leave_club,
)
from regulars.flows.occasions import occasions_for
from regulars.i18n import N_
from regulars.portal import showing, visiting
from regulars.portal.occasions import EventLine, event_line
from regulars.portal.visiting import Member
from regulars.web import faults

HttpRequest = Request[Any, Any, Any]
FAULTS: dict[str, str] = {
    "club_full": N_("There is no place left in this club."),
    "not_for_member": N_("This code is not good, or was used up."),
    "state_conflict": N_("This club takes nobody in just now."),
}


class ClubLine(Struct, frozen=True):
    """A club in words."""

    code: str
    name: str
    text: str
    standing: str
    since: str
    inside: str
    full: bool
    by_rule: bool


@get("/portal/{slug:str}/clubs", include_in_schema=False)
async def clubs(request: HttpRequest) -> Response[Any]:
    """Clubs and events that concern her."""
    found = await visiting.member(request)
    database, spoken = request.app.state.database, found.language.code
    listed = await clubs_of(database, found.known, found.id, spoken, found.now)
    coming = await occasions_for(database, found.known, found.id, spoken, found.now)
    lines = [_line(found, one) for one in listed.items]
    events: list[EventLine] = [event_line(found, one) for one in coming]
    return visiting.show(
        request,
        found,
        "clubs",
        tab="offers",
        mine=[one for one in lines if one.standing == "in"],
        invited=[one for one in lines if one.standing == "invited"],
        others=[one for one in lines if one.standing == "may_join"],
        booked=[one for one in events if one.state],
        events=[one for one in events if not one.state],
    )


@get("/portal/{slug:str}/clubs/{code:str}", include_in_schema=False)
async def club(request: HttpRequest) -> Response[Any]:
    """One club: what it is, and the way in or out. With `?link=` the code of an invitation is filled in."""
    return await _shown(request, await visiting.member(request))


@post("/portal/{slug:str}/clubs/{code:str}", status_code=303, include_in_schema=False)
async def act(request: HttpRequest) -> Response[Any]:
    """Join, decline an invitation, or leave."""
    found, form = await visiting.writing(request)
    code, what = request.path_params["code"][:63], form.get("act", "")
    database, by = visiting.database(request, found), f"member {ids.show('mem', found.id)}"
    if what == "leave":
        await leave_club(database, found.known, found.id, code, found.now)
        request.app.state.post_office.send(found.program.id)
        return visiting.back(found, "/clubs", said="club_left")
    write = visiting.form_key(found, f"club-{what}", form, [code, form.get("link", "")])
    if what == "decline":
        await answer_invitation(database, found.known, write, found.id, code, "declined")
        return visiting.back(found, "/clubs", said="declined")
    joining = visiting.checked(ClubJoining(link=form.get("link", "").strip() or None))
    try:
        await join_club(database, found.known, write, found.id, code, joining, found.language.code, by)
    except Conflict as problem:
        return await _shown(request, found, problem)
    return visiting.back(found, f"/clubs/{code}", said="joined")


async def _shown(request: HttpRequest, found: Member, problem: Problem | None = None) -> Response[Any]:
    code = request.path_params["code"]
    listed = await clubs_of(
        request.app.state.database, found.known, found.id, found.language.code, found.now, all_of_them=True
    )
    one = next((each for each in listed.items if each.club == code), None)
    link = request.query_params.get("link", "")[:32]
    if one is None or (one.standing == "no" and one.entry == "rule"):
        raise NotFound("There is no such club.")
    fault = "" if problem is None else faults.of_code(problem, FAULTS, found.language)
    return visiting.show(
        request,
        found,
        "club",
        tab="offers",
        status=200 if problem is None else problem.status,
        club=_line(found, one),
        link=link,
        fault=fault,
        nonce=secrets.token_hex(8),
    )


def _line(found: Member, one: ClubOfMember) -> ClubLine:
    language = found.language
    return ClubLine(
        code=one.club,
        name=one.name,
        text=one.text,
        standing=one.standing,
        since=showing.last_day(found, one.since) if one.since else "",
        inside=language.ngettext("{n} member", "{n} members", one.members).format(
            n=language.number(one.members)
        ),
        full=one.full,
        by_rule=one.entry == "rule",
    )


routes: list[Any] = [clubs, club, act]
