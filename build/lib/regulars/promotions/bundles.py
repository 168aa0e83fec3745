"""What a benefit gives for pieces of different goods that count together: buy X get Y, and bundles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from regulars.promotions.packages import (
    Package,
    Pieces,
    Places,
    Settled,
    State,
    Step,
    Walk,
    bounded,
    ceiling,
    least,
)
from regulars.units import PPM

ROUNDS = 3
"""How often the prices of a bundle's parts are improved in turn, two at a time, where there are more than two."""


class Together(Package):
    """Each `buy` triggers let at most `get` rewards be at `off` less, those with the greatest saving.

    A piece that is both plays whichever part gives more.
    """

    __slots__ = ("buy", "get", "limit", "off", "rewards", "triggers")

    def __init__(
        self,
        pieces: Pieces,
        triggers: Sequence[bool],
        rewards: Sequence[bool],
        off: list[int],
        buy: int,
        get: int,
        limit: int | None,
    ):  # fmt: skip
        super().__init__(pieces)
        self.triggers, self.rewards = triggers, rewards
        self.off = [each if reward else 0 for each, reward in zip(off, rewards, strict=True)]
        self.buy, self.get, self.limit = buy, get, limit

    @property
    def whole(self) -> bool:
        return not any(off % PPM for off in self.off)

    def times(self, triggers: int) -> int:
        """How often so many triggers count."""
        times = triggers // self.buy
        return times if self.limit is None else min(times, self.limit)

    def settle(self, counts: Sequence[int]) -> Settled:
        """The best number of times: what is saved grows with each, ever more slowly, and then falls."""
        triggers = sum([count for count, trigger in zip(counts, self.triggers, strict=True) if trigger])
        low, high = 0, self.times(triggers)
        while low < high:
            middle = (low + high) // 2
            if self._saved(self._chosen(counts, triggers, middle + 1)) > self._saved(
                self._chosen(counts, triggers, middle)
            ):
                low = middle + 1
            else:
                high = middle
        used = self._chosen(counts, triggers, low)
        weights = [count * off for count, off in zip(used, self.off, strict=True)]
        wanted = ceiling(sum(used), self.get) * self.buy
        for run in reversed(range(len(counts))):
            if self.triggers[run]:
                more = min(counts[run] - used[run], wanted)
                used[run] += more
                wanted -= more
        return Settled(sum(weights), weights, used)

    def _chosen(self, counts: Sequence[int], triggers: int, times: int) -> list[int]:
        """How many of each run are given: the dearest, as long as the triggers of so many times are left."""
        left, spare = self.get * times, triggers - self.buy * times
        chosen = [0] * len(counts)
        for run in sorted(range(len(counts)), key=self.off.__getitem__, reverse=True):
            if self.off[run]:
                here = min(counts[run], left)
                if self.triggers[run]:
                    here = min(here, spare)
                    spare -= here
                chosen[run] = here
                left -= here
        return chosen

    def _saved(self, chosen: Sequence[int]) -> int:
        return sum([count * off for count, off in zip(chosen, self.off, strict=True)])

    def walks(self, elsewhere: Sequence[int]) -> Sequence[Walk]:
        return (_TogetherWalk(self, elsewhere),)


class _TogetherWalk(Places):
    """State: how many triggers and how many rewards so far."""

    __slots__ = ("package", "triggers_max")

    def __init__(self, package: Together, elsewhere: Sequence[int]):
        pieces = package.pieces
        triggers = sum([n for n, is_one in zip(pieces.counts, package.triggers, strict=True) if is_one])
        times = package.times(triggers)
        self.package = package
        self.triggers_max = package.buy * times
        brings = [package.get if is_one else 0 for is_one in package.triggers]
        super().__init__(pieces, package.off, brings, package.buy, package.get * times, elsewhere, both=False)

    def take(self, state: State, credit: int, run: int, count: int) -> Iterable[Step]:
        triggers, rewards = state
        off, share, trigger = self.off[run], self.share(run), self.package.triggers[run]
        most = min(count, self.most - rewards) if off else 0
        for here in range(most, -1 if trigger else most - 1, -1):
            more = count - here if trigger else 0
            after = (min(triggers + more, self.triggers_max), rewards + here)
            yield after, here * off, credit + more * share - here * (self.fare + self.rent)

    def end(self, state: State) -> int | None:
        triggers, rewards = state
        return 0 if rewards <= self.package.get * self.package.times(triggers) else None


