"""In which stores a promotion could apply: the place decides, or it is left open."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.promotions.kinds import KINDS
from regulars.promotions.stores import could_run, keys_of

pytestmark = pytest.mark.fast
HERE = keys_of("riga-1", ("city",), "operator")
IN, OUT = {"kind": "store", "stores": ["riga-1"]}, {"kind": "store", "stores": ["riga-2"]}
IN_GROUP = {"kind": "store", "stores": ["riga-2"], "groups": ["city"]}
MEMBER = {"kind": "member"}


def both(*of: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "and", "of": list(of)}


def either(*of: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "or", "of": list(of)}


def none(*of: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "not", "of": list(of)}


@pytest.mark.parametrize(
    ("conditions", "could"),
    [
        ([], True),
        ([MEMBER], True),
        ([IN], True),
        ([OUT], False),
        ([IN_GROUP], True),
        ([IN, OUT], False),
        ([{"kind": "partner", "partners": ["operator"]}], True),
        ([{"kind": "partner", "partners": ["fuel"]}], False),
        ([none(IN)], False),
        ([none(OUT)], True),
        ([none(MEMBER)], True),
        ([none(OUT, IN)], False),
        ([none(MEMBER, IN)], False),
        ([either(OUT, MEMBER)], True),
        ([either(OUT, OUT)], False),
        ([both(OUT, MEMBER)], False),
        ([both(IN, MEMBER)], True),
        ([none(both(IN, MEMBER))], True),
        ([none(both(IN, IN_GROUP))], False),
        ([none(either(OUT, both(MEMBER, OUT)))], True),
    ],
)
def test_a_promotion_could_run_in_a_store(conditions: list[dict[str, Any]], could: bool) -> None:
    assert could_run([KINDS.condition(raw, "") for raw in conditions], HERE) == could
