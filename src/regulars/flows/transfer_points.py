"""Points go from one member to another; they keep the dates, the issuer and the funder of their lots."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CurrencyUnknown, InsufficientPoints, InvalidValue, NotFound, SpendingNotAllowed
from regulars.flows import sharing
from regulars.flows.grace import held_grace_days
from regulars.ledger import book
from regulars.members import reading
from regulars.members.model import Member
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


async def transfer_points(
    database: Database, program: Program, request: Request, actor: str, member: UUID, new: NewTransfer
) -> Answer:
    """201 with the posting. Raises NotFound, WrongIdKind, CurrencyUnknown, InvalidValue, InsufficientPoints.

    Of an account that is shared only owners transfer: SpendingNotAllowed.
    """
    currency = program.currencies.get(new.currency)
    if currency is None or currency.kind == "qualifying":
        raise CurrencyUnknown("/currency", new.currency)
    other = ids.read("mem", new.to, "/to")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        giver, taker = await _both(tx, program, member, other)
        at, pools = request.at, [giver.pool, taker.pool]
        homes = [ids.home(pool) for pool in pools]
        asked = await book.ask(tx, program.id, homes, pools, grace_days=held_grace_days(program.settings))
        pages = await asked.pages()
        source, target = pages[giver.pool], pages[taker.pool]
        shared = ids.new(source.home)
        posting = source.begin(
            "transfer_out", effective_at=at, recorded_at=at, actor=actor, related=shared, reason=new.reason
        )
        if new.amount > source.available(currency.code, at):
            raise InsufficientPoints
        moved = source.transfer_out(currency.code, new.amount, at)
        target.begin(
            "transfer_in", effective_at=at, recorded_at=at, actor=actor, related=shared, reason=new.reason
        )
        target.transfer_in(moved, at)
        await book.write(tx, program.id, [source, target])
        left = source.available(currency.code, at)
        done = Transferred(
            ids.show("pst", posting), ids.show("mem", taker.id), currency.code, new.amount, left
        )
        return await requests.keep(tx, request, 201, msgspec.json.encode(done))

    return await database.run(program.id, work)


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
    if giver.role not in (None, "owner"):
        raise SpendingNotAllowed("Only an owner transfers points of an account that is shared.")
    return giver, taker
