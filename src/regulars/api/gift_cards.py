"""The calls about gift cards: sell one, find what is on it, put more on it, block it, give it another code."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import NotFound
from regulars.flows.gift_cards import (
    GiftCardNamed,
    GiftCardView,
    NewGiftCard,
    Presenting,
    TopUp,
    block_gift_card,
    find_gift_card,
    issue_gift_card,
    read_gift_card,
    renew_gift_card,
    top_up_gift_card,
)
from regulars.flows.gift_sales import Seller
from regulars.flows.list_gift_cards import GiftCardPage, list_gift_cards
from regulars.flows.prepaid_owed import Owed, prepaid_owed
from regulars.flows.read_statement import Asked, StatementView, read_gift_card_statement
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("gift cards")
SELLS = "till manage"


class GiftCardsAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("POST", "/v1/gift-cards", scopes=SELLS, body=NewGiftCard, answer=GiftCardView, status=201)
async def issue(call: Call[NewGiftCard, Any]) -> Answer:
    """Sell a gift card: its code comes with this answer, and again with each replay, but is kept nowhere.

    What was paid for it is recorded before, as a purchase with a line of an article that the program's setting
    `gift_card_skus` names; a till's key says which line of which purchase that is (`purchase`, `line`), one with the
    scope `manage` may leave it out. A line pays for one card once: `409 gift_card_sold`.
    """
    return await issue_gift_card(
        call.database, await call.known(), await call.request(), _seller(call), call.body
    )


@calls(
    "POST",
    "/v1/gift-cards/find",
    scopes="till manage read",
    body=Presenting,
    answer=GiftCardView,
    idempotent=False,
)
async def find(call: Call[Presenting, Any]) -> GiftCardView:
    """What is on the card of a code. Unknown codes are counted per key and till: then `429`."""
    known, sent = await call.known(), call.body
    async with call.state.guesses.code(
        call.caller, sent.store, sent.till, NotFound, code=sent.code, cashier=sent.cashier
    ):
        return await find_gift_card(call.database, known, sent.code, await call.now())


@calls(
    "GET",
    "/v1/gift-cards",
    scopes="manage read",
    query=GiftCardsAsked,
    answer=GiftCardPage,
    whole=True,
)
async def every(call: Call[Any, GiftCardsAsked]) -> GiftCardPage:
    """The gift cards of the program, the latest first, each with what is on it."""
    before = ids.read("gft", call.query.cursor, "?cursor") if call.query.cursor else None
    return await list_gift_cards(call.database, await call.known(), before, call.query.limit)


@calls("GET", "/v1/liabilities", scopes="manage read", answer=Owed, whole=True)
async def liabilities(call: Call[Any, Any]) -> Owed:
    """What is owed for what was paid in advance, as the books have it now: what is on gift cards, and vouchers that
    points or money paid for. By what they are for tax, and by age.
    """
    return await prepaid_owed(call.database, await call.known(), await call.now())


@calls("GET", "/v1/gift-cards/{id}", scopes="manage read", answer=GiftCardView)
async def show(call: Call[Any, Any]) -> GiftCardView:
    """A gift card by its id."""
    return await read_gift_card(
        call.database, await call.known(), ids.read("gft", call.path["id"], "/id"), await call.now()
    )


@calls("GET", "/v1/gift-cards/{id}/statement", scopes="manage read", query=Asked, answer=StatementView)
async def statement(call: Call[Any, Asked]) -> StatementView:
    """What was put on the card and paid with it, the newest first."""
    known = await call.known()
    card = ids.read("gft", call.path["id"], "/id")
    return await read_gift_card_statement(call.database, known.program, card, call.query)


@calls("POST", "/v1/gift-cards/top-up", scopes=SELLS, body=TopUp, answer=GiftCardView, idempotent=True)
async def top_up(call: Call[TopUp, Any]) -> Answer:
    """Put more money on a card; a till's key says which line of which purchase paid for it, as for a new card."""
    return await top_up_gift_card(
        call.database, await call.known(), await call.request(), _seller(call), call.body
    )


@calls("POST", "/v1/gift-cards/block", scopes=SELLS, body=GiftCardNamed, answer=GiftCardView, idempotent=True)
async def block(call: Call[GiftCardNamed, Any]) -> Answer:
    """Nobody can pay with the card from now on; what is reserved by a held purchase still is.

    Unknown codes are counted per key: then `429`.
    """
    known, sent = await call.known(), call.body
    async with call.state.guesses.code(call.caller, None, "", NotFound, code=sent.code or ""):
        return await block_gift_card(call.database, known, await call.request(), sent, blocked=True)


@calls(
    "POST",
    "/v1/gift-cards/unblock",
    scopes="manage",
    body=GiftCardNamed,
    answer=GiftCardView,
    idempotent=True,
)
async def unblock(call: Call[GiftCardNamed, Any]) -> Answer:
    """It can be paid with again."""
    return await block_gift_card(
        call.database, await call.known(), await call.request(), call.body, blocked=False
    )


@calls(
    "POST", "/v1/gift-cards/renew", scopes="manage", body=GiftCardNamed, answer=GiftCardView, idempotent=True
)
async def renew(call: Call[GiftCardNamed, Any]) -> Answer:
    """Give a card that was lost, or whose code was seen, another code; the one of before is good for nothing."""
    return await renew_gift_card(call.database, await call.known(), await call.request(), call.body)


def _seller(call: Call[Any, Any]) -> Seller:
    return Seller(call.state.known, call.caller)
