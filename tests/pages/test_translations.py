"""Every text of the code and the templates is in every catalogue, translated, with the same gaps to fill."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
CATALOGUES = sorted((ROOT / "src" / "regulars" / "locale").glob("*/LC_MESSAGES/regulars.po"))
GAPS = re.compile(r"\{(\w+)\}|%\((\w+)\)s")

pytestmark = pytest.mark.fast


def test_no_text_is_missing_untranslated_or_fuzzy() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "translations", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_translation_has_the_gaps_of_the_original(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    wrong = []
    for message in catalogue:
        originals = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        wanted = set(GAPS.findall(originals[-1]))
        of_one = (
            texts[:1] if len(texts) == 2 else ()
        )  # with two forms the first is for one alone, which may say "a"
        allowed = [
            *[(text, set(GAPS.findall(originals[0]))) for text in of_one],
            *[(t, wanted) for t in texts],
        ]
        right = {text for text, gaps in allowed if set(GAPS.findall(text)) == gaps}
        wrong += [text for text in texts if message.id and text not in right]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_problem_s_sentence_keeps_its_two_halves(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    halves = [m for m in catalogue if isinstance(m.id, str) and "|" in m.id]
    assert halves
    assert [m.id for m in halves if str(m.string).count("|") != m.id.count("|")] == []
