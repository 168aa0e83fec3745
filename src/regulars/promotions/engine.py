"""Decides what a basket costs and earns: stages item, basket, points as price reduction, tax, payment, earning.

Pure: the same basket, standing, rules and live promotions always give the same outcome, to the byte.

    from regulars.promotions import engine
    outcome = engine.evaluate(live, basket, standing, rules)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.promotions.benefits.kind import EarningBenefit
from regulars.promotions.benefits.points_price import PointsPrice
from regulars.promotions.bidders import Given, Result
from regulars.promotions.competition import Competition
from regulars.promotions.conditions.kind import Failure
from regulars.promotions.eligibility import Eligibility
from regulars.promotions.index import Live, Promotion
from regulars.promotions.limits import RAN_OUT, KeptLeftovers, Leftovers, Limits
from regulars.promotions.model import Basket, GroupRule, Rules, Standing
from regulars.promotions.outcome import Award, Earning, Grant, LineOutcome, Outcome, Piece, Spent, Verdict
from regulars.promotions.paying import Payment, earning_prices, pay
from regulars.promotions.runs import Runs
from regulars.promotions.scene import Scene, places_of
from regulars.promotions.verdicts import Notes, refusal
from regulars.promotions.whole_purchase import purchase_group, worth_of
from regulars.units import allocate

NEAR_MAX, RAN_OUT_MAX = 3, 10
"""Near misses in an outcome, and promotions that ran out."""

Passing = list[tuple[GroupRule, list[Promotion]]]


class Near(Struct, frozen=True, gc=False):
    """A promotion that a change of the basket could win, and what that would be worth in base money."""

    gain: int
    promotion: Promotion
    failure: Failure


def evaluate(
    live: Live, basket: Basket, standing: Standing, rules: Rules, leftovers: Leftovers | None = None
) -> Outcome:
    """The whole decision on a basket, looking only at promotions that could apply to it.

    `leftovers` answers what limits leave to it; without, `standing.left` does.
    """
    return _calculate(live, basket, standing, rules, leftovers, explaining=False)[1]


def explain(
    live: Live, basket: Basket, standing: Standing, rules: Rules, leftovers: Leftovers | None = None
) -> tuple[Outcome, tuple[Verdict, ...]]:
    """The same outcome, and for every live promotion whether it applied, and if not why."""
    calculation, outcome = _calculate(live, basket, standing, rules, leftovers, explaining=True)
    assert calculation.notes is not None
    gains = {near.promotion.order: near.gain for near in reversed(calculation.near)}
    return outcome, calculation.notes.verdicts(live.promotions, gains)


def _calculate(
    live: Live,
    basket: Basket,
    standing: Standing,
    rules: Rules,
    leftovers: Leftovers | None,
    *,
    explaining: bool,
) -> tuple[_Calculation, Outcome]:
    """Once; and again without each promotion that rather gives nothing than the last bit of its budget."""
    limits = Limits(leftovers if leftovers is not None else KeptLeftovers(standing.left))
    while True:
        calculation = _Calculation(live, basket, standing, rules, limits, explaining=explaining)
        outcome = calculation.outcome()
        if not limits.bar(outcome, basket.to_base):
            return calculation, outcome


class _Calculation:
    """One basket on its way through the stages."""

    def __init__(
        self,
        live: Live,
        basket: Basket,
        standing: Standing,
        rules: Rules,
        limits: Limits,
        *,
        explaining: bool,
    ):
        products = live.products(basket.lines)
        self.live = live
        self.keys = live.keys(basket, standing)
        candidates, places = live.candidates(products, self.keys)
        self.scene = Scene(basket, standing, rules, products, places_of(products) if explaining else places)
        self.notes = Notes(self.scene) if explaining else None
        """What is noted for an explanation; None when nobody asks for one."""
        self.limits = limits
        self.eligibility = Eligibility(self.scene, limits)
        limits.begin()
        self.pool = frozenset([p.order for p in candidates]) if explaining else frozenset[int]()
        self.promotions: Sequence[Promotion] = live.promotions if explaining else candidates
        self.awards: list[list[Award]] = [[] for _ in basket.lines]
        self.earned: list[Earning] = []
        self.touched: dict[str, dict[int, UUID]] = {}
        self.near: list[Near] = []
        self.exact = True
        self.parts: dict[int, list[tuple[int, int, int]]] = {}
        """Of lines whose pieces cost differently after the item stage: quantity, gross and price of each part."""
        self.delivery_awards: list[Award] = []
        self.grants: list[Grant] = []
        self.drawn: list[Spent] = []
        """Points that are the price of promotions."""

    def outcome(self) -> Outcome:
        scene = self.scene
        basket = scene.basket
        if basket.as_sold:
            for place, discount in enumerate(basket.sold_discounts):
                scene.net[place] -= discount
        stages: dict[str, Passing] = {"item": [], "basket": [], "earning": []}
        for group, members in _by_group(self.promotions):
            stages[group.stage].append((group, members))
        for stage in ("item", "basket"):
            if basket.as_sold:
                self._facts(stages[stage])
            elif stages[stage]:
                self._discounts(stages[stage], per_piece=stage == "item")
        payment = pay(scene)
        if stages["earning"]:
            self._earn(stages["earning"], payment)
        return self._answer(payment)

    def _facts(self, groups: Passing) -> None:
        """As sold: no discount is decided."""
        if self.notes is not None:
            for _, members in groups:
                self.notes.failures.update({p.order: Failure("as_sold") for p in members})

    def _discounts(self, groups: Passing, per_piece: bool) -> None:
        scene = self.scene
        runs = Runs(scene, scene.net)
        table = Competition(scene, runs, self.limits, discounts=True, telling=self.notes is not None)
        for group, members in groups:
            runs.begin()
            passing, near = self._passing(members, table)
            if not passing:
                self.near += near
                continue
            barred = self._barred(group)
            if per_piece:
                result = table.pieces_group(group.rule, passing, barred, last=False)
            else:
                result = purchase_group(table, group.rule, passing, bool(barred), last=False)
            self._note(group, result, passing, barred)
            for given in result.given:
                self._award(given)
            self._near_beside(group, near, result.given)
        if per_piece and runs.divided:
            self.parts = runs.parts()
            for place, parts in self.parts.items():
                scene.free[place] = sum([quantity for quantity, _, price in parts if not price])

    def _earn(self, groups: Passing, payment: Payment) -> None:
        """Two rounds: first what counts the purchase, then what counts the points of the first round."""
        scene = self.scene
        runs = Runs(scene, earning_prices(scene, payment))
        table = Competition(scene, runs, self.limits, discounts=False, telling=self.notes is not None)
        later: Passing = []
        for group, members in groups:
            passing, near = self._passing(members, table)
            if passing:
                later.append((group, passing))
                given = self._earn_group(table, group, passing, last=False)
                for gift in given:
                    code = _currency(gift)
                    scene.earned += [
                        (group.name, code, place, amount) for place, amount in gift.amounts.items()
                    ]
                self._near_beside(group, near, given)
            else:
                self.near += near
        for group, passing in later:
            if any(promotion.pieces[1] or promotion.purchase[1] for promotion in passing):
                self._earn_group(table, group, passing, last=True)

    def _earn_group(
        self, table: Competition, group: GroupRule, passing: list[Promotion], last: bool
    ) -> list[Given]:
        barred = self._barred(group)
        whole = frozenset(table.scene.indexes) if barred else frozenset[int]()
        pieces = table.pieces_group(group.rule, passing, whole, last)
        purchase = purchase_group(table, group.rule, passing, bool(barred), last)
        given = pieces.given + purchase.given
        result = Result(given, {**pieces.losers, **purchase.losers}, pieces.exact and purchase.exact)
        self._note(group, result, passing, barred)
        for gift in given:
            benefit, promotion = gift.benefit, gift.promotion
            if gift.grant is not None:
                self.grants.append(gift.grant)
            validity = benefit.validity if isinstance(benefit, EarningBenefit) else None
            code = _currency(gift)
            for place, amount in gift.amounts.items():
                number = table.scene.basket.lines[place].number
                self.earned.append(Earning(code, amount, promotion.id, promotion.revision, number, validity))
        return given

    def _passing(
        self, members: Iterable[Promotion], table: Competition
    ) -> tuple[list[Promotion], list[Near]]:
        """The promotions whose conditions hold now, and those that one change of the basket would make hold."""
        passing: list[Promotion] = []
        near: list[Near] = []
        if self.notes is not None:
            return self._judged(self.notes, members, table)
        keys, failure_of = self.keys, self.eligibility.failure
        for promotion in members:
            if promotion.unasked and any(gate.isdisjoint(keys) for gate in promotion.unasked):
                continue
            failure = None if promotion.free else failure_of(promotion, promotion.unkeyed)
            if failure is None:
                passing.append(promotion)
            elif failure.near or failure.code in RAN_OUT:
                near.append(self._missed(promotion, failure, table))
        return passing, near

    def _judged(
        self, notes: Notes, members: Iterable[Promotion], table: Competition
    ) -> tuple[list[Promotion], list[Near]]:
        """The same, asking every promotion for its reason. What the index rules out gives nothing, and must not take
        part: the outcome is the same without it."""
        passing: list[Promotion] = []
        near: list[Near] = []
        for promotion in members:
            found = promotion.order in self.pool
            failure = self.eligibility.failure(promotion, promotion.conditions, speaks=found)
            if failure is not None:
                notes.failures[promotion.order] = failure
                opened = not any(gate.isdisjoint(self.keys) for gate in promotion.gates)
                if found and opened and (failure.near or failure.code in RAN_OUT):
                    near.append(self._missed(promotion, failure, table))
            elif found:
                passing.append(promotion)
        return passing, near

    def _missed(self, promotion: Promotion, failure: Failure, table: Competition) -> Near:
        gain = worth_of(table, promotion, promotion.benefits) // 1_000
        return Near(self.scene.to_base(gain) if table.discounts else gain, promotion, failure)

    def _barred(self, group: GroupRule) -> dict[int, UUID]:
        """The lines that excluded groups touched, and by which promotion."""
        barred: dict[int, UUID] = {}
        for name in group.excludes:
            barred.update(self.touched.get(name, {}))
        return barred

    def _note(
        self, group: GroupRule, result: Result, passing: Iterable[Promotion], barred: dict[int, UUID]
    ) -> None:
        """Remember which lines the group touched and, when explaining, who gave what and who lost."""
        if not result.exact:
            self.exact = False
        if group.name in self.live.excluded:
            touched = self.touched.setdefault(group.name, {})
            for given in result.given:
                if not given.promotion.joint:
                    for place in given.amounts or ((-1,) if given.anything else ()):
                        touched.setdefault(place, given.promotion.id)
        if self.notes is not None:
            self.notes.group(result, passing, barred)

    def _award(self, given: Given) -> None:
        """Take a discount off the prices of the lines."""
        scene, promotion = self.scene, given.promotion
        lines = scene.basket.lines
        net, awards, quantities = scene.net, self.awards, given.quantities
        identifier, revision = promotion.id, promotion.revision
        for place, amount in given.amounts.items():
            line = lines[place]
            net[place] -= amount
            if not quantities or (quantity := quantities[place]) == line.quantity:
                awards[place].append(Award(identifier, revision, line.number, "discount", amount))
            else:
                awards[place].append(Award(identifier, revision, line.number, "discount", amount, quantity))
                if amount * line.quantity == scene.gross[place] * quantity:
                    scene.free[place] = scene.free.get(place, 0) + quantity
        if given.off_delivery:
            off = Award(promotion.id, promotion.revision, 0, "discount", given.off_delivery)
            self.delivery_awards.append(off)
        if given.grant is not None:
            self.grants.append(given.grant)
        if isinstance(given.benefit, PointsPrice) and given.amounts:
            self._draw(given.promotion, given.benefit, given.amounts)

    def _draw(self, promotion: Promotion, price: PointsPrice, amounts: dict[int, int]) -> None:
        """Take the points that a promotion costs; they fall on the lines as its discount does."""
        lines = len(self.scene.net)
        shares = allocate(price.points, [amounts.get(place, 0) for place in range(lines)])
        drawn = self.scene.drawn
        drawn[price.currency] = drawn.get(price.currency, 0) + price.points
        self.drawn.append(Spent(price.currency, price.points, 0, (0,) * lines, tuple(shares), promotion.id))

    def _near_beside(self, group: GroupRule, near: list[Near], given: list[Given]) -> None:
        """A near miss of a group in which only one can win counts by what it would give beyond the winner."""
        if group.rule == "all" or not near or not given:
            self.near += near
            return
        lost = self._worth(given)
        whole = sum(lost)
        for miss in near:
            if not miss.promotion.joint and miss.gain:
                benefits = miss.promotion.benefits
                if len(benefits) == 1 and benefits[0].goods.everything:
                    gain = miss.gain - whole
                else:
                    places = {i for b in benefits for i in self.scene.lines_of(b.goods)}
                    gain = miss.gain - sum([lost[place] for place in places])
                if gain > 0:
                    self.near.append(replace(miss, gain=gain))
            else:
                self.near.append(miss)

    def _worth(self, given: Iterable[Given]) -> list[int]:
        """What a group gave on each line, in base money."""
        scene = self.scene
        worth = [0] * len(scene.net)
        for gift in given:
            if gift.promotion.joint:
                continue
            in_base = scene.to_base
            if isinstance(gift.benefit, EarningBenefit):
                in_base = scene.worth(gift.benefit.currency).down
            elif scene.ratio is None:
                for place, amount in gift.amounts.items():
                    worth[place] += amount
                continue
            for place, amount in gift.amounts.items():
                worth[place] += in_base(amount)
        return worth

    def _answer(self, payment: Payment) -> Outcome:
        scene = self.scene
        charge = scene.basket.delivery
        gross, net = sum(scene.gross) + charge, sum(scene.net) + scene.delivery
        lines = tuple(
            [
                LineOutcome(line.number, line.gross, line.gross - price, price, tuple(awards))
                for line, price, awards in zip(scene.basket.lines, scene.net, self.awards, strict=True)
            ]
        )
        if self.parts:
            lines = self._with_pieces(lines)
        self.near.sort(key=lambda near: (not near.failure.near, -near.gain, near.promotion.order))
        nears = sum([near.failure.near for near in self.near])
        told = (*self.near[: min(nears, NEAR_MAX)], *self.near[nears : nears + RAN_OUT_MAX])
        refusals = tuple([refusal(n.promotion, n.failure, n.gain, n.failure.near) for n in told])
        return Outcome(
            gross, gross - net, payment.reduction, payment.paid, payment.payable + scene.delivery, lines,
            payment.taxes, tuple(self.earned), (*self.drawn, *payment.spent) if self.drawn else payment.spent,
            refusals, payment.short, self.exact, tuple(self.grants), charge, tuple(self.delivery_awards),
        )  # fmt: skip

    def _with_pieces(self, lines: tuple[LineOutcome, ...]) -> tuple[LineOutcome, ...]:
        """The lines with their parts; what later stages took off a line falls on its parts by their price."""
        found = list(lines)
        for place, parts in self.parts.items():
            line = lines[place]
            if not any(award.quantity for award in line.awards):
                continue
            nets = allocate(line.net, [price for _, _, price in parts])
            pieces = [
                Piece(quantity, gross, net) for (quantity, gross, _), net in zip(parts, nets, strict=True)
            ]
            found[place] = replace(line, pieces=tuple(pieces))
        return tuple(found)


def _by_group(promotions: Sequence[Promotion]) -> Passing:
    """Consecutive promotions of one group together."""
    groups: Passing = []
    current: GroupRule | None = None
    for promotion in promotions:
        if promotion.group is not current:
            current = promotion.group
            groups.append((current, []))
        groups[-1][1].append(promotion)
    return groups


def _currency(given: Given) -> str:
    return given.benefit.currency if isinstance(given.benefit, EarningBenefit) else ""
