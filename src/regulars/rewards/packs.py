"""Prepaid packs of visits: what one holds and costs, and what is paid back of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from regulars.contradictions import Contradicting, of_name
from regulars.i18n import N_
from regulars.rewards.articles import TAKEN, Article
from regulars.rewards.plans import Text
from regulars.texts import Language, Names
from regulars.units import AMOUNT_MAX, divide_half_up


class PackDocument(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A pack that can be bought: so many visits for a price."""

    names: Annotated[Names, Meta(min_length=1)]
    currency: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{1,15}$(?!\n)")]
    """A currency of visits: packs of one currency are used by each other, those that end first before the others."""
    visits: Annotated[int, Meta(ge=1, le=1000)]
    price: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """Of the whole pack, minor units of base money."""
    valid_days: Annotated[int, Meta(ge=1, le=3660)] = 365
    """To the end of so many days after the sale."""
    texts: Annotated[dict[Language, Text], Meta(max_length=20)] = {}
    """What members read of it."""
    sku: Article | None = None
    """The article by which tills sell it: a line of a receipt pays for one pack."""
    stopped: bool = False
    """It is sold no more; what was sold is used as before."""


def contradictions(
    pack: PackDocument, language: str, currencies: Mapping[str, str], taken: Collection[str] = ()
) -> Iterator[Contradicting]:
    """What makes no sense. `language`: the program's first; `currencies`: code → kind; `taken`: articles that are
    something else that is sold, such as gift cards."""
    yield from of_name(pack.names, language)
    if currencies.get(pack.currency) != "visits":
        message = N_("The program has no currency {currency} of the kind visits.")
        yield Contradicting("/currency", message, {"currency": pack.currency})
    if pack.sku in taken:
        yield Contradicting("/sku", TAKEN, {"article": pack.sku})


def worth_left(price: int, visits: int, left: int) -> int:
    """What `left` of so many visits are worth by the price of all, rounded half up."""
    return divide_half_up(price * left, visits)
