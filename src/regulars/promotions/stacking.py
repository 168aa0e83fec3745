"""Which promotion of a group takes which pieces: the rules all, first, best and worst.

A *bidder* is one benefit of one promotion with what it could give on each run of alike pieces. Under `all` everybody
takes everything; under the others a piece takes part in one bidder at the most. Bidders come in the order of
priority, then id, and ties go to the earlier one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from msgspec import Struct

from regulars.promotions.benefits.kind import Offer
from regulars.promotions.best import Choice, Search, Wanted

NODES_MAX = 3_000
"""Steps of the exact search (3 to 5 µs each) after which `best` takes the best assignment found so far."""

Portion = tuple[int, int]
"""A run, and how many of its pieces."""


Want = tuple[int, int, int]
"""What a bid offers for a run: value on the common scale, the bid, its potential."""


class Bid(Struct, frozen=True, gc=False):
    """What one benefit offers: the runs it could take, its offer on them, and what a unit of it is worth."""

    runs: Sequence[int]
    offer: Offer
    weight: tuple[int, int] = (1, 1)


class Assignment(Struct, frozen=True, gc=False):
    """For each bid the portions it takes; `exact` is False when the search gave up at its bound."""

    portions: list[list[Portion]]
    exact: bool = True


def assign(rule: str, bids: Sequence[Bid], pieces: Sequence[int]) -> Assignment:
    """Divide the pieces of the runs among the bids by the group's rule.

    `best` needs runs of alike pieces (every potential divisible by the pieces). `worst` gives each piece to the bid
    with the smallest potential (at most its cap), before rounding; `first` to the first that would give anything.
    """
    if len(bids) == 1 or rule == "all":
        return Assignment([_everything(bid, pieces) for bid in bids])
    if rule == "best":
        return _best(bids, pieces)
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
    for part in _apart(free, len(bids)):
        search = Search(choices, part, sums, nodes)
        found, proved = search.run()
        nodes -= search.nodes
        exact = exact and proved
        for run, place, count in found:
            portions[place].append((run, count))
    for taken in portions:
        taken.sort()
    return Assignment(portions, exact)


def _options(bids: Sequence[Bid], choices: Sequence[Choice]) -> dict[int, list[Want]]:
    """For each run who wants it, in the order of the bids: value on the common scale, bid, potential."""
    options: dict[int, list[Want]] = {}
    for place, bid in enumerate(bids):
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


def _apart(free: list[Wanted], bids: int) -> list[list[Wanted]]:
    """The runs in question in parts of which no two share a bid, each in the order of runs."""
    part_of = list(range(bids))

    def root(place: int) -> int:
        while part_of[place] != place:
            place = part_of[place]
        return place

    free.sort(key=lambda wanted: wanted[0])
    for _, _, wants in free:
        first = root(wants[0][0])
        for place, _ in wants[1:]:
            part_of[root(place)] = first
    parts: dict[int, list[Wanted]] = {}
    for wanted in free:
        parts.setdefault(root(wanted[2][0][0]), []).append(wanted)
    return list(parts.values())
