"""What a member answered to the questionnaire, on her page in the back office: in words, and as fields to change."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from regulars.backoffice.visit import Visit
from regulars.flows.questionnaires import read_questionnaire
from regulars.members import questionnaire
from regulars.members.questionnaire import SEPARATOR, Asked, Question
from regulars.members.reading import Profile


async def told(visit: Visit, profile: Profile) -> dict[str, Any]:
    """For her page: `told`, each attribute by the words of its question, and `questions`, the fields of all of them."""
    questions = await questions_of(visit)
    attributes = profile.person.attributes
    asked = {one.code: _asked(visit, one) for one in questions}
    return {
        "told": [
            (asked[name].label if name in asked else name, in_words(visit, asked.get(name), answer))
            for name, answer in attributes.items()
        ],
        "questions": [
            # A colleague need not ask what was never answered; an answer that is required is not taken away.
            (
                replace(asked[one.code], required=one.required and one.code in attributes),
                *questionnaire.written(one, attributes.get(one.code)),
            )
            for one in questions
        ],
    }


async def questions_of(visit: Visit) -> tuple[Question, ...]:
    """What the program asks anywhere: a colleague may write down what was said on the phone."""
    return (await read_questionnaire(visit.database, visit.program.id)).questions


def changed_answers(visit: Visit, questions: tuple[Question, ...], profile: Profile) -> dict[str, Any]:
    """The answers of the form that differ from those that are kept; None takes one away."""
    before = profile.person.attributes
    sent = {
        one.code: questionnaire.typed(one, visit.form_list(f"q-{one.code}"))
        for one in questions
        if f"q-{one.code}" in visit.form_fields() or visit.form("asked")
    }
    return {code: answer for code, answer in sent.items() if answer != before.get(code)}


def in_words(visit: Visit, asked: Asked | None, answer: Any) -> str:
    """An answer as people read it: the words of what was chosen, yes or no, a day of the calendar."""
    if isinstance(answer, bool):
        return visit.language.gettext("Yes") if answer else visit.language.gettext("No")
    if asked is None or asked.kind not in ("one_of", "several_of"):
        return str(answer)
    words = dict(asked.choices)
    return visit.language.joined([words.get(code, code) for code in str(answer).split(SEPARATOR)])


def _asked(visit: Visit, question: Question) -> Asked:
    return questionnaire.in_language(question, visit.language.code, visit.program.languages)
