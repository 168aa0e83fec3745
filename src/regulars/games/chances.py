"""Decides what a game of chance may say and what a play brings: fields, odds, stock, price, who may play. Pure.

A wheel and a scratch card are one game with two faces. The odds are of the field that a play lands on; where what
stands on it is out of stock, the consolation is given in its place, so that the published odds stay true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from regulars.audience import EVERYBODY, Audience, Mark
from regulars.contradictions import Contradicting, of_name, of_partner, of_price, of_text, of_times
from regulars.games import fairness
from regulars.i18n import N_
from regulars.prizes import GameCode, Prize
from regulars.texts import Names, Texts
from regulars.units import AMOUNT_MAX

Currency = Annotated[str, Meta(min_length=1, max_length=16)]
Count = Annotated[int, Meta(ge=1, le=10**9)]
Instant = Annotated[datetime, Meta(tz=True)]
Period = Literal["day", "week", "month", "ever"]
PayWay = Literal["free", "credit", "points"]
FIELDS_MAX = 24
SEEDS = 1000
"""Plays that one seed decides at the most; after them it is published."""


class Field(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One field of the wheel: how likely it is, what it gives, how many there are of that."""

    code: GameCode
    weight: Annotated[int, Meta(ge=1, le=10**9)]
    """So many parts of the sum of all weights."""
    names: Annotated[Names, Meta(min_length=1)]
    prize: Prize
    stock: Count | None = None
    """So many in all; left out: without an end."""
    stock_per_day: Count | None = None
    """So many on one day of the program's time zone."""

    @property
    def limited(self) -> bool:
        """Whether it can be out."""
        return self.stock is not None or self.stock_per_day is not None


class FreePlays(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """So many plays of a period that cost nothing; weeks begin on Monday."""

    most: Annotated[int, Meta(ge=1, le=1000)]
    period: Period = "day"


class PointsPrice(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a play costs in points."""

    currency: Currency
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]


class Credit(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Each purchase that is large enough is good for one play."""

    least: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """Turnover of the purchase, minor units of base money."""
    days: Annotated[int, Meta(ge=1, le=366)] = 30
    """For so many days after it; purchases before the game's beginning do not count."""


class Game(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/games/{code}`: a game of chance as the operator writes it and as a revision keeps it."""

    names: Annotated[Names, Meta(min_length=1)]
    """By language; that of the program's first language stands in for one that is missing."""
    fields: Annotated[tuple[Field, ...], Meta(min_length=2, max_length=FIELDS_MAX)]
    face: Literal["wheel", "scratch"] = "wheel"
    texts: Texts = {}
    consolation: GameCode | None = None
    """The field that stands in for one that is out; it is never out itself."""
    free: FreePlays | None = None
    credit: Credit | None = None
    points: PointsPrice | None = None
    audience: Audience = EVERYBODY
    starts_at: Instant | None = field(default=None, name="from")
    ends_at: Instant | None = field(default=None, name="until")
    """Half-open."""
    funder: Mark | None = None
    """Code of the partner that pays for its prizes; left out: the operator."""

    @property
    def weights(self) -> tuple[int, ...]:
        """Of the fields in their order."""
        return tuple(one.weight for one in self.fields)

    @property
    def odds(self) -> tuple[Fraction, ...]:
        """How likely each field is."""
        return fairness.odds(self.weights)

    def landed(self, seed: bytes, number: int) -> tuple[int, Field]:
        """The roll of the play of that number under a seed, and the field on which it lands."""
        roll = fairness.number(seed, f"play/{number}", sum(self.weights))
        return roll, self.fields[fairness.place(roll, self.weights)]

    @property
    def instead(self) -> Field | None:
        """What is given where there is none left."""
        return next((one for one in self.fields if one.code == self.consolation), None)


def open_at(game: Game, at: datetime) -> bool:
    """Whether it is played at an instant."""
    return (game.starts_at is None or at >= game.starts_at) and (game.ends_at is None or at < game.ends_at)


def contradictions(
    game: Game, languages: tuple[str, ...], currencies: Mapping[str, str], partners: Collection[str]
) -> list[Contradicting]:
    """What contradicts itself, or names what there is not. `currencies`: code → kind."""
    return [
        *_texts(game, languages),
        *_fields(game),
        *_price(game, currencies),
        *_rest(game, partners),
    ]


def _texts(game: Game, languages: tuple[str, ...]) -> Iterator[Contradicting]:
    first = languages[0]
    yield from of_name(game.names, first)
    yield from of_text(game.texts, first, "/texts")
    for place, one in enumerate(game.fields):
        yield from of_name(one.names, first, f"/fields/{place}/names")


def _fields(game: Game) -> Iterator[Contradicting]:
    codes = [one.code for one in game.fields]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            yield Contradicting(
                f"/fields/{place}/code", N_("Two fields have the code {code}."), {"code": code}
            )
    instead = game.instead
    if game.consolation is not None and instead is None:
        yield Contradicting("/consolation", N_("There is no field {code}."), {"code": game.consolation})
    if instead is not None and instead.limited:
        yield Contradicting("/consolation", N_("The consolation can be out itself: let it have no stock."))
    if game.consolation is None and any(one.limited for one in game.fields):
        text = N_("What is given when a prize is out? Name a field that is never out as consolation.")
        yield Contradicting("/consolation", text)
    for place, one in enumerate(game.fields):
        if one.stock is not None and one.stock_per_day is not None and one.stock_per_day > one.stock:
            text = N_("More on one day than there are in all.")
            yield Contradicting(f"/fields/{place}/stock_per_day", text)


def _price(game: Game, currencies: Mapping[str, str]) -> Iterator[Contradicting]:
    if game.free is None and game.credit is None and game.points is None:
        yield Contradicting("/free", N_("Nobody could play: say what is free, or what a play costs."))
    if game.points is not None:
        yield from of_price(game.points.currency, currencies, "/points/currency")


def _rest(game: Game, partners: Collection[str]) -> Iterator[Contradicting]:
    yield from of_times(game.starts_at, game.ends_at)
    yield from of_partner(game.funder, partners)
