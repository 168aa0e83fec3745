"""The tree of what callers can do wrong: told whole, and with codes that are not mixed up."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from regulars import app, errors
from regulars.errors import Problem

__all__ = ["app"]  # whatever raises a problem is loaded with it


OWN = re.compile(r"regulars\.(errors|.+\.problems)\.[A-Z]\w+")


def below(kind: type[Problem]) -> list[type[Problem]]:
    """Every problem under this one that stands in `errors` or in the `problems` of an area."""
    kinds = [one for one in kind.__subclasses__() if OWN.fullmatch(f"{one.__module__}.{one.__name__}")]
    return [*kinds, *(found for one in kinds for found in below(one))]


PROBLEMS = below(Problem)


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
