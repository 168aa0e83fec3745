"""Makes a pass for Apple Wallet: a zip with the card as JSON, its words in every language, pictures, and a signature.

The format is Apple's (Wallet Passes, "Creating the source for a pass" and "Building a pass"): a manifest of SHA-1
hashes, and a detached PKCS #7 signature of the manifest by the operator's pass certificate, with Apple's intermediate
certificate (WWDR) beside it. Nothing is asked of Apple; whether a phone accepts the pass, Apple's certificate decides.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7
from cryptography.x509.oid import NameOID
from msgspec import Struct

from regulars import ids
from regulars.errors import NotConfigured
from regulars.flows.read_wallet_card import WalletCard
from regulars.i18n import language
from regulars.members import card_states, passes
from regulars.programs.model import Program
from regulars.settings import Wallets
from regulars.web import colours
from regulars.web.icons import draw_icon
from regulars.web.wallets.words import Words, words_of

MEDIA_TYPE = "application/vnd.apple.pkpass"
ICONS = (("icon.png", 29), ("icon@2x.png", 58), ("icon@3x.png", 87))
LOGOS = (("logo.png", 50), ("logo@2x.png", 100), ("logo@3x.png", 150))
FORMATS = {
    "qr": "PKBarcodeFormatQR",
    "code128": "PKBarcodeFormatCode128",
    "pdf417": "PKBarcodeFormatPDF417",
    "aztec": "PKBarcodeFormatAztec",
}
SET_UP = (
    "Apple Wallet is not set up: name the operator's pass certificate, its key and Apple's intermediate certificate "
    "in REGULARS_APPLE_CERTIFICATE_FILE, REGULARS_APPLE_KEY_FILE and REGULARS_APPLE_WWDR_FILE (PEM)."
)


class Signer(Struct, frozen=True):
    """The operator as Apple knows her: what the certificate says, and the key that belongs to it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    authority: x509.Certificate
    pass_type: str
    team: str


def signer_of(wallets: Wallets) -> Signer:
    """The signer of the settings; read again when a file was replaced. Raises NotConfigured with what to set."""
    files = (wallets.apple_certificate, wallets.apple_key, wallets.apple_authority)
    if any(file is None for file in files):
        raise NotConfigured(SET_UP)
    try:
        stamps = tuple((str(file), file.stat().st_mtime_ns) for file in files if file is not None)
        return _read(stamps)
    except (OSError, ValueError, TypeError) as error:
        raise NotConfigured(f"{SET_UP} They could not be read: {type(error).__name__}.") from error


@lru_cache(maxsize=4)
def _read(stamps: tuple[tuple[str, int], ...]) -> Signer:
    certificate_file, key_file, authority_file = (Path(name) for name, _ in stamps)
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    authority = x509.load_pem_x509_certificate(authority_file.read_bytes())
    key = load_pem_private_key(key_file.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError("a key that no pass is signed with")
    if key.public_key() != certificate.public_key():
        raise ValueError("the key is not that of the certificate")
    pass_type = certificate.subject.get_attributes_for_oid(NameOID.USER_ID)
    team = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    if not pass_type or not team:
        raise ValueError("not a pass certificate: its subject names no pass type and team")
    return Signer(certificate, key, authority, str(pass_type[0].value), str(team[0].value))


def pass_file(program: Program, card: WalletCard, signer: Signer, kind: str, secret: bytes) -> bytes:
    """The `.pkpass` file of a card. `secret`: the installation's, from which the pass's own token is derived."""
    palette = colours.palette(program.settings.accent)
    files: dict[str, bytes] = {
        "pass.json": msgspec.json.encode(
            _document(program, card, signer, kind) | _service(program, card, kind, secret)
        ),
        **{name: draw_icon(side, palette.card, palette.on_card) for name, side in (*ICONS, *LOGOS)},
    }
    for code in program.languages:
        files[f"{code}.lproj/pass.strings"] = _strings(words_of(program, card, language(code)))
    manifest = msgspec.json.encode(
        {name: hashlib.sha1(body, usedforsecurity=False).hexdigest() for name, body in files.items()}
    )
    return _zipped({**files, "manifest.json": manifest, "signature": _signature(manifest, signer)}, card)


def _document(program: Program, card: WalletCard, signer: Signer, kind: str) -> dict[str, Any]:
    """pass.json. What is said in words is a key, which each language's `pass.strings` fills in."""
    palette = colours.palette(program.settings.accent)
    words = words_of(program, card, language(program.languages[0]))
    code = {
        "format": FORMATS[kind],
        "message": card.card.number,
        "messageEncoding": "iso-8859-1",
        "altText": words.number,
    }
    in_use = card.card.status in card_states.IN_USE
    back = [{"key": "show", "label": "ABOUT", "value": "SHOW"}]
    if program.settings.public_address:
        home = f"{program.settings.public_address}/portal/{program.slug}/"
        back.append({"key": "address", "label": "MORE", "value": home})
    document: dict[str, Any] = {
        "formatVersion": 1,
        "passTypeIdentifier": signer.pass_type,
        "teamIdentifier": signer.team,
        "serialNumber": ids.show("crd", card.card.id),
        "organizationName": program.name,
        "description": "DESCRIPTION",
        "logoText": program.name,
        "foregroundColor": _rgb(palette.on_card),
        "labelColor": _rgb(palette.on_card),
        "backgroundColor": _rgb(palette.card),
        "sharingProhibited": True,
        "barcodes": [code] if in_use else [],
        "storeCard": {
            "primaryFields": [{"key": "balance", "label": "BALANCE_LABEL", "value": "BALANCE"}]
            if words.balance and in_use
            else [],
            "secondaryFields": [{"key": "number", "label": "NUMBER_LABEL", "value": words.number}],
            "backFields": back,
        },
    }
    if card.places:
        document["locations"] = [
            {"latitude": spot.latitude / 1e6, "longitude": spot.longitude / 1e6, "relevantText": name}
            for name, spot in card.places
        ]
    if not in_use:
        document["voided"] = True
    elif kind != "code128":
        document["barcode"] = code  # what phones before iOS 9 read
    return document


def _service(program: Program, card: WalletCard, kind: str, secret: bytes) -> dict[str, str]:
    """Where a phone asks for a newer pass, and the token that it shows there; Apple's phones ask by https only."""
    if not program.settings.public_address.startswith("https://"):
        return {}
    return {
        "webServiceURL": f"{program.settings.public_address}/passes/{ids.show('prg', program.id)}/{kind}",
        "authenticationToken": passes.token_of(secret, program.id, card.card.id),
    }


def _strings(words: Words) -> bytes:
    """A language's words, as Apple's tools write them: UTF-16 with a mark of its order."""
    pairs = {
        "DESCRIPTION": words.description,
        "BALANCE_LABEL": words.balance_label,
        "BALANCE": words.balance,
        "NUMBER_LABEL": words.number_label,
        "ABOUT": words.about,
        "SHOW": words.show,
        "MORE": words.more,
    }
    lines = (f'"{key}" = "{_quoted(text)}";\n' for key, text in pairs.items())
    return "".join(lines).encode("utf-16")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _signature(manifest: bytes, signer: Signer) -> bytes:
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(manifest)
        .add_signer(signer.certificate, signer.key, hashes.SHA256())
        .add_certificate(signer.authority)
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )


def _zipped(files: dict[str, bytes], card: WalletCard) -> bytes:
    out = io.BytesIO()
    at = card.at.timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name, (max(at[0], 1980), *at[1:])), body)
    return out.getvalue()


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
