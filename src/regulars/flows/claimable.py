"""Decides who may claim an anonymous purchase: by its code, its age, its cashier, and how many she claimed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import AlreadyClaimed, ClaimByCashier, ClaimCodeWrong, ClaimLimit, Fault, NotClaimable
from regulars.flows import answering
from regulars.flows.known_programs import Known
from regulars.flows.open_purchase import Opened
from regulars.members import reading
from regulars.members.description import CardText, Contact
from regulars.members.model import Customer
from regulars.programs.model import Caller
from regulars.programs.settings import ProgramSettings
from regulars.purchases import claiming
from regulars.purchases.model import RequestName

CLAIMS_COUNTED = timedelta(days=7)


class NewClaim(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/purchases/{id}/claim`: exactly one of card, phone, email and member."""

    card: CardText | None = None
    phone: Contact | None = None
    email: Contact | None = None
    member: Annotated[str, Meta(max_length=64)] | None = None
    claim_code: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    """From the receipt. Only a key that may `manage` does without."""


class ClaimByRequest(NewClaim, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`POST /v1/purchases/claim`: by the till's own id of the purchase, which is printed on the receipt."""

    request: RequestName


def offered(settings: ProgramSettings) -> bool:
    """Whether members can claim receipts at all: zero days, or none a week, says no."""
    return settings.claim_days > 0 and settings.claims_a_week > 0


def require_code(known: Known, caller: Caller, purchase: UUID, new: NewClaim) -> None:
    """The code is the receipt's own; a key that may `manage` does without. Raises ClaimCodeWrong."""
    if new.claim_code is None:
        if "manage" in caller.scopes:
            return
        raise ClaimCodeWrong(errors=[Fault("/claim_code", "is printed on the receipt", "missing_field")])
    if not claiming.is_code_of(answering.claim_key(known.vault), purchase, new.claim_code):
        raise ClaimCodeWrong(errors=[Fault("/claim_code", "is another one", ClaimCodeWrong.code)])


async def require_claimable(tx: Transaction, opened: Opened, customer: Customer, at: datetime) -> None:
    """The customer may claim it now; her pool and the purchase's are locked, so that this stays true.

    Raises AlreadyClaimed, NotClaimable, ClaimByCashier, ClaimLimit.
    """
    purchase, program = opened.purchase, opened.known.program
    if purchase.claimed is not None:
        raise AlreadyClaimed
    if purchase.member is not None or purchase.card is not None:
        raise _not("has_member", "It was made with a card or a phone: it is somebody's already.")
    state = opened.state(at)
    if state != "recorded":
        raise _not(state, f"It is {state}.")
    if at - purchase.purchased_at > timedelta(days=program.settings.claim_days):
        raise _not("too_late", f"It may be claimed within {program.settings.claim_days} days.")
    assert customer.member is not None
    if purchase.cashier and await _is_cashier(tx, opened, customer.member):
        raise ClaimByCashier
    since = at - CLAIMS_COUNTED
    if await claiming.claims_since(tx, program.id, customer.member, since) >= program.settings.claims_a_week:
        raise ClaimLimit


async def _is_cashier(tx: Transaction, opened: Opened, member: UUID) -> bool:
    """By the program's settings, or by the member's own attribute `cashier`."""
    known, cashier = opened.known, opened.purchase.cashier
    named = known.program.settings.cashier_members.get(cashier)
    if named is not None:
        linked = await reading.member(tx, known.program.id, ids.read("mem", named))
        if linked is not None and linked.id == member:
            return True
    profile = await reading.profile(tx, known.program.id, known.vault, member)
    return profile is not None and profile.person.attributes.get("cashier") == cashier


def _not(code: str, detail: str) -> NotClaimable:
    return NotClaimable(detail, errors=[Fault("", detail, code)])
