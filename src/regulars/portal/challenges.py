"""The member's challenges: how far she is, what they give, her badges, and the boards of the best."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows.quest_progress import (
    BoardView,
    ProgressView,
    join_quest,
    put_nickname,
    read_board,
    read_progress,
)
from regulars.games import nicknames
from regulars.games.quests import Quest
from regulars.i18n import N_
from regulars.portal import showing, visiting
from regulars.portal.visiting import Member
from regulars.portal.visits import rhythm_line
from regulars.web import quest_words

HttpRequest = Request[Any, Any, Any]
FAULTS = {
    "length": N_("A name here has 2 to 20 characters."),
    "letters": N_("A name here has letters, digits, spaces, dots and hyphens."),
    "contact": N_("Better no phone number or address: everybody could see it."),
    "word": N_("We do not show this word. Please choose another name."),
}


class StepLine(Struct, frozen=True):
    """Something on the way, in words."""

    said: str
    gives: str
    reached: bool


class QuestLine(Struct, frozen=True):
    """A challenge in words."""

    code: str
    name: str
    text: str
    icon: str
    goal: str
    state: str
    words: str
    so_far: str
    value: int
    most: int
    of: str
    gives: str
    until: str
    joinable: bool
    board: bool
    steps: tuple[StepLine, ...]


@get("/portal/{slug:str}/challenges", include_in_schema=False)
async def challenges(request: HttpRequest) -> Response[Any]:
    """What there is to do, the nearest first, her rhythm and her badges. Raises NotFound where there is nothing."""
    found = await visiting.member(request)
    seen = await read_progress(
        request.app.state.database, found.known, found.id, found.language.code, found.now, codes=False
    )
    lines = [_line(found, found.known.quests[one.code], one) for one in seen.challenges]
    return visiting.show(
        request,
        found,
        "challenges",
        tab="offers",
        going=[one for one in lines if one.state in ("open", "joinable", "upcoming")],
        over=[one for one in lines if one.state in ("done", "exhausted")],
        rhythm=await rhythm_line(request, found),
        badges=[(one, found.language.date(one.given_at, found.zone)) for one in seen.badges],
    )


@post("/portal/{slug:str}/challenges/{code:str}/join", status_code=303, include_in_schema=False)
async def join(request: HttpRequest) -> Response[Any]:
    """She takes part. Raises NotFound."""
    found, _ = await visiting.writing(request)
    try:
        await join_quest(
            visiting.database(request, found), found.known, found.id, request.path_params["code"], found.now
        )
    except StateConflict:
        return visiting.back(found, "/challenges", said="over")
    return visiting.back(found, "/challenges", said="taking_part")


@get("/portal/{slug:str}/challenges/{code:str}/board", include_in_schema=False)
async def board(request: HttpRequest) -> Response[Any]:
    """The best, and whether she is among them. Raises NotFound."""
    return await _board(request, await visiting.member(request), request.path_params["code"])


@post("/portal/{slug:str}/challenges/{code:str}/board", status_code=303, include_in_schema=False)
async def name(request: HttpRequest) -> Response[Any]:
    """She is shown under this name, or on no board any more; what is wrong with a name is said beside it."""
    found, form = await visiting.writing(request)
    code = request.path_params["code"]
    wanted = None if form.get("leave") else " ".join(form.get("nickname", "").split())[:60]
    try:
        await put_nickname(visiting.database(request, found), found.known, found.id, wanted, found.now)
    except InvalidValue:
        fault = FAULTS[nicknames.fault(wanted or "") or "letters"]
        return await _board(request, found, code, wanted or "", found.language.gettext(fault))
    return visiting.back(found, f"/challenges/{code}/board", said="saved")


async def _board(
    request: HttpRequest, found: Member, code: str, wanted: str | None = None, fault: str = ""
) -> Response[Any]:
    database, language = request.app.state.database, found.language.code
    shown: BoardView = await read_board(database, found.known, code, found.id, language, found.now)
    seen = await read_progress(database, found.known, found.id, language, found.now, codes=False)
    if all(one.code != code for one in seen.challenges):
        raise NotFound("There is no such challenge for this member.")
    quest, words = found.known.quests[code], found.known.words[language]
    amounts = [quest_words.amount(words, found.known, quest, one.reached) for one in shown.items]
    own = quest_words.amount(words, found.known, quest, shown.mine.reached) if shown.mine else ""
    return visiting.show(
        request,
        found,
        "board",
        tab="offers",
        status=422 if fault else 200,
        board=shown,
        places=list(zip(shown.items, amounts, strict=True)),
        mine=None if shown.mine is None or any(one.me for one in shown.items) else (shown.mine, own),
        nickname=seen.nickname,
        wanted=wanted if wanted is not None else seen.nickname or seen.suggested,
        fault=fault,
    )


def _line(found: Member, quest: Quest, one: ProgressView) -> QuestLine:
    words, language = found.known.words[found.language.code], found.language
    *steps, whole = one.milestones
    return QuestLine(
        code=one.code,
        name=one.name,
        text=one.text,
        icon=one.icon,
        goal=quest_words.goal(words, found.known, quest.document),
        state=one.state,
        words=quest_words.state(language, one.state),
        so_far=quest_words.so_far(words, found.known, quest, one.reached),
        value=one.reached,
        most=one.need,
        of=words.joined([_part(words, quest, key) for key in one.of]),
        gives=quest_words.gives(words, whole.prizes),
        until=_until(found, one),
        joinable=one.state == "joinable",
        board=one.leaderboard,
        steps=tuple(
            StepLine(
                quest_words.so_far(words, found.known, quest, step.at),
                quest_words.gives(words, step.prizes),
                step.reached,
            )
            for step in steps
        ),
    )


def _part(words: Any, quest: Quest, key: str) -> str:
    of = quest.document.goal.of
    if of == "stores":
        return words.store(key)
    if of == "partners":
        return words.named("partner", key)
    return words.goods({"categories": "category", "brands": "brand"}.get(of or "", "sku"), key)


def _until(found: Member, one: ProgressView) -> str:
    _ = found.language.gettext
    if one.state == "upcoming" and one.valid_from is not None:
        return _("from {day}").format(day=found.language.short_date(one.valid_from, found.zone))
    if one.days and one.state in ("open", "joinable") and not one.reached:
        # Words of its own: the "within {n} days" of a condition looks back, which other languages say.
        days = found.language.ngettext("you have {n} day", "you have {n} days", one.days)
        return days.format(n=found.language.number(one.days))
    if one.valid_until is None or one.state not in ("open", "joinable"):
        return ""
    return _("until {day}").format(day=showing.last_day(found, one.valid_until))


routes: list[Any] = [challenges, join, board, name]
