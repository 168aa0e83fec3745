"""Gift cards of the demo: some that were sold, of which members keep a few in their wallets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from regulars import ids
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows import standing
from regulars.flows.gift_cards import GiftCardView, NewGiftCard, issue_gift_card
from regulars.flows.gift_sales import Seller
from regulars.flows.incoming import Key
from regulars.flows.keep_gift_card import NewKept, keep_gift_card
from regulars.flows.known_programs import KnownPrograms
from regulars.programs.model import Caller

SKU = "gift-card"
"""The article that the demo's tills sell as a gift card."""
AMOUNTS = (2500, 5000, 1000, 3000, 2500, 10_000)
"""Cents on each."""
KEPT = 4
"""So many of them are kept by members."""
ENDS = (timedelta(days=12), timedelta(days=365))
"""One of two ends soon."""


async def load(
    database: Database, programs: KnownPrograms, cards: Sequence[str], first: Request, caller: Caller
) -> None:
    """Sell them and let members keep some; repeated, it changes nothing. `first`: as what requests look."""
    known = await programs.fresh(first.program)
    program = known.program.id
    seller = Seller(programs, msgspec.structs.replace(caller, scopes=frozenset({"manage"})))

    def request(name: str, content: str) -> Request:
        key = f"demo/gift-cards/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, content))

    for n, amount in enumerate(AMOUNTS):
        new = NewGiftCard(amount, expires_at=first.at + ENDS[n % 2], reason="demo")
        answer = await issue_gift_card(database, known, request(f"sold/{n}", str(amount)), seller, new)
        sold = msgspec.json.decode(answer.body, type=GiftCardView)
        if n >= min(KEPT, len(cards)):
            continue
        async with database.transaction(program) as tx:
            customer = await standing.customer_of(tx, program, Key("card", number=cards[n]))
        assert customer is not None, "the demo's cards are its members'"
        assert customer.member is not None, "the demo's cards are its members'"
        assert isinstance(sold.code, str), "the answer of a sale has the code"
        kept = request(f"kept/{n}", ids.show("mem", customer.member))
        await keep_gift_card(database, known, kept, customer.member, NewKept(sold.code))
