"""The member's own pages: who she is to the program, her language, and what she agreed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from msgspec import UNSET, Struct
from msgspec.structs import replace

from regulars import i18n, ids
from regulars.errors import Unprocessable
from regulars.flows.accounts import read_own_account
from regulars.flows.change_member import MemberChange, change_member
from regulars.flows.confirm_again import SOURCE
from regulars.flows.consent_wordings import WordingView, list_wordings
from regulars.flows.questionnaires import read_questionnaire
from regulars.flows.read_member import read_profile
from regulars.flows.record_consent import NewConsent, SaidView, read_consents, record_consent
from regulars.i18n import N_
from regulars.members.questionnaire import Question
from regulars.members.reading import Profile
from regulars.portal import visiting
from regulars.portal.answers import PLACE, answers_of, shown
from regulars.portal.visiting import Guest, Member
from regulars.programs.model import Caller
from regulars.units import whole_of
from regulars.web import pages
from regulars.web.consent_words import channel_text, purpose_text

HttpRequest = Request[Any, Any, Any]
WORDINGS_MAX = 200
TEXT_MAX = 200

EMAIL_CHANGED = N_("ended, for the email changed")


class Switch(Struct, frozen=True):
    """A consent as the page shows it: a channel for a purpose, what it says, and how it stands."""

    channel: str
    purpose: str
    words: str
    about: str
    text: str
    wording: str
    version: int | None
    language: str
    """Of the text that is shown: the program's first where the wording lacks the page's."""
    on: bool
    pending: bool
    since: str


@get("/portal/{slug:str}/me", include_in_schema=False)
async def me(request: HttpRequest) -> Response[Any]:
    """Where everything about her is found."""
    found = await visiting.member(request)
    profile = await read_own(request, found)
    state = request.app.state
    own = await read_own_account(state.database, found.program, found.known.vault, found.id, found.now)
    return visiting.show(
        request,
        found,
        "me",
        tab="me",
        who=profile,
        initials=initials(profile.person.name),
        company=own.account is not None and own.account.kind == "company",
    )


@get("/portal/{slug:str}/me/profile", include_in_schema=False)
async def profile(request: HttpRequest) -> Response[Any]:
    """Name, birthday, language; the phone and email that find her."""
    found = await visiting.member(request)
    return await _profile_page(request, found, await read_own(request, found))


@post("/portal/{slug:str}/me/profile", status_code=303, include_in_schema=False)
async def save_profile(request: HttpRequest) -> Response[Any]:
    """Change name, birthday, language and what she answered."""
    found, form = await visiting.writing(request)
    known = await read_own(request, found)
    questions = await _questions(request, found, known)
    try:
        told = await answers_of(request, questions)
        change = visiting.checked(
            MemberChange(
                name=form.get("name", "").strip()[:TEXT_MAX],
                birthday=date.fromisoformat(form["birthday"]) if form.get("birthday") else None,
                language=form.get("language") or UNSET,
                # What she never answered is not asked for here, required or not; an answer is taken away by None.
                attributes={
                    code: answer
                    for code, answer in told.items()
                    if answer is not None or code in known.person.attributes
                }
                or UNSET,
            )
        )
        await change_member(
            visiting.database(request, found),
            found.program,
            found.known.vault,
            caller(found),
            found.id,
            change,
            at=found.now,
        )
    except (Unprocessable, ValueError) as error:
        return await _profile_page(request, found, known, faults=visiting.fields_at_fault(error), form=form)
    spoken = form.get("language", "")
    cookies = [pages.language_cookie(request, spoken)] if spoken in i18n.COMPLETE else []
    return visiting.back(found, "/me/profile", said="saved", cookies=cookies)


@get("/portal/{slug:str}/me/consents", include_in_schema=False)
async def consents(request: HttpRequest) -> Response[Any]:
    """What may be sent to her, and why: a switch each."""
    found = await visiting.member(request)
    database = request.app.state.database
    said = await read_consents(database, found.program, found.id)
    wordings = await list_wordings(database, found.program, "", WORDINGS_MAX)
    return visiting.show(
        request,
        found,
        "consents",
        tab="me",
        switches=switches(found, said.now, wordings.items),
        history=[_said(found, one) for one in said.history[:50]],
        nonce=ids.show("cns", ids.new()),
    )


@post("/portal/{slug:str}/me/consents", status_code=303, include_in_schema=False)
async def choose(request: HttpRequest) -> Response[Any]:
    """Agree, or no longer: one tap. Raises Unprocessable for what the page does not offer."""
    found, form = await visiting.writing(request)
    granted = form.get("granted") == "1"
    new = visiting.read(
        NewConsent,
        channel=form.get("channel", ""),
        purpose=form.get("purpose", ""),
        granted=granted,
        wording=form.get("wording") or None,
        wording_version=whole_of(form.get("version", "")) if form.get("wording") else None,
        wording_language=(form.get("language") or None) if form.get("wording") else None,
        source="web",
    )
    state = request.app.state
    write = visiting.form_key(found, "consent", form, form)
    await record_consent(
        state.database, found.program, found.known.vault, write, found.id, new,
        by=ids.show("ses", found.visitor.session.id),
    )  # fmt: skip
    state.post_office.send(found.program.id)
    if not granted:
        return visiting.back(found, "/me/consents", said="withdrawn")
    waits = new.channel == "email" and found.program.settings.double_opt_in
    return visiting.back(found, "/me/consents", said="confirm" if waits else "agreed")


def switches(found: Guest, now: tuple[SaidView, ...], wordings: tuple[WordingView, ...]) -> list[Switch]:
    """One for each channel and purpose that is asked for or was ever answered."""
    newest: dict[str, WordingView] = {}
    for wording in wordings:
        if wording.code not in newest or newest[wording.code].version < wording.version:
            newest[wording.code] = wording
    asked = {(channel, w.purpose): w for w in newest.values() for channel in w.channels}
    stands = {(one.channel, one.purpose): one for one in now}
    return [
        _switch(found, key, asked.get(key), stands.get(key))
        for key in sorted({*asked, *stands}, key=lambda key: (key[1], key[0]))
    ]


def _switch(found: Guest, key: tuple[str, str], asked: WordingView | None, said: SaidView | None) -> Switch:
    channel, purpose = key
    texts = asked.texts if asked else {}
    spoken = found.language.code if found.language.code in texts else found.program.languages[0]
    return Switch(
        channel=channel,
        purpose=purpose,
        words=channel_text(found.language, channel),
        about=purpose_text(found.language, purpose),
        text=texts.get(spoken, ""),
        wording=asked.code if asked else "",
        version=asked.version if asked else None,
        language=spoken,
        on=said is not None and said.state == "granted",
        pending=said is not None and said.state == "pending",
        since=found.language.short_date(said.recorded_at, found.zone) if said else "",
    )


def _said(found: Member, one: SaidView) -> dict[str, str]:
    _ = found.language.gettext
    return {
        "what": f"{channel_text(found.language, one.channel)} · {purpose_text(found.language, one.purpose)}",
        "how": _(EMAIL_CHANGED) if one.source == SOURCE else _("agreed") if one.granted else _("withdrawn"),
        "when": found.language.moment(one.recorded_at, found.zone),
    }


def initials(name: str) -> str:
    """Two letters at the most; remarks in brackets are no name."""
    parts = [part for part in name.split("(")[0].split() if part[:1].isalpha()]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


def caller(found: Member) -> Caller:
    """The member as one who changes herself: she sees nothing of others."""
    return Caller(found.program.id, found.id, frozenset(), name="member")


async def read_own(request: HttpRequest, found: Member) -> Profile:
    """Who she is. Raises NotFound."""
    return await read_profile(request.app.state.database, found.program, found.known.vault, found.id)


async def _questions(request: HttpRequest, found: Member, known: Profile) -> list[Question]:
    """What is asked on the web, and what she answered elsewhere."""
    asked = await read_questionnaire(request.app.state.database, found.program.id)
    return [one for one in asked.questions if PLACE in one.asked_at or one.code in known.person.attributes]


async def _profile_page(
    request: HttpRequest,
    found: Member,
    known: Profile,
    *,
    faults: frozenset[str] = frozenset(),
    form: dict[str, str] | None = None,
) -> Response[Any]:
    person = known.person
    questions = await _questions(request, found, known)
    answers = await answers_of(request, questions) if form else person.attributes
    given = {
        "name": person.name,
        "birthday": person.birthday.isoformat() if person.birthday else "",
        "language": known.language,
    } | (form or {})
    return visiting.show(
        request,
        found,
        "profile",
        tab="me",
        status=422 if faults else 200,
        who=known,
        form=given,
        faults=faults,
        questions=shown(
            found,
            [replace(one, required=one.required and one.code in person.attributes) for one in questions],
            answers,
        ),
        spoken=[(code, i18n.OWN_NAMES.get(code, code)) for code in found.program.languages],
        today=found.now.astimezone(found.zone).date(),
    )


routes: list[Any] = [me, profile, save_profile, consents, choose]
