"""The way into the portal: what the program gives, logging in, and what a new member tells of herself."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from msgspec import UNSET

from regulars.errors import Unprocessable
from regulars.flows.change_member import MemberChange, change_member
from regulars.flows.consent_wordings import list_wordings
from regulars.flows.questionnaires import read_questionnaire
from regulars.members import questionnaire
from regulars.members.questionnaire import Question
from regulars.members.referrals import CODE_LETTERS, normal
from regulars.portal import me, visiting
from regulars.portal.visiting import Guest, Member
from regulars.promotions import wording
from regulars.web import forms, pages

HttpRequest = Request[Any, Any, Any]
PLACE = "web"
SHOWN_MAX = 8
_OWN_PAGE = re.compile(r"/portal/[a-z0-9-]+/[A-Za-z0-9/_-]*(\?[A-Za-z0-9/_=&.%~+-]*)?")


@get("/portal/{slug:str}/sign-in", include_in_schema=False)
async def sign_in(request: HttpRequest) -> Response[Any]:
    """A phone number or email, then the code; or a passkey."""
    found = await visiting.guest(request)
    if found.visitor is not None:
        return visiting.back(found, _wanted(request, found))
    wordings = await list_wordings(request.app.state.database, found.program, "", me.WORDINGS_MAX)
    return visiting.show(
        request,
        found,
        "sign_in",
        after=_wanted(request, found),
        asked=me.switches(found, (), wordings.items),
        referral=normal(request.query_params.get("ref", "")[:40])[:CODE_LETTERS],
    )


@get("/portal/{slug:str}/about", include_in_schema=False)
async def about(request: HttpRequest) -> Response[Any]:
    """What the program gives, for people and (as schema.org data) for search engines."""
    found = await visiting.guest(request)
    gives = _gives(found)
    return visiting.show(
        request,
        found,
        "about",
        gives=gives,
        stores=sorted(
            (store.name for store in found.program.stores.values()), key=found.language.sorting_key
        ),
        described=pages.script_data(member_program(found, str(request.base_url).rstrip("/"), gives)),
    )


@get("/portal/{slug:str}/offline", include_in_schema=False)
async def offline(request: HttpRequest) -> Response[Any]:
    """What the app shows without a network for a page that it does not have; the same for everybody."""
    found = await visiting.guest(request)
    nobody = Guest(found.known, found.now, found.language, None)
    return visiting.show(request, nobody, "offline")


@get("/portal/{slug:str}/welcome", include_in_schema=False)
async def welcome(request: HttpRequest) -> Response[Any]:
    """What a new member tells of herself."""
    found = await visiting.member(request)
    return await _welcome_page(request, found, {}, frozenset(), {})


@post("/portal/{slug:str}/welcome", status_code=303, include_in_schema=False)
async def tell(request: HttpRequest) -> Response[Any]:
    """Keep it; what is at fault is asked again."""
    found, form = await visiting.writing(request)
    state = request.app.state
    asked = await read_questionnaire(state.database, found.program.id, PLACE)
    try:
        answers = answers_of(asked.questions, form, await _several(request, asked.questions))
        change = visiting.checked(
            MemberChange(
                name=form.get("name", "").strip() or UNSET,
                birthday=date.fromisoformat(form["birthday"]) if form.get("birthday") else UNSET,
                attributes=answers or UNSET,
            )
        )
        faults = questionnaire.faults_of_answers(
            questionnaire.Questionnaire(asked.questions, "allowed"), answers, PLACE
        )
        if faults:
            raise Unprocessable("Some answers are missing.", errors=faults)
        await change_member(
            visiting.database(request, found), found.program, found.known.vault, me.caller(found), found.id, change,
            at=found.now,
        )  # fmt: skip
    except (Unprocessable, ValueError) as error:
        several = await _several(request, asked.questions)
        return await _welcome_page(request, found, form, visiting.fields_at_fault(error), several)
    return visiting.back(found, _own_page(found, form.get("next", "")))


def answers_of(
    questions: tuple[Question, ...], form: dict[str, str], several: dict[str, list[str]]
) -> dict[str, Any]:
    """The form's answers as attributes. Raises ValueError for a number that is none."""
    answers: dict[str, Any] = {}
    for question in questions:
        text = form.get(f"q-{question.code}", "").strip()
        if question.kind == "several_of":
            text = questionnaire.SEPARATOR.join(several.get(question.code, []))
        if text:
            answers[question.code] = {"number": int, "yes_no": "1".__eq__}.get(question.kind, str)(text)
    return answers


