"""One group of promotions at work: who may bid, what each takes, and what falls on which line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.index import Promotion
from regulars.promotions.scene import Scene
from regulars.promotions.stacking import Bid, assign
from regulars.units import allocate


class Runs:
    """Runs of alike pieces: at first one for each line; a competition may divide them.

    `start` is the price at the beginning of the group and `price` what is left now, for the whole run, in minor units
    of the basket's currency. A discount may take from a price what is above its floor.
    """

    __slots__ = ("divided", "floor", "gross", "pieces", "place", "price", "quantity", "rooms", "start")

    def __init__(self, scene: Scene, prices: list[int]):
        self.place: list[int] = list(scene.indexes)
        self.pieces = scene.pieces[:]
        self.price = prices[:]
        self.start = prices[:]
        self.gross = scene.gross[:]
        self.floor = scene.floors[:]
        self.quantity = [line.quantity for line in scene.basket.lines]
        self.divided = False
        self.rooms: list[int] | None = None
        """What may still go from each price; worked out when asked for, None when prices changed since."""

    def of(self, places: Sequence[int], barred: Collection[int]) -> Sequence[int]:
        """The runs of these lines, without those of barred lines."""
        if self.divided:
            wanted = set(places)
            places = [run for run, place in enumerate(self.place) if place in wanted]
            return [run for run in places if self.place[run] not in barred] if barred else places
        return [place for place in places if place not in barred] if barred else places

    def divide(self, run: int, counts: Sequence[int]) -> list[int]:
        """Cut a run into runs of so many pieces; the earlier pieces have the odd minor units. Answers their numbers."""
        counts = [count for count in counts if count]
        if len(counts) < 2:
            return [run]
        self.divided = True
        self.rooms = None
        runs = [run, *range(len(self.place), len(self.place) + len(counts) - 1)]
        self.place += [self.place[run]] * (len(counts) - 1)
        pieces = self.pieces[run]
        for column in (self.price, self.start, self.gross, self.floor, self.quantity):
            each, odd = divmod(column[run], pieces)
            parts: list[int] = []
            for count in counts:
                extra = min(odd, count)
                parts.append(each * count + extra)
                odd -= extra
            column[run] = parts[0]
            column += parts[1:]
        self.pieces[run] = counts[0]
        self.pieces += counts[1:]
        return runs

    def make_alike(self) -> bool:
        """Cut runs whose price is not a whole number of minor units per piece, so that pieces of a run are alike.

        Answers whether there were any.
        """
        found = False
        for run in range(len(self.place)):
            pieces = self.pieces[run]
            if pieces > 1:
                cuts = {c[run] % pieces for c in (self.price, self.start, self.gross, self.floor)} - {0}
                if cuts:
                    found = True
                    edges = [0, *sorted(cuts), pieces]
                    self.divide(run, [end - start for start, end in pairwise(edges)])
        return found

    def begin(self) -> None:
        """A new group begins with the prices as they are."""
        self.start = self.price[:]


class Given(Struct, frozen=True, gc=False):
    """What one benefit gave: on each line an amount, the quantity that took part (where lines were divided), and the
    price it was counted from."""

    promotion: Promotion
    benefit: Benefit
    amounts: dict[int, int]
    quantities: dict[int, int]
    base: int


class Result(Struct, frozen=True, gc=False):
    """What a group decided. `losers`: promotions that could have given something, and who was preferred."""

    given: list[Given]
    losers: dict[int, UUID | None]
    exact: bool = True


class Bidder(Struct, frozen=True, gc=False):
    promotion: Promotion
    benefit: Benefit
    bid: Bid


class Competition:
    """The table at which the promotions of one group meet: a scene, its runs, and the rule."""

    def __init__(self, scene: Scene, runs: Runs, *, discounts: bool, telling: bool = True):
        self.scene = scene
        self.runs = runs
        self.discounts = discounts
        """Whether what is given comes off the prices."""
        self.telling = telling
        """Whether it matters who lost to whom."""
        self.from_gross = discounts and scene.rules.discount_on == "original_price"
        self.clips = scene.clips

    def bid(self, benefit: Benefit, barred: Collection[int] = ()) -> Bid | None:
        """What a benefit offers on the lines that it means; None where there are none."""
        scene, table = self.scene, self.runs
        source = table.gross if self.from_gross else table.start
        if benefit.goods.everything and not barred and not table.divided:
            runs: Sequence[int] = scene.indexes
            rooms = source
            if self.discounts:
                if table.rooms is None:
                    table.rooms = self._rooms(runs)
                rooms = table.rooms
            return Bid(runs, benefit.offer(scene, runs, source, rooms, table.quantity), benefit.weight(scene))
        runs = scene.lines_of(benefit.goods)
        if len(runs) == 1 and not table.divided:
            run = runs[0]
            if run in barred:
                return None
            price = [source[run]]
            rooms = [max(0, table.price[run] - table.floor[run])] if self.discounts else price
            return Bid(
                runs,
                benefit.offer(scene, runs, price, rooms, [table.quantity[run]]),
                benefit.weight(scene),
            )
        runs = table.of(runs, barred)
        if not runs:
            return None
        prices = [source[run] for run in runs]
        quantities = [table.quantity[run] for run in runs]
        places = [table.place[run] for run in runs] if table.divided else runs
        rooms = self._rooms(runs) if self.discounts else prices
        return Bid(runs, benefit.offer(scene, places, prices, rooms, quantities), benefit.weight(scene))

    def _rooms(self, runs: Sequence[int]) -> list[int]:
        """How much of each price may still go."""
        price, floor = self.runs.price, self.runs.floor
        return [room if (room := price[run] - floor[run]) > 0 else 0 for run in runs]

    def pieces_group(
        self, rule: str, promotions: Iterable[Promotion], barred: Collection[int], last: bool
    ) -> Result:
        """Benefits for which pieces of lines compete. Joint promotions come after, beside everybody."""
        table = self.runs
        competing: list[tuple[Promotion, Benefit]] = []
        beside: list[tuple[Promotion, Benefit]] = []
        for promotion in promotions:
            for benefit in promotion.pieces[last]:
                (beside if promotion.joint or rule == "all" else competing).append((promotion, benefit))
        given: list[Given] = []
        losers: dict[int, UUID | None] = {}
        exact = True
        if competing:
            bidders = self._bidders(competing, barred)
            if len(bidders) > 1 and rule == "best" and table.make_alike():
                bidders = self._bidders(competing, barred)
            if len(bidders) == 1:
                given.append(self._give(bidders[0]))
            elif bidders:
                exact = self._compete(rule, bidders, given, losers)
        if beside:
            self.scene.clips = self.scene.clips or len(beside) > 1 or bool(competing)
            for promotion, benefit in beside:
                bid = self.bid(benefit, () if promotion.joint else barred)
                if bid is not None:
                    given.append(self._give(Bidder(promotion, benefit, bid)))
            self.scene.clips = self.clips
        return Result(given, losers, exact)

    def _bidders(
        self, competing: Iterable[tuple[Promotion, Benefit]], barred: Collection[int]
    ) -> list[Bidder]:
        """Those that could give anything."""
        bidders: list[Bidder] = []
        for promotion, benefit in competing:
            bid = self.bid(benefit, barred)
            if bid is not None and any(bid.offer.potentials):
                bidders.append(Bidder(promotion, benefit, bid))
        return bidders

    def _compete(
        self, rule: str, bidders: list[Bidder], given: list[Given], losers: dict[int, UUID | None]
    ) -> bool:
        table = self.runs
        assignment = assign(rule, [bidder.bid for bidder in bidders], table.pieces)
        shared: dict[int, list[tuple[int, int]]] = {}
        pieces = table.pieces
        for number, portions in enumerate(assignment.portions):
            for run, count in portions:
                if count != pieces[run]:
                    shared.setdefault(run, []).append((number, count))
        if self.telling:
            _lost(assignment.portions, bidders, losers)
        portions_of: list[list[tuple[int, int]]] = assignment.portions
        if shared:
            portions_of = self._divided(shared, assignment.portions, bidders)
        for bidder, portions in zip(bidders, portions_of, strict=True):
            if portions:
                given.append(self._give(bidder, portions))
        return assignment.exact

    def _divided(
        self,
        shared: dict[int, list[tuple[int, int]]],
        portions: list[list[tuple[int, int]]],
        bidders: list[Bidder],
    ) -> list[list[tuple[int, int]]]:
        """Cut the runs that several bidders share; each bidder's portions are then whole runs."""
        table = self.runs
        whole = [[portion for portion in taken if portion[0] not in shared] for taken in portions]
        for run, takers in shared.items():
            pieces = table.pieces[run]
            counts = [count for _, count in takers]
            parts = table.divide(run, [*counts, pieces - sum(counts)])
            for (number, count), part in zip(takers, parts, strict=False):
                whole[number].append((part, count))
                bid = bidders[number].bid
                potential = bid.offer.potentials[list(bid.runs).index(run)] * count // pieces
                bidders[number] = replace(bidders[number], bid=_with(bid, run, part, potential))
        return whole

    def _give(self, bidder: Bidder, portions: Sequence[tuple[int, int]] | None = None) -> Given:
        """Round once on the whole of what a benefit takes (by default all that it bid for), and let it fall on the
        runs by largest remainder."""
        table, offer, taken = self.runs, bidder.bid.offer, bidder.bid.runs
        weights = offer.potentials
        if len(taken) == 1 and not table.divided:
            return self._give_one(bidder, taken[0], offer.total(weights[0]))
        if portions is not None and len(portions) != len(taken):
            of_run = dict(zip(taken, weights, strict=True))
            taken = [run for run, _ in portions]
            weights = [of_run[run] for run in taken]
        total = offer.total(sum(weights))
        amounts: dict[int, int] = {}
        quantities: dict[int, int] = {}
        if not total:
            return Given(bidder.promotion, bidder.benefit, amounts, quantities, 0)
        parts = allocate(total, weights) if len(weights) > 1 else [total]
        source = table.gross if self.from_gross else table.start
        base = sum([source[run] for run in taken])
        if self.discounts:
            price = table.price
            table.rooms = None
            for run, part in zip(taken, parts, strict=True):
                price[run] -= part
        if table.divided:
            for run, part in zip(taken, parts, strict=True):
                if part:
                    place = table.place[run]
                    amounts[place] = amounts.get(place, 0) + part
                    quantities[place] = quantities.get(place, 0) + table.quantity[run]
        else:
            amounts = {run: part for run, part in zip(taken, parts, strict=True) if part}
        return Given(bidder.promotion, bidder.benefit, amounts, quantities, base)

    def _give_one(self, bidder: Bidder, run: int, amount: int) -> Given:
        """The same for one run that is a whole line."""
        table = self.runs
        if not amount:
            return Given(bidder.promotion, bidder.benefit, {}, {}, 0)
        if self.discounts:
            table.price[run] -= amount
            table.rooms = None
        base = table.gross[run] if self.from_gross else table.start[run]
        return Given(bidder.promotion, bidder.benefit, {run: amount}, {}, base)

    def purchase_group(self, rule: str, promotions: Iterable[Promotion], barred: bool, last: bool) -> Result:
        """Benefits for which the purchase competes as a whole: under all rules but `all` one promotion wins."""
        best: tuple[int, Promotion] | None = None
        competing: list[tuple[int, Promotion]] = []
        winners: list[Promotion] = []
        for promotion in promotions:
            if not promotion.purchase[last]:
                continue
            if promotion.joint or (rule == "all" and not barred):
                winners.append(promotion)
            elif not barred:
                worth = self.worth_of(promotion.purchase[last])
                if worth > 0:
                    competing.append((worth, promotion))
                    if (
                        best is None
                        or (rule == "best" and worth > best[0])
                        or (rule == "worst" and worth < best[0])
                    ):
                        best = (worth, promotion)
        given: list[Given] = []
        losers: dict[int, UUID | None] = {}
        if best is not None:
            winner = best[1]
            losers = {promotion.order: winner.id for _, promotion in competing if promotion is not winner}
            winners.insert(0, winner)
        self.scene.clips = self.scene.clips or len(winners) > 1 or any(len(p.benefits) > 1 for p in winners)
        for promotion in winners:
            for benefit in promotion.purchase[last]:
                bid = self.bid(benefit)
                if bid is not None:
                    given.append(self._give(Bidder(promotion, benefit, bid)))
        self.scene.clips = self.clips
        return Result(given, losers)

    def worth_of(self, benefits: Iterable[Benefit]) -> int:
        """What benefits would give on their own, in thousandths of a minor unit of money, rounded down."""
        worth = 0
        for benefit in benefits:
            bid = self.bid(benefit)
            if bid is not None:
                numerator, denominator = bid.weight
                worth += bid.offer.total(sum(bid.offer.potentials)) * numerator * 1_000 // denominator
        return worth


def _lost(
    portions: Sequence[Sequence[tuple[int, int]]], bidders: Sequence[Bidder], losers: dict[int, UUID | None]
) -> None:
    """Note the promotions that take nothing, and who takes the first run that they bid for."""
    winners: dict[int, UUID] = {}
    for bidder, taken in zip(bidders, portions, strict=True):
        for run, _ in taken:
            winners.setdefault(run, bidder.promotion.id)
    for bidder, taken in zip(bidders, portions, strict=True):
        if not taken:
            potentials = zip(bidder.bid.runs, bidder.bid.offer.potentials, strict=True)
            first = next((winners.get(run) for run, potential in potentials if potential > 0), None)
            losers.setdefault(bidder.promotion.order, first)


def _with(bid: Bid, run: int, part: int, potential: int) -> Bid:
    """The bid with the potential of a run, or of a new run cut from it, set."""
    runs, potentials = list(bid.runs), list(bid.offer.potentials)
    if part == run:
        potentials[runs.index(run)] = potential
    else:
        runs.append(part)
        potentials.append(potential)
    return replace(bid, runs=runs, offer=replace(bid.offer, potentials=potentials))
