"""Conditions on what the customer presents or has chosen: a code, an activated offer, a way to pay."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, ClassVar
from uuid import UUID

from msgspec import Meta

from regulars.promotions.code_text import normalise
from regulars.promotions.conditions.customer import NO_MEMBER
from regulars.promotions.conditions.kind import Condition, Failure, Need, only
from regulars.promotions.model import Basket, Standing
from regulars.promotions.outcome import Refusal
from regulars.promotions.reads import Activations, CodeBatches, Read
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words, any_of

SharedCode = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*[^\x00-\x1f\s-][^\x00-\x1f]*$")
]
Method = Annotated[str, Meta(min_length=1, max_length=64)]
UNPAID = "payment:?"
"""The key of a purchase that does not say yet how it is paid."""


class Code(Condition, frozen=True, tag="code"):
    """One of `codes` was presented (one for all; case, spaces and hyphens do not count), or a free one of a `batch`."""

    codes: Annotated[tuple[SharedCode, ...], Meta(max_length=1000)] = ()
    batch: Annotated[str, Meta(min_length=1, max_length=64)] | None = None

    title: ClassVar[str] = N_("Code presented")
    help: ClassVar[str] = N_("For whoever presents a code: one for all, or a unique one of a batch.")
    inputs: ClassVar[dict[str, str]] = {"batch": "code_batches"}
    labels: ClassVar[dict[str, str]] = {"codes": N_("Codes"), "batch": N_("Batch of unique codes")}
    example: ClassVar[dict[str, Any]] = {"kind": "code", "codes": ["WELCOME10"]}

    def __post_init__(self) -> None:
        if not self.codes and self.batch is None:
            raise ValueError("a code or a batch of codes is needed")

    @cached_property
    def plain(self) -> frozenset[str]:
        """The shared codes as they are compared."""
        return frozenset(normalise(code) for code in self.codes)

    def decide(self, scene: Scene) -> Failure | None:
        if self.batch is not None and self.batch in scene.standing.codes:
            return None
        if any(normalise(code) in self.plain for code in scene.basket.codes):
            return None
        return CODE_MISSING

    def needs(self) -> tuple[Need, ...]:
        batch = [] if self.batch is None else [f"codes:{self.batch}"]
        return (tuple([f"code:{code}" for code in sorted(self.plain)] + batch),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        codes = [f"code:{normalise(code)}" for code in basket.codes]
        return codes + [f"codes:{batch}" for batch in standing.codes]

    def reads(self) -> Iterable[Read]:
        if self.batch is not None:
            yield CodeBatches()

    def describe(self, words: Words, currency: str) -> str:
        """It does not tell the code: whoever reads it might not be meant to have it."""
        return words.gettext("with a code")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "code_missing":
            return None
        return only(words.gettext("with a code"), give, words)


CODE_MISSING = Failure("code_missing")


class Offer(Condition, frozen=True, tag="offer"):
    """The member activated this very promotion: before, or by choosing it at the till."""

    title: ClassVar[str] = N_("Offer activated")
    help: ClassVar[str] = N_("Only for members who activated this offer, in the app or at the till.")
    example: ClassVar[dict[str, Any]] = {"kind": "offer"}

    def decide(self, scene: Scene) -> Failure | None:
        """Nobody activated a promotion that has no id yet; see `OfferOf`."""
        return NOT_ACTIVATED if scene.standing.member else NO_MEMBER

    def bound(self, promotion: UUID) -> Offer:
        return OfferOf(promotion=promotion)

    def reads(self) -> Iterable[Read]:
        yield Activations()

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"offer:{promotion.hex}" for promotion in (*basket.offers, *standing.offers)]

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("once it is activated")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "offer_not_activated":
            return None
        return words.gettext("Activate the offer first: {give}").format(give=give)


class OfferOf(Offer, frozen=True, tag="offer"):
    """The condition as one promotion has it once it is published."""

    promotion: UUID

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        chosen = self.promotion in scene.basket.offers or self.promotion in scene.standing.offers
        return None if chosen else NOT_ACTIVATED

    def needs(self) -> tuple[Need, ...]:
        return ((f"offer:{self.promotion.hex}",),)


NOT_ACTIVATED = Failure("offer_not_activated")


class PaymentMethod(Condition, frozen=True, tag="payment_method"):
    """The purchase is paid, wholly or in part, by one of these methods, as the till names them."""

    methods: Annotated[tuple[Method, ...], Meta(min_length=1, max_length=100)]

    title: ClassVar[str] = N_("Method of payment")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Only where the purchase is paid this way.")
    inputs: ClassVar[dict[str, str]] = {"methods": "payment_methods"}
    labels: ClassVar[dict[str, str]] = {"methods": N_("Methods")}
    example: ClassVar[dict[str, Any]] = {"kind": "payment_method", "methods": ["bank-card"]}
    hard: ClassVar[bool] = False

    def decide(self, scene: Scene) -> Failure | None:
        paid = scene.basket.payment_methods
        if any(method in self.methods for method in paid):
            return None
        return Failure("payment_method_not_included", {"methods": list(self.methods[:3])}, {}, not paid)

    def needs(self) -> tuple[Need, ...]:
        """A purchase that is not paid yet may still be paid so: it is looked at, and told."""
        return ((*[f"payment:{method}" for method in self.methods], UNPAID),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"payment:{method}" for method in basket.payment_methods] or [UNPAID]

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("paid with {methods}").format(methods=any_of("payment", self.methods, words))

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "payment_method_not_included":
            return None
        methods = any_of("payment", refusal.facts["methods"], words)
        return words.gettext("Pay with {methods} to get {give}").format(methods=methods, give=give)
