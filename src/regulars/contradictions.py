"""Says what contradicts itself in what an operator sets up, each in a sentence, and refuses it before it counts. Pure.

What documents of every kind may get wrong alike (a text that is missing in the program's first language, a currency or
a partner that there is not, an end before the beginning) is said here, in the same words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from regulars.errors import Contradiction, Fault
from regulars.i18n import N_

NAME_NEEDED = N_("A name in {language} is needed: it stands in for languages that have none.")
TEXT_NEEDED = N_("A text in {language} is needed: it stands in for languages that have none.")
DESCRIPTION_NEEDED = N_("A description in {language} is needed: it stands in for languages that have none.")


class Contradicting(Struct, frozen=True):
    """What contradicts itself: where, and a sentence with what stands in it, to be said in any language."""

    pointer: str
    message: str
    """In English, with names in braces."""
    values: Mapping[str, Any] = {}

    @property
    def sentence(self) -> str:
        """In English."""
        return self.message.format_map(self.values)


def refuse(found: Iterable[Contradicting]) -> None:
    """Raises Contradiction with all the sentences, each also in the reader's language; where there is none, nothing."""
    every = list(found)
    if not every:
        return
    faults = [Fault(one.pointer, one.sentence, Contradiction.code) for one in every]
    problem = Contradiction(" ".join(fault.detail for fault in faults), errors=faults)
    problem.spoken = {one.sentence: (one.message, dict(one.values)) for one in every}
    raise problem


def of_text(
    texts: Mapping[str, str], first: str, pointer: str, needed: str = TEXT_NEEDED
) -> Iterator[Contradicting]:
    """A text that there is in other languages, but not in the program's first."""
    if texts and first not in texts:
        yield Contradicting(pointer, needed, {"language": first})


def of_name(names: Mapping[str, str], first: str, pointer: str = "/names") -> Iterator[Contradicting]:
    """A name that is missing in the program's first language."""
    return of_text(names, first, pointer, NAME_NEEDED)


def of_price(currency: str, currencies: Mapping[str, str], pointer: str) -> Iterator[Contradicting]:
    """A currency in which nothing can be paid. `currencies`: code → kind."""
    kind, values = currencies.get(currency), {"currency": currency}
    if kind is None:
        yield Contradicting(pointer, N_("The program has no currency {currency}."), values)
    elif kind == "qualifying":
        text = N_("{currency} counts for tiers only and cannot be spent.")
        yield Contradicting(pointer, text, values)
    elif kind == "visits":
        text = N_("{currency} counts visits that were paid for; they buy nothing else.")
        yield Contradicting(pointer, text, values)


def of_partner(
    partner: str | None, partners: Collection[str], pointer: str = "/funder"
) -> Iterator[Contradicting]:
    """A partner that there is not; None: the operator, who always is."""
    if partner is not None and partner not in partners:
        yield Contradicting(pointer, N_("There is no partner {partner}."), {"partner": partner})


def of_times(
    since: datetime | None, until: datetime | None, pointer: str = "/until"
) -> Iterator[Contradicting]:
    """An end that does not come after the beginning."""
    if since is not None and until is not None and until <= since:
        yield Contradicting(pointer, N_("It ends before it begins."))
