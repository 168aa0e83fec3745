"""The calls about quizzes and surveys: what there is, answering once, and what was answered."""

from __future__ import annotations

from typing import Any

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows import surveys, words
from regulars.flows.ladders import CODE
from regulars.flows.surveys import AnsweredView, NewAnswers, OpenSurveys, Results, Surveys, SurveyView
from regulars.games.surveys import Survey
from regulars.web.endpoints import Call, Endpoints, Reply, attachment

calls = Endpoints("Games")


@calls("GET", "/v1/surveys", scopes="issuer manage read", answer=Surveys, items_by="code")
async def every(call: Call[Any, Any]) -> Surveys:
    """The quizzes and surveys of the program, the latest first."""
    return await surveys.list_surveys(call.database, call.caller.program, await call.now())


@calls("GET", "/v1/surveys/{code}", scopes="issuer manage read", answer=SurveyView)
async def show(call: Call[Any, Any]) -> SurveyView:
    """A quiz or a survey by the revision that counts."""
    return await surveys.read_survey(call.database, call.caller.program, call.path["code"], await call.now())


@calls("PUT", "/v1/surveys/{code}", scopes="manage", body=Survey, answer=SurveyView)
async def put(call: Call[Survey, Any]) -> SurveyView:
    """Make a quiz or a survey, or change it by a new revision; the same document again changes nothing.

    With `anonymous` answers are kept without whose they are. What contradicts itself is `422
    contradictory_configuration`, with a sentence for each place.
    """
    code = call.path["code"]
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")
    return await surveys.put_survey(
        call.database, call.caller.program, code, call.body, call.caller.by, await call.now()
    )


@calls("POST", "/v1/surveys/{code}/stop", scopes="manage", answer=SurveyView)
async def stop(call: Call[Any, Any]) -> SurveyView:
    """Nobody answers it from now on; what was answered stays."""
    return await surveys.stop_survey(call.database, call.caller.program, call.path["code"], await call.now())


@calls("POST", "/v1/surveys/{code}/resume", scopes="manage", answer=SurveyView)
async def resume(call: Call[Any, Any]) -> SurveyView:
    """A stopped survey is answered again."""
    return await surveys.stop_survey(
        call.database, call.caller.program, call.path["code"], await call.now(), stops=False
    )


@calls("GET", "/v1/surveys/{code}/results", scopes="manage read", answer=Results)
async def results(call: Call[Any, Any]) -> Results:
    """How often each answer was given, and the texts of the latest 500; nobody is named."""
    vault = (await call.known()).vault
    return await surveys.read_results(call.database, vault, call.path["code"], await call.now())


@calls("GET", "/v1/surveys/{code}/results.csv", scopes="manage read", answer=None, media_type="text/csv")
async def results_csv(call: Call[Any, Any]) -> Reply:
    """Every answer as a line, without whose it is: its day, and a column for each question."""
    text = await surveys.results_csv(call.database, (await call.known()).vault, call.path["code"])
    return attachment("answers.csv", text.encode("utf-8-sig"), "text/csv")


@calls(
    "GET", "/v1/members/{id}/surveys", scopes="till issuer manage read", answer=OpenSurveys, items_by="code"
)
async def of_member(call: Call[Any, Any]) -> OpenSurveys:
    """The quizzes and surveys that are open for a member, and whether she has answered."""
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    language = words.chosen(known.program.languages, call.language, "")
    return await surveys.open_surveys(call.database, known, member, language, await call.now())


@calls(
    "POST",
    "/v1/members/{id}/answers",
    scopes="issuer manage",
    body=NewAnswers,
    answer=AnsweredView,
    status=201,
)
async def answer(call: Call[NewAnswers, Any]) -> Answer:
    """Answer for the member, once: `409 already_answered` afterwards. A prize is given in the same transaction.

    Of a quiz the answer says how many were right. Each answer at fault is named: `422 invalid_value`.
    """
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    return await surveys.answer_survey(
        call.database, known, await call.request(), member, call.body, call.caller.by
    )
