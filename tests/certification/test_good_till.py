"""A till that does everything right passes every situation that it claims."""

from __future__ import annotations

from regulars.certify.situations import SITUATIONS
from tests.certification.conftest import Room
from tests.certification.model_till import Till


def test_a_till_that_does_everything_right_passes_every_situation(room: Room) -> None:
    verdicts = room.certified(Till())
    failed = {name: (one.reason, one.request) for name, one in verdicts.items() if one.result == "failed"}
    assert failed == {}
    assert [name for name, one in verdicts.items() if one.result == "passed"] == [
        one.name for one in SITUATIONS
    ]
