"""The page about tills without the line: its code runs, and it names every kind of conflict and every setting."""

from __future__ import annotations

import re
from typing import Any, get_args

from regulars.programs.offline import Offline
from regulars.purchases.offline.allowance import card_hash
from regulars.purchases.offline.judging import Kind
from tests.docs.markdown import ROOT, blocks

PAGE = (ROOT / "docs/offline.md").read_text(encoding="utf-8")


def test_a_card_is_named_as_the_page_says() -> None:
    (code,) = [block.text for block in blocks(PAGE) if block.language == "python"]
    names: dict[str, Any] = {}
    exec(code, names)

    named = names["card_name"]("ab" * 16, "9900123412341234")

    assert named == card_hash(b"\xab" * 16, "9900123412341234").hex()


def test_the_table_names_every_kind_of_conflict_and_every_setting() -> None:
    rows = set(re.findall(r"^\| `([a-z_.]+)` \|", PAGE, re.MULTILINE))

    assert set(get_args(Kind)) <= rows
    assert {f"offline.{name}" for name in Offline.__struct_fields__} <= rows
