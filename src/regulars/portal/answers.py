"""The questionnaire on a member's pages: what stands in its fields, and what their forms send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Request

from regulars.members import questionnaire
from regulars.members.questionnaire import Asked, Question
from regulars.portal.visiting import Guest
from regulars.web import forms

HttpRequest = Request[Any, Any, Any]
PLACE = "web"
Answers = dict[str, str | int | bool | None]
"""Code of a question → the answer; None where it was left empty."""


async def answers_of(request: HttpRequest, questions: Iterable[Question]) -> Answers:
    """The answers of a form as attributes. What cannot be an answer stays as it was sent: the flow names it."""
    form = await forms.read(request)
    return {
        one.code: questionnaire.typed(one, [str(text) for text in form.getall(f"q-{one.code}", [])])
        for one in questions
    }


def shown(
    found: Guest, questions: Iterable[Question], answers: Mapping[str, Any]
) -> list[tuple[Asked, str, tuple[str, ...]]]:
    """Each question in her language, what stands in its field, and which of its choices are marked."""
    return [
        (
            questionnaire.in_language(one, found.language.code, found.program.languages),
            *questionnaire.written(one, answers.get(one.code)),
        )
        for one in questions
    ]
