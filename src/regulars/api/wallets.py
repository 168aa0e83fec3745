"""The calls that put a card into a phone's wallet: an Apple pass, a link for Google Wallet."""

from __future__ import annotations

from asyncio import to_thread
from typing import Any, Literal

from msgspec import Struct

from regulars import clock, i18n, ids
from regulars.flows.read_wallet_card import WalletCard, read_wallet_card
from regulars.programs.model import Program
from regulars.web.endpoints import Call, Endpoints, Reply, attachment
from regulars.web.wallets import apple, google

calls = Endpoints("cards")


class PassAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which code stands on the pass."""

    kind: Literal["qr", "code128", "pdf417", "aztec"] = "qr"


class SaveLink(Struct, frozen=True):
    """Where a phone saves the card."""

    link: str


@calls(
    "GET",
    "/v1/cards/{id}/pass.pkpass",
    scopes="issuer manage",
    query=PassAsked,
    answer=None,
    media_type=apple.MEDIA_TYPE,
)
async def apple_pass(call: Call[Any, PassAsked]) -> Reply:
    """A card as a pass for Apple Wallet, signed by the operator's certificate.

    It shows the number, its code, and the balance with its day; no name. `409 not_configured` says what the operator
    has to set. Whether a phone accepts the pass depends on the certificate, which Apple issues.
    """
    signer = apple.signer_of(call.state.settings.wallets)
    program, card = await _card(call)
    secret = call.state.settings.secret
    made = await to_thread(apple.pass_file, program, card, signer, call.query.kind, secret)
    return attachment(f"{program.slug}.pkpass", made, apple.MEDIA_TYPE)


@calls("GET", "/v1/cards/{id}/google-wallet", scopes="issuer manage", answer=SaveLink)
async def google_link(call: Call[Any, Any]) -> Reply:
    """A link that saves a card to Google Wallet, to be opened on the phone; signed by the operator's service account.

    The link carries the card's number in a signed token: hand it to the member, keep it out of logs. `409
    not_configured` says what the operator has to set.
    """
    signer = google.signer_of(call.state.settings.wallets)
    program, card = await _card(call)
    spoken = i18n.pick(program.languages, card.language or None, accept=call.language)
    link = await to_thread(google.save_link, program, card, signer, spoken, clock.world())
    return Reply(SaveLink(link), 200, {"Cache-Control": "private, no-store"})


async def _card(call: Call[Any, Any]) -> tuple[Program, WalletCard]:
    program = (await call.known()).program
    identifier = ids.read("crd", call.path["id"])
    return program, await read_wallet_card(call.database, program, identifier, await call.now())
