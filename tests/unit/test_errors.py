"""The tree of what callers can do wrong: told whole, and with codes that are not mixed up."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from regulars import errors
from regulars.errors import Problem

PROBLEMS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, Problem) and kind is not Problem
]


@pytest.mark.fast
def test_the_tree_at_the_top_of_the_module_names_every_problem_under_its_status() -> None:
    told: dict[str, str] = {}
    status = ""
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"[ ├└─]+[A-Z]\w+ (\d{3})", line):
            status = found[1]
        if line.startswith("    "):
            told |= dict.fromkeys(re.findall(r"\b[A-Z]\w+\b", line), status)
    assert told == {"Problem": ""} | {kind.__name__: str(kind.status) for kind in PROBLEMS}


@pytest.mark.fast
def test_a_code_means_one_thing() -> None:
    by_code: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for kind in PROBLEMS:
        by_code[kind.code].add((kind.status, kind.title))
    assert {code: sorted(means) for code, means in by_code.items() if len(means) > 1} == {}
