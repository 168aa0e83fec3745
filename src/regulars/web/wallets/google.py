"""Makes the link that saves a card to Google Wallet: a signed token (JWT, RS256) with the card and its class in it.

The format is Google's ("Google Wallet API JWT", LoyaltyClass, LoyaltyObject). Nothing is asked of Google: the phone
that opens the link brings the token there. The token holds the card's number and balance and no name.
"""

from __future__ import annotations

import base64
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Struct

from regulars import ids
from regulars.errors import NotConfigured
from regulars.flows.read_wallet_card import WalletCard
from regulars.i18n import Language
from regulars.programs.model import Program
from regulars.settings import Wallets
from regulars.web import colours
from regulars.web.wallets.words import words_of

ADDRESS = "https://pay.google.com/gp/v/save/"
LENGTH_MAX = 1800
"""Longer tokens Google does not promise to take from a link."""
SET_UP = (
    "Google Wallet is not set up: give the issuer's id in REGULARS_GOOGLE_ISSUER and the service account's JSON file "
    "in REGULARS_GOOGLE_KEY_FILE."
)
NEEDS_ADDRESS = (
    "Google Wallet fetches the program's picture: set `public_address` to the https address of the pages."
)


class ServiceAccount(Struct, frozen=True):
    """Who signs the token: the fields of Google's JSON file that are needed."""

    client_email: str
    private_key: str


class Signer(Struct, frozen=True):
    """The operator as Google knows her."""

    issuer: str
    email: str
    key: rsa.RSAPrivateKey


def signer_of(wallets: Wallets) -> Signer:
    """The signer of the settings; read again when the file was replaced. Raises NotConfigured with what to set."""
    if wallets.google_key is None or not wallets.google_issuer:
        raise NotConfigured(SET_UP)
    try:
        return _read(wallets.google_issuer, str(wallets.google_key), wallets.google_key.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError, msgspec.MsgspecError) as error:
        raise NotConfigured(f"{SET_UP} It could not be read: {type(error).__name__}.") from error


@lru_cache(maxsize=4)
def _read(issuer: str, name: str, stamp: int) -> Signer:
    del stamp  # a file that was replaced is read again
    account = msgspec.json.decode(Path(name).read_bytes(), type=ServiceAccount)
    key = load_pem_private_key(account.private_key.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("RS256 needs an RSA key")
    return Signer(issuer, account.client_email, key)


def has_address(program: Program) -> bool:
    """Whether Google can fetch the program's picture: the pages have a public https address."""
    return program.settings.public_address.startswith("https://")


def save_link(program: Program, card: WalletCard, signer: Signer, spoken: Language, now: datetime) -> str:
    """The link that saves the card; `now` is the world's time. Raises NotConfigured without a public address."""
    if not has_address(program):
        raise NotConfigured(NEEDS_ADDRESS)
    claims = {
        "iss": signer.email,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(now.timestamp()),
        "origins": [program.settings.public_address],
        "payload": {
            "loyaltyClasses": [_class(program, signer)],
            "loyaltyObjects": [_object(program, card, signer, spoken)],
        },
    }
    return ADDRESS + signed(claims, signer.key)


def signed(claims: dict[str, Any], key: rsa.RSAPrivateKey) -> str:
    """A JSON Web Token (RFC 7519) signed with RS256 (RFC 7518: RSASSA-PKCS1-v1_5 with SHA-256)."""
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    message = ".".join(_base64(msgspec.json.encode(part)) for part in parts)
    signature = key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{message}.{_base64(signature)}"


def _class(program: Program, signer: Signer) -> dict[str, Any]:
    home = f"{program.settings.public_address}/portal/{program.slug}"
    return {
        "id": f"{signer.issuer}.{ids.show('prg', program.id)}",
        "issuerName": program.name[:20],
        "programName": program.name[:20],
        "programLogo": {"sourceUri": {"uri": f"{home}/icon-512.png"}},
        "hexBackgroundColor": colours.palette(program.settings.accent).card,
        "reviewStatus": "UNDER_REVIEW",
    }


def _object(program: Program, card: WalletCard, signer: Signer, spoken: Language) -> dict[str, Any]:
    words = words_of(program, card, spoken)
    number = card.card.number
    found: dict[str, Any] = {
        "id": f"{signer.issuer}.{ids.show('crd', card.card.id)}",
        "classId": f"{signer.issuer}.{ids.show('prg', program.id)}",
        "state": "ACTIVE",
        "accountId": number,
        "barcode": {"type": "QR_CODE", "value": number, "alternateText": words.number},
    }
    if words.balance:
        found["loyaltyPoints"] = {"label": words.balance_label, "balance": {"string": words.balance}}
    return found


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
