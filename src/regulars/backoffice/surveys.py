"""The pages of quizzes and surveys: the list, a form, what was answered – counted, read and as a file – and stop."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response

from regulars.backoffice import desk, game_forms
from regulars.backoffice.games import STATUS
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.surveys import (
    SurveyView,
    list_surveys,
    put_survey,
    read_results,
    read_survey,
    results_csv,
    stop_survey,
)
from regulars.games.surveys import QUESTIONS_MAX, SCALE, Question, Survey
from regulars.i18n import N_
from regulars.units import divide_half_up

pages = Pages()
SPARE_ROWS = 2
KINDS = (
    ("choice", N_("one answer")),
    ("several", N_("several answers")),
    ("number", N_("a number from 0 to 10")),
    ("text", N_("a text")),
)
SORTS = (("survey", N_("a survey")), ("quiz", N_("a quiz")))
ANSWERED = (N_("can be answered"), "good")


@pages.get("/engagement/surveys", needs="engagement.read")
async def surveys(visit: Visit) -> Response[Any]:
    """The quizzes and surveys, the latest first."""
    found = await list_surveys(visit.database, visit.program.id, await visit.now())
    return visit.page(
        "surveys",
        items=[(one, visit.said(one.document["names"]), _status(one)) for one in found.items],
        sorts=dict(SORTS),
    )


@pages.get("/engagement/surveys/new", needs="engagement.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new survey."""
    return await _form(visit, None)


