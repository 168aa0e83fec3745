"""Finds a voucher by its code, redeems it outside a purchase, blocks a lost one, gives one to another member."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import outbox, requests
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import (
    InvalidValue,
    NotFound,
    StateConflict,
    VoucherBlocked,
    VoucherEnded,
    VoucherOfAnother,
    VoucherUnknown,
    VoucherUsed,
)
from regulars.flows import redemption_views, sharing
from regulars.flows.known_programs import Known
from regulars.flows.named_store import named_store
from regulars.flows.redemption_views import VoucherView
from regulars.members import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller
from regulars.promotions import code_text, vouchers
from regulars.promotions.codes import Batch
from regulars.promotions.vouchers import Act, Voucher
from regulars.rewards.model import Definition

CodeText = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Till = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class Presented(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/vouchers/find`."""

    code: CodeText
    store: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    till: Till = ""
    cashier: Till = ""
    """Where and by whom it is looked at: unknown codes are counted there."""


class Redeeming(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/vouchers/redeem`."""

    code: CodeText
    member: Annotated[str, Meta(max_length=64)] | None = None
    """Who brings it; a personal voucher counts for its owner only."""
    store: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    till: Till = ""
    cashier: Till = ""


class Blocking(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/vouchers/block` and `/unblock`."""

    code: CodeText
    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


class Handing(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/vouchers/transfer`."""

    code: CodeText
    to: Annotated[str, Meta(max_length=64)]
    """The member who gets it."""


class Redeemed(Struct, frozen=True):
    """That a voucher was redeemed outside a purchase, and how it stands."""

    id: str
    voucher: VoucherView
    redeemed_at: datetime


class _Found(Struct, frozen=True):
    voucher: Voucher
    batch: Batch
    definition: Definition | None

    def view(self, state: str, at: datetime, language: str) -> VoucherView:
        one = self.voucher
        return redemption_views.voucher_view(
            one.id, self.batch, self.definition, state, one.owner, one.valid_until, one.used, language, None
        )

    def state(self, at: datetime) -> str:
        one = self.voucher
        return redemption_views.voucher_state(
            one.used, one.uses, one.stopped_at, one.voided_at, one.blocked_at,
            (one.valid_from, one.valid_until), at,
        )  # fmt: skip


async def find_voucher(
    database: Database, known: Known, code: str, language: str, at: datetime
) -> VoucherView:
    """How the voucher stands. Raises VoucherUnknown."""
    async with database.transaction(known.program.id) as tx:
        found = await _found(tx, known, code)
    return found.view(found.state(at), at, language)


async def redeem_voucher(
    database: Database,
    known: Known,
    request: Request,
    sent: Redeeming,
    caller: Caller,
    language: str,
) -> Answer:
    """200, once for each use that it has, whoever asks at the same time.

    Raises VoucherUnknown, VoucherUsed, VoucherEnded, VoucherBlocked, VoucherOfAnother, InvalidValue.
    """
    program = known.program
    asked = ids.read("mem", sent.member, "/member") if sent.member is not None else None

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        place = named_store(program, caller, sent.store)
        found = await _found(tx, known, sent.code)
        member = await _member(tx, program.id, asked)
        voucher, at = found.voucher, request.at
        if voucher.owner is not None and voucher.owner != member:
            raise VoucherOfAnother
        _require_good(found.state(at))
        store = place.id if place is not None else None
        act = Act(ids.new(ids.home(voucher.id)), "redeemed", at, caller.by, member, store)
        if not await vouchers.take(tx, program.id, voucher.id, voucher.batch, 1, voucher.uses):
            raise VoucherUsed
        await vouchers.note(tx, program.id, voucher.id, voucher.batch, 1, act)
        await _tell(tx, program.id, voucher, "voucher.redeemed_directly", member, at)
        now = await _found(tx, known, sent.code)
        if now.voucher.blocked_at is not None:  # while we waited for its use
            raise VoucherBlocked
        redeemed = Redeemed(ids.show("vus", act.id), now.view(now.state(at), at, language), at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(redeemed))

    return await database.run(program.id, work)


async def block_voucher(
    database: Database, known: Known, sent: Blocking, language: str, at: datetime, *, blocked: bool
) -> VoucherView:
    """It was lost: it counts no more; or it was found, and counts again. Done again it changes nothing.

    Raises VoucherUnknown.
    """
    program = known.program.id

    async def work(tx: Transaction) -> VoucherView:
        found = await _found(tx, known, sent.code)
        code = found.voucher.id
        changed = (
            await vouchers.block(tx, program, code, at)
            if blocked
            else await vouchers.unblock(tx, program, code)
        )
        if changed:
            event = "voucher.blocked" if blocked else "voucher.unblocked"
            await _tell(tx, program, found.voucher, event, found.voucher.owner, at)
            await trail.record(tx, program, Change(event, ids.show("vch", code), why=sent.reason), at)
        now = await _found(tx, known, sent.code)
        return now.view(now.state(at), at, language)

    return await database.run(program, work)


async def transfer_voucher(
    database: Database, known: Known, request: Request, member: UUID, sent: Handing, language: str
) -> Answer:
    """200: a personal voucher belongs to another member.

    Raises VoucherUnknown, NotFound, VoucherOfAnother; StateConflict where it may not be given, or is good no more.
    """
    program, taker = known.program, ids.read("mem", sent.to, "/to")

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        giver = await sharing.locked_member(tx, program, member)
        receiver = await reading.member(tx, program.id, taker)
        if receiver is None or receiver.erased_at is not None:
            raise NotFound("There is no such member to give it to.")
        found = await _found(tx, known, sent.code)
        if found.voucher.owner != giver.id:
            raise VoucherOfAnother
        if found.definition is None or not found.definition.transferable:
            raise StateConflict("This voucher cannot be given to another member.")
        _require_good(found.state(request.at))
        if not await vouchers.hand_over(tx, program.id, found.voucher.id, giver.id, receiver.id):
            raise VoucherOfAnother
        await _tell(tx, program.id, found.voucher, "voucher.transferred", receiver.id, request.at)
        now = await _found(tx, known, sent.code)
        view = now.view(now.state(request.at), request.at, language)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _found(tx: Transaction, known: Known, text: str) -> _Found:
    program = known.program.id
    key = code_text.key_of(known.vault.keyring.secret, program)
    voucher = await vouchers.find(tx, program, code_text.id_of(key, text))
    if voucher is None:
        raise VoucherUnknown
    batch, definition = (await redemption_views.batches_of(tx, program, {voucher.batch}))[voucher.batch]
    return _Found(voucher, batch, definition)


async def _member(tx: Transaction, program: UUID, asked: UUID | None) -> UUID | None:
    if asked is None:
        return None
    member = await reading.member(tx, program, asked)
    if member is None:
        raise InvalidValue("/member", "there is no such member")
    return member.id


def _require_good(state: str) -> None:
    if state in ("used", "void"):
        raise VoucherUsed
    if state in ("ended", "not_yet"):
        raise VoucherEnded
    if state == "blocked":
        raise VoucherBlocked


async def _tell(
    tx: Transaction, program: UUID, voucher: Voucher, event: str, member: UUID | None, at: datetime
) -> None:
    data = {
        "voucher": ids.show("vch", voucher.id),
        "batch": ids.show("cbt", voucher.batch),
        "redemption": ids.show("rdm", voucher.redemption) if voucher.redemption else None,
    }
    subject = member or voucher.id
    await outbox.note(tx, program, [Note(event, subject, member, at, data)])
