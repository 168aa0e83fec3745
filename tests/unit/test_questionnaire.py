"""The questionnaire: which designs contradict themselves, and which answers fit."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.members.questionnaire import (
    Choice,
    Question,
    Questionnaire,
    at_place,
    faults_of_answers,
    faults_of_design,
    label,
)

pytestmark = pytest.mark.fast

EN = {"lv": "Jautājums", "en": "A question"}
TEA = Choice("tea", {"lv": "Tēja"})
COFFEE = Choice("coffee", {"lv": "Kafija"})
ASKED = Questionnaire(
    (
        Question("drink", "one_of", EN, required=True, choices=(TEA, COFFEE), asked_at=("till",)),
        Question("likes", "several_of", EN, choices=(TEA, COFFEE)),
        Question("people", "number", EN, least=1, most=12),
        Question("since", "date", EN),
        Question("car", "yes_no", EN),
        Question("street", "text", EN, required=True, asked_at=("web",)),
    )
)


def wrong(question: Question, **other: Any) -> list[str]:
    return [fault.pointer for fault in faults_of_design(Questionnaire((question,), **other), ("lv", "en"))]


@pytest.mark.parametrize(
    ("question", "pointers"),
    [
        (Question("a", "text", {"en": "A"}), ["/questions/0/labels/lv"]),
        (Question("a", "text", {**EN, "de": "Eine"}), ["/questions/0/labels/de"]),
        (Question("a", "one_of", EN, choices=(TEA,)), ["/questions/0/choices"]),
        (Question("a", "one_of", EN, choices=(TEA, TEA)), ["/questions/0/choices"]),
        (Question("a", "text", EN, choices=(TEA, COFFEE)), ["/questions/0/choices"]),
        (Question("a", "text", EN, least=1), ["/questions/0/least"]),
        (Question("a", "number", EN, least=2, most=1), ["/questions/0/most"]),
        (
            Question("a", "one_of", EN, choices=(TEA, Choice("x", {"en": "X"}))),
            ["/questions/0/choices/1/labels/lv"],
        ),
        (Question("a", "number", EN, least=1, most=1), []),
    ],
)
def test_a_design_that_contradicts_itself_is_named_where_it_does(
    question: Question, pointers: list[str]
) -> None:
    assert wrong(question) == pointers


def test_two_questions_of_one_code_are_one_too_many() -> None:
    twice = Questionnaire((Question("a", "text", EN), Question("a", "date", EN)))
    assert [fault.pointer for fault in faults_of_design(twice, ("lv",))] == [
        "/questions/0/labels/en",
        "/questions/1/code",
        "/questions/1/labels/en",
    ]


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ({"drink": "tea"}, []),
        ({"drink": "wine"}, ["/attributes/drink"]),
        ({"drink": 1}, ["/attributes/drink"]),
        ({"drink": "tea", "likes": "tea;coffee"}, []),
        ({"drink": "tea", "likes": "tea;tea"}, ["/attributes/likes"]),
        ({"drink": "tea", "likes": "tea;wine"}, ["/attributes/likes"]),
        ({"drink": "tea", "people": 12}, []),
        ({"drink": "tea", "people": 13}, ["/attributes/people"]),
        ({"drink": "tea", "people": 0}, ["/attributes/people"]),
        ({"drink": "tea", "people": True}, ["/attributes/people"]),
        ({"drink": "tea", "since": "2024-02-29"}, []),
        ({"drink": "tea", "since": "2023-02-29"}, ["/attributes/since"]),
        ({"drink": "tea", "since": "20240229"}, ["/attributes/since"]),
        ({"drink": "tea", "car": False}, []),
        ({"drink": "tea", "car": "no"}, ["/attributes/car"]),
        ({"drink": "tea", "shoe_size": 41}, []),
        ({"drink": "tea", "street": "x" * 501}, ["/attributes/street"]),
        ({}, ["/attributes/drink"]),
        ({"drink": None}, ["/attributes/drink"]),
        ({"drink": ""}, ["/attributes/drink", "/attributes/drink"]),
    ],
)
def test_answers_fit_or_are_named(answers: dict[str, Any], faults: list[str]) -> None:
    assert [fault.pointer for fault in faults_of_answers(ASKED, answers, "till")] == faults


def test_what_must_be_answered_depends_on_where_it_is_asked() -> None:
    assert [fault.pointer for fault in faults_of_answers(ASKED, {}, "web")] == ["/attributes/street"]
    assert faults_of_answers(ASKED, {}, "app") == []
    assert faults_of_answers(ASKED, {}, None) == []


def test_a_change_may_leave_answers_out_but_takes_none_away_that_must_be_there() -> None:
    assert faults_of_answers(ASKED, {"people": 3}, None, changed=True) == []
    assert faults_of_answers(ASKED, {"people": None}, None, changed=True) == []
    assert [f.pointer for f in faults_of_answers(ASKED, {"drink": None}, None, changed=True)] == [
        "/attributes/drink"
    ]


def test_attributes_that_nobody_asked_for_can_be_refused() -> None:
    strict = Questionnaire((), others="refused")
    assert [f.code for f in faults_of_answers(strict, {"shoe_size": 41}, None)] == ["unknown_field"]
    assert faults_of_answers(strict, {"shoe_size": None}, None) == []
    assert faults_of_answers(strict, {"referral_code": "ANNA2345"}, None) == []


def test_of_a_place_only_what_is_asked_there() -> None:
    assert [q.code for q in at_place(ASKED, "till").questions] == ["drink", "likes", "people", "since", "car"]
    assert at_place(ASKED, None) is ASKED


def test_a_label_falls_back_to_the_programs_language_and_then_to_any() -> None:
    assert label({"lv": "Tēja", "en": "Tea"}, "en", ("lv", "en")) == "Tea"
    assert label({"lv": "Tēja"}, "et", ("lv", "en")) == "Tēja"
    assert label({"hu": "Tea"}, "et", ("lv", "en")) == "Tea"
