"""The calls about vouchers: batches with their worth, a code's state, using one outside a purchase, a lost one."""

from __future__ import annotations

from typing import Any

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import VoucherUnknown
from regulars.flows import words
from regulars.flows.issue_vouchers import (
    NewVouchers,
    VoucherBatches,
    VoucherBatchView,
    create_vouchers,
    list_vouchers,
)
from regulars.flows.known_programs import Known
from regulars.flows.redemption_views import VoucherView
from regulars.flows.use_voucher import (
    Blocking,
    Handing,
    Presented,
    Redeemed,
    Redeeming,
    block_voucher,
    find_voucher,
    redeem_voucher,
    transfer_voucher,
)
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("vouchers")


@calls(
    "POST",
    "/v1/voucher-batches",
    scopes="manage",
    body=NewVouchers,
    answer=VoucherBatchView,
    status=201,
    accepts_later=True,
)
async def create(call: Call[NewVouchers, Any]) -> Answer:
    """Make a batch of vouchers: what its codes are worth, how long they last, whose they are, how they are taxed.

    With `count` codes are made for whoever brings them: up to 10,000 come with the answer, more are made by a job
    (`202`), as of `/v1/code-batches`. Those that rewards hand out are made one by one. A promotion by which the codes
    count in a purchase is published along with it; where the program wants a second person for that it stays a draft
    (`live` false).
    """
    return await create_vouchers(
        call.database,
        call.state.known,
        call.state.settings.secret,
        await call.request(),
        call.body,
        call.caller.by,
    )


@calls("GET", "/v1/voucher-batches", scopes="manage read", answer=VoucherBatches, items_by="batch")
async def batches(call: Call[Any, Any]) -> VoucherBatches:
    """The program's voucher batches, the latest first; their codes stand at `/v1/code-batches`."""
    return await list_vouchers(call.database, call.caller.program)


@calls(
    "POST",
    "/v1/vouchers/find",
    scopes="till issuer manage read",
    body=Presented,
    answer=VoucherView,
    idempotent=False,
)
async def find(call: Call[Presented, Any]) -> VoucherView:
    """How a voucher stands: its worth, until when it is good, and whose it is. `404 voucher_unknown` where it is none.

    Unknown codes are counted per key and till, and too many of them make it wait: `429`.
    """
    known, sent = await call.known(), call.body
    async with call.state.guesses.code(
        call.caller, sent.store, sent.till, VoucherUnknown, code=sent.code, cashier=sent.cashier
    ):
        return await find_voucher(call.database, known, sent.code, _language(call, known), await call.now())


@calls(
    "POST",
    "/v1/vouchers/redeem",
    scopes="till issuer manage",
    body=Redeeming,
    answer=Redeemed,
    idempotent=True,
)
async def redeem(call: Call[Redeeming, Any]) -> Answer:
    """Redeem a voucher outside a purchase: a service, a door, another till system. Once, whoever asks at the same time.

    `409`: `voucher_used`, `voucher_ended`, `voucher_blocked`, `voucher_of_another`.
    """
    known, sent = await call.known(), call.body
    async with call.state.guesses.code(
        call.caller, sent.store, sent.till, VoucherUnknown, code=sent.code, cashier=sent.cashier
    ):
        return await redeem_voucher(
            call.database,
            known,
            await call.request(),
            sent,
            call.caller,
            _language(call, known),
        )


@calls("POST", "/v1/vouchers/block", scopes="issuer manage", body=Blocking, answer=VoucherView)
async def block(call: Call[Blocking, Any]) -> VoucherView:
    """A voucher was lost: it counts no more until it is unblocked. Blocked again it stays as it is."""
    return await _block(call, blocked=True)


@calls("POST", "/v1/vouchers/unblock", scopes="issuer manage", body=Blocking, answer=VoucherView)
async def unblock(call: Call[Blocking, Any]) -> VoucherView:
    """A blocked voucher was found: it counts again."""
    return await _block(call, blocked=False)


@calls(
    "POST",
    "/v1/members/{id}/vouchers/transfer",
    scopes="issuer manage",
    body=Handing,
    answer=VoucherView,
    idempotent=True,
)
async def transfer(call: Call[Handing, Any]) -> Answer:
    """The member gives a personal voucher to another member, where its definition lets her."""
    known = await call.known()
    member = ids.read("mem", call.path["id"], "/id")
    return await transfer_voucher(
        call.database, known, await call.request(), member, call.body, _language(call, known)
    )


async def _block(call: Call[Blocking, Any], *, blocked: bool) -> VoucherView:
    known = await call.known()
    return await block_voucher(
        call.database, known, call.body, _language(call, known), await call.now(), blocked=blocked
    )


def _language(call: Call[Any, Any], known: Known) -> str:
    return words.chosen(known.program.languages, call.language, "")
