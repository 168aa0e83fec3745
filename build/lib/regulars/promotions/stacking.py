"""Which promotion of a group takes which pieces: the rules all, first, best and worst.

A *bidder* is one benefit of one promotion with what it could give on each run of alike pieces. Under `all` everybody
takes everything; under the others a piece takes part in one bidder at the most. Bidders come in the order of
priority, then id, and ties go to the earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import lcm
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from regulars.promotions.benefits.kind import Offer
from regulars.promotions.best import Choice, Search, Taken, Wanted
from regulars.promotions.combining import Combining
from regulars.promotions.packages import Package, Walk
from regulars.promotions.paths import Wish
from regulars.units import allocate

NODES_MAX = 3_000
"""Steps of the exact search (3 to 5 µs each) after which `best` takes the best assignment found so far."""

PATHS_MAX = 4_000
"""Steps of the search where packages are among the bids, 3 to 4 µs each."""

Portion = tuple[int, int]
"""A run, and how many of its pieces."""


Want = tuple[int, int, int]
"""What a bid offers for a run: value on the common scale, the bid, its potential."""


class Bid(Struct, frozen=True, gc=False):
    """What one benefit offers: the runs it could take, its offer on them, and what a unit of it is worth.

    Of a package the offer's potentials are only bounds (at least 1 where a run is wanted), its runs come dearest
    first, and what it gives for some of the pieces is what it settles.
    """

    runs: Sequence[int]
    offer: Offer
    weight: tuple[int, int] = (1, 1)
    package: Package | None = None

    def alone(self) -> int:
        """What it gives where it gets all that it bids for."""
        if self.package is None:
            return self.offer.total(sum(self.offer.potentials))
        return self.offer.total(self.package.settle(self.package.pieces.counts).raw)


class Assignment(Struct, frozen=True, gc=False):
    """For each bid the portions it takes; `exact` is False when the search gave up at its bound."""

    portions: list[list[Portion]]
    exact: bool = True


def assign(rule: str, bids: Sequence[Bid], pieces: Sequence[int]) -> Assignment:
    """Divide the pieces of the runs among the bids by the group's rule.

    `best` needs runs of alike pieces (every potential divisible by the pieces). `worst` gives each piece to the bid
    with the smallest potential (at most its cap), before rounding; `first` to the first that would give anything.
    A package's potential is what it would give on the run if it stood alone; under `first` what it cannot use goes on
    to the next.
    """
    if len(bids) == 1 or rule == "all":
        return Assignment([_everything(bid, pieces) for bid in bids])
    if rule == "best":
        return _best(bids, pieces)
    if any(bid.package for bid in bids):
        if rule == "first":
            return Assignment(_in_turn(bids, pieces))
        bids = [_standing_alone(bid) for bid in bids]
    return Assignment(_one_each(rule, bids, pieces))


def _everything(bid: Bid, pieces: Sequence[int]) -> list[Portion]:
    return [(run, pieces[run]) for run, e in zip(bid.runs, bid.offer.potentials, strict=True) if e > 0]


def _one_each(rule: str, bids: Sequence[Bid], pieces: Sequence[int]) -> list[list[Portion]]:
    """first and worst: every run goes, whole, to one bid."""
    taken: dict[int, tuple[int, int]] = {}
    for place, (choice, bid) in enumerate(zip(_choices(bids), bids, strict=True)):
        most = choice.cap_value
        for run, potential in zip(bid.runs, bid.offer.potentials, strict=True):
            if potential > 0:
                value = 0 if rule == "first" else potential * choice.multiple
                value = value if most is None else min(value, most)
                if run not in taken or value < taken[run][0]:
                    taken[run] = (value, place)
    portions: list[list[Portion]] = [[] for _ in bids]
    for run in sorted(taken):
        portions[taken[run][1]].append((run, pieces[run]))
    return portions


def _in_turn(bids: Sequence[Bid], pieces: Sequence[int]) -> list[list[Portion]]:
    """first, where packages are among the bids: each takes of what is left all that it can use."""
    left = list(pieces)
    portions: list[list[Portion]] = []
    for bid in bids:
        there = [left[run] for run in bid.runs]
        if bid.package is None:
            used = [n if e > 0 else 0 for n, e in zip(there, bid.offer.potentials, strict=True)]
        else:
            used = bid.package.settle(there).used
        taken = [(run, count) for run, count in zip(bid.runs, used, strict=True) if count]
        for run, count in taken:
            left[run] -= count
        portions.append(sorted(taken))
    return portions


def _standing_alone(bid: Bid) -> Bid:
    """A package's bid with what it would give on each run if it had all."""
    if bid.package is None:
        return bid
    settled = bid.package.settle(bid.package.pieces.counts)
    return replace(bid, offer=replace(bid.offer, potentials=allocate(settled.raw, settled.weights)))


