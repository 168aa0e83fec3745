"""The exact search for the best assignment where some bidders count pieces together (packages).

Runs are taken one after the other, dearest first; what was decided so far is a *path*: the states of the packages'
walks and the sums of the other bidders. Of two paths with alike states and remainders only the better one goes on
(dynamic programming), and none goes on that cannot beat the best assignment known by its upper bound (branch and
bound), so that of equally good assignments the first guess stays.
A first guess follows the bounds; where there are too many paths, only the most promising go on to the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from math import gcd

from regulars.promotions.best import Choice, Taken, compositions
from regulars.promotions.packages import Package, Walk
from regulars.promotions.paths import Path, Wish
from regulars.units import PPM

VARIANTS_MAX = 64
"""Ways to combine the steps of ladders that are searched."""

PATHS_LAST = 4
"""Paths that go on after each run where there are too many."""


class Combining:
    """One search. `places` are the bidders in it, `walkers` those of them that are packages, in the same order."""

    def __init__(
        self,
        choices: Sequence[Choice],
        wishes: Sequence[Wish],
        packages: dict[int, Package],
        walks: dict[int, Sequence[Walk]],
        sums: Sequence[int],
        nodes_max: int,
    ):
        self.choices = choices
        self.wishes = wishes
        self.walkers = sorted(walks)
        self.packages = [packages[place] for place in self.walkers]
        self.options = [walks[place] for place in self.walkers]
        others = {place for wish in wishes for place, _ in wish.others}
        self.places = sorted(others.union(self.walkers))
        self.slot = {place: slot for slot, place in enumerate(self.places)}
        self.start = tuple([sums[place] for place in self.places])
        self.units = [choices[place].offer.unit for place in self.places]
        self.caps = [
            -1 if place in walks and choices[place].cap_value is not None else choices[place].cap_potential
            for place in self.places
        ]
        """The potential beyond which a bidder gives no more; -1: a package with a cap; None: no cap."""
        self.capped = [slot for slot, cap in enumerate(self.caps) if cap is not None]
        self.broken = [place for place in self.places if self._breaks(place)]
        """Bidders whose sums need not be whole units, so that they are rounded."""
        self.slack = sum([choices[place].worth for place in self.broken])
        """Two paths that are farther apart than this stay in their order however the rest is rounded."""
        self.step = gcd(*[choices[place].worth for place in self.places])
        """Whatever is given, its value is a multiple of this."""
        self.nodes = 0
        self.nodes_max = nodes_max
        self.walks: Sequence[Walk] = ()
        self.rest: list[int] = []
        self.most: list[int] = []
        """What a piece of each run brings at the most, but for bidders with a cap."""
        self.other: list[int | None] = []
        """What it brings where no package takes it; None where a bidder with a cap may take it."""
        self.room: list[list[tuple[int, int, int]]] = []
        """For each bidder with a cap, from each depth on: how much beyond others it may bring, and its best ratio."""
        self.constant = 0
        self.best: Sequence[Taken] = ()
        self.best_value = (-1, 0)

    def _breaks(self, place: int) -> bool:
        unit = self.choices[place].offer.unit
        if place in self.walkers:
            return not self.packages[self.walkers.index(place)].whole
        wants = [each for wish in self.wishes for other, each in wish.others if other == place]
        return any(value % unit for value in (*wants, self.start[self.slot[place]]))

    def run(self) -> tuple[Sequence[Taken], bool]:
        """The best assignment of the runs in question, and whether it is proved that none is worth more."""
        variants = list(islice(product(*self.options), VARIANTS_MAX + 1))
        exact = len(variants) <= VARIANTS_MAX
        del variants[VARIANTS_MAX:]
        self._guess(variants[0], shy=True)
        for walks in variants:
            self._guess(walks)
        for walks in variants:
            self._prepare(walks)
            if not self._pass(None, self.nodes_max):
                exact = False
                self._pass(PATHS_LAST, self.nodes + self.nodes_max // 4)
        return self.best, exact

    def _guess(self, walks: Sequence[Walk], shy: bool = False) -> None:
        """First assignments: bidders with a cap take what is worth least elsewhere, or nothing; every other piece goes
        where its bound is greatest, and what a package cannot use goes on. `shy`: the packages take nothing."""
        self._prepare(walks)
        for filling in (False, True) if self.capped else (False,):
            left = [wish.pieces for wish in self.wishes]
            sums = list(self.start)
            taken: list[Taken] = []
            if filling:
                self._fill_caps(left, sums, taken)
            if not shy:
                self._fill_packages(walks, left, sums, taken)
            for wish, count in zip(self.wishes, left, strict=True):
                others = [
                    other for other in wish.others if self.slot[other[0]] not in self.capped
                ] or wish.others
                if others and count:
                    place, each = max(others, key=lambda other: other[1] * self.choices[other[0]].multiple)
                    sums[self.slot[place]] += count * each
                    taken.append((wish.run, place, count))
            self._offer(sums, sum([place * count for _, place, count in taken]), taken)

    def _fill_caps(self, left: list[int], sums: list[int], taken: list[Taken]) -> None:
        """Bidders with a cap take pieces until it is reached, first those of which the greatest part is a gain."""
        for slot in self.capped:
            place, cap = self.places[slot], self.caps[slot]
            choice = self.choices[place]
            wanted: list[tuple[int, int, int]] = []
            for i, wish in enumerate(self.wishes):
                each = dict(wish.others).get(place, 0)
                if each and each * choice.multiple > self.most[i]:
                    wanted.append((self.most[i] * PPM // (each * choice.multiple), i, each))
            for _, i, each in sorted(wanted):
                count = min(left[i], -(-((cap or 0) - sums[slot]) // each))
                if count > 0:
                    left[i] -= count
                    sums[slot] += count * each
                    taken.append((self.wishes[i].run, place, count))

    def _fill_packages(
        self, walks: Sequence[Walk], left: list[int], sums: list[int], taken: list[Taken]
    ) -> None:
        """Packages settle the pieces that are worth most to them."""
        for number, place in enumerate(self.walkers):
            multiple, package = self.choices[place].multiple, self.packages[number]
            runs = [(i, index) for i, w in enumerate(self.wishes) for n, index in w.packages if n == number]
            counts = [0] * len(runs)
            for i, index in runs:
                bound = multiple * walks[number].bounds[index]
                if bound and bound >= self.most[i]:
                    counts[index] = left[i]
            settled = package.settle(counts)
            sums[self.slot[place]] += settled.raw
            for i, index in runs:
                if settled.used[index]:
                    left[i] -= settled.used[index]
                    taken.append((self.wishes[i].run, place, settled.used[index]))

    def _offer(self, sums: Sequence[int], penalty: int, taken: Sequence[Taken]) -> None:
        """Remember a whole assignment if it is better than those before."""
        pairs = zip(self.places, sums, strict=True)
        value = sum([self.choices[place].value(total) for place, total in pairs]), -penalty
        if value > self.best_value:
            self.best, self.best_value = taken, value

    def _prepare(self, walks: Sequence[Walk]) -> None:
        """The bounds for these walks: what each depth may still bring, and its capped bidders beyond that."""
        self.walks = walks
        self.constant = 0
        for place, walk in zip(self.walkers, walks, strict=True):
            self.constant += self.choices[place].multiple * walk.constant
        for slot, place in enumerate(self.places):
            if slot not in self.capped and place in self.broken:
                self.constant += self.choices[place].slack
        self.rest = [0] * (len(self.wishes) + 1)
        self.room = [[(0, 0, 1)] * (len(self.wishes) + 1) for _ in self.capped]
        self.most, self.other = [], []
        for wish in self.wishes:
            values = {self.slot[place]: self.choices[place].multiple * each for place, each in wish.others}
            other = max([value for slot, value in values.items() if slot not in self.capped], default=0)
            most = other
            for number, index in wish.packages:
                multiple = self.choices[self.walkers[number]].multiple
                most = max(most, multiple * walks[number].bounds[index])
            self.most.append(most)
            self.other.append(None if any(slot in values for slot in self.capped) else other)
        for depth in range(len(self.wishes) - 1, -1, -1):
            wish, most = self.wishes[depth], self.most[depth]
            self.rest[depth] = self.rest[depth + 1] + wish.pieces * most
            values = {self.slot[place]: self.choices[place].multiple * each for place, each in wish.others}
            for room, slot in zip(self.room, self.capped, strict=True):
                whole, top, bottom = room[depth + 1]
                value = values.get(slot, 0)
                if value > most:
                    whole += wish.pieces * (value - most)
                    if (value - most) * bottom > top * value:
                        top, bottom = value - most, value
                room[depth] = whole, top, bottom

    def _pass(self, keep: int | None, nodes_max: int) -> bool:
        """Go through all runs with at most `keep` paths (None: as many as there are). Whether it came to the end."""
        states = tuple([walk.start for walk in self.walks])
        linear = 0
        for slot, place in enumerate(self.places):
            if slot not in self.capped:
                linear += self.choices[place].multiple * self.start[slot]
        paths = [Path(linear, 0, 0, states, (0,) * len(states), self.start, None, ())]
        for depth in range(len(self.wishes)):
            grown: dict[tuple[object, ...], Path] = {}
            tops: dict[tuple[object, ...], int] = {}
            for path in paths:
                for after in self._grow(path, depth):
                    if self._bound(after, depth + 1) >= self.best_value[0] + self.step:
                        self._keep(after, grown, tops)
                if self.nodes > nodes_max:
                    return False
            paths = list(grown.values())
            if keep is not None and len(paths) > keep:
                paths.sort(key=lambda path: (-path.linear - path.lead, path.penalty))
                del paths[keep:]
        for path in paths:
            self._finish(path)
        return True

    def _keep(
        self, path: Path, grown: dict[tuple[object, ...], Path], tops: dict[tuple[object, ...], int]
    ) -> None:
        """Keep a path unless one with alike states and remainders is at least as good, or any with alike states is
        so much better that no rounding can make up for it."""
        remainders: list[int] = []
        held: list[int] = []
        for total, unit, cap in zip(path.sums, self.units, self.caps, strict=True):
            if cap is None:
                remainders.append(total % unit)
            else:
                held.append(total if cap < 0 else min(total, cap))
        wide = (*path.states, *held)
        top = tops.get(wide)
        if top is None or path.linear > top:
            tops[wide] = path.linear
        elif path.linear + self.slack < top:
            return
        mark = (*wide, *remainders)
        known = grown.get(mark)
        if known is None or (path.linear, -path.penalty) > (known.linear, -known.penalty):
            grown[mark] = path

    def _bound(self, path: Path, depth: int) -> int:
        """No completion of this path is worth more."""
        bound = path.linear + path.lead + self.rest[depth] + self.constant
        return bound + self._capped(path, depth) if self.capped else bound

    def _capped(self, path: Path, depth: int) -> int:
        """What bidders with a cap bring at the most. Each unit that they gain from here on costs what its pieces would
        bring elsewhere; of what is left of the cap the best ratio stays."""
        bound = 0
        for room, slot in zip(self.room, self.capped, strict=True):
            choice = self.choices[self.places[slot]]
            most = choice.cap_value or 0
            now = min(most, choice.multiple * path.sums[slot] + choice.slack)
            whole, top, bottom = room[depth]
            bound += now + min(whole, -(-(most - now) * top // bottom))
        return bound

    def _grow(self, path: Path, depth: int) -> Iterator[Path]:
        """All paths one run further."""
        wish = self.wishes[depth]
        if len(wish.packages) == 1 and len(wish.others) < 2 and not self.capped:
            yield from self._grow_simply(path, depth)
            return
        grown: list[tuple[int, Path, tuple[Taken, ...]]] = [(wish.pieces, path, ())]
        for number, index in wish.packages:
            grown = [
                (left - count, after, (*taken, (wish.run, self.walkers[number], count)) if count else taken)
                for left, at, taken in grown
                for count in self._counts(path, depth, number, index, left)
                for after in (self._walked(at, number, index, count) if count else (at,))
            ]
        for left, at, taken in grown:
            others = wish.others if left else ()
            for counts in compositions(left, len(others)) if others else ((),):
                self.nodes += 1
                yield self._added(path, at, taken, wish, counts)

    def _grow_simply(self, path: Path, depth: int) -> Iterator[Path]:
        """The same where one package and at most one other want the run: most paths are cut before they are made."""
        wish = self.wishes[depth]
        (number, index), run = wish.packages[0], wish.run
        walker = self.walkers[number]
        multiple, slot = self.choices[walker].multiple, self.slot[walker]
        place, each = wish.others[0] if wish.others else (-1, 0)
        value = each * self.choices[place].multiple if wish.others else 0
        state, owed = path.states[number], path.credits[number]
        least = (
            self.best_value[0] + self.step - self.rest[depth + 1] - self.constant - path.linear - path.lead
        )
        take = self.walks[number].take
        for count in self._counts(path, depth, number, index, wish.pieces):
            left = wish.pieces - count
            for after, gained, credit in take(state, owed, index, count) if count else ((state, 0, owed),):
                self.nodes += 1
                brought = multiple * gained + left * value
                lead = multiple * (credit - owed)
                if brought + lead < least:
                    continue
                sums = list(path.sums)
                sums[slot] += gained
                taken = ((run, walker, count),) if count else ()
                penalty = path.penalty + count * walker
                if wish.others and left:
                    sums[self.slot[place]] += left * each
                    taken = (*taken, (run, place, left))
                    penalty += left * place
                yield Path(
                    path.linear + brought,
                    penalty,
                    path.lead + lead,
                    (*path.states[:number], after, *path.states[number + 1 :]),
                    (*path.credits[:number], credit, *path.credits[number + 1 :]),
                    tuple(sums),
                    path,
                    taken,
                )

    def _counts(self, path: Path, depth: int, number: int, index: int, left: int) -> Iterable[int]:
        """How many pieces a package may take: each piece that goes where it brings less costs the difference, and no
        path may lose more than lies between its bound and the best assignment known."""
        wish = self.wishes[depth]
        value = self.choices[self.walkers[number]].multiple * self.walks[number].bounds[index]
        most, other = self.most[depth], self.other[depth]
        if len(wish.packages) > 1 or other is None:
            return range(left, -1, -1)
        spare = path.linear + path.lead + self.rest[depth] + self.constant - self.best_value[0] - self.step
        if self.capped:
            spare += self._capped(path, depth)
        if spare < 0:
            return ()
        if value > other:
            return range(left, max(-1, left - spare // (value - other) - 1), -1)
        return range(left if value == other else min(left, spare // (most - value)), -1, -1)

    def _walked(self, path: Path, number: int, index: int, count: int) -> Iterator[Path]:
        """The ways in which a package takes so many pieces."""
        place = self.walkers[number]
        slot, multiple = self.slot[place], self.choices[place].multiple
        free = self.caps[slot] is None
        states, owing, sums, owed = path.states, path.credits, path.sums, path.credits[number]
        for state, gained, credit in self.walks[number].take(states[number], owed, index, count):
            self.nodes += 1
            yield Path(
                path.linear + multiple * gained if free else path.linear,
                path.penalty + count * place,
                path.lead + multiple * (credit - owed if free else credit - owed + gained),
                (*states[:number], state, *states[number + 1 :]),
                (*owing[:number], credit, *owing[number + 1 :]),
                (*sums[:slot], sums[slot] + gained, *sums[slot + 1 :]),
                None,
                (),
            )

    def _added(
        self, before: Path, path: Path, taken: tuple[Taken, ...], wish: Wish, counts: Sequence[int]
    ) -> Path:
        """The other bidders take what the packages left."""
        sums = path.sums
        linear, penalty = path.linear, path.penalty
        for (place, potential), count in zip(wish.others, counts, strict=False):
            if count:
                slot = self.slot[place]
                sums = (*sums[:slot], sums[slot] + count * potential, *sums[slot + 1 :])
                if self.caps[slot] is None:
                    linear += count * potential * self.choices[place].multiple
                penalty += count * place
                taken = (*taken, (wish.run, place, count))
        return Path(linear, penalty, path.lead, path.states, path.credits, sums, before, taken)

    def _finish(self, path: Path) -> None:
        """Remember a whole assignment that is better than those before."""
        sums = list(path.sums)
        for place, walk, state in zip(self.walkers, self.walks, path.states, strict=True):
            more = walk.end(state)
            if more is None:
                return
            sums[self.slot[place]] += more
        taken: list[Taken] = []
        back: Path | None = path
        while back is not None:
            taken += back.taken
            back = back.before
        self._offer(sums, path.penalty, taken)
