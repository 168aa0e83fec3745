"""The calls about challenges: what members are asked to do, how far they are, badges and boards."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows import words
from regulars.flows.known_programs import Known
from regulars.flows.quest_preview import QuestPreview, QuestRehearsal, preview_quest
from regulars.flows.quest_progress import (
    BoardView,
    NewNickname,
    Progress,
    join_quest,
    put_nickname,
    read_board,
    read_progress,
)
from regulars.flows.quests import (
    Badges,
    BadgeView,
    GivenBadge,
    GivingBadge,
    Quests,
    QuestView,
    Stopping,
    give_badge,
    list_badges,
    list_quests,
    put_badge,
    put_quest,
    stop_quest,
    take_badge,
)
from regulars.games.badges import BadgeDocument
from regulars.games.quests import QuestDocument
from regulars.web.endpoints import Call, Endpoints
from regulars.web.slices import Slice

calls = Endpoints("challenges")
WITH_CODES = frozenset({"till", "issuer", "manage"})
"""Scopes whose keys read the texts of codes that members were given."""


class WhoseQuery(Slice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose own place is told beside."""

    member: Annotated[str, Meta(max_length=64)] | None = None


class WhyQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Why."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$(?!\n)")]


@calls("GET", "/v1/challenges", scopes="till issuer manage read", answer=Quests, items_by="code")
async def every(call: Call[Any, Any]) -> Quests:
    """The challenges of the program as they count now, by code, with how many take part and what they cost."""
    return await list_quests(call.database, call.caller.program)


@calls("PUT", "/v1/challenges/{code}", scopes="manage", body=QuestDocument, answer=QuestView)
async def put(call: Call[QuestDocument, Any]) -> QuestView:
    """Make a challenge, or change it by a new revision; the same document again changes nothing.

    It counts from the next purchase on, in every process. `goal` is a set (so many different categories, products,
    brands, stores or partners), a count, a sum or a streak; `window` says in which time. What contradicts itself is
    `422 contradictory_configuration`, with a sentence for each place.
    """
    code, by = call.path["code"], call.caller.by
    return await put_quest(call.database, call.caller.program, code, call.body, by, await call.now())


@calls("POST", "/v1/challenges/preview", scopes="manage read", body=QuestRehearsal, answer=QuestPreview)
async def preview(call: Call[QuestRehearsal, Any]) -> QuestPreview:
    """What a challenge would have come to in the last days: how many members would have done all of it, how many were
    near, and what its prizes would have cost. Nothing is written.

    Its dates are left out, for they lie ahead. Of a large program some members are looked at, and the figures are
    reckoned up from them (`estimated`). That people buy otherwise because of a challenge is not counted.
    """
    return await preview_quest(call.database, await call.known(), call.body, await call.now())


@calls("POST", "/v1/challenges/{code}/stop", scopes="manage", body=Stopping, answer=QuestView)
async def stop(call: Call[Stopping, Any]) -> QuestView:
    """Nothing counts for it any more; what was won stays. Done again it changes nothing."""
    code, by, why = call.path["code"], call.caller.by, call.body.reason
    return await stop_quest(call.database, call.caller.program, code, by, await call.now(), why)


@calls(
    "GET",
    "/v1/challenges/{code}/leaderboard",
    scopes="till issuer manage read",
    query=WhoseQuery,
    answer=BoardView,
    items_by="rank nickname",
)
async def leaderboard(call: Call[Any, WhoseQuery]) -> BoardView:
    """The best twenty of the present window under the names that they chose; nobody is shown who chose none.

    With `member` her own place beside, wherever it is.
    """
    known = await call.known()
    member = ids.read("mem", call.query.member, "?member") if call.query.member else None
    return await read_board(
        call.database, known, call.path["code"], member, _language(call, known), await call.now()
    )


@calls("GET", "/v1/members/{id}/progress", scopes="till issuer manage read", answer=Progress)
async def progress(call: Call[Any, Any]) -> Progress:
    """How far the member is in each challenge that is meant for her, her badges, and what she was given.

    Texts of codes are told to keys of the scopes till, issuer and manage.
    """
    known = await call.known()
    return await read_progress(
        call.database, known, _member(call), _language(call, known), await call.now(),
        codes=bool(call.caller.scopes & WITH_CODES),
    )  # fmt: skip


@calls("POST", "/v1/members/{id}/progress/{code}/join", scopes="till issuer manage", answer=Progress)
async def join(call: Call[Any, Any]) -> Progress:
    """The member takes part in a challenge that members join; done again it changes nothing."""
    known, at = await call.known(), await call.now()
    await join_quest(call.database, known, _member(call), call.path["code"], at)
    return await read_progress(call.database, known, _member(call), _language(call, known), at, codes=False)


@calls("PUT", "/v1/members/{id}/nickname", scopes="issuer manage", body=NewNickname, answer=Progress)
async def nickname(call: Call[NewNickname, Any]) -> Progress:
    """The member is shown on boards under this name from now on. It may not be a phone number or an address."""
    known, at = await call.known(), await call.now()
    await put_nickname(call.database, known, _member(call), call.body.nickname, at)
    return await read_progress(call.database, known, _member(call), _language(call, known), at, codes=False)


@calls("DELETE", "/v1/members/{id}/nickname", scopes="issuer manage", answer=Progress)
async def no_nickname(call: Call[Any, Any]) -> Progress:
    """The member is shown on no board any more; done again it changes nothing."""
    known, at = await call.known(), await call.now()
    await put_nickname(call.database, known, _member(call), None, at)
    return await read_progress(call.database, known, _member(call), _language(call, known), at, codes=False)


@calls("GET", "/v1/badges", scopes="till issuer manage read", answer=Badges, items_by="code")
async def every_badge(call: Call[Any, Any]) -> Badges:
    """The badges of the program, by code, with how many members have each."""
    return await list_badges(call.database, call.caller.program)


@calls("PUT", "/v1/badges/{code}", scopes="manage", body=BadgeDocument, answer=BadgeView)
async def change_badge(call: Call[BadgeDocument, Any]) -> BadgeView:
    """Make a badge, or change what it shows and says; the same document again changes nothing."""
    code, by = call.path["code"], call.caller.by
    return await put_badge(call.database, call.caller.program, code, call.body, by, await call.now())


@calls("POST", "/v1/members/{id}/badges", scopes="manage", body=GivingBadge, answer=GivenBadge, status=201)
async def hand_badge(call: Call[GivingBadge, Any]) -> Answer:
    """Give a member a badge by hand; whoever has it keeps it."""
    known = await call.known()
    request = await call.request()
    return await give_badge(call.database, known.program, request, _member(call), call.body, call.caller.by)


@calls("DELETE", "/v1/members/{id}/badges/{code}", scopes="manage", query=WhyQuery, answer=Progress)
async def no_badge(call: Call[Any, WhyQuery]) -> Progress:
    """Take a badge from a member; done again it changes nothing."""
    known, at = await call.known(), await call.now()
    await take_badge(call.database, known.program, _member(call), call.path["code"], at, call.query.reason)
    return await read_progress(call.database, known, _member(call), _language(call, known), at, codes=False)


def _language(call: Call[Any, Any], known: Known) -> str:
    return words.chosen(known.program.languages, call.language, "")


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")
