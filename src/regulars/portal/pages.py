"""The member's first pages: her card and what she has, her offers, her receipts and why they came to what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from regulars import ids
from regulars.errors import NotFound, StateConflict
from regulars.flows import claimable
from regulars.flows.activate_offer import NewActivation, OfferView, activate_offer, list_offers
from regulars.flows.corners import open_corners
from regulars.flows.member_home import member_home
from regulars.flows.member_receipt import MemberReceipt, member_receipt
from regulars.flows.member_receipts import member_receipts
from regulars.flows.movement_names import names_of_movements
from regulars.flows.read_statement import Asked, MovementView, read_statement
from regulars.portal import corners, showing, visiting
from regulars.portal.passes import passes
from regulars.portal.visiting import Member
from regulars.portal.visits import rhythm_line
from regulars.units import money_scale
from regulars.web import tier_words
from regulars.web.movements import movement_words

HttpRequest = Request[Any, Any, Any]
OFFERS_AT_HOME = 3
RECEIPTS_A_PAGE = 30
BACK = {"card": "/", "offers": "/offers"}


@get("/portal/{slug:str}", include_in_schema=False)
async def card(request: HttpRequest) -> Response[Any]:
    """The card, large, and under it what she has and what is new."""
    found = await visiting.member(request)
    state = request.app.state
    home = await member_home(state.database, found.known, found.id, found.now)
    offers = await _offers(request, found)
    number = home.card.number if home.card else ""
    return visiting.show(
        request,
        found,
        "card",
        tab="card",
        card=home.card,
        who=home.profile.person.name,
        number=found.program.settings.branding.printed(number),
        codes={
            "qr": showing.code("qr", number) if number else "",
            "bars": showing.code("code128", number) if number else "",
        },
        passes=passes(state.settings.wallets, found.program),
        balances=showing.balance_lines(found, home.balance.currencies),
        tiers=tier_words.shown(found.known, found.language, found.zone, home.balance.tiers),
        offers=[offer for offer in offers if offer.activated_at is None][:OFFERS_AT_HOME],
        latest=[showing.receipt_row(found, row) for row in home.latest],
    )


@get("/portal/{slug:str}/offers", include_in_schema=False)
async def offers(request: HttpRequest) -> Response[Any]:
    """Her offers, those not activated yet first."""
    found = await visiting.member(request)
    listed = await _offers(request, found)
    return visiting.show(
        request,
        found,
        "offers",
        tab="offers",
        waiting=[offer for offer in listed if offer.activated_at is None],
        activated=[offer for offer in listed if offer.activated_at is not None],
        corners=corners.shown(
            await open_corners(request.app.state.database, found.program.id), found.language
        ),
    )


@post("/portal/{slug:str}/offers", status_code=303, include_in_schema=False)
async def activate(request: HttpRequest) -> Response[Any]:
    """Activate an offer; what is over or is not hers says so."""
    found, form = await visiting.writing(request)
    state = request.app.state
    path = BACK.get(form.get("back", ""), "/offers")
    offer = form.get("offer", "")[:64]
    write = visiting.write_key(found, f"offer/{offer}", offer)
    try:
        await activate_offer(
            state.database, state.known, write, found.id, NewActivation(offer), found.language.code
        )
    except (StateConflict, NotFound):
        return visiting.back(found, path, said="over")
    return visiting.back(found, path, said="activated")


@get("/portal/{slug:str}/receipts", include_in_schema=False)
async def receipts(request: HttpRequest) -> Response[Any]:
    """Her receipts by month, the latest first."""
    found = await visiting.member(request)
    after = request.query_params.get("after", "")
    page = await member_receipts(
        request.app.state.database,
        found.program,
        found.id,
        found.now,
        after=ids.read("pur", after) if after else None,
        limit=RECEIPTS_A_PAGE,
    )
    months: dict[str, list[showing.ReceiptRow]] = {}
    for row in page.items:
        months.setdefault(found.language.month(row.purchased_at, found.zone), []).append(
            showing.receipt_row(found, row)
        )
    return visiting.show(
        request,
        found,
        "receipts",
        tab="receipts",
        rhythm=None if after else await rhythm_line(request, found),
        months=months,
        further=ids.show("pur", page.next) if page.next else None,
        first=not after,
        claims=claimable.offered(found.program.settings),
    )


@get("/portal/{slug:str}/receipts/{receipt:str}", include_in_schema=False)
async def receipt(request: HttpRequest) -> Response[Any]:
    """One receipt: its lines, what each promotion gave and why, what came back."""
    found = await visiting.member(request)
    state = request.app.state
    shown = await member_receipt(
        state.database,
        state.known,
        found.program.id,
        found.id,
        _purchase(request),
        found.language.code,
        found.now,
    )
    return visiting.show(
        request, found, "receipt", tab="receipts", receipt=shown, words=ReceiptWords(found, shown)
    )


@get("/portal/{slug:str}/points", include_in_schema=False)
async def points(request: HttpRequest) -> Response[Any]:
    """Every movement of her points, with what stood there after it."""
    found = await visiting.member(request)
    asked = Asked(limit=50, cursor=request.query_params.get("after") or None)
    page = await read_statement(request.app.state.database, found.program, found.id, asked)
    named = await names_of_movements(request.app.state.database, found.program, page.items)
    return visiting.show(
        request,
        found,
        "points",
        tab="receipts",
        movements=[_movement(found, one, named) for one in page.items],
        further=page.next,
        first=asked.cursor is None,
    )


class ReceiptWords:
    """How the page of a receipt writes its amounts."""

    def __init__(self, found: Member, shown: MemberReceipt):
        self._found = found
        self._currency = shown.answer.currency
        self.scale = money_scale(self._currency)
        zone = showing.clock.zone(shown.time_zone)
        self.when = f"{found.language.date(shown.purchased_at, zone)}, {found.language.time(shown.purchased_at, zone)}"
        self.status = showing.status_text(found.language, shown.status)
        till = found.language.gettext("till {till}").format(till=shown.till) if shown.till else ""
        self.origin = " · ".join(part for part in (till, shown.receipt_number) if part)

    def money(self, amount: int, *, signed: bool = False) -> str:
        """Money of the receipt."""
        return self._found.language.money(amount, self._currency, signed=signed)

    def points(self, currency: str, amount: int, *, signed: bool = False) -> str:
        """Points."""
        return showing.points_text(self._found, currency, amount, signed=signed)

    def quantity(self, thousandths: int) -> str:
        """So many, or so much."""
        return self._found.language.quantity(thousandths)

    def day(self, at: datetime) -> str:
        """A day, by the program's calendar."""
        return self._found.language.short_date(at, self._found.zone)

    def last_day(self, at: datetime) -> str:
        """The last day before an instant."""
        return showing.last_day(self._found, at)


def _movement(found: Member, one: MovementView, named: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A movement as she reads it; `named`: what earned it, where it was something that she did besides buying."""
    return {
        "words": movement_words(found.language, one.kind, one.reason, named),
        "day": showing.moment(found.language, one.effective_at, found.now, found.zone),
        "purchase": one.purchase,
        "change": showing.points_text(found, one.currency, one.change, signed=True),
        "minus": one.change < 0,
        "balance": showing.points_text(found, one.currency, one.balance),
    }


def _purchase(request: HttpRequest) -> UUID:
    """The receipt in the address. Raises NotFound."""
    try:
        return ids.read("pur", request.path_params["receipt"])
    except ids.WrongIdKind as error:
        raise NotFound("There is no such receipt.") from error


async def _offers(request: HttpRequest, found: Member) -> tuple[OfferView, ...]:
    state = request.app.state
    listed = await list_offers(
        state.database, state.known, found.program.id, found.id, found.language.code, found.now
    )
    return listed.items


routes: list[Any] = [card, offers, activate, receipts, receipt, points]
