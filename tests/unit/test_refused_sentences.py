"""Every sentence of an error that a page can meet is in the catalogues, or is one that only a program's call causes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct
from tests.unit.sentences_of_calls import OF_CALLS

from regulars import i18n
from regulars.backoffice import refusal_sentences, refusals
from regulars.backoffice.refusal_sentences import PATTERNS, SENTENCES
from regulars.errors import ClubFull, Conflict, NotFound, StateConflict
from regulars.web import faults

SOURCE = Path(refusals.__file__).parent.parent
EDGES = ("backoffice", "portal", "till")
OF_ROWS = ("regulars.flows.imports.", "regulars.flows.imported_members")
"""What finds faults in the rows of a file, which a page of the office shows."""
NOT_OF_FORMS = {"api", "cli", "certify", "app", "jobs"}
OWN_WORDS = ("UnknownField", "WrongIdKind", "CurrencyUnknown")
"""Errors that make their sentence themselves."""
CODE = re.compile(r"[a-z_]+")
"""A word that is read by programs: what a till without the line did, say."""
MADE = ("Expected ", "Invalid ", "must be answered", "The program has no currency")
"""Beginnings of sentences that are no argument of an error where it is raised."""
SAID_BY_CODE = (401, 404, 413, 429, 503)
"""Statuses whose title says all: the detail is left out, or shown by a page of its own."""
GAP = re.compile(r"\{\w*\}")

pytestmark = pytest.mark.fast


class Raised(Struct, frozen=True):
    """A sentence of an error: in which module, and with `{}` for what is put into it."""

    module: str
    line: int
    sentence: str


def _trees() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(("regulars", *(parts[:-1] if parts[-1] == "__init__" else parts)))
        found[name] = ast.parse(path.read_text())
    return found


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _reached(trees: dict[str, ast.Module]) -> set[str]:
    """The modules that pages of the office, the portal and the till run."""
    seen = {
        name
        for name in trees
        if name.split(".")[1:2] and (name.split(".")[1] in EDGES or name.startswith(OF_ROWS))
    }
    to_do = list(seen)
    while to_do:
        new = {name for name in _imports(trees[to_do.pop()]) if name in trees} - seen
        seen |= new
        to_do += new
    return {name for name in seen if name.split(".")[1:2] and name.split(".")[1] not in NOT_OF_FORMS}


def _problems(trees: dict[str, ast.Module]) -> dict[str, int]:
    """Every class of an error, with its status."""
    bases: dict[str, tuple[str, int | None]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.bases:
                first = node.bases[0]
                base = first.id if isinstance(first, ast.Name) else getattr(first, "attr", "")
                bases.setdefault(node.name, (base, _status(node)))
    found = {"Problem": 400}
    for _ in range(6):
        for name, (base, status) in bases.items():
            if base in found:
                found[name] = status or found[base]
    return found


def _status(node: ast.ClassDef) -> int | None:
    """`status, code, title = 409, …` of a class; None: that of its base."""
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Tuple):
            names = [getattr(one, "id", "") for one in line.targets[0].elts]
            if "status" in names and isinstance(line.value, ast.Tuple):
                value = line.value.elts[names.index("status")]
                return (
                    value.value if isinstance(value, ast.Constant) and isinstance(value.value, int) else None
                )
    return None


def _texts(node: ast.expr) -> Iterator[str]:
    """The sentences that an argument may be."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)


@cache
def _raised() -> list[Raised]:
    """What is said of a field at fault, and of a refusal that names none."""
    trees = _trees()
    problems, found = _problems(trees), []
    for module in sorted(_reached(trees)):
        for node in ast.walk(trees[module]):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name == "Fault":
                said = node.args[1:2]
            elif name not in problems or problems[name] in SAID_BY_CODE or name in OWN_WORDS:
                continue
            elif any(one.arg == "errors" for one in node.keywords):
                continue  # the fields at fault are told instead
            else:
                said = node.args[1:2] if name == "InvalidValue" else node.args[:1]
            said = [*said, *(one.value for one in node.keywords if one.arg == "detail")]
            found += [
                Raised(module, node.lineno, text)
                for one in said
                for text in _texts(one)
                if not CODE.fullmatch(text)
            ]
    return found


def _translated(sentence: str) -> bool:
    """Whether there are words for it, whatever stands in its gaps."""
    return refusal_sentences.said(sentence.replace("{}", "7"), i18n.language("lv")) is not None or (
        sentence in refusals.DETAILS
    )


def test_every_sentence_that_a_form_can_cause_is_translated() -> None:
    of_calls = {one for every in OF_CALLS.values() for one in every}
    missing = [one for one in _raised() if not _translated(one.sentence) and one.sentence not in of_calls]
    assert missing == []


def test_no_sentence_is_excused_that_is_raised_no_more_or_is_translated() -> None:
    raised = {one.sentence for one in _raised()}
    excused = [one for every in OF_CALLS.values() for one in every]
    assert len(excused) == len(set(excused))
    assert [one for one in excused if one not in raised or _translated(one)] == []


def test_no_sentence_waits_for_an_error_that_nobody_raises() -> None:
    raised = {one.sentence.replace("{}", "7") for one in _raised()}
    shapes = [re.escape(one) for one in SENTENCES] + [
        GAP.sub(".+", re.escape(one).replace(r"\{", "{").replace(r"\}", "}"))
        for one in PATTERNS
        if not one.startswith(MADE)
    ]
    assert [shape for shape in shapes if not any(re.fullmatch(shape, one) for one in raised)] == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Expected `str` of length <= 120", "is too long: at most 120 characters"),
        ("Expected `array` of length >= 1", "has too few parts: at least 1"),
        ("Expected `int` >= 5", "is at least 5"),
        ("Expected `int`, got `str`", "has not the form that is needed here"),
        ("Invalid enum value 'never'", "is not possible here"),
        ("There is a batch of codes 'spring' already.", "There is a batch of codes 'spring' already."),
        ("The program has no store x and, by its settings, registers none.", "The program has no store x."),
    ],
)
def test_what_stands_in_a_sentence_stands_in_the_words_for_it(sentence: str, told: str) -> None:
    assert refusals.sentence(sentence, i18n.language("en")) == told


def test_a_sentence_that_nobody_has_words_for_is_shown_as_the_api_says_it() -> None:
    assert (
        refusals.sentence("The moon is not full: 3 days.", i18n.language("lv"))
        == "The moon is not full: 3 days."
    )


def test_what_is_not_there_needs_no_detail_where_english_is_not_read() -> None:
    problem = NotFound("There is no such unheard-of thing.")
    assert refusals.lines(problem, i18n.language("en")) == ["There is no such unheard-of thing."]
    assert refusals.lines(problem, i18n.language("lv")) == []


def test_a_code_without_words_of_its_own_is_told_by_its_status() -> None:
    class Odd(Conflict):
        code, title = "odd", "This is odd."

    assert refusals.title(Odd(), i18n.language("en")) == "That is not possible as things stand now."
    assert refusals.title(Odd(), i18n.language("lv")) == "Pašreizējā stāvoklī tas nav iespējams."


def test_a_member_is_never_told_a_detail_that_is_for_developers() -> None:
    lv, known = i18n.language("lv"), {"club_full": "There is no place left in this club."}
    assert faults.of_code(ClubFull("detail"), known, lv) == lv.gettext("There is no place left in this club.")
    told = faults.of_code(StateConflict("The detail is in English."), known, lv)
    assert told == lv.gettext("Nothing was changed. Go back, load the page again and try once more.")
    assert "English" not in told
