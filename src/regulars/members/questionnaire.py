"""Decides what a program asks its members, and whether answers fit: kinds, choices, what must be answered. Pure.

The answers are the member's attributes of the questions' codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from regulars.errors import Fault
from regulars.texts import said

Place = Literal["till", "web", "app"]
Kind = Literal["text", "number", "date", "yes_no", "one_of", "several_of"]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$(?!\n)")]
Label = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Labels = Annotated[dict[str, Label], Meta(min_length=1, max_length=5)]
"""Language → text."""
Amount = Annotated[int, Meta(ge=-(10**12), le=10**12)]
PLACES: tuple[Place, ...] = ("till", "web", "app")
KINDS_WITH_CHOICES = ("one_of", "several_of")
SEPARATOR = ";"
"""Between the choices of an answer to `several_of`, which is one text."""
TEXT_LENGTH_MAX = 500
DIGITS_MAX = 18


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers that may be chosen."""

    code: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$(?!\n)")]
    labels: Labels


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question. Its answer is the attribute `code`."""

    code: Code
    kind: Kind
    labels: Labels
    required: bool = False
    """Whoever enrols where it is asked must answer it."""
    choices: Annotated[tuple[Choice, ...], Meta(max_length=50)] = ()
    """Of `one_of` and `several_of`."""
    least: Amount | None = None
    """The smallest number, of `number`."""
    most: Amount | None = None
    asked_at: Annotated[tuple[Place, ...], Meta(min_length=1, max_length=3)] = PLACES


class Questionnaire(Struct, frozen=True, forbid_unknown_fields=True):
    """What a program asks; `PUT /v1/program/questionnaire`. Without questions nothing is asked."""

    questions: Annotated[tuple[Question, ...], Meta(max_length=50)] = ()
    others: Literal["allowed", "refused"] = "allowed"
    """Whether a member may have attributes that no question asks for."""


class Asked(Struct, frozen=True):
    """A question as a page shows it, in one language."""

    code: str
    kind: Kind
    label: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    least: int | None
    most: int | None


def in_language(question: Question, language: str, languages: Sequence[str]) -> Asked:
    """A question in a language, else in the first of the program's that it has words in."""
    return Asked(
        question.code,
        question.kind,
        label(question.labels, language, languages),
        question.required,
        tuple((choice.code, label(choice.labels, language, languages)) for choice in question.choices),
        question.least,
        question.most,
    )


def typed(question: Question, texts: Sequence[str]) -> str | int | bool | None:
    """An answer as a form sends it, as it is kept; None: there is none.

    A number that is none stays the text that it is, which `faults_of_answers` names.
    """
    if question.kind == "several_of":
        return SEPARATOR.join(text for text in texts if text) or None
    text = texts[-1].strip() if texts else ""
    if not text:
        return None
    if question.kind == "yes_no":
        return text == "1"
    if question.kind == "number" and text.removeprefix("-").isdecimal() and len(text) <= DIGITS_MAX:
        return int(text)
    return text


def written(question: Question, answer: Any) -> tuple[str, tuple[str, ...]]:
    """An answer that is kept as a form has it: what stands in the field, and which choices are marked."""
    if isinstance(answer, bool):
        return "1" if answer else "0", ()
    text = "" if answer is None else str(answer)
    return text, tuple(text.split(SEPARATOR)) if question.kind == "several_of" else ()


def faults_of_design(asked: Questionnaire, languages: Sequence[str]) -> list[Fault]:
    """What contradicts itself in a questionnaire, with pointers into it."""
    found: list[Fault] = []
    codes: set[str] = set()
    for place, question in enumerate(asked.questions):
        pointer = f"/questions/{place}"
        if question.code in codes:
            found.append(Fault(f"{pointer}/code", f"Two questions are called {question.code!r}."))
        codes.add(question.code)
        found += _label_faults(question.labels, languages, f"{pointer}/labels")
        chosen = question.kind in KINDS_WITH_CHOICES
        if chosen and len(question.choices) < 2:
            found.append(Fault(f"{pointer}/choices", "A question to choose from needs two choices at least."))
        if not chosen and question.choices:
            found.append(
                Fault(f"{pointer}/choices", f"A question of the kind {question.kind} has no choices.")
            )
        if len({choice.code for choice in question.choices}) != len(question.choices):
            found.append(Fault(f"{pointer}/choices", "A choice stands twice."))
        for n, choice in enumerate(question.choices):
            found += _label_faults(choice.labels, languages, f"{pointer}/choices/{n}/labels")
        if question.kind != "number" and (question.least is not None or question.most is not None):
            found.append(Fault(f"{pointer}/least", "Only a number has a least and a most."))
        if question.least is not None and question.most is not None and question.least > question.most:
            found.append(Fault(f"{pointer}/most", "No number is that large and that small."))
    return found


