"""What every kind of condition is: fields, a decision on a scene, what the index may use, labels and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.promotions.goods import Goods
from regulars.promotions.model import Basket, Standing
from regulars.promotions.outcome import Refusal
from regulars.promotions.reads import Read
from regulars.promotions.scene import Scene
from regulars.promotions.words import Words

Need = tuple[str | Goods, ...]
"""One of these must be there (a key of the purchase, or a line of these goods), or the condition cannot hold."""


class Failure(Struct, frozen=True, gc=False):
    """Why a condition does not hold. `near`: a change of the basket at this till could still make it hold."""

    code: str
    facts: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    near: bool = False


class Condition(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", dict=True
):
    """A kind of condition: subclass it with a `tag`, and name the subclass in `kinds.CONDITIONS`."""

    title: ClassVar[str]
    help: ClassVar[str]
    """What it is good for, in a sentence."""
    labels: ClassVar[dict[str, str]] = {}
    inputs: ClassVar[dict[str, str]] = {}
    """What a form must know of a field that its type does not say: decimal, points, or where to pick from (`forms`)."""
    choices: ClassVar[dict[str, dict[Any, str]]] = {}
    """What the values of a field are called that has a few."""
    example: ClassVar[dict[str, Any]]
    """Its fields in a document, for the reference page and the tests."""
    hard: ClassVar[bool] = True
    """Whether its failures are never near misses: such conditions are asked first."""
    personal: ClassVar[bool] = False
    """Whether it looks at the customer alone, so that it can be judged before there is a basket."""
    told_by_keys: ClassVar[bool] = False
    """Whether a purchase that has one of the keys it needs has met it: then nobody asks again."""
    offline: ClassVar[bool] = False
    """Whether a till without the line decides it exactly (`static/till/offline/engine.js`)."""

    def decide(self, scene: Scene) -> Failure | None:
        """None when it holds for this basket, customer and state of the calculation."""
        raise NotImplementedError

    def needs(self) -> tuple[Need, ...]:
        """What must all be there for it to hold; empty when the index can use nothing of it."""
        return ()

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        """The keys of a purchase that its string needs are compared with."""
        return ()

    def reads(self) -> Iterable[Read]:
        """What of the standing must be read for it."""
        return ()

    def bound(self, promotion: UUID) -> Self:
        """The condition as one of this promotion's; only what depends on the promotion's id differs."""
        return self

    def contradictions(self) -> Iterable[str]:
        """Sentences that say why it can never hold."""
        return ()

    def describe(self, words: Words, currency: str) -> str:
        """The condition in plain words. `currency`: the base money."""
        raise NotImplementedError

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        """The sentence for one of its codes, `give` saying what there is to win; None: not a code of this kind."""
        return None


def judge(conditions: Iterable[Condition], scene: Scene) -> Failure | None:
    """None when all hold. A hard failure is the reason at once; a near one is near only if it is alone."""
    first: Failure | None = None
    for condition in conditions:
        failure = condition.decide(scene)
        if failure is None:
            continue
        if first is None:
            first = failure
            if not failure.near:
                return failure
        else:
            return replace(first if failure.near else failure, near=False)
    return first


def require_bound(minimum: int | None, maximum: int | None) -> None:
    """Raises ValueError where neither is given: such a condition would say nothing."""
    if minimum is None and maximum is None:
        raise ValueError("a minimum or a maximum is needed")


def only(when: str, give: str, words: Words) -> str:
    """The sentence for a condition that no change of the basket could meet; `when`: the condition, described."""
    return words.gettext("Only {when}: {give}").format(when=when, give=give)
