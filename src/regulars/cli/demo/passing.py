"""What the demo's members pass on: to friends, to two good causes, and for coffees at a rate that was bettered.

The good causes are partners, invented like the chain itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars import ids
from regulars.cli.demo.holders import member_of
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import InsufficientPoints
from regulars.flows.donate_points import NewDonation, donate_points
from regulars.flows.exchange_points import NewExchange, exchange_points, list_rates, put_rate
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.register_store import NewPartner, register_partner
from regulars.flows.take_transfer_back import take_transfer_back
from regulars.flows.transfer_points import NewTransfer, Transferred, transfer_points
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
SENT = (
    (1, 0, 50, "Par kafiju. Paldies!"), (3, 6, 60, "Daudz laimes dzimšanas dienā!"), (4, 10, 40, "На подарок Вере"),
    (5, 13, 75, "Your half of the picnic"),
)  # fmt: skip
"""Who sent how many points to whom, and what she wrote to it."""
MISTAKEN = (9, 14, 45)
"""Sent to the wrong friend, and taken back."""
EXCHANGED = ((0, 200), (3, 500), (5, 100))


async def load(
    database: Database, known: KnownPrograms, cards: Sequence[str], first: Request, since: datetime
) -> None:
    """Enter the partners and the rates, and let members send, give and exchange; repeated, it changes nothing.

    `first`: as requests look; `since`: when the first member joined.
    """

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    async def send(place: int, to: int, amount: int, words: str = "") -> str | None:
        giver, taker = [await member_of(database, program.id, cards[one]) for one in (place, to)]
        new = NewTransfer(ids.show("mem", taker), POINTS, amount, words)
        try:
            sent = await transfer_points(database, program, request(f"transfer/{place}", new), BY, giver, new)
        except InsufficientPoints:
            return None
        return msgspec.json.decode(sent.body, type=Transferred).transfer

    for charity in CHARITIES:
        await register_partner(database, request(f"charity/{charity.code}", charity), charity)
    program = (await known.fresh(first.program)).program
    if not (await list_rates(database, program.id)).items:
        await put_rate(database, program, POINTS, CUPS, RATE_BEFORE, BY, since)
    await put_rate(database, program, POINTS, CUPS, RATE, BY, first.at)
    for place, charity, amount in DONATED:
        new = NewDonation(charity, POINTS, amount)
        member = await member_of(database, program.id, cards[place])
        try:
            await donate_points(database, program, request(f"donation/{place}", new), BY, member, new)
        except InsufficientPoints:
            continue
    for place, to, amount, words in SENT:
        await send(place, to, amount, words)
    taken = await send(*MISTAKEN)
    if taken is not None:
        giver = await member_of(database, program.id, cards[MISTAKEN[0]])
        await take_transfer_back(
            database, program, request("transfer/back", taken), BY, giver, ids.read("trf", taken)
        )
    for place, amount in EXCHANGED:
        change = NewExchange(POINTS, CUPS, amount)
        member = await member_of(database, program.id, cards[place])
        try:
            await exchange_points(database, program, request(f"exchange/{place}", change), BY, member, change)
        except InsufficientPoints:
            continue
