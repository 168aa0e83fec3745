"""A voucher of the member's: its code to be shown, and handing it on to another one, who is shown by her initial."""

from __future__ import annotations

import re
import secrets
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import (
    CardUnassigned,
    Conflict,
    NotFound,
    TooManyRequests,
    Unprocessable,
)
from regulars.flows.find_member import Sought, find_member
from regulars.flows.owned_vouchers import OwnVoucher, owned_voucher
from regulars.flows.use_voucher import Handing, transfer_voucher
from regulars.portal import showing, visiting
from regulars.portal.visiting import Member
from regulars.programs.model import Caller
from regulars.web import reward_words
from regulars.web.limits import Counter

HttpRequest = Request[Any, Any, Any]
LOOKS_A_MINUTE = 5
looks = Counter()
"""Of each member: nobody tries out who is a member here."""


class VoucherLine(Struct, frozen=True):
    """A voucher in words."""

    id: str
    name: str
    text: str
    qr: Any
    state: str
    good: bool
    until: str
    transferable: bool


@get("/portal/{slug:str}/vouchers/{voucher:str}", include_in_schema=False)
async def one(request: HttpRequest) -> Response[Any]:
    """One of hers. Raises NotFound."""
    found = await visiting.member(request)
    return await _page(request, found)


@post("/portal/{slug:str}/vouchers/{voucher:str}", status_code=303, include_in_schema=False)
async def hand_on(request: HttpRequest) -> Response[Any]:
    """Hand it on: first the question whether this is who is meant, then it is done, once."""
    found, form = await visiting.writing(request)
    _ = found.language.gettext
    own, to = await _own(request, found), form.get("to", "").strip()[:40]
    try:
        taker, initial = await _taker(request, found, to)
        if taker == ids.show("mem", found.id):
            return await _page(request, found, to, fault=_("That is you yourself."))
        if form.get("sure") != taker:
            return await _page(request, found, to, asked=(taker, initial))
        handing = visiting.checked(Handing(own.view.code or "", taker))
        write = visiting.form_key(found, "hand-on", form, [own.view.id, taker])
        database, language = visiting.database(request, found), found.language.code
        await transfer_voucher(database, found.known, write, found.id, handing, language)
    except TooManyRequests:
        return await _page(
            request, found, to, fault=_("That were many numbers. Wait a minute, then try again.")
        )
    except (NotFound, CardUnassigned, Unprocessable):
        fault = _("Nobody here has this phone or card number. Nothing was handed on.")
        return await _page(request, found, to, fault=fault)
    except Conflict:
        return await _page(request, found, to, fault=_("This voucher cannot be handed on, or not any more."))
    return visiting.back(found, "/rewards", said="handed_on")


async def _taker(request: HttpRequest, found: Member, to: str) -> tuple[str, str]:
    """Id and initial of who has this phone or card number. Raises NotFound, CardUnassigned, Unprocessable."""
    looks.take(found.id, LOOKS_A_MINUTE)
    digits = re.sub(r"\D", "", to)
    settings = found.program.settings
    card = not to.startswith("+") and len(digits) >= settings.card_digits
    sought = visiting.checked(Sought(card=digits) if card else Sought(phone=to))
    caller = Caller(found.program.id, found.id, frozenset())
    database = request.app.state.database
    who = await find_member(database, found.program, found.known.vault, caller, sought, at=found.now)
    return who.id, f"{who.name[:1]}."


async def _own(request: HttpRequest, found: Member) -> OwnVoucher:
    try:
        voucher = ids.read("vch", request.path_params["voucher"])
    except Unprocessable as error:
        raise NotFound("There is no such voucher of yours.") from error
    return await _read(request, found, voucher)


async def _read(request: HttpRequest, found: Member, voucher: UUID) -> OwnVoucher:
    database, language = request.app.state.database, found.language.code
    return await owned_voucher(database, found.known, found.id, voucher, language, found.now)


async def _page(
    request: HttpRequest,
    found: Member,
    to: str = "",
    *,
    fault: str = "",
    asked: tuple[str, str] | None = None,
) -> Response[Any]:
    own = await _own(request, found)
    return visiting.show(
        request,
        found,
        "voucher",
        tab="rewards",
        status=422 if fault else 200,
        one=line(found, own),
        to=to,
        asked=asked,
        fault=fault,
        nonce=secrets.token_hex(8),
    )


def line(found: Member, own: OwnVoucher) -> VoucherLine:
    """A voucher as its owner reads it."""
    view = own.view
    good = view.state == "good"
    return VoucherLine(
        id=view.id,
        name=view.name,
        text=view.code or "",
        qr=showing.code("qr", view.code) if view.code and good else "",
        state=reward_words.voucher(found.language, view.state),
        good=good,
        until=showing.last_day(found, view.valid_until) if view.valid_until else "",
        transferable=view.transferable and view.state in ("good", "not_yet"),
    )


routes: list[Any] = [one, hand_on]
