"""Notes what became of each promotion while a basket is decided, and tells it: applied, suppressed or refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from regulars.promotions.benefits.kind import EarningBenefit
from regulars.promotions.bidders import Given, Result
from regulars.promotions.conditions.kind import Failure
from regulars.promotions.index import Promotion
from regulars.promotions.outcome import Refusal, Verdict
from regulars.promotions.scene import Scene


class Notes:
    """By a promotion's place in the order: why it failed, what it gave, or to whom it lost."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.failures: dict[int, Failure] = {}
        self.given: dict[int, list[Given]] = {}
        self.losers: dict[int, UUID | None] = {}

    def group(self, result: Result, passing: Iterable[Promotion], barred: Mapping[int, UUID]) -> None:
        """Note what a group decided. `barred`: the lines that it had to leave alone, and because of whom."""
        for given in result.given:
            if given.anything:
                self.given.setdefault(given.promotion.order, []).append(given)
        self.losers.update(result.losers)
        if barred:
            first = next(iter(barred.values()))
            for promotion in passing:
                if not promotion.joint:
                    self.losers.setdefault(promotion.order, first)

    def verdicts(self, promotions: Sequence[Promotion], gains: Mapping[int, int]) -> tuple[Verdict, ...]:
        """One for each promotion. `gains`: what those that a change of the basket could win would be worth."""
        return tuple([self._verdict(promotion, gains.get(promotion.order, 0)) for promotion in promotions])

    def _verdict(self, promotion: Promotion, gain: int) -> Verdict:
        order, group = promotion.order, promotion.group.name
        given = self.given.get(order)
        if given:
            return self._applied(promotion, given)
        if order in self.losers:
            by = self.losers[order]
            lost = refusal(promotion, Failure("suppressed", {} if by is None else {"by": str(by)}), 0)
            return Verdict(
                promotion.id, promotion.revision, "suppressed", group, refusal=lost, suppressed_by=by
            )
        failure = self.failures.get(order)
        if failure is None:
            meant = [b.goods for b in promotion.benefits if self.scene.lines_of(b.goods)]
            goods = promotion.benefits[0].goods.facts
            failure = Failure("nothing_left") if meant else Failure("products_missing", {"goods": goods})
        why = refusal(promotion, failure, gain, near=failure.near)
        return Verdict(promotion.id, promotion.revision, "refused", group, refusal=why)

    def _applied(self, promotion: Promotion, given: list[Given]) -> Verdict:
        earned: dict[str, int] = {}
        discount = 0
        for gift in given:
            amount = sum(gift.amounts.values())
            if isinstance(gift.benefit, EarningBenefit):
                earned[gift.benefit.currency] = earned.get(gift.benefit.currency, 0) + amount
            else:
                discount += amount + gift.off_delivery
        places = sorted({place for gift in given for place in gift.amounts})
        return Verdict(
            promotion.id,
            promotion.revision,
            "applied",
            promotion.group.name,
            discount,
            earned,
            lines=tuple([self.scene.basket.lines[place].number for place in places]),
            base=sum(gift.base for gift in given),
        )


def refusal(promotion: Promotion, failure: Failure, gain: int, near: bool = False) -> Refusal:
    """Why a promotion gives nothing. `gain`: what it would be worth in base money if it could be won."""
    return Refusal(promotion.id, promotion.revision, failure.code, failure.facts, failure.missing, near, gain)
