"""One group of promotions at work: who may bid, what each takes, and what falls on which line.

What competes for the purchase as a whole is in `whole_purchase`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from msgspec.structs import replace

from regulars.promotions.benefits.kind import Benefit, Grouped, Offer
from regulars.promotions.bidders import Bidder, Given, Result, note_losers, with_part, within
from regulars.promotions.index import Promotion
from regulars.promotions.limits import Limits
from regulars.promotions.outright import Competing, Settled, settle
from regulars.promotions.packages import Pieces
from regulars.promotions.runs import Runs
from regulars.promotions.scene import Scene
from regulars.promotions.stacking import Bid, assign
from regulars.units import PPM, allocate

NOWHERE = frozenset[int]()


class Competition:
    """The table at which the promotions of one group meet: a scene, its runs, and the rule."""

    def __init__(self, scene: Scene, runs: Runs, limits: Limits, *, discounts: bool, telling: bool = True):
        self.scene = scene
        self.limits = limits
        self.runs = runs
        self.discounts = discounts
        """Whether what is given comes off the prices."""
        self.telling = telling
        """Whether it matters who lost to whom."""
        self.from_gross = discounts and scene.rules.discount_on == "original_price"
        self.clips = scene.clips
        excluded = scene.rules.excluded
        outside = excluded.discount if discounts else excluded.earning
        self.outside = scene.outside(outside) if outside is not None else NOWHERE
        """Lines that the program leaves alone, whatever promotions say."""
        self.quick = discounts and not (telling or self.clips or self.outside)
        """Whether lines may be settled outright: nothing stops a percentage, and nobody asks who lost."""
        self.rationed = False
        """Whether bids of one promotion share what its limits leave, in the group in work."""

    def bid(self, promotion: Promotion, benefit: Benefit, barred: Collection[int] = ()) -> Bid | None:
        """What a benefit offers on the lines that it means, as far as limits let it; None where there are none."""
        if self.outside:
            barred = self.outside.union(barred)
        bid = self._package(benefit, barred) if benefit.grouped else self._offer(benefit, barred)
        if bid is not None and promotion.limits:
            room = self.limits.room(promotion)
            if room is not None and (bid.offer.cap is None or bid.offer.cap > room):
                bid = replace(bid, offer=replace(bid.offer, cap=room))
        return bid

    def _package(self, benefit: Benefit, barred: Collection[int]) -> Bid | None:
        """The bid of a benefit that counts pieces together: its runs dearest first."""
        table = self.runs
        assert isinstance(benefit, Grouped)
        runs = table.of(benefit.lines(self.scene), barred)
        return self._packed(benefit, runs) if runs else None

    def _packed(self, benefit: Grouped, runs: Iterable[int], counts: dict[int, int] | None = None) -> Bid:
        """Its bid on these runs of alike pieces (`counts`: on so many pieces of each)."""
        table = self.runs
        source = table.gross if self.from_gross else table.start
        columns: list[tuple[int, int, int]] = []
        for run in runs:
            count = table.pieces[run]
            columns.append(
                (-(source[run] // count), max(0, table.price[run] - table.floor[run]) // count, run)
            )
        columns.sort()
        order = [run for _, _, run in columns]
        pieces = Pieces(
            [table.place[run] for run in order],
            [table.pieces[run] if counts is None else counts[run] for run in order],
            [-price for price, _, _ in columns],
            [room for _, room, _ in columns],
            [table.quantity[run] // table.pieces[run] for run in order],
        )
        offer = Offer([1] * len(order), PPM, True, None)
        return Bid(order, offer, (1, 1), benefit.package(self.scene, pieces))

    def _offer(self, benefit: Benefit, barred: Collection[int]) -> Bid | None:
        scene, table, goods = self.scene, self.runs, benefit.goods
        source = table.gross if self.from_gross else table.start
        if goods.everything:
            if not barred and not table.divided:
                runs: Sequence[int] = scene.indexes
                rooms = source
                if self.discounts:
                    if table.rooms is None:
                        table.rooms = self._rooms(runs)
                    rooms = table.rooms
                offer = benefit.offer(scene, runs, source, rooms, table.quantity)
                return Bid(runs, offer, benefit.weight(scene))
            runs = scene.indexes
        else:
            runs = scene.lines_of(goods)
            if len(runs) == 1 and not table.divided:
                run = runs[0]
                if run in barred:
                    return None
                price = [source[run]]
                rooms = [max(0, table.price[run] - table.floor[run])] if self.discounts else price
                offer = benefit.offer(scene, runs, price, rooms, [table.quantity[run]])
                return Bid(runs, offer, benefit.weight(scene))
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
        competing: Competing = []
        beside: list[tuple[Promotion, Benefit]] = []
        for promotion in promotions:
            for benefit in promotion.pieces[last]:
                if promotion.joint or rule == "all":
                    beside.append((promotion, benefit))
                else:
                    competing.append((promotion, benefit))
                    if benefit.grouped:
                        self.make_alike(benefit)
        given: list[Given] = []
        losers: dict[int, UUID | None] = {}
        exact, self.rationed = True, False
        outright: Settled | None = None
        if len(competing) > 1 and rule == "best" and self.quick and not table.divided:
            source = table.gross if self.from_gross else table.start
            outright = settle(self.scene, table, source, competing, barred)
            if outright is not None:
                competing, barred = outright.rest, outright.gone.union(barred)
        if competing:
            bidders = self._bidders(competing, barred)
            if len(bidders) > 1 and rule == "best" and table.make_alike():
                bidders = self._bidders(competing, barred)
            if len(bidders) == 1:
                given.append(self.give(bidders[0]))
            elif bidders:
                exact = self._compete(rule, bidders, given, losers) and not self.rationed
        if outright is not None:
            outright.take_off(table)
            given += outright.given
        if beside:
            alone = len(beside) == 1 and not competing and outright is None
            self.scene.clips = self.scene.clips or not alone
            for promotion, benefit in beside:
                gift = self._beside(promotion, benefit, () if promotion.joint else barred)
                if gift is not None:
                    given.append(gift)
            self.scene.clips = self.clips
        return Result(given, losers, exact)

    def _beside(self, promotion: Promotion, benefit: Benefit, barred: Collection[int]) -> Given | None:
        """What a benefit gives for which nobody competes; None where it has no line."""
        alone = not (self.discounts or self.outside or promotion.limits or self.runs.divided)
        if alone and not benefit.goods.everything:
            places = self.scene.lines_of(benefit.goods)
            if len(places) == 1:  # most of what is earned on chosen goods: its price tells
                run = places[0]
                price = self.runs.start[run]
                amount = None if run in barred else benefit.on_all(self.scene, price)
                if amount is not None:
                    return Given(promotion, benefit, {run: amount} if amount else {}, {}, price)
        if benefit.grouped:
            self.make_alike(benefit)
        bid = self.bid(promotion, benefit, barred)
        return self.give(Bidder(promotion, benefit, bid)) if bid is not None else None

    def make_alike(self, benefit: Benefit) -> None:
        """Where pieces count together, let the pieces of each of their runs be alike."""
        assert isinstance(benefit, Grouped)
        self.runs.make_alike(self.runs.of(benefit.lines(self.scene), ()))

    def _bidders(
        self, competing: Iterable[tuple[Promotion, Benefit]], barred: Collection[int]
    ) -> list[Bidder]:
        """Those that could give anything; what the limits of a promotion leave is shared by its bids, in order."""
        bidders: list[Bidder] = []
        left: dict[int, int] = {}
        for promotion, benefit in competing:
            bid = self.bid(promotion, benefit, barred)
            if bid is not None and bid.offer.cap is not None and promotion.limits:
                bid = self._rationed(promotion, bid, left)
            if (
                bid is not None
                and bid.offer.cap != 0
                and (any(bid.offer.potentials) if bid.package is None else bid.alone())
            ):
                bidders.append(Bidder(promotion, benefit, bid))
        return bidders

    def _rationed(self, promotion: Promotion, bid: Bid, left: dict[int, int]) -> Bid:
        """The bid within what the earlier ones of its promotion leave of its room. Another share may be better."""
        room = self.limits.room(promotion)
        if room is None:
            return bid
        rest = left.get(promotion.order, room)
        assert bid.offer.cap is not None, "a room is a cap"
        if bid.offer.cap > rest:
            bid = replace(bid, offer=replace(bid.offer, cap=rest))
            self.rationed = True
        left[promotion.order] = rest - bid.alone()
        return bid

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
            note_losers(assignment.portions, bidders, losers)
        portions_of: list[list[tuple[int, int]]] = assignment.portions
        if shared:
            portions_of = self._divided(shared, assignment.portions, bidders)
        for bidder, portions in zip(bidders, portions_of, strict=True):
            if portions:
                given.append(self.give(bidder, portions))
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
                if bid.package is not None:
                    continue
                potential = bid.offer.potentials[list(bid.runs).index(run)] * count // pieces
                bidders[number] = replace(bidders[number], bid=with_part(bid, run, part, potential))
        return whole

    def give(self, bidder: Bidder, portions: Sequence[tuple[int, int]] | None = None) -> Given:
        """Round once on the whole of what a benefit takes (by default all that it bid for), and let it fall on the
        runs by largest remainder."""
        if bidder.bid.package is not None:
            return self._give_package(bidder, portions)
        table, offer, taken = self.runs, bidder.bid.offer, bidder.bid.runs
        weights = offer.potentials
        if len(taken) == 1 and not table.divided:
            return self._give_one(bidder, taken[0], self.drawn(bidder.promotion, offer.total(weights[0])))
        if portions is not None and len(portions) != len(taken):
            of_run = dict(zip(taken, weights, strict=True))
            taken = sorted(
                [run for run, _ in portions]
            )  # of equal remainders the first line has the odd unit
            weights = [of_run[run] for run in taken]
        whole = sum(weights)
        total = self.drawn(bidder.promotion, offer.total(whole))
        amounts: dict[int, int] = {}
        quantities: dict[int, int] = {}
        if not total:
            return Given(bidder.promotion, bidder.benefit, amounts, quantities, 0)
        parts = allocate(total, weights) if len(weights) > 1 else [total]
        if total * offer.unit > whole:  # rounded up: no line gives more than it may for that
            parts = within([-(-weight // offer.unit) for weight in weights], parts)
        base = self._base(taken) if self.telling else 0
        if self.discounts:
            price = table.price
            table.rooms = None
            if taken is self.scene.indexes and not table.divided:
                table.price = [cost - part for cost, part in zip(price, parts, strict=True)]
            else:
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

    def _base(self, runs: Iterable[int]) -> int:
        """The price that is counted from, for the explanation."""
        source = self.runs.gross if self.from_gross else self.runs.start
        return sum([source[run] for run in runs])

    def _give_package(self, bidder: Bidder, portions: Sequence[tuple[int, int]] | None) -> Given:
        """The same for pieces that count together."""
        table, benefit, bid = self.runs, bidder.benefit, bidder.bid
        assert isinstance(benefit, Grouped)
        if portions is not None:
            bid = replace(
                self._packed(benefit, [run for run, _ in portions], dict(portions)), offer=bid.offer
            )
        package = bid.package
        assert package is not None
        settled = package.settle(package.pieces.counts)
        total = self.drawn(bidder.promotion, bid.offer.total(settled.raw))
        amounts: dict[int, int] = {}
        quantities: dict[int, int] = {}
        if not total:
            return Given(bidder.promotion, benefit, amounts, quantities, 0)
        shares = sorted(zip(bid.runs, settled.weights, settled.used, strict=True))
        rooms = [max(0, table.price[run] - table.floor[run]) for run, _, _ in shares]
        parts = within(rooms, allocate(total, [weight for _, weight, _ in shares]))
        source = table.gross if self.from_gross else table.start
        table.rooms = None
        base = 0
        for (run, _, used), part in zip(shares, parts, strict=True):
            count, place = table.pieces[run], table.place[run]
            table.price[run] -= part
            base += source[run] * used // count
            if part:
                amounts[place] = amounts.get(place, 0) + part
                taken = table.quantity[run] * used // count
                quantities[place] = quantities.get(place, 0) + taken
        return Given(bidder.promotion, benefit, amounts, quantities, base)

    def drawn(self, promotion: Promotion, amount: int) -> int:
        """What of an amount the limits of a promotion leave; it is taken from what they leave to its next benefit."""
        if promotion.limits:
            room = self.limits.room(promotion)
            if room is not None and room < amount:
                amount = room
            self.limits.take(promotion, amount)
        return amount

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
