"""The exact search for the best assignment of pieces to bidders: depth first, with an upper bound and a node bound.

Assignments are visited in lexicographic order (earlier runs first, earlier bidders first), and only a strictly
better one replaces what was found, so that ties go to the earlier bidder. Branch and bound: Land & Doig 1960.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd

from msgspec import Struct

from regulars.promotions.benefits.kind import Offer


class Choice(Struct, frozen=True, gc=False):
    """A bidder on the common scale of its group."""

    multiple: int
    """Value of one unit of potential."""
    worth: int
    """Value of one whole unit given."""
    slack: int
    """The most that rounding may add."""
    offer: Offer
    cap_value: int | None

    @property
    def cap_potential(self) -> int | None:
        """The potential from which on it gives no more."""
        return None if self.offer.cap is None else self.offer.cap * self.offer.unit

    def value(self, potential: int) -> int:
        """What it really gives for this sum of potentials: rounded, capped."""
        return self.offer.total(potential) * self.worth


Wanted = tuple[int, int, Sequence[tuple[int, int]]]
"""A run, its pieces, and who wants it: bidder, potential of one piece."""

Taken = tuple[int, int, int]
"""A run, a bidder, how many pieces."""


class Search:
    """One search. `sums` are the potentials that the bidders have from runs that are not in question."""

    def __init__(
        self, choices: Sequence[Choice], runs: Sequence[Wanted], sums: Sequence[int], nodes_max: int
    ):
        self.choices = choices
        self.runs = runs
        self.sums = list(sums)
        self.nodes_max = nodes_max
        self.nodes = 0
        self.places = sorted({place for _, _, wants in runs for place, _ in wants})
        """The bidders in question; what the others have does not change."""
        self.capped = [place for place in self.places if choices[place].cap_value is not None]
        self.uncapped = [place for place in self.places if choices[place].cap_value is None]
        self.constant = sum(choices[place].slack for place in self.uncapped)
        self.rest = self._rest()
        self.gains = {place: self._gains(place) for place in self.capped}
        self.seen: dict[tuple[int, ...], int] = {}

    def run(self) -> tuple[list[Taken], bool]:
        """The best assignment of the runs in question, and whether it is proved that none is worth more.

        (Where the search is cut short at a worth that the first bound proves, ties need not go to the earlier bidder.)
        """
        best = self._greedy()
        step = gcd(*[self.choices[place].worth for place in self.places])
        highest = self._bound(0) // step * step if step else 0
        best_value = self._value_of(best)
        found = False
        path: list[tuple[int, ...]] = []
        stack: list[Iterator[tuple[int, ...]]] = [self._counts(0)]
        while stack:
            depth = len(stack) - 1
            if len(path) > depth:
                self._add(depth, path.pop(), -1)
            counts = next(stack[-1], None)
            if counts is None:
                stack.pop()
                continue
            self.nodes += 1
            if self.nodes > self.nodes_max:
                return best, best_value >= highest
            path.append(counts)
            self._add(depth, counts, 1)
            if depth + 1 == len(self.runs):
                value = sum([self.choices[place].value(self.sums[place]) for place in self.places])
                if value > best_value or (value == best_value and not found):
                    best, best_value, found = self._taken(path), value, True
                continue
            bound = self._bound(depth + 1)
            if bound < best_value or (found and bound == best_value) or self._dominated(depth + 1):
                continue
            stack.append(self._counts(depth + 1))
        return best, True

    def _counts(self, depth: int) -> Iterator[tuple[int, ...]]:
        """All ways to divide a run's pieces among those who want it, the earlier bidder first."""
        return compositions(self.runs[depth][1], len(self.runs[depth][2]))

    def _add(self, depth: int, counts: Sequence[int], sign: int) -> None:
        for (place, potential), count in zip(self.runs[depth][2], counts, strict=True):
            self.sums[place] += sign * count * potential

    def _taken(self, path: Sequence[Sequence[int]]) -> list[Taken]:
        return [
            (run, place, count)
            for (run, _, wants), counts in zip(self.runs, path, strict=True)
            for (place, _), count in zip(wants, counts, strict=True)
            if count
        ]

    def _rest(self) -> list[int]:
        """From each depth on: what the runs could give to bidders without a cap, unrounded."""
        rest = [0] * (len(self.runs) + 1)
        for depth in range(len(self.runs) - 1, -1, -1):
            rest[depth] = rest[depth + 1] + self.runs[depth][1] * self._open(depth)
        return rest

    def _open(self, depth: int) -> int:
        """The greatest value of one piece of a run to a bidder without a cap."""
        choices = self.choices
        wants = self.runs[depth][2]
        return max([choices[p].multiple * e for p, e in wants if choices[p].cap_value is None], default=0)

    def _gains(self, capped: int) -> list[tuple[int, int, int]]:
        """From each depth on: the most a capped bidder could add beyond those without a cap, and its best ratio.

        Each unit that it gains costs what the piece would have given elsewhere; the ratio (as a fraction) says how
        much of a unit is left at best, and bounds what filling the rest of its cap may add.
        """
        gains = [(0, 0, 1)] * (len(self.runs) + 1)
        for depth in range(len(self.runs) - 1, -1, -1):
            whole, top, bottom = gains[depth + 1]
            for place, potential in self.runs[depth][2]:
                value = self.choices[place].multiple * potential
                gain = value - self._open(depth)
                if place == capped and gain > 0:
                    whole += self.runs[depth][1] * gain
                    if gain * bottom > top * value:
                        top, bottom = gain, value
            gains[depth] = (whole, top, bottom)
        return gains

    def _bound(self, depth: int) -> int:
        """No completion from here is worth more than this."""
        bound = self.constant + self.rest[depth]
        for place in self.uncapped:
            bound += self.choices[place].multiple * self.sums[place]
        for place in self.capped:
            choice = self.choices[place]
            most = choice.cap_value or 0
            now = min(most, choice.multiple * self.sums[place] + choice.slack)
            whole, top, bottom = self.gains[place][depth]
            bound += now + min(whole, -(-(most - now) * top // bottom))
        return bound

    def _dominated(self, depth: int) -> bool:
        """Whether an earlier path came here with the same remainders and at least as much."""
        key = [depth]
        linear = 0
        for place in self.places:
            choice = self.choices[place]
            offer, potential = choice.offer, self.sums[place]
            if choice.cap_value is None:
                key.append(potential % offer.unit)
                linear += choice.multiple * potential
            else:
                key.append(min(potential, (offer.cap or 0) * offer.unit))
        mark = tuple(key)
        if self.seen.get(mark, -1) >= linear:
            return True
        self.seen[mark] = linear
        return False

    def _greedy(self) -> list[Taken]:
        """A first assignment: each piece to whom it adds most, as far as caps reach."""
        left = {
            place: max(
                0, (self.choices[place].cap_value or 0) - self.choices[place].multiple * self.sums[place]
            )
            for place in self.capped
        }
        taken: list[Taken] = []
        for run, pieces, wants in self.runs:
            counts = dict.fromkeys([place for place, _ in wants], 0)
            while pieces:
                values = [(p, self.choices[p].multiple * e) for p, e in wants]
                place, value = max(values, key=lambda v: min(v[1], left.get(v[0], v[1])))
                room = left.get(place)
                count = pieces if room is None or room <= 0 or value <= 0 else min(pieces, -(-room // value))
                if room is not None:
                    left[place] = max(0, room - count * value)
                counts[place] += count
                pieces -= count
            taken += [(run, place, count) for place, count in counts.items() if count]
        return taken

    def _value_of(self, taken: Sequence[Taken]) -> int:
        sums = self.sums[:]
        potentials = {run: dict(wants) for run, _, wants in self.runs}
        for run, place, count in taken:
            sums[place] += potentials[run][place] * count
        return sum([self.choices[place].value(sums[place]) for place in self.places])


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All tuples of `parts` counts that sum to `total`, in descending lexicographic order."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total, -1, -1):
        for others in compositions(total - first, parts - 1):
            yield (first, *others)
