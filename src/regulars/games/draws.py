"""Decides what a lottery may say: where its tickets come from, until when, when it is drawn, what it gives. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars.audience import EVERYBODY, Audience, Mark
from regulars.contradictions import Contradicting, of_name, of_partner, of_price, of_text, of_times
from regulars.games.chances import Instant, PointsPrice
from regulars.i18n import N_
from regulars.prizes import Prize
from regulars.texts import Names, Texts
from regulars.units import AMOUNT_MAX

RANKS_MAX = 50
WINNERS_MAX = 1000
TICKETS_AT_ONCE = 100


class Rank(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A prize of the draw, and how many of it."""

    names: Annotated[Names, Meta(min_length=1)]
    prize: Prize
    count: Annotated[int, Meta(ge=1, le=WINNERS_MAX)] = 1


class PerPurchase(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Tickets that a purchase within the time of entries brings by itself."""

    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """A ticket for each so much of its turnover, minor units of base money."""
    most: Annotated[int, Meta(ge=1, le=TICKETS_AT_ONCE)] = 10
    """So many from one purchase at the most."""


class Lottery(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/draws/{code}`: a lottery as the operator writes it and as a revision keeps it."""

    names: Annotated[Names, Meta(min_length=1)]
    entries_until: Instant
    """Until then there are tickets; half-open."""
    draws_at: Instant
    """From then on it is drawn, by the worker or by hand."""
    ranks: Annotated[tuple[Rank, ...], Meta(min_length=1, max_length=RANKS_MAX)]
    """From the first prize to the last."""
    texts: Texts = {}
    entries_from: Instant | None = None
    """Left out: at once."""
    price: PointsPrice | None = None
    """What a ticket costs in points; left out: they are not sold."""
    purchases: PerPurchase | None = None
    most: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    """So many tickets a member has at the most."""
    audience: Audience = EVERYBODY
    beacon: bool = False
    """Whether the draw waits for a public number that nobody could know before, which two people typed in alike."""
    funder: Mark | None = None
    """Code of the partner that pays for its prizes; left out: the operator."""

    @property
    def winners(self) -> int:
        """How many there are at the most."""
        return sum(rank.count for rank in self.ranks)

    @property
    def places(self) -> tuple[int, ...]:
        """Of each place from the first, which of the ranks it is."""
        return tuple(n for n, rank in enumerate(self.ranks) for _ in range(rank.count))

    def open_at(self, at: datetime) -> bool:
        """Whether there are tickets at an instant."""
        return (self.entries_from is None or at >= self.entries_from) and at < self.entries_until

    def earned(self, turnover: int) -> int:
        """How many tickets a purchase brings."""
        if self.purchases is None:
            return 0
        return max(0, min(self.purchases.most, turnover // self.purchases.amount))


def only_words_differ(before: Lottery, after: Lottery) -> bool:
    """Whether a change touches nothing but texts: all that is allowed once there are tickets."""
    plain = {"names": {"-": "-"}, "texts": {}}
    return _without(before, **plain) == _without(after, **plain)


def contradictions(
    lottery: Lottery, languages: tuple[str, ...], currencies: Mapping[str, str], partners: Collection[str]
) -> list[Contradicting]:
    """What contradicts itself, or names what there is not. `currencies`: code → kind."""
    return [*_texts(lottery, languages[0]), *_times(lottery), *_rest(lottery, currencies, partners)]


def _without(lottery: Lottery, **texts: object) -> Lottery:
    ranks = tuple(replace(rank, names={"-": "-"}) for rank in lottery.ranks)
    return replace(lottery, ranks=ranks, **texts)


def _texts(lottery: Lottery, first: str) -> Iterator[Contradicting]:
    yield from of_name(lottery.names, first)
    yield from of_text(lottery.texts, first, "/texts")
    for place, rank in enumerate(lottery.ranks):
        yield from of_name(rank.names, first, f"/ranks/{place}/names")


def _times(lottery: Lottery) -> Iterator[Contradicting]:
    yield from of_times(lottery.entries_from, lottery.entries_until, "/entries_until")
    if lottery.draws_at < lottery.entries_until:
        yield Contradicting("/draws_at", N_("It would be drawn while there are tickets still."))


def _rest(
    lottery: Lottery, currencies: Mapping[str, str], partners: Collection[str]
) -> Iterator[Contradicting]:
    if lottery.winners > WINNERS_MAX:
        text = N_("There are more than {most} winners.")
        yield Contradicting("/ranks", text, {"most": WINNERS_MAX})
    for place, rank in enumerate(lottery.ranks):
        if rank.prize.nothing:
            yield Contradicting(f"/ranks/{place}/prize", N_("A winner gets something."))
    yield from of_partner(lottery.funder, partners)
    if lottery.price is not None:
        yield from of_price(lottery.price.currency, currencies, "/price/currency")
