"""What staff do with a receipt: take goods back, void it, give it to a member, send or print it once more."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response

from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.purchases import purchase, read_sheet, sheet_page
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.claim_purchase import claim_purchase
from regulars.flows.claimable import NewClaim
from regulars.flows.desk.resend_receipt import resend_receipt
from regulars.flows.member_receipt import STATUSES, receipt_of
from regulars.flows.return_goods import preview_return, return_goods
from regulars.flows.void_purchase import Voiding, void_purchase
from regulars.i18n import N_
from regulars.purchases.model import PurchaseAnswer
from regulars.purchases.returning import ReturnAnswer, ReturnRequest

pages = Pages()
_LINE = re.compile(r"^back-([0-9]{1,7})$")


def _to(visit: Visit, done: str) -> Response[Any]:
    return visit.to(f"/purchases/{visit.path['id']}", done=done)


def _asked(visit: Visit, at: datetime, name: str) -> ReturnRequest:
    """The lines and quantities of the form. Raises InvalidValue where there are none, Unprocessable."""
    lines = []
    for field, text in visit.form_fields().items():
        found = _LINE.match(field)
        quantity = text.replace(",", ".")
        if found and quantity and quantity.strip("0.") != "":
            lines.append({"line": int(found[1]), "quantity": quantity})
    if not lines:
        raise InvalidValue("/lines", N_("say how much of which line comes back"))
    sent = {"id": name, "lines": lines, "returned_at": at.isoformat(), "reason": visit.form("reason")}
    return visit.read(ReturnRequest, sent)


@pages.post("/purchases/{id}/returns/preview", needs="purchases.return", again=purchase)
async def preview(visit: Visit) -> Response[Any]:
    """What a return would give back; nothing is written."""
    await read_sheet(visit)
    at = await visit.now()
    asked = _asked(visit, at, f"office/{visit.form('request')}")
    shown = await preview_return(
        visit.database, visit.state.known, desk.caller(visit), desk.read_id(visit, "pur"), asked, at
    )
    return await sheet_page(visit, preview=shown, sent=visit.form_fields())


@pages.post("/purchases/{id}/returns", needs="purchases.return", again=purchase)
async def give_back(visit: Visit) -> Response[Any]:
    """Take goods back on behalf of a till."""
    await read_sheet(visit)
    desk.reason(visit)
    request = await visit.once()
    asked = _asked(visit, request.at, request.key)
    answer = await return_goods(
        visit.database, visit.state.known, desk.caller(visit), request, desk.read_id(visit, "pur"), asked
    )
    done = msgspec.json.decode(answer.body, type=ReturnAnswer)
    text = visit.language.gettext("Taken back: pay out %s.")
    return _to(visit, text % visit.language.money(done.money_back, done.currency))


@pages.post("/purchases/{id}/void", needs="purchases.return", again=purchase)
async def void(visit: Visit) -> Response[Any]:
    """Void the whole receipt: as if it had never been."""
    await read_sheet(visit)
    voiding = Voiding(desk.reason(visit))
    await void_purchase(
        visit.database, visit.state.known, desk.caller(visit), await visit.once(),
        desk.read_id(visit, "pur"), voiding,
    )  # fmt: skip
    return _to(visit, visit.language.gettext("The receipt is void; what it gave was taken back."))


@pages.post("/purchases/{id}/claim", needs="members.change", again=purchase, why=True)
async def claim(visit: Visit) -> Response[Any]:
    """Give a receipt that is nobody's to a member: it earns what it would have earned on its day."""
    await read_sheet(visit)
    text = visit.form("whose")
    named = {"member": text} if text.startswith("mem_") else {"email": text} if "@" in text else {}
    if not named:
        named = {"phone": text} if text.startswith("+") else {"card": text}
    new = visit.read(NewClaim, named)
    answer = await claim_purchase(
        visit.database, visit.state.known, desk.caller(visit), await visit.once(),
        desk.read_id(visit, "pur"), new,
    )  # fmt: skip
    given = msgspec.json.decode(answer.body, type=PurchaseAnswer)
    sums: dict[str, int] = {}
    for one in given.earned:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount
    say = desk.pointing(visit)
    earned = visit.language.joined([say(code, amount, signed=True) for code, amount in sums.items()])
    if not earned:
        return _to(visit, visit.language.gettext("The receipt is the member's now; it earned nothing."))
    return _to(visit, visit.language.gettext("The receipt is the member's now: %s.") % earned)


@pages.post("/purchases/{id}/send", needs="purchases.return", again=purchase)
async def send(visit: Visit) -> Response[Any]:
    """Send the receipt to its member by email once more."""
    await read_sheet(visit)
    await resend_receipt(
        visit.database, visit.state.known, visit.program.id, await visit.once(), desk.read_id(visit, "pur"),
        channels=visit.state.post_office.channels,
    )  # fmt: skip
    visit.state.post_office.send(visit.program.id)
    return _to(visit, visit.language.gettext("The receipt is on its way by email."))


@pages.get("/purchases/{id}/paper", needs="purchases.read")
async def paper(visit: Visit) -> Response[Any]:
    """The receipt as its customer gets it, to be printed."""
    await read_sheet(visit)
    receipt = await receipt_of(
        visit.database, visit.state.known, visit.program.id, desk.read_id(visit, "pur"),
        desk.spoken(visit), await visit.now(),
    )  # fmt: skip
    return visit.page(
        "purchase_paper",
        receipt=receipt,
        statuses=STATUSES,
        points=desk.pointing(visit),
        here=visit.path["id"],
    )
