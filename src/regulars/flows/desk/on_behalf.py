"""Tells the audit trail what staff do with a receipt. What a till does is a fact with its author: that is enough."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.pool import Transaction
from regulars.db.requests import Request
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller


async def tell_returned(
    tx: Transaction, caller: Caller, request: Request, purchase: UUID, after: dict[str, Any], why: str
) -> None:
    """Goods came back at a desk."""
    await _tell(tx, caller, request, Change("purchase.returned", ids.show("pur", purchase), None, after, why))


async def tell_voided(tx: Transaction, caller: Caller, request: Request, purchase: UUID, why: str) -> None:
    """A receipt was voided at a desk."""
    await _tell(tx, caller, request, Change("purchase.voided", ids.show("pur", purchase), why=why))


async def tell_claimed(
    tx: Transaction, caller: Caller, request: Request, purchase: UUID, member: UUID
) -> None:
    """A receipt was given to a member at a desk."""
    after = {"member": ids.show("mem", member)}
    await _tell(tx, caller, request, Change("purchase.claimed", ids.show("pur", purchase), None, after))


async def _tell(tx: Transaction, caller: Caller, request: Request, change: Change) -> None:
    if caller.author:  # of the staff; a till's key has none, and pays nothing for this
        await trail.record(tx, request.program, change, request.at)
