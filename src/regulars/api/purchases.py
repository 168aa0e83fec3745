"""`/v1/purchases`: preview, record, hold, confirm, void, return, read, explain."""

from __future__ import annotations

import base64
import binascii
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.api.purchase_batches import Batch, BatchAnswer
from regulars.db.requests import Request
from regulars.errors import ClaimCodeWrong, InvalidValue, Problem
from regulars.flows.claim_purchase import claim_by_request, claim_purchase
from regulars.flows.claimable import ClaimByRequest, NewClaim
from regulars.flows.confirm_purchase import Confirmation, confirm_purchase
from regulars.flows.open_purchase import purchase_id
from regulars.flows.record_purchases import Recorded
from regulars.flows.return_goods import preview_return, return_goods
from regulars.flows.show_purchase import (
    Explanation,
    PurchasePage,
    PurchaseShown,
    explain_purchase,
    list_purchases,
    show_purchase,
)
from regulars.flows.void_purchase import Voided, Voiding, VoidingByRequest, void_purchase, void_request
from regulars.purchases.model import BATCH_MAX, PurchaseAnswer, PurchaseRequest
from regulars.purchases.returning import ReturnAnswer, ReturnRequest
from regulars.web.endpoints import Call, Endpoints, Reply, idempotent_reply

calls = Endpoints("purchases")
SELLS = "till manage issuer partner"
READS = "till manage read issuer partner"
PATH = "POST /v1/purchases"


class PurchaseBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Late or offline receipts, or an import."""

    purchases: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=BATCH_MAX)]
    """Each a body of `POST /v1/purchases`."""


class PurchaseQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which purchases; without `request`, the latest first."""

    member: str | None = None
    store: Annotated[str, Meta(max_length=64)] | None = None
    till: Annotated[str, Meta(max_length=64)] | None = None
    request: Annotated[str, Meta(max_length=255)] | None = None
    receipt_number: Annotated[str, Meta(max_length=64)] | None = None
    status: Literal["held"] | None = None
    from_: Annotated[datetime, Meta(tz=True)] | None = msgspec.field(default=None, name="from")
    to: Annotated[datetime, Meta(tz=True)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=100)] | None = None


@calls("POST", "/v1/purchases/preview", scopes=SELLS, body=PurchaseRequest, answer=PurchaseAnswer)
async def preview(call: Call[PurchaseRequest, Any]) -> PurchaseAnswer:
    """What recording this purchase would answer now. Nothing is written or reserved."""
    async with call.state.guesses.purchase(call.caller, call.body) as tried:
        try:
            answer = await call.state.recorder.preview(call.caller, call.body, call.language)
        except Problem as problem:
            tried.note(None, problem, call.body)
            raise
        tried.note(answer)
        return answer


@calls(
    "POST",
    "/v1/purchases",
    scopes=SELLS,
    body=PurchaseRequest,
    answer=PurchaseAnswer,
    status=201,
    idempotent=False,
)
async def record(call: Call[PurchaseRequest, Any]) -> Reply:
    """Record a purchase, or hold it (`hold`).

    The body's `id` is its request key: sent again, it gets the first answer with `Idempotent-Replayed: true`.
    """
    async with call.state.guesses.purchase(call.caller, call.body) as tried:
        result: Recorded = await call.state.recorder.record(
            call.caller, call.body, call.digest, call.language
        )
        tried.note(result.answer, result.problem, call.body)
    if result.problem is not None:
        raise result.problem
    return idempotent_reply(result.answer, 201, result.replayed)


@calls("POST", "/v1/purchases/batch", scopes=SELLS, body=PurchaseBatch, answer=BatchAnswer, idempotent=False)
async def record_batch(call: Call[PurchaseBatch, Any]) -> BatchAnswer:
    """Record up to 5,000 purchases; each is answered by itself, and a bad one does not spoil the others."""
    return await Batch(call, PATH).record(call.body.purchases)


@calls("GET", "/v1/purchases", scopes=READS, query=PurchaseQuery, answer=PurchasePage)
async def search(call: Call[Any, PurchaseQuery]) -> PurchasePage:
    """Purchases by member, store, till, time, receipt number or the till's own request id, the latest first."""
    query = call.query
    at = await call.now()
    filters: dict[str, tuple[Any, ...]] = {}
    known = await call.known()
    if call.caller.store is not None:
        filters["store"] = (call.caller.store,)
    if query.store is not None:
        store = known.program.stores.get(query.store)
        if store is None:
            return PurchasePage((), None)
        if call.caller.store not in (None, store.id):
            return PurchasePage((), None)
        filters["store"] = (store.id,)
    if call.caller.partner is not None:
        filters["partner"] = (call.caller.partner,)
    for name in ("till", "request", "receipt_number"):
        value = getattr(query, name)
        if value is not None:
            filters[name] = (value,)
    if query.from_ is not None:
        filters["from"] = (query.from_,)
    if query.to is not None:
        filters["to"] = (query.to,)
    if query.status == "held":
        filters["held"] = (at,)
    if query.cursor is not None:
        filters["after"] = _after(query.cursor)
    member = ids.read("mem", query.member, "?member") if query.member is not None else None
    page = await list_purchases(
        call.database, call.state.known, call.caller, at, filters, member, query.limit
    )
    if page.next is None:
        return page
    last = page.items[-1]
    return PurchasePage(page.items, _cursor(last.purchased_at, purchase_id(last.id)))


