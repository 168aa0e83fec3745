"""What the demo's members pass on: gifts to two good causes, and points for coffees at a rate that was bettered.

The good causes are partners, invented like the chain itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import InsufficientPoints
from regulars.flows import standing
from regulars.flows.donate_points import NewDonation, donate_points
from regulars.flows.exchange_points import NewExchange, exchange_points, list_rates, put_rate
from regulars.flows.incoming import Key
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.register_store import NewPartner, register_partner
from regulars.ledger.passing import Rate

BY = "demo"
POINTS, CUPS = "PTS", "CUPS"
CHARITIES = (
    NewPartner("kepinas", "Dzīvnieku patversme “Ķepiņas” (izdomāta)"),
    NewPartner("zupas-virtuve", "Zupas virtuve “Siltais katls” (izdomāta)"),
)
RATE_BEFORE = Rate(140, 1, least=140)
"""Points for a coffee, as it was when the first member joined."""
RATE = Rate(100, 1, least=100, a_day=1000)
"""As it is now."""
DONATED = ((0, "kepinas", 100), (1, "kepinas", 250), (2, "zupas-virtuve", 50), (4, "zupas-virtuve", 300))
"""Who gave how many points to whom, by the members' places."""
EXCHANGED = ((0, 200), (3, 500), (5, 100))


async def load(
    database: Database, known: KnownPrograms, cards: Sequence[str], first: Request, since: datetime
) -> None:
    """Enter the partners and the rates, and let members give and exchange; repeated, it changes nothing.

    `first`: as requests look; `since`: when the first member joined.
    """

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    for charity in CHARITIES:
        await register_partner(database, request(f"charity/{charity.code}", charity), charity)
    program = (await known.fresh(first.program)).program
    if not (await list_rates(database, program.id)).items:
        await put_rate(database, program, POINTS, CUPS, RATE_BEFORE, BY, since)
    await put_rate(database, program, POINTS, CUPS, RATE, BY, first.at)
    for place, charity, amount in DONATED:
        new = NewDonation(charity, POINTS, amount)
        member = await _member(database, program.id, cards[place])
        try:
            await donate_points(database, program, request(f"donation/{place}", new), BY, member, new)
        except InsufficientPoints:
            continue
    for place, amount in EXCHANGED:
        change = NewExchange(POINTS, CUPS, amount)
        member = await _member(database, program.id, cards[place])
        try:
            await exchange_points(database, program, request(f"exchange/{place}", change), BY, member, change)
        except InsufficientPoints:
            continue


async def _member(database: Database, program: UUID, card: str) -> UUID:
    async with database.transaction(program) as tx:
        found = await standing.customer_of(tx, program, Key("card", number=card))
    assert found is not None, "the demo's cards are its members'"
    assert found.member is not None, "the demo's cards are its members'"
    return found.member
