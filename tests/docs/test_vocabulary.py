"""The vocabulary: every word of the design is defined once, in order, and its links lead somewhere."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from tests.docs.markdown import ROOT, anchors, links

pytestmark = pytest.mark.fast

TEXT = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")

WORDS_OF_THE_DESIGN = (
    "program", "operator", "partner", "coalition", "contract", "member", "membership", "enrolment", "card",
    "household", "unit", "account", "posting", "entry", "lot", "draw", "accrual", "base accrual", "bonus accrual",
    "pending", "active", "available", "redemption", "hold", "capture", "release", "lapse", "reversal", "adjustment",
    "expiry", "breakage", "liability", "qualifying points", "tier", "qualification", "retention", "downgrade",
    "promotion", "revision", "condition", "benefit", "award", "refusal", "group", "stacking", "budget", "use limit",
    "offer", "campaign", "audience", "control group", "voucher", "coupon", "reward", "entitlement", "settlement",
    "statement", "netting", "prepaid pack",
)  # fmt: skip
"""DESIGN §10."""


def definitions() -> list[tuple[str, str, str]]:
    """Section, word and what is said of it."""
    parts = re.split(r"^(##|###) (.+)$", TEXT, flags=re.MULTILINE)[1:]
    found = []
    section = ""
    for mark, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if mark == "##":
            section = title
        else:
            found.append((section, title, body.strip()))
    return found


def test_every_word_of_the_design_is_defined_exactly_once() -> None:
    words = [word for _, word, _ in definitions()]
    assert {word: words.count(word) for word in WORDS_OF_THE_DESIGN} == dict.fromkeys(WORDS_OF_THE_DESIGN, 1)


def test_no_word_is_defined_twice() -> None:
    words = [word for _, word, _ in definitions()]
    assert sorted(words) == sorted(set(words))


def test_words_stand_in_alphabetical_order_within_their_section() -> None:
    for section, group in groupby(definitions(), key=lambda definition: definition[0]):
        words = [word.replace("-", " ").replace("'", "") for _, word, _ in group]
        assert words == sorted(words), section


def test_a_definition_is_one_to_three_sentences_in_a_paragraph() -> None:
    counts = {word: len(re.findall(r"[.?](?=[ )]|$)", body)) for _, word, body in definitions()}
    assert {word: n for word, n in counts.items() if not 1 <= n <= 3} == {}
    assert [word for _, word, body in definitions() if "\n" in body] == []


def test_links_within_the_vocabulary_lead_to_a_word() -> None:
    inner = [link for link in links(TEXT) if link.startswith("#")]
    assert [link for link in inner if link[1:] not in anchors(TEXT)] == []
