"""The linter on any document: it never fails, its baskets are true, and nobody wins what it calls unwinnable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.promotions_kit import RULES, line, live_of, promotion

from regulars.errors import Problem
from regulars.promotions import linter
from regulars.promotions.document import parse
from regulars.promotions.kinds import BENEFITS, CONDITIONS
from regulars.promotions.linter import Surroundings
from regulars.promotions.linting.cases import UNNAMED, Cases, subject
from regulars.promotions.wording import English

GROUPS = {"item": "items", "basket": "basket", "earning": "points"}
NOW = datetime(2026, 11, 21, 10, 3)
LIVE = live_of(
    promotion("items", {"kind": "line_percent", "percent": "10"}, name="Ten"),
    promotion("basket", {"kind": "basket_percent", "percent": "5"}, name="Five"),
    promotion("points", {"kind": "points_per_spend", "currency": "PTS"}, name="Points"),
    promotion("points", {"kind": "points_multiplier", "currency": "PTS", "factor": "2"}, name="Double"),
)
WARES = (
    line(1, 100, sku="milk", cost=95),
    line(1, 900, sku="4750001", cost=300, categories=("drinks/coffee",)),
)
NUMBERS = st.sampled_from([0, 1, 2, 7, 99, 1000, 36_600, 10**9, 10**12])
MOMENTS = st.sampled_from(
    ["0001-01-01T00:00:00", "1969-12-31T23:59:59", "2026-11-21T10:03:00", "2027-02-28T23:59:59",
     "9999-12-31T23:59:59", None]
)  # fmt: skip


@st.composite
def parts(draw: st.DrawFn, kinds: tuple[type[Any], ...]) -> dict[str, Any]:
    """An example of a kind, some of its numbers others."""
    return changed(draw, draw(st.sampled_from(kinds)).example)


def changed(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: changed(draw, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [changed(draw, inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and draw(st.booleans()):
        return draw(NUMBERS)
    return value


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(BENEFITS))
    conditions = [draw(parts(CONDITIONS)) for _ in range(draw(st.integers(0, 4)))]
    if conditions and draw(st.booleans()):
        conditions[0] = {"kind": draw(st.sampled_from(["not", "or", "and"])), "of": conditions[:]}
    window = {"from": draw(MOMENTS), "until": draw(MOMENTS)}
    return promotion(GROUPS[kind.stage], changed(draw, kind.example), conditions=conditions, **window)


@given(documents())
def test_any_document_is_linted_without_an_error_of_ours(raw: dict[str, Any]) -> None:
    try:
        document = parse(raw)
    except Problem:
        assume(False)
        raise
    around = Surroundings(
        LIVE, RULES, NOW, wares=WARES, goods_known=frozenset({"s:milk"}), languages=("en", "lv")
    )
    findings = linter.lint(document, around, English())
    for finding in findings:
        assert finding.sentence
        assert "{" not in finding.sentence
        if finding.example is not None:
            lines = finding.example.lines
            assert finding.example.gross >= sum(one.gross for one in lines)
            assert finding.example.discount >= sum(one.discount for one in lines)
            assert finding.example.text


@given(documents())
def test_what_contradicts_is_won_by_no_basket_that_is_drawn(raw: dict[str, Any]) -> None:
    try:
        mine = subject(parse(raw), UNNAMED)
    except Problem:
        assume(False)
        raise
    around = Surroundings(LIVE, RULES, NOW, partners=frozenset({"petrol-co"}))
    cases = Cases(mine, around)
    unwinnable = [
        finding
        for finding in linter.lint(mine.document, around, English())
        if finding.severity == "error" and finding.pointer.startswith("/conditions")
    ]
    known = all(benefit.get("currency", "PTS") in RULES.currencies for benefit in raw["benefits"])
    if unwinnable and known:
        assert cases.case() is None
