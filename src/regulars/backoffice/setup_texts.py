"""The words that members read: names of codes, what they agree to, and what they are asked."""

from __future__ import annotations

from itertools import count
from typing import Any

import msgspec
from litestar import Response
from markupsafe import Markup

from regulars import i18n
from regulars.backoffice.office import Pages
from regulars.backoffice.setup_program import change_settings
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_setup import CHANNELS, PLACES, QUESTION_KINDS
from regulars.errors import InvalidValue
from regulars.flows.consent_wordings import NewWording, WordingView, enter_wording, list_wordings
from regulars.flows.questionnaires import put_questionnaire, read_questionnaire
from regulars.i18n import N_, OWN_NAMES
from regulars.members import questionnaire
from regulars.members.questionnaire import Question, Questionnaire
from regulars.web import pages as rendering

pages = Pages()
WORDINGS_MAX = 100
QUESTIONS_MAX = 50
BLANK_NAMES = 3
NAMED: dict[str, str] = {
    "tier": N_("Tier"),
    "club": N_("Club"),
    "audience": N_("Audience"),
    "group": N_("Group of stores"),
    "channel": N_("Channel of sale"),
    "payment": N_("Way of paying"),
}
"""What has a code in promotions that members should not read → what it is called."""


@pages.get("/setup/texts", needs="setup.read")
async def texts(visit: Visit) -> Response[Any]:
    """The wordings that members agree to, the questionnaire, and the names of codes."""
    found = await list_wordings(visit.database, visit.program, "", WORDINGS_MAX)
    newest: dict[str, WordingView] = {}
    for one in found.items:
        newest.setdefault(one.code, one)
    asked = await read_questionnaire(visit.database, visit.program.id)
    return visit.page(
        "setup/texts",
        wordings=list(newest.values()),
        versions={code: [one for one in found.items if one.code == code] for code in newest},
        asked=asked,
        names=_named_rows(visit),
        named=[(kind, visit.language.gettext(name)) for kind, name in NAMED.items()],
        channels=_said(visit, CHANNELS),
        kinds=_said(visit, QUESTION_KINDS),
        own=OWN_NAMES,
    )


@pages.get("/setup/texts/wording", needs="setup.write")
async def wording(visit: Visit) -> Response[Any]:
    """The form of a wording: a new one, or the next version of one that there is."""
    code = visit.form("code") or visit.query.get("code", "")
    found = await list_wordings(visit.database, visit.program, "", WORDINGS_MAX)
    known = next((one for one in found.items if one.code == code), None)
    shown: dict[str, Any] = {
        "code": code,
        "purpose": known.purpose if known else "marketing",
        "channels": list(known.channels) if known else ["email"],
        "texts": dict(known.texts) if known else {},
    }
    if visit.problem is not None:
        shown |= _wording_sent(visit)
    return visit.page(
        "setup/wording",
        one=known,
        shown=shown,
        channels=list(_said(visit, CHANNELS).items()),
        spoken=[(code, OWN_NAMES[code]) for code in visit.program.languages],
    )


@pages.post("/setup/texts/wording", needs="setup.write", again=wording)
async def enter(visit: Visit) -> Response[Any]:
    """Enter a wording, or its next version; those before stay with whom they were shown to."""
    content = _wording_sent(visit)
    wanted = visit.read(NewWording, content)
    await enter_wording(visit.database, visit.program, await visit.once(content), visit.by, wanted)
    said = visit.language.gettext("Entered; who is asked from now on sees this text.")
    return visit.to("/setup/texts", done=said)


@pages.get("/setup/texts/questions", needs="setup.write")
async def questions(visit: Visit) -> Response[Any]:
    """The designer of what members are asked."""
    asked = await read_questionnaire(visit.database, visit.program.id)
    shown = [msgspec.to_builtins(question) for question in asked.questions]
    others = asked.others
    if visit.problem is not None:
        shown, others = _questions_sent(visit), visit.form("others")
    return visit.page(
        "setup/questions",
        shown=[*shown, {"code": "", "kind": "text", "labels": {}, "asked_at": ["till", "web", "app"]}][
            :QUESTIONS_MAX
        ],
        others=others,
        kinds=list(_said(visit, QUESTION_KINDS).items()),
        asked_places=list(_said(visit, PLACES).items()),
        spoken=[(code, OWN_NAMES[code]) for code in visit.program.languages],
        faults=visit.problem.errors if visit.problem is not None else (),
        preview_language=_preview_language(visit),
        preview=Markup(_as_asked(visit, shown)),  # noqa: S704 - a page of ours, escaped where it was made
    )


@pages.post("/setup/texts/questions/preview", needs="setup.write", again=questions)
async def preview_questions(visit: Visit) -> Response[Any]:
    """What a new member is asked, as the form stands, in a language; nothing is written."""
    text = _as_asked(visit, _questions_sent(visit))
    return Response(text, media_type="text/html", headers=dict(rendering.SECURITY_HEADERS))


