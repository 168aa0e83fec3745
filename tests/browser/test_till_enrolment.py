"""Who is enrolled at a till is asked what the program asks there: by keyboard, in her language, nothing left out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Shop, Till, axe

ASKED: list[dict[str, Any]] = [
    {"code": "drink", "kind": "one_of", "required": True, "asked_at": ["till"],
     "labels": {"lv": "Ko Jūs dzerat?", "en": "What do you drink?"},
     "choices": [{"code": "tea", "labels": {"lv": "Tēju", "en": "Tea"}},
                 {"code": "coffee", "labels": {"lv": "Kafiju", "en": "Coffee"}}]},
    {"code": "likes", "kind": "several_of", "labels": {"lv": "Kas Jums patīk?", "en": "What do you like?"},
     "choices": [{"code": "books", "labels": {"lv": "Grāmatas", "en": "Books"}},
                 {"code": "music", "labels": {"lv": "Mūzika"}}, {"code": "films", "labels": {"lv": "Filmas"}}]},
    {"code": "people", "kind": "number", "least": 1, "most": 12,
     "labels": {"lv": "Cik Jūs esat?", "en": "How many are you?"}},
    {"code": "letters", "kind": "yes_no", "labels": {"lv": "Sūtīt vēstules?", "en": "Send letters?"}},
    {"code": "since", "kind": "date", "labels": {"lv": "Kopš kad?", "en": "Since when?"}},
    {"code": "street", "kind": "one_of", "labels": {"lv": "Iela", "en": "Street"},
     "choices": [{"code": f"s{n}", "labels": {"lv": f"{n}. iela"}} for n in range(1, 10)]},
    {"code": "dog", "kind": "text", "labels": {"lv": "Kā sauc Jūsu suni?", "en": "Your dog's name?"}},
    {"code": "secret", "kind": "text", "required": True, "asked_at": ["web"], "labels": {"lv": "Tikai tīmeklī"}},
]  # fmt: skip
QUESTIONS = "#enrol-questions [data-question=dog]"


@pytest.fixture
def asking(shop: Shop) -> Shop:
    """The shop with a questionnaire."""
    shop.call("PUT", "/v1/program/questionnaire", {"questions": ASKED})
    return shop


def attributes(shop: Shop, phone: str) -> dict[str, Any]:
    """What the member with that phone has answered."""
    found = shop.call("POST", "/v1/members/find", {"phone": f"+371{phone}"})
    return shop.call("GET", f"/v1/members/{found['id']}")["attributes"]


def test_every_question_is_answered_with_the_keyboard_alone(till: Till, asking: Shop) -> None:
    till.enrol("27300001", QUESTIONS)
    assert not till.page.is_visible("[data-question=secret]")
    till.type("Anna")
    till.press("Tab", "Tab", "ArrowDown")  # past the language; of the drinks the second
    till.press("Tab", "Tab", "Space", "Tab", "Space", "Tab")
    till.type("4")
    till.press("Tab", "ArrowDown", "Tab")
    till.page.fill("[name=q-since]", "2020-05-04")
    till.page.select_option("[name=q-street]", "s9")
    till.page.focus("[name=q-dog]")
    till.type("Reksis")
    till.press("Enter")
    till.sees("#customer-name", "Anna")
    assert attributes(asking, "27300001") == {
        "drink": "coffee", "likes": "music;films", "people": 4, "letters": True, "since": "2020-05-04",
        "street": "s9", "dog": "Reksis",
    }  # fmt: skip


def test_what_must_be_answered_is_marked_and_nobody_is_enrolled_without_it(till: Till, asking: Shop) -> None:
    till.enrol("27300002", QUESTIONS)
    till.page.fill("[name=q-people]", "13")
    till.page.press("[name=q-people]", "Enter")
    till.sees("#said", "Some answers are missing or cannot be as they are.")
    wrong = till.page.locator("#enrol-questions .wrong")
    assert [wrong.nth(n).get_attribute("data-question") for n in range(wrong.count())] == ["drink", "people"]
    assert till.page.evaluate("() => document.activeElement.name") == "q-drink"
    assert till.page.get_attribute("[name=q-people]", "aria-invalid") == "true"
    axe(till.page)
    till.press("Space")
    till.page.fill("[name=q-people]", "12")
    till.page.press("[name=q-people]", "Enter")
    till.sees("#said", "Welcome: a new member.")
    assert attributes(asking, "27300002") == {"drink": "tea", "people": 12}


def test_a_question_that_came_meanwhile_is_asked_before_anybody_is_enrolled(till: Till, asking: Shop) -> None:
    till.enrol("27300003", QUESTIONS)
    late = {
        "code": "late",
        "kind": "text",
        "required": True,
        "labels": {"lv": "Vēl kas?", "en": "What else?"},
    }
    asking.call("PUT", "/v1/program/questionnaire", {"questions": [*ASKED, late]})
    till.page.check("[name=q-drink][value=tea]")
    till.page.press("[name=q-dog]", "Enter")
    till.sees("[data-question=late].wrong", "What else?")
    till.page.fill("[name=q-late]", "Yes")
    till.page.press("[name=q-late]", "Enter")
    till.sees("#said", "Welcome: a new member.")
    assert attributes(asking, "27300003") == {"drink": "tea", "late": "Yes"}


def test_targets_are_large_and_questions_speak_the_pages_language(till: Till, asking: Shop) -> None:
    till.page.goto(f"{asking.address}/till?lang=lv")
    till.page.wait_for_selector("html[data-ready]")
    till.enrol("27300004", QUESTIONS)
    till.sees("[data-question=drink]", "Ko Jūs dzerat?")
    till.sees("[data-question=likes]", "Grāmatas")
    sides = till.page.evaluate(
        "() => [...document.querySelectorAll('#enrol-questions .chip, #enrol-questions .input')]"
        ".map((e) => e.getBoundingClientRect().height)"
    )
    assert (len(sides), min(sides) >= 48) == (12, True)
