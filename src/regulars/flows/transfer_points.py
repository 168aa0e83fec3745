"""Points go from one member to another; they keep the dates, the issuer and the funder of their lots."""

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
from regulars.errors import CurrencyUnknown, InvalidValue, NotFound
from regulars.flows import passing_limits, sharing
from regulars.flows.grace import open_pages
from regulars.ledger import book, passing
from regulars.ledger.passing import Passed
from regulars.members import reading
from regulars.members.model import Member
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.units import AMOUNT_MAX


class NewTransfer(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/transfers`."""

    to: Annotated[str, Meta(max_length=64)]
    currency: Annotated[str, Meta(max_length=16)]
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    reason: Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")] = ""


class Transferred(Struct, frozen=True):
    """The posting on the giver's side, and what she has left."""

    id: str
    to: str
    currency: str
    amount: int
    available: int
    transfer: str = ""
    """By which it is taken back."""
    fee: int = 0


async def transfer_points(
    database: Database, program: Program, request: Request, actor: str, member: UUID, new: NewTransfer
) -> Answer:
    """201 with the posting. Raises NotFound, WrongIdKind, CurrencyUnknown, InvalidValue, InsufficientPoints.

    Of an account that is shared only owners transfer: SpendingNotAllowed, within their limit a day: SpenderLimit. By
    the program's setting `passing`: PassingLimit, CoolingOff.
    """
    other = _taker(program, new)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        giver, taker = await _both(tx, program, member, other)
        done = await _move(tx, program, giver, taker, new, actor, request.at)
        change = Change("points.transferred", ids.show("mem", giver.id), after=done, why=new.reason)
        await trail.record(tx, program.id, change, request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(done))

    return await database.run(program.id, work)


async def preview_transfer(
    database: Database, program: Program, member: UUID, new: NewTransfer, at: datetime
) -> None:
    """Judge a transfer as it would be now; nothing is written. Raises as `transfer_points`."""
    other = _taker(program, new)

    async def work(tx: Transaction) -> None:
        giver, _ = await _both(tx, program, member, other)
        page = (await open_pages(tx, program, [giver.pool]))[giver.pool]
        await passing_limits.require_transfer(tx, program, giver, page, new.currency, new.amount, at)

    await database.run(program.id, work)


def _taker(program: Program, new: NewTransfer) -> UUID:
    """Who is named. Raises CurrencyUnknown where it is no currency to pass on, WrongIdKind."""
    currency = program.currencies.get(new.currency)
    if currency is None or currency.kind == "qualifying":
        raise CurrencyUnknown("/currency", new.currency)
    return ids.read("mem", new.to, "/to")


async def _move(
    tx: Transaction,
    program: Program,
    giver: Member,
    taker: Member,
    new: NewTransfer,
    actor: str,
    at: datetime,
) -> Transferred:
    pages = await open_pages(tx, program, [giver.pool, taker.pool])
    source, target, code = pages[giver.pool], pages[taker.pool], new.currency
    await passing_limits.require_transfer(tx, program, giver, source, code, new.amount, at)
    fee, shared = program.settings.passing.fee, ids.new(source.home)
    posting = source.begin(
        "transfer_out", effective_at=at, recorded_at=at, actor=actor, related=shared, reason=new.reason
    )
    moved = source.transfer_out(code, new.amount, at)
    if fee:
        source.spend(code, fee, at, program.operator)
    target.begin(
        "transfer_in", effective_at=at, recorded_at=at, actor=actor, related=shared, reason=new.reason
    )
    brought = target.transfer_in(moved, at)
    await book.write(tx, program.id, [source, target])
    passed = Passed(
        id=ids.new(ids.home(giver.id)), giver=giver.id, kind="transfer", pool=giver.pool, currency=code,
        amount=new.amount, posting=posting, passed_at=at, fee=fee, taker=taker.id, into_pool=taker.pool,
        lots={lot: part.amount for lot, part in zip(brought, moved, strict=True)},
    )  # fmt: skip
    await passing.note(tx, program.id, passed)
    left = source.available(code, at)
    shown, to = ids.show("pst", posting), ids.show("mem", taker.id)
    return Transferred(shown, to, code, new.amount, left, ids.show("trf", passed.id), fee)


async def _both(tx: Transaction, program: Program, member: UUID, other: UUID) -> tuple[Member, Member]:
    """Giver and taker, each with her pool locked, which stays hers."""
    before = await reading.member(tx, program.id, member)
    taker = await reading.member(tx, program.id, other)
    if before is None or taker is None:
        raise NotFound("There is no such member.")
    if before.pool == taker.pool:
        raise InvalidValue("/to", "shares this account already")
    await sharing.lock_pools(tx, program, [before.pool, taker.pool])
    giver = await sharing.locked_member(tx, program, before.id)
    taker = await sharing.locked_member(tx, program, taker.id)
    if giver.pool == taker.pool:
        raise InvalidValue("/to", "shares this account already")
    passing_limits.require_owner(giver)
    return giver, taker