@pages.post("/setup/texts/questions", needs="setup.write", again=questions)
async def save_questions(visit: Visit) -> Response[Any]:
    """A new version of the questionnaire."""
    content = {"questions": _questions_sent(visit), "others": visit.form("others") or "allowed"}
    wanted = visit.read(Questionnaire, content)
    await put_questionnaire(visit.database, visit.program, wanted, visit.by, at=await visit.now())
    said = visit.language.gettext("Saved; tills and pages ask it from now on.")
    return visit.to("/setup/texts", done=said)


@pages.post("/setup/texts/names", needs="setup.write", again=texts)
async def save_names(visit: Visit) -> Response[Any]:
    """What members read in place of codes."""
    names: dict[str, dict[str, dict[str, str]]] = {}
    for kind, code, by_language in _names_sent(visit):
        if code and by_language:
            names.setdefault(kind, {})[code] = by_language
    await change_settings(visit, {"names": names})
    said = visit.language.gettext("Saved; members see it from their next page on.")
    return visit.to("/setup/texts", done=said)


def _preview_language(visit: Visit) -> str:
    wished = visit.form("preview_language") or visit.language.code
    return wished if wished in visit.program.languages else visit.program.languages[0]


def _as_asked(visit: Visit, sent: list[dict[str, Any]]) -> str:
    """The questions as whoever joins on the web sees them; one that is not whole is left out."""
    code, asked = _preview_language(visit), []
    for one in sent:
        try:
            question = msgspec.convert(one, Question)
        except msgspec.ValidationError:
            continue
        if "web" in question.asked_at:
            asked.append(questionnaire.in_language(question, code, visit.program.languages))
    return rendering.render(i18n.language(code), "backoffice/setup/questions_part.html", asked=asked)


def _wording_sent(visit: Visit) -> dict[str, Any]:
    given = {code: visit.form(f"text-{code}").replace("\r\n", "\n") for code in visit.program.languages}
    return {
        "code": visit.form("code"),
        "purpose": visit.form("purpose"),
        "channels": visit.form_list("channels"),
        "texts": {code: text for code, text in given.items() if text},
    }


def _questions_sent(visit: Visit) -> list[dict[str, Any]]:
    """The questions of the form, by their places; one without a code is left out."""
    found: list[tuple[int, dict[str, Any]]] = []
    for n in range(QUESTIONS_MAX):
        code = visit.form(f"q{n}-code")
        if code:
            place = visit.form(f"q{n}-place")
            found.append(
                (int(place) if place.isascii() and place.isdigit() else 10**6, _question_sent(visit, n, code))
            )
    return [question for _, question in sorted(found, key=lambda one: one[0])]


def _question_sent(visit: Visit, n: int, code: str) -> dict[str, Any]:
    kind = visit.form(f"q{n}-kind")
    labels = {spoken: visit.form(f"q{n}-label-{spoken}") for spoken in visit.program.languages}
    question: dict[str, Any] = {
        "code": code,
        "kind": kind,
        "labels": {spoken: text for spoken, text in labels.items() if text},
        "required": visit.form(f"q{n}-required") == "yes",
        "asked_at": visit.form_list(f"q{n}-asked_at"),
    }
    if kind in ("one_of", "several_of"):
        question["choices"] = _choices_sent(visit, n)
    if kind == "number":
        for name in ("least", "most"):
            text = visit.form(f"q{n}-{name}")
            if text:
                question[name] = _integer(text, f"/questions/{n}/{name}")
    return question


def _choices_sent(visit: Visit, n: int) -> list[dict[str, Any]]:
    """Choices from a text for each language, a choice a line: its code and, after a space, its words."""
    choices: dict[str, dict[str, str]] = {}
    for spoken in visit.program.languages:
        for line in visit.form(f"q{n}-choices-{spoken}").splitlines():
            code, _, words = line.strip().partition(" ")
            if code:
                choices.setdefault(code, {})[spoken] = words.strip() or code
    return [{"code": code, "labels": labels} for code, labels in choices.items()]


def _named_rows(visit: Visit) -> list[dict[str, Any]]:
    """Names as they are, or as they were sent, and some blank rows."""
    if visit.problem is not None and visit.form("n0-kind"):
        rows = [{"kind": kind, "code": code, "names": names} for kind, code, names in _names_sent(visit)]
    else:
        rows = [
            {"kind": kind, "code": code, "names": names}
            for kind, of_kind in visit.program.settings.names.items()
            for code, names in of_kind.items()
        ]
    return [*rows, *({"kind": "tier", "code": "", "names": {}} for _ in range(BLANK_NAMES))]


def _names_sent(visit: Visit) -> list[tuple[str, str, dict[str, str]]]:
    found: list[tuple[str, str, dict[str, str]]] = []
    for n in count():
        kind = visit.form(f"n{n}-kind")
        if not kind:
            return found
        names = {spoken: visit.form(f"n{n}-{spoken}") for spoken in visit.program.languages}
        found.append(
            (kind, visit.form(f"n{n}-code"), {spoken: name for spoken, name in names.items() if name})
        )
    return found


def _integer(text: str, pointer: str) -> int:
    plain = text.removeprefix("-")
    if not plain.isascii() or not plain.isdigit() or len(plain) > 13:
        raise InvalidValue(pointer, "is not a whole number")
    return int(text)


def _said(visit: Visit, words: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {code: visit.language.gettext(word) for code, word in words}
