"""Decides whether a promotion may apply to a basket as it stands, and if not why. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from regulars.promotions.conditions.customer import MEMBER_REQUIRED
from regulars.promotions.conditions.kind import Condition, Failure, judge
from regulars.promotions.index import Promotion
from regulars.promotions.limits import SOMEBODY, Limits
from regulars.promotions.scene import Scene


class Eligibility:
    """Of the promotions of one basket: their window, conditions, limits, and prices in points."""

    def __init__(self, scene: Scene, limits: Limits):
        self.scene = scene
        self.limits = limits
        self.wanted: dict[str, int] = {}
        """Points that promotions which were chosen and may apply would draw, by currency."""

    def failure(
        self, promotion: Promotion, conditions: tuple[Condition, ...], *, speaks: bool = True
    ) -> Failure | None:
        """Why it may not apply now; None: it may, and the points that it costs are spoken for.

        `conditions`: those of its conditions that are to be asked. `speaks`: False for one that is only asked for its
        reason, and leaves the points to others.
        """
        scene, since, until = self.scene, promotion.since, promotion.until
        if (since is not None and scene.wall < since) or (until is not None and scene.wall >= until):
            facts = {"from": since and since.isoformat(), "until": until and until.isoformat()}
            return Failure("outside_period", facts)
        failure = None
        if conditions:
            failure = conditions[0].decide(scene) if len(conditions) == 1 else judge(conditions, scene)
        if promotion.members_only and not scene.standing.member:
            return (
                MEMBER_REQUIRED
                if failure is None
                else replace(failure, near=failure.code == MEMBER_REQUIRED.code)
            )
        if failure is None and promotion.limits:
            left = self.limits.why_not(promotion, scene.basket.to_base)
            if left is not None:
                return Failure(left.code, left.facts, near=left.code in SOMEBODY)
        if failure is None and promotion.prices:
            return self._unpaid(promotion, speaks)
        return failure

    def _by_itself(self, promotion: Promotion) -> bool:
        """Whether its price is paid without being chosen: only stamps are, for they need no proof of who spends."""
        currencies = self.scene.rules.currencies
        return promotion.automatic and all(
            price.currency in currencies and currencies[price.currency].stamps for price in promotion.prices
        )

    def _unpaid(self, promotion: Promotion, speaks: bool) -> Failure | None:
        """Why a promotion with a price in points may not apply: it was not chosen, or there are too few points.

        Points that the customer wants to pay with are not there for it, nor those of promotions before it.
        """
        scene, wanted = self.scene, self.wanted
        if promotion.id not in scene.basket.offers and not self._by_itself(promotion):
            return Failure("offer_not_chosen")
        prices: dict[str, int] = {}
        for price in promotion.prices:
            prices[price.currency] = prices.get(price.currency, 0) + price.points
        for currency, points in prices.items():
            there = scene.standing.available.get(currency, 0) if scene.standing.may_spend else 0
            asked = sum([spend.amount or 0 for spend in scene.basket.spend if spend.currency == currency])
            lacking = points - max(0, there - asked - wanted.get(currency, 0))
            if lacking > 0:
                return Failure("insufficient_points", {}, {"amount": lacking, "currency": currency})
        for currency, points in prices.items() if speaks else ():
            wanted[currency] = wanted.get(currency, 0) + points
        return None
