"""Decides what a dynamic code is, and whether one is right: by the program's public key alone, so offline too. Pure.

A phone keeps a private key (ECDSA P-256) that never leaves it. The program certifies the public one for a card until a
day (Ed25519). A code is card, time and certificate, signed by the phone. Bytes, all numbers big-endian:

    version 1 · digits of the card 1 · card 8 · time 4 (seconds since 1970) · public key 33 (compressed, SEC 1)
    · last day 2 (days since 1970) · the program's signature 64 · the phone's signature 64 (r, s)

written in Crockford's base 32: 284 capitals and digits, which a QR code packs well and every scanner types right. The
same in JavaScript: `web/static/shared/dynamic_code.js`; both are held to the vectors in `tests/vectors`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

VERSION = 1
CERTIFIED_DAYS = 90
CLOCKS_DIFFER_SECONDS_MAX = 60
STEP_SECONDS = 30
"""How often a phone shows another code."""
TEXT_LENGTH = 284
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_CERTIFICATE = b"regulars.device.1\0"
_CODE = b"regulars.code.1\0"
_BODY, _CARD, _KEY, _DAY, _SIGNATURE = 14, 8, 33, 2, 64
_LENGTH = _BODY + _KEY + _DAY + 2 * _SIGNATURE
_EPOCH = date(1970, 1, 1)
Fault = Literal["unreadable", "not_certified", "certificate_expired", "forged", "too_old", "too_early"]


class Certificate(Struct, frozen=True):
    """What a program says of a phone: this key speaks for this card until the end of this day (UTC)."""

    card: str
    public_key: bytes
    """33 bytes: a point of P-256, compressed."""
    last_day: date
    signature: bytes
    """64 bytes, Ed25519, of the program."""


class Code(Struct, frozen=True):
    """A dynamic code as it was read."""

    card: str
    made_at: datetime
    certificate: Certificate
    signature: bytes


def certify(key: Ed25519PrivateKey, card: str, public_key: bytes, last_day: date) -> Certificate:
    """The program's word for a phone's key. `public_key`: 33 bytes compressed. Raises ValueError when it is none."""
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    return Certificate(card, public_key, last_day, key.sign(_certified(card, public_key, last_day)))


def compressed(point: bytes) -> bytes:
    """A public key as browsers export it (65 bytes, uncompressed) in 33. Raises ValueError when it is none."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def make(private_key: ec.EllipticCurvePrivateKey, certificate: Certificate, at: datetime) -> str:
    """A code, as a phone makes it."""
    body = _body(certificate.card, at)
    der = private_key.sign(_CODE + body, ec.ECDSA(SHA256()))
    r, s = decode_dss_signature(der)
    return _written(body + _tail(certificate) + r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


def looks_like_one(text: str) -> bool:
    """Whether this was meant to be a dynamic code: a card's number is much shorter."""
    return len(text) == TEXT_LENGTH


def read(text: str) -> Code | None:
    """The parts of a code, not yet verified; None when it is none, or of a version that is not known here."""
    data = _bytes_of(text)
    if data is None or len(data) != _LENGTH or data[0] != VERSION or not 8 <= data[1] <= 19:
        return None
    card = f"{int.from_bytes(data[2:10], 'big'):0{data[1]}d}"
    if len(card) != data[1]:
        return None
    key_ends = _BODY + _KEY
    certificate = Certificate(
        card,
        data[_BODY:key_ends],
        _EPOCH + timedelta(days=int.from_bytes(data[key_ends : key_ends + _DAY], "big")),
        data[key_ends + _DAY : key_ends + _DAY + _SIGNATURE],
    )
    made_at = datetime.fromtimestamp(int.from_bytes(data[10:14], "big"), UTC)
    return Code(card, made_at, certificate, data[-_SIGNATURE:])


def card_in(text: str) -> str:
    """The card's number in a dynamic code; any other text as it is. Recognising needs no proof, so none is asked."""
    code = read(text) if looks_like_one(text) else None
    return text if code is None else code.card


def fault(code: Code, program_key: Ed25519PublicKey, at: datetime) -> Fault | None:
    """What is wrong with a code at an instant; None: the phone of this card made it within a minute."""
    certificate = code.certificate
    certified = _certified(certificate.card, certificate.public_key, certificate.last_day)
    try:
        program_key.verify(certificate.signature, certified)
    except InvalidSignature:
        return "not_certified"
    if at.astimezone(UTC).date() > certificate.last_day:
        return "certificate_expired"
    r, s = int.from_bytes(code.signature[:32], "big"), int.from_bytes(code.signature[32:], "big")
    try:
        phone = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), certificate.public_key)
        phone.verify(encode_dss_signature(r, s), _CODE + _body(code.card, code.made_at), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return "forged"
    age = (at - code.made_at).total_seconds()
    if age > CLOCKS_DIFFER_SECONDS_MAX:
        return "too_old"
    return "too_early" if age < -CLOCKS_DIFFER_SECONDS_MAX else None


def _certified(card: str, public_key: bytes, last_day: date) -> bytes:
    return _CERTIFICATE + _number(card) + public_key + _day(last_day)


def _body(card: str, at: datetime) -> bytes:
    return bytes([VERSION]) + _number(card) + int(at.timestamp()).to_bytes(4, "big")


def _tail(certificate: Certificate) -> bytes:
    return certificate.public_key + _day(certificate.last_day) + certificate.signature


def _number(card: str) -> bytes:
    return bytes([len(card)]) + int(card).to_bytes(_CARD, "big")


def _day(day: date) -> bytes:
    return day_number(day).to_bytes(_DAY, "big")


def _written(data: bytes) -> str:
    bits = len(data) * 8
    letters = -(-bits // 5)
    value = int.from_bytes(data, "big") << (letters * 5 - bits)
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in range(letters - 1, -1, -1))


def _bytes_of(text: str) -> bytes | None:
    text = text.strip().upper()
    if not looks_like_one(text):
        return None
    value = 0
    for letter in text:
        digit = _VALUES.get(letter)
        if digit is None:
            return None
        value = value << 5 | digit
    spare = TEXT_LENGTH * 5 - _LENGTH * 8
    if value & ((1 << spare) - 1):
        return None
    return (value >> spare).to_bytes(_LENGTH, "big")