KEPT_BESIDE = frozenset({"referral_code"})
"""Attributes that are no answers: enrolment keeps them itself, of a field of its own."""


def faults_of_answers(
    asked: Questionnaire, answers: Mapping[str, Any], place: str | None, *, changed: bool = False
) -> list[Fault]:
    """What is wrong with attributes, with pointers into `/attributes`.

    `place`: where the member is asked; a required question of that place must be answered (None: of no place).
    `changed`: these are changes, of which null takes an answer away.
    """
    found: list[Fault] = []
    questions = {question.code: question for question in asked.questions}
    for code, answer in answers.items():
        question = questions.get(code)
        if question is None:
            if asked.others == "refused" and answer is not None and code not in KEPT_BESIDE:
                found.append(Fault(f"/attributes/{code}", "is not asked for", "unknown_field"))
        elif answer is None:
            if changed and question.required:
                found.append(Fault(f"/attributes/{code}", "must be answered", "missing_field"))
        elif (wrong := _wrong(question, answer)) is not None:
            found.append(Fault(f"/attributes/{code}", wrong))
    if not changed:
        found += [
            Fault(f"/attributes/{question.code}", "must be answered", "missing_field")
            for question in asked.questions
            if question.required and place in question.asked_at and answers.get(question.code) in (None, "")
        ]
    return found


def at_place(asked: Questionnaire, place: str | None) -> Questionnaire:
    """The questions that are asked at a place; all of them where none is named."""
    if place is None:
        return asked
    return Questionnaire(tuple(q for q in asked.questions if place in q.asked_at), asked.others)


def label(labels: Mapping[str, str], language: str, languages: Sequence[str]) -> str:
    """The text in a language, else in the program's first that it has, else in any."""
    return said(labels, language, *languages)


def _label_faults(labels: Mapping[str, str], languages: Sequence[str], pointer: str) -> list[Fault]:
    found = [
        Fault(f"{pointer}/{language}", f"this program speaks {', '.join(languages)}")
        for language in labels
        if language not in languages
    ]
    if languages[0] not in labels:
        found.append(Fault(f"{pointer}/{languages[0]}", "the program's own language is missing"))
    return found


def _wrong(question: Question, answer: Any) -> str | None:
    kind = question.kind
    if kind == "yes_no":
        return None if isinstance(answer, bool) else "is true or false"
    if kind == "number":
        return _wrong_number(question, answer)
    if not isinstance(answer, str):
        return "is a text"
    if kind == "date":
        return None if _is_date(answer) else "is a date, as 2026-11-21"
    if kind == "text":
        return None if len(answer) <= TEXT_LENGTH_MAX else f"has at most {TEXT_LENGTH_MAX} characters"
    codes = [choice.code for choice in question.choices]
    chosen = [answer] if kind == "one_of" else answer.split(SEPARATOR)
    if any(code not in codes for code in chosen):
        several = f", several with {SEPARATOR} between" if kind == "several_of" else ""
        return f"is one of {', '.join(codes)}{several}"
    return "names a choice twice" if len(set(chosen)) != len(chosen) else None


def _wrong_number(question: Question, answer: Any) -> str | None:
    if isinstance(answer, bool) or not isinstance(answer, int):
        return "is a whole number"
    if question.least is not None and answer < question.least:
        return f"is at least {question.least}"
    if question.most is not None and answer > question.most:
        return f"is at most {question.most}"
    return None


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
