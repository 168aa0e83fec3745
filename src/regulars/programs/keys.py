"""Decides what an API key looks like: how it is made, how it is told apart, and what of it is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Literal
from uuid import UUID

Kind = Literal["live", "test", "operator"]
KEY_BYTES = 20
"""160 bits: nothing shorter could be guessed at the rate of a network, and this leaves a wide margin."""
SCOPES = ("manage", "till", "issuer", "read", "partner", "aggregator")
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def make(kind: Kind) -> str:
    """The text of a new random key: `live_`, `test_` (sandbox programs) or `operator_`, and 32 characters."""
    return _spell(kind, secrets.token_bytes(KEY_BYTES))


def derive(kind: Kind, secret: bytes, key: UUID) -> str:
    """The text of the key with this id, made from the installation's secret.

    For keys that are made by an idempotent request: a replay must repeat the text, which may not be stored.
    """
    whole = hmac.digest(secret, b"regulars api key\n" + key.bytes, hashlib.sha256)
    return _spell(kind, whole[:KEY_BYTES])


def digest(text: str) -> bytes:
    """What is stored: SHA-256 of the text.

    A key has its full entropy, so no salt and no slow hash is needed.
    """
    return hashlib.sha256(text.encode()).digest()


def _spell(kind: Kind, body: bytes) -> str:
    value = int.from_bytes(body, "big")
    letters = [_ALPHABET[value >> shift & 31] for shift in range(KEY_BYTES * 8 - 5, -1, -5)]
    return f"{kind}_{''.join(letters)}"
