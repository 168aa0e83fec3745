"""Derives a program's signing key: what its signatures are checked with is public, and nothing of it is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PURPOSE = b"regulars.signing\0"


@lru_cache(maxsize=256)
def signing_key(secret: bytes, program: UUID) -> Ed25519PrivateKey:
    """The Ed25519 key of a program, from the installation's secret. What it signs begins with what it is about."""
    seed = hmac.digest(secret, _PURPOSE + program.bytes, hashlib.sha256)
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key(secret: bytes, program: UUID) -> Ed25519PublicKey:
    """What a program's signatures are checked with."""
    return signing_key(secret, program).public_key()


def public_text(secret: bytes, program: UUID) -> str:
    """The public key as 32 bytes in base64, as `GET /v1/program/signing-key` answers it."""
    return base64.b64encode(public_key(secret, program).public_bytes_raw()).decode()
