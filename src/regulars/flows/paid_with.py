"""Takes what a purchase was paid with out of it before anything is kept or told: what is left of it is a keyed hash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import structs

from regulars.errors import InvalidValue
from regulars.members import instruments
from regulars.members.identity import BlindIndex
from regulars.purchases.model import Payment


def card_numbers(payments: Sequence[Payment]) -> Iterable[InvalidValue]:
    """Payments whose instrument could be the number of a payment card; what was sent is not repeated."""
    for place, payment in enumerate(payments):
        if payment.instrument is not None and instruments.is_card_number(payment.instrument):
            yield InvalidValue(
                f"/payments/{place}/instrument",
                "looks like the number of a payment card, which must not be sent; "
                "send the token or fingerprint that the terminal has for it",
            )


def taken_out(
    index: BlindIndex, payments: Sequence[Payment]
) -> tuple[tuple[Payment, ...], tuple[bytes, ...]]:
    """The payments without their instruments, and the keyed hashes of these, each once."""
    said = {payment.instrument: None for payment in payments if payment.instrument is not None}
    if not said:
        return tuple(payments), ()
    bare = tuple([structs.replace(payment, instrument=None) for payment in payments])
    return bare, tuple([instruments.digest(index, one) for one in said])
