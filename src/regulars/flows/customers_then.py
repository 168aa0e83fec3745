"""Reads what was known of members at given instants, so that something can be decided as if it had been asked then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from regulars.db.pool import Transaction
from regulars.flows import facts, knowing, standing
from regulars.flows.facts import Facts, Whose
from regulars.flows.incoming import Key
from regulars.flows.known_programs import Known
from regulars.members.model import Customer
from regulars.promotions.reads import DAYS_MAX, Needs


class CustomerThen(Struct, frozen=True):
    """A member, and the fields of the `Standing` that were asked for."""

    customer: Customer
    fields: dict[str, Any]


async def customers_then(
    tx: Transaction, known: Known, needs: Needs, wanted: Sequence[tuple[UUID | None, datetime]]
) -> dict[int, CustomerThen]:
    """By place what must be known of each member at an instant, purchases of that very instant counted.

    Agreements and activated offers are those of today. Nothing for nobody, nor for who was erased.
    """
    places = [place for place, (member, _) in enumerate(wanted) if member is not None]
    if not places:
        return {}
    keys = [Key("member", member=wanted[place][0]) for place in places]
    customers = await standing.customers(await standing.resolve(tx, known.program.id, keys), known.vault)
    whose = [Whose(places[n], customer, wanted[places[n]][1]) for n, customer in customers.items()]
    if not whose:
        return {}
    # How many purchases there were before: the visits of the longest window that can be asked for.
    counted = structs.replace(needs, visits=(*needs.visits, DAYS_MAX)) if needs.purchases else needs
    latest = max(one.at for one in whose)
    found = await facts.answers(await facts.ask_for(tx, known.program, counted, whose, latest))
    zone = known.program.time_zone
    return {
        one.place: CustomerThen(one.customer, _fields(needs, one, found.get(one.place), zone))
        for one in whose
    }


def _fields(needs: Needs, one: Whose, found: Facts | None, zone: str) -> dict[str, Any]:
    fields = knowing.told(needs, one.customer, found, (), one.at, zone)
    if needs.purchases and found is not None:
        fields["purchases"] = min(found.purchases.get(DAYS_MAX, 0), needs.purchases)
    return fields
