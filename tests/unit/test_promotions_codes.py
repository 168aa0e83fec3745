"""Unique codes without a database: how they are written, made anew, and recognised."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from regulars.errors import InvalidValue
from regulars.promotions import code_text

pytestmark = pytest.mark.fast

SECRET = b"a secret of at least 32 bytes for tests"
PROGRAM, OTHER = UUID(int=1), UUID(int=2)
BATCH = UUID(int=7)
PATTERN = "SUMMER-####-####"


def test_a_code_keeps_the_pattern_and_uses_no_letters_that_look_alike() -> None:
    key = code_text.key_of(SECRET, PROGRAM)

    made = [code_text.numbered(key, BATCH, PATTERN, n) for n in range(2_000)]

    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    assert all(re.fullmatch(rf"SUMMER-[{letters}]{{4}}-[{letters}]{{4}}", code) for code in made)
    assert {letter for code in made for letter in code[7:].replace("-", "")} == set(letters)
    assert len(set(made)) == 2_000


def test_the_same_number_gives_the_same_code_again_and_nobody_elses() -> None:
    key, other = code_text.key_of(SECRET, PROGRAM), code_text.key_of(SECRET, OTHER)
    first = code_text.numbered(key, BATCH, PATTERN, 5)

    assert code_text.numbered(key, BATCH, PATTERN, 5) == first
    assert code_text.numbered(other, BATCH, PATTERN, 5) != first
    assert code_text.numbered(key, UUID(int=8), PATTERN, 5) != first


@pytest.mark.parametrize(
    "typed", ["SUMMER-2345-6789", "summer 2345 6789", " Summer23456789 ", "summer2345–6789"]
)
def test_case_spaces_and_hyphens_do_not_count(typed: str) -> None:
    mint = code_text.mint_of(SECRET, PROGRAM)

    assert mint.id_of(typed) == mint.id_of("SUMMER-2345-6789")


def test_the_id_of_a_code_depends_on_the_secret_and_the_program() -> None:
    ids = {
        code_text.mint_of(secret, program).id_of("SUMMER-2345-6789")
        for secret in (SECRET, b"another secret, as long as that one was")
        for program in (PROGRAM, OTHER)
    }

    assert len(ids) == 4


def test_the_key_does_not_show_itself() -> None:
    assert repr(code_text.mint_of(SECRET, PROGRAM)) == "Mint(…)"


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("SUMMER", 1),
        ("SUMMER-#####", 1),
        ("summer-########", 1),
        ("SUMMER_########", 1),
        ("######", 72_901),
        ("########", 65_610_001),
    ],
)
def test_a_pattern_that_could_be_guessed_or_mistaken_is_refused(pattern: str, count: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        code_text.check_pattern(pattern, count)

    assert refused.value.errors[0].pointer == "/pattern"


@pytest.mark.parametrize(
    ("pattern", "count"), [("######", 72_900), ("SUMMER-####-####", 1_000_000), ("########", 0)]
)
def test_a_pattern_with_room_is_taken(pattern: str, count: int) -> None:
    code_text.check_pattern(pattern, count)
    assert set(code_text.drawn(pattern)) <= set(code_text.ALPHABET + "SUMMER-")
