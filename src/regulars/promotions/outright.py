"""Settles the lines that one percentage wins outright, before the other promotions of a `best` group compete.

At 10,000 live promotions most lines have a percentage of their own beside the one for everything. Rounding changes what
a promotion gives by less than a unit, so a line whose percentage leads by more than two units a piece goes to it in
every best assignment (see `stacking`), and nobody else need bid for it. What is left competes as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.bidders import Given
from regulars.promotions.index import Promotion
from regulars.promotions.runs import Runs
from regulars.promotions.scene import Scene
from regulars.units import PPM, divide_half_up

Competing = Sequence[tuple[Promotion, Benefit]]


class Settled(Struct, frozen=True, gc=False):
    """Who won a line outright, who still competes, and the lines that are gone."""

    given: list[Given]
    rest: Competing
    gone: frozenset[int]


def settle(
    scene: Scene, runs: Runs, source: Sequence[int], competing: Competing, barred: Collection[int]
) -> Settled | None:
    """The lines with a clear winner; None where there are none, or others than plain percentages compete.

    `source`: what percentages count from, in minor units for each line.
    """
    widest = 0
    by_line: dict[int, list[tuple[int, Promotion]]] = {}
    for promotion, benefit in competing:
        rate = promotion.rate
        if not rate:
            return None
        places = scene.lines_of(benefit.goods)
        if len(places) != 1:
            widest = max(widest, rate)
        elif places[0] in by_line:
            by_line[places[0]].append((rate, promotion))
        else:
            by_line[places[0]] = [(rate, promotion)]
    given: list[Given] = []
    done: set[int] = set()
    gone: set[int] = set()
    for place, offers in by_line.items():
        second = widest
        if len(offers) > 1:
            offers.sort(key=_rate, reverse=True)
            second = max(widest, offers[1][0])
        rate, promotion = offers[0]
        price, pieces = source[place], runs.pieces[place]
        if (rate - second) * price <= 2 * PPM * pieces or place in barred or not _alike(runs, place, pieces):
            continue
        gone.add(place)
        done.update([promotion.order for _, promotion in offers])
        amount = divide_half_up(rate * price, PPM)
        given.append(Given(promotion, promotion.benefits[0], {place: amount}, {}, price))
    if not gone:
        return None
    rest = [pair for pair in competing if pair[0].order not in done]
    return Settled(given, rest, frozenset(gone))


def _rate(offer: tuple[int, Promotion]) -> int:
    return offer[0]


def _alike(runs: Runs, place: int, pieces: int) -> bool:
    """Whether the pieces of a line cost the same: then nothing divides it."""
    return pieces == 1 or not (
        runs.price[place] % pieces
        or runs.start[place] % pieces
        or runs.gross[place] % pieces
        or runs.floor[place] % pieces
    )
