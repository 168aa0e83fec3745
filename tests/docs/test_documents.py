"""The documents agree with the tree: links, commands, settings; and nothing names a machine or a package host."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from cyclopts import App

from regulars.cli.main import app
from regulars.programs.settings import ProgramSettings
from tests.docs.markdown import ROOT, anchors, blocks, documents, headings, links, name, spans

pytestmark = pytest.mark.fast

PLACES = (".ci", "bench", "client", "docs", "examples", "scripts", "src", "tests")
NOT_OURS = {"vendor", "__pycache__", "regulars.egg-info"}
UNWANTED = re.compile(
    r"/[r]oot/|/[h]ome/\w|/[w]ork/\w|[p]ypi\.org|[p]ythonhosted|[r]egistry\.npmjs|[i]ndex-url|[a]rtifactory",
    re.IGNORECASE,
)
LINES_OF_A_DECISION_MAX = 60


def files() -> list[Path]:
    """Every text file of the project that people here wrote."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for place in PLACES:
        found += [
            path
            for path in (ROOT / place).rglob("*")
            if path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts)
        ]
    return sorted(found)


def commands(text: str) -> list[list[str]]:
    """Every `regulars …` of a document, in its running text and in its shell examples, as words."""
    lines = [line for block in blocks(text) if block.language == "sh" for line in block.text.splitlines()]
    found = []
    for line in [*spans(text), *lines]:
        place = re.match(r"(?:\.venv/bin/)?regulars (.+)", line)
        if place:
            found.append(shlex.split(place[1], comments=True))
    return found


def unknown_parts(words: list[str]) -> list[str]:
    """What a command says that the command line does not know: a command, or an option of one."""
    current: App = app
    for place, word in enumerate(words):
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", word) or word not in current:
            if current.default_command is None:
                return [word]
            known = {
                option for argument in current.assemble_argument_collection() for option in argument.names
            }
            return [part for part in words[place:] if part.startswith("--") and part not in known]
        current = current[word]
    return [] if current.default_command is not None or current is not app else words


@pytest.mark.parametrize("path", documents(), ids=name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(path: Path) -> None:
    broken = []
    for link in links(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, fragment = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (fragment and fragment not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", documents(), ids=name)
def test_every_command_that_a_document_names_exists(path: Path) -> None:
    found = commands(path.read_text(encoding="utf-8"))
    unknown = {" ".join(words): unknown_parts(words) for words in found}
    assert {command: parts for command, parts in unknown.items() if parts} == {}


def test_a_command_or_option_that_is_not_there_is_noticed() -> None:
    assert unknown_parts(["ledger", "balance"]) == ["balance"]
    assert unknown_parts(["backup"]) == ["backup"]
    assert unknown_parts(["serve", "--threads", "4"]) == ["--threads"]
    assert unknown_parts(["program", "create", "NAME", "--currency", "EUR"]) == []


@pytest.mark.parametrize("path", documents(), ids=name)
def test_every_setting_that_a_document_names_is_one_of_a_program(path: Path) -> None:
    text = " ".join(path.read_text(encoding="utf-8").split())
    named = re.findall(r"\bsetting `(\w+)`", text)
    assert [setting for setting in named if setting not in ProgramSettings.__struct_fields__] == []


def test_the_readme_names_the_settings_of_its_rules() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert len(set(re.findall(r"\bsetting `(\w+)`", text))) >= 12


def test_the_readme_says_in_its_first_ten_lines_what_regulars_is_and_for_whom() -> None:
    first = " ".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:10])
    assert "customer loyalty platform" in first
    assert "It is for people" in first


def test_no_file_names_a_package_host_or_a_folder_of_one_machine() -> None:
    found = {}
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = [n for n, line in enumerate(text.splitlines(), 1) if UNWANTED.search(line)]
        if lines:
            found[name(path)] = lines
    assert found == {}


def test_decisions_are_numbered_without_gaps_and_short() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    long = {name(path): count for path in decisions
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES_OF_A_DECISION_MAX}  # fmt: skip
    assert long == {}


def test_every_decision_has_context_decision_consequences_and_alternatives() -> None:
    wanted = ["Context", "Decision", "Consequences", "Alternatives"]
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        found = headings(path.read_text(encoding="utf-8"))
        assert found[0].startswith(f"{path.name[:4]}. "), name(path)
        assert found[1:] == wanted, name(path)


def test_documents_use_no_exclamation_marks() -> None:
    found = [name(path) for path in documents() if re.search(r"\w!(\s|$)", path.read_text(encoding="utf-8"))]
    assert found == []
