"""Which things outside a document it names: batches of codes. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from regulars.promotions.benefits.handing import Voucher
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.presented import Code
from regulars.promotions.document import build
from regulars.promotions.model import Document


def code_batches(document: Document) -> frozenset[str]:
    """Names of the batches of codes that it asks for or issues. Raises Unprocessable like `build`."""
    terms = build(document)
    issued = {benefit.voucher for benefit in terms.benefits if isinstance(benefit, Voucher)}
    return frozenset(issued.union(_asked(terms.conditions)))


def _asked(conditions: Iterable[Condition]) -> set[str]:
    found: set[str] = set()
    for condition in conditions:
        if isinstance(condition, Code) and condition.batch is not None:
            found.add(condition.batch)
        inner: tuple[Condition, ...] = getattr(condition, "of", ())
        found |= _asked(inner)
    return found