class Bundles(Package):
    """Bundles of so many pieces of each component, for one price (in PPM-ths) or a percentage less.

    The dearest pieces form as many bundles as save something. A piece that several components mean plays the part
    that lets the dearer set be formed.
    """

    __slots__ = ("each", "limit", "needed", "off", "parts", "price", "tight")

    def __init__(
        self,
        pieces: Pieces,
        parts: list[tuple[int, ...]],
        needed: tuple[int, ...],
        off: list[int],
        price: int,
        limit: int | None,
    ):  # fmt: skip
        super().__init__(pieces)
        self.parts = parts
        """Which components each run may be a part of."""
        self.needed = needed
        self.off = off
        """What one piece of each run adds to what a bundle saves, in PPM-ths: its price, or a percentage of it."""
        self.price = price
        self.limit = limit
        self.tight = any(o > room * PPM for o, room in zip(off, pieces.rooms, strict=True))
        """Whether floors may stop what a bundle saves."""

    def settle(self, counts: Sequence[int]) -> Settled:
        low, high = 0, self.most(counts)
        while low < high:
            middle = (low + high) // 2
            if self._saved(counts, middle + 1)[0] > self._saved(counts, middle)[0]:
                low = middle + 1
            else:
                high = middle
        saved, used = self._saved(counts, low)
        if saved <= 0:
            return Settled(0, [0] * len(counts), [0] * len(counts))
        rooms = [count * room for count, room in zip(used, self.pieces.rooms, strict=True)]
        return Settled(min(saved, sum(rooms) * PPM), rooms, used)

    @property
    def whole(self) -> bool:
        return not any(off % PPM for off in self.off)

    def most(self, counts: Sequence[int]) -> int:
        """No more bundles than this can be formed of so many pieces."""
        there = [0] * len(self.needed)
        for count, parts in zip(counts, self.parts, strict=True):
            for part in parts:
                there[part] += count
        most = min([have // need for have, need in zip(there, self.needed, strict=True)])
        return most if self.limit is None else min(most, self.limit)

    def _saved(self, counts: Sequence[int], times: int) -> tuple[int, list[int]]:
        """What the dearest `times` bundles save before floors (below any saving where they cannot be formed), and
        the pieces in them: pieces are taken dearest first, those before making room by changing their part."""
        left = [need * times for need in self.needed]
        placed = [dict.fromkeys(parts, 0) for parts in self.parts]
        for run, count in enumerate(counts):
            while count:
                moved = self._place(run, count, left, placed)
                if not moved:
                    break
                count -= moved
        used = [sum(parts.values()) for parts in placed]
        saved = sum([count * off for count, off in zip(used, self.off, strict=True)]) - self.price * times
        return (saved if not any(left) else -1 - self.price * times - 2 * times), used

    def _place(self, run: int, count: int, left: list[int], placed: list[dict[int, int]]) -> int:
        """Give some pieces of a run a part, others changing theirs where that makes room. How many."""
        came: dict[int, tuple[int, int]] = dict.fromkeys(self.parts[run], (-1, run))
        queue = list(came)
        for part in queue:
            if left[part]:
                amount = min(count, left[part])
                steps: list[tuple[int, int, int]] = []
                while part >= 0:
                    before, mover = came[part]
                    if before >= 0:
                        amount = min(amount, placed[mover][before])
                    steps.append((before, mover, part))
                    part = before
                left[steps[0][2]] -= amount
                for before, mover, after in steps:
                    placed[mover][after] += amount
                    if before >= 0:
                        placed[mover][before] -= amount
                return amount
            for other, parts in enumerate(placed):
                if parts.get(part):
                    for after in parts:
                        if after not in came:
                            came[after] = (part, other)
                            queue.append(after)
        return 0

    def walks(self, elsewhere: Sequence[int]) -> Sequence[Walk]:
        return (_BundleWalk(self, elsewhere),)


class _BundleWalk(Walk):
    """State: how many pieces play each part, and (where floors may stop it) how much more that is than may go.

    Every place in a bundle has a price, that of the best piece that is left out, which bounds what a piece adds.
    """

    __slots__ = ("most", "package", "prices")

    def __init__(self, package: Bundles, elsewhere: Sequence[int]):
        self.package = package
        self.most = package.most(package.pieces.counts)
        self.prices = [0] * len(package.needed)
        self.prices[0] = package.price // package.needed[0]
        net = [off - other for off, other in zip(package.off, elsewhere, strict=True)]
        parts = range(len(self.prices))
        for _ in range(ROUNDS if len(parts) > 2 else 1):
            for part, other in combinations(parts, 2):
                self._improve(part, other, net, elsewhere)
        for part in parts if package.limit is not None else ():
            self._improve(part, None, net, elsewhere)
        super().__init__((0,) * (len(self.prices) + 1), self._bounds(), self._constant())

    def _improve(self, part: int, other: int | None, net: Sequence[int], elsewhere: Sequence[int]) -> None:
        """Set the price of one part to what makes the bound least; the price of the other gives way, so that together
        they cost as much as before."""
        package, prices, needed = self.package, self.prices, self.package.needed
        candidates = [worth for worth, parts in zip(net, package.parts, strict=True) if part in parts]
        paid = sum([need * price for need, price in zip(needed, prices, strict=True)])
        both = 0
        if other is not None:
            both = (
                max(paid, package.price) - paid + needed[part] * prices[part] + needed[other] * prices[other]
            )
            candidates += [
                (both - needed[other] * worth) // needed[part]
                for worth, parts in zip(net, package.parts, strict=True)
                if other in parts
            ]

        def whole(price: int) -> int:
            prices[part] = price
            if other is not None:
                prices[other] = (both - needed[part] * price) // needed[other]
            return self._whole(elsewhere)

        whole(least([*candidates, prices[part]], whole, signed=other is not None))

    def _whole(self, elsewhere: Sequence[int]) -> int:
        return self._constant() + bounded(self.package.pieces.counts, self._bounds(), elsewhere)

    def _bounds(self) -> list[int]:
        package, prices = self.package, self.prices
        return [
            max([0, *[off - prices[part] for part in parts]])
            for off, parts in zip(package.off, package.parts, strict=True)
        ]

    def _constant(self) -> int:
        """What the places of all bundles cost beyond the bundles' price."""
        paid = sum([need * price for need, price in zip(self.package.needed, self.prices, strict=True)])
        return self.most * max(0, paid - self.package.price)

    def take(self, state: State, credit: int, run: int, count: int) -> Iterable[Step]:
        package = self.package
        excess = 0
        if package.tight:
            excess = count * (package.off[run] - package.pieces.rooms[run] * PPM)
        gained = count * package.off[run]
        for played in self._played(state, package.parts[run], count):
            paid = sum([(after - before) * price for before, after, price in zip(state, played, self.prices)])  # noqa: B905
            yield (*played, state[-1] + excess), gained, credit - paid

    def _played(self, state: State, parts: Sequence[int], count: int) -> Iterator[State]:
        """The ways in which so many pieces play these parts."""
        part, *others = parts
        room = self.most * self.package.needed[part] - state[part]
        for here in range(min(count, room), -1 if others else count - 1, -1):
            after = (*state[:part], state[part] + here, *state[part + 1 :])
            if others:
                yield from self._played(after, others, count - here)
            else:
                yield after[: len(self.package.needed)]

    def end(self, state: State) -> int | None:
        needed = self.package.needed
        times = state[0] // needed[0]
        if any(have != need * times for have, need in zip(state, needed)):  # noqa: B905
            return None
        return -max(self.package.price * times, state[-1])
