"""What speaks against publishing a promotion, in sentences, each shown by a basket that the engine priced. Pure.

from regulars.promotions import linter
findings = linter.lint(document, surroundings, words)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from regulars.promotions.linting import money, reach, references
from regulars.promotions.linting.cases import UNNAMED, Cases, subject
from regulars.promotions.linting.finding import Example, Finding, Surroundings
from regulars.promotions.model import Document
from regulars.promotions.words import Words

__all__ = ["Example", "Finding", "Surroundings", "errors", "lint", "warnings"]

Check = Callable[[Cases, Words], Iterator[Finding]]

ALWAYS: tuple[Check, ...] = (
    reach.contradictions,
    reach.moments_that_never_come,
    reach.window_over,
    references.places,
    references.goods,
    references.code_batches,
    references.stamps,
    references.texts,
)
"""What can be said of any document."""
BY_EXAMPLE: tuple[Check, ...] = (
    reach.without_example,
    reach.shadows,
    reach.alike,
    money.below_cost,
    money.free_goods,
    money.handed_out,
    money.points_worth_more,
    money.gift_cards,
    money.multipliers,
)
"""What needs a promotion that the engine can calculate with."""
_ORDER = ("error", "warning", "note")


def lint(document: Document, around: Surroundings, words: Words) -> list[Finding]:
    """Everything that was found, errors first. Raises Unprocessable as `document.build`."""
    mine = subject(document, around.promotion or UNNAMED, around.live.kinds)
    cases = Cases(mine, around)
    found = [finding for check in ALWAYS for finding in check(cases, words)]
    if not errors(found):
        found += [finding for check in BY_EXAMPLE for finding in check(cases, words)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that cannot be published."""
    return [finding for finding in findings if finding.severity == "error"]


def warnings(findings: Iterable[Finding]) -> list[Finding]:
    """Those that must be accepted by whoever publishes."""
    return [finding for finding in findings if finding.severity == "warning"]
