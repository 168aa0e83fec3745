"""A giver takes a transfer back, soon after and only whole: while nothing of it was spent."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import passing_limits, sharing
from regulars.flows.grace import open_pages
from regulars.ledger import book, passing
from regulars.ledger import lots as rules
from regulars.ledger.model import Draw
from regulars.ledger.page import Page
from regulars.ledger.passing import Transferred
from regulars.members import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program


class TakenBack(Struct, frozen=True):
    """The posting that brought the points back."""

    id: str
    transfer: str
    currency: str
    amount: int
    available: int


async def take_transfer_back(
    database: Database, program: Program, request: Request, actor: str, member: UUID, transfer: UUID
) -> Answer:
    """200 with the posting. Raises NotFound; StateConflict when it is too late, spent, expired or taken back."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        at = request.at
        found = await _of_hers(tx, program, member, transfer)
        giver = await sharing.locked_member(tx, program, member, found.into_pool)
        found = await _of_hers(tx, program, giver.id, transfer)  # she may have been parted from who gave it
        passing_limits.require_owner(giver)
        if at > found.passed_at + timedelta(hours=program.settings.passing.take_back_hours):
            raise StateConflict("It is too late to take this back.")
        pages = await open_pages(tx, program, sorted({giver.pool, found.into_pool}))
        source, target = pages[found.into_pool], pages[giver.pool]
        if source is target or not _whole(source, found.lots, at):
            raise StateConflict("Something of it was spent, has expired or went on.")
        shared = ids.new(target.home)
        source.begin("transfer_out", effective_at=at, recorded_at=at, actor=actor, related=shared)
        moved = source.transfer_lots_out([Draw(lot, amount) for lot, amount in found.lots.items()], at)
        posting = target.begin("transfer_in", effective_at=at, recorded_at=at, actor=actor, related=shared)
        target.transfer_in(moved, at)
        if not await passing.take_back(tx, program.id, found.giver, transfer, posting, at):
            raise StateConflict("This was taken back before.")
        await book.write(tx, program.id, pages.values())
        left = target.available(found.currency, at)
        shown = ids.show("trf", transfer)
        done = TakenBack(ids.show("pst", posting), shown, found.currency, found.amount, left)
        change = Change("points.transfer_taken_back", ids.show("mem", giver.id), after=done)
        await trail.record(tx, program.id, change, at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(done))

    return await database.run(program.id, work)


async def _of_hers(tx: Transaction, program: Program, member: UUID, transfer: UUID) -> Transferred:
    """A transfer of hers, or of somebody who was merged into her. Raises NotFound."""
    her = await reading.member(tx, program.id, member)
    everybody = [her.id, *await reading.alias_ids(tx, program.id, her.id)] if her is not None else []
    found = await passing.transfer(tx, program.id, everybody, transfer)
    if found is None:
        raise NotFound("There is no such transfer of this member.")
    return found


def _whole(page: Page, lots: dict[UUID, int], at: datetime) -> bool:
    """Whether all of these lots lie untouched on the page."""
    there = set(page.lots())
    return all(
        lot in there and page.lot(lot).free >= amount and not rules.has_expired(page.lot(lot), at)
        for lot, amount in lots.items()
    )
