"""The page about certifying a till lists what there is, and its lines of JSON can be read."""

from __future__ import annotations

import re

import msgspec
import pytest

from regulars.certify.model import CAPABILITIES, Act, Reply
from regulars.certify.situations import SITUATIONS
from tests.docs.markdown import ROOT, blocks

pytestmark = pytest.mark.fast

TEXT = (ROOT / "docs" / "certification.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the table below a heading, without its head."""
    part = re.split(r"^## ", TEXT.partition(f"\n## {heading}\n")[2], flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_the_page_lists_every_situation_and_what_it_needs() -> None:
    wanted = [
        [f"`{one.name}`", one.title, ", ".join(f"`{name}`" for name in sorted(one.needs)) or "–"]
        for one in SITUATIONS
    ]
    assert rows("The situations") == wanted
    assert f"\nThere are {len(SITUATIONS)}.\n" in TEXT
    integrators = (ROOT / "docs" / "for-integrators.md").read_text(encoding="utf-8")
    assert f"{len(SITUATIONS)} situations" in integrators


def test_the_page_lists_every_claim() -> None:
    assert rows("What is claimed") == [[f"`{name}`", meaning] for name, meaning in CAPABILITIES.items()]


def test_the_acts_and_the_reply_of_the_page_can_be_read() -> None:
    lines = [block.text for block in blocks(TEXT) if block.language == "json"]
    begin, sell, back = (msgspec.json.decode(text, type=Act) for text in lines[:3])
    assert set(begin.settings) == {"url", "key", "store", "till", "currency", "situation"}
    assert (sell.act, sell.goods[0].quantity, back.lines) == ("sell", "2", ((1, "1"),))
    assert msgspec.json.decode(lines[3], type=Reply) == Reply(done=True, amount=378)


def test_at_least_40_situations_have_a_name_of_their_own() -> None:
    names = [one.name for one in SITUATIONS]
    assert len(set(names)) == len(names) >= 40
    assert {need for one in SITUATIONS for need in one.needs} == set(CAPABILITIES)
