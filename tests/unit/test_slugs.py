"""Short names of programs: Latin, small, unique for the whole installation."""

from __future__ import annotations

import re
from itertools import islice

import pytest

from regulars.programs import slugs


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Dzintars", "dzintars"),
        ("Rīgas Ķirši & Co.", "rigas-kirsi-co"),
        ("Щедрая корзина", "shchedraya-korzina"),
        ("Õunaõu – Äri", "ounaou-ari"),
        ("Győri Édes Űrhajó", "gyori-edes-urhajo"),
        ("Straße Łódź", "strasse-lodz"),
        ("  --  ", "program"),
        ("商店", "program"),
        ("a" * 200, "a" * 63),
    ],
)
def test_a_name_becomes_letters_that_every_address_can_hold(name: str, slug: str) -> None:
    assert slugs.slug_of(name) == slug
    assert re.search(slugs.PATTERN, slug)


def test_a_name_that_is_taken_is_numbered_within_the_length() -> None:
    assert list(islice(slugs.candidates("Dzintars"), 3)) == ["dzintars", "dzintars-2", "dzintars-3"]
    second = list(islice(slugs.candidates("a" * 200), 2))[1]
    assert (len(second), second[-3:]) == (63, "a-2")
