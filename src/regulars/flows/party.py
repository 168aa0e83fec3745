"""Decides whose a purchase is when it is decided, and whether that is still who was found before the lock."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.flows.facts import Facts
from regulars.flows.knowing import Done
from regulars.flows.spending import SpentOf
from regulars.ledger.page import Page
from regulars.members.model import Customer


class Party(Struct):
    """Whose purchase it is, as it stands when the purchase is decided; moves on with each purchase of a batch."""

    pool: UUID
    home: int
    customer: Customer | None
    page: Page | None
    """None for the preview of an anonymous purchase: it touches no account."""
    purchases: int = 0
    spent_today: int = 0
    """Worth of the points spent on the program's present day, in minor units of base money."""
    facts: Facts | None = None
    """What was read for the purchase that is being decided; set anew for each."""
    done: list[Done] = []
    """What was decided for it before in this batch, the earliest first."""
    spent_of: SpentOf = {}
    """What members with a daily limit spent today."""


def parties(
    customers: Mapping[int, Customer],
    pages: Mapping[UUID, Page],
    purchases: Mapping[UUID, int],
    spent_today: Mapping[UUID, int],
    spent_of: Mapping[UUID, SpentOf],
) -> dict[UUID, Party]:
    """The parties of a batch by their pool, as they were read; its purchases move them on."""
    return {
        customer.pool: Party(
            customer.pool,
            ids.home(customer.pool),
            customer,
            pages.get(customer.pool) or Page(customer.pool, ids.home(customer.pool)),
            purchases.get(customer.pool, 0),
            spent_today.get(customer.pool, 0),
            spent_of={who: dict(spent) for who, spent in spent_of.get(customer.pool, {}).items()},
        )
        for customer in customers.values()
    }


def moved(before: Customer, now: Customer) -> bool:
    """Whether something else should have been locked or asked for."""
    return (before.pool, before.role, before.spend_limit) != (now.pool, now.role, now.spend_limit)
