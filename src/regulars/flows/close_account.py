"""Closes an account that several members share: they leave, its points go to one of them, and nobody joins any more."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import sharing
from regulars.flows.grace import open_pages
from regulars.flows.merge_members import Moved, moved_views
from regulars.ledger import book, moving, succession
from regulars.ledger.moving import MovedCurrency
from regulars.ledger.page import Page
from regulars.members import accounts, reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

REASON = "the account was closed"


class AccountClosing(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/accounts/{id}/close`."""

    points_to: Annotated[str, Meta(max_length=64)] | None = None
    """The member whose own all of its points become, dates and all, and its debt. Left out: there must be none."""


class ClosedAccount(Struct, frozen=True):
    """An account that nobody is in any more."""

    id: str
    closed_at: datetime
    members_left: int
    """How many were in it."""
    moved: tuple[Moved, ...]


async def close_account(
    database: Database, program: Program, request: Request, actor: str, account: UUID, closing: AccountClosing
) -> Answer:
    """200 with what was moved. Closed once more it only sends on what came back to it meanwhile.

    Raises NotFound, WrongIdKind; StateConflict with open holds, with points or debt that nobody gets, where the taker
    was erased, and for an account that is closed and has nobody named.
    """
    taker = ids.read("mem", closing.points_to, "/points_to") if closing.points_to is not None else None

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        target = await _locked(tx, program, account, taker)
        before = await sharing.account_of(tx, program, account)
        if before.closed_at is not None and target is None:
            raise StateConflict("This account was closed already.")
        moved = await _empty(tx, program, account, target, request.at, actor)
        closed_at, left = await accounts.close(tx, program.id, account, request.at)
        done = ClosedAccount(ids.show("acc", account), closed_at, left, moved_views(moved))
        await trail.record(tx, program.id, Change("account.closed", done.id, after=done), request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(done))

    return await database.run(program.id, work)


async def _locked(tx: Transaction, program: Program, account: UUID, taker: UUID | None) -> UUID | None:
    """The taker's own pool, locked beside the account; it never changes but with a merge."""
    if taker is None:
        await sharing.lock_pools(tx, program, [account])
        return None
    before = await reading.member(tx, program.id, taker)
    if before is None:
        raise NotFound("There is no such member.")
    await sharing.lock_pools(tx, program, [account, before.pool, before.own])
    found = await sharing.locked_member(tx, program, taker, account)
    if found.own != before.own:
        raise StateConflict("The member was merged just now; try again.")
    return found.own


async def _empty(
    tx: Transaction, program: Program, account: UUID, target: UUID | None, at: datetime, actor: str
) -> tuple[MovedCurrency, ...]:
    pages = await open_pages(tx, program, [account] if target is None else [account, target])
    if pages[account].has_holds(at):
        raise StateConflict("A purchase on this account is held: confirm or void it first.")
    if target is None:
        if _has_something(pages[account], at):
            raise StateConflict("There are points or debt on this account: name the member who gets them.")
        return ()
    moved = moving.move_all(pages[account], pages[target], at, actor, REASON)
    await book.write(tx, program.id, pages.values())
    await succession.note(tx, program.id, account, target, ids.new(ids.home(account)), at)
    return moved


def _has_something(page: Page, at: datetime) -> bool:
    balances = [page.balance(currency, at) for currency in page.currencies()]
    return any(one.available or one.pending or one.debt for one in balances)
