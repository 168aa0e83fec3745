"""Gift cards of the demo: some are kept by members, one has paid a purchase, one was loaded again, one was lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from regulars import ids
from regulars.cli.demo import chain, vouchers
from regulars.cli.demo.holders import member_of
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.gift_cards import (
    GiftCardNamed,
    GiftCardView,
    NewGiftCard,
    TopUp,
    block_gift_card,
    issue_gift_card,
    top_up_gift_card,
)
from regulars.flows.gift_sales import Seller
from regulars.flows.keep_gift_card import NewKept, keep_gift_card
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.receive_purchases import Recorder
from regulars.programs.model import Caller
from regulars.purchases.model import PurchaseLine, PurchaseRequest, SpendRequest

SKU = "gift-card"
"""The article that the demo's tills sell as a gift card."""
AMOUNTS = (2500, 5000, 1000, 3000, 2500, 10_000)
"""Cents on each."""
KEPT = 4
"""So many of them are kept by members."""
ENDS = (timedelta(days=12), timedelta(days=365))
"""One of two ends soon."""
PAID, AGAIN, LOST = 1, 2, 4
"""Places of the one that has paid a purchase, the one that was loaded again, and the one that was lost."""
LOADED = 2000
BOUGHT = PurchaseLine(
    line=1, sku=vouchers.CUP.sku, quantity="4", unit_price=vouchers.CUP.price, tax_rate="0.21"
)
"""What was paid with it: coffees for four."""


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

    codes: list[str] = []
    for n, amount in enumerate(AMOUNTS):
        new = NewGiftCard(amount, expires_at=first.at + ENDS[n % 2], reason="demo")
        answer = await issue_gift_card(database, known, request(f"sold/{n}", str(amount)), seller, new)
        sold = msgspec.json.decode(answer.body, type=GiftCardView)
        assert isinstance(sold.code, str), "the answer of a sale has the code"
        codes.append(sold.code)
        if n >= min(KEPT, len(cards)):
            continue
        member = await member_of(database, program, cards[n])
        kept = request(f"kept/{n}", ids.show("mem", member))
        await keep_gift_card(database, known, kept, member, NewKept(sold.code))
    more = TopUp(codes[AGAIN], LOADED, expires_at=first.at + ENDS[1])
    await top_up_gift_card(database, known, request("loaded", str(LOADED)), seller, more)
    await _pay(database, programs, request("paid", codes[PAID]), caller, cards[PAID], codes[PAID])
    lost = GiftCardNamed(codes[LOST], reason="Lost on the tram; the receipt was shown")
    await block_gift_card(database, known, request("lost", ""), lost, blocked=True)


async def _pay(
    database: Database, programs: KnownPrograms, step: Request, caller: Caller, card: str, code: str
) -> None:
    """A member's coffees, paid with her gift card as far as it reaches."""
    sent = PurchaseRequest(
        id=step.key,
        purchased_at=step.at,
        currency=chain.CURRENCY,
        lines=(BOUGHT,),
        store="centrs",
        till="1",
        card=card,
        spend=(SpendRequest("max", gift_card=code),),
    )
    recorder = Recorder(database, programs, (await programs.of(step.program)).vault.keyring.secret)
    # By the name of the step alone: the same purchase later is not another one.
    (recorded,) = await recorder.record_all(caller, [(sent, step.digest)], None)
    await recorder.close()
    assert recorded.answer is not None, "the card was sold just now"
