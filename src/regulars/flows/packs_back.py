"""Takes a pack back with the line of the receipt that paid for it: what is left is paid back, used visits are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import StateConflict
from regulars.flows.gift_sales import Posted
from regulars.flows.open_purchase import Opened
from regulars.ledger.page import Page
from regulars.purchases.plan import ReturnPlan
from regulars.purchases.returning import ReturnedPack
from regulars.rewards import pack_book, prepaid_sales
from regulars.rewards.pack_book import Pack
from regulars.rewards.packs import worth_left


class Left(Struct, frozen=True):
    """What is left of a pack."""

    page: Page
    lots: list[UUID]
    visits: int


async def packs_back(
    tx: Transaction, opened: Opened, plan: ReturnPlan, posted: Posted, most: int, *, record: bool
) -> tuple[ReturnedPack, ...]:
    """What is kept of the money of the lines for visits that were used, of `most` together.

    The visits that are left are taken off the page, and unless this is a preview (not `record`) the packs are noted as
    paid back. One that was paid back before is kept whole, also where visits of it came back to the page since.
    """
    back = {line.line for line in plan.lines if line.quantity}
    found: list[ReturnedPack] = []
    for sale in await prepaid_sales.of(tx, opened.known.program.id, opened.purchase.id):
        if sale.kind != "pack" or sale.line not in back:
            continue
        pack = await pack_book.find(tx, opened.known.program.id, sale.what)
        assert pack is not None, "packs are never taken away"
        found_left = await left_of(tx, opened.known.program.id, opened.pages, pack, posted.at)
        left = found_left.visits if found_left is not None else 0
        worth = worth_left(pack.price, pack.visits, left)
        if left and not await _note(tx, opened, pack, left, worth, posted, record=record):
            left = worth = 0
        kept = min(pack.price - worth, most)
        most -= kept
        found.append(ReturnedPack(ids.show("pck", pack.id), pack.visits, left, kept))
        if found_left is None or not left:
            continue
        page = found_left.page
        page.begin(
            "cancellation", effective_at=posted.effective_at, recorded_at=posted.at, actor=posted.actor,
            purchase=opened.purchase.id, related=pack.id, reason=posted.reason,
        )  # fmt: skip
        page.take_back(pack.currency, left, found_left.lots, "only_pending", posted.at)
    return tuple(found)


async def _note(
    tx: Transaction, opened: Opened, pack: Pack, left: int, worth: int, posted: Posted, *, record: bool
) -> bool:
    """Note what is left as paid back, unless this is a preview (not `record`); False: it was paid back before."""
    program = opened.known.program.id
    if not record:
        return not await pack_book.refunded(tx, program, pack.id)
    return await pack_book.refund(tx, program, pack.id, left, worth, posted.reason, posted.at, posted.actor)


def require_unused(packs: tuple[ReturnedPack, ...]) -> None:
    """A voiding pays everything back. Raises StateConflict where visits of a pack were used."""
    if any(one.left < one.visits for one in packs):
        raise StateConflict(
            "Visits of a pack on this receipt were used: take the line back instead of voiding it."
        )


async def left_of(
    tx: Transaction, program: UUID, pages: Iterable[Page], pack: Pack, at: datetime
) -> Left | None:
    """What is left of a pack: on which page, in which lots; None: nothing lies on any of these pages."""
    its = await pack_book.lots(tx, program, pack)
    for page in pages:
        lots = [lot for lot in page.lots() if lot in its]
        if lots:
            free = [one.free for one in map(page.lot, lots) if one.expires_at is None or one.expires_at > at]
            return Left(page, lots, sum(free))
    return None
