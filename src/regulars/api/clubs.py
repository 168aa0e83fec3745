"""The calls about clubs: what they are, who is in, and joining, leaving, inviting and declining."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import Forbidden
from regulars.flows import words
from regulars.flows.clubs import (
    ClubInvitation,
    ClubLink,
    ClubMembers,
    Clubs,
    ClubView,
    NewClubLink,
    invite,
    list_clubs,
    make_link,
    members_of,
    put_club,
    read_club,
)
from regulars.flows.join_club import (
    ClubJoining,
    ClubOfMember,
    ClubsOfMember,
    answer_invitation,
    clubs_of,
    join_club,
    leave_club,
)
from regulars.flows.known_programs import Known
from regulars.flows.measure_clubs import ClubPreview, preview_club
from regulars.members.club_rules import ClubDocument
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("clubs")


class MemberPage(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("GET", "/v1/clubs", scopes="till issuer manage read", answer=Clubs, items_by="code")
async def every(call: Call[Any, Any]) -> Clubs:
    """The clubs of the program as they count now, by code, with how many are in each."""
    return await list_clubs(call.database, call.caller.program, await call.now())


@calls("GET", "/v1/clubs/{code}", scopes="till issuer manage read", answer=ClubView)
async def one(call: Call[Any, Any]) -> ClubView:
    """One club, with how many are in it."""
    return await read_club(call.database, call.caller.program, call.path["code"], await call.now())


@calls("PUT", "/v1/clubs/{code}", scopes="manage", body=ClubDocument, answer=ClubView)
async def put(call: Call[ClubDocument, Any]) -> ClubView:
    """Make a club, or change it by a new revision; the same document again changes nothing.

    Who is in it is marked with its code (a mark of the kind `club`): promotions with the condition `club`, rewards and
    events are for its members from that instant. A club by rule is measured every night. What contradicts itself is
    `422 contradictory_configuration`.
    """
    code, by = call.path["code"], call.caller.by
    return await put_club(call.database, call.caller.program, code, call.body, by, await call.now())


@calls("POST", "/v1/clubs/{code}/preview", scopes="manage read", body=ClubDocument, answer=ClubPreview)
async def preview(call: Call[ClubDocument, Any]) -> ClubPreview:
    """How many a club by rule would take in, let go and keep if it were measured now; nothing is written.

    At most 20,000 members are looked at (`whole` is false then).
    """
    code, program = call.path["code"], call.caller.program
    return await preview_club(call.database, call.state.known, program, code, call.body, await call.now())


@calls("GET", "/v1/clubs/{code}/members", scopes="issuer manage read", query=MemberPage, answer=ClubMembers)
async def members(call: Call[Any, MemberPage]) -> ClubMembers:
    """Who is in a club, since when, and how she came in."""
    query = call.query
    after = ids.read("mem", query.cursor, "?cursor") if query.cursor else None
    code, at = call.path["code"], await call.now()
    return await members_of(call.database, call.caller.program, code, at, after, query.limit)


@calls("POST", "/v1/clubs/{code}/links", scopes="manage", body=NewClubLink, answer=ClubLink, status=201)
async def link(call: Call[NewClubLink, Any]) -> Answer:
    """Make a code that lets so many into a club, to be printed, or sent as a link to the portal.

    The link is `…/portal/<program>/clubs/<club>?link=<code>`. Each who joins by it uses one up.
    """
    request = await call.request()
    code, by = call.path["code"], call.caller.by
    return await make_link(call.database, call.caller.program, request, code, call.body, by)


@calls(
    "GET", "/v1/members/{id}/clubs", scopes="till issuer manage read", answer=ClubsOfMember, items_by="club"
)
async def of_member(call: Call[Any, Any]) -> ClubsOfMember:
    """The clubs that concern a member: those she is in, those to which she is invited, and those open to her."""
    known = await call.known()
    return await clubs_of(call.database, known, _member(call), _language(call, known), await call.now())


@calls(
    "POST",
    "/v1/members/{id}/clubs/{code}",
    scopes="issuer manage",
    body=ClubJoining,
    answer=ClubOfMember,
    idempotent=True,
)
async def join(call: Call[ClubJoining, Any]) -> Answer:
    """Let the member join a club, or accept its invitation; joined again, nothing changes.

    A club by invitation needs one that waits for her, or the `link` of a code. `409`: `not_for_member` without it and
    for a club by rule, `club_full` where no place is left. With `by_hand` (keys with `manage`) the operator puts her
    in, whatever the entry is; the places count all the same.
    """
    if call.body.by_hand and "manage" not in call.caller.scopes:
        raise Forbidden("Only a key with the scope manage puts members into a club by hand.")
    known = await call.known()
    request, code = await call.request(), call.path["code"]
    spoken = _language(call, known)
    return await join_club(
        call.database, known, request, _member(call), code, call.body, spoken, call.caller.by
    )


@calls("DELETE", "/v1/members/{id}/clubs/{code}", scopes="issuer manage", answer=ClubsOfMember)
async def leave(call: Call[Any, Any]) -> ClubsOfMember:
    """Let the member leave a club; done again, nothing changes.

    Its offers end for her at once, and seats at events that are for the club alone are given back. Her points stay.
    """
    known = await call.known()
    at = await call.now()
    await leave_club(call.database, known, _member(call), call.path["code"], at)
    return await clubs_of(call.database, known, _member(call), _language(call, known), at)


@calls(
    "POST",
    "/v1/members/{id}/clubs/{code}/invite",
    scopes="issuer manage",
    answer=ClubInvitation,
    status=201,
)
async def invite_member(call: Call[Any, Any]) -> Answer:
    """Invite the member to a club: the portal asks her, and joining accepts it."""
    known = await call.known()
    request, code = await call.request(), call.path["code"]
    return await invite(call.database, known, request, _member(call), code, call.caller.by)


@calls(
    "POST",
    "/v1/members/{id}/clubs/{code}/decline",
    scopes="issuer manage",
    answer=ClubInvitation,
    idempotent=True,
)
async def decline(call: Call[Any, Any]) -> Answer:
    """Note that the member declined an invitation. `404` where none waits."""
    known = await call.known()
    request, code = await call.request(), call.path["code"]
    return await answer_invitation(call.database, known, request, _member(call), code, "declined")


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")


def _language(call: Call[Any, Any], known: Known) -> str:
    return words.chosen(known.program.languages, call.language, "")
