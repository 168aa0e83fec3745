"""The gate: so many at once, the next is told when to come again, and a place is free again however its work ended."""

from __future__ import annotations

import pytest

from regulars.errors import Overloaded
from regulars.web.gate import Gate

pytestmark = pytest.mark.fast


def test_as_many_as_are_allowed_are_inside_and_the_next_is_told_when_to_come_again() -> None:
    gate = Gate(2)

    with gate, gate, pytest.raises(Overloaded) as told, gate:
        pass

    assert told.value.headers == {"Retry-After": "1"}
    with gate, gate:
        pass


def test_work_that_fails_leaves_its_place() -> None:
    gate = Gate(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate:
            raise ZeroDivisionError
    with gate:
        pass