def _choices(bids: Sequence[Bid]) -> list[Choice]:
    """The bids on one common scale: whole numbers in which a unit of each counts by its worth."""
    first = bids[0]
    if all(bid.offer.unit == first.offer.unit and bid.weight == first.weight for bid in bids):
        return [_choice(bid.offer, 2, 2 * bid.offer.unit) for bid in bids]
    scale = lcm(*[bid.offer.unit * bid.weight[1] for bid in bids])
    choices: list[Choice] = []
    for bid in bids:
        numerator, denominator = bid.weight
        worth = 2 * numerator * (scale // denominator)
        choices.append(_choice(bid.offer, worth // bid.offer.unit, worth))
    return choices


def _choice(offer: Offer, multiple: int, worth: int) -> Choice:
    return Choice(
        multiple,
        worth,
        worth // 2 if offer.half_up else 0,
        offer,
        None if offer.cap is None else offer.cap * worth,
    )


def _best(bids: Sequence[Bid], pieces: Sequence[int]) -> Assignment:
    """The true optimum of the sum of rounded, capped amounts at their worth.

    Rounding changes what a bid gives by less than one unit. So a piece never goes to a bid that offers less than
    the greatest bid without a cap by more than one unit of each: moving it there would be better in any assignment.
    Pieces for which only one bid is left go to it; the others, in parts that share no bid, are searched.
    """
    choices = _choices(bids)
    if any(bid.package for bid in bids):
        return _combined(bids, choices, pieces)
    options = _options(bids, choices)
    sums = [0] * len(bids)
    portions: list[list[Portion]] = [[] for _ in bids]
    free: list[Wanted] = []
    for run, offers in options.items():
        if len(offers) > 1:
            offers = _serious(offers, choices, pieces[run])
        if len(offers) == 1:
            _, place, potential = offers[0]
            portions[place].append((run, pieces[run]))
            sums[place] += potential
        else:
            count = pieces[run]
            free.append((run, count, [(place, potential // count) for _, place, potential in offers]))
    if not free:
        return Assignment(portions)
    exact = True
    nodes = NODES_MAX
    free.sort(key=lambda wanted: wanted[0])
    for part in _apart(free, _wanting, len(bids)) if len(free) > 1 else (free,):
        if len(part) == 1 and part[0][1] == 1:
            run, _, wants = part[0]
            place = _taker(wants, choices, sums)
            portions[place].append((run, 1))
            continue
        search = Search(choices, part, sums, nodes)
        found, proved = search.run()
        nodes -= search.nodes
        exact = exact and proved
        for run, place, count in found:
            portions[place].append((run, count))
    for taken in portions:
        taken.sort()
    return Assignment(portions, exact)


def _taker(wants: Sequence[tuple[int, int]], choices: Sequence[Choice], sums: Sequence[int]) -> int:
    """Who takes a single piece in question: to whom it adds most, rounded and capped; the earlier of equals."""
    best, taker = -1, 0
    for place, potential in wants:
        choice, before = choices[place], sums[place]
        added = choice.value(before + potential) - choice.value(before)
        if added > best:
            best, taker = added, place
    return taker


def _options(bids: Sequence[Bid], choices: Sequence[Choice]) -> dict[int, list[Want]]:
    """For each run who wants it, in the order of the bids: value on the common scale, bid, potential."""
    options: dict[int, list[Want]] = {}
    for place, bid in enumerate(bids):
        if bid.package is not None:
            continue
        multiple = choices[place].multiple
        for run, potential in zip(bid.runs, bid.offer.potentials, strict=True):
            if potential > 0:
                want = (potential * multiple, place, potential)
                if run in options:
                    options[run].append(want)
                else:
                    options[run] = [want]
    return options


def _serious(offers: list[Want], choices: Sequence[Choice], pieces: int) -> list[Want]:
    """The offers for a run that some best assignment might take."""
    top = 0
    for value, place, _ in offers:
        choice = choices[place]
        if choice.cap_value is None and value - choice.worth * pieces > top:
            top = value - choice.worth * pieces
    return [offer for offer in offers if offer[0] + choices[offer[1]].worth * pieces >= top]


def _combined(bids: Sequence[Bid], choices: Sequence[Choice], pieces: Sequence[int]) -> Assignment:
    """The same where some bids are packages. Only between bids that are none a piece may be judged by itself."""
    plain = _options(bids, choices)
    wanted: dict[int, list[tuple[int, int]]] = {}
    for place, bid in enumerate(bids):
        for number, run in enumerate(bid.runs if bid.package else ()):
            wanted.setdefault(run, []).append((place, number))
    sums = [0] * len(bids)
    portions: list[list[Portion]] = [[] for _ in bids]
    free: list[Wish] = []
    for run in dict.fromkeys([*plain, *wanted]):
        offers, count = plain.get(run, ()), pieces[run]
        if len(offers) > 1:
            offers = _serious(offers, choices, count)
        if run not in wanted and len(offers) == 1:
            portions[offers[0][1]].append((run, count))
            sums[offers[0][1]] += offers[0][2]
        else:
            others = [(place, potential // count) for _, place, potential in offers]
            free.append(Wish(run, count, wanted.get(run, ()), others))
    exact = True
    for part in _apart(_dearest_first(free, bids), _wishing, len(bids)):
        found, proved = _searched(part, bids, choices, sums)
        exact = exact and proved
        for run, place, count in found:
            portions[place].append((run, count))
    for taken in portions:
        taken.sort()
    return Assignment(portions, exact)


def _searched(
    part: Sequence[Wish], bids: Sequence[Bid], choices: Sequence[Choice], sums: Sequence[int]
) -> tuple[Sequence[Taken], bool]:
    """The best assignment of a part, and whether it is proved."""
    alone = {place for wish in part for place in _wishing(wish)}
    if len(alone) == 1:
        (place,) = alone
        return [(wish.run, place, wish.pieces) for wish in part], True
    walks = _walks(part, bids, choices)
    if not walks:
        runs = [(wish.run, wish.pieces, wish.others) for wish in part]
        return Search(choices, sorted(runs, key=_first), sums, NODES_MAX).run()
    places = {place: number for number, place in enumerate(sorted(walks))}
    numbered = [
        replace(wish, packages=[(places[place], index) for place, index in wish.packages]) for wish in part
    ]
    packages = {place: package for place in walks if (package := bids[place].package) is not None}
    return Combining(choices, numbered, packages, walks, sums, PATHS_MAX).run()


def _walks(part: Sequence[Wish], bids: Sequence[Bid], choices: Sequence[Choice]) -> dict[int, Sequence[Walk]]:
    """How the packages of a part walk, each knowing what its pieces bring to the others."""
    brings: dict[int, dict[int, int]] = {}
    wishes: dict[int, dict[int, int]] = {}
    for wish in part:
        values = [
            choices[place].multiple * each for place, each in wish.others if choices[place].cap_value is None
        ]
        brings[wish.run] = {-1: max(values, default=0)}
        for place, number in wish.packages:
            wishes.setdefault(place, {})[number] = wish.run
    walks: dict[int, Sequence[Walk]] = {}
    for place in (*wishes, *wishes) if len(wishes) > 1 else wishes:
        package, multiple = bids[place].package, choices[place].multiple
        assert package is not None
        runs = [wishes[place][number] for number in range(len(wishes[place]))]
        others = [max([v for bidder, v in brings[run].items() if bidder != place]) for run in runs]
        walks[place] = package.walks([value // multiple for value in others])
        for run, bound in zip(runs, walks[place][0].bounds, strict=True):
            brings[run][place] = bound * multiple
    return walks


def _dearest_first(free: Iterable[Wish], bids: Sequence[Bid]) -> list[Wish]:
    """In the order in which packages walk: that of the pieces' prices, where a package knows them."""
    prices: dict[int, tuple[int, int]] = {}
    for bid in bids:
        if bid.package is not None:
            pieces = bid.package.pieces
            for run, price, room in zip(bid.runs, pieces.prices, pieces.rooms, strict=True):
                prices[run] = (-price, room)
    return sorted(free, key=lambda wish: (*prices.get(wish.run, (0, 0)), wish.run))


def _first(wanted: Wanted) -> int:
    return wanted[0]


def _wanting(wanted: Wanted) -> list[int]:
    return [place for place, _ in wanted[2]]


def _wishing(wish: Wish) -> list[int]:
    return [place for place, _ in (*wish.packages, *wish.others)]


W = TypeVar("W")


def _apart(free: Sequence[W], bidders: Callable[[W], list[int]], bids: int) -> list[list[W]]:
    """The runs in question in parts of which no two share a bid, each in their order."""
    part_of = list(range(bids))

    def root(place: int) -> int:
        while part_of[place] != place:
            place = part_of[place]
        return place

    for wanted in free:
        first, *others = bidders(wanted)
        first = root(first)
        for place in others:
            part_of[root(place)] = first
    parts: dict[int, list[W]] = {}
    for wanted in free:
        parts.setdefault(root(bidders(wanted)[0]), []).append(wanted)
    return list(parts.values())
