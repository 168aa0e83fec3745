"""All kinds of conditions and benefits: a new kind is a class named in one of these two tuples, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Struct

from regulars.errors import InvalidValue, UnknownField, Unprocessable
from regulars.promotions.benefits.discounts import (
    BasketAmountOff,
    BasketPercent,
    BasketPrice,
    LineAmount,
    LinePercent,
    LinePrice,
)
from regulars.promotions.benefits.earning import (
    Cashback,
    PointsFixed,
    PointsMultiplier,
    PointsPerSpend,
    PointsPerUnit,
)
from regulars.promotions.benefits.handing import Delivery, Entitlement, Gift, Message, Voucher
from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.benefits.ladders import Ladder, TurnoverLadder
from regulars.promotions.benefits.multibuy import BundlePrice, BuyGet, EveryNth, NForM
from regulars.promotions.benefits.points_price import PointsPrice
from regulars.promotions.conditions.basket import BasketAmount, Products, Quantity, ReducedGoods
from regulars.promotions.conditions.bundle import Bundle
from regulars.promotions.conditions.customer import (
    AccountKind,
    Audience,
    Club,
    Consent,
    Language,
    Member,
    Tier,
)
from regulars.promotions.conditions.dates import Dates, Monthly, Weekly
from regulars.promotions.conditions.history import FirstPurchase, LastPurchase, NthPurchase, Turnover, Visits
from regulars.promotions.conditions.hours import Hours
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import And, Composite, Not, Or
from regulars.promotions.conditions.person import Age, Birthday, MembershipAge
from regulars.promotions.conditions.place import Channel, Partner, Store, Till
from regulars.promotions.conditions.presented import Code, Offer, PaymentMethod
from regulars.promotions.conditions.streak import VisitStreak

CONDITIONS: tuple[type[Condition], ...] = (
    BasketAmount, Quantity, Products, Bundle, ReducedGoods,
    Store, Partner, Channel, Till, Hours, Dates, Monthly, Weekly,
    FirstPurchase, NthPurchase, Visits, VisitStreak, LastPurchase, Turnover,
    Member, AccountKind, Language, Tier, Club, Audience, Birthday, Age, MembershipAge, Consent,
    PaymentMethod, Code, Offer, And, Or, Not,
)  # fmt: skip
BENEFITS: tuple[type[Benefit], ...] = (
    LinePercent, LineAmount, LinePrice, Ladder, TurnoverLadder, NForM, EveryNth, BuyGet, BundlePrice, PointsPrice,
    BasketPercent, BasketAmountOff, BasketPrice, Delivery, Gift, Voucher, Entitlement, Message,
    PointsPerSpend, PointsPerUnit, PointsFixed, PointsMultiplier, Cashback,
)  # fmt: skip

DEPTH_MAX = 8
"""Levels of and / or / not."""

S = TypeVar("S", bound=Struct)
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_PLACE = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[\.\.\.\]")


class Kinds:
    """A set of kinds, by their tags. `KINDS` is the project's own; tests make larger ones."""

    def __init__(
        self,
        conditions: Iterable[type[Condition]] = CONDITIONS,
        benefits: Iterable[type[Benefit]] = BENEFITS,
    ):
        self.conditions = {tag_of(kind): kind for kind in conditions}
        self.benefits = {tag_of(kind): kind for kind in benefits}
        self.speakers: dict[str, type[Condition]] = {}
        """Which kind words a refusal's code, as far as it was asked."""

    @cached_property
    def asking(self) -> tuple[type[Condition], ...]:
        """Kinds that look at keys of a purchase."""
        return tuple(kind for kind in self.conditions.values() if kind.keys_of is not Condition.keys_of)

    def condition(self, raw: object, pointer: str, depth: int = 0) -> Condition:
        """One condition of a document. Raises Unprocessable with the field's pointer."""
        fields, kind = _kind(raw, self.conditions, pointer)
        if not issubclass(kind, Composite):
            return convert(fields, kind, pointer)
        for name in fields:
            if name not in ("kind", "of"):
                raise UnknownField(f"{pointer}/{name}")
        of: object = fields.get("of")
        if not isinstance(of, list | tuple) or not 1 <= len(cast(list[object], of)) <= 50:
            raise InvalidValue(f"{pointer}/of", "A list of 1 to 50 conditions is needed")
        if depth >= DEPTH_MAX:
            raise InvalidValue(pointer, f"Conditions are nested more than {DEPTH_MAX} levels deep")
        items = enumerate(cast(list[object], of))
        return kind(of=tuple(self.condition(item, f"{pointer}/of/{i}", depth + 1) for i, item in items))

    def benefit(self, raw: object, pointer: str) -> Benefit:
        """One benefit of a document. Raises Unprocessable with the field's pointer."""
        fields, kind = _kind(raw, self.benefits, pointer)
        return convert(fields, kind, pointer)


def tag_of(kind: type[Struct]) -> str:
    """The name of a kind in documents."""
    return str(kind.__struct_config__.tag)


def _kind(raw: object, table: dict[str, type[S]], pointer: str) -> tuple[dict[str, Any], type[S]]:
    if not isinstance(raw, dict):
        raise InvalidValue(pointer, "An object with a `kind` is needed")
    fields = cast(dict[str, Any], raw)
    kind = table.get(str(fields.get("kind", "")))
    if kind is None:
        raise InvalidValue(f"{pointer}/kind", f"One of these kinds is needed: {', '.join(table)}")
    return fields, kind


def convert(raw: object, kind: type[S], pointer: str = "") -> S:
    """`raw` as a struct. Raises UnknownField or InvalidValue with the JSON pointer of the field at fault."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise fault_of(str(error), pointer) from None


def fault_of(message: str, pointer: str) -> Unprocessable:
    """msgspec's sentence as a problem: its `$.goods.skus[0]` becomes the pointer /goods/skus/0."""
    place = _PLACE.search(message)
    where = pointer
    if place:
        where += "".join(f"/{name or number}" for name, number in _STEP.findall(place.group(1)))
        message = message[: place.start()]
    unknown = _UNKNOWN.search(message)
    if unknown:
        return UnknownField(f"{where}/{unknown.group(1)}")
    return InvalidValue(where, message)


KINDS = Kinds()

__all__ = ["BENEFITS", "CONDITIONS", "KINDS", "Kinds", "convert", "tag_of"]
