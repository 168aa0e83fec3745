"""Takes back what one row of an import made, if nothing was done with it since; else says why it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars import ids
from regulars.assortment import reading as assortment
from regulars.assortment import shelf
from regulars.assortment.model import Product
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import StateConflict
from regulars.flows.erase_member import erase
from regulars.flows.grace import open_pages
from regulars.flows.imports import activities
from regulars.flows.imports.stores import as_sent
from regulars.flows.known_programs import Known
from regulars.flows.register_store import NewStore, enter_store, store_view
from regulars.i18n import N_
from regulars.interchange import register
from regulars.interchange.fields import Kind
from regulars.interchange.model import KeptRow
from regulars.ledger import book
from regulars.members import arrivals, directory, reading
from regulars.programs import reading as programs
from regulars.programs import registry

SQL = queries.load("regulars.flows.imports", "undo.sql")
UNDONE = "undone"
KEPT: dict[str, str] = {
    "erased": N_("She was erased since."),
    "merged": N_("She was merged with another member since."),
    "shared": N_("She shares an account since."),
    "purchases": N_("There are purchases since."),
    "postings": N_("Points were earned, spent or adjusted since."),
    "consents": N_("She agreed to something, or withdrew, since."),
    "cards": N_("She got another card since, or one was blocked."),
    "devices": N_("She logs in with a device since."),
    "changed": N_("It was changed since."),
    "spent": N_("Some of these points were spent, or are held, since."),
    "used": N_("This card was used since."),
    "refers": N_("Other things belong to this store."),
    "barcode": N_("The barcode that it had belongs to another product since."),
    "returned": N_("All of it was returned since."),
    "corrected": N_("It was corrected since, or cannot be taken back any more."),
}
"""Why a row is kept, as people read it."""


class Undoing(NamedTuple):
    """In whose name, and when."""

    known: Known
    identifier: UUID
    by: str
    at: datetime


TakeBack = Callable[[Transaction, Undoing, KeptRow], Awaitable[str]]


async def take_back(tx: Transaction, kind: Kind, undoing: Undoing, row: KeptRow) -> str:
    """`undone`, or why it is kept (a key of KEPT)."""
    return await _HOW[kind](tx, undoing, row)


async def _member(tx: Transaction, undoing: Undoing, row: KeptRow) -> str:
    program, member, note = undoing.known.program, row.what, row.note
    assert member is not None, "a member who was entered is named"
    assert note is not None, "what taking her back needs is noted"
    found = await reading.member(tx, program.id, member)
    if found is None or found.id != member:
        return "merged"
    entered_at = datetime.fromisoformat(note["at"])
    await book.lock(tx, program.id, [found.home], [found.pool])
    key = {"program": program.id, "home": found.home, "member": member}
    since = await fetch_one(tx, SQL.member_since, {**key, "at": entered_at, "mark": note["mark"]})
    if since is None or since[0]:
        return since[0] if since else "erased"
    openings = await fetch_all(tx, SQL.openings_of, (program.id, found.home, found.pool, entered_at))
    for (posting,) in openings:
        spent = await _reverse(tx, undoing, found.home, found.pool, posting)
        if spent:
            return spent
    cards = await reading.cards_of(tx, program.id, member)
    await erase(tx, program, undoing.known.vault, member, undoing.by, undoing.at)
    await arrivals.release_numbers(tx, program.id, [(card.number, card.id) for card in cards])
    await arrivals.release_rows(tx, program.id, [bytes.fromhex(note["key"])])
    return UNDONE


async def _card(tx: Transaction, undoing: Undoing, row: KeptRow) -> str:
    program, card = undoing.known.program.id, row.what
    assert card is not None, "a card that was entered is named"
    found = await fetch_one(tx, SQL.card_since, (program, ids.home(card), card))
    assert found is not None, "cards are never deleted"
    number, status, used = found
    if used:
        return "used"
    closed = await directory.change_status(tx, program, card, "closed", ("active", "blocked"), at=undoing.at)
    if closed is None:
        return "changed" if status != "closed" else "erased"
    await arrivals.release_numbers(tx, program, [(number, card)])
    return UNDONE


async def _balance(tx: Transaction, undoing: Undoing, row: KeptRow) -> str:
    program, posting = undoing.known.program.id, row.what
    assert posting is not None, "a posting is named"
    home = ids.home(posting)
    original = await book.recorded(tx, program, home, posting)
    assert original is not None, "postings are never deleted"
    spent = await _reverse(tx, undoing, home, original.posting.pool, posting)
    if spent:
        return spent
    await register.release_balances(tx, program, undoing.identifier, [row.line])
    return UNDONE


async def _reverse(tx: Transaction, undoing: Undoing, home: int, pool: UUID, posting: UUID) -> str:
    """Book the opposite of a posting whose lots nobody has touched; why not, where somebody has."""
    program = undoing.known.program.id
    await book.lock(tx, program, [home], [pool])
    page = (await open_pages(tx, undoing.known.program, [pool]))[pool]
    original = await book.recorded(tx, program, home, posting)
    assert original is not None, "postings are never deleted"
    there = set(page.lots())
    for _, lot in original.lots:
        if lot not in there or page.lot(lot).drawn or page.lot(lot).reserved:
            return "spent"
    page.begin(
        "reversal",
        effective_at=undoing.at,
        recorded_at=undoing.at,
        actor=undoing.by,
        related=posting,
        reason=ids.show("imp", undoing.identifier),
    )
    page.reverse(original, undoing.at)
    await book.write(tx, program, [page])
    return ""


async def _product(tx: Transaction, undoing: Undoing, row: KeptRow) -> str:
    program, note = undoing.known.program.id, row.note
    assert note is not None, "what a product was is noted"
    after = msgspec.convert(note["after"], Product)
    there = await assortment.locked(tx, program, [after.sku])
    if there.get(after.sku) != after:
        return "changed"
    if note["before"] is None:
        await shelf.remove(tx, program, after.sku)
        return UNDONE
    try:
        async with tx.transaction():
            await shelf.upsert(tx, program, [msgspec.convert(note["before"], Product)])
    except StateConflict:
        return "barcode"
    return UNDONE


async def _store(tx: Transaction, undoing: Undoing, row: KeptRow) -> str:
    program, note = undoing.known.program.id, row.note
    assert note is not None, "what a store was is noted"
    after = msgspec.convert(note["after"], NewStore)
    there = await programs.stores_by_code(tx, program, [after.code])
    if not there or as_sent(store_view(there[0])) != after:
        return "changed"
    if note["before"] is None:
        return UNDONE if await registry.remove_store(tx, program, after.code) else "refers"
    before: Any = msgspec.convert(note["before"], NewStore)
    await enter_store(tx, await programs.load(tx, program), before, undoing.at)
    return UNDONE


async def _activity(tx: Transaction, undoing: Undoing, row: KeptRow) -> str:
    assert row.what is not None, "an activity is named"
    asked = (undoing.identifier, row.what, row.line, undoing.by, undoing.at)
    return await activities.take_back(tx, undoing.known, *asked) or UNDONE


_HOW: dict[Kind, TakeBack] = {
    "members": _member,
    "cards": _card,
    "balances": _balance,
    "products": _product,
    "stores": _store,
    "activities": _activity,
}
"""Purchases are voided by their own flow."""
