"""Conditions on who buys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from regulars.promotions.conditions.kind import Condition, Failure
from regulars.promotions.model import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words


class Member(Condition, frozen=True, tag="member"):
    """The customer was recognised: by card, phone, email or otherwise."""

    title: ClassVar[str] = N_("Member present")
    example: ClassVar[dict[str, Any]] = {"kind": "member"}
    hard: ClassVar[bool] = False

    def decide(self, scene: Scene) -> Failure | None:
        return None if scene.standing.member else MEMBER_REQUIRED

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("for members")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "member_required":
            return None
        return words.gettext("With a card or a phone number: {give}").format(give=give)


MEMBER_REQUIRED = Failure("member_required", near=True)


class FirstPurchase(Condition, frozen=True, tag="first_purchase"):
    """The member has bought nothing before (purchases that were voided do not count)."""

    title: ClassVar[str] = N_("First purchase")
    example: ClassVar[dict[str, Any]] = {"kind": "first_purchase"}

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return MEMBER_REQUIRED
        return None if scene.standing.purchases == 0 else Failure("not_first_purchase")

    def reads(self) -> Mapping[str, int]:
        return {"purchases": 1}

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("on the first purchase")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "not_first_purchase":
            return None
        return words.gettext("On the first purchase only: {give}").format(give=give)