@calls("GET", "/v1/purchases/{id}", scopes=READS, answer=PurchaseShown)
async def show(call: Call[Any, Any]) -> PurchaseShown:
    """A purchase: the answer as recorded, and beside it its status and its returns as of now."""
    return await show_purchase(
        call.database, call.state.known, call.caller, purchase_id(call.path["id"]), await call.now()
    )


@calls("GET", "/v1/purchases/{id}/explanation", scopes=READS, answer=Explanation)
async def explain(call: Call[Any, Any]) -> Explanation:
    """The whole reasoning: every promotion that was live, whether it applied, or which condition failed."""
    return await explain_purchase(
        call.database, call.state.known, call.caller, purchase_id(call.path["id"]), call.language
    )


@calls(
    "POST",
    "/v1/purchases/{id}/confirm",
    scopes=SELLS,
    body=Confirmation,
    answer=PurchaseAnswer,
    idempotent=True,
)
async def confirm(call: Call[Confirmation, Any]) -> Any:
    """Confirm a hold, with the final lines when they are fewer or smaller."""
    purchase = purchase_id(call.path["id"])
    await _require_here(call, purchase)
    return await confirm_purchase(
        call.database, call.state.known, call.caller, await call.request(), purchase, call.body
    )


@calls("POST", "/v1/purchases/void", scopes=SELLS, body=VoidingByRequest, answer=Voided, idempotent=True)
async def void_by_request(call: Call[VoidingByRequest, Any]) -> Any:
    """Give a request up that got no answer: what it recorded is voided, and should it arrive later it is refused."""
    return await void_request(call.database, call.state.known, call.caller, await call.request(), call.body)


@calls("POST", "/v1/purchases/{id}/void", scopes=SELLS, body=Voiding, answer=Voided, idempotent=True)
async def void(call: Call[Voiding, Any]) -> Any:
    """Void a purchase: release what was held, or take all of it back."""
    purchase = purchase_id(call.path["id"])
    await _require_here(call, purchase)
    return await void_purchase(
        call.database, call.state.known, call.caller, await call.request(), purchase, call.body
    )


@calls("POST", "/v1/purchases/{id}/returns/preview", scopes=SELLS, body=ReturnRequest, answer=ReturnAnswer)
async def return_preview(call: Call[ReturnRequest, Any]) -> ReturnAnswer:
    """What a return would give back. Nothing is written."""
    return await preview_return(
        call.database,
        call.state.known,
        call.caller,
        purchase_id(call.path["id"]),
        call.body,
        await call.now(),
    )


@calls(
    "POST", "/v1/purchases/{id}/returns", scopes=SELLS, body=ReturnRequest, answer=ReturnAnswer, status=201,
    idempotent=False,
)  # fmt: skip
async def return_lines(call: Call[ReturnRequest, Any]) -> Any:
    """Take lines back: money, the points that were spent, and the points that these units had earned."""
    caller = call.caller
    request = Request(caller.program, caller.request_partner, call.body.id, call.digest, await call.now())
    return await return_goods(
        call.database, call.state.known, caller, request, purchase_id(call.path["id"]), call.body
    )


@calls("POST", "/v1/purchases/{id}/claim", scopes=SELLS, body=NewClaim, answer=PurchaseAnswer, status=201)
async def claim(call: Call[NewClaim, Any]) -> Any:
    """Give an anonymous purchase to a member afterwards, once: by the claim code that its answer had (`claim_code`).

    It earns what it would have earned on its day, and counts in turnover and visits as of its own time; prices stay. It
    may be claimed within `claim_days`, `claims_a_week` by a member in seven days, and not by the cashier who rang it up
    (`cashier_members`, or the member's attribute `cashier`).
    """
    async with _claiming(call):
        return await claim_purchase(
            call.database,
            call.state.known,
            call.caller,
            await call.request(),
            purchase_id(call.path["id"]),
            call.body,
        )


@calls("POST", "/v1/purchases/claim", scopes=SELLS, body=ClaimByRequest, answer=PurchaseAnswer, status=201)
async def claim_printed(call: Call[ClaimByRequest, Any]) -> Any:
    """Claim a purchase by what is printed on its receipt: the till's own id of it (`request`), and the claim code."""
    async with _claiming(call):
        return await claim_by_request(
            call.database, call.state.known, call.caller, await call.request(), call.body
        )


def _claiming(call: Call[Any, Any]) -> AbstractAsyncContextManager[None]:
    """Wrong claim codes are counted per key, as other codes are. Raises TooManyRequests."""
    code = call.body.claim_code
    if code is None:
        return nullcontext()
    return call.state.guesses.code(call.caller, None, "", ClaimCodeWrong, code=code)


async def _require_here(call: Call[Any, Any], purchase: UUID) -> None:
    """A key of one store or partner acts on its own purchases only. Raises NotFound."""
    if call.caller.store is None and call.caller.partner is None:
        return
    await show_purchase(call.database, call.state.known, call.caller, purchase, await call.now())


def _cursor(at: datetime, purchase: UUID) -> str:
    text = f"{at.isoformat()} {purchase.hex}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(cursor: str) -> tuple[datetime, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, purchase = text.partition(" ")
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise ValueError("no offset")
        return instant, UUID(purchase)
    except (ValueError, binascii.Error, UnicodeDecodeError) as error:
        raise InvalidValue("?cursor", "is not a cursor of this list") from error
