"""The wallet of other cards: typed, scanned or read from a picture, drawn again alike, here and without a network."""

from __future__ import annotations

import re
from asyncio import to_thread
from typing import Any
from uuid import UUID

import zxingcpp
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import InvalidValue, NotFound, StateConflict, Unprocessable
from regulars.flows.keep_foreign_card import (
    NewForeignCard,
    foreign_card,
    foreign_cards,
    keep_foreign_card,
    remove_foreign_card,
)
from regulars.flows.keep_gift_card import kept_gift_cards
from regulars.members.wallet import CARDS_MAX
from regulars.portal import gift_cards, showing, visiting
from regulars.portal.visiting import Member
from regulars.units import whole_of
from regulars.web import bodies, drawing, member_sessions
from regulars.web.drawing import Kind
from regulars.web.limits import Counter

HttpRequest = Request[Any, Any, Any]
KINDS: tuple[Kind, ...] = ("ean13", "code128", "qr")
PIXELS_MAX = 1_600_000
READS_A_MINUTE = 90
reads = Counter()
_READABLE: dict[str, Kind] = {"EAN13": "ean13", "Code128": "code128", "QRCode": "qr", "UPCA": "ean13"}


class Read(Struct, frozen=True):
    """What a picture says; None: nothing that can be read."""

    kind: str | None
    text: str


@get("/portal/{slug:str}/wallet", include_in_schema=False)
async def wallet(request: HttpRequest) -> Response[Any]:
    """All of them."""
    found = await visiting.member(request)
    state = request.app.state
    cards = await foreign_cards(state.database, found.program.id, found.known.vault, found.id)
    gifts = await kept_gift_cards(state.database, found.known, found.id, found.now)
    return visiting.show(
        request,
        found,
        "wallet",
        tab="wallet",
        cards=[
            {"id": ids.show("fcd", card.id), "name": card.printed.name, "text": shortened(card.printed.text)}
            for card in cards
        ],
        full=len(cards) >= CARDS_MAX,
        gift_cards=None if gifts is None else [gift_cards.line(found, one) for one in gifts],
    )


@get("/portal/{slug:str}/wallet/add", include_in_schema=False)
async def new(request: HttpRequest) -> Response[Any]:
    """The form."""
    return _form(request, await visiting.member(request), {}, "")


@post("/portal/{slug:str}/wallet/add", status_code=303, include_in_schema=False)
async def add(request: HttpRequest) -> Response[Any]:
    """Put a card into the wallet; a text that its kind cannot carry is said."""
    found, form = await visiting.writing(request)
    _ = found.language.gettext
    kind, text = form.get("kind", ""), form.get("text", "").strip()
    if kind == "ean13":
        text = re.sub(r"[\s-]", "", text)
    if kind not in KINDS or not drawing.fits(kind, text):
        fault = {
            "ean13": _(
                "EAN-13 is 13 digits, and the last one checks the others. Nothing was added; look again."
            ),
            "code128": _("A barcode carries up to 80 plain letters, digits and signs. Nothing was added."),
        }.get(kind, _("This cannot be drawn as a code. Nothing was added; look again."))
        return _form(request, found, form, fault)
    try:
        card = visiting.read(NewForeignCard, name=form.get("name", "").strip(), kind=kind, text=text)
    except Unprocessable:
        return _form(request, found, form, _("Give the card a name. Nothing was added."))
    write = visiting.form_key(found, "wallet", form, form)
    state = request.app.state
    try:
        await keep_foreign_card(state.database, found.program.id, found.known.vault, write, found.id, card)
    except StateConflict:
        return _form(
            request, found, form, _("Your wallet is full. Nothing was added; take a card out first.")
        )
    return visiting.back(found, "/wallet", said="added")


@get("/portal/{slug:str}/wallet/{card:str}", include_in_schema=False)
async def card(request: HttpRequest) -> Response[Any]:
    """One of them, large and bright."""
    found = await visiting.member(request)
    state = request.app.state
    kept = await foreign_card(state.database, found.program.id, found.known.vault, found.id, _card(request))
    printed = kept.printed
    return visiting.show(
        request,
        found,
        "foreign",
        tab="wallet",
        card=printed,
        id=ids.show("fcd", kept.id),
        code=showing.code(printed.kind, printed.text),
    )


@post("/portal/{slug:str}/wallet/{card:str}/remove", status_code=303, include_in_schema=False)
async def remove(request: HttpRequest) -> Response[Any]:
    """Take one out."""
    found, _ = await visiting.writing(request)
    await remove_foreign_card(request.app.state.database, found.program.id, found.id, _card(request))
    return visiting.back(found, "/wallet", said="removed")


@post("/portal/{slug:str}/wallet/read", status_code=200, include_in_schema=False)
async def read(request: HttpRequest) -> Read:
    """Read a code from a picture, for browsers that cannot: grey pixels, a byte each, `X-Width` a row.

    Nothing of it is kept. Raises Unauthenticated, Forbidden, Unprocessable, TooManyRequests.
    """
    visitor = await member_sessions.require_member(request, request.path_params["slug"])
    reads.take(visitor.member, READS_A_MINUTE)
    width = whole_of(request.headers.get("x-width", "")) or 0
    raw = await bodies.read_bytes(request)
    if not 16 <= width <= 4000 or not raw or len(raw) % width or len(raw) > PIXELS_MAX:
        raise InvalidValue("", f"A picture is at most {PIXELS_MAX} grey pixels, in whole rows of X-Width.")
    return await to_thread(read_picture, raw, width)


def read_picture(pixels: bytes, width: int) -> Read:
    """The first code in a picture of grey pixels that the wallet can draw again."""
    image = memoryview(pixels).cast("B", (len(pixels) // width, width))
    for code in zxingcpp.read_barcodes(image):
        kind = _READABLE.get(code.format.name)
        text = code.text if code.format.name != "UPCA" else code.text.zfill(13)
        if kind is not None and code.valid and drawing.fits(kind, text):
            return Read(kind, text)
    return Read(None, "")


def shortened(text: str) -> str:
    """As much of a text as tells one card from another."""
    return text if len(text) <= 20 else f"{text[:8]} … {text[-4:]}"


def _form(request: HttpRequest, found: Member, form: dict[str, str], fault: str) -> Response[Any]:
    return visiting.show(
        request,
        found,
        "wallet_add",
        tab="wallet",
        status=422 if fault else 200,
        form={"name": form.get("name", ""), "text": form.get("text", ""), "kind": form.get("kind", "ean13")},
        fault=fault,
        nonce=form.get("nonce") or ids.show("fcd", ids.new()),
    )


def _card(request: HttpRequest) -> UUID:
    """The card in the address. Raises NotFound."""
    try:
        return ids.read("fcd", request.path_params["card"])
    except Unprocessable as error:
        raise NotFound("There is no such card in your wallet.") from error


routes: list[Any] = [wallet, new, add, card, remove, read]
