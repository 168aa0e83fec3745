"""Who bids in a competition, what each gave, and small steps of dividing it. Pure data and functions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.index import Promotion
from regulars.promotions.outcome import Grant
from regulars.promotions.stacking import Bid


class Given(Struct, frozen=True, gc=False):
    """What one benefit gave: on each line an amount, the quantity that took part (where lines were divided), and the
    price it was counted from; or something apart from the lines."""

    promotion: Promotion
    benefit: Benefit
    amounts: dict[int, int]
    quantities: dict[int, int]
    base: int
    off_delivery: int = 0
    grant: Grant | None = None

    @property
    def anything(self) -> bool:
        """Whether it gave anything at all."""
        return bool(self.amounts) or self.off_delivery > 0 or self.grant is not None


class Result(Struct, frozen=True, gc=False):
    """What a group decided. `losers`: promotions that could have given something, and who was preferred."""

    given: list[Given]
    losers: dict[int, UUID | None]
    exact: bool = True


class Bidder(Struct, frozen=True, gc=False):
    promotion: Promotion
    benefit: Benefit
    bid: Bid


def within(rooms: Sequence[int], parts: list[int]) -> list[int]:
    """The parts with what exceeds a room (a unit of rounding) moved to the first that has room for it."""
    over = 0
    for place, (part, room) in enumerate(zip(parts, rooms, strict=True)):
        if part > room:
            over += part - room
            parts[place] = room
    for place, room in enumerate(rooms if over else ()):
        more = min(over, room - parts[place])
        parts[place] += more
        over -= more
    return parts


def note_losers(
    portions: Sequence[Sequence[tuple[int, int]]], bidders: Sequence[Bidder], losers: dict[int, UUID | None]
) -> None:
    """Note the promotions that take nothing, and who takes the first run that they bid for."""
    winners: dict[int, UUID] = {}
    for bidder, taken in zip(bidders, portions, strict=True):
        for run, _ in taken:
            winners.setdefault(run, bidder.promotion.id)
    for bidder, taken in zip(bidders, portions, strict=True):
        if not taken:
            potentials = zip(bidder.bid.runs, bidder.bid.offer.potentials, strict=True)
            first = next((winners.get(run) for run, potential in potentials if potential > 0), None)
            losers.setdefault(bidder.promotion.order, first)


def with_part(bid: Bid, run: int, part: int, potential: int) -> Bid:
    """The bid with the potential of a run, or of a new run cut from it, set."""
    runs, potentials = list(bid.runs), list(bid.offer.potentials)
    if part == run:
        potentials[runs.index(run)] = potential
    else:
        runs.append(part)
        potentials.append(potential)
    return replace(bid, runs=runs, offer=replace(bid.offer, potentials=potentials))
