"""What the search for the best combination asks about, and what it has decided so far. Pure data."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from regulars.promotions.best import Taken
from regulars.promotions.packages import State


class Wish(Struct, frozen=True, gc=False):
    """A run in question: its pieces, the packages that want it (their number in the search, their own number of the
    run), and the other bidders (place, potential of a piece). Where there are others, they take what is left."""

    run: int
    pieces: int
    packages: Sequence[tuple[int, int]]
    others: Sequence[tuple[int, int]]


class Path(Struct, gc=False):
    """What was decided so far. Values are on the common scale of the group."""

    linear: int
    """Of bidders without a cap, before rounding."""
    penalty: int
    """Grows with each piece that goes to a later bidder: of equals the smallest wins."""
    lead: int
    """Beside `linear`, what the credits of the walks may still bring."""
    states: tuple[State, ...]
    credits: tuple[int, ...]
    sums: tuple[int, ...]
    """Potentials by bidder in the search."""
    before: Path | None
    taken: tuple[Taken, ...]
