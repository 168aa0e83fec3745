"""Runs of alike pieces: what the pieces of a basket cost while groups of promotions are decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from itertools import pairwise

from regulars.promotions.scene import Scene


class Runs:
    """Runs of alike pieces: at first one for each line; a competition may divide them.

    `start` is the price at the beginning of the group and `price` what is left now, for the whole run, in minor units
    of the basket's currency. A discount may take from a price what is above its floor.
    """

    __slots__ = (
        "divided",
        "floor",
        "gross",
        "pieces",
        "place",
        "price",
        "quantity",
        "rooms",
        "start",
        "whole",
    )

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
        self.whole: int | None = None
        """What all runs cost at the beginning of the group; worked out when asked for."""

    def copy(self) -> Runs:
        """The same runs, to be cut without these being cut."""
        other = copy(self)
        for name in ("place", "pieces", "price", "start", "gross", "floor", "quantity"):
            setattr(other, name, getattr(self, name)[:])
        return other

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

    def make_alike(self, runs: Iterable[int] | None = None) -> bool:
        """Cut runs (None: all) whose price is not a whole number of minor units per piece, so that pieces of a run
        are alike. Answers whether there were any.
        """
        found = False
        for run in range(len(self.place)) if runs is None else runs:
            pieces = self.pieces[run]
            if pieces > 1:
                cuts = {c[run] % pieces for c in (self.price, self.start, self.gross, self.floor)} - {0}
                if cuts:
                    found = True
                    edges = [0, *sorted(cuts), pieces]
                    self.divide(run, [end - start for start, end in pairwise(edges)])
        return found

    def parts(self) -> dict[int, list[tuple[int, int, int]]]:
        """Of lines whose pieces were divided at different prices per unit: quantity, gross and price of each part."""
        parts: dict[int, list[tuple[int, int, int]]] = {}
        for run, place in enumerate(self.place):
            found = parts.setdefault(place, [])
            quantity, gross, price = self.quantity[run], self.gross[run], self.price[run]
            for number, (other, over, cost) in enumerate(found):
                if cost * quantity == price * other:
                    found[number] = (other + quantity, over + gross, cost + price)
                    break
            else:
                found.append((quantity, gross, price))
        return {place: found for place, found in parts.items() if len(found) > 1}

    def begin(self) -> None:
        """A new group begins with the prices as they are."""
        self.start = self.price[:]
        self.whole = None
