"""What is wrong with a form of the office is said in the reader's language, with the values that stand in it."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

CODES = {"name": "pavasaris", "pattern": "FLY-####-####", "count": "3", "uses": "1"}


@pytest.fixture(autouse=True)
def in_latvian(visitor: Visitor) -> None:
    """Pages speak Latvian."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "lv")


async def refused(visitor: Visitor, page: str, **fields: Any) -> tuple[int, str]:
    """What a form is answered."""
    answer = await visitor.act(f"{OFFICE}{page}", f"{OFFICE}{page}", **fields)
    return answer.status_code, text(answer)


async def test_an_end_of_codes_before_their_beginning(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    days = {"from": "2027-05-02", "until": "2027-05-01"}
    status, said = await refused(visitor, "/codes/new", **CODES, **days)
    assert (status, "nav pēc sākuma" in said, "is not after" in said) == (422, True, False)


async def test_a_pattern_that_is_too_short_says_how_many_characters_are_needed(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    status, said = await refused(visitor, "/codes/new", **CODES | {"pattern": "FLY-##"})
    assert (status, "Vajag vismaz 6 nejaušas rakstzīmes (#)" in said) == (422, True)


async def test_a_batch_of_codes_that_there_is_already_is_named(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    page = f"{OFFICE}/codes/new"
    assert (await visitor.act(page, page, **CODES)).status_code == 303
    status, said = await refused(visitor, "/codes/new", **CODES)
    assert (status, "Kodu sērija 'pavasaris' jau ir." in unescape(said)) == (409, True)


async def test_a_text_that_is_too_long_says_how_long_it_may_be(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    status, said = await refused(visitor, "/codes/new", **CODES | {"name": "p" * 500})
    assert status == 422
    assert "ir par garu: rakstzīmju ne vairāk kā" in said
    assert "Expected" not in said


async def test_a_question_with_one_choice(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    asked = {"q0-code": "pet", "q0-kind": "one_of", "q0-label-lv": "Mājdzīvnieks?", "q0-asked_at": ["web"],
             "q0-choices-lv": "cat Kaķis", "others": "refused"}  # fmt: skip
    status, said = await refused(visitor, "/setup/texts/questions", **asked)
    assert (status, "Izvēles jautājumam vajag vismaz divas atbildes." in said) == (422, True)


async def test_points_that_expire_in_two_ways(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    ways = {"code": "PTS", "worth": "1", "expires_after_days": "3", "expires_after_months": "24",
            "name-lv-zero": "p", "name-lv-one": "p", "name-lv-other": "p"}  # fmt: skip
    status, said = await refused(visitor, "/setup/currencies/edit?code=PTS", **ways)
    assert status == 422
    assert "Punkti zaudē spēku pēc dienām vai pēc mēnešiem, ne pēc abiem." in said
