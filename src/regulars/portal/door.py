"""The way into the portal: what the program gives, logging in, and what a new member tells of herself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from msgspec import UNSET

from regulars.errors import Unprocessable
from regulars.flows.change_member import MemberChange, change_member
from regulars.flows.consent_wordings import list_wordings
from regulars.flows.questionnaires import read_questionnaire
from regulars.members.referrals import CODE_LETTERS, normal
from regulars.portal import me, visiting
from regulars.portal.answers import PLACE, answers_of, shown
from regulars.portal.described import member_program
from regulars.portal.visiting import Guest, Member
from regulars.promotions import wording
from regulars.promotions.index import Promotion
from regulars.web import pages

HttpRequest = Request[Any, Any, Any]
SHOWN_MAX = 8
_OWN_PAGE = re.compile(r"/portal/[a-z0-9-]+/[A-Za-z0-9/_-]*(\?[A-Za-z0-9/_=&.%~+-]*)?")


@get("/portal/{slug:str}/sign-in", include_in_schema=False)
async def sign_in(request: HttpRequest) -> Response[Any]:
    """A phone number or email, then the code; or a passkey."""
    found = await visiting.guest(request)
    if found.visitor is not None:
        return visiting.back(found, _wanted(request, found))
    database = request.app.state.database
    wordings = await list_wordings(database, found.program, "", me.WORDINGS_MAX)
    questions = await read_questionnaire(database, found.program.id, PLACE)
    return visiting.show(
        request,
        found,
        "sign_in",
        after=_wanted(request, found),
        asked=me.switches(found, (), wordings.items),
        questions=shown(found, [one for one in questions.questions if one.required], {}),
        referral=normal(request.query_params.get("ref", "")[:40])[:CODE_LETTERS],
        tag=tag_of(request),
    )


@get("/portal/{slug:str}/about", include_in_schema=False)
async def about(request: HttpRequest) -> Response[Any]:
    """What the program gives, for people and (as schema.org data) for search engines."""
    found = await visiting.guest(request)
    promotions = _open_to_all(found)
    described = member_program(found, str(request.base_url).rstrip("/"), promotions)
    return visiting.show(
        request,
        found,
        "about",
        gives=_gives(found, promotions),
        way_in=way_in(found, tag=tag_of(request)),
        stores=sorted(
            (store.name for store in found.program.stores.values()), key=found.language.sorting_key
        ),
        described=pages.script_data(described),
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
    return await _welcome_page(request, found, {}, frozenset())


@post("/portal/{slug:str}/welcome", status_code=303, include_in_schema=False)
async def tell(request: HttpRequest) -> Response[Any]:
    """Keep it; what is at fault is asked again."""
    found, form = await visiting.writing(request)
    state = request.app.state
    asked = await read_questionnaire(state.database, found.program.id, PLACE)
    try:
        change = visiting.checked(
            MemberChange(
                name=form.get("name", "").strip() or UNSET,
                birthday=date.fromisoformat(form["birthday"]) if form.get("birthday") else UNSET,
                attributes=await answers_of(request, asked.questions) or UNSET,
            )
        )
        await change_member(
            visiting.database(request, found), found.program, found.known.vault, me.caller(found), found.id, change,
            at=found.now,
        )  # fmt: skip
    except (Unprocessable, ValueError) as error:
        return await _welcome_page(request, found, form, visiting.fields_at_fault(error))
    return visiting.back(found, _own_page(found, form.get("next", "")))


def tag_of(request: HttpRequest) -> str:
    """What brought her, by the address's `tag`: a campaign, a shop window. What no tag can be is left out."""
    text = request.query_params.get("tag", "").strip()
    return text if len(text) <= visiting.TAG_MAX and text.isprintable() else ""


def way_in(found: Guest, **query: str) -> str:
    """The address of the log-in with what is to be kept of this one."""
    named = {name: text for name, text in query.items() if text}
    return f"{found.home}/sign-in{'?' if named else ''}{urlencode(named)}"


def _open_to_all(found: Guest) -> list[Promotion]:
    """The promotions that anybody may hear of: no offer to chosen members, and none that is over."""
    now = found.now.astimezone(found.zone).replace(tzinfo=None)
    offers = found.known.live.offers
    return [
        one
        for one in found.known.live.promotions
        if one.id not in offers and (one.until is None or one.until > now)
    ]


def _gives(found: Guest, promotions: Sequence[Promotion]) -> list[dict[str, str]]:
    """What they give and when, in words."""
    words = found.known.words[found.language.code]
    money = found.program.base_currency
    return [
        {
            "name": promotion.name(found.language.code),
            "gives": wording.benefits_text(promotion.benefits, words, money),
            "when": wording.conditions_text(promotion.conditions, words, money),
        }
        for promotion in promotions[:SHOWN_MAX]
    ]


def _own_page(found: Guest, wanted: str) -> str:
    """What was wanted, if it is one of the program's pages, below their beginning; else the first of them."""
    inside = wanted.startswith(f"{found.home}/") and _OWN_PAGE.fullmatch(wanted)
    return wanted.removeprefix(found.home) if inside else "/"


def _wanted(request: HttpRequest, found: Guest) -> str:
    """The page that somebody came for before she had to log in."""
    return _own_page(found, request.query_params.get("next", ""))


async def _welcome_page(
    request: HttpRequest, found: Member, form: dict[str, str], faults: frozenset[str]
) -> Response[Any]:
    """What was sent is asked again; at first, what she told already stands in it."""
    asked = await read_questionnaire(request.app.state.database, found.program.id, PLACE)
    person = (await me.read_own(request, found)).person
    answers = await answers_of(request, asked.questions) if form else person.attributes
    return visiting.show(
        request,
        found,
        "welcome",
        tab="card",
        status=422 if faults else 200,
        form=form
        or {"name": person.name, "birthday": person.birthday.isoformat() if person.birthday else ""},
        faults=faults,
        questions=shown(found, asked.questions, answers),
        today=found.now.astimezone(found.zone).date(),
        after=_own_page(found, form.get("next", "")) if form else _wanted(request, found),
    )


routes: list[Any] = [sign_in, about, offline, welcome, tell]
