"""Names are found by keyed hashes: by any spelling of their words, and by how the words begin."""

from __future__ import annotations

from uuid import UUID

import pytest

from regulars.members import identity, names
from regulars.members.model import Person

INDEX = identity.of(b"s" * 32, UUID(int=1))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Kalniņa, Anna", ["anna", "kalnina"]),
        ("ANNA  KALNINA", ["anna", "kalnina"]),
        ("Ёлкина Алёна", ["алена", "елкина"]),
        ("O’Brien-Őze", ["brien", "o", "oze"]),
        ("Anna Anna", ["anna"]),
        (" – ", []),
    ],
)
def test_a_name_is_its_words_without_capitals_accents_and_punctuation(typed: str, words: list[str]) -> None:
    assert names.words_of(typed) == words


def test_a_word_and_a_beginning_of_the_same_letters_are_not_the_same_hash() -> None:
    assert names.word(INDEX, "ann") != names.start(INDEX, "ann")
    assert names.start(INDEX, "ann") == names.start(INDEX, "annija")


def test_another_program_has_other_hashes() -> None:
    assert names.word(INDEX, "anna") != names.word(identity.of(b"s" * 32, UUID(int=2)), "anna")


def test_a_person_is_found_by_each_word_and_each_beginning_once() -> None:
    found = names.digests(INDEX, Person("Anna Annija Kalniņa"))
    wanted = {names.word(INDEX, one) for one in ("anna", "annija", "kalnina")}
    wanted |= {names.start(INDEX, one) for one in ("anna", "kalnina")}
    assert set(found) == wanted
    assert len(found) == 5


def test_of_a_very_long_name_eight_words_are_found() -> None:
    assert len(names.words_of(" ".join("abcdefghijkl"))) == names.WORDS_MAX
