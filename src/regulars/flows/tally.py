"""Sums up by day what purchases and returns change of the figures. Pure; in whatever order they come, sums agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.purchases import given
from regulars.purchases.documents import unpack_return
from regulars.purchases.given import Given

Act = Literal["purchase", "confirmation", "claim", "voiding"]
STORE_DAY = (
    "purchases", "by_members", "with_card", "in_other_money", "gross", "discount", "card_gross", "card_discount",
    "earned", "spent", "returns", "gross_back", "discount_back", "money_back", "points_back", "points_taken",
)  # fmt: skip
"""The sums of a store's day, as the table has them."""


class Touched(Struct, frozen=True, gc=False):
    """A purchase about which a fact was written: that it came about, was claimed, or voided."""

    act: Act
    store: UUID
    day: date
    currency: str
    member: UUID | None
    has_card: bool
    gross: int
    discount: int
    earned: int
    spent: int
    document: bytes
    claimed_by: UUID | None
    claimed: bytes | None
    """The document of the claim."""


class Returned(Struct, frozen=True, gc=False):
    """A return; `sign` −1: its purchase was voided afterwards, and nothing of it came about."""

    sign: int
    store: UUID
    day: date
    currency: str
    gross_back: int
    discount_back: int
    money_back: int
    points_back: int
    points_taken: int
    answer: bytes
    document: bytes
    """Of the purchase."""


class Tally:
    """What is to be added to the rows of each table."""

    def __init__(self, base: str, points: str) -> None:
        """`base`: the program's base money; `points`: its first points currency, or nothing."""
        self._base = base
        self._points = points
        self.stores: dict[tuple[UUID, date], dict[str, int]] = {}
        self.promotions: dict[tuple[UUID, UUID, date], list[int]] = {}
        """Promotion, store, day → purchases, by members, net."""
        self.given: dict[tuple[UUID, UUID, date, str], list[int]] = {}
        """Promotion, store, day, currency → given, taken back."""
        self.visits: dict[tuple[UUID, UUID, date], int] = {}
        """Member, store, day → purchases."""

    def purchase(self, touched: Touched) -> None:
        """Count what a fact about a purchase changes."""
        kept = given.read(touched.document)
        bought = (touched.member, touched.earned, kept)
        if touched.claimed is None or touched.act in ("purchase", "confirmation"):
            self._count(touched, *bought, -1 if touched.act == "voiding" else 1)
            return
        after = given.read(touched.claimed)
        claimed = (touched.claimed_by, after.points(self._points), after)
        if touched.act == "claim":
            self._count(touched, *bought, -1)
            self._count(touched, *claimed, 1)
        else:
            self._count(touched, *claimed, -1)

    def returned(self, one: Returned) -> None:
        """Count a return."""
        money = one.sign * (one.currency == self._base)
        self._add_to_store(one.store, one.day, {
            "returns": one.sign, "gross_back": money * one.gross_back, "discount_back": money * one.discount_back,
            "money_back": money * one.money_back, "points_back": one.sign * one.points_back,
            "points_taken": one.sign * one.points_taken,
        })  # fmt: skip
        back = given.read(one.document).back(unpack_return(one.answer))
        for (promotion, currency), amount in back.items():
            self._given(promotion, one.store, one.day, currency)[1] += one.sign * amount

    def _count(self, bought: Touched, member: UUID | None, earned: int, kept: Given, sign: int) -> None:
        money = sign * (bought.currency == self._base)
        card = member is not None or bought.has_card
        self._add_to_store(bought.store, bought.day, {
            "purchases": sign, "by_members": sign * (member is not None), "with_card": sign * card,
            "in_other_money": sign - money, "gross": money * bought.gross, "discount": money * bought.discount,
            "card_gross": money * card * bought.gross, "card_discount": money * card * bought.discount,
            "earned": sign * earned, "spent": sign * bought.spent,
        })  # fmt: skip
        for promotion in kept.promotions():
            sums = self.promotions.setdefault((promotion, bought.store, bought.day), [0, 0, 0])
            sums[0] += sign
            sums[1] += sign * (member is not None)
            sums[2] += money * (bought.gross - bought.discount)
        for (promotion, currency), amount in kept.amounts().items():
            self._given(promotion, bought.store, bought.day, currency)[0] += sign * amount
        if member is not None:
            key = (member, bought.store, bought.day)
            self.visits[key] = self.visits.get(key, 0) + sign

    def _add_to_store(self, store: UUID, day: date, amounts: Mapping[str, int]) -> None:
        sums = self.stores.setdefault((store, day), dict.fromkeys(STORE_DAY, 0))
        for name, amount in amounts.items():
            sums[name] += amount

    def _given(self, promotion: UUID, store: UUID, day: date, currency: str) -> list[int]:
        return self.given.setdefault((promotion, store, day, currency), [0, 0])


def column(sums: Sequence[Mapping[str, int]], name: str) -> list[int]:
    """One sum of many rows."""
    return [row[name] for row in sums]