@pages.post("/engagement/surveys/new", needs="engagement.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Publish it."""
    return await _save(visit, visit.form("code"))


@pages.get("/engagement/surveys/{code}", needs="engagement.read")
async def survey(visit: Visit) -> Response[Any]:
    """What was answered."""
    found = await read_results(visit.database, visit.known.vault, visit.path["code"], await visit.now())
    document = msgspec.convert(found.survey.document, Survey)
    return visit.page(
        "survey",
        one=found.survey,
        document=document,
        heading=visit.said(document.names),
        stands=_status(found.survey),
        questions=[_counted(visit, each, found.counts.get(each.code, {})) for each in document.questions],
        texts=found.texts,
        named={each.code: visit.said(each.texts) for each in document.questions},
        sorts=dict(SORTS),
    )


@pages.get("/engagement/surveys/{code}/answers.csv", needs="engagement.read")
async def answers(visit: Visit) -> Response[Any]:
    """Every answer as a line, without whose it is."""
    text = await results_csv(visit.database, visit.known.vault, visit.path["code"])
    return visit.file("answers.csv", "\ufeff" + text, "text/csv")


@pages.get("/engagement/surveys/{code}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a survey that is there."""
    return await _form(
        visit, await read_survey(visit.database, visit.program.id, visit.path["code"], await visit.now())
    )


@pages.post("/engagement/surveys/{code}/edit", needs="engagement.write", again=edit)
async def change(visit: Visit) -> Response[Any]:
    """Publish the next revision. Raises NotFound."""
    before = await read_survey(visit.database, visit.program.id, visit.path["code"], await visit.now())
    return await _save(visit, before.code, msgspec.convert(before.document, Survey))


@pages.post("/engagement/surveys/{code}/stop", needs="engagement.write", again=survey)
async def stop(visit: Visit) -> Response[Any]:
    """Stop it, or let it be answered again."""
    code, resumes = visit.path["code"], bool(visit.form("resume"))
    await stop_survey(visit.database, visit.program.id, code, await visit.now(), stops=not resumes)
    said = N_("It can be answered again.") if resumes else N_("Nobody answers it from now on.")
    return visit.to(f"/engagement/surveys/{code}", done=visit.language.gettext(said))


async def _save(visit: Visit, code: str, before: Survey | None = None) -> Response[Any]:
    game_forms.require_code(code)
    document = visit.read(Survey, _sent(visit, before))
    await put_survey(visit.database, visit.program.id, code, document, visit.by, await visit.now())
    return visit.to(f"/engagement/surveys/{code}", done=visit.language.gettext("Saved."))


async def _form(visit: Visit, one: SurveyView | None) -> Response[Any]:
    shown = visit.form_fields() or _shown(visit, one)
    used = [n for n in range(QUESTIONS_MAX) if shown.get(f"q{n}-code")]
    language = visit.language
    return visit.page(
        "survey_form",
        one=one,
        shown=shown,
        rows=range(min(QUESTIONS_MAX, max(used, default=-1) + 1 + SPARE_ROWS)),
        languages=game_forms.languages(visit),
        prizes=await game_forms.kinds(visit, shown),
        kinds=[(code, language.gettext(name)) for code, name in KINDS],
        sorts=[(code, language.gettext(name)) for code, name in SORTS],
    )


def _shown(visit: Visit, one: SurveyView | None) -> dict[str, str]:
    if one is None:
        return {"sort": "survey", "prize-kind": "nothing"}
    survey = msgspec.convert(one.document, Survey)
    shown = {"code": one.code, "sort": survey.kind, "anonymous": "yes" if survey.anonymous else ""}
    shown |= game_forms.shown_texts("names", survey.names) | game_forms.shown_texts("texts", survey.texts)
    shown |= game_forms.shown_audience(one.document)
    shown |= {"from": game_forms.day_of(visit, survey.starts_at)}
    shown |= {"until": game_forms.day_of(visit, survey.ends_at, last=True)}
    shown |= {"least_right": str(survey.least_right or "")}
    shown |= game_forms.shown_prize("prize", survey.prize) if survey.prize else {"prize-kind": "nothing"}
    for n, question in enumerate(survey.questions):
        shown |= game_forms.shown_texts(f"q{n}-text", question.texts)
        shown |= {f"q{n}-code": question.code, f"q{n}-kind": question.kind}
        shown |= {f"q{n}-optional": "" if question.required else "yes"}
        for code in visit.program.languages:
            lines = [("*" if each.right else "") + each.names.get(code, "") for each in question.options]
            shown[f"q{n}-options-{code}"] = "\n".join(lines)
    return shown


def _sent(visit: Visit, before: Survey | None) -> dict[str, Any]:
    """What the form says, as a document; what it has no room for stays as it was. Raises InvalidValue."""
    sent: dict[str, Any] = {"kind": visit.form("sort") or "survey", "names": game_forms.texts(visit, "names")}
    sent |= {"texts": game_forms.texts(visit, "texts"), "audience": game_forms.audience(visit)}
    sent |= game_forms.days(visit, "from", "until", *((before.starts_at, before.ends_at) if before else ()))
    if before is not None and before.funder:
        sent["funder"] = before.funder
    sent["anonymous"] = visit.form("anonymous") == "yes"
    prize = game_forms.prize(visit, "prize", before.prize if before else None)
    if not prize.get("nothing"):
        sent["prize"] = prize
    if visit.form("least_right"):
        sent["least_right"] = desk.whole(visit.form("least_right"), "/least_right")
    old = {one.code: [option.code for option in one.options] for one in before.questions} if before else {}
    sent["questions"] = [_question(visit, n, old) for n in range(QUESTIONS_MAX) if visit.form(f"q{n}-code")]
    return sent


def _question(visit: Visit, n: int, old: dict[str, list[str]]) -> dict[str, Any]:
    """A question; of its answers each language has a line, in the same order, those that are right with a star.

    `old`: question → the codes that its answers had, which the same lines keep.
    """
    question: dict[str, Any] = {
        "code": visit.form(f"q{n}-code"),
        "kind": visit.form(f"q{n}-kind") or "choice",
        "texts": game_forms.texts(visit, f"q{n}-text"),
        "required": visit.form(f"q{n}-optional") != "yes",
    }
    lines = {
        code: [line.strip() for line in visit.form(f"q{n}-options-{code}").splitlines() if line.strip()]
        for code in visit.program.languages
    }
    count = max((len(found) for found in lines.values()), default=0)
    codes = old.get(question["code"], [])[:count]
    codes += [f"a{place + 1}" for place in range(len(codes), count)]
    if question["kind"] in ("choice", "several") and count:
        question["options"] = [
            {
                "code": codes[place],
                "names": {
                    code: found[place].lstrip("* ") for code, found in lines.items() if place < len(found)
                },
                "right": any(place < len(found) and found[place].startswith("*") for found in lines.values()),
            }
            for place in range(count)
        ]
    return question


def _counted(visit: Visit, question: Question, counts: dict[str, int]) -> dict[str, Any]:
    """A question with how often each answer was given, and of numbers the mean."""
    if question.kind == "number":
        rows = [(str(n), counts.get(str(n), 0)) for n in range(SCALE + 1)]
    else:
        named = [(one.code, visit.said(one.names)) for one in question.options]
        gone = [(code, code) for code in sorted(counts.keys() - {code for code, _ in named})]
        rows = [(name, counts.get(code, 0)) for code, name in [*named, *gone]]
    total = sum(counts.values())
    mean = ""
    if question.kind == "number" and total:
        tenths = divide_half_up(10 * sum(int(answer) * count for answer, count in counts.items()), total)
        mean = visit.language.number(Decimal(tenths) / 10, decimals=1)
    return {
        "text": visit.said(question.texts),
        "kind": question.kind,
        "rows": [
            (name, count, visit.language.percent(count / total) if total else "–") for name, count in rows
        ],
        "most": max([count for _, count in rows], default=0),
        "mean": mean,
    }


def _status(one: SurveyView) -> tuple[str, str]:
    return ANSWERED if one.status == "live" else STATUS[one.status]
