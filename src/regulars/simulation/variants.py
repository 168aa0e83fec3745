"""What would be live with a change and what without it: a draft added, a live promotion replaced or stopped. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, cast
from uuid import UUID

from msgspec import Struct, structs

from regulars.promotions.index import Live, Promotion
from regulars.promotions.model import Document, Revision

NEW = UUID(int=2**128 - 1)
"""The id of a document that is no promotion yet."""


class Change(Struct, frozen=True):
    """What is tried: a promotion with this document, and others stopped."""

    document: Document
    promotion: UUID = NEW
    stop: frozenset[UUID] = frozenset()
    instead: bool = True
    """It replaces what is live of the same promotion; False: it is live as it is, and is compared with its absence."""


class Variants(Struct, frozen=True):
    """The live promotions before and after a change, and what is looked at."""

    before: Live
    after: Live
    alone: Live
    """The promotion by itself: why it does not apply, whatever others do."""
    subject: UUID

    @property
    def only_added(self) -> bool:
        """Whether the promotion comes new and all others stay as they are."""
        return (
            len(self.after.promotions) == len(self.before.promotions) + 1
            and self.subject not in self.before.by_id
        )

    @property
    def promotion(self) -> Promotion:
        """The promotion that is tried, compiled."""
        return self.after.by_id[self.subject]


def variants(live: Live, change: Change) -> Variants:
    """Compile both sides. Raises Contradiction where the document does not fit its group, Unprocessable as `build`."""
    mine = Revision(change.promotion, _next(live, change), change.document)
    others = [
        Revision(one.id, one.revision, one.document)
        for one in live.promotions
        if one.id != mine.promotion and one.id not in change.stop
    ]
    after = Live.build([*others, mine], live.groups, live.kinds)
    alone = Live.build([mine], live.groups, live.kinds)
    if change.instead and not change.stop & live.by_id.keys():
        return Variants(live, after, alone, mine.promotion)
    before = [
        Revision(one.id, one.revision, one.document)
        for one in live.promotions
        if change.instead or one.id != mine.promotion
    ]
    return Variants(Live.build(before, live.groups, live.kinds), after, alone, mine.promotion)


def _next(live: Live, change: Change) -> int:
    there = live.by_id.get(change.promotion)
    if there is None:
        return 1
    return there.revision + 1 if change.instead else there.revision


def dateless(document: Document) -> tuple[Document, tuple[Literal["window", "dates"], ...]]:
    """The document without its window and its dates, and which of them it had: past receipts lie before most of them.

    Weekdays, hours and days of the month stay.
    """
    gone: list[Literal["window", "dates"]] = []
    if document.valid_from is not None or document.valid_until is not None:
        gone.append("window")
    kept = tuple(condition for condition in document.conditions if condition.get("kind") != "dates")
    if len(kept) < len(document.conditions):
        gone.append("dates")
    return structs.replace(document, valid_from=None, valid_until=None, conditions=kept), tuple(gone)


def kinds_within(conditions: Collection[object]) -> frozenset[str]:
    """The tags of all conditions of a document, those inside others too."""
    found: set[str] = set()
    for condition in conditions:
        if isinstance(condition, dict):
            fields = cast(dict[str, Any], condition)
            found.add(str(fields.get("kind", "")))
            found |= kinds_within(fields.get("of", ()))
    return frozenset(found)
