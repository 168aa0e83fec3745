"""Gift cards that a member keeps: what is on them and until when, the code to pay with, and letting one go."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import UNSET, Struct

from regulars import ids
from regulars.errors import NotFound, StateConflict, TooManyRequests, Unprocessable
from regulars.flows.gift_cards import GiftCardView
from regulars.flows.keep_gift_card import (
    NewKept,
    keep_gift_card,
    kept_gift_card,
    let_gift_card_go,
)
from regulars.portal import showing, visiting
from regulars.portal.visiting import Member
from regulars.web.limits import Counter

HttpRequest = Request[Any, Any, Any]
WRONG_A_MINUTE = 5
wrong = Counter()
"""Codes that are none, of each member: nobody tries them out."""


class GiftLine(Struct, frozen=True):
    """A gift card in words."""

    id: str
    shown: str
    balance: str
    held: str
    """What a purchase that is not finished has reserved; empty: nothing."""
    blocked: bool
    empty: bool
    ends: tuple[tuple[str, str], ...]
    """Money and the last day on which it can be spent, the first first."""
    code: str
    qr: Any


@get("/portal/{slug:str}/gift-cards/keep", include_in_schema=False)
async def new(request: HttpRequest) -> Response[Any]:
    """The form."""
    return _form(request, await visiting.member(request), "", "", 200)


@post("/portal/{slug:str}/gift-cards/keep", status_code=303, include_in_schema=False)
async def keep(request: HttpRequest) -> Response[Any]:
    """Keep a card by its code; a code that is none is said, and after some of them one has to wait."""
    found, form = await visiting.writing(request)
    _ = found.language.gettext
    code = form.get("code", "").strip()
    try:
        with wrong.guessing(found.id, WRONG_A_MINUTE, NotFound, Unprocessable):
            card = visiting.checked(NewKept(code))
            write = visiting.form_key(found, "gift-card", form, code)
            await keep_gift_card(visiting.database(request, found), found.known, write, found.id, card)
    except TooManyRequests:
        fault, status = _("That were many codes. Wait a minute and look at the card once more."), 429
    except (NotFound, Unprocessable):
        fault, status = _("No gift card has this code. Look at it once more."), 422
    except StateConflict:
        fault, status = _("You keep as many gift cards as there may be. Let an empty one go first."), 409
    else:
        return visiting.back(found, "/wallet", said="kept")
    return _form(request, found, code, fault, status)


@get("/portal/{slug:str}/gift-cards/{card:str}", include_in_schema=False)
async def one(request: HttpRequest) -> Response[Any]:
    """One of them, with the code that a till scans. Raises NotFound."""
    found = await visiting.member(request)
    database = request.app.state.database
    card = await kept_gift_card(database, found.known, found.id, _card(request), found.now)
    return visiting.show(request, found, "gift_card", tab="wallet", card=line(found, card))


@post("/portal/{slug:str}/gift-cards/{card:str}/let-go", status_code=303, include_in_schema=False)
async def let_go(request: HttpRequest) -> Response[Any]:
    """Take it out of the wallet; what is on it stays on it."""
    found, _ = await visiting.writing(request)
    await let_gift_card_go(visiting.database(request, found), found.known, found.id, _card(request))
    return visiting.back(found, "/wallet", said="removed")


def line(found: Member, card: GiftCardView) -> GiftLine:
    """A card as its owner reads it."""
    language = found.language
    code = card.code if card.code is not UNSET else ""
    return GiftLine(
        id=card.id,
        shown=card.shown,
        balance=language.money(card.available, card.currency),
        held=language.money(card.held, card.currency) if card.held else "",
        blocked=card.status == "blocked",
        empty=card.status == "empty",
        ends=tuple(
            [
                (language.money(part.amount, card.currency), showing.last_day(found, part.at))
                for part in card.expiring
            ]
        ),
        code=code,
        qr=showing.code("qr", code) if code else "",
    )


def _form(request: HttpRequest, found: Member, code: str, fault: str, status: int) -> Response[Any]:
    return visiting.show(
        request,
        found,
        "gift_card_keep",
        tab="wallet",
        status=status,
        code=code[:64],
        fault=fault,
        nonce=secrets.token_hex(8),
    )


def _card(request: HttpRequest) -> UUID:
    """The card in the address. Raises NotFound."""
    try:
        return ids.read("gft", request.path_params["card"])
    except Unprocessable as error:
        raise NotFound("There is no such gift card in your wallet.") from error


routes: list[Any] = [new, keep, one, let_go]
