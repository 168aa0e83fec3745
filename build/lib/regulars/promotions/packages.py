"""What a benefit gives for pieces that count together: n for m, every n-th, a ladder. Exact for any set of pieces.

A *package* settles any set of its pieces, and describes itself to the search for the best combination in three ways:
bounds (no set is worth more than their sum, beside a constant), and *walks*: the pieces are taken one run after the
other, dearest first, in a small state, so that what is given is known when the last is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from regulars.units import PPM

State = tuple[int, ...]

Step = tuple[State, int, int]
"""After taking pieces: the state, what was gained (PPM-ths of a minor unit), and the credit, see `Walk`."""


class Pieces(Struct, frozen=True, gc=False):
    """Runs of alike pieces that a benefit means, dearest first. Prices in minor units of the basket's currency."""

    places: Sequence[int]
    """Of the lines in the basket."""
    counts: list[int]
    prices: list[int]
    """Of one piece: what a rate counts from."""
    rooms: list[int]
    """How much of one piece's price may still go."""
    quantities: list[int]
    """Of one piece, thousandths."""


class Settled(NamedTuple):
    """What a package gives for a set of pieces: the sum in PPM-ths, its weights on the runs, and how many it used."""

    raw: int
    weights: list[int]
    used: list[int]


class Walk:
    """A package on the way through the runs. `bounds` (one per run, of one piece) hold from any point on:

    gained so far + credit + Σ bounds of what is still taken + `constant` is never below what is given in the end.
    """

    __slots__ = ("bounds", "constant", "start")

    def __init__(self, start: State, bounds: list[int], constant: int = 0):
        self.start = start
        self.bounds = bounds
        self.constant = constant

    def take(self, state: State, credit: int, run: int, count: int) -> Iterable[Step]:
        """The ways to take `count` pieces (at least one) of a run."""
        raise NotImplementedError

    def end(self, state: State) -> int | None:
        """What is still gained when there are no more pieces; None: the set cannot be used like this."""
        return 0


