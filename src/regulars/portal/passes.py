"""Her card into her phone's own wallet: an Apple pass, a link for Google Wallet, where the operator has set them up."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect
from msgspec import Struct

from regulars import clock
from regulars.errors import NotConfigured
from regulars.flows.read_wallet_card import read_own_wallet_card
from regulars.portal import visiting
from regulars.programs.model import Program
from regulars.settings import Wallets
from regulars.web import pages
from regulars.web.wallets import apple, google

HttpRequest = Request[Any, Any, Any]


class Passes(Struct, frozen=True):
    """Which wallets take the card."""

    apple: bool
    google: bool


def passes(wallets: Wallets, program: Program) -> Passes:
    """Those that the operator has set up."""
    return Passes(
        apple=_set_up(apple.signer_of, wallets),
        google=google.has_address(program) and _set_up(google.signer_of, wallets),
    )


def _set_up(signer_of: Callable[[Wallets], object], wallets: Wallets) -> bool:
    try:
        signer_of(wallets)
    except NotConfigured:
        return False
    return True


@get("/portal/{slug:str}/pass.pkpass", include_in_schema=False)
async def apple_pass(request: HttpRequest) -> Response[bytes]:
    """The card as a pass. Raises NotConfigured, NotFound without a card that can be used."""
    found = await visiting.member(request)
    state = request.app.state
    signer = apple.signer_of(state.settings.wallets)
    card = await read_own_wallet_card(state.database, found.program, found.id, found.now)
    body = await to_thread(apple.pass_file, found.program, card, signer, "qr", state.settings.secret)
    saved_as = f'attachment; filename="{found.program.slug}.pkpass"'
    headers = {**pages.SECURITY_HEADERS, "Content-Disposition": saved_as}
    return Response(body, media_type=apple.MEDIA_TYPE, headers=headers)


@get("/portal/{slug:str}/google-wallet", include_in_schema=False)
async def google_wallet(request: HttpRequest) -> Redirect:
    """On to Google, with the card in the link. Raises NotConfigured, NotFound without a card that can be used."""
    found = await visiting.member(request)
    state = request.app.state
    signer = google.signer_of(state.settings.wallets)
    card = await read_own_wallet_card(state.database, found.program, found.id, found.now)
    link = await to_thread(google.save_link, found.program, card, signer, found.language, clock.world())
    headers = {**pages.SECURITY_HEADERS, "Referrer-Policy": "no-referrer"}
    return Redirect(link, status_code=303, headers=headers)


routes: list[Any] = [apple_pass, google_wallet]
