"""Reads what a receipt says of the till that made it without the line: which device, when, and who let points be spent.

The time is by the device's clock; the till says how far that is ahead, and what lies in the future all the same was
sold now: a receipt is never lost for its clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import structs

from regulars import ids
from regulars.errors import InvalidValue
from regulars.flows.known_programs import Known
from regulars.members import dynamic_code
from regulars.programs import signing
from regulars.purchases.model import PurchaseRequest
from regulars.purchases.offline import allowance
from regulars.purchases.offline.judging import Sold


def read(sent: PurchaseRequest, at: datetime) -> tuple[Sold, PurchaseRequest]:
    """What it says, and the purchase at the time at which it was sold, never after `at`.

    Raises InvalidValue where the receipt is not as sold, WrongIdKind.
    """
    said = sent.offline
    assert said is not None, "it was made without the line"
    if sent.pricing != "as_sold":
        raise InvalidValue("/offline", "goes with the pricing as_sold only: the goods have left")
    if sent.hold:
        raise InvalidValue("/hold", "a receipt that was made without the line holds nothing")
    device = ids.read("dev", said.device, "/offline/device")
    snapshot = ids.read("snp", said.snapshot, "/offline/snapshot") if said.snapshot is not None else None
    try:
        sold_at = min(sent.purchased_at - timedelta(seconds=said.clock_skew_seconds), at)
    except OverflowError:
        sold_at = at
    seconds = round((sent.purchased_at - sold_at).total_seconds())
    sold = Sold(device, said.counter, sent.purchased_at, seconds, snapshot)
    return sold, structs.replace(sent, purchased_at=sold_at.astimezone(sent.purchased_at.tzinfo))


def with_allowance(known: Known, secret: bytes, sent: PurchaseRequest, sold: Sold, card: str | None) -> Sold:
    """With the allowance of the token that came along, if the program made it for this device, snapshot and card.

    `card`: its digits; None where the customer was not known by a card.
    """
    assert sent.offline is not None, "it was made without the line"
    token = sent.offline.allowance
    if token is None or sold.snapshot is None or card is None or not sent.spend:
        return sold
    key = allowance.key_of(secret, known.program.id)
    named = allowance.card_hash(allowance.salt_of(key, sold.snapshot), card)
    found = allowance.read(key, token, sold.device, sold.snapshot, named)
    return structs.replace(sold, allowance=found, proved=_proved(secret, known.program.id, sent))


def without_token(sent: PurchaseRequest) -> PurchaseRequest:
    """As it may be kept: a token is for one receipt."""
    assert sent.offline is not None, "it was made without the line"
    return structs.replace(sent, offline=structs.replace(sent.offline, allowance=None))


def _proved(secret: bytes, program: UUID, sent: PurchaseRequest) -> bool:
    """Whether the phone of the card's member made the code that was shown within a minute of the sale."""
    code = dynamic_code.read(sent.card) if sent.card is not None else None
    if code is None:
        return False
    return dynamic_code.fault(code, signing.public_key(secret, program), sent.purchased_at) is None
