"""And, or, not over conditions of every kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from msgspec import Meta
from msgspec.structs import replace

from regulars.promotions.conditions.kind import Condition, Failure, Need, judge
from regulars.promotions.goods import Goods
from regulars.promotions.outcome import Refusal
from regulars.promotions.reads import Read
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words


class Composite(Condition, frozen=True):
    """Conditions within a condition; a reader of documents converts `of` with the same table of kinds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=50)]

    labels: ClassVar[dict[str, str]] = {"of": N_("Conditions")}
    hard: ClassVar[bool] = False

    def reads(self) -> Iterable[Read]:
        for part in self.of:
            yield from part.reads()

    def bound(self, promotion: UUID) -> Self:
        parts = tuple(part.bound(promotion) for part in self.of)
        same = all(new is old for new, old in zip(parts, self.of, strict=True))
        return self if same else replace(self, of=parts)

    @property
    def all_personal(self) -> bool:
        """Whether everything inside it looks at the customer alone."""
        return all(part.all_personal if isinstance(part, Composite) else part.personal for part in self.of)

    def contradictions(self) -> Iterable[str]:
        for part in self.of:
            yield from part.contradictions()


class And(Composite, frozen=True, tag="and"):
    """All of the conditions hold."""

    title: ClassVar[str] = N_("All of")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("All of these conditions hold.")
    example: ClassVar[dict[str, Any]] = {
        "kind": "and",
        "of": [{"kind": "member"}, {"kind": "first_purchase"}],
    }

    def decide(self, scene: Scene) -> Failure | None:
        return judge(self.of, scene)

    def needs(self) -> tuple[Need, ...]:
        return tuple(need for part in self.of for need in part.needs())

    def describe(self, words: Words, currency: str) -> str:
        return words.joined([part.describe(words, currency) for part in self.of])


class Or(Composite, frozen=True, tag="or"):
    """At least one of the conditions holds."""

    title: ClassVar[str] = N_("Any of")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("At least one of these conditions holds.")
    example: ClassVar[dict[str, Any]] = {
        "kind": "or",
        "of": [{"kind": "hours", "weekdays": [6, 7]}, {"kind": "basket_amount", "minimum": 5000}],
    }

    def decide(self, scene: Scene) -> Failure | None:
        """When none holds, the reason is the first near one, else the first."""
        reason: Failure | None = None
        for part in self.of:
            failure = part.decide(scene)
            if failure is None:
                return None
            if reason is None or (failure.near and not reason.near):
                reason = failure
        return reason

    def needs(self) -> tuple[Need, ...]:
        """One need of each part, goods before keys; nothing when a part needs nothing."""
        parts = [part.needs() for part in self.of]
        if not all(parts):
            return ()
        chosen = [min(needs, key=lambda need: (not isinstance(need[0], Goods), len(need))) for needs in parts]
        return (tuple(atom for need in chosen for atom in need),)

    def describe(self, words: Words, currency: str) -> str:
        return words.joined([part.describe(words, currency) for part in self.of], either=True)


class Not(Composite, frozen=True, tag="not"):
    """None of the conditions holds."""

    title: ClassVar[str] = N_("None of")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("None of these conditions holds.")
    example: ClassVar[dict[str, Any]] = {"kind": "not", "of": [{"kind": "store", "stores": ["outlet"]}]}
    hard: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        for part in self.of:
            if part.decide(scene) is None:
                return Failure("excluded_by_condition", {"condition": part.__struct_config__.tag})
        return None

    def contradictions(self) -> Iterable[str]:
        return ()

    def describe(self, words: Words, currency: str) -> str:
        inner = words.joined([part.describe(words, currency) for part in self.of], either=True)
        return words.gettext("not {condition}").format(condition=inner)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "excluded_by_condition":
            return None
        return words.gettext("Not for this purchase: {give}").format(give=give)


def could_hold(condition: Condition, scene: Scene) -> bool:
    """Whether the customer could meet it with some basket, somewhere, some day: judges what looks at her alone."""
    if isinstance(condition, And):
        return all(could_hold(part, scene) for part in condition.of)
    if isinstance(condition, Or):
        return any(could_hold(part, scene) for part in condition.of)
    if isinstance(condition, Composite):
        return not condition.all_personal or condition.decide(scene) is None
    return not condition.personal or condition.decide(scene) is None
