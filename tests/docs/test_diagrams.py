"""The sequence diagrams agree with the server: a till may make each call of them, and get each answer."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from regulars import errors
from regulars.app import ENDPOINTS
from regulars.web.endpoints import Endpoint
from tests.docs.markdown import ROOT, blocks

pytestmark = pytest.mark.fast

PAGE = ROOT / "docs" / "integration" / "diagrams.md"
DIAGRAMS = [block.text for block in blocks(PAGE.read_text(encoding="utf-8")) if block.language == "mermaid"]
WANTED = {
    "/v1/members/find", "/v1/members", "/v1/members/{id}/challenges", "/v1/purchases/preview", "/v1/purchases",
    "/v1/purchases/{id}/confirm", "/v1/purchases/{id}/void", "/v1/purchases/void", "/v1/purchases/{id}/returns",
    "/v1/purchases/{id}/claim", "/v1/till/snapshot", "/v1/purchases/batch",
}  # fmt: skip
STEP = re.compile(r"(\w+)(--?>>)(\w+): (.+)")
OTHER = re.compile(r"sequenceDiagram|participant \w as \w+|(alt|else|opt|loop) .+|end|Note over \w(,\w)?: .+")


class Step(NamedTuple):
    """An arrow: from whom to whom, and what it says; an answer is dashed."""

    sender: str
    dashed: bool
    receiver: str
    text: str


def steps(diagram: str) -> list[Step]:
    """The arrows of a diagram; a line that is neither an arrow nor a known word is a fault."""
    found = []
    for line in diagram.strip().splitlines():
        arrow = STEP.fullmatch(line.strip())
        if arrow:
            found.append(Step(arrow[1], arrow[2] == "-->>", arrow[3], arrow[4]))
        else:
            assert OTHER.fullmatch(line.strip()), line
    return found


def endpoint(call: str) -> Endpoint | None:
    """The declared call of `METHOD /path`."""
    method, _, path = call.partition(" ")
    return next((one for one in ENDPOINTS if (one.method, one.path) == (method, path)), None)


def problems() -> dict[str, int]:
    """Every stable code of an error and its status."""
    waiting, found = [errors.Problem], {}
    while waiting:
        kind = waiting.pop()
        found[kind.code] = kind.status
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=range(len(DIAGRAMS)))
def test_each_call_of_a_diagram_is_one_that_a_till_may_make(diagram: str) -> None:
    calls = [step.text for step in steps(diagram) if (step.sender, step.receiver) == ("T", "R")]
    found = [endpoint(call) for call in calls]
    assert [call for call, one in zip(calls, found, strict=True) if one is None] == []
    assert [one.path for one in found if one is not None and "till" not in one.scopes] == []
    assert calls


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=range(len(DIAGRAMS)))
def test_each_answer_of_a_diagram_is_one_that_its_call_can_get(diagram: str) -> None:
    codes, call, wrong = problems(), None, []
    for step in steps(diagram):
        if (step.sender, step.receiver) == ("T", "R"):
            assert not step.dashed, step.text
            call = endpoint(step.text)
        elif step.sender == "R":
            assert step.dashed, step.text
            assert call is not None
            status, word = int(step.text[:3]), step.text[4:].split(",")[0].split(" ")[0]
            if status >= 400 and codes.get(word) != status:
                wrong.append(step.text)
            if status < 400 and status != call.status:
                wrong.append(f"{step.text} (the server says {call.status})")
    assert wrong == []


def test_every_part_of_a_tills_day_is_drawn() -> None:
    drawn = {step.text.partition(" ")[2] for diagram in DIAGRAMS for step in steps(diagram)}
    assert WANTED - drawn == set()
    assert len(DIAGRAMS) == 12
