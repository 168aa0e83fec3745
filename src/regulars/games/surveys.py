"""Decides what a quiz or a survey asks, what counts as an answer to it, and how many of a quiz's were right. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from regulars.audience import EVERYBODY, Audience, Mark
from regulars.contradictions import Contradicting, of_name, of_partner, of_text, of_times
from regulars.errors import Fault, InvalidValue, Unprocessable
from regulars.games.chances import Instant
from regulars.i18n import N_
from regulars.prizes import GameCode, Prize
from regulars.texts import Names, Texts

QUESTIONS_MAX = 50
OPTIONS_MAX = 30
TEXT_MAX = 500
SCALE = 10
Given = (
    Annotated[str, Meta(max_length=TEXT_MAX)]
    | int
    | Annotated[tuple[Annotated[str, Meta(max_length=63)], ...], Meta(max_length=OPTIONS_MAX)]
)
"""An answer: the code of an option, several of them, a number from 0 to 10, or a text."""


class Option(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of the answers to choose from."""

    code: GameCode
    names: Annotated[Names, Meta(min_length=1)]
    right: bool = False
    """Of a quiz: whether it is right."""


class Question(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question."""

    code: GameCode
    kind: Literal["choice", "several", "number", "text"]
    """One option, several, a number from 0 to 10, or a text of at most 500 characters."""
    texts: Annotated[Texts, Meta(min_length=1)]
    options: Annotated[tuple[Option, ...], Meta(max_length=OPTIONS_MAX)] = ()
    required: bool = True

    @property
    def right(self) -> frozenset[str]:
        """The options that are right."""
        return frozenset(option.code for option in self.options if option.right)


class Survey(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/surveys/{code}`: a quiz or a survey as the operator writes it and as a revision keeps it."""

    names: Annotated[Names, Meta(min_length=1)]
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=QUESTIONS_MAX)]
    kind: Literal["survey", "quiz"] = "survey"
    texts: Texts = {}
    anonymous: bool = False
    """Answers are kept without whose they are; that she took part stands by itself."""
    prize: Prize | None = None
    least_right: Annotated[int, Meta(ge=1, le=QUESTIONS_MAX)] | None = None
    """Of a quiz: so many right answers for the prize; left out: all."""
    audience: Audience = EVERYBODY
    starts_at: Instant | None = field(default=None, name="from")
    ends_at: Instant | None = field(default=None, name="until")
    """Half-open."""
    funder: Mark | None = None

    def open_at(self, at: datetime) -> bool:
        """Whether it is answered at an instant."""
        return (self.starts_at is None or at >= self.starts_at) and (
            self.ends_at is None or at < self.ends_at
        )

    @property
    def asked(self) -> int:
        """Of a quiz: how many questions have a right answer."""
        return sum(1 for question in self.questions if question.right)

    def earns(self, score: int | None) -> bool:
        """Whether so many right answers are enough for the prize."""
        return score is None or score >= (self.least_right or self.asked)


class Answered(Struct, frozen=True):
    """Answers as they are kept."""

    choices: dict[str, list[str]]
    """Question → options chosen; of a number its digits."""
    texts: dict[str, str]
    score: int | None
    """Right answers of a quiz; None: it is a survey."""


def judged(survey: Survey, answers: Mapping[str, Given]) -> Answered:
    """Answers in order, and how many were right. Raises Unprocessable with each answer at fault."""
    unknown = sorted(set(answers) - {question.code for question in survey.questions})
    faults = [Fault(f"/answers/{code}", "there is no such question") for code in unknown]
    choices: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for question in survey.questions:
        try:
            given = _answer(question, answers.get(question.code))
        except InvalidValue as problem:
            faults.extend(problem.errors)
            continue
        if question.kind == "text":
            texts |= {question.code: given[0]} if given else {}
        elif given:
            choices[question.code] = given
    if faults:
        raise Unprocessable(" ".join(fault.detail for fault in faults), errors=faults)
    score = None
    if survey.kind == "quiz":
        score = sum(
            1
            for question in survey.questions
            if question.right and frozenset(choices.get(question.code, ())) == question.right
        )
    return Answered(choices, texts, score)


def contradictions(
    survey: Survey, languages: tuple[str, ...], partners: Collection[str]
) -> list[Contradicting]:
    """What contradicts itself, or names what there is not."""
    found = list(_texts(survey, languages[0]))
    codes = [question.code for question in survey.questions]
    for place, question in enumerate(survey.questions):
        at = f"/questions/{place}"
        if question.code in codes[:place]:
            text = N_("Two questions have the code {code}.")
            found.append(Contradicting(f"{at}/code", text, {"code": question.code}))
        found.extend(_options(question, at, quiz=survey.kind == "quiz"))
    if survey.kind == "quiz" and not survey.asked:
        found.append(Contradicting("/questions", N_("A quiz has a question with a right answer.")))
    if survey.least_right is not None and survey.least_right > survey.asked:
        found.append(
            Contradicting("/least_right", N_("There are not so many questions with a right answer."))
        )
    found += of_times(survey.starts_at, survey.ends_at)
    found += of_partner(survey.funder, partners)
    return found


def _texts(survey: Survey, first: str) -> Iterator[Contradicting]:
    yield from of_name(survey.names, first)
    yield from of_text(survey.texts, first, "/texts")
    for place, question in enumerate(survey.questions):
        yield from of_text(question.texts, first, f"/questions/{place}/texts")
        for n, option in enumerate(question.options):
            yield from of_name(option.names, first, f"/questions/{place}/options/{n}/names")


def _options(question: Question, at: str, *, quiz: bool) -> Iterator[Contradicting]:
    chosen = question.kind in ("choice", "several")
    if chosen and len(question.options) < 2:
        yield Contradicting(f"{at}/options", N_("To choose there must be two answers at least."))
    if not chosen and question.options:
        yield Contradicting(f"{at}/options", N_("Only a choice has answers to choose from."))
    if question.right and not quiz:
        yield Contradicting(f"{at}/options", N_("Only a quiz has right answers."))
    if question.kind == "choice" and len(question.right) > 1:
        yield Contradicting(f"{at}/options", N_("Of one choice only one answer is right."))
    codes = [option.code for option in question.options]
    if len(set(codes)) < len(codes):
        yield Contradicting(f"{at}/options", N_("Two answers have the same code."))


def _answer(question: Question, given: Given | None) -> list[str]:
    """An answer as a list; empty: none was given. Raises InvalidValue."""
    pointer = f"/answers/{question.code}"
    if given is None or given == "" or given == ():
        if question.required:
            raise InvalidValue(pointer, N_("is not answered"))
        return []
    if question.kind == "text":
        if not isinstance(given, str) or len(given) > TEXT_MAX or "\0" in given:
            raise InvalidValue(pointer, N_("is a text of at most 500 characters"))
        return [given]
    if question.kind == "number":
        if not isinstance(given, int) or not 0 <= given <= SCALE:
            raise InvalidValue(pointer, N_("is a number from 0 to 10"))
        return [str(given)]
    codes = [given] if isinstance(given, str) else list(given) if isinstance(given, tuple) else []
    known = {option.code for option in question.options}
    if not codes or not set(codes) <= known or (question.kind == "choice" and len(codes) > 1):
        raise InvalidValue(pointer, N_("is not one of the answers"))
    return sorted(set(codes))