def member_program(found: Guest, site: str, gives: list[dict[str, str]]) -> dict[str, Any]:
    """The program as schema.org's MemberProgram."""
    points = found.program.points
    tier: dict[str, Any] = {
        "@type": "MemberProgramTier",
        "@id": f"{site}{found.home}/about#member",
        "name": found.language.gettext("Member"),
        "hasTierBenefit": ["https://schema.org/TierBenefitLoyaltyPoints"],
    }
    if gives:
        tier["description"] = " ".join(f"{one['name']}: {one['gives']}." for one in gives)
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MemberProgram",
        "name": found.program.name,
        "url": f"{site}{found.home}/about",
        "description": found.language.gettext("The loyalty program of {program}.").format(
            program=found.program.name
        ),
        "hostingOrganization": {"@type": "Organization", "name": found.program.name},
        "hasTiers": [tier],
    }
    if points is not None:
        tier["membershipPointsEarned"] = {
            "@type": "QuantitativeValue",
            "unitText": found.language.points_name(2, points.names),
        }
    return document


def _gives(found: Guest) -> list[dict[str, str]]:
    """What everybody gets: promotions without a condition that only some meet, in words."""
    words = found.known.words[found.language.code]
    money = found.program.base_currency
    shown = [
        {
            "name": promotion.name(found.language.code),
            "gives": wording.benefits_text(promotion.benefits, words, money),
            "when": wording.conditions_text(promotion.conditions, words, money),
        }
        for promotion in found.known.live.promotions
        if promotion.id not in found.known.live.offers
        and (
            promotion.until is None or promotion.until > found.now.astimezone(found.zone).replace(tzinfo=None)
        )
    ]
    return shown[:SHOWN_MAX]


def _own_page(found: Guest, wanted: str) -> str:
    """What was wanted, if it is one of the program's pages, below their beginning; else the first of them."""
    inside = wanted.startswith(f"{found.home}/") and _OWN_PAGE.fullmatch(wanted)
    return wanted.removeprefix(found.home) if inside else "/"


def _wanted(request: HttpRequest, found: Guest) -> str:
    """The page that somebody came for before she had to log in."""
    return _own_page(found, request.query_params.get("next", ""))


async def _welcome_page(
    request: HttpRequest,
    found: Member,
    form: dict[str, str],
    faults: frozenset[str],
    several: dict[str, list[str]],
) -> Response[Any]:
    asked = await read_questionnaire(request.app.state.database, found.program.id, PLACE)
    spoken = (found.language.code, found.program.languages)
    questions = [questionnaire.in_language(question, *spoken) for question in asked.questions]
    return visiting.show(
        request,
        found,
        "welcome",
        tab="card",
        status=422 if faults else 200,
        form=form,
        faults=faults,
        questions=questions,
        several=several,
        today=found.now.astimezone(found.zone).date(),
        after=_own_page(found, form.get("next", "")) if form else _wanted(request, found),
    )


async def _several(request: HttpRequest, questions: tuple[Question, ...]) -> dict[str, list[str]]:
    form = await forms.read(request)
    return {
        q.code: [str(v) for v in form.getall(f"q-{q.code}", [])] for q in questions if q.kind == "several_of"
    }


routes: list[Any] = [sign_in, about, offline, welcome, tell]