class Package:
    """What a benefit gives for groups of pieces, rounded half up once on the whole."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: Pieces):
        self.pieces = pieces

    @property
    def whole(self) -> bool:
        """Whether what it gives is never a fraction of a minor unit."""
        raise NotImplementedError

    def settle(self, counts: Sequence[int]) -> Settled:
        """What it gives for so many pieces of each run."""
        raise NotImplementedError

    def walks(self, elsewhere: Sequence[int]) -> Sequence[Walk]:
        """Ways to walk; the best of them gives what `settle` gives.

        `elsewhere`: what one piece of each run brings otherwise, in PPM-ths. The bounds hold whatever it says; they are
        chosen so that they are tight where it is true.
        """
        raise NotImplementedError


def off_each(pieces: Pieces, ppm: int) -> list[int]:
    """A percentage off one piece of each run, as far as its floor allows, in PPM-ths."""
    pairs = zip(pieces.prices, pieces.rooms, strict=True)
    return [min(ppm * price, room * PPM) for price, room in pairs]


def ceiling(numerator: int, denominator: int) -> int:
    """numerator / denominator, up."""
    return -(-numerator // denominator)


def least(prices: Iterable[int], bound: Callable[[int], int], *, signed: bool = False) -> int:
    """Which of these prices (and 0) makes a bound least. The bound is convex in the price (it is a Lagrangian).

    `signed`: a price may be below 0, where something must be matched exactly.
    """
    ordered = sorted({0, *[price for price in prices if signed or price > 0]})
    low, high = 0, len(ordered) - 1
    while low < high:
        middle = (low + high) // 2
        if bound(ordered[middle]) <= bound(ordered[middle + 1]):
            high = middle
        else:
            low = middle + 1
    return ordered[low]


def bounded(counts: Sequence[int], bounds: Sequence[int], elsewhere: Sequence[int]) -> int:
    """What all pieces bring at the most."""
    return sum([n * max(here, there) for n, here, there in zip(counts, bounds, elsewhere, strict=True)])


class Cheapest(Package):
    """Groups of `size` pieces, dearest first; of each group the cheapest `free` are at `ppm` less.

    Of all ways to form groups this gives most: any other can be changed into it by exchanges that do not lose.
    """

    __slots__ = ("limit", "off", "ppm", "reduced", "size", "spread")

    def __init__(self, pieces: Pieces, size: int, reduced: int, ppm: int, limit: int | None, spread: bool):
        super().__init__(pieces)
        self.size, self.reduced, self.ppm, self.limit, self.spread = size, reduced, ppm, limit, spread
        self.off = off_each(pieces, ppm)

    def settle(self, counts: Sequence[int]) -> Settled:
        groups = sum(counts) // self.size
        left = self.size * (groups if self.limit is None else min(groups, self.limit))
        weights, used = [0] * len(counts), [0] * len(counts)
        raw = position = 0
        for run, count in enumerate(counts):
            if count > left:
                count = left
            if count:
                gained = self.off[run] * (
                    self.reduced_before(position + count) - self.reduced_before(position)
                )
                raw += gained
                used[run] = count
                weights[run] = count * self.pieces.rooms[run] if self.spread else gained
                position += count
                left -= count
        return Settled(raw, weights, used)

    @property
    def whole(self) -> bool:
        return not any(off % PPM for off in self.off)

    def reduced_before(self, position: int) -> int:
        """How many of the first pieces are reduced."""
        groups, rest = divmod(position, self.size)
        return groups * self.reduced + max(0, rest - self.size + self.reduced)

    def walks(self, elsewhere: Sequence[int]) -> Sequence[Walk]:
        return (_CheapestWalk(self, elsewhere),)


class _CheapestWalk(Walk):
    """State: how many pieces so far (where there is no limit, in the last group), and what its reduced ones gained
    before the group is full. Each piece of a group is worth its share; with a limit, a place has a price."""

    __slots__ = ("package", "places", "price", "shares")

    def __init__(self, package: Cheapest, elsewhere: Sequence[int]):
        size, pieces = package.size, package.pieces
        self.package = package
        self.shares = [ceiling(package.ppm * price * package.reduced, size) for price in pieces.prices]
        self.places = None if package.limit is None else package.limit * size
        self.price = 0
        if self.places is not None:
            places = self.places
            self.price = least(
                [share - other for share, other in zip(self.shares, elsewhere, strict=True)],
                lambda price: price * places + bounded(pieces.counts, self._bounds(price), elsewhere),
            )
        super().__init__((0, 0), self._bounds(self.price), self.price * (self.places or 0))

    def _bounds(self, price: int) -> list[int]:
        return [max(0, share - price) for share in self.shares]

    def take(self, state: State, credit: int, run: int, count: int) -> Iterable[Step]:
        package = self.package
        size, off = package.size, package.off[run]
        position, waiting = state
        if self.places is not None and position + count > self.places:
            count = self.places - position
            if not count:
                return ((state, 0, credit),)
        after = position + count
        gained = off * (package.reduced_before(after) - package.reduced_before(position))
        rest = after % size
        if after // size != position // size:
            waiting = off * max(0, rest - size + package.reduced)
            credit = rest * self.shares[run] - self.price * after
        else:
            waiting += gained
            credit += count * (self.shares[run] - self.price)
        return ((((rest if self.places is None else after), waiting), gained, credit),)

    def end(self, state: State) -> int | None:
        return -state[1]


class Dearest(Package):
    """Of each `size` pieces that take part the `reduced` with the greatest saving are at `off` less."""

    __slots__ = ("limit", "off", "reduced", "size")

    def __init__(self, pieces: Pieces, size: int, reduced: int, off: list[int], limit: int | None):
        super().__init__(pieces)
        self.size, self.reduced, self.off, self.limit = size, reduced, off, limit

    @property
    def whole(self) -> bool:
        return not any(off % PPM for off in self.off)

    def groups(self, count: int) -> int:
        """How many full groups so many pieces make."""
        groups = count // self.size
        return groups if self.limit is None else min(groups, self.limit)

    def settle(self, counts: Sequence[int]) -> Settled:
        groups = self.groups(sum(counts))
        left, fillers = groups * self.reduced, groups * (self.size - self.reduced)
        weights, used = [0] * len(counts), [0] * len(counts)
        for run in sorted(range(len(counts)), key=self.off.__getitem__, reverse=True):
            used[run] = min(counts[run], left)
            weights[run] = used[run] * self.off[run]
            left -= used[run]
        for run in range(len(counts) - 1, -1, -1):
            more = min(counts[run] - used[run], fillers)
            used[run] += more
            fillers -= more
        return Settled(sum(weights), weights, used)

    def walks(self, elsewhere: Sequence[int]) -> Sequence[Walk]:
        return (_DearestWalk(self, elsewhere),)


class Places(Walk):
    """A walk on which pieces at less (`off`) need places, which other pieces bring: `brings` / `per` of a place each.

    There are no more than `most` places, whatever is brought. A place costs `rent` because there are no more, and
    `fare` because it must be brought: these prices bound what a piece is worth (they are the Lagrangian's multipliers).
    """

    __slots__ = ("brings", "fare", "most", "off", "per", "rent")

    def __init__(
        self,
        pieces: Pieces,
        off: list[int],
        brings: list[int],
        per: int,
        most: int,
        elsewhere: Sequence[int],
        both: bool,
    ):  # fmt: skip
        """`both`: a piece at less brings its part of a place as well."""
        self.off, self.brings, self.per, self.most = off, brings, per, most
        self.rent = self.fare = 0
        fares = [0]
        for each, bring, other in zip(off, brings, elsewhere, strict=True):
            fares += [each, each - other]
            if bring:
                fares.append(ceiling(other * per, bring))
                if both and per > bring:
                    fares.append((each - other) * per // (per - bring))

        def whole(fare: int, rent: int) -> int:
            self.fare, self.rent = fare, rent
            return most * rent + bounded(pieces.counts, self._bounds(both), elsewhere)

        for _ in range(2):
            rent, fare = self.rent, self.fare
            fare = least(fares, lambda price: whole(price, rent))  # noqa: B023 - called at once
            rents = [each - fare - other for each, other in zip(off, elsewhere, strict=True)]
            rent = least(rents, lambda price: whole(fare, price))  # noqa: B023 - called at once
            whole(fare, rent)
        super().__init__((0, 0), self._bounds(both), most * self.rent)

    def share(self, run: int) -> int:
        """What a piece is worth for the places that it brings."""
        return ceiling(self.fare * self.brings[run], self.per)

    def _bounds(self, both: bool) -> list[int]:
        bounds: list[int] = []
        for run, off in enumerate(self.off):
            share, less = self.share(run), off - self.rent - self.fare
            bounds.append(max(0, less) + share if both else max(0, less, share))
        return bounds


class _DearestWalk(Places):
    """State: how many are reduced, and how many only fill the groups."""

    __slots__ = ("fillers_max", "package")

    def __init__(self, package: Dearest, elsewhere: Sequence[int]):
        size, reduced, pieces = package.size, package.reduced, package.pieces
        groups = package.groups(sum(pieces.counts))
        self.package = package
        self.fillers_max = groups * (size - reduced)
        brings = [reduced] * len(pieces.counts)
        super().__init__(pieces, package.off, brings, size, groups * reduced, elsewhere, both=True)

    def take(self, state: State, credit: int, run: int, count: int) -> Iterable[Step]:
        reduced, fillers = state
        off, share = self.off[run], self.share(run)
        for here in range(min(count, self.most - reduced), -1, -1):
            after = min(fillers + count - here, self.fillers_max)
            owed = credit + count * share - here * (self.fare + self.rent)
            yield (reduced + here, after), here * off, owed

    def end(self, state: State) -> int | None:
        reduced, fillers = state
        groups = ceiling(reduced, self.package.reduced)
        return 0 if reduced + fillers >= groups * self.package.size else None


class Steps(Package):
    """A ladder: all pieces that take part get the rate of the highest step that they reach together."""

    __slots__ = ("froms", "measures", "offs")

    def __init__(self, pieces: Pieces, measures: list[int], froms: list[int], offs: list[list[int]]):
        super().__init__(pieces)
        self.measures = measures
        """What one piece of each run counts towards a step."""
        self.froms = froms
        """From how much each step is reached, rising."""
        self.offs = offs
        """Per step, what one piece of each run gets, in PPM-ths; it never falls from step to step."""

    @property
    def whole(self) -> bool:
        return not any(off % PPM for offs in self.offs for off in offs)

    def settle(self, counts: Sequence[int]) -> Settled:
        reached = sum([count * measure for count, measure in zip(counts, self.measures, strict=True)])
        for start, off in zip(reversed(self.froms), reversed(self.offs), strict=True):
            if reached >= start:
                weights = [count * each for count, each in zip(counts, off, strict=True)]
                return Settled(sum(weights), weights, list(counts))
        return Settled(0, [0] * len(counts), [0] * len(counts))

    def walks(self, elsewhere: Sequence[int]) -> Sequence[Walk]:
        whole = sum([c * m for c, m in zip(self.pieces.counts, self.measures, strict=True)])
        reachable = [step for step, start in enumerate(self.froms) if start <= whole]
        return [_StepWalk(self, step) for step in reversed(reachable)]


class _StepWalk(Walk):
    """To one step, or to nothing. State: how much of it is reached."""

    __slots__ = ("measures", "start_at")

    def __init__(self, package: Steps, step: int):
        super().__init__((0,), package.offs[step])
        self.start_at = package.froms[step]
        self.measures = package.measures

    def take(self, state: State, credit: int, run: int, count: int) -> Iterable[Step]:
        reached = min(state[0] + count * self.measures[run], max(1, self.start_at))
        return (((reached,), count * self.bounds[run], credit),)

    def end(self, state: State) -> int | None:
        return 0 if not state[0] or state[0] >= self.start_at else None
