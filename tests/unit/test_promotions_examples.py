"""What the page on writing promotions and the example say is what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.promotions_kit import CURRENCIES

from regulars.promotions.document import check, parse
from regulars.promotions.kinds import BENEFITS, CONDITIONS, KINDS, tag_of
from regulars.promotions.model import DEFAULT_GROUPS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "promotions.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", blocks("json"))
def test_a_json_block_of_the_page_is_a_document_or_a_part_of_one(block: str) -> None:
    raw: dict[str, Any] = msgspec.json.decode(block)
    if "name" in raw:
        assert check(parse(raw), DEFAULT_GROUPS, CURRENCIES) == []
    elif raw["kind"] in KINDS.conditions:
        KINDS.condition(raw, "")
    else:
        KINDS.benefit(raw, "")


@pytest.mark.parametrize("block", blocks("python"))
def test_a_python_block_of_the_page_runs(block: str) -> None:
    exec(compile(block, "docs/promotions.md", "exec"), {})  # the page's own assertions


@pytest.mark.parametrize("tag", [tag_of(kind) for kind in (*CONDITIONS, *BENEFITS)])
def test_every_kind_is_on_the_page(tag: str) -> None:
    assert f"`{tag}`" in PAGE


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_an_example_prints_what_is_committed_beside_it(example: Path) -> None:
    ran = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=True, cwd=ROOT,
                         env={"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"})  # fmt: skip
    assert ran.stdout == example.with_suffix(".txt").read_text(encoding="utf-8")
