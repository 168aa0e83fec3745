"""A quiz or a survey on the member's phone: its questions, and what came of answering them."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import Conflict, NotFound, Problem, Unprocessable
from regulars.flows.surveys import (
    AnsweredView,
    NewAnswers,
    OpenSurvey,
    answer_survey,
    open_surveys,
    read_survey,
)
from regulars.games.surveys import SCALE, Given, Question, Survey
from regulars.i18n import N_
from regulars.portal import showing, visiting
from regulars.portal.games import CODE_MAX, FAULTS
from regulars.portal.visiting import Member
from regulars.web import forms

HttpRequest = Request[Any, Any, Any]
UNANSWERED: tuple[str, ...] = (
    N_("is not answered"),
    N_("is a text of at most 500 characters"),
    N_("is a number from 0 to 10"),
    N_("is not one of the answers"),
)


class QuestionLine(Struct, frozen=True):
    """A question in words."""

    code: str
    kind: str
    text: str
    options: tuple[tuple[str, str], ...]
    required: bool
    given: tuple[str, ...]
    fault: str


@get("/portal/{slug:str}/surveys/{code:str}", include_in_schema=False)
async def survey(request: HttpRequest) -> Response[Any]:
    """Its questions, or a word of thanks to who has answered. Raises NotFound."""
    found = await visiting.member(request)
    return await _page(request, found)


@post("/portal/{slug:str}/surveys/{code:str}", status_code=200, include_in_schema=False)
async def answer(request: HttpRequest) -> Response[Any]:
    """Answer it: what came of it stands on the page at once."""
    found = await visiting.member(request)
    form = await forms.read(request)
    found, plain = await visiting.writing(request)
    code = request.path_params["code"][:CODE_MAX]
    shown = await read_survey(request.app.state.database, found.program.id, code, found.now)
    document = msgspec.convert(shown.document, Survey)
    sent = {
        question.code: [str(one) for one in form.getall(question.code, [])] for question in document.questions
    }
    answers = {
        one.code: given for one in document.questions if (given := _given(one, sent[one.code])) is not None
    }
    try:
        new = visiting.checked(NewAnswers(code, answers))
        write = visiting.form_key(found, f"answers/{code}", plain, msgspec.to_builtins(new))
        by = f"member {ids.show('mem', found.id)}"
        result = await answer_survey(visiting.database(request, found), found.known, write, found.id, new, by)
    except (Conflict, Unprocessable) as problem:
        return await _page(request, found, sent, problem)
    return await _page(request, found, done=msgspec.json.decode(result.body, type=AnsweredView))


async def _page(
    request: HttpRequest,
    found: Member,
    sent: dict[str, list[str]] | None = None,
    problem: Problem | None = None,
    done: AnsweredView | None = None,
) -> Response[Any]:
    database, code = request.app.state.database, request.path_params["code"][:CODE_MAX]
    listed = await open_surveys(database, found.known, found.id, found.language.code, found.now)
    one = next((each for each in listed.items if each.code == code), None)
    if one is None and done is None:
        raise NotFound("There is no such survey.")
    shown = await read_survey(database, found.program.id, code, found.now)
    document = msgspec.convert(shown.document, Survey)
    faults = {fault.pointer.rpartition("/")[2]: fault.detail for fault in problem.errors} if problem else {}
    said = ""
    if problem is not None:
        said = found.language.gettext(FAULTS.get(problem.code, N_("Please look at what is marked.")))
    return visiting.show(
        request,
        found,
        "survey",
        tab="offers",
        status=200 if problem is None else problem.status,
        code=code,
        one=one,
        heading=found.said(document.names),
        text=found.said(document.texts),
        questions=[
            _line(found, each, (sent or {}).get(each.code, []), faults) for each in document.questions
        ],
        scale=range(SCALE + 1),
        anonymous=document.anonymous,
        reward=_prize(found, one.prize if one else None),
        answered=bool(done or (one and one.answered_at)),
        score=_score(found, one, done, document),
        got=_prize(found, done.prize) if done else "",
        voucher=done.voucher if done else None,
        qr=showing.code("qr", done.voucher) if done and done.voucher else "",
        fault=said,
        nonce=secrets.token_hex(8),
    )


def _line(found: Member, question: Question, given: list[str], faults: dict[str, str]) -> QuestionLine:
    language = found.language
    return QuestionLine(
        question.code,
        question.kind,
        found.said(question.texts),
        tuple((one.code, found.said(one.names)) for one in question.options),
        question.required,
        tuple(given),
        language.gettext(faults[question.code]) if question.code in faults else "",
    )


def _given(question: Question, sent: list[str]) -> Given | None:
    """What the form says, as an answer."""
    values = [one for one in sent if one]
    if not values:
        return None
    if question.kind == "several":
        return tuple(values)
    if question.kind == "number" and values[0].isascii() and values[0].isdigit():
        return int(values[0][:3])
    return values[0]


def _score(found: Member, one: OpenSurvey | None, done: AnsweredView | None, document: Survey) -> str:
    score = done.score if done else one.score if one else None
    if score is None:
        return ""
    said = found.language.gettext("{n} of {all} right")
    return said.format(n=found.language.number(score), all=found.language.number(document.asked))


def _prize(found: Member, prize: dict[str, Any] | None) -> str:
    """A prize in words; empty: there is none."""
    if not prize or prize.get("nothing"):
        return ""
    points = prize.get("points")
    if points:
        return showing.points_text(found, points["currency"], points["amount"])
    return (
        found.language.gettext("a voucher") if prize.get("voucher") else found.language.gettext("a present")
    )


routes: list[Any] = [survey, answer]
