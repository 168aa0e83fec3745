"""Settles the lines that one percentage wins outright, before the other promotions of a `best` group compete.

At 10,000 live promotions most lines have a percentage of their own beside the one for everything. Rounding changes what
a promotion gives by less than a unit, however many lines it is on, so a line whose percentage leads by more than two
units a piece goes to it in every best assignment (see `stacking`). A promotion is decided when each of its lines has
such a leader, itself or another: it takes those that it leads, and need not bid. So is one that offers on its only
line, of one piece, what an earlier one offers that has no other line either. What is left competes as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.bidders import Given
from regulars.promotions.index import Promotion
from regulars.promotions.runs import Runs
from regulars.promotions.scene import Scene
from regulars.units import PPM, allocate, divide_half_up

Competing = Sequence[tuple[Promotion, Benefit]]
Offers = list[tuple[int, Promotion]]
"""Percentages of one line, with whose they are."""


class Settled(Struct, frozen=True, gc=False):
    """What was won outright, who still competes, and the lines that are gone."""

    given: list[Given]
    rest: Competing
    gone: frozenset[int]

    def take_off(self, runs: Runs) -> None:
        """Take what was won off the prices."""
        runs.rooms = None
        for one in self.given:
            for place, amount in one.amounts.items():
                runs.price[place] -= amount


def settle(
    scene: Scene, runs: Runs, source: Sequence[int], competing: Competing, barred: Collection[int]
) -> Settled | None:
    """Who has a clear lead; None where nobody has, or others than plain percentages compete.

    `source`: what percentages count from, in minor units for each line.
    """
    widest = 0
    by_line: dict[int, Offers] = {}
    for promotion, benefit in competing:
        rate = promotion.rate
        if not rate:
            return None
        if benefit.goods.everything:
            widest = max(widest, rate)
            continue
        places = scene.lines_of(benefit.goods)
        for place in places:
            if place not in by_line:
                by_line[place] = [(rate, promotion)]
            elif len(places) > 1 or runs.pieces[place] > 1 or not _as_good(scene, by_line[place], rate):
                by_line[place].append((rate, promotion))
    led: dict[int, list[int]] = {}
    """The lines that a promotion (by its order) leads."""
    open_: set[int] = set()
    """Promotions with a line that has no clear leader; those on everything compete for what is left."""
    for place, offers in by_line.items():
        leader = None if place in barred else _leader(offers, widest, runs, place, source[place])
        if leader is None:
            open_.update([promotion.order for _, promotion in offers])
        elif leader in led:
            led[leader].append(place)
        else:
            led[leader] = [place]
    given: list[Given] = []
    gone: list[int] = []
    rest: list[tuple[Promotion, Benefit]] = []
    for promotion, benefit in competing:
        if benefit.goods.everything or promotion.order in open_:
            rest.append((promotion, benefit))
        elif places := led.get(promotion.order):
            gone += places
            given.append(_given(promotion, benefit, places, source))
    return Settled(given, rest, frozenset(gone)) if gone else None


ON_EVERYTHING = -1
"""Leads where a line's best percentage is the one for everything."""


def _as_good(scene: Scene, offers: Offers, rate: int) -> bool:
    """Whether an earlier promotion offers just as much on this one piece and bids for nothing else: ties go to it.

    (Two pieces would be shared, where half a cent of each is rounded up.)
    """
    return any(other == rate and len(scene.lines_of(rival.benefits[0].goods)) == 1 for other, rival in offers)


def _leader(offers: Offers, widest: int, runs: Runs, place: int, price: int) -> int | None:
    """The order of the promotion that a line goes to in every best assignment; None where that is not sure."""
    rate, promotion = offers[0]
    second = widest
    for other, rival in offers[1:]:
        if other > rate:
            second, rate, promotion = max(second, rate), other, rival
        elif other > second:
            second = other
    leader = promotion.order
    if widest > rate:
        second, rate, leader = rate, widest, ON_EVERYTHING
    pieces = runs.pieces[place]
    clear = (rate - second) * price > 2 * PPM * pieces and _alike(runs, place, pieces)
    return leader if clear else None


def _given(promotion: Promotion, benefit: Benefit, places: list[int], source: Sequence[int]) -> Given:
    """Rounded once on all its lines, falling on them by largest remainder."""
    if len(places) == 1:
        (place,) = places
        price = source[place]
        return Given(promotion, benefit, {place: divide_half_up(promotion.rate * price, PPM)}, {}, price)
    places.sort()
    prices = [source[place] for place in places]
    weights = [promotion.rate * price for price in prices]
    parts = allocate(divide_half_up(sum(weights), PPM), weights)
    amounts = {place: part for place, part in zip(places, parts, strict=True) if part}
    return Given(promotion, benefit, amounts, {}, sum(prices))


def _alike(runs: Runs, place: int, pieces: int) -> bool:
    """Whether the pieces of a line cost the same: then nothing divides it."""
    return pieces == 1 or not (
        runs.price[place] % pieces
        or runs.start[place] % pieces
        or runs.gross[place] % pieces
        or runs.floor[place] % pieces
    )
